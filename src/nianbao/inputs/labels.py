"""Official labels as clerks write them: with or without number, group and punctuation."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cache

from nianbao.errors import Problem
from nianbao.files.words import fold, listing
from nianbao.inputs.records import Records
from nianbao.statutory import Format, RequestRow

_NUMBER = re.compile(r"[一二三四五六七八九十]+、|（[一二三四五六七八九十]+）|\d+\.")
_REMARK = re.compile(r"（[^（）]*）$")
LIKE_ENOUGH = 0.5
"""More than this share of a word's characters must be in a known word that is offered instead."""
EVERY_WORD = "全部名称见docs/values.md或填报表的下拉选项"
"""Where a clerk finds all the labels."""


def bare(label: str) -> str:
    """A label without its number.

    Examples
    --------
    >>> bare("1.属于国家秘密"), bare("（七）总计")
    ('属于国家秘密', '总计')
    """
    return label[match.end() :] if (match := _NUMBER.match(label)) else label


@dataclass(frozen=True)
class Labels:
    """Words that mean a key, however they are punctuated.

    Parameters
    ----------
    keys
        Key by folded word.
    official
        The label to show for each key.
    unclear
        What to do about a word that is near an official one but means none of the keys.
    """

    keys: Mapping[str, str]
    official: Mapping[str, str]
    unclear: Mapping[str, str]

    def find(self, text: str) -> str | None:
        """The key this text means, or None."""
        return self.keys.get(fold(text))

    def remedy(self, text: str) -> str | None:
        """What to write instead: the full label, or the nearest ones."""
        if text and (known := self.unclear.get(fold(text))):
            return known
        near = nearest_few(bare(text), self.official.values())
        return f"是否应为{'，或'.join(f'“{word}”' for word in near)}" if near else None

    def also(self, words: Mapping[str, str]) -> Labels:
        """These labels and further words for some of them, by word; official ones come first."""
        more = {fold(w): key for w, key in words.items() if key in self.official}
        clear = {w: k for w, k in self.unclear.items() if w not in more}
        return Labels({**more, **self.keys}, self.official, clear)


def nearest_few(word: str, known: Iterable[str], most: int = 3) -> tuple[str, ...]:
    """The known words most like this one, the best first; none when none is like it.

    A short word is like a long one that holds its characters.

    Examples
    --------
    >>> nearest_few("属国家机密", ["属于国家秘密", "重复申请"])
    ('属于国家秘密',)
    """
    letters = set(fold(word))
    if not letters:
        return ()
    shares = {k: len(letters & set(fold(k))) / len(letters) for k in known}
    least = max(LIKE_ENOUGH, 0.75 * max(shares.values(), default=0))
    near = [k for k in shares if shares[k] > least]

    def likeness(known: str) -> tuple[float, float]:
        return shares[known], SequenceMatcher(None, fold(word), fold(known)).ratio()

    return tuple(sorted(near, key=likeness, reverse=True)[:most])


def plain_labels(words: Iterable[str], more: Mapping[str, str] | None = None) -> Labels:
    """Labels that are their own keys, and other words for them.

    Examples
    --------
    >>> plain_labels(["自然人"], {"公民": "自然人"}).find(" 公 民 ")
    '自然人'
    """
    official = {word: word for word in words}
    return Labels({fold(w): key for w, key in {**official, **(more or {})}.items()}, official, {})


def request_labels(format_: Format, keys: Collection[str]) -> Labels:
    """The row labels of table 3 for some of its rows.

    A label may be written in full (``三、（三）不予公开/1.属于国家秘密``), without the part,
    group or numbers, and with any punctuation. 其他 and 总计 alone are no labels: they are
    columns as well, and rows of two tables.

    Parameters
    ----------
    format_
        The statutory format.
    keys
        Keys of the rows that may be named.
    """
    rows = [row for row in format_.request_rows if row.key in keys]
    ambiguous = {fold(c) for c in format_.request_columns}
    found = {fold(word): row.key for row in rows for word in _writings(row)}
    found |= {
        fold(word): key
        for alias, key in format_.request_aliases.items()
        if key in keys
        for word in (alias, bare(alias))
    }
    official, unclear = {}, {}
    for row in rows:
        short = _REMARK.sub("", bare(row.label))
        full = f"{row.group}/{row.label}" if row.group else row.label
        official[row.key] = full if fold(short) in ambiguous else short
        if fold(short) in ambiguous:
            unclear[fold(short)] = f"请写明“{full}”"
    for group in dict.fromkeys(row.group for row in rows if row.group):
        members = listing(f"“{official[row.key]}”" for row in rows if row.group == group)
        remedy = f"“{bare(group)}”要写明具体情形：{members}"
        unclear |= {fold(group): remedy, fold(bare(group)): remedy}
    return Labels({w: k for w, k in found.items() if w not in ambiguous}, official, unclear)


def _writings(row: RequestRow) -> Iterator[str]:
    """Every way to write a row's label, up to punctuation."""
    labels = {row.label, bare(row.label), _REMARK.sub("", row.label)}
    labels |= {bare(label) for label in labels}
    groups = {row.group, bare(row.group)} if row.group else {""}
    for label in labels:
        yield label
        for group in groups:
            yield group + label
            if row.part:
                for part in (row.part.split("、")[0], row.part, bare(row.part)):
                    yield part + group + label


def unknown_cells(
    records: Records,
    column: str,
    labels: Labels,
    expected: str | None = None,
    *,
    may_be_blank: bool = False,
) -> Iterator[Problem]:
    """A problem for each cell of a column that is none of the labels.

    Parameters
    ----------
    records, column, labels
        Where to look, and for what.
    expected
        What a message says was expected; all the labels when not given.
    may_be_blank
        Whether a blank cell is in order.
    """
    listed = expected or f"{listing(labels.official.values())}之一"
    keys = records.parsed(column, labels.find)
    remedy = cache(labels.remedy)  # a wrong column has the same few words in every row
    for i, (key, text) in enumerate(zip(keys, records.columns[column], strict=True)):
        if key is None and not (may_be_blank and not text):
            message = f"{column}不能识别" if text else f"缺少{column}"
            yield records.problem(i, column, message, listed, remedy(text))

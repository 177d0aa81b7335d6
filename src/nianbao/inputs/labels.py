"""Official labels as clerks write them: in short, with or without number, group and punctuation.

Of short words only those that can mean one thing are here; one that may mean several is asked
for, with those it may mean. A word is matched without its punctuation, see
`nianbao.files.words.normalise_word`.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cache
from types import MappingProxyType

from nianbao.errors import Problem
from nianbao.files.words import listing, normalise_word
from nianbao.inputs.records import Records
from nianbao.statutory import Format, RequestRow

OUTCOMES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "open": ("公开", "已公开", "全部公开", "同意公开", "予以全部公开"),
        "partial": ("区分处理", "部分公开（区分处理）", "予以部分公开", "部分予以公开"),
        "deny_1": ("国家秘密", "涉及国家秘密", "涉密"),
        "deny_2": ("法律、行政法规禁止公开", "法律法规禁止公开", "其他法律法规禁止公开"),
        "deny_3": ("三安全一稳定", "危及国家安全、公共安全、经济安全、社会稳定"),
        "deny_4": ("第三方合法权益", "第三方权益", "损害第三方合法权益", "侵害第三方合法权益"),
        "deny_5": ("内部事务", "内部事务信息", "三类内部事务信息", "属于内部事务信息"),
        "deny_6": ("过程性信息", "四类过程性信息", "属于过程性信息"),
        "deny_7": ("行政执法案卷", "执法案卷", "行政执法案卷信息", "属于行政执法案卷信息"),
        "deny_8": ("行政查询", "行政查询事项"),
        "unavail_1": (
            "不掌握",
            "本机关不掌握",
            "不掌握相关政府信息",
            "不存在",
            "信息不存在",
            "政府信息不存在",
        ),
        "unavail_2": ("没有现成信息", "无现成信息", "需要另行制作", "需另行制作"),
        "unavail_3": ("补正后仍不明确", "补正后不明确", "申请内容仍不明确"),
        "reject_1": ("信访举报投诉", "信访投诉举报", "信访投诉", "信访"),
        "reject_3": ("公开出版物", "提供公开出版物"),
        "reject_4": ("大量反复申请",),
        "reject_5": ("确认或重新出具", "重新出具已获取信息", "确认或重新出具已获取信息"),
        "other_1": ("逾期不补正", "逾期未补正", "无正当理由逾期不补正"),
        "other_2": ("逾期不缴费", "逾期未缴费", "逾期不缴纳费用", "逾期未缴纳费用"),
        "carried_out": (
            *("结转", "结转下年", "结转下年度", "结转下一年度", "结转至下年度"),
            *("结转下年办理", "结转下年度办理", "继续办理"),
        ),
    }
)
"""By row of table 3, in the column 办理结果 of a ledger."""

ROWS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "new": ("本年新收", "新收", "一、本年新收", "本年新收申请数量"),
        "carried_in": ("上年结转", "二、上年结转", "上年结转申请数量"),
        **{key: words for key, words in OUTCOMES.items() if key != "carried_out"},
        "carried_out": ("结转下年", "结转下年度", "四、结转下年度", "结转下年度办理"),
    }
)
"""By row of table 3, in its matrix: 结转 alone may be either of two rows there."""

APPLICANTS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "自然人": ("个人", "公民"),
        "商业企业": ("企业", "公司"),
        "科研机构": ("科研", "科研院所", "科研单位"),
        "社会公益组织": ("公益组织",),
        "法律服务机构": ("法律服务", "律师事务所", "律所"),
    }
)
"""By kind of applicant."""

DISPUTES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "行政复议": ("复议",),
        "未经复议直接起诉": (
            *("直接起诉", "未经复议", "未经复议起诉", "未经复议直接诉讼"),
            "行政诉讼/未经复议直接起诉",
        ),
        "复议后起诉": ("复议后诉讼", "经复议后起诉", "经复议后诉讼", "行政诉讼/复议后起诉"),
    }
)
"""By group of table 4."""

VERDICTS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "upheld": ("维持",),
        "corrected": ("纠正", "纠错"),
        "otherwise": ("其他",),
        "pending": ("未审结", "未结", "未结案", "尚未结案", "审理中", "正在审理"),
        "total": ("合计",),
    }
)
"""By result of table 4, as the format calls it."""


def spoken(words: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    """Return the key by each of its words.

    Examples
    --------
    >>> spoken({"自然人": ("个人", "公民")})
    {'个人': '自然人', '公民': '自然人'}
    """
    return {word: key for key, every in words.items() for word in every}


_NUMBER = re.compile(r"[一二三四五六七八九十]+、|（[一二三四五六七八九十]+）|\d+\.")
_REMARK = re.compile(r"（[^（）]*）$")
LIKE_ENOUGH = 0.5
"""More than this share of a word's characters must be in a known word that is offered instead."""
EVERY_WORD = "全部名称见填报表的下拉选项"
"""Where a clerk finds all the labels."""


def bare(label: str) -> str:
    """Return a label without its number.

    Examples
    --------
    >>> bare("1.属于国家秘密"), bare("（七）总计")
    ('属于国家秘密', '总计')
    """
    return label[match.end() :] if (match := _NUMBER.match(label)) else label


@dataclass(frozen=True)
class Labels:
    """Words that mean a key, however they are punctuated."""

    keys: Mapping[str, str]
    """Key by normalised word."""
    official: Mapping[str, str]
    """The label to show for each key."""
    unclear: Mapping[str, str]
    """What to do about a word that is near an official one but means none of the keys."""

    def find(self, text: str) -> str | None:
        """Return the key this text means, or None."""
        return self.keys.get(normalise_word(text))

    def remedy(self, text: str) -> str | None:
        """Return what to write instead: the full label, or the nearest ones."""
        if text and (known := self.unclear.get(normalise_word(text))):
            return known
        word = bare(text)
        near = nearest_few(word, self.official.values())
        if not near and (without := _REMARK.sub("", word)) != word:
            near = nearest_few(without, self.official.values())
        return f"是否应为{'，或'.join(f'“{word}”' for word in near)}" if near else None

    def also(self, words: Mapping[str, str]) -> Labels:
        """Return these labels by word, and further words for some of them.

        The official words come first.
        """
        more = {normalise_word(w): key for w, key in words.items() if key in self.official}
        clear = {w: k for w, k in self.unclear.items() if w not in more}
        return Labels({**more, **self.keys}, self.official, clear)


def nearest_few(word: str, known: Iterable[str]) -> tuple[str, ...]:
    """Return up to three known words like this one, the best first; none when none is like it.

    A short word is like a long one that holds its characters.

    Examples
    --------
    >>> nearest_few("属国家机密", ["属于国家秘密", "重复申请"])
    ('属于国家秘密',)
    """
    letters = set(normalise_word(word))
    if not letters:
        return ()
    shares = {k: len(letters & set(normalise_word(k))) / len(letters) for k in known}
    least = max(LIKE_ENOUGH, 0.75 * max(shares.values(), default=0))
    near = [k for k in shares if shares[k] > least and _has_parts_of(k, word)]

    def likeness(known: str) -> tuple[float, float]:
        return shares[known], SequenceMatcher(
            None, normalise_word(word), normalise_word(known)
        ).ratio()

    return tuple(sorted(near, key=likeness, reverse=True)[:3])


_LONG = 4
"""So many times longer than a word, a label holds its characters by chance."""


def _has_parts_of(known: str, word: str) -> bool:
    """Return whether a long label holds a short word's pairs of characters, too."""
    label, short = normalise_word(known), normalise_word(word)
    pairs = {short[i : i + 2] for i in range(len(short) - 1)}
    if len(label) < _LONG * len(short) or not pairs:
        return True
    return sum(pair in label for pair in pairs) > len(pairs) / 2


def plain_labels(words: Iterable[str], more: Mapping[str, str] | None = None) -> Labels:
    """Return the labels that are their own keys, and other words for them.

    Examples
    --------
    >>> plain_labels(["自然人"], {"公民": "自然人"}).find(" 公 民 ")
    '自然人'
    """
    official = {word: word for word in words}
    return Labels(
        {normalise_word(w): key for w, key in {**official, **(more or {})}.items()}, official, {}
    )


def request_labels(format_: Format, keys: Collection[str]) -> Labels:
    """Return the row labels of table 3 for some of its rows.

    A label may be written in full (``三、（三）不予公开/1.属于国家秘密``), without the part,
    group or numbers, and with any punctuation. 其他 and 总计 alone are no labels: they are
    columns as well, and rows of two tables.
    """
    rows = [row for row in format_.request_rows if row.key in keys]
    ambiguous = {normalise_word(c) for c in format_.request_columns}
    found = {normalise_word(word): row.key for row in rows for word in _writings(row)}
    found |= {
        normalise_word(word): key
        for alias, key in format_.request_aliases.items()
        if key in keys
        for word in (alias, bare(alias))
    }
    official, unclear = {}, {}
    for row in rows:
        short = _REMARK.sub("", bare(row.label))
        full = f"{row.group}/{row.label}" if row.group else row.label
        official[row.key] = full if normalise_word(short) in ambiguous else short
        if normalise_word(short) in ambiguous:
            unclear[normalise_word(short)] = f"请写明“{full}”"
    for group in dict.fromkeys(row.group for row in rows if row.group):
        members = listing(f"“{official[row.key]}”" for row in rows if row.group == group)
        remedy = f"“{bare(group)}”要写明具体情形：{members}"
        unclear |= {normalise_word(group): remedy, normalise_word(bare(group)): remedy}
    return Labels({w: k for w, k in found.items() if w not in ambiguous}, official, unclear)


def _writings(row: RequestRow) -> Iterator[str]:
    """Yield every way to write a row's label, up to punctuation, in the same order each time."""
    full = (row.label, _REMARK.sub("", row.label))
    labels = dict.fromkeys((*full, *map(bare, full)))
    groups = dict.fromkeys((row.group, bare(row.group)) if row.group else ("",))
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
    """Yield a problem for each cell of a column that is none of the labels.

    ``expected`` is what a message says was expected, all the labels by default.
    """
    listed = expected or f"{listing(labels.official.values())}之一"
    keys = records.parsed(column, labels.find)
    remedy = cache(labels.remedy)  # a wrong column has the same few words in every row
    for i, (key, text) in enumerate(zip(keys, records.columns[column], strict=True)):
        if key is None and not (may_be_blank and not text):
            message = f"{column}不能识别" if text else f"缺少{column}"
            yield records.problem(i, column, message, listed, remedy(text))

"""Labels of a published table, as offices print them: shortened, renumbered, misspelt."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import SequenceMatcher

from nianbao.files.words import normalise_word
from nianbao.inputs.labels import bare
from nianbao.statutory import Format, RequestRow

ALIKE = 0.6
"""Least likeness of a misspelt label to the official one."""

_NUMBER = re.compile(r"^[一二三四五六七八九十]+、|^[（(][一二三四五六七八九十]+[)）]|^\d+[.、．]")
_REMARK = re.compile(r"[（(][^（()）]*[）)]$")


def bare_label(label: str) -> str:
    """Return a label without number, remark and punctuation."""
    return normalise_word(_REMARK.sub("", _NUMBER.sub("", label))) or normalise_word(label)


def _numbered(label: str) -> str:
    match = _NUMBER.match(label)
    return normalise_word(match[0]) if match else ""


def likeness(one: str, other: str) -> float:
    """Return how alike two normalised words are, from 0 to 1.

    Examples
    --------
    >>> likeness("其他法律行政止公开", "其他法律行政法规禁止公开") > ALIKE
    True
    """
    return SequenceMatcher(None, one, other, autojunk=False).ratio()


@dataclass
class Remarks:
    """What an import reports beside the figures, in the order in which it was noticed.

    ``notes`` are the remarks that stand in the tables themselves, by the table's section.
    """

    assumed: list[str] = field(default_factory=list)
    zeros: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    dropped: list[str] = field(default_factory=list)
    notes: dict[str, list[str]] = field(default_factory=dict)

    def take(self, shown: str, official: str) -> None:
        """Note that a label was taken for an official one that it is not to the letter."""
        line = f"“{shown}”按“{official}”计"
        if line not in self.assumed:
            self.assumed.append(line)


def find_word(text: str, words: Mapping[str, str], remarks: Remarks) -> str | None:
    """Return the key of the official word that a text is: exactly, or nearly and then reported.

    Parameters
    ----------
    words
        Key by official word.
    """
    folded = normalise_word(text)
    if not folded:
        return None
    exact = {normalise_word(word): key for word, key in words.items()} | {
        bare_label(word): key for word, key in words.items()
    }
    if folded in exact:
        return exact[folded]
    best = max(exact, key=lambda word: likeness(folded, word))
    if likeness(folded, best) < ALIKE:
        return None
    remarks.take(text, exact[best])
    return exact[best]


def groups_of(format_: Format) -> dict[str, str]:
    """Return the groups （三） to （六） of table 3 by their plain words."""
    return {bare_label(row.group): row.group for row in format_.request_rows if row.group}


def find_request_row(
    label: str, group: str | None, format_: Format, remarks: Remarks
) -> RequestRow | None:
    """Return the row of table 3 that a label names, or nearly names and then reported.

    Parameters
    ----------
    group
        The group in which the line stands, if that is known; it helps a misspelt label.
    """
    words = normalise_word(label)
    for row in format_.request_rows:
        aliases = {
            normalise_word(a) for a, key in format_.request_aliases.items() if key == row.key
        }
        if words in {
            normalise_word(row.label),
            normalise_word(bare(row.label)),
            bare_label(row.label),
        }:
            return row
        if words in aliases or bare_label(label) == bare_label(row.label):
            _tell(label, row, remarks)
            return row
    scores = {row.key: _score(label, row, group) for row in format_.request_rows}
    best = max(scores, key=lambda key: scores[key])
    if scores[best] < ALIKE:
        return None
    row = format_.request_row(best)
    _tell(label, row, remarks)
    return row


def _tell(label: str, row: RequestRow, remarks: Remarks) -> None:
    if bare_label(label) != bare_label(row.label):
        remarks.take(label, row.label)


def _score(label: str, row: RequestRow, group: str | None) -> float:
    """Return how alike the words are; the right number before them and the right group help."""
    number = bool(_numbered(label)) and _numbered(label) == _numbered(row.label)
    alike = likeness(bare_label(label), bare_label(row.label))
    return alike + 0.1 * number + 0.1 * (group is not None and row.group == group)

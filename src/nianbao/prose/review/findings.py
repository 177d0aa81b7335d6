"""What a check of the prose found: the words, the rule, the number it was compared with."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace

from nianbao.statistics.model import Finding, Severity
from nianbao.statutory import Format

Span = tuple[int, int]
"""First character and the one after the last, counted within the sentence."""

EXCERPT = 60
_NOT_WORDS = re.compile(r"[\d\s.,%％０-９〇零一二两三四五六七八九十百千万亿]|[^\w]")


@dataclass(frozen=True, slots=True)
class ProseFinding:
    """One remark about one sentence.

    Parameters
    ----------
    id, severity
        Rule of the specification (2.6, 2.8, 2.9) and how grave it is.
    section
        Id of the section, e.g. ``overview.requests``; empty for the report as a whole.
    sentence
        The plain words of the sentence; empty when the remark is that something is missing.
    spans
        The words to mark, within ``sentence``.
    message
        Chinese: what is wrong, compared with which cell, what to do.
    left, right
        The number in the text and the one it was compared with, as printed.
    cells
        The cells concerned, as in `Finding`.
    offset
        Where the sentence begins in the section's text as it was handed in, so that an
        editor can jump there.
    key
        Stable id for acknowledgement, see `with_keys`.
    """

    id: str
    severity: Severity
    section: str
    sentence: str
    spans: tuple[Span, ...]
    message: str
    left: str | None = None
    right: str | None = None
    cells: tuple[str, ...] = ()
    offset: int = 0
    key: str = ""

    def to_finding(self, format_: Format | None = None) -> Finding:
        """The remark as one more finding of the report, with section and sentence named.

        Parameters
        ----------
        format_
            Gives the section's official heading; without it the id stands there.
        """
        where = f"{section_name(self.section, format_)}：" if self.section else ""
        quoted = f"（原句：{excerpt(self.sentence, self.spans)}）" if self.sentence else ""
        message = f"{where}{self.message}{quoted}"
        return Finding(self.id, self.severity, message, "", self.left, self.right, self.cells)


def section_name(section: str, format_: Format | None) -> str:
    """The official heading of a section id, or the id when the format does not have it."""
    named = {s.key: s.heading for s in format_.headings()} if format_ else {}
    others = {"title": "标题", "preface": "前言", "signature": "落款"}
    return named.get(section) or others.get(section) or section


def excerpt(sentence: str, spans: tuple[Span, ...], width: int = EXCERPT) -> str:
    """The sentence, or as much of it around the first marked words as fits.

    Examples
    --------
    >>> excerpt("收到申请3件。", ((4, 6),))
    '收到申请3件。'
    """
    if len(sentence) <= width:
        return sentence
    first = spans[0][0] if spans else 0
    start = max(0, min(first - width // 3, len(sentence) - width))
    end = start + width
    return f"{'…' if start else ''}{sentence[start:end]}{'…' if end < len(sentence) else ''}"


def normalised(sentence: str) -> str:
    """The sentence without numbers (in digits and in characters), blanks and punctuation.

    Examples
    --------
    >>> normalised("全年收到申请 1,024 件，占 5%。") == normalised("全年收到申请八件，占12.5％。")
    True
    """
    return _NOT_WORDS.sub("", sentence)


def with_keys(findings: Iterable[ProseFinding]) -> tuple[ProseFinding, ...]:
    """Give each finding the key under which it can be acknowledged.

    The key is the beginning of the SHA-256 of rule, section, the sentence without its
    numbers and blanks (`normalised`), and, where one sentence has several findings of one
    rule, which of them it is. So it survives a new run, a corrected number, a change of
    punctuation and a move within the section; it does not survive other words.
    """
    seen: Counter[tuple[str, str, str]] = Counter()
    keyed = []
    for found in findings:
        base = (found.id, found.section, normalised(found.sentence))
        seen[base] += 1
        digest = hashlib.sha256("\n".join((*base, str(seen[base]))).encode()).hexdigest()
        keyed.append(replace(found, key=digest[:12]))
    return tuple(keyed)

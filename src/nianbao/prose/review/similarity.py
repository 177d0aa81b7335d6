"""Repetition of last year's report and of other bureaus' (Y7, Y8).

Source: 30号文 names 内容雷同; the threshold is the project's own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal

from nianbao.prose.review.context import ReviewContext
from nianbao.prose.review.findings import ProseFinding

GRAM = 8
"""Characters of a shingle: long enough that two reports do not share it by the subject alone."""

SHORT = 200
"""Prose with fewer characters says too little to be called a copy."""

_SKIPPED = ("title", "preface", "signature")
_NOT_WORDS = re.compile(r"[\d\s〇零一二三四五六七八九十两百千万]|[^\w]")
_TITLES = re.compile(r"《[^》]*》")


def _words(sections: Mapping[str, str], names: tuple[str, ...]) -> str:
    """The characters that count: no names, numbers, punctuation, titles, Markdown signs."""
    text = "".join(text for key, text in sections.items() if key not in _SKIPPED)
    for name in names:
        text = text.replace(name, "")
    return _NOT_WORDS.sub("", _TITLES.sub("", text))


def _shingles(words: str) -> set[str]:
    return {words[i : i + GRAM] for i in range(len(words) - GRAM + 1)}


def repeated_share(own: str, other: str) -> Decimal:
    """How much of ``own`` is also in ``other``, by shingles: 0 to 1.

    Examples
    --------
    >>> repeated_share("公开工作稳步推进机制健全", "公开工作稳步推进机制健全")
    Decimal('1')
    """
    mine = _shingles(own)
    if not mine:
        return Decimal(0)
    return Decimal(len(mine & _shingles(other))) / Decimal(len(mine))


def repetition_rate(
    own: Mapping[str, str], other: Mapping[str, str], names: tuple[str, ...]
) -> Decimal:
    """How much of the prose of ``own`` is also in ``other``: 0 to 1.

    Parameters
    ----------
    own, other
        Prose by section; title, preface and signature do not count, nor do the numbers.
    names
        Names of the bureau, which do not count either.
    """
    return repeated_share(_words(own, names), _words(other, names))


def _finding(rule: str, message: str, share: Decimal, limit: Decimal) -> ProseFinding:
    printed = f"{share * 100:.0f}%"
    text = (
        f"{message}的文字相同部分占{printed}（提示线为{limit * 100:.0f}%）；"
        "请按本年本机关实际情况改写"
    )
    return ProseFinding(rule, "warning", "overview", "", (), text, printed, f"{limit * 100:.0f}%")


def check_repetition(sections: Mapping[str, str], context: ReviewContext) -> Iterator[ProseFinding]:
    """Compare the prose with last year's (Y7) and with each other bureau's (Y8)."""
    own = _words(sections, context.own_names)
    if len(own) < SHORT:
        return
    last = repetition_rate(sections, context.previous_sections, context.own_names)
    if last >= context.repetition:
        yield _finding("Y7", "正文与上年报告", last, context.repetition)
    for name, peer in context.peer_sections.items():
        share = repeated_share(own, _words(peer, (name,)))
        if share >= context.repetition:
            yield _finding("Y8", f"正文与{name}的报告", share, context.repetition)

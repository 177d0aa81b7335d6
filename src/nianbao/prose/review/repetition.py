"""Wording that is not the body's own: last year's (Y7), another's (Y8), the template's (L12)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from nianbao.prose.review.manuscript import Manuscript
from nianbao.prose.review.text import section_name
from nianbao.statistics.checks.registry import Check, check
from nianbao.statistics.model import Finding, Passage, Span

GRAM = 8
"""Characters of a shingle: long enough that two reports do not share it by the subject alone."""

SHORT = 200
"""Prose with fewer characters says too little to be called a copy."""

_SKIPPED = ("title", "preface", "signature")
_NOT_WORDS = re.compile(r"[\d\s〇零一二三四五六七八九十两百千万]|[^\w]")
_TITLES = re.compile(r"《[^》]*》")


def _words(sections: Mapping[str, str], names: tuple[str, ...]) -> str:
    """Return the characters that count: no names, numbers, punctuation, titles, Markdown signs."""
    text = "".join(text for key, text in sections.items() if key not in _SKIPPED)
    for name in names:
        text = text.replace(name, "")
    return _NOT_WORDS.sub("", _TITLES.sub("", text))


def _shingles(words: str) -> set[str]:
    return {words[i : i + GRAM] for i in range(len(words) - GRAM + 1)}


def repeated_share(own: str, other: str) -> Decimal:
    """Return how much of ``own`` is also in ``other``, by shingles: 0 to 1.

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
    """Return how much of the prose of ``own`` is also in ``other``: 0 to 1.

    Title, preface and signature do not count, nor do numbers and the bureau's own ``names``.
    """
    return repeated_share(_words(own, names), _words(other, names))


def _finding(rule: Check, message: str, share: Decimal, limit: Decimal) -> Finding:
    printed = f"{share * 100:.0f}%"
    text = (
        f"{message}的文字相同部分占{printed}（提示线为{limit * 100:.0f}%）；"
        "请按本年本机关实际情况改写"
    )
    limited = f"{limit * 100:.0f}%"
    return Finding(
        rule.id, rule.severity, text, left=printed, right=limited, passage=Passage("overview")
    )


@check(
    "Y7",
    severity="warning",
    title="与上年正文的重复",
    source="国办公开办函〔2021〕30号（点名“内容雷同”）",
    explanation="正文与上年或前几年的报告大量重复，属于通知点名的“内容雷同”。"
    "请写出本年的工作和数据。",
)
def earlier_wording_is_not_repeated(manuscript: Manuscript, rule: Check) -> Iterator[Finding]:
    """Compare the body's own wording with last year's and that of some years before."""
    context = manuscript.context
    own = _own(manuscript)
    if len(_words(own, context.own_names)) < SHORT:
        return
    before = {context.year - 1: context.previous_sections, **context.earlier_sections}
    shares = {y: repetition_rate(own, text, context.own_names) for y, text in before.items()}
    year = max(shares, key=lambda y: (shares[y], y))
    if shares[year] >= context.repetition:
        which = "上年报告" if year == context.year - 1 else f"{year}年报告"
        yield _finding(rule, f"正文与{which}", shares[year], context.repetition)


@check(
    "Y8",
    severity="warning",
    title="与其他机关正文的重复",
    source="国办公开办函〔2021〕30号（点名“内容雷同”）",
    explanation="正文与其他机关本年或上年的报告大量重复。请结合本机关的职能和数据改写。",
)
def no_other_bodys_wording_is_repeated(manuscript: Manuscript, rule: Check) -> Iterator[Finding]:
    """Compare the body's own wording with each other body's."""
    context = manuscript.context
    own = _words(_own(manuscript), context.own_names)
    if len(own) < SHORT:
        return
    for name, peer in context.peer_sections.items():
        share = repeated_share(own, _words(peer, (name,)))
        if share >= context.repetition:
            yield _finding(rule, f"正文与{name}的报告", share, context.repetition)


def _own(manuscript: Manuscript) -> Mapping[str, str]:
    own = manuscript.context.own_sections
    return manuscript.sections if own is None else own


FEW_WORDS = 10
"""A section with fewer words beside its figures says nothing but the figures."""
_NOT_LETTERS = re.compile(r"\W|\d")


@check(
    "L12",
    severity="info",
    title="还在用通用文字的章节",
    source="国办公开办函〔2021〕30号",
    explanation="列出没有写本机关情况、仍用通用文字的章节。通用文字各机关相同，未必符合本机关的实际；"
    "存在的主要问题用通用文字的，等于公布别人的问题，要提醒。"
    "请在填报表的“正文”表或 narrative.md 中写本机关做了什么；"
    "其余章节与实际相符的可以不改。",
)
def wording_is_the_bodys_own(manuscript: Manuscript, rule: Check) -> Iterator[Finding]:
    """Find the sections that the body has not put in its own words, all in one hint.

    The preface has the same form everywhere, and a section of figures alone is the body's own.
    """
    own = manuscript.context.own_sections
    if own is None:
        return
    common = [
        key
        for key, text in manuscript.sections.items()
        if key not in own and key not in {"title", "preface", "signature"}
        if len(_typed_words(text, manuscript.bound.get(key, ()))) >= FEW_WORDS
    ]
    # Problems that are not the body's own are someone else's, published under its name.
    problems = [key for key in common if key.startswith("problems")]
    if problems:
        message = (
            f"{_named(problems, manuscript)}用的是通用文字，写的不是本机关的问题；"
            "请改写正文，写明本机关存在的问题和改进情况"
        )
        of = problems[0] if len(problems) == 1 else "problems"
        yield Finding(rule.id, "warning", message, passage=Passage(of))
    others = [key for key in common if key not in problems]
    if others:
        message = (
            f"有{len(others)}节用的是通用文字，还不是本机关的情况：{_named(others, manuscript)}。"
            "请改写正文；通用文字与实际相符的，可以不改"
        )
        yield Finding(rule.id, rule.severity, message, passage=Passage(""))


def _named(keys: Sequence[str], manuscript: Manuscript) -> str:
    return "、".join(f"“{section_name(key, manuscript.context.format_)}”" for key in keys)


def _typed_words(text: str, printed: Sequence[Span]) -> str:
    """Return the words of a text that our software did not print from facts."""
    kept, end = [], 0
    for start, stop in sorted(printed):
        kept.append(text[end:start])
        end = stop
    return _NOT_LETTERS.sub("", "".join([*kept, text[end:]]))

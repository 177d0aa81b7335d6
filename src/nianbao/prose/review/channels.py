"""Disclosures by channel and in all, against the bureau's ledger (N17)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from itertools import combinations

from nianbao.prose.review.cells import exact, plain
from nianbao.prose.review.context import ReviewContext
from nianbao.prose.review.findings import ProseFinding
from nianbao.prose.review.phrases import other_scope, other_year, phrase_at
from nianbao.prose.review.text import Prose, Sentence
from nianbao.prose.review.vocabulary import EARLIER, strip_generic

TABLE = "disclosures_by_channel"
_UNITS = frozenset({"条", "篇", "件", "项", "则", "次", "条次", "篇次", ""})
_SUBSETS = 8
"""With more channels than this the total of some of them is not looked for."""

_WORDS = re.compile(
    r"通过|利用|依托|借助|各平台|上|发布|推送|主动|公开|更新|刊发|发稿|政府|政务|信息|“|”"
)
_TOTAL = re.compile(r"主动公开(?:的)?(?:各类)?(?:政府|政务)?信息")


def _channels(context: ReviewContext) -> dict[str, Decimal]:
    table = context.tables.get(TABLE)
    if table is None or len(table.frame.columns) < 2:
        return {}
    rows = table.frame.iloc[:, :2].itertuples(index=False)
    found = {str(name).strip(): exact(count) for name, count in rows}
    # An unknown count would make every total unknown.
    return {n: c for n, c in found.items() if c is not None} if None not in found.values() else {}


def _sums(channels: dict[str, Decimal]) -> set[Decimal]:
    """The total of all channels and of every choice among a few."""
    counts = list(channels.values())
    sizes = range(1, len(counts) + 1) if len(counts) <= _SUBSETS else [len(counts)]
    return {sum(c, Decimal(0)) for n in sizes for c in combinations(counts, n)}


def _channel(lead: str, channels: dict[str, Decimal], names: tuple[str, ...]) -> str | None:
    """The one channel that a phrase names and nothing else beside."""
    bare = {name.replace("“", "").replace("”", ""): name for name in channels}
    text = lead.replace("“", "").replace("”", "")
    named = [b for b in bare if b in text]
    if not named:
        return None
    longest = max(named, key=len)
    rest = _WORDS.sub("", text.replace(longest, "", 1))
    return None if strip_generic(rest, names) else bare[longest]


def _check(
    sentence: Sentence, channels: dict[str, Decimal], sums: set[Decimal], context: ReviewContext
) -> Iterator[ProseFinding]:
    for index, q in enumerate(sentence.quantities):
        if q.kind != "count" or q.hedged or q.unit not in _UNITS:
            continue
        if other_scope(sentence, q.start, context) or other_year(sentence, q.start, context):
            continue
        lead = phrase_at(sentence, index).lead
        printed = sentence.text[q.start : q.end].strip()
        span = [(q.start, q.end)]
        if name := _channel(lead, channels, context.own_names):
            value = channels[name]
            if not q.shows(value):
                message = f"“{name}”写作{printed}，台账合计为{plain(value)}条；请核对台账或改正文字"
                cell = (f"主动公开台账 {name}",)
                severity = sentence.severity(span)
                yield sentence.finding("N17", severity, message, span, printed, plain(value), cell)
        elif (match := _TOTAL.search(lead)) and not EARLIER.search(sentence.text[: q.start]):
            rest = _WORDS.sub("", lead[: match.start()] + lead[match.end() :])
            if strip_generic(rest, context.own_names) or any(q.shows(s) for s in sums):
                continue
            total = sum(channels.values(), Decimal(0))
            message = (
                f"主动公开写作{printed}，台账各渠道合计{plain(total)}条，"
                "也不是其中几个渠道之和；请核对台账或写明口径"
            )
            severity = sentence.severity(span)
            yield sentence.finding(
                "N17", severity, message, span, printed, plain(total), ("主动公开台账 合计",)
            )


def check_channels(prose: Prose, context: ReviewContext) -> Iterator[ProseFinding]:
    """Compare counts of disclosures with the ledger, by channel and in all.

    A total may be that of all channels or of some (网站 and 公报 without 公众号): any sum
    of channels is accepted.
    """
    channels = _channels(context)
    if not channels:
        return
    sums = _sums(channels)
    for sentence in prose.sentences:
        if sentence.kind != "heading" and sentence.section.startswith("overview"):
            yield from _check(sentence, channels, sums, context)

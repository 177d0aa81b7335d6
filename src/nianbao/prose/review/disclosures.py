"""Disclosures by channel and category: lists against their total, and both against the ledger."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations

from nianbao.prose.review.cells import exact
from nianbao.prose.review.changes import Change, Pair
from nianbao.prose.review.claims import other_scope, other_year, phrase_at
from nianbao.prose.review.context import ReviewContext
from nianbao.prose.review.manuscript import Manuscript
from nianbao.prose.review.parts import divisions
from nianbao.prose.review.quantities import Quantity
from nianbao.prose.review.sums import misses, of_channels, sum_finding
from nianbao.prose.review.terms import EARLIER, strip_generic
from nianbao.prose.review.text import Sentence
from nianbao.statistics.arithmetic import trimmed
from nianbao.statistics.checks.registry import Check, check
from nianbao.statistics.model import Finding, Table

_UNITS = frozenset({"条", "篇", "件", "项", "则", "份", "次", "条次", "篇次", ""})
_SUBSETS = 8
"""With more channels than this the total of some of them is not looked for."""

_WORDS = re.compile(
    r"通过|利用|依托|借助|各平台|上|发布|推送|主动|公开|更新|刊发|发稿|政府|政务|信息|类|方面|“|”"
)
_TOTAL = re.compile(
    r"主动公开(?:的)?(?:各类)?(?:政府|政务)?信息|(?<!依申请)公开(?:各类)?(?:政府|政务)?信息"
)
# 通过政府网站、公众号等渠道 and 通过多种渠道 name all channels together and narrow nothing.
_EVERY_CHANNEL = re.compile(
    r"(?:通过|利用|依托|借助|以|在)?[^，。；：\d]{0,40}?(?:等(?:多种|各种|各类|多个|多)?|多种|各种|各类|各)"
    r"(?:公开)?(?:渠道|平台|方式|途径|载体|形式|媒体|阵地|网站)[，]?"
)
_NOUN = re.compile("(?:各类)?(?:政府|政务)?信息(?!公开)")
# “示例水利”微信公众号 is the 微信公众号 of a ledger that has but one.
_NAMED_SO = re.compile("“[^”]*”(?=微信|公众号|微博|抖音|视频号|头条|政务)")
_ONE_CHANNEL = re.compile(
    "网|公众号|微信|微博|平台|新媒体|公报|公开栏|客户端|抖音|头条|报纸|广播|电视"
)
_REST = frozenset({"其他", "其它", "其余"})
_CHANNELS_TOO = re.compile(
    f"(?:{_ONE_CHANNEL.pattern}|线上|线下|渠道)(?![^，。；、\\d]*申请)[^，。；、\\d]*\\d"
)
"""What a list of channels has beside the rest: another of them, with its number."""


def _counts(tables: Mapping[str, Table], key: str) -> dict[str, Decimal]:
    table = tables.get(key)
    if table is None or len(table.frame.columns) < 2:
        return {}
    names, counts = (table.frame[column] for column in table.frame.columns[:2])
    found = {str(n).strip(): exact(count) for n, count in zip(names, counts, strict=True)}
    # An unknown count would make every total unknown.
    return {n: c for n, c in found.items() if c is not None} if None not in found.values() else {}


@dataclass(frozen=True)
class _Ledger:
    """What the bureau's ledger of disclosures counts."""

    channels: Mapping[str, Decimal]
    categories: Mapping[str, Decimal]
    names: tuple[str, ...]

    @property
    def total(self) -> Decimal:
        """All channels together."""
        return sum(self.channels.values(), Decimal(0))

    def some(self) -> set[Decimal]:
        """Return the total of all channels and of every choice among a few."""
        counts = list(self.channels.values())
        sizes = range(1, len(counts) + 1) if len(counts) <= _SUBSETS else [len(counts)]
        return {sum(c, Decimal(0)) for n in sizes for c in combinations(counts, n)}

    def named(self, lead: str, counts: Mapping[str, Decimal]) -> str | None:
        """Return the one channel or category that a phrase names and nothing else beside."""
        bare = {name.replace("“", "").replace("”", ""): name for name in counts}
        text = lead.replace("“", "").replace("”", "")
        said = [b for b in bare if b in text]
        if not said:
            return None
        longest = max(said, key=len)
        if "“" not in bare[longest]:
            text = _NAMED_SO.sub("", lead).replace("“", "").replace("”", "")
        rest = _WORDS.sub("", text.replace(longest, "", 1))
        return None if strip_generic(rest, self.names) else bare[longest]


def _whole_text(sentence: Sentence, q: Quantity) -> str:
    """Return all words that narrow a number.

    They stand before it and, where it is a part, before its whole.
    """
    for division in divisions(sentence):
        if any(item.quantity is q for item in division.items):
            whole = division.wholes[0]
            home = sentence if any(whole is each for each in sentence.quantities) else None
            text = (home or sentence.before or sentence).text
            return text[: whole.start]
    return sentence.text[: q.start]


def read_ledger(context: ReviewContext, tables: Mapping[str, Table]) -> _Ledger | None:
    """Return what the ledger of a year counts; None without one."""
    channels = _counts(tables, "disclosures_by_channel")
    if not channels:
        return None
    return _Ledger(channels, _counts(tables, "disclosures_by_category"), context.own_names)


def pairs_of_ledgers(change: Change, context: ReviewContext) -> list[Pair]:
    """Return both years' total or channel, where this year's number is that of the ledger."""
    near = [n for n, q in enumerate(change.sentence.quantities) if change.now[:1] == (q,)]
    if not near or change.base_year is not None:
        return []
    sentence, q = change.sentence, change.now[0]
    if q.unit not in _UNITS or other_scope(sentence, q.start, context):
        return []
    ledgers = [read_ledger(context, t) for t in (context.tables, context.previous_tables)]
    now, then = ledgers
    if now is None or then is None:
        return []
    lead = _EVERY_CHANNEL.sub("", phrase_at(sentence, near[0]).lead)
    name = now.named(lead, now.channels)
    if name:
        values, label = (now.channels[name], then.channels.get(name)), name
    elif _is_total(lead, now):
        values, label = (now.total, then.total), "主动公开"
    else:
        return []
    this, last = values
    known = last is not None and q.shows(this)
    return [Pair(this, last, label, (f"主动公开台账 {label}",))] if known and last else []


def _is_total(lead: str, ledger: _Ledger) -> bool:
    """Return whether the words before a number say 主动公开信息 and nothing that narrows it."""
    match = _TOTAL.search(lead)
    if match is None:
        return False
    return not strip_generic(
        _WORDS.sub("", lead[: match.start()] + lead[match.end() :]), ledger.names
    )


def _compare(
    sentence: Sentence, rule: Check, ledger: _Ledger, context: ReviewContext
) -> Iterator[Finding]:
    for index, q in enumerate(sentence.quantities):
        if q.kind != "count" or q.hedged or q.unit not in _UNITS:
            continue
        if other_scope(sentence, q.start, context) or other_year(sentence, q.start, context):
            continue
        phrase = phrase_at(sentence, index)
        lead = _EVERY_CHANNEL.sub("", phrase.lead)
        if lead.endswith("公开的") and (noun := _NOUN.match(phrase.tail)):
            lead = f"{lead[:-1]}{noun[0]}"  # 全年公开的892条政府信息
        printed = sentence.text[q.start : q.end].strip()
        spans = [(q.start, q.end)]
        severity = sentence.severity(spans)
        name = ledger.named(lead, ledger.channels)
        if name in _REST and not _CHANNELS_TOO.search(sentence.text):
            continue  # 维持9件、其他2件: the rest of another list
        kind = name or _category(sentence, q, lead, ledger)
        if kind is not None:
            value = ledger.channels[name] if name else ledger.categories[kind]
            if not q.shows(value):
                message = (
                    f"“{kind}”写作{printed}，台账合计为{trimmed(value)}条；请核对台账或改正文字"
                )
                cells = (f"主动公开台账 {kind}",)
                yield sentence.finding(
                    rule, severity, message, spans, printed, trimmed(value), cells
                )
        elif _is_total(lead, ledger) and not EARLIER.search(sentence.text[: q.start]):
            if any(q.shows(s) for s in ledger.some()):
                continue
            message = (
                f"主动公开写作{printed}，台账各渠道合计{trimmed(ledger.total)}条，"
                "也不是其中几个渠道之和；请核对台账或写明口径"
            )
            cells = ("主动公开台账 合计",)
            right = trimmed(ledger.total)
            yield sentence.finding(rule, severity, message, spans, printed, right, cells)


def _category(sentence: Sentence, q: Quantity, lead: str, ledger: _Ledger) -> str | None:
    """Return the category that a number counts, unless it is that of one channel alone."""
    kind = ledger.named(lead, ledger.categories)
    if kind is None or kind in _REST or q.unit == "次":
        return None
    narrowing = _EVERY_CHANNEL.sub("", _whole_text(sentence, q))
    return None if _ONE_CHANNEL.search(narrowing) else kind


@check(
    "N17",
    severity="warning",
    title="各渠道条数与合计",
    source="已公布年报中的常见差错",
    explanation="按渠道列出的条数加起来应等于合计，总数、渠道和类别的条数都应与主动公开台账一致；"
    "“通过网站等渠道”指全部渠道。请核对有没有重复计算。",
)
def channels_make_up_their_whole(manuscript: Manuscript, rule: Check) -> Iterator[Finding]:
    """Compare the channels of a list with their total, and both with the ledger.

    A total may be that of all channels or of some (网站 and 公报 without 公众号): any sum
    of channels is accepted.
    """
    for sentence, found in misses(manuscript):
        if of_channels(found.items):
            yield sum_finding(sentence, rule, found)
    context = manuscript.context
    ledger = read_ledger(context, context.tables)
    if ledger is None:
        return
    for sentence in manuscript.prose.sentences:
        if sentence.kind != "heading" and sentence.section.startswith("overview"):
            yield from _compare(sentence, rule, ledger, context)

"""Percentages of a whole, recomputed at the printed precision (N7)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import combinations, pairwise

from nianbao.prose.review.claims import (
    Claim,
    about_requests,
    other_scope,
    other_year,
    outcome_at_end,
    phrase_at,
)
from nianbao.prose.review.context import ReviewContext
from nianbao.prose.review.disclosures import read_ledger
from nianbao.prose.review.entries import entries
from nianbao.prose.review.manuscript import Manuscript
from nianbao.prose.review.meanings import meanings
from nianbao.prose.review.parts import divisions
from nianbao.prose.review.percentages import Share, is_right, likeliest, share_finding, shares
from nianbao.prose.review.quantities import Quantity, same_measure
from nianbao.prose.review.rates import wrong_rates
from nianbao.prose.review.terms import APPLICANT_AT_END, APPLICANT_WORDS
from nianbao.prose.review.text import Sentence
from nianbao.statistics.arithmetic import HUNDRED, trimmed
from nianbao.statistics.checks.registry import Check, check
from nianbao.statistics.model import Finding
from nianbao.statutory.wholes import FINISHED, NEW, RECEIVED

# 占 with nothing, or with words that only say "of the whole".
_ITS_SHARE = re.compile("，约?占")
_CONTINUES = re.compile("其中|按|从|通过")


@dataclass(frozen=True, slots=True)
class _Wholes:
    """What a percentage may be taken of, and whether its whole is surely among them."""

    values: list[Decimal]
    sure: bool


def _from_table(context: ReviewContext) -> list[Decimal]:
    """Return what results and applicants are shares of.

    That is what was finished or what came, with or without what was carried over.
    """
    cells = context.cells
    found = (cells.of(cells.wholes[name]).value for name in (FINISHED, NEW, RECEIVED))
    return [value for value in found if value is not None]


def _wholes(
    sentence: Sentence, share: Share, claims: tuple[Claim, ...], context: ReviewContext
) -> _Wholes:
    """Return the numbers near the part that may be its whole, one or two (新收 and 上年结转)."""
    part, all_shares = share.part, shares(sentence)
    rows = [s.part for s in all_shares]
    earlier = [q for s in _sentences_before(sentence) for q in s.quantities]
    counts = [
        q
        for q in (*sentence.quantities, *earlier)
        if q.kind == "count" and q != part and same_measure(q.unit, part.unit)
        # 图解13件，占一半；视频8件，占三成: what has a share of its own is no whole of another.
        if not (q in sentence.quantities and _ITS_SHARE.match(sentence.text, q.end)) or q in rows
    ]
    greater = [q for q in counts if q.value >= part.value]
    named = [q.value for q in greater if not q.hedged and q not in rows]
    beside = [q.value for q in counts if not q.hedged and q not in rows][:6]
    named += [a + b for a, b in combinations(beside, 2) if a + b >= part.value]
    if any(c.sentence is sentence and c.quantity == part for c in claims):
        named += _from_table(context)
    # 优秀10个，占全部40家的25%；良好12个，占30%: what one share is of, the next may be of as well.
    named += [s.whole.value for s in all_shares if s.whole and s.whole.value >= part.value]
    values = [*named, *(q.value for q in greater if not q.hedged and q in rows)]
    total = sum((s.percent.value for s in all_shares), Decimal(0))
    slack = sum((s.percent.slack for s in all_shares), Decimal(0))
    if len(rows) > 1 and not named:
        # Parts with their shares and no total: they make it up together, if one share says so.
        whole = sum((q.value for q in rows), Decimal(0))
        fits = any(s.percent.shows(s.part.value * HUNDRED / whole) for s in all_shares if whole)
        if abs(total - HUNDRED) <= slack or fits:
            named = [whole]
            # 网站占62.7%，新媒体占37.2%: the ledger may have a channel more.
            ledger = read_ledger(context, context.tables)
            values = [whole, ledger.total] if ledger and part.value in ledger.some() else named
    hedged = any(q.hedged for q in greater)
    return _Wholes(values, bool(named) and not hedged)


def _sentences_before(sentence: Sentence) -> Iterator[Sentence]:
    """Yield the sentence before.

    Where that lists the parts of an earlier total, the one with the total follows.
    """
    before = sentence.before
    if before is not None:
        yield before
        if before.before is not None and _CONTINUES.match(before.text):
            yield before.before


@check(
    "N7",
    severity="warning",
    title="占比",
    source="已公布年报中的常见差错",
    explanation="占比应等于该项除以总数，按印出的位数四舍五入；不以办结总数为分母的，请写明分母。"
    "采纳率、公开率等也按句中的两个数核对，只写“予以公开占比”的按表三核对。"
    "请重新计算，或改写成“{{ 名称.占比 }}”。",
)
def shares_are_of_their_whole(manuscript: Manuscript, rule: Check) -> Iterator[Finding]:
    """Recompute shares; forced rounding to 100 is a hint only.

    Source: N7. The tolerance is half a unit of the last printed digit. Nothing is said
    when no whole is known, or when the words name another one (占全市的5%).
    """
    for sentence in manuscript.prose.sentences:
        if all(q.kind != "percent" for q in sentence.quantities):
            continue
        yield from wrong_rates(sentence, rule)
        yield from _all_kinds(sentence, rule)
        found = shares(sentence)
        total = sum((s.percent.value for s in found), Decimal(0))
        forced = len(found) > 1 and total == HUNDRED
        for share in found:
            if share.whole is not None:
                wholes = _Wholes([share.whole.value], not share.whole.hedged)
            else:
                wholes = _wholes(sentence, share, manuscript.claims, manuscript.context)
            values = [w for w in wholes.values if w > 0]
            if not wholes.sure:
                continue
            if values and not any(is_right(share, w) for w in values):
                yield share_finding(sentence, rule, share, likeliest(share, values), forced)
        yield from _of_results(sentence, rule, manuscript.context)
        yield from _of_applicants(sentence, rule, manuscript.context)
        yield from _together(sentence, rule)
        slack = sum((s.percent.slack for s in found), Decimal(0))
        if len(found) > 2 and total > HUNDRED + slack and _one_list(sentence, found):
            yield _too_much(sentence, rule, [s.percent for s in found], "同一句中")


_EACH_OF = re.compile("分别(?:约)?占[^，。；、\\d]{0,12}$")
_JOINED = re.compile("[、，和与及]|以及")


_NEXT_KIND = re.compile(r"[，、][^，。；、\d]*")
_OTHERS = ("其他", "其它", "其余")
_SHARE_OF_KIND = re.compile(r"(?P<kind>[^，。；、：（）\d%]{2,14}?)(?:约)?占(?:比|总数的|总量的)?$")


def _all_kinds(sentence: Sentence, rule: Check) -> Iterator[Finding]:
    """Yield shares without counts that end with 其他 and do not make up the whole."""
    rates = [q for q in sentence.quantities if q.kind == "percent" and not q.hedged]
    if len(rates) < 3 or len(rates) < len(sentence.quantities):
        return
    starts = (sentence.part_start(rates[0].start), *(q.end for q in rates))
    kinds = [
        _SHARE_OF_KIND.search(sentence.text, start, q.start)
        for start, q in zip(starts, rates, strict=False)
    ]
    between = (sentence.text[a.end : b.start] for a, b in pairwise(rates))
    joined = all(_NEXT_KIND.fullmatch(words) for words in between)
    last = kinds[-1]
    if last is None or None in kinds or not joined or not last["kind"].startswith(_OTHERS):
        return
    total = sum((q.value for q in rates), Decimal(0))
    if abs(total - HUNDRED) > sum((q.slack for q in rates), Decimal(0)):
        spans = [(q.start, q.end) for q in rates]
        said = f"{trimmed(total)}%"
        message = f"列出了“{last['kind']}”，各项占比之和应为100%，现为{said}；请核对各项占比"
        yield sentence.finding(rule, sentence.severity(spans), message, spans, said, "100%")


_OF_ALL_REQUESTS = re.compile(
    "(?:提出|提交)?(?:的)?(?:申请)?(?:约)?占(?:比|(?:全年|全部|新收|收到的?)*申请(?:总)?(?:数量|总量|总数|件数|量|数)(?:的)?)(?:为|达)?$"
)


def _of_applicants(sentence: Sentence, rule: Check, context: ReviewContext) -> Iterator[Finding]:
    """Yield shares of applicants that are named without their number: 自然人申请占全年申请量的…."""
    cells = context.cells
    for index, q in enumerate(sentence.quantities):
        if q.kind != "percent" or q.hedged or not cells.has("requests"):
            continue
        lead = phrase_at(sentence, index).lead
        match = _OF_ALL_REQUESTS.search(lead)
        named = APPLICANT_AT_END.search(lead[: match.start()]) if match else None
        if named is None or other_scope(sentence, q.start, context):
            continue
        if other_year(sentence, q.start, context):
            continue
        key = next(k for i, (_, k) in enumerate(APPLICANT_WORDS) if named[f"a{i}"])
        claim = Claim(rule.id, "applicant", key, q, sentence, (key,))
        parts = meanings(claim, cells, {})  # of 新收, of 新收+上年结转, of （七）总计
        wholes = [cells.of(cells.wholes[name]).value for name in (NEW, RECEIVED, FINISHED)]
        pairs = [
            (Share(replace(q, value=part.value), q), whole)
            for part, whole in zip(parts, wholes, strict=False)
            if part.value is not None and whole
        ]
        if pairs and not any(is_right(share, whole) for share, whole in pairs):
            yield share_finding(sentence, rule, *pairs[0])


_OF_ALL_RESULTS = re.compile("(?:的|类|申请|信息)*(?:约?占比?|比例|比重)(?:为|是|达到?|约)*$")


def _of_results(sentence: Sentence, rule: Check, context: ReviewContext) -> Iterator[Finding]:
    """Yield shares of results that are named without their number: 予以公开占比37.3%."""
    for index, q in enumerate(sentence.quantities):
        if q.kind != "percent" or not context.cells.has("requests") or not about_requests(sentence):
            continue
        lead = phrase_at(sentence, index).lead
        match = _OF_ALL_RESULTS.search(lead)
        found = outcome_at_end(lead[: match.start()]) if match else None
        if found is None or other_scope(sentence, q.start, context):
            continue
        claim = Claim(rule.id, "outcome", found[0], q, sentence, found[1])
        value = next((m.value for m in meanings(claim, context.cells, {})), None)
        wholes = [w for w in _from_table(context) if w > 0]
        share = Share(replace(q, value=value), q) if value is not None else None
        if share and wholes and not any(is_right(share, whole) for whole in wholes):
            yield share_finding(sentence, rule, share, wholes[0])


def _together(sentence: Sentence, rule: Check) -> Iterator[Finding]:
    """Yield shares of one whole that are more than it: 三类信息分别占61.2%、25.4%和31.4%."""
    rates = [q for q in sentence.quantities if q.kind == "percent"]
    for i, first in enumerate(rates):
        if not _EACH_OF.search(sentence.text, 0, first.start):
            continue
        run = [first]
        for q in rates[i + 1 :]:
            if not _JOINED.fullmatch(sentence.text[run[-1].end : q.start]):
                break
            run.append(q)
        total = sum((q.value for q in run), Decimal(0))
        if len(run) > 1 and total > HUNDRED + sum((q.slack for q in run), Decimal(0)):
            yield _too_much(sentence, rule, run)


def _too_much(
    sentence: Sentence, rule: Check, rates: Sequence[Quantity], where: str = ""
) -> Finding:
    """Report shares of one whole that are together more than it."""
    total = f"{trimmed(sum((q.value for q in rates), Decimal(0)))}%"
    spans = [(q.start, q.end) for q in rates]
    message = f"{where}各项占比之和为{total}，超过100%；请核对各项占比"
    return sentence.finding(rule, sentence.severity(spans), message, spans, total, "100%")


def _one_list(sentence: Sentence, found: list[Share]) -> bool:
    """Return whether all the shares stand in one list, so that they divide one whole."""
    lists = [{i.quantity for i in e.items} for e in divisions(sentence)]
    if any(all(s.part in items for s in found) for items in lists):
        return True
    items = entries(sentence, sentence.text, sentence.quantities)
    kinds = {item.universe for item in items}
    return len(kinds) == 1 and kinds != {""} and all(item.share for item in items)

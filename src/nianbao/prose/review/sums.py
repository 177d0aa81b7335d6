"""Parts against their whole: sums (N6, N17) and shares (N7)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations

from nianbao.prose.review.cells import at_step, plain
from nianbao.prose.review.claims import Claim
from nianbao.prose.review.context import ReviewContext
from nianbao.prose.review.lists import CHANNEL, Enumeration, Item, enumerations
from nianbao.prose.review.numbers import compare_channels
from nianbao.prose.review.quantities import Quantity
from nianbao.prose.review.reading import Reading
from nianbao.prose.review.text import Sentence
from nianbao.statistics.checks.registry import Check, check
from nianbao.statistics.model import Finding, Severity

ALL_RESULTS = frozenset(
    {"open", "partial", "（三）不予公开", "（四）无法提供", "（五）不予处理", "（六）其他处理"}
)

WHOLE_OF = {"outcome": "handled", "applicant": "received"}
"""What a division most likely divides."""


def _total(claims: list[Claim]) -> Decimal:
    return sum((c.quantity.value for c in claims), Decimal(0))


def _complete(kind: str, parts: list[Claim]) -> bool:
    """Whether every group is named, so that nothing can be missing."""
    named = {key for c in parts for key in c.keys}
    if kind == "applicant":
        return "person" in named and len(named) > 1
    return named >= ALL_RESULTS


def outcome_misses(
    claims: tuple[Claim, ...],
) -> Iterator[tuple[Sentence, Quantity, tuple[Item, ...]]]:
    """Sentences that name all results or applicants, with the total they do not make up.

    The total may be what was received, what was finished, either with what was carried
    over, and the results may be told with what goes on next year.
    """
    for kind in ("outcome", "applicant"):
        for sentence in dict.fromkeys(c.sentence for c in claims if c.kind == kind):
            near = [c for c in claims if c.sentence is sentence or c.sentence is sentence.before]
            parts = [c for c in near if c.sentence is sentence and c.kind == kind]
            wholes = [c for c in near if c.kind in {"received", "handled", "carried_in"}]
            hedged = any(c.quantity.hedged for c in (*parts, *wholes))
            if not _complete(kind, parts) or not wholes or hedged:
                continue
            forward = [c for c in near if c.kind == "carried_out"]
            values = [c.quantity.value for c in wholes]
            possible = {*values, *(a + b for a, b in combinations(values, 2))}
            if possible & {_total(parts), _total(parts) + _total(forward)}:
                continue
            target = next((c for c in wholes if c.kind == WHOLE_OF[kind]), wholes[0])
            items = tuple(Item(c.label, c.quantity, "；") for c in parts)
            yield sentence, target.quantity, items


NEAR = Decimal("0.03")
"""A list that misses its total by no more was surely meant to add up."""

NEAR_KNOWN = Decimal("0.10")
"""Lists in brackets, and divisions by channel, applicant or result, are meant to add up."""

MANY = 5
"""A list of so many items that misses its total by one was meant to add up, too."""


@dataclass(frozen=True, slots=True)
class Miss:
    """A list that does not make up its total.

    Parameters
    ----------
    whole, items
        What was compared; a single item is one that is greater than the whole.
    open
        Whether the list may have been meant as examples: the advice then says so.
    """

    whole: Quantity
    items: tuple[Item, ...]
    open: bool = False


def _same_unit(a: Quantity, b: Quantity) -> bool:
    return not a.unit or not b.unit or a.unit == b.unit


def _sum(items: Sequence[Item]) -> Decimal:
    return sum((i.quantity.value for i in items), Decimal(0))


def _candidates(listed: Enumeration) -> set[Decimal]:
    """The numbers that the list may divide: those before it, alone and two together.

    Two together, because results of applications divide 新收 and 上年结转 as one.
    """
    values = [q.value for q in listed.wholes[:4] if not q.hedged]
    pairs = {a + b for i, a in enumerate(values) for b in values[i + 1 :]}
    return set(values) | pairs


def _running(items: Sequence[Item]) -> Iterator[tuple[Decimal, Decimal]]:
    """The sum of the first, the first two … items and how exact it is."""
    total = slack = Decimal(0)
    for item in items:
        if item.quantity.hedged:
            return
        total += item.quantity.value
        slack += item.quantity.slack
        yield total, slack


def adds_up(listed: Enumeration) -> bool:
    """Whether the list, or its beginning, makes up one of the totals before it.

    The beginning is enough, unless the list is closed, since lists often run on into the
    next statement. Items of another unit may be counted in the total or stand apart.
    """
    candidates = _candidates(listed)
    whole = listed.wholes[0]
    same = tuple(i for i in listed.items if _same_unit(i.quantity, whole))
    # Of a list that is known to be one, no item may be left out.
    known = listed.closed or _known_division(listed.certain)
    kept = len([i for i in listed.certain if i in same]) if known else 1
    sums = [*_running(listed.certain)][listed.tight - 1 if known else 0 :]
    sums += [*_running(same)][max(kept - 1, 0) :]
    return any(abs(total - c) <= slack + whole.slack for total, slack in sums for c in candidates)


def _known_division(items: Sequence[Item]) -> bool:
    """Whether all items divide by one thing that we know (channels, applicants, results)."""
    return len({i.universe for i in items}) == 1 and items[0].universe != ""


def _near(listed: Enumeration, whole: Decimal, computed: Decimal) -> bool:
    """Whether the list misses the total by so little that it was meant to make it up."""
    known = listed.bracket or _known_division(listed.certain)
    limit = whole * (NEAR_KNOWN if known and not listed.loose else NEAR)
    if len(listed.certain) >= MANY:
        limit = max(limit, Decimal(1))
    return abs(whole - computed) <= limit


def _over(listed: Enumeration, computed: Decimal) -> bool:
    """Whether the items are more than the total and do not overlap."""
    known = _known_division(listed.certain)
    mixed = len({i.universe for i in listed.certain} - {""}) > 1
    enough = len(listed.certain) > 2 or listed.closed or known
    return computed > max(_candidates(listed)) and not mixed and enough


def miss(listed: Enumeration) -> Miss | None:
    """The total that a list misses, or None when nothing can be said.

    A list that is closed must add up; one that may be open is a fault only when it misses
    its total by a hair, or when its items are more than the total.
    """
    exact = [q for q in listed.wholes if not q.hedged]
    same = [q for q in exact if all(_same_unit(i.quantity, q) for i in listed.certain)]
    if not same or same[0] is not exact[0]:
        return None  # the number that the list most likely divides is not known
    sure = len(exact) == len(listed.wholes)
    items = listed.certain
    largest = max(_candidates(listed))
    greater = next((i for i in items if i.quantity.value > largest and not i.quantity.hedged), None)
    if greater is not None and sure and not listed.loose:
        return Miss(max(same, key=lambda q: q.value), (greater,))
    if len(items) < 2 or any(i.quantity.hedged for i in items):
        return None
    computed = _sum(items)
    whole = min(same, key=lambda q: abs(q.value - computed))
    if not whole.value or (whole is not same[0] and not listed.closed):
        return None
    if _near(listed, whole.value, computed) and not listed.open:
        return Miss(whole, items)
    if not listed.loose and (_over(listed, computed) or (listed.closed and sure)):
        return Miss(whole, items, open=computed < whole.value)
    return None


def _sum_finding(sentence: Sentence, rule: Check, found: Miss) -> Finding:
    """The remark; the total is marked only when it stands in the same sentence."""
    whole, items = found.whole, found.items
    computed = _sum(items)
    spans = [(i.quantity.start, i.quantity.end) for i in items]
    spans += [(whole.start, whole.end)] if whole in sentence.quantities else []
    unit = whole.unit or items[0].quantity.unit
    if len(items) == 1:
        message = (
            f"分项“{items[0].label}”{plain(computed)}{unit}大于总数{plain(whole.value)}{unit}；"
            "请核对两数，或改写使二者不成包含关系"
        )
    else:
        parts = "＋".join(plain(i.quantity.value) for i in items)
        advice = "；如只是列举，请在末尾加“等”" if found.open else ""
        message = (
            f"分项之和{parts}＝{plain(computed)}{unit}，与总数{plain(whole.value)}{unit}"
            f"相差{plain(abs(whole.value - computed))}{unit}；请核对总数和各分项{advice}"
        )
    severity = sentence.severity_of((whole, *(i.quantity for i in items)))
    return sentence.finding(rule, severity, message, spans, plain(whole.value), plain(computed))


def _of_channels(items: Sequence[Item]) -> bool:
    channels = sum(1 for i in items if CHANNEL.search(i.label))
    return channels * 2 > len(items)


def _misses(reading: Reading) -> Iterator[tuple[Sentence, Miss]]:
    """Lists whose items do not make up the total."""
    settled: set[int] = set()
    for sentence in reading.prose.sentences:
        for listed in enumerations(sentence):
            if adds_up(listed):
                settled.add(id(sentence))
            elif found := miss(listed):
                settled.add(id(sentence))
                yield sentence, found
    for sentence, whole, items in outcome_misses(reading.claims):
        if id(sentence) not in settled:
            yield sentence, Miss(whole, items)


@check(
    "N6",
    severity="warning",
    title="分项与合计",
    source="已公布年报中的常见差错",
    explanation="一句话里“其中”列出的各项，加起来应等于所说的总数；只列一部分的，用“其中……等”。"
    "请核对各项，或改写成“{{ 名称.明细 }}”，程序列出的明细必定相加相等。",
)
def parts_make_up_their_whole(reading: Reading, rule: Check) -> Iterator[Finding]:
    """Compare the items of a list with the total that it divides."""
    for sentence, found in _misses(reading):
        if not _of_channels(found.items):
            yield _sum_finding(sentence, rule, found)


@check(
    "N17",
    severity="warning",
    title="各渠道条数与合计",
    source="已公布年报中的常见差错",
    explanation="按渠道列出的条数加起来应等于合计，并与主动公开台账一致。请核对有没有重复计算。",
)
def channels_make_up_their_whole(reading: Reading, rule: Check) -> Iterator[Finding]:
    """Compare the channels of a list with their total, and both with the ledger."""
    for sentence, found in _misses(reading):
        if _of_channels(found.items):
            yield _sum_finding(sentence, rule, found)
    yield from compare_channels(reading, rule)


HUNDRED = Decimal(100)
# 占 with nothing, or with words that only say "of the whole".
_SHARE = re.compile(
    r"(?P<tail>[^，,、；;。（）()\d]{0,10})[，,、]?\s*(?:各)?约?占(?:比|总数|总量|比例|全部|全年|总体|总|的|为|达|到"
    r"|(?:已)?(?:办理|办结|答复|受理|收到|申请|公开|信息|发布|政府|全部|总)*(?:总量|总数|总件数|数量|量))*"
)
_BRACKET = re.compile(r"\s*[（(]\s*(?:占比?)?")


@dataclass(frozen=True, slots=True)
class Share:
    """A part with the percentage that is printed beside it."""

    part: Quantity
    percent: Quantity


def shares(sentence: Sentence) -> list[Share]:
    """The parts of a sentence that have a share: ``6件，占50%`` or ``6件（50%）``."""
    found = []
    for before, percent in zip(sentence.quantities, sentence.quantities[1:], strict=False):
        if percent.kind != "percent" or before.kind != "count" or before.hedged:
            continue
        between = sentence.text[before.end : percent.start]
        behind = sentence.text[percent.end : percent.end + 1]
        bracket = _BRACKET.fullmatch(between) and behind in {"）", ")", "，", ","}
        if bracket or _SHARE.fullmatch(between):
            found.append(Share(before, percent))
    return found


@dataclass(frozen=True, slots=True)
class _Wholes:
    """What a percentage may be taken of, and whether its whole is surely among them."""

    values: list[Decimal]
    sure: bool


def _from_table(context: ReviewContext) -> list[Decimal]:
    """What results of applications are shares of."""
    cells = context.cells
    new, into = cells.request("new").value, cells.request("carried_in").value
    found = [v for v in (cells.request("total").value, new) if v is not None]
    return [*found, new + into] if new is not None and into is not None else found


def _wholes(
    sentence: Sentence, share: Share, claims: tuple[Claim, ...], context: ReviewContext
) -> _Wholes:
    """Numbers near the part that may be its whole, alone and two together (新收 and 上年结转)."""
    part, all_shares = share.part, shares(sentence)
    rows = [s.part for s in all_shares]
    earlier = sentence.before.quantities if sentence.before else ()
    counts = [q for q in (*sentence.quantities, *earlier) if q.kind == "count" and q != part]
    greater = [q for q in counts if q.value >= part.value]
    named = [q.value for q in greater if not q.hedged and q not in rows]
    beside = [q.value for q in counts if not q.hedged and q not in rows][:6]
    named += [a + b for a, b in combinations(beside, 2) if a + b >= part.value]
    if any(c.sentence is sentence and c.quantity == part for c in claims):
        named += _from_table(context)
    values = [*named, *(q.value for q in greater if not q.hedged and q in rows)]
    total = sum((s.percent.value for s in all_shares), Decimal(0))
    slack = sum((s.percent.slack for s in all_shares), Decimal(0))
    if len(rows) > 1 and not named and abs(total - HUNDRED) <= slack:
        named = [sum((q.value for q in rows), Decimal(0))]
        values += named
    hedged = any(q.hedged for q in greater)
    return _Wholes([v for v in values if v > 0], bool(named) and not hedged)


def _right(share: Share, whole: Decimal) -> bool:
    return share.percent.shows(share.part.value * HUNDRED / whole)


def _likeliest(share: Share, wholes: list[Decimal]) -> Decimal:
    """The whole that comes nearest to the printed percentage."""
    return min(
        wholes, key=lambda w: (abs(share.percent.value - share.part.value * HUNDRED / w), -w)
    )


def _share_finding(
    sentence: Sentence, rule: Check, share: Share, whole: Decimal, adds_to_100: bool
) -> Finding:
    value = share.part.value * HUNDRED / whole
    step = share.percent.ulp
    printed = sentence.text[share.percent.start : share.percent.end].strip()
    exact = at_step(value, step)
    off = abs(share.percent.value - value)
    spans = [(share.part.start, share.part.end), (share.percent.start, share.percent.end)]
    sum_ = f"{plain(share.part.value)}÷{plain(whole)}＝{exact}%"
    if off <= step and adds_to_100:
        severity: Severity = "info"
        why = "各项占比凑成100%，此项因此偏离；如需凑整，请注明四舍五入"
    else:
        counts = [q for q in sentence.quantities if q.kind == "count"]
        severity = sentence.severity_of((share.part, share.percent, *counts))
        cut = share.percent.value <= value < share.percent.value + step
        why = "看来是截去了尾数，应四舍五入" if cut else "请核对件数、总数和占比"
    return sentence.finding(
        rule, severity, f"占比写作{printed}，{sum_}；{why}", spans, printed, f"{exact}%"
    )


@check(
    "N7",
    severity="warning",
    title="占比",
    source="已公布年报中的常见差错",
    explanation="占比应等于该项除以总数，按印出的位数四舍五入；不以办结总数为分母的，请写明分母。"
    "请重新计算，或改写成“{{ 名称.占比 }}”。",
)
def shares_are_of_their_whole(reading: Reading, rule: Check) -> Iterator[Finding]:
    """Recompute shares; forced rounding to 100 is told apart and is a hint only.

    Source: N7. The tolerance is half a unit of the last printed digit. Nothing is said
    when no whole is known, or when the words name another one (占全市的5%).
    """
    for sentence in reading.prose.sentences:
        found = shares(sentence)
        total = sum((s.percent.value for s in found), Decimal(0))
        forced = len(found) > 1 and total == HUNDRED
        for share in found:
            wholes = _wholes(sentence, share, reading.claims, reading.context)
            if share.percent.hedged or not wholes.sure:
                continue
            if wholes.values and not any(_right(share, w) for w in wholes.values):
                yield _share_finding(
                    sentence, rule, share, _likeliest(share, wholes.values), forced
                )
        slack = sum((s.percent.slack for s in found), Decimal(0))
        if len(found) > 2 and total > HUNDRED + slack and _one_list(sentence, found):
            spans = [(s.percent.start, s.percent.end) for s in found]
            message = f"同一句中各项占比之和为{plain(total)}%，超过100%；请核对各项占比"
            yield sentence.finding(
                rule, sentence.severity(spans), message, spans, f"{plain(total)}%", "100%"
            )


def _one_list(sentence: Sentence, found: list[Share]) -> bool:
    """Whether all the shares stand in one list, so that they divide one whole."""
    lists = [{i.quantity for i in e.items} for e in enumerations(sentence)]
    return any(all(s.part in items for s in found) for items in lists)

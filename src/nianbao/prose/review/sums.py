"""Sub-counts against their total (N6, N17)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from nianbao.prose.review.cells import plain
from nianbao.prose.review.enumerations import CHANNEL, Enumeration, Item, enumerations
from nianbao.prose.review.findings import ProseFinding
from nianbao.prose.review.outcome_sums import outcome_misses
from nianbao.prose.review.phrases import Claim
from nianbao.prose.review.quantities import Quantity
from nianbao.prose.review.text import Prose, Sentence

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


def _finding(sentence: Sentence, found: Miss, rule: str) -> ProseFinding:
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


def _rule(items: Sequence[Item]) -> str:
    channels = sum(1 for i in items if CHANNEL.search(i.label))
    return "N17" if channels * 2 > len(items) else "N6"


def check_sums(prose: Prose, claims: tuple[Claim, ...]) -> Iterator[ProseFinding]:
    """Lists whose items do not make up the total (N6), channels among them (N17)."""
    judged: set[int] = set()
    for sentence in prose.sentences:
        for listed in enumerations(sentence):
            if adds_up(listed):
                judged.add(id(sentence))
            elif found := miss(listed):
                judged.add(id(sentence))
                yield _finding(sentence, found, _rule(found.items))
    for sentence, whole, items in outcome_misses(claims):
        if id(sentence) not in judged:
            yield _finding(sentence, Miss(whole, items), "N6")

"""Changes against last year: rates, differences, zero bases, directions (Y9, Y10, Y11)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from nianbao.prose.review.cells import Cells, at_step, plain
from nianbao.prose.review.changes import LEVEL, Change, changes, part_start
from nianbao.prose.review.context import ReviewContext
from nianbao.prose.review.findings import ProseFinding
from nianbao.prose.review.meanings import meanings
from nianbao.prose.review.phrases import Claim
from nianbao.prose.review.quantities import Quantity
from nianbao.prose.review.text import Prose, Sentence
from nianbao.statistics.arithmetic import SMALL_BASE
from nianbao.statistics.model import Severity

HUNDRED = Decimal(100)


def _signed_difference(change: Change) -> Decimal | None:
    q = change.difference
    if q is None or q.hedged:
        return None
    return q.value if change.up else -q.value


@dataclass(frozen=True, slots=True)
class _Pair:
    """This year's and last year's number in one meaning, and how it is called."""

    now: Decimal
    base: Decimal
    name: str = ""
    cells: tuple[str, ...] = ()


def _from_words(change: Change) -> list[_Pair]:
    """Both numbers as far as the sentence itself tells them."""
    now = [q.value for q in change.now if not q.hedged]
    if change.base is not None:
        known = [] if change.base.hedged else now
        return [_Pair(n, change.base.value) for n in known]
    difference = _signed_difference(change)
    if change.number.kind == "percent" and difference is not None:
        return [_Pair(n, n - difference) for n in now if n >= difference]
    return []


def _claims_of(claims: tuple[Claim, ...], change: Change) -> list[Claim]:
    """The claims that the change may belong to, the nearest last."""
    position = part_start(change.sentence, change.number.start)
    return [
        c
        for c in claims
        if c.sentence is change.sentence and position <= c.quantity.start < change.number.start
    ]


def _severity(change: Change, claims: tuple[Claim, ...]) -> Severity:
    """An error where we printed the change and each number of the sentence it is held against."""
    named: list[Quantity | None] = [*change.now, change.base, change.difference]
    if not _from_words(change):
        named = [c.quantity for c in _claims_of(claims, change)[-1:]]
    return change.sentence.severity_of([change.number, *(q for q in named if q is not None)])


def _from_tables(claims: tuple[Claim, ...], change: Change, now: Cells, then: Cells) -> list[_Pair]:
    """Both numbers in every meaning of the claim that the change belongs to."""
    found = _claims_of(claims, change)
    if not found:
        return []
    claim = found[-1]
    if change.now and claim.quantity != change.now[0]:
        return []
    pairs = zip(meanings(claim, now, {}), meanings(claim, then, {}), strict=False)
    return [
        _Pair(a.value, b.value, a.name, a.cells)
        for a, b in pairs
        if a.value is not None and b.value is not None
    ]


def _rate(pair: _Pair) -> Decimal | None:
    return None if pair.base == 0 else (pair.now - pair.base) * HUNDRED / pair.base


def _fits(change: Change, pair: _Pair) -> bool:
    """Whether the printed number, without its sign, is right for the pair."""
    q = change.number
    if q.kind == "count":
        return q.shows(abs(pair.now - pair.base))
    rate = _rate(pair)
    return rate is not None and q.shows(abs(rate))


def _told(change: Change, pair: _Pair) -> str:
    rate = _rate(pair)
    numbers = f"本年{plain(pair.now)}、上年{plain(pair.base)}"
    if pair.name:
        numbers = f"{pair.name}{numbers}"
    if change.number.kind == "count":
        return f"{numbers}，差额为{plain(abs(pair.now - pair.base))}"
    step = min(change.number.ulp, Decimal("0.1"))
    return f"{numbers}，增减幅度为{at_step(rate or Decimal(0), step)}%"


def _right(change: Change, pair: _Pair) -> str:
    """What should have been printed, without its sign."""
    if change.number.kind == "count":
        return plain(abs(pair.now - pair.base))
    return f"{at_step(abs(_rate(pair) or Decimal(0)), change.number.ulp)}%"


def _number_findings(
    change: Change, pairs: list[_Pair], severity: Severity
) -> Iterator[ProseFinding]:
    s, q = change.sentence, change.number
    printed = s.text[q.start : q.end].strip()
    span = [(q.start, q.end)]
    first = pairs[0]
    if q.kind == "percent" and all(p.base == 0 for p in pairs):
        message = f"上年为0，“{printed}”没有意义；请改写为“上年为0件”或只写增加的件数"
        yield s.finding("Y10", severity, message, span, printed, None, first.cells)
        return
    pairs = [p for p in pairs if p.base or q.kind == "count"]
    if not q.hedged and not any(_fits(change, p) for p in pairs):
        message = f"写作{printed}，{_told(change, pairs[0])}；请核对后改正"
        right = _right(change, pairs[0])
        yield s.finding("Y9", severity, message, span, printed, right, first.cells)
        return
    small = q.kind == "percent" and all(p.base < SMALL_BASE for p in pairs)
    if small and change.base is None and change.difference is None:
        message = f"上年基数不足10（{plain(pairs[0].base)}），百分比容易误导；请同时写明增减的件数"
        yield s.finding("Y10", severity, message, span, printed, None, first.cells)


def _direction(change: Change, pairs: list[_Pair], severity: Severity) -> Iterator[ProseFinding]:
    """Y11: the word says one thing, the numbers another, in every meaning."""
    signs = {p.now > p.base if p.now != p.base else None for p in pairs}
    if change.up in signs or (change.number.value == 0 and None in signs):
        return
    s, (start, end) = change.sentence, change.word
    message = f"写作“{s.text[start:end]}”，而{_told(change, pairs[0])}；请改正增减的方向"
    yield s.finding(
        "Y11",
        severity,
        message,
        [change.word],
        s.text[start:end],
        plain(pairs[0].now - pairs[0].base),
        pairs[0].cells,
    )


def _level(
    sentence: Sentence, claims: tuple[Claim, ...], now: Cells, then: Cells
) -> Iterator[ProseFinding]:
    """Y11 for 与上年持平."""
    match = LEVEL.search(sentence.text)
    if match is None or "基本" in match[0]:
        return
    q = Quantity(match.start(), match.end(), Decimal(0))
    change = Change(sentence, q, match.span("word"), up=True)
    pairs = _from_tables(claims, change, now, then)
    if pairs and not any(p.now == p.base for p in pairs):
        message = f"写作“{match[0]}”，而{_told(change, pairs[0])}；请改正"
        span = [match.span("word")]
        right = plain(pairs[0].now - pairs[0].base)
        yield sentence.finding(
            "Y11", sentence.severity(span), message, span, "0", right, pairs[0].cells
        )


def check_growth(
    prose: Prose, claims: tuple[Claim, ...], context: ReviewContext
) -> Iterator[ProseFinding]:
    """Recompute rates and differences, from the sentence's own numbers or from both years' tables.

    Source: Y9–Y11. All meanings of the number are tried (新收 and 新收+上年结转 give
    different rates); hedged rates are only asked for their direction.
    """
    now, then = context.cells, context.previous_cells
    for sentence in prose.sentences:
        if not sentence.quantities and "平" not in sentence.text:
            continue
        yield from _level(sentence, claims, now, then)
        for change in changes(sentence, context.year):
            pairs = _from_words(change) or _from_tables(claims, change, now, then)
            if not pairs:
                continue
            severity = _severity(change, claims)
            wrong = list(_direction(change, pairs, severity))
            yield from wrong or _number_findings(change, pairs, severity)

"""Numbers of the prose against the cells of the tables (N1–N5, N8–N10, N14–N16)."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from nianbao.prose.review import vocabulary as words
from nianbao.prose.review.cells import Cells, Meaning, plain
from nianbao.prose.review.context import ReviewContext
from nianbao.prose.review.findings import ProseFinding
from nianbao.prose.review.meanings import WAN, meanings
from nianbao.prose.review.phrases import Claim

_CALIBER = frozenset({"N9", "N10"})
"""Rules that are never an error: how the cases are counted differs (specification 2.8)."""

Known = tuple[Meaning, Decimal]
"""A meaning with the number it has."""


def known_meanings(claim: Claim, cells: Cells, context: ReviewContext) -> list[Known]:
    """The claim's meanings that have a number; none when the plainest one has none."""
    found = meanings(claim, cells, context.figures)
    if not found or found[0].value is None:
        return []
    return [(m, m.value) for m in found if m.value is not None]


def _written(claim: Claim) -> str:
    q = claim.quantity
    return claim.sentence.text[q.start : q.end].strip()


def _one_column(claim: Claim, cells: Cells, rows: Meaning) -> str:
    """A hint when the number is that of 自然人 alone."""
    format_ = cells.format_
    keys = [r.key for r in format_.outcome_rows if any(r.path in c for c in rows.cells)]
    person = cells.outcomes(keys, format_.person, (format_.person,)).value
    if claim.kind != "outcome" or person is None or not claim.quantity.shows(person):
        return ""
    return f"（这是“{format_.person}”一列的数）"


def _mismatch(claim: Claim, known: list[Known], cells: Cells) -> ProseFinding:
    q, unit = claim.quantity, claim.quantity.unit or "件"
    first, value = known[0]
    where = "、".join(first.cells[:2]) + ("等" if len(first.cells) > 2 else "")
    rest = [f"{m.name}{plain(v)}{unit}" for m, v in known[1:] if claim.kind != "verdict"]
    others = f"，与{'、'.join(rest)}也都不符" if rest else ""
    message = (
        f"“{claim.label}”写作{_written(claim)}{_one_column(claim, cells, first)}，"
        f"{where}为{plain(value)}{unit}{others}；请核对表格或改正文字，口径不同的请在文中写明"
    )
    spans = [(q.start, q.end)]
    severity = "warning" if claim.rule in _CALIBER else claim.sentence.severity(spans)
    return claim.sentence.finding(
        claim.rule, severity, message, spans, _written(claim), plain(value), first.cells
    )


def _fee(claim: Claim, known: list[Known]) -> ProseFinding:
    """N16, with a word of its own for 元 taken for 万元."""
    first, value = known[0]
    scaled = any(v and claim.quantity.value in (v * WAN, v / WAN) for _, v in known)
    hint = "，相差一万倍，请检查单位是元还是万元" if scaled else "；请核对收费台账或改正文字"
    message = f"信息处理费写作{_written(claim)}，数据“{first.name}”为{plain(value)}元{hint}"
    spans = [(claim.quantity.start, claim.quantity.end)]
    severity = claim.sentence.severity(spans)
    return claim.sentence.finding(
        claim.rule, severity, message, spans, _written(claim), plain(value), first.cells
    )


def _other_meaning(claim: Claim, fits: Meaning, known: list[Known]) -> ProseFinding:
    """N1 as a hint: the number fits, but not the plainest meaning of the word."""
    first, value = known[0]
    message = (
        f"“{claim.label}”写作{_written(claim)}，与“{fits.name}”相符，而{first.name}为"
        f"{plain(value)}件；如指新收请改正，如含上年结转请在文中写明"
    )
    spans = [(claim.quantity.start, claim.quantity.end)]
    return claim.sentence.finding(
        claim.rule, "info", message, spans, _written(claim), plain(value), first.cells + fits.cells
    )


def _fewer_published(claim: Claim, value: Decimal) -> bool:
    """Whether fewer decisions are named than were made and the sentence may mean publication."""
    before = claim.sentence.text[: claim.quantity.start]
    fewer = claim.kind == "decision" and claim.quantity.value < value
    return fewer and words.DECIDED.search(before) is None


def _split_repeal(claim: Claim, claims: tuple[Claim, ...], value: Decimal) -> bool:
    """Whether 废止 and 失效 are named apart and the table has both in one cell."""
    if claim.kind != "document":
        return False
    same = [c for c in claims if c.sentence is claim.sentence and c.keys == claim.keys]
    return len(same) > 1 and sum((c.quantity.value for c in same), Decimal(0)) == value


def compare_claims(claims: tuple[Claim, ...], context: ReviewContext) -> Iterator[ProseFinding]:
    """Compare each claim with every number it may stand for; speak when none fits.

    Source: N1–N5, N8–N10, N14–N16. Hedged numbers (近, 余 …) are not compared, nor is
    anything with a cell that was not filled.
    """
    cells = context.cells
    for claim in claims:
        known = known_meanings(claim, cells, context)
        if claim.quantity.hedged or not known or claim.rule == "N13":
            continue
        first, value = known[0]
        fits = next((m for m, v in known if claim.quantity.shows(v)), None)
        if fits is None:
            if _fewer_published(claim, value) or _split_repeal(claim, claims, value):
                continue
            yield _fee(claim, known) if claim.kind == "fee" else _mismatch(claim, known, cells)
        elif fits is not first and claim.kind == "received" and words.STRICT.search(claim.label):
            yield _other_meaning(claim, fits, known)

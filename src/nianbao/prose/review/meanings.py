"""All numbers of the tables that a claim may rightly stand for, the plainest first."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from nianbao.prose.review.cells import APPEAL, LAWSUITS, Cells, Meaning
from nianbao.prose.review.claims import Claim
from nianbao.statutory.wholes import CARRIED_IN, CARRIED_OUT, FINISHED, NEW, RECEIVED

WAN = Decimal(10000)


def _requests(claim: Claim, cells: Cells) -> list[Meaning]:
    new = cells.of(cells.wholes[NEW], "新收")
    carried_in = cells.of(cells.wholes[CARRIED_IN], "上年结转")
    handled = cells.of(cells.wholes[FINISHED], "（七）总计")
    both = cells.of(cells.wholes[RECEIVED], "新收+上年结转")
    match claim.kind:
        case "received":
            return [new, both, handled]
        case "carried_in":
            return [carried_in]
        case "carried_out":
            return [cells.of(cells.wholes[CARRIED_OUT], "结转下年度")]
        case _:
            # Of this year's alone; and 办理, 处理 may mean everything that was to be done.
            own = Meaning("（七）总计−上年结转", _minus(handled.value, carried_in.value))
            wide = [both, new] if claim.label in {"办理", "处理"} else []
            return [handled, own, *wide]


def _minus(a: Decimal | None, b: Decimal | None) -> Decimal | None:
    return None if a is None or b is None else a - b


def _applicant(claim: Claim, cells: Cells) -> list[Meaning]:
    key = cells.format_.person if claim.keys[0] == "person" else claim.keys[0]
    named = ((NEW, "新收"), (RECEIVED, "新收+上年结转"), (FINISHED, "（七）总计"))
    return [
        cells.of(part, f"{words}{claim.label}")
        for whole, words in named
        for part in cells.wholes[whole].below
        if part.key == key
    ]


def _outcome(claim: Claim, cells: Cells) -> list[Meaning]:
    """Return the results that are named, groups and details alike, together."""
    results = cells.wholes[FINISHED].parts
    known = {whole.key: whole for result in results for whole in (*result.parts, result)}
    found = [cells.of(known[key]) for key in claim.keys if key in known]
    return [cells.total(found, claim.label)] if found else []


def _verdict(claim: Claim, cells: Cells) -> list[Meaning]:
    column, *groups = claim.keys
    found = [cells.reviews(groups, column, f"{'、'.join(groups)}{column}")]
    # 复议、诉讼各…，其中维持…: the words before may have named either, or both together.
    others = ((APPEAL,), LAWSUITS, *((g,) for g in LAWSUITS), (APPEAL, *LAWSUITS))
    found += [
        cells.reviews(o, column, f"{'、'.join(o)}{column}") for o in others if o != tuple(groups)
    ]
    return found


def _decision(claim: Claim, cells: Cells) -> list[Meaning]:
    table = "decisions"
    if claim.kind == "document":
        return [cells.cell(table, *claim.keys)]
    if claim.kind == "decision":
        return [cells.cell(table, claim.keys[0], cells.format_.decision_names["decided"])]
    row, column = next(
        (r, c) for r, c in cells.format_.decision_cells if c in cells.format_.money_columns
    )
    charge = cells.cell(table, row, column)
    value = None if charge.value is None else charge.value * WAN
    return [Meaning(charge.name, value, charge.cells)]


def fee_meanings(figures: Mapping[str, Decimal]) -> list[Meaning]:
    """Return the bureau's fee record among its named figures, in 元."""
    return [
        Meaning(name, value * WAN if "万元" in name else value, (f"数据 {name}",))
        for name, value in figures.items()
        if "处理费" in name and not any(w in name for w in ("件数", "份数", "通知", "次数", "人数"))
    ]


def named_cells(claim: Claim, cells: Cells) -> list[Meaning]:
    """Return the cells that a claim may stand for; none for fees.

    Cells that the tables lack are among them.
    """
    match claim.kind:
        case "fee":
            return []
        case "document" | "decision" | "charge":
            return _decision(claim, cells)
        case "dispute":
            total = cells.format_.total
            return [cells.reviews(claim.keys, total, f"{'、'.join(claim.keys)}总计")]
        case "verdict":
            return _verdict(claim, cells)
        case "applicant":
            return _applicant(claim, cells)
        case "outcome":
            return _outcome(claim, cells)
    return _requests(claim, cells)


_TABLES = {"document": "decisions", "decision": "decisions", "charge": "decisions",
           "dispute": "reviews", "verdict": "reviews"}  # fmt: skip


def meanings(claim: Claim, cells: Cells, figures: Mapping[str, Decimal]) -> list[Meaning]:
    """Return what a claim may stand for; the first is what the words say most plainly.

    Empty when nothing is known to compare with. Source: specification 2.8, 2.10 doubt 6.
    """
    if claim.kind == "fee":
        return fee_meanings(figures)
    return named_cells(claim, cells) if cells.has(_TABLES.get(claim.kind, "requests")) else []

"""All numbers of the tables that a claim may rightly stand for, the plainest first."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from nianbao.prose.review.cells import APPEAL, LAWSUITS, Cells, Meaning
from nianbao.prose.review.claims import Claim
from nianbao.statutory import Format

WAN = Decimal(10000)


def _rows(format_: Format, keys: tuple[str, ...]) -> tuple[str, ...]:
    """Row keys, a group of the format spread into its rows."""
    return tuple(
        row.key
        for key in keys
        for row in format_.outcome_rows
        if row.key == key or row.group == key
    )


def _columns(format_: Format, key: str) -> tuple[str, ...]:
    if key == "person":
        return (format_.person,)
    return format_.organisations if key == "organisation" else (key,)


def _requests(claim: Claim, cells: Cells) -> list[Meaning]:
    new = cells.request("new", "新收")
    carried_in = cells.request("carried_in", "上年结转")
    handled = cells.request("total", "（七）总计")
    both = cells.total((new, carried_in), "新收+上年结转")
    match claim.kind:
        case "received":
            return [new, both, handled]
        case "carried_in":
            return [carried_in]
        case "carried_out":
            return [cells.request("carried_out", "结转下年度")]
        case _:
            # Of this year's alone; and 办理, 处理 may mean everything that was to be done.
            own = Meaning("（七）总计−上年结转", _minus(handled.value, carried_in.value))
            wide = [both, new] if claim.label in {"办理", "处理"} else []
            return [handled, own, *wide]


def _minus(a: Decimal | None, b: Decimal | None) -> Decimal | None:
    return None if a is None or b is None else a - b


def _applicant(claim: Claim, cells: Cells) -> list[Meaning]:
    columns = _columns(cells.format_, claim.keys[0])
    new = cells.request("new", f"新收{claim.label}", columns)
    carried = cells.request("carried_in", f"上年结转{claim.label}", columns)
    return [
        new,
        cells.total((new, carried), f"新收+上年结转{claim.label}"),
        cells.request("total", f"（七）总计{claim.label}", columns),
    ]


def _outcome(claim: Claim, cells: Cells) -> list[Meaning]:
    rows = _rows(cells.format_, claim.keys)
    return [cells.outcomes(rows, claim.label)] if rows else []


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
        column = next(c for r, c in cells.format_.decision_cells if r == claim.keys[0])
        return [cells.cell(table, claim.keys[0], column)]
    row, column = next(
        (r, c) for r, c in cells.format_.decision_cells if c in cells.format_.money_columns
    )
    charge = cells.cell(table, row, column)
    value = None if charge.value is None else charge.value * WAN
    return [Meaning(charge.name, value, charge.cells)]


def fee_meanings(figures: Mapping[str, Decimal]) -> list[Meaning]:
    """The bureau's fee record among its named figures, in 元."""
    return [
        Meaning(name, value * WAN if "万元" in name else value, (f"数据 {name}",))
        for name, value in figures.items()
        if "处理费" in name and not any(w in name for w in ("件数", "份数", "通知", "次数", "人数"))
    ]


def meanings(claim: Claim, cells: Cells, figures: Mapping[str, Decimal]) -> list[Meaning]:
    """What a claim may stand for; the first is what the words say most plainly.

    Empty when nothing is known to compare with. Source: specification 2.8, 2.10 doubt 6.
    """
    match claim.kind:
        case "fee":
            return fee_meanings(figures)
        case "document" | "decision" | "charge":
            return _decision(claim, cells) if cells.has("decisions") else []
        case "dispute":
            name = "、".join(claim.keys)
            total = cells.format_.total
            known = cells.has("reviews")
            return [cells.reviews(claim.keys, total, f"{name}总计")] if known else []
        case "verdict":
            return _verdict(claim, cells) if cells.has("reviews") else []
    if not cells.has("requests"):
        return []
    match claim.kind:
        case "applicant":
            return _applicant(claim, cells)
        case "outcome":
            return _outcome(claim, cells)
    return _requests(claim, cells)

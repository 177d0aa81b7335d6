"""A government's figures: its own and those of the units below it, cell by cell.

Nothing derived is stored: the sum is taken anew from what each unit handed in. A cell that one
unit left blank makes the sum unknown, never smaller. Every sum keeps the tables it is made of
(``Table.units``), so that any number can be followed down to the unit that gave it; the table by
unit shows the units beside each other. Source: specification 2.7.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

import pandas as pd

from nianbao.inputs.bundle import CellKey, Inputs, NamedFigure
from nianbao.inputs.matrices import empty_decisions
from nianbao.inputs.values import Cell, State, computed
from nianbao.statistics.arithmetic import Number, total, whole
from nianbao.statistics.disclosures import column_total
from nianbao.statistics.fees import (
    CHARGED,
    FEE,
    NOTICES,
    collected,
    notices_of,
    reported_count,
    reported_fee,
)
from nianbao.statistics.model import Table
from nianbao.statutory import Format, format_for

UNITS = "units"
"""Key of the table by unit."""
OWN = "本级"
"""What the government itself handed in, as a unit."""
SCOPE, WHOLE_AREA = "数据范围", "全部单位"
"""A row of figures by which a government says that its tables are sums already, as those of
an imported report are: they are compared with the sum, not added to it."""

_NAMED_CHANNEL = re.compile(r"^[“\"「『][^”\"」』]+[”\"」』]")
_EMPTY = Cell(State.EMPTY)


@dataclass(frozen=True, slots=True)
class Part:
    """A unit's share of a sum: the way down to it, its cell, and the files it was counted from."""

    path: tuple[str, ...]
    cell: Cell
    files: str = ""

    @property
    def source(self) -> str:
        """The place of the number, or the files it was counted from; empty if it is not known."""
        if self.cell.place:
            return str(self.cell.place)
        return f"由 {self.files} 统计" if self.files and self.cell.is_number else ""


def consolidate(inputs: Inputs) -> Inputs:
    """Return the inputs of a government as those of its whole area; any others as they are.

    Doing it twice changes nothing.

    Returns
    -------
    Inputs
        ``units`` is what the tables are summed from: the government's own data, if it handed
        in any, and its children, each taken together itself. ``disclosures`` and the fees in
        ``figures`` are those of all units. The ledgers that one body keeps (requests, cases)
        are left to the units. Where the government handed in the sums of the whole area they
        stand in ``claimed``; as long as a unit is missing they are all there is, and the
        inputs stay as they are.

    Examples
    --------
    >>> [unit_name(u, inputs) for u in consolidate(inputs).units]  # doctest: +SKIP
    ['本级', '示例县公安局', '示例县青山镇人民政府']
    """
    previous = inputs.previous and consolidate(inputs.previous)
    earlier = tuple(consolidate(year) for year in inputs.earlier)
    inputs = replace(inputs, previous=previous, earlier=earlier)
    if inputs.units or not inputs.children:
        return inputs
    children = tuple(consolidate(child) for child in inputs.children)
    if claims_area(inputs):
        if missing_units(inputs):
            return inputs
        units, claimed = children, _own(inputs)
    else:
        own = _own(inputs)
        units, claimed = ((own, *children) if _handed_in(own) else children), None
    return replace(
        inputs,
        disclosures=_merged([unit.disclosures for unit in units]),
        decisions=empty_decisions(format_for(inputs.params.year)),
        requests=None,
        requests_table=None,
        reviews=None,
        cases=None,
        figures={**inputs.figures, **{f.name: f for f in _fees(units)}},
        units=units,
        claimed=claimed,
    )


def claims_area(inputs: Inputs) -> bool:
    """Return whether the government says that its own tables are those of the whole area."""
    scope = inputs.figures.get(SCOPE)
    return scope is not None and scope.cell.raw.strip() == WHOLE_AREA


def missing_units(inputs: Inputs) -> tuple[str, ...]:
    """Return the names of the units of all levels that handed in nothing for the year."""
    below = (missing_units(child) for child in inputs.children)
    return (*inputs.missing, *(name for names in below for name in names))


def covers_area(inputs: Inputs) -> bool:
    """Return whether a year's tables are those of the whole area: no unit is missing in them."""
    return claims_area(inputs) or not missing_units(inputs)


def unit_name(unit: Inputs, of: Inputs) -> str:
    """Return what a unit is called in the sum: its full name, or 本级 for the government itself."""
    return OWN if unit.agency.code == of.agency.code else unit.agency.name


def leaves(inputs: Inputs) -> Iterator[Inputs]:
    """Yield the units of all levels that handed in data of their own."""
    if not inputs.units:
        yield inputs
    for unit in inputs.units:
        yield from leaves(unit)


def sum_cells(tables: Sequence[Table]) -> dict[CellKey, Cell]:
    """Return the sum of statutory tables of one kind, cell by cell; unknown where a part is."""
    return {
        key: computed(total(table.cells.get(key, _EMPTY) for table in tables))
        for key in tables[0].cells
    }


def trace(table: Table, key: CellKey) -> tuple[Part, ...]:
    """Return what a cell is the sum of, down to the units that handed it in.

    Examples
    --------
    >>> parts = trace(tables["requests"], ("new", "总计"))  # doctest: +SKIP
    >>> parts[0]  # doctest: +SKIP
    Part(path=('示例县青山镇人民政府',), cell=Cell(…), files='requests.csv')
    """
    if not table.units:
        return (Part((), table.cells.get(key, _EMPTY), table.source),)
    return tuple(
        Part((name, *part.path), part.cell, part.files)
        for name, below in table.units
        for part in trace(below, key)
    )


def changed_units(inputs: Inputs) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the names of the units that only last year has and that only this year has.

    A unit that is merely missing this year is not gone. Both are empty where either year is
    not a sum.
    """
    before = inputs.previous
    if not inputs.units or before is None or not before.units:
        return (), ()
    now, last = _names(inputs), _names(before)
    late = {*missing_units(inputs)}
    gone = tuple(name for code, name in last.items() if code not in now and name not in late)
    return gone, tuple(name for code, name in now.items() if code not in last)


def same_units(inputs: Inputs) -> bool:
    """Return whether this year and last year count the same bodies."""
    before = inputs.previous
    if before is None or bool(inputs.units) != bool(before.units):
        return before is None
    return _names(inputs).keys() == _names(before).keys()


def _names(inputs: Inputs) -> dict[str, str]:
    return {unit.agency.code: unit.agency.name for unit in leaves(inputs)}


def _own(inputs: Inputs) -> Inputs:
    """Return what the government itself handed in, without its units, this year and last."""
    before = inputs.previous
    if before is not None:
        own = _own(before)
        before = own if _handed_in(own) and not claims_area(own) else None
    alone = replace(inputs, children=(), missing=(), units=(), claimed=None, previous=before)
    return replace(alone, earlier=(), unread={})


def _handed_in(own: Inputs) -> bool:
    """Return whether there is anything to count.

    A government may leave everything to its office's report.
    """
    ledgers = (own.requests, own.requests_table, own.reviews, own.disclosures)
    filled = any(cell.state is not State.EMPTY for cell in own.decisions.values())
    return filled or any(ledger is not None for ledger in ledgers)


def _merged(ledgers: Iterable[pd.DataFrame | None]) -> pd.DataFrame | None:
    """Return the disclosures of all units.

    An account's own name is left out: what counts in an area is how much went out by 微信公众号,
    not that each body has an account of its own.
    """
    known = [ledger for ledger in ledgers if ledger is not None]
    if not known:
        return None
    merged = pd.concat(known, ignore_index=True)
    kinds = [_NAMED_CHANNEL.sub("", channel) or channel for channel in merged["渠道"]]
    return merged.assign(渠道=pd.Series(kinds, dtype=object))


def fee_of_unit(unit: Inputs) -> Decimal | None:
    """Return the 信息处理费 of a unit in yuan, as reported or as its ledger charged; else None."""
    fee = reported_fee(unit.figures)
    if fee is None and unit.cases is not None and (unit.cases["noticed"] > 0).any():
        return collected(unit.cases, unit.params.year)
    return fee


def _fees(units: Sequence[Inputs]) -> Iterator[NamedFigure]:
    """Yield the fee of all units, and how often it was asked for.

    Who collects nothing has to say so: without it the sum is not known. A number of notices
    that nobody reported is not a blank.
    """
    note = f"{len(units)}个单位合计"
    fees = [fee_of_unit(unit) for unit in units]
    if any(fee is not None for fee in fees):
        known = [fee for fee in fees if fee is not None]
        sum_ = sum(known, Decimal(0)) if len(known) == len(fees) else None
        yield NamedFigure(FEE, computed(sum_), "元", note)
    for name, count in ((CHARGED, _charged), (NOTICES[0], _notices)):
        known = [number for unit in units if (number := count(unit)) is not None]
        if known:
            yield NamedFigure(name, computed(sum(known, Decimal(0))), "件", note)


def _charged(unit: Inputs) -> Decimal | None:
    return reported_count(unit.figures, CHARGED)


def _notices(unit: Inputs) -> Decimal | None:
    count = reported_count(unit.figures, *NOTICES)
    if count is not None or unit.cases is None or not (unit.cases["noticed"] > 0).any():
        return count
    return Decimal(len(notices_of(unit.cases, unit.params.year)))


UNIT, ALL = "单位", "合计"
DISCLOSURES_COLUMN = "主动公开"


def unit_columns(format_: Format) -> dict[str, tuple[str, tuple[tuple[str, str], ...]]]:
    """Return the columns of numbers: for each its table and the cells it is the sum of."""
    requests = {
        "新收申请": "new",
        "上年结转": "carried_in",
        "办结": "total",
        "结转下年": "carried_out",
    }
    decided = format_.decision_names["decided"]
    last = format_.review_columns[-1]
    heads = dict.fromkeys(group.head for group in format_.review_groups)
    return {
        **{name: ("requests", ((row, format_.total),)) for name, row in requests.items()},
        **{row: ("decisions", ((row, decided),)) for row in format_.decided_rows},
        **{
            head: ("reviews", tuple((g.key, last) for g in format_.review_groups if g.head == head))
            for head in heads
        },
    }


def unit_table(
    inputs: Inputs,
    units: Sequence[tuple[Inputs, Mapping[str, Table]]],
    sums: Mapping[str, Table],
    format_: Format,
) -> Table:
    """Return one row a unit, and the sum.

    ``units`` have their own tables, and ``sums`` are the government's.
    """
    named = [(name, *unit) for name, unit in zip(short_names(inputs), units, strict=True)]
    rows = [[name, *_numbers(tables, format_)] for name, _, tables in named]
    rows.append([ALL, *_numbers(sums, format_)])
    silent = [name for name, unit, _ in named if not _tells_disclosures(unit)]
    notes = (
        (f"未报送主动公开台账、未计入“{DISCLOSURES_COLUMN}”的单位：{'、'.join(silent)}。",)
        if silent
        else ()
    )
    return Table(
        key=UNITS,
        title=f"{inputs.params.year}年各单位主要数据",
        unit=f"件，{DISCLOSURES_COLUMN}为条",
        source=f"{len(units)}个单位的填报数据",
        frame=pd.DataFrame(rows, columns=_head(format_), dtype=object),
        notes=notes,
    )


def short_names(inputs: Inputs) -> tuple[str, ...]:
    """Return what the units are called in the table.

    Short names serve unless two are alike.
    """
    full = [unit_name(unit, inputs) for unit in inputs.units]
    short = [
        name if name == OWN else unit.agency.short_name or name
        for name, unit in zip(full, inputs.units, strict=True)
    ]
    return tuple(short if len(set(short)) == len(short) else full)


def _head(format_: Format) -> list[str]:
    names = list(unit_columns(format_))
    return [UNIT, *names[:4], DISCLOSURES_COLUMN, *names[4:]]


def _numbers(tables: Mapping[str, Table], format_: Format) -> Iterator[Number | None]:
    by_name = {
        name: total(tables[table].cells[key] for key in keys)
        for name, (table, keys) in unit_columns(format_).items()
    }
    for name in _head(format_)[1:]:
        if name == DISCLOSURES_COLUMN:
            disclosed = tables.get("disclosures_by_channel")
            yield None if disclosed is None else column_total(disclosed)
        else:
            number = by_name[name]
            yield whole(number)


def _tells_disclosures(unit: Inputs) -> bool:
    return unit.disclosures is not None and bool(len(unit.disclosures))

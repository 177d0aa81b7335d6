"""The table by unit in a government's report."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

import pandas as pd

from nianbao.inputs.bundle import Inputs
from nianbao.statistics.arithmetic import total, whole
from nianbao.statistics.disclosures import column_total
from nianbao.statistics.model import Table
from nianbao.statistics.rollup import OWN, UNITS, unit_name
from nianbao.statutory import Format

Number = int | Decimal

UNIT, ALL = "单位", "合计"
DISCLOSED = "主动公开"


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

    Parameters
    ----------
    inputs
        Of the government, taken together.
    units
        Each unit with its own tables.
    sums
        The government's tables.
    """
    rows = [
        [name, *_numbers(tables, format_)]
        for name, (_, tables) in zip(short_names(inputs), units, strict=True)
    ]
    rows.append([ALL, *_numbers(sums, format_)])
    silent = [
        name
        for name, (unit, _) in zip(short_names(inputs), units, strict=True)
        if not _tells_disclosures(unit)
    ]
    notes = (
        (f"未报送主动公开台账、未计入“{DISCLOSED}”的单位：{'、'.join(silent)}。",) if silent else ()
    )
    return Table(
        key=UNITS,
        title=f"{inputs.params.year}年各单位主要数据",
        unit=f"件，{DISCLOSED}为条",
        source=f"{len(units)}个单位的填报数据",
        frame=pd.DataFrame(rows, columns=_head(format_), dtype=object),
        notes=notes,
    )


def short_names(inputs: Inputs) -> tuple[str, ...]:
    """Return what the units are called in the table: short names, or full ones where two are
    alike.
    """
    full = [unit_name(unit, inputs) for unit in inputs.units]
    short = [
        name if name == OWN else unit.agency.short_name or name
        for name, unit in zip(full, inputs.units, strict=True)
    ]
    return tuple(short if len(set(short)) == len(short) else full)


def _head(format_: Format) -> list[str]:
    names = list(unit_columns(format_))
    return [UNIT, *names[:4], DISCLOSED, *names[4:]]


def _numbers(tables: Mapping[str, Table], format_: Format) -> Iterator[Number | None]:
    by_name = {
        name: total(tables[table].cells[key] for key in keys)
        for name, (table, keys) in unit_columns(format_).items()
    }
    for name in _head(format_)[1:]:
        if name == DISCLOSED:
            disclosed = tables.get("disclosures_by_channel")
            yield None if disclosed is None else column_total(disclosed)
        else:
            number = by_name[name]
            yield None if number is None else whole(number)


def _tells_disclosures(unit: Inputs) -> bool:
    return unit.disclosures is not None and bool(len(unit.disclosures))

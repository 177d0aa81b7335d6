"""The tables of a report from what the bureau handed in.

What a total shows
------------------
- All parts are numbers: the computed sum. A total that was handed in is checked (B2, B3,
  C1–C3), never printed in its place.
- No part is a number and a total was handed in: that total, as handed in. It is all that is
  known (last year's report may be known by its totals alone); B6 and V3 say so.
- Some parts are numbers and some are not: nothing. The sum is not known, and the given total
  cannot be checked.

So nothing blank becomes zero, and no printed sum disagrees with the parts beside it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from decimal import Decimal
from functools import partial
from pathlib import PurePosixPath

import pandas as pd

from nianbao.inputs.bundle import CellKey, Inputs
from nianbao.inputs.project import data_folder, may_be_workbook
from nianbao.inputs.values import Cell, State, computed
from nianbao.statistics.arithmetic import plain, total, whole
from nianbao.statistics.comparison import (
    SERIES,
    comparison_table,
    omitted_years,
    series_table,
    shown_years,
)
from nianbao.statistics.deadlines import BY_DAYS, days_table
from nianbao.statistics.disclosures import disclosure_tables
from nianbao.statistics.model import Table
from nianbao.statistics.rollup import (
    UNITS,
    consolidate,
    missing_units,
    sum_cells,
    unit_name,
    unit_table,
)
from nianbao.statutory import Format, Layout, format_for, row_name
from nianbao.statutory.layout import decisions_layout, requests_layout, reviews_layout

EMPTY = Cell(State.EMPTY)


def build_tables(
    inputs: Inputs, format_: Format, previous: Mapping[str, Table] | None = None
) -> dict[str, Table]:
    """Return all tables of a report.

    ``previous`` are last year's (`last_year_tables`) where they have been made already.

    Returns
    -------
    dict
        ``decisions``, ``requests``, ``reviews``; then ``disclosures_by_channel``,
        ``disclosures_by_category``, ``disclosures_by_month``, ``requests_by_days``,
        ``comparison`` and ``series`` where there are data for
        them, and ``units`` where the tables are sums over units
        (`nianbao.statistics.rollup`). Counts are int, money is Decimal exactly as handed in,
        what was not filled is None. The module's docstring says what a total shows.

    Examples
    --------
    >>> build_tables(inputs, load_format())["requests"].frame.at["new", "总计"]  # doctest: +SKIP
    38
    """
    inputs = consolidate(inputs)
    tables = _year_tables(inputs, format_)
    if inputs.cases is not None:
        source = _source(inputs, "requests", ())
        if days := days_table(inputs.cases, inputs.params.year, source):
            tables[BY_DAYS] = days
    if inputs.previous is not None:
        previous = previous or last_year_tables(inputs.previous, format_)
        comparison = comparison_table(inputs.params.year, tables, previous, format_)
        if comparison:
            tables["comparison"] = comparison
        if before := shown_years(inputs):
            *older, _, _ = before.items()
            years = {
                **{year: last_year_tables(found, format_) for year, found in older},
                inputs.params.year - 1: previous,
                inputs.params.year: tables,
            }
            tables[SERIES] = series_table(years, omitted_years(inputs), format_)
    return tables


def last_year_tables(last: Inputs, format_: Format) -> dict[str, Table]:
    """Return last year's tables alone, in the format of their year but under this year's labels.

    So a cell has one name in both years; what only one format has is in one year's tables alone.
    There is no ``comparison`` among them.
    """
    own = format_for(last.params.year)
    tables = _year_tables(consolidate(last), own)
    return {key: relabelled(table, own.labels, format_.labels) for key, table in tables.items()}


def relabelled(table: Table, old: Mapping[str, str], new: Mapping[str, str]) -> Table:
    """Return a statutory table under the labels of another format.

    ``old`` and ``new`` are the ``labels`` of the table's own format and of the other one.
    """
    names = {label: new[key] for key, label in old.items() if new.get(key, label) != label}
    if not names or table.layout is None:
        return table
    cells = {(names.get(r, r), names.get(c, c)): cell for (r, c), cell in table.cells.items()}
    return replace(table, cells=cells, frame=table.frame.rename(index=names, columns=names))


def _year_tables(inputs: Inputs, format_: Format) -> dict[str, Table]:
    """Return the tables of this year alone: a government's are the sums of its units'."""
    if not inputs.units:
        return _own_tables(inputs, format_)
    units = [(unit, _year_tables(unit, format_)) for unit in inputs.units]
    names = [unit_name(unit, inputs) for unit in inputs.units]
    source = f"{len(units)}个单位的填报数据"
    missing = missing_units(inputs)
    notes = (f"未包括没有报送数据的单位：{'、'.join(missing)}。",) if missing else ()
    sums = {}
    for key, sample in units[0][1].items():
        if sample.layout is not None:
            parts = [tables[key] for _, tables in units]
            cells = sum_cells(parts)
            made = _statutory(key, sample.unit, source, cells, sample.layout, format_)
            sums[key] = replace(made, notes=notes, units=tuple(zip(names, parts, strict=True)))
    sums |= disclosure_tables(inputs.disclosures, source)
    by_unit = unit_table(inputs, units, sums, format_)
    return {**sums, UNITS: replace(by_unit, notes=(*by_unit.notes, *notes))}


def _own_tables(inputs: Inputs, format_: Format) -> dict[str, Table]:
    """Return the tables of what one body handed in."""
    source = partial(_source, inputs)
    return {
        "decisions": _decisions(inputs, format_),
        "requests": _requests(inputs, format_),
        "reviews": _reviews(inputs, format_),
        **disclosure_tables(inputs.disclosures, source("disclosures", ())),
    }


def _decisions(inputs: Inputs, format_: Format) -> Table:
    cells = {key: inputs.decisions.get(key, EMPTY) for key in format_.decision_cells}
    source = _source(inputs, "decisions", cells.values())
    unit = "件（收费金额为万元）"
    return _statutory("decisions", unit, source, cells, decisions_layout(format_), format_)


def _requests(inputs: Inputs, format_: Format) -> Table:
    """Return table 3, counted from the ledger, else from the matrix, else empty."""
    given = inputs.requests_table or {}
    if inputs.requests is not None:
        counts = count_ledger(inputs.requests, format_)
        parts = {key: _noted(computed(n), given.get(key)) for key, n in counts.items()}
        sources = [_source(inputs, "requests", ())]
    else:
        parts = dict(given)
        sources = [_source(inputs, "requests_table", given.values())]
    cells = complete_requests(parts, given, format_)
    source = "、".join(sources)
    return _statutory("requests", "件", source, cells, requests_layout(format_), format_)


def complete_requests(
    parts: Mapping[CellKey, Cell], given: Mapping[CellKey, Cell], format_: Format
) -> dict[CellKey, Cell]:
    """Return all cells of table 3: the parts, the 总计 column and the （七）总计 row.

    The parts go by (row key, applicant), and one that is missing is EMPTY; ``given`` are totals as
    handed in.
    """
    cells: dict[CellKey, Cell] = {}
    for row in format_.request_rows:
        keys = [(row.key, applicant) for applicant in format_.applicants]
        if row.key != "total":
            cells |= {key: parts.get(key, EMPTY) for key in keys}
            key = (row.key, format_.total)
            cells[key] = _summed((cells[k] for k in keys), given.get(key))
            continue
        for column in format_.request_columns:
            details = (cells[detail.key, column] for detail in format_.outcome_rows)
            cells["total", column] = _summed(details, given.get(("total", column)))
    return cells


def _reviews(inputs: Inputs, format_: Format) -> Table:
    given = inputs.reviews or {}
    *results, last = format_.review_columns
    cells: dict[CellKey, Cell] = {}
    for group in format_.review_groups:
        parts = {(group.key, result): given.get((group.key, result), EMPTY) for result in results}
        key = (group.key, last)
        cells |= parts | {key: _summed(parts.values(), given.get(key))}
    source = _source(inputs, "reviews", given.values())
    return _statutory("reviews", "件", source, cells, reviews_layout(format_), format_)


def _summed(parts: Iterable[Cell], given: Cell | None) -> Cell:
    """Return the cell of a total; see the module's docstring."""
    cells = tuple(parts)
    if given is not None and given.is_number and not any(cell.is_number for cell in cells):
        return given
    return _noted(computed(total(cells)), given)


def _noted(cell: Cell, given: Cell | None) -> Cell:
    """Return a computed cell with the note that stood beside the given number."""
    return replace(cell, note=given.note) if given is not None and given.note else cell


def _statutory(
    key: str,
    unit: str,
    source: str,
    cells: Mapping[CellKey, Cell],
    layout: Layout,
    format_: Format,
) -> Table:
    """Return a table with the frame and the notes that follow from its cells."""
    rows = list(dict.fromkeys(row for row, _ in cells))
    columns = list(dict.fromkeys(column for _, column in cells))
    values = [
        [_value(cells.get((row, column), EMPTY), column, format_) for column in columns]
        for row in rows
    ]
    return Table(
        key=key,
        title=format_.section(key).heading.split("、", 1)[1],
        unit=unit,
        source=source,
        frame=pd.DataFrame(values, index=rows, columns=columns, dtype=object),
        layout=layout,
        cells=cells,
        notes=tuple(_notes(key, cells, format_)),
    )


def _value(cell: Cell, column: str, format_: Format) -> int | Decimal | None:
    if cell.number is None or column in format_.money_columns:
        return cell.number
    return whole(cell.number)


def _notes(key: str, cells: Mapping[CellKey, Cell], format_: Format) -> Iterable[str]:
    """Return one line for each number that has something beside it."""
    for (row, column), cell in cells.items():
        if cell.note and cell.number is not None:
            unit = "万元" if column in format_.money_columns else "件"
            name = f"“{row_name(key, row, format_)}”的“{column}”"
            yield f"{name}{plain(cell.number)}{unit}：{cell.note.rstrip('。')}。"


def _source(inputs: Inputs, name: str, cells: Iterable[Cell]) -> str:
    """Return the names of the files of a table.

    They are those where its cells stand; else the file called like it; else the workbook.
    """
    placed = [cell.place.file for cell in cells if cell.place]
    # A government's files are listed together with those of its units.
    folder = f"{data_folder(inputs.agency.code, inputs.params.year)}/"
    own = [f for f in inputs.files if f.startswith(folder)]
    placed = placed or [f for f in own if PurePosixPath(f).stem == name]
    placed = placed or [f for f in own if may_be_workbook(f)]
    return "、".join(dict.fromkeys(PurePosixPath(file).name for file in placed))


SOURCE_ROWS = ("new", "carried_in")


def count_ledger(ledger: pd.DataFrame, format_: Format) -> dict[CellKey, int]:
    """Count the cases of a ledger by row and applicant.

    A ledger is complete: what it does not hold did not happen, so every cell is a number.

    ``ledger`` is `Inputs.requests`.

    Returns
    -------
    dict
        (row key, applicant) for 一, 二, the details of 三 and 四; no totals.

    Raises
    ------
    ValueError
        A source, applicant or outcome is not one of the format's: the case would otherwise
        vanish from the table without a word.
    """
    outcomes = (*(row.key for row in format_.outcome_rows), "carried_out")
    counts: dict[CellKey, int] = {}
    for column, rows in (("source", SOURCE_ROWS), ("outcome", outcomes)):
        counts |= {(row, applicant): 0 for row in rows for applicant in format_.applicants}
        found: Counter[CellKey] = Counter()
        groups = zip(*(ledger[each] for each in (column, "applicant", "count")), strict=True)
        for row, applicant, count in groups:  # few: for them pandas would take ten times as long
            found[str(row), str(applicant)] += int(count)
        if unknown := found.keys() - counts.keys():
            raise ValueError(f"ledger holds unknown categories: {sorted(unknown)}")
        counts |= found
    return counts

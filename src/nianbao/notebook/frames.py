"""Give what the bureau handed in as DataFrames, with the official Chinese columns and real dtypes.

Int64 with NA for a number that was not reported, datetime64, categories in the order of the
statute; money is Decimal in an object column.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from pathlib import PurePosixPath
from types import MappingProxyType

import pandas as pd

from nianbao.errors import Place, UsageError
from nianbao.files.words import perhaps
from nianbao.inputs.bundle import CellKey, Inputs
from nianbao.inputs.project import data_folder
from nianbao.inputs.values import Cell
from nianbao.statistics.arithmetic import whole
from nianbao.statistics.comparison import SERIES, series_table
from nianbao.statistics.model import Table
from nianbao.statistics.rollup import unit_name
from nianbao.statistics.statute import (
    APPLICANT,
    COUNT,
    KIND,
    OUTCOME,
    ROW,
    SOURCE,
    UNIT,
)
from nianbao.statutory import Format, row_name

NUMBER, RECEIVED, ANSWERED, CHANNEL = "登记号", "收到日期", "答复日期", "来源渠道"
FILE, LINE = "文件", "行"
DAY = "datetime64[s]"
Dtype = str | pd.CategoricalDtype


def leaf_units(inputs: Inputs, above: tuple[str, ...] = ()) -> Iterator[tuple[str, Inputs]]:
    """Yield the units that handed in data of their own, with the way down to each as its name."""
    if not inputs.units:
        yield "／".join(above) or inputs.agency.name, inputs
    for unit in inputs.units:
        yield from leaf_units(unit, (*above, unit_name(unit, inputs)))


def cases_frame(inputs: Inputs, format_: Format) -> pd.DataFrame:
    """Return the ledgers of requests: one row a case, or one row for several cases."""
    ledgers = {name: unit for name, unit in leaf_units(inputs) if unit.requests is not None}
    rows = [row for name, unit in ledgers.items() for row in _ledger(name, unit, format_)]
    path = pd.CategoricalDtype([row.path for row in format_.request_rows])
    return _frame(
        rows,
        {
            UNIT: pd.CategoricalDtype(list(ledgers)), NUMBER: "string", RECEIVED: DAY,
            APPLICANT: pd.CategoricalDtype(list(format_.request_columns)), SOURCE: path,
            OUTCOME: path, ANSWERED: DAY, CHANNEL: "string", COUNT: "Int64", FILE: "string",
            LINE: "Int64",
        },
    )  # fmt: skip


def _frame(rows: Sequence[Sequence[object]], kinds: Mapping[str, Dtype]) -> pd.DataFrame:
    """Return rows as a frame of these columns, each of its kind."""
    columns = zip(*rows, strict=True) if rows else ((),) * len(kinds)
    return pd.DataFrame(
        {
            name: pd.array(list(values), dtype=kind)  # type: ignore[arg-type]  # wants literals
            for (name, kind), values in zip(kinds.items(), columns, strict=True)
        }
    )


def _ledger(name: str, unit: Inputs, format_: Format) -> Iterator[Sequence[object]]:
    assert unit.requests is not None
    labels = {row.key: row.path for row in format_.request_rows}
    file = ledger_file(unit, "requests")
    ledger = unit.requests if unit.cases is None else unit.cases
    for case in ledger.to_dict("records"):
        days = (_day(case.get("received", 0)), _day(case.get("answered", 0)))
        yield (
            name, case.get("number"), days[0], case["applicant"], labels[case["source"]],
            labels[case["outcome"]], days[1], case.get("channel") or None, case.get("count", 1),
            file, case.get("row"),
        )  # fmt: skip


def _day(ordinal: int) -> date | None:
    return date.fromordinal(ordinal) if ordinal > 0 else None


def ledger_file(inputs: Inputs, stem: str) -> str:
    """Return the file that holds a ledger: the one called so, else the workbook."""
    folder = f"{data_folder(inputs.agency.code, inputs.params.year)}/"
    own = [file for file in inputs.files if file.startswith(folder)]
    named = [file for file in own if PurePosixPath(file).stem == stem]
    books = [file for file in own if PurePosixPath(file).suffix.startswith((".xls", ".ods"))]
    return next(iter([*named, *books]), folder)


def requests_table_frame(inputs: Inputs, format_: Format) -> pd.DataFrame:
    """Return the matrices of the units that keep no ledger, cell by cell."""
    rows: list[tuple[object, ...]] = []
    units = {name: unit for name, unit in leaf_units(inputs) if unit.requests is None}
    for name, unit in units.items():
        given = unit.requests_table or {}
        for row in format_.request_rows:
            for column in format_.request_columns:
                cell = given.get((row.key, column))
                place = cell.place if cell else None
                rows.append((name, row.path, column, _count(cell), *_at(place)))
    return _frame(
        rows,
        {
            UNIT: pd.CategoricalDtype(list(units)),
            ROW: pd.CategoricalDtype([row.path for row in format_.request_rows]),
            APPLICANT: pd.CategoricalDtype(list(format_.request_columns)),
            COUNT: "Int64", FILE: "string", LINE: "Int64",
        },
    )  # fmt: skip


def _count(cell: Cell | None) -> int | None:
    """Return the whole number of a cell; a fraction is a finding (V2) and no count."""
    number = None if cell is None else whole(cell.number)
    return number if isinstance(number, int) else None


def _at(place: Place | None) -> tuple[str | None, int | None]:
    return (place.file, place.row) if place else (None, None)


def decisions_frame(inputs: Inputs, format_: Format) -> pd.DataFrame:
    """Return table 2 as each unit handed it in."""
    columns = list(dict.fromkeys(column for _, column in format_.decision_cells))
    labels = list(dict.fromkeys(row for row, _ in format_.decision_cells))
    rows = [
        (name, row, *(_value(unit.decisions, (row, column), format_) for column in columns))
        for name, unit in leaf_units(inputs)
        for row in labels
    ]
    kinds = {c: "object" if c in format_.money_columns else "Int64" for c in columns}
    return _frame(rows, {UNIT: "string", ROW: pd.CategoricalDtype(labels), **kinds})


def _value(cells: Mapping[CellKey, Cell], key: CellKey, format_: Format) -> int | Decimal | None:
    cell = cells.get(key)
    if key[1] in format_.money_columns:
        return cell.number if cell else None
    return _count(cell)


def reviews_frame(inputs: Inputs, format_: Format) -> pd.DataFrame:
    """Return table 4 as each unit handed it in; 总计 only where it was given."""
    kinds = [group.key for group in format_.review_groups]
    columns = list(format_.review_columns)
    rows = [
        (name, kind, *(_count((unit.reviews or {}).get((kind, column))) for column in columns))
        for name, unit in leaf_units(inputs)
        for kind in kinds
    ]
    counts = dict.fromkeys(columns, "Int64")
    return _frame(rows, {UNIT: "string", KIND: pd.CategoricalDtype(kinds), **counts})


def disclosures_frame(inputs: Inputs, format_: Format) -> pd.DataFrame:
    """Return what was made public, row by row."""
    del format_
    rows: list[tuple[object, ...]] = []
    for name, unit in leaf_units(inputs):
        if unit.disclosures is not None:
            for channel, kind, cell in unit.disclosures[["渠道", "类别", "条数"]].to_numpy():
                rows.append((name, channel, kind, _count(cell), *_at(cell.place)))
    texts = dict.fromkeys((UNIT, "渠道", "类别"), "string")
    return _frame(rows, {**texts, "条数": "Int64", FILE: "string", LINE: "Int64"})


def figures_frame(inputs: Inputs, format_: Format) -> pd.DataFrame:
    """Return the other figures: numbers exact, a text as it stands."""
    del format_
    rows: list[tuple[object, ...]] = []
    for figure in inputs.figures.values():
        cell = figure.cell
        value = cell.raw if cell.number is None else cell.number
        rows.append((figure.name, value, figure.unit, figure.note, *_at(cell.place)))
    return _frame(
        rows,
        {
            "名称": "string", "数值": "object", "单位": "string", "说明": "string",
            FILE: "string", LINE: "Int64",
        },
    )  # fmt: skip


Make = Callable[[Inputs, Format], pd.DataFrame]
FRAMES: Mapping[str, Make] = MappingProxyType(
    {
        "cases": cases_frame,
        "requests_table": requests_table_frame,
        "decisions": decisions_frame,
        "reviews": reviews_frame,
        "disclosures": disclosures_frame,
        "figures": figures_frame,
    }
)
"""What was handed in, by name."""


def series_frame(years: Mapping[int, Mapping[str, Table]], format_: Format) -> pd.DataFrame:
    """Return the key figures of all years, one row a year and item: 年度, 项目, 单位, 数值."""
    table = series_table(years, {}, format_).frame
    rows = [
        (year, item, unit, value)
        for item, unit, *values in table.itertuples(index=False, name=None)
        for year, value in zip(years, values, strict=True)
    ]
    kinds = {"年度": "Int64", ROW: "string", "计量单位": "string", "数值": "object"}
    return _frame(rows, kinds)


def table_frame(table: Table, format_: Format) -> pd.DataFrame:
    """Return a table of the report as a DataFrame.

    The rows of a statutory table go by their official labels.
    """
    if table.layout is None:
        return table.frame.copy()
    frame = table.frame.rename(index=lambda row: row_name(table.key, row, format_))
    whole_ = [c for c in frame if not any(isinstance(v, Decimal) for v in frame[c])]
    money = frame.columns.intersection(list(format_.money_columns))
    return frame.astype(
        dict.fromkeys(frame.columns[frame.columns.isin(whole_)].difference(money), "Int64")
    )


def find_year(inputs: Inputs, year: int) -> Inputs:
    """Return the inputs of a report's year, or of an earlier one.

    Raises
    ------
    UsageError
        The project has no data of it; the years that it has are named.
    """
    before = (inputs.previous,) if inputs.previous else ()
    years: dict[int, Inputs] = {i.params.year: i for i in (*inputs.earlier, *before, inputs)}
    if year not in years:
        known = "、".join(f"{known}年" for known in sorted(years))
        raise UsageError(f"没有{year}年的数据；已有：{known}")
    return years[year]


def unknown_frame(name: str, tables: Iterable[str]) -> UsageError:
    """Return the error for a name that no frame has."""
    known = [*FRAMES, SERIES, *(t for t in tables if t not in FRAMES)]
    hint = perhaps(name, known)
    return UsageError(f"没有名为“{name}”的数据表，{hint or ''}可用的名称：{'、'.join(known)}")

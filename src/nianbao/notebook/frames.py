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


def leaf_units(inputs: Inputs, above: tuple[str, ...] = ()) -> Iterator[tuple[str, Inputs]]:
    """Yield the units that handed in data of their own, with the way down to each as its name."""
    if not inputs.units:
        yield "／".join(above) or inputs.agency.name, inputs
    for unit in inputs.units:
        yield from leaf_units(unit, (*above, unit_name(unit, inputs)))


def cases_frame(inputs: Inputs, format_: Format) -> pd.DataFrame:
    """Return the ledgers of requests: one row a case, or one row for several cases."""
    units = dict(leaf_units(inputs))
    ledgers = {name: unit for name, unit in units.items() if unit.requests is not None}
    frames = [_ledger(name, unit, format_) for name, unit in ledgers.items()]
    frame = pd.concat([_ledger_of(()), *frames], ignore_index=True)
    rows = [row.path for row in format_.request_rows]
    return frame.assign(
        **{
            UNIT: pd.Categorical(frame[UNIT], list(ledgers)),
            SOURCE: pd.Categorical(frame[SOURCE], rows),
            OUTCOME: pd.Categorical(frame[OUTCOME], rows),
            APPLICANT: pd.Categorical(frame[APPLICANT], list(format_.request_columns)),
        }
    )


def _ledger_of(rows: Sequence[Sequence[object]]) -> pd.DataFrame:
    columns = (UNIT, NUMBER, RECEIVED, APPLICANT, SOURCE, OUTCOME, ANSWERED, CHANNEL, COUNT)
    frame = pd.DataFrame(rows, columns=[*columns, FILE, LINE], dtype=object)
    return frame.astype(
        {
            NUMBER: "string", CHANNEL: "string", FILE: "string", COUNT: "Int64", LINE: "Int64",
            RECEIVED: "datetime64[s]", ANSWERED: "datetime64[s]",
        }
    )  # fmt: skip


def _ledger(name: str, unit: Inputs, format_: Format) -> pd.DataFrame:
    assert unit.requests is not None
    labels = {row.key: row.path for row in format_.request_rows}
    file = ledger_file(unit, "requests")
    ledger = unit.requests if unit.cases is None else unit.cases
    rows: list[tuple[object, ...]] = []
    for case in ledger.to_dict("records"):
        days = (_day(case.get("received", 0)), _day(case.get("answered", 0)))
        rows.append(
            (name, case.get("number"), days[0], case["applicant"], labels[case["source"]],
             labels[case["outcome"]], days[1], case.get("channel") or None, case.get("count", 1),
             file, case.get("row"))
        )  # fmt: skip
    return _ledger_of(rows)


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
    for name, unit in leaf_units(inputs):
        if unit.requests is None:
            given = unit.requests_table or {}
            for row in format_.request_rows:
                for column in format_.request_columns:
                    cell = given.get((row.key, column))
                    place = cell.place if cell else None
                    rows.append((name, row.path, column, _count(cell), *_at(place)))
    frame = pd.DataFrame(rows, columns=[UNIT, ROW, APPLICANT, COUNT, FILE, LINE], dtype=object)
    labels = [row.path for row in format_.request_rows]
    units = dict.fromkeys(frame[UNIT])
    return frame.astype({COUNT: "Int64", FILE: "string", LINE: "Int64"}).assign(
        **{
            UNIT: pd.Categorical(frame[UNIT], list(units)),
            ROW: pd.Categorical(frame[ROW], labels),
            APPLICANT: pd.Categorical(frame[APPLICANT], list(format_.request_columns)),
        }
    )


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
    frame = pd.DataFrame(rows, columns=[UNIT, ROW, *columns], dtype=object)
    frame[ROW] = pd.Categorical(frame[ROW], labels)
    return frame.astype(
        {UNIT: "string"} | {c: "Int64" for c in columns if c not in format_.money_columns}
    )


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
    frame = pd.DataFrame(rows, columns=[UNIT, KIND, *columns], dtype=object)
    frame[KIND] = pd.Categorical(frame[KIND], kinds)
    return frame.astype({UNIT: "string"} | dict.fromkeys(columns, "Int64"))


def disclosures_frame(inputs: Inputs, format_: Format) -> pd.DataFrame:
    """Return what was made public, row by row."""
    del format_
    rows: list[tuple[object, ...]] = []
    for name, unit in leaf_units(inputs):
        if unit.disclosures is not None:
            for channel, kind, cell in unit.disclosures[["渠道", "类别", "条数"]].to_numpy():
                rows.append((name, channel, kind, _count(cell), *_at(cell.place)))
    frame = pd.DataFrame(rows, columns=[UNIT, "渠道", "类别", "条数", FILE, LINE], dtype=object)
    texts = dict.fromkeys((UNIT, "渠道", "类别", FILE), "string")
    return frame.astype(texts | {"条数": "Int64", LINE: "Int64"})


def figures_frame(inputs: Inputs, format_: Format) -> pd.DataFrame:
    """Return the other figures: numbers exact, a text as it stands."""
    del format_
    rows: list[tuple[object, ...]] = []
    for figure in inputs.figures.values():
        cell = figure.cell
        value = cell.raw if cell.number is None else cell.number
        rows.append((figure.name, value, figure.unit, figure.note, *_at(cell.place)))
    columns = ["名称", "数值", "单位", "说明", FILE, LINE]
    frame = pd.DataFrame(rows, columns=columns, dtype=object)
    return frame.astype(dict.fromkeys(("名称", "单位", "说明", FILE), "string") | {LINE: "Int64"})


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
    frame = pd.DataFrame(rows, columns=["年度", ROW, "计量单位", "数值"], dtype=object)
    return frame.astype({"年度": "Int64", ROW: "string", "计量单位": "string"})


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

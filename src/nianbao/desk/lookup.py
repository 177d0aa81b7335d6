"""Look up where a number comes from: the rows behind it, or unit by unit."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from nianbao.errors import NianbaoError, UsageError
from nianbao.notebook.report import Report
from nianbao.prose.facts import walk
from nianbao.statistics.model import Table
from nianbao.statutory import TABLE_NUMBERS, row_name

MOST_ROWS = 500
UNIT = "单位"
_FOLDER = re.compile(r"data/[^/ ]+/\d{4}/")


@dataclass(frozen=True, slots=True)
class Sources:
    """A number, what it says, and the rows it was counted from."""

    title: str
    value: str = ""
    """What the number is called, and how it is printed."""
    origin: str = ""
    """File, table cell or formula."""
    place: str = ""
    head: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    count: int = 0
    """The rows behind it, the first `MOST_ROWS` of `count`; empty where it was handed in as it
    stands.
    """


def find_sources(root: Path, agency: str, year: int, asked: Mapping[str, str]) -> Sources:
    """Return where a fact or a cell of a table comes from.

    A fact is ``asked`` for by ``fact``, a cell by the keys ``table``, ``row`` and ``column``.
    """
    report = Report.open(agency, year, root=root)
    if name := asked.get("fact", ""):
        return _with_rows(report, _of_fact(report, name), name)
    table, row, column = (asked.get(key, "") for key in ("table", "row", "column"))
    return _with_rows(report, _of_cell(report, table, row, column), table, row, column)


def _of_fact(report: Report, name: str) -> Sources:
    fact = next((f for f in walk(report.vocabulary) if f.name == name), None)
    if fact is None:
        return Sources(name, origin="没有这个名称的数据")
    return Sources(fact.name, fact.text, fact.source)


def _of_cell(report: Report, table: str, row: str, column: str) -> Sources:
    found = report.tables[table].cells.get((row, column)) if table in TABLE_NUMBERS else None
    if found is None:
        return Sources("没有这一格")
    title = f"{TABLE_NUMBERS[table]}　{row_name(table, row, report.format)}　{column}"
    value = "" if found.number is None else str(found.number)
    return Sources(title, value, report.tables[table].source, _cell_word(found.place or ""))


def _with_rows(report: Report, found: Sources, *asked: str) -> Sources:
    """Return the same with the rows of the ledgers; a number that none was counted for has none."""
    try:
        rows = report.trace(*asked)
    except NianbaoError:
        return found
    if UNIT in rows and rows[UNIT].nunique() < 2:  # a government's alone are of several
        rows = rows.drop(columns=UNIT)
    shown = rows.head(MOST_ROWS)
    cells = shown.astype(object).where(shown.notna(), "").itertuples(index=False)
    reported = tuple(tuple(map(_cell_word, row)) for row in cells)
    return replace(found, head=tuple(map(str, rows.columns)), rows=reported, count=len(rows))


def _cell_word(value: object) -> str:
    """Return a cell in words: a day without a time of day, a file by its name."""
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d}"
    return _FOLDER.sub("", str(value))


@dataclass(frozen=True, slots=True)
class UnitSums:
    """A row of a government's table with the shares of its units.

    ``rows`` are the keys and names to choose from, ``units`` the name and values of each unit.
    """

    rows: tuple[tuple[str, str], ...]
    row: str
    columns: tuple[str, ...]
    units: tuple[tuple[str, tuple[str, ...]], ...]
    total: tuple[str, ...]


def unit_sums(root: Path, agency: str, year: int, table: str, row: str) -> UnitSums:
    """Return a row of a government's table, unit by unit."""
    report = Report.open(agency, year, root=root)
    whole = report.tables.get(table)
    if whole is None or not whole.units:
        raise UsageError("这份报告没有汇总所属单位的数")
    rows = tuple(str(key) for key in whole.frame.index)
    chosen = row if row in rows else rows[0]
    columns = tuple(str(column) for column in whole.frame.columns)

    def values(found: Table) -> tuple[str, ...]:
        cells = (found.frame.loc[chosen, column] for column in columns)
        return tuple("" if value is None else str(value) for value in cells)

    names = tuple((key, row_name(table, key, report.format)) for key in rows)
    units = tuple((name, values(unit)) for name, unit in whole.units)
    return UnitSums(names, chosen, columns, units, values(whole))

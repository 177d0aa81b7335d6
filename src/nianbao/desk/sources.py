"""Where a number of the report comes from, as a page shows it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from nianbao.errors import NianbaoError
from nianbao.notebook.report import Report
from nianbao.prose.facts import walk
from nianbao.statistics.naming import TABLE_NUMBERS, row_name

MOST_ROWS = 500
UNIT = "单位"
_FOLDER = re.compile(r"data/[^/ ]+/\d{4}/")


@dataclass(frozen=True, slots=True)
class Sources:
    """A number, what it says, and the rows it was counted from.

    Parameters
    ----------
    title, value
        What the number is called, and how it is printed.
    origin
        File, table cell or formula.
    head, rows, count
        The rows behind it, the first `MOST_ROWS` of ``count``; empty where it was handed in as it
        stands.
    """

    title: str
    value: str = ""
    origin: str = ""
    place: str = ""
    head: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    count: int = 0


def find_sources(root: Path, agency: str, year: int, asked: Mapping[str, str]) -> Sources:
    """Where a fact or a cell of a table comes from.

    Parameters
    ----------
    asked
        ``fact``: a name; or ``table``, ``row`` and ``column``: a cell by its keys.
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
    return Sources(title, value, report.tables[table].source, _word(found.place or ""))


def _with_rows(report: Report, found: Sources, *asked: str) -> Sources:
    """The same with the rows of the ledgers; a number that none was counted for has none."""
    try:
        rows = report.trace(*asked)
    except NianbaoError:
        return found
    if UNIT in rows and rows[UNIT].nunique() < 2:  # a government's alone are of several
        rows = rows.drop(columns=UNIT)
    shown = rows.head(MOST_ROWS)
    cells = shown.astype(object).where(shown.notna(), "").itertuples(index=False)
    told = tuple(tuple(map(_word, row)) for row in cells)
    return replace(found, head=tuple(map(str, rows.columns)), rows=told, count=len(rows))


def _word(value: object) -> str:
    """A cell in words: a day without a time of day, a file by its name."""
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d}"
    return _FOLDER.sub("", str(value))

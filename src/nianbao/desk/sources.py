"""Where a number of the report comes from, as a page shows it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from nianbao.notebook.report import Report
from nianbao.prose.facts import walk
from nianbao.statistics.naming import TABLE_NUMBERS, row_name

MOST_ROWS = 500


@dataclass(frozen=True, slots=True)
class Sources:
    """A number, what it says, and the rows it was counted from.

    Parameters
    ----------
    title, value
        What the number is called, and how it is printed.
    origin
        File, table cell or formula.
    head, rows
        The rows behind it; empty where it was handed in as it stands.
    """

    title: str
    value: str = ""
    origin: str = ""
    place: str = ""
    head: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()


def find_sources(root: Path, agency: str, year: int, asked: Mapping[str, str]) -> Sources:
    """Where a fact or a cell of a table comes from."""
    report = Report.open(agency, year, root=root)
    name = asked.get("fact", "")
    if name:
        fact = next((f for f in walk(report.vocabulary) if f.name == name), None)
        if fact is None:
            return Sources(name, origin="没有这个名称的数据")
        return Sources(fact.name, fact.text, fact.source)
    table, row, column = (asked.get(key, "") for key in ("table", "row", "column"))
    if table not in TABLE_NUMBERS or table not in report.tables:
        return Sources("没有这张表")
    found = report.tables[table].cells.get((row, column))
    if found is None:
        return Sources("没有这一格")
    title = f"{TABLE_NUMBERS[table]}　{row_name(table, row, report.format)}　{column}"
    value = "" if found.number is None else str(found.number)
    return Sources(title, value, report.tables[table].source, str(found.place or ""))

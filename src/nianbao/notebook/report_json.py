"""Write report.json, the report for machines, in the form other programs rely on.

Numbers are written exactly as they were handed in or counted; a cell that was not filled is
null, never 0.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NotRequired, TypedDict, cast

from nianbao.files.writing import dump_json
from nianbao.prose.facts import Vocabulary, walk
from nianbao.statistics.arithmetic import Number
from nianbao.statistics.comparison import SERIES
from nianbao.statistics.model import Finding, Severity, Table, rows_of

if TYPE_CHECKING:
    from nianbao.notebook.report import Report
    from nianbao.prose.review.notices import Checklist


class FactJson(TypedDict):
    """A number or text that the prose can name."""

    value: object
    text: str
    unit: str
    source: str


class FindingJson(TypedDict):
    """A finding, as ``nianbao check --json`` writes it too."""

    id: str
    severity: Severity
    message: str
    formula: str
    left: str | None
    right: str | None
    cells: list[str]


class ItemJson(TypedDict):
    """A key figure over the years."""

    unit: str
    values: list[Number | None]


class SeriesJson(TypedDict):
    """The key figures of all years."""

    years: list[int]
    items: dict[str, ItemJson]


class RequestsJson(TypedDict):
    """Table 3: the heads of its columns, and its rows by key."""

    columns: list[str]
    rows: dict[str, list[Number | None]]


class TablesJson(TypedDict):
    """The three statutory tables."""

    decisions: dict[str, dict[str, Number | None]]
    requests: RequestsJson
    reviews: dict[str, list[Number | None]]


class PointJson(TypedDict):
    """A point of a notice, and whether the text makes it."""

    asks: str
    made: bool


class NoticeJson(TypedDict):
    """What the notice of a higher office asks of the text."""

    name: str
    points: list[PointJson]


class _Asked(TypedDict, total=False):
    """There only where a notice binds."""

    notice: NoticeJson


class _Years(TypedDict, total=False):
    """There only where there are three years or more."""

    series: SeriesJson


class ProfileJson(TypedDict):
    """The agency; what else agency.yaml has of it stands there too."""

    code: str
    name: str
    parent: str | None


class ReportJson(TypedDict):
    """The contents of report.json."""

    agency: ProfileJson
    year: int
    title: str
    tables: TablesJson
    series: NotRequired[SeriesJson]
    notice: NotRequired[NoticeJson]
    facts: dict[str, FactJson]
    findings: list[FindingJson]


def _decisions(table: Table) -> dict[str, dict[str, Number | None]]:
    cells: dict[str, dict[str, Number | None]] = {}
    for row, column in table.cells:
        cells.setdefault(row, {})[column] = cast("Number | None", table.by_row[row][column])
    return cells


def _rows(table: Table) -> dict[str, list[Number | None]]:
    return dict(zip(map(str, table.frame.index), rows_of(table.frame), strict=True))


def _facts(vocabulary: Vocabulary) -> dict[str, FactJson]:
    return {
        f.name: {"value": f.value, "text": f.text, "unit": f.unit, "source": f.source}
        for f in walk(vocabulary)
    }


def series_json(table: Table) -> SeriesJson:
    """Return the key figures of all years; there only where there are three years or more."""
    years = [int(str(head).removesuffix("年")) for head in table.frame.columns[2:]]
    items: dict[str, ItemJson] = {
        item: {"unit": unit, "values": values} for item, unit, *values in rows_of(table.frame)
    }
    return {"years": years, "items": items}


def notice_json(checklist: Checklist) -> NoticeJson:
    """Return the points of a notice, held against the text."""
    points: list[PointJson] = [
        {"asks": checked.point.asks, "made": checked.is_made} for checked in checklist.points
    ]
    return {"name": checklist.notice.name, "points": points}


def findings_json(findings: tuple[Finding, ...]) -> list[FindingJson]:
    """Return the findings as report.json and ``check --json`` write them."""
    return [
        {
            "id": f.id,
            "severity": f.severity,
            "message": f.message,
            "formula": f.formula,
            "left": f.left,
            "right": f.right,
            "cells": list(f.cells),
        }
        for f in findings
    ]


def report_to_json(report: Report) -> ReportJson:
    """Return the contents of report.json."""
    requests = report.tables["requests"]
    series = report.tables.get(SERIES)
    years: _Years = {"series": series_json(series)} if series else {}
    checklist = report.checklist
    asked: _Asked = {"notice": notice_json(checklist)} if checklist else {}
    return {
        "agency": cast("ProfileJson", report.inputs.agency.model_dump(mode="json")),
        "year": report.inputs.params.year,
        "title": report.title,
        "tables": {
            "decisions": _decisions(report.tables["decisions"]),
            "requests": {"columns": list(requests.frame.columns), "rows": _rows(requests)},
            "reviews": _rows(report.tables["reviews"]),
        },
        **years,
        **asked,
        "facts": _facts(report.vocabulary),
        "findings": findings_json(report.findings),
    }


def report_json_text(report: Report) -> str:
    """Return report.json as text: sorted by nothing, indented, UTF-8, decimals exact."""
    return dump_json(report_to_json(report))

"""Write report.json, the report for machines, in the form other programs rely on.

Numbers are written exactly as they were handed in or counted; a cell that was not filled is
null, never 0.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import simplejson

from nianbao.prose.facts import Vocabulary, walk
from nianbao.statistics.model import Finding, Table
from nianbao.statistics.series import SERIES

if TYPE_CHECKING:
    from nianbao.notebook.report import Report


def _decisions(table: Table) -> dict[str, dict[str, Any]]:
    cells: dict[str, dict[str, Any]] = {}
    for row, column in table.cells:
        cells.setdefault(row, {})[column] = table.frame.at[row, column]
    return cells


def _rows(table: Table) -> dict[str, list[Any]]:
    return {
        str(key): list(row)
        for key, row in zip(table.frame.index, table.frame.to_numpy(), strict=True)
    }


def _facts(vocabulary: Vocabulary) -> dict[str, dict[str, Any]]:
    return {
        f.name: {"value": f.value, "text": f.text, "unit": f.unit, "source": f.source}
        for f in walk(vocabulary)
    }


def series_json(table: Table) -> dict[str, Any]:
    """The key figures of all years; there only where there are three years or more."""
    years = [int(str(head).removesuffix("年")) for head in table.frame.columns[2:]]
    rows = table.frame.itertuples(index=False, name=None)
    items = {item: {"unit": unit, "values": values} for item, unit, *values in rows}
    return {"years": years, "items": items}


def findings_json(findings: tuple[Finding, ...]) -> list[dict[str, Any]]:
    """Findings as report.json and ``check --json`` write them."""
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


def report_to_json(report: Report) -> Mapping[str, Any]:
    """The contents of report.json."""
    requests = report.tables["requests"]
    series = report.tables.get(SERIES)
    return {
        "agency": report.inputs.agency.model_dump(mode="json"),
        "year": report.inputs.params.year,
        "title": report.title,
        "tables": {
            "decisions": _decisions(report.tables["decisions"]),
            "requests": {"columns": list(requests.frame.columns), "rows": _rows(requests)},
            "reviews": _rows(report.tables["reviews"]),
        },
        **({"series": series_json(series)} if series else {}),
        "facts": _facts(report.vocabulary),
        "findings": findings_json(report.findings),
    }


def report_json_text(report: Report) -> str:
    """report.json as text: sorted by nothing, indented, UTF-8, decimals exact."""
    return dump_json(report_to_json(report))


def dump_json(data: Mapping[str, Any]) -> str:
    """JSON text with exact decimals and a final newline."""
    return simplejson.dumps(data, ensure_ascii=False, indent=1, use_decimal=True) + "\n"

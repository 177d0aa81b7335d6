"""What the page of the county says of one report; kept in its manifest."""

from __future__ import annotations

from typing import Any

from nianbao.notebook.report import Report

FIGURES = {
    "主动公开": "主动公开（条）",
    "新收申请": "新收申请（件）",
    "上年结转申请": "上年结转（件）",
    "办结申请": "办结（件）",
    "结转下年申请": "结转下年（件）",
    "行政复议": "行政复议（件）",
    "行政诉讼": "行政诉讼（件）",
}
"""Facts by name, and what the page calls them."""


def summary(report: Report) -> dict[str, Any]:
    """Name, title, key figures and findings of a report; ``covers`` so many units below it."""
    facts = report.vocabulary
    return {
        "name": report.inputs.agency.name,
        "title": report.title,
        "covers": len(report.inputs.children),
        "figures": {name: facts[name].value if name in facts else None for name in FIGURES},
        "findings": [
            {"id": f.id, "severity": f.severity, "message": f.message} for f in report.findings
        ],
    }

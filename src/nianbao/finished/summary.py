"""Summarise one report for the page of the county, from its report.json alone.

It is kept in the manifest, so that a county with a thousand reports is summed up without
opening them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from nianbao.statistics.model import Severity

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
_UNITS = "统计单位数"
"""The fact that only a report which sums up others has."""


@dataclass(frozen=True, slots=True)
class ShownFinding:
    """A finding as the page shows it."""

    id: str
    severity: Severity
    message: str


@dataclass(frozen=True, slots=True)
class Summary:
    """A report in a line: names, key figures, findings; ``covers`` so many units.

    ``parent`` is the code of the body above, under which the report stands among very many.
    ``asked`` is how many points the notice of a higher office asks of the text, None without
    one; ``open_points`` are those that the text does not make.
    """

    name: str
    title: str
    covers: int
    figures: Mapping[str, Decimal | int | None]
    findings: tuple[ShownFinding, ...]
    parent: str | None = None
    asked: int | None = None
    open_points: tuple[str, ...] = ()

    def as_json(self) -> dict[str, object]:
        """Return the summary as the manifest keeps it."""
        findings = [
            {"id": f.id, "severity": f.severity, "message": f.message} for f in self.findings
        ]
        return {
            "name": self.name, "title": self.title, "parent": self.parent, "covers": self.covers,
            "figures": dict(self.figures), "findings": findings,
            "asked": self.asked, "open_points": list(self.open_points),
        }  # fmt: skip

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Summary:
        """Read what `as_json` wrote; an error of the usual kinds where it is something else."""
        findings = (ShownFinding(f["id"], f["severity"], f["message"]) for f in kept["findings"])
        return cls(
            kept["name"], kept["title"], kept["covers"], dict(kept["figures"]), tuple(findings),
            kept["parent"], kept["asked"], tuple(kept["open_points"]),
        )  # fmt: skip


def summarise(report: Mapping[str, Any]) -> Summary:
    """Take the summary out of report.json.

    Parameters
    ----------
    report
        Its contents, numbers exact.
    """
    facts = report["facts"]
    findings = (ShownFinding(f["id"], f["severity"], f["message"]) for f in report["findings"])
    points = report["notice"]["points"] if "notice" in report else None
    return Summary(
        report["agency"]["name"], report["title"], facts.get(_UNITS, {}).get("value", 0),
        {name: facts.get(name, {}).get("value") for name in FIGURES}, tuple(findings),
        report["agency"]["parent"], None if points is None else len(points),
        tuple(point["asks"] for point in points or () if not point["made"]),
    )  # fmt: skip

"""Summarise one report for the page of the county, from its report.json alone.

It is kept in the manifest, so that a county with a thousand reports is summed up without
opening them.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, TypedDict, cast

from nianbao.statistics.model import Severity

if TYPE_CHECKING:
    from nianbao.notebook.report_json import ReportJson

KeyFigure = Decimal | int | None

KEY_FIGURES = {
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


class KeptFinding(TypedDict):
    """A finding as the manifest keeps it."""

    id: str
    severity: Severity
    message: str


class SummaryJson(TypedDict):
    """A summary as the manifest keeps it."""

    name: str
    title: str
    parent: str | None
    covers: int
    figures: dict[str, KeyFigure]
    findings: list[KeptFinding]
    asked: int | None
    open_points: list[str]


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
    figures: Mapping[str, KeyFigure]
    findings: tuple[ShownFinding, ...]
    parent: str | None = None
    asked: int | None = None
    open_points: tuple[str, ...] = ()

    def as_json(self) -> SummaryJson:
        """Return the summary as the manifest keeps it."""
        findings = [cast("KeptFinding", asdict(f)) for f in self.findings]
        return {
            "name": self.name, "title": self.title, "parent": self.parent, "covers": self.covers,
            "figures": dict(self.figures), "findings": findings,
            "asked": self.asked, "open_points": list(self.open_points),
        }  # fmt: skip

    @classmethod
    def from_json(cls, kept: SummaryJson) -> Summary:
        """Read what `as_json` wrote; an error of the usual kinds where it is something else."""
        findings = (ShownFinding(**f) for f in kept["findings"])
        return cls(
            kept["name"], kept["title"], kept["covers"], dict(kept["figures"]), tuple(findings),
            kept["parent"], kept["asked"], tuple(kept["open_points"]),
        )  # fmt: skip


def summarise(report: ReportJson) -> Summary:
    """Take the summary out of the contents of report.json, numbers exact."""

    def figure(name: str) -> KeyFigure:
        fact = report["facts"].get(name)
        return cast("KeyFigure", fact["value"]) if fact else None

    findings = (ShownFinding(f["id"], f["severity"], f["message"]) for f in report["findings"])
    points = report["notice"]["points"] if "notice" in report else None
    return Summary(
        report["agency"]["name"], report["title"], cast("int", figure(_UNITS) or 0),
        {name: figure(name) for name in KEY_FIGURES}, tuple(findings),
        report["agency"]["parent"], None if points is None else len(points),
        tuple(point["asks"] for point in points or () if not point["made"]),
    )  # fmt: skip


def read_summary(data: bytes) -> Summary:
    """Take the summary out of a report.json as it is written, one key a line.

    Only the facts that it needs are parsed: the others are nearly all of the file.

    Raises
    ------
    ValueError, LookupError, TypeError
        It is no report.json that was written so.
    """
    start, end = data.index(b'\n "facts": {'), data.rindex(b'\n "findings": ')

    def parsed(text: bytes) -> dict[str, object]:
        return cast("dict[str, object]", json.loads(text, parse_float=Decimal))

    facts: dict[str, object] = {}
    for name in (*KEY_FIGURES, _UNITS):
        mark = f'\n  "{name}": '.encode()
        if (at := data.find(mark, start, end)) > 0:
            facts[name] = parsed(data[at + len(mark) : data.index(b"\n  }", at)] + b"}")
    before, after = parsed(data[:start].removesuffix(b",") + b"}"), parsed(b"{" + data[end:])
    return summarise(cast("ReportJson", {**before, "facts": facts, **after}))

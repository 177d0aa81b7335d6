"""The 审校单: one page for whoever signs, and the same as JSON for other programs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from itertools import groupby
from pathlib import Path

from nianbao.files.writing import write_safely
from nianbao.notebook.blocks import number_text
from nianbao.notebook.report_json import dump_json, findings_json, series_json
from nianbao.publishing.compare.reports import Comparison, ValueChange, compare_report
from nianbao.statistics.arithmetic import plain, whole
from nianbao.statistics.charts import BY_YEAR
from nianbao.statistics.comparison import SERIES
from nianbao.statistics.model import SEVERITIES

KINDS = {"changed": "改动", "added": "新增", "removed": "删去", "moved": "移动"}
NOT_FILLED = "未填"


def number_words(number: Decimal | None) -> str:
    """Return a number as the page shows it; one that is not filled in is said to be so."""
    return NOT_FILLED if number is None else plain(number)


def signed_words(number: Decimal | None) -> str:
    """Return a difference with its sign, nothing where there is none."""
    if number is None:
        return ""
    return f"+{plain(number)}" if number > 0 else plain(number).replace("-", "−")


def percent(share: Decimal) -> str:
    """Return a share in whole percent."""
    return f"{share * 100:.0f}%"


def render_page(comparison: Comparison) -> str:
    """Return the page as HTML: no script, nothing from outside."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("nianbao.publishing.compare"), autoescape=True,
        undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    environment.filters |= {"number": number_words, "signed": signed_words, "percent": percent}
    by_table = [
        (table, [(row, list(v)) for row, v in groupby(values, key=lambda v: v.row)], len(values))
        for table, values in (
            (t, list(v)) for t, v in groupby(comparison.values, key=lambda v: v.table)
        )
    ]
    by_section = [(s, list(c)) for s, c in groupby(comparison.changes, key=lambda c: c.section)]
    counts = {kind: sum(c.kind == kind for c in comparison.changes) for kind in KINDS}
    charts = [figure for key in BY_YEAR if (figure := comparison.report.figure(key))]
    found = {s: [f for f in comparison.findings if f.severity == s] for s in SEVERITIES}
    return environment.get_template("compare.html.j2").render(
        it=comparison,
        title=f"{comparison.report.inputs.agency.name}"
        f"{comparison.report.inputs.params.year}年政府信息公开工作年度报告审校单",
        by_table=by_table,
        by_section=by_section,
        counts=counts,
        kinds=KINDS,
        found=found,
        severities=SEVERITIES,
        headings=comparison.report.format.texts(),
        series=comparison.report.tables.get(SERIES),
        charts=charts,
        number_text=number_text,
    )


def _value_json(value: ValueChange) -> Mapping[str, object]:
    numbers = {
        "before": value.before,
        "after": value.after,
        "difference": value.difference,
    }
    exact = {k: None if n is None else whole(n) for k, n in numbers.items()}
    return {"table": value.table, "row": value.row, "column": value.column, **exact} | {
        "rate": value.rate
    }


def render_json(comparison: Comparison) -> str:
    """Return the comparison as one JSON document."""
    params = comparison.report.inputs.params
    changes: Sequence[dict[str, str]] = [
        {"section": c.section, "kind": c.kind, "before": c.before, "after": c.after}
        for c in comparison.changes
    ]
    same, all_ = comparison.same
    series = comparison.report.tables.get(SERIES)
    return dump_json(
        {
            "agency": params.agency,
            "year": params.year,
            "with": comparison.before.label,
            "compared": comparison.compared,
            "values": [_value_json(value) for value in comparison.values],
            "sentences": changes,
            "repetition": {
                "all": round(comparison.repetition, 4),
                "sections": {k: round(v, 4) for k, v in comparison.by_section.items()},
                "sentences": {"same": same, "all": all_},
            },
            **({"series": series_json(series)} if series else {}),
            "findings": findings_json(comparison.report.findings),
            "new_findings": sorted(comparison.new),
            "notes": list(comparison.notes),
        }
    )


def write_comparison(
    root: Path, agency: str, year: int, against: str | None = None
) -> tuple[Comparison, Path]:
    """Compare and write the page beside the published set, which stays as it is.

    Returns
    -------
    Comparison, Path
        The page is ``output/<agency>/compare-<year>-<other>.html``.

    Raises
    ------
    NianbaoError
        See `nianbao.publishing.compare.reports.compare_report`.
    """
    comparison = compare_report(root, agency, year, against)
    other = against or str(year - 1)
    page = root / "output" / agency / f"compare-{year}-{other}.html"
    write_safely(page, render_page(comparison))
    return comparison, page

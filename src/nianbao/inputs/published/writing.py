"""A published report as the files of a year, in the forms that other programs write too."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Sequence

from nianbao.inputs.published.card import kind_of_agency
from nianbao.inputs.published.report import Published
from nianbao.statutory import Format

_NOTE = "说明"
_HANDED_IN = {"本年收费金额（单位：万元）": "本年收费金额（万元）"}


def _csv(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(head)
    writer.writerows(rows)
    return text.getvalue()


def decisions_csv(report: Published, format_: Format) -> str | None:
    """decisions.csv, None when the report shows no cell of table 2."""
    columns = list(dict.fromkeys(column for _, column in format_.decision_cells))
    found = {key[1:]: value for key, value in report.cells.items() if key[0] == "decisions"}
    if not found:
        return None
    rows = dict.fromkeys(row for row, _ in format_.decision_cells)
    head = ["项目", *(_HANDED_IN.get(column, column) for column in columns), _NOTE]
    return _csv(head, ([row, *(found.get((row, c)) or "" for c in columns), ""] for row in rows))


def requests_csv(report: Published, format_: Format) -> str | None:
    """requests_table.csv, None when the report shows no cell of table 3.

    Totals stand as published, so that the checks find what does not add up.
    """
    found = {key[1:]: value for key, value in report.cells.items() if key[0] == "requests"}
    if not found:
        return None
    columns = format_.request_columns
    shown = [row for row in format_.request_rows if (row.key, columns[0]) in found]
    lines = ([row.path, *(found.get((row.key, c)) or "" for c in columns)] for row in shown)
    return _csv(["项目", *columns], lines)


def reviews_csv(report: Published, format_: Format) -> str | None:
    """reviews.csv, None when the report shows no cell of table 4."""
    keys = [(g.key, column) for g in format_.review_groups for column in format_.review_columns]
    found = {key[1:]: value for key, value in report.cells.items() if key[0] == "reviews"}
    if not found:
        return None
    return _csv(["类型", "结果", "件数"], ([*key, found.get(key) or ""] for key in keys))


def narrative_md(report: Published) -> str | None:
    """Write narrative.md; None when the report has no prose."""
    parts = [f"## {key}\n\n{text}\n" for key, text in report.prose.sections.items()]
    return "\n".join(parts) or None


def agency_yaml(report: Published) -> str | None:
    """Write agency.yaml as far as the title tells; None when it does not name the agency.

    Address and telephone of a past year are offered as comments: they may have changed since, and
    what stands in agency.yaml is printed in every year's report.
    """
    name = report.card.name
    if name is None:
        return None
    fields = {"name": name, "kind": kind_of_agency(name)}
    lines = ["# 由导入的年度报告生成：机关类别按名称推定，请核对。"]
    lines += [f"{key}: {_yaml(value)}" for key, value in fields.items()]
    if others := report.card.names[1:]:
        lines.append(f"aliases: [{', '.join(map(_yaml, report.card.names[:1] + others))}]")
    if report.card.contact:
        of = f"{report.card.year}年" if report.card.year else ""
        lines.append(f"# 以下取自{of}报告的前言；今年仍是这样的，请去掉行首的“# ”：")
        lines += [f"# {key}: {_yaml(value)}" for key, value in report.card.contact.items()]
    return "\n".join(lines) + "\n"


def _yaml(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def params_yaml(report: Published, agency: str, year: int) -> str:
    """Write <year>.yaml with date and signature as published."""
    lines = [f"agency: {agency}", f"year: {year}"]
    if report.prose.date:
        lines.append(f"report_date: {report.prose.date}")
    if report.prose.signed:
        lines.append("signature: true")
    return "\n".join(lines) + "\n"


def data_files(report: Published, format_: Format) -> dict[str, str]:
    """The files of data/<agency>/<year>/ by name."""
    made = {
        "decisions.csv": decisions_csv(report, format_),
        "requests_table.csv": requests_csv(report, format_),
        "reviews.csv": reviews_csv(report, format_),
        "narrative.md": narrative_md(report),
    }
    return {name: text for name, text in made.items() if text}

"""The two sides of a comparison: a report as its files stand, another year, the last run."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from nianbao.errors import InputError, NarrativeError, Place, Problem, UsageError
from nianbao.finished.folder import report_folder
from nianbao.inputs.project import data_folder, params_file
from nianbao.inputs.values import parse_number
from nianbao.notebook.fill import section_cells
from nianbao.notebook.report import Report
from nianbao.statistics.disclosures import COUNT, VIEWS
from nianbao.statistics.naming import TABLE_NUMBERS
from nianbao.statutory import format_for

Number = Decimal | None
# Table, row and column of a value: of the statutory tables, else a kind of figure and its name.
Key = tuple[str, str, str]
_DISCLOSED = {
    "disclosures_by_channel": "主动公开（按渠道）",
    "disclosures_by_category": "主动公开（按类别）",
}
FIGURES = "其他数据"


@dataclass(frozen=True)
class Side:
    """One of the two that are compared.

    Parameters
    ----------
    label
        What it is called, e.g. ``2023年``.
    values
        Every number by its place; None for one that is not filled in.
    sections
        Final words as Markdown by section.
    findings
        Messages of what its checks found.
    """

    label: str
    values: Mapping[Key, Number]
    sections: Mapping[str, str]
    findings: frozenset[str] = frozenset()

    @property
    def short(self) -> str:
        """The label within a few words: ``2023年``, ``上次``."""
        return self.label.removesuffix("生成")


def _report_values(report: Report) -> Iterator[tuple[Key, Number]]:
    for table in TABLE_NUMBERS:
        for (row, column), cell in report.tables[table].cells.items():
            yield (table, row, column), cell.number
    for key, title in _DISCLOSED.items():
        if key in report.tables:
            head = VIEWS[key][0]
            rows = report.tables[key].frame[[head, COUNT]].itertuples(index=False)
            yield from (((title, str(name), ""), parse_number(str(n))) for name, n in rows)
    for name, figure in report.inputs.figures.items():
        yield (FIGURES, name, ""), figure.cell.number


def report_side(report: Report) -> Side:
    """A report as its files stand now."""
    return Side(
        f"{report.inputs.params.year}年",
        dict(_report_values(report)),
        {key: wording.text for key, wording in report.wording.items()},
    )


def other_year(report: Report, year: int) -> tuple[Side, tuple[str, ...]]:
    """The report of another year; last year's data are enough, without a parameter file."""
    root, code = report.root, report.inputs.agency.code
    previous = report.inputs.previous
    if (root / params_file(code, year)).is_file():
        other = Report.open(code, year, root=root)
    elif previous is not None and year == report.inputs.params.year - 1:
        other = Report(root, previous, format_for(year))
    else:
        message = f"没有{year}年的数据，无从比较"
        remedy = (
            f"请先导入{year}年发布的年度报告：nianbao import 文件 {code} {year}"
            f"（网页、Word、PDF均可）；要与上次生成的比较，请用 --with last"
        )
        raise UsageError(Problem(message, Place(data_folder(code, year)), remedy=remedy))
    try:
        return report_side(other), ()
    except NarrativeError:
        note = f"{year}年的正文填不完整（缺少引用的数据），没有比较文字。"
        return Side(f"{year}年", dict(_report_values(other)), {}), (note,)


def _written_values(written: Mapping[str, Any], folder: Path) -> Iterator[tuple[Key, Number]]:
    tables = written["tables"]
    for row, columns in tables["decisions"].items():
        yield from ((("decisions", row, column), value) for column, value in columns.items())
    columns = tables["requests"]["columns"]
    for row, values in tables["requests"]["rows"].items():
        pairs = zip(columns, values, strict=True)
        yield from ((("requests", row, column), value) for column, value in pairs)
    names = format_for(written["year"]).review_columns
    for group, values in tables["reviews"].items():
        pairs = zip(names, values, strict=True)
        yield from ((("reviews", group, column), value) for column, value in pairs)
    for key, title in _DISCLOSED.items():
        file = folder / "tables" / f"{key}.csv"
        if file.is_file():
            with file.open(encoding="utf-8-sig", newline="") as stream:
                for line in csv.DictReader(stream):
                    yield (title, line[VIEWS[key][0]], ""), parse_number(line[COUNT])


def published_side(report: Report) -> Side:
    """The last published run of a report.

    Raises
    ------
    UsageError
        It was never published.
    InputError
        Its files cannot be read.
    """
    code, year = report.inputs.agency.code, report.inputs.params.year
    folder = report_folder(report.root, code, year)
    place = Place(f"output/{code}/{year}/report.json")
    if not (folder / "report.json").is_file():
        remedy = f"请先运行 nianbao build {code} {year}"
        raise UsageError(Problem("这份报告还没有生成过", place, remedy=remedy))
    try:
        text = (folder / "report.json").read_text(encoding="utf-8")
        written = json.loads(text, parse_float=Decimal, parse_int=Decimal)
        written["year"] = int(written["year"])
        values = dict(_written_values(written, folder))
        facts = written["facts"]
        for name in report.inputs.figures:
            value = facts.get(name, {}).get("value")
            values[FIGURES, name, ""] = value if isinstance(value, Decimal) else None
        notebook = json.loads((folder / "report.ipynb").read_text(encoding="utf-8"))
        cells = section_cells(notebook).items()
        sections = {key: "".join(cell["source"]) for key, cell in cells}
        found = frozenset(str(finding["message"]) for finding in written["findings"])
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        remedy = f"请重新运行 nianbao build {code} {year}"
        raise InputError(Problem("上次生成的文件读不出来", place, remedy=remedy)) from error
    return Side("上次生成", values, sections, found)

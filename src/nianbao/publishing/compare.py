"""Compare a report with last year's, or with its own last published run: what is not the same.

The 审校单 shows it on one page for whoever signs; other programs get the same as JSON.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import groupby
from pathlib import Path

from nianbao.errors import InputError, NarrativeError, Place, Problem, UsageError
from nianbao.files.sources import refuse_link
from nianbao.files.writing import dump_json, write_safely
from nianbao.finished.folder import report_folder
from nianbao.inputs.project import data_folder, params_file
from nianbao.inputs.values import parse_number
from nianbao.notebook.blocks import number_text
from nianbao.notebook.cells import Notebook
from nianbao.notebook.fill import section_cells
from nianbao.notebook.master import read_notebook
from nianbao.notebook.report import Report
from nianbao.notebook.report_json import ReportJson, findings_json, series_json
from nianbao.prose.differences import SentenceChange, compare_prose, sentences
from nianbao.prose.review.repetition import repetition_rate
from nianbao.statistics.arithmetic import Number, plain, whole
from nianbao.statistics.charts import BY_YEAR
from nianbao.statistics.comparison import SERIES, rate_words
from nianbao.statistics.disclosures import ENTRIES, VIEWS
from nianbao.statistics.model import SEVERITIES, Finding
from nianbao.statutory import TABLE_NUMBERS, Format, format_for, row_name

ValueKey = tuple[str, str, str]
"""Table, row and column of a statutory value; of any other its kind, its name and nothing."""
_DISCLOSED = {
    "disclosures_by_channel": "主动公开（按渠道）",
    "disclosures_by_category": "主动公开（按类别）",
}
OTHER_DATA = "其他数据"


@dataclass(frozen=True)
class Side:
    """One of the two that are compared."""

    label: str
    """What it is called, e.g. `2023年`."""
    values: Mapping[ValueKey, Decimal | None]
    """Every number by its place; None for one that is not filled in."""
    sections: Mapping[str, str]
    """Final words as Markdown by section."""
    findings: frozenset[str] = frozenset()
    """Messages of what its checks found."""

    @property
    def short(self) -> str:
        """The label within a few words: ``2023年``, ``上次``."""
        return self.label.removesuffix("生成")


def _report_values(report: Report) -> Iterator[tuple[ValueKey, Decimal | None]]:
    for table in TABLE_NUMBERS:
        for (row, column), cell in report.tables[table].cells.items():
            yield (table, row, column), cell.number
    for key, title in _DISCLOSED.items():
        if key in report.tables:
            head = VIEWS[key][0]
            rows = report.tables[key].frame[[head, ENTRIES]].itertuples(index=False)
            yield from (((title, str(name), ""), parse_number(str(n))) for name, n in rows)
    for name, figure in report.inputs.figures.items():
        yield (OTHER_DATA, name, ""), figure.cell.number


def report_side(report: Report) -> Side:
    """Return a report as its files stand now."""
    return Side(
        f"{report.inputs.params.year}年",
        dict(_report_values(report)),
        {key: wording.text for key, wording in report.wording.items()},
    )


def year_side(report: Report, year: int) -> tuple[Side, tuple[str, ...]]:
    """Return the report of another year; last year's data are enough, without a parameter file."""
    root, code = report.root, report.inputs.agency.code
    previous = report.inputs.previous
    if (root / params_file(code, year)).is_file():
        other = Report.open(code, year, root=root)
    elif previous is not None and year == report.inputs.params.year - 1:
        other = Report(root, previous, format_for(year))
    else:
        message = f"没有{year}年的数据，无从比较"
        remedy = (
            f"请先导入{year}年的报告（网页、Word、PDF均可）：在网上交数据时一并上传，"
            f"或用命令 nianbao import 文件 {code} {year}；"
            f"要与上次生成的比较，命令用 --with last"
        )
        raise UsageError(Problem(message, Place(data_folder(code, year)), remedy=remedy))
    try:
        return report_side(other), ()
    except NarrativeError:
        note = f"{year}年的正文填不完整（缺少引用的数据），没有比较文字。"
        return Side(f"{year}年", dict(_report_values(other)), {}), (note,)


def kept_side(label: str, kept: ReportJson, notebook: Notebook) -> Side:
    """Return a finished set by its report.json and its notebook: tables, words and findings."""
    return Side(
        label,
        {key: None if n is None else Decimal(n) for key, n in _kept_values(kept)},
        {key: cell["source"] for key, cell in section_cells(notebook).items()},
        frozenset(str(finding["message"]) for finding in kept["findings"]),
    )


def _kept_values(kept: ReportJson) -> Iterator[tuple[ValueKey, Number | None]]:
    tables, names = kept["tables"], format_for(kept["year"]).review_columns
    for row, columns in tables["decisions"].items():
        yield from ((("decisions", row, column), number) for column, number in columns.items())
    heads = tables["requests"]["columns"]
    for row, numbers in tables["requests"]["rows"].items():
        yield from ((("requests", row, c), n) for c, n in zip(heads, numbers, strict=True))
    for row, numbers in tables["reviews"].items():
        yield from ((("reviews", row, c), n) for c, n in zip(names, numbers, strict=True))


def _kept_disclosures(folder: Path) -> Iterator[tuple[ValueKey, Decimal | None]]:
    """Yield what report.json does not hold, from the set's own CSV files."""
    for key, title in _DISCLOSED.items():
        file = folder / "tables" / f"{key}.csv"
        if file.is_file():
            with file.open(encoding="utf-8-sig", newline="") as stream:
                for line in csv.DictReader(stream):
                    yield (title, line[VIEWS[key][0]], ""), parse_number(line[ENTRIES])


def published_side(report: Report) -> Side:
    """Return the last published run of a report.

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
        kept = json.loads(text, parse_float=Decimal, parse_int=Decimal)
        kept["year"] = int(kept["year"])
        notebook = read_notebook(folder / "report.ipynb")
        side = kept_side("上次生成", kept, notebook)
        values = {**side.values, **dict(_kept_disclosures(folder))}
        for name in report.inputs.figures:
            value = kept["facts"].get(name, {}).get("value")
            values[OTHER_DATA, name, ""] = value if isinstance(value, Decimal) else None
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        remedy = f"请重新运行 nianbao build {code} {year}"
        raise InputError(Problem("上次生成的文件读不出来", place, remedy=remedy)) from error
    return replace(side, values=values)


LAST = "last"
"""In the place of a year: the last published run of the same report."""


@dataclass(frozen=True, slots=True)
class ValueChange:
    """A number that is not the same."""

    table: str
    """表二, 表三, 表四, or another kind of figure."""
    row: str
    column: str
    """Its place in words; `column` is empty for a figure that has a name alone."""
    before: Decimal | None
    after: Decimal | None
    """Both numbers; None where it is not filled in."""
    rate: str
    """The change in percent of the earlier one, or why there is none."""

    @property
    def difference(self) -> Decimal | None:
        """The later number less the earlier one."""
        if self.before is None or self.after is None:
            return None
        return self.after - self.before


@dataclass(frozen=True)
class Comparison:
    """Everything that is not the same, and what the checks find."""

    report: Report
    """The report that is reviewed."""
    before: Side
    after: Side
    """Both sides."""
    values: tuple[ValueChange, ...]
    compared: int
    """Numbers that differ, and how many were compared."""
    changes: tuple[SentenceChange, ...]
    """Sentences that differ."""
    same: tuple[int, int]
    """How many sentences are the same in both, of how many."""
    repetition: Decimal
    """Share of the prose that is also in the other: of all, and by section."""
    by_section: Mapping[str, Decimal]
    findings: tuple[Finding, ...]
    """What the checks find in the report now."""
    new: frozenset[str]
    """Messages of those that the other side did not have; empty against another year."""
    notes: tuple[str, ...]
    """What could not be compared."""

    @property
    def counts(self) -> dict[str, int]:
        """The number of sentences changed in each way, zeros too."""
        return {kind: sum(c.kind == kind for c in self.changes) for kind in CHANGE_KINDS}


def value_changes(before: Side, after: Side, format_: Format) -> Iterator[ValueChange]:
    """Yield the numbers that differ, in the order of the later side."""
    rows = {row.key for row in format_.request_rows}
    for key in dict.fromkeys([*after.values, *before.values]):
        then, now = before.values.get(key), after.values.get(key)
        if then == now:
            continue
        table, row, column = key
        known = table in TABLE_NUMBERS and (table != "requests" or row in rows)
        counts = column not in format_.money_columns and table != OTHER_DATA
        # The words of the statute's comparison speak of 上年; here it may be any other run.
        rate = rate_words(now, then, counts=counts).replace("上年", before.short).replace("-", "−")
        name = row_name(table, row, format_) if known else row
        yield ValueChange(TABLE_NUMBERS.get(table, table), name, column, then, now, rate)


def _unknown(before: Side, changes: Sequence[ValueChange]) -> tuple[list[ValueChange], list[str]]:
    """Leave out what the other year does not know: it is no change, and is counted."""
    known = [change for change in changes if change.before is not None]
    count = len(changes) - len(known)
    return known, [f"{before.label}没有填的{count}项数据没有列出。"] if count else []


def compare_report(root: Path, agency: str, year: int, against: str | None = None) -> Comparison:
    """Compare a report with that of another year, or with its own last published run.

    ``against`` is a year, last year by default, or `LAST`.

    Raises
    ------
    UsageError
        There is no such report, or nothing to compare it with.
    InputError, NarrativeError
        The files of the report cannot be read or filled in.
    """
    report = Report.open(agency, year, root=root)
    after = report_side(report)
    notes: tuple[str, ...] = ()
    if against == LAST:
        before = published_side(report)
    else:
        other = year - 1 if against is None else _year(against, year)
        before, notes = year_side(report, other)
    values = list(value_changes(before, after, report.format))
    if against != LAST:
        values, unknown = _unknown(before, values)
        notes = (*notes, *unknown)
    names = report.review_context.own_names
    shares = {
        key: repetition_rate({key: text}, {key: before.sections.get(key, "")}, names)
        for key, text in after.sections.items()
        if key != "preface"
    }
    old = {s for text in before.sections.values() for s in sentences(text)}
    new = [s for text in after.sections.values() for s in sentences(text)]
    reported = {finding.message for finding in report.findings}
    return Comparison(
        report,
        before,
        after,
        tuple(values),
        len({*after.values, *before.values}),
        compare_prose(before.sections, after.sections) if before.sections else (),
        (sum(sentence in old for sentence in new), len(new)),
        repetition_rate(after.sections, before.sections, names),
        shares,
        report.findings,
        frozenset(reported - before.findings) if against == LAST else frozenset(),
        notes,
    )


def _year(text: str, year: int) -> int:
    if not (text.isascii() and text.isdigit() and len(text) == 4) or int(text) == year:
        expected = f"另一个年度，如{year - 1}；或 {LAST}（上次生成的报告）"
        raise UsageError(Problem("不知道与什么比较", value=text, expected=expected))
    return int(text)


CHANGE_KINDS = {"changed": "改动", "added": "新增", "removed": "删去", "moved": "移动"}
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
        loader=PackageLoader("nianbao.publishing"), autoescape=True,
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
    charts = [figure for key in BY_YEAR if (figure := comparison.report.figure(key))]
    found = {s: [f for f in comparison.findings if f.severity == s] for s in SEVERITIES}
    return environment.get_template("compare.html.j2").render(
        it=comparison,
        title=f"{comparison.report.inputs.agency.name}"
        f"{comparison.report.inputs.params.year}年政府信息公开工作年度报告审校单",
        by_table=by_table,
        by_section=by_section,
        kinds=CHANGE_KINDS,
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
    exact = {k: whole(n) for k, n in numbers.items()}
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
        See `nianbao.publishing.compare.compare_report`.
    """
    comparison = compare_report(root, agency, year, against)
    other = against or str(year - 1)
    page = root / "output" / agency / f"compare-{year}-{other}.html"
    refuse_link(root, page.relative_to(root).as_posix(), "不写到那里")
    write_safely(page, render_page(comparison))
    return comparison, page

"""The page of the county and its summary as CSV and JSON: every report of a year.

More reports than one page can show are divided: a page for the bureaus below each body, and a first
page with their sums. What is said is the same for the same reports: no time of day, no duration.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from pathlib import Path

import simplejson

from nianbao.batch.worker import Outcome, published_summary
from nianbao.files.writing import spreadsheet_text, write_safely
from nianbao.finished.folder import FAILED, report_folder
from nianbao.finished.summary import KEY_FIGURES, ShownFinding
from nianbao.inputs.agency_profile import agency_name
from nianbao.inputs.project import list_reports
from nianbao.statistics.model import SEVERITIES, Severity

STATUS = {
    "built": "已生成",
    "skipped": "没有变化",
    "failed": "未成功",
    "other": "已有报告",
    "missing": "还没有生成",
}
"""What became of a report, and how it is said."""

NOT_THERE = ("failed", "missing")
"""States in which there is no set of today that findings could be reported of."""

MOST_ROWS = 300
"""More reports than these are divided into pages."""
MOST_FAILED = 50
"""So many that failed are named on the first page of a divided index; the others on their pages."""
UNPLACED = "-"
"""In the place of a code: those that stand below nobody."""

LINKS = {"html": "网页", "pdf": "PDF", "docx": "Word", "poster.html": "一图读懂"}


@dataclass(frozen=True, slots=True)
class Row:
    """A report on the page."""

    agency: str
    name: str
    """Code, and name as its published report has it; without one as its files have it."""
    status: str
    """A key of `STATUS`."""
    why: str
    """Why it was made or skipped."""
    problems: tuple[str, ...]
    """Why it failed."""
    findings: Mapping[str, Sequence[ShownFinding]] | None
    """By severity: id and message. None where the report did not come to be: what an earlier set
    found says nothing of today's files.
    """
    figures: Mapping[str, Decimal | int | None]
    """Key figures of the published report."""
    links: Mapping[str, str]
    """Its files, by format, relative to the page."""
    stale: bool
    """Failed, and what is published, its figures too, is from an earlier run."""
    covers: int
    """So many units are summed up in it, which the page's own sum leaves out."""
    parent: str | None
    """Code of the body above; None where there is none, or no report has been made yet."""
    asked: int | None = None
    open_points: tuple[str, ...] = ()
    """How many points the notice of a higher office asks of the text, None without one or without a
    set of today; and those that the text does not make.
    """

    def counts(self) -> dict[str, int | None]:
        """Return how many findings there are of each severity; None where that is not known."""
        known = self.findings
        return {s: None if known is None else len(known[s]) for s in SEVERITIES}


def make_rows(root: Path, year: int, outcomes: Iterable[Outcome]) -> tuple[Row, ...]:
    """Return a row for every report of the year, of this batch or not.

    They stand in the order of their codes, those that sum up others at the end, where the sum is.
    """
    by_agency = {outcome.agency: outcome for outcome in outcomes}
    agencies = [agency for agency, of in list_reports(root) if of == year]
    rows = (_row(root, agency, year, by_agency.get(agency)) for agency in agencies)
    return tuple(sorted(rows, key=lambda row: row.covers > 0))


def _row(root: Path, agency: str, year: int, outcome: Outcome | None) -> Row:
    folder = report_folder(root, agency, year)
    summary = outcome.summary if outcome else published_summary(folder)
    links = {
        f: f"../{agency}/{year}/report.{f}" for f in LINKS if (folder / f"report.{f}").is_file()
    }
    if outcome is None:
        status = "failed" if (folder / FAILED).exists() else "other" if links else "missing"
    else:
        status = outcome.status
    findings: dict[str, list[ShownFinding]] = {severity: [] for severity in SEVERITIES}
    for finding in summary.findings if summary else ():
        findings[finding.severity].append(finding)
    figures = summary.figures if summary else {}
    return Row(
        agency=agency,
        name=(summary and summary.name) or agency_name(root, agency) or agency,
        status=status,
        why=outcome.why if outcome else "",
        problems=outcome.problems if outcome else (),
        findings=findings if status not in NOT_THERE else None,
        figures={name: figures.get(name) for name in KEY_FIGURES},
        links=links,
        stale=status == "failed" and bool(links),
        covers=summary.covers if summary else 0,
        parent=summary.parent if summary else None,
        asked=summary.asked if summary and status not in NOT_THERE else None,
        open_points=summary.open_points if summary and status not in NOT_THERE else (),
    )


@dataclass(frozen=True, slots=True)
class Part:
    """Reports of one page of a divided index: file, heading, rows."""

    file: str
    title: str
    rows: tuple[Row, ...]

    @property
    def failed(self) -> int:
        """The number of reports that failed."""
        return sum(row.status == "failed" for row in self.rows)

    @property
    def missing(self) -> int:
        """The number of reports that were never made."""
        return sum(row.status == "missing" for row in self.rows)

    def count(self, severity: Severity) -> int:
        """Count the findings of all its reports."""
        return sum(row.counts()[severity] or 0 for row in self.rows)

    def sums(self) -> Mapping[str, tuple[Decimal | int, int]]:
        """Add up the key figures, see `_sums`."""
        return _sums(self.rows)


def divide(rows: Sequence[Row], most: int, name: Callable[[str], str | None]) -> tuple[Part, ...]:
    """Divide the reports by the body above them, at most `most` to a part; that body is among them.

    A single part is not divided. `name` gives a body's name, which need not report itself.
    """
    if len(rows) <= most:
        return (Part("index.html", "", tuple(rows)),)
    above = {row.parent for row in rows if row.parent}
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(row.agency if row.agency in above else row.parent or UNPLACED, []).append(
            row
        )
    return tuple(
        Part(
            f"index.{code}.html" if first == 0 else f"index.{code}.{first // most + 1}.html",
            ("其他单位" if code == UNPLACED else name(code) or code)
            + (f"（{first // most + 1}）" if len(having) > most else ""),
            tuple(having[first : first + most]),
        )
        for code, having in sorted(found.items(), key=lambda pair: (pair[0] == UNPLACED, pair[0]))
        for first in range(0, len(having), most)
    )


def write_index(root: Path, year: int, outcomes: Iterable[Outcome]) -> Path:
    """Write output/<year>/index.html, summary.csv and summary.json; return the page's path.

    Of more than `MOST_ROWS` reports index.html gives the sums, index.<code>.html those of one body.

    Reports of the year that are not among ``outcomes`` are shown as they are.
    """
    outcomes = tuple(outcomes)
    rows = make_rows(root, year, outcomes)
    titles = _titles(rows, outcomes)
    folder = root / "output" / str(year)
    parts = divide(rows, MOST_ROWS, partial(agency_name, root))
    files = {part.file: _page(year, titles, part, divided=len(parts) > 1) for part in parts}
    if len(parts) > 1:
        files["index.html"] = _first_page(year, titles, rows, parts)
    for name, page in files.items():
        write_safely(folder / name, page)
    for old in folder.glob("index.*.html"):
        if old.name not in files:
            old.unlink()
    # Excel takes a CSV for Chinese only when it begins with a mark.
    write_safely(folder / "summary.csv", "\ufeff" + _csv(rows))
    write_safely(folder / "summary.json", to_json(year, rows))
    return folder / "index.html"


def _titles(rows: Iterable[Row], outcomes: Iterable[Outcome]) -> Mapping[str, str]:
    """Return the titles of the rules that found something, by id."""
    told = {id_: title for outcome in outcomes for id_, title in outcome.titles.items()}
    if told.keys() >= {
        f.id for row in rows for each in (row.findings or {}).values() for f in each
    }:
        return told
    from nianbao.prose.review import CHECKS  # half a second: of reports that were made before

    return {id_: rule.title for id_, rule in CHECKS.items()}


def totals(rows: Iterable[Row]) -> dict[str, int]:
    """Return how many reports have each status that occurs."""
    found = Counter(row.status for row in rows)
    return {status: found[status] for status in STATUS if found[status]}


def to_json(year: int, rows: Sequence[Row]) -> str:
    """Return summary.json: the rows, for other programs."""
    reports = [
        {
            "agency": row.agency, "name": row.name, "status": row.status, "why": row.why,
            "problems": list(row.problems), "findings": row.counts(), "figures": row.figures,
            "files": dict(row.links),
        }
        for row in rows
    ]  # fmt: skip
    data = {"year": year, "totals": totals(rows), "reports": reports}
    return simplejson.dumps(data, ensure_ascii=False, indent=1, use_decimal=True) + "\n"


def _csv(rows: Iterable[Row]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(
        ["机关代码", "机关名称", "状态", *SEVERITIES.values(), *KEY_FIGURES.values(), "说明"]
    )
    for row in rows:
        figures = ("" if value is None else value for value in row.figures.values())
        said = "；".join(row.problems) or row.why
        counts = ("" if count is None else count for count in row.counts().values())
        cells = [row.agency, row.name, STATUS[row.status], *counts, *figures, said]
        writer.writerow([spreadsheet_text(c) if isinstance(c, str) else c for c in cells])
    return text.getvalue()


def _draw(
    template: str, year: int, titles: Mapping[str, str], of: Sequence[Row], **more: object
) -> str:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("nianbao.batch"), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    return environment.get_template(template).render(
        year=year, status=STATUS, totals=totals(of), figures=KEY_FIGURES, severities=SEVERITIES,
        titles=titles, sums=_sums(of), **more,
    )  # fmt: skip


def _page(year: int, titles: Mapping[str, str], part: Part, *, divided: bool) -> str:
    rows = part.rows
    return _draw(
        "index.html.j2", year, titles, rows, rows=rows, title=part.title if divided else "",
        links=LINKS, charts=list(_charts(rows)), by_rule=_by_rule(rows),
    )  # fmt: skip


def _first_page(
    year: int, titles: Mapping[str, str], rows: Sequence[Row], parts: Sequence[Part]
) -> str:
    failed = [(part, row) for part in parts for row in part.rows if row.status == "failed"]
    return _draw(
        "parts.html.j2", year, titles, rows, number=len(rows), parts=parts,
        failed=failed[:MOST_FAILED], more_failed=len(failed[MOST_FAILED:]),
        by_rule=_reports_by_rule(rows),
    )  # fmt: skip


def _reports_by_rule(rows: Iterable[Row]) -> dict[str, Counter[str]]:
    """Return for each severity how many reports have a finding of each rule."""
    found: dict[str, Counter[str]] = {severity: Counter() for severity in SEVERITIES}
    for row in rows:
        for severity, findings in (row.findings or {}).items():
            found[severity].update({finding.id for finding in findings})
    return found


def _by_rule(rows: Iterable[Row]) -> dict[str, dict[str, dict[str, list[Row]]]]:
    """Return the reports by severity, rule and message.

    What many reports have in common is reported once.
    """
    found: dict[str, dict[str, dict[str, list[Row]]]] = {s: {} for s in SEVERITIES}
    for row in rows:
        for severity, findings in (row.findings or {}).items():
            for reported in findings:
                having = (
                    found[severity].setdefault(reported.id, {}).setdefault(reported.message, [])
                )
                if not (having and having[-1] is row):  # it says so twice
                    having.append(row)
    return found


def _sums(rows: Iterable[Row]) -> dict[str, tuple[Decimal | int, int]]:
    """Return for each key figure the sum of what is known, and how many reports do not give it."""
    sums = {}
    for name in KEY_FIGURES:
        values = [row.figures[name] for row in rows if row.links and not row.covers]
        known = [value for value in values if value is not None]
        sums[name] = (sum(known), len(values) - len(known))
    return sums


MOST_BARS = 15
CHARTED = ("主动公开", "新收申请")


def _own(row: Row, figure: str) -> Decimal | int | None:
    return None if row.covers else row.figures[figure]


def _charts(rows: Sequence[Row]) -> Iterator[tuple[str, list[tuple[str, Decimal | int, float]]]]:
    """Yield the largest values of each charted figure: name, value and length of the bar in %."""
    for figure in CHARTED:
        values = [(row.name, value) for row in rows if (value := _own(row, figure))]
        largest = sorted(values, key=lambda pair: -pair[1])[:MOST_BARS]
        if largest:
            longest = largest[0][1]
            yield figure, [(n, v, round(float(v * 100) / float(longest), 2)) for n, v in largest]

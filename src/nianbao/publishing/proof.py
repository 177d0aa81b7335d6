"""Prove before publication that the notebook and the finished files say what the data say.

Nothing is taken from the notebook on trust. The statutory tables are counted a second time from
the bureau's files, by a count that shares nothing with `nianbao.statistics.tables` but what was
handed in: no frame is grouped, each case is put into its cells one by one. Facts and findings are
held against what was read before a cell could touch it; the finished files are read back.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, cast

import pandas as pd

from nianbao.errors import ExportError, Problem, raise_problems
from nianbao.files.sources import Source, read_source
from nianbao.inputs.bundle import CellKey, Inputs
from nianbao.inputs.children import Profiles
from nianbao.inputs.load import load_this_year
from nianbao.inputs.values import Cell
from nianbao.notebook.blocks import BLOCK_MIME
from nianbao.notebook.cells import Notebook
from nianbao.notebook.record import Record, find_record
from nianbao.notebook.report import Report
from nianbao.notebook.session import last_statement
from nianbao.prose.facts import walk
from nianbao.statistics.arithmetic import added, plain
from nianbao.statistics.rollup import consolidate
from nianbao.statutory import Format, cell_name, format_for

if TYPE_CHECKING:
    from nianbao.documents.readback import Readback
    from nianbao.notebook.report_json import ReportJson
    from nianbao.prose.blocks import Document

Counted = dict[tuple[str, CellKey], Decimal | None]
"""By table and cell; None where the number is not known."""


def recount(inputs: Inputs, format_: Format) -> Counted:
    """Count every cell of the three tables from what was handed in.

    Those of a government are as `nianbao.statistics.rollup.consolidate` gives them.

    Examples
    --------
    >>> recount(inputs, load_format())["requests", ("new", "总计")]  # doctest: +SKIP
    Decimal('38')
    """
    if inputs.units:
        units = [recount(unit, format_) for unit in inputs.units]
        return {key: added(unit[key] for unit in units) for key in units[0]}
    tables = {
        "decisions": {
            key: (_number if key[1] in format_.money_columns else _whole)(inputs.decisions, key)
            for key in format_.decision_cells
        },
        "requests": dict(_requests(inputs, format_)),
        "reviews": dict(_reviews(inputs.reviews or {}, format_)),
    }
    return {
        (table, key): number for table, cells in tables.items() for key, number in cells.items()
    }


def _number(given: Mapping[CellKey, Cell], key: CellKey) -> Decimal | None:
    return given[key].number if key in given else None


def _whole(given: Mapping[CellKey, Cell], key: CellKey) -> Decimal | None:
    """Return a count; a fraction is none and a finding says so, which lets a draft be made."""
    number = _number(given, key)
    return None if number is None or number % 1 else number


def _requests(inputs: Inputs, format_: Format) -> Iterator[tuple[CellKey, Decimal | None]]:
    given = inputs.requests_table or {}
    ledger = inputs.requests if inputs.cases is None else inputs.cases
    counted = None if ledger is None else _count(_entries(ledger, inputs.params.year))
    outcomes = [row.key for row in format_.outcome_rows]
    cells: dict[CellKey, Decimal | None] = {}
    for row in (row.key for row in format_.request_rows if row.key != "total"):
        for applicant in format_.applicants:
            key = row, applicant
            cells[key] = _whole(given, key) if counted is None else Decimal(counted[key])
        parts = [cells[row, applicant] for applicant in format_.applicants]
        cells[row, format_.total] = _sum(parts, _whole(given, (row, format_.total)))
    for column in format_.request_columns:
        parts = [cells[row, column] for row in outcomes]
        cells["total", column] = _sum(parts, _whole(given, ("total", column)))
    yield from cells.items()


def _count(entries: Iterable[tuple[CellKey, int]]) -> Counter[CellKey]:
    counted: Counter[CellKey] = Counter()
    for key, count in entries:
        counted[key] += count
    return counted


def _entries(ledger: pd.DataFrame, year: int) -> Iterator[tuple[CellKey, int]]:
    """Yield each request twice: where it came from, and where it went."""
    first, last = date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal()
    if "received" not in ledger:
        columns = (ledger[name] for name in ("source", "outcome", "applicant", "count"))
        for source, outcome, applicant, count in zip(*columns, strict=True):
            yield (source, applicant), int(count)
            yield (outcome, applicant), int(count)
        return
    columns = (ledger[name] for name in ("received", "answered", "outcome", "applicant"))
    for received, answered, outcome, applicant in zip(*columns, strict=True):
        yield ("new" if received >= first else "carried_in", applicant), 1
        yield (outcome if first <= answered <= last else "carried_out", applicant), 1


def _reviews(
    given: Mapping[CellKey, Cell], format_: Format
) -> Iterator[tuple[CellKey, Decimal | None]]:
    *results, last = format_.review_columns
    for group in (group.key for group in format_.review_groups):
        parts = [_whole(given, (group, result)) for result in results]
        yield from (((group, result), n) for result, n in zip(results, parts, strict=True))
        yield (group, last), _sum(parts, _whole(given, (group, last)))


def _sum(parts: Iterable[Decimal | None], given: Decimal | None) -> Decimal | None:
    """Return the sum of the parts; where no part is known, the total as it was handed in."""
    known = list(parts)
    return given if all(part is None for part in known) else added(known)


READERS = {
    "html": "read_html", "pdf": "read_pdf", "docx": "read_docx", "fragment.html": "read_html",
    "cms.html": "read_html",
}  # fmt: skip
"""The reader of each document, by what stands behind ``report.`` in its name."""
POSTER = ("poster.svg", "poster.html")
"""The readable files of a poster; its PNG is drawn from the first."""

MOST_BYTES = 200_000_000
"""Largest finished file; pictures are the most of it."""


@dataclass(frozen=True)
class Expected:
    """What a report must say: taken from the data before its notebook runs.

    ``report`` is the text of report.json, which no cell can change any more.
    """

    root: Path
    agency: str
    year: int
    report: str
    profiles: Profiles | None = None

    @classmethod
    def of(cls, report: Report, profiles: Profiles | None = None) -> Expected:
        """Take down what a report says now.

        ``profiles`` are those of the project, where they were read already: whose figures a
        government's are.
        """
        agency, year = report.inputs.agency.code, report.inputs.params.year
        return cls(report.root, agency, year, report.json_text, profiles)

    @cached_property
    def contents(self) -> ReportJson:
        """What report.json says, its numbers exact."""
        return cast("ReportJson", json.loads(self.report, parse_float=Decimal))

    def count_again(self) -> Counted:
        """Count the statutory tables from the files as they lie on the disk now."""
        inputs = consolidate(load_this_year(self.root, self.agency, self.year, self.profiles))
        return recount(inputs, format_for(self.year))


def finished(folder: Path) -> tuple[str, ...]:
    """Return the documents in a set."""
    every = (*READERS, *POSTER)
    return tuple(ending for ending in every if (folder / f"report.{ending}").is_file())


def _same_report(record: Record, expected: Expected) -> Iterator[Problem]:
    """Check that agency, year, facts and findings of the notebook are those of the data."""
    own = (expected.agency, expected.year)
    if (record.agency, record.year) != own:
        found = f"{record.agency} {record.year}"
        yield Problem("笔记本里是别的报告", None, found, f"{own[0]} {own[1]}", "请重新生成")
        return
    if record.report != expected.report:
        yield Problem("笔记本里的结果与数据不一致，运行以后数据可能有变动", remedy="请重新生成")
        return
    listed = expected.contents["facts"]
    for fact in walk(record.facts):
        said = listed.get(fact.name)
        if said is None or fact.text != said["text"]:
            yield Problem(
                f"笔记本里的“{fact.name}”与数据不一致", value=fact.text, remedy="请重新生成"
            )


def _same_tables(notebook: Notebook, counted: Counted, format_: Format) -> Iterator[Problem]:
    """Check that each statutory cell that the notebook shows is the one counted again."""
    for number, cell in enumerate(notebook["cells"], 1):
        for output in cell.get("outputs", ()):
            block = output.get("data", {}).get(BLOCK_MIME, {})
            if block.get("type") != "grid":
                continue
            for shown in (c for row in block["rows"] for c in row if c["kind"] == "value"):
                key = block["key"], (shown["row"], shown["column"])
                right = _text(counted.get(key))
                if key[1][0] and shown["text"] != right:
                    where = cell_name(key[0], *key[1], format_)
                    yield Problem(
                        f"笔记本第{number}格“{last_statement(cell['source'])}”算出的{where}与台账不一致",
                        value=shown["text"], expected=f"“{right}”，按台账逐件重新数出",
                        remedy="请改正这一格的计算，或恢复模板里的写法",
                    )  # fmt: skip


def _text(number: Decimal | None) -> str:
    return "" if number is None else plain(number)


def read_document(source: Source, ending: str) -> Readback | str:
    """Read a finished document back; a poster's words are a text.

    ``ending`` is what stands behind ``report.`` in its name.
    """
    from nianbao.documents import readback

    if ending in POSTER:
        return readback.read_poster(source.data)
    found: Readback = getattr(readback, READERS[ending])(source.data)
    return found


def prove(
    notebook: Notebook, expected: Expected, folder: Path, others: tuple[str, ...],
    read: Callable[[Source, str], Readback | str] = read_document, document: Document | None = None,
) -> None:  # fmt: skip
    """Count the tables again from the files; read the finished documents back; compare.

    Parameters
    ----------
    notebook
        The executed notebook that the files were made from.
    expected
        What the data said before the notebook ran.
    folder
        Where the files are; all the documents in it are read.
    others
        Names of other agencies that must not appear.
    read
        Reads a document; what was just written is read in this process.
    document
        Of this notebook, where it was made already.

    Raises
    ------
    ExportError
        All differences; nothing is published then.
    """
    from nianbao.documents import readback
    from nianbao.documents.document import document_from_notebook
    from nianbao.documents.poster import make_poster

    raise_problems(ExportError, _same_report(find_record(notebook), expected))
    format_ = format_for(expected.year)
    raise_problems(ExportError, _same_tables(notebook, expected.count_again(), format_))
    document = document or document_from_notebook(notebook)
    problems: list[Problem] = []
    for ending in finished(folder):
        source = read_source(folder, f"report.{ending}", MOST_BYTES)
        if ending == "cms.html":  # the system's own page shows the title
            title = f"<h1>{escape(document.title)}</h1>".encode()
            source = Source(source.file, title + source.data)
        found = read(source, ending)
        if isinstance(found, str):
            poster = make_poster(expected.report, document)
            problems += readback.compare_poster(found, poster, ending)
        else:
            problems += readback.compare(found, document, others)
    raise_problems(ExportError, problems)

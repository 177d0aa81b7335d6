"""The tasks of a report's process besides its digest.

Workbooks to fill in, facts and the rows behind them, sums by unit, comparison with a frozen set.
"""

from __future__ import annotations

import html
import io
import json
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Literal

from nianbao.desk.digest import FactView, fact_view
from nianbao.desk.profile import missing_titles
from nianbao.errors import (
    ExportError,
    NianbaoError,
    Problem,
    UsageError,
    raise_problems,
)
from nianbao.files.sources import Source
from nianbao.files.words import normalise_word
from nianbao.files.yaml_file import replace_values
from nianbao.finished.folder import report_folder
from nianbao.finished.manifest import MANIFEST, sha256
from nianbao.inputs.agency_profile import read_agency
from nianbao.inputs.params import Agency, parse_agency
from nianbao.inputs.peers import Peer, taken_names
from nianbao.inputs.project import (
    agency_file,
    data_folder,
    find_workbook,
    list_agencies,
    params_file,
)
from nianbao.notebook.cells import parse_notebook
from nianbao.notebook.master import read_notebook
from nianbao.notebook.readable import check_as_read
from nianbao.notebook.report import Report
from nianbao.prose.differences import SentenceChange, compare_prose
from nianbao.prose.facts import Fact, walk
from nianbao.prose.facts_list import is_noise
from nianbao.publishing.compare import (
    ValueChange,
    compare_report,
    kept_side,
    render_page,
    value_changes,
)
from nianbao.statistics.model import Table
from nianbao.statutory import TABLE_NUMBERS, format_for, row_name
from nianbao.workbook.content import workbook_content
from nianbao.workbook.draw import check_report, draw_workbook, refuse_existing, write_new
from nianbao.workbook.marking import marks_of, write_marked
from nianbao.workbook.new_year import begin_year

MOST_FACTS = 60
"""So many are listed at once; who searches for more has not searched."""


@dataclass(frozen=True, slots=True)
class UnitSums:
    """A row of a government's table with the shares of its units.

    ``rows`` are the keys and names to choose from, ``units`` the name and values of each unit.
    """

    rows: tuple[tuple[str, str], ...]
    row: str
    columns: tuple[str, ...]
    units: tuple[tuple[str, tuple[str, ...]], ...]
    total: tuple[str, ...]


def blank_workbook(root: Path, agency: str, year: int, sums: bool = False) -> bytes:
    """Return the workbook to fill in: what was handed in, last year's numbers beside.

    One that does not say yet whose it is comes back as it lies there.
    """
    file = find_workbook(root, agency, year)
    if file and missing_titles(root, agency, year):
        if sums:
            raise UsageError(_SAY_WHO)
        return (root / file).read_bytes()
    return draw_workbook(workbook_content(root, agency, year, sums=sums))


_SAY_WHO = "这种填报表要先在“单位信息”里填好机关全称、类别，才能下载"


def marked_workbook(root: Path, agency: str, year: int) -> bytes:
    """Return the workbook that was handed in, with the findings marked in its cells.

    Raises
    ------
    UsageError
        There is none, or it is of a form that cannot be written.
    """
    checked = check_as_read(root, agency, year)
    marks = marks_of(checked.findings, checked.problems)
    return write_marked(root, agency, year, marks).read_bytes()


def search_facts(root: Path, agency: str, year: int, words: str) -> tuple[FactView, ...]:
    """Return the facts whose name holds the words, or whose value or text is that number."""
    vocabulary = Report.open(agency, year, root=root).vocabulary
    wanted = [normalise_word(word).casefold() for word in words.split()]
    found = [f for f in walk(vocabulary) if not is_noise(f) and _answers(f, wanted)]
    found.sort(key=lambda fact: (fact.name.count("."), len(fact.name)))
    return tuple(fact_view(fact, "") for fact in found[:MOST_FACTS])


def _answers(fact: Fact, wanted: list[str]) -> bool:
    value = str(fact.value) if isinstance(fact.value, int | Decimal) else ""
    name, text = (
        normalise_word(fact.name).casefold(),
        normalise_word(fact.text).casefold(),
    )
    return all(word in name or word in (value, text) for word in wanted)


Extra = Literal["page", "cms", "poster"]
"""What is made of a finished set besides its documents, see `make_extra`."""
EXTRAS: tuple[Extra, ...] = ("page", "cms", "poster")


def make_extra(root: Path, agency: str, year: int, kind: Extra) -> dict[str, bytes]:
    """Make something of the finished set, read back as the set itself was.

    Parameters
    ----------
    kind
        ``page``: the page without its head; ``cms``: the page for content systems that strip
        styles, its pictures and their list; ``poster``: 一图读懂.

    Returns
    -------
    dict
        Files by path; empty without a finished set.

    Raises
    ------
    ExportError
        What was made does not say what the report says.
    """
    manifest = report_folder(root, agency, year) / MANIFEST
    return _extra(root, agency, year, kind, sha256(manifest)) if manifest.is_file() else {}


@lru_cache(maxsize=8)
def _extra(root: Path, agency: str, year: int, kind: Extra, checksum: str) -> dict[str, bytes]:
    """Keep what was made of a set; another set has another ``checksum``."""
    from nianbao.documents import readback
    from nianbao.documents.cms import render_cms
    from nianbao.documents.document import document_from_notebook
    from nianbao.documents.html import render_html
    from nianbao.documents.poster import make_poster, render_poster
    from nianbao.fonts import find_fonts

    folder = report_folder(root, agency, year)
    document = document_from_notebook(read_notebook(folder / "report.ipynb"))
    fonts = find_fonts((root / "fonts",))
    if kind == "poster":
        report = (folder / "report.json").read_text(encoding="utf-8")
        files = render_poster(report, document, fonts)
        read, poster = readback.read_poster(files["poster.svg"]), make_poster(report, document)
        raise_problems(ExportError, readback.compare_poster(read, poster, "poster.svg"))
        return files
    if kind == "cms":
        files = render_cms(document, fonts)
        whole = f"<h1>{html.escape(document.title)}</h1>".encode() + files["report.cms.html"]
    else:
        whole = render_html(document, fragment=True).encode()
        files = {"report.fragment.html": whole}
    raise_problems(ExportError, readback.compare(readback.read_html(whole), document))
    return files


def review_sheet(root: Path, agency: str, year: int) -> str:
    """Return the 审校单 against last year."""
    return render_page(compare_report(root, agency, year))


def unit_sums(root: Path, agency: str, year: int, table: str, row: str) -> UnitSums:
    """Return a row of a government's table, unit by unit."""
    report = Report.open(agency, year, root=root)
    whole = report.tables.get(table)
    if whole is None or not whole.units:
        raise UsageError("这份报告没有汇总所属单位的数")
    rows = tuple(str(key) for key in whole.frame.index)
    chosen = row if row in rows else rows[0]
    columns = tuple(str(column) for column in whole.frame.columns)

    def values(found: Table) -> tuple[str, ...]:
        cells = (found.frame.loc[chosen, column] for column in columns)
        return tuple("" if value is None else str(value) for value in cells)

    names = tuple((key, row_name(table, key, report.format)) for key in rows)
    units = tuple((name, values(unit)) for name, unit in whole.units)
    return UnitSums(names, chosen, columns, units, values(whole))


def begin_years(root: Path, agencies: Sequence[str], year: int) -> dict[str, str]:
    """Begin a year for many bureaus; return of each why it was not begun, empty where it was."""
    reported = {}
    for agency in agencies:
        if not (root / data_folder(agency, year - 1)).is_dir():
            reported[agency] = "没有上年的数据可以带过去；请在“取填报表”一步下载空表填写"
            continue
        try:
            begin_year(root, agency, year)
            reported[agency] = ""
        except NianbaoError as error:
            reported[agency] = str(error.problems[0].for_others())
    return reported


def add_agency(root: Path, code: str, year: int, name: str, kind: str) -> None:
    """Add an agency to the project and begin a year for it.

    Raises
    ------
    UsageError
        The code is none or is taken, or the name is another agency's; nothing is written then.
    InputError
        The name or the kind is not as it must be.
    """
    check_report(code, year)
    who, params = agency_file(code), params_file(code, year)
    refuse_existing(root, [(root / who).parent, (root / data_folder(code, year)).parent])
    if not name:
        raise UsageError("请写机关全称")
    text = replace_values("", who, {"name": name, "kind": kind})
    agency = parse_agency(Source(who, text.encode()), code)
    for other in _agencies(root):
        if _share_a_name(root, agency, other):
            remedy = f"“{other.name}”已经在用，代码是{other.code}；同名的请写明所属的县、市"
            raise UsageError(Problem("另一个单位已经用了这个名称", value=name, remedy=remedy))
    write_new(root / who, text.encode())
    write_new(root / params, f"agency: {code}\nyear: {year}\n".encode())


def _agencies(root: Path) -> Iterator[Agency]:
    """Yield all agencies of the project that say who they are."""
    for code in list_agencies(root):
        with suppress(NianbaoError):
            yield read_agency(root, code)


def _share_a_name(root: Path, one: Agency, other: Agency) -> bool:
    """Return whether one of two agencies could not report beside the other."""
    pairs = ((one, other), (other, one))
    return any(any(taken_names(root, own, (Peer(peer, {}),))) for own, peer in pairs)


MOST_ROWS = 500
UNIT = "单位"
_FOLDER = re.compile(r"data/[^/ ]+/\d{4}/")


@dataclass(frozen=True, slots=True)
class Sources:
    """A number, what it says, and the rows it was counted from."""

    title: str
    value: str = ""
    """What the number is called, and how it is printed."""
    origin: str = ""
    """File, table cell or formula."""
    place: str = ""
    head: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    count: int = 0
    """The rows behind it, the first `MOST_ROWS` of `count`; empty where it was handed in as it
    stands.
    """


def find_sources(root: Path, agency: str, year: int, asked: Mapping[str, str]) -> Sources:
    """Return where a fact or a cell of a table comes from.

    A fact is ``asked`` for by ``fact``, a cell by the keys ``table``, ``row`` and ``column``.
    """
    report = Report.open(agency, year, root=root)
    if name := asked.get("fact", ""):
        return _with_rows(report, _of_fact(report, name), name)
    table, row, column = (asked.get(key, "") for key in ("table", "row", "column"))
    return _with_rows(report, _of_cell(report, table, row, column), table, row, column)


def _of_fact(report: Report, name: str) -> Sources:
    fact = next((f for f in walk(report.vocabulary) if f.name == name), None)
    if fact is None:
        return Sources(name, origin="没有这个名称的数据")
    return Sources(fact.name, fact.text, fact.source)


def _of_cell(report: Report, table: str, row: str, column: str) -> Sources:
    found = report.tables[table].cells.get((row, column)) if table in TABLE_NUMBERS else None
    if found is None:
        return Sources("没有这一格")
    title = f"{TABLE_NUMBERS[table]}　{row_name(table, row, report.format)}　{column}"
    value = "" if found.number is None else str(found.number)
    return Sources(title, value, report.tables[table].source, _cell_word(found.place or ""))


def _with_rows(report: Report, found: Sources, *asked: str) -> Sources:
    """Return the same with the rows of the ledgers; a number that none was counted for has none."""
    try:
        rows = report.trace(*asked)
    except NianbaoError:
        return found
    if UNIT in rows and rows[UNIT].nunique() < 2:  # a government's alone are of several
        rows = rows.drop(columns=UNIT)
    shown = rows.head(MOST_ROWS)
    cells = shown.astype(object).where(shown.notna(), "").itertuples(index=False)
    reported = tuple(tuple(map(_cell_word, row)) for row in cells)
    return replace(found, head=tuple(map(str, rows.columns)), rows=reported, count=len(rows))


def _cell_word(value: object) -> str:
    """Return a cell in words: a day without a time of day, a file by its name."""
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d}"
    return _FOLDER.sub("", str(value))


@dataclass(frozen=True, slots=True)
class Changes:
    """The differences between two sets."""

    values: tuple[ValueChange, ...]
    sentences: tuple[SentenceChange, ...]


def compare_with_frozen(root: Path, agency: str, year: int, archive: bytes) -> Changes:
    """Return a frozen set against the finished set of now.

    Raises
    ------
    UsageError
        There is no finished set, or one of the two cannot be read.
    """
    folder = report_folder(root, agency, year)
    try:
        with zipfile.ZipFile(io.BytesIO(archive)) as frozen:
            before = [frozen.read(f"output/report.{kind}") for kind in ("json", "ipynb")]
        after = [(folder / f"report.{kind}").read_bytes() for kind in ("json", "ipynb")]
        then, now = (
            kept_side(label, json.loads(report, parse_float=Decimal), parse_notebook(notebook))
            for label, (report, notebook) in (("定稿", before), ("现在", after))
        )
    except (OSError, KeyError, ValueError, zipfile.BadZipFile):
        raise UsageError("还没有可以比较的报告，请先生成") from None
    changes = tuple(value_changes(then, now, format_for(year)))
    return Changes(changes, compare_prose(then.sections, now.sections))

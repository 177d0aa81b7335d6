"""What a report's process does for a page besides digest: workbooks, facts, comparisons."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from nianbao.desk.digest import FactView, fact_view
from nianbao.errors import NianbaoError, UsageError
from nianbao.files.words import normalise_word
from nianbao.finished.folder import report_folder
from nianbao.notebook.report import Report
from nianbao.prose.facts import Fact, walk
from nianbao.prose.facts_list import is_noise
from nianbao.statistics.model import Table
from nianbao.statistics.naming import row_name
from nianbao.workbook.content import workbook_content
from nianbao.workbook.draw import draw_workbook
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
    """The workbook to fill in: what was handed in, last year's numbers beside."""
    return draw_workbook(workbook_content(root, agency, year, sums=sums))


def marked_workbook(root: Path, agency: str, year: int) -> bytes:
    """The workbook that was handed in, with the findings marked in its cells.

    Raises
    ------
    UsageError
        There is none, or it is of a form that cannot be written.
    """
    try:
        marks = marks_of(Report.open(agency, year, root=root).findings)
    except NianbaoError as error:
        marks = marks_of((), error.problems)
    return write_marked(root, agency, year, marks).read_bytes()


def search_facts(root: Path, agency: str, year: int, words: str) -> tuple[FactView, ...]:
    """Facts whose name holds the words, or whose value or text is the number that is asked for."""
    vocabulary = Report.open(agency, year, root=root).vocabulary
    wanted = [normalise_word(word).casefold() for word in words.split()]
    found = [f for f in walk(vocabulary) if not is_noise(f) and _answers(f, wanted)]
    found.sort(key=lambda fact: (fact.name.count("."), len(fact.name)))
    return tuple(fact_view(fact, "") for fact in found[:MOST_FACTS])


def _answers(fact: Fact, wanted: list[str]) -> bool:
    value = str(fact.value) if isinstance(fact.value, int | Decimal) else ""
    name, text = normalise_word(fact.name).casefold(), normalise_word(fact.text).casefold()
    return all(word in name or word in (value, text) for word in wanted)


def page_fragment(root: Path, agency: str, year: int) -> str:
    """The finished page without its head, to be pasted into a website; empty without one."""
    from nianbao.documents.document import document_from_notebook
    from nianbao.documents.html import render_html

    path = report_folder(root, agency, year) / "report.ipynb"
    if not path.is_file():
        return ""
    notebook = json.loads(path.read_text(encoding="utf-8"))
    for cell in notebook["cells"]:
        cell["source"] = "".join(cell["source"])
    return render_html(document_from_notebook(notebook), fragment=True)


def review_sheet(root: Path, agency: str, year: int) -> str:
    """The 审校单 against last year."""
    from nianbao.publishing.compare.page import render_page
    from nianbao.publishing.compare.reports import compare_report

    return render_page(compare_report(root, agency, year))


def unit_sums(root: Path, agency: str, year: int, table: str, row: str) -> UnitSums:
    """A row of a government's table, unit by unit."""
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
    """Begin a year for many; what came of each, in words."""
    told = {}
    for agency in agencies:
        try:
            begun = begin_year(root, agency, year)
            told[agency] = f"已建好{len(begun.files)}个文件"
        except NianbaoError as error:
            told[agency] = str(error.problems[0])
    return told

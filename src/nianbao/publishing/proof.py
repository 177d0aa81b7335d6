"""The proof before publication: what the notebook and the finished files say is what the data say.

Nothing is taken from the notebook on trust. The statutory tables are counted a second time from
the bureau's files (`nianbao.statistics.recount`); facts and findings are held against what was
read before a cell could touch it; the finished files are read back.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from html import escape
from pathlib import Path
from typing import Any

from nianbao.errors import ExportError, NianbaoError, Problem, raise_problems
from nianbao.inputs.load import load_this_year
from nianbao.inputs.params import read_agency
from nianbao.inputs.project import list_agencies
from nianbao.notebook.blocks import BLOCK_MIME
from nianbao.notebook.record import Record, find_record
from nianbao.notebook.report import Report
from nianbao.prose.facts import walk
from nianbao.statistics.arithmetic import plain
from nianbao.statistics.naming import cell_name
from nianbao.statistics.recount import Counted, recount
from nianbao.statistics.rollup import consolidate
from nianbao.statutory import Format, format_for

READERS = {
    "html": "read_html", "pdf": "read_pdf", "docx": "read_docx", "fragment.html": "read_html",
    "cms.html": "read_html",
}  # fmt: skip
"""The reader of each document, by what stands behind ``report.`` in its name."""
POSTER = ("poster.svg", "poster.html")
"""The readable files of a poster; its PNG is drawn from the first."""


@dataclass(frozen=True, slots=True)
class Expected:
    """What a report must say: taken from the data before its notebook runs.

    ``report`` is the text of report.json, which no cell can change any more.
    """

    root: Path
    agency: str
    year: int
    report: str

    @classmethod
    def of(cls, report: Report) -> Expected:
        """Take down what a report says now."""
        agency, year = report.inputs.agency.code, report.inputs.params.year
        return cls(report.root, agency, year, report.json_text)

    def count_again(self) -> Counted:
        """Count the statutory tables from the files as they lie on the disk now."""
        inputs = consolidate(load_this_year(self.root, self.agency, self.year))
        return recount(inputs, format_for(self.year))


def finished(folder: Path) -> tuple[str, ...]:
    """Return the documents in a set."""
    every = (*READERS, *POSTER)
    return tuple(ending for ending in every if (folder / f"report.{ending}").is_file())


def other_names(root: Path, agency: str) -> tuple[str, ...]:
    """Return names of the project's other agencies; one whose profile cannot be read has no name
    yet.
    """
    names = []
    for code in list_agencies(root):
        if code != agency:
            try:
                names.append(read_agency(root, code).name)
            except NianbaoError:
                continue
    return tuple(names)


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
    listed = json.loads(expected.report)["facts"]
    for fact in walk(record.facts):
        if fact.text != listed.get(fact.name, {}).get("text"):
            yield Problem(
                f"笔记本里的“{fact.name}”与数据不一致", value=fact.text, remedy="请重新生成"
            )


def _same_tables(notebook: Any, counted: Counted, format_: Format) -> Iterator[Problem]:
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
                        f"笔记本第{number}格“{_first_line(cell)}”算出的{where}与台账不一致",
                        value=shown["text"], expected=f"“{right}”，按台账逐件重新数出",
                        remedy="请改正这一格的计算，或恢复模板里的写法",
                    )  # fmt: skip


def _text(number: Decimal | None) -> str:
    return "" if number is None else plain(number)


def _first_line(cell: Any) -> str:
    source = cell["source"]
    text = source if isinstance(source, str) else "".join(source)
    return next((line for line in reversed(text.splitlines()) if line.strip()), "")


def prove(notebook: Any, expected: Expected, folder: Path, others: tuple[str, ...]) -> None:
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
    document = document_from_notebook(notebook)
    problems: list[Problem] = []
    for ending in finished(folder):
        data = (folder / f"report.{ending}").read_bytes()
        if ending in POSTER:
            poster = make_poster(expected.report, document)
            problems += readback.compare_poster(readback.read_poster(data), poster, ending)
            continue
        if ending == "cms.html":  # the system's own page shows the title
            data = f"<h1>{escape(document.title)}</h1>".encode() + data
        found = getattr(readback, READERS[ending])(data)
        problems += readback.compare(found, document, others)
    raise_problems(ExportError, problems)

"""The proof before publication: the finished files are read back and hold this report alone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from nianbao.errors import ExportError, NianbaoError, Problem, raise_problems
from nianbao.inputs.params import read_agency
from nianbao.inputs.project import list_agencies
from nianbao.notebook.record import find_record
from nianbao.notebook.report import Report
from nianbao.notebook.report_json import twin_text

READERS = {
    "html": "read_html", "pdf": "read_pdf", "docx": "read_docx", "fragment.html": "read_html",
}  # fmt: skip
"""The reader of each document, by what stands behind ``report.`` in its name."""


def finished(folder: Path) -> tuple[str, ...]:
    """The documents in a set."""
    return tuple(ending for ending in READERS if (folder / f"report.{ending}").is_file())


def other_names(root: Path, agency: str) -> tuple[str, ...]:
    """Names of the project's other agencies; one whose card cannot be read has no name yet."""
    names = []
    for code in list_agencies(root):
        if code != agency:
            try:
                names.append(read_agency(root, code).name)
            except NianbaoError:
                continue
    return tuple(names)


def _same_report(notebook: Any, report: Report) -> Iterator[Problem]:
    """What the notebook counted is what the data say, and of this agency and year."""
    record = find_record(notebook)
    own = (report.inputs.agency.code, report.inputs.params.year)
    if (record.agency["code"], record.year) != own:
        found = f"{record.agency['code']} {record.year}"
        yield Problem("笔记本里是别的报告", None, found, f"{own[0]} {own[1]}", "请重新生成")
    elif record.report != twin_text(report):
        yield Problem("笔记本里的结果与数据不一致，运行以后数据可能有变动", remedy="请重新生成")


def prove(notebook: Any, report: Report, folder: Path, others: tuple[str, ...]) -> None:
    """Open the finished files with independent readers and compare them with the report.

    Parameters
    ----------
    notebook
        The executed notebook that the files were made from.
    report
        Read from the data by ourselves, not by the notebook.
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

    raise_problems(ExportError, _same_report(notebook, report))
    document = document_from_notebook(notebook)
    problems: list[Problem] = []
    for ending in finished(folder):
        read = getattr(readback, READERS[ending])
        found = read((folder / f"report.{ending}").read_bytes())
        problems += readback.compare(found, document, others)
    raise_problems(ExportError, problems)

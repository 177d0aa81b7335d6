"""Build one report, all steps: run, fill, export, prove, publish."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from nianbao.documents.document import document_from_notebook
from nianbao.edits.pull import Pulled, pull_before_build
from nianbao.errors import FindingsError, raise_problems
from nianbao.files.writing import spreadsheet_text
from nianbao.finished.batch_context import BatchContext, read_batch_context
from nianbao.finished.folder import report_folder, report_lock, staged, texts_lock
from nianbao.finished.freshness import input_files
from nianbao.finished.manifest import MANIFEST, Manifest, outputs
from nianbao.finished.options import BuildOptions, parse_formats
from nianbao.finished.summary import summarise
from nianbao.fonts import Fonts
from nianbao.inputs.bundle import Inputs
from nianbao.inputs.load import load_inputs
from nianbao.inputs.project import file_name_fault, require_report
from nianbao.notebook.blocks import number_text
from nianbao.notebook.execution import run_notebook
from nianbao.notebook.handover import OWN
from nianbao.notebook.record import find_record
from nianbao.notebook.report import Report
from nianbao.notebook.session import last_statement, unpublished_cells
from nianbao.notebook.shared import Shared, sharing
from nianbao.prose.blocks import Block, Document, FigureBlock, TableBlock
from nianbao.publishing.proof import Expected, prove
from nianbao.statistics.model import Finding, Table, rows_of

__all__ = ["BuildOptions", "BuildResult", "build_report", "make_set", "parse_formats"]


@dataclass(frozen=True, slots=True)
class BuildResult:
    """A published report: its folder and files, what the checks found, what was pulled first.

    ``unpublished`` says which cells show something that no document prints.
    """

    folder: Path
    files: tuple[str, ...]
    findings: tuple[Finding, ...]
    pulled: Pulled
    unpublished: tuple[str, ...] = ()


def build_report(
    root: Path,
    agency: str,
    year: int,
    options: BuildOptions | None = None,
    context: BatchContext | None = None,
    cell_seconds: float | None = None,
) -> BuildResult:
    """Build and publish one report.

    ``context`` is what all reports of the project share, read when it is not given. A cell that
    runs longer than ``cell_seconds`` fails.

    Raises
    ------
    NianbaoError
        Any of its kinds; nothing is published then, and the last good set stays. What was pulled
        before waits to be told, whatever happens: see `nianbao.edits.pulled`.

    Examples
    --------
    >>> build_report(Path("."), "yiyuan-sfj", 2024).files  # doctest: +SKIP
    ('manifest.json', 'report.docx', 'report.html', …)
    """
    options = options or BuildOptions()
    given = {"draft": True} if options.draft else {}
    require_report(root, agency, year)  # an unknown report makes no folder, not even a lock
    context = context or read_batch_context(root, year)
    target = report_folder(root, agency, year)
    with report_lock(target):
        with texts_lock(target):
            files = input_files(root, agency, year, context)
            inputs = load_inputs(root, agency, year, context.profiles)
            pulled = pull_before_build(root, inputs)
        # What was taken from an edited file may lie in any of ours, its own cells among them.
        if pulled.written or pulled.kept:
            files = input_files(root, agency, year, context)
            inputs = load_inputs(root, agency, year, context.profiles)
        with sharing(Shared(root, context.peers, inputs)):
            report = Report.open(agency, year, root=root, **given)
            with staged(target) as folder:
                unpublished = make_set(report, folder, options, context, files, cell_seconds)
    made = sorted(p.relative_to(target).as_posix() for p in target.rglob("*") if p.is_file())
    return BuildResult(target, tuple(made), report.findings, pulled, unpublished)


def make_set(
    report: Report, folder: Path, options: BuildOptions, context: BatchContext,
    files: Mapping[str, str] | None = None, cell_seconds: float | None = None,
) -> tuple[str, ...]:  # fmt: skip
    """Run, export and prove one report that was read without a problem; its files in a folder.

    ``folder`` is empty. ``files`` are the checksums of all that may have been read, from before it
    was read.

    Returns
    -------
    tuple of str
        A line about each cell that shows what is not published.
    """
    root, agency, year = report.root, report.inputs.agency.code, report.inputs.params.year
    # All that we count ourselves is counted before a cell can touch what was read.
    _write_tables(report.tables, folder / "tables")
    expected, errors = Expected.of(report, context.profiles), report.blocking
    notebook = run_notebook(
        root, _parameters(report), folder / "report.ipynb",
        kernel=options.kernel, cell_seconds=cell_seconds,
    )  # fmt: skip
    raise_problems(FindingsError, errors)  # a notebook may have lost its cell that checks
    document, record = document_from_notebook(notebook), find_record(notebook)
    _export(document, record.report, folder, options, report.fonts)
    prove(notebook, expected, folder, context.profiles.names_beside(agency), document=document)
    (folder / "report.json").write_text(record.report, encoding="utf-8")
    manifest = Manifest(
        agency, year, options,
        _read_files(report.inputs, files or input_files(root, agency, year, context)),
        context.checksum, context.basis, outputs(folder),
        summarise(expected.contents),
    )  # fmt: skip
    (folder / MANIFEST).write_text(manifest.text(), encoding="utf-8")
    return tuple(
        f"笔记本第{number}格“{last_statement(cell['source'])}”显示的内容没有印入报告；"
        "要印入的，用 report.show"
        for number, cell in unpublished_cells(notebook)
    )


def _read_files(inputs: Inputs, files: Mapping[str, str]) -> dict[str, str]:
    """Return the listed files with the checksums of what was read: one may have changed since."""
    before = [*inputs.earlier, *([inputs.previous] if inputs.previous else [])]
    read = {file: sum_ for each in (*before, inputs) for file, sum_ in each.files.items()}
    return dict(sorted({**files, **read}.items()))


def _parameters(report: Report) -> dict[str, object]:
    given = report.inputs.params.model_dump(mode="json")
    return {key: value for key, value in given.items() if value is not None}


def _export(
    document: Document, report: str, folder: Path, options: BuildOptions, fonts: Fonts
) -> None:
    """Draw the documents as nbconvert's exporters do, from one Document for all formats.

    ``report`` is the text of report.json.
    """
    _write_own_tables(document.blocks, folder / "tables")
    for format_ in options.formats:
        for ending, data in _draw(format_, document, report, fonts).items():
            (folder / f"report.{ending}").write_bytes(data)
    if options.fragment == "page":
        from nianbao.documents.html import render_html

        page = render_html(document, fragment=True)
        (folder / "report.fragment.html").write_bytes(page.encode())
    if options.fragment == "cms":
        from nianbao.documents.cms import render_cms

        for name, data in render_cms(document, fonts).items():
            (folder / name).parent.mkdir(exist_ok=True)
            (folder / name).write_bytes(data)


def _draw(format_: str, document: Document, report: str, fonts: Fonts) -> Mapping[str, bytes]:
    """Draw one format, by what stands behind ``report.``; what draws others is not loaded."""
    match format_:
        case "html":
            from nianbao.documents.html import render_html

            return {"html": render_html(document).encode()}
        case "pdf":
            from nianbao.documents.pdf import render_pdf

            return {"pdf": render_pdf(document, fonts)}
        case "docx":
            from nianbao.documents.word import render_docx

            return {"docx": render_docx(document, fonts)}
        case "poster":
            from nianbao.documents.poster import render_poster

            return render_poster(report, document, fonts)
        case _:
            raise AssertionError(format_)


def _write_tables(tables: Mapping[str, Table], folder: Path) -> None:
    """Write each table by its key."""
    folder.mkdir()
    for key, table in tables.items():
        _write_table(table, folder / f"{key}.csv")


def _write_table(table: Table, path: Path) -> None:
    """Write a table as CSV that Excel opens without a question (UTF-8 with BOM).

    The rows of a statutory table are named in the first column.
    """
    head, rows = list(map(str, table.frame.columns)), rows_of(table.frame)
    if table.layout is not None:
        names = table.frame.index
        head, rows = ["项目", *head], [[n, *row] for n, row in zip(names, rows, strict=True)]
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerows(
            [spreadsheet_text(v) if isinstance(v, str) else number_text(v) for v in row]
            for row in (head, *rows)
        )


def _write_own_tables(blocks: Iterable[Block], folder: Path) -> None:
    """Write the tables of an analyst's own, and the numbers behind her figures.

    Each file bears its title, where a file can; a second of the same title a number.
    """
    for block in blocks:
        match block:
            case TableBlock(key=key, title=title) if key.startswith(OWN):
                rows = block.texts
            case FigureBlock(key=key, title=title, rows=rows) if key.startswith(OWN):
                pass
            case _:
                continue
        name = re.sub(r"\s+", "_", title) if file_name_fault(title) is None else key
        number, file = 2, folder / f"{name}.csv"
        while file.exists():
            number, file = number + 1, folder / f"{name}-{number}.csv"
        frame = pd.DataFrame(list(rows), columns=list(block.head), dtype=object)
        _write_table(Table(key, title, block.unit, block.source, frame), file)

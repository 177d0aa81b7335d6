"""One report, all steps: run, fill, export, prove, publish."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from nianbao.errors import UsageError
from nianbao.fonts import find_fonts
from nianbao.notebook.blocks import number_text
from nianbao.notebook.master import master_notebook
from nianbao.notebook.record import find_record
from nianbao.notebook.report import Report
from nianbao.notebook.twin import dump_json
from nianbao.runs.execution import Notebook, run_notebook
from nianbao.runs.manifest import MANIFEST, make_manifest
from nianbao.runs.proof import other_names, prove
from nianbao.runs.publish import report_folder, report_lock, staged
from nianbao.runs.pull import Pulled, pull_before_build
from nianbao.statistics.model import Finding, Table

FORMATS = ("html", "pdf", "docx")


@dataclass(frozen=True, slots=True)
class BuildOptions:
    """How a report is built.

    Parameters
    ----------
    formats
        Documents to make, of `FORMATS`.
    draft
        Build in spite of errors and mark every page.
    kernel
        Run the notebook in an ordinary kernel.
    """

    formats: tuple[str, ...] = FORMATS
    draft: bool = False
    kernel: bool = False


@dataclass(frozen=True, slots=True)
class BuildResult:
    """A published report: its folder and files, what the checks found, what was pulled first."""

    folder: Path
    files: tuple[str, ...]
    findings: tuple[Finding, ...]
    pulled: Pulled


def parse_formats(text: str) -> tuple[str, ...]:
    """``html,pdf`` as formats, in the fixed order.

    Raises
    ------
    UsageError
        A format that does not exist.
    """
    wanted = {part.strip().lower() for part in text.replace("，", ",").split(",") if part.strip()}
    unknown = sorted(wanted - set(FORMATS))
    if unknown or not wanted:
        raise UsageError(f"没有这种格式：{'、'.join(unknown)}；可选：{'、'.join(FORMATS)}")
    return tuple(f for f in FORMATS if f in wanted)


def _parameters(report: Report) -> dict[str, object]:
    given = report.inputs.params.model_dump(mode="json")
    return {key: value for key, value in given.items() if value is not None}


def _export(notebook: Notebook, folder: Path, formats: Iterable[str]) -> None:
    from nbconvert.exporters import get_exporter

    for format_ in formats:
        body, _ = get_exporter(f"nianbao_{format_}")().from_notebook_node(notebook)
        data = body.encode() if isinstance(body, str) else body
        (folder / f"report.{format_}").write_bytes(data)


def _write_tables(tables: Mapping[str, Table], folder: Path) -> None:
    """Every table as CSV that Excel opens without a question (UTF-8 with BOM)."""
    folder.mkdir()
    for key, table in tables.items():
        frame = table.frame.map(number_text)
        index = table.layout is not None
        frame.to_csv(
            folder / f"{key}.csv", index=index, index_label="项目", encoding="utf-8-sig",
            lineterminator="\n",
        )  # fmt: skip


def write_notebook(notebook: Notebook, path: Path) -> None:
    """Write a notebook with one order of keys and real characters."""
    import nbformat

    path.write_text(nbformat.writes(notebook, sort_keys=True) + "\n", encoding="utf-8")


def build_report(
    root: Path, agency: str, year: int, options: BuildOptions | None = None
) -> BuildResult:
    """Build and publish one report.

    Parameters
    ----------
    root
        Project folder.
    agency, year
        Which report.
    options
        See `BuildOptions`.

    Raises
    ------
    NianbaoError
        Any of its kinds; nothing is published then, and the last good set stays.

    Examples
    --------
    >>> build_report(Path("."), "yiyuan-sfj", 2024).files  # doctest: +SKIP
    ('manifest.json', 'report.docx', 'report.html', …)
    """
    options = options or BuildOptions()
    given = {"draft": True} if options.draft else {}
    Report.open(agency, year, root=root)  # an unknown report makes no folder, not even a lock
    target = report_folder(root, agency, year)
    with report_lock(target):
        pulled = pull_before_build(root, agency, year)
        report = Report.open(agency, year, root=root, **given)
        _make(root, report, target, options)
    files = sorted(p.relative_to(target).as_posix() for p in target.rglob("*") if p.is_file())
    return BuildResult(target, tuple(files), report.findings, pulled)


def _make(root: Path, report: Report, target: Path, options: BuildOptions) -> None:
    """Run, export and publish one report that was read without a problem."""
    agency, year = report.inputs.agency.code, report.inputs.params.year
    with staged(target) as folder:
        notebook = run_notebook(
            root, _parameters(report), folder / "report.ipynb", kernel=options.kernel
        )
        write_notebook(notebook, folder / "report.ipynb")
        _export(notebook, folder, options.formats)
        prove(notebook, report, folder, options.formats, other_names(root, agency))
        (folder / "report.json").write_text(find_record(notebook).report, encoding="utf-8")
        _write_tables(report.tables, folder / "tables")
        manifest = make_manifest(
            agency, year, report.inputs.files, folder, master_notebook(root),
            find_fonts((root / "fonts",)), asdict(options),
        )  # fmt: skip
        (folder / MANIFEST).write_text(dump_json(manifest), encoding="utf-8")

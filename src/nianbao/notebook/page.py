"""The page inside the notebook: what ``report.page()`` shows.

A cell cannot see what other cells have shown. The report remembers it by their source; the table
or chart of a cell that has not run is made for it. The page is drawn by the exporter that
nbconvert finds by its name, as everywhere.
"""

from __future__ import annotations

import ast
import html
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from pathlib import Path
from typing import TYPE_CHECKING

from nianbao.errors import NianbaoError, Problem, UsageError
from nianbao.notebook.cells import Cell, Notebook, Output, about
from nianbao.notebook.display import NOTE_MIME, Display, show_note
from nianbao.notebook.master import master_notebook, read_notebook
from nianbao.notebook.record import RECORD_MIME, Record, find_record, record_to_json
from nianbao.notebook.session import is_injected, running_shell

if TYPE_CHECKING:
    from nianbao.notebook.report import Report

SESSION_VARIABLE = "JPY_SESSION_NAME"
"""Environment variable in which Jupyter tells a kernel the file of its notebook."""

UNKNOWN_FILE = (
    "运行的不是 notebooks/report.ipynb，又不知道是哪个文件，没有画成品网页；"
    '请写明文件，如 report.page("output/x.ipynb")'
)

SHOWN_TAGS = frozenset({"table", "chart"})
"""What a cell may call that the page shows, though it has not run."""

_LEFT_OUT: ContextVar[bool] = ContextVar("page left out", default=False)


@contextmanager
def without_page() -> Iterator[None]:
    """Leave the page out where it is made anyway, as a build does: drawing it twice costs time."""
    token = _LEFT_OUT.set(True)
    try:
        yield
    finally:
        _LEFT_OUT.reset(token)


def page_is_drawn() -> bool:
    """Return whether ``report.page()`` draws the page here."""
    return not _LEFT_OUT.get()


class ShownDisplays:
    """What the cells of the running notebook have shown, by their source."""

    def __init__(self) -> None:
        self._shown: dict[str, tuple[int, list[Display]]] = {}

    def add(self, display: Display) -> None:
        """Remember what the running cell shows; outside a notebook there is none."""
        shell = running_shell()
        history = shell.history_manager.input_hist_raw if shell is not None else ()
        if shell is None or not history:
            return
        source, count = history[-1].strip(), shell.execution_count
        number, displays = self._shown.get(source, (count, []))
        self._shown[source] = (count, [*(displays if number == count else ()), display])

    def of(self, cell: Cell) -> list[Display] | None:
        """Return what a cell showed when it last ran; None if it did not run or showed nothing."""
        found = self._shown.get(cell["source"].strip())
        return found[1] if found else None


def running_notebook(root: Path, record: Record) -> Path:
    """Find the file of the notebook that runs here: the page is drawn from it as it was saved.

    Jupyter's server names it; of papermill, ``jupyter execute`` and nbconvert it stands in the
    command that started the kernel, and is believed where its cells of code are those that ran.
    Where no file is known and the master's cells ran, it is the master.

    Raises
    ------
    UsageError
        Another notebook than the master runs, and nothing tells which.
    """
    ran = _ran_here()
    said = os.environ.get(SESSION_VARIABLE, "")
    master = master_notebook(root)
    named: Iterable[Path] = [Path(said)] if said else _named_by_starter()
    for path in named:
        if path.suffix == ".ipynb" and path.is_file():
            notebook = read_notebook(path)
            if _is_of(notebook, record) and (said or (ran and _ran(notebook, ran))):
                return path
    if said or _ran(read_notebook(master), ran):
        return master
    raise UsageError(UNKNOWN_FILE)


def _ran_here() -> list[str]:
    """Return the cells of code that ran in this session, without parameters that were given."""
    shell = running_shell()
    history = shell.history_manager.input_hist_raw if shell is not None else ()
    return [source.strip() for source in history if source.strip() and not is_injected(source)]


def _ran(notebook: Notebook, ran: Sequence[str]) -> bool:
    """Return whether what ran are the notebook's cells of code from the first one on."""
    code = (cell for cell in notebook["cells"] if cell["cell_type"] == "code")
    sources = [s for cell in code if (s := cell["source"].strip()) and not is_injected(s)]
    return sources[: len(ran)] == list(ran)


def _named_by_starter() -> Iterator[Path]:
    """Yield the notebooks named by the command lines of the processes above this one.

    The last named comes first.
    """
    import psutil

    for parent in psutil.Process().parents()[:2]:
        with suppress(psutil.Error, OSError):
            folder = Path(parent.cwd())
            for word in reversed(parent.cmdline()):
                if word.endswith(".ipynb"):
                    yield folder / word


def _is_of(notebook: Notebook, record: Record) -> bool:
    if not any("template" in about(cell) for cell in notebook["cells"]):
        return any("section" in about(cell) for cell in notebook["cells"])
    try:
        filled = find_record(notebook)
    except NianbaoError:
        return False
    return (filled.agency, filled.year) == (record.agency, record.year)


def asked_for(source: str) -> tuple[str, str] | None:
    """Return what a cell shows in the report: the method and the key it asks for, or None.

    Nothing of the cell is run.

    Examples
    --------
    >>> asked_for('report.chart("comparison")'), asked_for("report.check()")
    (('chart', 'comparison'), None)
    """
    try:
        statements = ast.parse(source).body
    except (SyntaxError, ValueError):
        return None
    match statements[-1:]:
        case [
            ast.Expr(ast.Call(func=ast.Attribute(attr=method), args=[ast.Constant(str(key)), *_]))
        ]:
            return (method, key) if method in SHOWN_TAGS else None
    return None


def page_notebook(report: Report, record: Record, file: Path) -> Notebook:
    """Return the notebook with the tables and charts that its cells have shown, or ask for."""
    notebook = read_notebook(file)
    cells = [_with_outputs(cell, report) for cell in notebook["cells"]]
    first = next(cell for cell in cells if cell["cell_type"] == "code")
    first["outputs"] = [*first.get("outputs", ()), _output({RECORD_MIME: record_to_json(record)})]
    return {**notebook, "cells": cells}


def _with_outputs(cell: Cell, report: Report) -> Cell:
    if cell["cell_type"] != "code":
        return cell
    displays = report.shown.of(cell)
    if displays is None:
        displays = _made_for(cell, report)
    outputs = [_output(display.bundle) for display in displays]
    return {**cell, "outputs": outputs, "execution_count": None}


def _made_for(cell: Cell, report: Report) -> list[Display]:
    """Return the table or chart that a cell asks for, counted from the data."""
    asked = asked_for(cell["source"])
    if asked is None:
        return []
    method, key = asked
    display = report.table(key) if method == "table" else report.chart(key)
    return [display] if display else []


def _output(data: Mapping[str, object]) -> Output:
    return {"output_type": "display_data", "metadata": {}, "data": dict(data)}


def draw_page(notebook: Notebook) -> str:
    """Return the page, by the exporter of that name; this folder knows none of them."""
    import nbformat
    from nbconvert.exporters import get_exporter

    page, _ = get_exporter("nianbao_html")().from_notebook_node(nbformat.from_dict(notebook))
    return str(page)


def show_page(page: str, title: str, file: str) -> Display:
    """Return the page in a frame of its own, in which nothing runs.

    Above it stands what it was drawn from.
    """
    frame = (
        f"<p>成品网页，按 {html.escape(file)} 画出</p>"
        f'<iframe title="{html.escape(title)}" sandbox srcdoc="{html.escape(page)}"'
        ' style="width: 100%; height: 80vh; border: 1px solid #999"></iframe>'
    )
    return Display({NOTE_MIME: {}, "text/html": frame, "text/plain": f"{title}（成品网页）"})


def page_display(report: Report, notebook: str | Path | None) -> Display:
    """Return the page of a notebook, or of the one that runs here.

    Where there is none, a sentence says so.
    """
    record = report.record()
    if notebook is None:
        try:
            file = running_notebook(report.root, record)
        except UsageError as error:
            return show_note(str(error))
    else:
        file = Path(notebook)
        if file.suffix != ".ipynb" or not file.is_file():
            raise UsageError(Problem("没有这个笔记本", value=str(notebook)))
    page = draw_page(page_notebook(report, record, file))
    return show_page(page, report.title, _named(file, report.root))


def _named(file: Path, root: Path) -> str:
    """Return the file as seen from the project."""
    path, folder = file.resolve(), root.resolve()
    return path.relative_to(folder).as_posix() if path.is_relative_to(folder) else path.name

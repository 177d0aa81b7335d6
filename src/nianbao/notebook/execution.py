"""Run the master notebook through papermill and give the executed notebook."""

from __future__ import annotations

import json
import os
import re
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from pathlib import Path

from nianbao import errors
from nianbao.errors import ExecutionError, NianbaoError
from nianbao.notebook.cells import Notebook, notebook_text, without_traces
from nianbao.notebook.master import ROOT_VARIABLE, master_notebook, read_own_cells, with_own_cells
from nianbao.processes import current_folder_shut_out

ENGINE, PYTHON = "nianbao", "python3"
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")
_FAILED = re.compile(r"^-+> ?\d+ (.*)$", re.MULTILINE)
"""How IPython marks the line that failed; the first is the cell's, others are of what it called."""
_SHOWN = 60


@contextmanager
def _project_folder(root: Path) -> Iterator[None]:
    """Tell the notebook, in this process or in a kernel, which project it belongs to."""
    before = os.environ.get(ROOT_VARIABLE)
    os.environ[ROOT_VARIABLE] = str(root)
    try:
        yield
    finally:
        if before is None:
            del os.environ[ROOT_VARIABLE]
        else:
            os.environ[ROOT_VARIABLE] = before


_FORMATS = (
    *("fqdn", "isoduration", "jsonpointer", "rfc3339_validator", "rfc3986_validator"),
    *("rfc3987_syntax", "uri_template", "webcolors"),
)
"""Packages by which jsonschema tells addresses, durations and colours, where they are there."""


@contextmanager
def _without_formats() -> Iterator[None]:
    """Spare the first import of nbformat the packages that no schema of a notebook needs.

    It loads jsonschema, which loads whichever of them JupyterLab has brought along; the grammar of
    internationalised addresses alone took a third of the start of a build.
    """
    left_out = [name for name in _FORMATS if name not in sys.modules]
    for name in left_out:
        sys.modules[name] = None  # type: ignore[assignment]  # Python: it cannot be imported
    try:
        yield
    finally:
        for name in left_out:
            del sys.modules[name]


def _own_error(name: str, text: str) -> NianbaoError | None:
    """Return the error of ours that a cell raised, rebuilt from its name and text."""
    kind = getattr(errors, name, None)
    if isinstance(kind, type) and issubclass(kind, NianbaoError):
        return kind(*text.splitlines())
    return None


def _reason(name: str, text: str) -> str:
    """Return an error of Python's in one line."""
    if name == "MemoryError":
        return "内存不足，或超过了每份报告的限额"
    return f"{name}：{text}".splitlines()[0]


def _failing_line(source: str, traceback: Sequence[str]) -> str:
    """Quote the line of a cell that failed, by which a person finds the cell."""
    arrow = _FAILED.search(_COLOUR.sub("", "\n".join(traceback)))
    lines = [arrow[1]] if arrow else source.strip().splitlines()
    return f"“{lines[-1].strip()[:_SHOWN]}”" if lines else ""


@contextmanager
def _notebook_to_run(root: Path, parameters: Mapping[str, object]) -> Iterator[Path]:
    """Provide the master, with the report's own cells in their places where it has any."""
    master = master_notebook(root)
    agency, year = str(parameters.get("agency", "")), parameters.get("year")
    own = read_own_cells(root, agency, year) if agency and isinstance(year, int) else ()
    if not own:
        yield master
        return
    notebook = with_own_cells(json.loads(master.read_text(encoding="utf-8")), own)
    with tempfile.TemporaryDirectory(prefix="nianbao-") as folder:
        file = Path(folder) / master.name
        file.write_text(json.dumps(notebook), encoding="utf-8")
        yield file


def run_notebook(
    root: Path,
    parameters: Mapping[str, object],
    target: Path,
    *,
    kernel: bool = False,
    cell_seconds: float | None = None,
) -> Notebook:
    """Run the master with these parameters; the notebook is written to ``target`` in any case.

    Parameters
    ----------
    parameters
        Of the notebook's parameters cell.
    target
        File for the executed notebook, or for as much as was run.
    kernel
        Run in an ordinary kernel instead of this process.
    cell_seconds
        A cell that runs longer fails.

    Raises
    ------
    NianbaoError
        What a cell raised, of its own kind; ExecutionError for any other failure.
    """
    with _without_formats():
        from papermill.engines import papermill_engines
        from papermill.exceptions import PapermillExecutionError
        from papermill.execute import raise_for_execution_errors
        from papermill.iorw import load_notebook_node
        from papermill.parameterize import parameterize_notebook

    engine = None if kernel else ENGINE
    # A kernel is another process, and its folder is that of the caller.
    path = current_folder_shut_out() if kernel else nullcontext()
    with path, _project_folder(root), _notebook_to_run(root, parameters) as notebook:
        try:
            # The steps of papermill.execute_notebook, which would write the notebook itself, slowly
            # and with its times.
            prepared = parameterize_notebook(
                load_notebook_node(str(notebook)), dict(parameters), kernel_name=PYTHON,
                engine_name=engine,
            )  # fmt: skip
            executed = papermill_engines.execute_notebook_with_engine(
                engine, prepared, kernel_name=PYTHON, progress_bar=False,
                execution_timeout=cell_seconds,
            )  # fmt: skip
            raise_for_execution_errors(executed, str(target))
        except PapermillExecutionError as error:
            own = _own_error(error.ename, error.evalue)
            if own is not None:
                raise own from None
            reason = _reason(error.ename, error.evalue)
            where = (
                f"笔记本第{error.cell_index + 1}格{_failing_line(error.source, error.traceback)}"
            )
            raise ExecutionError(f"{where}运行出错：{reason}") from None
        except TimeoutError:  # a kernel's client raises one of its own kinds
            raise ExecutionError(f"单元格运行超过{cell_seconds:g}秒，已停止") from None
        except RuntimeError as error:
            if type(error).__name__ != "DeadKernelError":
                raise
            cause = "单元格结束了进程，或内存不足"
            raise ExecutionError(f"运行笔记本的内核中途退出；常见原因：{cause}") from None
    ran = without_traces(executed)
    target.write_text(notebook_text(ran), encoding="utf-8")
    return ran

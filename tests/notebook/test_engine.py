"""The engine shows what an ordinary kernel shows."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import nbformat
import papermill
import pytest
from papermill.exceptions import PapermillExecutionError
from tests.notebook.engine_tools import (
    NAMES,
    cells_of,
    notebook,
    shown_by_kernel,
    shown_by_shell,
)


@pytest.mark.slow
def test_outputs_are_those_of_a_kernel(tmp_path: Path) -> None:
    """All files one after the other in one kernel, those that draw last: they change settings."""
    names = sorted(NAMES, key=lambda name: name == "figures")
    cells = [(name, cell) for name in names for cell in cells_of(name)]
    sources = [cell for _, cell in cells]
    kernel, ours = shown_by_kernel(sources, tmp_path), shown_by_shell(sources, tmp_path)
    shown = dict.fromkeys(names, 0)
    for (name, source), theirs, own in zip(cells, kernel, ours, strict=True):
        assert own == theirs, (name, source)
        shown[name] += len(theirs["outputs"])
    assert all(shown.values())


def run(
    folder: Path, *cells: str, engine: str | None = "nianbao", **options: Any
) -> tuple[Any, PapermillExecutionError | None]:
    """The notebook after papermill ran it, and what papermill said."""
    source, target = folder / "in.ipynb", folder / "out.ipynb"
    nbformat.write(notebook(*cells), source)
    failed = None
    try:
        papermill.execute_notebook(
            str(source), str(target), engine_name=engine, kernel_name="python3",
            progress_bar=False, **options,
        )  # fmt: skip
    except PapermillExecutionError as error:
        failed = error
    return nbformat.read(target, as_version=4), failed


def errors(ran: Any) -> list[str]:
    return [f"{o.ename}: {o.evalue}" for c in ran.cells for o in c.get("outputs", ())
            if o.output_type == "error"]  # fmt: skip


def counts(ran: Any) -> list[int | None]:
    code = (cell for cell in ran.cells if cell.cell_type == "code")
    return [cell.execution_count for cell in code]


def test_a_notebook_that_is_no_report_runs_like_any(tmp_path: Path) -> None:
    ran, failed = run(tmp_path, "x = 1", "", "x + 1")
    assert failed is None
    assert counts(ran) == [1, None, 2]
    assert ran.cells[2].outputs[0].data["text/plain"] == "2"


@pytest.mark.slow
def test_after_an_error_no_cell_runs_as_in_a_kernel(tmp_path: Path) -> None:
    cells = ("print('before')", "1 / 0", "print('never')")
    ours, failed = run(tmp_path, *cells)
    theirs, also_failed = run(tmp_path, *cells, engine=None)
    assert failed is not None
    assert also_failed is not None
    assert (failed.ename, failed.exec_count) == (also_failed.ename, also_failed.exec_count)
    assert errors(ours) == errors(theirs) == ["ZeroDivisionError: division by zero"]
    assert counts(ours) == counts(theirs)


@pytest.mark.parametrize(
    "endless", ["while True: pass", "import time\ntime.sleep(60)",
                "while True:\n    try:\n        while True: pass\n    except Exception: break\n"
                "while True: pass"],
)  # fmt: skip
def test_a_cell_that_takes_too_long_fails(tmp_path: Path, endless: str) -> None:
    ran, failed = run(tmp_path, "x = 1", endless, "x", execution_timeout=1)
    assert failed is not None
    assert errors(ran) == ["ExecutionError: 单元格运行超过1秒，已停止"]
    assert counts(ran) == [1, 2, None]


def test_a_quick_cell_is_not_stopped_by_the_limit_of_another(tmp_path: Path) -> None:
    """The time that is left is a cell's own, whatever the one before it left."""
    use_up = "import signal\nsignal.setitimer(signal.ITIMER_REAL, 1000)[0]"
    left = "signal.getitimer(signal.ITIMER_REAL)[0] > 1000"
    ran, failed = run(tmp_path, use_up, left, left, execution_timeout=10_000)
    assert failed is None
    assert [cell.outputs[0].data["text/plain"] for cell in ran.cells[1:]] == ["True", "True"]


def test_a_cell_cannot_end_the_process(tmp_path: Path) -> None:
    ran, failed = run(tmp_path, "import os\nos._exit(0)", "1")
    assert failed is not None
    assert errors(ran) == ["ExecutionError: 单元格试图结束整个进程（os._exit(0)），已阻止"]


def test_a_process_that_a_cell_forks_may_end_as_it_likes(tmp_path: Path) -> None:
    fork = "import os\npid = os.fork()\nif not pid: os._exit(7)\nos.waitpid(pid, 0)[1] >> 8"
    ran, failed = run(tmp_path, fork)
    assert failed is None
    assert ran.cells[0].outputs[0].data["text/plain"] == "7"

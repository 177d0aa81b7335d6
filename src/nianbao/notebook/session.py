"""The IPython session in which a report is opened: what it says below a cell, and ``%nianbao``.

Only what goes through ``report.table``, ``report.chart`` and ``report.show`` is printed. A frame or
a figure that a cell merely displays, or a line that it prints, would otherwise be missing from the
report without a word.
"""

from __future__ import annotations

import ast
import os
import re
import shlex
import subprocess
import sys
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from nianbao.errors import NianbaoError, Problem, UsageError, raise_problems
from nianbao.files.words import ask_for
from nianbao.fonts import find_fonts, register_fonts
from nianbao.inputs.params import ReportParams
from nianbao.notebook.blocks import BLOCK_MIME
from nianbao.notebook.cells import Bundle, Cell, Notebook
from nianbao.notebook.display import NOTE_MIME, Display, show_note
from nianbao.notebook.master import ROOT_VARIABLE
from nianbao.processes import own_python

INJECTED = ("# Parameters\n", "# Injected Parameters\n")
"""With one of these lines papermill begins the cell of parameters that it adds."""
UNPUBLISHED = '这一格显示的内容不印入报告；要印入的，用 report.show(表或图, title="标题") 交出。'
STYLE = "nianbao.report"
"""The house style, as matplotlib asks for it."""
_MOST_SHOWN = 60
_DRAWS = re.compile(r"plot|plt|matplotlib|seaborn")
_REPORT = re.compile(r"[a-z0-9][a-z0-9_-]* \d{4}$")
OF_A_REPORT = frozenset({"build", "check", "compare", "facts", "preview", "pull", "verify"})
"""Commands that want agency and year; they get those of the open report."""


def is_injected(source: str) -> bool:
    """Return whether papermill added this cell, to set the parameters that it was given."""
    return source.startswith(INJECTED)


def is_ours(data: Bundle) -> bool:
    """Return whether a bundle is one that the report shows."""
    return BLOCK_MIME in data or NOTE_MIME in data


def unpublished_cells(notebook: Notebook) -> Iterator[tuple[int, Cell]]:
    """Yield the number (from 1) and cell where a cell shows what no document prints."""
    for number, cell in enumerate(notebook["cells"], 1):
        for output in cell.get("outputs", ()):
            if output["output_type"] == "stream":
                foreign = output.get("name") == "stdout" and bool(output.get("text", "").strip())
            else:
                foreign = "data" in output and not is_ours(output["data"])
            if foreign:
                yield number, cell
                break


def is_command(source: str) -> bool:
    """Return whether a cell does nothing but run ``%nianbao``: it is no part of a report.

    Examples
    --------
    >>> is_command("%nianbao pull"), is_command("x = 1\\n%nianbao pull"), is_command("")
    (True, False, False)
    """
    lines = [line.strip() for line in source.splitlines() if line.strip()]
    return bool(lines) and all(line.startswith(("%nianbao", "#")) for line in lines)


def last_statement(source: str) -> str:
    """Return the words by which a person finds a code cell: its last statement, on one line.

    Where the cell is no plain Python (a magic, half a line) it is the last line.

    Examples
    --------
    >>> last_statement('t = 1\\nreport.show(\\n    t, title="表",\\n)')
    'report.show( t, title="表", )'
    """
    lines = [line.strip() for line in source.splitlines() if line.strip()]
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # such as of a backslash in the cell's own texts
            statement = ast.parse(source).body[-1]
    except (SyntaxError, ValueError, IndexError, RecursionError, MemoryError):
        found = lines[-1] if lines else ""
    else:
        found = " ".join((ast.get_source_segment(source, statement) or "").split())
    return found if len(found) <= _MOST_SHOWN else f"{found[:_MOST_SHOWN]}……"


class _Watch:
    """Hooks of one IPython shell; ``root`` is the project of the report that is open there."""

    root: Path | None = None

    def __init__(self, shell: Any) -> None:
        self._shell = shell
        self._foreign = False
        self._publish = shell.display_pub.publish
        shell.display_pub.publish = self._published
        shell.events.register("pre_run_cell", self._start)
        shell.events.register("post_run_cell", self._end)

    def _start(self, info: Any) -> None:
        self._foreign = False
        if self.root and _DRAWS.search(info.raw_cell or ""):
            with suppress(NianbaoError):  # what is wrong with theme/ the report's own cells say
                prepare_drawing(self.root)
        self._write = sys.stdout.write
        with suppress(AttributeError):  # a stream that lets nobody listen
            sys.stdout.write = self._written  # type: ignore[method-assign]

    def _written(self, text: str) -> int:
        self._foreign = self._foreign or bool(text.strip())
        return self._write(text)

    def _published(self, data: Any, *given: Any, **more: Any) -> Any:
        self._foreign = self._foreign or not is_ours(data)
        return self._publish(data, *given, **more)

    def _end(self, result: Any) -> None:
        with suppress(AttributeError):
            del sys.stdout.write  # the stream's own shows again
        shown = result.result
        if shown is not None and not hasattr(shown, "bundle"):
            self._foreign = True
        if self._foreign and result.success:
            self._foreign = False
            self._publish({NOTE_MIME: {}, "text/plain": UNPUBLISHED})


def running_shell() -> Any:
    """Return the IPython shell that runs here, or None."""
    if "IPython" not in sys.modules:
        return None
    from IPython import get_ipython

    return get_ipython()


class _AlreadyShown(Display):
    """A display that stands below its cell: as the cell's last line it does not appear again."""

    def _ipython_display_(self) -> None:
        pass


def show_at_once(display: Display) -> Display:
    """Show a display below the running cell, on whichever of its lines it was made."""
    shell = running_shell()
    if shell is None:
        return display
    shell.display_pub.publish(dict(display.bundle))
    return _AlreadyShown(display.bundle)


def watch_cells() -> Any:
    """Watch the cells of the notebook that runs here, if one does; give its shell.

    Raises
    ------
    UsageError
        papermill was given a parameter that no report has; the nearest is named. Nothing would
        read it, and the report would be another than was asked for.
    """
    shell = running_shell()
    if shell is None:
        return None
    unknown = _unknown_parameters(shell.history_manager.input_hist_raw)
    raise_problems(UsageError, unknown)
    if not hasattr(shell, "_nianbao_watch"):
        shell._nianbao_watch = _Watch(shell)
    return shell


def _unknown_parameters(sources: Sequence[str]) -> Iterator[Problem]:
    """Yield what papermill's cell of parameters sets that the report does not have."""
    cells = [source for source in sources if is_injected(source)]
    fields = ReportParams.model_fields
    for statement in ast.parse(cells[-1]).body if cells else ():
        match statement:
            case ast.Assign(targets=[ast.Name(id=name)]):
                if name not in fields and not name.startswith("PAPERMILL_"):
                    remedy = ask_for(name, fields) or f"可用的参数：{'、'.join(fields)}"
                    yield Problem("没有这个参数", value=name, remedy=remedy)


def prepare_drawing(root: Path) -> None:
    """Let ``plt.style.use("nianbao.report")`` give the project's look, and Chinese letters.

    Raises
    ------
    InputError
        theme/charts.mplstyle cannot be used.
    """
    from matplotlib import style

    from nianbao.notebook.theme import over_house, read_chart_style

    register_fonts(find_fonts((root / "fonts",)))
    style.library[STYLE] = over_house(read_chart_style(root))


def nianbao_magic(shell: Any, root: Path, agency: str, year: int) -> Callable[[str], None]:
    """Make the magic of a report."""

    def nianbao(line: str) -> None:
        """运行 nianbao 命令；不写机关代码和年度的，用这个笔记本里打开的报告。"""
        words = shlex.split(line) or ["--help"]
        if words[0] in OF_A_REPORT and not _REPORT.match(" ".join(words[1:3])):
            words[1:1] = [agency, str(year)]
        done = subprocess.run(
            own_python("-m", "nianbao", *words), cwd=root, capture_output=True, text=True,
            check=False, env={**os.environ, ROOT_VARIABLE: str(root)},
        )  # fmt: skip
        shell.display_pub.publish(dict(show_note((done.stdout + done.stderr).strip()).bundle))

    return nianbao


def tell_report(shell: Any, root: Path, agency: str, year: int) -> None:
    """Let a watched session know its report: for ``%nianbao``, and for what its cells draw."""
    shell._nianbao_watch.root = root
    if "matplotlib.pyplot" in sys.modules:
        prepare_drawing(root)
    shell.register_magic_function(nianbao_magic(shell, root, agency, year), "line", "nianbao")

"""Run notebook cells in this process, in a fresh IPython session, with a kernel's outputs.

A kernel costs a process, five sockets and seconds of imports for each report; the report's
cells need none of that. One session runs one notebook and is thrown away. What a cell may not do
to the process it runs in, and what it writes past Python's streams, is minded here too.
"""

from __future__ import annotations

import atexit
import builtins
import codecs
import getpass
import io
import json
import os
import signal
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import Any, NoReturn

import nbformat
from IPython.core.application import ProfileDir
from IPython.core.compilerop import CachingCompiler
from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.error import StdinNotImplementedError
from IPython.core.interactiveshell import ExecutionResult, InteractiveShell
from jupyter_client.jsonutil import json_default
from nbformat import NotebookNode
from nbformat.notebooknode import from_dict
from traitlets.config import Config

from nianbao.errors import ExecutionError
from nianbao.notebook.cells import Bundle


class Outputs:
    """The outputs of a notebook's cells while they run.

    Several cells share one collector, because ``update_display`` may change what an earlier
    cell showed.
    """

    def __init__(self) -> None:
        self.cell: list[NotebookNode] = []
        self.count = 0
        self.below: list[Callable[[], None]] = []
        """Bring in what was written past Python's streams, so that it keeps its place."""
        self._shown: dict[str, list[NotebookNode]] = {}
        self._clear_first = False

    def start_cell(self, count: int) -> None:
        """Forget the outputs of the cell before; what it displayed can still be updated."""
        self.cell = []
        self.count = count
        self._clear_first = False

    def write(self, name: str, text: str) -> None:
        """Add to a standard stream."""
        self._bring_in()
        if text:
            self._write(name, text)

    def write_below(self, name: str, text: str) -> None:
        """Add what another program wrote to the file below a standard stream."""
        if text:
            self._write(name, text)

    def _write(self, name: str, text: str) -> None:
        last = self.cell[-1] if self.cell and not self._clear_first else None
        if last and last["output_type"] == "stream" and last["name"] == name:
            last["text"] += text
        else:
            self._append(_output("stream", name=name, text=text))

    def display(self, data: Bundle, metadata: Bundle | None, id_: str | None) -> None:
        """Add a display; earlier ones of the same id show the same from now on."""
        if id_:
            self.update(data, metadata, id_)
        self._add(_output("display_data", data=_plain(data), metadata=_plain(metadata)), id_)

    def update(self, data: Bundle, metadata: Bundle | None, id_: str) -> None:
        """Change the displays of this id, whichever cell made them."""
        for output in self._shown.get(id_, ()):
            output["data"], output["metadata"] = _plain(data), _plain(metadata)

    def result(self, data: Bundle, metadata: Bundle | None) -> None:
        """Add the value of a cell's last line."""
        self._add(
            _output(
                "execute_result",
                data=_plain(data),
                metadata=_plain(metadata),
                execution_count=self.count,
            )
        )

    def error(self, name: str, text: str, traceback: Sequence[str]) -> None:
        """Add an error."""
        self._add(_output("error", ename=name, evalue=text, traceback=list(traceback)))

    def clear(self, *, wait: bool) -> None:
        """Take away what the cell has shown, at once or as soon as it shows something new."""
        if wait:
            self._clear_first = True
        else:
            self.cell.clear()

    def _bring_in(self) -> None:
        for bring in self.below:
            bring()

    def _add(self, output: NotebookNode, id_: str | None = None) -> None:
        self._bring_in()
        self._append(output)
        if id_:
            self._shown.setdefault(id_, []).append(output)

    def _append(self, output: NotebookNode) -> None:
        if self._clear_first:
            self.cell.clear()
            self._clear_first = False
        self.cell.append(output)


def _output(kind: str, **parts: object) -> NotebookNode:
    """Return an output that was held against nbformat's schema.

    It is put into a notebook for that: the schema of a whole one is compiled, while for a part
    ``nbformat.v4.new_output`` takes four times as long.
    """
    output: NotebookNode = from_dict({"output_type": kind, **parts})
    cell = {"cell_type": "code", "id": "cell", "metadata": {}, "source": "", "outputs": [output]}
    cells = [NotebookNode(cell, execution_count=None)]
    nbformat.validate(NotebookNode(nbformat=4, nbformat_minor=5, metadata={}, cells=cells))
    return output


def _plain(data: Bundle | None) -> object:
    """Return a value as it arrives at a kernel's client: through JSON, which changes no text."""
    return {
        key: value if type(value) is str else json.loads(json.dumps(value, default=json_default))
        for key, value in (data or {}).items()
    }


class Stream(io.TextIOBase):
    """A standard stream that adds what is written to the cell's outputs."""

    def __init__(self, name: str, outputs: Outputs, number: int) -> None:
        super().__init__()
        self._name, self._outputs, self._number = name, outputs, number

    @property
    def name(self) -> str:
        """The name of the stream, as a kernel's has it."""
        return f"<{self._name}>"

    @property
    def encoding(self) -> str:  # type: ignore[override]  # an attribute there
        """The encoding, which a program asks for before it prints Chinese."""
        return "UTF-8"

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text)}")
        self._outputs.write(self._name, text)
        return len(text)

    def isatty(self) -> bool:
        return False

    def fileno(self) -> int:
        return self._number


INLINE = "module://matplotlib_inline.backend_inline"
"""The backend that a kernel gives matplotlib: figures appear below their cell."""
AGAIN = 1.0
"""Seconds after which a cell that swallowed the alarm gets the next one."""


class _Publisher(DisplayPublisher):  # type: ignore[misc]  # IPython has no types
    """``display(…)`` adds to the outputs."""

    outputs: Outputs

    def publish(
        self, data: Any, metadata: Any = None, source: Any = None, *, transient: Any = None,
        update: bool = False, **more: Any,
    ) -> None:  # fmt: skip
        id_: str | None = (transient or {}).get("display_id")
        if update:
            self.outputs.update(data, metadata, id_ or "")
        else:
            self.outputs.display(data, metadata, id_)

    def clear_output(self, wait: bool = False) -> None:
        self.outputs.clear(wait=wait)


class _Hook(DisplayHook):  # type: ignore[misc]  # IPython has no types
    """The value of a cell's last line becomes its ``execute_result``."""

    outputs: Outputs

    def __call__(self, result: Any = None) -> None:
        self.shell.showing_result = True
        super().__call__(result)
        self.shell.showing_result = False

    def write_output_prompt(self) -> None:
        """Print no prompt."""

    def write_format_data(self, format_dict: Any, md_dict: Any = None) -> None:
        if format_dict:
            self.outputs.result(format_dict, md_dict)


class _Compiler(CachingCompiler):  # type: ignore[misc]  # IPython has no types
    """Names a cell's code by its number: a kernel's name has the process in it."""

    def get_code_name(self, raw_code: str, transformed_code: str, number: int) -> str:
        # Like a file that is not there, as in a kernel: tracebacks are written the same way.
        return f"<cell>-{number}.py"


class _IPython(InteractiveShell):  # type: ignore[misc]  # IPython has no types
    """IPython whose errors go to the outputs and which has no window to draw in."""

    compiler_class = _Compiler
    outputs: Outputs
    showing_result = False
    result_failed = False
    """Whether the value of the cell's last line could not be shown."""

    def _showtraceback(self, etype: Any, evalue: Any, stb: Any) -> None:
        self.result_failed = self.result_failed or self.showing_result
        self.outputs.error(etype.__name__, str(evalue), stb)

    def enable_gui(self, gui: Any = None) -> None:
        """Do nothing: ``%matplotlib`` asks for an event loop, and figures need none."""


class InProcessKernel:
    """A fresh IPython for one notebook."""

    def __init__(self) -> None:
        InteractiveShell.clear_instance()
        self._folder = tempfile.TemporaryDirectory(prefix="nianbao-ipython-")
        config = Config()
        # A database of all lines ever typed, and the thread that writes it: not for reports.
        config.HistoryManager.enabled = False
        self._main = sys.modules["__main__"]
        self._shell = _IPython.instance(
            config=config,
            ipython_dir=self._folder.name,
            profile_dir=ProfileDir.create_profile_dir(self._folder.name),
            display_pub_class=_Publisher,
            displayhook_class=_Hook,
        )
        self._outputs = Outputs()
        for part in (self._shell, self._shell.display_pub, self._shell.displayhook):
            part.outputs = self._outputs
        self._below = [_File(1, "stdout", self._outputs), _File(2, "stderr", self._outputs)]
        self._backend = _draw_inline(self._shell)

    def run(
        self, source: str, seconds: float | None = None
    ) -> tuple[list[NotebookNode], int, bool]:
        """Run a cell; return its outputs, its execution count, and whether it failed.

        A cell that takes longer than ``seconds`` fails.
        """
        count: int = self._shell.execution_count
        self._outputs.start_cell(count)
        self._shell.showing_result = self._shell.result_failed = False
        with captured(self._outputs, self._below), limited(seconds):
            result: ExecutionResult = self._shell.run_cell(source, store_history=True)
        failed = not result.success or self._shell.result_failed
        # The list itself, not a copy: a later cell may update what this one displayed.
        return self._outputs.cell, count, failed

    def close(self) -> None:
        """Forget everything the notebook defined."""
        shell = self._shell
        atexit.unregister(shell.atexit_operations)
        shell.restore_sys_module_state()
        sys.modules["__main__"] = self._main
        shell.user_ns.clear()
        _undo_inline(self._backend)
        _IPython.clear_instance()
        for file in self._below:
            file.close()
        self._folder.cleanup()


def _draw_inline(shell: _IPython) -> tuple[str | None, Any]:
    """Let a cell that imports pyplot see its figures; what was set before."""
    before = os.environ.get("MPLBACKEND"), None
    os.environ["MPLBACKEND"] = INLINE
    matplotlib = sys.modules.get("matplotlib")
    if matplotlib is not None:
        before = before[0], dict.__getitem__(matplotlib.rcParams, "backend")
        matplotlib.rcParams["backend"] = INLINE
    inline = sys.modules.get("matplotlib_inline.backend_inline")
    if inline is not None:
        # It joins the shell that runs when it is first imported, and only that one.
        inline.configure_inline_support.current_backend = "unset"
        inline.configure_inline_support(shell, INLINE)
    return before


def _undo_inline(before: tuple[str | None, Any]) -> None:
    variable, backend = before
    if variable is None:
        os.environ.pop("MPLBACKEND", None)
    else:
        os.environ["MPLBACKEND"] = variable
    if backend is not None:
        dict.__setitem__(sys.modules["matplotlib"].rcParams, "backend", backend)
    inline = sys.modules.get("matplotlib_inline.config")
    if inline is not None:
        inline.InlineBackend.clear_instance()


def _refuse_input(*args: object, **more: object) -> NoReturn:
    message = "raw_input was called, but this frontend does not support input requests."
    raise StdinNotImplementedError(message)


def _refuse_password(*args: object, **more: object) -> NoReturn:
    message = "getpass was called, but this frontend does not support input requests."
    raise StdinNotImplementedError(message)


@contextmanager
def _replaced(owner: Any, name: str, value: object) -> Iterator[None]:
    before = getattr(owner, name)
    setattr(owner, name, value)
    try:
        yield
    finally:
        setattr(owner, name, before)


@contextmanager
def _no_exit() -> Iterator[None]:
    """Keep a cell from ending the process with exit code 0 and no report."""
    owner, leave = os.getpid(), os._exit

    def refuse(status: int) -> NoReturn:
        if os.getpid() != owner:  # a process that the cell forked may end as it likes
            leave(status)
        raise ExecutionError(f"单元格试图结束整个进程（os._exit({status})），已阻止")

    with _replaced(os, "_exit", refuse):
        yield


@contextmanager
def _time_limit(seconds: float | None) -> Iterator[None]:
    """Raise in the cell when its time is over; signals reach the main thread only."""
    can = hasattr(signal, "setitimer") and threading.current_thread() is threading.main_thread()
    if seconds is None or not can:
        yield
        return

    def stop(number: int, frame: object) -> NoReturn:
        raise ExecutionError(f"单元格运行超过{seconds:g}秒，已停止")

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds, AGAIN)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


@contextmanager
def limited(seconds: float | None = None) -> Iterator[None]:
    """Keep a cell from asking a person, ending the process, or taking longer than this."""
    with ExitStack() as stack:
        stack.enter_context(_replaced(builtins, "input", _refuse_input))
        stack.enter_context(_replaced(getpass, "getpass", _refuse_password))
        stack.enter_context(_no_exit())
        stack.enter_context(_time_limit(seconds))
        yield


class _File:
    """The file below a standard stream, where what other programs print goes while a cell runs."""

    def __init__(self, number: int, name: str, outputs: Outputs) -> None:
        self._number, self._name, self._outputs = number, name, outputs
        self._file = tempfile.TemporaryFile()  # noqa: SIM115  # open as long as the kernel
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._read = 0

    @contextmanager
    def caught(self) -> Iterator[None]:
        """Send to the outputs what is written here."""
        try:
            before = os.dup(self._number)
        except OSError:  # a program without a console has none
            yield
            return
        os.dup2(self._file.fileno(), self._number)
        self._outputs.below.append(self._bring_in)
        try:
            yield
        finally:
            os.dup2(before, self._number)
            os.close(before)
            self._bring_in()
            self._outputs.below.remove(self._bring_in)

    def _bring_in(self) -> None:
        # The writer's place in the file is shared, so that ours must not be moved.
        number = self._file.fileno()
        size = os.fstat(number).st_size
        if size > self._read:
            data = os.pread(number, size - self._read, self._read)
            self._outputs.write_below(self._name, self._decoder.decode(data))
            self._read = size

    def close(self) -> None:
        """Forget what was written."""
        self._file.close()


@contextmanager
def captured(outputs: Outputs, below: Sequence[_File]) -> Iterator[None]:
    """Send what a cell and the programs it starts print to its outputs, not to the command's."""
    streams = sys.stdout, sys.stderr
    with ExitStack() as stack:
        for file in below:
            stack.enter_context(file.caught())
        sys.stdout = Stream("stdout", outputs, 1)
        sys.stderr = Stream("stderr", outputs, 2)
        try:
            yield
        finally:
            sys.stdout, sys.stderr = streams

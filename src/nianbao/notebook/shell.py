"""Run notebook cells in this process, in a fresh IPython shell, with a kernel's outputs.

A kernel costs a process, five sockets and seconds of imports for each report; the report's
cells need none of that. One shell runs one notebook and is thrown away.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TextIO

import nbformat
from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.interactiveshell import ExecutionResult, InteractiveShell
from nbformat.v4 import new_output

Output = dict[str, Any]


class _Stream:
    """A standard stream that adds what is written to the cell's outputs, as a kernel does."""

    def __init__(self, name: str, outputs: list[Output], under: TextIO) -> None:
        self.name, self.outputs, self.under = name, outputs, under
        self.encoding = "utf-8"

    def write(self, text: str) -> int:
        last = self.outputs[-1] if self.outputs else None
        if last and last["output_type"] == "stream" and last["name"] == self.name:
            last["text"] += text
        elif text:
            self.outputs.append(new_output("stream", name=self.name, text=text))
        return len(text)

    def flush(self) -> None:
        """Nothing is buffered."""

    def isatty(self) -> bool:
        return False

    def fileno(self) -> int:
        return self.under.fileno()


class _Publisher(DisplayPublisher):  # type: ignore[misc]  # IPython has no types
    """``display(…)`` adds to the outputs."""

    outputs: list[Output]

    def publish(
        self, data: Any, metadata: Any = None, source: Any = None, *, transient: Any = None,
        update: bool = False, **more: Any,
    ) -> None:  # fmt: skip
        self.outputs.append(new_output("display_data", data=data, metadata=metadata or {}))

    def clear_output(self, wait: bool = False) -> None:
        self.outputs.clear()


class _Hook(DisplayHook):  # type: ignore[misc]  # IPython has no types
    """The value of a cell's last line becomes its ``execute_result``."""

    outputs: list[Output]

    def write_output_prompt(self) -> None:
        """No prompt is printed."""

    def write_format_data(self, format_dict: Any, md_dict: Any = None) -> None:
        count = self.shell.execution_count
        self.outputs.append(
            new_output(
                "execute_result", data=format_dict, metadata=md_dict or {}, execution_count=count
            )
        )


class Shell:
    """A fresh IPython for one notebook."""

    def __init__(self) -> None:
        InteractiveShell.clear_instance()
        self.outputs: list[Output] = []
        self._shell = InteractiveShell.instance(
            display_pub_class=_Publisher, displayhook_class=_Hook, colors="nocolor"
        )
        self._shell.history_manager.enabled = False
        self._shell.display_pub.outputs = self.outputs
        self._shell.displayhook.outputs = self.outputs

    def run(self, source: str) -> tuple[list[Output], int, bool]:
        """Run a cell: its outputs, its execution count, and whether it failed."""
        self.outputs.clear()
        count = self._shell.execution_count
        with _captured(self.outputs):
            result: ExecutionResult = self._shell.run_cell(source, store_history=True)
        error = result.error_in_exec or result.error_before_exec
        if error is not None:
            self._forget_traceback()
            self.outputs.append(self._error(error))
        return [nbformat.from_dict(o) for o in self.outputs], count, error is not None

    def _forget_traceback(self) -> None:
        """IPython prints the traceback to the stream; a kernel sends it as an error output."""
        if self.outputs and self.outputs[-1]["output_type"] == "stream":
            self.outputs.pop()

    def _error(self, error: BaseException) -> Output:
        lines = self._shell.InteractiveTB.structured_traceback(
            type(error), error, error.__traceback__
        )
        failed: Output = new_output(
            "error", ename=type(error).__name__, evalue=str(error), traceback=list(lines)
        )
        return failed

    def close(self) -> None:
        """Forget everything the notebook defined."""
        self._shell.reset(new_session=False)
        InteractiveShell.clear_instance()


@contextmanager
def _captured(outputs: list[Output]) -> Iterator[None]:
    streams = sys.stdout, sys.stderr
    sys.stdout = _Stream("stdout", outputs, streams[0])
    sys.stderr = _Stream("stderr", outputs, streams[1])
    try:
        yield
    finally:
        sys.stdout, sys.stderr = streams

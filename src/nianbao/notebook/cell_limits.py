"""What a cell may not do to the process it runs in, and what it writes past Python's streams."""

from __future__ import annotations

import builtins
import codecs
import getpass
import os
import signal
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any, NoReturn

from IPython.core.error import StdinNotImplementedError

from nianbao.errors import ExecutionError
from nianbao.notebook.outputs import Outputs, Stream

AGAIN = 1.0
"""Seconds after which a cell that swallowed the alarm gets the next one."""


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
    """A cell that ends the process would end it with exit code 0 and no report."""
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
def guarded(seconds: float | None = None) -> Iterator[None]:
    """A cell cannot ask a person, end the process, or take longer than this."""
    with ExitStack() as stack:
        stack.enter_context(_replaced(builtins, "input", _refuse_input))
        stack.enter_context(_replaced(getpass, "getpass", _refuse_password))
        stack.enter_context(_no_exit())
        stack.enter_context(_time_limit(seconds))
        yield


@contextmanager
def captured(outputs: Outputs) -> Iterator[None]:
    """What a cell and the programs it starts print goes to its outputs, not to the command's."""
    streams = sys.stdout, sys.stderr
    with _captured_file(1, "stdout", outputs), _captured_file(2, "stderr", outputs):
        sys.stdout = Stream("stdout", outputs, 1)
        sys.stderr = Stream("stderr", outputs, 2)
        try:
            yield
        finally:
            sys.stdout, sys.stderr = streams


@contextmanager
def _captured_file(number: int, name: str, outputs: Outputs) -> Iterator[None]:
    """What goes to the file below a stream, as the prints of other programs do."""
    try:
        before = os.dup(number)
    except OSError:  # a program without a console has none
        yield
        return
    with tempfile.TemporaryFile() as file:
        os.dup2(file.fileno(), number)
        decoder = codecs.getincrementaldecoder("utf-8")("replace")
        read = 0

        def bring_in() -> None:
            # The writer's place in the file is shared, so that ours must not be moved.
            nonlocal read
            size = os.fstat(file.fileno()).st_size
            if size > read:
                outputs.write_below(
                    name, decoder.decode(os.pread(file.fileno(), size - read, read))
                )
                read = size

        outputs.below.append(bring_in)
        try:
            yield
        finally:
            os.dup2(before, number)
            os.close(before)
            bring_in()
            outputs.below.remove(bring_in)

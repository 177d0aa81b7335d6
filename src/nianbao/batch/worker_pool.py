"""The workers of a batch: give one a job, wait for outcomes, stop.

Where processes can be copied, a server that has loaded everything is copied for each report;
elsewhere (Windows) each report starts a process of its own. Either way it is watched, and ended
when its time is over. The results are the same.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import IO, Any, Protocol

from nianbao.batch.worker import LOG, Job, Outcome, failed, prepare_process, run_job
from nianbao.errors import MOST_SHOWN, ExecutionError, printable
from nianbao.finished.batch_context import BatchContext, read_batch_context
from nianbao.finished.folder import recover, report_folder, report_lock
from nianbao.processes import current_folder_shut_out, end_with_parent, own_python

_ENDING = 30.0
"""Seconds in which a process that has closed its connection is gone, on however busy a machine."""
_CRASHES = frozenset({signal.SIGABRT, signal.SIGSEGV, signal.SIGILL, signal.SIGFPE})
"""Ends of a process that a library brings about."""


@dataclass(frozen=True)
class _Child:
    job: Job
    process: BaseProcess
    reader: Connection
    folder: Path
    start: float

    @property
    def deadline(self) -> float:
        return self.start + self.job.limits.report_seconds


def _live(
    job: Job,
    context: BatchContext | None,
    writer: Connection,
    folder: Path,
    inherited: Iterable[Any],
) -> None:
    """Make the one report that this process is for."""
    for connection in inherited:
        connection.close()
    if hasattr(os, "setsid"):
        os.setsid()  # with a kernel or a program that a cell starts it is ended as one
    end_with_parent(is_waited_for=True)
    prepare_process(job, folder)
    writer.send(run_job(job, context or read_batch_context(job.root, job.year)))
    writer.close()


class Children:
    """The processes at work.

    Parameters
    ----------
    method
        ``fork`` where the parent has loaded everything and has no threads; else ``spawn``.
    context
        What all reports share; without it each process looks for itself.
    inherited
        Connections of the parent that a forked child has no business with.
    """

    def __init__(
        self, method: str, context: BatchContext | None, inherited: tuple[Any, ...] = ()
    ) -> None:
        self._processes = multiprocessing.get_context(method)
        self._context = context
        self._inherited = inherited if method == "fork" else ()
        self._children: list[_Child] = []

    def __len__(self) -> int:
        return len(self._children)

    def start(self, job: Job) -> None:
        """Start the process of a report."""
        folder = Path(tempfile.mkdtemp(prefix="nianbao-report-"))
        reader, writer = self._processes.Pipe(duplex=False)
        others = tuple(child.reader for child in self._children)
        inherited = (*self._inherited, *others, reader) if self._inherited else ()
        process = self._processes.Process(  # type: ignore[attr-defined]  # all contexts have it
            target=_live, args=(job, self._context, writer, folder, inherited)
        )
        with current_folder_shut_out():
            process.start()
        writer.close()
        self._children.append(_Child(job, process, reader, folder, time.monotonic()))

    def wait(self, also: Iterable[Any] = (), seconds: float | None = None) -> Iterator[Outcome]:
        """Wait until a process is done, or one of ``also`` can be read, or time is over."""
        limits = [child.deadline - time.monotonic() for child in self._children]
        limits += [seconds] if seconds is not None else []
        wait([*also, *(c.reader for c in self._children)], max(0, min(limits)) if limits else None)
        for child in list(self._children):
            if child.reader.poll():
                if outcome := self._hear(child):
                    yield outcome
            elif time.monotonic() >= child.deadline:
                yield self._overdue(child)

    def _hear(self, child: _Child) -> Outcome | None:
        """Take what came of a report; None where it is begun again."""
        try:
            outcome: Outcome = child.reader.recv()
            child.process.join(1)
        except EOFError:  # it died before it could say anything
            child.process.join(_ENDING)
            died, spent = _death(child), time.monotonic() - child.start
            crashed = -(child.process.exitcode or 0) in _CRASHES
            self._forget(child)  # the last set is back in its place before it is reported of
            if crashed and not child.job.apart:  # it may have been a file: then we hear which
                self.start(replace(child.job, apart=True))
                return None
            return failed(child.job, died, seconds=spent)
        self._forget(child)
        return outcome

    def _overdue(self, child: _Child) -> Outcome:
        spent = child.job.limits.report_seconds
        self._forget(child)
        return failed(child.job, f"超过每份报告{spent:g}秒的时限，已停止", seconds=spent)

    def _forget(self, child: _Child) -> None:
        self._children.remove(child)
        if child.process.is_alive():
            _kill(child.process)
        child.process.join()
        child.process.close()
        child.reader.close()
        shutil.rmtree(child.folder, ignore_errors=True)
        remove_leftovers(child.job)

    def stop(self) -> None:
        """End all of them now; what was published stays."""
        for child in self._children:
            _kill(child.process)
        for child in list(self._children):
            self._forget(child)


def _kill(process: BaseProcess) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        if hasattr(os, "killpg") and process.pid and os.getpgid(process.pid) == process.pid:
            os.killpg(process.pid, signal.SIGKILL)
    process.kill()


def _death(child: _Child) -> str:
    code = child.process.exitcode
    if code is not None and code < 0:
        name = signal.Signals(-code).name
        causes = {
            "SIGKILL": "常见原因是内存不足", "SIGSEGV": "所用程序库崩溃",
            "SIGXCPU": f"计算用时超过每份报告{child.job.limits.cpu_seconds}秒的限度",
        }  # fmt: skip
        cause = f"，{causes[name]}" if name in causes else ""
        return f"工作进程被系统终止（{name}{cause}）；请重新运行，仍出现时请联系维护人员"
    last = _last_words(child.folder)
    said = f"最后的输出是“{last}”" if last else "请检查笔记本中是否有结束进程的语句"
    return f"工作进程中途退出（退出码{code}），没有生成报告；{said}"


def _last_words(folder: Path) -> str:
    """Return the last line that a process wrote where a terminal would have been."""
    with contextlib.suppress(OSError):
        lines = (folder / LOG).read_text("utf-8", "replace").strip().splitlines()
        return printable(lines[-1][:MOST_SHOWN]) if lines else ""
    return ""


def remove_leftovers(job: Job) -> None:
    """Take away what a process that was ended left beside the published set."""
    target = report_folder(job.root, job.agency, job.year)
    if any(target.parent.glob(f".{target.name}.making-*")) or _backup_left(target):
        with contextlib.suppress(Exception), report_lock(target, 0):
            recover(target)


def _backup_left(target: Path) -> bool:
    return (target.parent / f".{target.name}.last").exists()


MOST_RESTARTS = 3
"""A server that is lost this often is not lost by chance."""
PATIENCE = 0.7
"""Seconds in which a server ends its processes; then it is ended itself."""


class Pool(Protocol):
    """The workers as a batch sees them."""

    def start(self, job: Job) -> None:
        """Start a report."""

    def wait(self, seconds: float) -> list[Outcome]:
        """Return the outcomes that came, after at most this time."""

    def stop(self) -> None:
        """End whatever runs, now."""


def open_pool(root: Path, context: BatchContext, method: str | None = None) -> Pool:
    """Return the workers on this machine.

    ``method`` is ``fork`` or ``spawn``, by default the first where there is one.
    """
    can_fork = "fork" in multiprocessing.get_all_start_methods() and sys.platform != "darwin"
    if (method or ("fork" if can_fork else "spawn")) == "fork":
        return ServerPool(root, context)
    return SpawnPool(context)


class SpawnPool:
    """A new Python for each report."""

    def __init__(self, context: BatchContext) -> None:
        self._children = Children("spawn", context)

    def start(self, job: Job) -> None:
        """Start a report."""
        self._children.start(job)

    def wait(self, seconds: float) -> list[Outcome]:
        """Return the outcomes that came, after at most this time."""
        return list(self._children.wait(seconds=seconds))

    def stop(self) -> None:
        """End whatever runs, now."""
        self._children.stop()


def start_server(number: int, log: IO[bytes]) -> subprocess.Popen[bytes]:
    """Start the process that is copied for each report; it serves the socket of that number."""
    return subprocess.Popen(
        own_python("-m", "nianbao.batch.worker_server", str(number)),
        pass_fds=[number],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=log,
        start_new_session=True,  # Ctrl-C is for the batch, which ends the server in its way
        env={**os.environ, "PYTHONHASHSEED": "0"},
    )


class ServerPool:
    """A copy of a server for each report; a server that is lost is started again."""

    def __init__(self, root: Path, context: BatchContext) -> None:
        self._root, self._context = root, context
        self._running: dict[tuple[str, int], Job] = {}
        self._restarts = 0
        self._stopped = False
        self._log = tempfile.TemporaryFile()  # noqa: SIM115  # closed by stop()
        self._open()

    def _open(self) -> None:
        ours, theirs = socket.socketpair()
        number = theirs.fileno()
        self._server = start_server(number, self._log)
        theirs.close()
        self._connection = Connection(ours.detach())
        with contextlib.suppress(OSError):  # lost at once: reported when it is waited for
            self._connection.send((self._root, self._context))
            for job in self._running.values():
                self._connection.send(job)

    def start(self, job: Job) -> None:
        """Start a report."""
        self._running[job.agency, job.year] = job
        with contextlib.suppress(OSError):
            self._connection.send(job)

    def wait(self, seconds: float) -> list[Outcome]:
        """Return the outcomes that came, after at most this time."""
        return list(self._outcomes(seconds))

    def _outcomes(self, seconds: float) -> Iterator[Outcome]:
        try:
            while self._connection.poll(seconds):
                outcome: Outcome = self._connection.recv()
                self._running.pop((outcome.agency, outcome.year), None)
                yield outcome
                seconds = 0
        except (EOFError, OSError):
            self._restart()

    def _restart(self) -> None:
        """Begin the reports that ran again: the server was lost, they are not at fault."""
        if self._stopped:  # from another thread
            raise ExecutionError("批量任务已停止")
        self._close()
        self._restarts += 1
        if self._restarts > MOST_RESTARTS:
            self._log.seek(0)
            said = self._log.read().decode("utf-8", "replace").strip().splitlines()
            raise ExecutionError(f"后台工作进程无法运行：{said[-1] if said else '被系统终止'}")
        # Copies of a lost server may still be at work; each report's lock keeps them apart.
        self._open()

    def _close(self) -> None:
        self._connection.close()
        try:
            self._server.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self._server.kill()
            self._server.wait()

    def stop(self) -> None:
        """End whatever runs, now."""
        self._stopped = True
        end = time.monotonic() + PATIENCE
        self._close()
        for job in self._running.values():
            if time.monotonic() < end:
                remove_leftovers(job)
        self._running.clear()
        self._log.close()

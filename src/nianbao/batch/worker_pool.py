"""The batch's side of its workers: give a job, wait for outcomes, stop.

Where processes can be copied, a server that has loaded everything is copied for each report;
elsewhere (Windows) each report starts a process of its own. The results are the same.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Protocol

from nianbao.batch.worker import Job, Outcome
from nianbao.batch.worker_children import Children, remove_leftovers
from nianbao.errors import ExecutionError
from nianbao.finished.batch_context import BatchContext
from nianbao.processes import own_python

MOST_RESTARTS = 3
"""A server that is lost this often is not lost by chance."""
PATIENCE = 0.7
"""Seconds in which a server ends its processes; then it is ended itself."""


class Pool(Protocol):
    """What a batch needs of its workers."""

    def start(self, job: Job) -> None:
        """Start a report."""

    def wait(self, seconds: float) -> list[Outcome]:
        """Return outcomes that came, after at most this time."""

    def stop(self) -> None:
        """End whatever runs, now."""


def open_pool(root: Path, context: BatchContext, method: str | None = None) -> Pool:
    """Return workers on this machine.

    Parameters
    ----------
    root
        The project folder.
    context
        What all reports share.
    method
        ``fork`` or ``spawn``; by default the first where there is one.
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
        """Return outcomes that came, after at most this time."""
        return list(self._children.wait(seconds=seconds))

    def stop(self) -> None:
        """End whatever runs, now."""
        self._children.stop()


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
        self._server = subprocess.Popen(
            own_python("-m", "nianbao.batch.worker_server", str(number)),
            pass_fds=[number],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=self._log,
            start_new_session=True,  # Ctrl-C is for the batch, which ends the server in its way
            env={**os.environ, "PYTHONHASHSEED": "0"},
        )
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
        """Return outcomes that came, after at most this time."""
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

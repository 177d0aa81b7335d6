"""Processes that read reports and draw pages, so that the server itself is free to answer.

A report is always given to the same process, which keeps what it has read of it. A process that
dies or takes too long is started anew. Apart because it knows processes and nothing of reports.
"""

from __future__ import annotations

import multiprocessing
import os
import threading
import zlib
from collections.abc import Callable
from concurrent.futures import CancelledError, Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from functools import partial
from importlib import import_module
from typing import Any, Generic, ParamSpec, TypeVar

from nianbao.desk.watch import Snapshot
from nianbao.errors import ExecutionError
from nianbao.processes import current_folder_shut_out, end_with_parent

P = ParamSpec("P")
T = TypeVar("T")
K = TypeVar("K")
PATIENCE = 120.0
"""Seconds after which a page is given up."""
ENDING = 5.0
"""Seconds in which a process ends that was asked to."""
SLOW = "读取这份报告用时过长，已停止；请稍后再试"
DIED = "读取这份报告的进程意外退出；请检查最近交的文件"
_PRELOADED = [
    "nianbao.publishing.build", "nianbao.notebook.execution", "nianbao.notebook.report",
    "nianbao.documents.html", "nianbao.documents.word",
]  # fmt: skip
"""What reading, drawing and making a report needs."""


class Workers:
    """A number of processes, each with its own share of the agencies.

    Parameters
    ----------
    count
        How many.
    niceness
        How far they stand back behind what people wait for (not on Windows).
    """

    def __init__(self, count: int, niceness: int = 0) -> None:
        self._niceness = niceness
        self._context: Any = multiprocessing.get_context(start_method())
        self._lock = threading.Lock()
        self._pools = [self._open() for _ in range(count)]

    def _open(self) -> ProcessPoolExecutor:
        with current_folder_shut_out():  # its queues start a process that counts them
            return ProcessPoolExecutor(
                1, mp_context=self._context, initializer=_begin, initargs=(self._niceness,)
            )

    def submit(
        self, agency: str, do: Callable[P, T], *given: P.args, **more: P.kwargs
    ) -> Future[T]:
        """Begin something in the agency's process."""
        for _ in range(2):
            try:
                with self._lock, current_folder_shut_out():
                    return self._pools[self._place(agency)].submit(do, *given, **more)
            except BrokenProcessPool:
                self._renew(agency)
        raise ExecutionError("读取报告的进程启动不了；请重新启动程序")

    def ask(self, agency: str, do: Callable[P, T], *given: P.args, **more: P.kwargs) -> T:
        """Have something done in the agency's process and wait for it.

        Raises
        ------
        ExecutionError
            It takes too long, or the process died of it twice.
        """
        for _ in range(2):
            try:
                return self.submit(agency, do, *given, **more).result(PATIENCE)
            except BrokenProcessPool:
                self._renew(agency)
            except TimeoutError:
                self._renew(agency)
                raise ExecutionError(SLOW) from None
        raise ExecutionError(DIED)

    def _place(self, agency: str) -> int:
        return zlib.crc32(agency.encode()) % len(self._pools)

    def _renew(self, agency: str) -> None:
        with self._lock:
            place = self._place(agency)
            for process in list((self._pools[place]._processes or {}).values()):
                process.kill()
            self._pools[place].shutdown(wait=False, cancel_futures=True)
            self._pools[place] = self._open()

    def warm_up(self) -> None:
        """Start the processes and have them load what they will need."""
        with current_folder_shut_out():
            for pool in self._pools:
                pool.submit(_load)

    def stop(self) -> None:
        """End all processes, whatever they do; none is left afterwards."""
        processes = [p for pool in self._pools for p in list((pool._processes or {}).values())]
        for process in processes:
            process.terminate()
        for process in processes:
            process.join(ENDING)
            process.kill()  # where something in it is deaf
        for pool in self._pools:
            pool.shutdown(wait=False, cancel_futures=True)


class Latest(Generic[K, T]):
    """What was made last of some files, made anew when they change.

    Parameters
    ----------
    begin
        Begins to make it, for a key.
    most
        So many are kept.

    Attributes
    ----------
    ended
        A number that rises whenever something was made or could not be.
    """

    def __init__(self, begin: Callable[[K], Future[T]], most: int) -> None:
        self._begin, self._most = begin, most
        self._known: dict[K, tuple[Snapshot, T]] = {}
        self._running: dict[K, tuple[Snapshot, Future[T]]] = {}
        self._failed: dict[K, tuple[Snapshot, Future[T]]] = {}
        self._lock = threading.RLock()
        self.ended = 0

    def glance(self, key: K, files: Snapshot) -> T | None:
        """Return what was made last, None if nothing was; what has changed since is begun."""
        return self._look(key, files)[0]

    def get(self, key: K, files: Snapshot, patience: float = PATIENCE) -> tuple[T, bool]:
        """Wait for what is made of the files, ``patience`` seconds if there is an older one.

        Returns
        -------
        made, is_fresh
            Whether it is of these files.

        Raises
        ------
        ExecutionError
            There is none in time.
        """
        for _ in range(2):
            known, future = self._look(key, files)
            if future is None:
                assert known is not None
                return known, True
            try:
                return future.result(PATIENCE if known is None else patience), True
            except TimeoutError:
                if known is not None:
                    return known, False
                raise ExecutionError(SLOW) from None
            except (BrokenProcessPool, CancelledError):
                continue  # its process died, of this or of what another asked of it
        raise ExecutionError(DIED)

    def soon(self, key: K, files: Snapshot, patience: float) -> tuple[T | None, bool]:
        """Wait a moment; then take what was made last, None if nothing was.

        Returns
        -------
        made, is_fresh
            Whether it is of these files.
        """
        known, future = self._look(key, files)
        if future is None:
            return known, True
        try:
            return future.result(patience), True
        except (TimeoutError, BrokenProcessPool, CancelledError):
            return known, False

    def is_fresh(self, key: K, files: Snapshot) -> bool:
        """Return whether what is known is of these files, be it why nothing can be made of them."""
        return any(
            kept is not None and kept[0] == files
            for kept in (self._known.get(key), self._failed.get(key))
        )

    def _look(self, key: K, files: Snapshot) -> tuple[T | None, Future[T] | None]:
        with self._lock:
            known = self._known.get(key)
            if known is not None and known[0] == files:
                return known[1], None
            # What cannot be made of these files is not tried again until one of them changes.
            running = self._running.get(key) or self._failed.get(key)
            if running is None or running[0] != files:
                running = self._running[key] = (files, self._begin(key))
                running[1].add_done_callback(partial(self._keep, key, files))
            return (known[1] if known else None), running[1]

    def _keep(self, key: K, files: Snapshot, future: Future[T]) -> None:
        with self._lock:
            if self._running.get(key, (None, None))[1] is future:
                del self._running[key]
            if future.cancelled() or isinstance(future.exception(), BrokenProcessPool):
                return  # its process died, perhaps of another report
            self._failed.pop(key, None)
            if future.exception() is not None:
                self._failed[key] = (files, future)
            else:
                self._known.pop(key, None)
                self._known[key] = (files, future.result())
                if len(self._known) > self._most:
                    del self._known[next(iter(self._known))]
            self.ended += 1


def start_method() -> str:
    """Return how processes start: copied from one that has loaded everything, where possible.

    Python keeps one such process for all that the server starts.
    """
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return "spawn"
    multiprocessing.set_forkserver_preload(_PRELOADED)
    return "forkserver"


def stand_back(niceness: int) -> None:
    """Let what people wait for go before this process (not on Windows)."""
    if hasattr(os, "nice"):
        os.nice(niceness)


def _begin(niceness: int) -> None:
    end_with_parent(is_waited_for=False)
    stand_back(niceness)


def _load() -> None:
    """Load what is needed, where nothing was copied."""
    for name in _PRELOADED:
        import_module(name)

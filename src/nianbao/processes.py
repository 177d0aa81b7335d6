"""Start Python the way this program does: nothing is imported from the folder it is called in.

That folder may be one that came by e-mail. ``python -m`` and ``python -c`` look there first, so a
file ``csv.py`` beside the ledgers would run in every worker.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from nianbao.errors import Problem

READING_MB = 300
"""Memory that the system must allow for reading; libraries reserve more than they use."""
DRAWING_MB = 800
"""The same for making reports."""
_PR_SET_PDEATHSIG = 1
SAFE_PATH = "PYTHONSAFEPATH"
"""Environment variable that keeps the current folder off the path of any Python (3.11)."""


def own_python(*words: str) -> list[str]:
    """Return the command that starts this Python.

    Examples
    --------
    >>> own_python("-m", "nianbao")[1:]
    ['-P', '-m', 'nianbao']
    """
    return [sys.executable, "-P", *words]


class ModulePath:
    """Where this Python looks for modules, clean as long as any of its threads needs it so."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._needed = 0
        self._folders: list[str] = []
        self._environment: dict[str, str | None] = {}

    def clean(self) -> None:
        """Take the current folder off; the first who needs it does."""
        with self._lock:
            self._needed += 1
            if self._needed > 1:
                return
            self._folders = sys.path.copy()
            self._environment = {name: os.environ.get(name) for name in (SAFE_PATH, "PYTHONPATH")}
            given = (self._environment["PYTHONPATH"] or "").split(os.pathsep)
            kept = os.pathsep.join(folder for folder in given if Path(folder).is_absolute())
            _set_environment({SAFE_PATH: "1", "PYTHONPATH": kept or None})
            sys.path[:] = [folder for folder in sys.path if Path(folder).is_absolute()]

    def restore(self) -> None:
        """Put all back; the last who needed it clean does."""
        with self._lock:
            self._needed -= 1
            if self._needed == 0:
                sys.path[:] = self._folders
                _set_environment(self._environment)


_PATH = ModulePath()


def _set_environment(values: Mapping[str, str | None]) -> None:
    for name, value in values.items():
        if value is None:
            os.environ.pop(name, None)
        else:
            os.environ[name] = value


@contextmanager
def current_folder_shut_out() -> Iterator[None]:
    """Keep the current folder off the path, here and in every process started meanwhile.

    Kernels, the processes of `multiprocessing` and those that its queues need inherit the
    environment; a relative part of ``PYTHONPATH`` (an empty one is the current folder) would bring
    it back. Afterwards whoever called us has his own path again.
    """
    _PATH.clean()
    try:
        yield
    finally:
        _PATH.restore()


_WATCH = "watch of the parent"


def end_with_parent(*, is_waited_for: bool) -> None:
    """End this process when the one that started it has ended, by ``kill -9`` too.

    Parameters
    ----------
    is_waited_for
        The thread that started this process stays until it has ended. Then the system itself
        ends it (Linux), even amid a call that never returns; else a thread here looks.
    """
    import multiprocessing

    parent = multiprocessing.parent_process()
    if parent is None:
        return
    if is_waited_for and sys.platform == "linux":
        import ctypes

        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        if not parent.is_alive():  # before it could be arranged
            os._exit(1)
        return

    def watch() -> None:
        parent.join()
        os._exit(1)

    threading.Thread(target=watch, name=_WATCH, daemon=True).start()


def is_alone() -> bool:
    """Return whether this thread is the only one at work, so that a copy of this process works.

    A copy waits for ever for a lock that another thread had; the one that watches the parent
    has none.
    """
    return sum(thread.name != _WATCH for thread in threading.enumerate()) == 1


def memory_problem(needed_mb: int) -> Problem | None:
    """Return the problem that the system allows too little memory for a command, or None.

    Libraries that run short of it fail in many ways, some by ending the process, and few name
    the cause: the command does not begin.
    """
    try:
        import resource
    except ImportError:  # Windows
        return None
    limits = [resource.getrlimit(kind)[0] for kind in (resource.RLIMIT_AS, resource.RLIMIT_DATA)]
    allowed = min((n // 1_000_000 for n in limits if n != resource.RLIM_INFINITY), default=None)
    if allowed is None or allowed >= needed_mb:
        return None
    message = f"内存不足：系统只允许这个程序使用{allowed} MB"
    return Problem(message, remedy=f"请放宽到{needed_mb} MB以上再运行（Linux上用 ulimit -v）")

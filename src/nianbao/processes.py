"""Start Python the way this program does: nothing is imported from the folder it is called in.

That folder may be one that came by e-mail. ``python -m`` and ``python -c`` look there first, so a
file ``csv.py`` beside the ledgers would run in every worker.
"""

from __future__ import annotations

import os
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

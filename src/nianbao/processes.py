"""Start Python the way this program does: nothing is imported from the folder it is called in.

That folder may be one that came by e-mail. ``python -m`` and ``python -c`` look there first, so a
file ``csv.py`` beside the ledgers would run in every worker.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from nianbao.errors import Problem

if TYPE_CHECKING:
    from multiprocessing.context import BaseContext

READING_MB = 300
"""Memory that the system must allow for reading; libraries reserve more than they use."""
DRAWING_MB = 800
"""The same for making reports."""
SAFE_PATH = "PYTHONSAFEPATH"
"""Environment variable that keeps the current folder off the path of any Python (3.11)."""


def own_python(*words: str) -> list[str]:
    """Give the command that starts this Python.

    Examples
    --------
    >>> own_python("-m", "nianbao")[1:]
    ['-P', '-m', 'nianbao']
    """
    return [sys.executable, "-P", *words]


def shut_out_current_folder() -> None:
    """Keep the current folder off the path, here and in every process started from here.

    Kernels, the processes of `multiprocessing` and its helpers inherit the environment; a relative
    part of ``PYTHONPATH`` (an empty one is the current folder) would bring it back.
    """
    os.environ[SAFE_PATH] = "1"
    given = os.environ.get("PYTHONPATH", "").split(os.pathsep)
    kept = os.pathsep.join(folder for folder in given if Path(folder).is_absolute())
    if kept:
        os.environ["PYTHONPATH"] = kept
    else:
        os.environ.pop("PYTHONPATH", None)
    sys.path[:] = [folder for folder in sys.path if Path(folder).is_absolute()]


@contextmanager
def current_folder_shut_out() -> Iterator[None]:
    """Shut it out of what is started meanwhile; whoever called us keeps it on his own path."""
    path, environment = sys.path.copy(), dict(os.environ)
    shut_out_current_folder()
    try:
        yield
    finally:
        sys.path[:] = path
        for name in (SAFE_PATH, "PYTHONPATH"):
            os.environ.pop(name, None)
            os.environ |= {name: environment[name]} if name in environment else {}


def memory_problem(needed_mb: int) -> Problem | None:
    """Say that the system allows less memory than a command needs; None where it does not.

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


def own_context(method: str) -> BaseContext:
    """Give the `multiprocessing` context of a method, whose processes start as ours do."""
    import multiprocessing

    shut_out_current_folder()
    return multiprocessing.get_context(method)

"""Open files that came from outside in a process of their own, with limits of memory and time.

The libraries that read Excel, Word, PDF and HTML are written in C and Rust; a damaged or hostile
file can make them abort or fill the memory, which no handler sees. Here it costs the one file.
The process is started with the first such file, is kept for the next ones and ends with its
parent. It is a copy of the parent, which has loaded everything; where that has threads, whose
locks a copy would inherit, it is a new Python.

Apart because it is the one place that knows of processes; the readers know of bytes.
"""

from __future__ import annotations

import functools
import multiprocessing
import os
import pickle
import signal
import sys
import threading
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from multiprocessing.util import Finalize
from typing import Any, Concatenate, ParamSpec, TypeVar

from nianbao.errors import InputError, NianbaoError, Place, Problem
from nianbao.files.sources import Source
from nianbao.processes import current_folder_shut_out, is_alone

P = ParamSpec("P")
T = TypeVar("T")

MEMORY_MB = 1_000
"""Memory for reading, above what the process has at its start."""
SECONDS = 60
"""Processor time for one file."""
PATIENCE = 10 * SECONDS
"""Seconds after which a file is given up on a machine however busy."""
ENDING = 10
"""Seconds in which a reader ends after we have hung up; then it is ended."""
MOST_BYTES = 300_000_000
"""Most that a reader may hand back."""

_ENDS = ("SIGABRT", "SIGBUS", "SIGFPE", "SIGILL", "SIGSEGV", "SIGTERM", "SIGALRM")
"""What the parent may have made of these is not for its copy."""
_REMEDY = "文件可能已损坏，或不是办公软件保存的；请在Excel、Word或WPS中打开，另存为新文件再交"
_TOO_LARGE = "内容展开后太大，内存不够"
_TRIM = "请删去不用的工作表、行列和图片后另存"


def read_apart(
    read: Callable[Concatenate[Source, P], T],
) -> Callable[Concatenate[Source, P], T]:
    """Have a reader of a file from outside run in the reading process.

    What it is given and gives must survive pickling. Whatever goes wrong there is an `InputError`
    that names the file: an abort, too much memory or time, an error that the reader did not
    expect.
    """

    @functools.wraps(read)
    def apart(source: Source, /, *args: P.args, **more: P.kwargs) -> T:
        if _READER.inside:
            return read(source, *args, **more)
        found: T = _READER.ask(apart, source, args, more)
        return found

    return apart


@contextmanager
def reading_here() -> Iterator[None]:
    """Let readers run in this process: it is itself the reading process, or fuzzing watches it."""
    before, _READER.inside = _READER.inside, True
    try:
        yield
    finally:
        _READER.inside = before


@dataclass(frozen=True, slots=True)
class _Answer:
    """What came of reading a file: a value, an error, or what is wrong and what to do.

    ``last``: the process had better end with it.
    """

    value: object = None
    error: NianbaoError | None = None
    problem: tuple[str, str] | None = None
    last: bool = False


def end_reading() -> None:
    """End the reading process; the next file starts a new one."""
    _READER.end()


class ReadingProcess:
    """The reading process of this process, if it has one."""

    def __init__(self) -> None:
        self.inside = False
        self._reported_of_forks = False
        self._lock = threading.Lock()
        self._process: BaseProcess | None = None
        self._connection: Connection | None = None

    def ask(self, read: Callable[..., Any], source: Source, args: Any, more: Any) -> Any:
        """Have a file read; a process that died of it is replaced with the next file."""
        request = pickle.dumps((read, source, args, more), pickle.HIGHEST_PROTOCOL)
        with self._lock:
            answer = self._answer(request)
        if answer.error is not None:
            raise answer.error
        if answer.problem:
            message, remedy = answer.problem
            problem = Problem(f"读不了这个文件：{message}", Place(source.file), remedy=remedy)
            raise InputError(problem)
        return answer.value

    def _answer(self, request: bytes) -> _Answer:
        if self._process is None or self._connection is None:
            self._process, self._connection = self._start()
        process, connection = self._process, self._connection
        over = False
        try:
            connection.send_bytes(request)
            if connection.poll(PATIENCE):
                answer: _Answer = pickle.loads(connection.recv_bytes())
                if answer.last:
                    self._close(ENDING)
                return answer
            over = True
        except (EOFError, OSError):
            pass
        except BaseException:  # Ctrl-C, or the end of a cell's time: the answer is for nobody
            self._close()
            raise
        self._close()
        return _Answer(problem=_death(process.exitcode, over=over))

    def _start(self) -> tuple[BaseProcess, Connection]:
        own_copy = sys.platform == "linux" and is_alone()
        context: Any = multiprocessing.get_context("fork" if own_copy else "spawn")
        if not self._reported_of_forks and hasattr(os, "register_at_fork"):
            os.register_at_fork(after_in_child=self._forget)
            self._reported_of_forks = True
        Finalize(None, self._end_at_exit, exitpriority=0)  # of a copy that makes a report, too
        ours, theirs = context.Pipe()
        self._connection = ours  # a copy closes it
        process = context.Process(target=_serve, args=(theirs, MEMORY_MB, SECONDS), daemon=True)
        with current_folder_shut_out(), warnings.catch_warnings():
            # Threads of numpy's make no difference to a reader.
            warnings.simplefilter("ignore", DeprecationWarning)
            process.start()
        theirs.close()
        return process, ours

    def _forget(self) -> None:
        """Forget the reading process in a copy of this process: it is the original's."""
        if self._connection is not None:
            self._connection.close()
        self._lock, self._process, self._connection = threading.Lock(), None, None

    def end(self) -> None:
        """End the reading process if there is one."""
        with self._lock:
            self._close(ENDING)

    def _end_at_exit(self) -> None:
        if self._lock.acquire(blocking=False):  # else it reads for a thread: Python ends it
            self._close(ENDING)
            self._lock.release()

    def _close(self, patience: float = 0) -> None:
        """Hang up, at which a reader that waits ends itself; end one that does not in time."""
        process, connection = self._process, self._connection
        self._process = self._connection = None
        if connection is not None:
            connection.close()
        if process is not None:
            process.join(patience)
            process.kill()  # it has nothing to lose; one that is dead keeps its own cause
            process.join()


_READER = ReadingProcess()


def _death(code: int | None, *, over: bool) -> tuple[str, str]:
    """Return what a process died of, and what to do."""
    name = signal.Signals(-code).name if code and code < 0 else ""
    if over or name == "SIGXCPU":
        return f"{SECONDS}秒内没有读完", _REMEDY
    if name == "SIGKILL":
        return "内存不足", _TRIM
    return f"读取程序中途退出（{name or f'退出码{code}'}）", _REMEDY


def _serve(connection: Connection, memory_mb: int, seconds: int) -> None:
    """Read one file after the other until the parent hangs up."""
    _settle(connection.fileno(), memory_mb)
    _READER.inside = True
    while True:
        try:
            request = connection.recv_bytes()
        except (EOFError, OSError):
            os._exit(0)
        _allow(seconds)
        answer = _read(request)
        connection.send_bytes(_packed(answer))
        if answer.last:
            os._exit(0)


def _read(request: bytes) -> _Answer:
    try:
        read, source, args, more = pickle.loads(request)
        return _Answer(read(source, *args, **more))
    except NianbaoError as error:
        # Made anew: where tblib is installed (Dask brings it), an exception is packed with its
        # cause, and those of lxml cannot be.
        return _Answer(error=type(error)(*error.problems))
    except MemoryError:
        return _Answer(problem=(_TOO_LARGE, _TRIM), last=True)
    except RecursionError:
        return _Answer(problem=("层次太多", _REMEDY))
    except BaseException as error:  # a panic of Rust is no Exception
        return _Answer(problem=(f"内容不合规范（{type(error).__name__}）", _REMEDY))


def _packed(answer: _Answer) -> bytes:
    """Return the answer as bytes, if they are not too many."""
    try:
        packed = pickle.dumps(answer, pickle.HIGHEST_PROTOCOL)
    except MemoryError:
        packed = b""
    if 0 < len(packed) <= MOST_BYTES:
        return packed
    return pickle.dumps(_Answer(problem=(_TOO_LARGE, _TRIM), last=True))


def _settle(number: int, memory_mb: int) -> None:
    """Keep nothing of the parent but the connection; take the limits."""
    import gc

    gc.freeze()  # what the parent would finalise is not ours to finalise
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent
    for name in _ENDS:
        if hasattr(signal, name):  # Windows has some of them
            signal.signal(getattr(signal, name), signal.SIG_DFL)
    if sys.platform == "win32":
        return
    null = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(null, standard)
    most = os.sysconf("SC_OPEN_MAX")
    os.closerange(3, number)
    os.closerange(number + 1, most)
    _limit(memory_mb)


def _limit(memory_mb: int) -> None:
    import resource
    from pathlib import Path

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform != "linux":
        return
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[0])
    limit = pages * resource.getpagesize() + memory_mb * 1_000_000
    hard = resource.getrlimit(resource.RLIMIT_AS)[1]
    if hard == resource.RLIM_INFINITY or limit < hard:
        resource.setrlimit(resource.RLIMIT_AS, (limit, hard))
    # Where the machine itself runs out of memory, this process is the first to go.
    with Path("/proc/self/oom_score_adj").open("w", encoding="ascii") as score:
        score.write("1000")


def _allow(seconds: int) -> None:
    """Allow so much more processor time; whoever takes more is ended by the system."""
    if sys.platform == "win32":
        return
    import resource

    used = resource.getrusage(resource.RUSAGE_SELF)
    limit = int(used.ru_utime + used.ru_stime) + seconds + 1
    hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
    if hard == resource.RLIM_INFINITY or limit < hard:
        resource.setrlimit(resource.RLIMIT_CPU, (limit, hard))

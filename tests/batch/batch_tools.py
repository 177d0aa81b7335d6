"""Projects of invented bureaus, and ``nianbao batch`` as a person runs it."""

from __future__ import annotations

import contextlib
import gc
import hashlib
import multiprocessing
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import nbformat
from benchmarks.bureaus import YEAR
from tests import warm

from nianbao.batch.run import Listener
from nianbao.batch.worker import Outcome

T = TypeVar("T")


class Heard(Listener):
    """Keeps the outcomes."""

    def __init__(self) -> None:
        self.outcomes: dict[str, Outcome] = {}

    def finished(self, outcome: Outcome) -> None:
        self.outcomes[outcome.agency] = outcome


def run_cli(root: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """Run the command to its end."""
    return warm.run("batch", "--year", str(YEAR), "--root", str(root), *options, cwd=root)


@contextlib.contextmanager
def started_cli(root: Path, *options: str) -> Iterator[warm.Running]:
    """The command while it runs, with processes that are all below it."""
    words = ("batch", "--year", str(YEAR), "--root", str(root), *options)
    process = warm.Running(*words, cwd=root, server_below=True)
    try:
        yield process
    finally:
        process.kill()


def add_cell(root: Path, source: str) -> None:
    """Put a cell behind the one that opens the report."""
    path = root / "notebooks" / "report.ipynb"
    notebook = nbformat.read(path, as_version=4)
    place = next(n for n, cell in enumerate(notebook.cells) if cell.get("id") == "open") + 1
    notebook.cells.insert(place, nbformat.v4.new_code_cell(source, id="added"))
    nbformat.write(notebook, path)


def published(root: Path) -> dict[str, str]:
    """Checksum of every published file of a report, by agency and name."""
    sets = (root / "output").glob(f"*/{YEAR}")
    return {
        path.relative_to(root / "output").as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for folder in sets
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def leavings(root: Path) -> list[str]:
    """What a run that was ended may have left beside the sets."""
    return [
        p.name for pattern in ("*/.*making*", "*/.*.last") for p in (root / "output").glob(pattern)
    ]


def in_a_copy(work: Callable[[], T]) -> T:
    """Do something in a copy of this process, which takes along the threads that it starts.

    A library that leaves threads would change how later tests start processes; what listens to all
    that Python does cannot be taken away again.
    """
    context: Any = multiprocessing.get_context("fork")
    ours, theirs = context.Pipe(duplex=False)

    def live() -> None:
        gc.freeze()  # what this process would finalise is not the copy's to finalise
        try:
            theirs.send((work(), None))
        except Exception as error:
            theirs.send((None, error))

    process = context.Process(target=live)
    process.start()
    theirs.close()
    try:
        done, error = ours.recv()
    finally:
        ours.close()
        process.join()
    if error is not None:
        raise error
    result: T = done
    return result


def until(condition: Callable[[], bool], seconds: float = 600) -> None:
    """Wait for something to happen."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise AssertionError("it did not happen in time")
        time.sleep(0.02)


def descendants(process: int) -> list[int]:
    """All processes below one, those of Linux's /proc."""
    found = [process]
    for each in found:
        with contextlib.suppress(OSError):
            for task in Path(f"/proc/{each}/task").iterdir():
                found += [int(n) for n in (task / "children").read_text().split()]
    return found[1:]


def is_alive(process: int) -> bool:
    """Whether a process is there and not a zombie."""
    try:
        state = Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    except OSError:
        return False
    return state[0] != "Z"


def kill(process: int) -> None:
    """``kill -9``; one that has just ended is well."""
    with contextlib.suppress(ProcessLookupError):
        os.kill(process, signal.SIGKILL)

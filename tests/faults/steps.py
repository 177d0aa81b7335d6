"""Kill a process exactly before the n-th thing that it does to the disk; try every n.

A random kill hardly ever meets the moment between two renames. Here a child takes one step more
each time before it dies, so that every moment is met. The children are forked from a process
with one thread, which has loaded everything: a step costs milliseconds.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

from nianbao.files.writing import clear_leavings, write_safely
from nianbao.finished.folder import recover, report_lock, staged

CHANGES = {"os.rename", "os.mkdir", "os.rmdir", "os.remove", "os.chmod", "shutil.copyfile"}
LATE = "saved while the new set was being made"


def watch(before_step: Callable[[str], None]) -> None:
    """Tell each change to the disk just before it is made, in this process from now on."""

    def seen(event: str, given: tuple[object, ...]) -> None:
        if event == "open" and isinstance(given[2], int):
            opened = given[2] & (os.O_WRONLY | os.O_RDWR | os.O_CREAT)
            if opened and given[0] != os.devnull:
                before_step(f"open {given[0]}")
        elif event in CHANGES:
            before_step(f"{event} {given[0]}")

    def fsync(handle: int) -> None:
        before_step("fsync")
        real(handle)

    real, os.fsync = os.fsync, fsync
    sys.addaudithook(seen)


def die_before(step: int, note: Path) -> None:
    """End this process, as kill -9 does, before a step; ``note`` is told which."""
    taken = 0
    handle = os.open(note, os.O_WRONLY | os.O_CREAT)

    def count(what: str) -> None:
        nonlocal taken
        taken += 1
        if taken == step:
            os.write(handle, what.encode())
            os.kill(os.getpid(), signal.SIGKILL)

    watch(count)


def make_set(folder: Path, words: str) -> None:
    """A set of two files and its manifest, all of one origin."""
    from nianbao.finished.manifest import sha256

    for name in ("report.html", "report.ipynb"):
        (folder / name).write_text(words, "utf-8")
    listed = {name: sha256(folder / name) for name in ("report.html", "report.ipynb")}
    (folder / "manifest.json").write_text(json.dumps({"outputs": listed}), "utf-8")


def publish(root: Path) -> None:
    """Publish a set over the last one, whose notebook somebody saves meanwhile."""
    target = root / "2024"
    with report_lock(target), staged(target) as making:
        make_set(making, "new")
        (target / "report.ipynb").write_text(LATE, "utf-8")


def publish_first(root: Path) -> None:
    """Publish where nothing was published."""
    with report_lock(root / "2024"), staged(root / "2024") as making:
        make_set(making, "new")


def fail(root: Path) -> None:
    """A run that fails keeps its notebook and leaves the last set."""
    try:
        with report_lock(root / "2024"), staged(root / "2024") as making:
            make_set(making, "half")
            raise ZeroDivisionError
    except ZeroDivisionError:
        pass


def write(root: Path) -> None:
    """Write narrative.md anew, as pull does."""
    write_safely(root / "narrative.md", "new\n")


JOBS = {"publish": publish, "first": publish_first, "fail": fail, "write": write}


def mend(root: Path) -> None:
    """What the next run does first."""
    with report_lock(root / "2024"):
        recover(root / "2024")
        clear_leavings(root / "narrative.md")


def files(root: Path) -> dict[str, str]:
    """Every file's text."""
    found = (p for p in sorted(root.rglob("*")) if p.is_file() and p.suffix != ".lock")
    return {p.relative_to(root).as_posix(): p.read_text("utf-8") for p in found}


def in_child(job: Callable[[], None]) -> int:
    """The status with which a child ended that did a job."""
    child = os.fork()
    if child == 0:
        job()
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def _do(name: str, root: Path, step: int, note: Path) -> None:
    die_before(step, note)
    JOBS[name](root)


def walk(name: str, place: Path) -> Iterator[dict[str, Any]]:
    """Die before the first step, before the second, … until the job comes to its end.

    Yields what the job left on the disk at each step, and what is there after the next run.
    """
    status, step = -signal.SIGKILL, 0
    while status:
        step += 1
        root, note = place / f"{name}-{step}", place / "note"
        root.mkdir()
        if name != "first":
            (root / "2024").mkdir()
            make_set(root / "2024", "last")
        (root / "narrative.md").write_text("old\n", "utf-8")
        note.write_text("", "utf-8")

        status = in_child(partial(_do, name, root, step, note))
        assert status in (0, -signal.SIGKILL), status
        reported = {"step": step, "before": note.read_text("utf-8"), "left": files(root)}
        mend(root)
        reported["mended"] = files(root)
        yield reported
        shutil.rmtree(root)

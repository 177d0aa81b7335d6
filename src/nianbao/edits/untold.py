"""What was pulled before a build and nobody has read yet.

A pull changes the bureau's texts; whatever ends the build afterwards, a person is told of it: by
this run, or by the next one. The lines are on the disk before the texts change, and go when they
were shown; a run that is killed between the two tells twice rather than never.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable
from pathlib import Path

from nianbao.errors import NianbaoError, printable
from nianbao.files.sources import content
from nianbao.files.writing import write_safely
from nianbao.finished.folder import report_folder, texts_lock
from nianbao.finished.kept_edits import kept_folder

_MOST_LINES = 1000
"""More of ours are never waiting; a longer file is somebody else's."""


def _file(root: Path, agency: str, year: int) -> Path:
    return kept_folder(report_folder(root, agency, year)) / "untold.txt"


def untold(root: Path, agency: str, year: int) -> tuple[str, ...]:
    """Return the lines about what was pulled for a report that are still to be shown."""
    try:
        file = _file(root, agency, year).relative_to(root).as_posix()
    except ValueError:  # a code that leads elsewhere: there is no such report
        return ()
    text = content(root, file).decode("utf-8", "replace")
    return tuple(printable(line) for line in text.split("\n") if line)[:_MOST_LINES]


def keep_untold(root: Path, agency: str, year: int, lines: Iterable[str]) -> None:
    """Keep lines until they were shown; call it, under the lock of the texts, before they change.

    Lines that wait already, of a run that was killed, are not repeated.
    """
    waiting = untold(root, agency, year)
    every = tuple(dict.fromkeys((*waiting, *map(printable, lines))))
    if every != waiting:
        write_safely(_file(root, agency, year), "\n".join(every) + "\n")


def forget_told(root: Path, agency: str, year: int, lines: Iterable[str]) -> None:
    """Forget lines that were shown to a person; those of another run stay."""
    told = frozenset(lines)
    if not told:
        return
    lock = texts_lock(report_folder(root, agency, year))
    with contextlib.suppress(NianbaoError, OSError), lock:  # else they are told once more
        left = [line for line in untold(root, agency, year) if line not in told]
        if left:
            write_safely(_file(root, agency, year), "\n".join(left) + "\n")
        else:
            _file(root, agency, year).unlink(missing_ok=True)

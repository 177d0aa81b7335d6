"""Look at the files of a report again and again, to see which of them changed.

Some twenty files are looked at twenty times a second, which costs next to nothing and works on
network drives, where operating systems tell of no changes.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path, PurePath

from nianbao.finished.folder import EDITABLE, report_folder
from nianbao.inputs.project import FIRST_YEAR, data_folder, is_left_behind
from nianbao.notebook.master import master_notebook
from nianbao.notebook.theme import FOLDER

Snapshot = dict[str, tuple[int, int, int]]
"""Of each file its time, size and number; paths as text, for there are thousands."""


def watched(root: Path, agency: str, year: int) -> Iterator[Path]:
    """Yield the files and folders that a report is made from or edited in.

    Those that do not exist yet are among them.
    """
    for each in range(FIRST_YEAR, year + 1):
        yield root / data_folder(agency, each)
    yield root / "params" / agency
    yield master_notebook(root)
    yield root / FOLDER
    yield from finished_files(root, agency, year)


def finished_files(root: Path, agency: str, year: int) -> tuple[Path, ...]:
    """Return the finished files that people edit.

    The page is not made from them, but mentions them.
    """
    folder = report_folder(root, agency, year)
    return tuple(folder / name for name in EDITABLE)


def look(paths: Iterable[Path]) -> Snapshot:
    """Return the time, size and number of every file at or below the paths."""
    found: Snapshot = {}
    left = [os.fspath(path) for path in paths]
    while left:  # no recursion: folders may lie in one another without end
        path = left.pop()
        with suppress(OSError):  # not there, or gone since it was listed
            try:
                entries = list(os.scandir(path))
            except NotADirectoryError:
                found[path] = _stamp(Path(path).stat())
                continue
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    left.append(entry.path)
                elif not is_left_behind(PurePath(entry.name)):
                    with suppress(OSError):
                        found[entry.path] = _stamp(entry.stat())
    return found


def _stamp(status: os.stat_result) -> tuple[int, int, int]:
    return (status.st_mtime_ns, status.st_size, status.st_ino)

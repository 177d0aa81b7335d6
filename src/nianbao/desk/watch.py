"""Look at the files of a report again and again, to see which of them changed.

Some twenty files are looked at twenty times a second, which costs next to nothing and works on
network drives, where operating systems tell of no changes.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from nianbao.finished.folder import EDITABLE, report_folder
from nianbao.inputs.project import FIRST_YEAR, NARRATIVE, data_folder
from nianbao.notebook.master import master_notebook
from nianbao.notebook.theme import FOLDER

Snapshot = dict[Path, tuple[int, int, int]]


def watched(root: Path, agency: str, year: int) -> Iterator[Path]:
    """The folders and files that a report is made from or edited in, whether they exist or not."""
    for each in range(FIRST_YEAR, year + 1):
        yield root / data_folder(agency, each)
    yield root / "params" / agency
    yield master_notebook(root)
    yield root / FOLDER
    yield from finished_files(root, agency, year)


def finished_files(root: Path, agency: str, year: int) -> tuple[Path, ...]:
    """The finished files that people edit: the page is not made from them, but tells of them."""
    folder = report_folder(root, agency, year)
    return tuple(folder / name for name in EDITABLE)


def narrative_of(root: Path, agency: str, year: int) -> Path:
    """The file whose changes need no new run of the notebook."""
    return root / data_folder(agency, year) / NARRATIVE


def look(paths: Iterator[Path]) -> Snapshot:
    """Time, size and number of every file at or below the paths."""
    found: Snapshot = {}
    for path in paths:
        for folder, _, names in os.walk(path):
            found |= _stamps(Path(folder) / name for name in names if not _is_passing(name))
        found |= _stamps([path] if not path.is_dir() else [])
    return found


def _is_passing(name: str) -> bool:
    """A file that an editor makes beside the one it edits."""
    return name.startswith((".", "~$")) or name.endswith(("~", ".tmp", ".swp"))


def _stamps(paths: Iterator[Path] | list[Path]) -> Snapshot:
    found: Snapshot = {}
    for path in paths:
        try:
            status = path.stat()
        except OSError:  # gone since it was listed
            continue
        found[path] = (status.st_mtime_ns, status.st_size, status.st_ino)
    return found

"""Publish a set of files together or not at all.

The set is made in a folder beside its place and moved there by rename; until then the last good
set stays as it was. One lock of a report keeps two runs from meeting, another two writers
of its texts.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from nianbao.errors import Place, Problem, UsageError
from nianbao.files.writing import flush_folder, make_folder
from nianbao.finished.kept_edits import keep_edited, kept_folder
from nianbao.finished.manifest import is_edited, listed_outputs

FAILED = "failed"
EDITABLE = ("report.ipynb", "report.docx")
"""Files of a set that people edit."""
LOCK_SECONDS = 60
_LOCKS = {"lock": "生成", "texts.lock": "改写"}
"""By the ending of its file, what whoever holds the lock is doing."""


def report_folder(root: Path, agency: str, year: int) -> Path:
    """Return where the finished files of a report are."""
    return root / "output" / agency / str(year)


def edited_files(folder: Path) -> tuple[str, ...]:
    """Return which files of a set, of those that people edit, are no longer as they were made."""
    listed = listed_outputs(folder)
    return tuple(name for name in EDITABLE if is_edited(folder, name, listed))


def report_lock(target: Path, seconds: float = LOCK_SECONDS) -> AbstractContextManager[None]:
    """Hold the lock of a report.

    Raises
    ------
    UsageError
        Another run has held it for ``seconds``.
    """
    return _locked(target, "lock", seconds)


def texts_lock(target: Path, seconds: float = LOCK_SECONDS) -> AbstractContextManager[None]:
    """Hold the lock of what people write for a report while it is read, merged and written.

    A build holds the report's own lock until its set is published; nobody who saves a sentence
    waits for that. Who needs both takes the report's first.

    Raises
    ------
    UsageError
        Another run has held it for ``seconds``.
    """
    return _locked(target, "texts.lock", seconds)


@contextmanager
def _locked(target: Path, ending: str, seconds: float) -> Iterator[None]:
    from filelock import FileLock, Timeout  # which a check, that only looks, does not need

    _refuse_foreign(target)
    make_folder(target.parent)
    try:
        with FileLock(target.parent / f".{target.name}.{ending}", timeout=seconds):
            yield
    except Timeout:
        report = f"{target.parent.name} {target.name}"
        raise UsageError(f"另一个任务正在{_LOCKS[ending]}“{report}”，请等它结束后再试") from None


def _refuse_foreign(target: Path) -> None:
    """Refuse to publish where somebody put a link to elsewhere, or something of another kind.

    Through a link a report, a failed run or a kept edit would come to lie in another bureau's
    folder, or its set would be taken for this report's.
    """
    folder, name = target.parent, target.name
    kept = kept_folder(target)
    making = folder.glob(f".{name}.making-*")
    folders = (folder, target, target / FAILED, kept.parent, kept, _backup(target), *making)
    locks = (folder / f".{name}.{ending}" for ending in _LOCKS)
    kinds = [(path, path.is_dir(), "文件夹") for path in folders]
    kinds += [(path, path.is_file(), "普通文件") for path in locks]
    for path, fits, kind in kinds:
        if path.is_symlink() or (path.exists() and not fits):
            what = "是指向别处的链接" if path.is_symlink() else f"不是{kind}"
            place = Place(path.relative_to(target.parents[2]).as_posix())
            problem = Problem(f"{what}，报告不写到这里", place, remedy="请把它移走再运行")
            raise UsageError(problem)


def _backup(target: Path) -> Path:
    return target.parent / f".{target.name}.last"


def recover(target: Path) -> None:
    """Finish or undo what a killed run left between its two renames, and clear its leavings."""
    backup = _backup(target)
    if backup.exists():
        if target.exists():
            _keep_late_edits(backup, target)
            shutil.rmtree(backup)
        else:
            backup.rename(target)
    for leaving in target.parent.glob(f".{target.name}.making-*"):
        shutil.rmtree(leaving)


@contextmanager
def staged(target: Path) -> Iterator[Path]:
    """Provide a new folder beside ``target``; it takes target's place when the block ends well.

    When the block raises, target stays as it was, and what was made of the notebook is kept
    in target's folder ``failed``.
    """
    recover(target)
    making = Path(tempfile.mkdtemp(prefix=f".{target.name}.making-", dir=target.parent))
    making.chmod(0o755)
    try:
        yield making
    except BaseException:
        _keep_failed(making, target)
        raise
    _flush(making)
    backup = _backup(target)
    if target.exists():
        target.rename(backup)
    try:
        making.rename(target)
    except BaseException:  # somebody's program holds a file of it: the last set goes back
        if backup.exists():
            backup.rename(target)
        raise
    flush_folder(target.parent)
    if backup.exists():
        _keep_late_edits(backup, target)
        shutil.rmtree(backup)


def _keep_late_edits(last: Path, target: Path) -> None:
    """Keep a Word file or notebook that somebody saved while the new set was being made.

    Everything edited before was merged and kept when the run began, see `nianbao.edits.pull`.
    """
    listed = listed_outputs(last)
    for name in EDITABLE:
        if is_edited(last, name, listed):
            keep_edited(target, last / name)


def _keep_failed(making: Path, target: Path) -> None:
    notebook = making / "report.ipynb"
    if notebook.exists():
        (target / FAILED).mkdir(parents=True, exist_ok=True)
        notebook.replace(target / FAILED / "report.ipynb")
    shutil.rmtree(making)


def _flush(folder: Path) -> None:
    """Make sure that the files, and their names, are on the disk before the set gets its own."""
    for path in folder.rglob("*"):
        if path.is_dir():
            flush_folder(path)
        elif path.is_file():
            with path.open("rb") as file:
                os.fsync(file.fileno())
    flush_folder(folder)

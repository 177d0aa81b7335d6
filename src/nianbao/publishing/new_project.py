"""Make a project of an empty folder: the master notebook, sample bureaus, the usual commands.

Apart because it makes a project where there is none; all other commands need one.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from nianbao.errors import Problem, UsageError, system_problem
from nianbao.files.words import short_listing
from nianbao.notebook.master import shipped

SAMPLES = ("yiyuan-sfj", "shili-scjgj")
"""One bureau that hands in CSV files, and one with a workbook."""
SINGLE_FILES = ("README.md", "Makefile", "tools/fonts.sh", "notebooks/report.ipynb")


MASTER_ONLY = ("tools/fonts.sh", "notebooks/report.ipynb")
"""What a project without samples begins with."""


def start_project(folder: Path, *, samples: bool = True) -> tuple[str, ...]:
    """Make a project in a folder.

    It is made when it is not there; other files in it stay as they are. Without ``samples`` there
    is no bureau in it yet: an office adds its own at the desk.

    Returns
    -------
    tuple
        What was written, as paths in the folder.

    Raises
    ------
    UsageError
        A file would be written over (then nothing is written), the folder cannot be written, or
        the installation is damaged.
    """
    files = dict(_files()) if samples else {name: shipped(name) for name in MASTER_ONLY}
    if taken := [name for name in files if (folder / name).exists()]:
        message = f"文件夹中已有{short_listing(taken, most=3, measure='个文件')}，不覆盖"
        raise UsageError(Problem(message, remedy="请换一个空文件夹，或先把这些文件移走"))
    try:
        for name, source in files.items():
            target = folder / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(source.read_bytes())
        for part in ("params", "data", "output"):  # papermill makes no folder for its output
            (folder / part).mkdir(exist_ok=True)
    except OSError as error:
        reported = system_problem(error)
        reason = reported.message if reported else error.strerror
        raise UsageError(f"不能写入“{folder}”：{reason}") from None
    return tuple(files)


def _files() -> Iterator[tuple[str, Path]]:
    """Yield each file of a new project with its source."""
    for name in SINGLE_FILES:
        yield name, shipped(name)
    for code in SAMPLES:
        for part in ("params", "data"):
            source = shipped(f"{part}/{code}")
            for file in sorted(f for f in source.rglob("*") if f.is_file()):
                yield f"{part}/{code}/{file.relative_to(source).as_posix()}", file

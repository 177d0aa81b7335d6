"""Project folders for tests: the samples, copied to where a test may change them."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from functools import cache
from pathlib import Path

from nianbao.finished.options import BuildOptions
from nianbao.publishing.build import build_report

REPOSITORY = Path(__file__).resolve().parent.parent
WORKED = ("yiyuan-sfj", 2024)
"""The worked example."""


def copy_project(folder: Path, *agencies: str) -> Path:
    """A project with these sample agencies, all when none is named, and the master notebook."""
    for part in ("params", "data"):
        for source in sorted((REPOSITORY / part).iterdir()):
            if source.is_dir() and (not agencies or source.name in agencies):
                shutil.copytree(source, folder / part / source.name)
    shutil.copytree(REPOSITORY / "notebooks", folder / "notebooks")
    if (REPOSITORY / "fonts").is_dir():
        (folder / "fonts").symlink_to(REPOSITORY / "fonts")
    return folder


def copy_built(folder: Path, *formats: str) -> Path:
    """A project with the worked example, built in these formats, all when none is named.

    It is built once for all tests of a process; each has a copy that it may change.
    """
    return Path(shutil.copytree(_built(*formats), folder, symlinks=True, dirs_exist_ok=True))


@cache
def _built(*formats: str) -> Path:
    place = tempfile.TemporaryDirectory(prefix="nianbao-built-")
    atexit.register(place.cleanup)
    root = copy_project(Path(place.name), WORKED[0])
    build_report(root, *WORKED, BuildOptions(formats) if formats else BuildOptions())
    return root

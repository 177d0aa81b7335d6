"""Project folders for tests: the samples, copied to where a test may change them."""

from __future__ import annotations

import shutil
from pathlib import Path

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

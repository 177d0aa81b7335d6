"""The invented county of tools/make_county.py, for tests."""

from __future__ import annotations

import shutil
import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

from tests.projects import REPOSITORY

COUNTY = ("shili-xzf", 2024)
"""Its government's report."""


def make_county_module() -> ModuleType:
    """Load tools/make_county.py, which is no part of the package."""
    spec = spec_from_file_location("make_county", REPOSITORY / "tools" / "make_county.py")
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    # A dataclass looks its module up while it is made.
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def write_county(folder: Path, count: int | None = None, **more: str) -> Path:
    """A project with the county's data and the master notebook."""
    make_county_module().write_county(folder, count=count, **more)
    if not (folder / "notebooks").exists():
        shutil.copytree(REPOSITORY / "notebooks", folder / "notebooks")
    if (REPOSITORY / "fonts").is_dir() and not (folder / "fonts").exists():
        (folder / "fonts").symlink_to(REPOSITORY / "fonts")
    return folder

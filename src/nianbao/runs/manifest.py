"""The manifest: what a published set was made from, and the checksum of every file in it."""

from __future__ import annotations

import hashlib
import platform
from collections.abc import Iterable, Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any

import nianbao
from nianbao.fonts import Fonts

MANIFEST = "manifest.json"
PACKAGES = (
    "jupyter_client",
    "matplotlib",
    "nbconvert",
    "pandas",
    "papermill",
    "python-docx",
    "typst",
)
"""What can change a byte of the documents."""


def sha256(path: Path) -> str:
    """Checksum of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def package_versions() -> dict[str, str]:
    """Versions of Python and of what draws the documents."""
    own = {"nianbao": nianbao.__version__, "python": platform.python_version()}
    return own | {name: version(name) for name in PACKAGES}


def outputs(folder: Path) -> dict[str, str]:
    """Checksums of all files of a set, the manifest itself left out."""
    files: Iterable[Path] = sorted(p for p in folder.rglob("*") if p.is_file())
    return {p.relative_to(folder).as_posix(): sha256(p) for p in files if p.name != MANIFEST}


def make_manifest(
    agency: str,
    year: int,
    inputs: Mapping[str, str],
    folder: Path,
    master: Path,
    fonts: Fonts,
    options: Mapping[str, object],
) -> dict[str, Any]:
    """The manifest of a finished set in ``folder``; no clock and no path of the machine in it."""
    return {
        "agency": agency,
        "year": year,
        "options": dict(options),
        "inputs": dict(inputs),
        "notebook": sha256(master),
        "outputs": outputs(folder),
        "versions": package_versions(),
        "fonts": {
            role: {"family": fonts.first(role).family, "sha256": fonts.first(role).sha256}
            for role in fonts.chains
        },
    }

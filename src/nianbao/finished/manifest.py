"""The manifest: what a published set was made from, and the checksum of every file in it."""

from __future__ import annotations

import hashlib
import platform
import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from importlib.metadata import PackageNotFoundError, distribution, version
from pathlib import Path
from typing import Any

import nianbao
from nianbao.fonts import find_fonts
from nianbao.notebook.master import master_notebook
from nianbao.notebook.theme import theme_files

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
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def package_versions() -> dict[str, str]:
    """Versions of Python and of what draws the documents."""
    own = {"nianbao": nianbao.__version__, "python": platform.python_version()}
    return own | {name: version(name) for name in PACKAGES}


def outputs(folder: Path) -> dict[str, str]:
    """Checksums of all files of a set, the manifest itself left out."""
    files: Iterable[Path] = sorted(p for p in folder.rglob("*") if p.is_file())
    return {p.relative_to(folder).as_posix(): sha256(p) for p in files if p.name != MANIFEST}


@dataclass(frozen=True, slots=True)
class Basis:
    """All but the inputs and the options that can change a byte of a report.

    Parameters
    ----------
    notebook
        Checksum of the master.
    source
        Checksum of this package's own files.
    versions
        Python and every package that is used, directly or not.
    fonts
        Family and checksum of the first face of each role.
    faces
        Checksum of all faces: a rare letter comes from a later one.
    theme
        Files of the project's own look, and their checksums.
    """

    notebook: str
    source: str
    versions: Mapping[str, str]
    fonts: Mapping[str, Mapping[str, str]]
    faces: str
    theme: Mapping[str, str]


def make_basis(root: Path) -> Basis:
    """What reports of this project are made with, here and now."""
    fonts = find_fonts((root / "fonts",))
    firsts = {role: fonts.first(role) for role in fonts.chains}
    return Basis(
        notebook=sha256(master_notebook(root)),
        source=source_checksum(),
        versions=dependency_versions(),
        fonts={r: {"family": f.family, "sha256": f.sha256} for r, f in firsts.items()},
        faces=_digest(f"{font.family} {font.sha256}" for font in fonts.all),
        theme={file: sha256(root / file) for file in theme_files(root)},
    )


def _digest(lines: Iterable[str]) -> str:
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def source_checksum() -> str:
    """Of all files of this package."""
    folder = Path(nianbao.__file__).parent
    files = sorted(p for p in folder.rglob("*") if p.is_file() and p.suffix != ".pyc")
    return _digest(f"{p.relative_to(folder).as_posix()} {sha256(p)}" for p in files)


EXTRA = "extra =="
_NAME = re.compile(r"[A-Za-z0-9._-]+")


def dependency_versions() -> dict[str, str]:
    """Python, this package, and all that it needs, directly or not; extras left out."""
    found: dict[str, str] = {}
    left = [nianbao.__name__]
    while left:
        name = left.pop()
        try:
            package = distribution(name)
        except PackageNotFoundError:  # for another system or another Python
            continue
        about = package.metadata  # parsed anew each time it is asked for
        key = re.sub(r"[-_.]+", "-", about["Name"]).lower()
        if key not in found:
            found[key] = about["Version"]
            needs = (need for need in about.get_all("Requires-Dist") or () if EXTRA not in need)
            left += (match[0] for need in needs if (match := _NAME.match(need)))
    return {"python": platform.python_version()} | dict(sorted(found.items()))


def make_manifest(
    agency: str,
    year: int,
    inputs: Mapping[str, str],
    surroundings: str,
    folder: Path,
    basis: Basis,
    options: Mapping[str, object],
    summary: Mapping[str, object],
) -> dict[str, Any]:
    """The manifest of a finished set in ``folder``; no clock and no path of the machine in it.

    Parameters
    ----------
    inputs
        Each file that was read and its checksum, those of earlier years too.
    surroundings
        Checksum of what the prose was compared with: other agencies, lists of words.
    folder
        The finished set.
    basis, options
        What it was made with, and how.
    summary
        For the page of the county.
    """
    return {
        "agency": agency,
        "year": year,
        "options": dict(options),
        "inputs": dict(inputs),
        "surroundings": surroundings,
        **asdict(basis),
        "outputs": outputs(folder),
        "summary": dict(summary),
    }

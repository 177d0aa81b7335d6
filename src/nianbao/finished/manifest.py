"""The manifest: what a published set was made from, and the checksum of every file in it."""

from __future__ import annotations

import hashlib
import json
import platform
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from decimal import Decimal
from importlib.metadata import PackageNotFoundError, distribution, version
from pathlib import Path

import nianbao
from nianbao.files.sources import content
from nianbao.files.writing import dump_json
from nianbao.finished.options import BuildOptions
from nianbao.finished.summary import Summary
from nianbao.fonts import find_fonts
from nianbao.notebook.master import master_notebook

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


MOST_HASHED = 500_000_000
"""Bytes of the largest file that is read for its checksum; any that is handed in is smaller."""


def sha256(path: Path) -> str:
    """Return the checksum of a file; of one larger than any of ours, its size."""
    size = path.stat().st_size
    if size > MOST_HASHED:
        return f"{size} bytes"
    with path.open("rb", buffering=0) as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def read_kept(path: Path) -> str:
    """Return the text of a file in output/; see `kept_bytes`.

    Raises
    ------
    OSError, ValueError
        It cannot be read, or is no text.
    """
    return kept_bytes(path).decode()


def kept_bytes(path: Path) -> bytes:
    """Return what stands in a file in output/, where anybody may have put anything.

    Raises
    ------
    OSError, ValueError
        It is not there, is no ordinary file, or is too large.
    """
    if not path.is_file() or path.stat().st_size > MOST_HASHED:
        raise ValueError(f"no file that could be read: {path.name}")
    return path.read_bytes()


def package_versions() -> dict[str, str]:
    """Return the versions of Python and of what draws the documents."""
    own = {"nianbao": nianbao.__version__, "python": platform.python_version()}
    return own | {name: version(name) for name in PACKAGES}


def outputs(folder: Path) -> dict[str, str]:
    """Return the checksums of all files of a set, the manifest itself left out."""
    files: Iterable[Path] = sorted(p for p in folder.rglob("*") if p.is_file())
    return {p.relative_to(folder).as_posix(): sha256(p) for p in files if p.name != MANIFEST}


@dataclass(frozen=True, slots=True)
class Basis:
    """All but the inputs and the options that can change a byte of a report."""

    notebook: str
    """Checksum of the master."""
    source: str
    """Checksum of this package's own files."""
    versions: Mapping[str, str]
    """Python and every package that is used, directly or not."""
    fonts: Mapping[str, Mapping[str, str]]
    """Family and checksum of the first face of each role."""
    faces: str
    """Checksum of all faces: a rare letter comes from a later one."""
    theme: Mapping[str, str]
    """Files of the project's own look, and their checksums."""


def make_basis(root: Path) -> Basis:
    """Return what reports of this project are made with, here and now."""
    from nianbao.notebook.theme import theme_files  # a check looks what was made, and makes nothing

    fonts = find_fonts((root / "fonts",))
    firsts = {role: fonts.first(role) for role in fonts.chains}
    return Basis(
        notebook=sha256(master_notebook(root)),
        source=source_checksum(),
        versions=dependency_versions(),
        fonts={r: {"family": f.family, "sha256": f.sha256} for r, f in firsts.items()},
        faces=_digest(f"{font.family} {font.sha256}" for font in fonts.all),
        theme={f: hashlib.sha256(content(root, f)).hexdigest() for f in theme_files(root)},
    )


def _digest(lines: Iterable[str]) -> str:
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def source_checksum() -> str:
    """Return the checksum of all files of this package."""
    folder = Path(nianbao.__file__).parent
    files = sorted(p for p in folder.rglob("*") if p.suffix != ".pyc" and p.is_file())
    return _digest(f"{p.relative_to(folder).as_posix()} {sha256(p)}" for p in files)


EXTRA = "extra =="
_NAME = re.compile(r"[A-Za-z0-9._-]+")
_FIELD = re.compile(r"^(Name|Version|Requires-Dist): *(.*)$", re.MULTILINE)


def dependency_versions() -> dict[str, str]:
    """Return Python, this package, and all that it needs, directly or not; extras left out."""
    found: dict[str, str] = {}
    seen: set[str] = set()
    left = [nianbao.__name__]
    while left:
        name = _normal(left.pop())
        if name in seen:
            continue
        seen.add(name)
        try:
            package = distribution(name)
        except PackageNotFoundError:  # for another system or another Python
            continue
        text = package.read_text("METADATA") or package.read_text("PKG-INFO") or ""
        # The description below the fields is most of the text; importlib.metadata parses it too.
        fields = _FIELD.findall(text.partition("\n\n")[0])
        about = dict(fields)
        found[_normal(about["Name"])] = about["Version"]
        needs = (need for key, need in fields if key == "Requires-Dist" and EXTRA not in need)
        left += (match[0] for need in needs if (match := _NAME.match(need)))
    return {"python": platform.python_version()} | dict(sorted(found.items()))


def _normal(name: str) -> str:
    """Return a package's name as PEP 503 writes it."""
    return re.sub(r"[-_.]+", "-", name).lower()


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a finished set was made from; no clock and no path of the machine is in it.

    Parameters
    ----------
    options, basis
        How it was made, and with what.
    inputs
        Each file that was read and its checksum, those of earlier years too.
    batch_context
        Checksum of what the prose was compared with: other agencies, lists of words.
    outputs
        Each file of the set and its checksum.
    summary
        For the page of the county.
    """

    agency: str
    year: int
    options: BuildOptions
    inputs: Mapping[str, str]
    batch_context: str
    basis: Basis
    outputs: Mapping[str, str]
    summary: Summary

    def as_json(self) -> dict[str, object]:
        """Return the manifest as it stands in its file, the basis spread out."""
        return {
            "agency": self.agency,
            "year": self.year,
            "options": self.options.as_json(),
            "inputs": dict(self.inputs),
            "batch_context": self.batch_context,
            **{field.name: getattr(self.basis, field.name) for field in fields(self.basis)},
            "outputs": dict(self.outputs),
            "summary": self.summary.as_json(),
        }

    def text(self) -> str:
        """Return the text of manifest.json."""
        return dump_json(self.as_json())


def parse_manifest(text: str) -> Manifest | None:
    """Read the text of a manifest, numbers exact; None when it is damaged or not all of ours.

    A key too many or too few, a number that is a text: somebody has had a hand in it.
    """
    try:
        kept = json.loads(text, parse_float=Decimal)
        manifest = Manifest(
            kept["agency"],
            kept["year"],
            BuildOptions.from_json(kept["options"]),
            _texts(kept["inputs"]),
            kept["batch_context"],
            Basis(
                kept["notebook"], kept["source"], _texts(kept["versions"]),
                {role: _texts(face) for role, face in kept["fonts"].items()}, kept["faces"],
                _texts(kept["theme"]),
            ),
            _texts(kept["outputs"]),
            Summary.from_json(kept["summary"]),
        )  # fmt: skip
        return manifest if manifest.as_json() == kept else None
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError, ArithmeticError):
        return None


def _texts(kept: Mapping[str, str]) -> dict[str, str]:
    """Return the texts by name; anything else is an error."""
    if not all(isinstance(each, str) for each in kept.values()):
        raise TypeError(kept)
    return dict(kept)


def read_manifest(folder: Path) -> Manifest | None:
    """Return the manifest of a published set; None when it is not there or damaged."""
    try:
        return parse_manifest(read_kept(folder / MANIFEST))
    except (OSError, ValueError):
        return None


def listed_outputs(folder: Path) -> dict[str, str] | None:
    """Return the checksums in a set's manifest, even one that an older version wrote.

    None when nothing can be read: whoever asks takes every file for one that somebody edited.
    """
    try:
        return _texts(json.loads(read_kept(folder / MANIFEST))["outputs"])
    except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return None


def is_edited(folder: Path, name: str, listed: Mapping[str, str] | None) -> bool:
    """Return whether a file of a set is there and not known to be as it was made.

    A file that is not among those ``listed`` (see `listed_outputs`) was put there by somebody, and
    is no edited file of the set.
    """
    if not (folder / name).is_file():
        return False
    return listed is None or (name in listed and sha256(folder / name) != listed[name])

"""Edited files of finished sets, kept as they were: what a person may still look up, and no more.

In output/<agency>/edited/<year>/ the newest files lie as somebody left them. Older ones are packed
into one archive, notebooks without the outputs that a run gives again; of these the oldest go when
there are too many. What was merged of them is in the bureau's texts in any case.
"""

from __future__ import annotations

import io
import json
import os
import shutil
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from nianbao.files.writing import flush_folder, make_folder, write_bytes_safely
from nianbao.finished.manifest import sha256

EARLIER = "earlier.zip"
MOST_LOOSE = 20
"""More files than these are packed, all but the newer half of them."""
MOST_PACKED = 400
MOST_PACKED_BYTES = 50_000_000
MOST_COPIED = 50_000_000
"""A larger file is no report of ours, and is neither copied nor packed."""
MOST_UNPACKED = MOST_PACKED_BYTES + MOST_COPIED
"""Most that an archive of ours holds: one file may be larger than all are to be."""
_KINDS = (".ipynb", ".docx", ".xlsx", ".xlsm", ".md")
_EPOCH = (1980, 1, 1, 0, 0, 0)
"""The time of every packed file: the archive is the same for the same files."""


def kept_folder(target: Path) -> Path:
    """Return where the edited files of a report are kept; ``target`` is its folder in output/."""
    return target.parent / "edited" / target.name


def keep_edited(target: Path, file: Path) -> Path:
    """Keep an edited file of a set in output/<agency>/edited/<year>/ before the set is replaced.

    It gets its name when it is whole on the disk: what has the name is not copied again.
    """
    name = f"{file.stem}-{sha256(file)[:8]}{file.suffix}"
    kept = kept_folder(target) / name
    if kept.exists():
        return kept
    make_folder(kept.parent)
    making = kept.with_name(f".{name}")
    if file.stat().st_size > MOST_COPIED:
        os.link(file, kept)  # takes no room and no time; the set that it lies in goes
    else:
        shutil.copy2(file, making)
        with making.open("rb") as copied:
            os.fsync(copied.fileno())
        making.replace(kept)
    flush_folder(kept.parent)
    pack_earlier(kept.parent, kept)
    return kept


def _loose(folder: Path) -> list[Path]:
    """Return the files that lie there as they were, the oldest first."""
    named = (f for f in folder.glob("[!.]*") if f.suffix in _KINDS and f.is_file())
    found = (f for f in named if f.stat().st_size <= MOST_COPIED)
    return sorted(found, key=lambda file: (file.stat().st_mtime_ns, file.name))


def pack_earlier(folder: Path, newest: Path | None = None) -> None:
    """Pack the older files of a folder once there are more than `MOST_LOOSE`.

    A killed run leaves a file in both places or in the one it had; it is packed once.
    """
    loose = [file for file in _loose(folder) if file != newest]
    if len(loose) < MOST_LOOSE:
        return
    moved = loose[: -MOST_LOOSE // 2]
    archive = folder / EARLIER
    packed = _read_archive(archive) | {file.name: _reduced(file) for file in moved}
    write_bytes_safely(archive, _archive(packed))
    for file in moved:
        file.unlink()


def _read_archive(path: Path) -> dict[str, bytes]:
    """Return the packed files by name, the oldest first.

    A damaged archive is laid aside.
    """
    if not path.is_file():
        return {}
    try:
        with zipfile.ZipFile(path) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > MOST_UNPACKED:
                raise ValueError("not ours")
            return {name: archive.read(name) for name in archive.namelist()}
    except (zipfile.BadZipFile, OSError, ValueError, RuntimeError):
        path.replace(path.with_name(f"damaged-{sha256(path)[:8]}-{path.name}"))
        return {}


def _archive(files: dict[str, bytes]) -> bytes:
    """Return an archive of the newest files that fit."""
    sizes = list(files.items())[-MOST_PACKED:]
    while sum(len(data) for _, data in sizes) > MOST_PACKED_BYTES and len(sizes) > 1:
        del sizes[0]
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, data in sizes:
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, data)
    return stream.getvalue()


def _reduced(file: Path) -> bytes:
    """Return a notebook without its outputs.

    Any other file, and one that cannot be read, is returned as it is.
    """
    data = file.read_bytes()
    if file.suffix != ".ipynb":
        return data
    try:
        notebook = json.loads(data)
        for cell in notebook["cells"]:
            if "outputs" in cell:
                cell["outputs"] = []
        return json.dumps(notebook, ensure_ascii=False, indent=1).encode()
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return data


@dataclass(frozen=True, slots=True)
class KeptSize:
    """The number of edited files that are kept, and the room that they take in bytes."""

    files: int
    bytes: int

    def __str__(self) -> str:
        return f"{self.files}份，{self.bytes / 1_000_000:.1f} MB"


def kept_size(*folders: Path) -> KeptSize:
    """Return what lies in folders of `kept_folder`, packed files counted one by one."""
    files = [file for folder in folders for file in folder.glob("*") if file.is_file()]
    return KeptSize(sum(map(_count, files)), sum(file.stat().st_size for file in files))


def _count(file: Path) -> int:
    if file.name == EARLIER:
        return sum(1 for _ in _names(file))
    return int(file.suffix in _KINDS)


def _names(archive: Path) -> Iterator[str]:
    try:
        with zipfile.ZipFile(archive) as opened:
            yield from opened.namelist()
    except (zipfile.BadZipFile, OSError):
        return

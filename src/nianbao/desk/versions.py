"""Every file that came in or was replaced is kept; finished sets are frozen, compared, restored.

The bytes lie under their checksum in the desk's folder. Of one report so many files and bytes
are kept; the oldest give way, frozen ones never.
"""

from __future__ import annotations

import io
import threading
import zipfile
from pathlib import Path, PurePath

from nianbao.desk.settings import Settings
from nianbao.desk.storage import Store, Version
from nianbao.files.sources import Source
from nianbao.files.writing import write_bytes_safely
from nianbao.finished.folder import report_folder
from nianbao.finished.manifest import MANIFEST, sha256
from nianbao.inputs.project import data_folder, is_left_behind, params_file

FINAL, UPLOAD, EDITED, REPLACED, TEXT = "final", "upload", "edited", "replaced", "text"
SEEN = "seen"
"""What somebody who reviews has read: later sets are compared with it, as with a frozen one."""
VERSION_KINDS = {
    FINAL: "定稿",
    UPLOAD: "交来的文件",
    EDITED: "交回的Word",
    REPLACED: "被换下的文件",
    TEXT: "正文",
    SEEN: "看过的一稿",
}
_SAID = ("report.json", "report.ipynb")
"""The files of a finished set that hold all its numbers and words."""
_EPOCH = (1980, 1, 1, 0, 0, 0)
"""The time in every archive: the same files give the same bytes."""


class Versions:
    """The files that a desk keeps.

    Parameters
    ----------
    settings
        Where they lie, and how many there may be.
    store
        The list of them.
    """

    def __init__(self, settings: Settings, store: Store) -> None:
        self._settings, self._store = settings, store
        self._folder = settings.folder / "files"
        self._lock = threading.Lock()

    def keep(
        self, agency: str, year: int, kind: str, source: Source, who: str, note: str = ""
    ) -> int:
        """Keep a file by its name and bytes; it is on the disk when this returns."""
        checksum, size = source.sha256, len(source.data)
        target = self._path(checksum)
        with self._lock:  # or the same bytes could be given up for an older version meanwhile
            if not target.is_file():
                write_bytes_safely(target, source.data)
            number = self._store.add_version(
                Version(0, agency, year, kind, source.file, checksum, size, "", who, note)
            )
            self._make_room(agency, year)
        return number

    def listed(self, agency: str, year: int) -> list[Version]:
        """Return the versions of a report, newest first."""
        return self._store.versions(agency, year)

    def read(self, version: Version) -> bytes:
        """Return the bytes of a version."""
        return self._path(version.sha256).read_bytes()

    def find(self, agency: str, year: int, number: int) -> Version | None:
        """Return a version of this report, or None."""
        found = (v for v in self._store.versions(agency, year) if v.id == number)
        return next(found, None)

    def _path(self, checksum: str) -> Path:
        return self._folder / checksum[:2] / checksum

    def _make_room(self, agency: str, year: int) -> None:
        limits = self._settings.limits
        loose = [v for v in self._store.versions(agency, year) if v.kind != FINAL]
        size = 0
        for count, version in enumerate(loose, 1):
            size += version.size
            full = count > limits.kept_files or size > limits.kept_bytes
            if full and count > 1 and self._store.forget_version(version.id):
                self._path(version.sha256).unlink(missing_ok=True)

    def freeze(self, agency: str, year: int, who: str) -> int:
        """Keep the finished set and all it was made from as one archive."""
        root = self._settings.root
        folder = report_folder(root, agency, year)
        files = (
            {f"output/{path.relative_to(folder).as_posix()}": path.read_bytes()
             for path in _files(folder)}
            | {f"input/{name}": data for name, data in inputs_of(root, agency, year).items()}
        )  # fmt: skip
        archive = Source(f"{agency}-{year}.zip", zip_files(files))
        return self.keep(agency, year, FINAL, archive, who, sha256(folder / MANIFEST))

    def see(self, agency: str, year: int, who: str) -> int:
        """Keep what the finished set says, for later ones to be compared with."""
        folder = report_folder(self._settings.root, agency, year)
        said = {f"output/{name}": (folder / name).read_bytes() for name in _SAID}
        archive = Source(f"{agency}-{year}.zip", zip_files(said))
        return self.keep(agency, year, SEEN, archive, who, sha256(folder / MANIFEST))

    def restore(self, agency: str, year: int, version: Version, who: str) -> list[str]:
        """Put the inputs of a frozen set back; those that stand there now are kept first.

        Returns
        -------
        list of str
            The files that were written or taken away.
        """
        root = self._settings.root
        with zipfile.ZipFile(io.BytesIO(self.read(version))) as archive:
            wanted = {
                name.removeprefix("input/"): archive.read(name)
                for name in archive.namelist() if name.startswith("input/")
            }  # fmt: skip
        now = inputs_of(root, agency, year)
        changed = []
        for name in sorted({*wanted, *now}):
            if wanted.get(name) == now.get(name):
                continue
            changed.append(name)
            if name in now:
                self.keep(agency, year, REPLACED, Source(Path(name).name, now[name]), who)
            if name in wanted:
                write_bytes_safely(root / name, wanted[name])
            else:
                (root / name).unlink()
        return changed


def inputs_of(root: Path, agency: str, year: int) -> dict[str, bytes]:
    """Return the files that a report's year is made from, by their path in the project."""
    found = {}
    for path in _files(root / data_folder(agency, year)):
        if not is_left_behind(PurePath(path.name)):
            found[path.relative_to(root).as_posix()] = path.read_bytes()
    params = root / params_file(agency, year)
    if params.is_file():
        found[params_file(agency, year)] = params.read_bytes()
    return found


def _files(folder: Path) -> list[Path]:
    return sorted(p for p in folder.rglob("*") if p.is_file() and not p.is_symlink())


def zip_files(files: dict[str, bytes]) -> bytes:
    """Return one archive of files, the same bytes for the same files."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in sorted(files.items()):
            info = zipfile.ZipInfo(name, _EPOCH)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o644 << 16
            archive.writestr(info, data)
    return stream.getvalue()

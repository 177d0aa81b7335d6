"""What a worker of a Dask cluster does: take a report's files, make it, send the set back."""

from __future__ import annotations

import io
import shutil
import tempfile
import threading
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from nianbao.batch.worker import Job, Outcome, failed
from nianbao.batch.worker_pool import Pool, open_pool
from nianbao.errors import NianbaoError, UsageError
from nianbao.finished.batch_context import BatchContext
from nianbao.finished.folder import FAILED, report_folder
from nianbao.finished.manifest import Basis, dependency_versions, make_basis, source_checksum


@dataclass(frozen=True)
class Parcel:
    """A report on its way to a worker.

    Parameters
    ----------
    batch
        Of which batch; a worker keeps what it loaded as long as it stays the same.
    job
        What to do.
    files
        The project's files as a ZIP, or None where the worker sees the project's folder.
    """

    batch: str
    job: Job
    files: bytes | None


@dataclass(frozen=True)
class Delivery:
    """What came of it, and the finished set (or the failed notebook) as a ZIP."""

    outcome: Outcome
    files: bytes | None = None


def sees_file(path: str) -> bool:
    """Return whether this worker finds a file."""
    return Path(path).exists()


def describe_worker() -> tuple[str, dict[str, str]]:
    """Return what this worker would make reports with."""
    return source_checksum(), dependency_versions()


def list_files(root: Path, paths: Iterable[Path]) -> list[str]:
    """Return the files among some paths, relative to a folder."""
    return sorted(path.relative_to(root).as_posix() for path in paths if path.is_file())


def pack(root: Path, files: Iterable[str]) -> bytes:
    """Return files of a folder as a ZIP."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as packed:
        for file in files:
            packed.write(root / file, file)
    return data.getvalue()


def unpack(data: bytes, folder: Path) -> None:
    """Unpack our own ZIPs; a name that leads out of the folder is cut to one inside."""
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        packed.extractall(folder)


_POOLS: dict[tuple[str, int], Pool] = {}
"""The processes of each batch and thread; they are loaded once and used for many reports."""


def run_parcel(parcel: Parcel, shared: tuple[BatchContext, bytes | None]) -> Delivery:
    """Make a report on this worker, in a process of its own.

    Parameters
    ----------
    parcel
        What to do.
    shared
        Of all parcels of the batch: its context, and the project's fonts when files are sent.
    """
    context, fonts = shared
    try:
        if parcel.files is None:
            return Delivery(_run(parcel, parcel.job, context))
        with tempfile.TemporaryDirectory(prefix="nianbao-parcel-") as name:
            root = Path(name)
            unpack(parcel.files, root)
            if fonts:
                (root / "fonts").symlink_to(_fonts(parcel.batch, fonts))
            (root / "data").mkdir(exist_ok=True)
            outcome = _run(parcel, replace(parcel.job, root=root, recheck=False), context)
            return Delivery(outcome, _finished(root, outcome))
    except NianbaoError as error:
        return Delivery(failed(parcel.job, *(str(p) for p in error.problems)))


def _finished(root: Path, outcome: Outcome) -> bytes | None:
    folder = report_folder(root, outcome.agency, outcome.year)
    part = folder if outcome.status == "built" else folder / FAILED
    return pack(folder, list_files(folder, part.rglob("*"))) if part.is_dir() else None


def _run(parcel: Parcel, job: Job, context: BatchContext) -> Outcome:
    pool = _pool(parcel.batch, job.root, context)
    pool.start(job)
    while True:
        outcomes = pool.wait(60)
        if outcomes:
            return outcomes[0]


def _pool(batch: str, root: Path, context: BatchContext) -> Pool:
    """Return the processes of this thread for this batch."""
    key = (batch, threading.get_ident())
    if key not in _POOLS:
        _refuse_other_basis(make_basis(root), context.basis)
        _POOLS[key] = open_pool(root, context)
    return _POOLS[key]


def _refuse_other_basis(own: Basis, wanted: Basis) -> None:
    """Refuse a machine with other fonts: its own come before a project's, and must be the
    batch's.
    """
    if (own.fonts, own.faces) != (wanted.fonts, wanted.faces):
        raise UsageError("这个工作节点的字体与发起批量的机器不同，生成的文件会不一样")


_FONTS: dict[str, Path] = {}
_FONTS_LOCK = threading.Lock()


def _fonts(batch: str, data: bytes) -> Path:
    """Return the project's fonts, unpacked once."""
    with _FONTS_LOCK:
        if batch not in _FONTS:
            folder = Path(tempfile.mkdtemp(prefix="nianbao-fonts-"))
            unpack(data, folder)
            _FONTS[batch] = folder / "fonts"
        return _FONTS[batch]


def end_batch(batch: str) -> None:
    """End the processes of a batch and forget its fonts."""
    for key in [key for key in _POOLS if key[0] == batch]:
        _POOLS.pop(key).stop()
    with _FONTS_LOCK:
        folder = _FONTS.pop(batch, None)
    if folder:
        shutil.rmtree(folder.parent, ignore_errors=True)

"""The same batch on a Dask cluster (the extra ``cluster``), each report wherever there is room.

Workers need the package and nothing else. Where they see the project's folder they read and
publish there; where they do not, each report's files are sent to them and the finished set
comes back to be published here. A worker that is lost costs time: Dask gives its reports to
another one, and a report is published as a whole or not at all.
"""

from __future__ import annotations

import contextlib
import io
import queue
import shutil
import tempfile
import threading
import uuid
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from nianbao.batch.run import BatchOptions, OpenWorkers
from nianbao.batch.worker import Job, Outcome, failed, published_summary, stopped_by
from nianbao.batch.worker_pool import Pool, open_pool
from nianbao.errors import NianbaoError, UsageError
from nianbao.finished.batch_context import BatchContext, list_word_lists
from nianbao.finished.folder import FAILED, report_folder, report_lock, staged, texts_lock
from nianbao.finished.freshness import input_files
from nianbao.finished.manifest import Basis, dependency_versions, make_basis, source_checksum
from nianbao.notebook.theme import theme_files


@dataclass(frozen=True)
class Parcel:
    """A report on its way to a worker."""

    batch: str
    """The batch it is of: a worker keeps what it loaded until another one comes."""
    job: Job
    """What to do."""
    files: bytes | None
    """The project's files as a ZIP, or None where the worker sees the project's folder."""


@dataclass(frozen=True)
class Delivery:
    """The outcome, with the finished set (or the failed notebook) as a ZIP."""

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
    """Return the files of a folder as a ZIP."""
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

    ``shared`` is the batch's context, and the project's fonts when files are sent.
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
        return Delivery(stopped_by(error, parcel.job))


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
    """Refuse a machine with other fonts.

    A machine's own fonts come before a project's, and must be those of the batch.
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


CONNECT_SECONDS = 10
RETRIES = 3
"""So often a report whose worker was lost is given to another one."""


def cluster_pool(
    address: str, options: BatchOptions, *, ship: bool | None = None
) -> tuple[OpenWorkers, BatchOptions]:
    """Return the workers of a cluster.

    Without ``jobs`` every thread of the cluster gets a report. Files are sent only where a worker
    does not see the project's folder, unless ``ship`` says otherwise.

    Raises
    ------
    UsageError
        Dask is not installed, there is no scheduler at the address, or it has no workers.
    """
    try:
        from distributed import Client

        connect: Any = Client
    except ImportError:
        raise UsageError("没有安装 Dask；请运行 pip install 'nianbao[cluster]'") from None
    try:
        client = connect(address, timeout=CONNECT_SECONDS, set_as_default=False)
    except (OSError, ValueError, TimeoutError):
        raise UsageError(
            f"连不上 Dask 调度器：{address}；请核对地址和网络，先启动 dask scheduler"
        ) from None
    threads = sum(client.nthreads().values())
    if not threads:
        client.close()
        raise UsageError(f"Dask 调度器 {address} 还没有工作节点，请先启动 dask worker")

    def open_workers(root: Path, context: BatchContext) -> Pool:
        return ClusterPool(client, root, context, ship)

    # One report waits at each thread, so that none is idle while a result travels.
    return open_workers, replace(options, jobs=options.jobs or 2 * threads)


class ClusterPool:
    """The cluster as a batch sees it."""

    def __init__(
        self, client: Any, root: Path, context: BatchContext, ship: bool | None = None
    ) -> None:
        self._client, self._root, self._context = client, root, context
        self._batch = uuid.uuid4().hex
        self._done: queue.SimpleQueue[tuple[Job, Any]] = queue.SimpleQueue()
        self._stopped_here: list[Outcome] = []
        self._futures: dict[tuple[str, int], Any] = {}
        self._ship = not self._all_see(root) if ship is None else ship
        self._compare_workers()
        fonts = pack(root, list_files(root, (root / "fonts").rglob("*"))) if self._ship else None
        context.read_ahead()  # here, where the files are; it is sent along
        self._shared = client.scatter((context, fonts), broadcast=True, hash=False)

    def _all_see(self, root: Path) -> bool:
        """Return whether every worker finds a file that was put into the project just now."""
        folder = root / "output"
        folder.mkdir(exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=folder, prefix=".cluster-") as token:
            return all(self._client.run(sees_file, token.name).values())

    def _compare_workers(self) -> None:
        """Refuse workers that would make other bytes."""
        own = self._context.basis
        for worker, (source, versions) in self._client.run(describe_worker).items():
            names = [n for n in own.versions if versions.get(n) != own.versions[n]]
            if source != own.source or names:
                what = "、".join(names) or "nianbao 程序"
                raise UsageError(f"工作节点 {worker} 的软件与本机不同：{what}；请装成同样的版本")

    def start(self, job: Job) -> None:
        """Send a report."""
        files: bytes | None = None
        try:
            if self._ship:
                _pull(job)
                files = _pack_report(job, self._context)
        except Exception as error:  # the batch goes on, whatever one report meets
            self._stopped_here.append(stopped_by(error, job))
            return
        future = self._client.submit(
            run_parcel,
            Parcel(self._batch, job, files),
            self._shared,
            key=f"nianbao-{self._batch}-{job.agency}-{job.year}",
            pure=False,
            retries=RETRIES,
        )
        self._futures[job.agency, job.year] = future
        future.add_done_callback(lambda done: self._done.put((job, done)))

    def wait(self, seconds: float) -> list[Outcome]:
        """Return the outcomes that came, after at most this time."""
        outcomes, self._stopped_here = self._stopped_here, []
        if outcomes:
            return outcomes
        with contextlib.suppress(queue.Empty):
            outcomes.append(self._receive(*self._done.get(timeout=seconds)))
            while True:
                outcomes.append(self._receive(*self._done.get_nowait()))
        return outcomes

    def _receive(self, job: Job, future: Any) -> Outcome:
        self._futures.pop((job.agency, job.year), None)
        outcome = self._outcome(job, future)
        if outcome.status == "failed":  # a worker need not see the set that was published before
            kept = published_summary(report_folder(job.root, job.agency, job.year))
            outcome = replace(outcome, summary=kept)
        return outcome

    def _outcome(self, job: Job, future: Any) -> Outcome:
        try:
            delivery: Delivery = future.result()
        except Exception as error:  # of Dask or of the network: this report's trouble alone
            return failed(job, f"集群没有完成这份报告：{type(error).__name__}")
        finally:
            future.release()
        if delivery.files is None:
            return delivery.outcome
        try:
            return _publish(job, delivery)
        except zipfile.BadZipFile:
            return failed(job, "收到的报告没有放好：传来的文件已损坏")
        except (NianbaoError, OSError) as error:
            return failed(job, f"收到的报告没有放好：{error}")

    def stop(self) -> None:
        """Call back what has not been done."""
        with contextlib.suppress(Exception):
            self._client.cancel(list(self._futures.values()), force=True)
            self._client.run(end_batch, self._batch)
        self._client.close(timeout=1)


def _pull(job: Job) -> None:
    """Pull edits here, where their files are: the worker does not get them."""
    from nianbao.edits.pull import pull_before_build
    from nianbao.inputs.load import load_inputs

    folder = report_folder(job.root, job.agency, job.year)
    with report_lock(folder), texts_lock(folder):
        pull_before_build(job.root, load_inputs(job.root, job.agency, job.year))


def _pack_report(job: Job, context: BatchContext) -> bytes:
    """Return the files that a report is made from."""
    own = input_files(job.root, job.agency, job.year, context)
    more = ["notebooks/report.ipynb", *theme_files(job.root), *list_word_lists(job.root)]
    return pack(job.root, [*own, *(file for file in more if (job.root / file).is_file())])


def _publish(job: Job, delivery: Delivery) -> Outcome:
    """Publish a set that was made elsewhere, as if it had been made here."""
    assert delivery.files is not None
    target = report_folder(job.root, job.agency, job.year)
    with report_lock(target):
        if delivery.outcome.status == "built":
            with staged(target) as folder:
                unpack(delivery.files, folder)
        else:
            unpack(delivery.files, target)
    return delivery.outcome

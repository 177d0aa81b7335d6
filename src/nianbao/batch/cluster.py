"""The same batch on a Dask cluster (the extra ``cluster``), each report wherever there is room.

Workers need the package and nothing else. Where they see the project's folder they read and
publish there; where they do not, each report's files are sent to them and the finished set
comes back to be published here. A worker that is lost costs time: Dask gives its reports to
another one, and a report is published as a whole or not at all.
"""

from __future__ import annotations

import contextlib
import queue
import tempfile
import uuid
from dataclasses import replace
from pathlib import Path
from typing import Any

from nianbao.batch.cluster_worker import (
    Delivery,
    Parcel,
    describe_worker,
    end_batch,
    list_files,
    pack,
    run_parcel,
    sees_file,
    unpack,
)
from nianbao.batch.run import BatchOptions, OpenWorkers
from nianbao.batch.worker import Job, Outcome, failed
from nianbao.batch.worker_pool import Pool
from nianbao.errors import NianbaoError, UsageError
from nianbao.finished.batch_context import BatchContext, list_word_lists
from nianbao.finished.folder import report_folder, report_lock, staged
from nianbao.finished.freshness import input_files
from nianbao.notebook.theme import theme_files

CONNECT_SECONDS = 10
RETRIES = 3
"""So often a report whose worker was lost is given to another one."""


def cluster_pool(
    address: str, options: BatchOptions, *, ship: bool | None = None
) -> tuple[OpenWorkers, BatchOptions]:
    """Return workers of a cluster.

    Parameters
    ----------
    address
        Of the scheduler, ``tcp://…``.
    options
        Of the batch; without ``jobs`` every thread of the cluster gets a report.
    ship
        Send the files; by default only where a worker does not see the project's folder.

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
        self._futures: dict[tuple[str, int], Any] = {}
        self._ship = not self._all_see(root) if ship is None else ship
        self._compare_workers()
        fonts = pack(root, list_files(root, (root / "fonts").rglob("*"))) if self._ship else None
        assert context.peers is not None  # read here, where their files are, and sent along
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
        files = _pack_report(job, self._context) if self._ship else None
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
        """Return outcomes that came, after at most this time."""
        outcomes = []
        with contextlib.suppress(queue.Empty):
            outcomes.append(self._receive(*self._done.get(timeout=seconds)))
            while True:
                outcomes.append(self._receive(*self._done.get_nowait()))
        return outcomes

    def _receive(self, job: Job, future: Any) -> Outcome:
        self._futures.pop((job.agency, job.year), None)
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
        except (NianbaoError, OSError) as error:
            return failed(job, f"收到的报告没有放好：{error}")

    def stop(self) -> None:
        """Call back what has not been done."""
        with contextlib.suppress(Exception):
            self._client.cancel(list(self._futures.values()), force=True)
            self._client.run(end_batch, self._batch)
        self._client.close(timeout=1)


def _pack_report(job: Job, context: BatchContext) -> bytes:
    """Return the files that a report is made from; edits are pulled here, where their files are."""
    from nianbao.edits.pull import pull_before_build
    from nianbao.inputs.load import load_inputs

    lock = report_lock(report_folder(job.root, job.agency, job.year))
    with contextlib.suppress(NianbaoError), lock:  # reported by the worker, which meets the same
        pull_before_build(job.root, load_inputs(job.root, job.agency, job.year))
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

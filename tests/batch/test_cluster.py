"""The same batch on a Dask cluster: same bytes, and a lost worker costs time only."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import nbformat
import pytest
from benchmarks.bureaus import YEAR, write_project
from distributed import Client
from tests import warm
from tests.batch.batch_tools import Heard, in_a_copy, kill, leavings, published, until
from tests.projects import REPOSITORY

from nianbao.batch.cluster import (
    ClusterPool,
    Delivery,
    Parcel,
    _refuse_other_basis,
    cluster_pool,
    end_batch,
    pack,
    run_parcel,
)
from nianbao.batch.run import BatchOptions, choose_reports, run_batch
from nianbao.batch.worker import Job, Outcome, with_notes
from nianbao.errors import UsageError
from nianbao.finished.batch_context import read_batch_context
from nianbao.finished.options import BuildOptions
from nianbao.processes import SAFE_PATH
from nianbao.publishing.build import build_report

HTML = BatchOptions(BuildOptions(("html",)))
# What the first worker loads beforehand: the servers of its batches are copies, see `tests.warm`.
READY = """
import sys
from functools import partial

sys.path.append({repository!r})
from nianbao.batch import worker_pool
from tests import warm

worker_pool.start_server = partial(warm.BatchServer, address={address!r})
"""
Cluster = tuple[str, list[subprocess.Popen[bytes]]]
"""The address of a scheduler, and its workers."""


@contextmanager
def cluster(folder: Path) -> Iterator[Cluster]:
    """A scheduler and two workers, each a process: its address, and the workers.

    The servers of the first worker's batches are there at once, those of the second start a Python.
    """
    file, ready = folder / "scheduler.json", folder / "ready" / "servers.py"
    ready.parent.mkdir()  # Dask loads modules from there, too
    ready.write_text(READY.format(repository=str(REPOSITORY), address=warm.server()))
    dask = [sys.executable, "-m", "distributed.cli.dask_scheduler"]
    for planted in ("yaml", "csv", "json", "pandas", "distributed"):
        (folder / f"{planted}.py").write_text("raise SystemExit('not ours')")
    quiet: Any = {
        "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": folder,
        "env": {**os.environ, SAFE_PATH: "1"},  # as docs/cluster.md says
    }  # fmt: skip
    started = [
        subprocess.Popen(
            [*dask, "--host", "127.0.0.1", "--port", "0", "--no-dashboard",
             "--scheduler-file", str(file)], **quiet,
        )
    ]  # fmt: skip
    try:
        until(file.is_file)
        for number, more in enumerate((("--preload", str(ready)), ())):
            started.append(
                subprocess.Popen(
                    [sys.executable, "-m", "distributed.cli.dask_worker",
                     "--scheduler-file", str(file), "--nthreads", "1", "--no-nanny", *more,
                     "--no-dashboard", "--local-directory", str(folder / str(number))], **quiet,
                )
            )  # fmt: skip

        def address() -> str:
            with Client(scheduler_file=str(file), timeout=600, set_as_default=False) as client:
                client.wait_for_workers(2, timeout=600)
                return str(client.scheduler.address)

        yield in_a_copy(address), started[1:]
    finally:
        for process in reversed(started):  # a worker says goodbye to its scheduler
            process.terminate()
            try:
                process.wait(60)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def run(root: Path, address: str, *, ship: bool | None = None, force: bool = False) -> Heard:
    """The outcomes of a batch of all reports on the cluster."""

    def ran() -> Heard:
        listener = Heard()
        open_workers, options = cluster_pool(address, replace(HTML, force=force), ship=ship)
        run_batch(root, choose_reports(root, YEAR, []), options, listener, open_workers)
        return listener

    return in_a_copy(ran)


@pytest.fixture(scope="module", autouse=True)
def no_thread_stays() -> Iterator[None]:
    """With a thread of Dask's, the tests of later files would start their processes otherwise."""
    yield
    assert [thread.name for thread in threading.enumerate()][1:] == []


@pytest.fixture(scope="module")
def dask(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """One cluster for all tests; the last of them kills a worker."""
    with cluster(tmp_path_factory.mktemp("cluster")) as started:
        yield started


@pytest.mark.slow
@pytest.mark.usefixtures("ready_servers")
def test_a_cluster_makes_the_same_bytes_shared_or_sent(tmp_path: Path, dask: Cluster) -> None:
    root = tmp_path / "project"
    bureaus = write_project(root, 2)
    run_batch(root, choose_reports(root, YEAR, []), HTML, Heard())
    before = published(root)
    address, _ = dask
    outcomes = run(root, address, force=True).outcomes
    assert {o.status for o in outcomes.values()} == {"built"}
    assert published(root) == before
    assert leavings(root) == []
    # What went wrong on a worker is reported here, and the set that was published stays.
    broken = root / f"data/{bureaus[0].code}/{YEAR}/reviews.csv"
    whole = broken.read_bytes()
    broken.write_text("类型,结果,件数\n行政复议,结果维持,若干\n", encoding="utf-8")
    outcomes = run(root, address, ship=True, force=True).outcomes
    assert outcomes[bureaus[0].code].status == "failed"
    assert "reviews.csv" in outcomes[bureaus[0].code].problems[0]
    assert outcomes[bureaus[1].code].status == "built"
    assert published(root) == before
    assert leavings(root) == []
    broken.write_bytes(whole)
    outcomes = run(root, address, ship=True).outcomes
    assert {o.status for o in outcomes.values()} == {"skipped"}
    assert published(root) == before


@pytest.mark.slow
def test_workers_that_would_make_other_bytes_are_refused(tmp_path: Path, dask: Cluster) -> None:
    root = tmp_path / "project"
    write_project(root, 1)
    context = read_batch_context(root, YEAR)
    other = {**context.basis.versions, "pandas": "0.1"}
    context = replace(context, basis=replace(context.basis, versions=other))

    def refused() -> None:
        with Client(dask[0], set_as_default=False) as client:
            ClusterPool(client, root, context)

    with pytest.raises(UsageError, match="软件与本机不同：pandas"):
        in_a_copy(refused)


@pytest.mark.slow
def test_a_lost_worker_costs_time_only(tmp_path: Path, dask: Cluster) -> None:
    root = tmp_path / "project"
    write_project(root, 4)
    address, workers = dask
    killed: list[int] = []

    class Killer(Heard):
        def tick(self) -> None:
            if not killed and any((root / "output").glob("*/.*.making-*")):
                killed.append(workers[0].pid)
                kill(workers[0].pid)

    def ran() -> tuple[list[int], list[tuple[str, ...]]]:
        listener = Killer()
        open_workers, options = cluster_pool(address, HTML)
        run_batch(root, choose_reports(root, YEAR, []), options, listener, open_workers)
        return killed, [outcome.problems for outcome in listener.outcomes.values()]

    lost, problems = in_a_copy(ran)
    assert lost == [workers[0].pid]
    assert problems == [()] * 4
    assert len({n.split("/")[0] for n in published(root)}) == 4


class Nobody:
    """A client of a cluster whose workers, which get the files sent, fail at every report."""

    def __init__(self) -> None:
        self.sent: list[Parcel] = []

    def run(self, ask: Any, *words: Any) -> dict[str, Any]:
        return {"worker": ask(*words)}

    def scatter(self, data: Any, **_: Any) -> Any:
        return data

    def submit(self, _: Any, parcel: Parcel, *_more: Any, **_named: Any) -> Nobody:
        self.sent.append(parcel)
        return self

    def add_done_callback(self, call: Any) -> None:
        call(self)

    def result(self) -> Delivery:
        return Delivery(Outcome(self.sent[-1].job.agency, YEAR, "failed", problems=("坏了",)))

    def release(self) -> None:
        pass


def sent(root: Path, client: Nobody) -> Outcome:
    """What comes of the project's only report."""
    pool = ClusterPool(client, root, read_batch_context(root, YEAR), ship=True)
    ((agency, year),) = choose_reports(root, YEAR, [])
    pool.start(Job(root, agency, year, HTML.build))
    (outcome,) = pool.wait(5)
    return outcome


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project whose published notebook somebody has edited."""
    root = tmp_path_factory.mktemp("made")
    (bureau,) = write_project(root, 1)
    build_report(root, bureau.code, YEAR, HTML.build)
    path = root / "output" / bureau.code / str(YEAR) / "report.ipynb"
    notebook = nbformat.read(path, as_version=4)
    cell = next(c for c in notebook.cells if "narrative" in c.metadata.get("tags", ()))
    cell.source += "\n\n这一句是局长加的。"
    nbformat.write(notebook, path)
    (root / "fonts").unlink(missing_ok=True)  # to pack them is most of the work
    return root


@pytest.fixture
def edited(made: Path, tmp_path: Path) -> Path:
    """It, for a test to change."""
    return Path(shutil.copytree(made, tmp_path, symlinks=True, dirs_exist_ok=True))


def test_what_is_pulled_before_files_are_sent_is_reported(edited: Path) -> None:
    outcome = with_notes(edited, sent(edited, Nobody()))
    assert outcome.problems == ("坏了",)
    assert any("已并入 report.ipynb 中的修改" in line for line in outcome.notes)
    assert outcome.summary is not None  # of the set that stays, which the worker does not see


@pytest.mark.parametrize(
    ("error", "said"),
    [(UsageError("工作簿正开着"), "工作簿正开着"), (OSError(5, "坏扇区"), "磁盘读写出错")],
)
def test_what_cannot_be_pulled_is_not_built_over(
    edited: Path, monkeypatch: pytest.MonkeyPatch, error: Exception, said: str
) -> None:
    """The worker, which does not get the edited files, would not meet it."""

    def fail(*_: object) -> None:
        raise error

    monkeypatch.setattr("nianbao.edits.pull.pull_before_build", fail)
    client = Nobody()
    outcome = sent(edited, client)
    assert outcome.status == "failed"
    assert said in outcome.problems[0]
    assert client.sent == []


def test_a_set_that_was_made_elsewhere_comes_back_whole(
    edited: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The worker's side and ours, in this process."""
    context = read_batch_context(edited, YEAR)
    ((agency, year),) = choose_reports(edited, YEAR, [])
    job, folder = Job(edited, agency, year, HTML.build), Path("output") / agency / str(YEAR)
    seen: list[str] = []
    wanted = [f"params/{agency}/agency.yaml", "fonts/a.otf"]

    def make(parcel: Parcel, job: Job, _: object) -> Outcome:
        seen.extend(name for name in wanted if (job.root / name).is_file())
        made = job.root / folder / ("failed" if parcel.batch == "bad" else "")
        made.mkdir(parents=True)
        (made / "report.html").write_text(parcel.batch)
        return Outcome(agency, YEAR, "failed" if parcel.batch == "bad" else "built")

    monkeypatch.setattr("nianbao.batch.cluster._run", make)
    (edited / "fonts").mkdir()
    (edited / "fonts" / "a.otf").write_bytes(b"font")
    fonts = pack(edited, ["fonts/a.otf"])
    files = pack(edited, [f"params/{agency}/agency.yaml"])
    for batch, where in (("good", folder), ("bad", folder / "failed")):
        delivery = run_parcel(Parcel(batch, job, files), (context, fonts))
        client = Nobody()
        client.result = lambda delivery=delivery: delivery  # type: ignore[method-assign]
        assert sent(edited, client).status == delivery.outcome.status
        assert (edited / where / "report.html").read_text() == batch
        assert (edited / folder / "report.html").read_text() == "good", "what was published stays"
        end_batch(batch)

    def stopped(*_: object) -> Outcome:
        raise UsageError("没有字体")

    monkeypatch.setattr("nianbao.batch.cluster._run", stopped)
    assert run_parcel(Parcel("x", job, files), (context, None)).outcome.problems == ("没有字体",)
    client = Nobody()
    client.result = stopped  # type: ignore[method-assign,assignment]
    assert sent(edited, client).problems == ("集群没有完成这份报告：UsageError",)
    assert seen == wanted * 2
    client.result = lambda: Delivery(Outcome(agency, YEAR, "built"), b"x")  # type: ignore
    assert sent(edited, client).problems == ("收到的报告没有放好：传来的文件已损坏",)

    def full(*_: object) -> None:
        raise OSError("没有空间")

    monkeypatch.setattr("nianbao.batch.cluster._publish", full)
    assert sent(edited, client).problems == ("收到的报告没有放好：没有空间",)


def test_a_worker_with_other_fonts_is_refused(tmp_path: Path) -> None:
    write_project(tmp_path, 1)
    basis = read_batch_context(tmp_path, YEAR).basis
    _refuse_other_basis(basis, basis)
    for other in (replace(basis, fonts={}), replace(basis, faces="")):
        with pytest.raises(UsageError, match="字体与发起批量的机器不同"):
            _refuse_other_basis(other, basis)


def test_a_scheduler_that_is_not_there_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nianbao.batch.cluster.CONNECT_SECONDS", 0.5)
    with pytest.raises(UsageError, match="连不上 Dask 调度器"):
        in_a_copy(lambda: cluster_pool(f"tcp://127.0.0.1:{_free_port()}", HTML)[1])


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port

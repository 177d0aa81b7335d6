"""Reports being made: each in a process with limits, so many at a time, watched from the pages."""

from __future__ import annotations

import multiprocessing
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Literal

from nianbao.batch.index import write_index
from nianbao.batch.run import BatchOptions, Listener, batch_lock, choose_reports, run_batch
from nianbao.batch.worker import Job, Limits, Outcome, failed, forget_notes, with_notes
from nianbao.batch.worker_pool import Children
from nianbao.desk import settings
from nianbao.desk.wording import for_clerks
from nianbao.desk.workers import stand_back, start_method
from nianbao.errors import NianbaoError, group_problems
from nianbao.finished.options import BuildOptions
from nianbao.inputs.project import data_folder
from nianbao.processes import current_folder_shut_out

Phase = Literal["waiting", "running", "built", "skipped", "failed"]
PHASES = {
    "waiting": "等待生成", "running": "正在生成", "built": "已生成",
    "skipped": "没有变化", "failed": "没有生成",
}  # fmt: skip
NICENESS = 10
"""Builds stand back behind pages: somebody waits for a page."""


@dataclass(frozen=True, slots=True)
class Build:
    """A report that is made or was made: how far it is, and what is wrong or worth telling."""

    phase: Phase
    lines: tuple[str, ...] = ()
    seconds: float = 0.0

    @property
    def is_open(self) -> bool:
        """True if it is not over yet."""
        return self.phase in {"waiting", "running"}

    @property
    def word(self) -> str:
        """The phase in Chinese."""
        return PHASES[self.phase]


@dataclass(frozen=True, slots=True)
class Batch:
    """A batch over a county: how many reports, how many done, how many failed, what stopped it."""

    year: int
    total: int = 0
    done: int = 0
    failed: int = 0
    over: bool = False
    problem: str = ""


Heard = int | Job | Outcome | str | None
"""What a batch says: how many there are, what began, what came of it, its last word; or nothing,
to find out whether somebody listens."""
Done = Callable[[str, int, Outcome], None]
"""Reported of each report that was made or failed."""
BatchDone = Callable[[int, str], None]
"""Reported of each batch that is over: its year, and what stopped it, if anything did."""
UNEXPLAINED = "没有生成完，程序没有说明原因；请再生成一次，仍不成的请告诉维护人员"


class Builds:
    """The builds of a desk."""

    def __init__(
        self,
        root: Path,
        limits: settings.DeskLimits,
        done: Done,
        batch_done: BatchDone | None = None,
    ) -> None:
        self._root, self._done, self._batch_done = root, done, batch_done
        self._limits = Limits(
            cell_seconds=limits.build_seconds, report_seconds=limits.build_seconds,
            memory_mb=limits.build_memory_mb, niceness=NICENESS,
            cpu_seconds=limits.build_cpu_seconds,
        )  # fmt: skip
        self._jobs = limits.builds
        self._threads = ThreadPoolExecutor(self._jobs, thread_name_prefix="build")
        self._lock = threading.Lock()
        self._builds: dict[tuple[str, int], Build] = {}
        self._batch: Batch | None = None
        self._of_batch: dict[tuple[str, int], Job] = {}
        self._stopping = threading.Event()
        self.number = 0

    def find(self, agency: str, year: int) -> Build | None:
        """Return the last build of a report since the desk was started."""
        return self._builds.get((agency, year))

    @property
    def batch(self) -> Batch | None:
        """The last batch."""
        return self._batch

    def start(self, agency: str, year: int, options: BuildOptions) -> bool:
        """Make a report; False when it is being made already."""
        with self._lock:
            found = self._builds.get((agency, year))
            if found is not None and found.is_open:
                return False
            self._builds[agency, year] = Build("waiting")
            self.number += 1
        job = Job(self._root, agency, year, options, self._limits, "网页上要求生成")
        self._threads.submit(self._run, job)
        return True

    def _run(self, job: Job) -> None:
        self._note(job, Build("running"))
        try:
            made = self._make(job) or failed(job, "服务停止，没有生成完；请再生成一次")
        except NianbaoError as error:
            made = failed(job, *group_problems(error.problems))
        except Exception as error:  # the desk goes on, whatever one build meets
            made = failed(job, f"程序出错：{type(error).__name__}：{error}")
        self._finish(made)

    def _make(self, job: Job) -> Outcome | None:
        """Make a report in a process; None where the desk is stopped before it is through."""
        children = Children(start_method(), None)
        children.start(job)
        outcomes: list[Outcome] = []
        while len(children) and not self._stopping.is_set():
            outcomes += children.wait(seconds=0.5)
        children.stop()
        return with_notes(self._root, outcomes[0]) if outcomes else None

    def _finish(self, outcome: Outcome) -> None:
        """Record how a build ended; one that made nothing always says why."""
        phase: Phase = outcome.status
        if phase == "failed" and not outcome.problems:
            outcome = replace(outcome, problems=(UNEXPLAINED,))
        folder = f"{data_folder(outcome.agency, outcome.year)}/"
        lines = (*outcome.problems, *outcome.notes)
        lines = tuple(for_clerks(line.replace(folder, "")) for line in lines)
        try:
            self._done(outcome.agency, outcome.year, outcome)
            forget_notes(self._root, outcome)
        finally:  # whatever becomes of the journal, the build is over
            with self._lock:
                self._builds[outcome.agency, outcome.year] = Build(phase, lines, outcome.seconds)
                self.number += 1

    def _note(self, job: Job, build: Build) -> None:
        with self._lock:
            self._builds[job.agency, job.year] = build
            self.number += 1

    def start_batch(self, year: int) -> bool:
        """Make all reports of a year; False when a batch is at work."""
        with self._lock:
            if self._batch is not None and not self._batch.over:
                return False
            self._batch = Batch(year)
            self.number += 1
        threading.Thread(target=self._run_batch, args=(year,), name="batch").start()
        return True

    def _run_batch(self, year: int) -> None:
        """Hear how a batch goes in its process; planning sixty reports is no work for a server."""
        context = multiprocessing.get_context("spawn")
        reader, writer = context.Pipe(duplex=False)
        limits = replace(self._limits, niceness=0)  # it inherits the batch's
        options = BatchOptions(limits=limits, jobs=self._jobs)
        task = (self._root, year, options, self._limits.niceness, writer)
        process = context.Process(target=_make_all, args=task)
        problem = "批量任务中途退出，没有做完；请再开始一次"
        try:
            with reader:
                with current_folder_shut_out():
                    process.start()
                writer.close()
                with suppress(EOFError):
                    while not self._stopping.is_set():
                        heard: Heard = reader.recv()
                        if isinstance(heard, str):
                            problem = heard
                            break
                        self._take_note(heard)
            process.join()
        finally:
            self._end_batch(year, problem)

    def _end_batch(self, year: int, problem: str) -> None:
        """Record how a batch ended; of what it began nobody will hear again."""
        for job in tuple(self._of_batch.values()):
            self._finish(failed(job, problem or UNEXPLAINED))
        self._of_batch.clear()
        self._turn(lambda batch: replace(batch, over=True, problem=problem))
        if self._batch_done is not None and not self._stopping.is_set():
            self._batch_done(year, problem)

    def _take_note(self, heard: int | Job | Outcome | None) -> None:
        match heard:
            case int():
                self._turn(lambda batch: replace(batch, total=heard))
            case Job():
                self._of_batch[heard.agency, heard.year] = heard
                self._note(heard, Build("running"))
            case Outcome():
                self._of_batch.pop((heard.agency, heard.year), None)
                self._finish(heard)
                fault = heard.status == "failed"
                self._turn(lambda b: replace(b, done=b.done + 1, failed=b.failed + fault))

    def _turn(self, turned: Callable[[Batch], Batch]) -> None:
        with self._lock:
            assert self._batch is not None
            self._batch = turned(self._batch)
            self.number += 1

    def stop(self) -> None:
        """End what runs; what was published stays."""
        self._stopping.set()
        self._threads.shutdown(wait=True, cancel_futures=True)


class _Teller(Listener):
    """Tells the server how its batch goes; when there is no server any more, the batch ends."""

    def __init__(self, writer: Connection) -> None:
        self._writer = writer

    def planned(self, total: int) -> None:
        """Hear how many reports there are."""
        self._writer.send(total)

    def started(self, job: Job) -> None:
        """Hear that a report was begun."""
        self._writer.send(job)

    def finished(self, outcome: Outcome) -> None:
        """Hear that a report was made, skipped or failed."""
        self._writer.send(outcome)

    def tick(self) -> None:
        """Note that time has passed."""
        self._writer.send(None)


def _make_all(
    root: Path, year: int, options: BatchOptions, niceness: int, writer: Connection
) -> None:
    """Run a batch in this process; its last word is why it did not get through, or empty."""
    stand_back(niceness)
    problem = ""
    try:
        with batch_lock(root, year):
            reports = choose_reports(root, year, ())
            write_index(root, year, run_batch(root, reports, options, _Teller(writer)))
    except NianbaoError as error:
        problem = "；".join(group_problems(each.for_others() for each in error.problems))
    except BrokenPipeError:
        return
    except Exception as error:  # the desk goes on, whatever a batch meets
        problem = f"程序出错：{type(error).__name__}：{error}"
    writer.send(problem)

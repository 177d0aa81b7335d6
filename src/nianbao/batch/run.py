"""Many reports: which are to be made, their workers, and what came of each."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from itertools import chain
from pathlib import Path

from filelock import FileLock, Timeout

from nianbao.batch.worker import Job, Limits, Outcome, with_notes
from nianbao.batch.worker_pool import Pool, open_pool, remove_leftovers
from nianbao.errors import UsageError
from nianbao.files.words import nearest
from nianbao.finished.batch_context import BatchContext, read_batch_context
from nianbao.finished.freshness import compare_with_now
from nianbao.finished.options import BuildOptions
from nianbao.inputs.project import list_reports

TICK = 0.2
"""Seconds between two looks at the clock of the progress display."""

OpenWorkers = Callable[[Path, BatchContext], Pool]
"""How a batch gets its workers: this machine's, or a cluster's."""


@dataclass(frozen=True, slots=True)
class BatchOptions:
    """Options of a batch."""

    build: BuildOptions = field(default_factory=BuildOptions)
    limits: Limits = field(default_factory=Limits)
    """Of each report."""
    jobs: int = 0
    """Reports at the same time; by default one for each processor."""
    force: bool = False
    """Make those that are unchanged, too."""
    fail_fast: bool = False
    """Start no other report after the first that fails."""

    @property
    def workers(self) -> int:
        """The number of reports that run at the same time."""
        return self.jobs if self.jobs > 0 else processors()


class Listener:
    """Hears how a batch goes; this one ignores it."""

    def planned(self, total: int) -> None:
        """Hear how many reports there are."""

    def started(self, job: Job) -> None:
        """Hear that a report was begun."""

    def finished(self, outcome: Outcome) -> None:
        """Hear that a report was made, skipped or failed; a person is shown its notes."""

    def tick(self) -> None:
        """Note that time has passed."""


def processors() -> int:
    """Count the processors that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def choose_reports(root: Path, year: int | None, patterns: Sequence[str]) -> list[tuple[str, int]]:
    """Return the reports of a batch.

    The year is the latest that any agency has by default. In a pattern ``*`` stands for any
    letters; no pattern means every agency.

    Raises
    ------
    UsageError
        There is no such year, or a pattern meets no agency.
    """
    reports = list_reports(root)
    years = sorted({y for _, y in reports})
    if not years:
        raise UsageError("这个项目里还没有报告：params/ 下没有参数文件")
    wanted = year or years[-1]
    agencies = [a for a, y in reports if y == wanted]
    if not agencies:
        raise UsageError(f"没有{wanted}年的报告；已有的年度：{'、'.join(map(str, years))}")
    for pattern in patterns:
        if not any(fnmatchcase(a, pattern) for a in agencies):
            near = nearest(pattern, agencies)
            hint = f"；最接近的是“{near}”" if near else ""
            raise UsageError(f"{wanted}年没有机关“{pattern}”的报告{hint}")
    chosen = [a for a in agencies if not patterns or any(fnmatchcase(a, p) for p in patterns)]
    return [(a, wanted) for a in chosen]


@contextmanager
def batch_lock(root: Path, year: int) -> Iterator[None]:
    """Let only one batch at a time work on a year of a project.

    Raises
    ------
    UsageError
        Another one is at work.
    """
    folder = root / "output" / str(year)
    folder.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(folder / ".batch.lock", timeout=0):
            yield
    except Timeout:
        message = f"另一个批量任务正在生成{year}年的报告，请等它结束后再运行"
        raise UsageError(message) from None


def plan(
    root: Path, reports: Sequence[tuple[str, int]], options: BatchOptions, context: BatchContext
) -> Iterator[Job | Outcome]:
    """Yield for each report the job, or the outcome when it is unchanged and stays as it is."""
    for agency, year in reports:
        job = Job(root, agency, year, options.build, options.limits, "要求全部重做")
        remove_leftovers(job)
        if options.force:
            yield job
            continue
        try:
            verdict = compare_with_now(root, agency, year, options.build, context)
        except OSError:  # reported with the report, which meets the same
            yield replace(job, why="有文件读不了")
            continue
        if verdict.current and verdict.manifest:
            summary = verdict.manifest.summary
            yield Outcome(agency, year, "skipped", verdict.why, summary=summary)
        else:
            yield replace(job, why=verdict.why, recheck=verdict.only_context)


def run_batch(
    root: Path,
    reports: Sequence[tuple[str, int]],
    options: BatchOptions,
    listener: Listener,
    open_workers: OpenWorkers = open_pool,
) -> list[Outcome]:
    """Make the reports; one bureau's trouble stays its own.

    All ``reports`` are of one year. The workers are on this machine by default.

    Returns
    -------
    list of Outcome
        In the order in which they came; with ``fail_fast`` not of all. Of a batch that a person
        stops the listener has heard what was done.
    """
    context = read_batch_context(root, reports[0][1])
    outcomes: list[Outcome] = []

    def note(outcome: Outcome) -> None:
        outcome = with_notes(root, outcome)
        outcomes.append(outcome)
        listener.finished(outcome)

    listener.planned(len(reports))
    planned = plan(root, reports, options, context)
    first = _skip(planned, note)
    if first is None:
        return outcomes
    # Workers begin with the first report that is to be made, while the others are still compared.
    pool = open_workers(root, context)
    try:
        _work(pool, chain((first,), planned), options, listener, note)
    finally:
        pool.stop()
    return outcomes


def _skip(planned: Iterator[Job | Outcome], note: Callable[[Outcome], None]) -> Job | None:
    """Note what stays as it is up to the next job; None at the end."""
    for each in planned:
        if isinstance(each, Job):
            return each
        note(each)
    return None


def _work(
    pool: Pool,
    planned: Iterator[Job | Outcome],
    options: BatchOptions,
    listener: Listener,
    note: Callable[[Outcome], None],
) -> None:
    """Keep the workers busy until all is done, or until the first failure if so wished."""
    running = 0
    more = True
    while more or running:
        while more and running < options.workers:
            job = _skip(planned, note)
            if job is None:
                more = False
                break
            pool.start(job)
            listener.started(job)
            running += 1
        for outcome in pool.wait(TICK) if running else ():
            running -= 1
            note(outcome)
            if outcome.status == "failed" and options.fail_fast:
                more = False
        listener.tick()

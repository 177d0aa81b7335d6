"""One report of a batch, done in the process that is given to it: what to do, what came of it."""

from __future__ import annotations

import contextlib
import os
import random
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

from nianbao.edits.pulled import forget_told, untold
from nianbao.errors import NianbaoError, group_problems, system_problem
from nianbao.files.reading_process import reading_here
from nianbao.files.writing import write_safely
from nianbao.finished.batch_context import BatchContext
from nianbao.finished.folder import report_folder, report_lock
from nianbao.finished.manifest import MANIFEST, read_manifest
from nianbao.finished.options import BuildOptions
from nianbao.finished.summary import Summary

LOG = "log.txt"
"""What a worker's process writes, beside its other files."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits of time and memory for one report."""

    cell_seconds: float = 120.0
    report_seconds: float = 600.0
    """A cell that runs longer fails; a report that takes longer is ended from outside."""
    memory_mb: int = 2048
    """Of data, in megabytes; more is refused by the system (not on Windows and macOS)."""
    niceness: int = 0
    """How far it stands back behind what people wait for (not on Windows)."""
    cpu_seconds: int = 0
    """Of computing; whoever takes more is ended by the system (not on Windows). Unlike the clock it
    does not run while others have the processor. 0: as much as it likes.
    """


@dataclass(frozen=True, slots=True)
class Job:
    """A report to make."""

    root: Path
    agency: str
    year: int
    options: BuildOptions = field(default_factory=BuildOptions)
    limits: Limits = field(default_factory=Limits)
    why: str = ""
    """Why it is not skipped."""
    recheck: bool = False
    """Only what other agencies wrote has changed: if no finding changes by it, keep the set."""
    apart: bool = False
    """Open files from outside in a process of their own, which says of which file it died. Not at
    first: a worker dies alone, and a copy of it for each report costs a tenth.
    """


OutcomeStatus = Literal["built", "skipped", "failed"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """The outcome of a report."""

    agency: str
    year: int
    status: OutcomeStatus
    why: str = ""
    """Why it was made again or skipped."""
    problems: tuple[str, ...] = ()
    """What is wrong, a line each, when it failed."""
    exit_code: int = 0
    """0, or that of the error."""
    notes: tuple[str, ...] = ()
    """What was pulled from edited files before, by this run or by one that was killed, whatever
    came of the report; whoever shows it calls `forget_notes`.
    """
    summary: Summary | None = None
    """Of the published set, see `nianbao.finished.summary.Summary`; None when there is none."""
    titles: Mapping[str, str] = field(default_factory=dict)
    """Of the rules that found something, by id, where the report was made: whoever shows them need
    not load all rules.
    """
    seconds: float = 0.0
    cpu_seconds: float = 0.0
    memory_mb: int = 0
    """What it took; 0 when it was skipped."""


def published_summary(folder: Path) -> Summary | None:
    """Return the summary of the set that is published in a folder."""
    manifest = read_manifest(folder)
    return manifest.summary if manifest else None


def with_notes(root: Path, outcome: Outcome) -> Outcome:
    """Return an outcome with all that nobody was told yet of what was pulled for its report."""
    return replace(outcome, notes=untold(root, outcome.agency, outcome.year))


def forget_notes(root: Path, outcome: Outcome) -> None:
    """Forget an outcome's notes once they were shown; until then the next run has them too."""
    forget_told(root, outcome.agency, outcome.year, outcome.notes)


def failed(job: Job, *problems: str, exit_code: int = 1, seconds: float = 0.0) -> Outcome:
    """Return the outcome of a report that was not made; the set that was published before stays."""
    kept = published_summary(report_folder(job.root, job.agency, job.year))
    return Outcome(
        job.agency, job.year, "failed", job.why, problems, exit_code, summary=kept, seconds=seconds
    )


def stopped_by(error: BaseException, job: Job, seconds: float = 0.0) -> Outcome:
    """Return the outcome of a report that an error stopped."""
    if isinstance(error, NianbaoError):
        lines = group_problems(problem.for_others() for problem in error.problems)
        return failed(job, *lines, exit_code=error.exit_code, seconds=seconds)
    line = str(system_problem(error) or f"程序出错：{type(error).__name__}：{error}")
    return failed(job, line.splitlines()[0], seconds=seconds)


def run_job(job: Job, context: BatchContext) -> Outcome:
    """Make the report in this process; every error becomes an outcome."""
    with contextlib.nullcontext() if job.apart else reading_here():
        outcome = _make(job, context)
    if outcome is None:
        return run_job(replace(job, apart=True), context)
    return outcome


def _make(job: Job, context: BatchContext) -> Outcome | None:
    """Make the report; None where it is to be tried again with its files read apart."""
    start = time.perf_counter()
    try:
        if job.recheck and _keep(job, context):
            return _done(job, "skipped", "其他单位的文字有变动，核对结果不变", start)
        from nianbao.publishing.build import build_report

        build_report(job.root, job.agency, job.year, job.options, context, job.limits.cell_seconds)
    except NianbaoError as error:
        return stopped_by(error, job, time.perf_counter() - start)
    except SystemExit:  # a cell ended the process
        raise
    except BaseException as error:  # the batch goes on, whatever a report or a panic of Rust does
        if not job.apart:  # it may have been a file: then we hear which
            return None
        return stopped_by(error, job, time.perf_counter() - start)
    return _done(job, "built", job.why, start)


def _done(job: Job, status: OutcomeStatus, why: str, start: float) -> Outcome:
    from nianbao.prose.review import CHECKS

    summary = published_summary(report_folder(job.root, job.agency, job.year))
    found = {finding.id for finding in summary.findings} if summary else set()
    return Outcome(
        job.agency, job.year, status, why, summary=summary,
        titles={id_: CHECKS[id_].title for id_ in sorted(found & CHECKS.keys())},
        seconds=time.perf_counter() - start, cpu_seconds=time.process_time(),
        memory_mb=_memory_mb(),
    )  # fmt: skip


def _memory_mb() -> int:
    """Return the most memory that this process has had; 0 where the system does not tell."""
    try:
        import resource
    except ImportError:  # Windows
        return 0
    size = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return size // (1024 * 1024 if sys.platform == "darwin" else 1024)


def _limit(limits: Limits) -> None:
    try:
        import resource
    except ImportError:  # Windows
        return
    with contextlib.suppress(ValueError, OSError):  # not above a limit that stands already
        size = limits.memory_mb * 1024 * 1024
        resource.setrlimit(resource.RLIMIT_DATA, (size, resource.RLIM_INFINITY))
    if limits.cpu_seconds:
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_CPU, (limits.cpu_seconds, resource.RLIM_INFINITY))


def _keep(job: Job, context: BatchContext) -> bool:
    """Return whether the published set says the same beside the other agencies' new wording."""
    from nianbao.inputs.load import load_inputs
    from nianbao.notebook.report import Report
    from nianbao.notebook.shared import Shared, sharing

    folder = report_folder(job.root, job.agency, job.year)
    given = {"draft": True} if job.options.draft else {}
    with report_lock(folder):
        inputs = load_inputs(job.root, job.agency, job.year, context.profiles)
        with sharing(Shared(job.root, context.peers, inputs)):
            report = Report.open(job.agency, job.year, root=job.root, **given)
            same = report.json_text == (folder / "report.json").read_text(encoding="utf-8")
        manifest = read_manifest(folder)
        if same and manifest:
            now = replace(manifest, batch_context=context.checksum)
            write_safely(folder / MANIFEST, now.text())
    return bool(same and manifest)


def prepare_process(job: Job, folder: Path) -> None:
    """Make this process the report's own: folders, seeds, limits; no word of it on the terminal.

    ``folder`` is empty and for this report alone; whoever started the process removes it.
    """
    log = os.open(folder / LOG, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.dup2(log, 1)
    os.dup2(log, 2)
    os.environ["TMPDIR"] = tempfile.tempdir = str(folder)
    os.environ["MPLCONFIGDIR"] = str(folder / "matplotlib")
    os.chdir(job.root)
    random.seed(0)
    if numpy := sys.modules.get("numpy"):
        numpy.random.seed(0)
    _limit(job.limits)
    if hasattr(os, "nice"):
        os.nice(job.limits.niceness)

"""A report of which something cannot be read: what can be checked of the rest, at once.

Nothing is put in the place of what cannot be read, so nothing that needs it is said. No report is
made of it: `Report.open` refuses it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from nianbao.errors import NianbaoError, Problem
from nianbao.inputs.children import Profiles
from nianbao.inputs.load import load_readable
from nianbao.inputs.project import PROFILE, TEXTS
from nianbao.notebook.master import read_master
from nianbao.notebook.report import Report
from nianbao.notebook.review import review_prose, settle_findings
from nianbao.prose.origins import GAP_MARKS
from nianbao.statistics.checks import Statistics, check_headings, run_checks
from nianbao.statistics.model import Finding
from nianbao.statistics.rollup import consolidate
from nianbao.statutory import format_for


@dataclass(frozen=True, slots=True)
class Readable:
    """What was found in a report as far as it can be read."""

    problems: tuple[Problem, ...]
    """What cannot be read."""
    findings: tuple[Finding, ...]
    """What the rules found in the rest; rule D9 says what waits."""


def open_readable(
    root: Path, agency: str, year: int, profiles: Profiles | None = None
) -> tuple[Report, tuple[Problem, ...]]:
    """Open a report as far as it can be read, and say what cannot.

    With problems it is for `check_rest` alone: no document may be made of it. ``profiles`` are
    those of the project, where they were read already.

    Raises
    ------
    UsageError, InputError
        There is no such report, or nothing of it can be checked: all problems at once.

    Examples
    --------
    >>> report, problems = open_readable(Path("."), "yiyuan-sfj", 2024)  # doctest: +SKIP
    """
    inputs, problems = load_readable(root, agency, year, profiles)
    return Report(root, consolidate(inputs), format_for(year)), problems


def check_rest(report: Report, problems: tuple[Problem, ...]) -> Readable:
    """Check what could be read of a report.

    Parameters
    ----------
    report, problems
        As `open_readable` gives them, or with what turned out later that cannot be read.
    """
    context = Statistics(report.inputs, report.tables, report.previous_tables, report.format)
    headings = read_master(report.root).headings
    found = (*run_checks(context), *check_headings(headings, report.format), *_prose(report))
    return Readable(problems, settle_findings(found, report.inputs.acknowledged))


def check_readable(root: Path, agency: str, year: int) -> Readable:
    """Check a report as far as it can be read.

    Raises
    ------
    UsageError, InputError
        See `open_readable`.

    Examples
    --------
    >>> check_readable(Path("."), "yiyuan-sfj", 2024).problems  # doctest: +SKIP
    ()
    """
    return check_rest(*open_readable(root, agency, year))


def _prose(report: Report) -> Iterator[Finding]:
    """Yield what is wrong with sentences, whatever the cells say that cannot be read."""
    if report.inputs.waiting.keys() & {TEXTS, PROFILE}:
        return
    try:
        found = tuple(review_prose(report.wording, report.review_context))
    except NianbaoError:  # a name may be that of a figure that cannot be read
        return
    # What a text does not say may stand in a clause that waits for its number.
    said = (f for f in found if f.passage and f.passage.sentence)
    yield from (f for f in said if f.left not in GAP_MARKS)

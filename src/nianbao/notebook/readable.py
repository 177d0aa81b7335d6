"""A report of which something cannot be read: what can be checked of the rest, at once.

Nothing is put in the place of what cannot be read, so nothing that needs it is said. No document is
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
from nianbao.prose.review.notices import Checklist
from nianbao.statistics.checks import Statistics, check_headings, run_checks
from nianbao.statistics.model import Finding
from nianbao.statistics.rollup import consolidate
from nianbao.statutory import format_for


@dataclass(frozen=True, slots=True)
class Checked:
    """What was found in a report, as far as it can be read and its texts filled in."""

    problems: tuple[Problem, ...]
    """What cannot be read or filled in."""
    findings: tuple[Finding, ...] = ()
    """What the rules found in the rest; rule D9 says what waits."""
    report: Report | None = None
    """With problems no document may be made of it; None where nothing of it can be checked."""
    checklist: Checklist | None = None
    """What the notice of the higher office asks, held against the text; None without one."""
    is_read: bool = False
    """Whether all of its files can be read, whatever is wrong with its texts."""


def check_as_read(root: Path, agency: str, year: int, profiles: Profiles | None = None) -> Checked:
    """Check a report as far as it can be read; what cannot is said, not raised.

    ``profiles`` are those of the project, where they were read already.

    Examples
    --------
    >>> check_as_read(Path("."), "yiyuan-sfj", 2024).problems  # doctest: +SKIP
    ()
    """
    try:
        inputs, unread = load_readable(root, agency, year, profiles)
        report = Report(root, consolidate(inputs), format_for(year))
    except NianbaoError as error:
        return Checked(error.problems)
    if unread:
        return Checked(unread, _check_rest(report), report)
    try:
        _ = report.wording  # else its faults would hide what is found in the tables
        return Checked((), report.findings, report, report.checklist, is_read=True)
    except NianbaoError as error:  # of a text, or of the notice of the higher office
        return Checked(error.problems, _check_rest(report), report, is_read=True)


def _check_rest(report: Report) -> tuple[Finding, ...]:
    """Return what is wrong with what can be read of a report."""
    context = Statistics(report.inputs, report.tables, report.previous_tables, report.format)
    headings = read_master(report.root).headings
    found = (*run_checks(context), *check_headings(headings, report.format), *_prose(report))
    return settle_findings(found, report.inputs.acknowledged)


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

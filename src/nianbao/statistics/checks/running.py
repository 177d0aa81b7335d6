"""Run the rules and put the findings in order."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from typing import Any

from nianbao.statistics.checks.context import Statistics
from nianbao.statistics.checks.places import with_places
from nianbao.statistics.checks.registry import checks_on
from nianbao.statistics.model import SEVERITIES, Finding


def run_checks(context: Statistics) -> tuple[Finding, ...]:
    """Every finding of one report, errors first, then by id.

    A table without the cells of the format cannot be reckoned with: then S2 alone is told.

    Examples
    --------
    >>> run_checks(build_statistics(inputs, load_format()))  # doctest: +SKIP
    """
    found: dict[str, tuple[Finding, ...]] = {}
    for rule in sorted(checks_on(Statistics), key=lambda rule: rule.id != "S2"):
        found[rule.id] = tuple(rule.run(context, rule))
        if found.get("S2"):
            break
    every = [finding for findings in found.values() for finding in findings]
    return sort_findings(every if found.get("S2") else with_places(context, every))


def sort_findings(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Errors, then warnings, then hints; each by id, and in the order found.

    Which unit is at fault comes before what its fault does to the sums of a government.
    """
    gravity = list(SEVERITIES)

    def order(finding: Finding) -> tuple[int, bool, list[Any]]:
        return gravity.index(finding.severity), finding.id != UNITS_FIRST, natural(finding.id)

    return tuple(sorted(findings, key=order))


UNITS_FIRST = "R2"


def natural(id_: str) -> list[Any]:
    """Letters and numbers of an id in turn, so that B10 comes behind B9.

    Examples
    --------
    >>> sorted(["B10", "B9"], key=natural)
    ['B9', 'B10']
    """
    return [int(part) if part.isdecimal() else part for part in re.split(r"(\d+)", id_)]


def finding_key(finding: Finding) -> str:
    """A short key by which a clerk acknowledges a finding in acknowledged.csv.

    It depends on the rule, the cells and the two sides, not on the wording: an acknowledgement
    outlives a new release of this program, and lapses when the figures change.

    Examples
    --------
    >>> finding_key(Finding("Y2", "warning", "…", left="643", right="470"))
    'Y2-59c8849a'
    """
    # A finding about rows that were not counted concerns no cell, and is known by its rows.
    concerned = finding.cells or tuple(map(str, finding.places))
    subject = "\n".join([finding.id, finding.left or "", finding.right or "", *concerned])
    return f"{finding.id}-{hashlib.sha256(subject.encode()).hexdigest()[:8]}"

"""The consistency rules: run them all.

    findings = run_checks(build_statistics(inputs, format_for(year)))

Rules live in modules by subject; importing this package registers them.
"""

from nianbao.statistics.checks import (
    across_tables,
    across_years,
    deadlines,
    identities,
    readings,
    rollup,
    structure,
    values,
)
from nianbao.statistics.checks.registry import Check, can_be_acknowledged, registered_checks
from nianbao.statistics.checks.running import (
    Statistics,
    build_statistics,
    finding_key,
    run_checks,
    sort_findings,
)
from nianbao.statistics.checks.structure import check_headings

CHECKS = registered_checks()
"""Every rule by id; those on prose too once `nianbao.prose.review` is imported."""

__all__ = [
    "CHECKS",
    "Check",
    "Statistics",
    "across_tables",
    "across_years",
    "build_statistics",
    "can_be_acknowledged",
    "check_headings",
    "deadlines",
    "finding_key",
    "identities",
    "readings",
    "rollup",
    "run_checks",
    "sort_findings",
    "structure",
    "values",
]

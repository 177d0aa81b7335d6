"""A1–A2: table 2, the stock of documents."""

from __future__ import annotations

from collections.abc import Iterator

from nianbao.statistics.arithmetic import plain
from nianbao.statistics.checks.context import Statistics
from nianbao.statistics.checks.registry import Check, check
from nianbao.statistics.model import Finding


def stock_columns(s: Statistics) -> tuple[str, str, str]:
    """Return the labels of what was made, what was repealed and what is in force."""
    made, repealed, standing = (
        s.format.decision_names[k] for k in ("made", "repealed", "standing")
    )
    return made, repealed, standing


def document_rows(s: Statistics) -> tuple[str, ...]:
    """Return the rows of table 2 that hold a stock."""
    standing = s.format.decision_names["standing"]
    return tuple(row for row, column in s.format.decision_cells if column == standing)


@check(
    "A1",
    severity="warning",
    title="现行有效不少于本年制发",
    source="本模板的约定",
    explanation="当年制发的文件一般到年底仍然有效，现行有效件数不应少于本年制发件数。"
    "当年制发当年废止，或把修订计入制发时可能例外。请核对，"
    "属于例外的在核对说明（acknowledged.csv）中写明理由。",
)
def standing_covers_made(s: Statistics, rule: Check) -> Iterator[Finding]:
    """Check that what was made this year is normally still in force at its end."""
    making, _, force = stock_columns(s)
    for row in document_rows(s):
        made, standing = (s.cell("decisions", row, c).number for c in (making, force))
        if made is not None and standing is not None and standing < made:
            message = (
                f"“{row}”现行有效{plain(standing)}件，少于本年制发{plain(made)}件。"
                "请核对；如有当年制发当年废止或修订计入制发的情形，"
                "在核对说明（acknowledged.csv）中写明理由。"
            )
            cells = (s.name("decisions", row, c) for c in (force, making))
            yield rule.finding(
                message, formula=f"{force}≥{making}", left=standing, right=made, cells=cells
            )


@check(
    "A2",
    severity="warning",
    title="废止不多于上年有效加本年制发",
    source="本模板的约定",
    explanation="本年废止的文件应当原来就有，废止件数不应多于上年现行有效件数加本年制发件数。"
    "统计范围调整时可能例外。请核对两年的数，"
    "属于例外的在核对说明（acknowledged.csv）中写明理由。",
)
def repealed_existed(s: Statistics, rule: Check) -> Iterator[Finding]:
    """Check that no more was repealed than existed; without last year's stock say nothing."""
    making, repealing, force = stock_columns(s)
    for row in document_rows(s):
        made, repealed = (s.cell("decisions", row, c).number for c in (making, repealing))
        before = s.last("decisions", row, force).number
        if made is None or repealed is None or before is None:
            continue
        if repealed > before + made:
            message = (
                f"“{row}”本年废止{plain(repealed)}件，多于上年现行有效{plain(before)}件"
                f"加本年制发{plain(made)}件。请核对；如统计口径有变化，"
                "在核对说明（acknowledged.csv）中写明理由。"
            )
            yield rule.finding(
                message,
                formula=f"{repealing}≤上年{force}＋{making}",
                left=repealed,
                right=before + made,
                cells=(s.name("decisions", row, c) for c in (repealing, making)),
            )

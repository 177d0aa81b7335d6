"""A report beside last year's, or beside its own last published run: what is not the same."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from nianbao.errors import Problem, UsageError
from nianbao.notebook.report import Report
from nianbao.prose.differences import SentenceChange, compare_prose, sentences
from nianbao.prose.review.repetition import repetition_rate
from nianbao.publishing.compare.snapshots import (
    FIGURES,
    Number,
    Side,
    other_year,
    published_side,
    report_side,
)
from nianbao.statistics.comparison import rate_words
from nianbao.statistics.model import Finding
from nianbao.statistics.naming import TABLE_NUMBERS, row_name
from nianbao.statutory import Format

LAST = "last"
"""In the place of a year: the last published run of the same report."""


@dataclass(frozen=True, slots=True)
class ValueChange:
    """A number that is not the same.

    Parameters
    ----------
    table
        表二, 表三, 表四, or another kind of figure.
    row, column
        Its place in words; ``column`` is empty for a figure that has a name alone.
    before, after
        Both numbers; None where it is not filled in.
    rate
        The change in percent of the earlier one, or why there is none.
    """

    table: str
    row: str
    column: str
    before: Number
    after: Number
    rate: str

    @property
    def difference(self) -> Number:
        """The later number less the earlier one."""
        if self.before is None or self.after is None:
            return None
        return self.after - self.before


@dataclass(frozen=True)
class Comparison:
    """Everything that is not the same, and what the checks find.

    Parameters
    ----------
    report
        The report that is reviewed.
    before, after
        Both sides.
    values, compared
        Numbers that differ, and how many were compared.
    changes
        Sentences that differ.
    same
        How many sentences are the same in both, of how many.
    repetition
        Share of the prose that is also in the other: of all, and by section.
    findings
        What the checks find in the report now.
    new
        Messages of those that the other side did not have; empty against another year.
    notes
        What could not be compared.
    """

    report: Report
    before: Side
    after: Side
    values: tuple[ValueChange, ...]
    compared: int
    changes: tuple[SentenceChange, ...]
    same: tuple[int, int]
    repetition: Decimal
    by_section: Mapping[str, Decimal]
    findings: tuple[Finding, ...]
    new: frozenset[str]
    notes: tuple[str, ...]


def _value_changes(before: Side, after: Side, format_: Format) -> Iterator[ValueChange]:
    rows = {row.key for row in format_.request_rows}
    for key in dict.fromkeys([*after.values, *before.values]):
        then, now = before.values.get(key), after.values.get(key)
        if then == now:
            continue
        table, row, column = key
        known = table in TABLE_NUMBERS and (table != "requests" or row in rows)
        counts = column not in format_.money_columns and table != FIGURES
        # The words of the statute's comparison speak of 上年; here it may be any other run.
        rate = rate_words(now, then, counts=counts).replace("上年", before.short).replace("-", "−")
        name = row_name(table, row, format_) if known else row
        yield ValueChange(TABLE_NUMBERS.get(table, table), name, column, then, now, rate)


def _unknown(before: Side, changes: Sequence[ValueChange]) -> tuple[list[ValueChange], list[str]]:
    """Against another year: what that year does not know is no change, and is counted."""
    known = [change for change in changes if change.before is not None]
    count = len(changes) - len(known)
    return known, [f"{before.label}没有填的{count}项数据没有列出。"] if count else []


def compare_report(root: Path, agency: str, year: int, against: str | None = None) -> Comparison:
    """Compare a report with that of another year, or with its own last published run.

    Parameters
    ----------
    root, agency, year
        Which report.
    against
        A year, or `LAST`; last year when not given.

    Raises
    ------
    UsageError
        There is no such report, or nothing to compare it with.
    InputError, NarrativeError
        The files of the report cannot be read or filled in.
    """
    report = Report.open(agency, year, root=root)
    after = report_side(report)
    notes: tuple[str, ...] = ()
    if against == LAST:
        before = published_side(report)
    else:
        other = year - 1 if against is None else _year(against, year)
        before, notes = other_year(report, other)
    values = list(_value_changes(before, after, report.format))
    if against != LAST:
        values, unknown = _unknown(before, values)
        notes = (*notes, *unknown)
    names = report.review_context.own_names
    shares = {
        key: repetition_rate({key: text}, {key: before.sections.get(key, "")}, names)
        for key, text in after.sections.items()
        if key != "preface"
    }
    old = {s for text in before.sections.values() for s in sentences(text)}
    new = [s for text in after.sections.values() for s in sentences(text)]
    told = {finding.message for finding in report.findings}
    return Comparison(
        report,
        before,
        after,
        tuple(values),
        len({*after.values, *before.values}),
        compare_prose(before.sections, after.sections) if before.sections else (),
        (sum(sentence in old for sentence in new), len(new)),
        repetition_rate(after.sections, before.sections, names),
        shares,
        report.findings,
        frozenset(told - before.findings) if against == LAST else frozenset(),
        notes,
    )


def _year(text: str, year: int) -> int:
    if not (text.isascii() and text.isdigit() and len(text) == 4) or int(text) == year:
        expected = f"另一个年度，如{year - 1}；或 {LAST}（上次生成的报告）"
        raise UsageError(Problem("不知道与什么比较", value=text, expected=expected))
    return int(text)

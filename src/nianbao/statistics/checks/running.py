"""Run all rules on what a rule can see: each finding with its places, in order.

People read them in groups: a list of forty lines that differ in a name buries what matters; so
does the wording of the template, which stands last among its equals.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from nianbao.errors import Place
from nianbao.files.words import short_listing
from nianbao.inputs.bundle import CellKey, Inputs
from nianbao.inputs.values import Cell, State
from nianbao.statistics.checks.registry import checks_on
from nianbao.statistics.deadlines import Deadlines, assess_deadlines
from nianbao.statistics.model import SEVERITIES, Finding, Severity, Table
from nianbao.statistics.rollup import consolidate
from nianbao.statistics.tables import EMPTY, build_tables, last_year_tables
from nianbao.statutory import TABLE_NUMBERS, Format, cell_name


@dataclass(frozen=True)
class Statistics:
    """The figures of one report, beside those of the year before."""

    inputs: Inputs
    """What was handed in; totals stand there as they were typed."""
    tables: Mapping[str, Table]
    previous_tables: Mapping[str, Table] | None
    """As from `build_tables`; None when there is no last year."""
    format: Format
    """The statutory format."""

    @cached_property
    def deadlines(self) -> Deadlines | None:
        """The requests against their limits; None where they are not listed one by one."""
        cases = self.inputs.cases
        return None if cases is None else assess_deadlines(cases, self.inputs.params.year)

    @property
    def blank_severity(self) -> Severity:
        """A blank blocks a release; a draft may still have some. Source: V3, V4."""
        return "warning" if self.inputs.params.draft else "error"

    def cell(self, table: str, row: str, column: str) -> Cell:
        """Return a cell of this year's tables."""
        return self.tables[table].cells.get((row, column), EMPTY)

    def last(self, table: str, row: str, column: str) -> Cell:
        """Return a cell of last year's tables; EMPTY when there are none."""
        tables = self.previous_tables or {}
        return tables[table].cells.get((row, column), EMPTY) if table in tables else EMPTY

    def name(self, table: str, row: str, column: str) -> str:
        """Return the cell in words."""
        return cell_name(table, row, column, self.format)

    def given_totals(self, table: str) -> Mapping[CellKey, Cell]:
        """Return the totals that were typed; none where table 3 is counted from a ledger."""
        if table == "reviews":
            return {
                k: c for k, c in (self.inputs.reviews or {}).items() if k[1] == self.format.total
            }
        if table != "requests" or self.inputs.requests is not None:
            return {}
        matrix = self.inputs.requests_table or {}
        return {k: c for k, c in matrix.items() if k[0] == "total" or k[1] == self.format.total}

    def entered(self, table: str) -> Mapping[CellKey, Cell]:
        """Return the cells as handed in: a typed total in the place of the computed one.

        Only a typed total that is a number takes that place.
        """
        given = {k: c for k, c in self.given_totals(table).items() if c.is_number}
        return {**self.tables[table].cells, **given}

    def parts(self, table: str) -> Mapping[CellKey, Cell]:
        """Return the cells that somebody has to fill: all but the totals of tables 3 and 4."""
        cells = self.tables[table].cells
        return {k: c for k, c in cells.items() if k[0] != "total" and k[1] != self.format.total}

    def unread_rows(self, table: str) -> frozenset[str]:
        """Return the rows of a table in which a cell was typed that cannot be read."""
        cells = {**self.tables[table].cells, **self.given_totals(table)}
        return frozenset(row for (row, _), cell in cells.items() if cell.state is State.UNREAD)

    @cached_property
    def wholly_unread(self) -> frozenset[str]:
        """The tables of which no cell can be read; rule D9 says so of each."""
        return frozenset(
            table
            for table in TABLE_NUMBERS
            if (parts := self.parts(table).values()) and all(c.state is State.UNREAD for c in parts)
        )

    def last_is_unread(self, table: str) -> bool:
        """Return whether a cell of last year's table cannot be read."""
        cells = (self.previous_tables or {})[table].cells
        return any(cell.state is State.UNREAD for cell in cells.values())

    def why_unknown(self, table: str) -> tuple[str, str]:
        """Say why a sum of a table is not known, and when it can be checked."""
        if self.unread_rows(table):
            return "有格读不出来", "改好后再核对"
        return "没有填全", "填全后再核对"

    def handed_in(self) -> Iterator[tuple[str, CellKey, Cell]]:
        """Yield every cell that somebody typed or a ledger gave: parts, and totals where typed."""
        for table in TABLE_NUMBERS:
            cells = {**self.parts(table), **self.given_totals(table)}
            yield from ((table, key, cell) for key, cell in cells.items())


def build_statistics(inputs: Inputs, format_: Format) -> Statistics:
    """Build this year's and last year's tables and put them side by side.

    Examples
    --------
    >>> run_checks(build_statistics(inputs, load_format()))  # doctest: +SKIP
    """
    inputs = consolidate(inputs)
    last = inputs.previous
    previous = None if last is None else last_year_tables(last, format_)
    return Statistics(inputs, build_tables(inputs, format_, previous), previous, format_)


def run_checks(context: Statistics) -> tuple[Finding, ...]:
    """Return every finding of one report, errors first, then by id.

    A table without the cells of the format cannot be checked: then S2 alone is reported.

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
    """Return the errors, then warnings, then hints; each by id, and in the order found.

    Which unit is at fault comes before what its fault does to the sums of a government.
    """
    gravity = list(SEVERITIES)

    def order(finding: Finding) -> tuple[int, bool, list[Any]]:
        return gravity.index(finding.severity), finding.id != UNITS_FIRST, natural(finding.id)

    return tuple(sorted(findings, key=order))


UNITS_FIRST = "R2"


def natural(id_: str) -> list[Any]:
    """Return the letters and numbers of an id in turn, so that B10 comes behind B9.

    Examples
    --------
    >>> sorted(["B10", "B9"], key=natural)
    ['B9', 'B10']
    """
    return [int(part) if part.isdecimal() else part for part in re.split(r"(\d+)", id_)]


def finding_key(finding: Finding) -> str:
    """Return a short key by which a clerk acknowledges a finding in acknowledged.csv.

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


def with_places(s: Statistics, findings: Iterable[Finding]) -> Iterator[Finding]:
    """Add to each finding where its cells were typed, and name the first place in its message.

    A hint's message is left as it is, and so is one that names the file already. A number that
    was counted, from a ledger or over units, was typed nowhere.
    """
    places: Mapping[str, Place] | None = None
    for finding in findings:
        if finding.cells and not finding.places:
            places = _places(s) if places is None else places
            typed = tuple(places[name] for name in finding.cells if name in places)
            finding = replace(finding, places=typed)
            if typed and finding.severity != "info" and typed[0].file not in finding.message:
                finding = replace(finding, message=f"{finding.message}位置：{typed[0]}。")
        yield finding


def _places(s: Statistics) -> Mapping[str, Place]:
    """Return where each cell was typed, by its name; of a total that was not typed, its row."""
    found = {
        f"数据“{name}”": figure.cell.place
        for name, figure in s.inputs.figures.items()
        if figure.cell.place
    }
    for table in TABLE_NUMBERS:
        # Where table 3 is counted from a ledger, a matrix may have been typed besides.
        typed = s.inputs.requests_table if table == "requests" and s.inputs.requests_table else {}
        cells = {key: typed.get(key, cell) for key, cell in s.entered(table).items()}
        rows = {row: cell.place for (row, _), cell in cells.items() if cell.place}
        for (row, column), cell in cells.items():
            beside = rows.get(row)
            if place := cell.place or (replace(beside, column=None) if beside else None):
                found[s.name(table, row, column)] = place
    return found


_MOST_SLOTS = 3
"""Most names and numbers in which findings of one line may differ."""
_SLOT = re.compile(r"“[^”]*”|\d[\d,.]*%?")
_QUOTE = re.compile(r"（原句：.*）$", re.DOTALL)
_LAST = frozenset({"L12", "S11"})
_MOST = 12


@dataclass(frozen=True, slots=True)
class FindingGroup:
    """Findings of one rule that say the same of several places, and what they say together."""

    findings: tuple[Finding, ...]
    message: str

    @property
    def first(self) -> Finding:
        """The one that stands for all: they share rule and severity."""
        return self.findings[0]


def group_findings(findings: Iterable[Finding]) -> tuple[FindingGroup, ...]:
    """Group findings that differ only in the names and numbers of what they are about.

    Returns
    -------
    tuple of FindingGroup
        The gravest first, else in the order of the findings; notes on the template's own
        wording and on texts in two places stand behind the others of their gravity.

    Examples
    --------
    >>> found = [Finding("L14", "warning", f"“{a}”打不开；请删去（原句：见{a}）") for a in "甲乙"]
    >>> group_findings(found)[0].message
    '“…”打不开；请删去（共2处：“甲”、“乙”）'
    """
    gravity = {severity: place for place, severity in enumerate(SEVERITIES)}
    groups: dict[object, list[Finding]] = {}
    for finding in sorted(findings, key=lambda f: (gravity[f.severity], f.id in _LAST)):
        words = _SLOT.sub("…", _QUOTE.sub("", finding.message))
        alone = id(finding) if finding.reason else None
        groups.setdefault((finding.id, finding.severity, words, alone), []).append(finding)
    parts = [part for same in groups.values() for part in _readable(same)]
    return tuple(FindingGroup(tuple(part), _together(part)) for part in parts)


def _readable(same: list[Finding]) -> list[list[Finding]]:
    """Return findings as one group, or each alone where they differ in too much to be followed."""
    slots = [_SLOT.findall(_QUOTE.sub("", finding.message)) for finding in same]
    differing = sum(len(set(values)) > 1 for values in zip(*slots, strict=True))
    return [same] if differing <= _MOST_SLOTS else [[finding] for finding in same]


def _together(findings: list[Finding]) -> str:
    """Return what some findings say, with what they differ in at the end."""
    if len(findings) == 1:
        return findings[0].message
    messages = [_QUOTE.sub("", finding.message) for finding in findings]
    slots = [_SLOT.findall(message) for message in messages]
    varies = [len(set(values)) > 1 for values in zip(*slots, strict=True)]
    if not any(varies):
        return f"{messages[0]}（共{len(findings)}处）"
    places = iter(varies)

    def shown(match: re.Match[str]) -> str:
        if not next(places):
            return match[0]
        return "“…”" if match[0].startswith("“") else "…"

    items = ["／".join(s for s, v in zip(each, varies, strict=True) if v) for each in slots]
    common = _SLOT.sub(shown, messages[0]).rstrip("。")
    return f"{common}（共{len(findings)}处：{short_listing(items, most=_MOST)}）"

"""What a rule can see."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from nianbao.inputs.bundle import CellKey, Inputs
from nianbao.inputs.values import Cell
from nianbao.statistics.deadlines import Deadlines, assess_deadlines
from nianbao.statistics.model import Severity, Table
from nianbao.statistics.rollup import consolidate
from nianbao.statistics.tables import EMPTY, build_tables, last_year_tables
from nianbao.statutory import TABLE_NUMBERS, Format, cell_name


@dataclass(frozen=True)
class Statistics:
    """The figures of one report, beside those of the year before.

    Parameters
    ----------
    inputs
        What was handed in; totals stand there as they were typed.
    tables, previous_tables
        As from ``build_tables``; None when there is no last year.
    format
        The statutory format.
    """

    inputs: Inputs
    tables: Mapping[str, Table]
    previous_tables: Mapping[str, Table] | None
    format: Format

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
    return Statistics(inputs, build_tables(inputs, format_), previous, format_)

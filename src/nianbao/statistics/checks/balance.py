"""The identities of table 3 in numbers: by how much each is off.

They are computed on the cells as handed in, so a typed total is held against its parts. Where no
total was typed the computed one makes its identity hold, and it is left out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from nianbao.inputs.bundle import CellKey
from nianbao.inputs.values import Cell
from nianbao.statistics.arithmetic import total
from nianbao.statistics.checks.context import Statistics
from nianbao.statutory import Format

RECEIVED = ("new", "carried_in")
HANDLED = ("total", "carried_out")

Excess = Mapping[str, Decimal | None]
"""Left side less right side; None where a cell is not a number."""


@dataclass(frozen=True)
class Balance:
    """Excesses of B1, B2 and B3.

    Parameters
    ----------
    cells
        As handed in; a typed total stands in the place of the computed one.
    typed
        The totals that were typed as numbers.
    flow
        B1 by column: 一 + 二 less （七）总计 + 四.
    details
        B2 by column: details less a typed （七）总计.
    rows
        B3 by row: applicants less a typed 总计.
    """

    format: Format
    cells: Mapping[CellKey, Cell]
    typed: frozenset[CellKey]
    flow: Excess
    details: Excess
    rows: Excess

    def number(self, row: str, column: str) -> Decimal | None:
        """The value of a cell."""
        return self.cells[row, column].number

    def column_sum(self, rows: tuple[str, ...], column: str) -> Decimal | None:
        """Sum of some cells of a column."""
        return total(self.cells[row, column] for row in rows)

    def applicant_sum(self, row: str) -> Decimal | None:
        """Sum over the six applicants."""
        return total(self.cells[row, applicant] for applicant in self.format.applicants)

    @property
    def detail_keys(self) -> tuple[str, ...]:
        """Rows that add up to （七）总计."""
        return tuple(row.key for row in self.format.outcome_rows)


def balance_of(s: Statistics) -> Balance:
    """Compute by how much each identity of this year's table 3 is off."""
    format_, cells = s.format, s.entered("requests")
    typed = frozenset(k for k, c in s.given_totals("requests").items() if c.is_number)
    details = tuple(row.key for row in format_.outcome_rows)

    def excess(left: list[CellKey], right: list[CellKey]) -> Decimal | None:
        first, second = total(cells[k] for k in left), total(cells[k] for k in right)
        return None if first is None or second is None else first - second

    flow = {
        c: excess([(r, c) for r in RECEIVED], [(r, c) for r in HANDLED])
        for c in format_.request_columns
        # The 总计 column follows from the six others unless somebody typed it.
        if c != format_.total or any((r, c) in typed for r in (*RECEIVED, *HANDLED))
    }
    columns = {
        c: excess([(r, c) for r in details], [("total", c)])
        for c in format_.request_columns
        if ("total", c) in typed
    }
    rows = {
        row.key: excess([(row.key, a) for a in format_.applicants], [(row.key, format_.total)])
        for row in format_.request_rows
        if (row.key, format_.total) in typed
    }
    return Balance(format_, cells, typed, flow, columns, rows)

"""Statutory cells as the numbers a sentence may mean, with the words to name them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal, InvalidOperation
from functools import cached_property
from typing import Any

from nianbao.statistics.arithmetic import added
from nianbao.statistics.model import Table
from nianbao.statutory import TABLE_NUMBERS, Format
from nianbao.statutory.wholes import Whole, wholes

LAWSUITS = ("未经复议直接起诉", "复议后起诉")
APPEAL = "行政复议"
# More digits than any quantity has (see quantities.LONGEST), so that rounding cannot fail.
_ROUNDING = Context(prec=200, rounding=ROUND_HALF_UP)


@dataclass(frozen=True, slots=True)
class Meaning:
    """One number that a phrase may stand for."""

    name: str
    """In the words of the tables, `新收+上年结转`."""
    value: Decimal | None
    """None when a cell of it is not filled: then nothing can be said."""
    cells: tuple[str, ...] = ()
    """The cells it is made of, as findings name them."""


def exact(value: Any) -> Decimal | None:
    """Return a cell of a frame as a number; None for a blank one or for text.

    Examples
    --------
    >>> exact(3), exact(None), exact(float("nan")), exact("无")
    (Decimal('3'), None, None, None)
    """
    if value is None or isinstance(value, bool):
        return None
    try:
        number = value if isinstance(value, Decimal) else Decimal(str(value))
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def at_step(number: Decimal, step: Decimal) -> str:
    """Return a number rounded (四舍五入) to a printed step; whole numbers at the coarsest.

    Examples
    --------
    >>> at_step(Decimal("17.4643"), Decimal("0.01")), at_step(Decimal("8.5"), Decimal(10))
    ('17.46', '9')
    """
    return f"{number.quantize(min(step, Decimal(1)), context=_ROUNDING):f}"


@dataclass(frozen=True)
class Cells:
    """Reads the statutory tables of one year; a table that is missing has no numbers."""

    format_: Format
    tables: Mapping[str, Table]

    @cached_property
    def _values(self) -> dict[tuple[str, str, str], Any]:
        return {
            (key, str(row), str(column)): value
            for key in TABLE_NUMBERS
            if key in self.tables
            for row, values in self.tables[key].by_row.items()
            for column, value in values.items()
        }

    @cached_property
    def wholes(self) -> Mapping[str, Whole]:
        """The numbers of tables 3 and 4 by name, see `nianbao.statutory.wholes`."""
        return wholes(self.format_)

    def of(self, whole: Whole, name: str = "") -> Meaning:
        """Return a number that a sentence can name, as a meaning."""
        cells = (self.cell(whole.table, row, column) for row, column in whole.cells)
        return self.total(cells, name or whole.name)

    def has(self, table: str) -> bool:
        """Return whether the table is there at all."""
        return table in self.tables

    def value(self, table: str, row: str, column: str) -> Decimal | None:
        """Return the number of a cell, or None."""
        return exact(self._values.get((table, row, column)))

    def label(self, table: str, row: str, column: str) -> str:
        """Return the cell's name in findings: ``表三 一、本年新收政府信息公开申请数量×总计``."""
        if table == "requests":
            row = self.format_.request_row(row).path
        return f"{TABLE_NUMBERS[table]} {row}×{column}"

    def cell(self, table: str, row: str, column: str, name: str = "") -> Meaning:
        """Return a single cell as a meaning."""
        label = self.label(table, row, column)
        return Meaning(name or label, self.value(table, row, column), (label,))

    def request(self, row: str, name: str = "", columns: tuple[str, ...] = ()) -> Meaning:
        """Return a row of table 3 in 总计, or added over some applicant columns."""
        chosen = columns or (self.format_.total,)
        parts = [self.cell("requests", row, column) for column in chosen]
        return self.total(parts, name or self.format_.request_row(row).label)

    def total(self, parts: Iterable[Meaning], name: str) -> Meaning:
        """Return the sum of several meanings; unknown when one of them is."""
        found = list(parts)
        return Meaning(
            name, added(m.value for m in found), tuple(c for m in found for c in m.cells)
        )

    def outcomes(self, keys: Iterable[str], name: str, columns: tuple[str, ...] = ()) -> Meaning:
        """Return the sum of several rows of block 三."""
        return self.total((self.request(key, columns=columns) for key in keys), name)

    def reviews(self, groups: Iterable[str], column: str, name: str) -> Meaning:
        """Return one column of table 4 over some of its groups."""
        return self.total((self.cell("reviews", g, column) for g in groups), name)

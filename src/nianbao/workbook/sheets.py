"""Sheets of the workbook as data: columns, rows, hints. Nothing here knows Excel."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from nianbao.inputs.table_rows import Row

Kind = Literal["text", "long", "date", "count", "money", "number", "last"]
HEAD_ROW = 3
"""Row of the heads; above it the title and one line of advice."""


@dataclass(frozen=True, slots=True)
class Field:
    """A column of a sheet.

    Parameters
    ----------
    head
        As the reader knows it.
    kind
        What goes into it; ``last`` is last year's value, which nobody fills in.
    width
        In characters.
    choices
        Name of the list offered, or None.
    strict
        Whether nothing but the list's words may be entered.
    hint
        Shown when the cell is chosen.
    """

    head: str
    kind: Kind = "text"
    width: int = 14
    choices: str | None = None
    strict: bool = True
    hint: str = ""


@dataclass(frozen=True)
class Sheet:
    """A sheet to be filled in.

    Parameters
    ----------
    name, title, advice
        On the tab, in row 1 and in row 2.
    fields, rows
        Columns, and texts by head.
    fixed
        Heads of the columns that are given and not filled in.
    closed
        (row index, head) of the cells that the table does not have.
    spare
        Rows below the given ones that are prepared for entries.
    """

    name: str
    title: str
    advice: str
    fields: Sequence[Field]
    rows: Sequence[Row]
    fixed: frozenset[str] = frozenset()
    closed: frozenset[tuple[int, str]] = frozenset()
    spare: int = 0

    def letter(self, head: str) -> str:
        """Return the letter of a column."""
        return chr(ord("A") + [f.head for f in self.fields].index(head))

    def column(self, head: str) -> str:
        """Return a reference to a whole column, for formulas on other sheets."""
        letter = self.letter(head)
        return f"{self.quoted}!${letter}:${letter}"

    def cell(self, row: int, head: str) -> str:
        """Return a reference to the cell of a given row (0-based)."""
        return f"{self.quoted}!${self.letter(head)}${HEAD_ROW + 1 + row}"

    @property
    def quoted(self) -> str:
        """The name as formulas want it."""
        return f"'{self.name}'"

    def has(self, head: str) -> bool:
        """Return whether there is such a column."""
        return any(f.head == head for f in self.fields)


@dataclass(frozen=True)
class Content:
    """A workbook before it is drawn.

    Parameters
    ----------
    agency, name, year
        Code and name of the bureau, and the year.
    sheets
        By table name, in order.
    choices
        Words of each list.
    last
        Last year's cells that the 勾稽 sheet shows: (table, row key, column) to number.
    """

    agency: str
    name: str
    year: int
    sheets: Mapping[str, Sheet]
    choices: Mapping[str, Sequence[str]]
    last: Mapping[tuple[str, str, str], str] = field(default_factory=dict)

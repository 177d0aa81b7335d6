"""The results of statistics: tables, findings and figures, all frozen."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal

from nianbao.errors import Place
from nianbao.inputs.values import Cell
from nianbao.statutory import Layout

if TYPE_CHECKING:
    import pandas as pd  # a batch that waits for its workers has the names alone

Severity = Literal["error", "warning", "info"]
SEVERITIES: Mapping[Severity, str] = MappingProxyType(
    {"error": "错误", "warning": "提醒", "info": "提示"}
)
"""How each severity reads, in the order of gravity."""


@dataclass(frozen=True)
class Table:
    """A table with everything a reader needs to trust it.

    Parameters
    ----------
    key, title, unit, source
        Name in the code, Chinese title, unit of its values, the file it was counted from.
    frame
        For a statutory table: index of row keys, columns of column labels, values int,
        Decimal or None (not filled, or no such cell). For any other: one column a heading,
        as it is to be printed.
    layout
        How it is printed; None for a plain table (head row, then the frame's rows).
    cells
        Statutory cells by (row key, column label), with state, note and place.
    notes
        Printed below.
    units
        Of a sum over units: each unit's name and its own table, which may be a sum again.

    Examples
    --------
    >>> table = report.tables["decisions"]
    >>> table.title, table.cells["行政许可", "本年处理决定数量"].number
    ('主动公开政府信息情况', Decimal('9102'))
    """

    key: str
    title: str
    unit: str
    source: str
    frame: pd.DataFrame
    layout: Layout | None = None
    cells: Mapping[tuple[str, str], Cell] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    units: tuple[tuple[str, Table], ...] = ()

    @cached_property
    def by_row(self) -> Mapping[Hashable, Mapping[Hashable, object]]:
        """The frame by row and column: its own look-up takes as long as a hundred of these."""
        columns = list(self.frame.columns)
        return {
            row: dict(zip(columns, values, strict=True))
            for row, values in zip(self.frame.index, rows_of(self.frame), strict=True)
        }


def rows_of(frame: pd.DataFrame) -> list[list[Any]]:
    """Return the values of a frame row by row; ``itertuples`` takes ten times as long.

    Examples
    --------
    >>> import pandas as pd
    >>> rows_of(pd.DataFrame({"渠道": ["网站"], "条数": [12]}))
    [['网站', 12]]
    """
    rows: list[list[Any]] = frame.to_numpy(dtype=object).tolist()
    return rows


Span = tuple[int, int]
"""First character and the one after the last."""


@dataclass(frozen=True, slots=True)
class Passage:
    """The words of the report that a finding is about."""

    section: str
    """Id of the section, e.g. `overview.requests`; empty for the report as a whole."""
    sentence: str = ""
    """The plain words of the sentence; empty when the finding is that something is missing."""
    spans: tuple[Span, ...] = ()
    """The words to mark, within `sentence`."""
    offset: int = 0
    """Where the sentence begins in the section's text as it was handed in, so that an editor can
    jump there.
    """
    remark: str = ""
    """What is wrong, as it reads beside the sentence itself."""


@dataclass(frozen=True, slots=True)
class Finding:
    """The finding of a rule, from the rule to the page.

    Parameters
    ----------
    id
        Rule id of the specification, e.g. ``B3``.
    severity
        ``error`` blocks publication, ``warning`` wants a reason, ``info`` is a hint.
    message
        Chinese: what is wrong, where, what to do.
    formula
        The identity in words, e.g. ``自然人+…+其他=总计``.
    left, right
        Both sides as printed; None when a side cannot be computed. Of prose, the number in the
        text and the one it was compared with.
    cells
        The cells concerned, ``表三 一、本年新收…×自然人``.
    places
        Where they were typed, or the line of the passage: file, sheet, row, column. They are not
        part of report.json.
    passage
        The words of the report that it is about; None for one about tables or headings.
    key
        What acknowledged.csv names it by.
    reason
        Why it stands, if it was acknowledged: it is a hint then.
    lifted
        It was an error before the reason was recorded.

    Examples
    --------
    >>> [(found.id, found.severity) for found in report.findings if found.severity != "info"]
    [('L12', 'warning')]
    """

    id: str
    severity: Severity
    message: str
    formula: str = ""
    left: str | None = None
    right: str | None = None
    cells: tuple[str, ...] = ()
    places: tuple[Place, ...] = ()
    passage: Passage | None = None
    key: str = ""
    reason: str = ""
    lifted: bool = False

    @property
    def line(self) -> Place | None:
        """The file and line of the passage; None where it is about no sentence."""
        return self.places[0] if self.passage and self.places else None


@dataclass(frozen=True)
class Figure:
    """A drawn chart: SVG for every medium, words that say the same, and its numbers."""

    key: str
    title: str
    unit: str
    source: str
    alt: str
    """What the data say, with every value; never the caption again."""
    svg: str
    narrow: str
    """The drawing for a page, and for a telephone."""
    data: pd.DataFrame
    """The numbers behind it, for the data table beside the chart and for read-back."""

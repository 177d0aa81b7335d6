"""The three statutory tables as grids of cells with spans, for any medium to draw."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from itertools import groupby
from math import lcm
from typing import Literal

from nianbao.statutory.model import Format, RequestRow

CellKind = Literal["head", "block", "label", "value"]


@dataclass(frozen=True, slots=True)
class LayoutCell:
    """One cell of a printed table."""

    kind: CellKind
    """`head` column head, `block` a title over the whole width, `label` row head, `value` a number.
    """
    text: str = ""
    """The exact label; empty for a value."""
    colspan: int = 1
    rowspan: int = 1
    row: str | None = None
    column: str | None = None
    """For a value: its key in the table (row key and column label)."""


@dataclass(frozen=True, slots=True)
class Layout:
    """A printed table: rows of cells, of which the first ``head_rows`` repeat on a new page."""

    columns: int
    head_rows: int
    rows: tuple[tuple[LayoutCell, ...], ...]


def _head(text: str, colspan: int = 1, rowspan: int = 1) -> LayoutCell:
    return LayoutCell("head", text, colspan, rowspan)


@cache
def decisions_layout(format_: Format) -> Layout:
    """Return table 2: its blocks, each a title over the width, a head and its rows.

    The columns of a block are equally wide, and the labels as wide as a column where most are.
    """
    counts = [len(block.columns) for block in format_.decision_blocks]
    values_width = lcm(*counts)
    label_width = values_width // max(counts)
    width = label_width + values_width
    rows: list[tuple[LayoutCell, ...]] = []
    for block in format_.decision_blocks:
        span = values_width // len(block.columns)
        rows.append((LayoutCell("block", block.title, width),))
        heads = (_head(c, span) for c in block.columns)
        rows.append((_head(format_.decision_item, label_width), *heads))
        for row in block.rows:
            values = (LayoutCell("value", "", span, 1, row, c) for c in block.columns)
            rows.append((LayoutCell("label", row, label_width), *values))
    return Layout(width, 0, tuple(rows))


def _request_labels(row: RequestRow, format_: Format) -> tuple[LayoutCell, ...]:
    """Return the label cells that start at this row: part and group only where they begin."""
    if row.part is None:
        return (LayoutCell("label", row.label, 3),)
    part = [r for r in format_.request_rows if r.part == row.part]
    cells = [LayoutCell("label", row.part, 1, len(part))] if row == part[0] else []
    if row.group is None:
        return (*cells, LayoutCell("label", row.label, 2))
    group = [r for r in part if r.group == row.group]
    if row == group[0]:
        cells.append(LayoutCell("label", row.group, 1, len(group)))
    return (*cells, LayoutCell("label", row.label))


@cache
def requests_layout(format_: Format) -> Layout:
    """Return table 3: three head rows, then a row for each statutory row."""
    applicants, organisations = format_.request_heads
    columns = format_.request_columns
    head = (
        (_head(format_.request_corner, 3, 3), _head(applicants, len(columns))),
        (
            _head(format_.person, 1, 2),
            _head(organisations, len(format_.organisations)),
            _head(format_.total, 1, 2),
        ),
        tuple(_head(o) for o in format_.organisations),
    )
    body = tuple(
        (
            *_request_labels(row, format_),
            *(LayoutCell("value", "", 1, 1, row.key, c) for c in columns),
        )
        for row in format_.request_rows
    )
    return Layout(3 + len(columns), 3, head + body)


@cache
def reviews_layout(format_: Format) -> Layout:
    """Return table 4: three head rows and one row of values."""
    columns, width = format_.review_columns, len(format_.review_columns)
    first: list[LayoutCell] = []
    second: list[LayoutCell] = []
    third: list[LayoutCell] = []
    for head, group in groupby(format_.review_groups, key=lambda g: g.head):
        keys = [g.key for g in group]
        first.append(_head(head, width * len(keys)))
        if keys == [head]:
            second.extend(_head(c, 1, 2) for c in columns)
        else:
            second.extend(_head(key, width) for key in keys)
            third.extend(_head(c) for _ in keys for c in columns)
    values = tuple(
        LayoutCell("value", "", 1, 1, g.key, c) for g in format_.review_groups for c in columns
    )
    rows = (tuple(first), tuple(second), tuple(third), values)
    return Layout(width * len(format_.review_groups), 3, rows)

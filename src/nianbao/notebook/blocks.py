"""Tables and figures as blocks: the form in which every document writer gets them.

A code cell shows a block; its output keeps the block as JSON beside the HTML that Jupyter shows,
and each document format draws the block in its own way. The form is described in
docs/architecture.md. Numbers become text here, last, and in one place.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

import pandas as pd

from nianbao.prose.wording import plain
from nianbao.statistics.model import Figure, Table
from nianbao.statutory import LayoutCell

BLOCK_MIME = "application/vnd.nianbao.block+json"
Block = dict[str, Any]


def number_text(value: object) -> str:
    """A table cell as text: exact digits, nothing for a cell that was not filled."""
    if isinstance(value, bool) or value is None or value is pd.NA:
        return ""
    if isinstance(value, int | Decimal):
        return plain(value)
    return str(value)


def _grid_cell(cell: LayoutCell, table: Table) -> dict[str, Any]:
    text, note = cell.text, ""
    if cell.kind == "value" and cell.row is not None and cell.column is not None:
        text = number_text(table.frame.at[cell.row, cell.column])
        found = table.cells.get((cell.row, cell.column))
        note = found.note if found else ""
    return {
        "kind": cell.kind, "text": text, "colspan": cell.colspan, "rowspan": cell.rowspan,
        "row": cell.row, "column": cell.column, "note": note,
    }  # fmt: skip


def _rows(frame: pd.DataFrame) -> list[list[str]]:
    return [[number_text(v) for v in row] for row in frame.itertuples(index=False, name=None)]


def _align(columns: Iterable[list[str]]) -> list[str]:
    return ["right" if all(_is_number(v) for v in c) else "left" for c in columns]


def _is_number(text: str) -> bool:
    return not text or text.lstrip("+-").replace(".", "", 1).isdigit()


def table_block(table: Table) -> Block:
    """A table as a ``grid`` block (statutory) or a ``table`` block (any other)."""
    about = {
        "key": table.key, "title": table.title, "unit": table.unit,
        "source": table.source, "notes": list(table.notes),
    }  # fmt: skip
    if table.layout is not None:
        grid = [[_grid_cell(c, table) for c in row] for row in table.layout.rows]
        size = {"columns": table.layout.columns, "head_rows": table.layout.head_rows}
        return {"type": "grid", **about, **size, "rows": grid}
    rows = _rows(table.frame)
    columns = [list(c) for c in zip(*rows, strict=True)]
    head = [str(c) for c in table.frame.columns]
    return {"type": "table", **about, "head": head, "rows": rows, "align": _align(columns)}


def figure_block(figure: Figure, files: str = "") -> Block:
    """A chart as a ``figure`` block, its drawing left out (it is the output's SVG).

    ``files`` are those that hold its numbers, where the report itself does not print them.
    """
    head = [str(c) for c in figure.data.columns]
    return {
        "type": "figure", "key": figure.key, "title": figure.title, "unit": figure.unit,
        "source": figure.source, "files": files, "alt": figure.alt,
        "data": {"head": head, "rows": _rows(figure.data)},
    }  # fmt: skip

"""Tables and figures as blocks, and the JSON in which a notebook's outputs keep them.

A code cell shows a block; its output keeps the block as JSON beside the HTML or the drawing that
Jupyter shows, and each document format draws the block in its own way. Numbers become text here,
last, and in one place; the JSON form is written and read here and nowhere else.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any, assert_never

import pandas as pd

from nianbao.errors import ExportError
from nianbao.prose.blocks import (
    Align,
    FigureBlock,
    GridBlock,
    GridCell,
    Inlines,
    TableBlock,
    Words,
)
from nianbao.statistics.arithmetic import plain
from nianbao.statistics.model import Figure, Table, rows_of
from nianbao.statutory import LayoutCell

BLOCK_MIME = "application/vnd.nianbao.block+json"
SVG_MIME = "image/svg+xml"

BlockJson = Mapping[str, Any]
"""A block as an output keeps it; somebody may have changed it by hand since."""

ShownBlock = GridBlock | TableBlock | FigureBlock
"""What a code cell can show; all other blocks come out of the prose."""


def number_text(value: object) -> str:
    """Write a table cell as text: exact digits, nothing for a cell that was not filled."""
    if isinstance(value, bool) or value is None or value is pd.NA:
        return ""
    if isinstance(value, int | Decimal):
        return plain(value)
    return str(value)


def _grid_cell(cell: LayoutCell, table: Table) -> GridCell:
    text, note = cell.text, ""
    if cell.kind == "value" and cell.row is not None and cell.column is not None:
        text = number_text(table.by_row[cell.row][cell.column])
        found = table.cells.get((cell.row, cell.column))
        note = found.note if found else ""
    return GridCell(cell.kind, text, cell.colspan, cell.rowspan, cell.row, cell.column, note)


def _rows(frame: pd.DataFrame) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(map(number_text, row)) for row in rows_of(frame))


def _align(columns: Iterable[Iterable[str]]) -> tuple[Align, ...]:
    return tuple("right" if all(map(_is_number, column)) else "left" for column in columns)


def _is_number(text: str) -> bool:
    return not text or text.lstrip("+-").replace(".", "", 1).isdigit()


def _cells(rows: Iterable[Iterable[str]]) -> tuple[tuple[Inlines, ...], ...]:
    return tuple(tuple((Words(text),) if text else () for text in row) for row in rows)


def table_block(table: Table) -> GridBlock | TableBlock:
    """Make the block of a table: a grid of a statutory one, a plain table of any other."""
    if table.layout is not None:
        return GridBlock(
            key=table.key,
            title=table.title,
            unit=table.unit,
            source=table.source,
            columns=table.layout.columns,
            head_rows=table.layout.head_rows,
            rows=tuple(tuple(_grid_cell(c, table) for c in row) for row in table.layout.rows),
            notes=table.notes,
        )
    rows = _rows(table.frame)
    return TableBlock(
        head=tuple(map(str, table.frame.columns)),
        rows=_cells(rows),
        align=_align(zip(*rows, strict=True) if rows else ((),) * len(table.frame.columns)),
        key=table.key,
        title=table.title,
        unit=table.unit,
        source=table.source,
        notes=table.notes,
    )


def figure_block(figure: Figure, files: str = "", aside: str = "") -> FigureBlock:
    """Make the block of a chart.

    ``files`` are those that hold its numbers, where the report itself does not print them;
    ``aside`` is what its caption says behind the title.
    """
    return FigureBlock(
        key=figure.key,
        title=figure.title,
        unit=figure.unit,
        source=figure.source,
        alt=figure.alt,
        svg=figure.svg,
        head=tuple(map(str, figure.data.columns)),
        rows=_rows(figure.data),
        files=files,
        narrow=figure.narrow,
        aside=aside,
    )


def block_to_json(block: ShownBlock) -> BlockJson:
    """Write a block as JSON; a figure's wide drawing is left out: it is the output's SVG."""
    about = {
        "key": block.key, "title": block.title, "unit": block.unit, "source": block.source,
    }  # fmt: skip
    match block:
        case GridBlock():
            cells = [
                [
                    {
                        "kind": c.kind, "text": c.text, "colspan": c.colspan,
                        "rowspan": c.rowspan, "row": c.row, "column": c.column, "note": c.note,
                    }
                    for c in row
                ]
                for row in block.rows
            ]  # fmt: skip
            size = {"columns": block.columns, "head_rows": block.head_rows}
            return {"type": "grid", **about, **size, "rows": cells, "notes": list(block.notes)}
        case TableBlock():
            columns = {"head": list(block.head), "align": list(block.align)}
            rows = [list(row) for row in block.texts]
            return {"type": "table", **about, **columns, "rows": rows, "notes": list(block.notes)}
        case FigureBlock():
            data = {"head": list(block.head), "rows": [list(row) for row in block.rows]}
            words = {"files": block.files, "alt": block.alt, "narrow": block.narrow}
            words |= {"aside": block.aside} if block.aside else {}
            return {"type": "figure", **about, **words, "data": data}
        case _:
            assert_never(block)


def block_from_json(data: BlockJson, svg: str = "") -> ShownBlock:
    """Read a block out of a notebook's output; ``svg`` is the drawing beside it.

    Raises
    ------
    ExportError
        The output is not one that this program wrote: somebody changed it by hand, or another
        version of the template did.
    """
    about: Any = {key: str(data.get(key) or "") for key in ("key", "title", "unit", "source")}
    try:
        match data["type"]:
            case "grid":
                return GridBlock(
                    **about,
                    columns=int(data["columns"]),
                    head_rows=int(data["head_rows"]),
                    rows=tuple(tuple(GridCell(**cell) for cell in row) for row in data["rows"]),
                    notes=tuple(data["notes"]),
                )
            case "table":
                return TableBlock(
                    **about,
                    head=tuple(data["head"]),
                    rows=_cells(data["rows"]),
                    align=tuple(data["align"]),
                    notes=tuple(data["notes"]),
                )
            case "figure":
                table = data["data"]
                return FigureBlock(
                    **about,
                    alt=str(data["alt"]),
                    svg=svg,
                    head=tuple(table["head"]),
                    rows=tuple(map(tuple, table["rows"])),
                    files=str(data.get("files") or ""),
                    narrow=str(data.get("narrow") or ""),
                    aside=str(data.get("aside") or ""),
                )
    except (LookupError, TypeError, ValueError) as error:
        raise _unknown(data) from error
    raise _unknown(data)


def _unknown(data: BlockJson) -> ExportError:
    name = data.get("title") or data.get("key") or data.get("type")
    return ExportError(f"笔记本的输出“{name}”不完整或不是本版本所写，请重新运行全部单元格再导出")

"""Tables of the Word report: statutory grids with spans, and plain tables."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise, takewhile

from nianbao.documents.page_fit import row_height
from nianbao.documents.typesetting import (
    CELL_PADDING,
    TABLE_SIZE,
    broken,
    column_widths,
    grid_widths,
    holds_numbers,
    scale,
    table_form,
)
from nianbao.documents.word_parts import TEXT_WIDTH, Element, paragraph, run, w
from nianbao.prose.blocks import GridBlock, GridCell, TableBlock

TWIPS_PER_MM = 1440 / 25.4
_HEAD_KINDS = ("head", "block")
# A table up to this many rows is kept on one page; a longer one may break between its rows.
_ROWS_KEPT_TOGETHER = 30
_PLAIN_PADDING = 10.0  # of the style PlainTable, in points
_WIDER = 0.56 / 0.64
_HARDLY_SMALLER = 0.95
_RESERVE = 4.0
"""Lines that stay free below a table, since an editor adds some, and an estimate may be wrong."""


def _exact_widths(parts: Sequence[float]) -> list[int]:
    """Return the widths in twips, in these proportions, that add up to the type area exactly."""
    total, edges = sum(parts), [0.0]
    for part in parts:
        edges.append(edges[-1] + part)
    twips = [round(TEXT_WIDTH * edge / total) for edge in edges]
    return [right - left for left, right in pairwise(twips)]


def _table(style: str, title: str, widths: Sequence[int]) -> Element:
    """Return an empty table with its form, exact column widths and alternative text.

    The latter is its title; a table out of the prose has none.
    """
    border = {"firstRow": 1, "lastRow": 0, "firstColumn": 1, "lastColumn": 0}
    about = f"{title}，共{len(widths)}列"
    alternative = [w("tblCaption", val=title), w("tblDescription", val=about)] if title else []
    properties = w(
        "tblPr",
        w("tblStyle", val=style),
        w("tblW", w=sum(widths), type="dxa"),
        w("jc", val="center"),
        w("tblLayout", type="fixed"),
        w("tblLook", val="04A0", **border, noHBand=0, noVBand=1),
        *alternative,
    )
    return w("tbl", properties, w("tblGrid", *(w("gridCol", w=width) for width in widths)))


def _row(height_mm: float, is_head: bool) -> Element:
    height = w("trHeight", val=round(height_mm * TWIPS_PER_MM), hRule="atLeast")
    head = [w("tblHeader")] if is_head else []
    return w("tr", w("trPr", w("cantSplit"), height, *head))


def _cell(width: int, content: Element, *properties: Element) -> Element:
    """Return a cell; ``properties`` are those between tcW and vAlign in the order of the schema."""
    return w(
        "tc",
        w("tcPr", w("tcW", w=width, type="dxa"), *properties, w("vAlign", val="center")),
        content,
    )


def _laid_out(
    rows: Sequence[Sequence[GridCell]], columns: int
) -> Iterator[list[tuple[GridCell, int, bool]]]:
    """Yield each row as (cell, first column, starts here).

    A cell that spans rows comes again, as Word wants it, in each row that it covers.
    """
    covering: dict[int, tuple[GridCell, int]] = {}  # first column -> cell, rows left
    for row in rows:
        waiting, line, column = iter(row), [], 0
        while column < columns:
            starts = column not in covering
            cell, left = (next(waiting), 0) if starts else covering.pop(column)
            left = left or cell.rowspan
            if left > 1:
                covering[column] = (cell, left - 1)
            line.append((cell, column, starts))
            column += cell.colspan
        yield line


def _grid_cell(cell: GridCell, width: int, starts: bool, upright: bool, keep: bool) -> Element:
    span = [w("gridSpan", val=cell.colspan)] if cell.colspan > 1 else []
    tall = cell.rowspan > 1
    merge = [w("vMerge", val="restart") if starts else w("vMerge")] if tall else []
    turned = [w("textDirection", val="tbRlV")] if upright else []
    style = "TableHead" if cell.kind in _HEAD_KINDS else "TableText"
    if cell.kind == "label" and not tall and not upright:
        style = "TableLabel"
    shown = cell.text if upright else broken(cell)
    text = [_fitting_run(shown, width)] if starts and shown else []
    together = [w("keepNext")] if keep else []
    return _cell(width, paragraph(style, text, *together), *span, *merge, *turned)


def _share(text: str, width: int, padding: float) -> float:
    """Return how much smaller a number has to be in a cell; 1 where it hardly has to be."""
    share = scale(text, (width / 20 - padding) * _WIDER)
    return share if share < _HARDLY_SMALLER else 1.0


def _fitting_run(text: str, width: int) -> Element:
    """Return a run in which a long number is set smaller rather than broken.

    Where Times is not installed its digits are drawn in a wider face.
    """
    found, share = run(text), _share(text, width, CELL_PADDING)
    if share < 1:
        halves = int(2 * TABLE_SIZE * share)
        found.insert(0, w("rPr", w("sz", val=halves), w("szCs", val=halves)))
    return found


def grid_table(block: GridBlock, free: float = 0.0) -> Element:
    """Return a statutory table: the grid's spans as gridSpan and vMerge, head rows that repeat.

    Its rows are higher where so many lines would stay ``free`` below it.

    Source: 国办公开办函〔2021〕30号; widths from templates/tables.yaml.
    """
    form = table_form(block.key)
    widths = _exact_widths(grid_widths(block))
    table = _table("StatutoryTable", block.title, widths)
    lines = list(_laid_out(block.rows, block.columns))
    keep_all = len(lines) <= _ROWS_KEPT_TOGETHER
    heads, height = _head_rows(block), row_height(block, free - _RESERVE)
    for number, line in enumerate(lines):
        is_head = number < heads
        row = _row(height, is_head)
        keep = number + 1 < len(lines) and (keep_all or is_head)
        for cell, column, starts in line:
            width = sum(widths[column : column + cell.colspan])
            row.append(_grid_cell(cell, width, starts, cell.text in form.upright, keep))
        table.append(row)
    return table


def _head_rows(block: GridBlock) -> int:
    """Return the rows that head the table.

    The blocks of table 2 have heads of their own; there it is the first block's, since a screen
    reader cannot announce a table without any.
    """
    of_heads = takewhile(lambda row: all(c.kind in _HEAD_KINDS for c in row), block.rows)
    return block.head_rows or len(list(of_heads))


def plain_table(block: TableBlock) -> Element:
    """Return a table of one head row and rows of text, as from Markdown or the statistics."""
    widths = _exact_widths(column_widths(block))
    table = _table("PlainTable", block.title, widths)
    height = table_form("plain").row_height
    lines = [block.head, *block.texts]
    tight = set(_tight_columns(block, widths))
    for number, line in enumerate(lines):
        row = _row(height, number == 0)
        keep = number + 1 < len(lines) and (len(lines) <= _ROWS_KEPT_TOGETHER or number == 0)
        together = [w("keepNext")] if keep else []
        for column, (text, width, side) in enumerate(zip(line, widths, block.align, strict=True)):
            style = "TableText" if number else "TableHead"
            align = [w("jc", val=side)] if number and side != "center" else []
            close = [_close_margins()] if number and column in tight else []
            content = [_fitting_run(text, width) if close else run(text)] if text else []
            row.append(_cell(width, paragraph(style, content, *together, *align), *close))
        table.append(row)
    return table


def _tight_columns(block: TableBlock, widths: Sequence[int]) -> Iterator[int]:
    """Yield the columns of numbers too long for the margins of the style.

    They stand closer to the lines, and are smaller only where that is not enough.
    """
    for number, width in enumerate(widths):
        texts = [line[number] for line in block.texts]
        if holds_numbers(texts) and any(_share(t, width, _PLAIN_PADDING) < 1 for t in texts):
            yield number


def _close_margins() -> Element:
    return w("tcMar", *(w(side, w=30, type="dxa") for side in ("left", "right")))

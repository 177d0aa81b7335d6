"""Mark the labels of rows as table heads in the tags of a finished PDF.

A screen reader says the heads of the cell it is at. Typst marks the heads of columns; the heads of
rows it cannot mark (its ``pdf.header-cell`` is of an experimental build). So the finished tags
are completed here: a label becomes ``TH`` with the scope ``Row``, and the cells that it heads
name it among their headers. Source: ISO 32000-1, 14.8.5.7; ISO 14289-1, 7.5.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from io import BytesIO
from typing import TYPE_CHECKING, assert_never

from nianbao.documents.typesetting import heads_rows
from nianbao.prose.blocks import (
    Block,
    Document,
    FigureBlock,
    GridBlock,
    HeadingBlock,
    ImageBlock,
    ListBlock,
    ParagraphBlock,
    TableBlock,
)

if TYPE_CHECKING:
    import pikepdf


def mark_row_heads(pdf: bytes, document: Document) -> bytes:
    """Complete the tags of a document's tables; the same bytes for the same file."""
    import pikepdf

    tables = list(_labels((*document.blocks, *document.appendix)))
    with pikepdf.open(BytesIO(pdf)) as file:
        root = file.Root.StructTreeRoot
        elements = list(_find(root.get("/K"), "/Table"))
        if len(elements) != len(tables):
            raise AssertionError(f"{len(elements)} tables tagged, {len(tables)} in the document")
        names = pikepdf.NameTree(root.IDTree) if "/IDTree" in root else None
        for number, (element, rows) in enumerate(zip(elements, tables, strict=True)):
            for name, head in _mark(element, rows, f"row.{number}"):
                if names is not None:
                    names[name] = head
        out = BytesIO()
        # The file's own metadata stay as they are: they declare the standards.
        file.save(out, deterministic_id=True, fix_metadata_version=False)
    return out.getvalue()


def _labels(blocks: Iterable[Block]) -> Iterator[tuple[tuple[bool, ...], ...]]:
    """For each table in order, its rows: for each cell that begins there, if it heads the row."""
    for block in blocks:
        match block:
            case GridBlock():
                yield tuple(tuple(cell.kind == "label" for cell in row) for row in block.rows)
            case TableBlock():
                first, width = heads_rows(block.texts), len(block.head)
                row = (first, *(False for _ in range(width - 1)))
                yield ((False,) * width, *(row for _ in block.rows))
            case ListBlock():
                for item in block.items:
                    yield from _labels(item)
            case HeadingBlock() | ParagraphBlock() | FigureBlock() | ImageBlock():
                pass
            case _:
                assert_never(block)


def _find(kids: pikepdf.Object | None, kind: str) -> Iterator[pikepdf.Dictionary]:
    """The structure elements of that kind, in the order of reading, not within each other."""
    import pikepdf

    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
            if str(kid.S) == kind:
                yield kid
            else:
                yield from _find(kid.get("/K"), kind)


def _cells(row: pikepdf.Dictionary) -> list[pikepdf.Dictionary]:
    import pikepdf

    kids = row.get("/K")
    cells = [kids] if isinstance(kids, pikepdf.Dictionary) else list(kids or ())
    return [cell for cell in cells if str(cell.S) in ("/TH", "/TD")]


def _mark(
    table: pikepdf.Dictionary, rows: Sequence[Sequence[bool]], prefix: str
) -> Iterator[tuple[str, pikepdf.Dictionary]]:
    """Mark the labels of one table; gives each with its name."""
    import pikepdf

    covering: list[tuple[int, str]] = []  # the row from which a label heads nothing more, its name
    for number, (row, labels) in enumerate(zip(_find(table.get("/K"), "/TR"), rows, strict=True)):
        covering = [(end, name) for end, name in covering if end > number]
        for place, (cell, is_label) in enumerate(zip(_cells(row), labels, strict=True)):
            about = _table_attributes(cell)
            if is_label:
                name = f"{prefix}.{number}.{place}"
                cell.S = pikepdf.Name.TH
                cell.ID = pikepdf.String(name)
                about.Scope = pikepdf.Name.Row
                covering.append((number + int(about.get("/RowSpan", 1)), name))
                yield name, cell
            elif str(cell.S) == "/TD":
                heads = [pikepdf.String(name) for _, name in covering]
                about.Headers = pikepdf.Array([*about.get("/Headers", ()), *heads])


def _table_attributes(cell: pikepdf.Dictionary) -> pikepdf.Dictionary:
    """The attributes of a cell that concern its table, made where there are none."""
    import pikepdf

    attributes = cell.get("/A", pikepdf.Array())
    listed = list(attributes) if isinstance(attributes, pikepdf.Array) else [attributes]
    for found in listed:
        if str(found.get("/O")) == "/Table":
            return found
    made = pikepdf.Dictionary(O=pikepdf.Name.Table)
    cell.A = pikepdf.Array([*listed, made])
    return next(found for found in cell.A if str(found.get("/O")) == "/Table")

"""Constructors of the blocks of a Document, and changes to one, for tests."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from typing import Any, TypeVar

from nianbao.prose.blocks import (
    Block,
    Document,
    FactWords,
    FigureBlock,
    FigureCitation,
    GridBlock,
    GridCell,
    HeadingBlock,
    Inline,
    ListBlock,
    ParagraphBlock,
    TableBlock,
    Words,
)
from nianbao.prose.facts import Fact

_B = TypeVar("_B", bound=Block)


def fact(name: str, value: int, unit: str) -> FactWords:
    """An inline that shows a number bound to the tables."""
    return FactWords(f"{value}{unit}", Fact(name, value, f"{value}{unit}", unit, "表三"))


def paragraph(section: str, *inlines: str | Inline) -> ParagraphBlock:
    """A paragraph of strings and inlines."""
    parts = tuple(Words(i) if isinstance(i, str) else i for i in inlines)
    return ParagraphBlock(parts, section)


def heading(level: int, id_: str, words: str, section: str = "") -> HeadingBlock:
    """A heading, of the form unless it is one of a section's text."""
    return HeadingBlock(level, (Words(words),), section, id_)


def bars(key: str, title: str, unit: str, labels: list[str], numbers: list[int]) -> FigureBlock:
    """A figure with a small hand-made SVG: one bar a row, width 442 points."""
    biggest, height = max(numbers), 20 * len(numbers) + 10
    rects = "".join(
        f'<rect x="120" y="{20 * i + 8}" width="{300 * n / biggest:.1f}" height="12" '
        'fill="#1f4e79"/>'
        for i, n in enumerate(numbers)
    )
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="442pt" height="{height}pt" '
        f'viewBox="0 0 442 {height}">{rects}</svg>'
    )
    listed = "，".join(f"{name}{n}{unit}" for name, n in zip(labels, numbers, strict=True))
    return FigureBlock(
        key=key,
        title=title,
        unit=unit,
        source="表三",
        alt=f"条形图：{listed}。",
        svg=svg,
        head=("项目", f"数量（{unit}）"),
        rows=tuple((name, str(n)) for name, n in zip(labels, numbers, strict=True)),
    )


def table(head: list[str], *rows: list[str], align: Any = (), **about: Any) -> TableBlock:
    """A plain table of strings, its columns on the left unless said otherwise."""
    return TableBlock(
        head=tuple(head),
        rows=tuple(tuple((Words(text),) if text else () for text in row) for row in rows),
        align=tuple(align) or ("left",) * len(head),
        **about,
    )


def listing(ordered: bool, *items: str, section: str = "other", start: int = 1) -> ListBlock:
    """A list of one paragraph an item."""
    return ListBlock(ordered, start, tuple((paragraph(section, item),) for item in items))


def find_block(document: Document, kind: type[_B], key: str | None = None) -> _B:
    """The first block of that kind, and that key."""
    blocks = (block for block in document.blocks if isinstance(block, kind))
    return next(b for b in blocks if key is None or getattr(b, "key", None) == key)


def with_blocks(document: Document, change: Callable[[Block], Block]) -> Document:
    """The document, each of its blocks changed."""
    return replace(document, blocks=tuple(change(block) for block in document.blocks))


def with_block(document: Document, old: Block, **changes: Any) -> Document:
    """The document, one of its blocks changed."""
    return with_blocks(document, lambda b: replace(b, **changes) if b is old else b)


def with_cells(document: Document, key: str, change: Callable[[GridCell], GridCell]) -> Document:
    """The document, the cells of one statutory table changed."""
    grid = find_block(document, GridBlock, key)
    rows = tuple(tuple(change(cell) for cell in row) for row in grid.rows)
    return with_block(document, grid, rows=rows)


def with_words(document: Document, old: str, new: str) -> Document:
    """The document, words in its paragraphs and headings replaced."""

    def change(block: Block) -> Block:
        if not isinstance(block, HeadingBlock | ParagraphBlock):
            return block
        inlines = (
            inline
            if isinstance(inline, FigureCitation)
            else replace(inline, text=inline.text.replace(old, new))
            for inline in block.inlines
        )
        return replace(block, inlines=tuple(inlines))

    return with_blocks(document, change)


@cache
def photo(width: int = 320, height: int = 180) -> bytes:
    """A small PNG, as a bureau would put into its prose: a plain colour gradient."""
    rows = b"".join(
        b"\0"
        + bytes(v for x in range(width) for v in ((90 + x // 4) % 256, (130 + y // 3) % 256, 170))
        for y in range(height)
    )
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = ((b"IHDR", header), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
        for name, body in parts
    )

"""What the tests of the HTML report share: charts in the sample, hostile words, reading tables."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from functools import cache
from html.parser import HTMLParser
from typing import Any

from tests.documents.sample_document import sample_document
from tests.statistics.chart_tables import FONT, FORMAT, example_tables

from nianbao.notebook.blocks import figure_block
from nianbao.prose.blocks import Document, FactWords, FigureBlock, HeadingBlock, ParagraphBlock
from nianbao.prose.facts import Fact
from nianbao.statistics.charts import draw_chart

HOSTILE = (
    "</title></style></svg></desc></textarea>--><script>alert(1)</script>"
    "<img src=x onerror=alert(2)><svg onload=alert(3)>"
    '" onmouseover="alert(4)" style="x:url(https://bad.example/a)" \' autofocus onfocus=alert(5) '
    "<iframe src=https://bad.example></iframe><base href=https://bad.example/>"
    "<meta http-equiv=refresh content=0;url=https://bad.example> {{ 7*7 }} {% raw %} &lt; &#60;"
)
CHARTS = (
    "disclosures_by_channel",
    "disclosures_by_category",
    "requests_by_outcome",
    "comparison",
    "requests_by_year",
)


@cache
def _figures() -> tuple[FigureBlock, ...]:
    tables = example_tables()
    figures = [draw_chart(key, tables, FORMAT, [FONT]) for key in CHARTS]
    return tuple(figure_block(figure) for figure in figures if figure)


def document_with_charts() -> Document:
    """The sample document with five charts as a report draws them."""
    document = sample_document()
    blocks = [block for block in document.blocks if not isinstance(block, FigureBlock)]
    return replace(document, blocks=(*blocks[:8], *_figures(), *blocks[8:]))


# What says how to draw, and so is checked, not shown.
_STRUCTURE = {"css", "kind", "align", "media", "svg", "narrow"}
_HOSTILE_FACT = Fact(HOSTILE, HOSTILE, HOSTILE, HOSTILE, HOSTILE)


def hostile_document() -> Document:
    """The document with a hostile text in every field that may hold text, ids and keys included,
    and a hostile fact in the place of all words of paragraphs and headings."""

    def spoil(value: Any, key: str = "") -> Any:
        if isinstance(value, HeadingBlock | ParagraphBlock):
            facts = tuple(
                FactWords(HOSTILE, _HOSTILE_FACT, i.strong, i.emph) for i in value.inlines
            )
            about = {f.name: spoil(getattr(value, f.name), f.name) for f in fields(value)}
            return replace(value, **{**about, "inlines": facts})
        if is_dataclass(value) and not isinstance(value, type):
            return replace(
                value, **{f.name: spoil(getattr(value, f.name), f.name) for f in fields(value)}
            )
        if isinstance(value, tuple):
            return tuple(spoil(item, key) for item in value)
        return HOSTILE if isinstance(value, str) and key not in _STRUCTURE else value

    spoiled = spoil(document_with_charts())
    assert isinstance(spoiled, Document)
    return replace(spoiled, draft=True)


class Tables(HTMLParser):
    """The tables of a page by the standard library's parser: cells with tag and attributes."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tables: list[list[list[dict[str, Any]]]] = []
        self.captions: list[str] = []
        self._cell: dict[str, Any] | None = None
        self._caption = False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "table":
            self.tables.append([])
            self.captions.append("")
        elif tag == "tr":
            self.tables[-1].append([])
        elif tag in ("td", "th"):
            self._cell = {"tag": tag, "text": "", **dict(attrs)}
            self.tables[-1][-1].append(self._cell)
        self._caption = tag == "caption"

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th"):
            self._cell = None
        self._caption = False

    def handle_data(self, data: str) -> None:
        if self._cell is not None:
            self._cell["text"] += data
        elif self._caption:
            self.captions[-1] += data


def cells_by_place(
    table: list[list[dict[str, Any]]],
) -> Iterator[tuple[dict[str, Any], set[str]]]:
    """Each td with the texts of the th before it in its row and above it in its column.

    By spans alone, as the HTML standard goes about it where no ``headers`` are given.
    """
    grid: dict[tuple[int, int], dict[str, Any]] = {}
    for y, row in enumerate(table):
        x = 0
        for cell in row:
            while (y, x) in grid:
                x += 1
            for dy in range(int(cell.get("rowspan", 1))):
                for dx in range(int(cell.get("colspan", 1))):
                    assert (y + dy, x + dx) not in grid, "cells overlap"
                    grid[y + dy, x + dx] = cell
    width = {x for _, x in grid}
    assert all((y, x) in grid for y in range(len(table)) for x in width), "the grid has a hole"
    seen: set[int] = set()
    for (y, x), cell in sorted(grid.items(), key=lambda item: item[0]):
        if cell["tag"] == "td" and id(cell) not in seen:
            seen.add(id(cell))
            row = [grid[y, left] for left in range(x)]
            column = [grid[top, x] for top in range(y)]
            heads = [c["text"] for c in (*row, *column) if c["tag"] == "th"]
            yield cell, set(heads)

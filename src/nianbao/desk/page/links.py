"""Every number of the page as a link to where it comes from.

A number is wrapped in characters that no text has before the page is drawn, and those become
links in the page that was drawn: the page that is published is made without this module.
"""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from dataclasses import replace
from urllib.parse import urlencode

from nianbao.prose.blocks import (
    Block,
    Document,
    FactWords,
    GridBlock,
    GridCell,
    Inlines,
    ListBlock,
    ParagraphBlock,
)

Asked = list[Mapping[str, str]]
"""What is to be asked about each number: a fact's name, or a table, row and column."""
_OPEN, _MIDDLE, _CLOSE = "\ue0f0", "\ue0f1", "\ue0f2"
_WRAPPED = re.compile(f"{_OPEN}(\\d+){_MIDDLE}(.*?){_CLOSE}", re.DOTALL)
STYLE = """
a.source { color: inherit; text-decoration: none; border-bottom: 1px dotted #5a7ca8 }
a.source:hover, a.source:focus { background: #e3effd; outline: 2px solid #1f6feb }
"""


def wrap_numbers(document: Document) -> tuple[Document, Asked]:
    """Wrap the numbers of a Document; what is to be asked about each."""
    asked: Asked = []
    blocks = tuple(_block(block, asked) for block in document.blocks)
    return replace(document, blocks=blocks), asked


def _block(block: Block, asked: Asked) -> Block:
    match block:
        case ParagraphBlock():
            return replace(block, inlines=_inlines(block.inlines, asked))
        case ListBlock():
            items = tuple(tuple(_block(b, asked) for b in item) for item in block.items)
            return replace(block, items=items)
        case GridBlock():
            rows = tuple(tuple(_cell(block.key, c, asked) for c in row) for row in block.rows)
            return replace(block, rows=rows)
        case _:
            return block


def _inlines(inlines: Inlines, asked: Asked) -> Inlines:
    return tuple(
        replace(part, text=_wrap(part.text, {"fact": part.fact.name}, asked))
        if isinstance(part, FactWords) and part.text
        else part
        for part in inlines
    )


def _cell(table: str, cell: GridCell, asked: Asked) -> GridCell:
    if cell.kind != "value" or not cell.text.strip():
        return cell
    about = {"table": table, "row": cell.row or "", "column": cell.column or ""}
    return replace(cell, text=_wrap(cell.text, about, asked))


def _wrap(text: str, about: Mapping[str, str], asked: Asked) -> str:
    asked.append(about)
    return f"{_OPEN}{len(asked) - 1}{_MIDDLE}{text}{_CLOSE}"


def link_numbers(page: str, asked: Asked, address: str) -> str:
    """Turn what is wrapped into links; ``address`` answers where a number comes from."""

    def link(found: re.Match[str]) -> str:
        target = html.escape(f"{address}?{urlencode(asked[int(found[1])])}")
        return f'<a class="source" target="source" href="{target}">{found[2]}</a>'

    return _WRAPPED.sub(link, page).replace("</style>", f"{STYLE}</style>", 1)

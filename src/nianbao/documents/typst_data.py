"""A Document as the data that the Typst template draws: plain JSON, never source text."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import count, groupby
from typing import assert_never

from nianbao.documents.typesetting import (
    CELL_PADDING,
    MM,
    Piece,
    TableForm,
    broken,
    column_widths,
    ending_whole,
    grid_widths,
    head_words,
    is_small,
    pieces,
    scale,
    table_form,
    title_lines,
)
from nianbao.prose.blocks import (
    Block,
    Document,
    FigureBlock,
    GridBlock,
    GridCell,
    HeadingBlock,
    ImageBlock,
    Inline,
    ListBlock,
    ParagraphBlock,
    TableBlock,
    inlines_of,
    plain_text,
)

Json = dict[str, object]


def visible(text: str) -> str:
    """Drop what no font can show: control and format characters; a line end becomes a blank.

    Examples
    --------
    >>> printable("甲\\x00\\u200b乙\\n丙")
    '甲乙 丙'
    """
    return text if text.isprintable() else "".join(_printed(c) for c in text)


def _printed(character: str) -> str:
    if character in "\t\n\r\v\f\x85\u2028\u2029":
        return " "
    return "" if unicodedata.category(character) in {"Cc", "Cf", "Cs"} else character


def template_data(document: Document) -> tuple[Json, dict[str, bytes]]:
    """Make what the template reads as document.json, and the image files beside it."""
    made = _Made()
    title, name = visible(document.title), visible(document.agency_name)
    data: Json = {
        "title": title,
        "title-lines": title_lines(title, name),
        "agency": name,
        "year": document.year,
        "date": document.date_in_words or None,
        "day": (document.day.year, document.day.month, document.day.day),
        "signature": document.signature,
        "draft": document.draft,
        "description": visible(document.description),
        "blocks": made.blocks(document.blocks),
        "appendix": made.blocks(document.appendix),
    }
    return data, made.images


# Marks that stand beside a quotation mark give up the blank half between them. Typst does it for
# all others; it does not know quotation marks as full-width ones in text that is spaced.
_CLOSING, _OPENING = "，、。；：！？）》〉】〕”’", "（《〈【〔“‘"
_SQUEEZED = re.compile(
    f"(?<=[{_CLOSING}])(?=[“‘”’])|(?<=[”’])(?=[{_CLOSING}{_OPENING}])"
    f"|(?<=[{_OPENING}])(?=[“‘])|(?<=[“‘])(?=[{_OPENING}])"
)


@dataclass
class _Made:
    """What is known while the blocks are gone through."""

    level: int = 0
    images: dict[str, bytes] = field(default_factory=dict)
    solids: Iterator[int] = field(default_factory=count)

    def blocks(self, blocks: Iterable[Block]) -> list[Json]:
        """Return the blocks, each with its type."""
        return [self.block(block) for block in blocks]

    def block(self, block: Block) -> Json:
        """Return a block as the template draws it."""
        match block:
            case HeadingBlock():
                # Tags may not skip a level (PDF/UA-1, 7.4.2); the look keeps the author's level.
                self.level = min(block.level, self.level + 1)
                levels: Json = {"level": block.level, "tag-level": self.level}
                return {"type": "heading", **levels, "inlines": self.inlines(block.inlines)}
            case ParagraphBlock():
                inlines = self.inlines(block.inlines, ends_whole=True)
                return {"type": "paragraph", "inlines": inlines}
            case ListBlock():
                items = [self.blocks(item) for item in block.items]
                counted: Json = {"ordered": block.ordered, "start": block.start}
                return {"type": "list", **counted, "items": items}
            case GridBlock():
                return _grid(block)
            case TableBlock():
                return _table(block)
            case FigureBlock():
                words: Json = {"caption": visible(block.caption), "alt": visible(block.alt)}
                return {"type": "figure", **words, "svg": block.svg, "number": block.number}
            case ImageBlock():
                form = block.media.removeprefix("image/").removesuffix("+xml")
                path = f"image-{len(self.images) + 1}.{form}"
                self.images[path] = block.data
                return {"type": "image", "path": path, "alt": visible(block.alt)}
            case _:
                assert_never(block)

    def inlines(self, inlines: Iterable[Inline], *, ends_whole: bool = False) -> list[Json]:
        """Join runs that look alike: a number stays with the measure word behind it."""
        looks = groupby(inlines, key=lambda inline: (inline.strong, inline.emph))
        runs = [(look, list(pieces(visible(plain_text(alike))))) for look, alike in looks]
        if runs and ends_whole:
            look, last = runs[-1]
            runs[-1] = look, ending_whole(last)
        return [
            {
                "strong": strong,
                "emph": emph,
                "pieces": [p for part in parts for p in self.piece(part)],
            }
            for (strong, emph), parts in runs
        ]

    def piece(self, piece: Piece) -> Iterator[Json]:
        """Yield a piece as the template takes it: ``squeeze`` between marks, links in chunks."""
        match piece.kind:
            case "link":
                # Not behind a hyphen: a reader that copies the text takes it for hyphenation.
                chunks = re.findall(r"https?://(?:www\.)?|[^/?&=._@]{1,24}[/?&=._@]?|.", piece.text)
                solids = [self.solid(chunk) for chunk in chunks]
                yield {"kind": "link", "target": piece.target, "solids": solids}
            case "solid":
                yield self.solid(piece.text)
            case _:
                for number, text in enumerate(_SQUEEZED.split(piece.text)):
                    if number:
                        yield {"kind": "squeeze"}
                    yield {"kind": piece.kind, "text": text}

    def solid(self, text: str) -> Json:
        """Return what is not broken; by its number the template finds where it stands."""
        return {"kind": "solid", "text": text, "number": next(self.solids)}


def _texts(texts: Iterable[str]) -> list[str]:
    return [visible(text) for text in texts]


def _table(block: TableBlock) -> Json:
    return {
        "type": "table",
        "title": visible(block.title),
        "unit": visible(block.unit),
        "head": [_texts(head_words(head)) for head in block.head],
        "rows": [_texts(row) for row in block.texts],
        "align": block.align,
        "widths": column_widths(block),
        "small": is_small(block),
        "notes": _texts(block.notes),
    }


def _grid(block: GridBlock) -> Json:
    """Return a statutory table; each cell with its width in mm, and the scale that it needs."""
    form = table_form(block.key)
    widths = grid_widths(block)
    rows = [
        [_cell(cell, sum(widths[at : at + cell.colspan]), form) for cell, at in row]
        for row in block.placed()
    ]
    notes = _texts(block.notes)
    return {
        "type": "grid",
        "widths": widths,
        "head_rows": block.head_rows,
        "rows": rows,
        "notes": notes,
    }


def _cell(cell: GridCell, width: float, form: TableForm) -> Json:
    printed = replace(cell, text=visible(cell.text), note=visible(cell.note))
    return {
        "kind": cell.kind,
        "shown": broken(printed),
        "upright": printed.text in form.upright,
        "width": width,
        "scale": scale(printed.text, width * MM - CELL_PADDING),
        "colspan": cell.colspan,
        "rowspan": cell.rowspan,
    }


def printed_texts(document: Document) -> Iterator[tuple[str, str]]:
    """Yield every printed text with the heading above it, to say where something is wrong."""
    part = "标题"
    yield part, visible(document.title + document.agency_name)
    part = "开头"
    for block in (*document.blocks, *document.appendix):
        if isinstance(block, HeadingBlock):
            part = plain_text(block.inlines)
        yield from ((part, visible(text)) for text in _words_of(block))


def _words_of(block: Block) -> Iterator[str]:
    match block:
        case HeadingBlock() | ParagraphBlock() | ListBlock():
            yield from map(plain_text, inlines_of(block))
        case GridBlock():
            yield from (cell.shown for row in block.rows for cell in row)
            yield from block.notes
        case TableBlock():
            yield from (block.title, block.unit, *block.head)
            yield from (text for row in block.texts for text in row)
            yield from block.notes
        case FigureBlock():
            yield block.caption
        case ImageBlock():
            pass
        case _:
            assert_never(block)

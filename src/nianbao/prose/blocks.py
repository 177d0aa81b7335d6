"""The typed report: the Document, its blocks and its inlines.

They stand here because prose makes the first of them; tables and figures join in `notebook`,
and every writer and reader right of it matches on these types. A match ends in
`typing.assert_never`, so that the type checker finds whoever forgets a kind of block.

All text is plain text: each writer escapes it for its medium.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from nianbao.files.words import day_words
from nianbao.prose.facts import Fact
from nianbao.statutory.layout import CellKind

if TYPE_CHECKING:
    from nianbao.statistics.drawing import Tone

Align = Literal["left", "center", "right"]


@dataclass(frozen=True, slots=True)
class Words:
    """A stretch of text that looks the same throughout."""

    text: str
    strong: bool = False
    emph: bool = False


@dataclass(frozen=True, slots=True)
class FactWords:
    """Text that stands for a fact: its number can be traced."""

    text: str
    fact: Fact
    strong: bool = False
    emph: bool = False


@dataclass(frozen=True, slots=True)
class FigureCitation:
    """The words ``（见图1、图2）`` where the text speaks of figures.

    They are made with the Document and are no words of the bureau. ``subject`` is what the figure
    shows where the text does not say it.
    """

    figures: tuple[int, ...]
    subject: str = ""
    strong: bool = False
    emph: bool = False

    @property
    def text(self) -> str:
        """The citation as it is printed."""
        return f"（{self.subject}见{'、'.join(f'图{number}' for number in self.figures)}）"


Inline = Words | FactWords | FigureCitation
Inlines = tuple[Inline, ...]


@dataclass(frozen=True, slots=True)
class HeadingBlock:
    """A heading of level 1 to 4 (一、（一）1.（1）); level 0 is the title in the notebook.

    ``section`` is the id of the section whose text it belongs to, empty for the report's form.
    ``id`` is the statutory section's, else one by number; empty until the Document is put
    together.
    """

    level: int
    inlines: Inlines
    section: str = ""
    id: str = ""


@dataclass(frozen=True, slots=True)
class ParagraphBlock:
    """A paragraph of a section's text; ``section`` is empty for one of the report's form."""

    inlines: Inlines
    section: str = ""


@dataclass(frozen=True, slots=True)
class ListBlock:
    """A list; an ordered one counts from ``start``."""

    ordered: bool
    start: int
    items: tuple[tuple[Block, ...], ...]


@dataclass(frozen=True, slots=True)
class GridCell:
    """A cell of a statutory table, with its number as text.

    ``row`` and ``column`` are the keys of a value's place, None for a label. ``note`` is what
    the bureau added to the number, e.g. ``其中修订16件``.
    """

    kind: CellKind
    text: str
    colspan: int = 1
    rowspan: int = 1
    row: str | None = None
    column: str | None = None
    note: str = ""

    @property
    def shown(self) -> str:
        """The text with its note in brackets, unless it is there already."""
        return (
            f"{self.text}（{self.note}）" if self.note and self.note not in self.text else self.text
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class GridBlock:
    """A statutory table; the first ``head_rows`` rows repeat on a new page."""

    key: str
    title: str
    unit: str
    source: str
    columns: int
    head_rows: int
    rows: tuple[tuple[GridCell, ...], ...]
    notes: tuple[str, ...] = ()

    @property
    def values(self) -> tuple[GridCell, ...]:
        """The cells that hold numbers, row by row."""
        return tuple(cell for row in self.rows for cell in row if cell.kind == "value")

    def placed(self) -> Iterator[list[tuple[GridCell, int]]]:
        """Yield each row's cells, each with its first column: spans from above are counted in."""
        free_from: dict[int, int] = {}  # of a column, the first row that nothing covers
        for number, row in enumerate(self.rows):
            line, column = [], 0
            for cell in row:
                while free_from.get(column, 0) > number:
                    column += 1
                line.append((cell, column))
                for covered in range(column, column + cell.colspan):
                    free_from[covered] = number + cell.rowspan
                column += cell.colspan
            yield line


@dataclass(frozen=True, slots=True, kw_only=True)
class TableBlock:
    """Any other table: a head and rows of cells.

    One out of the prose has neither key nor title. ``widths`` are the columns' in proportion;
    without them a column is as wide as its text wants.
    """

    head: tuple[str, ...]
    rows: tuple[tuple[Inlines, ...], ...]
    align: tuple[Align, ...]
    key: str = ""
    title: str = ""
    unit: str = ""
    source: str = ""
    notes: tuple[str, ...] = ()
    widths: tuple[float, ...] = ()

    @property
    def texts(self) -> tuple[tuple[str, ...], ...]:
        """The rows as plain text."""
        return tuple(tuple(map(plain_text, row)) for row in self.rows)


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureBlock:
    """A chart: its drawings, words that say the same, and the numbers behind it.

    ``narrow`` is the drawing for a telephone, empty where there is none. ``source`` is printed for
    the public, ``files`` in the appendix alone. ``head`` and ``rows`` are the data table.
    ``aside`` ends the caption: unit and source of an analyst's own figure, whose drawing need not
    say them. ``number`` counts the figures of a Document, 0 before it is put together.
    """

    key: str
    title: str
    unit: str
    source: str
    alt: str
    svg: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    files: str = ""
    narrow: str = ""
    aside: str = ""
    number: int = 0

    @property
    def caption(self) -> str:
        """The title behind its number, as every format prints it."""
        words = f"{self.title}{self.aside}"
        return f"图{self.number}　{words}" if self.number else words


@dataclass(frozen=True, slots=True)
class ImageBlock:
    """A picture of the bureau's own; its bytes come in when the Document is put together."""

    file: str
    alt: str
    media: str = ""
    data: bytes = b""


Block = (
    HeadingBlock | ParagraphBlock | ListBlock | GridBlock | TableBlock | FigureBlock | ImageBlock
)


@dataclass(frozen=True, slots=True)
class Theme:
    """A project's own look: of the page its style and logo; colours of charts by tone."""

    css: str = ""
    logo: ImageBlock | None = None
    tones: Mapping[Tone, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A report, ready to be drawn in any format."""

    title: str
    agency_name: str
    year: int
    date: datetime.date | None
    signature: bool
    draft: bool
    description: str
    blocks: tuple[Block, ...]
    appendix: tuple[Block, ...] = ()
    theme: Theme = Theme()
    edition: str = ""
    """Names the words of its sections: two files with the same words are of one edition."""

    @property
    def day(self) -> datetime.date:
        """The day that the files bear: without a date, the first one after the reported year.

        Never the clock: the same report is the same file on any day.
        """
        return self.date or datetime.date(self.year + 1, 1, 1)

    @property
    def date_in_words(self) -> str:
        """``2025年1月20日``, without leading zeros; empty without a date.

        Source: GB/T 9704-2012, 7.3.5.4.
        """
        return day_words(self.date) if self.date else ""


def plain_text(inlines: Iterable[Inline]) -> str:
    """Join the words of inlines, without emphasis."""
    return "".join(inline.text for inline in inlines)


def pictured(blocks: Iterable[Block]) -> Iterator[FigureBlock | ImageBlock]:
    """Yield the charts and pictures in order, those in the items of lists among them."""
    for block in blocks:
        if isinstance(block, FigureBlock | ImageBlock):
            yield block
        elif isinstance(block, ListBlock):
            for item in block.items:
                yield from pictured(item)


def inlines_of(block: Block) -> Iterator[Inlines]:
    """Yield what stands in a block in running text: its words, its items', its cells'."""
    match block:
        case HeadingBlock() | ParagraphBlock():
            yield block.inlines
        case ListBlock():
            for item in block.items:
                for part in item:
                    yield from inlines_of(part)
        case TableBlock():
            for row in block.rows:
                yield from row

"""Read the letters, lines and tables of a finished PDF, with their tags.

With pdfplumber, a program that had no part in writing the file: what is measured is what a
reader gets. All lengths are points from the top left corner.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

import pdfplumber
import pikepdf

MM = 72 / 25.4
EM_TOP = 0.88
"""Where the square of a full-width character begins above the base line, in em."""

CLOSING = frozenset("、，。；：？！）》〉】〕”’")
OPENING = frozenset("（《〈【〔“‘")

TagPath = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Glyph:
    """A printed letter; ``tags`` is empty for an artifact (page number, mark, repeated head)."""

    text: str
    font: str
    size: float
    x0: float
    x1: float
    base: float
    tags: TagPath
    mcid: int | None

    @property
    def top(self) -> float:
        """Upper edge of its full-width square."""
        return self.base - EM_TOP * self.size

    @property
    def bottom(self) -> float:
        """Lower edge of its full-width square."""
        return self.top + self.size

    @property
    def blank_before(self) -> float:
        """The blank left half of an opening mark, which may lie beyond the margin."""
        return self.size / 2 if self.text in OPENING else 0

    @property
    def blank_after(self) -> float:
        """The blank right half of a closing mark."""
        return self.size / 2 if self.text in CLOSING else 0

    @property
    def wide(self) -> bool:
        """Whether it is a Chinese character, which fills a cell of the grid."""
        return "\u4e00" <= self.text <= "\u9fff"


@dataclass(frozen=True, slots=True)
class Line:
    """Letters on one base line, from the left."""

    glyphs: tuple[Glyph, ...]

    @property
    def text(self) -> str:
        """The words."""
        return "".join(g.text for g in self.glyphs)

    @property
    def first(self) -> Glyph:
        """The first letter that is not blank."""
        return next(g for g in self.glyphs if g.text.strip())

    @property
    def x1(self) -> float:
        """Right edge of the last letter that is not blank, without the blank half of a mark."""
        return max(g.x1 - g.blank_after for g in self.glyphs if g.text.strip())


@dataclass(frozen=True, slots=True)
class Page:
    """One page: ``body`` lines of running text, ``other`` tagged lines (tables, captions),
    ``artifacts``; ``cells`` are the boxes of table cells, ``raw`` the page of pdfplumber."""

    number: int
    width: float
    height: float
    body: tuple[Line, ...]
    other: tuple[Line, ...]
    artifacts: tuple[Line, ...]
    cells: tuple[tuple[float, float, float, float], ...]
    raw: Any = field(repr=False, compare=False)

    @property
    def tagged(self) -> tuple[Line, ...]:
        """Everything that is read, from the top."""
        return tuple(sorted((*self.body, *self.other), key=lambda line: line.first.base))


def read_pages(pdf: bytes) -> tuple[Page, ...]:
    """The pages of a PDF."""
    with pikepdf.open(io.BytesIO(pdf)) as file:
        numbers = {page.objgen: number for number, page in enumerate(file.pages, 1)}
        root = file.Root.get("/StructTreeRoot", {})
        tags = {(numbers[at], mcid): path for at, mcid, path in _tags(root.get("/K"), None, ())}
    with pdfplumber.open(io.BytesIO(pdf)) as document:
        return tuple(_page(page, tags) for page in document.pages)


def _tags(kids: Any, page: Any, path: TagPath) -> Iterator[tuple[tuple[int, int], int, TagPath]]:
    """The tags around each piece of marked content: its page, its number, its path.

    Read with pikepdf: pdfplumber gives an element that goes over two pages to one of them.
    """
    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        if isinstance(kid, pikepdf.Dictionary):
            own = kid.get("/Pg", page)
            if "/S" in kid:
                yield from _tags(kid.get("/K"), own, (*path, str(kid.S)[1:]))
            elif "/MCID" in kid:
                yield own.objgen, int(kid.MCID), path
        elif kid is not None and page is not None:
            yield page.objgen, int(kid), path


def _page(page: Any, tags: dict[tuple[int, int], TagPath]) -> Page:
    def glyph(char: dict[str, Any]) -> Glyph:
        mcid = char["mcid"]
        path = () if char["tag"] == "Artifact" else tags.get((page.page_number, mcid), ("?",))
        base = page.height - char["matrix"][5]
        name = char["fontname"].split("+")[-1]
        size, x0, x1 = round(char["size"], 3), char["x0"], char["x1"]
        return Glyph(char["text"], name, size, x0, x1, base, path, mcid)

    # A letter that is turned belongs to the draft mark.
    letters = [glyph(char) for char in page.chars if not char["matrix"][1]]
    artifacts = [g for g in letters if not g.tags]
    tagged = [g for g in letters if g.tags]
    set_apart = {"Table", "Caption", "Figure"}
    cells = tuple(cell for table in page.find_tables() for cell in table.cells)
    return Page(
        page.page_number,
        page.width,
        page.height,
        _lines(g for g in tagged if not set_apart & set(g.tags)),
        _lines(g for g in tagged if set_apart & set(g.tags)),
        _lines(artifacts),
        cells,
        page,
    )


def _lines(letters: Iterator[Glyph] | list[Glyph]) -> tuple[Line, ...]:
    ordered = sorted(letters, key=lambda g: (round(g.base, 1), g.x0))
    rows = (tuple(group) for _, group in groupby(ordered, key=lambda g: round(g.base, 1)))
    return tuple(Line(row) for row in rows if any(g.text.strip() for g in row))

"""The letters, lines and tables of a finished PDF, with their tags, and a measured point of them.

With PDFium, a program that had no part in writing the file: what is measured is what a reader
gets. All lengths are points from the top left corner.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import groupby

from nianbao.files.pdf_page import EM_TOP, Letter, PdfPage, read_page_contents, read_tags
from nianbao.files.pdf_tables import find_tables


@dataclass(frozen=True, slots=True)
class Measurement:
    """A point of the layout."""

    name: str
    """What was measured, in Chinese."""
    standard: str
    measured: str
    """As printed in the report, with units."""
    ok: bool
    """Whether it is within the tolerance."""
    tolerance: str = ""
    """As printed; empty where only equality will do."""


def length(name: str, standard: float, measured: float, tolerance: float, unit: str) -> Measurement:
    """Return the measurement of a length."""
    ok = abs(measured - standard) <= tolerance
    found = f"{measured:.2f} {unit}"
    return Measurement(name, f"{standard:g} {unit}", found, ok, f"±{tolerance:g} {unit}")


def none_of(name: str, standard: str, faults: list[str]) -> Measurement:
    """Return a measurement that holds unless there are faults; the first few are shown."""
    shown = "；".join(faults[:3]) + ("……" if len(faults) > 3 else "")
    return Measurement(name, standard, shown or "无例外", not faults)


MM = 72 / 25.4

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
        """True if it is a Chinese character, which fills a cell of the grid."""
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
    """One page of a PDF, its letters sorted by what they are.

    ``body`` are lines of running text, ``other`` tagged lines (tables, captions), ``artifacts`` the
    rest; ``cells`` are the boxes of table cells, ``file`` is the whole PDF.
    """

    number: int
    width: float
    height: float
    body: tuple[Line, ...]
    other: tuple[Line, ...]
    artifacts: tuple[Line, ...]
    cells: tuple[tuple[float, float, float, float], ...]
    file: bytes = field(repr=False, compare=False)

    @property
    def tagged(self) -> tuple[Line, ...]:
        """Everything that is read, from the top."""
        return tuple(sorted((*self.body, *self.other), key=lambda line: line.first.base))


def read_pages(pdf: bytes) -> tuple[Page, ...]:
    """Read the pages of a PDF.

    Raises
    ------
    InputError
        It is not a PDF.
    """
    tags = read_tags(pdf)
    kinds = {
        number: {mark: tuple(tag.kind for tag in path) for mark, path in marks.items()}
        for number, marks in tags.items()
    }
    contents = read_page_contents(pdf, tags, with_labels=True)
    return tuple(_page(page, kinds.get(page.number, {}), pdf) for page in contents)


def _page(page: PdfPage, tags: Mapping[int, TagPath], pdf: bytes) -> Page:
    def glyph(letter: Letter) -> Glyph:
        path = () if letter.mark < 0 else tags.get(letter.mark, ("?",))
        base = letter.top + EM_TOP * letter.size
        x0, x1 = letter.x0, letter.x1
        return Glyph(letter.text, letter.font, letter.size, x0, x1, base, path)

    letters = [glyph(letter) for letter in (*page.letters, *page.labels)]
    artifacts = [g for g in letters if not g.tags]
    tagged = [g for g in letters if g.tags]
    set_apart = {"Table", "Caption", "Figure"}
    cells = tuple(cell for table in find_tables(page.edges) for cell in table.cells)
    return Page(
        page.number,
        page.width,
        page.height,
        _lines(g for g in tagged if not set_apart & set(g.tags)),
        _lines(g for g in tagged if set_apart & set(g.tags)),
        _lines(artifacts),
        cells,
        pdf,
    )


def _lines(letters: Iterable[Glyph]) -> tuple[Line, ...]:
    ordered = sorted(letters, key=lambda g: (round(g.base, 1), g.x0))
    rows = (tuple(group) for _, group in groupby(ordered, key=lambda g: round(g.base, 1)))
    return tuple(Line(row) for row in rows if any(g.text.strip() for g in row))

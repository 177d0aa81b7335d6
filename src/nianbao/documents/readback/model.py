"""What a finished file says, read with other people's tools and without our own data."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from unicodedata import normalize

from nianbao.files.pages import Matrix, normalise_text
from nianbao.statutory import Format, format_of_title

# Table key, row key, column label: the place of one of the 200 statutory values.
CellKey = tuple[str, str, str]


_LIGATURE = re.compile("[\ufb00-\ufb06]")
_TWINS = str.maketrans("•・⋯", "··…")


def normalise_print(text: str) -> str:
    """Return a text as a reader compares it: no blanks, one sign for those that look the same.

    The official faces draw each of these pairs with one glyph, and a PDF names it once; PDFium
    gives a ligature (ﬁ) as its letters.
    """
    plain = _LIGATURE.sub(lambda match: normalize("NFKC", match[0]), normalise_text(text))
    return plain.translate(_TWINS)


@dataclass(frozen=True, slots=True)
class Passage:
    """The text below a heading (an empty one: before the first), tables left out."""

    heading: str
    text: str


@dataclass(frozen=True)
class Readback:
    """A finished file as read.

    Parameters
    ----------
    medium
        ``HTML``, ``PDF`` or ``Word``, for messages.
    title
        The title as shown; all texts are normalised.
    headings
        Level (1 for 一、) and text.
    cells
        The statutory values as printed. A value found twice and differently is both,
        with a slash between, so that it equals neither.
    passages
        The text, heading by heading.
    tables
        All tables of the file, statutory ones included.
    asides
        Captions that a medium sets apart from the text.
    alternatives
        What is read out in place of each picture, in their order.
    """

    medium: str
    title: str
    headings: tuple[tuple[int, str], ...]
    cells: Mapping[CellKey, str]
    passages: tuple[Passage, ...]
    tables: tuple[Matrix, ...]
    asides: str = ""
    alternatives: tuple[str, ...] = ()

    @property
    def body(self) -> str:
        """The whole text without tables."""
        return "".join(p.heading + p.text for p in self.passages) + self.asides


class Reader:
    """Collects a file's headings, texts and tables in the order in which they stand."""

    def __init__(self) -> None:
        self.title = ""
        self.headings: list[tuple[int, str]] = []
        self.tables: list[Matrix] = []
        self._passages: list[tuple[str, list[str]]] = [("", [])]
        self._asides: list[str] = []
        self._alternatives: list[str] = []

    def heading(self, level: int, text: str) -> None:
        """Add a heading; what follows belongs to it."""
        self.headings.append((level, normalise_print(text)))
        self._passages.append((normalise_print(text), []))

    def text(self, text: str) -> None:
        """Add running text."""
        self._passages[-1][1].append(normalise_print(text))

    def aside(self, text: str) -> None:
        """Add text that belongs to no place in the running text."""
        self._asides.append(normalise_print(text))

    def picture(self, alternative: str) -> None:
        """Add a picture, by what is read out in its place."""
        self._alternatives.append(normalise_print(alternative))

    def table(self, rows: Sequence[Sequence[str]]) -> None:
        """Add a table, every place of its grid filled."""
        self.tables.append(tuple(tuple(normalise_print(text) for text in row) for row in rows))

    @property
    def format(self) -> Format:
        """The format by which the tables are read: that of the year in the title."""
        return format_of_title(normalise_print(self.title))

    def finish(self, medium: str, cells: Mapping[CellKey, str]) -> Readback:
        """Return what was collected."""
        passages = tuple(Passage(heading, "".join(parts)) for heading, parts in self._passages)
        title, headings, tables = (
            normalise_print(self.title),
            tuple(self.headings),
            tuple(self.tables),
        )
        asides, alternatives = "".join(self._asides), tuple(self._alternatives)
        return Readback(medium, title, headings, cells, passages, tables, asides, alternatives)

"""A finished file as read back, with other people's tools and without our own data.

The 200 statutory values of its tables are found by the labels that a reader sees.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from unicodedata import normalize

from nianbao.files.pages import Matrix, normalise_text
from nianbao.inputs.bundle import ReportCellKey
from nianbao.statutory import Format, RequestRow, format_of_title

_LIGATURE = re.compile("[\ufb00-\ufb06]")
_ALIKE = str.maketrans("•・⋯", "··…")


@lru_cache(maxsize=4096)
def normalise_print(text: str) -> str:
    """Return a text as a reader compares it: no blanks, one sign for those that look the same.

    The official faces draw each of these pairs with one glyph, and a PDF names it once; PDFium
    gives a ligature (ﬁ) as its letters.
    """
    plain = _LIGATURE.sub(lambda match: normalize("NFKC", match[0]), normalise_text(text))
    return plain.translate(_ALIKE)


@dataclass(frozen=True, slots=True)
class Passage:
    """The text below a heading (an empty one: before the first), tables left out."""

    heading: str
    text: str


@dataclass(frozen=True)
class Readback:
    """A finished file as read."""

    medium: str
    """`HTML`, `PDF` or `Word`, for messages."""
    title: str
    """The title as shown; all texts are normalised."""
    headings: tuple[tuple[int, str], ...]
    """Level (1 for 一、) and text."""
    cells: Mapping[ReportCellKey, str]
    """The statutory values as printed. A value found twice and differently is both, with a slash
    between, so that it equals neither.
    """
    passages: tuple[Passage, ...]
    """The text, heading by heading."""
    tables: tuple[Matrix, ...]
    """All tables of the file, statutory ones included."""
    asides: str = ""
    """Captions that a medium sets apart from the text."""
    alternatives: tuple[str, ...] = ()
    """What is read out in place of each picture, in their order."""

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

    def finish(self, medium: str, cells: Mapping[ReportCellKey, str]) -> Readback:
        """Return what was collected."""
        passages = tuple(Passage(heading, "".join(parts)) for heading, parts in self._passages)
        title, headings, tables = (
            normalise_print(self.title),
            tuple(self.headings),
            tuple(self.tables),
        )
        asides, alternatives = "".join(self._asides), tuple(self._alternatives)
        return Readback(medium, title, headings, cells, passages, tables, asides, alternatives)


Found = tuple[ReportCellKey, str]


def _distinct(texts: Sequence[str]) -> list[str]:
    """Join neighbours that are the same to the one cell that spans them."""
    return [text for i, text in enumerate(texts) if i == 0 or text != texts[i - 1]]


def _decisions(matrix: Matrix, format_: Format) -> Iterator[Found]:
    """Read table 2: under each block title a row of heads, then rows; titles tell blocks apart."""
    blocks = {normalise_text(block.title): block for block in format_.decision_blocks}
    block, heads = None, matrix[0]
    for row in matrix:
        if row[0] in blocks and len(_distinct(row)) == 1:
            block, heads = blocks[row[0]], ()
        elif row[0] == normalise_text(format_.decision_item):
            heads = row
        elif block and row[0] in map(normalise_text, block.rows):
            label = next(r for r in block.rows if normalise_text(r) == row[0])
            for column in block.columns:
                places = [i for i, head in enumerate(heads) if head == normalise_text(column)]
                for value in _distinct([row[i] for i in places if i < len(row)]):
                    yield ("decisions", label, column), value


def _request_row(labels: list[str], format_: Format) -> RequestRow | None:
    """Return the row with these labels.

    Part and group must be right where they are seen: on a new page of a PDF, a label that spans
    rows is not printed again.
    """
    for row in format_.request_rows:
        path = [normalise_text(label) for label in (row.part, row.group, row.label) if label]
        if labels[-1:] == path[-1:] and all(label in path for label in labels if label):
            return row
    return None


def _requests(matrix: Matrix, format_: Format) -> Iterator[Found]:
    """Read table 3.

    The last head above a column names it, the labels before the columns name the row.
    """
    names = {normalise_text(column): column for column in format_.request_columns}
    heads: dict[int, str] = {}
    for row in matrix:
        found = {i: names[text] for i, text in enumerate(row) if text in names}
        labels = _distinct(row[: min(heads)]) if heads else []
        label_row = _request_row(labels, format_) if labels else None
        if label_row is None:
            heads |= found
            continue
        for place, column in heads.items():
            if place < len(row):
                yield ("requests", label_row.key, column), row[place]


def _reviews(matrix: Matrix, format_: Format) -> Iterator[Found]:
    """Read table 4: a column's heads from the top down say group and column."""
    known = {normalise_text(t) for g in format_.review_groups for t in (g.key, g.head)}
    columns = {normalise_text(column): column for column in format_.review_columns}
    known |= columns.keys()
    heads = [row for row in matrix if set(row) <= known]
    values = [row for row in matrix if not set(row) <= known]
    for place, stack in enumerate(zip(*heads, strict=False)):
        if (column := columns.get(stack[-1])) is None:
            continue
        shown = [row[place] for row in values if place < len(row)]
        for group in format_.review_groups:
            if stack[0] == normalise_text(group.head) and normalise_text(group.key) in stack:
                yield from ((("reviews", group.key, column), value) for value in shown)


def statutory_kind(matrix: Matrix, format_: Format) -> str | None:
    """Return which statutory table this is (``decisions``, ``requests``, ``reviews``), if any."""
    texts = {text for row in matrix for text in row}
    if normalise_text(format_.request_corner) in texts:
        return "requests"
    if {normalise_text(group.key) for group in format_.review_groups} <= texts:
        return "reviews"
    if normalise_text(format_.decision_item) in texts:
        return "decisions"
    return None


_READERS = {"decisions": _decisions, "requests": _requests, "reviews": _reviews}


def read_cells(matrices: Sequence[Matrix], format_: Format) -> dict[ReportCellKey, str]:
    """Return the statutory values of all tables of a file.

    Returns
    -------
    dict
        By table, row key and column label; what a file does not show is left out. Where a
        file shows a value twice and differently, both, with a slash between.
    """
    cells: dict[ReportCellKey, str] = {}
    for matrix in matrices:
        kind = statutory_kind(matrix, format_)
        if kind is None:
            continue
        for key, value in _READERS[kind](matrix, format_):
            before = cells.get(key)
            cells[key] = value if before in (None, value) else f"{before}/{value}"
    return cells

"""A file or a sheet as a grid of text cells, each with its place.

Nothing is interpreted here but the file's own form: encoding, delimiter, quoting. Blanks,
digits and dates are left to those who know what a column means.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from nianbao.errors import InputError, Place, Problem
from nianbao.files.sources import Source
from nianbao.files.words import normalise_characters

MAX_ROWS = 200_000
"""Most rows taken of one table."""

MAX_COLUMNS = 500
"""Most columns taken; a table has some ten."""

_DELIMITERS = (",", "\t", ";")
_RARE_DELIMITERS = ("|", "，")
_END_OF_DOS_FILE = "\x1a"
_QUOTED = re.compile(r'"[^"]*"')
_EXCEL_TEXT = re.compile(r'="(.*)"', re.DOTALL)
"""The guise in which systems export ``007`` to Excel: ``="007"``."""


MarkKind = Literal[
    "hidden",
    "column",
    "struck",
    "merged",
    "rounded",
    "scaled",
    "unshown",
    "crossed",
    "raised",
    "clock",
]


@dataclass(frozen=True, slots=True)
class Mark:
    """Something about a row or a cell of a sheet that its text does not tell."""

    kind: MarkKind
    """`hidden`: the row is; `column`: the column is hidden; `struck`: the cell is struck through;
    `merged`: the cell goes down to a later row; `rounded`: more digits are kept than shown;
    `scaled`: another number is kept than shown; `unshown`: a number is kept and none is shown;
    `crossed`: words of it are struck through and left out; `raised`: the mark of a note was left
    out; `clock`: the cell keeps a time of the day before, or of Greenwich.
    """
    row: int
    """1-based; 0 of a whole column."""
    column: int | None = None
    """0-based; None of a whole row."""
    kept: str = ""
    """What is kept and not shown; of an unshown number what is shown, of a crossed or raised
    text all of it.
    """
    last: int = 0
    """Last row of a merged cell."""


@dataclass(frozen=True, slots=True)
class Grid:
    """Text cells of a file or sheet."""

    file: str
    """Project-relative path."""
    sheet: str | None
    """Name of the worksheet; None for CSV."""
    rows: Sequence[Sequence[str]]
    """Row 0 is the row that Excel numbers 1; rows may differ in length. Empty rows and cells at the
    end are left out.
    """
    marks: tuple[Mark, ...] = ()
    """What a sheet's texts do not tell."""
    since_1904: bool = False
    """Whether a bare number that is meant as a day counts from 1904."""

    @property
    def is_empty(self) -> bool:
        """True if nothing at all is written."""
        return not self.rows

    def place(self, row: int | None = None, column: str | None = None) -> Place:
        """Return the place of a row (1-based, as Excel shows it) and column head."""
        return Place(self.file, self.sheet, row, column)


def make_grid(
    file: str,
    sheet: str | None,
    rows: list[list[str]],
    marks: Iterable[Mark] = (),
    *,
    since_1904: bool = False,
) -> Grid:
    """Make a grid without the empty rows and cells at its end.

    Raises
    ------
    InputError
        More rows than `MAX_ROWS` or columns than `MAX_COLUMNS` are left.
    """
    while rows and not any(map(str.strip, rows[-1])):
        rows.pop()
    for cells in rows:
        while cells and not cells[-1].strip():
            cells.pop()
    check_rows(file, sheet, len(rows))
    width = max(map(len, rows), default=0)
    if width > MAX_COLUMNS:
        problem = Problem("列数太多", Place(file, sheet), str(width), f"不超过{MAX_COLUMNS}列")
        raise InputError(problem)
    return Grid(file, sheet, rows, tuple(marks), since_1904)


def check_rows(file: str, sheet: str | None, count: int) -> None:
    """Refuse a table of more rows than `MAX_ROWS`.

    Raises
    ------
    InputError
        There are more.
    """
    if count > MAX_ROWS:
        place = Place(file, sheet, row=MAX_ROWS + 1)
        raise InputError(Problem("行数太多", place, str(count), f"不超过{MAX_ROWS}行"))


def read_csv(source: Source) -> Grid:
    """Read a CSV file: comma, tab, semicolon, bar or Chinese comma, in any of the usual encodings.

    Raises
    ------
    InputError
        The text cannot be decoded, its quotation marks do not pair, or it is too long.

    Examples
    --------
    >>> read_csv(Source("a.csv", "名称;数值\\n培训;2".encode("gb18030"))).rows[1]
    ['培训', '2']
    """
    text = normalise_characters(source.text().rstrip(_END_OF_DOS_FILE))
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    try:
        rows = [[_unwrap(cell) for cell in cells] for cells in reader]
    except csv.Error as error:
        place = Place(source.file, line=reader.line_num)
        remedy = "请检查这一行附近的半角引号"
        problem = Problem("引号不成对，或一格太长", place, expected="有效的CSV", remedy=remedy)
        raise InputError(problem) from error
    return make_grid(source.file, None, rows)


def _delimiter(text: str) -> str:
    """Return the delimiter in most of the first lines, outside quotation marks.

    The bar and the Chinese comma stand in words, too: they count where every line has them and no
    line another.
    """
    sample = _QUOTED.sub("", text[:20_000]).splitlines()[:50]
    counts = {d: sum(d in line for line in sample) for d in _DELIMITERS + _RARE_DELIMITERS}
    every = next((d for d in _RARE_DELIMITERS if counts[d] == len(sample)), None)
    if every and not any(counts[d] for d in _DELIMITERS):
        return every
    return max(_DELIMITERS, key=lambda d: counts[d])


def _unwrap(cell: str) -> str:
    if cell.startswith('="') and (match := _EXCEL_TEXT.fullmatch(cell)):
        return match[1]
    return cell

"""Tables of a PDF page: the cells between the lines that are drawn, and the letters in them.

The way of pdfplumber's table finder (and of the thesis of Nurminen before it): lines that are
nearly one become one, the points where they cross are the corners of cells, cells that share a
corner are a table.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from nianbao.files.pdf_page import Edge, Letter
from nianbao.files.word.symbols import raised

Box = tuple[float, float, float, float]
Point = tuple[float, float]

_TOUCHING = 1.0  # points within which two table lines are one
_NEAR = 3.0  # points within which lines are meant to lie on one another, to go on or to cross
_SHORTEST = 3.0


@dataclass(frozen=True, slots=True)
class Table:
    """A table as drawn: the boxes of its cells."""

    cells: tuple[Box, ...]

    @property
    def box(self) -> Box:
        """The box that it covers."""
        x0, top, x1, bottom = zip(*self.cells, strict=True)
        return min(x0), min(top), max(x1), max(bottom)

    @property
    def rows(self) -> list[list[Box]]:
        """Cells that begin at the same height, from the top down."""
        ordered = sorted(self.cells, key=lambda cell: (cell[1], cell[0]))
        return [list(row) for _, row in groupby(ordered, key=lambda cell: cell[1])]


def inside(letter: Letter, box: Box) -> bool:
    """Return whether the middle of a letter lies in a box."""
    across, down = (letter.x0 + letter.x1) / 2, (letter.top + letter.bottom) / 2
    return box[0] <= across <= box[2] and box[1] <= down <= box[3]


# A ruling: where it lies across its direction, and from where to where it goes.
_Ruling = tuple[float, float, float]


def _rulings(lines: Iterable[_Ruling]) -> list[_Ruling]:
    """Put lines together that are nearly one."""
    found: list[_Ruling] = []
    near: list[_Ruling] = []
    for line in [*sorted(lines), None]:
        if near and (line is None or line[0] - near[-1][0] > _NEAR):
            place = sum(each[0] for each in near) / len(near)
            found += ((place, *span) for span in _joined((each[1], each[2]) for each in near))
            near = []
        if line:
            near.append(line)
    return [line for line in found if line[2] - line[1] >= _SHORTEST]


def _joined(spans: Iterable[Point]) -> Iterator[Point]:
    start, end = None, 0.0
    for left, right in sorted(spans):
        if start is None or left > end + _NEAR:
            if start is not None:
                yield start, end
            start, end = left, right
        end = max(end, right)
    if start is not None:
        yield start, end


class _Crossings:
    """The points where upright and level rulings meet, each with the rulings through it."""

    def __init__(self, upright: Sequence[_Ruling], level: Sequence[_Ruling]) -> None:
        self.through: dict[Point, tuple[set[int], set[int]]] = {}
        heights = [ruling[0] for ruling in level]
        for number, (x, top, bottom) in enumerate(upright):
            first, last = bisect_left(heights, top - _NEAR), bisect_right(heights, bottom + _NEAR)
            for other in range(first, last):
                y, left, right = level[other]
                if left - _NEAR <= x <= right + _NEAR:
                    both = self.through.setdefault((x, y), (set(), set()))
                    both[0].add(number)
                    both[1].add(other)
        self._below: dict[float, list[Point]] = defaultdict(list)
        self._right: dict[float, list[Point]] = defaultdict(list)
        for point in sorted(self.through):
            self._below[point[0]].append(point)
            self._right[point[1]].append(point)

    def _connected(self, one: Point, other: Point, upright: bool) -> bool:
        direction = 0 if upright else 1
        return not self.through[one][direction].isdisjoint(self.through[other][direction])

    def _onward(self, point: Point, upright: bool) -> Iterator[Point]:
        """Yield the points to which a ruling leads on from here, the nearest first."""
        line = self._below[point[0]] if upright else self._right[point[1]]
        for other in line[bisect_right(line, point) :]:
            if not self._connected(point, other, upright):
                return
            yield other

    def cell_at(self, corner: Point) -> Box | None:
        """Return the smallest cell of which this is the upper left corner."""
        rights = list(self._onward(corner, False))
        for below in self._onward(corner, True):
            for right in rights:
                far = (right[0], below[1])
                if (
                    far in self.through
                    and self._connected(far, right, True)
                    and self._connected(far, below, False)
                ):
                    return (*corner, *far)
        return None


def find_tables(edges: Iterable[Edge]) -> list[Table]:
    """Find the tables that the lines of a page make, from the top down."""
    upright, level = [], []
    for edge in edges:
        if edge.bottom - edge.top > edge.x1 - edge.x0:
            upright.append((edge.x0, edge.top, edge.bottom))
        else:
            level.append((edge.top, edge.x0, edge.x1))
    crossings = _Crossings(_rulings(upright), _rulings(level))
    found = [cell for point in sorted(crossings.through) if (cell := crossings.cell_at(point))]
    tables = [Table(tuple(cells)) for cells in _touching(found) if len(cells) > 1]
    return sorted(tables, key=lambda table: min((c[1], c[0]) for c in table.cells))


def _touching(cells: Sequence[Box]) -> list[list[Box]]:
    """Put cells together that share corners."""
    at: dict[Point, list[int]] = defaultdict(list)
    for number, (x0, top, x1, bottom) in enumerate(cells):
        for corner in ((x0, top), (x0, bottom), (x1, top), (x1, bottom)):
            at[corner].append(number)
    groups, seen = [], set[int]()
    for first in range(len(cells)):
        group, waiting = [], [first]
        while waiting:
            number = waiting.pop()
            if number not in seen:
                seen.add(number)
                group.append(cells[number])
                x0, top, x1, bottom = cells[number]
                for corner in ((x0, top), (x0, bottom), (x1, top), (x1, bottom)):
                    waiting += at.pop(corner, ())
        if group:
            groups.append(group)
    return groups


def _height(letter: Letter) -> float:
    return (letter.top + letter.bottom) / 2


def _edges(values: Iterable[float]) -> list[float]:
    edges: list[float] = []
    for value in sorted(values):
        if not edges or value - edges[-1] > _TOUCHING:
            edges.append(value)
    return edges


_SMALL, _HIGHER = 0.85, 0.1  # of the size of the letters beside a raised one


def _written(letters: Sequence[Letter]) -> str:
    """Return the text of a cell; a small digit that stands higher is the sign of a note."""
    parts: list[str] = []
    last = letters[0] if letters else None
    for letter in letters:
        assert last is not None
        higher = last.bottom - letter.bottom > _HIGHER * last.size
        if higher and letter.size < _SMALL * last.size and letter.top < last.bottom:
            parts.append(raised(letter.text) or letter.text)
        else:
            parts.append(letter.text)
            last = letter
    return "".join(parts)


def lined_matrix(cells: Sequence[Box], letters: Sequence[Letter]) -> list[list[str]]:
    """Return the text at every place of the grid that the table's lines make.

    A large cell fills several places.
    """
    across = _edges([x for cell in cells for x in (cell[0], cell[2])])
    down = _edges([y for cell in cells for y in (cell[1], cell[3])])
    rows = [[""] * (len(across) - 1) for _ in down[1:]]
    # By height, so that a cell looks at the letters of its own lines only.
    order = sorted(range(len(letters)), key=lambda n: _height(letters[n]))
    heights = [_height(letters[n]) for n in order]
    for cell in cells:
        near = order[bisect_left(heights, cell[1]) : bisect_right(heights, cell[3])]
        text = _written([letters[n] for n in sorted(near) if inside(letters[n], cell)])
        left, right = (bisect_left(across, x - _TOUCHING) for x in (cell[0], cell[2]))
        top, bottom = (bisect_left(down, y - _TOUCHING) for y in (cell[1], cell[3]))
        for row in rows[top:bottom]:
            row[left:right] = [text] * (right - left)
    return rows

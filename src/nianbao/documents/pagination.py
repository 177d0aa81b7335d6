"""Arrange the blocks of a report on its pages, as a typist would who sees the whole.

Every block takes whole lines of the page's 22. A figure stands after the text that speaks of it,
under the same heading: where it does not fit, it is drawn smaller, or the text that follows goes
before it. A paragraph leaves at least two lines on each page that it is on. What would stay blank
at the foot of a page is spread: a line more around a figure or above the title, more space in the
rows of a statutory table, a little of each before much of one; before a last page that would be
short, the last part may begin a page.
Of all ways the one with the least blank is taken; no last page is nearly empty.

Typst cannot decide this: it places one block after the other. It measures, and draws the plan.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from nianbao.documents.typesetting import LINES, SMALLEST_SCALE

PITCH = 225 * 72 / 25.4 / LINES
GAP = PITCH - 16
"""Between two lines, in points."""

LEAST_ON_LAST_PAGE = 7
"""Lines: more than a quarter of the page."""

_AIR_COSTS = (0.0, 0.15, 0.5)
"""Of no line, one and two that stay free around a figure or above the title."""
_INSETS = (2.0, 5.5, 15.0)
"""Least, usual and greatest space above and below the text of a table's row, in points."""
_LONG_INSET = 4.0
"""The same of a table that goes over several pages."""

BlockKind = Literal["text", "heading", "figure", "grid", "table", "long"]


Texts = Sequence[Sequence[tuple[float, int]]]
"""Of a statutory table, row by row: the height of each text and the rows that it spans."""


@dataclass(frozen=True, slots=True)
class Measured:
    """A block as Typst measured it.

    ``height`` is in points: of a figure with its caption, of which ``picture`` is the drawing; of
    a ``grid``, a statutory table, what stands below it, while ``texts`` are in it. A ``long`` table
    goes over several pages and repeats its head on each. ``whole``: it must not be broken.
    ``level`` is that of a heading. ``parts`` are the heights of a list's paragraphs, each of which
    is broken by itself.
    """

    kind: BlockKind
    height: float
    picture: float = 0.0
    rows: int = 0
    whole: bool = False
    level: int = 0
    parts: Sequence[float] = ()
    texts: Texts = ()


@dataclass(frozen=True, slots=True)
class Placed:
    """A block in its place: which one, the scale of its picture.

    ``rows`` are the heights of a statutory table's rows in points and ``lines`` what it takes with
    its notes; ``air`` are lines that stay free around a figure; ``new_page``: a heading begins a
    page.
    """

    block: int
    scale: float = 1.0
    rows: Sequence[float] = ()
    lines: int = 0
    air: int = 0
    new_page: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """The blocks in their places, and the lines that stay free above the title."""

    placed: tuple[Placed, ...]
    air: int = 0


@dataclass(frozen=True, slots=True)
class _Way:
    """How far one came: what it cost, and what was placed, the last first."""

    cost: float
    title_air: int
    placed: tuple[Placed, _Way | None] | None = None

    def on(self, cost: float, placed: Placed) -> _Way:
        return _Way(self.cost + cost, self.title_air, (placed, self))


_Size = tuple[int, float, Placed]
"""The lines that a block takes, what it costs to set it so, and how."""

# Figures that wait, lines of headings above the next block, lines used on the page.
_State = tuple[int, int, int]


def lines_of(height: float) -> int:
    """Return how many lines of the grid a height takes up."""
    return max(1, math.ceil((height + GAP) / PITCH - 0.001))


def arrange(blocks: Sequence[Measured], *, title: int = 0, signature: int = 0) -> Plan:
    """Arrange blocks on pages; ``title`` and ``signature`` are the lines that these take."""
    blocks = [_long_if_needed(block) for block in blocks]
    sizes = [tuple(_sizes(block, number)) for number, block in enumerate(blocks)]
    airs = range(len(_AIR_COSTS) if title else 1)
    ways: dict[_State, _Way] = {(0, 0, title + air): _Way(2 * _AIR_COSTS[air], air) for air in airs}
    for number, block in enumerate(blocks):
        last = number == len(blocks) - 1
        ways = _none_waiting(ways) if block.kind == "heading" else ways
        reached: dict[_State, _Way] = {}
        for state, way in ways.items():
            for new, better in _next(
                state, way, block, number, sizes[number], signature if last else 0
            ):
                _keep(reached, new, better)
        ways = _with_figures(reached, number + 1, blocks, sizes)
    ends = _none_waiting(ways)
    _, best = min(ends.items(), key=lambda end: end[1].cost + _end_cost(end[0][2], signature))
    return Plan(tuple(_unrolled(best)), best.title_air)


def _keep(ways: dict[_State, _Way], state: _State, way: _Way) -> None:
    if state not in ways or way.cost < ways[state].cost:
        ways[state] = way


def _none_waiting(ways: dict[_State, _Way]) -> dict[_State, _Way]:
    """Return the ways on which no figure waits any more: it must not leave its part."""
    return {state: way for state, way in ways.items() if state[0] == 0}


def _next(
    state: _State, way: _Way, block: Measured, number: int, sizes: Sequence[_Size], signature: int
) -> Iterator[tuple[_State, _Way]]:
    """Put the next block on the page; a figure waits first, and is placed by `_with_figures`."""
    waiting, lead, used = state
    match block.kind:
        case "heading":
            lines = lines_of(block.height)
            yield (waiting, lead + lines, used), way.on(0.0, Placed(number))
            if block.level == 1 and not lead and LINES * 2 / 3 < used < LINES:
                begun = way.on((LINES - used) ** 2 / 4, Placed(number, new_page=True))
                yield (waiting, lines, LINES), begun
        case "figure":
            yield (waiting + 1, lead, used), way
        case "text" if not block.whole:
            lines = lines_of(block.height)
            if signature and lines < LINES / 2:
                end, cost = _kept(used, lead, lines + signature)
                end -= signature
            else:
                end, cost = _broken(used, lead, block)
            yield (waiting, 0, _used(end)), way.on(cost + 1.5 * waiting, Placed(number))
        case "long":
            unused, end = _end_of_long(block, used, lead)
            yield (waiting, 0, end), way.on(unused + 1.5 * waiting, Placed(number))
        case _:
            for lines, cost, size in sizes:
                start, unused = _start(used, lead + lines, _blank_cost)
                better = way.on(cost + unused + 1.5 * waiting, size)
                yield (waiting, 0, _used(start + lead + lines)), better


def _with_figures(
    ways: dict[_State, _Way],
    end: int,
    blocks: Sequence[Measured],
    sizes: Sequence[Sequence[_Size]],
) -> dict[_State, _Way]:
    """Return the ways, and those on which one figure after the other that waits is placed here."""
    reached = dict(ways)
    figures = [number for number in range(end) if blocks[number].kind == "figure"]
    for waiting in range(max((state[0] for state in ways), default=0), 0, -1):
        for state, way in [item for item in reached.items() if item[0][0] == waiting]:
            _, lead, used = state
            number = figures[-waiting]
            for lines, cost, placed in sizes[number]:
                start, blank = _start(used, lead + lines, _gap_cost)
                new = (waiting - 1, 0, _used(start + lead + lines))
                _keep(reached, new, way.on(cost + blank, placed))
    return reached


def row_heights(texts: Texts, inset: float) -> list[float]:
    """Return the heights of a table's rows: as high as its highest text, with space around it.

    Where a text spans rows that give it less than it needs, the last of them is higher.

    Examples
    --------
    >>> row_heights([[(10, 1), (40, 2)], [(10, 1)]], 2)
    [14.0, 30.0]
    """
    spans: dict[tuple[int, int], float] = {}
    for first, row in enumerate(texts):
        for height, span in row:
            rows = (first + span - 1, first)
            spans[rows] = max(height, spans.get(rows, 0.0))
    heights = [0.0] * len(texts)
    for (last, first), height in sorted(spans.items()):
        heights[last] = max(heights[last], height + 2 * inset - sum(heights[first:last]))
    return heights


def _long_if_needed(block: Measured) -> Measured:
    """Return a statutory table that no page holds as one that goes over several."""
    if block.kind != "grid" or _grid_height(block, _INSETS[0]) <= (LINES - 1) * PITCH - GAP:
        return block
    return Measured("long", _grid_height(block, _LONG_INSET), rows=len(block.texts))


def _grid_height(grid: Measured, inset: float) -> float:
    return sum(row_heights(grid.texts, inset)) + grid.height


def _sizes(block: Measured, number: int) -> Iterator[_Size]:
    """Yield the sizes in which a block that is not broken may be set."""
    if block.kind == "figure":
        rest = block.height - block.picture
        sizes: dict[int, float] = {}
        for step in range(round((1 - SMALLEST_SCALE) * 100) + 1):
            scale = 1 - step / 100
            sizes.setdefault(lines_of(rest + scale * block.picture), scale)
        for lines, scale in sizes.items():
            yield lines, 12 * (1 - scale), Placed(number, scale=scale)
        for air in range(1, len(_AIR_COSTS)):
            if lines_of(block.height) + air < LINES - 1:
                yield lines_of(block.height) + air, _AIR_COSTS[air], Placed(number, air=air)
    elif block.kind == "grid":
        yield from _grid_sizes(block, number)
    else:
        yield min(lines_of(block.height), LINES), 0.0, Placed(number)


def _grid_sizes(grid: Measured, number: int) -> Iterator[_Size]:
    """Yield a statutory table in as many lines as the space in its rows allows."""
    least, usual, most = _INSETS
    # A heading stands above it on the page.
    lowest = lines_of(_grid_height(grid, least))
    highest = min(lines_of(_grid_height(grid, most)) - 1, LINES - 1)
    own = min(max(lines_of(_grid_height(grid, usual)), lowest), LINES - 1)
    room = _grid_height(grid, usual)
    for lines in range(min(lowest, LINES), max(highest, own) + 1):
        inset = usual + (lines * PITCH - GAP - 0.5 - room) / (2 * len(grid.texts))
        inset = min(max(inset, least), most) if lines != own else min(max(inset, least), usual)
        cost = 0.08 * (lines - own) ** 2 if lines > own else 0.8 * (own - lines)
        rows = row_heights(grid.texts, round(inset, 3))
        yield lines, cost, Placed(number, rows=rows, lines=lines_of(sum(rows) + grid.height))


def _kept(used: int, lead: int, lines: int) -> tuple[int, float]:
    """Return where text that is not broken ends, and what the blank before it costs."""
    if used + lead + lines <= LINES or not used:
        return used + lead + lines, 0.0
    return lead + lines, _gap_cost(used + lead)


def _broken(used: int, lead: int, block: Measured) -> tuple[int, float]:
    """Return where running text ends, and what the blank before and within it costs.

    No single line of a paragraph ends or begins a page; so one of three lines is not broken.
    Typst sets it so (page.typ).
    """
    cost = 0.0
    for lines in map(lines_of, block.parts or (block.height,)):
        used, blank = _kept(used, lead, lines if lines <= 3 else 2)
        cost, lead = cost + blank, 0
        if lines <= 3:
            continue
        used -= 2
        while lines > LINES - used:
            here = min(LINES - used, lines - 2)
            cost += _gap_cost(used + here)
            used, lines = 0, lines - here
        used += lines
    return used, cost


def _end_of_long(block: Measured, used: int, lead: int) -> tuple[float, int]:
    """Return what the blank before a long table costs, and where the table ends.

    Its rows are taken to be alike.
    """
    each, unused = block.height / block.rows, 0.0
    first = int((LINES - used - lead) * PITCH / each)
    if first < 3 and used:
        unused, first = _blank_cost(used), int((LINES - lead) * PITCH / each)
    rest, a_page = max(block.rows - first, 1), max(int(LINES * PITCH / each) - 1, 1)
    rest = (rest - 1) % a_page + 1
    return unused, min(lines_of((rest + 1) * each), LINES)


def _start(used: int, needed: int, blank_cost: Callable[[int], float]) -> tuple[int, float]:
    """Return where something begins that is not broken, and what the blank before it costs."""
    return (used, 0.0) if used + needed <= LINES or not used else (0, blank_cost(used))


def _used(lines: int) -> int:
    """Return the lines used on the page that so many lines end on."""
    return (lines - 1) % LINES + 1


def _blank_cost(used: int) -> float:
    """Return what the rest of a page costs before a table.

    A part of the report begins there, so a little blank is usual.
    """
    return max(0, LINES - used - 1) ** 2 / 4


def _gap_cost(used: int) -> float:
    """Return what the rest of a page costs amid a part.

    A heading that must go along does not count.
    """
    return max(0, LINES - used) ** 2 / 2


def _end_cost(used: int, signature: int) -> float:
    """Return what the last page costs: the signature alone there most, then little else."""
    if used + signature > LINES:
        return 500.0
    lines = used + signature
    nearly_empty = 10.0 * max(0, LEAST_ON_LAST_PAGE - lines)
    return nearly_empty + 0.15 * max(0, LINES // 2 - lines) ** 2


def _unrolled(way: _Way) -> list[Placed]:
    placed = []
    step = way.placed
    while step is not None:
        placed.append(step[0])
        step = step[1].placed if step[1] else None
    return placed[::-1]

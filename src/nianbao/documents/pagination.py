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

LINES = 22
PITCH = 225 * 72 / 25.4 / LINES
GAP = PITCH - 16
"""Between two lines, in points."""

LEAST_ON_LAST_PAGE = 7
"""Lines: more than a quarter of the page."""

_SMALLEST = 0.7
_AIR_COSTS = (0.0, 0.15, 0.5)
"""Of no line, one and two that stay free around a figure or above the title."""
_INSETS = (2.0, 5.5, 15.0)
"""Least, usual and greatest space above and below the text of a table's row, in points."""

Kind = Literal["text", "heading", "figure", "table", "long"]


@dataclass(frozen=True, slots=True)
class Measured:
    """A block as Typst measured it.

    ``height`` is in points: of a figure with its caption, of which ``picture`` is the drawing;
    of a table with rows at the usual space. A ``long`` table goes over several pages and repeats
    its head on each. ``whole``: it must not be broken. ``level`` is that of a heading.
    ``parts`` are the heights of a list's paragraphs, each of which is broken by itself.
    """

    kind: Kind
    height: float
    picture: float = 0.0
    rows: int = 0
    whole: bool = False
    level: int = 0
    parts: Sequence[float] = ()


@dataclass(frozen=True, slots=True)
class Placed:
    """A block in its place: which one, the scale of its picture or the space in its rows.

    ``air`` are lines that stay free around a figure; ``new_page``: a heading begins a page.
    """

    block: int
    scale: float = 1.0
    inset: float = _INSETS[1]
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


# Figures that wait, lines of headings above the next block, lines used on the page.
_State = tuple[int, int, int]


def lines_of(height: float) -> int:
    """Return how many lines of the grid a height takes up."""
    return max(1, math.ceil((height + GAP) / PITCH - 0.001))


def arrange(blocks: Sequence[Measured], *, title: int = 0, signature: int = 0) -> Plan:
    """Arrange blocks on pages; ``title`` and ``signature`` are the lines that these take."""
    airs = range(len(_AIR_COSTS) if title else 1)
    ways: dict[_State, _Way] = {(0, 0, title + air): _Way(2 * _AIR_COSTS[air], air) for air in airs}
    for number, block in enumerate(blocks):
        last = number == len(blocks) - 1
        ways = _before(ways, number) if block.kind == "heading" else ways
        reached: dict[_State, _Way] = {}
        for state, way in ways.items():
            for new, better in _next(state, way, block, number, signature if last else 0):
                _keep(reached, new, better)
        ways = _with_figures(reached, number + 1, blocks)
    ends = _before(ways, len(blocks))
    _, best = min(ends.items(), key=lambda end: end[1].cost + _end_cost(end[0][2], signature))
    return Plan(tuple(_unrolled(best)), best.title_air)


def _keep(ways: dict[_State, _Way], state: _State, way: _Way) -> None:
    if state not in ways or way.cost < ways[state].cost:
        ways[state] = way


def _before(ways: dict[_State, _Way], number: int) -> dict[_State, _Way]:
    """Return the ways on which no figure waits any more: it must not leave its part."""
    return {state: way for state, way in ways.items() if state[0] == 0}


def _next(
    state: _State, way: _Way, block: Measured, number: int, signature: int
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
            for lines, cost, size in _sizes(block, number):
                start, unused = _start(used, lead + lines, _blank_cost)
                better = way.on(cost + unused + 1.5 * waiting, size)
                yield (waiting, 0, _used(start + lead + lines)), better


def _with_figures(
    ways: dict[_State, _Way], end: int, blocks: Sequence[Measured]
) -> dict[_State, _Way]:
    """Return the ways, and those on which one figure after the other that waits is placed here."""
    reached = dict(ways)
    figures = [number for number in range(end) if blocks[number].kind == "figure"]
    for waiting in range(max((state[0] for state in ways), default=0), 0, -1):
        for state, way in [item for item in reached.items() if item[0][0] == waiting]:
            _, lead, used = state
            number = figures[-waiting]
            for lines, cost, placed in _sizes(blocks[number], number):
                start, blank = _start(used, lead + lines, _gap_cost)
                new = (waiting - 1, 0, _used(start + lead + lines))
                _keep(reached, new, way.on(cost + blank, placed))
    return reached


def _sizes(block: Measured, number: int) -> Iterator[tuple[int, float, Placed]]:
    """Yield the sizes in which a block that is not broken may be set: lines, cost, how."""
    if block.kind == "figure":
        rest = block.height - block.picture
        sizes: dict[int, float] = {}
        for step in range(round((1 - _SMALLEST) * 100) + 1):
            scale = 1 - step / 100
            sizes.setdefault(lines_of(rest + scale * block.picture), scale)
        for lines, scale in sizes.items():
            yield lines, 12 * (1 - scale), Placed(number, scale=scale)
        for air in range(1, len(_AIR_COSTS)):
            if lines_of(block.height) + air < LINES - 1:
                yield lines_of(block.height) + air, _AIR_COSTS[air], Placed(number, air=air)
    elif block.kind == "table" and block.rows:
        yield from _table_sizes(block, number)
    else:
        yield min(lines_of(block.height), LINES), 0.0, Placed(number)


def _table_sizes(block: Measured, number: int) -> Iterator[tuple[int, float, Placed]]:
    """Yield a table in as many lines as the space in its rows allows."""
    least, usual, most = _INSETS
    each = 2 * block.rows

    def height(inset: float) -> float:
        return block.height + each * (inset - usual)

    # A heading stands above it on the page.
    lowest, highest = lines_of(height(least)), min(lines_of(height(most)) - 1, LINES - 1)
    own = min(max(lines_of(height(usual)), lowest), LINES - 1)
    for lines in range(min(lowest, LINES), max(highest, own) + 1):
        inset = usual + (lines * PITCH - GAP - 0.5 - block.height) / each
        inset = min(max(inset, least), most) if lines != own else min(max(inset, least), usual)
        cost = 0.08 * (lines - own) ** 2 if lines > own else 0.8 * (own - lines)
        yield lines, cost, Placed(number, inset=round(inset, 3))


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

"""The flow of a year's requests: where they came from, and what became of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from nianbao.statistics.arithmetic import added, plain
from nianbao.statistics.charts.bars import LINE, PAD
from nianbao.statistics.charts.counts import outcome_counts
from nianbao.statistics.charts.registry import (
    LEAST_FOR_SHARES,
    Drawn,
    Tables,
    chart,
    data_frame,
    enough,
    number_of,
    share,
)
from nianbao.statistics.drawing import WIDE, Anchor, Band, Box, Drawing, Mark, Text, Tone, widest
from nianbao.statutory import Format

HEIGHT = 96.0
"""Points of all requests together."""
EDGE = 5.0
"""Points across the end of a stream."""
THINNEST = 0.8
"""Points: one of thousands must still be seen."""
APART = 4.0

Item = tuple[str, Decimal]


@dataclass(frozen=True, slots=True)
class _Slot:
    """The height that an item has for its label, and the depth of the stream in its middle."""

    lines: tuple[str, ...]
    top: float
    height: float
    depth: float

    @property
    def stream(self) -> float:
        """The box where the stream begins."""
        return self.top + (self.height - self.depth) / 2


@dataclass(frozen=True, slots=True)
class Flow:
    """Streams that come together and part again; both sides add up to the same.

    ``lead`` is printed above the middle, before the sum.
    """

    sources: tuple[Item, ...]
    results: tuple[Item, ...]
    lead: str
    unit: str

    @property
    def whole(self) -> Decimal:
        """What flows."""
        return sum((value for _, value in self.sources), Decimal(0))

    @property
    def statements(self) -> tuple[str, ...]:
        """The readable statements of a narrow sheet: each name with its number, and the sum."""
        sides = (*self.sources, *self.results)
        named = (f"{name}{plain(value)}{self.unit}" for name, value in sides)
        return (f"{self.lead}{plain(self.whole)}{self.unit}", *named)

    def draw(self, width: float) -> Drawing:
        """Draw the sources on the left, the results on the right, every label clear of the next."""
        sources, results = (self._slots(side, width) for side in (self.sources, self.results))
        deepest = max(side[-1].top + side[-1].height for side in (sources, results))
        height = max(deepest, HEIGHT)
        left = 2 * PAD + widest(line for slot in sources for line in slot.lines)
        right = width - 2 * PAD - widest(line for slot in results for line in slot.lines)
        centre = (left + right) / 2
        top = LINE + PAD
        marks: list[Mark] = [
            *_streams(sources, left, centre, top, height),
            *_streams(results, right, centre, top, height),
            *_ends(sources, left, "end", "before", top, height),
            *_ends(results, right, "start", "now", top, height),
            Box(centre - EDGE / 2, top + (height - HEIGHT) / 2, EDGE, HEIGHT, "now"),
        ]
        words = f"{self.lead}{plain(self.whole)}{self.unit}"
        over = top + (height - HEIGHT) / 2 - LINE / 2 - 2
        marks.append(Text(centre, over, words, "middle"))
        return Drawing(width, top + height + PAD, tuple(marks))

    def _slots(self, side: Sequence[Item], width: float) -> list[_Slot]:
        slots, top = [], 0.0
        for name, value in side:
            lines = self._label(name, value, width)
            depth = max(float(value / self.whole) * HEIGHT, THINNEST)
            height = max(depth, len(lines) * LINE) + APART
            slots.append(_Slot(lines, top, height, depth))
            top += height
        return slots

    def _label(self, name: str, value: Decimal, width: float) -> tuple[str, ...]:
        """Return a name and its count; on a narrow sheet they stand below each other."""
        count = f"{plain(value)}{self.unit}"
        if width < WIDE:
            return (name, count)
        part = f"（{share(value, self.whole)}）" if self.whole >= LEAST_FOR_SHARES else ""
        return (f"{name}{count}{part}",)


def _shift(slots: Sequence[_Slot], top: float, height: float) -> float:
    """Return where the first slot begins, so that the side stands in the middle."""
    return top + (height - slots[-1].top - slots[-1].height) / 2


def _streams(
    slots: Sequence[_Slot], edge: float, centre: float, top: float, height: float
) -> Iterator[Mark]:
    """Yield the bands from the edge of a side to the middle, where they lie close on each other."""
    shift, meeting = _shift(slots, top, height), top + (height - HEIGHT) / 2
    for slot in slots:
        yield Band(edge, shift + slot.stream, centre, meeting, slot.depth)
        meeting += slot.depth


def _ends(
    slots: Sequence[_Slot], edge: float, anchor: Anchor, tone: Tone, top: float, height: float
) -> Iterator[Mark]:
    """Yield the ends of the streams with what they are called."""
    shift = _shift(slots, top, height)
    outwards = 1 if anchor == "start" else -1
    for slot in slots:
        yield Box(edge - EDGE / 2, shift + slot.stream, EDGE, slot.depth, tone)
        first = shift + slot.top + slot.height / 2 - (len(slot.lines) - 1) * LINE / 2
        for number, line in enumerate(slot.lines):
            yield Text(edge + outwards * PAD, first + number * LINE, line, anchor)


@chart(
    "requests_flow",
    title="政府信息公开申请的来源和去向",
    unit="件",
    source="本报告第三部分",
)
def requests_flow(tables: Tables, format_: Format) -> Drawn | None:
    """Draw carried in and new on one side, outcomes and carried out on the other.

    Not drawn where both sides differ: finding B8 says so.
    """
    table = tables.get("requests")
    if table is None:
        return None
    totals = table.frame[format_.total]
    numbers = {key: number_of(totals[key]) for key in ("carried_in", "new", "carried_out")}
    outcomes = outcome_counts(table, format_)
    sources = {"上年结转": numbers["carried_in"], "本年新收": numbers["new"]}
    results = {**outcomes, "结转下年": numbers["carried_out"]}
    whole = added(sources.values())
    if not whole or whole != added(results.values()):
        return None
    if not enough((*sources.values(), *results.values())):
        return None
    left, right = (_there(side) for side in (sources, results))
    labels = [name for name, _ in (*left, *right)]
    values = [value for _, value in (*left, *right)]
    came, went = ("、".join(_reported(side, whole)) for side in (left, right))
    alt = f"本年办理政府信息公开申请共{plain(whole)}件：其中{came}；去向为{went}。"
    flow = Flow(left, right, "共办理", "件")
    return Drawn(flow, alt, data_frame("来源和去向", labels, {"数量（件）": values}))


def _there(side: dict[str, Decimal | None]) -> tuple[Item, ...]:
    return tuple((name, value) for name, value in side.items() if value)


def _reported(side: Sequence[Item], whole: Decimal) -> Iterator[str]:
    for name, value in side:
        part = f"（{share(value, whole)}）" if whole >= LEAST_FOR_SHARES and value < whole else ""
        yield f"{name}{plain(value)}件{part}"

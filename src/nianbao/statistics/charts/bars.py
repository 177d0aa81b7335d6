"""Bars from zero, the largest first, and columns on a line in an order of their own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import accumulate, groupby

from nianbao.statistics.arithmetic import added, plain
from nianbao.statistics.charts.registry import (
    LEAST_FOR_SHARES,
    Drawn,
    data_frame,
    enough,
    share,
)
from nianbao.statistics.drawing import (
    SIZE,
    WIDE,
    Anchor,
    Box,
    Drawing,
    Line,
    Mark,
    Text,
    Tone,
    broken,
    text_width,
    widest,
)

LINE, BAR, GAP, PAD = 12.5, 11.0, 7.0, 5.0
NAME_WIDTH = 13 * SIZE
"""Longest line of a name beside its bar; a longer name is broken."""
SHORT = 0.3
"""Names within this part of a narrow sheet stand beside their bars too."""
TAIL = Decimal("0.01")
"""Values below this share of the whole are summed up, where there are two or more."""
MOST_BARS = 16
"""More bars than this are no picture; the smallest are summed up too."""
HEIGHT = 104.0
"""Points of the highest column."""
COLUMN = 26.0
"""Points across a column, where there is room."""
TONES: tuple[Tone, ...] = ("now", "before")
SWATCH = 8.0


@dataclass(frozen=True, slots=True)
class Bars:
    """Bars to draw, from the top."""

    labels: tuple[str, ...]
    values: tuple[Decimal, ...]
    """Name and value of each bar; values are never negative."""
    texts: tuple[str, ...]
    """What is printed beside each bar."""
    unit: str
    """Of the values."""

    def draw(self, width: float) -> Drawing:
        """Draw the names beside their bars; on a narrow sheet, above them."""
        beside = width >= WIDE or widest(self.labels) <= SHORT * width
        limit = NAME_WIDTH if beside else width - 2 * PAD
        names = [broken(label, limit) for label in self.labels]
        left = PAD + (widest(line for lines in names for line in lines) + PAD if beside else 0.0)
        room = width - left - 2 * PAD - widest(self.texts)
        scale = room / float(max(self.values)) if any(self.values) else 0.0
        heights = [max(len(n) * LINE, BAR) if beside else len(n) * LINE + BAR + 2 for n in names]
        tops = list(accumulate((height + GAP for height in heights), initial=LINE + PAD))
        marks: list[Mark] = unit_mark(self.unit, width)
        rows = zip(names, self.values, self.texts, tops, heights, strict=False)
        for lines, value, text, top, height in rows:
            first = top + (height - (len(lines) - 1) * LINE) / 2 if beside else top + LINE / 2
            # Above its bar a name keeps clear of the line from which the bars grow.
            x = left - PAD if beside else left + PAD / 2
            anchor: Anchor = "end" if beside else "start"
            for number, line in enumerate(lines):
                marks.append(Text(x, first + number * LINE, line, anchor))
            middle = top + height / 2 if beside else top + height - BAR / 2
            length = float(value) * scale
            if value:
                marks.append(Box(left, middle - BAR / 2, length, BAR, "now"))
            marks.append(Text(left + length + PAD, middle, text))
        marks.append(Line(left, tops[0] - GAP / 2, left, tops[-1] - GAP / 2))
        return Drawing(width, tops[-1], tuple(marks))

    @property
    def statements(self) -> tuple[str, ...]:
        """The readable statements: each name with its number."""
        return tuple(f"{name}{text}" for name, text in zip(self.labels, self.texts, strict=True))


def unit_mark(unit: str, width: float) -> list[Mark]:
    """Return the unit, at the right end of the first line; nothing where it is said elsewhere."""
    return [Text(width - PAD, LINE / 2, f"单位：{unit}", "end", "soft")] if unit else []


def ranked(
    counts: Mapping[str, Decimal | None], head: str, lead: str, unit: str, rest: str = ""
) -> Drawn | None:
    """Return the bars sorted from the largest; equal ones keep the order of the table.

    Parameters
    ----------
    counts
        By name.
    head
        Of the names in the data table.
    lead
        Begins the words: ``各渠道共公开政府信息``.
    rest
        What a part of the names is called where it may be summed up: ``类``; empty for a
        closed list of the statute, which is always shown whole.
    """
    total = added(counts.values())
    if not total or not enough(counts.values()):
        return None
    known = sorted(((n, v) for n, v in counts.items() if v is not None), key=lambda item: -item[1])
    shares = {v: share(v, total) if total >= LEAST_FOR_SHARES else "" for _, v in known}
    shown, tail = _folded(known, total) if rest else (known, [])
    bars = [(name, value, _beside(value, total)) for name, value in shown]
    if tail:
        value = sum((v for _, v in tail), Decimal(0))
        bars.append((f"其他{len(tail)}{rest}", value, _beside(value, total)))
    labels, values, texts = zip(*bars, strict=True)
    columns: dict[str, Sequence[object]] = {f"数量（{unit}）": [value for _, value in known]}
    if total >= LEAST_FOR_SHARES:
        columns["占比"] = [shares[value] for _, value in known]
    alt = f"{lead}{plain(total)}{unit}。{'；'.join(_reported(known, shares, unit))}。"
    data = data_frame(head, [name for name, _ in known], columns)
    return Drawn(Bars(labels, values, texts, unit), alt, data)


Counted = list[tuple[str, Decimal]]


def _folded(known: Counted, total: Decimal) -> tuple[Counted, Counted]:
    """Return what has a bar of its own, and what is summed up: never one alone."""
    large = sum(1 for _, value in known if value >= total * TAIL)
    most = large if len(known) <= MOST_BARS else min(large, MOST_BARS - 1)
    return (known[:most], known[most:]) if len(known) - most > 1 else (known, [])


def _beside(value: Decimal, total: Decimal) -> str:
    """Return the value, and its share where that says something."""
    if not value or total < LEAST_FOR_SHARES:
        return plain(value)
    return f"{plain(value)}（{share(value, total)}）"


def _reported(known: Counted, shares: Mapping[Decimal, str], unit: str) -> Iterator[str]:
    """Yield every value in words; equal ones share a place."""
    for number, (value, group) in enumerate(groupby(known, key=lambda item: item[1])):
        names = "、".join(name for name, _ in group)
        several = "、" in names and len([1 for n, v in known if v == value]) > 1
        if not value:
            yield f"{names}{'均' if several else ''}为0"
            continue
        first = "最多的是" if number == 0 else ""
        part = f"（{shares[value]}）" if shares[value] else ""
        each = f"并列，各{plain(value)}" if several else plain(value)
        yield f"{first}{names}{each}{unit}{part}"


@dataclass(frozen=True, slots=True)
class Columns:
    """Columns to draw, from the left."""

    labels: tuple[str, ...]
    """What stands below each column or pair of columns."""
    series: Mapping[str, tuple[Decimal, ...]]
    """One series of values, or two; never negative."""
    unit: str
    """Of the values."""

    def draw(self, width: float) -> Drawing:
        """Draw columns side by side; where their numbers would touch, bars below each other."""
        slot = (width - 2 * PAD) / len(self.labels)
        numbers = widest(plain(v) for values in self.series.values() for v in values)
        across = max(widest(self.labels) + 2, (numbers + 3) * len(self.series))
        return self._upright(width, slot) if across <= slot else self._lying(width)

    @property
    def statements(self) -> tuple[str, ...]:
        """The readable statements: each label with its numbers."""
        rows = zip(self.labels, *self.series.values(), strict=True)
        return tuple(f"{label}{''.join(map(plain, values))}" for label, *values in rows)

    @property
    def _highest(self) -> float:
        return float(max(max(values) for values in self.series.values())) or 1.0

    def _upright(self, width: float, slot: float) -> Drawing:
        column = min(COLUMN, slot / len(self.series) - 2)
        base = 2 * LINE + PAD + HEIGHT
        marks: list[Mark] = [*unit_mark(self.unit, width), *self._legend()]
        for place, label in enumerate(self.labels):
            centre = PAD + (place + 0.5) * slot
            marks.append(Text(centre, base + LINE / 2 + 2, label, "middle"))
            for number, values in enumerate(self.series.values()):
                value, pitch = values[place], max(column + 2, self._pitch)
                middle = centre + (number - (len(self.series) - 1) / 2) * pitch
                height = float(value) / self._highest * HEIGHT
                if value:
                    left, top = middle - column / 2, base - height
                    marks.append(Box(left, top, column, height, TONES[number]))
                marks.append(Text(middle, base - height - LINE / 2, plain(value), "middle"))
        marks.append(Line(PAD, base, width - PAD, base))
        return Drawing(width, base + LINE + 2 * PAD, tuple(marks))

    @property
    def _pitch(self) -> float:
        """The distance of the middles of a pair of columns, so that their numbers stand apart."""
        return widest(plain(v) for values in self.series.values() for v in values) + 3

    def _lying(self, width: float) -> Drawing:
        left = 2 * PAD + widest(self.labels)
        room = width - left - 2 * PAD
        room -= widest(plain(v) for values in self.series.values() for v in values)
        depth = len(self.series) * (BAR + 1)
        marks: list[Mark] = [*unit_mark(self.unit, width), *self._legend()]
        top = LINE + PAD
        for place, label in enumerate(self.labels):
            marks.append(Text(left - PAD, top + depth / 2, label, "end"))
            for number, values in enumerate(self.series.values()):
                y, length = top + number * (BAR + 1), float(values[place]) / self._highest * room
                if values[place]:
                    marks.append(Box(left, y, length, BAR, TONES[number]))
                marks.append(Text(left + length + PAD, y + BAR / 2, plain(values[place])))
            top += depth + GAP
        marks.append(Line(left, LINE + PAD - GAP / 2, left, top - GAP / 2))
        return Drawing(width, top, tuple(marks))

    def _legend(self) -> list[Mark]:
        return legend(tuple(self.series)) if len(self.series) > 1 else []


def legend(names: tuple[str, ...]) -> list[Mark]:
    """Return what each tone means, in one line."""
    marks: list[Mark] = []
    x, y = PAD, LINE / 2
    for name, tone in zip(names, TONES, strict=False):
        marks.append(Box(x, y - SWATCH / 2, SWATCH, SWATCH, tone))
        marks.append(Text(x + SWATCH + 3, y, name, tone="soft"))
        x += SWATCH + 3 + text_width(name) + 2 * PAD
    return marks

"""Columns on a line: what has an order of its own, such as years, months and days."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from nianbao.statistics.charts.bars import BAR, GAP, LINE, PAD, unit_mark
from nianbao.statistics.charts.registry import plain_text
from nianbao.statistics.drawing import Box, Drawing, Line, Mark, Text, text_width, widest
from nianbao.statistics.svg import Tone

HEIGHT = 104.0
"""Points of the highest column."""
COLUMN = 26.0
"""Points across a column, where there is room."""
TONES: tuple[Tone, ...] = ("now", "before")
SWATCH = 8.0


@dataclass(frozen=True, slots=True)
class Columns:
    """Columns to draw, from the left.

    Parameters
    ----------
    labels
        What stands below each column or pair of columns.
    series
        One series of values, or two; never negative.
    unit
        Of the values.
    """

    labels: tuple[str, ...]
    series: Mapping[str, tuple[Decimal, ...]]
    unit: str

    def draw(self, width: float) -> Drawing:
        """Columns side by side; where their numbers would touch, bars below each other."""
        slot = (width - 2 * PAD) / len(self.labels)
        numbers = widest(plain_text(v) for values in self.series.values() for v in values)
        across = max(widest(self.labels) + 2, (numbers + 3) * len(self.series))
        return self._upright(width, slot) if across <= slot else self._lying(width)

    @property
    def statements(self) -> tuple[str, ...]:
        """What can be read: each label with its numbers."""
        rows = zip(self.labels, *self.series.values(), strict=True)
        return tuple(f"{label}{''.join(map(plain_text, values))}" for label, *values in rows)

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
                marks.append(Text(middle, base - height - LINE / 2, plain_text(value), "middle"))
        marks.append(Line(PAD, base, width - PAD, base))
        return Drawing(width, base + LINE + 2 * PAD, tuple(marks))

    @property
    def _pitch(self) -> float:
        """Between the middles of two columns of a pair, so that their numbers stand apart."""
        return widest(plain_text(v) for values in self.series.values() for v in values) + 3

    def _lying(self, width: float) -> Drawing:
        left = 2 * PAD + widest(self.labels)
        room = width - left - 2 * PAD
        room -= widest(plain_text(v) for values in self.series.values() for v in values)
        depth = len(self.series) * (BAR + 1)
        marks: list[Mark] = [*unit_mark(self.unit, width), *self._legend()]
        top = LINE + PAD
        for place, label in enumerate(self.labels):
            marks.append(Text(left - PAD, top + depth / 2, label, "end"))
            for number, values in enumerate(self.series.values()):
                y, length = top + number * (BAR + 1), float(values[place]) / self._highest * room
                if values[place]:
                    marks.append(Box(left, y, length, BAR, TONES[number]))
                marks.append(Text(left + length + PAD, y + BAR / 2, plain_text(values[place])))
            top += depth + GAP
        marks.append(Line(left, LINE + PAD - GAP / 2, left, top - GAP / 2))
        return Drawing(width, top, tuple(marks))

    def _legend(self) -> list[Mark]:
        return legend(tuple(self.series)) if len(self.series) > 1 else []


def legend(names: tuple[str, ...], x: float = PAD, y: float = LINE / 2) -> list[Mark]:
    """What each tone means, in one line."""
    marks: list[Mark] = []
    for name, tone in zip(names, TONES, strict=False):
        marks.append(Box(x, y - SWATCH / 2, SWATCH, SWATCH, tone))
        marks.append(Text(x + SWATCH + 3, y, name, tone="soft"))
        x += SWATCH + 3 + text_width(name) + 2 * PAD
    return marks

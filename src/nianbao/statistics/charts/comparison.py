"""This year beside last year, family by family, each line on a scale of its own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby

from nianbao.statistics.arithmetic import plain
from nianbao.statistics.charts.bars import GAP, LINE, PAD, legend
from nianbao.statistics.charts.registry import (
    LEAST_FOR_SHARES,
    Drawn,
    Tables,
    chart,
    data_frame,
    enough,
    number_of,
)
from nianbao.statistics.comparison import family_of
from nianbao.statistics.drawing import (
    SIZE,
    WIDE,
    Box,
    Drawing,
    Line,
    Mark,
    Text,
    Tone,
    broken,
    widest,
)
from nianbao.statistics.model import rows_of
from nianbao.statutory import Format

THIS, LAST = "本年", "上年"
CHANGE, RATE = "增减", "增减率"
ROW = 19.0
"""Points from line to line."""
PAIRED = 6.0
"""Points across each of the two bars."""
NAME_WIDTH = 11.5 * SIZE
LEAST_BAR = 40.0
NOTE = "条形按各行分别比较，不同行之间长短不可比。"


@dataclass(frozen=True, slots=True)
class Pair:
    """A line: its family, name and unit, this year and last year."""

    family: str
    name: str
    unit: str
    now: Decimal
    before: Decimal

    @property
    def change(self) -> str:
        """The difference with its sign."""
        difference = self.now - self.before
        return f"{_signed(difference)}" if difference else "持平"

    @property
    def rate(self) -> str:
        """The difference in per cent of last year; empty on a base too small for it."""
        if self.before < LEAST_FOR_SHARES or self.now == self.before:
            return ""
        percent = (self.now - self.before) * 100 / self.before
        return f"{_signed(percent.quantize(Decimal('0.1'), 'ROUND_HALF_UP'))}%"


def _signed(number: Decimal) -> str:
    """Write a number with its sign; the minus is the long one, which no line ends behind."""
    return f"{number:+f}".replace("-", "−")


@dataclass(frozen=True, slots=True)
class Pairs:
    """Lines in families."""

    rows: tuple[Pair, ...]

    def draw(self, width: float) -> Drawing:
        """Draw a table with two bars in each line.

        On a narrow sheet the bars go below the name.
        """
        marks: list[Mark] = [*legend((THIS, LAST))]
        body, height = self._table(width) if width >= WIDE else self._list(width)
        return Drawing(width, height, (*marks, *body))

    def _table(self, width: float) -> tuple[list[Mark], float]:
        columns = {
            THIS: [plain(row.now) for row in self.rows],
            LAST: [plain(row.before) for row in self.rows],
            CHANGE: [row.change for row in self.rows],
            RATE: [row.rate for row in self.rows],
        }
        ends, edge = {}, width - PAD
        for head, texts in reversed(columns.items()):
            ends[head] = edge
            edge -= widest((head, *texts)) + 3 * PAD
        left = PAD + NAME_WIDTH + 2 * PAD
        marks: list[Mark] = [Text(ends[head], LINE / 2, head, "end", "soft") for head in columns]
        top = LINE + GAP
        for family, rows in groupby(enumerate(self.rows), key=lambda item: item[1].family):
            members = list(rows)
            alone = len(members) == 1
            marks.append(Line(PAD, top, width - PAD, top))
            if not alone:
                head = _headed(family, members[0][1].unit)
                marks.append(Text(PAD, top + ROW / 2, head, bold=True))
                top += ROW
            for number, row in members:
                middle = top + ROW / 2
                name = _headed(row.name, row.unit) if alone else row.name
                x, name = (PAD if alone else 2 * PAD), broken(name, NAME_WIDTH, 1)[0]
                marks.append(Text(x, middle, name, bold=alone))
                marks += _bars(row, left, middle, max(edge - left, LEAST_BAR))
                marks += [
                    Text(ends[head], middle, texts[number], "end")
                    for head, texts in columns.items()
                    if texts[number]
                ]
                top += ROW
            top += PAD
        marks.append(Text(PAD, top + LINE / 2, NOTE, tone="soft", size=SIZE - 1))
        return marks, top + LINE + PAD

    def _list(self, width: float) -> tuple[list[Mark], float]:
        marks: list[Mark] = []
        top = LINE + GAP
        for family, rows in groupby(self.rows, key=lambda row: row.family):
            members = list(rows)
            alone = len(members) == 1
            marks.append(Line(0, top, width, top))
            top += PAD
            if not alone:
                marks.append(Text(0, top + LINE / 2, _headed(family, members[0].unit), bold=True))
                top += LINE + PAD
            for row in members:
                name = _headed(row.name, row.unit) if alone else row.name
                marks.append(Text(0, top + LINE / 2, name, bold=alone))
                marks.append(Text(width, top + LINE / 2, row.change, "end"))
                numbers = (plain(row.now), plain(row.before))
                middle = top + 2 * LINE + 1
                marks += _bars(row, 0, middle, width - widest(numbers) - PAD, numbers, LINE)
                top += 3 * LINE + GAP
        marks += [
            Text(0, top + (number + 0.5) * LINE, line, tone="soft", size=SIZE - 1)
            for number, line in enumerate(broken(NOTE, width, size=SIZE - 1))
        ]
        return marks, top + 2 * LINE + PAD


def _headed(family: str, unit: str) -> str:
    return f"{family}（{unit}）"


def _bars(
    row: Pair, left: float, middle: float, room: float,
    texts: Sequence[str] = (), pitch: float = PAIRED + 1,
) -> Iterator[Mark]:  # fmt: skip
    """Yield this year above last year, the larger as long as there is room.

    A number below nothing, which only a draft may hold, has no length.
    """
    depth = PAIRED if not texts else pitch - 3
    largest = max(row.now, row.before)
    tones: tuple[Tone, Tone] = ("now", "before")
    for number, (value, tone) in enumerate(zip((row.now, row.before), tones, strict=True)):
        y = middle + (number - 0.5) * pitch
        length = float(value / largest) * room if value > 0 else 0.0
        if value > 0:
            yield Box(left, y - depth / 2, length, depth, tone)
        if texts:
            yield Text(left + length + PAD, y, texts[number])
    # From it both bars grow: beside it a zero is seen to be one.
    yield Line(left, middle - pitch / 2 - depth / 2, left, middle + pitch / 2 + depth / 2)


@chart("comparison", title="主要数据与上年对比", unit="", source="本年度和上年度政府信息公开数据")
def comparison(tables: Tables, format_: Format) -> Drawn | None:
    """Draw every figure that both years know, by family."""
    table = tables.get("comparison")
    if table is None:
        return None
    families = family_of(format_)
    rows = tuple(
        Pair(families[name], name, str(unit), now, before)
        for name, unit, this, last, *_ in rows_of(table.frame)
        # A channel is a part of another line; what one year does not know cannot be compared.
        if name in families
        and (now := number_of(this)) is not None
        and (before := number_of(last)) is not None
        and (now or before)
    )
    if not enough(value for row in rows for value in (row.now, row.before)):
        return None
    columns: dict[str, Sequence[object]] = {
        "单位": [row.unit for row in rows],
        THIS: [row.now for row in rows],
        LAST: [row.before for row in rows],
        CHANGE: [row.change for row in rows],
    }
    data = data_frame("项目", [row.name for row in rows], columns)
    return Drawn(Pairs(rows), "；".join(_reported(rows)) + "。", data)


def _reported(rows: Sequence[Pair]) -> Iterator[str]:
    """Yield every line in words, by family."""
    for family, members in groupby(rows, key=lambda row: row.family):
        yield f"{family}方面，{'，'.join(map(_compared, members))}"


def _compared(row: Pair) -> str:
    unit, now, before = row.unit, plain(row.now), plain(row.before)
    if row.now == row.before:
        return f"{row.name}两年均为{now}{unit}"
    verb = "增加" if row.now > row.before else "减少"
    difference = plain(abs(row.now - row.before))
    return f"{row.name}本年{now}{unit}、上年{before}{unit}，{verb}{difference}{unit}"

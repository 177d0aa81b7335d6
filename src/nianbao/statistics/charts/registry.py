"""The charts by key: what each is called, how its numbers are read, how it is drawn."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from numbers import Integral
from pathlib import Path

import pandas as pd

from nianbao.errors import UsageError
from nianbao.statistics.drawing import Bars, draw_bars
from nianbao.statistics.model import Figure, Table
from nianbao.statutory import Format

Tables = Mapping[str, Table]

MOST_BARS = 24
"""More bars than this do not fit beside each other in reading size; the rest is summed up."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """What a chart function hands back: the bars, the words and the table they came from."""

    bars: Bars
    alt: str
    head: str
    unit: str | None = None


Reader = Callable[[Tables, Format], Drawn | None]
"""Reads a chart's numbers from the tables; None where there is nothing to draw."""


@dataclass(frozen=True, slots=True)
class Chart:
    """A registered chart: what it is called, its unit, where its numbers come from, how read.

    The source is told to the public: a register by its name, not a file.
    """

    key: str
    title: str
    unit: str
    source: str
    read: Reader


CHARTS: dict[str, Chart] = {}
"""Every chart by key, in the order of the report."""


def chart(key: str, title: str, unit: str, source: str) -> Callable[[Reader], Reader]:
    """Register a function as the chart `key`.

    Raises
    ------
    ValueError
        Another function has that key.
    """

    def register(read: Reader) -> Reader:
        if key in CHARTS:
            raise ValueError(f"chart {key} is declared twice")
        CHARTS[key] = Chart(key, title, unit, source, read)
        return read

    return register


def draw_chart(key: str, tables: Tables, format_: Format, fonts: Sequence[Path]) -> Figure | None:
    """Draw one chart.

    Parameters
    ----------
    key
        A key of `CHARTS`.
    tables
        As from ``build_tables``.
    format_
        The statutory format.
    fonts
        Font files in order of preference; a letter is taken from the first that has it.

    Returns
    -------
    Figure or None
        None when the table is not there or all zero: an empty chart tells a reader nothing;
        and when a number in it is not known: shares of an unknown whole would be invented.

    Raises
    ------
    UsageError
        There is no such chart.
    ExportError
        A letter is in none of the fonts.
    """
    if key not in CHARTS:
        raise UsageError(f"没有名为“{key}”的图；可用的图：{'、'.join(CHARTS)}")
    entry = CHARTS[key]
    drawn = entry.read(tables, format_)
    if drawn is None:
        return None
    unit = drawn.unit or entry.unit
    svg = draw_bars(drawn.bars, unit, fonts)
    data = _data(drawn, unit)
    return Figure(key, entry.title, unit, entry.source, drawn.alt, svg, data)


def _data(drawn: Drawn, unit: str) -> pd.DataFrame:
    """The data table beside the chart: names, numbers and, for one series, shares."""
    bars = drawn.bars
    columns: dict[str, Sequence[object]] = {drawn.head: bars.labels}
    for name, values in bars.series.items():
        columns[f"{name}（{unit}）"] = [plain_text(v) for v in values]
    if bars.shares:
        columns["占比"] = bars.shares
    return pd.DataFrame(columns, dtype=object)


def number_of(value: object) -> Decimal | None:
    """A frame's value as an exact number; None for what is not filled."""
    if isinstance(value, Integral):
        return Decimal(int(value))
    return value if isinstance(value, Decimal) else None


def plain_text(value: Decimal) -> str:
    """A number as a reader writes it, without exponent."""
    return f"{value:f}"

"""The charts by key: what each is called, how its numbers are read, how it is drawn."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from numbers import Integral
from pathlib import Path
from typing import Protocol

import pandas as pd

from nianbao.errors import UsageError
from nianbao.statistics.arithmetic import plain
from nianbao.statistics.drawing import NARROW, WIDE, Drawing, Tone, to_svg
from nianbao.statistics.model import Figure, Table
from nianbao.statutory import Format

Tables = Mapping[str, Table]

FEWEST = 3
"""Values; what is fewer the prose says already."""
LEAST_FOR_SHARES = 20
"""A percentage of fewer than these misleads."""


class Picture(Protocol):
    """A drawing as data."""

    def draw(self, width: float) -> Drawing:
        """Draw it so many points wide."""
        ...


@dataclass(frozen=True, slots=True)
class Drawn:
    """The result of a chart function."""

    picture: Picture
    """What the eye sees."""
    alt: str
    """The same in words, with every value."""
    data: pd.DataFrame
    """The same as a table."""


Reader = Callable[[Tables, Format], Drawn | None]
"""Reads a chart's numbers from the tables; None where there is nothing to draw."""


@dataclass(frozen=True, slots=True)
class Chart:
    """A registered chart: what it is called, its unit, where its numbers come from, how read.

    The source is printed for the public: a register by its name, not a file. Without a unit the
    drawing names those of its parts.
    """

    key: str
    title: str
    unit: str
    source: str
    read: Reader


CHARTS: dict[str, Chart] = {}
"""Every chart by key."""


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


def draw_chart(
    key: str,
    tables: Tables,
    format_: Format,
    fonts: Sequence[Path],
    colours: Mapping[Tone, str] | None = None,
) -> Figure | None:
    """Draw one chart, wide and narrow.

    Parameters
    ----------
    key
        A key of `CHARTS`.
    tables
        As from ``build_tables``.
    format_
        The statutory format.
    fonts
        Font files in order of preference; every letter must be in one of them.
    colours
        Of tones that are not to have those of the house style.

    Returns
    -------
    Figure or None
        None when the table is not there or has fewer than `FEWEST` values: such a chart tells
        a reader nothing; and when a number in it is not known: shares of an unknown whole
        would be invented.

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
    wide, narrow = (
        to_svg(drawn.picture.draw(width), fonts, colours=colours) for width in (WIDE, NARROW)
    )
    return Figure(
        key, entry.title, entry.unit, entry.source, drawn.alt, wide, narrow, drawn.data
    )  # fmt: skip


def data_frame(
    head: str, labels: Sequence[str], columns: Mapping[str, Sequence[object]]
) -> pd.DataFrame:
    """Return the data table beside a chart: the names, then one column a series.

    Numbers are exact text.
    """
    texts = {
        name: [plain(v) if isinstance(v, Decimal) else v for v in values]
        for name, values in columns.items()
    }
    return pd.DataFrame({head: labels, **texts}, dtype=object)


def number_of(value: object) -> Decimal | None:
    """Return a frame's value as an exact number; None for what is not filled."""
    if isinstance(value, Integral):
        return Decimal(int(value))
    return value if isinstance(value, Decimal) else None


def share(part: Decimal, whole: Decimal) -> str:
    """Return a share in per cent with one decimal; what there is never has a share of nothing.

    Examples
    --------
    >>> share(Decimal(1), Decimal(3)), share(Decimal(1), Decimal(5000))
    ('33.3%', '不足0.1%')
    """
    rounded = (part * 100 / whole).quantize(Decimal("0.1"), ROUND_HALF_UP)
    return f"{rounded}%" if rounded or not part else "不足0.1%"


def enough(values: Iterable[Decimal | None]) -> bool:
    """Return whether there are as many values, zeros left out, as make a chart worth its place."""
    return sum(1 for value in values if value) >= FEWEST

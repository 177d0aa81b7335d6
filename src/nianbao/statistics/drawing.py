"""Draw bars as SVG with matplotlib: horizontal, from zero, labelled directly."""

from __future__ import annotations

import io
import re
import unicodedata
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from importlib import resources
from itertools import accumulate
from pathlib import Path
from typing import TYPE_CHECKING

from nianbao.errors import ExportError, Problem
from nianbao.statistics.svg import tidy_svg

if TYPE_CHECKING:
    from matplotlib.axes import Axes

# All lengths are points. The width is that of the type area of GB/T 9704, 156 mm.
WIDTH = 442.0
LINE = 12.5
BAR = 11.0
PAIRED_BAR = 13.0
GAP = 8.0
PAD = 5.0
NAME_WIDTH = 13.0
"""Longest line of a bar's name, in full-width characters; a longer name is broken."""
NAME_LINES = 3
POINTS_PER_INCH = 72


@dataclass(frozen=True, slots=True)
class Bars:
    """Bars to draw.

    Parameters
    ----------
    labels
        Name of each bar or group of bars, from the top.
    series
        One tuple of values, or two for a comparison; values are never negative.
    shares
        Printed behind the values of a single series; empty for none.
    """

    labels: tuple[str, ...]
    series: Mapping[str, tuple[Decimal, ...]]
    shares: tuple[str, ...] = ()

    def texts(self) -> tuple[tuple[str, ...], ...]:
        """What is printed beside each bar, by series."""
        if self.shares:
            (values,) = self.series.values()
            pairs = zip(values, self.shares, strict=True)
            # Nothing has no share worth printing.
            return (tuple(f"{value:f}（{part}）" if value else "0" for value, part in pairs),)
        if len(self.series) == 1:
            return tuple(tuple(f"{value:f}" for value in v) for v in self.series.values())
        named = self.series.items()
        return tuple(tuple(f"{name} {value:f}" for value in values) for name, values in named)


def draw_bars(bars: Bars, unit: str, fonts: Sequence[Path]) -> str:
    """The drawing as a small SVG without title, script or outside address.

    Parameters
    ----------
    fonts
        Font files in order of preference; a letter is taken from the first that has it.

    Raises
    ------
    ExportError
        A letter is in none of the fonts: a box instead of a letter must never be published.
    """
    import matplotlib as mpl
    from matplotlib.backends.backend_svg import FigureCanvasSVG
    from matplotlib.figure import Figure

    buffer = io.StringIO()
    with mpl.rc_context(), _families(fonts) as families, _missing_letters_fail():
        with resources.as_file(resources.files(__package__) / "report.mplstyle") as style:
            mpl.rc_file(style)
        mpl.rcParams["font.family"] = families
        figure = Figure()
        figure.patch.set_visible(False)
        axes = figure.add_axes((0, 0, 1, 1))
        axes.set_axis_off()
        height = _draw(axes, bars, unit, em=mpl.rcParams["font.size"])
        figure.set_size_inches(WIDTH / POINTS_PER_INCH, height / POINTS_PER_INCH)
        FigureCanvasSVG(figure)
        nothing = dict.fromkeys(("Creator", "Date", "Format", "Type"))
        figure.savefig(buffer, format="svg", metadata=nothing)
    return tidy_svg(buffer.getvalue())


def _draw(axes: Axes, bars: Bars, unit: str, em: float) -> float:
    """Put unit, names, bars, values and base line on axes measured in points; the height."""
    names = [_lines(label) for label in bars.labels]
    texts = bars.texts()
    bar = BAR if len(texts) == 1 else PAIRED_BAR
    left = PAD + em * max(text_width(line) for lines in names for line in lines)
    right = 2 * PAD + em * max(text_width(text) for column in texts for text in column)
    scale = (WIDTH - left - PAD - right) / float(max(max(v) for v in bars.series.values()))
    depths = [max(len(lines) * LINE, len(texts) * bar) + GAP for lines in names]
    tops = list(accumulate(depths, initial=LINE + PAD))
    height = tops[-1] + PAD
    # x runs from the base line, y downwards.
    axes.set_xlim(-left - PAD, WIDTH - left - PAD)
    axes.set_ylim(height, 0)
    axes.text(WIDTH - left - 2 * PAD, LINE / 2, f"单位：{unit}", ha="right", va="center")
    for lines, top, depth in zip(names, tops, depths, strict=False):
        axes.text(-PAD, top + depth / 2, "\n".join(lines), ha="right", va="center")
    for number, (values, column) in enumerate(zip(bars.series.values(), texts, strict=True)):
        shift = (number + 0.5 - len(texts) / 2) * bar
        for value, text, top, depth in zip(values, column, tops, depths, strict=False):
            y, length = top + depth / 2 + shift, float(value) * scale
            if value:
                axes.barh(y, length, height=BAR, color=f"C{number}", clip_on=False)
            axes.text(length + PAD, y, text, ha="left", va="center")
    axes.plot((0, 0), (tops[0], tops[-1]), color="C0", linewidth=1, clip_on=False)
    return height


def text_width(text: str) -> float:
    """Width in em: a full-width character is one, any other a little over a half.

    Examples
    --------
    >>> text_width("网站12")
    3.2
    """
    return sum(1.0 if unicodedata.east_asian_width(c) in "WFA" else 0.6 for c in text)


def _lines(label: str) -> list[str]:
    """Break a name into lines of `NAME_WIDTH`; what is over `NAME_LINES` ends in an ellipsis."""
    lines = [""]
    for character in label:
        if text_width(lines[-1] + character) > NAME_WIDTH:
            lines.append("")
        lines[-1] += character
    if len(lines) > NAME_LINES:
        lines = lines[:NAME_LINES]
        lines[-1] = lines[-1][:-1] + "…"
    return lines


@contextmanager
def _families(fonts: Sequence[Path]) -> Iterator[list[str]]:
    """Make these files, and no installed font, known to matplotlib under names of our own."""
    from matplotlib.font_manager import FontEntry, fontManager

    # The name holds the path, so that the name of a cached search never means another file.
    entries = [FontEntry(fname=str(font), name=f"nianbao {font}") for font in fonts]
    fontManager.ttflist.extend(entries)
    try:
        yield [entry.name for entry in entries]
    finally:
        del fontManager.ttflist[-len(entries) :]


@contextmanager
def _missing_letters_fail() -> Iterator[None]:
    """Turn matplotlib's warnings about missing glyphs into one error that names the letters."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        yield
    codes = [re.match(r"Glyph (\d+)", str(warning.message)) for warning in caught]
    letters = dict.fromkeys(chr(int(code[1])) for code in codes if code)
    if letters:
        named = "、".join(f"“{letter}”（U+{ord(letter):04X}）" for letter in letters)
        remedy = "请改用字体中有的字，或安装含有此字的字体（nianbao doctor 可检查字体）"
        raise ExportError(Problem(f"图中的字{named}在所用字体中没有", remedy=remedy))
    for warning in caught:
        warnings.warn_explicit(warning.message, warning.category, warning.filename, warning.lineno)

"""Drawings as values: marks placed in points, drawn with matplotlib as SVG whose letters are text.

Letters stay letters in every medium: a browser takes the page's typeface, Typst the report's
own, and both can be searched. So no place on the sheet depends on a font; a full-width
character is one em wide in all of them, and a digit is never wider than `DIGIT`.
"""

from __future__ import annotations

import re
import unicodedata
import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from nianbao.errors import ExportError, Problem
from nianbao.statistics.svg import SONG, Tone, figure_svg, style, tones

if TYPE_CHECKING:
    from matplotlib.artist import Artist

WIDE = 442.0
"""Points: the type area of GB/T 9704, 156 mm."""
NARROW = 240.0
"""Points, for a telephone: drawn at 280 px its letters are 11 px high and more."""
SIZE = 9.5
DIGIT = 0.6
CENTRE = 0.37
"""How far the baseline lies below the middle of a line of Chinese, in em."""
POINTS_PER_INCH = 72

Anchor = Literal["start", "middle", "end"]
_SIDES: Mapping[Anchor, Literal["left", "center", "right"]] = {
    "start": "left",
    "middle": "center",
    "end": "right",
}


@dataclass(frozen=True, slots=True)
class Text:
    """A line of text; ``y`` is its middle. ``song``: in the typeface of titles."""

    x: float
    y: float
    text: str
    anchor: Anchor = "start"
    tone: Tone = "ink"
    size: float = SIZE
    bold: bool = False
    song: bool = False


@dataclass(frozen=True, slots=True)
class Box:
    """A filled rectangle."""

    x: float
    y: float
    width: float
    height: float
    tone: Tone


@dataclass(frozen=True, slots=True)
class Line:
    """A straight line."""

    x: float
    y: float
    to_x: float
    to_y: float
    tone: Tone = "rule"


@dataclass(frozen=True, slots=True)
class Band:
    """A stream from one upright edge to another, each from ``top`` down by ``depth``."""

    x: float
    top: float
    to_x: float
    to_top: float
    depth: float
    tone: Tone = "pale"


Mark = Text | Box | Line | Band


@dataclass(frozen=True, slots=True)
class Drawing:
    """Marks on a sheet of so many points; later ones lie above."""

    width: float
    height: float
    marks: tuple[Mark, ...]


def to_svg(
    drawing: Drawing,
    fonts: Sequence[Path],
    song: Sequence[Path] = (),
    colours: Mapping[Tone, str] | None = None,
) -> str:
    """Draw as SVG that stands alone, without style, script or outside address.

    Parameters
    ----------
    fonts
        Font files in order of preference, to know which letters can be shown.
    song
        Those of titles; the same if there are none.
    colours
        Of tones that are not to have those of the house style.

    Raises
    ------
    ExportError
        A letter is in none of the fonts: a box instead of a letter must never be published.
    """
    import matplotlib as mpl
    from matplotlib.figure import Figure
    from matplotlib.transforms import Affine2D

    with (
        mpl.rc_context(), _families(fonts) as families,
        _families(song or fonts) as titles, _missing_letters_fail(),
    ):  # fmt: skip
        mpl.rcdefaults()
        mpl.rcParams.update(style())
        mpl.rcParams["font.family"] = families
        mpl.rcParams["figure.constrained_layout.use"] = False
        size = (drawing.width / POINTS_PER_INCH, drawing.height / POINTS_PER_INCH)
        # Without axes, which cost more than all that is drawn: points from the upper left corner.
        figure = Figure(figsize=size, dpi=POINTS_PER_INCH, frameon=False)
        points = Affine2D().scale(1, -1).translate(0, drawing.height)
        for mark in drawing.marks:
            artist = _artist(mark, {**tones(), **(colours or {})}[mark.tone])
            if isinstance(mark, Text) and mark.song:
                artist.set(fontfamily=titles, gid=SONG)
            artist.set_transform(points)
            figure.add_artist(artist)
        return figure_svg(figure, colours)


def _artist(mark: Mark, colour: str) -> Artist:
    from matplotlib.lines import Line2D
    from matplotlib.patches import PathPatch, Rectangle
    from matplotlib.path import Path as Outline
    from matplotlib.text import Text as Words

    match mark:
        case Text():
            return Words(
                mark.x, mark.y + CENTRE * mark.size, _visible(mark.text),
                ha=_SIDES[mark.anchor], color=colour, fontsize=mark.size,
                fontweight="bold" if mark.bold else "normal",
            )  # fmt: skip
        case Box():
            return Rectangle((mark.x, mark.y), mark.width, mark.height, color=colour, lw=0)
        case Line():
            return Line2D((mark.x, mark.to_x), (mark.y, mark.to_y), color=colour, lw=1)
        case Band():
            outline = Outline(list(_stream(mark)), list(_CURVES))
            return PathPatch(outline, color=colour, lw=0)


_CURVES = (1, 4, 4, 4, 2, 4, 4, 4, 79)
"""matplotlib's codes: begin, curve, line, curve, close."""


def _stream(band: Band) -> Iterator[tuple[float, float]]:
    """Yield the outline of a band: along its upper edge, and back along the lower one."""
    middle, end, to_end = (band.x + band.to_x) / 2, band.top + band.depth, band.to_top + band.depth
    yield from ((band.x, band.top), (middle, band.top), (middle, band.to_top))
    yield from ((band.to_x, band.to_top), (band.to_x, to_end))
    yield from ((middle, to_end), (middle, end), (band.x, end), (band.x, band.top))


@contextmanager
def _families(fonts: Sequence[Path]) -> Iterator[list[str]]:
    """Make these files, and no installed font, known to matplotlib under names of our own."""
    from matplotlib.font_manager import FontEntry, fontManager

    # The name holds the path, so that the name of a cached search never means another file.
    entries = [
        FontEntry(fname=str(font), name=f"nianbao {font}", weight=weight)
        for font in fonts
        for weight in (400, 700)  # drawn bold by whoever shows it
    ]
    fontManager.ttflist.extend(entries)
    try:
        yield list(dict.fromkeys(entry.name for entry in entries))
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


def _visible(text: str) -> str:
    """Return without control and format characters, which XML forbids or nobody sees."""
    return "".join(c for c in text if unicodedata.category(c) not in {"Cc", "Cf", "Cs"})


def text_width(text: str, size: float = SIZE) -> float:
    """Return width in points: a full-width character is one em, any other a little over a half.

    Examples
    --------
    >>> text_width("网站12", 10)
    32.0
    """
    return size * sum(1.0 if is_full_width(c) else DIGIT for c in text)


def is_full_width(character: str) -> bool:
    """Return whether a Chinese face gives it a whole em."""
    return unicodedata.east_asian_width(character) in "WFA"


def widest(texts: Iterable[str], size: float = SIZE) -> float:
    """Return width of the longest; 0 for none."""
    return max((text_width(text, size) for text in texts), default=0.0)


def broken(text: str, width: float, most: int = 3, size: float = SIZE) -> tuple[str, ...]:
    """Break a name into lines; what is over ``most`` lines ends in an ellipsis.

    Examples
    --------
    >>> broken("政务新媒体平台", 40, size=10)
    ('政务新媒', '体平台')
    """
    lines = list(_lines(text, width, size))
    if len(lines) > most:
        lines = [*lines[: most - 1], lines[most - 1][:-1] + "…"]
    return tuple(lines)


def _lines(text: str, width: float, size: float) -> Iterator[str]:
    line = ""
    for character in text:
        if (
            line
            and text_width(line + character, size) > width
            and character not in "”）」』》、，。"
        ):
            yield line
            line = ""
        line += character
    yield line

"""Drawings as values: marks placed in points, written as SVG whose letters are text.

Letters stay letters in every medium: a browser takes the page's typeface, Typst the report's
own, and both can be searched. So no place on the sheet depends on a font; a full-width
character is one em wide in all of them, and a digit is never wider than `DIGIT`.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Literal
from xml.sax.saxutils import escape

from nianbao.errors import ExportError, Problem
from nianbao.statistics.svg import Tone, short, song_group, svg_sheet, tones

if TYPE_CHECKING:
    from matplotlib.ft2font import FT2Font

WIDE = 442.0
"""Points: the type area of GB/T 9704, 156 mm."""
NARROW = 240.0
"""Points, for a telephone: drawn at 280 px its letters are 11 px high and more."""
SIZE = 9.5
DIGIT = 0.6
CENTRE = 0.37
"""How far the baseline lies below the middle of a line of Chinese, in em."""

Anchor = Literal["start", "middle", "end"]


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


def to_svg(drawing: Drawing, fonts: Sequence[Path], song: Sequence[Path] = ()) -> str:
    """Write a drawing as SVG that stands alone, without style, script or outside address.

    Boxes and bands lie below lines, lines below letters.

    Parameters
    ----------
    fonts
        Font files in order of preference, to know which letters can be shown.
    song
        Those of titles; the same if there are none.

    Raises
    ------
    ExportError
        A letter is in none of the fonts: a box instead of a letter must never be published.
    """
    texts = [mark for mark in drawing.marks if isinstance(mark, Text)]
    titles = "".join(mark.text for mark in texts if mark.song)
    others = "".join(mark.text for mark in texts if not mark.song)
    _require_letters(others, fonts)
    _require_letters(titles, song or fonts)
    order = {Box: 0, Band: 0, Line: 1, Text: 2}
    marks = sorted(drawing.marks, key=lambda mark: order[type(mark)])
    return svg_sheet(drawing.width, drawing.height, "".join(map(_element, marks)))


def _element(mark: Mark) -> str:
    colour = tones()[mark.tone]
    filled = f'class="{mark.tone}" d="{{}}" fill="{colour}"'
    match mark:
        case Text():
            return _words(mark, colour)
        case Box():
            right, below = mark.x + mark.width, mark.y + mark.height
            corners = ((mark.x, mark.y), (right, mark.y), (right, below), (mark.x, below))
            path = "L".join(_point(*corner) for corner in corners)
            return f"<path {filled.format(f'M{path}z')}/>"
        case Line():
            path = f"M{_point(mark.x, mark.y)}L{_point(mark.to_x, mark.to_y)}"
            return f'<path class="{mark.tone}" d="{path}" fill="none" stroke="{colour}"/>'
        case Band():
            return f"<path {filled.format(_stream(mark))}/>"


def _words(mark: Text, colour: str) -> str:
    place = f'x="{short(mark.x)}" y="{short(mark.y + CENTRE * mark.size)}"'
    weight = ' font-weight="700"' if mark.bold else ""
    anchor = "" if mark.anchor == "start" else f' text-anchor="{mark.anchor}"'
    look = f'{weight} font-size="{short(mark.size)}"{anchor} fill="{colour}"'
    text = escape(_visible(mark.text).strip())
    element = f'<text class="{mark.tone}" {place}{look}>{text}</text>'
    return song_group(element) if mark.song else element


def _point(x: float, y: float) -> str:
    return f"{short(x)} {short(y)}"


def _stream(band: Band) -> str:
    """The outline of a band: along its upper edge, and back along the lower one."""
    middle, end, to_end = (band.x + band.to_x) / 2, band.top + band.depth, band.to_top + band.depth
    there = ((middle, band.top), (middle, band.to_top), (band.to_x, band.to_top))
    back = ((middle, to_end), (middle, end), (band.x, end))
    curves = (" ".join(_point(*place) for place in curve) for curve in (there, back))
    return f"M{_point(band.x, band.top)}C{next(curves)}L{_point(band.to_x, to_end)}C{next(curves)}z"


def _require_letters(text: str, fonts: Sequence[Path]) -> None:
    """Stop where none of the fonts has a letter: an error that names all such letters."""
    left = dict.fromkeys(c for c in _visible(text) if not c.isspace())
    for font in fonts:
        left = dict.fromkeys(c for c in left if not _face(font).get_char_index(ord(c)))
    if left:
        named = "、".join(f"“{letter}”（U+{ord(letter):04X}）" for letter in left)
        remedy = "请改用字体中有的字，或安装含有此字的字体（nianbao doctor 可检查字体）"
        raise ExportError(Problem(f"图中的字{named}在所用字体中没有", remedy=remedy))


@cache
def _face(font: Path) -> FT2Font:
    """A font file by FreeType, which reads of it what is asked for and no more."""
    from matplotlib.ft2font import FT2Font

    return FT2Font(str(font))


def _visible(text: str) -> str:
    """Without control and format characters, which XML forbids or nobody sees."""
    return "".join(c for c in text if unicodedata.category(c) not in {"Cc", "Cf", "Cs"})


def text_width(text: str, size: float = SIZE) -> float:
    """Width in points: a full-width character is one em, any other a little over a half.

    Examples
    --------
    >>> text_width("网站12", 10)
    32.0
    """
    return size * sum(1.0 if is_full_width(c) else DIGIT for c in text)


def is_full_width(character: str) -> bool:
    """Whether a Chinese face gives it a whole em."""
    return unicodedata.east_asian_width(character) in "WFA"


def widest(texts: Iterable[str], size: float = SIZE) -> float:
    """Width of the longest; 0 for none."""
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

"""Drawings as values: marks placed in points, drawn with matplotlib as SVG whose letters are text.

Letters stay letters in every medium: a browser takes the page's typeface, Typst the report's
own, and both can be searched. So no place on the sheet depends on a font; a full-width
character is one em wide in all of them, and a digit is never wider than `DIGIT`.

matplotlib writes named groups, a style sheet that would leak into the page around it, and a
document type. Its SVG is written again with what is needed: no group without effect, presentation
as attributes (a page that forbids inline styles still shows the drawing), and ids of its own
(several drawings may stand in one page).
"""

from __future__ import annotations

import html
import io
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache, lru_cache
from hashlib import sha256
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal
from xml.etree import ElementTree

from nianbao.errors import ExportError, Problem

if TYPE_CHECKING:
    from matplotlib import RcParams
    from matplotlib.backend_bases import GraphicsContextBase
    from matplotlib.backends.backend_svg import RendererSVG
    from matplotlib.figure import Figure
    from matplotlib.font_manager import FontProperties
    from matplotlib.ft2font import FT2Font
    from matplotlib.text import Text as Words
    from matplotlib.transforms import Affine2D


Tone = Literal["ink", "soft", "rule", "now", "before", "pale", "accent", "wash", "paper"]
"""What a colour means: names, explanations, lines; this year, last year, what flows; what must
be seen first; a card on the sheet, and the sheet."""
SONG = "song"
"""Id of a group whose letters are those of a title."""
SONG_FACES = "'FZXiaoBiaoSong-B05S','FandolSong','Noto Serif CJK SC','Songti SC','SimSun',serif"

SVG = "{http://www.w3.org/2000/svg}"
XLINK = "http://www.w3.org/1999/xlink"
FACES = "'Noto Sans CJK SC','PingFang SC','Microsoft YaHei','Source Han Sans SC',sans-serif"
"""The typefaces of every drawing, where the page around it says nothing else."""

FACE = "any"
"""What matplotlib is told, which would look for the typefaces of its style at each text."""

_HREF = f"{{{XLINK}}}href"
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:e-?\d+)?")
NO_METADATA: Mapping[str, None] = dict.fromkeys(("Creator", "Date", "Format", "Type"))
_UPRIGHT = re.compile(r"rotate\(-?0(?: .*)?\)")
_PLAIN = {"stroke-linejoin": "miter", "stroke-linecap": "square", "text-anchor": "start"}
"""Said by matplotlib, and of no consequence here."""
_BLANK = re.compile(r"(?<=[A-Za-z]) | (?=[A-Za-z])")
_FONT = re.compile(r"(?:(?P<weight>\d+) )?(?P<size>[\d.]+)px ")


@cache
def style() -> RcParams:
    """Return the settings of report.mplstyle."""
    import matplotlib as mpl

    with resources.as_file(resources.files("nianbao") / "report.mplstyle") as file:
        return mpl.rc_params_from_file(file, use_default_template=False)


@cache
def tones() -> Mapping[Tone, str]:
    """Return the colour of each tone on white paper, from the house style."""
    return tones_of(style())


def tones_of(settings: RcParams) -> Mapping[Tone, str]:
    """Return the colour of each tone in a style."""
    from matplotlib.colors import to_hex

    now, before, pale, accent, *_ = settings["axes.prop_cycle"].by_key()["color"]
    colours: Mapping[Tone, Any] = {
        "ink": settings["text.color"],
        "soft": settings["axes.labelcolor"],
        "rule": settings["axes.edgecolor"],
        "now": now,
        "before": before,
        "pale": pale,
        "accent": accent,
        "wash": settings["grid.color"],
        "paper": "white",
    }
    return {tone: to_hex(colour) for tone, colour in colours.items()}


@contextmanager
def letters_as_text() -> Iterator[None]:
    """Let matplotlib write letters as text, and the same ids each time.

    Not by ``rc_context``, which copies and sets all three hundred settings for these two.
    """
    import matplotlib as mpl

    settings: Any = mpl.rcParams
    ours = {"svg.fonttype": "none", "svg.hashsalt": "nianbao"}
    before = {name: settings[name] for name in ours}
    settings.update(ours)
    try:
        yield
    finally:
        settings.update(before)


def figure_svg(figure: Figure, colours: Mapping[Tone, str] | None = None) -> str:
    """Write a figure of matplotlib as SVG fit for a page; its letters are text.

    What has a colour of the style bears its tone as a class too, so that a page may give it
    another colour. ``colours`` are those in which a project departs from the house style.
    """
    buffer = io.StringIO()
    with letters_as_text():
        figure.savefig(buffer, format="svg", metadata=NO_METADATA)
    return compact_svg(
        buffer.getvalue(), {c: tone for tone, c in {**tones(), **(colours or {})}.items()}
    )


def compact_svg(text: str, classes: Mapping[str, str] | None = None) -> str:
    """Rewrite a drawing of matplotlib's SVG backend whose letters are text.

    ``text`` is the document as matplotlib writes it with ``svg.fonttype: none``, and ``classes`` a
    class for what has a colour (``#1f4e79``), so that a page may give it another.

    Returns
    -------
    str
        One ``<svg>`` element without prolog; what it shows is the same.
    """
    root = ElementTree.fromstring(text)
    prefix = f"g{sha256(text.encode()).hexdigest()[:4]}-"
    used = {name for element in root.iter() for name in _references(element)}
    ids = dict.fromkeys(key for element in root.iter() if (key := element.get("id")))
    names = {key: f"{prefix}{number}" for number, key in enumerate(ids) if key in used}
    body = "".join(_drawn(child, names, classes or {}) for child in root)
    view = _short_numbers(root.get("viewBox", ""))
    width, height = view.split()[2:]
    linked = f' xmlns:xlink="{XLINK}"' if "xlink:" in body else ""
    return (
        f'<svg xmlns="{SVG[1:-1]}"{linked} width="{width}pt" height="{height}pt"'
        f' viewBox="{view}" font-family={_quoted(FACES)}>{body}</svg>'
    )


def _references(element: ElementTree.Element) -> Iterator[str]:
    """Yield the ids that an element names."""
    if link := element.get(_HREF):
        yield link.removeprefix("#")
    if clip := element.get("clip-path"):
        yield clip.removeprefix("url(#").removesuffix(")")


def _drawn(
    element: ElementTree.Element, names: Mapping[str, str], classes: Mapping[str, str]
) -> str:
    """Return one element; groups that change nothing give way to their children."""
    tag = element.tag.removeprefix(SVG)
    if tag in ("metadata", "style"):
        return ""
    written = "".join(_attributes(element, names, classes))
    if tag == "g" and element.get("id") == SONG:
        written += f" font-family={_quoted(SONG_FACES)}"
    inner = html.escape((element.text or "").strip(), quote=False)
    inner += "".join(_drawn(child, names, classes) for child in element)
    if (tag == "g" and not written) or (tag == "defs" and not inner):
        return inner
    return f"<{tag}{written}>{inner}</{tag}>" if inner else f"<{tag}{written}/>"


def _attributes(
    element: ElementTree.Element, names: Mapping[str, str], classes: Mapping[str, str]
) -> Iterator[str]:
    """Yield the attributes with style taken apart, ids and references by our names."""
    style = _style(element.get("style", ""))
    fill = style.get("fill", "none")
    if tone := classes.get(style.get("stroke", "") if fill == "none" else fill):
        yield f' class="{tone}"'
    for name, value in {**element.attrib, **style}.items():
        if name == "id":
            if value in names:
                yield f' id="{names[value]}"'
        elif name == _HREF:
            yield f' xlink:href="#{names[value[1:]]}"'
        elif name == "clip-path":
            yield f' clip-path="url(#{names[value[5:-1]]})"'
        elif name == "d":
            yield f' d="{_BLANK.sub("", " ".join(_short_numbers(value).split()))}"'
        elif name != "style" and not (name == "transform" and _UPRIGHT.fullmatch(value)):
            yield f" {name}={_quoted(_short_numbers(value))}"


def _quoted(value: str) -> str:
    """Quote an attribute; the function of xml.sax for it loads a client for HTTP."""
    written = html.escape(value, quote=False).replace('"', "&quot;")
    return f'"{written}"'


@lru_cache(maxsize=256)
def _style(text: str) -> Mapping[str, str]:
    """Return a style as attributes; of a font, only its size and weight."""
    pairs = dict(part.strip().split(": ", 1) for part in text.split(";") if ": " in part)
    if font := _FONT.match(pairs.pop("font", "")):
        pairs |= {"font-size": font["size"], "font-weight": font["weight"] or ""}
    pairs.pop("font-family", None)
    pairs = {k: v for k, v in pairs.items() if v and _PLAIN.get(k) != v}
    if size := pairs.get("font-size"):
        pairs["font-size"] = size.removesuffix("px")
    return pairs


def _short(number: float) -> str:
    """Write a number with at most two decimals, 0.01 pt."""
    return f"{number:.2f}".rstrip("0").rstrip(".")


@lru_cache(maxsize=2048)
def _short_numbers(text: str) -> str:
    if text.startswith("#"):  # a colour
        return text
    return _NUMBER.sub(lambda match: _short(float(match[0])), text)


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
    """Write a drawing as SVG that stands alone, without style, script or outside address.

    ``fonts`` are files in order of preference, to know which letters can be shown; ``song`` are
    those of titles, and ``colours`` those of tones that are not to have the house style's.

    Raises
    ------
    ExportError
        A letter is in none of the fonts: a box instead of a letter must never be published.
    """
    from matplotlib.backends.backend_svg import RendererSVG
    from matplotlib.text import Text as Words
    from matplotlib.transforms import Affine2D

    texts = [mark for mark in drawing.marks if isinstance(mark, Text)]
    _require_letters("".join(mark.text for mark in texts if not mark.song), fonts)
    _require_letters("".join(mark.text for mark in texts if mark.song), song or fonts)
    tone = {**tones(), **(colours or {})}
    sheet = io.StringIO()
    # A figure would measure each letter, which takes most of the time, and SVG asks for no measure.
    with letters_as_text():
        renderer = RendererSVG(
            drawing.width, drawing.height, sheet, image_dpi=POINTS_PER_INCH, metadata=NO_METADATA
        )
        points = Affine2D().scale(1, -1).translate(0, drawing.height)  # from the upper left corner
        words = Words(transform=points)
        for mark in sorted(drawing.marks, key=_layer):
            look = renderer.new_gc()
            look.set_foreground(tone[mark.tone])
            if isinstance(mark, Text):
                _write(renderer, look, mark, words)
            else:
                _draw(renderer, look, mark, points)
        renderer.finalize()
    return compact_svg(sheet.getvalue(), {colour: name for name, colour in tone.items()})


def _layer(mark: Mark) -> int:
    """Return the layer of a mark: areas below lines, lines below letters."""
    return 0 if isinstance(mark, Box | Band) else 1 if isinstance(mark, Line) else 2


def _draw(
    renderer: RendererSVG, look: GraphicsContextBase, mark: Box | Line | Band, points: Affine2D
) -> None:
    from matplotlib.path import Path as Outline

    match mark:
        case Box():
            right, below = mark.x + mark.width, mark.y + mark.height
            corners = ((mark.x, mark.y), (right, mark.y), (right, below), (mark.x, below))
            outline, line = Outline((*corners, corners[0]), closed=True), 0.0
        case Line():
            outline, line = Outline(((mark.x, mark.y), (mark.to_x, mark.to_y))), 1.0
        case Band():
            outline, line = Outline(tuple(_stream(mark)), _CURVES), 0.0
    look.set_linewidth(line)
    filled = None if line else look.get_rgb()
    renderer.draw_path(look, outline, points, filled)


def _write(renderer: RendererSVG, look: GraphicsContextBase, mark: Text, words: Words) -> None:
    """Write a text; ``words`` tells the renderer where it stands, one after the other."""
    x, y = mark.x, mark.y + CENTRE * mark.size
    words.set_position((x, y))
    words.set_horizontalalignment(_SIDES[mark.anchor])
    renderer.open_group("text", SONG if mark.song else None)
    font = _font(mark.size, mark.bold)
    renderer.draw_text(look, x, y, _visible(mark.text), font, 0, mtext=words)
    renderer.close_group("text")


@cache
def _font(size: float, bold: bool) -> FontProperties:
    """Return a size and a weight; a drawing's typeface is the page's."""
    from matplotlib.font_manager import FontProperties

    return FontProperties(family=[FACE], size=size, weight="bold" if bold else "normal")


_CURVES = (1, 4, 4, 4, 2, 4, 4, 4, 79)
"""matplotlib's codes: begin, curve, line, curve, close."""


def _stream(band: Band) -> Iterator[tuple[float, float]]:
    """Yield the outline of a band: along its upper edge, and back along the lower one."""
    middle, end, to_end = (band.x + band.to_x) / 2, band.top + band.depth, band.to_top + band.depth
    yield from ((band.x, band.top), (middle, band.top), (middle, band.to_top))
    yield from ((band.to_x, band.to_top), (band.to_x, to_end))
    yield from ((middle, to_end), (middle, end), (band.x, end), (band.x, band.top))


def _require_letters(text: str, fonts: Sequence[Path]) -> None:
    """Stop where none of the fonts has a letter: one error that names all such letters."""
    left = dict.fromkeys(c for c in _visible(text) if not c.isspace())
    for face in map(_face, fonts):
        left = dict.fromkeys(c for c in left if not face.get_char_index(ord(c)))
    if left:
        named = "、".join(f"“{letter}”（U+{ord(letter):04X}）" for letter in left)
        remedy = "请改用字体中有的字，或安装含有此字的字体（nianbao doctor 可检查字体）"
        raise ExportError(Problem(f"图中的字{named}在所用字体中没有", remedy=remedy))


@cache
def _face(font: Path) -> FT2Font:
    """Return a font file opened by FreeType, which reads of it what is asked for and no more."""
    from matplotlib.ft2font import FT2Font

    return FT2Font(str(font))


def _visible(text: str) -> str:
    """Drop control and format characters, which XML forbids or nobody sees."""
    return "".join(c for c in text if unicodedata.category(c) not in {"Cc", "Cf", "Cs"})


def text_width(text: str, size: float = SIZE) -> float:
    """Return the width in points: a full-width character is one em, any other a little over half.

    Examples
    --------
    >>> text_width("网站12", 10)
    32.0
    """
    return size * sum(1.0 if is_full_width(c) else DIGIT for c in text)


def is_full_width(character: str) -> bool:
    """Return whether a Chinese face gives it a whole em."""
    return unicodedata.east_asian_width(character) in "WFA"


def widest(texts: Iterable[str]) -> float:
    """Return the width of the longest of some texts; 0 for none."""
    return max((text_width(text, SIZE) for text in texts), default=0.0)


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

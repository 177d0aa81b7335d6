"""Make matplotlib's SVG small, plain and fit to stand inside a page.

matplotlib writes named groups, a style sheet that would leak into the page around it, and a
document type. Here the same drawing is written again with what is needed: no group without
effect, presentation as attributes (a page that forbids inline styles still shows the drawing),
ids of its own (several drawings may stand in one page), and letters as text in the typeface of
whoever shows it.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager
from functools import cache
from hashlib import sha256
from importlib import resources
from typing import TYPE_CHECKING, Any, Literal
from xml.etree import ElementTree
from xml.sax.saxutils import escape, quoteattr

if TYPE_CHECKING:
    from matplotlib import RcParams
    from matplotlib.figure import Figure

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


def letters_as_text() -> AbstractContextManager[None]:
    """Let matplotlib write letters as text, and the same ids each time."""
    import matplotlib as mpl

    return mpl.rc_context({"svg.fonttype": "none", "svg.hashsalt": "nianbao"})


def figure_svg(figure: Figure, colours: Mapping[Tone, str] | None = None) -> str:
    """Write a figure of matplotlib as SVG fit for a page; its letters are text.

    What has a colour of the style bears its tone as a class too, so that a page may give it
    another colour. ``colours`` are those in which a project departs from the house style.
    """
    buffer = io.StringIO()
    with letters_as_text():
        figure.savefig(buffer, format="svg", metadata=NO_METADATA)
    return tidy_svg(
        buffer.getvalue(), {c: tone for tone, c in {**tones(), **(colours or {})}.items()}
    )


def tidy_svg(text: str, classes: Mapping[str, str] | None = None) -> str:
    """Rewrite a drawing of matplotlib's SVG backend whose letters are text.

    Parameters
    ----------
    text
        The document as matplotlib writes it with ``svg.fonttype: none``.
    classes
        A class for what has this colour (``#1f4e79``), so that a page may give it another.

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
        f' viewBox="{view}" font-family={quoteattr(FACES)}>{body}</svg>'
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
        written += f" font-family={quoteattr(SONG_FACES)}"
    inner = escape((element.text or "").strip())
    inner += "".join(_drawn(child, names, classes) for child in element)
    if (tag == "g" and not written) or (tag == "defs" and not inner):
        return inner
    return f"<{tag}{written}>{inner}</{tag}>" if inner else f"<{tag}{written}/>"


def _attributes(
    element: ElementTree.Element, names: Mapping[str, str], classes: Mapping[str, str]
) -> Iterator[str]:
    """Yield the attributes with style taken apart, ids and references by our names."""
    style = _style(element.get("style", ""))
    colour = style.get("fill", "none") if style.get("fill", "none") != "none" else None
    if tone := classes.get(colour or style.get("stroke", "")):
        yield f' class="{tone}"'
    for name, value in ({**element.attrib, **style}).items():
        key = "xlink:href" if name == _HREF else name
        if key in ("style",) or (key == "id" and value not in names):
            continue
        if key == "id":
            yield f' id="{names[value]}"'
        elif key == "xlink:href":
            yield f' {key}="#{names[value[1:]]}"'
        elif key == "clip-path":
            yield f' {key}="url(#{names[value[5:-1]]})"'
        elif key == "d":
            yield f' {key}="{_BLANK.sub("", " ".join(_short_numbers(value).split()))}"'
        elif not (key == "transform" and _UPRIGHT.fullmatch(value)):
            yield f" {key}={quoteattr(_short_numbers(value) if key != 'class' else value)}"


def _style(text: str) -> dict[str, str]:
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


def _short_numbers(text: str) -> str:
    if text.startswith("#"):  # a colour
        return text
    return _NUMBER.sub(lambda match: _short(float(match[0])), text)

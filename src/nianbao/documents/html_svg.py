"""A chart's SVG as a part of the page: checked, renumbered, with words for a screen reader.

A drawing comes out of a notebook's outputs, which anybody may have written. It is built anew
from the shapes that a chart needs; anything else (script, style, link, picture, handler) is an
error, not silently left out, because then it is not the drawing that was checked.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from xml.etree import ElementTree

from markupsafe import Markup, escape

from nianbao.errors import ExportError, Problem
from nianbao.prose.blocks import FigureBlock
from nianbao.statistics.drawing import SONG_FACES, SVG, tones

_HREF = "{http://www.w3.org/1999/xlink}href"
_SHAPES = frozenset(
    {
        *("g", "defs", "clipPath", "path", "use", "rect", "line", "circle", "ellipse"),
        *("polygon", "polyline", "text", "tspan"),
    }
)
_LETTERED = frozenset({"text", "tspan"})
_ATTRIBUTES = frozenset(
    {
        *("d", "x", "y", "x1", "y1", "x2", "y2", "cx", "cy", "r", "rx", "ry", "width", "height"),
        *("points", "transform", "fill", "fill-opacity", "fill-rule", "opacity", "stroke"),
        *("stroke-opacity", "stroke-width", "stroke-linejoin", "stroke-linecap"),
        *("stroke-dasharray", "stroke-miterlimit", "text-anchor"),
        *("font-size", "font-weight"),
    }
)
# Numbers, words, colours and transforms; no address.
_VALUE = re.compile(r"(?!url)[\w\s.,#+()%-]*")
_REFERENCE = re.compile(r"url\(#([\w-]+)\)")

Names = Mapping[str, str]


def inline_svg(figure: FigureBlock, uid: str) -> Markup:
    """Build the drawings of a figure anew, wide and narrow; a page shows one of them.

    ``uid`` begins every id in them, so that several figures can stand in one page. What was
    not drawn by us may have one form alone.

    Raises
    ------
    ExportError
        A drawing is not well-formed, or holds what a chart does not need.
    """
    title, words = escape(figure.title), escape(figure.alt)
    about = f'<title id="{uid}:title">{title}</title><desc id="{uid}:words">{words}</desc>'
    named = f'aria-labelledby="{uid}:title {uid}:words"'
    if not figure.narrow:
        return _drawing(figure, figure.svg, uid, f'class="nb-only" {named}', about)
    # What names a drawing need not be in it, nor be shown.
    wide = _drawing(figure, figure.svg, uid, f'class="nb-wide" {named}', about)
    return wide + _drawing(figure, figure.narrow, f"{uid}n", f'class="nb-narrow" {named}', "")


def _drawing(figure: FigureBlock, text: str, uid: str, attributes: str, about: str) -> Markup:
    try:
        # No document type: entities could grow without end.
        root = ElementTree.fromstring(text) if "<!" not in text else None
    except ElementTree.ParseError:
        root = None
    if root is None or root.tag != f"{SVG}svg":
        raise _error(figure, "不是合格的SVG")
    view = root.get("viewBox", "")
    if not re.fullmatch(r"[\d. -]+", view):
        raise _error(figure, "没有viewBox")
    ids = [name for element in root.iter() if (name := element.get("id"))]
    names = {name: f"{uid}.{number}" for number, name in enumerate(ids)}
    if len(names) < len(ids):
        raise _error(figure, "同一个id用了两次")
    shapes = "".join(_shape(child, figure, names) for child in root)
    # Markup: built from escaped words and checked shapes.
    return Markup(f'<svg role="img" {attributes} viewBox="{view}">{about}{shapes}</svg>')


def _shape(element: ElementTree.Element, figure: FigureBlock, names: Names) -> str:
    tag = element.tag.removeprefix(SVG)
    if tag in {"title", "desc", "metadata"}:
        return ""
    words = (element.text or "").strip()
    if tag not in _SHAPES or (words and tag not in _LETTERED) or (element.tail or "").strip():
        raise _error(figure, tag)
    written = [
        f' {name}="{_attribute(name, value, figure, names)}"'
        for key, value in element.attrib.items()
        for name in ["href" if key == _HREF else key]
    ]
    inner = str(escape(words)) + "".join(_shape(child, figure, names) for child in element)
    return f"<{tag}{''.join(written)}>{inner}</{tag}>" if inner else f"<{tag}{''.join(written)}/>"


def _attribute(name: str, value: str, figure: FigureBlock, names: Names) -> str:
    """Return the value fit to stand in quotes, with our names for ids and references to them.

    What has a sign that would have to be escaped is no value of a chart's.
    """
    if name == "id":
        return names[value]
    if name == "href" and value[:1] == "#" and value[1:] in names:
        return f"#{names[value[1:]]}"
    reference = _REFERENCE.fullmatch(value)
    if reference and reference[1] in names and name == "clip-path":
        return f"url(#{names[reference[1]]})"
    if name == "font-family" and value == SONG_FACES:
        return escape(value)
    if name == "class" and value in tones():
        return f"nb-{value}"
    if name not in _ATTRIBUTES or not _VALUE.fullmatch(value):
        raise _error(figure, f"{name}={value}"[:60])
    return value


def _error(figure: FigureBlock, found: str) -> ExportError:
    return ExportError(
        Problem(
            f"图“{figure.title}”不能放入网页",
            value=found,
            expected="本程序绘制的图形（不含脚本、样式、链接和外部图片）",
        )
    )

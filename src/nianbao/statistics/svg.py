"""Make matplotlib's SVG small, plain and fit to stand inside a page.

matplotlib writes letters as long curves, named groups, a style sheet that would leak into the
page around it, and a document type. Here the same drawing is written again with what is
needed: no group without effect, presentation as attributes (a page that forbids inline styles
still shows the drawing), and ids of its own (several drawings may stand in one page).
"""

from __future__ import annotations

import re
from hashlib import sha256
from xml.etree import ElementTree

from nianbao.statistics.outline import UNIT, short_outline

SVG = "http://www.w3.org/2000/svg"
XLINK = "http://www.w3.org/1999/xlink"

_HREF = f"{{{XLINK}}}href"
_SCALE = UNIT / 64
"""matplotlib's outlines are 64 to the unit in which it places letters along a line."""
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:e-?\d+)?")
_PLACED = re.compile(r"translate\((\S+) (\S+)\)(?: scale\((\S+) \S+\))?")


def tidy_svg(text: str) -> str:
    """Rewrite a drawing of matplotlib's SVG backend whose letters are outlines.

    Parameters
    ----------
    text
        The document as matplotlib writes it: paths, and groups of ``use`` for text.

    Returns
    -------
    str
        One ``<svg>`` element without prolog; what it shows is the same.
    """
    root = ElementTree.fromstring(text)
    prefix = f"g{sha256(text.encode()).hexdigest()[:4]}-"
    names: dict[str, str] = {}
    outlines: list[str] = []
    for path in root.iter(f"{{{SVG}}}path"):
        if key := path.get("id"):
            names[key] = f"{prefix}{len(names)}"
            outlines.append(f'<path id="{names[key]}" d="{short_outline(path.get("d", ""))}"/>')
    body = "".join(_drawn(child, names) for child in root)
    view = _short_numbers(root.get("viewBox", ""))
    width, height = view.split()[2:]
    return (
        f'<svg xmlns="{SVG}" xmlns:xlink="{XLINK}" width="{width}pt" height="{height}pt"'
        f' viewBox="{view}"><defs>{"".join(outlines)}</defs>{body}</svg>'
    )


def _drawn(element: ElementTree.Element, names: dict[str, str]) -> str:
    """One element; groups that change nothing give way to their children."""
    tag = element.tag.removeprefix(f"{{{SVG}}}")
    if tag in ("defs", "metadata"):
        return ""
    if tag == "use":
        return f'<use xlink:href="#{names[element.get(_HREF, "")[1:]]}"{_along(element)}/>'
    style = _presentation(element.get("style", ""))
    if tag == "path":
        return f'<path d="{" ".join(_short_numbers(element.get("d", "")).split())}"{style}/>'
    inner = "".join(_drawn(child, names) for child in element)
    if not (placed := _PLACED.fullmatch(element.get("transform", ""))):
        return inner
    x, y, size = (float(n) for n in placed.groups())
    scale = f"{size * _SCALE:.6g}"
    return (
        f'<g transform="translate({_short(x)} {_short(y)})scale({scale} -{scale})"{style}>'
        f"{inner}</g>"
    )


def _along(use: ElementTree.Element) -> str:
    """Where a letter stands in its line, in the units of the outlines."""
    placed = _PLACED.fullmatch(use.get("transform", ""))
    return f' x="{round(float(placed[1]) / _SCALE)}"' if placed else ""


def _presentation(style: str) -> str:
    """A style as presentation attributes."""
    pairs = (part.split(":") for part in style.split(";") if part.strip())
    return "".join(f' {name.strip()}="{value.strip()}"' for name, value in pairs)


def _short(number: float) -> str:
    """At most two decimals, 0.01 pt."""
    return f"{number:.2f}".rstrip("0").rstrip(".")


def _short_numbers(text: str) -> str:
    return _NUMBER.sub(lambda match: _short(float(match[0])), text)

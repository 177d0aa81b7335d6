"""Names, attributes and moves in the XML of a Word file, and marks at what is not taken from it.

What Word shows and we do not take as text is marked at its place, to be listed. A mark is an
element of our own in the tree that was read; no reader of text sees it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from nianbao.files.word.symbols import symbol

Element = etree._Element

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
CHART = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
DIAGRAM = "{http://schemas.openxmlformats.org/drawingml/2006/diagram}"
RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
VML = "{urn:schemas-microsoft-com:vml}"
OFFICE = "{urn:schemas-microsoft-com:office:office}"
PLACING = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
PICTURE = f"{PLACING}docPr"

# What "Strict Open XML" calls the same things.
STRICT = (
    (b"http://purl.oclc.org/ooxml/wordprocessingml/main", W),
    (b"http://purl.oclc.org/ooxml/officeDocument/relationships", RELATION),
    (b"http://purl.oclc.org/ooxml/officeDocument/math", MATH),
    (b"http://purl.oclc.org/ooxml/drawingml/wordprocessingDrawing", PLACING),
    (b"http://purl.oclc.org/ooxml/drawingml/main", DRAWING),
    (b"http://purl.oclc.org/ooxml/drawingml/chart", CHART),
    (b"http://purl.oclc.org/ooxml/drawingml/diagram", DIAGRAM),
)


def tag(name: str) -> str:
    """Return a name in the namespace of WordprocessingML."""
    return W + name


def value(element: Element | None, name: str = "val") -> str | None:
    """Return an attribute of the same namespace, None for no element."""
    return None if element is None else element.get(W + name)


def is_on(element: Element | None) -> bool:
    """Return a switch such as ``<w:b/>``: there, and not switched off."""
    return element is not None and value(element) not in ("0", "false", "off", "none")


def number(text: str | None, default: int) -> int:
    """Return a number that Word writes, as far as it can be one."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 6 else default


def remove(element: Element) -> None:
    """Take an element out; text between Word's elements carries nothing."""
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)


def unwrap(element: Element) -> None:
    """Put an element's children in its place."""
    for child in list(element):
        element.addprevious(child)
    remove(element)


def replace(element: Element, *others: Element) -> None:
    """Put others in an element's place."""
    for other in others:
        element.addprevious(other)
    remove(element)


def make_text(text: str) -> Element:
    """Return a piece of text, as it stands in a run."""
    piece = etree.Element(tag("t"))
    piece.text = text
    return piece


def make_run(text: str) -> Element:
    """Return a run of this text."""
    run = etree.Element(tag("r"))
    run.append(make_text(text))
    return run


_MARK = "untaken"
_IN_PIECES = ("隐藏文字", "删除线", "填写提示")
"""Kinds that Word may cut into several runs."""
_FORMULA_SIGNS = {"nary": ("∫", ""), "d": ("(", ")"), "acc": ("", ""), "groupChr": ("", "")}
"""What stands before and after, where the formula does not say another sign."""
_UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]")


@dataclass(frozen=True, slots=True)
class Untaken:
    """Something that Word shows and that is not in the text: what it is, and its own text."""

    kind: str
    text: str


def mark(kind: str, text: str = "") -> Element:
    """Make the mark that stands for something that is not taken."""
    return etree.Element(_MARK, kind=kind, text=" ".join(_UNFIT.sub("", text).split()))


def find_untaken(element: Element) -> Iterator[Untaken]:
    """List what was not taken of a paragraph or table, what lies side by side as one."""
    last: tuple[Element, Untaken] | None = None
    for found in element.iter(_MARK):
        this = Untaken(found.get("kind", ""), found.get("text", ""))
        if last and this.kind == last[1].kind in _IN_PIECES and _are_neighbours(last[0], found):
            last = found, Untaken(this.kind, last[1].text + this.text)
            continue
        if last:
            yield last[1]
        last = found, this
    if last:
        yield last[1]


def _are_neighbours(a: Element, b: Element) -> bool:
    """Return whether two marks stand in runs that follow each other."""
    first, second = a.getparent(), b.getparent()
    if first is None or second is None or first.tag != tag("r") or second.tag != tag("r"):
        return a.getnext() is b
    return first.getnext() is second or first is second


def shown_text(element: Element) -> str:
    """Return the text of anything that is not taken: a note, a box, a formula, a drawing."""
    pieces: list[str] = []
    for piece in element.iter():
        if piece.tag in (tag("t"), f"{MATH}t", f"{DRAWING}t"):
            pieces.append(piece.text or "")
        elif piece.tag == tag("sym"):
            sign = symbol(value(piece, "font"), hex_number(value(piece, "char")))
            pieces.append(sign or "")
        elif piece.tag in (tag("p"), tag("tab"), tag("br"), f"{DRAWING}p"):
            pieces.append(" ")
    return " ".join("".join(pieces).split())


def formula_text(element: Element) -> str:
    """Return the signs of a formula in one line.

    Some of them stand in its properties only.

    Examples
    --------
    A fraction is ``1/2``, a power ``x^2``, a root ``√(5)``.
    """
    parts = {etree.QName(p).localname: formula_text(p) for p in element if isinstance(p.tag, str)}
    kind = etree.QName(element).localname
    inner = "".join(map(formula_text, (p for p in element if isinstance(p.tag, str))))
    if kind == "t":
        return element.text or ""
    if kind == "f":
        return f"{parts.get('num', '')}/{parts.get('den', '')}"
    if kind in ("sSup", "sSub"):
        sign = "^" if kind == "sSup" else "_"
        return f"{parts.get('e', '')}{sign}{parts.get('sup', parts.get('sub', ''))}"
    if kind == "rad":
        return f"{parts.get('deg', '')}√({parts.get('e', '')})"
    if kind in _FORMULA_SIGNS:
        first, last = _FORMULA_SIGNS[kind]
        about = element.find(f"{MATH}{kind}Pr")
        given = {} if about is None else {etree.QName(p).localname: p for p in about}
        first = given["begChr"].get(f"{MATH}val", "") if "begChr" in given else first
        first = given["chr"].get(f"{MATH}val", "") if "chr" in given else first
        last = given["endChr"].get(f"{MATH}val", "") if "endChr" in given else last
        return f"{first}{inner}{last}"
    return inner


def all_text(element: Element) -> str:
    """Return the text of something that is not known, whatever it is made of."""
    return " ".join("".join(map(str, element.itertext())).split())


def hex_number(text: str | None) -> int:
    """Return the number of a character as Word writes it.

    For anything else it is 0, which no face shows.
    """
    return int(text, 16) if text and re.fullmatch("[0-9A-Fa-f]{1,6}", text) else 0

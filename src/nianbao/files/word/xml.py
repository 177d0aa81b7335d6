"""Names, attributes and moves in the XML of a Word file."""

from __future__ import annotations

from lxml import etree

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

"""Elements of WordprocessingML, built node by node so that a text can never become markup."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any

from docx.oxml.ns import qn
from docx.oxml.parser import OxmlElement
from lxml import etree

Element = etree._Element

# Control, format and half characters: XML cannot hold most of them, and no reader sees them.
_UNSEEN = frozenset({"Cc", "Cf", "Cs"})
# Two more that XML cannot hold.
_FORBIDDEN = "\ufffe\uffff"
_PIECE = re.compile(r"\r\n|[\n\r\t]|[^\n\r\t]+")


def clean(text: str) -> str:
    """Text without what a document cannot hold or show; line ends and tabs stay."""
    return "".join(
        c
        for c in text
        if c in "\t\n\r" or (unicodedata.category(c) not in _UNSEEN and c not in _FORBIDDEN)
    )


def w(tag: str, *children: Element, **attributes: str | int) -> Element:
    """An element of the ``w:`` namespace; attributes are of the same namespace.

    Examples
    --------
    >>> w("jc", val="center").tag.endswith("}jc")
    True
    """
    named = {qn(f"w:{name}"): clean(str(value)) for name, value in attributes.items()}
    element = OxmlElement(f"w:{tag}", named)
    element.extend(children)
    return element


def run(text: str, style: str | None = None) -> Element:
    """A run of text; line breaks and tabs become their elements."""
    pieces: list[Element] = []
    for piece in _PIECE.findall(clean(text)):
        if piece == "\t":
            pieces.append(w("tab"))
        elif piece in ("\n", "\r", "\r\n"):
            pieces.append(w("br"))
        else:
            node = w("t")
            node.text = piece
            node.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
            pieces.append(node)
    properties = [w("rPr", w("rStyle", val=style))] if style else []
    return w("r", *properties, *pieces)


def paragraph(style: str, content: Iterable[Element], *properties: Element) -> Element:
    """A paragraph of that style; ``properties`` in the order of the schema (after pStyle)."""
    return w("p", w("pPr", w("pStyle", val=style), *properties), *content)


def inline_runs(inlines: Iterable[Mapping[str, Any]]) -> list[Element]:
    """Runs of a paragraph. Neighbours that look alike are joined, so that the editor meets
    whole sentences and not a run for every number."""
    joined: list[tuple[str | None, str]] = []
    for inline in inlines:
        style = "Strong" if inline["strong"] else "Emphasis" if inline["emph"] else None
        if joined and joined[-1][0] == style:
            joined[-1] = (style, joined[-1][1] + inline["text"])
        else:
            joined.append((style, inline["text"]))
    return [run(text, style) for style, text in joined if text]


def bookmarked(paragraphs: Iterable[Element], name: str, number: int) -> None:
    """Put a bookmark around the paragraphs, from the first one's start to the last one's end."""
    first, *rest = list(paragraphs)
    first.insert(1, w("bookmarkStart", id=number, name=name))
    (rest[-1] if rest else first).append(w("bookmarkEnd", id=number))


__all__ = [
    "Element",
    "bookmarked",
    "clean",
    "inline_runs",
    "paragraph",
    "qn",
    "run",
    "w",
]

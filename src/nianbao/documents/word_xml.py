"""Elements of WordprocessingML, built node by node so that a text can never become markup."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from docx.oxml.ns import qn
from docx.oxml.parser import OxmlElement
from lxml import etree

Element = etree._Element

# What XML 1.0 cannot hold at all; shown as the replacement character, never dropped unseen.
_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
BLOCK_PREFIX = "nbx_"
_LONGEST_BOOKMARK = 40  # Word cuts a longer name
_PIECE = re.compile(r"\r\n|[\n\r\t]|[^\n\r\t]+")


def w(tag: str, *children: Element, **attributes: str | int) -> Element:
    """An element of the ``w:`` namespace; attributes are of the same namespace.

    Examples
    --------
    >>> w("jc", val="center").tag.endswith("}jc")
    True
    """
    named = {qn(f"w:{name}"): str(value) for name, value in attributes.items()}
    element = OxmlElement(f"w:{tag}", named)
    element.extend(children)
    return element


def run(text: str, style: str | None = None) -> Element:
    """A run of text; line breaks and tabs become their elements."""
    pieces: list[Element] = []
    for piece in _PIECE.findall(_FORBIDDEN.sub("\ufffd", text)):
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


def characters(text: str) -> float:
    """Width in characters: a Chinese one counts 1, a Western one half."""
    return sum(0.5 if character < "\u0100" else 1 for character in text)


def bookmarked(paragraphs: Iterable[Element], name: str, number: int) -> None:
    """Put a bookmark around the paragraphs, from the first one's start to the last one's end."""
    first, *rest = list(paragraphs)
    first.insert(1, w("bookmarkStart", id=number, name=name))
    (rest[-1] if rest else first).append(w("bookmarkEnd", id=number))


def _safe(key: str) -> str:
    coded = re.sub(r"[^a-z0-9._]", lambda m: f"X{ord(m[0]):x}X", key)
    return coded.replace("_", "U").replace(".", "_")


def section_bookmark(section: str) -> str:
    """The bookmark's name for a section id: a dot becomes an underscore, an underscore U, what
    a bookmark cannot hold its code point.

    Examples
    --------
    >>> section_bookmark("overview.requests"), section_bookmark("other.fees-paid")
    ('nb_overview_requests', 'nb_other_feesX2dXpaid')
    """
    return "nb_" + _safe(section)


def block_bookmark(key: str) -> str:
    """The bookmark's name for a table or figure that the software made: not to be edited."""
    return (BLOCK_PREFIX + _safe(key))[:_LONGEST_BOOKMARK]


def bookmark_section(name: str) -> str | None:
    """The section id that a bookmark's name stands for, or None for any other bookmark.

    Examples
    --------
    >>> bookmark_section("nb_other_feesX2dXpaid"), bookmark_section("_Toc1")
    ('other.fees-paid', None)
    """
    if not name.startswith("nb_"):
        return None
    dotted = name.removeprefix("nb_").replace("_", ".").replace("U", "_")
    return re.sub(r"X([0-9a-f]+)X", lambda m: chr(int(m[1], 16)), dotted)


__all__ = [
    "BLOCK_PREFIX",
    "Element",
    "block_bookmark",
    "bookmark_section",
    "bookmarked",
    "characters",
    "inline_runs",
    "paragraph",
    "qn",
    "run",
    "section_bookmark",
    "w",
]

"""What Word shows and we do not take as text: each is marked at its place, to be listed.

A mark is an element of our own in the tree that was read; no reader of text sees it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from nianbao.files.word.symbols import symbol
from nianbao.files.word.xml import DRAWING, MATH, Element, tag, value

_MARK = "untaken"
_IN_PIECES = ("隐藏文字", "删除线", "填写提示")
"""Kinds that Word may cut into several runs."""
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
    """Whether two marks stand in runs that follow each other."""
    first, second = a.getparent(), b.getparent()
    if first is None or second is None or first.tag != tag("r") or second.tag != tag("r"):
        return a.getnext() is b
    return first.getnext() is second or first is second


def shown_text(element: Element) -> str:
    """The text of anything that is not taken: a note, a box, a formula, a drawing."""
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


def all_text(element: Element) -> str:
    """The text of something that is not known, whatever it is made of."""
    return " ".join("".join(map(str, element.itertext())).split())


def hex_number(text: str | None) -> int:
    """The number of a character as Word writes it; 0, which no face shows, for anything else."""
    return int(text, 16) if text and re.fullmatch("[0-9A-Fa-f]{1,6}", text) else 0

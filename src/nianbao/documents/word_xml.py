"""Elements of WordprocessingML, built node by node so that a text can never become markup.

Pictures too: charts drawn as PNG, images that a bureau put into its prose.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from io import BytesIO
from itertools import groupby
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml.ns import qn
from docx.oxml.parser import OxmlElement
from docx.parts.story import StoryPart
from docx.shared import Emu, Mm, Twips
from lxml import etree

from nianbao.documents.typesetting import pieces
from nianbao.files.word.text import CITATION_STYLE
from nianbao.fonts import Fonts
from nianbao.prose.blocks import FigureCitation, ImageBlock, Inline, plain_text

Element = etree._Element

# Control, format and half characters: XML cannot hold most of them, and no reader sees them.
_UNSEEN = frozenset({"Cc", "Cf", "Cs"})
# Two more that XML cannot hold.
_FORBIDDEN = "\ufffe\uffff"
_PIECE = re.compile(r"\r\n|[\n\r\t]|[^\n\r\t]+")

_DOTS_PER_INCH = 200
_WIDEST = Twips(8844)  # the type area as the page set-up has it, a hair less than 156 mm
_TALLEST = Mm(200)
_WORD_READS = ("image/png", "image/jpeg", "image/gif")
# The picture comes in as a file of data, not as source: its text is never read as Typst.
_PAGE = """#set page(width: auto, height: auto, margin: 0pt)
#image("picture.{form}", width: {width})"""


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


def inline_runs(part: StoryPart, inlines: Iterable[Inline]) -> list[Element]:
    """Runs of a paragraph. Neighbours that look alike are joined, so that the editor meets
    whole sentences and not a run for every number."""
    alike = ((style, plain_text(some)) for style, some in groupby(inlines, key=_run_style))
    return [element for style, text in alike for element in _linked_runs(part, text, style)]


def _linked_runs(part: StoryPart, text: str, style: str | None) -> Iterator[Element]:
    """Runs of one look: plain text in one of them, an address in a hyperlink."""
    for is_link, some in groupby(pieces(text), key=lambda piece: piece.kind == "link"):
        if not is_link:
            yield run("".join(piece.text for piece in some), style)
            continue
        for piece in some:
            link = part.relate_to(piece.target, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
            element = w("hyperlink", run(piece.text, style or "Hyperlink"))
            element.set(qn("r:id"), link)
            yield element


def _run_style(inline: Inline) -> str | None:
    """The style that shows stress, or by which a citation is known when edits are read back."""
    if isinstance(inline, FigureCitation):
        return CITATION_STYLE.replace(" ", "")
    return "Strong" if inline.strong else "Emphasis" if inline.emph else None


def bookmarked(paragraphs: Iterable[Element], name: str, number: int) -> None:
    """Put a bookmark around the paragraphs, from the first one's start to the last one's end."""
    first, *rest = list(paragraphs)
    first.insert(1, w("bookmarkStart", id=number, name=name))
    (rest[-1] if rest else first).append(w("bookmarkEnd", id=number))


def drawing(
    data: bytes, form: str, fonts: Fonts, *, width: str = "156mm", dots: int = _DOTS_PER_INCH
) -> bytes:
    """Draw a picture (``svg``, ``webp``) as PNG, as wide as the type area, 200 dots an inch.

    PNG because Word shows SVG only from 2016 on, and WPS and LibreOffice not reliably.
    The same picture gives the same bytes.
    """
    import typst

    from nianbao.documents.typst_fonts import place_fonts

    source = _PAGE.format(form=form, width=width).encode()
    files: Any = {"main.typ": source, f"picture.{form}": data}
    with TemporaryDirectory(prefix="nianbao-") as name:
        found, _ = place_fonts(fonts, Path(name) / "fonts")
        png = typst.compile(
            files, format="png", ppi=dots, font_paths=found, ignore_system_fonts=True
        )
    return bytes(png if isinstance(png, bytes) else png[0])


def picture(part: StoryPart, png: bytes, name: str, alt: str, *, widest: bool = False) -> Element:
    """Make a run with the picture, within the type area, with its name and alternative text.

    ``widest``: fill the type area's width (a chart); else at most the picture's own size.
    """
    inline = part.new_pic_inline(BytesIO(png))
    width, height = inline.extent.cx, inline.extent.cy
    scale = min(_WIDEST / width, _TALLEST / height, float("inf") if widest else 1.0)
    inline.extent.cx, inline.extent.cy = Emu(round(width * scale)), Emu(round(height * scale))
    size = inline.graphic.graphicData.pic.spPr
    size.cx, size.cy = inline.extent.cx, inline.extent.cy
    inline.docPr.set("name", clean(name))
    inline.docPr.set("descr", clean(alt))
    return w("r", w("drawing", inline))


def image_png(block: ImageBlock, fonts: Fonts) -> bytes:
    """Give the bytes of an image block in a form that Word reads."""
    if block.media in _WORD_READS:
        return block.data
    return drawing(block.data, block.media.removeprefix("image/"), fonts)


__all__ = [
    "Element",
    "bookmarked",
    "clean",
    "drawing",
    "image_png",
    "inline_runs",
    "paragraph",
    "picture",
    "qn",
    "run",
    "w",
]

"""The parts of a Word file: elements, pictures, bookmarks, and the package that holds them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, time
from importlib import resources
from importlib.resources.abc import Traversable
from io import BytesIO
from itertools import groupby
from math import inf
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import docx
from docx.document import Document as WordDocument
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml.ns import qn
from docx.oxml.parser import OxmlElement
from docx.parts.story import StoryPart
from docx.shared import Emu, Mm, Twips
from lxml import etree

from nianbao.documents.typesetting import Piece, pieces
from nianbao.documents.typst_fonts import draw_pngs
from nianbao.files.word.text import CITATION_STYLE
from nianbao.fonts import Fonts
from nianbao.prose.blocks import (
    Block,
    Document,
    FigureBlock,
    FigureCitation,
    Inline,
    pictured,
    plain_text,
)

Element = etree._Element

# Control, format and half characters: XML cannot hold most of them, and no reader sees them.
_UNSEEN = frozenset({"Cc", "Cf", "Cs"})
# Two more that XML cannot hold.
_FORBIDDEN = "\ufffe\uffff"
_PIECE = re.compile(r"\r\n|[\n\r\t]|[^\n\r\t]+")
_SOLID_PIECE = re.compile(r"-|[^-]+")

TEXT_WIDTH = 8844  # twips: the type area as the page set-up has it, a hair less than 156 mm
_TALLEST = Mm(200)
_WORD_READS = ("image/png", "image/jpeg", "image/gif")


def xml_text(text: str) -> str:
    """Return text without what a document cannot hold or show; line ends and tabs stay."""
    if text.isprintable():  # nearly every text
        return text
    return "".join(
        c
        for c in text
        if c in "\t\n\r" or (unicodedata.category(c) not in _UNSEEN and c not in _FORBIDDEN)
    )


def w(tag: str, *children: Element, **attributes: str | int) -> Element:
    """Return an element of the ``w:`` namespace; attributes are of the same namespace.

    Examples
    --------
    >>> w("jc", val="center").tag.endswith("}jc")
    True
    """
    named = {qn(f"w:{name}"): xml_text(str(value)) for name, value in attributes.items()}
    element = OxmlElement(f"w:{tag}", named)
    element.extend(children)
    return element


def run(text: str, style: str | None = None, *, solid: bool = False) -> Element:
    """Return a run of text; line breaks and tabs become their elements.

    ``solid``: no line ends at a hyphen in it; Word has an element for such a hyphen, and readers
    take it for an ordinary one.
    """
    pieces: list[Element] = []
    for piece in (_SOLID_PIECE if solid else _PIECE).findall(xml_text(text)):
        if solid and piece == "-":
            pieces.append(w("noBreakHyphen"))
        elif piece == "\t":
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
    """Return a paragraph of that style.

    ``properties`` stand in the order of the schema (after pStyle).
    """
    return w("p", w("pPr", w("pStyle", val=style), *properties), *content)


def inline_runs(part: StoryPart, inlines: Iterable[Inline]) -> list[Element]:
    """Return the runs of a paragraph.

    Neighbours that look alike are joined, so that the editor meets whole sentences and not a run
    for every number.
    """
    alike = ((style, plain_text(some)) for style, some in groupby(inlines, key=_run_style))
    return [element for style, text in alike for element in _linked_runs(part, text, style)]


def _linked_runs(part: StoryPart, text: str, style: str | None) -> Iterator[Element]:
    """Yield runs of one look.

    Plain text is in one run, a telephone number in one of its own, an address in a hyperlink.
    """
    for kind, some in groupby(pieces(text), key=_run_kind):
        if kind != "link":
            yield run("".join(piece.text for piece in some), style, solid=kind == "solid")
            continue
        for piece in some:
            link = part.relate_to(piece.target, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
            element = w("hyperlink", run(piece.text, style or "Hyperlink"))
            element.set(qn("r:id"), link)
            yield element


def _run_kind(piece: Piece) -> str:
    if piece.kind == "solid" and "-" not in piece.text:
        return "words"
    return piece.kind if piece.kind in ("link", "solid") else "words"


def _run_style(inline: Inline) -> str | None:
    """Return the style of a run: that of stress, or of a citation.

    By the latter a citation is known when edits are read back.
    """
    if isinstance(inline, FigureCitation):
        return CITATION_STYLE.replace(" ", "")
    return "Strong" if inline.strong else "Emphasis" if inline.emph else None


def bookmarked(paragraphs: Iterable[Element], name: str, number: int) -> None:
    """Put a bookmark around the paragraphs, from the first one's start to the last one's end."""
    first, *rest = list(paragraphs)
    first.insert(1, w("bookmarkStart", id=number, name=name))
    (rest[-1] if rest else first).append(w("bookmarkEnd", id=number))


def picture(part: StoryPart, png: bytes, name: str, alt: str, *, filling: float = 0.0) -> Element:
    """Make a run with the picture, within the type area, with its name and alternative text.

    ``filling``: so much of the type area's width (a chart); else at most the picture's own size.
    """
    inline = part.new_pic_inline(BytesIO(png))
    width, height = inline.extent.cx, inline.extent.cy
    scale = min(
        (filling or 1.0) * Twips(TEXT_WIDTH) / width, _TALLEST / height, inf if filling else 1.0
    )
    inline.extent.cx, inline.extent.cy = Emu(round(width * scale)), Emu(round(height * scale))
    size = inline.graphic.graphicData.pic.spPr
    size.cx, size.cy = inline.extent.cx, inline.extent.cy
    inline.docPr.set("name", xml_text(name))
    inline.docPr.set("descr", xml_text(alt))
    return w("r", w("drawing", inline))


def drawn_for_word(blocks: Iterable[Block], fonts: Fonts) -> dict[str | bytes, bytes]:
    """Draw the charts, and the pictures in a form that Word does not read, as PNG.

    By the chart's SVG, or the picture's data.
    """
    drawn: dict[str | bytes, tuple[bytes, str]] = {}
    for block in pictured(blocks):
        if isinstance(block, FigureBlock):
            drawn[block.svg] = (block.svg.encode(), "svg")
        elif block.media not in _WORD_READS:
            drawn[block.data] = (block.data, block.media.removeprefix("image/"))
    return dict(zip(drawn, draw_pngs(list(drawn.values()), fonts), strict=True))


# The package: the reference document as data, and a zip that is the same every time.


def _files(folder: Traversable, path: str = "") -> Iterator[tuple[str, bytes]]:
    for entry in folder.iterdir():
        if entry.is_dir():
            yield from _files(entry, f"{path}{entry.name}/")
        else:
            yield path + entry.name, entry.read_bytes()


def write_zip(parts: Mapping[str, bytes]) -> bytes:
    """Return a zip of these parts that depends on nothing else: sorted names, one fixed time.

    ``[Content_Types].xml`` sorts first, where some readers expect it.
    """
    out = BytesIO()
    with ZipFile(out, "w") as archive:
        for name in sorted(parts):
            entry = ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.compress_type = ZIP_DEFLATED
            entry.create_system = 0
            archive.writestr(entry, parts[name], compresslevel=6)
    return out.getvalue()


def read_zip(data: bytes) -> dict[str, bytes]:
    """Return the parts of a package by name."""
    with ZipFile(BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def open_template() -> WordDocument:
    """Return the reference document: styles, page, numbering and page numbers.

    Its parts lie in templates/word/parts.
    """
    folder = resources.files("nianbao.documents") / "templates" / "word" / "parts"
    return docx.Document(BytesIO(write_zip(dict(_files(folder)))))


def _property(text: str) -> str:
    """Return a text as a property: Word takes 255 characters of one line."""
    return " ".join(xml_text(text).split())[:255]


def set_properties(word: WordDocument, document: Document) -> None:
    """Set title, author, language and dates of the file."""
    properties, day = word.core_properties, datetime.combine(document.day, time())
    properties.title = _property(document.title)
    properties.subject = _property(document.description)
    properties.author = properties.last_modified_by = _property(document.agency_name)
    properties.language = "zh-CN"
    properties.created = properties.modified = day
    properties.revision = 1


def drop_draft_mark(word: WordDocument) -> None:
    """Take the page heads with 草稿 out of a report that is final."""
    section = word.element.body.sectPr
    for reference in section.findall(qn("w:headerReference")):
        word.part.rels.pop(reference.get(qn("r:id")))
        section.remove(reference)


def to_bytes(word: WordDocument) -> bytes:
    """Return the finished file."""
    out = BytesIO()
    word.save(out)
    return write_zip(read_zip(out.getvalue()))

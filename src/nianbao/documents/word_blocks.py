"""The blocks of a Document as paragraphs and tables of the Word report."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from docx.document import Document as WordDocument

from nianbao.documents.title import characters, title_lines
from nianbao.documents.word_bookmarks import LONGEST, block_bookmark, section_bookmark
from nianbao.documents.word_pictures import image_png, picture, to_png
from nianbao.documents.word_tables import grid_table, plain_table
from nianbao.documents.word_xml import Element, bookmarked, inline_runs, paragraph, qn, run, w

Block = Mapping[str, Any]

_ORDERED_PATTERN = 1  # w:abstractNum of ordered lists in numbering.xml
_BULLETS = 1  # w:num of plain lists there
_DEEPEST_LIST = 2
# An address that Word cannot break: justified, the line above it would be torn apart.
_LONG_WORD = re.compile(r"[!-~]{20}")
_BODY_CHARACTER = 316  # twips: 156 mm / 28


@dataclass
class Sheet:
    """The document under construction, and the section that its last block belongs to."""

    word: WordDocument
    section: str = ""
    bookmarks: list[str] = field(default_factory=list)

    def append(self, *elements: Element) -> None:
        """Put elements at the end, before the page set-up that closes the body."""
        for element in elements:
            self.word.element.body.sectPr.addprevious(element)

    def bookmark(self, paragraphs: Iterable[Element], name: str) -> None:
        """Bookmark paragraphs under the next number; a name is given only once, and one that is
        too long for Word not at all: then the heading tells where the section is."""
        if name not in self.bookmarks and len(name) <= LONGEST:
            self.bookmarks.append(name)
            bookmarked(paragraphs, name, len(self.bookmarks))

    def enter(self, section: str | None, first: Element) -> None:
        """Bookmark the first paragraph of a section, so that edits find their way back."""
        if section and section != self.section:
            self.section = section
            self.bookmark([first], section_bookmark(section))


def _add_heading(sheet: Sheet, block: Block) -> None:
    """A heading; one of the report's form, not of a section's text, is bookmarked as such."""
    on_new_page = [w("pageBreakBefore")] if block.get("new_page") else []
    style = f"Heading{block['level']}"
    element = paragraph(style, inline_runs(block["inlines"]), *on_new_page)
    sheet.append(element)
    sheet.enter(block.get("enters"), element)
    if block.get("fixed"):
        sheet.bookmark([element], block_bookmark(f"heading.{len(sheet.bookmarks)}"))


def _add_paragraph(sheet: Sheet, block: Block, style: str = "BodyText", *how: Element) -> None:
    words = "".join(inline["text"] for inline in block["inlines"])
    ragged = [w("jc", val="left")] if _LONG_WORD.search(words) else []
    element = paragraph(style, inline_runs(block["inlines"]), *how, *ragged)
    sheet.append(element)
    if block.get("section"):
        sheet.enter(block["section"], element)
    else:  # a sentence that stands for a chart without data: nobody's text
        sheet.bookmark([element], block_bookmark(f"text.{len(sheet.bookmarks)}"))


def _add_list(sheet: Sheet, block: Block, depth: int = 0) -> None:
    """A list with Word's own numbering.

    Not numbers typed into the text: an editor who adds or moves an item gets it renumbered,
    and on reading back an item is known as one without guessing from its first characters.
    """
    level = min(depth, _DEEPEST_LIST)
    number = _BULLETS
    if block["ordered"]:
        pattern = sheet.word.part.numbering_part.element.add_num(_ORDERED_PATTERN)
        pattern.add_lvlOverride(ilvl=level).add_startOverride(val=block["start"])
        number = pattern.numId
    style = "ListNumber" if block["ordered"] else "ListBullet"
    for item in block["items"]:
        marked = False
        for part in item:
            if part["type"] == "paragraph" and not marked:
                place = w("numPr", w("ilvl", val=level), w("numId", val=number))
                _add_paragraph(sheet, part, style, place)
                marked = True
            elif part["type"] == "paragraph":
                _add_paragraph(sheet, part, "ListContinue")
            elif part["type"] == "list":
                _add_list(sheet, part, depth + 1)
            else:
                add_block(sheet, part)


def _caption(block: Block, *how: Element) -> list[Element]:
    """The caption with its unit; nothing for a table out of the prose, which has no title."""
    if not block["title"]:
        return []
    unit = f"（单位：{block['unit']}）" if block["unit"] else ""
    return [paragraph("Caption", [run(block["title"] + unit)], *how)]


def _notes(block: Block) -> list[Element]:
    notes = [str(note) for note in block["notes"]]
    return [
        paragraph("TableNote", [run(note if note.startswith("注") else f"注：{note}")])
        for note in notes
    ]


def _add_table(sheet: Sheet, block: Block, table: Element, caption: list[Element]) -> None:
    """A table between caption and notes; a bookmark around what the software made."""
    parts = [*caption, table, *_notes(block)]
    sheet.append(*parts)
    if block["title"]:
        paragraphs = [p for part in parts for p in part.iter(qn("w:p"))]
        sheet.bookmark(paragraphs, block_bookmark(f"table.{block['key']}"))


def _add_grid(sheet: Sheet, block: Block) -> None:
    """A statutory table: the section's heading is its caption."""
    _add_table(sheet, block, grid_table(block), [])


def _add_plain_table(sheet: Sheet, block: Block) -> None:
    _add_table(sheet, block, plain_table(block), _caption(block, w("keepNext")))


def _add_figure(sheet: Sheet, block: Block) -> None:
    png = to_png(block["svg"].encode(), "image/svg+xml")
    drawing = picture(sheet.word.part, png, block["title"], block["alt"], widest=True)
    parts = [paragraph("Figure", [drawing]), *_caption(block)]
    sheet.append(*parts)
    sheet.bookmark(parts, block_bookmark(f"figure.{block['key']}"))


def _add_image(sheet: Sheet, block: Block) -> None:
    # The file's name goes along, so that the picture is known when edits are read back.
    drawing = picture(sheet.word.part, image_png(block), block["file"], block["alt"])
    sheet.append(paragraph("Picture", [drawing]))


_WRITERS: Mapping[str, Callable[[Sheet, Block], None]] = {
    "heading": _add_heading,
    "paragraph": _add_paragraph,
    "list": _add_list,
    "grid": _add_grid,
    "table": _add_plain_table,
    "figure": _add_figure,
    "image": _add_image,
}


def add_block(sheet: Sheet, block: Block) -> None:
    """Put one block of a Document at the end of the report."""
    _WRITERS[block["type"]](sheet, block)


def add_title(sheet: Sheet, document: Block) -> None:
    """The title; one too long for a line is broken where its sense breaks."""
    lines = title_lines(str(document["title"]), str(document["agency"]["name"]))
    sheet.append(paragraph("Title", [run("\n".join(lines))]))


def _free_right(count: float) -> Element:
    """An indent on the right of so many characters."""
    return w("ind", rightChars=round(100 * count), right=round(_BODY_CHARACTER * count))


def add_signature(sheet: Sheet, document: Block) -> None:
    """Name and date at the end, unsealed: the name keeps two characters free on the right, the
    date begins two characters right of it. A date longer than the name keeps the two, and the
    name gives way. Source: GB/T 9704-2012, 7.3.5.2.
    """
    if not document["signature"]:
        return
    # It must not stand alone on a page: the text before comes along.
    last = sheet.word.element.body.sectPr.getprevious()
    if last is not None and last.tag == qn("w:p"):
        last.get_or_add_pPr().get_or_add_keepNext()
    name, date = str(document["agency"]["name"]), str(document["date"] or "")
    longer = characters(name) - characters(date)
    free = 4 - longer if date and longer < 0 else 2.0
    lines = {"signature": paragraph("Signature", [run(name)], _free_right(free))}
    if date:
        lines["date"] = paragraph("Date", [run(date)], _free_right(free + longer - 2))
    for key, line in lines.items():
        sheet.append(line)
        sheet.bookmark([line], block_bookmark(key))

"""The Word report: a Document as .docx.

The look (page, styles, numbering, page numbers) is data: templates/word. What is computed
here is only what the content decides.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import assert_never

from docx.document import Document as WordDocument
from docx.oxml.ns import qn

from nianbao.documents.bookmarks import (
    EDITION_PREFIX,
    LONGEST_NAME,
    block_bookmark,
    section_bookmark,
)
from nianbao.documents.page_fit import Fit, fit_pages
from nianbao.documents.typesetting import characters, title_lines
from nianbao.documents.word_parts import (
    Element,
    bookmarked,
    drawn_for_word,
    drop_draft_mark,
    inline_runs,
    open_template,
    paragraph,
    picture,
    run,
    set_properties,
    to_bytes,
    w,
)
from nianbao.documents.word_tables import grid_table, plain_table
from nianbao.fonts import Fonts, find_fonts
from nianbao.prose.blocks import (
    Block,
    Document,
    FigureBlock,
    GridBlock,
    HeadingBlock,
    ImageBlock,
    ListBlock,
    ParagraphBlock,
    TableBlock,
    plain_text,
)
from nianbao.statutory import Format, format_for

_ORDERED_PATTERN = 1  # w:abstractNum of ordered lists in numbering.xml
_BULLETS = 1  # w:num of plain lists there
_DEEPEST_LIST = 2
# An address that Word cannot break: justified, the line above it would be torn apart.
_LONG_WORD = re.compile(r"[!-~]{20}")
_CHARACTERS = 28
_BODY_CHARACTER = 316  # twips: 156 mm / 28


def render_docx(document: Document, fonts: Fonts | None = None) -> bytes:
    """Write a Document as a Word file; the same Document always gives the same bytes.

    Charts are drawn in ``fonts``, or in those of this machine; the text itself only names its
    faces.

    Examples
    --------
    >>> Path("report.docx").write_bytes(render_docx(document))  # doctest: +SKIP
    """
    format_ = format_for(document.year)
    word = open_template()
    set_properties(word, document)
    if not document.draft:
        drop_draft_mark(word)
    drawn = drawn_for_word((*document.blocks, *document.appendix), fonts or find_fonts())
    lines = title_lines(document.title, document.agency_name)
    sheet = Sheet(word, drawn, fit_pages(document.blocks, len(lines)))
    _add_title(sheet, lines, document.edition)
    _add_blocks(sheet, document.blocks, format_)
    _add_signature(sheet, document)
    _add_blocks(sheet, document.appendix, format_, on_new_page=True)
    return to_bytes(word)


@dataclass
class Sheet:
    """The document under construction, and the section that its last block belongs to.

    ``drawn`` are the pictures as Word takes them, by chart or data.
    """

    word: WordDocument
    drawn: Mapping[str | bytes, bytes]
    fit: Fit
    section: str = ""
    bookmarks: list[str] = field(default_factory=list)

    def append(self, *elements: Element) -> None:
        """Put elements at the end, before the page set-up that closes the body."""
        for element in elements:
            self.word.element.body.sectPr.addprevious(element)

    def bookmark(self, paragraphs: Iterable[Element], name: str) -> None:
        """Bookmark paragraphs under the next number.

        A name is given only once, and one that is too long for Word not at all: then the heading
        tells where the section is.
        """
        if name not in self.bookmarks and len(name) <= LONGEST_NAME:
            self.bookmarks.append(name)
            bookmarked(paragraphs, name, len(self.bookmarks))

    def enter(self, section: str, first: Element) -> None:
        """Bookmark the first paragraph of a section, so that edits find their way back."""
        if section and section != self.section:
            self.section = section
            self.bookmark([first], section_bookmark(section))


# Which headings begin a section, so that text edited in Word finds its way back.


@dataclass(frozen=True, slots=True)
class _Place:
    """What a heading is to the sections.

    ``enters`` is the section that it begins, if any. A ``fixed`` heading is part of the
    report's form: a statutory one, one named like the section below it, or one that stands in
    no section's text.
    """

    enters: str
    fixed: bool


def _section_of(block: Block) -> str:
    """Return the section of a block's first paragraph, empty for a block that holds none."""
    match block:
        case HeadingBlock() | ParagraphBlock():
            return block.section
        case ListBlock():
            inner = (part for item in block.items for part in item)
            return next((found for part in inner if (found := _section_of(part))), "")
        case GridBlock() | TableBlock() | FigureBlock() | ImageBlock():
            return ""
        case _:
            assert_never(block)


def _section_below(blocks: Sequence[Block], statutory: set[str]) -> str:
    """Return the section of the first text before the next statutory heading."""
    for block in blocks:
        if isinstance(block, HeadingBlock):
            if block.id in statutory:
                return ""
        elif found := _section_of(block):
            return found
    return ""


def _places(blocks: Sequence[Block], format_: Format) -> Iterator[_Place | None]:
    """Yield for each block its place if it is a heading."""
    statutory = {section.key for section in format_.headings()}
    for number, block in enumerate(blocks, 1):
        if not isinstance(block, HeadingBlock):
            yield None
        elif block.id in statutory or block.id == _section_below(blocks[number:], statutory):
            yield _Place(block.id, True)
        else:
            yield _Place(block.section, not block.section)


def _add_blocks(
    sheet: Sheet, blocks: Sequence[Block], format_: Format, *, on_new_page: bool = False
) -> None:
    """Put blocks at the end of the report."""
    for block, place in zip(blocks, _places(blocks, format_), strict=True):
        if isinstance(block, HeadingBlock) and place:
            _add_heading(sheet, block, place, on_new_page=on_new_page)
            on_new_page = False
        else:
            _add_block(sheet, block)


def _add_block(sheet: Sheet, block: Block, depth: int = 0) -> None:
    match block:
        case HeadingBlock():
            _add_heading(sheet, block, _Place(block.section, not block.section))
        case ParagraphBlock():
            _add_paragraph(sheet, block)
        case ListBlock():
            _add_list(sheet, block, depth)
        case GridBlock():
            # The section's heading is its caption.
            _add_table(sheet, block, grid_table(block, sheet.fit.free.get(block.key, 0.0)), [])
        case TableBlock():
            _add_table(sheet, block, plain_table(block), _caption(block, w("keepNext")))
        case FigureBlock():
            _add_figure(sheet, block)
        case ImageBlock():
            _add_image(sheet, block)
        case _:
            assert_never(block)


def _add_heading(
    sheet: Sheet, block: HeadingBlock, place: _Place, *, on_new_page: bool = False
) -> None:
    """Add a heading; one of the report's form, not of a section's text, is bookmarked as such."""
    new_page = [w("pageBreakBefore")] if on_new_page else []
    runs = inline_runs(sheet.word.part, block.inlines)
    element = paragraph(f"Heading{block.level}", runs, *new_page)
    sheet.append(element)
    sheet.enter(place.enters, element)
    if place.fixed:
        sheet.bookmark([element], block_bookmark(f"heading.{len(sheet.bookmarks)}"))


def _add_paragraph(
    sheet: Sheet, block: ParagraphBlock, style: str = "BodyText", *how: Element
) -> None:
    ragged = [w("jc", val="left")] if _LONG_WORD.search(plain_text(block.inlines)) else []
    runs = inline_runs(sheet.word.part, block.inlines)
    element = paragraph(style, runs, *how, *ragged)
    sheet.append(element)
    if block.section:
        sheet.enter(block.section, element)
    else:  # a sentence of the form: nobody's text
        sheet.bookmark([element], block_bookmark(f"text.{len(sheet.bookmarks)}"))


def _add_list(sheet: Sheet, block: ListBlock, depth: int) -> None:
    """Add a list with Word's own numbering.

    Not numbers typed into the text: an editor who adds or moves an item gets it renumbered,
    and on reading back an item is known as one without guessing from its first characters.
    """
    level = min(depth, _DEEPEST_LIST)
    number = _BULLETS
    if block.ordered:
        pattern = sheet.word.part.numbering_part.element.add_num(_ORDERED_PATTERN)
        pattern.add_lvlOverride(ilvl=level).add_startOverride(val=block.start)
        number = pattern.numId
    style = "ListNumber" if block.ordered else "ListBullet"
    for item in block.items:
        marked = False
        for part in item:
            if not isinstance(part, ParagraphBlock):
                _add_block(sheet, part, depth + 1)
            elif marked:
                _add_paragraph(sheet, part, "ListContinue")
            else:
                place = w("numPr", w("ilvl", val=level), w("numId", val=number))
                _add_paragraph(sheet, part, style, place)
                marked = True


def _caption(block: TableBlock | FigureBlock, *how: Element) -> list[Element]:
    """Return the caption; nothing for a table out of the prose, which has no title."""
    if not block.title:
        return []
    if isinstance(block, FigureBlock):  # the drawing itself says the unit
        return [paragraph("Caption", [run(block.caption)], *how)]
    unit = f"（单位：{block.unit}）" if block.unit else ""
    return [paragraph("Caption", [run(block.title + unit)], *how)]


def _notes(notes: Iterable[str]) -> list[Element]:
    return [
        paragraph("TableNote", [run(note if note.startswith("注") else f"注：{note}")])
        for note in notes
    ]


def _add_table(
    sheet: Sheet, block: GridBlock | TableBlock, table: Element, caption: list[Element]
) -> None:
    """Add a table between caption and notes; a bookmark surrounds what the software made."""
    parts = [*caption, table, *_notes(block.notes)]
    sheet.append(*parts)
    if block.title:
        paragraphs = [p for part in parts for p in part.iter(qn("w:p"))]
        sheet.bookmark(paragraphs, block_bookmark(f"table.{block.key}"))


def _add_figure(sheet: Sheet, block: FigureBlock) -> None:
    scale = sheet.fit.scales.get(block.svg, 1.0)
    drawn = sheet.drawn[block.svg]
    shown = picture(sheet.word.part, drawn, block.title, block.alt, filling=scale)
    parts = [paragraph("Figure", [shown]), *_caption(block)]
    sheet.append(*parts)
    sheet.bookmark(parts, block_bookmark(f"figure.{block.key}"))


def _add_image(sheet: Sheet, block: ImageBlock) -> None:
    # The file's name goes along, so that the picture is known when edits are read back.
    data = sheet.drawn.get(block.data, block.data)
    shown = picture(sheet.word.part, data, block.file, block.alt)
    sheet.append(paragraph("Picture", [shown]))


def _add_title(sheet: Sheet, lines: Sequence[str], edition: str) -> None:
    """Add the title; one too long for a line is broken where its sense breaks."""
    title = paragraph("Title", [run("\n".join(lines))])
    if edition:
        sheet.bookmark([title], EDITION_PREFIX + edition)
    sheet.append(title)


def _free_right(count: float) -> Element:
    """Return an indent on the right of so many characters."""
    return w("ind", rightChars=round(100 * count), right=round(_BODY_CHARACTER * count))


def _add_signature(sheet: Sheet, document: Document) -> None:
    """Add the name and the date at the end, unsealed.

    The name keeps two characters free on the right, the date begins two characters right of it. A
    date longer than the name keeps the two, and the name gives way; below a name of several lines
    it keeps them too. Source: GB/T 9704-2012, 7.3.5.2.
    """
    if not document.signature:
        return
    # It must not stand alone on a page: the text before comes along.
    last = sheet.word.element.body.sectPr.getprevious()
    if last is not None and last.tag == qn("w:p"):
        last.get_or_add_pPr().get_or_add_keepNext()
    name, date = document.agency_name, document.date_in_words
    fits = characters(name) <= _CHARACTERS - 2
    longer = characters(name) - characters(date) if fits else 2.0
    free = 4 - longer if date and longer < 0 else 2.0
    lines = {"signature": paragraph("Signature", [run(name)], _free_right(free))}
    if date:
        lines["date"] = paragraph("Date", [run(date)], _free_right(free + longer - 2))
    for key, line in lines.items():
        sheet.append(line)
        sheet.bookmark([line], block_bookmark(key))

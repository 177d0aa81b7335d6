"""Read finished files back with other people's readers: HTML, PDF, Word, and the poster.

What a visitor sees counts, not what attributes say or what our writer meant.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from lxml import html

from nianbao.documents.readback.model import Readback, Reader, normalise_print, read_cells
from nianbao.files.pages import fill_spans
from nianbao.files.pdf import line_rows
from nianbao.files.pdf_page import Letter, PdfPage, Tag, TagPath, read_page_contents, read_tags
from nianbao.files.pdf_tables import Box, find_tables, inside, lined_matrix
from nianbao.files.word import Element, WordFile, open_word, paragraph_text, table_matrix, tag
from nianbao.files.word.xml import PICTURE

# HTML: lxml.


# Not running text: contents list, drawings, what is never shown.
_SKIPPED = {"head", "style", "script", "svg", "nav", "template", "noscript"}
_WIDEST = 1000  # what HTML allows for a span
_HEADING = re.compile(r"h([1-6])")


def _span(cell: html.HtmlElement, name: str) -> int:
    return min(int(cell.get(name, "1")), _WIDEST)


def _table(reader: Reader, table: html.HtmlElement) -> None:
    for caption in table.iterchildren("caption"):
        reader.text(caption.text_content())
    rows = [
        [
            (cell.text_content(), _span(cell, "colspan"), _span(cell, "rowspan"))
            for cell in row.iterchildren("td", "th")
        ]
        for row in table.iter("tr")
    ]
    if rows:
        reader.table(fill_spans(rows))


def _alternative(picture: html.HtmlElement) -> str:
    """Return what is read out in place of a picture.

    Of the elements that name it, the last says most.
    """
    if picture.tag == "img":
        return str(picture.get("alt", ""))
    names = (picture.get("aria-labelledby") or "").split()
    found = [e for name in names[-1:] for e in picture.xpath("id($n)", n=name)]
    return "".join(element.text_content() for element in found)


def _walk(reader: Reader, element: html.HtmlElement) -> None:
    if not isinstance(element.tag, str):
        return
    if element.tag == "img" or element.get("role") == "img":
        reader.picture(_alternative(element))
    if element.tag in _SKIPPED:
        return
    heading = _HEADING.fullmatch(element.tag)
    if element.tag == "table":
        _table(reader, element)
    elif heading and heading[1] == "1":
        reader.title = reader.title or element.text_content()
    elif heading:
        reader.heading(int(heading[1]) - 1, element.text_content())
    else:
        reader.text(element.text or "")
        for child in element:
            _walk(reader, child)
            reader.text(child.tail or "")


def read_html(data: bytes) -> Readback:
    """Read an HTML report.

    ``data`` is UTF-8: a whole page, or a fragment to paste into one.
    """
    reader = Reader()
    # The parser takes a fragment that begins with its styles for a page's head.
    page = data if b"<body" in data else b"<body>" + data
    _walk(reader, html.document_fromstring(page, parser=html.HTMLParser(encoding="utf-8")))
    return reader.finish("HTML", read_cells(reader.tables, reader.format))


# PDF: the letters on the page and the lines of its tables, from PDFium; tags from pikepdf.


_MM = 72 / 25.4
# The type area of GB/T 9704-2012 with 3 mm of tolerance: outside lie page number and draft mark.
_TOP, _BOTTOM = 34 * _MM, (297 - 32) * _MM
_TITLE_SIZE = 20  # points; only the title, 2号 = 22 pt, is as large


def _parted(letters: Iterable[Letter], box: Box) -> tuple[list[Letter], list[Letter]]:
    """Return the letters in a box, and the others."""
    within: list[Letter] = []
    others: list[Letter] = []
    for letter in letters:
        (within if inside(letter, box) else others).append(letter)
    return within, others


def _lines(letters: Iterable[Letter]) -> list[list[Letter]]:
    """Return the lines of text from the top down, without the page number."""
    return line_rows([c for c in letters if _TOP <= (c.top + c.bottom) / 2 <= _BOTTOM])


def _role(path: TagPath) -> Tag | None:
    """Return the heading or caption that a piece of text belongs to; ordinary text has none."""
    return next((tag for tag in reversed(path) if tag.level or tag.kind == "Caption"), None)


def _read_page(page: PdfPage, tags: Mapping[int, TagPath], reader: Reader) -> None:
    # Lines only: the bars of a chart are not a table.
    letters = list(page.letters)
    for table in find_tables(edge for edge in page.edges if edge.is_rule):
        held, letters = _parted(letters, table.box)
        reader.table(lined_matrix(table.cells, held))
    before, words = None, ""
    for line in [*_lines(letters), []]:
        text = "".join(letter.text for letter in line)
        role = _role(tags.get(line[0].mark, ())) if line else None
        if before and before.level and role != before:
            reader.heading(before.level, words)
            words = ""
        before = role
        if role and role.level:
            words += text
        elif role:
            # A figure's caption may stand amid a sentence that goes on over the page.
            reader.aside(text)
        elif line and line[0].size >= _TITLE_SIZE:
            reader.title += text
        else:
            reader.text(text)


def read_pdf(data: bytes) -> Readback:
    """Read a PDF report: a tagged PDF, as `nianbao.documents.pdf` makes it.

    Raises
    ------
    InputError
        It is not a PDF.
    """
    reader, tags = Reader(), read_tags(data)
    for page in read_page_contents(data, tags):
        _read_page(page, tags.get(page.number, {}), reader)
    paths = (path for page in tags.values() for path in page.values())
    figures = {each for path in paths for each in path if each.alt}
    for figure in sorted(figures, key=lambda each: each.node):
        reader.picture(figure.alt)
    return reader.finish("PDF", read_cells(reader.tables, reader.format))


# Word: as Word shows it (files/word).


def is_title(word: WordFile, paragraph: Element) -> bool:
    """Return whether a paragraph has the title's style."""
    return any(name in ("Title", "标题") for name in word.style_names(paragraph))


def read_docx(data: bytes) -> Readback:
    """Read a Word report, tracked changes accepted.

    It may have been edited and saved by Word, WPS or LibreOffice.

    Raises
    ------
    InputError
        It is not a .docx.
    """
    return read_word(open_word(data))


def read_word(word: WordFile) -> Readback:
    """Read a Word report that is open already."""
    reader = Reader()
    for block in word.body:
        for picture in block.iter(PICTURE):
            reader.picture(picture.get("descr") or "")
        if block.tag == tag("tbl"):
            reader.table(table_matrix(block))
        elif block.tag == tag("p"):
            text, level = paragraph_text(block), word.heading_level(block)
            if not reader.title and (is_title(word, block) or (text.strip() and not level)):
                reader.title = text
            elif level and text.strip():
                reader.heading(level, text)
            else:
                reader.text(text)
    return reader.finish("Word", read_cells(reader.tables, reader.format))


# The poster.


def read_poster(data: bytes) -> str:
    """Read what a poster shows, in the order in which it is drawn: of an SVG, or of a page."""
    root = html.document_fromstring(data, parser=html.HTMLParser(encoding="utf-8"))
    return normalise_print(
        "".join(str(part) for text in root.iter("text") for part in text.itertext())
    )

"""Read a finished PDF report back: the letters on the page and the lines of its tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from nianbao.documents.readback.model import Readback, Reader
from nianbao.documents.readback.tables import read_cells
from nianbao.files.pdf_page import Letter, PdfPage, read_page_contents
from nianbao.files.pdf_tables import Box, find_tables, inside, lined_matrix
from nianbao.files.pdf_tags import Tag, TagPath, read_tags

_MM = 72 / 25.4
# The type area of GB/T 9704-2012 with 3 mm of tolerance: outside lie page number and draft mark.
_TOP, _BOTTOM = 34 * _MM, (297 - 32) * _MM
_TITLE_SIZE = 20  # points; only the title, 2号 = 22 pt, is as large


def _lines(letters: Sequence[Letter], tables: Sequence[Box]) -> list[list[Letter]]:
    """The lines of text from the top down, without tables and page number."""

    def is_text(letter: Letter) -> bool:
        within = _TOP <= (letter.top + letter.bottom) / 2 <= _BOTTOM
        return within and not any(inside(letter, box) for box in tables)

    lines: list[list[Letter]] = []
    for letter in sorted(filter(is_text, letters), key=lambda each: each.bottom):
        if lines and letter.bottom - lines[-1][0].bottom < letter.size / 2:
            lines[-1].append(letter)
        else:
            lines.append([letter])
    return [sorted(line, key=lambda each: each.x0) for line in lines]


def _role(path: TagPath) -> Tag | None:
    """The heading or caption that a piece of text belongs to; ordinary text has none."""
    return next((tag for tag in reversed(path) if tag.level or tag.kind == "Caption"), None)


def _read_page(page: PdfPage, tags: Mapping[int, TagPath], reader: Reader) -> None:
    # Lines only: the bars of a chart are not a table.
    tables = find_tables(edge for edge in page.edges if edge.is_rule)
    boxes = [table.box for table in tables]
    for table, box in zip(tables, boxes, strict=True):
        held = [letter for letter in page.letters if inside(letter, box)]
        reader.table(lined_matrix(table.cells, held))
    before, words = None, ""
    for line in [*_lines(page.letters, boxes), []]:
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
    return reader.finish("PDF", read_cells(reader.tables, reader.format))

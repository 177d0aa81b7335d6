"""A published PDF as paragraphs and tables: letters and lines on pages, put together again."""

from __future__ import annotations

import io
import re
import zlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from nianbao.errors import InputError, Place, Problem
from nianbao.files.markdown import escape_markdown, escape_start
from nianbao.files.pages import Block, Grid, Pages, Paragraph, make_grid
from nianbao.files.pdf_lines import (
    Line,
    is_page_number,
    join_lines,
    line_rows,
    line_text,
    measure,
    paragraphs,
)
from nianbao.files.pdf_page import Letter, PdfPage, read_page_contents
from nianbao.files.pdf_tables import Box, Table, find_tables, inside, lined_matrix
from nianbao.files.pdf_tags import Tag, TagPath, read_tags
from nianbao.files.sources import Source

if TYPE_CHECKING:
    import pikepdf

MAX_PAGES = 300
MAX_CONTENTS = 30_000_000
"""Most bytes of page contents when unpacked; a small stream can be made to unpack without end."""
MAX_UNPACKED = 300_000_000
"""The same of pictures and typefaces."""

_MARK = re.compile(r"(?:[•●·○▪—–-]|(?P<number>\d+)[.．、])\s*")
_WORDS = re.compile("[\u4e00-\u9fff].*[\u4e00-\u9fff].*[\u4e00-\u9fff]")
_NOT_TEXT = ("Caption", "Figure", "Artifact", "TOC")


_UNTAGGED = Tag("", 0)


def _role(path: TagPath) -> Tag:
    """Return what the tags say of a piece of text: the innermost element that matters."""
    known = (tag for tag in reversed(path) if tag.level or tag.kind in (*_NOT_TEXT, "LI"))
    return next(known, _UNTAGGED)


def _runs(table: Table, letters: Sequence[Letter]) -> Iterator[tuple[Box, Grid]]:
    """Yield the parts of what looks like a table that are one: rows of more than one cell.

    A row of one cell over the whole width is text in a box; some programs paint one behind
    every line.
    """
    run: list[Box] = []
    for cells in [*table.rows, []]:
        if len(cells) > 1:
            run.extend(cells)
            continue
        if run:
            top, bottom = min(c[1] for c in run), max(c[3] for c in run)
            spanning = [c for c in table.cells if c[1] < bottom and c[3] > top and c not in run]
            every = [*run, *(c for c in spanning if c[1] >= top - 1 and c[3] <= bottom + 1)]
            box = (min(c[0] for c in every), top, max(c[2] for c in every), bottom)
            yield box, make_grid(lined_matrix(every, [c for c in letters if inside(c, box)]))
        run = []


@dataclass(frozen=True, slots=True)
class _Sheet:
    """What stands on a page: its tables with their places, and its lines."""

    grids: list[tuple[Box, Grid]]
    rows: list[list[Letter]]

    @property
    def ends(self) -> set[str]:
        """The first and the last line."""
        return {line_text(row) for row in (*self.rows[:1], *self.rows[-1:])}


def _sheet(page: PdfPage) -> _Sheet:
    letters = page.letters
    grids = [part for table in find_tables(page.edges) for part in _runs(table, letters)]
    grids = [(box, grid) for box, grid in grids if any(map(any, grid.rows))]
    free = [c for c in letters if not any(inside(c, box) for box, _ in grids)]
    return _Sheet(grids, [row for row in line_rows(free) if line_text(row)])


def _running_heads(sheets: Sequence[_Sheet]) -> frozenset[str]:
    """Return lines of words that begin or end half of the pages and more: no text of the report."""
    found = Counter(text for sheet in sheets for text in sheet.ends)
    often = max(2, (len(sheets) + 1) // 2)
    return frozenset(t for t, count in found.items() if count >= often and _WORDS.search(t))


def _page_blocks(
    sheet: _Sheet, tags: Mapping[int, TagPath], heads: frozenset[str]
) -> Iterator[Line | Grid]:
    """Yield the lines and tables of a page from the top down."""
    rows = sheet.rows
    ends = {0, len(rows) - 1}
    placed: list[tuple[float, Line | Grid]] = [(box[1], grid) for box, grid in sheet.grids]
    for number, row in enumerate(rows):
        role = _role(tags.get(row[0].mark, ()))
        text = line_text(row)
        furniture = number in ends and (is_page_number(text) or text in heads)
        if role.kind in _NOT_TEXT or furniture:
            continue
        size = max(letter.size for letter in row)
        kind = "H" if role.level else role.kind
        line = Line(text, row[0].x0, row[-1].x1, size, kind, role.level, role.node)
        placed.append((row[0].top, line))
    yield from (block for _, block in sorted(placed, key=lambda item: item[0]))


def _paragraph(lines: Sequence[Line]) -> Paragraph:
    text = join_lines(lines)
    markdown = escape_start(escape_markdown(text))
    if lines[0].kind == "LI" and (mark := _MARK.match(text)):
        shown = text[mark.end() :]
        number = f"{mark['number']}. " if mark["number"] else "- "
        return Paragraph(shown, number + escape_markdown(shown), None, True)
    return Paragraph(text, markdown, lines[0].level or None)


def _blocks(parts: Sequence[Line | Grid]) -> Iterator[Block]:
    """Yield lines put together to paragraphs; a table ends a paragraph."""
    setting = measure([part for part in parts if isinstance(part, Line)])
    run: list[Line] = []
    for part in (*parts, None):
        if isinstance(part, Line):
            run.append(part)
            continue
        yield from map(_paragraph, paragraphs(run, setting))
        run = []
        if part is not None:
            yield part


def _look_over(source: Source) -> tuple[str, ...]:
    """Refuse a file whose streams unpack to more than any report has; else list its links.

    The reader unpacks a stream whole; here it is done piece by piece and stopped in time.
    """
    import pikepdf

    contents = others = 0
    too_large = _refuse(source, "PDF展开后太大", "请用阅读器“打印”成新的PDF")
    try:
        with pikepdf.open(io.BytesIO(source.data)) as pdf:
            if len(pdf.pages) > MAX_PAGES:
                raise _refuse(source, f"有{len(pdf.pages)}页，太长", "请只留下年度报告的各页")
            for item in pdf.objects:
                if not isinstance(item, pikepdf.Stream):
                    continue
                layers = str(item.get("/Filter")).count("/FlateDecode")
                packed = item.read_raw_bytes()
                if item.get("/Subtype", "/Form") == "/Form" and "/Length1" not in item:
                    contents += _unpacked(packed, layers, MAX_CONTENTS - contents)
                else:
                    others += _unpacked(packed, layers, MAX_UNPACKED - others)
                if contents >= MAX_CONTENTS or others >= MAX_UNPACKED:
                    raise too_large
            return tuple(dict.fromkeys(_links(pdf)))
    except pikepdf.PasswordError as error:
        raise _refuse(source, "PDF有密码", "请用阅读器打开，取消密码后另存") from error
    except pikepdf.PdfError as error:
        raise _refuse(source, "PDF已损坏或不完整", "请重新下载") from error


def _links(pdf: pikepdf.Pdf) -> Iterator[str]:
    """Yield the addresses that a file links to; a damaged annotation is none."""
    import pikepdf

    for page in pdf.pages:
        annotations = page.obj.get("/Annots", [])
        for item in annotations if isinstance(annotations, pikepdf.Array) else []:
            action = item.get("/A") if isinstance(item, pikepdf.Dictionary) else None
            address = action.get("/URI") if isinstance(action, pikepdf.Dictionary) else None
            if isinstance(address, pikepdf.String):
                yield " ".join(str(address).split())


def _unpacked(data: bytes, layers: int, limit: int) -> int:
    """Return the size of a stream when all its layers are unpacked, or the limit."""
    size = 0
    for layer in range(1, layers + 1):
        engine, parts, size = zlib.decompressobj(), [b""], 0
        try:
            while data and size < limit:
                piece = engine.decompress(data, 1_000_000)
                size += len(piece)
                if layer < layers:
                    parts.append(piece)
                data = engine.unconsumed_tail
        except zlib.error:
            pass  # the reader stops at the same place
        if size >= limit:
            return limit
        data = b"".join(parts)
    return size


def _refuse(source: Source, message: str, remedy: str) -> InputError:
    return InputError(Problem(message, Place(source.file), remedy=remedy))


def read_pdf_pages(source: Source) -> Pages:
    """Read a PDF.

    Raises
    ------
    InputError
        It has a password, is damaged or too large, or its pages are pictures.
    """
    links = _look_over(source)
    parts: list[Line | Grid] = []
    pictures = 0
    try:
        tags = read_tags(source.data)
        pages = read_page_contents(source.data, tags)
        sheets = [_sheet(page) for page in pages]
        heads = _running_heads(sheets)
        for page, sheet in zip(pages, sheets, strict=True):
            parts += _page_blocks(sheet, tags.get(page.number, {}), heads)
            pictures += page.pictures
    except InputError as error:
        raise _refuse(source, "PDF已损坏，读不出来", "请用阅读器“打印”成新的PDF") from error
    if not any(isinstance(part, Line) for part in parts):
        raise _refuse(source, "PDF里没有文字，大概是扫描件", "请找网页、Word或文字版PDF")
    return Pages("PDF", tuple(_blocks(parts)), "", pictures, links)

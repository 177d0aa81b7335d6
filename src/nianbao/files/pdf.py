"""A published PDF as paragraphs and tables: letters put together to lines, lines to paragraphs."""

from __future__ import annotations

import io
import re
import unicodedata
import zlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING

from nianbao.errors import InputError, Place, Problem
from nianbao.files.pages import (
    PageBlock,
    Pages,
    PageTable,
    Paragraph,
    escape_markdown,
    escape_start,
    page_table,
)
from nianbao.files.pdf_page import Letter, PdfPage, Tag, TagPath, read_page_contents, read_tags
from nianbao.files.pdf_tables import Box, Table, find_tables, inside, lined_matrix
from nianbao.files.sources import Source

if TYPE_CHECKING:
    import pikepdf


_DASH = r"[-—–－\s]*"
_PAGE_NUMBER = re.compile(rf"{_DASH}第?\s*\d{{1,4}}\s*页?(?:\s*[/共]\s*\d{{1,4}}\s*页?)?{_DASH}")
_SMALLEST_INDENT, _LARGEST_INDENT = 1.2, 3.2  # in letters: 2, with room for inexact drawing
_INDENTED = 3  # paragraphs with an indent after which a file is taken to indent them all


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text."""

    text: str
    """Its words, gaps between letters as blanks."""
    x0: float
    x1: float
    size: float
    """Where it begins and ends, and its letters' size, in points."""
    kind: str = ""
    level: int = 0
    node: int = 0
    """What the tags of the file say of it: `H` with a level, `LI`, `P`, or nothing; lines of one
    node are one paragraph.
    """


def is_wide(character: str) -> bool:
    """Return whether a letter stands in Chinese text without a blank beside it."""
    return unicodedata.east_asian_width(character) in "WF" or character in "“”‘’—…·"


def line_rows(chars: Sequence[Letter]) -> list[list[Letter]]:
    """Return the letters by line, from the top down and left to right."""
    lines: list[list[Letter]] = []
    for char in sorted(chars, key=lambda c: c.bottom):
        if lines and char.bottom - lines[-1][0].bottom < char.size / 2:
            lines[-1].append(char)
        else:
            lines.append([char])
    return [sorted(line, key=lambda c: c.x0) for line in lines]


def line_text(chars: Sequence[Letter]) -> str:
    """Return the words of a line: blanks beside Chinese letters are a matter of layout."""
    text = ""
    for before, char in zip([None, *chars[:-1]], chars, strict=True):
        gap = before is not None and char.x0 - before.x1 > char.size * 0.25
        text += " " + char.text if gap else char.text
    return normalise_blanks(text)


def normalise_blanks(text: str) -> str:
    """Return text without blanks beside Chinese letters, and with single ones elsewhere.

    Examples
    --------
    >>> normalise_blanks("（国令第 711 号） Windows  Server")
    '（国令第711号）Windows Server'
    """
    words = text.split()
    joined = words[0] if words else ""
    for word in words[1:]:
        narrow = not is_wide(joined[-1]) and not is_wide(word[0])
        joined += f" {word}" if narrow else word
    return joined


def is_page_number(text: str) -> bool:
    """Return whether a line is nothing but a page number.

    Examples
    --------
    >>> is_page_number("— 3 —"), is_page_number("2024年")
    (True, False)
    """
    return bool(_PAGE_NUMBER.fullmatch(text))


@dataclass(frozen=True, slots=True)
class Setting:
    """How a file sets its text: where lines begin and end, and whether paragraphs are indented."""

    left: float
    right: float
    size: float
    indents: bool


def measure(lines: Sequence[Line]) -> Setting:
    """Return the setting of a file's text: the commonest places and size."""
    starts = Counter(round(line.x0) for line in lines)
    common = [x for x, count in starts.items() if count >= max(2, len(lines) * 0.1)]
    left = float(min(common, default=min(starts)))
    ends = sorted(line.x1 for line in lines)
    size = median(line.size for line in lines)
    indented = sum(
        _SMALLEST_INDENT < (line.x0 - left) / line.size < _LARGEST_INDENT for line in lines
    )
    return Setting(left, ends[int(len(ends) * 0.9)], size, indented >= _INDENTED)


def paragraphs(lines: Sequence[Line], setting: Setting) -> Iterator[list[Line]]:
    """Yield the lines of each paragraph.

    The tags of the file tell; without tags the indent of the first line, and where a file does
    not indent, a last line that ends early.
    """
    together: list[Line] = []
    for line in lines:
        if together and _begins(together[-1], line, setting):
            yield together
            together = []
        together.append(line)
    if together:
        yield together


def _begins(before: Line, line: Line, setting: Setting) -> bool:
    if (line.kind, line.level) != (before.kind, before.level):
        return True
    if line.kind in ("H", "LI") and line.node == before.node:
        return False
    if abs(line.size - before.size) > setting.size * 0.15:
        return True
    if (line.x0 - setting.left) / line.size >= _SMALLEST_INDENT:
        return True
    return not setting.indents and before.x1 < setting.right - 2.5 * before.size


_WORD_END = re.compile(r"[!-~]+$")
_WORD_START = re.compile(r"[!-~]+")


def join_lines(lines: Sequence[Line]) -> str:
    """Return the words of a paragraph; a line's end is a blank only between two Western words.

    An address is one word, wherever it was broken.
    """
    text = ""
    for line in lines:
        tail, head = _WORD_END.search(text), _WORD_START.match(line.text)
        gap = ""
        if tail and head and tail[0][-1].isalpha() and head[0][0].isalpha():
            joined = tail[0] + head[0]
            gap = "" if any(sign in joined for sign in ("://", "www.", "@")) else " "
        text += gap + line.text
    return normalise_blanks(text)


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


def _runs(table: Table, letters: Sequence[Letter]) -> Iterator[tuple[Box, PageTable]]:
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
            yield box, page_table(lined_matrix(every, [c for c in letters if inside(c, box)]))
        run = []


@dataclass(frozen=True, slots=True)
class _Sheet:
    """What stands on a page: its tables with their places, and its lines."""

    grids: list[tuple[Box, PageTable]]
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
    """Return the lines that begin or end half of the pages and more: no text of the report."""
    found = Counter(text for sheet in sheets for text in sheet.ends)
    often = max(2, (len(sheets) + 1) // 2)
    return frozenset(t for t, count in found.items() if count >= often and _WORDS.search(t))


def _page_blocks(
    sheet: _Sheet, tags: Mapping[int, TagPath], heads: frozenset[str]
) -> Iterator[Line | PageTable]:
    """Yield the lines and tables of a page from the top down."""
    rows = sheet.rows
    ends = {0, len(rows) - 1}
    placed: list[tuple[float, Line | PageTable]] = [(box[1], grid) for box, grid in sheet.grids]
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


def _blocks(parts: Sequence[Line | PageTable]) -> Iterator[PageBlock]:
    """Yield the paragraphs that lines make, and the tables; a table ends a paragraph."""
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
    parts: list[Line | PageTable] = []
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

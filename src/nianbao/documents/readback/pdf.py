"""Read a finished PDF report back: the letters on the page and the lines of its tables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from nianbao.documents.readback.model import Readback, Reader
from nianbao.documents.readback.tables import read_cells
from nianbao.errors import InputError
from nianbao.files.pdf_tables import Box, Char, inside, leave_out_outlines, lined_matrix

_MM = 72 / 25.4
# The type area of GB/T 9704-2012 with 3 mm of tolerance: outside lie page number and draft mark.
_TOP, _BOTTOM = 34 * _MM, (297 - 32) * _MM
_TITLE_SIZE = 20  # points; only the title, 2号 = 22 pt, is as large
# Lines only: the bars of a chart are not a table.
_LINES = {"vertical_strategy": "lines_strict", "horizontal_strategy": "lines_strict"}


@dataclass(frozen=True, slots=True)
class _Role:
    """What the tags say of a piece of text: a heading's level and identity.

    Level 0 is a caption, level -1 what is drawn in a figure.
    """

    level: int
    node: tuple[int, int]


_SET_APART = {"Caption": 0, "Figure": -1}
Roles = Mapping[int, Mapping[int, _Role]]
"""By page and number of the marked content; ordinary text has none."""


def _read_roles(data: bytes) -> Roles:
    """The roles that the tags give.

    Read with pikepdf: pdfplumber gives a heading that goes over two pages to one of them, and
    takes eight times as long.
    """
    import pikepdf

    roles: dict[int, dict[int, _Role]] = {}
    with pikepdf.open(BytesIO(data)) as file:
        numbers = {page.objgen: number for number, page in enumerate(file.pages, 1)}
        tree = file.Root.get("/StructTreeRoot")
        for page, content, role in _marked(tree.get("/K"), None, None) if tree else ():
            roles.setdefault(numbers[page], {})[content] = role
    return roles


def _marked(
    kids: Any, page: Any, inside: _Role | None
) -> Iterator[tuple[tuple[int, int], int, _Role]]:
    """Page, number and role of each marked content that has a role."""
    import pikepdf

    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        if isinstance(kid, pikepdf.Dictionary):
            at, kind = kid.get("/Pg", page), str(kid.get("/S", ""))[1:]
            if "/S" in kid:
                role = _role(kind, kid.objgen) or inside
                yield from _marked(kid.get("/K"), at, role)
            elif "/MCID" in kid and inside:
                yield at.objgen, int(kid.MCID), inside
        elif kid is not None and page is not None and inside:
            yield page.objgen, int(kid), inside


def _role(kind: str, node: tuple[int, int]) -> _Role | None:
    if kind[:1] == "H" and kind[1:].isdigit():
        return _Role(int(kind[1:]), node)
    return _Role(_SET_APART[kind], node) if kind in _SET_APART else None


def _lines(chars: Sequence[Char], tables: Sequence[Box]) -> list[list[Char]]:
    """The lines of text from the top down, without tables and page number."""

    def is_text(char: Char) -> bool:
        within = _TOP <= (char["top"] + char["bottom"]) / 2 <= _BOTTOM
        return bool(within and not any(inside(char, box) for box in tables))

    lines: list[list[Char]] = []
    for char in sorted(filter(is_text, chars), key=lambda c: float(c["bottom"])):
        if lines and char["bottom"] - lines[-1][0]["bottom"] < char["size"] / 2:
            lines[-1].append(char)
        else:
            lines.append([char])
    return [sorted(line, key=lambda c: float(c["x0"])) for line in lines]


def _read_page(page: Any, roles: Mapping[int, _Role], reader: Reader) -> None:
    # A slanting draft mark lies across the page; its letters are not the tables'.
    # The labels of a chart are what its alternative text says too.
    chars = [
        char
        for char in page.chars
        if char["matrix"][1] == 0 and not ((role := roles.get(char["mcid"])) and role.level < 0)
    ]
    tables = page.find_tables(_LINES)
    for table in tables:
        reader.table(lined_matrix(table.cells, [c for c in chars if inside(c, table.bbox)]))
    before, words = None, ""
    for line in [*_lines(chars, [table.bbox for table in tables]), []]:
        text = "".join(char["text"] for char in line)
        role = roles.get(line[0]["mcid"]) if line else None
        if before and before.level and role != before:
            reader.heading(before.level, words)
            words = ""
        before = role
        if role and role.level:
            words += text
        elif role:
            # A figure's caption may stand amid a sentence that goes on over the page.
            reader.aside(text)
        elif line and line[0]["size"] >= _TITLE_SIZE:
            reader.title += text
        else:
            reader.text(text)


def read_pdf(data: bytes) -> Readback:
    """Read a PDF report.

    Parameters
    ----------
    data
        The file's bytes: a tagged PDF, as `nianbao.documents.pdf` makes it.

    Raises
    ------
    InputError
        It is not a PDF.
    """
    import pdfplumber
    import pikepdf
    from pdfplumber.utils.exceptions import PdfminerException

    reader = Reader()
    try:
        roles = _read_roles(data)
        with pdfplumber.open(BytesIO(data)) as pdf:
            for page in pdf.pages:
                leave_out_outlines(page)
                _read_page(page, roles.get(page.page_number, {}), reader)
    except (PdfminerException, pikepdf.PdfError) as error:
        raise InputError("不是可以读取的 PDF 文件，请核对文件是否完整") from error
    return reader.finish("PDF", read_cells(reader.tables, reader.format))

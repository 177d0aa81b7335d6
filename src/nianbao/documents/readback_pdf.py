"""Read a finished PDF report back: the letters on the page and the lines of its tables."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from io import BytesIO
from typing import Any

from nianbao.documents.readback_model import Readback, Reader
from nianbao.documents.readback_tables import read_cells
from nianbao.errors import InputError
from nianbao.statutory import load_format

Char = Mapping[str, Any]
Box = tuple[float, float, float, float]

_MM = 72 / 25.4
# The type area of GB/T 9704-2012 with 3 mm of tolerance: outside lie page number and draft mark.
_TOP, _BOTTOM = 34 * _MM, (297 - 32) * _MM
_TITLE_SIZE = 20  # points; only the title, 2号 = 22 pt, is as large
_TOUCHING = 1.0  # points within which two table lines are one
# Lines only: the bars of a chart are not a table.
_LINES = {"vertical_strategy": "lines_strict", "horizontal_strategy": "lines_strict"}


def _inside(char: Char, box: Box) -> bool:
    across, down = (char["x0"] + char["x1"]) / 2, (char["top"] + char["bottom"]) / 2
    return bool(box[0] <= across <= box[2] and box[1] <= down <= box[3])


def _edges(values: Sequence[float]) -> list[float]:
    edges: list[float] = []
    for value in sorted(values):
        if not edges or value - edges[-1] > _TOUCHING:
            edges.append(value)
    return edges


def _matrix(cells: Sequence[Box], chars: Sequence[Char]) -> list[list[str]]:
    """The text at every place of the grid that the table's lines make; a large cell fills
    several places."""
    across = _edges([x for cell in cells for x in (cell[0], cell[2])])
    down = _edges([y for cell in cells for y in (cell[1], cell[3])])
    rows = [[""] * (len(across) - 1) for _ in down[1:]]
    for cell in cells:
        text = "".join(char["text"] for char in chars if _inside(char, cell))
        left, right = (bisect_left(across, x - _TOUCHING) for x in (cell[0], cell[2]))
        top, bottom = (bisect_left(down, y - _TOUCHING) for y in (cell[1], cell[3]))
        for row in rows[top:bottom]:
            row[left:right] = [text] * (right - left)
    return rows


def _heading_marks(nodes: Sequence[Mapping[str, Any]]) -> Iterator[tuple[int, int, int]]:
    """For each marked content of a heading: its number, the heading's level and identity."""
    for node in nodes:
        kind = str(node.get("type", ""))
        if kind[:1] == "H" and kind[1:].isdigit():
            for number in node.get("mcids", ()):
                yield number, int(kind[1:]), id(node)
        yield from _heading_marks(node.get("children", ()))


def _lines(page: Any, tables: Sequence[Box]) -> list[list[Char]]:
    """The lines of running text from the top down, without tables and page number."""

    def is_text(char: Char) -> bool:
        within = _TOP <= (char["top"] + char["bottom"]) / 2 <= _BOTTOM
        return within and not any(_inside(char, box) for box in tables)

    lines: list[list[Char]] = []
    for char in sorted(filter(is_text, page.chars), key=lambda c: float(c["bottom"])):
        if lines and char["bottom"] - lines[-1][0]["bottom"] < char["size"] / 2:
            lines[-1].append(char)
        else:
            lines.append([char])
    return [sorted(line, key=lambda c: float(c["x0"])) for line in lines]


def _read_page(page: Any, reader: Reader) -> None:
    tables = page.find_tables(_LINES)
    for table in tables:
        chars = [char for char in page.chars if _inside(char, table.bbox)]
        reader.table(_matrix(table.cells, chars))
    headings = {n: (level, key) for n, level, key in _heading_marks(page.structure_tree)}
    open_heading, words = None, ""
    for line in [*_lines(page, [table.bbox for table in tables]), []]:
        text = "".join(char["text"] for char in line)
        found = headings.get(line[0]["mcid"]) if line else None
        if open_heading and found != open_heading:
            reader.heading(open_heading[0], words)
            words = ""
        open_heading = found
        if found:
            words += text
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
    from pdfplumber.utils.exceptions import PdfminerException

    reader = Reader()
    try:
        with pdfplumber.open(BytesIO(data)) as pdf:
            for page in pdf.pages:
                _read_page(page, reader)
    except PdfminerException as error:
        raise InputError("不是可以读取的 PDF 文件") from error
    return reader.finish("PDF", read_cells(reader.tables, load_format()))

"""Workbooks in the older form (.xls, .et), each cell as Excel shows it; read by xlrd.

Apart because the older form has a library and quirks of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from io import StringIO
from typing import Literal

import xlrd
from xlrd.biffh import error_text_from_code
from xlrd.book import Book
from xlrd.formatting import XF
from xlrd.sheet import Cell, Sheet

from nianbao.errors import InputError, Place, Problem
from nianbao.files.displayed import (
    Piece,
    ShownNumber,
    clock_marks,
    day_of_serial,
    in_format,
    is_number_format,
    left_of,
    plain_digits,
    read_shown,
    shown_moment,
)
from nianbao.files.grids import Grid, Mark, check_rows, make_grid
from nianbao.files.sources import Source
from nianbao.files.words import normalise_characters

_SUPERSCRIPT = 1  # the escapement of a font
_EXPECTED = "没有密码的.xlsx文件"
_REMEDY = "请在Excel或WPS中打开，取消密码，另存为.xlsx"


@contextmanager
def _opened(source: Source) -> Iterator[Book]:
    """Open a workbook; whatever the library makes of a damaged one is reported as that."""
    try:
        yield xlrd.open_workbook(
            file_contents=source.data, formatting_info=True, on_demand=True, logfile=StringIO()
        )
    except InputError:
        raise
    except Exception as error:  # the library fails on a damaged file in many ways
        problem = Problem("打不开这个工作簿", Place(source.file), None, _EXPECTED, _REMEDY)
        raise InputError(problem) from error


def sheet_names(source: Source) -> tuple[tuple[str, bool], ...]:
    """Name each sheet and say whether it can be seen."""
    with _opened(source) as book:
        visible_ = getattr(book, "_sheet_visibility", [0] * book.nsheets)
        return tuple(zip(book.sheet_names(), (v == 0 for v in visible_), strict=True))


def read_sheets(source: Source, wanted: Callable[[str], bool]) -> tuple[Grid, ...]:
    """Read the visible sheets of a workbook; see `nianbao.files.excel.read_workbook`."""
    seen = dict(sheet_names(source))
    with _opened(source) as book:
        names = [name for name in book.sheet_names() if seen[name] and wanted(name)]
        return tuple(_grid(source.file, book, book.sheet_by_name(name)) for name in names)


def _grid(file: str, book: Book, sheet: Sheet) -> Grid:
    check_rows(file, sheet.name, sheet.nrows)
    marks: list[Mark] = []
    rows: list[list[str]] = []
    moments: dict[int, list[tuple[int, datetime]]] = {}
    for row in range(sheet.nrows):
        texts = []
        for column, cell in enumerate(sheet.row(row)):
            shown = _shown(book, sheet, cell)
            rest, why = _left(book, sheet, row, column) or ("", "crossed")
            if rest:
                marks.append(Mark(why, row + 1, column, shown.text))
            text = rest or shown.text
            if shown.kind:
                marks.append(Mark(shown.kind, row + 1, column, shown.other))
            if cell.ctype == xlrd.XL_CELL_DATE:
                moment = day_of_serial(float(cell.value), since_1904=bool(book.datemode))
                text, _ = shown_moment(moment)
                if moment.hour or moment.minute or moment.second:
                    moments.setdefault(column, []).append((row + 1, moment))
            if text and not rest and book.font_list[_style(book, cell).font_index].struck_out:
                marks.append(Mark("struck", row + 1, column))
            texts.append(text)
        rows.append(texts)
    marks += clock_marks(moments, rows)
    marks += [Mark("hidden", row + 1) for row, info in sheet.rowinfo_map.items() if info.hidden]
    marks += [Mark("column", 0, at) for at, info in sheet.colinfo_map.items() if info.hidden]
    for top, bottom, left, _ in sheet.merged_cells:
        if bottom - top > 1:
            marks.append(Mark("merged", top + 1, left, last=bottom))
    return make_grid(file, sheet.name, rows, marks, since_1904=bool(book.datemode))


def _style(book: Book, cell: Cell) -> XF:
    """Return the look of a cell; the first, which is the plain one, where the file does not say."""
    return book.xf_list[cell.xf_index or 0]


def _left(
    book: Book, sheet: Sheet, row: int, column: int
) -> tuple[str, Literal["crossed", "raised"]] | None:
    """Return what is left of a text of which some words are not read, and why; None of others."""
    runs = sheet.rich_text_runlist_map.get((row, column))
    if not runs:
        return None
    cell = sheet.cell(row, column)
    text = str(cell.value)
    starts = [(0, _style(book, cell).font_index), *runs]
    ends = [start for start, _ in starts[1:]] + [len(text)]
    fonts = [(text[s:e], book.font_list[f]) for (s, f), e in zip(starts, ends, strict=True)]
    return left_of(
        Piece(words, bool(font.struck_out), font.escapement == _SUPERSCRIPT)
        for words, font in fonts
    )


def _shown(book: Book, sheet: Sheet, cell: Cell) -> ShownNumber:
    """Return a cell as Excel shows it, and what it keeps where that is something else."""
    match cell.ctype:
        case xlrd.XL_CELL_TEXT:
            return ShownNumber(normalise_characters(str(cell.value)))
        case xlrd.XL_CELL_NUMBER:
            number, code = float(cell.value), book.format_map[_style(book, cell).format_key]
            if not number and not getattr(sheet, "show_zero_values", True):
                return read_shown(number, "")
            if is_number_format(code.format_str):
                return read_shown(number, in_format(number, code.format_str))
            return ShownNumber(plain_digits(number))
        case xlrd.XL_CELL_BOOLEAN:
            return ShownNumber("TRUE" if cell.value else "FALSE")
        case xlrd.XL_CELL_ERROR:
            return ShownNumber(error_text_from_code.get(int(cell.value), "#VALUE!"))
    return ShownNumber("")

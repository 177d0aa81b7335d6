"""XLSX workbooks as grids of text, digits as Excel shows them.

python-calamine reads the values. It gives an error cell (#REF!) and a formula that was never
computed as nothing at all, so the sheet's XML is searched for these: they must be told, not
taken for blanks.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator
from datetime import date, datetime
from decimal import Decimal
from xml.etree import ElementTree

from python_calamine import (
    CalamineError,
    CalamineWorkbook,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from nianbao.errors import InputError, Place, Problem
from nianbao.files.grids import Grid, check_rows, make_grid
from nianbao.files.sources import Source
from nianbao.files.words import visible

UNCOMPUTED = "#未计算的公式"
"""Stands in a cell whose formula was written by a program and never computed."""

ERROR_CELLS = frozenset(
    {"#REF!", "#DIV/0!", "#VALUE!", "#NAME?", "#N/A", "#NUM!", "#NULL!", "#SPILL!", "#CALC!"}
) | {UNCOMPUTED}

MAX_UNPACKED = 300_000_000
"""Largest workbook when unpacked; a small file can be made to unpack without end."""

MAX_HEIGHT, MAX_WIDTH = 1_048_576, 16_384
"""Rows and columns of an Excel sheet."""

MAX_AREA = 10_000_000
"""Most cells between A1 and the last cell written; one stray cell can make it vast."""

_CELL = re.compile(rb"<(?:\w+:)?c\s([^>]*?)(?:/>|>(.*?)</(?:\w+:)?c>)", re.DOTALL)
# Without a cell beyond column Z or row 999999 no sheet is vast; this is quick to search.
_FAR = re.compile(rb"""\br\s*=\s*["'](?:[A-Za-z]{2,}[0-9]|[A-Za-z]*[0-9]{7})""")
_ANY_REFERENCE = re.compile(rb"""\br\s*=\s*["']([A-Za-z]*)([0-9]+)["']""")
_FILLED = re.compile(rb"""<(?:\w+:)?c\s[^>]*?\br\s*=\s*["']([A-Za-z]+)([0-9]+)["'][^>/]*>""")
_PLACELESS = re.compile(rb"<(?:\w+:)?c(?=[\s/>])(?![^>]*\br\s*=)")
_REFERENCE = re.compile(rb"""\br=["']([A-Z]+)([0-9]+)["']""")
_TYPE = re.compile(rb"""\bt=["'](\w+)["']""")
_VALUE = re.compile(rb"<(?:\w+:)?v(?:\s[^>]*)?>([^<]+)<")
_FORMULA = re.compile(rb"<(?:\w+:)?f[\s/>]")
# A RuntimeError is a member with a password or packed in a way that is not known.
_ZIP_ERRORS = (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, ValueError)
_REMEDY = "请在Excel或WPS中打开，取消密码，另存为.xlsx"
_TRIM = "请删去多余的工作表和数据以外的行列后另存"


def read_workbook(
    source: Source, wanted: Callable[[str], bool] = lambda sheet: True
) -> tuple[Grid, ...]:
    """The visible sheets of a workbook, in its order.

    Parameters
    ----------
    source
        The file as read.
    wanted
        Says by its name whether a sheet is to be read; the others cost nothing. All by default.

    Returns
    -------
    tuple of Grid
        Numbers as exact decimal text without binary noise, dates as ISO dates, an error cell
        as its error text; see `ERROR_CELLS`.

    Raises
    ------
    InputError
        The file is no XLSX workbook, has a password, is damaged or too large.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(source.data)) as archive:
            if sum(item.file_size for item in archive.infolist()) > MAX_UNPACKED:
                raise InputError(Problem("工作簿展开后太大", Place(source.file), remedy=_TRIM))
            parts = sheet_parts(archive)
            workbook = CalamineWorkbook.from_filelike(io.BytesIO(source.data))
            return tuple(
                _grid(source.file, sheet.name, workbook, archive.read(parts[sheet.name]))
                for sheet in workbook.sheets_metadata
                if sheet.visible == SheetVisibleEnum.Visible
                and sheet.typ == SheetTypeEnum.WorkSheet
                and wanted(sheet.name)
            )
    except (CalamineError, ElementTree.ParseError, KeyError, *_ZIP_ERRORS) as e:
        expected = "没有密码的.xlsx文件"
        problem = Problem("打不开这个工作簿", Place(source.file), expected=expected, remedy=_REMEDY)
        raise InputError(problem) from e


def sheet_parts(archive: zipfile.ZipFile) -> dict[str, str]:
    """Where in the archive each sheet is kept, by the sheet's name.

    Namespaces are not looked at: the two kinds of OOXML differ in them and in nothing else.
    """
    relations = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))
    targets = {item.attrib["Id"]: item.attrib["Target"] for item in relations}
    parts = {}
    for item in ElementTree.fromstring(archive.read("xl/workbook.xml")).iter():
        if item.tag.endswith("}sheet"):
            relation = next((v for k, v in item.attrib.items() if k.endswith("}id")), "")
            target = targets[relation]
            path = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
            parts[item.attrib["name"]] = path
    return parts


def _grid(file: str, name: str, workbook: CalamineWorkbook, xml: bytes) -> Grid:
    _check_area(file, name, xml)
    sheet = workbook.get_sheet_by_name(name)
    check_rows(file, name, sheet.height)
    rows = [[_text(v) for v in row] for row in sheet.to_python(skip_empty_area=False)]
    for row, column, text in _unreadable(xml):
        rows.extend([] for _ in range(row + 1 - len(rows)))
        rows[row].extend("" for _ in range(column + 1 - len(rows[row])))
        rows[row][column] = text
    return make_grid(file, name, rows)


def _check_area(file: str, name: str, xml: bytes) -> None:
    """Refuse a sheet that would be vast: the reader makes a cell of every empty place.

    Cells far out that are only styled do no harm, and some programs write them.
    """
    if not _FAR.search(xml):
        return
    height, width = _extent(_ANY_REFERENCE.findall(xml))
    if height * width <= MAX_AREA:
        return
    within = height <= MAX_HEIGHT and width <= MAX_WIDTH and not _PLACELESS.search(xml)
    filled_height, filled_width = _extent(_FILLED.findall(xml))
    if not within or filled_height * filled_width > MAX_AREA:
        found = f"{height}行{width}列"
        raise InputError(Problem("数据范围太大", Place(file, name), found, remedy=_TRIM))


def _extent(references: list[tuple[bytes, bytes]]) -> tuple[int, int]:
    """Rows and columns from A1 to the farthest of these cells."""
    height = max((int(row[:9]) for _, row in references), default=0)
    columns = {letters.upper()[:6] for letters, _ in references}
    return height, max((_column(letters) + 1 for letters in columns), default=0)


def _text(value: object) -> str:
    """A value as Excel shows it.

    Excel keeps and shows 15 significant digits; more of a binary number is noise.
    """
    if isinstance(value, str):
        return visible(value)
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else f"{Decimal(f'{value:.15g}'):f}"
    if isinstance(value, datetime):
        whole = value.time() == value.time().min
        return value.date().isoformat() if whole else value.isoformat(" ", "seconds")
    return value.isoformat() if isinstance(value, date) else str(value)


def _unreadable(xml: bytes) -> Iterator[tuple[int, int, str]]:
    """Row, column (0-based) and text of the cells that hold an error or no computed value."""
    if not any(mark in xml for mark in (b'"e"', b"'e'", b"<f", b":f")):
        return
    for match in _CELL.finditer(xml):
        attributes, content = match[1], match[2] or b""
        reference, kind = _REFERENCE.search(attributes), _TYPE.search(attributes)
        value = _VALUE.search(content)
        if kind and kind[1] == b"e":
            text = value[1].decode("utf-8", "replace") if value else "#VALUE!"
        elif not value and not (kind and kind[1] == b"str") and _FORMULA.search(content):
            # A formula whose result is an empty text has the type str and is a blank.
            text = UNCOMPUTED
        else:
            continue
        if reference:
            yield int(reference[2]) - 1, _column(reference[1]), text


def _column(letters: bytes) -> int:
    index = 0
    for letter in letters:
        index = index * 26 + letter - ord("A") + 1
    return index - 1

"""Workbooks of Excel, WPS and LibreOffice as grids of text, each cell as the program shows it.

What a file is, is known by its content and not by its name. python-calamine reads the values of
.xlsx. It gives an error cell (#REF!) and a formula that was never computed as nothing at all, and
says nothing of number formats, so the sheet's XML is searched for these. The older form is read
in `nianbao.files.xls`, LibreOffice's own in `nianbao.files.opendocument`.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime
from xml.etree import ElementTree

from python_calamine import (
    CalamineError,
    CalamineWorkbook,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from nianbao.errors import InputError, Place, Problem
from nianbao.files.displayed import clock_marks, plain_digits, shown_moment
from nianbao.files.excel_looks import UNCOMPUTED, Look, column_of, looked_at, read_look, with_places
from nianbao.files.grids import MAX_COLUMNS, Grid, Mark, check_rows, make_grid
from nianbao.files.reading_process import read_apart
from nianbao.files.sources import Source
from nianbao.files.words import normalise_characters

ERROR_CELLS = frozenset(
    {"#REF!", "#DIV/0!", "#VALUE!", "#NAME?", "#N/A", "#NUM!", "#NULL!", "#SPILL!", "#CALC!"}
) | {UNCOMPUTED}

MAX_UNPACKED = 300_000_000
"""Largest workbook when unpacked; a small file can be made to unpack without end."""

MAX_HEIGHT, MAX_WIDTH = 1_048_576, 16_384
"""Rows and columns of an Excel sheet."""

MAX_AREA = 10_000_000
"""Most cells between A1 and the last cell written; one stray cell can make it vast."""

# Without a cell beyond column Z or row 999999 no sheet is vast; this is quick to search.
_FAR = re.compile(rb"""\br\s*=\s*["'](?:[A-Za-z]{2,}[0-9]|[A-Za-z]*[0-9]{7})""")
_ANY_REFERENCE = re.compile(rb"""\br\s*=\s*["']([A-Za-z]*)([0-9]+)["']""")
# A tag to its own end: a value may hold ">" and "/".
_CELL_TAG = re.compile(rb"""<(?:\w+:)?c\s(?:[^>"']|"[^"]*"|'[^']*')*>""")
_PLACELESS = re.compile(rb"<(?:\w+:)?c(?=[\s/>])(?![^>]*\br\s*=)")
_ROW = re.compile(rb"<(?:\w+:)?row\s([^>]*)>")
_ROW_NUMBER = re.compile(rb"""\br=["'](\d+)["']""")
_HIDDEN = re.compile(rb"""\bhidden=["'](?:1|true)["']|\bht=["']0(?:\.0+)?["']""")
_ENCODING = re.compile(rb"""^\s*<\?xml[^>]*encoding\s*=\s*["']([^"']*)["']""")
_COUNT = re.compile(rb"""\buniqueCount\s*=\s*["']([0-9]+)["']""")
_COLUMNS = re.compile(rb"<(?:\w+:)?cols>.*?</(?:\w+:)?cols>", re.DOTALL)
_COLUMN = re.compile(rb"<(?:\w+:)?col\s[^>]*>")
_COLUMN_EDGES = re.compile(rb"""\bmin=["'](\d+)"""), re.compile(rb"""\bmax=["'](\d+)""")
_HIDDEN_COLUMN = re.compile(rb"""\bhidden=["'](?:1|true)["']|\bwidth=["']0(?:\.0+)?["']""")
# A RuntimeError is a member with a password or packed in a way that is not known.
_ZIP_ERRORS = (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, ValueError)
_EXPECTED = "没有密码的.xlsx文件"
_REMEDY = "请在Excel或WPS中打开，取消密码，另存为.xlsx"
_OTHER_FILES = {
    b"%PDF-": "PDF", b"\x89PNG": "图片", b"\xff\xd8\xff": "图片", b"GIF8": "图片",
    b"Rar!": "压缩包", b"7z\xbc\xaf": "压缩包",
}  # fmt: skip
"""How files begin that are no workbook, whatever they are called."""
_SAVE_ANEW = "请在Excel或WPS中打开，另存为新的.xlsx"
_TRIM = "请删去多余的工作表和数据以外的行列后另存"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@read_apart
def read_workbook(
    source: Source, wanted: Callable[[str], bool] = lambda sheet: True
) -> tuple[Grid, ...]:
    """Read the visible sheets of a workbook, in its order.

    ``wanted`` says by a sheet's name whether it is read; the others cost nothing. It goes to
    another process: no function that is made on the spot.

    Returns
    -------
    tuple of Grid
        Numbers as they are shown, without binary noise, dates as ISO dates, an error cell as
        its error text (see `ERROR_CELLS`); `Grid.marks` tells of what is not shown.

    Raises
    ------
    InputError
        The file is no workbook, has a password, is damaged or too large.
    """
    from nianbao.files import opendocument, xls

    try:
        if source.data.startswith(_OLE):
            return xls.read_sheets(source, wanted)
        with zipfile.ZipFile(io.BytesIO(source.data)) as archive:
            if sum(item.file_size for item in archive.infolist()) > MAX_UNPACKED:
                raise InputError(Problem("工作簿展开后太大", Place(source.file), remedy=_TRIM))
            if opendocument.is_spreadsheet(archive):
                return opendocument.read_sheets(source.file, archive, wanted)
            return _read_sheets(source, archive, wanted)
    except (CalamineError, ElementTree.ParseError, KeyError, *_ZIP_ERRORS) as e:
        raise InputError(_not_a_workbook(source)) from e


@read_apart
def sheet_names(source: Source) -> tuple[tuple[str, bool], ...]:
    """Name each sheet of a workbook and say whether it can be seen; empty of what is none.

    Only the list of the sheets is read.
    """
    from nianbao.files import opendocument, xls

    try:
        if source.data.startswith(_OLE):
            return xls.sheet_names(source)
        with zipfile.ZipFile(io.BytesIO(source.data)) as archive:
            if opendocument.is_spreadsheet(archive):
                return opendocument.sheet_names(archive)
            sheets = ElementTree.fromstring(archive.read("xl/workbook.xml")).iter()
            return tuple(
                (item.attrib["name"], item.attrib.get("state", "visible") == "visible")
                for item in sheets
                if item.tag.endswith("}sheet")
            )
    except (InputError, ElementTree.ParseError, KeyError, *_ZIP_ERRORS):
        return ()


def _not_a_workbook(source: Source) -> Problem:
    """Say why a file is no workbook that can be read, by how it begins."""
    head = source.data[:512].lstrip().lower()
    place = Place(source.file)
    if b"urn:schemas-microsoft-com:office:spreadsheet" in head or b"excel.sheet" in head:
        message = "是旧式的XML表格，不能读取"
        return Problem(message, place, expected=_EXPECTED, remedy="请用Excel打开，另存为.xlsx")
    if head.startswith((b"<html", b"<!doctype", b"<table", b"<meta", b"<?xml")):
        message = "名为工作簿，里面其实是网页"
        return Problem(message, place, expected=_EXPECTED, remedy="请用Excel打开，另存为.xlsx")
    if head.startswith(b"mime-version:") or b"multipart/related" in head:
        message = "名为工作簿，里面其实是单个文件网页（.mht）"
        return Problem(message, place, expected=_EXPECTED, remedy="请用Excel打开，另存为.xlsx")
    if b"xl/workbook.bin" in source.data[-200_000:]:
        message = "是二进制工作簿（.xlsb），不能读取"
        return Problem(message, place, expected=_EXPECTED, remedy="请用Excel打开，另存为.xlsx")
    for start, what in _OTHER_FILES.items():
        if source.data.startswith(start):
            message, remedy = f"名为工作簿，里面其实是{what}", "请找到原来的工作簿，换上它"
            return Problem(message, place, expected=_EXPECTED, remedy=remedy)
    if not source.data:
        remedy = "多半是没有存完或没有下载完，请重新保存或下载"
        return Problem("是空文件", place, expected=_EXPECTED, remedy=remedy)
    if _is_text(source):
        message = "名为工作簿，里面其实是文本（导出系统常这样命名）"
        remedy = "请用Excel打开，另存为.xlsx；或把文件名改为.csv结尾"
        return Problem(message, place, expected=_EXPECTED, remedy=remedy)
    return Problem("打不开这个工作簿", place, expected=_EXPECTED, remedy=_REMEDY)


def _is_text(source: Source) -> bool:
    """Return whether a file is lines of words, whatever its name says."""
    try:
        text = source.text()
    except InputError:
        return False
    return "\n" in text and text.replace("\n", "").replace("\r", "").replace("\t", "").isprintable()


def _read_sheets(
    source: Source, archive: zipfile.ZipFile, wanted: Callable[[str], bool]
) -> tuple[Grid, ...]:
    _check_encoding(source.file, archive)
    parts, look = sheet_parts(archive), read_look(archive)
    _check_counts(source.file, archive)
    workbook = CalamineWorkbook.from_filelike(io.BytesIO(source.data))
    names = [sheet.name for sheet in workbook.sheets_metadata]
    if twice := next((name for name in names if names.count(name) > 1), None):
        place, remedy = Place(source.file, twice), "请在Excel或WPS中打开，改名后另存"
        raise InputError(Problem("有两张工作表同名", place, remedy=remedy))
    chosen = [
        sheet.name
        for sheet in workbook.sheets_metadata
        if sheet.visible == SheetVisibleEnum.Visible
        and sheet.typ == SheetTypeEnum.WorkSheet
        and wanted(sheet.name)
    ]
    return tuple(
        _grid(source.file, name, workbook, archive.read(parts[name]), look) for name in chosen
    )


def sheet_parts(archive: zipfile.ZipFile) -> dict[str, str]:
    """Find where in the archive each sheet is kept, by the sheet's name.

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


def _grid(file: str, name: str, workbook: CalamineWorkbook, xml: bytes, look: Look) -> Grid:
    _check_area(file, name, xml)
    sheet = workbook.get_sheet_by_name(name)
    check_rows(file, name, sheet.height)
    values = sheet.to_python(skip_empty_area=False)
    rows = [[_text(v) for v in row] for row in values]
    if _PLACELESS.search(xml):
        xml = with_places(xml)
    marks = list(_moments(values, rows))
    for row, column, text, mark in looked_at(xml, look):
        if text is not None:
            rows.extend([] for _ in range(row + 1 - len(rows)))
            rows[row].extend("" for _ in range(column + 1 - len(rows[row])))
            rows[row][column] = text
        if mark:
            marks.append(mark)
    marks += [Mark("hidden", row) for row in _hidden_rows(xml)]
    marks += [Mark("column", 0, column) for column in _hidden_columns(xml)]
    for (top, left), (bottom, _) in sheet.merged_cell_ranges or ():
        if bottom > top:
            marks.append(Mark("merged", top + 1, left, last=bottom + 1))
    return make_grid(file, name, rows, marks, since_1904=look.since_1904)


def _hidden_rows(xml: bytes) -> Iterator[int]:
    """Yield the numbers of the rows that are hidden, by hand or by a filter."""
    if b"hidden=" not in xml and b'ht="0"' not in xml:
        return
    for match in _ROW.finditer(xml):
        number = _ROW_NUMBER.search(match[1])
        if number and _HIDDEN.search(match[1]):
            yield int(number[1])


def _check_encoding(file: str, archive: zipfile.ZipFile) -> None:
    """Refuse parts in another encoding than UTF-8: the reader would take them for blank."""
    for name in archive.namelist():
        if not name.startswith("xl/") or not name.endswith(".xml"):
            continue
        with archive.open(name) as part:
            head = part.read(200)
        encoding = _ENCODING.search(head)
        if b"\0" in head or (encoding and encoding[1].lower() not in (b"utf-8", b"us-ascii")):
            message = "里面的文字不是UTF-8编码，读不准"
            raise InputError(Problem(message, Place(file), remedy=_SAVE_ANEW))


def _check_counts(file: str, archive: zipfile.ZipFile) -> None:
    """Refuse shared texts that claim to be more than fit: the reader makes room for them."""
    name = "xl/sharedStrings.xml"
    if name not in archive.namelist():
        return
    with archive.open(name) as texts:
        head = texts.read(5_000)
    claimed = max((int(count[:12]) for count in _COUNT.findall(head)), default=0)
    if claimed > archive.getinfo(name).file_size:
        message = "共用文本的个数不对，文件已损坏"
        raise InputError(Problem(message, Place(file), str(claimed), remedy=_SAVE_ANEW))


def _hidden_columns(xml: bytes) -> Iterator[int]:
    """Yield the 0-based places of the columns that are hidden."""
    columns = _COLUMNS.search(xml)
    for match in _COLUMN.finditer(columns[0]) if columns else ():
        first, last = (edge.search(match[0]) for edge in _COLUMN_EDGES)
        if first and last and _HIDDEN_COLUMN.search(match[0]):
            yield from range(int(first[1]) - 1, min(int(last[1]), MAX_COLUMNS))


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
    filled = (tag for tag in _CELL_TAG.findall(xml) if not tag.endswith(b"/>"))
    places = (_ANY_REFERENCE.search(tag) for tag in filled)
    filled_height, filled_width = _extent([(p[1], p[2]) for p in places if p])
    if not within or filled_height * filled_width > MAX_AREA:
        found = f"{height}行{width}列"
        raise InputError(Problem("数据范围太大", Place(file, name), found, remedy=_TRIM))


def _extent(references: list[tuple[bytes, bytes]]) -> tuple[int, int]:
    """Return the rows and columns from A1 to the farthest of these cells."""
    height = max((int(row[:9]) for _, row in references), default=0)
    columns = {letters.upper()[:6] for letters, _ in references}
    return height, max((column_of(letters) + 1 for letters in columns), default=0)


def _text(value: object) -> str:
    """Write a value as Excel shows it, as far as the value alone tells."""
    if isinstance(value, str):
        return normalise_characters(value)
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return plain_digits(value)
    if isinstance(value, datetime):
        return shown_moment(value)[0]
    return value.isoformat() if isinstance(value, date) else str(value)


def _moments(values: Sequence[Sequence[object]], rows: list[list[str]]) -> Iterator[Mark]:
    """Mark the days that a program kept otherwise than they are meant; see `clock_marks`."""
    columns: dict[int, list[tuple[int, datetime]]] = {}
    for row, cells in enumerate(values):
        for column, value in enumerate(cells):
            if isinstance(value, datetime) and (value.hour or value.minute or value.second):
                columns.setdefault(column, []).append((row + 1, value))
    return clock_marks(columns, rows)

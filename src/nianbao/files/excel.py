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
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal
from xml.etree import ElementTree

from python_calamine import (
    CalamineError,
    CalamineWorkbook,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from nianbao.errors import InputError, Place, Problem
from nianbao.files.displayed import (
    ShownNumber,
    at_greenwich,
    built_in_format,
    in_format,
    is_number_format,
    next_day,
    plain_digits,
    read_shown,
    shown_moment,
)
from nianbao.files.grids import MAX_COLUMNS, Grid, Mark, check_rows, make_grid
from nianbao.files.reading_process import read_apart
from nianbao.files.sources import Source
from nianbao.files.words import normalise_characters

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
# A tag to its own end: a value may hold ">" and "/".
_CELL_TAG = re.compile(rb"""<(?:\w+:)?c\s(?:[^>"']|"[^"]*"|'[^']*')*>""")
_PLACELESS = re.compile(rb"<(?:\w+:)?c(?=[\s/>])(?![^>]*\br\s*=)")
_REFERENCE = re.compile(rb"""\br=["']([A-Z]+)([0-9]+)["']""")
_TYPE = re.compile(rb"""\bt=["'](\w+)["']""")
_STYLE = re.compile(rb"""\bs=["'](\d+)["']""")
_VALUE = re.compile(rb"<(?:\w+:)?v(?:\s[^>]*)?>([^<]+)<")
_FORMULA = re.compile(rb"<(?:\w+:)?f[\s/>]")
_ROW = re.compile(rb"<(?:\w+:)?row\s([^>]*)>")
_ROW_NUMBER = re.compile(rb"""\br=["'](\d+)["']""")
_HIDDEN = re.compile(rb"""\bhidden=["'](?:1|true)["']|\bht=["']0(?:\.0+)?["']""")
_ENCODING = re.compile(rb"""^\s*<\?xml[^>]*encoding\s*=\s*["']([^"']*)["']""")
_COUNT = re.compile(rb"""\buniqueCount\s*=\s*["']([0-9]+)["']""")
_COLUMNS = re.compile(rb"<(?:\w+:)?cols>.*?</(?:\w+:)?cols>", re.DOTALL)
_COLUMN = re.compile(rb"<(?:\w+:)?col\s[^>]*>")
_COLUMN_EDGES = re.compile(rb"""\bmin=["'](\d+)"""), re.compile(rb"""\bmax=["'](\d+)""")
_ZEROS_HIDDEN = re.compile(rb"""<(?:\w+:)?sheetView\s[^>]*\bshowZeros=["'](?:0|false)["']""")
_HIDDEN_COLUMN = re.compile(rb"""\bhidden=["'](?:1|true)["']|\bwidth=["']0(?:\.0+)?["']""")
_STRING = re.compile(rb"<(?:\w+:)?si\b(?:[^>]*/>|.*?</(?:\w+:)?si>)", re.DOTALL)
_STRUCK = re.compile(rb"""<(?:\w+:)?strike\b(?!\s+val=["'](?:0|false)["'])""")
# A RuntimeError is a member with a password or packed in a way that is not known.
_ZIP_ERRORS = (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, ValueError)
_EXPECTED = "没有密码的.xlsx文件"
_REMEDY = "请在Excel或WPS中打开，取消密码，另存为.xlsx"
_SAVE_ANEW = "请在Excel或WPS中打开，另存为新的.xlsx"
_TRIM = "请删去多余的工作表和数据以外的行列后另存"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_RECKONERS = (b"LibreOffice", b"WPS", b"OpenOffice")
"""Programs that reckon before they save, though they leave no chain of calculation."""


@read_apart
def read_workbook(
    source: Source, wanted: Callable[[str], bool] = lambda sheet: True
) -> tuple[Grid, ...]:
    """Read the visible sheets of a workbook, in its order.

    Parameters
    ----------
    source
        The file as read; its content tells of which form it is.
    wanted
        Says by its name whether a sheet is to be read; the others cost nothing. All by default.
        It goes to another process: no function that is made on the spot.

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
    if head.startswith((b"<html", b"<!doctype", b"<table", b"<meta", b"<?xml")):
        message = "名为工作簿，里面其实是网页"
        return Problem(message, place, expected=_EXPECTED, remedy="请用Excel打开，另存为.xlsx")
    if b"xl/workbook.bin" in source.data[-200_000:]:
        message = "是二进制工作簿（.xlsb），不能读取"
        return Problem(message, place, expected=_EXPECTED, remedy="请用Excel打开，另存为.xlsx")
    return Problem("打不开这个工作簿", place, expected=_EXPECTED, remedy=_REMEDY)


Results = Literal["reckoned", "doubtful", "stale"]
"""Whether what stands beside a formula was reckoned by a program, may have been, or was not."""


@dataclass(frozen=True)
class _Look:
    """What the cells of a workbook look like.

    ``formats`` has the number formats by style where they show numbers in a way of their own,
    ``struck`` the styles and ``struck_texts`` the shared texts that are struck through;
    ``results`` says whether those of formulas can be trusted.
    """

    formats: Mapping[int, str]
    struck: frozenset[int]
    struck_texts: frozenset[int]
    since_1904: bool
    results: Results

    @property
    def is_plain(self) -> bool:
        """Whether every value says by itself what it shows."""
        return not (self.formats or self.struck or self.struck_texts)


def _read_sheets(
    source: Source, archive: zipfile.ZipFile, wanted: Callable[[str], bool]
) -> tuple[Grid, ...]:
    _check_encoding(source.file, archive)
    parts, look = sheet_parts(archive), _look(archive)
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


def _look(archive: zipfile.ZipFile) -> _Look:
    names = set(archive.namelist())
    book = ElementTree.fromstring(archive.read("xl/workbook.xml"))
    settings = {item.tag.rpartition("}")[2]: item.attrib for item in book.iter()}
    since_1904 = _is_on(settings.get("workbookPr", {}).get("date1904"))
    formats: dict[int, str] = {}
    struck: set[int] = set()
    if "xl/styles.xml" in names:
        formats, struck = _styles(archive.read("xl/styles.xml"))
    texts: set[int] = set()
    if "xl/sharedStrings.xml" in names:
        shared = archive.read("xl/sharedStrings.xml")
        if _STRUCK.search(shared):
            every = enumerate(_STRING.finditer(shared))
            texts = {number for number, text in every if _STRUCK.search(text[0])}
    results = _results(archive, names, settings.get("calcPr", {}))
    return _Look(formats, frozenset(struck), frozenset(texts), since_1904, results)


def _is_on(value: str | None) -> bool:
    return value in ("1", "true")


def _styles(xml: bytes) -> tuple[dict[int, str], set[int]]:
    """Return formats that show numbers, and styles with a struck typeface, by style."""
    parts = {item.tag.rpartition("}")[2]: item for item in ElementTree.fromstring(xml)}
    codes = {
        int(item.attrib["numFmtId"]): item.attrib.get("formatCode", "")
        for item in parts.get("numFmts", ())
    }
    fonts = {
        number
        for number, font in enumerate(parts.get("fonts", ()))
        for item in font
        if item.tag.endswith("}strike") and item.attrib.get("val", "1") not in ("0", "false")
    }
    formats, struck = {}, set()
    for style, item in enumerate(parts.get("cellXfs", ())):
        number = int(item.attrib.get("numFmtId", 0))
        code = codes.get(number) or built_in_format(number)
        if code and is_number_format(code):  # days are known by calamine already
            formats[style] = code
        if int(item.attrib.get("fontId", 0)) in fonts:
            struck.add(style)
    return formats, struck


def _results(archive: zipfile.ZipFile, names: set[str], settings: Mapping[str, str]) -> Results:
    """Return whether the results beside the formulas come from a program that reckons.

    A file that asks to be reckoned when it is opened (fullCalcOnLoad) was written by one that
    does not; Excel leaves the request out when it saves. A file that is reckoned by hand only
    may keep old results. Excel leaves a chain of calculation, and not every other program does.
    """
    if _is_on(settings.get("fullCalcOnLoad")) or settings.get("calcCompleted") in ("0", "false"):
        return "stale"
    by_hand = settings.get("calcMode") == "manual"
    if by_hand and settings.get("calcOnSave") in ("0", "false"):
        return "stale"
    program = archive.read("docProps/app.xml") if "docProps/app.xml" in names else b""
    known = "xl/calcChain.xml" in names or any(name in program for name in _RECKONERS)
    return "reckoned" if known else "doubtful"


def _grid(file: str, name: str, workbook: CalamineWorkbook, xml: bytes, look: _Look) -> Grid:
    _check_area(file, name, xml)
    sheet = workbook.get_sheet_by_name(name)
    check_rows(file, name, sheet.height)
    values = sheet.to_python(skip_empty_area=False)
    rows = [[_text(v) for v in row] for row in values]
    marks = list(_moments(values, rows))
    for row, column, text, mark in _looked_at(xml, look):
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
    return height, max((_column(letters) + 1 for letters in columns), default=0)


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
    """Mark the days that a program kept a little too early, or as at Greenwich; mend the latter."""
    columns: dict[int, list[tuple[int, datetime]]] = {}
    for row, cells in enumerate(values):
        for column, value in enumerate(cells):
            if isinstance(value, datetime) and (value.hour or value.minute or value.second):
                columns.setdefault(column, []).append((row, value))
    for column, moments in columns.items():
        greenwich = at_greenwich([moment for _, moment in moments])
        for row, moment in moments:
            if greenwich:
                rows[row][column] = next_day(moment).isoformat()
            if greenwich or shown_moment(moment)[1]:
                yield Mark("clock", row + 1, column, moment.isoformat(" ", "seconds"))


def _looked_at(xml: bytes, look: _Look) -> Iterator[tuple[int, int, str | None, Mark | None]]:
    """Find the cells whose value alone does not say what they show: row and column (0-based).

    These hold an error, a formula without a result, a number in a format, or are struck through.
    The text is None where the value says it.
    """
    formulas, zeros_hidden = b"<f" in xml or b":f" in xml, bool(_ZEROS_HIDDEN.search(xml))
    plain = look.is_plain and not (formulas or zeros_hidden)
    if plain and b'"e"' not in xml and b"'e'" not in xml:
        return
    stale = formulas and _stale(xml, look)
    for match in _CELL.finditer(xml):
        attributes, content = match[1], match[2] or b""
        reference = _REFERENCE.search(attributes)
        if not reference or not content:
            continue
        row, column = int(reference[2]) - 1, _column(reference[1])
        kind, styled = _TYPE.search(attributes), _STYLE.search(attributes)
        type_, style = kind[1] if kind else b"n", int(styled[1]) if styled else 0
        value = _VALUE.search(content)
        if type_ == b"e":
            yield row, column, value[1].decode("utf-8", "replace") if value else "#VALUE!", None
        elif formulas and _FORMULA.search(content) and (stale or (not value and type_ != b"str")):
            # A formula whose result is an empty text has the type str and is a blank.
            yield row, column, UNCOMPUTED, None
        elif type_ == b"n" and value and (shown := _shown(value[1], style, look, zeros_hidden)):
            mark = Mark(shown.kind, row + 1, column, shown.other) if shown.kind else None
            yield row, column, shown.text, mark
        if style in look.struck or (type_ == b"s" and value and int(value[1]) in look.struck_texts):
            yield row, column, None, Mark("struck", row + 1, column)


def _shown(digits: bytes, style: int, look: _Look, zeros_hidden: bool) -> ShownNumber | None:
    """Return a number as it is shown; None where the value alone says it."""
    number, code = float(digits), look.formats.get(style)
    if zeros_hidden and not number:
        return read_shown(number, "")
    return read_shown(number, in_format(number, code)) if code else None


def _stale(xml: bytes, look: _Look) -> bool:
    """Return whether the results of a sheet's formulas are not to be trusted.

    Where it is not known what wrote the file, they are not if all of them are 0.
    """
    if look.results != "doubtful":
        return look.results == "stale"
    contents = (match[2] or b"" for match in _CELL.finditer(xml))
    values = [_VALUE.search(content) for content in contents if _FORMULA.search(content)]
    return all(value is None or value[1].strip() in (b"0", b"0.0") for value in values)


def _column(letters: bytes) -> int:
    index = 0
    for letter in letters:
        index = index * 26 + letter - ord("A") + 1
    return index - 1

"""Draw a workbook's content with openpyxl, and write it where it belongs.

The same content gives the same bytes; a file that is there is never written over.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, cast

from nianbao.errors import Place, Problem, UsageError
from nianbao.inputs.project import (
    CODE_RULE,
    FIRST_YEAR,
    INPUT_FILES,
    LAST_YEAR,
    NOTES,
    data_folder,
    is_agency_code,
    workbook_file,
)
from nianbao.inputs.values import normalise, parse_date, parse_number
from nianbao.workbook.content import workbook_content
from nianbao.workbook.identities import draw_checks
from nianbao.workbook.sheets import (
    GUIDE,
    HEAD_ROW,
    Content,
    Field,
    FieldKind,
    Sheet,
    guide_lines,
    workbook_title,
)
from nianbao.workbook.styles import LISTS, Styles, row_height

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.cell import Cell
    from openpyxl.worksheet.worksheet import Worksheet


_STAMP = (1980, 1, 1, 0, 0, 0)
_MADE = "2000-01-01T00:00:00"
"""A fixed day, so that equal content is equal bytes."""
_MODIFIED = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*")
_FORMATS: Mapping[FieldKind, str] = {
    "text": "@", "long": "@", "date": "yyyy-mm-dd", "count": "0", "money": "General",
    "number": "General", "last": "General",
}  # fmt: skip
_GUIDE_WIDTH = 110
_NARROW = 30
"""Columns up to this width stay in one line."""
_SIGNIFICANT = 15
"""Digits that Excel keeps of a number."""


def draw_workbook(content: Content) -> bytes:
    """Return the bytes of the .xlsx file."""
    from openpyxl import Workbook

    book = Workbook()
    styles = Styles()
    guide = book.active
    assert guide is not None
    _draw_guide(guide, content, styles)
    for sheet in content.sheets.values():
        _draw_sheet(book.create_sheet(sheet.name), sheet, content, styles)
    draw_checks(book, content, styles)
    _draw_lists(book, content)
    book.calculation.fullCalcOnLoad = True
    book.properties.creator = "nianbao"
    book.properties.title = workbook_title(content.agency, content.name, content.year)
    book.properties.created = datetime.fromisoformat(_MADE)
    return _fixed(book)


def draw_table(content: Content, name: str) -> bytes:
    """Return one sheet of the content as a file of its own, with its drop-downs."""
    from openpyxl import Workbook

    book, sheet = Workbook(), content.sheets[name]
    ws = book.active
    assert ws is not None
    ws.title = sheet.name
    _draw_sheet(ws, sheet, content, Styles())
    _draw_lists(book, content)
    book.properties.creator = "nianbao"
    book.properties.created = datetime.fromisoformat(_MADE)
    return _fixed(book)


def _draw_guide(ws: Worksheet, content: Content, styles: Styles) -> None:
    ws.title = GUIDE
    ws.sheet_view.showGridLines = False
    styles.page(ws)
    ws.column_dimensions["A"].width = _GUIDE_WIDTH
    lines = guide_lines(content.agency, content.name, content.year, [*content.sheets.values()])
    for row, (style, words) in enumerate(lines, 1):
        cell = _cell(ws, row, 1)
        _put_text(cell, words)
        styles.guide(cell, style)
        ws.row_dimensions[row].height = row_height([(words, _GUIDE_WIDTH)]) + 4


def _draw_sheet(ws: Worksheet, sheet: Sheet, content: Content, styles: Styles) -> None:
    _put_text(ws["A1"], sheet.title)
    styles.title(ws["A1"])
    _put_text(ws["A2"], sheet.advice)
    styles.advice(ws["A2"])
    ws.row_dimensions[1].height = 24
    for at, field in enumerate(sheet.fields, 1):
        head = _cell(ws, HEAD_ROW, at)
        _put_text(head, field.head)
        styles.head(head)
        ws.column_dimensions[head.column_letter].width = field.width + 2
    ws.row_dimensions[HEAD_ROW].height = 32
    for index in range(len(sheet.rows) + sheet.spare):
        row = sheet.rows[index] if index < len(sheet.rows) else {}
        for at, field in enumerate(sheet.fields, 1):
            cell = _cell(ws, HEAD_ROW + 1 + index, at)
            cell.number_format = _FORMATS[field.kind]
            _put(cell, field, row.get(field.head, ""))
            given = field.head in sheet.fixed or field.kind == "last"
            styles.body(cell, given=given or (index, field.head) in sheet.closed,
                        wrap=_wraps(field))  # fmt: skip
        ws.row_dimensions[HEAD_ROW + 1 + index].height = row_height(
            (row.get(field.head, ""), field.width) for field in sheet.fields if _wraps(field)
        )
    first_free = 2 if sheet.name in ("申请台账", "正文", "基本信息") or sheet.closed else 1
    ws.freeze_panes = f"{'AB'[first_free - 1]}{HEAD_ROW + 1}"
    _validate(ws, sheet, content, styles)
    styles.page(ws)
    ws.print_title_rows = f"{HEAD_ROW}:{HEAD_ROW}"


def _wraps(field: Field) -> bool:
    return field.kind in ("long", "last") or field.width > _NARROW


def _cell(ws: Worksheet, row: int, column: int) -> Cell:
    """Return a cell; nothing is merged, so it is never a part of another."""
    return cast("Cell", ws.cell(row, column))


def _put_text(cell: Cell, text: str) -> None:
    """Put a text that stays a text, whatever sign it begins with."""
    cell.value = text
    if text[:1] in ("=", "+", "-", "@"):
        cell.data_type = "s"
        cell.quotePrefix = True


def _put(cell: Cell, field: Field, text: str) -> None:
    """Put a value in the type of its column where that loses nothing, else as a text."""
    if not text:
        return
    day = parse_date(text) if field.kind == "date" else None
    if day is not None:
        cell.value = day
        return
    if field.kind in ("count", "money", "number", "last"):
        number = parse_number(text)
        if number is not None and _is_kept(number, text):
            cell.value = int(number) if number == int(number) else number
            return
    cell.number_format = "@"
    _put_text(cell, text)


def _is_kept(number: Decimal, text: str) -> bool:
    """Return whether Excel shows a number again as it was written: no final zeros, not too long."""
    digits = len(number.as_tuple().digits)
    written = normalise(text).replace(",", "").replace(" ", "").removeprefix("+")
    return digits <= _SIGNIFICANT and written == f"{number.normalize():f}"


def _validate(ws: Worksheet, sheet: Sheet, content: Content, styles: Styles) -> None:
    """Add drop-downs, kinds of values and the hints shown at a cell."""
    last = max(HEAD_ROW + len(sheet.rows) + sheet.spare, HEAD_ROW + 1)
    if sheet.spare:
        last = 20_000
    for field in sheet.fields:
        if field.head in sheet.fixed or field.kind == "last":
            continue
        rule = styles.rule(field, content.choices)
        if rule is not None:
            letter = sheet.letter(field.head)
            rule.add(f"{letter}{HEAD_ROW + 1}:{letter}{last}")
            ws.add_data_validation(rule)
    if sheet.name == "基本信息":
        styles.card_rules(ws, sheet, content.choices)


def _draw_lists(book: Workbook, content: Content) -> None:
    ws = book.create_sheet(LISTS)
    ws.sheet_state = "hidden"
    for at, (name, words) in enumerate(content.choices.items(), 1):
        for row, word in enumerate((name, *words), 1):
            _put_text(_cell(ws, row, at), word)


def _fixed(book: Workbook) -> bytes:
    """Return the saved file without the time at which it was saved."""
    stream, result = io.BytesIO(), io.BytesIO()
    book.save(stream)
    day = f"{_MADE}Z".encode()
    with (
        zipfile.ZipFile(stream) as made,
        zipfile.ZipFile(result, "w", zipfile.ZIP_DEFLATED) as fixed,
    ):
        for name in made.namelist():
            data = made.read(name)
            if name == "docProps/core.xml":
                data = _MODIFIED.sub(rb"\g<1>" + day, data)
            info = zipfile.ZipInfo(name, _STAMP)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o644 << 16
            fixed.writestr(info, data)
    return result.getvalue()


def write_workbook(
    root: Path, agency: str, year: int, to: Path | None = None, *, sums: bool = False
) -> Path:
    """Write the workbook of a bureau and year.

    It goes to data/<agency>/<year>/workbook.xlsx where ``to`` does not say otherwise; for ``sums``
    see `workbook_content`.

    Returns
    -------
    Path
        The file.

    Raises
    ------
    UsageError
        The file is there already, or the folder has data files that would be reported twice.
    InputError
        The data that go into it cannot be read.

    Examples
    --------
    >>> write_workbook(Path("."), "shili-scjgj", 2025)  # doctest: +SKIP
    PosixPath('data/shili-scjgj/2025/workbook.xlsx')
    """
    check_report(agency, year)
    target = to or root / workbook_file(agency, year)
    refuse_existing(root, [target])
    if to is None:
        _refuse_beside(root, agency, year)
    data = draw_workbook(workbook_content(root, agency, year, sums=sums))
    write_new(target, data)
    return target


def check_report(agency: str, year: int) -> None:
    """Refuse a code or a year that no report can have.

    Raises
    ------
    UsageError
        One of them breaks its rule.
    """
    if not is_agency_code(agency):
        raise UsageError(Problem("机关代码不合规则", value=agency, expected=CODE_RULE))
    if not FIRST_YEAR <= year <= LAST_YEAR:
        expected = f"{FIRST_YEAR}至{LAST_YEAR}之间的四位年份"
        raise UsageError(Problem("年度不合要求", value=str(year), expected=expected))


def refuse_existing(root: Path, files: list[Path]) -> None:
    """Refuse to write over what is there; every such file is reported.

    Raises
    ------
    UsageError
        Any of them exists.
    """
    there = [file for file in files if file.exists()]
    if there:
        remedy = "不会覆盖已有的文件；确需重做的，请先移走它"
        raise UsageError(*(Problem("已经有这个文件", Place(shown(root, f)), remedy=remedy)
                           for f in there))  # fmt: skip


def shown(root: Path, file: Path) -> str:
    """Return a path as messages show it: relative to the project where it lies in it."""
    inside = file.is_relative_to(root)
    return file.relative_to(root).as_posix() if inside else file.as_posix()


def write_new(file: Path, data: bytes) -> None:
    """Write a file that must not exist."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("xb") as stream:
        stream.write(data)


def _refuse_beside(root: Path, agency: str, year: int) -> None:
    """Refuse a workbook beside the files that it would repeat."""
    folder = data_folder(agency, year)
    names = (name for name in INPUT_FILES if name not in NOTES)
    there = [name for name in names if (root / folder / name).is_file()]
    if there:
        remedy = "要把这些数据写进工作簿，请用 --to 写明另一个文件"
        raise UsageError(Problem("文件夹里已有数据，再放工作簿就报了两份", Place(folder),
                                 "、".join(there), remedy=remedy))  # fmt: skip

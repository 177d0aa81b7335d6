"""XLSX workbooks as grids: digits as Excel shows them, nothing lost."""

from __future__ import annotations

import contextlib
import io
import random
import re
import zipfile
from collections.abc import Callable
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from openpyxl.worksheet.worksheet import Worksheet
from tests.inputs.builders import xlsx_bytes

from nianbao.errors import InputError
from nianbao.files import excel
from nianbao.files.excel import read_workbook, sheet_names
from nianbao.files.excel_looks import UNCOMPUTED
from nianbao.files.grids import Grid
from nianbao.files.reading_process import reading_here
from nianbao.files.sources import Source

DATA = Path(__file__).resolve().parents[1] / "data" / "workbooks"


def sheets(data: bytes) -> tuple[Grid, ...]:
    return read_workbook(Source("a.xlsx", data))


def cell(value: object) -> str:
    return sheets(xlsx_bytes({"表": [[value]]}))[0].rows[0][0]


def rewritten(data: bytes, edit: Callable[[bytes], bytes], part: str = "sheet1.xml") -> bytes:
    """Change the XML of a workbook, as other programs write it."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for item in old.infolist():
            content = old.read(item)
            new.writestr(item.filename, edit(content) if item.filename.endswith(part) else content)
    return out.getvalue()


def with_value(raw: str) -> str:
    """The text of a number that stands in the file as these digits."""
    data = rewritten(
        xlsx_bytes({"表": [[1]]}), lambda xml: xml.replace(b"<v>1</v>", f"<v>{raw}</v>".encode())
    )
    return sheets(data)[0].rows[0][0]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1120, "1120"),
        (1120.0, "1120"),
        (4166.241619, "4166.241619"),
        (59237.2449, "59237.2449"),
        (-0.5, "-0.5"),
        (True, "TRUE"),
        (date(2024, 3, 5), "2024-03-05"),
        (datetime(2024, 3, 5, 14, 30), "2024-03-05 14:30:00"),
        (time(9, 5), "09:05:00"),
        ("007", "007"),
        ("１２", "１２"),
        ("=1+1", UNCOMPUTED),
        ("#REF!", "#REF!"),
        ("#N/A", "#N/A"),
    ],
)
def test_a_value_reads_as_excel_shows_it(value: object, text: str) -> None:
    assert cell(value) == text


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("0.30000000000000004", "0.3"),
        ("4166.2416190000004", "4166.241619"),
        ("1E-7", "0.0000001"),
        ("1.5E3", "1500"),
        ("11398889", "11398889"),
        ("100000000000000000000", "1.00000000000000E+20"),
    ],
)
def test_binary_noise_is_no_digit(raw: str, text: str) -> None:
    assert with_value(raw) == text


@given(st.decimals(0, 10**8, allow_nan=False, places=6))
def test_money_keeps_its_digits(money: Decimal) -> None:
    assert Decimal(with_value(str(money))) == money


def test_a_formula_with_its_result_is_the_result_and_empty_text_is_blank() -> None:
    data = rewritten(
        xlsx_bytes({"表": [["=1+1", "=A1", "x"]]}),
        lambda xml: xml.replace(b"1+1</f><v></v>", b"1+1</f><v>2</v>").replace(
            b'<c r="B1">', b'<c r="B1" t="str">'
        ),
    )
    assert sheets(rewritten(data, calculated, "workbook.xml"))[0].rows == [["2", "", "x"]]


def calculated(xml: bytes) -> bytes:
    """Take out the request to calculate when opened, as Excel does when it has calculated."""
    return xml.replace(b' fullCalcOnLoad="1"', b"")


@pytest.mark.parametrize(
    ("results", "asks", "text"),
    [
        ((b"0", b"0"), True, UNCOMPUTED),
        ((b"12", b"0"), True, UNCOMPUTED),
        ((b"0", b"0"), False, UNCOMPUTED),
        ((b"12", b"0"), False, "0"),
    ],
)
def test_a_result_that_no_program_calculated_is_none(
    results: tuple[bytes, bytes], asks: bool, text: str
) -> None:
    data = xlsx_bytes({"表": [["=5+7", "=3-3"]]})
    for value in results:
        data = rewritten(
            data, lambda xml, v=value: xml.replace(b"<v></v>", b"<v>" + v + b"</v>", 1)
        )
    data = data if asks else rewritten(data, calculated, "workbook.xml")
    assert sheets(data)[0].rows[0][1] == text


def dressed(edit: Callable[[Worksheet], None]) -> bytes:
    """A workbook of one sheet, made by openpyxl with its looks."""
    book, out = Workbook(), io.BytesIO()
    edit(book.active)
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("value", "code", "text", "kept"),
    [
        (0.985, "0.00%", "98.5%", None),
        (0.98567, "0.0%", "98.6%", "0.98567"),
        (1, "0%", "100%", None),
        (7.666666666667, "0.00", "7.67", "7.666666666667"),
        (0.1 + 0.2, "0.00", "0.3", None),
        (4, '0"条"', "4", None),
        (1234.5, "#,##0.00", "1234.5", None),
        (-0.4, "0", "0", "-0.4"),
        (2.5, "0", "3", "2.5"),
        (123456, '0!.0,"万"', "12.3万", "123456"),
        (1.5, "General", "1.5", None),
    ],
)
def test_a_number_is_the_one_that_is_shown(
    value: float, code: str, text: str, kept: str | None
) -> None:
    def write(sheet: Worksheet) -> None:
        sheet["A1"] = value
        sheet["A1"].number_format = code

    grid = sheets(dressed(write))[0]
    assert grid.rows == [[text]]
    assert [(mark.kind, mark.kept) for mark in grid.marks] == ([("rounded", kept)] if kept else [])


def test_rows_that_are_hidden_struck_or_merged_are_marked() -> None:
    def write(sheet: Worksheet) -> None:
        for row in range(1, 6):
            sheet.append([f"行{row}", row])
        sheet.row_dimensions[2].hidden = True
        sheet["A3"].font = Font(strike=True)
        sheet.merge_cells("A4:A5")

    grid = sheets(dressed(write))[0]
    assert {(m.kind, m.row, m.column, m.last) for m in grid.marks} == {
        ("hidden", 2, None, 0), ("struck", 3, 0, 0), ("merged", 4, 0, 5),
    }  # fmt: skip


def test_a_day_kept_some_seconds_early_is_that_day() -> None:
    def write(sheet: Worksheet) -> None:
        sheet["A1"] = datetime(2023, 12, 31, 23, 59, 17)
        sheet["A2"] = datetime(2024, 3, 5, 9, 30)
        sheet["B1"] = datetime(2023, 12, 31, 16)
        sheet["B2"] = datetime(2024, 3, 4, 16)

    grid = sheets(dressed(write))[0]
    assert grid.rows == [["2024-01-01", "2024-01-01"], ["2024-03-05 09:30:00", "2024-03-05"]]
    assert [(m.row, m.column, m.kept) for m in grid.marks] == [
        (1, 0, "2023-12-31 23:59:17"), (1, 1, "2023-12-31 16:00:00"), (2, 1, "2024-03-04 16:00:00"),
    ]  # fmt: skip


def test_days_counted_from_1904_are_the_same_days() -> None:
    book, out = Workbook(), io.BytesIO()
    book.epoch = CALENDAR_MAC_1904
    book.active["A1"] = date(2024, 3, 5)
    book.save(out)
    grid = sheets(out.getvalue())[0]
    assert (grid.rows, grid.since_1904) == ([["2024-03-05"]], True)


@pytest.mark.parametrize("file", ["shown.xlsx", "shown.xls", "shown.ods"])
def test_the_three_forms_say_the_same(file: str) -> None:
    source = Source(file, (DATA / file).read_bytes())
    assert sheet_names(source) == (("表", True), ("藏", False))
    grid = read_workbook(source)[0]
    assert grid.rows == [
        ["98.5%"], ["7.67"], ["2024-03-05"], ["2024-01-01"], ["#DIV/0!"], ["划去", "旁"],
        ["", "合并"], ["１４"], ["4"],
    ]  # fmt: skip
    assert {(m.kind, m.row, m.column, m.last) for m in grid.marks} == {
        ("hidden", 2, None, 0), ("rounded", 2, 0, 0), ("clock", 4, 0, 0), ("struck", 6, 0, 0),
        ("merged", 7, 1, 9),
    }  # fmt: skip


def test_a_cell_that_libreoffice_writes_once_for_several_is_marked_in_each() -> None:
    """It does so where neighbours in a row, or whole rows, are the same."""
    day = (
        '<t:table-row t:number-rows-repeated="2"><t:table-cell t:number-columns-repeated="2" '
        'o:value-type="date" o:date-value="2024-03-04T16:00:00"/></t:table-row>'
    )
    words = (
        '<t:table-row><t:table-cell t:style-name="struck" t:number-columns-repeated="2" '
        'o:value-type="string"><x:p>甲</x:p></t:table-cell></t:table-row>'
    )
    space = "urn:oasis:names:tc:opendocument:xmlns:"
    content = (
        f'<o:document-content xmlns:o="{space}office:1.0" xmlns:t="{space}table:1.0" '
        f'xmlns:x="{space}text:1.0" xmlns:s="{space}style:1.0"><o:automatic-styles>'
        '<s:style s:name="struck"><s:text-properties s:text-line-through-style="solid"/></s:style>'
        f'</o:automatic-styles><o:body><o:spreadsheet><t:table t:name="表">{day}{words}</t:table>'
        "</o:spreadsheet></o:body></o:document-content>"
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", content)
    grid = sheets(out.getvalue())[0]
    assert grid.rows == [["2024-03-05"] * 2, ["2024-03-05"] * 2, ["甲", "甲"]]
    assert {(mark.kind, mark.row, mark.column) for mark in grid.marks} == {
        ("clock", 1, 0), ("clock", 1, 1), ("clock", 2, 0), ("clock", 2, 1), ("struck", 3, 0),
        ("struck", 3, 1),
    }  # fmt: skip


def test_an_error_beyond_the_last_value_is_found() -> None:
    rows = sheets(xlsx_bytes({"表": [["a"], [], [None, None, "#DIV/0!"]]}))[0].rows
    assert rows == [["a"], [], ["", "", "#DIV/0!"]]


def test_sheets_come_in_order_and_hidden_ones_do_not() -> None:
    data = xlsx_bytes({"乙": [["1"]], "选项": [["2"]], "甲": []}, hidden=["选项"])
    assert [(grid.sheet, grid.is_empty) for grid in sheets(data)] == [("乙", False), ("甲", True)]


def test_the_place_of_a_cell_names_the_sheet() -> None:
    place = sheets(xlsx_bytes({"表二": [["a"]]}))[0].place(3, "项目")
    assert str(place) == "a.xlsx 工作表“表二” 第3行“项目”列"


def test_the_strict_kind_of_workbook_is_read() -> None:
    old = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    strict = b"http://purl.oclc.org/ooxml/officeDocument/relationships"
    data = rewritten(
        xlsx_bytes({"表": [["#REF!"]]}), lambda xml: xml.replace(old, strict), "workbook.xml"
    )
    assert sheets(data)[0].rows == [["#REF!"]]


@pytest.mark.parametrize("data", [b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"])
def test_what_is_no_workbook_is_refused(data: bytes) -> None:
    with pytest.raises(InputError, match=r"a\.xlsx：打不开这个工作簿，应为没有密码的\.xlsx文件"):
        sheets(data)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ("渠道\t条数\n网站\t3\n".encode("gb18030"), "里面其实是文本"),
        ("名称,数值\n培训,2\n".encode("utf-16"), "里面其实是文本"),
        (b"<html><table></table></html>", "里面其实是网页"),
        (b"%PDF-1.7", "里面其实是PDF"),
        (b"\x89PNG\r\n\x1a\n", "里面其实是图片"),
        (b"", "是空文件"),
        (b"MIME-Version: 1.0\nContent-Type: multipart/related\n", "单个文件网页"),
        (b'<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><Workbook/>', "XML表格"),
    ],
)
def test_what_only_has_the_name_of_a_workbook_is_called_by_what_it_is(
    data: bytes, words: str
) -> None:
    with pytest.raises(InputError, match=words):
        sheets(data)


def test_a_workbook_cut_short_is_refused() -> None:
    data = xlsx_bytes({"表": [["a"]]})
    with pytest.raises(InputError, match="打不开这个工作簿"):
        sheets(data[: len(data) // 2])


def test_a_workbook_that_unpacks_without_end_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(excel, "MAX_UNPACKED", 1000)
    with reading_here(), pytest.raises(InputError, match="工作簿展开后太大"):
        sheets(xlsx_bytes({"表": [["a"]]}))


@pytest.mark.parametrize(
    ("stray", "size"),
    [
        ('<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>', "1048576行16384列"),
        ('<row r="1048576"><c r="xfd1048576" s="0"><v>1</v></c></row>', "1048576行16384列"),
        ('<row r = "1048576"><c r = "ZZ1048576" ><v>1</v></c></row>', "1048576行702列"),
        ('<row r="1048576"><c><v>1</v></c></row><row r="2"><c r="ZZ2"/></row>', "1048576行702列"),
        ('<row r="2"><c r="ZZZZ99999999999"><v>1</v></c></row>', "999999999行475254列"),
    ],
)
def test_one_stray_cell_does_not_make_a_vast_table(stray: str, size: str) -> None:
    data = rewritten(
        xlsx_bytes({"表": [["a"]]}),
        lambda xml: xml.replace(b"</sheetData>", stray.encode() + b"</sheetData>"),
    )
    with pytest.raises(InputError) as raised:
        sheets(data)
    assert str(raised.value) == (
        f"a.xlsx 工作表“表”：数据范围太大：“{size}”。请删去多余的工作表和数据以外的行列后另存"
    )


def test_a_wide_table_is_no_vast_one() -> None:
    assert len(sheets(xlsx_bytes({"表": [["a"] * 40]}))[0].rows[0]) == 40


def test_rows_are_counted_before_they_are_made() -> None:
    data = rewritten(
        xlsx_bytes({"表": [["a"]]}),
        lambda xml: xml.replace(
            b"</sheetData>", b'<row r="300000"><c r="A300000"><v>1</v></c></row></sheetData>'
        ),
    )
    with pytest.raises(InputError, match=r"第200001行：行数太多：“300000”，应为不超过200000行"):
        sheets(data)


@pytest.mark.parametrize("seed", range(20))
def test_a_damaged_workbook_is_read_or_refused(seed: int) -> None:
    chance = random.Random(seed)
    whole = xlsx_bytes({"表": [["a", 1, 2.5, date(2024, 3, 5), "=1+1", "#REF!"]] * 3})
    for _ in range(20):
        data = bytearray(whole)
        for _ in range(3):
            data[chance.randrange(len(data))] = chance.randrange(256)
        with contextlib.suppress(InputError):
            assert all(grid.file == "a.xlsx" for grid in sheets(bytes(data)))


def test_styled_cells_without_a_value_are_no_data() -> None:
    data = rewritten(
        xlsx_bytes({"表": [["a"]]}),
        lambda xml: xml.replace(
            b"</sheetData>", b'<row r="1048576"><c r="XFD1048576" s="0"/></row></sheetData>'
        ),
    )
    assert sheets(data)[0].rows == [["a"]]


@pytest.mark.parametrize("file", ["crossed.xlsx", "crossed.xls", "crossed.ods"])
def test_what_is_struck_through_within_a_cell_is_not_read_and_is_marked(file: str) -> None:
    grid = read_workbook(Source(file, (DATA / file).read_bytes()))[0]
    assert grid.rows == [["14"], ["政府网站"], ["全划去"], ["3 &<"]]
    assert [(mark.kind, mark.row, mark.kept) for mark in grid.marks] == [
        ("crossed", 1, "1214"), ("struck", 3, ""), ("crossed", 4, "3 &<5"),
    ]  # fmt: skip


@pytest.mark.parametrize("file", ["raised.xlsx", "raised.xls", "raised.ods"])
def test_the_mark_of_a_note_is_no_digit_and_is_marked(file: str) -> None:
    grid = read_workbook(Source(file, (DATA / file).read_bytes()))[0]
    assert grid.rows == [["12"], ["政策文件"], ["用房3万m2"], ["31"]]
    assert [(mark.kind, mark.row, mark.kept) for mark in grid.marks] == [
        ("raised", 1, "121"), ("raised", 2, "政策文件[2]"), ("crossed", 4, "131①"),
    ]  # fmt: skip


def test_cells_without_places_are_looked_at_in_their_order() -> None:
    def without_places(xml: bytes) -> bytes:
        xml = re.sub(rb' r="[A-Z]*[0-9]+"', b"", xml)
        return xml.replace(b"<v>2</v>", b"<f>1/0</f><v/>").replace(b"<v>3</v>", b"<f>A1</f>")

    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append([1, 2])
    sheet.append([0.985, 3])
    sheet["A2"].number_format = "0.0%"
    out = io.BytesIO()
    book.save(out)
    rows = sheets(rewritten(out.getvalue(), without_places))[0].rows
    assert rows == [["1", UNCOMPUTED], ["98.5%", UNCOMPUTED]]


def test_the_rest_of_a_spreadsheet_of_libreoffice_is_read_as_it_is_shown() -> None:
    space = "urn:oasis:names:tc:opendocument:xmlns:"
    cell = '<t:table-cell o:value-type="string"><x:p>{}</x:p></t:table-cell>'
    rows = (
        f"<t:table-row>{cell.format('项目')}{cell.format('件数')}<t:shapes/></t:table-row>",
        "<t:table-row-group><t:table-header-rows><t:table-row>"
        + cell.format("甲<x:tab/>乙<x:line-break/>丙<x:s/>")
        + '<t:table-cell o:value-type="boolean" o:boolean-value="true"/></t:table-row>'
        "</t:table-header-rows></t:table-row-group>",
    )
    content = (
        f'<o:document-content xmlns:o="{space}office:1.0" xmlns:t="{space}table:1.0" '
        f'xmlns:x="{space}text:1.0"><o:body><o:spreadsheet><t:table t:name="表">'
        '<t:table-column/><t:table-column t:visibility="collapse"/>'
        f"{''.join(rows)}</t:table></o:spreadsheet></o:body></o:document-content>"
    )

    def packed(**more: str) -> Source:
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as archive:
            archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
            archive.writestr("content.xml", content)
            for name, text in more.items():
                archive.writestr(f"META-INF/{name}.xml", text)
        return Source("a.ods", out.getvalue())

    (grid,) = read_workbook(packed())
    assert grid.rows == [["项目", "件数"], ["甲\t乙\n丙", "TRUE"]]
    assert [(mark.kind, mark.column) for mark in grid.marks] == [("column", 1)]
    with pytest.raises(InputError, match="工作簿有密码"):
        read_workbook(packed(manifest="<encryption-data/>"))

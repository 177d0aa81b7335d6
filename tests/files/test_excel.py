"""XLSX workbooks as grids: digits as Excel shows them, nothing lost."""

from __future__ import annotations

import contextlib
import io
import random
import zipfile
from collections.abc import Callable
from datetime import date, datetime, time
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.inputs.builders import xlsx_bytes

from nianbao.errors import InputError
from nianbao.files import excel
from nianbao.files.excel import UNCOMPUTED, read_workbook
from nianbao.files.grids import Grid
from nianbao.files.sources import Source


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
        ("100000000000000000000", "100000000000000000000"),
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
    assert sheets(data)[0].rows == [["2", "", "x"]]


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


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"])
def test_what_is_no_workbook_is_refused(data: bytes) -> None:
    with pytest.raises(InputError, match=r"a\.xlsx：打不开这个工作簿；应为没有密码的\.xlsx文件"):
        sheets(data)


def test_a_workbook_cut_short_is_refused() -> None:
    data = xlsx_bytes({"表": [["a"]]})
    with pytest.raises(InputError, match="打不开这个工作簿"):
        sheets(data[: len(data) // 2])


def test_a_workbook_that_unpacks_without_end_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(excel, "MAX_UNPACKED", 1000)
    with pytest.raises(InputError, match="工作簿展开后太大"):
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
        f"a.xlsx 工作表“表”：数据范围太大；值为“{size}”。请删去多余的工作表和数据以外的行列后另存"
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
    with pytest.raises(InputError, match=r"第200001行：行数太多；值为“300000”；应为不超过200000行"):
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

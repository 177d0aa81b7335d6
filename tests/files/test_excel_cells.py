"""Writing into a workbook that somebody made: the cell alone changes, or it is said why not."""

from __future__ import annotations

import io

import openpyxl
import pytest
from openpyxl.comments import Comment

from nianbao.errors import InputError
from nianbao.files.excel_cells import MAX_TEXT, merged_top, open_package, write_cells
from nianbao.files.sources import Source


def workbook() -> bytes:
    book, out = openpyxl.Workbook(), io.BytesIO()
    sheet = book.active
    assert sheet is not None
    sheet["A1"], sheet["B2"], sheet["D4"] = "原文", "=1+1", "下"
    sheet["A1"].comment = Comment("请核对", "某某")
    sheet.merge_cells("F2:G5")
    book.create_sheet("另一张")
    book.save(out)
    return out.getvalue()


def read(data: bytes) -> openpyxl.worksheet.worksheet.Worksheet:
    return openpyxl.load_workbook(io.BytesIO(data))["Sheet"]


def test_a_text_goes_into_its_cell_wherever_that_is() -> None:
    texts = {"A1": " 新文\n第二行 ", "A3": "之间", "C4": "旁边", "E9": "之后"}
    written = read(write_cells(Source("a.xlsx", workbook()), "Sheet", texts))
    assert {place: written[place].value for place in texts} == texts
    assert (written["B2"].value, written["D4"].value) == ("=1+1", "下")
    rows = [[cell.coordinate for cell in row if cell.value] for row in written.iter_rows()]
    assert [row for row in rows if row] == [["A1"], ["B2"], ["A3"], ["C4", "D4"], ["E9"]]


def test_what_does_not_fit_into_a_cell_is_refused() -> None:
    for place, text, said in (
        ("B2", "字", "单元格 B2 是公式"),
        ("A1", "字" * (MAX_TEXT + 1), "单元格 A1 放不下这么长的文字"),
    ):
        with pytest.raises(InputError, match=said):
            write_cells(Source("a.xlsx", workbook()), "Sheet", {place: text})
    fits = write_cells(Source("a.xlsx", workbook()), "Sheet", {"A1": "字" * MAX_TEXT})
    assert read(fits)["A1"].value == "字" * MAX_TEXT


def test_a_note_stands_above_the_one_that_was_there() -> None:
    package = open_package(workbook())
    package.note("Sheet", "A1", "表二的数有误")
    package.note("Sheet", "D4", "这里也是")
    written = read(package.packed())
    assert written["A1"].comment is not None
    assert written["A1"].comment.text == "表二的数有误\n\n请核对"
    assert written["D4"].comment is not None
    assert written["D4"].comment.text == "这里也是"


def test_a_cell_of_a_merged_range_is_written_at_its_first() -> None:
    package = open_package(workbook())
    wanted = {"F2": "F2", "G5": "F2", "F4": "F2", "E2": "E2", "F6": "F6", "H3": "H3"}
    assert {place: merged_top(package, "Sheet", place) for place in wanted} == wanted

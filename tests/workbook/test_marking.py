"""A copy of the workbook with what was found at its cells."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import openpyxl
import pytest
from openpyxl.chart import BarChart, Reference
from openpyxl.comments import Comment
from openpyxl.workbook.defined_name import DefinedName
from tests.files.hostile_files import hostile_workbook

from nianbao.errors import Place, Problem, UsageError, attempt
from nianbao.files.excel_cells import write_cells
from nianbao.files.sources import Source
from nianbao.statistics.model import Finding
from nianbao.workbook.marking import LIST, mark_workbook, marks_of, write_marked

FILE = "data/shili-jyj/2024/workbook.xlsx"


def workbook() -> bytes:
    made = openpyxl.Workbook()
    sheet = made.active
    assert sheet is not None
    sheet.title = "其他数据"
    for row in (("名称", "数值"), ("培训次数", 3), ("考核次数", "=1+1")):
        sheet.append(row)
    sheet.merge_cells("A5:B5")
    out = BytesIO()
    made.save(out)
    return out.getvalue()


def finding(id_: str, severity: str, row: int, column: str, message: str = "有误") -> Finding:
    place = Place(FILE, "其他数据", row, column)
    return Finding(id_, severity, message, places=(place,))  # type: ignore[arg-type]


def test_cells_are_coloured_by_the_gravest_and_their_notes_tell_all() -> None:
    found = [finding("B1", "error", 2, "数值", "不平"), finding("V1", "info", 2, "数值", "请看")]
    marked = openpyxl.load_workbook(
        BytesIO(mark_workbook(Source(FILE, workbook()), marks_of(found)))
    )
    cell = marked["其他数据"]["B2"]
    assert (cell.value, cell.fill.start_color.rgb) == (3, "FFFFC7CE")
    assert cell.comment is not None
    assert cell.comment.text == "〔B1·错误〕不平\n\n〔V1·提示〕请看"
    assert marked["其他数据"]["B3"].value == "=1+1"
    assert marked.sheetnames[0] == LIST
    rows = list(marked[LIST].iter_rows(min_row=2, values_only=True))
    assert [(r[0], r[1], r[3]) for r in rows] == [("错误", "B1", "不平"), ("提示", "V1", "请看")]


def test_what_cannot_be_read_is_marked_and_what_has_no_cell_is_listed() -> None:
    problem = Problem("不是数", Place(FILE, "其他数据", 5, "B"))
    lost = Finding("S4", "warning", "=缺网址")
    marks = marks_of([lost], [problem])
    marked = openpyxl.load_workbook(BytesIO(mark_workbook(Source(FILE, workbook()), marks)))
    assert marked["其他数据"]["A5"].comment is not None
    assert [row[3] for row in marked[LIST].iter_rows(min_row=2, values_only=True)] == [
        str(problem), "=缺网址",
    ]  # fmt: skip
    assert marked[LIST]["D3"].data_type == "s"


def test_the_workbook_itself_is_not_touched(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="没有填报表"):
        write_marked(tmp_path, "shili-jyj", 2024, ())
    file = tmp_path / FILE
    file.parent.mkdir(parents=True)
    before = workbook()
    file.write_bytes(before)
    made = write_marked(tmp_path, "shili-jyj", 2024, marks_of([finding("B1", "error", 2, "数值")]))
    assert made == tmp_path / "output/shili-jyj/checked/2024/workbook-核对.xlsx"
    assert file.read_bytes() == workbook() or openpyxl.load_workbook(file).sheetnames == [
        "其他数据"
    ]


def test_all_else_of_the_workbook_stays_as_it_was() -> None:
    """Charts, pictures, what no library knows: only what is marked is written anew."""
    book = openpyxl.load_workbook(BytesIO(workbook()))
    sheet = book["其他数据"]
    sheet["B2"].comment = Comment("原来的批注", "李四")
    chart = BarChart()
    chart.add_data(Reference(sheet, min_col=2, min_row=2, max_row=3))
    sheet.add_chart(chart, "F5")
    book.create_sheet("草稿")["A1"] = "不用"
    book.defined_names["合计"] = DefinedName("合计", attr_text="其他数据!$B$2")
    made = BytesIO()
    book.save(made)
    foreign = {"customXml/item1.xml": b"<any/>", "xl/media/image1.emf": b"\x01\x00"}
    with ZipFile(made, "a") as archive:
        for name, content in foreign.items():
            archive.writestr(name, content)
    marks = marks_of([finding("B1", "error", 2, "数值", "不平")])
    marked = mark_workbook(Source(FILE, made.getvalue()), marks)
    with ZipFile(made) as before, ZipFile(BytesIO(marked)) as after:
        changed = {n for n in before.namelist() if before.read(n) != after.read(n)}
    touched = ("sheet1.xml", "comment", "styles.xml", "workbook.xml", "[Content_Types].xml")
    assert {n for n in changed if not any(word in n for word in touched)} == set()
    again = openpyxl.load_workbook(BytesIO(marked))
    comment = again["其他数据"]["B2"].comment
    assert comment is not None
    assert comment.text == "〔B1·错误〕不平\n\n原来的批注"
    assert again.sheetnames == [LIST, "其他数据", "草稿"]


def test_a_workbook_that_kills_its_reader_is_refused_with_its_name() -> None:
    """Marked, or written into, or refused in a sentence: this process lives on."""
    marks = marks_of([finding("B1", "error", 2, "数值")])
    refused: set[str] = set()
    for case in ("uniqueCount behind a comment", "two sheets of one name"):
        source = Source(FILE, hostile_workbook(case))
        for edit in (
            lambda s: mark_workbook(s, marks),
            lambda s: write_cells(s, "figures", {"B2": "4"}),
        ):
            problems: list[Problem] = []
            attempt(problems, edit, source)
            assert all(str(problem).startswith(FILE) for problem in problems)
            refused |= {case} if problems else set()
    assert "uniqueCount behind a comment" in refused

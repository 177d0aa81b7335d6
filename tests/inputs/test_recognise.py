"""A file is known by what stands in it, whatever it is called and in whatever encoding."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.inputs.builders import csv_bytes, xlsx_bytes
from tests.inputs.published.drift import NAME, YEAR, Drift, figures
from tests.inputs.published.office_files import docx_bytes

from nianbao.inputs.recognise import recognise_file

CASES = [
    ["示例县水利局2024年依申请公开登记台账"],
    ["登记号", "收到日期", "申请人类型", "办理结果", "答复日期"],
    ["1", "2024-03-05", "自然人", "予以公开", "2024-03-20"],
]
TABLES = {
    "requests": CASES,
    "disclosures": [["渠道", "类别", "条数"], ["政府网站", "政策文件", "3"]],
    "figures": [["名称", "数值", "单位", "说明"], ["培训次数", "2", "次", ""]],
    "reviews": [["类型", "结果", "件数"], ["行政复议", "结果维持", "1"]],
    "decisions": [
        ["项目", "本年制发件数", "本年废止件数", "现行有效件数", "本年处理决定数量",
         "本年收费金额（万元）"],
        ["规章", "0", "0", "0", "", ""],
    ],
    "requests_table": [
        ["项目", "自然人", "商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他"],
        ["予以公开", "1", "0", "0", "0", "0", "0"],
    ],
}  # fmt: skip


@pytest.mark.parametrize("table", TABLES)
def test_a_table_is_known_by_its_heads(table: str) -> None:
    """Whatever the file or its only sheet is called, in any encoding."""
    rows = TABLES[table]
    for encoding in ("utf-8", "utf-8-sig", "utf-16", "gb18030"):
        found = recognise_file(csv_bytes(rows, encoding), "新建文本文档(1).csv")
        assert (found.kind, found.table) == ("table", table), found
    found = recognise_file(xlsx_bytes({"Sheet1": rows}), "C:\\桌面\\汇总.xlsx")
    assert (found.kind, found.table) == ("table", table), found


def test_year_and_agency_come_from_title_days_and_name(tmp_path: Path) -> None:
    """A title line says both; the days of a ledger say its year; the name says what is left."""
    found = recognise_file(csv_bytes(CASES), "a.csv")
    assert (found.year, found.agency) == (2024, "示例县水利局")
    assert recognise_file(csv_bytes(CASES[1:]), "a.csv").year == 2024
    file = tmp_path / "示例县教育局2023年台账.csv"
    file.write_bytes(csv_bytes(TABLES["disclosures"]))
    found = recognise_file(file)
    assert (found.table, found.year, found.agency) == ("disclosures", 2023, "示例县教育局")


def test_heads_overrule_a_name_and_say_so() -> None:
    """A ledger of requests that is called 主动公开 is one of requests."""
    found = recognise_file(csv_bytes(CASES), "主动公开.csv")
    assert found.table == "requests"
    assert "不是名称所说的“主动公开”" in found.reason


def test_a_workbook_says_whose_it_is() -> None:
    """By its sheets, whatever it is called."""
    card = [
        ["项目", "内容"],
        ["机关代码", "shili-ju"],
        ["报告年度", "2024"],
        ["机关名称", "示例县局"],
    ]
    sheets = {"基本信息": card, "申请台账": CASES[1:]}
    found = recognise_file(xlsx_bytes(sheets), "最终版(3).xlsx")
    assert (found.kind, found.year, found.code) == ("workbook", 2024, "shili-ju")
    assert found.tables == ("card", "requests")


def test_reports_and_narratives() -> None:
    """A published report is known by its headings, the bureau's own wording by section ids."""
    found = recognise_file(docx_bytes(figures(), Drift()), "下载.docx")
    assert found.kind == "report"
    assert (found.year, found.agency) == (YEAR, NAME)
    text = "## overview.requests\n\n2024年全年新收申请3件。\n"
    for name, encoding in (("narrative.md", "utf-16"), ("正文.txt", "gb18030")):
        found = recognise_file(text.encode(encoding), name)
        assert (found.kind, found.year) == ("narrative", 2024)


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("a.csv", b"", "空文件"),
        ("a.csv", "甲,乙\n1,2\n".encode(), "没有认出是哪张表"),
        ("a.xls", b"<html><table></table></html>", "其实是网页"),
        ("a.docx", b"PK\x03\x04", "重新下载"),
        ("a.pdf", b"no pdf at all", "不是年度报告文件"),
        ("a.zip", b"PK", "解压"),
        ("随笔.txt", "今天开会。".encode(), "没有认出是哪张表"),
    ],
)
def test_what_is_not_known_says_why(name: str, data: bytes, said: str) -> None:
    """A sentence for a clerk, never an exception."""
    found = recognise_file(data, name)
    assert found.kind == "unknown"
    assert said in found.reason


def test_what_programs_leave_behind_is_no_file_of_the_bureau() -> None:
    """Office's own temporary files are not looked at."""
    names = ("~$台账.xlsx", "~WRL0003.tmp", ".~lock.a.ods#", "Thumbs.db", "desktop.ini", "a.tmp")
    assert {recognise_file(b"x", name).kind for name in names} == {"left behind"}


def test_pictures_lists_and_sheets_that_name_no_table_are_told_apart() -> None:
    twice = {"一月": CASES, "二月": CASES}
    for name, data, kind, said in (
        ("a.PNG", b"x", "picture", "是图片"),
        ("说明.md", "没有标题。".encode(), "unknown", "是文字，没有“## 章节编号”的标题"),
        ("edited_numbers.csv", b"a,b\n", "table", "是修改过的数字的清单"),
        ("a.xlsx", xlsx_bytes(twice), "unknown", "有2张工作表都是“申请台账”"),
        ("a.xlsx", xlsx_bytes({"甲": [["x"]], "乙": [["y"]]}), "unknown", "（工作表：“甲”、“乙”）"),
        ("a.xlsx", xlsx_bytes({"甲": []}), "unknown", "（工作表：没有内容）"),
        ("reviews.csv", b"x,y\n", "table", "表头认不出，请核对"),
    ):
        found = recognise_file(data, name)
        assert (found.kind, said in found.reason) == (kind, True), (name, found.reason)
    ours = xlsx_bytes({"甲": CASES, "乙": TABLES["disclosures"]})
    found = recognise_file(ours, "a.xlsx")
    assert (found.kind, found.misnamed, found.tables) == (
        "workbook", True, ("requests", "disclosures"),
    )  # fmt: skip

"""What is checked of a report while something of it cannot be read."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest
from openpyxl.workbook import Workbook
from tests.projects import copy_project

from nianbao.errors import InputError
from nianbao.inputs.load import load_readable
from nianbao.notebook.readable import Checked, check_as_read
from nianbao.notebook.report import Report
from nianbao.statistics.model import Finding
from nianbao.statutory import format_for, row_name
from nianbao.workbook.content import workbook_content
from nianbao.workbook.draw import draw_workbook

MARKET = ("shili-scjgj", 2024)
TOWNSHIP = ("shili-qinghe-zhen", 2024)
UNREADABLE = "约十来件"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return copy_project(tmp_path, MARKET[0], TOWNSHIP[0])


def edit(root: Path, changes: dict[tuple[str, str], object]) -> Checked:
    """Change cells of the workbook, and check it."""
    file = root / "data/shili-scjgj/2024/workbook.xlsx"
    workbook: Workbook = openpyxl.load_workbook(file)
    for (sheet, cell), value in changes.items():
        workbook[sheet][cell] = value
    workbook.save(file)
    return check_as_read(root, *MARKET)


def words(finding: Finding) -> tuple[object, ...]:
    return finding.id, finding.severity, finding.message, finding.cells, finding.key


def test_what_can_be_read_is_checked_at_once(root: Path) -> None:
    found = edit(root, {
        ("decisions", "D4"): UNREADABLE, ("figures", "B3"): "#REF!", ("reviews", "C2"): None,
    })  # fmt: skip
    assert [str(problem.place) for problem in found.problems] == [
        "data/shili-scjgj/2024/workbook.xlsx 工作表“decisions” 第4行“现行有效件数”列",
        "data/shili-scjgj/2024/workbook.xlsx 工作表“figures” 第3行“数值”列",
    ]
    assert [f.message[:8] for f in found.findings if f.severity == "error"] == ["表四有1格未填："]
    waiting = [f.message for f in found.findings if f.id == "D9"]
    assert "表二有1格还读不出来（表二“行政规范性文件”×“现行有效件数”）" in waiting[0]
    assert waiting[1].startswith("“其他数据”有内容还读不出来")
    with pytest.raises(InputError):
        Report.open(*MARKET, root=root)


def spoil_sheets(root: Path) -> Iterator[tuple[str, Checked]]:
    """Make one cell after another unreadable: a number, a label, a head; a whole sheet."""
    file = root / "data/shili-scjgj/2024/workbook.xlsx"
    before = file.read_bytes()
    for sheet, cell in (
        ("decisions", "D4"), ("decisions", "A4"), ("decisions", "C2"), ("disclosures", "C13"),
        ("requests", "B21"), ("reviews", "C13"), ("reviews", "A9"), ("figures", "A1"),
    ):  # fmt: skip
        yield f"{sheet} {cell}", edit(root, {(sheet, cell): UNREADABLE})
        file.write_bytes(before)


def test_nothing_is_said_that_is_not_so_once_the_cell_is_put_right(root: Path) -> None:
    known = set(map(words, check_as_read(root, *MARKET).findings))
    for where, found in spoil_sheets(root):
        assert found.problems, where
        said = [f for f in found.findings if f.id != "D9" and "读不出来" not in f.message]
        assert set(map(words, said)) <= known, where
        assert any(f.id == "D9" for f in found.findings), where


def test_the_totals_of_the_form_wait_for_their_cells_and_no_others(root: Path) -> None:
    folder, form = root / "data/shili-qinghe-zhen/2024", format_for(2024)
    (folder / "requests.csv").unlink()
    rows = {row.key: ["0"] * 6 for row in form.request_rows if row.key != "total"}
    rows["new"] = [UNREADABLE, "3", "0", "0", "0", "0"]  # nothing was done with the three
    lines = [["项目", *form.applicants, "总计"]]
    lines += [[row_name("requests", key, form), *cells, ""] for key, cells in rows.items()]
    text = "\n".join(map(",".join, lines))
    (folder / "requests_table.csv").write_text(text, encoding="utf-8")
    found = check_as_read(root, *TOWNSHIP)
    flow = [(f.severity, f.message) for f in found.findings if f.id == "B1"]
    assert any(s == "error" and "“商业企业”列不平衡" in m for s, m in flow)
    assert any(s == "info" and "有格读不出来" in m and "“自然人”" in m for s, m in flow)
    assert not any("自然人" in m for s, m in flow if s == "error")
    assert not any(f.id in {"B6", "V3"} and "表三" in f.message for f in found.findings)


def test_an_unreadable_row_of_the_ledger_is_named_where_its_table_waits(root: Path) -> None:
    file = root / "data/shili-qinghe-zhen/2024/requests.csv"
    lines = file.read_text(encoding="utf-8").splitlines()
    lines[2] = lines[2].replace("2024年1月", "2024年13月")
    lines[3] = lines[3].replace("自然人", "钱十五娘")
    file.write_text("\n".join(lines), encoding="utf-8")
    found = check_as_read(root, *TOWNSHIP)
    (said,) = (f.message for f in found.findings if "表三" in f.message and f.id != "Y1")
    assert said.startswith(
        "申请台账有2行读不出来（data/shili-qinghe-zhen/2024/requests.csv "
        "第3行“答复日期”列“2024年13月17日”、第4行“申请人类型”列），表三由它计数"
    )
    assert "钱十五娘" not in said  # the board of the county shows it, too
    assert not any("列有格读不出来" in f.message for f in found.findings)


def test_a_file_that_is_none_of_ours_makes_no_missing_table_blank(root: Path) -> None:
    folder = root / "data/shili-qinghe-zhen/2024"
    (folder / "reviews.csv").rename(folder / "review.csv")
    found = check_as_read(root, *TOWNSHIP)
    assert len(found.problems) == 1
    assert not [f for f in found.findings if f.severity == "error"]
    assert [f.message for f in found.findings if f.id == "D9" and "表四" in f.message]


def test_a_date_that_is_none_leaves_all_tables_checked(root: Path) -> None:
    file = root / "data/shili-scjgj/2024/workbook.xlsx"
    file.write_bytes(draw_workbook(workbook_content(root, *MARKET)))
    workbook = openpyxl.load_workbook(file)
    sheet = workbook["基本信息"]
    row = next(r[0].row for r in sheet.iter_rows() if r[0].value == "成文日期")
    sheet.cell(row, 2, "明年一月底")
    workbook["复议诉讼"]["C4"] = None
    workbook.save(file)
    inputs, problems = load_readable(root, *MARKET)
    assert [p.message.split("与")[0] for p in problems] == ["“成文日期”"]
    assert inputs.params.report_date == "2025-01-17"  # as params/ says
    assert [f.id for f in check_as_read(root, *MARKET).findings if f.severity == "error"]


def test_a_report_in_order_says_the_same_either_way(root: Path) -> None:
    found = check_as_read(root, *MARKET)
    numbers = [f for f in Report.open(*MARKET, root=root).findings if f.passage is None]
    assert not found.problems
    assert [f for f in found.findings if f.passage is None] == numbers

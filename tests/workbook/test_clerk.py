"""The whole way of a clerk: what she writes is right in every document, or she was reported."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from shutil import copytree
from typing import Any

import docx
import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet
from tests.projects import REPOSITORY, copy_project
from tests.workbook.test_workbook import as_clerks_write

from nianbao.edits.pull import pull_edits
from nianbao.errors import InputError
from nianbao.inputs.load import load_inputs
from nianbao.inputs.project import data_folder
from nianbao.publishing.build import build_report
from nianbao.publishing.verify import verify_report
from nianbao.statistics.checks import build_statistics, run_checks
from nianbao.statistics.tables import build_tables
from nianbao.statutory import format_for
from nianbao.workbook.draw import write_workbook

WHO = "shili-scjgj", 2024
FORMAT = format_for(2024)


@pytest.mark.slow
def test_text_days_short_words_and_a_wrong_year_are_right_in_the_end_or_reported(
    tmp_path: Path,
) -> None:
    root = copy_project(tmp_path, WHO[0])
    meant = build_tables(load_inputs(root, *WHO), FORMAT)["requests"].frame
    folder = root / data_folder(*WHO)
    file = write_workbook(root, *WHO, folder / "2024年填报表（定稿）.xlsx")
    (folder / "workbook.xlsx").unlink()
    as_clerks_write(file)
    book = openpyxl.load_workbook(file)
    book.create_sheet("草稿勿看")["A1"] = "待核"
    ledger = book["申请台账"]
    ledger.insert_rows(6)
    for column, text in zip("ABDEF", ("9-1", "2025.5.6", "公民", "公开", "2025.5.9"), strict=True):
        ledger[f"{column}6"] = text
    book.save(file)
    with pytest.raises(InputError, match="多出一张工作表“草稿勿看”"):
        load_inputs(root, *WHO)
    del book["草稿勿看"]
    book.save(file)

    inputs = load_inputs(root, *WHO)
    reported = {
        f.id: f.message for f in run_checks(build_statistics(inputs, FORMAT)) if f.id[0] == "D"
    }
    assert "第6行（9-1，2025-05-06收到）" in reported["D2"]
    assert "没有写年份" in reported["D1"] or "带了单位" in reported["D1"]
    build_report(root, *WHO)
    assert all(verdict.fine for verdict in verify_report(root, *WHO))
    report = json.loads((root / "output/shili-scjgj/2024/report.json").read_text("utf-8"))
    for key, numbers in report["tables"]["requests"]["rows"].items():
        assert numbers == list(meant.loc[key]), key


# --- figures of a published report, with an invented bureau --------------------------------------

BUREAU = "shili-zsj", 2023
PUBLISHED = REPOSITORY / "tests/data/published/pingtan_2023.json"
NAMED = {
    "机关全称": "示例县综试局",
    "机关类别": "部门",
    "机关简称": "县综试局",
    "地址": "示例县示例路1号",
    "邮政编码": "０００００１",
    "电话": "0000-0000001",
    "邮箱": "a@example.cn",
    "成文日期": "2024-01-20",
}
SHORT_WORDS = {
    "open": "公开",
    "partial": "区分处理",
    "unavail_1": "信息不存在",
    "deny_8": "行政查询",
}
OTHERS = {"信息处理费": "0", "人大建议": "０", "政协提案": "0", "培训次数": "2次"}
WORDING = "全年通过政府网站等渠道主动公开政府信息1204条，收到政府信息公开申请81件，培训2次。"


def put(sheet: Worksheet, column: int, texts: Mapping[str, str]) -> None:
    """Fill a column beside the words in the first one."""
    for row in sheet.iter_rows(min_row=4):
        if (word := str(row[0].value)) in texts:
            sheet.cell(row[0].row or 0, column, texts[word])


def cases(table: Mapping[str, list[str]]) -> Iterator[tuple[str, ...]]:
    """A ledger that gives a published table 3, in a clerk's ways of writing."""
    for key, numbers in table.items():
        if key in ("new", "carried_in", "total", "carried_out"):
            continue
        for applicant, count in zip(FORMAT.applicants, numbers, strict=False):
            for i in range(int(count)):
                outcome = SHORT_WORDS.get(key, FORMAT.request_row(key).path)
                yield applicant, outcome, f"3月{i % 28 + 1}日", f"2023.4.{i % 28 + 1}"


def fill_in(file: Path, published: Mapping[str, Any]) -> None:
    """Fill in a workbook with the published figures, notes in cells and a wrong year among them."""
    book = openpyxl.load_workbook(file)
    put(book["基本信息"], 2, NAMED)
    for row, values in published["decisions"].items():
        for cells in book["法定公开（表二）"].iter_rows(min_row=4):
            if cells[0].value == row:
                for column, value in values.items():
                    heads = [str(c.value) for c in book["法定公开（表二）"][3]]
                    noted = f"{value}（其中修订1件）" if value == "77" else value
                    cells[heads.index(column)].value = noted
    ledger = book["申请台账"]
    for n, case in enumerate(
        [*cases(published["requests"]), ("公民", "公开", "2025.5.6", "2025.5.9")], 1
    ):
        applicant, outcome, received, answered = case
        for column, text in enumerate((f"2023-{n}", received, "", applicant, outcome, answered), 1):
            ledger.cell(n + 3, column, text or None)
    for cells in book["复议诉讼"].iter_rows(min_row=4, max_col=3):
        kind = FORMAT.review_columns.index(str(cells[1].value)) if cells[1].value else 0
        if cells[0].value:
            cells[2].value = f"{published['reviews'][cells[0].value][kind]}件"
    for column, value in enumerate(("政府网站", "政策文件", "1,204"), 1):
        book["主动公开"].cell(4, column, value)
    put(
        book["其他数据"],
        2,
        {"信息处理费": "0", "人大建议": "０", "政协提案": "0", "培训次数": "2次"},
    )
    put(book["正文"], 3, {"overview": WORDING})
    book.create_sheet("草稿")["A1"] = "不用"
    book.save(file)


@pytest.mark.slow
def test_from_the_workbook_to_publication_with_published_figures(tmp_path: Path) -> None:
    """Every number in the finished files is the published one, or was reported."""
    published = json.loads(PUBLISHED.read_text("utf-8"))
    copytree(REPOSITORY / "notebooks", tmp_path / "notebooks")
    file = tmp_path / data_folder(*BUREAU) / "2023年报（最终版）.xlsx"
    fill_in(write_workbook(tmp_path, *BUREAU, file), published)
    with pytest.raises(InputError, match="多出一张工作表“草稿”，没有读取。请删去或隐藏"):
        load_inputs(tmp_path, *BUREAU)
    book = openpyxl.load_workbook(file)
    book["草稿"].sheet_state = "hidden"
    book.save(file)

    first = build_report(tmp_path, *BUREAU)
    reported = {(f.id, f.severity): f.message for f in first.findings}
    assert "2025-05-06收到" in reported["D2", "warning"]
    assert "没有写年份" in "".join(f.message for f in first.findings if f.id == "D1")
    assert "草稿" in reported["D7", "info"]
    output = tmp_path / "output" / BUREAU[0] / "2023"
    report = json.loads((output / "report.json").read_text("utf-8"))
    numbers = report["tables"]["requests"]["rows"]
    assert {k: [str(n) for n in v] for k, v in numbers.items()} == published["requests"]
    reviews = report["tables"]["reviews"]
    assert {k: [str(n) for n in v] for k, v in reviews.items()} == published["reviews"]
    decisions = report["tables"]["decisions"]
    assert decisions["行政事业性收费"]["本年收费金额（单位：万元）"] == 5949.088667
    assert decisions["行政规范性文件"]["本年制发件数"] == 77

    word = docx.Document(str(output / "report.docx"))
    (paragraph,) = [p for p in word.paragraphs if p.text.endswith("培训2次。")]
    words = paragraph.text.replace("1204条", "1024条").replace("81件", "18件")
    for run in paragraph.runs[1:]:
        run.text = ""
    paragraph.runs[0].text = words
    word.save(str(output / "report.docx"))
    lines = "\n".join(pull_edits(tmp_path, *BUREAU).lines())
    assert "由“1204”改成“1024”，与数据不符" in lines
    assert "由“81”改成“18”，与数据不符" in lines
    sheet = openpyxl.load_workbook(file)["正文"]
    assert words in [str(row[2].value) for row in sheet.iter_rows(min_row=4)]
    again = build_report(tmp_path, *BUREAU)
    changed = [f.message for f in again.findings if f.id == "S14"]
    assert len(changed) == 2
    assert any("1024" in message for message in changed)
    assert any(f.id.startswith("N") and "18" in f.message for f in again.findings)
    assert all(verdict.fine for verdict in verify_report(tmp_path, *BUREAU))

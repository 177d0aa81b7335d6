"""A later format: a row and a column more in table 2 are counted, named, checked and read back."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.later_format import CODE, DECIDED, later_format, write_project
from tests.projects import REPOSITORY

from nianbao.documents import readback
from nianbao.finished.options import BuildOptions
from nianbao.notebook.report import Report
from nianbao.publishing.build import build_report
from nianbao.statistics.comparison import DECIDED as DECIDED_ACTS
from nianbao.statistics.comparison import comparison_items
from nianbao.statistics.model import Finding

ROW, COLUMN, NUMBER = "行政检查", "本年处理决定数量", DECIDED + 3
ADDED = "本年撤销决定数量"
"""Two columns in one block, three in another: the one is no multiple of the other."""
YEAR = 2028
FILE = REPOSITORY / "tests" / "data" / "format_2028.yaml"


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Path]:
    with later_format(tmp_path / "formats", FILE):
        yield write_project(tmp_path, YEAR)


def write(project: Path, prose: str) -> None:
    """The bureau's own words on what it made public."""
    file = project / "data" / CODE / str(YEAR) / "narrative.md"
    file.write_text(f"## overview.disclosure\n\n{prose}\n", encoding="utf-8")


def numbers_reported(project: Path, prose: str, year: int = YEAR) -> list[Finding]:
    """What is found about numbers of decisions in the prose."""
    write(project, prose)
    noted = Report.open(CODE, year, root=project).findings
    return [n for n in noted if n.passage and n.id == "N15"]


def test_the_row_is_in_its_years_table_alone(project: Path) -> None:
    before, now = (Report.open(CODE, y, root=project).tables for y in (YEAR - 1, YEAR))
    assert ROW not in before["decisions"].frame.index
    assert now["decisions"].frame.at[ROW, COLUMN] == NUMBER


@pytest.mark.parametrize("prose", ["全年作出行政检查50件。", "全年办理行政检查决定50件。"])
def test_another_number_in_the_prose_is_found(project: Path, prose: str) -> None:
    [found] = numbers_reported(project, prose)
    assert (found.left, found.right) == ("50件", str(NUMBER))
    assert ROW in found.message


def test_the_right_number_is_not(project: Path) -> None:
    assert numbers_reported(project, f"全年作出行政检查{NUMBER}件。") == []
    [other] = numbers_reported(project, f"全年作出行政处罚{NUMBER}件。")
    assert other.right == str(DECIDED + 1), "the rows before it are known as ever"


def test_a_row_is_known_by_its_decisions_whatever_columns_it_has(project: Path) -> None:
    file = project / "data" / CODE / str(YEAR) / "decisions.csv"
    text = file.read_text(encoding="utf-8")
    assert f"{ROW},,,,{NUMBER},{NUMBER}," in text
    file.write_text(text.replace(f",{NUMBER},{NUMBER},", f",{NUMBER},1,"), encoding="utf-8")
    report = Report.open(CODE, YEAR, root=project)
    fact = report.vocabulary[ROW]
    assert (fact.text, fact.below[ADDED].text) == (str(NUMBER), "1")
    lines = [item for item in comparison_items(report.format) if item.name.startswith(ROW)]
    assert [line.name for line in lines] == [ROW, f"{ROW}{ADDED}"]
    assert {line.family for line in lines} == {DECIDED_ACTS}


def test_prose_can_name_the_row(project: Path) -> None:
    write(project, "全年作出行政检查{{ 行政检查 }}件。")
    report = Report.open(CODE, YEAR, root=project)
    fact = report.vocabulary[ROW]
    assert (fact.value, fact.unit) == (NUMBER, "件")
    assert "无可比数据" in fact.below["同比"].text, "last year's form has no such row"
    folder = build_report(project, CODE, YEAR, BuildOptions(("html", "pdf", "docx"))).folder
    page = (folder / "report.html").read_bytes()
    cells = readback.read_html(page).cells
    assert cells["decisions", ROW, COLUMN] == cells["decisions", ROW, ADDED] == str(NUMBER)
    [said] = re.findall(r"全年作出行政检查<data [^>]+>(\w+)</data>", page.decode())
    assert said == str(NUMBER)

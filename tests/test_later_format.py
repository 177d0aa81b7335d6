"""A later format of the statute is one file: one more row, one renamed column, and no code."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.later_format import CODE, later_format, requests_of, write_project
from tests.projects import REPOSITORY

from nianbao.documents import readback
from nianbao.edits.found import open_built, word_edits
from nianbao.files.reading_process import reading_here
from nianbao.notebook.report import Report
from nianbao.publishing.build import build_report
from nianbao.publishing.verify import verify_report
from nianbao.statutory import format_for

pytestmark = pytest.mark.slow

SOURCE = REPOSITORY / "src" / "nianbao"
ROW, COLUMN = "deny_9", "年末有效件数"
DOCUMENTS = "行政规范性文件"


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("later")
    with later_format(folder / "formats"):
        yield write_project(folder)


@pytest.fixture
def report(project: Path) -> Report:
    return Report.open(CODE, 2027, root=project)


def test_each_year_has_its_format(project: Path) -> None:
    before, now = (Report.open(CODE, year, root=project).tables for year in (2026, 2027))
    assert ROW not in before["requests"].frame.index
    assert ROW in now["requests"].frame.index
    assert COLUMN not in before["decisions"].frame.columns
    assert now["decisions"].frame.at[DOCUMENTS, COLUMN] == 9


def test_the_new_row_is_counted(report: Report) -> None:
    rows = requests_of(report.format, 2027)
    frame = report.tables["requests"].frame
    assert frame.at[ROW, "总计"] == sum(rows[ROW])
    outcomes = [row.key for row in report.format.outcome_rows]
    assert frame.at["total", "自然人"] == sum(rows[key][0] for key in outcomes)


def test_the_layout_has_a_place_for_each_cell(report: Report) -> None:
    for key, rows, columns in (("requests", 26, 7), ("decisions", 6, 5), ("reviews", 3, 5)):
        table = report.tables[key]
        assert table.layout is not None
        assert table.frame.shape == (rows, columns)
        places = [c for row in table.layout.rows for c in row if c.kind == "value"]
        assert {(c.row, c.column) for c in places} == set(table.cells)
        assert len(places) == len(table.cells)
    heads = {c.text for row in report.tables["decisions"].layout.rows for c in row}
    assert COLUMN in heads
    assert "现行有效件数" not in heads


def test_the_checks_know_the_new_form(report: Report) -> None:
    assert [f.id for f in report.findings if f.severity == "error"] == []
    # 7 + 0 - 0 is not 9: last year's stock stood under the column's old name.
    [stock] = [f for f in report.findings if f.id == "Y2"]
    assert (stock.left, stock.right) == ("7", "9")
    assert COLUMN in stock.formula


Lines = list[str]


def _more_carried_in(lines: Lines) -> Lines:
    return ["二、上年结转政府信息公开申请数量,9,9,9,9,9,9" if "二、" in x else x for x in lines]


def _typed_total_row(lines: Lines) -> Lines:
    return [*lines, "三、（七）总计,0,0,0,0,0,0"]


def _typed_total_of_the_new_row(lines: Lines) -> Lines:
    new = format_for(2027).request_row(ROW).label
    return [f"{lines[0]},总计", *(f"{line},{1 if new in line else ''}" for line in lines[1:])]


@pytest.mark.parametrize(
    ("rule", "edit"),
    [("B1", _more_carried_in), ("B2", _typed_total_row), ("B3", _typed_total_of_the_new_row)],
)
def test_a_wrong_sum_is_found(rule: str, edit: Callable[[Lines], Lines], tmp_path: Path) -> None:
    with later_format(tmp_path / "formats"):
        project = write_project(tmp_path)
        file = project / "data" / CODE / "2027" / "requests_table.csv"
        lines = edit(file.read_text(encoding="utf-8").splitlines())
        file.write_text("\n".join(lines), encoding="utf-8")
        found = Report.open(CODE, 2027, root=project).findings
    assert rule in {f.id for f in found if f.severity == "error"}


def test_this_year_stands_beside_last_year(report: Report) -> None:
    lines = report.tables["comparison"].frame.set_index("项目")
    assert tuple(lines.loc[f"{DOCUMENTS}现行有效", ["本年", "上年"]]) == (9, 7)


def test_prose_can_name_the_new_row_and_the_renamed_column(report: Report) -> None:
    facts = report.vocabulary
    rows = requests_of(report.format, 2027)
    new = facts["不予公开"].below["属于公共数据授权运营事项"]
    assert new.value == sum(rows[ROW])
    stock = facts["规范性文件"].below["现行有效"]
    assert (stock.value, stock.below["同比"].text) == (9, "比上年增加2件")
    # The group has a row that last year did not have: there is nothing to compare.
    assert "无可比数据" in facts["不予公开"].below["同比"].text


@pytest.fixture(scope="module")
def made(project: Path) -> Path:
    return build_report(project, CODE, 2027).folder


def test_verify_counts_the_cells_of_the_form(made: Path, project: Path) -> None:
    assert (made / "manifest.json").is_file()
    with reading_here():  # the reading process began before there was this form
        (found,) = (v.found for v in verify_report(project, CODE, 2027) if "各格式" in v.what)
    assert "207格数据" in found, "one row of seven values more"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "read"),
    [
        ("report.html", readback.read_html),
        ("report.pdf", readback.read_pdf),
        ("report.docx", readback.read_docx),
    ],
)
def test_a_finished_file_shows_the_new_form(
    name: str, read: Callable[[bytes], readback.Readback], made: Path, report: Report
) -> None:
    cells = read((made / name).read_bytes()).cells
    assert len(cells) == 10 + 26 * 7 + 15
    assert cells["decisions", DOCUMENTS, COLUMN] == "9"
    numbers = requests_of(report.format, 2027)[ROW]
    shown = [cells["requests", ROW, applicant] for applicant in report.format.applicants]
    assert shown == [str(n) for n in numbers]


@pytest.mark.slow
def test_an_untouched_word_file_holds_no_edits(made: Path) -> None:
    built = open_built(made)
    assert built is not None
    assert word_edits(built, made / "report.docx").sections == {}


def test_no_module_asks_for_a_version_by_name() -> None:
    asking = [
        f"{path.relative_to(SOURCE)}:{node.lineno}"
        for path in SOURCE.rglob("*.py")
        if path.parent.name != "statutory"
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Name) and node.id == "load_format"
    ]
    assert asking == []

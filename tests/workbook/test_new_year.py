"""A year begun from the last: names and carried-over requests, no numbers, no overwriting."""

from __future__ import annotations

import csv
import shutil
from dataclasses import dataclass
from pathlib import Path

import openpyxl
import pytest
from tests.projects import WORKED, copy_project

from nianbao.errors import FindingsError, UsageError
from nianbao.inputs.load import load_inputs
from nianbao.notebook.report import Report
from nianbao.publishing.build import BuildOptions, build_report
from nianbao.statistics.tables import build_tables
from nianbao.statutory import load_format
from nianbao.workbook.draw import write_workbook
from nianbao.workbook.new_year import Begun, begin_year
from nianbao.workbook.roll_forward import OPEN_TEXTS

FORMAT = load_format()
SAMPLES = (WORKED[0], "shili-zrzyj", "shili-qinghe-zhen", "shili-scjgj")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return copy_project(tmp_path)


def contents(root: Path) -> dict[str, bytes]:
    return {
        f.relative_to(root).as_posix(): f.read_bytes()
        for part in ("params", "data")
        for f in sorted((root / part).rglob("*"))
        if f.is_file()
    }


@dataclass(frozen=True)
class Start:
    """A year that was begun, with all files before and after."""

    year: Begun
    before: dict[str, bytes]
    after: dict[str, bytes]


@pytest.fixture(scope="module")
def ready(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project in which the year of every sample is begun; tests only read it."""
    return copy_project(tmp_path_factory.mktemp("ready"))


@pytest.fixture(scope="module")
def begun(ready: Path) -> dict[str, Start]:
    """The year of every sample."""
    found = {}
    for agency in SAMPLES:
        before = contents(ready)
        found[agency] = Start(begin_year(ready, agency, 2025), before, contents(ready))
    return found


@pytest.mark.parametrize("agency", SAMPLES)
def test_last_year_is_left_alone_and_this_year_can_be_drafted(
    agency: str, ready: Path, begun: dict[str, Start]
) -> None:
    year, before, after = begun[agency].year, begun[agency].before, begun[agency].after
    assert {name: data for name, data in after.items() if name in before} == before
    assert set(year.files) == after.keys() - before.keys()
    assert year.left
    made = build_report(ready, agency, 2025, BuildOptions(("html",), draft=True))
    assert "report.html" in made.files
    with pytest.raises(FindingsError, match="V3"):
        build_report(ready, agency, 2025, BuildOptions(("html",)))


@pytest.mark.usefixtures("begun")
@pytest.mark.parametrize("agency", SAMPLES)
def test_carried_over_requests_come_along_and_no_number_does(agency: str, ready: Path) -> None:
    inputs = load_inputs(ready, agency, 2025)
    assert inputs.previous is not None
    now, last = (build_tables(i, FORMAT) for i in (inputs, inputs.previous))
    frame = now["requests"].frame
    assert list(frame.loc["carried_in"]) == list(last["requests"].frame.loc["carried_out"])
    # Of a running ledger the answers of January are there already.
    assert frame.at["carried_in", "总计"] == (
        frame.at["carried_out", "总计"] + frame.at["total", "总计"]
    )
    assert frame.at["new", "总计"] == 0
    for name in ("decisions", "reviews"):
        assert not any(cell.is_number for cell in now[name].cells.values())
    assert inputs.figures.keys() == inputs.previous.figures.keys()
    assert all(f.cell.number is None for f in inputs.figures.values())
    if inputs.disclosures is not None:
        assert not any(cell.is_number for cell in inputs.disclosures["条数"])
    assert (inputs.params.report_date, inputs.params.draft) == (None, None)


@pytest.mark.usefixtures("begun")
def test_the_base_of_the_documents_stands_beside(ready: Path) -> None:
    text = (ready / "data/shili-zrzyj/2025/decisions.csv").read_text(encoding="utf-8-sig")
    row = next(r for r in csv.DictReader(text.splitlines()) if r["项目"] == "行政规范性文件")
    # 说明 would be printed below the table; 备注 is for those who fill in.
    assert row["备注"] == "上年现行有效12件"
    assert not any(row[head] for head in row if head not in ("项目", "备注"))


@pytest.mark.usefixtures("begun")
def test_last_years_prose_is_marked_and_the_mark_blocks(ready: Path) -> None:
    report = Report.open("shili-qinghe-zhen", 2025, root=ready)
    last = load_inputs(ready, "shili-qinghe-zhen", 2024).narrative
    assert list(report.inputs.narrative) == list(last)
    for key, section in report.inputs.narrative.items():
        assert section.text == f"{OPEN_TEXTS}\n\n{last[key].text}"
    marked = [f for f in report.findings if f.id == "L3" and "待修订" in f.message]
    assert {f.severity for f in marked} == {"error"}
    assert len(marked) == len(last)


def test_a_marked_text_is_not_marked_twice(project: Path) -> None:
    begin_year(project, "shili-qinghe-zhen", 2025)
    begin_year(project, "shili-qinghe-zhen", 2026)
    text = (project / "data/shili-qinghe-zhen/2026/narrative.md").read_text(encoding="utf-8")
    assert text.count(OPEN_TEXTS) == len(load_inputs(project, "shili-qinghe-zhen", 2024).narrative)


def test_the_form_is_last_years(ready: Path, begun: dict[str, Start]) -> None:
    names = {Path(file).name for file in begun["shili-zrzyj"].year.files}
    assert names == {
        "2025.yaml", "disclosures.xlsx", "decisions.csv", "requests.xlsx", "reviews.csv",
        "figures.csv", "narrative.md",
    }  # fmt: skip
    assert (ready / "params/shili-zrzyj/2025.yaml").read_text(encoding="utf-8").splitlines() == [
        "agency: shili-zrzyj",
        "year: 2025",
        "# 成文日期，定稿后填写并去掉行首的“# ”",
        "# report_date: 2026-01-20",
        "signature: true",
    ]
    book = openpyxl.load_workbook(ready / "data/shili-zrzyj/2025/requests.xlsx")
    numbers = [cell.value for cell in book["申请台账"]["A"][3:] if cell.value]
    assert len(numbers) == 4
    assert begun["shili-scjgj"].year.files[-1].endswith("2025/workbook.xlsx")


@pytest.mark.parametrize("there", ["params/{}/2025.yaml", "data/{}/2025/notes.txt"])
def test_nothing_is_written_where_anything_is(there: str, project: Path) -> None:
    agency = "shili-zrzyj"
    file = project / there.format(agency)
    file.parent.mkdir(exist_ok=True)
    file.write_text("own", encoding="utf-8")
    before = contents(project)
    with pytest.raises(UsageError, match=f"{file.name}：已经有这个文件"):
        begin_year(project, agency, 2025)
    assert contents(project) == before


def test_pictures_come_along_to_be_looked_at(project: Path) -> None:
    picture = project / "data/shili-zrzyj/2024/图/a.png"
    picture.parent.mkdir()
    picture.write_bytes(b"\x89PNG")
    begun = begin_year(project, "shili-zrzyj", 2025)
    assert (project / "data/shili-zrzyj/2025/图/a.png").read_bytes() == b"\x89PNG"
    assert any("a.png：上年的图片" in line for line in begun.left)


@pytest.mark.parametrize(
    ("agency", "year", "words"),
    [
        ("shili-zrzyj", 2030, "没有上年的数据.*nianbao workbook shili-zrzyj 2030"),
        ("shili-mei", 2025, "没有这个机关"),
        ("shili-zrzyj", 1990, "年度不合要求"),
    ],
)
def test_what_cannot_be_begun_is_reported(
    agency: str, year: int, words: str, project: Path
) -> None:
    with pytest.raises(UsageError, match=words):
        begin_year(project, agency, year)


def test_an_agency_of_workbooks_alone_gets_the_next_one(project: Path, tmp_path: Path) -> None:
    file = write_workbook(project, "shili-zrzyj", 2024, tmp_path / "w.xlsx")
    for part in ("params", "data"):
        shutil.rmtree(project / part / "shili-zrzyj")
    folder = project / "data/shili-zrzyj/2024"
    folder.mkdir(parents=True)
    shutil.copy(file, folder / "workbook.xlsx")
    begun = begin_year(project, "shili-zrzyj", 2025)
    assert begun.files == ("data/shili-zrzyj/2025/workbook.xlsx",)
    inputs = load_inputs(project, "shili-zrzyj", 2025)
    assert inputs.agency.name == "示例县自然资源和规划局"
    assert inputs.params.report_date is None
    assert all(section.text.startswith(OPEN_TEXTS) for section in inputs.narrative.values())
    assert build_tables(inputs, FORMAT)["requests"].frame.at["carried_in", "总计"] == 4


PROFILE = """name: 示例县自然资源和规划局
kind: department
"""
"""What an import knows of an agency."""


def test_what_the_workbook_says_of_the_agency_is_kept_beside_an_imported_profile(
    project: Path, tmp_path: Path
) -> None:
    agency = project / "params/shili-zrzyj/agency.yaml"
    text = agency.read_text(encoding="utf-8")
    own = "".join(line for line in text.splitlines(True) if not line.startswith(KEPT))
    agency.write_text(f"{own}short_name: 示例县资源局\ncan_make_rules: true\nenforcement: true\n",
                      encoding="utf-8")  # fmt: skip
    file = write_workbook(project, "shili-zrzyj", 2024, tmp_path / "w.xlsx")
    for year in (2023, 2024):
        shutil.rmtree(project / f"data/shili-zrzyj/{year}")
        (project / f"params/shili-zrzyj/{year}.yaml").unlink()
    agency.write_text(PROFILE, encoding="utf-8")
    folder = project / "data/shili-zrzyj/2024"
    folder.mkdir()
    shutil.copy(file, folder / "workbook.xlsx")
    last = load_inputs(project, "shili-zrzyj", 2024)
    begun = begin_year(project, "shili-zrzyj", 2025)
    assert begun.files == ("data/shili-zrzyj/2025/workbook.xlsx",)
    inputs = load_inputs(project, "shili-zrzyj", 2025)
    assert inputs.agency == last.agency
    assert inputs.agency.short_name == "示例县资源局"
    assert (inputs.agency.can_make_rules, inputs.agency.enforcement) == (True, True)
    assert (last.params.signature, inputs.params.signature) == (True, True)
    assert inputs.params.report_date is None
    card = begun.left[0]
    assert card.startswith("data/shili-zrzyj/2025/workbook.xlsx“基本信息”：定稿后填写成文日期")
    assert "落款沿用上年" in card


KEPT = ("short_name", "can_make_rules", "enforcement")


@pytest.mark.parametrize("agency", ["shili-zrzyj", "shili-scjgj"])
def test_a_total_that_was_typed_is_no_row_of_the_new_year(agency: str, project: Path) -> None:
    folder = project / "data" / agency / "2024"
    total = "行政复议,总计,5"
    if (folder / "workbook.xlsx").is_file():
        book = openpyxl.load_workbook(folder / "workbook.xlsx")
        sheet = book["reviews"]
        at = max(row for row in range(1, sheet.max_row + 1) if sheet.cell(row, 1).value) + 1
        for column, word in enumerate(total.split(","), 1):
            sheet.cell(at, column, word)
        book.save(folder / "workbook.xlsx")
    else:
        file = folder / "reviews.csv"
        text = file.read_text(encoding="utf-8-sig").rstrip()
        file.write_text(f"{text}\n{total}\n", encoding="utf-8")
    given = load_inputs(project, agency, 2024).reviews
    assert given is not None
    assert ("行政复议", "总计") in given
    begin_year(project, agency, 2025)
    new = load_inputs(project, agency, 2025).reviews
    assert new is not None
    assert new.keys() == given.keys() - {("行政复议", "总计")}


CARRIED_SUMS = """来源,申请人类型,办理结果,件数
本年新收,自然人,予以公开,3
本年新收,商业企业,结转下年度继续办理,2
上年结转,自然人,四、结转下年度继续办理,1
"""


def test_sums_carry_in_by_applicant_without_an_outcome(project: Path) -> None:
    file = project / "data/shili-scjgj/2023/requests.csv"
    file.write_text(CARRIED_SUMS, encoding="utf-8")
    shutil.rmtree(project / "data/shili-scjgj/2024")
    (project / "params/shili-scjgj/2024.yaml").unlink()
    begin_year(project, "shili-scjgj", 2024)
    text = (project / "data/shili-scjgj/2024/requests.csv").read_text(encoding="utf-8-sig")
    assert text.splitlines() == [
        "来源,申请人类型,办理结果,件数",
        "上年结转,商业企业,,2",
        "上年结转,自然人,,1",
    ]


def test_the_matrix_carries_over_its_last_row(project: Path) -> None:
    rows = [f"{row.path},{i},0,0,0,0,0" for i, row in enumerate(FORMAT.request_rows)]
    text = "\n".join(["项目,自然人,商业企业,科研机构,社会公益组织,法律服务机构,其他", *rows])
    for name in ("requests.csv", "requests_table.csv"):
        (project / "data/shili-scjgj/2023" / name).unlink(missing_ok=True)
    (project / "data/shili-scjgj/2023/requests_table.csv").write_text(text, encoding="utf-8")
    shutil.rmtree(project / "data/shili-scjgj/2024")
    (project / "params/shili-scjgj/2024.yaml").unlink()
    begin_year(project, "shili-scjgj", 2024)
    new = (project / "data/shili-scjgj/2024/requests_table.csv").read_text(encoding="utf-8-sig")
    filled = [line for line in new.splitlines()[1:] if not line.endswith(",,,,,,")]
    assert filled == [f"{FORMAT.request_row('carried_in').path},24,0,0,0,0,0"]

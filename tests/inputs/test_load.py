"""A bureau's folder as one value, or every problem of it at once."""

from __future__ import annotations

import hashlib
import random
import subprocess
import sys
from datetime import date, timedelta
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
from tests.calls import calls
from tests.inputs.builders import CODE, FOLDER, FORMAT, YEAR, csv_bytes, write_project, xlsx_bytes

from nianbao.errors import InputError, UsageError
from nianbao.inputs.bundle import Inputs
from nianbao.inputs.load import load_inputs
from nianbao.inputs.values import State

LAST = f"data/{CODE}/{YEAR - 1}"
HEAD = ("登记号", "收到日期", "申请人类型", "办理结果", "答复日期")
FIGURES = "名称,数值,单位,说明\n培训次数,2,次,\n"
REQUESTS = "登记号,收到日期,申请人类型,办理结果,答复日期\n1,2024-03-05,自然人,予以公开,2024-03-20\n"


def load(root: Path, year: int = YEAR) -> Inputs:
    return load_inputs(root, CODE, year)


def test_an_empty_folder_is_nothing_handed_in(tmp_path: Path) -> None:
    inputs = load(write_project(tmp_path, {}))
    handed_in = (inputs.disclosures, inputs.requests, inputs.requests_table, inputs.reviews)
    assert handed_in == (None, None, None, None)
    assert inputs.previous is None
    assert not inputs.figures
    assert not inputs.narrative
    assert set(inputs.decisions) == set(FORMAT.decision_cells)
    assert {cell.state for cell in inputs.decisions.values()} == {State.EMPTY}


def test_every_table_as_a_sheet_of_one_workbook(tmp_path: Path) -> None:
    book = {
        "说明": [["请按各表填写"]],
        "主动公开": [["渠道", "类别", "条数"], ["政府网站", "财政信息", 4]],
        "表二": [
            ["项目", *dict.fromkeys(column for _, column in FORMAT.decision_cells)],
            ["行政事业性收费", None, None, None, None, 4166.241619],
        ],
        "申请台账": [
            [*HEAD],
            ["2024-1", date(2024, 3, 5), "自然人", "予以公开", date(2024, 3, 20)],
        ],
        "表三": [["项目", *FORMAT.applicants], ["（一）予以公开", 1, 0, 0, 0, 0, 0]],
        "复议诉讼": [["类型", "结果", "件数"], ["行政复议", "结果维持", 1]],
        "其他数据": [["名称", "数值", "单位"], ["培训次数", 2, "次"]],
        "Sheet8": [],
    }
    inputs = load(write_project(tmp_path, {"workbook.xlsx": book}))
    assert inputs.disclosures is not None
    assert inputs.disclosures["条数"][0].number == 4
    assert (
        str(inputs.decisions["行政事业性收费", "本年收费金额（单位：万元）"].number)
        == "4166.241619"
    )
    assert inputs.requests is not None
    assert inputs.requests["count"].sum() == 1
    assert inputs.requests_table is not None
    assert inputs.requests_table["open", "自然人"].number == 1
    assert inputs.reviews is not None
    assert inputs.reviews["行政复议", "结果维持"].number == 1
    assert inputs.figures["培训次数"].unit == "次"
    assert str(inputs.figures["培训次数"].cell.place) == (
        f"{FOLDER}/workbook.xlsx 工作表“其他数据” 第2行“数值”列"
    )


def test_a_workbook_may_hold_some_tables_and_files_the_others(tmp_path: Path) -> None:
    book = {"requests": [[*HEAD]]}
    inputs = load(write_project(tmp_path, {"workbook.xlsx": book, "figures.csv": FIGURES}))
    assert inputs.requests is not None
    assert inputs.requests.empty
    assert list(inputs.figures) == ["培训次数"]


@pytest.mark.parametrize("sheet", ["requests", "申请台账", "随便什么名字"])
def test_a_tables_own_workbook_is_its_named_or_only_sheet(sheet: str, tmp_path: Path) -> None:
    book = {"说明": [["请逐件登记"]], sheet: [[*HEAD]], "Sheet3": []}
    inputs = load(write_project(tmp_path, {"requests.xlsx": book}))
    assert inputs.requests is not None


def test_a_sheet_of_the_tables_name_goes_before_others(tmp_path: Path) -> None:
    book = {"草稿": [["随便"]], "requests": [[*HEAD]]}
    assert load(write_project(tmp_path, {"requests.xlsx": book})).requests is not None


def test_the_checksums_are_those_of_every_file_read(tmp_path: Path) -> None:
    files = {
        "figures.csv": FIGURES,
        "narrative.md": "## overview\n\n文字。\n",
        "图/照片.png": b"\x89PNG",
        f"{LAST}/figures.csv": FIGURES,
    }
    root = write_project(tmp_path, files)
    inputs = load(root)
    read = [
        f"{FOLDER}/figures.csv",
        f"{FOLDER}/narrative.md",
        f"{FOLDER}/图/照片.png",
        f"params/{CODE}/{YEAR}.yaml",
        f"params/{CODE}/agency.yaml",
    ]
    assert list(inputs.files) == read
    for file, checksum in inputs.files.items():
        assert checksum == hashlib.sha256((root / file).read_bytes()).hexdigest()
    assert inputs.previous is not None
    assert list(inputs.previous.files) == [f"{LAST}/figures.csv", f"params/{CODE}/agency.yaml"]


def test_hidden_and_lock_files_are_passed_over(tmp_path: Path) -> None:
    files = dict.fromkeys(
        ["~$requests.xlsx", ".DS_Store", "Thumbs.db", ".git/config", "README.md"], b"\0"
    )
    assert len(load(write_project(tmp_path, files)).files) == 2


def test_file_names_may_be_in_capitals(tmp_path: Path) -> None:
    inputs = load(
        write_project(tmp_path, {"Figures.CSV": FIGURES, "图.PNG": b"", "Narrative.md": ""})
    )
    assert list(inputs.figures) == ["培训次数"]


def test_last_year_is_there_without_its_own_last_year(tmp_path: Path) -> None:
    files = {
        f"{LAST}/requests.csv": REQUESTS.replace("2024", "2023"),
        f"data/{CODE}/{YEAR - 2}/requests.csv": "not even looked at",
    }
    inputs = load(write_project(tmp_path, files))
    assert inputs.previous is not None
    assert inputs.previous.previous is None
    assert (inputs.previous.params.agency, inputs.previous.params.year) == (CODE, YEAR - 1)
    assert inputs.previous.requests is not None
    assert inputs.previous.requests["source"].tolist() == ["new"]


def test_last_years_parameters_are_read_when_there_are_any(tmp_path: Path) -> None:
    params = f"agency: {CODE}\nyear: {YEAR - 1}\nreport_date: 2024-01-20\n"
    files = {f"params/{CODE}/{YEAR - 1}.yaml": params, f"{LAST}/figures.csv": FIGURES}
    previous = load(write_project(tmp_path, files)).previous
    assert previous is not None
    assert previous.params.report_date == "2024-01-20"


def test_each_year_is_counted_from_its_own_ledger(tmp_path: Path) -> None:
    files = {"requests.csv": REQUESTS, f"{LAST}/requests.csv": REQUESTS}
    inputs = load(write_project(tmp_path, files))
    assert inputs.previous is not None
    assert inputs.previous.requests is not None
    assert inputs.requests is not None
    assert (len(inputs.previous.requests), len(inputs.requests)) == (0, 1)


def test_no_folder_is_reported(tmp_path: Path) -> None:
    root = write_project(tmp_path, {})
    (root / FOLDER / "README.md").unlink()
    (root / FOLDER).rmdir()
    with pytest.raises(InputError) as raised:
        load(root)
    assert str(raised.value) == (
        f"{FOLDER}：没有数据文件夹。请建立这个文件夹，放入台账；确实没有数据的，留空文件夹"
    )


@pytest.mark.parametrize(
    ("agency", "year", "near"),
    [("shili-jv", YEAR, "最接近的是“shili-ju”"), (CODE, YEAR + 1, f"最接近的是{YEAR}年")],
)
def test_an_unknown_report_is_wrong_use(agency: str, year: int, near: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=near):
        load_inputs(write_project(tmp_path, {}), agency, year)


def test_problems_of_all_files_come_at_once_and_each_once(tmp_path: Path) -> None:
    files = {
        f"params/{CODE}/agency.yaml": "name: 示例局\nkind: 局\n",
        f"params/{CODE}/{YEAR}.yaml": f"agency: {CODE}\nyear: 2023\n",
        f"{LAST}/figures.csv": "名称,数值\n,1\n",
        "request.csv": "",
        "disclosures.csv": "渠道,类别,条数\n网站,甲,x\n",
        "decisions.csv": "x",
        "requests.csv": "x",
        "requests_table.csv": "x",
        "reviews.csv": "x",
        "figures.xlsx": b"x",
        "narrative.md": "x",
    }
    with pytest.raises(InputError) as raised:
        load(write_project(tmp_path, files))
    places = [p.place.file.removeprefix(f"{FOLDER}/") for p in raised.value.problems if p.place]
    assert sorted(places) == sorted(
        [
            f"params/{CODE}/agency.yaml",
            f"params/{CODE}/{YEAR}.yaml",
            f"{LAST}/figures.csv",
            *(name for name in files if "/" not in name),
        ]
    )


def test_a_parameter_file_that_is_too_large_is_reported_with_the_rest(tmp_path: Path) -> None:
    files = {f"params/{CODE}/agency.yaml": "#" * 1_000_001, "figures.csv": "x"}
    with pytest.raises(InputError) as raised:
        load(write_project(tmp_path, files))
    assert [problem.message for problem in raised.value.problems] == ["文件太大", "没有找到表头"]


def test_loading_reads_only_the_project_and_not_the_working_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = write_project(tmp_path / "project", {"figures.csv": FIGURES})
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    assert load(root).files == load(Path("../project")).files


def test_inputs_cannot_be_changed(tmp_path: Path) -> None:
    inputs = load(write_project(tmp_path, {"figures.csv": FIGURES}))
    with pytest.raises(TypeError):
        inputs.files["x"] = "y"  # type: ignore[index]  # the error is the point


def test_a_row_more_in_a_ledger_is_little_more_work(tmp_path: Path) -> None:
    def project(rows: int) -> Path:
        chance = random.Random(1)
        lines = [list(HEAD)]
        for number in range(rows):
            received = date(2024, 1, 1) + timedelta(days=chance.randrange(340))
            answered = received + timedelta(days=20)
            outcome = chance.choice(FORMAT.outcome_rows).path
            applicant = chance.choice(FORMAT.applicants)
            lines.append([f"2024-{number:06}", f"{received}", applicant, outcome, f"{answered}"])
        return write_project(tmp_path / str(rows), {"requests.csv": csv_bytes(lines, "gb18030")})

    short, long = project(2_000), project(8_000)
    inputs = load(long)  # what is done once in a process is done now
    assert inputs.requests is not None
    assert inputs.requests["count"].sum() == 8_000
    more = calls(lambda: load(long)) - calls(lambda: load(short))
    assert 6_000 < more < 6_000 * 40, "some twenty calls a row, however many rows there are"


def test_what_names_agencies_and_parameters_does_not_load_pandas() -> None:
    code = "import sys, nianbao.inputs.project, nianbao.inputs.params, nianbao.inputs.bundle;"
    code += "sys.exit('pandas' in sys.modules or 'python_calamine' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_what_is_hidden_and_what_has_no_end_is_reported(tmp_path: Path) -> None:
    rows = [["名称", "数值", "单位"], ["平均天数", 7.123456789, "天"], ["次数", 2, "次"]]
    book = openpyxl.load_workbook(
        BytesIO(xlsx_bytes({"其他数据": rows, "草稿": [["a"]], "选项": [["b"]]}, ("草稿", "选项")))
    )
    book["其他数据"].column_dimensions["B"].hidden = True
    made = BytesIO()
    book.save(made)
    root = write_project(tmp_path, {f"{FOLDER}/workbook.xlsx": made.getvalue()})
    reported = {
        (r.kind, r.place.column or r.written) for r in load_inputs(root, CODE, YEAR).readings
    }
    assert reported == {("column", "数值"), ("fraction", "数值"), ("aside", "草稿")}

"""The folder of a year: the workbook is found, nothing that programs leave behind is read."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.inputs.builders import CODE, FOLDER, YEAR, write_project, xlsx_bytes

from nianbao.errors import InputError
from nianbao.inputs.load import load_inputs
from nianbao.inputs.project import find_workbook, list_agencies

PROFILE = [["项目", "内容"], ["机关代码", CODE], ["报告年度", YEAR], ["机关全称", "示例县示例局"],
        ["机关类别", "政府部门"]]  # fmt: skip
FIGURES = [["名称", "数值", "单位"], ["培训次数", 2, "次"]]
BOOK = xlsx_bytes({"基本信息": PROFILE, "其他数据": FIGURES})
LEFT_BEHIND = (
    *("~WRL0003.tmp", "~$填报表.xlsx", ".~lock.填报表.xlsx#", "._a.csv", "Thumbs.db"),
    *("8A3F1C00", "填报表.lnk"),
    *(".DS_Store", "__MACOSX/._a.csv", "填报表.xlsx.tmp", "desktop.ini", "a.csv~"),
)


@pytest.mark.parametrize("name", ["2024年填报表（终稿）.xlsx", "Workbook.XLSX", "填报.xlsm"])
def test_a_workbook_is_found_whatever_its_name(name: str, tmp_path: Path) -> None:
    root = write_project(tmp_path, {name: BOOK, **dict.fromkeys(LEFT_BEHIND, b"\0\1")})
    (root / f"params/{CODE}/agency.yaml").unlink()
    (root / f"params/{CODE}/{YEAR}.yaml").unlink()
    assert find_workbook(root, CODE, YEAR) == f"{FOLDER}/{name}"
    assert list_agencies(root) == (CODE,)
    inputs = load_inputs(root, CODE, YEAR)
    assert inputs.agency.name == "示例县示例局"
    assert str(inputs.figures["培训次数"].cell.number) == "2"


def test_two_workbooks_are_an_error_that_names_both(tmp_path: Path) -> None:
    root = write_project(tmp_path, {"a.xlsx": BOOK, "a（改）.xlsx": BOOK})
    with pytest.raises(InputError) as raised:
        load_inputs(root, CODE, YEAR)
    (problem,) = raised.value.problems
    assert "有2份填报表：“a.xlsx”、“a（改）.xlsx”" in str(problem)


def test_an_extra_sheet_hides_no_other_error(tmp_path: Path) -> None:
    wrong = [["名称", "数值"], ["", "1"]]
    book = xlsx_bytes({"基本信息": PROFILE, "其他数据": wrong, "草稿勿看": [["x"]]})
    root = write_project(
        tmp_path, {"填报表.xlsx": book, "reviews.csv": "类型,结果,件数\n甲,乙,丙\n"}
    )
    with pytest.raises(InputError) as raised:
        load_inputs(root, CODE, YEAR)
    words = str(raised.value)
    assert "多出一张工作表“草稿勿看”，没有读取。请删去或隐藏" in words
    assert "缺少名称" in words
    assert words.count("reviews.csv") == 3


def test_a_hidden_sheet_of_ours_is_reported(tmp_path: Path) -> None:
    book = xlsx_bytes(
        {"基本信息": PROFILE, "其他数据": FIGURES, "x": [["y"]]}, hidden=["其他数据", "x"]
    )
    inputs = load_inputs(write_project(tmp_path, {"填报表.xlsx": book}), CODE, YEAR)
    assert [(r.kind, r.written) for r in inputs.readings] == [("sheet", "其他数据"), ("aside", "x")]


def test_contacts_are_printed_half_width_and_reported(tmp_path: Path) -> None:
    agency = (
        "name: 示例县示例局\nkind: department\npostcode: ２５６１００\nphone: ０５３３－１２３\n"
    )
    root = write_project(tmp_path, {f"params/{CODE}/agency.yaml": agency})
    inputs = load_inputs(root, CODE, YEAR)
    assert (inputs.agency.postcode, inputs.agency.phone) == ("256100", "0533-123")
    assert [(r.kind, r.place.line, r.read) for r in inputs.readings] == [
        ("width", 3, "256100"), ("width", 4, "0533-123"),
    ]  # fmt: skip

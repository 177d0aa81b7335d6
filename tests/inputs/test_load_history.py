"""The years before last year: read as far as figures go, reported where they cannot be."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.counties import write_county
from tests.inputs.builders import xlsx_bytes

from nianbao.errors import InputError
from nianbao.inputs.load import earlier_years, load_inputs

BUREAU, YEAR = "shili-fgj", 2024
OLD = f"data/{BUREAU}/2022"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A county of a government and three bureaus over three years."""
    return write_county(tmp_path, count=3)


def test_an_older_year_is_read_without_its_wording(root: Path) -> None:
    inputs = load_inputs(root, BUREAU, YEAR)
    (old,) = inputs.earlier
    assert old.params.year == 2022
    assert old.requests is not None
    assert old.requests["count"].sum() > 0
    assert old.disclosures is not None
    assert (old.narrative, old.acknowledged, old.cases) == ({}, {}, None)
    assert {file.rpartition("/")[0] for file in old.files} == {OLD}
    assert not inputs.unread


def test_without_older_years_there_is_nothing(root: Path) -> None:
    inputs = load_inputs(root, BUREAU, 2023)
    assert inputs.previous is not None
    assert (inputs.earlier, dict(inputs.unread)) == ((), {})


def test_a_year_that_cannot_be_read_stops_nothing_and_is_reported(root: Path) -> None:
    (root / OLD / "reviews.csv").write_text("类型,结果,件数\n行政复议,结果维持,若干\n", "utf-8")
    inputs = load_inputs(root, BUREAU, YEAR)
    assert inputs.earlier == ()
    ((problem, *_),) = inputs.unread.values()
    assert list(inputs.unread) == [2022]
    assert str(problem.place).startswith(f"{OLD}/reviews.csv")


def test_last_year_still_stops_a_report(root: Path) -> None:
    (root / f"data/{BUREAU}/2023/reviews.csv").write_text("类型\n", "utf-8")
    with pytest.raises(InputError, match=r"2023/reviews\.csv"):
        load_inputs(root, BUREAU, YEAR)


def test_older_parameters_and_wording_are_not_asked_for(root: Path) -> None:
    (root / f"params/{BUREAU}/2022.yaml").write_text("year: [", "utf-8")
    (root / OLD / "narrative.md").write_text("没有标题的文字", "utf-8")
    assert [old.params.year for old in load_inputs(root, BUREAU, YEAR).earlier] == [2022]


def test_a_governments_older_year_has_its_units(root: Path) -> None:
    (old,) = load_inputs(root, "shili-xzf", YEAR).earlier
    assert [unit.agency.code for unit in old.children] == [BUREAU, "shili-gaj", "shili-jyj"]
    assert old.missing == ()
    assert f"{OLD}/decisions.csv" in old.files


def test_a_unit_that_cannot_be_read_leaves_the_whole_year_out(root: Path) -> None:
    (root / OLD / "decisions.csv").write_bytes(b"\xff\xfe\x00")
    inputs = load_inputs(root, "shili-xzf", YEAR)
    assert (inputs.earlier, list(inputs.unread)) == ((), [2022])


def test_a_folder_without_tables_is_no_year(root: Path) -> None:
    """A folder alone is no file: a batch would not see it come, nor a cluster get it."""
    old = root / OLD
    for file in old.iterdir():
        file.unlink()
    (old / "narrative.md").write_text("## overview\n\n文字。\n", "utf-8")
    inputs = load_inputs(root, BUREAU, YEAR)
    assert (inputs.earlier, dict(inputs.unread)) == ((), {})
    (government,) = load_inputs(root, "shili-xzf", YEAR).earlier
    assert government.missing == (inputs.agency.name,)


def test_of_a_workbook_only_the_tables_are_read(root: Path) -> None:
    old = root / OLD
    for file in old.iterdir():
        file.unlink()
    sheets = {
        "基本信息": [["项目", "内容"], ["机关代码", "shili-other"]],
        "复议诉讼": [["类型", "结果", "件数"], ["行政复议", "结果维持", 12]],
        "正文": [["章节编号", "正文"], ["", "没有编号的文字"]],
    }
    (old / "workbook.xlsx").write_bytes(xlsx_bytes(sheets))
    (old / "图.png").write_bytes(b"no picture")
    (found,) = load_inputs(root, BUREAU, YEAR).earlier
    assert found.reviews is not None
    assert found.reviews["行政复议", "结果维持"].number == 12
    assert list(found.files) == [f"{OLD}/workbook.xlsx"]


def test_a_misspelt_table_is_reported(root: Path) -> None:
    (root / OLD / "review.csv").write_text("类型\n", "utf-8")
    assert list(load_inputs(root, BUREAU, YEAR).unread) == [2022]


def test_years_are_those_with_a_folder_up_to_the_year_before_last(root: Path) -> None:
    (root / f"data/{BUREAU}/2020").mkdir()
    (root / f"data/{BUREAU}/2018").mkdir()
    assert earlier_years(root, (BUREAU,), YEAR) == (2020, 2022)
    assert earlier_years(root, (BUREAU,), 2022) == (2020,)
    assert earlier_years(root, ("shili-gaj", BUREAU), 2023) == (2020,)

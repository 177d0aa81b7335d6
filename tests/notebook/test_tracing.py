"""From any number to its rows: they add up to it."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from tests.counties import COUNTY, write_county

from nianbao import UsageError, open_report
from nianbao.notebook.report import Report
from nianbao.notebook.tracing import read_cell, read_table_cell


@pytest.fixture(scope="module")
def report(repository: Path) -> Report:
    return open_report("shili-scjgj", 2024, root=repository)


def numbers(frame: pd.DataFrame) -> int:
    column = next(c for c in ("件数", "条数", "数值") if c in frame)
    return int(frame[column].sum())


def test_every_cell_of_table_3_is_the_sum_of_its_rows(report: Report) -> None:
    table = report.tables["requests"]
    for row, column in table.cells:
        found = report.trace("requests", row, column)
        assert numbers(found) == table.frame.at[row, column], (row, column)
        assert found["文件"].notna().all()
        assert found["行"].notna().all()


@pytest.mark.parametrize("name", [
    "新收申请", "新收申请.自然人", "新收申请.法人", "上年结转申请", "办结申请", "结转下年申请",
    "不予公开", "行政许可", "行政复议", "行政诉讼", "主动公开", "主动公开.政府网站",
])  # fmt: skip
def test_rows_of_a_fact_add_up_to_it(report: Report, name: str) -> None:
    first, *steps = name.split(".")
    fact = report.vocabulary[first]
    for step in steps:
        fact = fact.below[step]
    assert numbers(report.trace(name)) == fact.value


def test_the_units_of_a_government_are_named(tmp_path: Path) -> None:
    report = open_report(*COUNTY, root=write_county(tmp_path, count=6))
    for key, row, column in (("decisions", "行政许可", None), ("requests", "new", "自然人")):
        found = report.trace(key, row, column)
        assert found["单位"].nunique() > 1
        head = column or "本年处理决定数量"
        assert numbers(found) == report.tables[key].frame.at[row, head]


def test_a_name_that_is_not_there_has_a_neighbour(report: Report) -> None:
    for call, words in (
        (("新收申情",), "新收申请"),
        (("requests", "新收x"), "表三没有这一行"),
        (("requests", "new", "自然"), "没有这一列"),
        (("request", "new"), "没有这张表"),
        (("编制依据",), "不是逐行数出来的"),
    ):
        with pytest.raises(UsageError, match=words):
            report.trace(*call)


def test_frames_have_real_types(report: Report) -> None:
    cases = report.frame("cases")
    assert str(cases["收到日期"].dtype).startswith("datetime64")
    assert str(cases["件数"].dtype) == "Int64"
    assert isinstance(cases["申请人类型"].dtype, pd.CategoricalDtype)
    assert report.frame("cases", year=2023).shape[1] == cases.shape[1]
    assert set(report.frame("series")["年度"]) >= {2023, 2024}
    assert report.frame("requests").loc["三、（七）总计", "总计"] == 27
    with pytest.raises(UsageError, match="是不是“cases”"):
        report.frame("case")
    with pytest.raises(UsageError, match="没有2001年的数据"):
        report.frame("cases", year=2001)


def test_a_cell_is_named_as_a_clerk_names_it(report: Report) -> None:
    format_ = report.format
    for text, wanted in (
        ("新收×自然人", ("requests", ("new", "自然人"))),
        ("行政许可", ("decisions", ("行政许可", "本年处理决定数量"))),
        ("行政复议", ("reviews", ("行政复议", "总计"))),
        ("行政复议×维持", ("reviews", ("行政复议", "结果维持"))),
    ):
        assert read_cell(text, format_) == wanted
    for text, said in (
        ("规章", "没有写明哪一列"), ("新收×火星人", "没有这一列"), ("火星", "三张表里没有这一项"),
    ):  # fmt: skip
        with pytest.raises(UsageError, match=said):
            read_cell(text, format_)
    for cell, said in (
        (("none", "new", None), "没有这张表"), (("requests", "火星", None), "没有这一行"),
        (("reviews", "行政复议", "火星人"), "没有这一列"),
    ):  # fmt: skip
        with pytest.raises(UsageError, match=said):
            read_table_cell(*cell, format_)
    assert read_table_cell("reviews", "行政复议", None, format_) == (
        "reviews", ("行政复议",), ("总计",),
    )  # fmt: skip


def test_a_figure_of_the_bureaus_own_leads_to_its_row(report: Report) -> None:
    figure = next(iter(report.inputs.figures))
    assert report.trace(figure)["名称"].tolist() == [figure]
    with pytest.raises(UsageError, match="不是逐行数出来的；它的来源"):
        report.trace("年份")

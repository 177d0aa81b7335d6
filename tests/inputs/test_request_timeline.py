"""The optional columns of a ledger: what they mean, and what is wrong with them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pandas as pd
import pytest
from tests.inputs.builders import FORMAT, YEAR, grid

from nianbao.errors import InputError
from nianbao.inputs.request_ledger import read_ledger

HEAD = "登记号,收到日期,申请人类型,办理结果,答复日期"
CASE = "1,2024-03-05,自然人,予以公开,2024-03-20"


def case(heads: str, cells: str) -> pd.Series:
    cases = read_ledger(grid(f"{HEAD},{heads}", f"{CASE},{cells}"), YEAR, FORMAT).cases
    assert cases is not None
    return cases.iloc[0]


def refused(heads: str, cells: str) -> list[str]:
    with pytest.raises(InputError) as caught:
        case(heads, cells)
    return [str(problem) for problem in caught.value.problems]


@pytest.mark.parametrize(
    ("head", "name"),
    [
        ("补正通知日期", "asked"),
        ("告知补正日期", "asked"),
        ("征求第三方日期", "consulted"),
        ("征求意见日期", "consulted"),
        ("收费通知日期", "noticed"),
    ],
)
def test_days_in_any_writing(head: str, name: str) -> None:
    assert case(head, "2024年3月8日")[name] == date(2024, 3, 8).toordinal()
    assert case(head, "")[name] == 0


@pytest.mark.parametrize(
    ("cell", "extended"),
    [("是", True), ("√", True), ("2024-04-20", True), ("否", False), ("", False), ("/", False)],
)
def test_an_extension_is_yes_no_or_a_new_limit(cell: str, extended: bool) -> None:
    found = case("延期", cell)
    assert found["extended"] == extended
    limit = date(2024, 4, 20).toordinal() if "2024" in cell else 0
    assert found["due"] == limit


def test_numbers_and_money() -> None:
    found = case("收费页数,收费件数,收费金额（元）", "４５,12,150.50")
    assert (found["pages"], found["items"], found["fee"]) == (45, 12, Decimal("150.50"))
    found = case("收费页数,收费件数,收费金额", ",,")
    assert (found["pages"], found["items"], found["fee"]) == (-1, -1, None)


def test_a_case_knows_its_number_row_channel_and_part_in_the_tables() -> None:
    found = case("来源渠道", "网络")
    keys = ("number", "row", "source", "applicant", "outcome", "channel")
    assert [found[key] for key in keys] == ["1", 2, "new", "自然人", "open", "网络"]


@pytest.mark.parametrize(
    ("heads", "cells", "reported"),
    [
        ("补正通知日期", "三月", "“补正通知日期”列：日期不能识别：“三月”"),
        ("收费通知日期", "1999-01-01", "“收费通知日期”列：日期离报告年度太远"),
        ("征求第三方日期", "2024-03-01", "“征求第三方日期”列：征求第三方日期早于收到日期"),
        ("补正日期", "2024-03-08", "“补正日期”列：有补正日期，没有补正通知日期"),
        ("补正通知日期,补正日期", "2024-03-08,2024-03-07", "补正日期早于补正通知日期"),
        ("收费通知日期,缴费日期", ",2024-03-07", "有缴费日期，没有收费通知日期"),
        ("延期", "可能", "延期不能识别：“可能”，应为是、否，或延期后的答复期限"),
        ("收费页数", "1.5", "“收费页数”列：数字不能识别"),
        ("收费金额（元）", "-5", "“收费金额（元）”列：数字不能识别"),
        ("收费金额（元）", "免", "“收费金额（元）”列：数字不能识别：“免”"),
    ],
)
def test_what_cannot_be_read_is_reported_with_its_cell(
    heads: str, cells: str, reported: str
) -> None:
    (problem,) = refused(heads, cells)
    assert reported in problem
    assert problem.startswith("a.csv 第2行")

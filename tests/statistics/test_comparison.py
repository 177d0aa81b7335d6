"""This year beside last year."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from tests.statistics.factory import (
    FORMAT,
    decisions,
    disclosures,
    ledger,
    make_inputs,
    matrix,
    reviews,
)

from nianbao.inputs.bundle import Inputs
from nianbao.statistics.comparison import COLUMNS, rate_words
from nianbao.statistics.tables import build_tables


def compared(now: Inputs) -> dict[str, list[Any]]:
    """Lines of the comparison by name."""
    frame = build_tables(now, FORMAT)["comparison"].frame
    assert tuple(frame.columns) == COLUMNS
    return {str(name): list(rest) for name, *rest in frame.to_numpy()}


def two_years(now: dict[str, Any], before: dict[str, Any]) -> dict[str, list[Any]]:
    return compared(make_inputs(**now, previous=make_inputs(year=2023, **before)))


def test_no_last_year_no_comparison() -> None:
    assert "comparison" not in build_tables(make_inputs(), FORMAT)
    unknown = replace(make_inputs(year=2023, decisions_={}), reviews=None)
    assert "comparison" not in build_tables(make_inputs(previous=unknown), FORMAT)


def test_requests_beside_last_year() -> None:
    now = ledger([("new", "自然人", "open", 30), ("new", "自然人", "carried_out", 8)])
    before = ledger([("new", "自然人", "open", 25)])
    lines = two_years({"requests": now}, {"requests": before})
    assert lines["新收申请"] == ["件", 38, 25, 13, "52.0%"]
    assert lines["办结申请"] == ["件", 30, 25, 5, "20.0%"]
    assert lines["结转下年度申请"] == ["件", 8, 0, 8, "上年为0"]


def test_last_year_known_by_its_total_alone() -> None:
    before = {"requests_table": matrix({"new": [None] * 6 + ["2"]})}
    lines = two_years({"requests": ledger()}, before)
    assert lines["新收申请"] == ["件", 0, 2, -2, "上年不足10"]
    assert "上年结转申请" not in lines
    now = make_inputs(requests=ledger(), previous=make_inputs(year=2023, **before))
    (note,) = build_tables(now, FORMAT)["comparison"].notes
    assert note == "上年没有数据、未列入：“上年结转申请”、“办结申请”、“结转下年度申请”。"


def test_lawsuits_are_both_groups() -> None:
    now = {
        "reviews_": reviews(未经复议直接起诉=["1", "0", "0", "0"], 复议后起诉=["0", "2", "0", "0"])
    }
    assert two_years(now, {})["行政诉讼"] == ["件", 3, 0, 3, "上年为0"]


def test_money_keeps_its_digits_and_has_a_rate_on_a_small_base() -> None:
    lines = two_years(
        {"decisions_": decisions(行政事业性收费=["9.50"])},
        {"decisions_": decisions(行政事业性收费=["5.00"])},
    )
    unit, now, before, change, rate = lines["行政事业性收费"]
    assert (unit, str(now), str(before), str(change)) == ("万元", "9.50", "5.00", "4.50")
    assert rate == "90.0%"


def test_channels_of_both_years() -> None:
    lines = two_years(
        {"disclosures_": disclosures([("网站", "", "30"), ("公众号", "", "12")])},
        {"disclosures_": disclosures([("网站", "", "20"), ("公告栏", "", "3")])},
    )
    assert lines["主动公开政府信息"] == ["条", 42, 23, 19, "82.6%"]
    assert lines["其中：网站"] == ["条", 30, 20, 10, "50.0%"]
    assert "其中：公众号" not in lines
    assert lines["其中：公告栏"] == ["条", None, 3, None, "无法比较"]
    assert "主动公开政府信息" not in two_years({}, {})


@pytest.mark.parametrize(
    ("now", "before", "words"),
    [
        (10, 10, "0.0%"),
        (5, 10, "-50.0%"),
        (0, 10, "-100.0%"),
        (10009, 20000, "-50.0%"),
        (1, 9, "上年不足10"),
        (0, 0, "上年为0"),
        (None, 3, "无法比较"),
        (3, None, "无法比较"),
    ],
)
def test_rate_words(now: int | None, before: int | None, words: str) -> None:
    assert rate_words(now, before) == words

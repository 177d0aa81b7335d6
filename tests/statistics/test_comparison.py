"""This year beside last year."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.statistics.chart_tables import FONT, series
from tests.statistics.factory import (
    FORMAT,
    decisions,
    disclosures,
    found,
    ledger,
    make_inputs,
    matrix,
    reviews,
)
from tests.statistics.published import entered
from tests.statistics.test_rollup import government, unit

from nianbao.errors import Place, Problem
from nianbao.inputs.bundle import Inputs
from nianbao.statistics.charts import draw_chart
from nianbao.statistics.charts.counts import MOST_YEARS
from nianbao.statistics.comparison import COLUMNS, SERIES, rate_words, series_of
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


YEAR = 2024


def bureau(year: int, new: int, items: str | None = None) -> Inputs:
    """A bureau's year with so many requests, all of them answered."""
    cases = [("new", "自然人", "open", new)] if new else []
    made = None if items is None else disclosures([("网站", "政策文件", items)])
    return make_inputs(year=year, requests=ledger(cases), disclosures_=made)


def report(
    now: Inputs, *older: Inputs, unread: Mapping[int, tuple[Problem, ...]] | None = None
) -> Inputs:
    """The report of a year with the years before it, oldest first."""
    *earlier, previous = older
    return replace(now, previous=previous, earlier=tuple(earlier), unread=unread or {})


def test_three_years_make_a_series() -> None:
    inputs = report(bureau(2024, 38, "12"), bureau(2022, 30), bureau(2023, 25, "9"))
    table = build_tables(inputs, FORMAT)[SERIES]
    assert list(table.frame.columns) == ["项目", "单位", "2022年", "2023年", "2024年"]
    assert series_of(table, "新收申请") == {2022: 30, 2023: 25, 2024: 38}
    assert series_of(table, "主动公开政府信息") == {2023: 9, 2024: 12}, "not known is not zero"
    assert series_of(table, "没有这一项") == {}
    assert table.title == "2022年至2024年主要数据"
    assert table.notes == ()


def test_two_years_make_none() -> None:
    assert SERIES not in build_tables(bureau(2024, 1), FORMAT)
    inputs = replace(bureau(2024, 1), previous=bureau(2023, 2))
    assert SERIES not in build_tables(inputs, FORMAT)
    with_gap = replace(inputs, earlier=(bureau(2021, 3),))
    assert SERIES not in build_tables(with_gap, FORMAT)
    without_last = replace(bureau(2024, 1), earlier=(bureau(2021, 3), bureau(2022, 3)))
    assert SERIES not in build_tables(without_last, FORMAT)


def test_years_beyond_a_gap_are_shown_and_the_gap_is_reported() -> None:
    fault = Problem("没有这一列", Place("data/shili-ju/2021/requests.csv"))
    years = (bureau(2019, 7), bureau(2022, 3), bureau(2023, 2))
    inputs = report(bureau(2024, 1), *years, unread={2021: (fault, fault)})
    table = build_tables(inputs, FORMAT)[SERIES]
    assert series_of(table, "新收申请") == {2019: 7, 2022: 3, 2023: 2, 2024: 1}
    assert table.notes == ("2020年没有数据，未列入。", "2021年的数据读不出来，未列入。")
    (finding,) = found(inputs, "Y12")
    assert finding.severity == "info"
    assert finding.message.startswith("2021年的数据读不出来，没有列入历年图表（")
    assert "data/shili-ju/2021/requests.csv" in finding.message
    assert "等共2处" in finding.message


def test_whole_years_are_not_reported() -> None:
    assert found(report(bureau(2024, 1), bureau(2022, 3), bureau(2023, 2)), "Y12") == []
    assert found(bureau(2024, 1), "Y12") == []


def area(year: int, *counts: int, missing: tuple[str, ...] = ()) -> Inputs:
    """A government's year with a unit for each count of requests."""
    units = [
        unit(f"d{i}", year=year, requests=ledger([("new", "自然人", "open", n)]))
        for i, n in enumerate(counts)
    ]
    return replace(government(*units, year=year), missing=missing)


def test_a_governments_years_are_sums() -> None:
    inputs = report(area(2024, 5, 6), area(2022, 1, 2), area(2023, 3, 4))
    table = build_tables(inputs, FORMAT)[SERIES]
    assert series_of(table, "新收申请") == {2022: 3, 2023: 7, 2024: 11}


def test_a_sum_over_a_part_of_the_units_is_left_out_and_reported() -> None:
    part = area(2021, 1, missing=("示例县水利局",))
    inputs = report(area(2024, 5, 6), part, area(2022, 1, 2), area(2023, 3, 4))
    table = build_tables(inputs, FORMAT)[SERIES]
    assert set(series_of(table, "新收申请")) == {2022, 2023, 2024}
    assert table.notes == ("2021年有单位没有数据，未列入。",)
    (finding,) = found(inputs, "Y12")
    assert "示例县水利局" in finding.message


def test_without_a_unit_of_this_year_there_is_no_series() -> None:
    now = area(2024, 5, missing=("示例县水利局",))
    assert SERIES not in build_tables(report(now, area(2022, 1), area(2023, 3)), FORMAT)


@given(st.lists(st.none() | st.integers(0, 10**6), min_size=3, max_size=9))
def test_a_chart_shows_each_known_year_and_no_other(counts: list[int | None]) -> None:
    years = dict(zip(range(YEAR - len(counts) + 1, YEAR + 1), counts, strict=True))
    figure = draw_chart("disclosures_by_year", series(years), FORMAT, [FONT])
    reported = [(f"{year}年", str(n)) for year, n in years.items() if n is not None]
    known = dict(reported[-MOST_YEARS:])
    if None in counts[-3:] or not any(int(n) for n in known.values()):
        assert figure is None
        return
    assert figure is not None
    assert dict(zip(figure.data["年度"], figure.data["数量（条）"], strict=True)) == known
    first, last = min(known), max(known)
    assert first in figure.alt
    assert f"{last}" in figure.alt
    gaps = [y for y in years if y > int(first[:4]) and years[y] is None]
    assert ("没有可比数据，图中不列" in figure.alt) == bool(gaps)
    assert all(f"{year}年" in figure.alt for year in gaps)


@pytest.mark.parametrize(
    ("counts", "said"),
    [
        ((30, 25, 38), "2022年30条、2023年25条、2024年38条，2024年最多。"),
        ((30, 25, 30), "2022年30条、2023年25条、2024年30条，2022年和2024年并列最多。"),
        ((7, 7, 7), "2022年至2024年均为7条。"),
    ],
)
def test_the_words_say_what_the_bars_show(counts: tuple[int, ...], said: str) -> None:
    tables = series(dict(zip((2022, 2023, 2024), counts, strict=True)))
    figure = draw_chart("disclosures_by_year", tables, FORMAT, [FONT])
    assert figure is not None
    assert figure.alt == f"主动公开政府信息{said}"


def test_two_items_stand_beside_each_other() -> None:
    inputs = report(bureau(2024, 38), bureau(2022, 30), bureau(2023, 25))
    figure = draw_chart("requests_by_year", build_tables(inputs, FORMAT), FORMAT, [FONT])
    assert figure is not None
    assert list(figure.data.columns) == ["年度", "新收（件）", "办结（件）"]
    assert figure.data.to_numpy().tolist()[0] == ["2022年", "30", "30"]


def test_money_keeps_its_digits() -> None:
    table = series({2022: Decimal("1.50"), 2023: Decimal(2), 2024: Decimal("3.10")})[SERIES]
    assert [str(v) for v in series_of(table, "主动公开政府信息").values()] == ["1.50", "2", "3.10"]


def test_three_years_as_they_were_published() -> None:
    now, *older = (entered(f"pingtan_{year}") for year in (2023, 2021, 2022))
    table = build_tables(report(now, *older), FORMAT)[SERIES]
    assert series_of(table, "新收申请") == {2021: 70, 2022: 74, 2023: 81}
    assert series_of(table, "行政规范性文件现行有效") == {2021: 665, 2022: 698, 2023: 470}
    fees = [str(value) for value in series_of(table, "行政事业性收费").values()]
    assert fees == ["24252.311082", "9116.36", "5949.088667"]
    assert series_of(table, "主动公开政府信息") == {}, "no ledger of disclosures was imported"

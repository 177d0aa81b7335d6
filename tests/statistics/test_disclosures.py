"""Disclosures by channel and category."""

from __future__ import annotations

from decimal import Decimal

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st
from tests.inputs.builders import grid
from tests.statistics.factory import FORMAT, disclosures, make_inputs

from nianbao.inputs.ledgers import read_disclosures
from nianbao.statistics.disclosures import BY_MONTH, column_total, disclosure_tables
from nianbao.statistics.tables import build_tables

ROWS = [
    ("公众号", "政策", "5"),
    ("网站", "财政", "4"),
    ("网站", "政策", "3"),
    ("公告栏", "", "5"),
]


def test_largest_first_and_equal_ones_in_the_order_of_the_ledger() -> None:
    tables = build_tables(make_inputs(disclosures_=disclosures(ROWS)), FORMAT)
    channels = tables["disclosures_by_channel"]
    assert channels.frame.to_numpy().tolist() == [["网站", 7], ["公众号", 5], ["公告栏", 5]]
    assert column_total(channels) == 17
    assert channels.notes == ("合计17条。",)
    assert (channels.unit, channels.source) == ("条", "disclosures.csv")
    categories = tables["disclosures_by_category"]
    assert categories.frame.to_numpy().tolist() == [["政策", 8], ["财政", 4]]
    assert categories.notes == ("合计12条。", "另有5条未注明类别，未列入。")


def test_no_data_no_table() -> None:
    assert disclosure_tables(None, "") == {}
    assert disclosure_tables(disclosures([]), "") == {}
    assert list(disclosure_tables(disclosures([("网站", "", "1")]), "")) == [
        "disclosures_by_channel"
    ]


def test_a_blank_count_is_not_zero() -> None:
    rows = [("网站", "政策", ""), ("网站", "财政", "4"), ("公众号", "政策", "0")]
    table = disclosure_tables(disclosures(rows), "")["disclosures_by_channel"]
    assert table.frame.to_numpy().tolist() == [["公众号", 0], ["网站", None]]
    assert column_total(table) is None
    assert table.notes == ("有条数未填写，合计无法计算。",)


def test_unnamed_rows_without_count_are_reported_by_row() -> None:
    rows = [("网站", "政策", "1"), ("网站", "", "")]
    table = disclosure_tables(disclosures(rows), "")["disclosures_by_category"]
    assert table.notes[1] == "另有1行未注明类别，未列入。"


def test_a_fraction_is_not_cut_off() -> None:
    table = disclosure_tables(disclosures([("网站", "政策", "1.5")]), "")["disclosures_by_channel"]
    assert column_total(table) == Decimal("1.5")


names = st.sampled_from(["网站", "公众号", "公告栏", "电子屏"])


@given(st.lists(st.tuples(names, names, st.integers(0, 999).map(str)), min_size=1))
def test_both_views_have_the_same_sum(rows: list[tuple[str, str, str]]) -> None:
    tables = disclosure_tables(disclosures(rows), "")
    whole = sum(int(count) for _, _, count in rows)
    for table in tables.values():
        assert column_total(table) == whole
        counts = list(table.frame["条数"])
        assert counts == sorted(counts, reverse=True)


def test_the_twelve_months_where_each_item_has_its_date() -> None:
    rows = ("网站,甲,2024-01-05,一", "网站,乙,2024-12-31,二", "公众号,甲,2024-01-31,三")
    items = read_disclosures(grid("渠道,类别,日期,标题", *rows), 2024)
    table = disclosure_tables(items, "disclosures.csv")[BY_MONTH]
    assert list(table.frame["条数"]) == [2, *[0] * 10, 1]
    counts = read_disclosures(grid("渠道,类别,条数", "网站,甲,3"), 2024)
    assert BY_MONTH not in disclosure_tables(counts, "disclosures.csv")
    both = pd.concat([items, counts], ignore_index=True)
    assert BY_MONTH not in disclosure_tables(both, "disclosures.csv"), "a part is not the whole"

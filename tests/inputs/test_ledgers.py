"""What was published, and the other figures."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.inputs.builders import YEAR, grid
from tests.inputs.strategies import grids

from nianbao.errors import InputError
from nianbao.files.grids import Grid, Mark
from nianbao.inputs.ledgers import MONTHS, UNSORTED, read_disclosures, read_figures
from nianbao.inputs.values import State

CHANNELS = ("政府网站", "“示例发布”微信公众号", "公告栏")
CATEGORIES = ("财政信息", "规划计划", "政策法规类")
names = st.tuples(st.sampled_from(CHANNELS), st.sampled_from(CATEGORIES))


@given(st.lists(st.tuples(names, st.integers(0, 10**6))), st.data())
def test_counts_stay_as_handed_in(
    rows: list[tuple[tuple[str, str], int]], data: st.DataObject
) -> None:
    lines = [[*name, f"{count:,}"] for name, count in rows]
    frame = read_disclosures(data.draw(grids(["渠道", "类别", "条数"], lines)), YEAR)
    read = zip(frame["渠道"], frame["类别"], (c.number for c in frame["条数"]), strict=True)
    assert list(read) == [(*name, count) for name, count in rows]


@given(st.lists(st.tuples(names, st.dates(date(YEAR - 1, 6, 1), date(YEAR + 1, 6, 1)))), st.data())
def test_items_of_the_year_are_counted_one_by_one(
    items: list[tuple[tuple[str, str], date]], data: st.DataObject
) -> None:
    lines = [[*name, day.isoformat(), "标题"] for name, day in items]
    frame = read_disclosures(data.draw(grids(["渠道", "类别", "日期", "标题"], lines)), YEAR)
    slow: dict[tuple[str, str], int] = {}
    for name, day in items:
        if day.year == YEAR:
            slow[name] = slow.get(name, 0) + 1
    keys = zip(frame["渠道"], frame["类别"], strict=True)
    assert dict(zip(keys, (int(c.number) for c in frame["条数"]), strict=True)) == slow
    assert list(zip(frame["渠道"], frame["类别"], strict=True)) == list(slow)
    by_month = [sum(counts) for counts in zip(*frame[MONTHS], strict=True)]
    for month, count in enumerate(by_month, 1):
        assert count == sum((day.year, day.month) == (YEAR, month) for _, day in items)


def test_blank_slash_and_zero_stay_apart_and_have_a_place() -> None:
    frame = read_disclosures(grid("渠道,类别,条数", "网站,甲,", "网站,乙,/", "网站,丙,0"), YEAR)
    assert [c.state for c in frame["条数"]] == [State.EMPTY, State.NA, State.ZERO]
    assert str(frame["条数"][2].place) == "a.csv 第4行“条数”列"


def test_what_has_no_category_is_reported_as_such() -> None:
    frame = read_disclosures(grid("渠道,类别,条数", "公众号,,1120", "公众号,/,3"), YEAR)
    assert list(frame["类别"]) == [UNSORTED, UNSORTED]


def test_a_header_alone_is_an_empty_frame() -> None:
    for head in ("渠道,类别,条数", "渠道,类别,日期,标题"):
        frame = read_disclosures(grid(head), YEAR)
        assert frame.empty
        assert list(frame.columns)[:3] == ["渠道", "类别", "条数"]


def test_figures_keep_their_order_unit_note_and_text() -> None:
    figures = read_figures(
        grid(
            "名称,数值,单位,说明",
            "培训次数,2,次,专题培训",
            "阅读量,66万余,次,",
            "待填,,次,",
            "无单位,3",
        )
    )
    assert list(figures) == ["培训次数", "阅读量", "待填", "无单位"]
    assert (figures["培训次数"].unit, figures["培训次数"].note) == ("次", "专题培训")
    assert figures["阅读量"].cell.state is State.TEXT
    assert figures["阅读量"].cell.raw == "66万余"
    assert figures["待填"].cell.state is State.EMPTY
    assert figures["无单位"].unit == ""
    assert str(figures["培训次数"].cell.place) == "a.csv 第2行“数值”列"


def test_a_count_shown_in_thousands_is_refused_with_what_the_cell_keeps() -> None:
    table = Grid(
        "a.xlsx", "表", [["渠道", "类别", "条数"], ["网站", "政策", "12.3"]],
        (Mark("scaled", 2, 2, "12345"),),
    )  # fmt: skip
    with pytest.raises(InputError) as raised:
        read_disclosures(table, YEAR)
    (problem,) = raised.value.problems
    assert problem.value == "12.3"
    assert "这一格存的是12345" in (problem.remedy or "")


def test_money_shown_in_ten_thousands_is_in_the_unit_of_its_row() -> None:
    figures = read_figures(grid("名称,数值,单位", "经费,12.3万,万元", "阅读量,66万,次"))
    assert figures["经费"].cell.number == Decimal("12.3")
    assert figures["阅读量"].cell.raw == "66万"

"""Sums over units: every cell, every level, nothing blank becomes zero."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st
from tests.statistics.factory import (
    FORMAT,
    decisions,
    disclosures,
    figures,
    ledger,
    make_inputs,
    matrix,
    reviews,
    zero_rows,
)
from tests.statistics.strategies import ledgers, slow_count

from nianbao.inputs.bundle import Inputs
from nianbao.inputs.values import State
from nianbao.statistics.rollup import (
    OWN,
    UNITS,
    changed_units,
    consolidate,
    leaves,
    missing_units,
    trace,
)
from nianbao.statistics.tables import build_tables

STATUTORY = ("decisions", "requests", "reviews")


def unit(code: str, **changes: object) -> Inputs:
    """A body that handed in a ledger without requests, and zeros."""
    kind = changes.pop("kind", "department")
    about = {"code": f"shili-{code}", "name": f"示例县{code}局", "short_name": f"县{code}局"}
    given_ = {"requests": ledger(), **changes}
    return make_inputs(agency=about, kind=kind, **given_)


def government(*children: Inputs, code: str = "xzf", **changes: object) -> Inputs:
    """A government without data of its own, unless they are given."""
    about = {"code": f"shili-{code}", "name": f"示例{code}人民政府"}
    nothing = {"decisions_": dict.fromkeys(FORMAT.decision_cells, EMPTY), "reviews_": {}}
    made = make_inputs(agency=about, kind="government", **{**nothing, **changes})
    own = made if "reviews_" in changes else replace(made, reviews=None)
    return replace(own, children=children)


EMPTY = next(iter(decisions(规章=["", "", ""]).values()))

numbers = st.lists(st.integers(0, 5000), min_size=10, max_size=10)
fees = st.decimals(0, 99999, places=4, allow_nan=False, allow_infinity=False)
results = st.lists(st.integers(0, 90), min_size=12, max_size=12)


def decided(counts: Sequence[int], fee: Decimal) -> dict[str, list[str]]:
    """Table 2 by row."""
    rows = iter(map(str, counts))
    return {
        "规章": [next(rows) for _ in range(3)],
        "行政规范性文件": [next(rows) for _ in range(3)],
        **{name: [next(rows)] for name in ("行政许可", "行政处罚", "行政强制")},
        "行政事业性收费": [f"{fee}"],
    }


@given(st.lists(st.tuples(ledgers, numbers, fees, results), min_size=1, max_size=4))
def test_all_200_cells_are_the_slow_obvious_sum(bodies: list[tuple]) -> None:
    units = []
    for i, (cases, counts, fee, disputes) in enumerate(bodies):
        groups = [group.key for group in FORMAT.review_groups]
        by_group = {g: list(map(str, disputes[4 * k : 4 * k + 4])) for k, g in enumerate(groups)}
        units.append(
            unit(
                str(i),
                requests=ledger(cases),
                decisions_=decisions(**decided(counts, fee)),
                reviews_=reviews(**by_group),
            )
        )
    tables = build_tables(government(*units), FORMAT)
    checked = 0
    for row in FORMAT.request_rows:
        for column, name in enumerate(FORMAT.request_columns):
            slow = 0
            for cases, *_ in bodies:
                slow += slow_count(cases)[row.key][column]
            assert tables["requests"].frame.at[row.key, name] == slow
            checked += 1
    for row, column in FORMAT.decision_cells:
        slow = Decimal(0)
        for _, counts, fee, _ in bodies:
            columns = [c for r, c in FORMAT.decision_cells if r == row]
            slow += Decimal(decided(counts, fee)[row][columns.index(column)])
        assert tables["decisions"].cells[row, column].number == slow
        checked += 1
    for k, group in enumerate(FORMAT.review_groups):
        for j, column in enumerate(FORMAT.review_columns):
            slow = 0
            for *_, disputes in bodies:
                four = disputes[4 * k : 4 * k + 4]
                slow += four[j] if j < 4 else four[0] + four[1] + four[2] + four[3]
            assert tables["reviews"].frame.at[group.key, column] == slow
            checked += 1
    assert checked == 200


@given(st.lists(ledgers, min_size=2, max_size=4))
def test_a_stacked_sum_is_the_flat_sum(bodies: list[list]) -> None:
    units = [unit(str(i), requests=ledger(cases)) for i, cases in enumerate(bodies)]
    flat = build_tables(government(*units), FORMAT)
    county = government(*units[1:], code="county")
    stacked = build_tables(government(units[0], county, code="city"), FORMAT)
    for key in STATUTORY:
        assert {k: c.number for k, c in stacked[key].cells.items()} == {
            k: c.number for k, c in flat[key].cells.items()
        }
    names = [u.agency.name for u in units]
    assert [p.path[-1] for p in trace(stacked["requests"], ("new", "总计"))] == names
    assert [u.agency.name for u in leaves(consolidate(government(units[0], county)))] == names


def test_a_blank_cell_of_one_unit_makes_the_sum_unknown_not_smaller() -> None:
    blank = unit("b", decisions_=decisions(行政许可=[""]))
    tables = build_tables(
        government(unit("a", decisions_=decisions(行政许可=["5"])), blank), FORMAT
    )
    cell = ("行政许可", "本年处理决定数量")
    assert tables["decisions"].cells[cell].state is State.EMPTY
    assert tables["decisions"].frame.at[cell] is None
    parts = {part.path: part.cell.number for part in trace(tables["decisions"], cell)}
    assert parts == {("示例县a局",): 5, ("示例县b局",): None}
    assert tables["decisions"].frame.at["行政处罚", "本年处理决定数量"] == 0


def test_the_governments_own_data_are_a_unit() -> None:
    own = {"requests": ledger([("new", "自然人", "open", 2)]), "decisions_": decisions()}
    area = government(
        unit("a", requests=ledger([("new", "自然人", "open", 3)])), reviews_=reviews(), **own
    )
    tables = build_tables(area, FORMAT)
    assert tables["requests"].frame.at["new", "总计"] == 5
    assert [name for name, _ in tables["requests"].units] == [OWN, "示例县a局"]
    frame = tables[UNITS].frame
    assert list(frame["单位"]) == [OWN, "县a局", "合计"]
    assert list(frame["新收申请"]) == [2, 3, 5]


def test_nothing_of_a_governments_own_is_no_unit() -> None:
    tables = build_tables(government(unit("a")), FORMAT)
    assert [name for name, _ in tables["requests"].units] == ["示例县a局"]
    assert (tables["requests"].frame == 0).all(axis=None)


def test_a_body_without_units_has_no_table_by_unit() -> None:
    tables = build_tables(unit("a"), FORMAT)
    assert UNITS not in tables
    assert all(table.units == () for table in tables.values())
    assert trace(tables["requests"], ("new", "总计"))[0].path == ()


def test_taking_together_twice_changes_nothing() -> None:
    fee = figures(信息处理费=("30", "元"))
    area = government(unit("a", figures_=fee), unit("b", figures_=fee))
    once = consolidate(area)
    assert consolidate(once) == once
    assert once.figures["信息处理费"].cell.number == 60


def test_fees_are_summed_in_yuan_and_one_who_says_nothing_makes_the_sum_unknown() -> None:
    yuan, myriad = figures(信息处理费=("30", "元")), figures(信息处理费=("0.5", "万元"))
    area = consolidate(government(unit("a", figures_=yuan), unit("b", figures_=myriad)))
    assert area.figures["信息处理费"].cell.number == 5030
    silent = consolidate(government(unit("a", figures_=yuan), unit("b")))
    assert silent.figures["信息处理费"].cell.number is None


def test_disclosures_of_an_area_are_reported_by_kind_of_channel() -> None:
    first = disclosures([("政府网站", "政策", "5"), ("“示例甲”微信公众号", "政策", "2")])
    second = disclosures([("政府网站", "解读", "1"), ("“示例乙”微信公众号", "政策", "4")])
    area = government(unit("a", disclosures_=first), unit("b", disclosures_=second), unit("c"))
    tables = build_tables(area, FORMAT)
    frame = tables["disclosures_by_channel"].frame
    assert dict(zip(frame["渠道"], frame["条数"], strict=True)) == {"政府网站": 6, "微信公众号": 6}
    assert list(tables[UNITS].frame["主动公开"]) == [7, 5, None, 12]
    assert "县c局" in tables[UNITS].notes[0]


WHOLE = figures(数据范围=("全部单位", ""))


def typed_total(new: str) -> dict:
    """Sums of an area as an imported report has them."""
    rows = zero_rows(7)
    rows["new"] = [new, "0", "0", "0", "0", "0", new]
    rows["open"] = list(rows["new"])
    rows["total"] = list(rows["new"])
    return {"requests_table": matrix(rows), "decisions_": decisions(), "reviews_": reviews()}


def test_sums_that_were_handed_in_are_not_added_again() -> None:
    child = unit("a", requests=ledger([("new", "自然人", "open", 3)]))
    area = government(child, figures_=WHOLE, **typed_total("3"))
    tables = build_tables(area, FORMAT)
    assert tables["requests"].frame.at["new", "总计"] == 3
    assert [name for name, _ in tables["requests"].units] == ["示例县a局"]


def test_sums_that_were_handed_in_stand_as_long_as_a_unit_is_missing() -> None:
    child = unit("a", requests=ledger([("new", "自然人", "open", 3)]))
    area = replace(government(child, figures_=WHOLE, **typed_total("9")), missing=("示例县乙局",))
    tables = build_tables(area, FORMAT)
    assert tables["requests"].frame.at["new", "总计"] == 9
    assert UNITS not in tables


def test_a_missing_unit_is_named_below_every_table() -> None:
    area = replace(government(unit("a")), missing=("示例县乙局",))
    tables = build_tables(area, FORMAT)
    for key in (*STATUTORY, UNITS):
        assert any("示例县乙局" in note for note in tables[key].notes)
    assert missing_units(area) == ("示例县乙局",)


def test_last_year_is_summed_as_well() -> None:
    before = government(unit("a", requests=ledger([("new", "自然人", "open", 4)])))
    area = replace(government(unit("a")), previous=before)
    frame = build_tables(area, FORMAT)["comparison"].frame.set_index("项目")
    assert frame.at["新收申请", "上年"] == 4
    assert frame.at["新收申请", "本年"] == 0


def test_units_that_came_and_went_but_not_those_that_are_late() -> None:
    before = government(unit("a"), unit("b"), unit("c"))
    now = replace(government(unit("a"), unit("d")), previous=before, missing=("示例县c局",))
    assert changed_units(consolidate(now)) == (("示例县b局",), ("示例县d局",))


def test_units_of_one_short_name_are_reported_by_their_full_names() -> None:
    one, two = unit("a"), unit("b")
    same = two.agency.model_copy(update={"short_name": one.agency.short_name})
    frame = build_tables(government(one, replace(two, agency=same)), FORMAT)[UNITS].frame
    assert list(frame["单位"]) == ["示例县a局", "示例县b局", "合计"]
    assert isinstance(frame, pd.DataFrame)

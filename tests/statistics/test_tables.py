"""The statutory tables: what each cell shows, and that nothing blank becomes zero."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.statistics.factory import (
    FORMAT,
    Case,
    cells,
    decisions,
    errors,
    ledger,
    make_inputs,
    matrix,
    reviews,
    zero_rows,
)
from tests.statistics.strategies import as_texts, ledgers, slow_count

from nianbao.inputs.bundle import CellKey
from nianbao.inputs.values import State
from nianbao.statistics.model import Table
from nianbao.statistics.tables import build_tables, count_ledger

FEE = ("行政事业性收费", "本年收费金额（单位：万元）")
STATUTORY = ("decisions", "requests", "reviews")


def requests_of(rows: dict[str, list[str | None]]) -> Table:
    return build_tables(make_inputs(requests_table=matrix(rows)), FORMAT)["requests"]


@pytest.mark.parametrize("key", STATUTORY)
def test_every_printed_value_has_a_cell(key: str) -> None:
    table = build_tables(make_inputs(), FORMAT)[key]
    assert table.layout is not None
    printed = [(c.row, c.column) for row in table.layout.rows for c in row if c.kind == "value"]
    assert sorted(printed) == sorted(table.cells)
    assert {row for row, _ in printed} == set(table.frame.index)
    assert {column for _, column in printed} == set(table.frame.columns)


def test_counts_are_int_and_money_keeps_its_digits() -> None:
    typed = decisions(行政许可=["1,024"], 行政事业性收费=["7730.2800"])
    frame = build_tables(make_inputs(decisions_=typed), FORMAT)["decisions"].frame
    permits = frame.at["行政许可", "本年处理决定数量"]
    assert permits == 1024
    assert type(permits) is int
    assert str(frame.at[FEE]) == "7730.2800"
    assert type(frame.at[FEE]) is Decimal
    assert frame.at["行政许可", "本年制发件数"] is None  # no such cell


def test_a_fraction_of_a_document_is_shown_as_handed_in() -> None:
    typed = decisions(行政许可=["2.5"])
    frame = build_tables(make_inputs(decisions_=typed), FORMAT)["decisions"].frame
    assert frame.at["行政许可", "本年处理决定数量"] == Decimal("2.5")


def test_nothing_handed_in_is_nothing_shown() -> None:
    inputs = make_inputs(decisions_={})
    tables = build_tables(replace(inputs, reviews=None), FORMAT)
    for key in STATUTORY:
        assert tables[key].frame.isna().all(axis=None)
        assert {cell.state for cell in tables[key].cells.values()} == {State.EMPTY}
    assert list(tables) == list(STATUTORY)


@given(ledgers)
def test_pandas_counts_as_tally_marks_do(cases: list) -> None:
    table = build_tables(make_inputs(requests=ledger(cases)), FORMAT)["requests"]
    for row, numbers in slow_count(cases).items():
        assert list(table.frame.loc[row]) == numbers
    assert all(type(value) is int for value in table.frame.to_numpy().flat)


@given(ledgers)
def test_a_ledger_always_balances(cases: list) -> None:
    assert not errors(make_inputs(requests=ledger(cases)))


@given(ledgers)
def test_ledger_and_matrix_show_the_same(cases: list) -> None:
    rows = as_texts(slow_count(cases))
    both = make_inputs(requests=ledger(cases), requests_table=matrix(rows))
    shown = [
        build_tables(inputs, FORMAT)["requests"].frame
        for inputs in (both, replace(both, requests=None), replace(both, requests_table=None))
    ]
    assert shown[0].equals(shown[1])
    assert shown[0].equals(shown[2])
    assert not errors(both)


PARTS = [
    (row.key, applicant)
    for row in FORMAT.request_rows
    if row.key != "total"
    for applicant in FORMAT.applicants
]


@given(st.sets(st.sampled_from(PARTS), max_size=60), st.sampled_from([None, "/", "约3件"]))
def test_nothing_blank_becomes_zero(blank: set[CellKey], text: str | None) -> None:
    values: dict[CellKey, str | None] = {key: "1" for key in PARTS if key not in blank}
    typed = values | dict.fromkeys(blank, text)
    given_cells = cells(typed if text else values, "requests_table.csv")  # None: left out
    table = build_tables(make_inputs(requests_table=given_cells), FORMAT)["requests"]
    for row, column in table.cells:
        rows = [r.key for r in FORMAT.outcome_rows] if row == "total" else [row]
        columns = FORMAT.applicants if column == FORMAT.total else [column]
        parts = [(r, c) for r in rows for c in columns]
        expected = None if blank & set(parts) else len(parts)
        assert table.frame.at[row, column] == expected
        assert table.cells[row, column].is_number == (expected is not None)


def test_a_typed_total_is_not_printed() -> None:
    rows = zero_rows()
    rows["new"] = ["2", "0", "0", "0", "0", "1", "5"]
    rows["total"] = ["9"] * 7
    frame = requests_of(rows).frame
    assert frame.at["new", "总计"] == 3
    assert list(frame.loc["total"]) == [0] * 7


def test_a_total_alone_is_all_that_is_known() -> None:
    table = requests_of({"new": [None] * 6 + ["2"], "total": [None] * 6 + ["2"]})
    assert list(table.frame.loc["new"]) == [None] * 6 + [2]
    assert list(table.frame.loc["total"]) == [None] * 6 + [2]
    assert table.cells["new", "总计"].place is not None


def test_totals_of_details_alone_add_up() -> None:
    rows = {row.key: [None] * 6 + ["1"] for row in FORMAT.outcome_rows}
    assert requests_of(rows).frame.at["total", "总计"] == 21


def test_a_total_beside_half_a_row_is_not_known() -> None:
    rows = {"new": ["2", None, None, None, None, None, "2"]}
    assert requests_of(rows).frame.at["new", "总计"] is None


def test_reviews_show_the_computed_total_and_a_lone_typed_one() -> None:
    typed = reviews(行政复议=["10", "1", "0", "0", "0"], 复议后起诉=[None, None, None, None, "4"])
    frame = build_tables(make_inputs(reviews_=typed), FORMAT)["reviews"].frame
    assert list(frame.loc["行政复议"]) == [10, 1, 0, 0, 11]
    assert list(frame.loc["未经复议直接起诉"]) == [0] * 5
    assert list(frame.loc["复议后起诉"]) == [None] * 4 + [4]


def test_notes_beside_numbers_are_printed_below() -> None:
    typed = decisions(
        行政规范性文件=["22（其中修订16件）", "0", "55（含自然失效29件。）"],
        行政事业性收费=["12.50（含上年补缴）"],
    )
    table = build_tables(make_inputs(decisions_=typed), FORMAT)["decisions"]
    assert table.notes == (
        "“行政规范性文件”的“本年制发件数”22件：其中修订16件。",
        "“行政规范性文件”的“现行有效件数”55件：含自然失效29件。",
        "“行政事业性收费”的“本年收费金额（单位：万元）”12.50万元：含上年补缴。",
    )
    assert table.frame.at["行政规范性文件", "本年制发件数"] == 22
    assert table.cells["行政规范性文件", "本年制发件数"].note == "其中修订16件"


def test_a_note_beside_a_typed_total_stays_with_the_computed_one() -> None:
    rows = zero_rows()
    rows["new"] = ["3", "0", "0", "0", "0", "0", "3（含网上2件）"]
    rows["open"] = rows["total"] = ["3", "0", "0", "0", "0", "0", "3"]
    table = requests_of(rows)
    assert table.notes == ("“一、本年新收政府信息公开申请数量”的“总计”3件：含网上2件。",)


def test_sources_are_the_files_the_cells_came_from() -> None:
    tables = build_tables(make_inputs(requests=ledger()), FORMAT)
    assert [tables[key].source for key in STATUTORY] == [
        "decisions.csv",
        "requests.csv",
        "reviews.csv",
    ]
    matrix_alone = make_inputs(requests_table=matrix(zero_rows()))
    assert build_tables(matrix_alone, FORMAT)["requests"].source == "requests_table.csv"
    workbook = {"data/shili-ju/2024/workbook.xlsx": "0" * 64}
    in_workbook = replace(make_inputs(requests=ledger()), files=workbook)
    assert build_tables(in_workbook, FORMAT)["requests"].source == "workbook.xlsx"
    assert build_tables(replace(in_workbook, files={}), FORMAT)["requests"].source == ""


def test_titles_are_those_of_the_sections() -> None:
    tables = build_tables(make_inputs(), FORMAT)
    assert [tables[key].title for key in STATUTORY] == [
        "主动公开政府信息情况",
        "收到和处理政府信息公开申请情况",
        "政府信息公开行政复议、行政诉讼情况",
    ]
    assert tables["requests"].unit == "件"


def test_a_ledger_without_cases_is_all_zeros() -> None:
    counts = count_ledger(ledger(), FORMAT)
    assert len(counts) == 24 * 6
    assert set(counts.values()) == {0}


def test_each_case_counts_once_as_received_and_once_as_handled() -> None:
    counts = count_ledger(
        ledger([("new", "自然人", "open", 2), ("carried_in", "自然人", "open", 1)]), FORMAT
    )
    filled = {key: count for key, count in counts.items() if count}
    assert filled == {("new", "自然人"): 2, ("carried_in", "自然人"): 1, ("open", "自然人"): 3}


@pytest.mark.parametrize(
    "case",
    [
        ("old", "自然人", "open", 1),
        ("new", "个体户", "open", 1),
        ("new", "自然人", "total", 1),
        ("new", None, "open", 1),
    ],
)
def test_a_case_is_never_lost_silently(case: Case) -> None:
    with pytest.raises(ValueError, match="unknown categories"):
        count_ledger(ledger([case]), FORMAT)

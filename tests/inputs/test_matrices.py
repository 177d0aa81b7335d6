"""Statutory cells as filled in: tables 2, 3 and 4."""

from __future__ import annotations

from collections import Counter
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.inputs.builders import FORMAT, grid
from tests.inputs.strategies import grids

from nianbao.inputs.matrices import (
    empty_decisions,
    read_decisions,
    read_requests_table,
    read_reviews,
)
from nianbao.inputs.values import Cell, State, parse_cell

DECISIONS = [
    "项目",
    "本年制发件数",
    "本年废止件数",
    "现行有效件数",
    "本年处理决定数量",
    "本年收费金额（万元）",
]
FEE = ("行政事业性收费", "本年收费金额（单位：万元）")
MATRIX = ["项目", *FORMAT.request_columns]
REVIEWS = ["类型", "结果", "件数"]
GROUPS = [group.key for group in FORMAT.review_groups]

values = st.sampled_from(["", "0", "/", "12", "1,120", "３", "22（其中修订16件）", "4166.241619"])


def meaning(cell: Cell) -> tuple[State, object, str]:
    """What a cell says, without where it says it."""
    return cell.state, cell.number, cell.note


@given(st.data())
def test_table_2_reads_as_filled_in(data: st.DataObject) -> None:
    filled = {key: data.draw(values) for key in FORMAT.decision_cells}
    columns = list(dict.fromkeys(column for _, column in FORMAT.decision_cells))
    rows = [
        [row, *(filled.get((row, column), "") for column in columns)]
        for row in dict.fromkeys(row for row, _ in FORMAT.decision_cells)
    ]
    cells = read_decisions(data.draw(grids(DECISIONS, data.draw(st.permutations(rows)))), FORMAT)
    assert {key: meaning(cell) for key, cell in cells.items()} == {
        key: meaning(parse_cell(text)) for key, text in filled.items()
    }


def test_a_row_of_table_2_that_is_missing_is_empty() -> None:
    cells = read_decisions(grid(",".join(DECISIONS), "行政许可,,,,486,"), FORMAT)
    assert cells.keys() == empty_decisions(FORMAT).keys() == set(FORMAT.decision_cells)
    filled = {key for key, cell in cells.items() if cell.state is not State.EMPTY}
    assert filled == {("行政许可", "本年处理决定数量")}


@pytest.mark.parametrize(
    "head", ["本年收费金额(单位：万元)", "本年收费金额", "本年收费金额 （万元）"]
)
def test_money_keeps_its_digits_whatever_its_head(head: str) -> None:
    cells = read_decisions(
        grid(",".join([*DECISIONS[:5], head]), "行政事业性收费,,,,,312.4600"), FORMAT
    )
    assert str(cells[FEE].number) == "312.4600"
    assert str(cells[FEE].place) == "a.csv 第2行“本年收费金额（单位：万元）”列"


def test_other_names_of_rows_and_heads_are_known() -> None:
    head = "项目,本年度制发数,本年度废止数,现行有效件数（历史累计）,本年处理决定数量,本年收费金额"
    cells = read_decisions(grid(head, "规范性文件,3,1,12,,"), FORMAT)
    row = [cells["行政规范性文件", column].raw for column in DECISIONS[1:4]]
    assert row == ["3", "1", "12"]


def test_the_remark_is_for_people_and_slash_or_zero_may_fill_cells_that_are_none() -> None:
    cells = read_decisions(grid(",".join([*DECISIONS, "说明"]), "行政许可,/,0,—,3,,已核"), FORMAT)
    assert meaning(cells["行政许可", "本年处理决定数量"]) == (State.NUMBER, 3, "")


@given(st.data())
def test_table_3_reads_as_filled_in(data: st.DataObject) -> None:
    rows = data.draw(st.lists(st.sampled_from(FORMAT.request_rows), unique=True))
    filled = {(r.key, c): data.draw(values) for r in rows for c in FORMAT.request_columns}
    lines = [
        [
            data.draw(st.sampled_from([row.path, row.label])),
            *(filled[row.key, column] for column in FORMAT.request_columns),
        ]
        for row in rows
    ]
    cells = read_requests_table(data.draw(grids(MATRIX, lines)), FORMAT)
    given_total = any(row.key == "total" for row in rows)
    assert {key for key, _ in cells} == {
        row.key for row in FORMAT.request_rows if row.key != "total" or given_total
    }
    assert {key: meaning(cell) for key, cell in cells.items()} == {
        key: meaning(parse_cell(filled.get(key, ""))) for key in cells
    }


def test_a_total_column_is_there_only_when_handed_in() -> None:
    cells = read_requests_table(grid(",".join(MATRIX[:-1]), "（一）予以公开,1,,,,,"), FORMAT)
    assert {column for _, column in cells} == set(FORMAT.applicants)


def test_names_of_groups_and_parts_may_stand_without_numbers() -> None:
    rows = [
        "三、本年度办理结果,,,,,,,",
        "（三）不予公开,,/,,,,,",
        "三、（三）不予公开/1.属于国家秘密,1,,,,,,1",
    ]
    cells = read_requests_table(grid(",".join(MATRIX), *rows, "不予处理,,,,,,,"), FORMAT)
    assert Counter(c.state for c in cells.values())[State.NUMBER] == 2
    assert cells["deny_1", "自然人"].number == 1


@pytest.mark.parametrize("label", ["（六）其他处理", "其他处理", "三、（六）其他处理"])
def test_the_one_row_of_an_older_form_is_other_3(label: str) -> None:
    cells = read_requests_table(grid(",".join(MATRIX), f"{label},2,0,0,0,0,0,2"), FORMAT)
    assert cells["other_3", "自然人"].number == 2
    assert cells["other_1", "自然人"].state is State.EMPTY


@given(st.data())
def test_table_4_reads_as_filled_in(data: st.DataObject) -> None:
    keys = list(product(GROUPS, FORMAT.review_columns))
    given_keys = data.draw(st.lists(st.sampled_from(keys), unique=True))
    filled = {key: data.draw(values) for key in given_keys}
    rows = [[group, column, filled[group, column]] for group, column in given_keys]
    cells = read_reviews(data.draw(grids(REVIEWS, rows)), FORMAT)
    details = {key for key in keys if key[1] != FORMAT.total}
    assert cells.keys() == details | set(given_keys)
    assert {key: meaning(cell) for key, cell in cells.items()} == {
        key: meaning(parse_cell(filled.get(key, ""))) for key in cells
    }


@given(st.lists(st.tuples(st.sampled_from(GROUPS), st.sampled_from(FORMAT.review_columns[:-1]))))
def test_review_cases_are_counted(cases: list[tuple[str, str]]) -> None:
    file = grid(
        "类型,结果,案号", *(f"{group},{result},{i}" for i, (group, result) in enumerate(cases))
    )
    cells = read_reviews(file, FORMAT)
    assert {key: cell.number for key, cell in cells.items()} == {
        key: cases.count(key) for key in product(GROUPS, FORMAT.review_columns[:-1])
    }


def test_no_review_cases_are_zeros_and_no_sums_are_blanks() -> None:
    assert {c.state for c in read_reviews(grid("类型,结果"), FORMAT).values()} == {State.ZERO}
    assert {c.state for c in read_reviews(grid("类型,结果,件数"), FORMAT).values()} == {State.EMPTY}

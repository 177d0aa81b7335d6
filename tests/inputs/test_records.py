"""Headers wherever they stand, and the rows below them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.inputs.builders import grid

from nianbao.errors import InputError
from nianbao.files.words import MAX_PROBLEMS
from nianbao.inputs.heads import Column, Form, find_header
from nianbao.inputs.records import read_records, refuse

FORM = Form((Column("名称"), Column("数值", aliases=("数量",)), Column("单位", required=False)))
OTHER = Form((Column("名称"), Column("日期")))


@pytest.mark.parametrize(
    "heads",
    ["名称,数值", " 名 称 ,数　值", "数值,名称", "名称,数量", "名称,数值,序号,备注", "名称,数值,,"],
)
def test_heads_in_any_order_and_writing(heads: str) -> None:
    header = find_header(grid(heads, "培训,2"), FORM)
    assert header.row == 1
    assert {"名称", "数值"} <= set(header.columns)
    assert header.problems == ()


@given(st.lists(st.sampled_from(["示例县示例局2024年统计表", "", "单位：件", "名称"]), max_size=20))
def test_the_header_may_stand_below_other_lines(above: list[str]) -> None:
    assert find_header(grid(*above, "名称,数值", "培训,2"), FORM).row == len(above) + 1


@pytest.mark.parametrize(
    ("heads", "form"),
    [("名称,数值", FORM), ("名称,日期", OTHER), ("名称,数值,单位", FORM), ("日期,名称", OTHER)],
)
def test_the_form_is_the_one_that_fits(heads: str, form: Form) -> None:
    assert find_header(grid(heads), FORM, OTHER).form is form


def test_rows_keep_the_numbers_that_excel_shows() -> None:
    records = read_records(grid("标题", "", "名称,数值", "培训,2", ",", "参训,3"), FORM)
    assert list(records.rows) == [4, 6]
    assert records.columns == {"名称": ["培训", "参训"], "数值": ["2", "3"]}
    assert str(records.place(1, "数值")) == "a.csv 第6行“数值”列"


def test_short_rows_are_filled_up_with_blanks() -> None:
    records = read_records(grid("名称,数值,单位", "培训", "参训,3"), FORM)
    assert records.columns == {"名称": ["培训", "参训"], "数值": ["", "3"], "单位": ["", ""]}


def test_a_header_alone_has_no_rows() -> None:
    records = read_records(grid("名称,数值,单位"), FORM)
    assert len(records) == 0
    assert records.columns == {"名称": [], "数值": [], "单位": []}


def test_a_column_is_parsed_once_for_each_text() -> None:
    seen: list[str] = []
    records = read_records(grid("名称,数值", "培训,2", "参训,2", "某,3"), FORM)
    assert records.parsed("数值", lambda text: seen.append(text) or int(text)) == [2, 2, 3]
    assert sorted(seen) == ["2", "3"]


def test_problems_are_reported_by_row_one_a_cell_and_not_without_end() -> None:
    records = read_records(grid("名称,数值", *["培训,#REF!"] * 130), FORM)
    problems = [records.problem(i, "数值", "再说一遍") for i in (5, 3)]
    with pytest.raises(InputError) as raised:
        refuse(records, [*problems, records.problem(7, "名称", "不同的格")])
    reported = str(raised.value).splitlines()
    assert len(reported) == MAX_PROBLEMS + 1
    assert reported[0].startswith("a.csv 第2行“数值”列：这一格的公式出错")
    assert reported[8] == "a.csv 第9行“名称”列：不同的格：“培训”"
    assert not any("再说一遍" in line for line in reported)
    assert reported[-1] == "a.csv：还有31个问题没有列出，改好以上各处后再查"


def test_no_problems_are_no_error() -> None:
    refuse(read_records(grid("名称,数值", "培训,2"), FORM), [])


@pytest.mark.parametrize(
    "above",
    [
        ("项目,,数据,", "名称,单位,数值,备注"),
        ("名称,单位,数据,", ",,数值,备注"),
        ("名称,数据,单位,备注", ",数值,,"),
    ],
)
def test_heads_may_stand_in_two_rows(above: tuple[str, str]) -> None:
    records = read_records(grid("2024年统计表", *above, "培训,2,3,"), FORM)
    assert list(records.rows) == [4]
    assert set(records.columns) == {"名称", "数值", "单位"}
    assert not records.problems


def test_a_row_of_values_is_no_second_row_of_heads() -> None:
    with pytest.raises(InputError, match="数值"):
        read_records(grid("名称,单位,备注", "培训,次,", "参训,人,"), FORM)


def test_a_head_may_say_in_what_is_counted() -> None:
    heads = "名称（项）,数值(件),单位"
    assert set(read_records(grid(heads, "培训,2,次"), FORM).columns) == {"名称", "数值", "单位"}


def test_the_next_page_repeats_title_and_heads_and_another_title_is_another_table() -> None:
    lines = ("2024年情况", "名称,数值", "培训,2", "2024年情况（续表）", "名称,数值", "检查,3")
    records = read_records(grid(*lines), FORM)
    assert (list(records.columns["名称"]), records.problems) == (["培训", "检查"], ())
    (problem,) = read_records(grid(*lines[:3], "2023年情况", *lines[4:]), FORM).problems
    assert (problem.message, problem.value) == ("这里起是另一张表", "2023年情况")


def test_a_row_of_units_below_the_heads_is_a_part_of_them() -> None:
    every = Form((*FORM.columns, Column("金额（万元）", required=False)))
    for units in ("件,,", "（次）,,", "单位：条,,", ",件次,万元", ",年-月-日,"):
        records = read_records(grid("名称,数值,金额（万元）", units, "培训,2,"), every)
        assert (list(records.rows), records.problems) == ([3], ()), units
    for row in ("件,3,", "培训,次,", "/,/,/", ",4,万元"):
        assert len(read_records(grid("名称,数值,金额（万元）", row, "培训,2,"), every)) == 2, row


def test_a_row_of_units_with_another_unit_of_money_than_its_head_is_a_problem() -> None:
    form = Form((*FORM.columns, Column("金额（万元）", required=False)))
    (problem,) = read_records(grid("名称,数值,金额（万元）", ",次,元", "培训,2,3"), form).problems
    assert str(problem).endswith("单位与表头不同：“元”，应为万元。请按表头的单位换算，并删去这一行")


def test_lines_below_the_table_are_named_and_no_rows() -> None:
    below = ("填表人：张三,审核人：李四", ",", "注：不含下属单位。,")
    records = read_records(grid("名称,数值", "培训,2", "", *below), FORM)
    assert list(records.rows) == [2]
    reported = [(r.kind, r.place.row, r.written) for r in records.readings]
    assert reported == [("footer", 4, "填表人"), ("footer", 6, "注")]


def test_such_a_line_above_a_row_or_in_a_list_of_words_is_one() -> None:
    among = grid("名称,数值", "说明：,2", "培训,2")
    assert len(read_records(among, FORM)) == 2
    words = Form((Column("名称"), Column("数值")), counts=False)
    assert len(read_records(grid("名称,数值", "联系电话：,2"), words)) == 1

"""Problems as people read them."""

from __future__ import annotations

import pytest

from nianbao.errors import InputError, Place, Problem, group_problems, raise_problems


def cell(row: int, message: str, value: str | None = None, remedy: str | None = None,
         column: str = "日期", private: bool = False) -> Problem:  # fmt: skip
    place = Place("a.xlsx", "申请台账", row, column)
    return Problem(message, place, value, "日期", remedy, private)


def test_problems_of_one_kind_are_one_line_with_every_place() -> None:
    problems = [
        cell(3, "日期不能识别", "当场", "请改正"),
        cell(9, "不是数字", "甲"),
        cell(5, "日期不能识别", "当场", "请改正"),
        cell(7, "日期不能识别", "三月", "请改正", "答复日期"),
    ]
    assert group_problems(problems) == (
        "a.xlsx 工作表“申请台账”：日期不能识别，应为日期（共3处：“日期”列第3、5行“当场”、"
        "“答复日期”列第7行“三月”）。请改正",
        "a.xlsx 工作表“申请台账” 第9行“日期”列：不是数字：“甲”，应为日期",
    )


def test_what_differs_in_names_or_numbers_stands_at_its_place() -> None:
    problems = [
        cell(4, "日期不存在（2024年2月没有30日）", "2024.2.30", "第2行已有"),
        cell(6, "日期不存在（2024年4月没有31日）", "2024.4.31", "第3行已有"),
    ]
    (line,) = group_problems(problems)
    assert "“日期”列第4行“2024.2.30”（日期不存在（2024年2月没有30日）；第2行已有）" in line
    assert "第6行“2024.4.31”（日期不存在（2024年4月没有31日）；第3行已有）" in line


def test_problems_of_whole_files_and_of_other_sheets_stay_apart() -> None:
    apart = [
        Problem("缺少这张表", Place("x/a.csv")),
        Problem("缺少这张表", Place("y/b.csv")),
        Problem("没有地方"),
        Problem("没有地方"),
        Problem("坏字", Place("a.csv", row=1)),
        Problem("坏字", Place("b.csv", row=1)),
    ]
    assert group_problems(apart) == tuple(map(str, apart))


def test_lines_of_a_text_are_named_and_a_persons_words_are_cut_short() -> None:
    lines = [Problem("没有这个名称", Place("n.md", line=line), "新收") for line in (3, 8)]
    assert group_problems(lines) == ("n.md：没有这个名称（共2处：第3、8行“新收”）",)
    column = [Problem("坏", Place("a.csv", row=row, column="日期")) for row in (None, 3)]
    assert group_problems(column) == ("a.csv：坏（共2处：“日期”列第3行）",)
    (said,) = group_problems([cell(row, "坏", "长" * 50, private=True) for row in (3, 4)])
    assert "长" * 21 not in said


def test_files_that_are_wrong_in_the_same_way_are_one_line_for_their_folder() -> None:
    files = [Problem("没有读取", Place(f"data/{n}"), remedy="请移出") for n in ("甲.pdf", "乙.txt")]
    assert group_problems(files) == ("data：没有读取（共2处：甲.pdf、乙.txt）。请移出",)
    sheets = [Problem(f"缺少“{n}”", Place("a.xlsx", "基本信息")) for n in ("名称", "地址")]
    assert group_problems(sheets) == tuple(map(str, sheets))


def test_of_a_file_with_thousands_of_problems_the_first_are_named_and_the_rest_counted() -> None:
    many = [Problem(f"多出一张工作表“{n}”", Place("a.xlsx")) for n in range(5000)]
    other = [Problem("甲", Place("b.csv", row=n)) for n in range(101)]
    with pytest.raises(InputError) as caught:
        raise_problems(InputError, [*many, *other])
    found = caught.value.problems
    assert found[:100] == tuple(many[:100])
    assert str(found[100]) == "a.xlsx：还有4900个问题没有列出，改好以上各处后再查"
    assert found[101:] == tuple(other)  # as many as a table names, with the line that counts


def test_what_a_file_calls_its_sheet_or_column_is_quoted_as_briefly_as_a_value() -> None:
    name = "表" * 100_000
    problem = Problem(f"多出一张工作表“{name}”", Place("a.xlsx", name, 3, name), name, name, name)
    assert len(str(problem)) < 4000
    assert str(problem).startswith("a.xlsx 工作表“表")

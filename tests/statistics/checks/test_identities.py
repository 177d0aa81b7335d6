"""B1–B4, B6–B7, X0: the arithmetic of table 3, and the cell that is to blame."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.statistics.factory import (
    FORMAT,
    decisions,
    errors,
    found,
    ledger,
    make_inputs,
    matrix,
    reviews,
    zero_rows,
)
from tests.statistics.strategies import as_texts, ledgers, slow_count

from nianbao.inputs.bundle import Inputs
from nianbao.statistics.model import Finding
from nianbao.statutory import cell_name

CELLS = [(r.key, c) for r in FORMAT.request_rows for c in FORMAT.request_columns]
IDENTITIES = ("B1", "B2", "B3")
BALANCED = slow_count(
    [
        ("new", "自然人", "open", 41),
        ("new", "自然人", "partial", 7),
        ("new", "商业企业", "deny_4", 12),
        ("carried_in", "自然人", "unavail_1", 25),
        ("carried_in", "法律服务机构", "other_3", 2),
        ("new", "自然人", "carried_out", 9),
        ("new", "科研机构", "deny_2", 30),
    ]
)


def entered(rows: dict[str, list[int]], columns: int = 7, **changes: list[str | None]) -> Inputs:
    """The matrix as typed; ``columns=6`` without 总计."""
    texts = {row: values[:columns] for row, values in as_texts(rows).items()} | changes
    return make_inputs(requests_table=matrix(texts))


def tampered(row: str, column: str, number: int) -> Inputs:
    rows = {key: list(values) for key, values in BALANCED.items()}
    rows[row][FORMAT.request_columns.index(column)] = number
    return entered(rows)


def identities(inputs: Inputs) -> list[Finding]:
    return [finding for id_ in IDENTITIES for finding in found(inputs, id_)]


def test_a_balanced_table_passes() -> None:
    assert errors(entered(BALANCED)) == set()
    assert errors(entered(BALANCED, columns=6)) == set()
    assert identities(entered(BALANCED)) == []


@given(ledgers, st.sampled_from(CELLS), st.integers(0, 400))
def test_one_wrong_cell_is_named(cases: list, key: tuple[str, str], number: int) -> None:
    rows = slow_count(cases)
    place = FORMAT.request_columns.index(key[1])
    right = rows[key[0]][place]
    rows[key[0]][place] = number
    reported = identities(entered(rows))
    if number == right:
        assert reported == []
        return
    assert {f.id for f in reported} & {"B3"}
    assert {f.id for f in reported} & {"B1", "B2"}
    for finding in reported:
        assert finding.severity == "error"
        assert finding.cells == (cell_name("requests", *key, FORMAT),)
        assert f"填的是{number}，改为{right}则" in finding.message


@pytest.mark.parametrize(
    ("cell", "number", "hint"),
    [
        (("open", "自然人"), 14, "疑数字顺序写颠倒"),
        (("new", "自然人"), 570, "疑多写了一个0"),
        (("deny_4", "商业企业"), 120, "疑多写了一个0"),
        (("deny_2", "科研机构"), 3, "疑少写了一个0"),
        (("partial", "自然人"), 48, "差额与相邻的表三“三、（一）予以公开”×“自然人”相同"),
    ],
)
def test_what_kind_of_slip_it_was(cell: tuple[str, str], number: int, hint: str) -> None:
    reported = identities(tampered(*cell, number))
    assert reported
    assert all(hint in finding.message for finding in reported)


def test_b1_shows_both_sides() -> None:
    (finding,) = found(tampered("new", "自然人", 60), "B1")
    assert (finding.left, finding.right) == ("85", "82")
    both = "一（60）＋二（25）＝85，三（七）总计（73）＋四（9）＝82，相差3。"
    assert f"表三“自然人”列不平衡：{both}" in finding.message
    assert finding.formula == "一、本年新收＋二、上年结转＝三（七）总计＋四、结转下年度"


def test_b1_without_typed_totals_names_the_column_once() -> None:
    rows = {key: list(values) for key, values in BALANCED.items()}
    rows["new"][0] += 3
    (finding,) = found(entered(rows, columns=6), "B1")
    assert "“自然人”列" in finding.message
    assert len(finding.cells) == 4


def test_b2_a_wrong_typed_total_is_reported_with_the_computed_one() -> None:
    total = [str(n) for n in BALANCED["total"]]
    total[0], total[6] = "37", "51"
    reported = found(entered(BALANCED, total=total), "B2")
    assert [(f.left, f.right) for f in reported] == [("73", "37"), ("117", "51")]
    assert all(
        "各办理结果之和与一、二、四相符，请核对填报的（七）总计" in f.message for f in reported
    )


def test_b2_partial_answers_counted_twice() -> None:
    rows = {key: list(values) for key, values in BALANCED.items()}
    for column in (0, 6):
        rows["deny_3"][column] += 5
        rows["deny_5"][column] += 2
    first, second = found(entered(rows), "B2")
    assert "多出的7件与“（三）不予公开”各行有关" in first.message
    assert "只计入“（二）部分公开”" in first.message
    assert "多出的7件" in second.message
    (untotalled,) = found(entered({k: v for k, v in rows.items() if k != "total"}, columns=6), "B1")
    assert "多出的7件" in untotalled.message


def test_b2_details_are_to_blame_when_the_total_agrees_with_the_rest() -> None:
    rows = {key: list(values) for key, values in BALANCED.items()}
    for column in (0, 6):
        rows["reject_1"][column] += 4
    first, _ = found(entered(rows), "B2")
    assert "差额恰为表三“三、（五）不予处理/1.信访举报投诉类申请”×“自然人”的数" in first.message
    rows["reject_2"][0] += 1
    rows["reject_2"][6] += 1
    first, _ = found(entered(rows), "B2")
    assert "填报的（七）总计与一、二、四相符，请核对各办理结果" in first.message


def test_b3_names_the_row() -> None:
    rows = {key: list(values) for key, values in BALANCED.items()}
    rows["open"][6] += 3
    rows["partial"][6] += 4
    reported = found(entered(rows), "B3")
    assert [(f.left, f.right) for f in reported] == [("41", "44"), ("7", "11")]
    assert reported[0].cells == (
        "表三“三、（一）予以公开”×“总计”",
        "表三“三、（一）予以公开”×“自然人”",
    )
    assert "填报的总计是44，相差3。表中印出的是计算值" in reported[0].message


def test_a_difference_of_nine_hints_at_transposed_digits() -> None:
    rows = {key: list(values) for key, values in BALANCED.items()}
    rows["open"][6] += 27
    rows["partial"][6] += 1
    reported = found(entered(rows), "B3")
    assert "差额是9的倍数" in reported[0].message
    assert "差额是9的倍数" not in reported[1].message


def test_a_number_in_the_wrong_row() -> None:
    rows = {key: list(values) for key, values in BALANCED.items()}
    rows["open"][0] -= 6
    rows["deny_1"][0] += 6
    reported = identities(entered(rows))
    assert [f.id for f in reported] == ["B3", "B3"]
    for finding in reported:
        assert "表三“三、（三）不予公开/1.属于国家秘密”×“自然人”中的6件填错了行" in finding.message
        assert "应填在表三“三、（一）予以公开”×“自然人”" in finding.message


def test_a_moved_number_is_not_guessed_at() -> None:
    rows = {key: list(values) for key, values in BALANCED.items()}
    rows["open"] = [4, 4, 0, 0, 0, 0, 9]
    rows["partial"] = [4, 4, 0, 0, 0, 0, 7]
    rows["new"] = [17, 20, 30, 0, 0, 0, 67]
    rows["carried_in"] = [25, 0, 0, 0, 2, 0, 27]
    rows["total"] = [33, 20, 30, 0, 2, 0, 85]
    reported = identities(entered(rows))
    assert [f.id for f in reported] == ["B3", "B3"]
    assert all("请核对各类申请人和总计" in finding.message for finding in reported)
    assert not any("最可能" in finding.message for finding in reported)


def test_opposite_rows_of_different_kinds_are_not_a_move() -> None:
    rows = {key: list(values) for key, values in BALANCED.items()}
    rows["new"][0] -= 6
    rows["open"][0] += 6
    reported = identities(entered(rows))
    assert {f.id for f in reported} == {"B1", "B2", "B3"}
    assert not any("最可能" in finding.message for finding in reported)


def test_neither_side_of_b2_agrees_with_the_rest() -> None:
    rows = {key: list(values) for key, values in BALANCED.items()}
    rows["total"][0] -= 2
    rows["open"][0] += 3
    rows["open"][6] += 3
    first, _ = found(entered(rows), "B2")
    assert "请核对各办理结果和（七）总计" in first.message


def test_a_number_under_the_wrong_applicant() -> None:
    rows = {key: list(values) for key, values in BALANCED.items()}
    rows["deny_4"][1] -= 12
    rows["deny_4"][2] += 12
    reported = identities(entered(rows))
    assert [f.id for f in reported] == ["B2", "B2"]
    right = cell_name("requests", "deny_4", "商业企业", FORMAT)
    words = f"×“科研机构”中的12件填错了列，应填在{right}"
    assert all(words in finding.message for finding in reported)


def test_received_under_the_wrong_applicant() -> None:
    rows = {key: list(values) for key, values in BALANCED.items()}
    rows["new"][1] -= 12
    rows["new"][3] += 12
    reported = identities(entered(rows))
    assert [f.id for f in reported] == ["B1", "B1"]
    assert all("×“社会公益组织”中的12件填错了列" in finding.message for finding in reported)


def test_a_carried_case_under_the_wrong_applicant() -> None:
    rows = {key: list(values) for key, values in BALANCED.items()}
    rows["carried_out"][0] -= 9
    rows["carried_out"][5] += 9
    reported = identities(entered(rows))
    assert all("“四、结转下年度继续办理”×“其他”中的9件填错了列" in f.message for f in reported)
    assert len(reported) == 2


def test_two_wrong_cells_are_both_named() -> None:
    rows = {key: list(values) for key, values in BALANCED.items()}
    rows["open"][0] += 5
    rows["deny_4"][1] -= 3
    reported = identities(entered(rows))
    assert {cell for f in reported for cell in f.cells} == {
        cell_name("requests", "open", "自然人", FORMAT),
        cell_name("requests", "deny_4", "商业企业", FORMAT),
    }


def test_unknown_cells_are_not_passed_and_reported_once() -> None:
    rows = as_texts(BALANCED)
    rows["open"][0] = None
    rows["new"][0] = "/"
    inputs = make_inputs(requests_table=matrix(rows))
    hints = identities(inputs)
    assert [(f.id, f.severity) for f in hints] == [("B1", "info"), ("B2", "info"), ("B3", "info")]
    assert "1列没有填全" in hints[0].message
    assert "2行没有填全" in hints[2].message
    assert {"V3", "V4"} <= errors(inputs)


def test_b4_no_more_is_carried_on_than_there_was() -> None:
    rows = {key: list(values) for key, values in BALANCED.items()}
    rows["carried_out"][1] = rows["carried_out"][6] = 20
    (finding,) = found(entered(rows), "B4")
    assert (finding.severity, finding.left, finding.right) == ("error", "20", "12")
    assert "“商业企业”列结转下年度20件" in finding.message
    assert found(entered(BALANCED), "B4") == []


def test_b4_does_not_repeat_the_column_in_the_total() -> None:
    rows = {key: [0] * 7 for key in BALANCED}
    rows["carried_out"] = [0, 5, 0, 0, 0, 0, 5]
    (finding,) = found(entered(rows), "B4")
    assert "“商业企业”列" in finding.message


def test_b4_in_the_total_column_alone() -> None:
    rows = {key: list(values) for key, values in BALANCED.items()}
    rows["carried_out"][6] = 2000
    (finding,) = found(entered(rows), "B4")
    assert "“总计”列" in finding.message


def test_b6_totals_without_applicants() -> None:
    rows = zero_rows()
    rows["new"] = [None] * 6 + ["5"]
    (finding,) = found(make_inputs(requests_table=matrix(rows)), "B6")
    assert finding.severity == "error"
    assert "只填了总计、没有分申请人填写：“一、本年新收政府信息公开申请数量”" in finding.message
    assert len(finding.cells) == 6
    # B6 says it already; what cannot be calculated is not reported a second time.
    assert found(make_inputs(requests_table=matrix(rows)), "B3") == []


def test_b6_says_nothing_of_a_row_of_totals_that_is_filled() -> None:
    rows = {"total": ["1", "0", "0", "0", "0", "0", "1"]}
    assert found(make_inputs(requests_table=matrix(rows)), "B6") == []


def test_b3_tells_of_rows_that_are_filled_in_part() -> None:
    rows = as_texts(BALANCED)
    rows["new"][0] = None
    (hint,) = found(make_inputs(requests_table=matrix(rows)), "B3")
    assert hint.severity == "info"
    assert "表三有1行没有填全" in hint.message
    assert "“一、本年新收政府信息公开申请数量”" in hint.message


def test_b6_applicants_without_total() -> None:
    rows = as_texts(BALANCED)
    rows["new"][6] = None
    (finding,) = found(make_inputs(requests_table=matrix(rows)), "B6")
    assert finding.cells == (cell_name("requests", "new", "总计", FORMAT),)


def test_b6_a_column_left_out_as_a_whole_is_computed() -> None:
    rows = {key: [*values[:6], None] for key, values in as_texts(BALANCED).items()}
    inputs = make_inputs(requests_table=matrix(rows))
    assert errors(inputs) == set()


def test_x0_ledger_and_matrix_must_agree() -> None:
    cases = [("new", "自然人", "open", 3), ("new", "商业企业", "partial", 1)]
    rows = as_texts(slow_count(cases))
    rows["open"][0] = "4"
    rows["partial"][1] = None
    inputs = make_inputs(requests=ledger(cases), requests_table=matrix(rows))
    (finding,) = found(inputs, "X0")
    assert finding.severity == "error"
    assert finding.cells == (
        cell_name("requests", "open", "自然人", FORMAT),
        cell_name("requests", "partial", "商业企业", FORMAT),
    )
    assert "台账为3、表中填的是“4”" in finding.message
    assert "台账为1、表中未填" in finding.message
    assert identities(inputs) == []


def test_x0_needs_no_totals_but_checks_those_that_are_there() -> None:
    cases = [("new", "自然人", "open", 3)]
    rows = as_texts(slow_count(cases))
    six = {key: values[:6] for key, values in rows.items() if key != "total"}
    assert found(make_inputs(requests=ledger(cases), requests_table=matrix(six)), "X0") == []
    rows["open"][6] = "2"
    (finding,) = found(make_inputs(requests=ledger(cases), requests_table=matrix(rows)), "X0")
    assert finding.cells == (cell_name("requests", "open", "总计", FORMAT),)


GROUPS = {"C1": "行政复议", "C2": "未经复议直接起诉", "C3": "复议后起诉"}


def disputes(previous: Inputs | None = None, **groups: list[str | None]) -> Inputs:
    return make_inputs(requests=ledger(), reviews_=reviews(**groups), previous=previous)


@pytest.mark.parametrize(("id_", "group"), GROUPS.items())
@given(st.lists(st.integers(0, 99), min_size=4, max_size=4), st.integers(0, 400))
def test_a_typed_total_is_the_sum(id_: str, group: str, parts: list[int], total: int) -> None:
    texts: list[str | None] = [str(n) for n in (*parts, total)]
    inputs = disputes(**{group: texts})
    reported = [f for rule in GROUPS for f in found(inputs, rule)]
    if total == sum(parts):
        assert reported == []
        return
    (finding,) = reported
    assert (finding.id, finding.severity) == (id_, "error")
    assert (finding.left, finding.right) == (str(sum(parts)), str(total))
    assert len(finding.cells) == 5
    assert f"相差{abs(total - sum(parts))}。" in finding.message


def test_a_total_beside_blanks_is_not_passed() -> None:
    inputs = disputes(行政复议=["1", None, "0", "0", "1"])
    (hint,) = found(inputs, "C1")
    assert (hint.severity, hint.left, hint.right) == ("info", None, "1")
    assert "V3" in errors(inputs)


def test_no_typed_total_nothing_to_check() -> None:
    assert found(disputes(行政复议=["1", "2", "0", "0"]), "C1") == []
    assert found(disputes(行政复议=["1", "2", "0", "0", None]), "C1") == []


def test_c4_suits_follow_reviews() -> None:
    before = disputes(行政复议=["2", "0", "0", "5"])
    suits = {"行政复议": ["1", "0", "0", "3"], "复议后起诉": ["4", "0", "0", "0"]}
    (finding,) = found(disputes(before, **suits), "C4")
    assert (finding.severity, finding.left, finding.right) == ("info", "4", "3")
    assert "复议后起诉4件，多于本年和上年审结的行政复议3件" in finding.message
    assert found(disputes(**suits), "C4") == []  # last year's reviews are not known
    suits["复议后起诉"] = ["3", "0", "0", "0"]
    assert found(disputes(before, **suits), "C4") == []


def documents(*numbers: str, previous: Inputs | None = None, year: int = 2024) -> Inputs:
    typed = decisions(行政规范性文件=numbers)
    return make_inputs(year=year, requests=ledger(), decisions_=typed, previous=previous)


def test_a1_standing_covers_made() -> None:
    (finding,) = found(documents("5", "0", "3"), "A1")
    assert (finding.severity, finding.left, finding.right) == ("warning", "3", "5")
    assert "“行政规范性文件”现行有效3件，少于本年制发5件" in finding.message
    assert found(documents("5", "0", "5"), "A1") == []


def test_a2_repealed_existed() -> None:
    before = documents("0", "0", "4", year=2023)
    (finding,) = found(documents("1", "6", "0", previous=before), "A2")
    assert (finding.severity, finding.left, finding.right) == ("warning", "6", "5")
    assert found(documents("1", "5", "0", previous=before), "A2") == []
    assert found(documents("1", "6", "0"), "A2") == []  # last year's stock is not known


def test_unknown_numbers_are_not_judged() -> None:
    before = documents("0", "0", "4", year=2023)
    for blank in (0, 1, 2):
        numbers: list[str] = ["9", "9", "1"]
        numbers[blank] = ""
        reported = {
            f.id for rule in ("A1", "A2") for f in found(documents(*numbers, previous=before), rule)
        }
        assert reported <= ({"A1"} if blank == 1 else {"A2"} if blank == 2 else set())


def test_b7_more_carried_in_than_received_may_be_two_rows_exchanged() -> None:
    def came(new: int, carried: int, previous: Inputs | None = None) -> list[Finding]:
        cases = [("new", "自然人", "open", new), ("carried_in", "自然人", "open", carried)]
        return found(make_inputs(requests=ledger(cases), previous=previous), "B7")

    (finding,) = came(0, 21)
    assert (finding.severity, finding.left, finding.right) == ("info", "21", "0")
    assert came(21, 0) == came(4, 4) == came(1, 4) == came(30, 21) == came(9, 9) == []
    assert len(came(4, 5)) == 1
    before = make_inputs(year=2023, requests=ledger([("new", "自然人", "carried_out", 21)]))
    assert came(0, 21, before) == []  # last year's table says whether it is right

"""R1–R6: a missing, a bad, a doubled unit is found and named."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.statistics.factory import FORMAT, decisions, figures, found, ledger, matrix, one, reviews
from tests.statistics.test_rollup import WHOLE, government, typed_total, unit

from nianbao.errors import Place
from nianbao.inputs.bundle import Acknowledgement, Inputs
from nianbao.inputs.values import computed
from nianbao.statistics.checks import build_statistics, finding_key, run_checks

FEE = figures(信息处理费=("0", "元"))
ASKED = [("new", "自然人", "open", 3)]


def good(code: str, **changes: object) -> Inputs:
    """A unit that nothing is to be said of."""
    return unit(code, **{"figures_": FEE, **changes})


def rules(inputs: Inputs) -> set[str]:
    """Ids of the rules of the roll-up that speak."""
    return {f.id for f in run_checks(build_statistics(inputs, FORMAT)) if f.id.startswith("R")}


def test_nothing_is_said_of_good_units_nor_of_a_body_without_units() -> None:
    assert rules(government(good("a"), good("b"))) == set()
    assert rules(good("a", requests=ledger(ASKED))) == set()


def test_r1_a_missing_unit_blocks_and_is_named() -> None:
    area = replace(government(good("a")), missing=("示例县乙局",))
    finding = one(area, "R1")
    assert finding.severity == "error"
    assert "示例县乙局" in finding.message
    assert finding.cells == ("示例县乙局",)


def test_r1_a_missing_unit_of_a_lower_level_is_missing_too() -> None:
    county = replace(government(good("a"), code="county"), missing=("示例县丙镇人民政府",))
    assert "示例县丙镇人民政府" in one(government(good("b"), county), "R1").message


def test_r1_missing_units_may_be_allowed_and_are_still_named() -> None:
    area = replace(government(good("a")), missing=("示例县乙局",))
    for switch in ("allow_missing", "draft"):
        params = area.params.model_copy(update={switch: True})
        finding = one(replace(area, params=params), "R1")
        assert finding.severity == "warning"
        assert "示例县乙局" in finding.message


def test_r1_a_sum_that_was_changed_by_hand() -> None:
    s = build_statistics(government(good("a"), good("b")), FORMAT)
    table = s.tables["requests"]
    cells = {**table.cells, ("new", "自然人"): computed(1)}
    tampered = replace(s, tables={**s.tables, "requests": replace(table, cells=cells)})
    (finding,) = [f for f in run_checks(tampered) if f.id == "R1"]
    assert finding.severity == "error"
    assert (finding.left, finding.right) == ("1", "0")
    assert "自然人" in finding.cells[0]


def test_r1_typed_sums_are_compared_cell_by_cell() -> None:
    child = good("a", requests=ledger(ASKED))
    assert rules(government(child, figures_=WHOLE | FEE, **typed_total("3"))) == set()
    finding = one(government(child, figures_=WHOLE | FEE, **typed_total("4")), "R1")
    assert finding.severity == "warning"
    assert "填报4、各单位之和3" in finding.message
    assert len(finding.cells) == 6


def test_r1_own_figures_that_look_like_sums_would_count_twice() -> None:
    numbers = {"行政许可": ["40"], "行政处罚": ["12"], "行政强制": ["3"]}
    children = [good("a", decisions_=decisions(**numbers)), good("b")]
    own = {"reviews_": reviews(), "requests": ledger(), "figures_": FEE}
    twice = government(*children, decisions_=decisions(**numbers), **own)
    finding = one(twice, "R1")
    assert finding.severity == "warning"
    assert "表二" in finding.message
    assert "数据范围" in finding.message
    less = {**numbers, "行政许可": ["39"]}
    assert found(government(*children, decisions_=decisions(**less), **own), "R1") == []


@pytest.mark.parametrize(
    ("counts", "reported"),
    [((8, 1, 1), True), ((7, 1, 1), False), ((20, 20, 0), False), ((40, 0, 0), False)],
)
def test_r1_few_or_small_numbers_look_like_nothing(
    counts: tuple[int, int, int], reported: bool
) -> None:
    """Three cells with ten together are the least that one takes for a sum."""
    rows = ("行政许可", "行政处罚", "行政强制")
    numbers = {row: [str(count)] for row, count in zip(rows, counts, strict=True)}
    children = [good("a", decisions_=decisions(**numbers)), good("b")]
    own = {"reviews_": reviews(), "requests": ledger(), "figures_": FEE}
    same = government(*children, decisions_=decisions(**numbers), **own)
    assert bool(found(same, "R1")) is reported


def test_r2_one_bad_unit_is_named_and_blocks() -> None:
    rows = {"new": ["2"] + ["0"] * 5 + ["3"]}
    bad = good("b", requests=None, requests_table=matrix(rows))
    finding = one(government(good("a"), bad, good("c")), "R2")
    assert finding.severity == "error"
    assert "示例县b局" in finding.message
    assert "〔B3〕" in finding.message
    assert "示例县a局" not in finding.message
    assert all(cell.startswith("示例县b局：") for cell in finding.cells)


def test_b1_of_a_sum_sends_to_the_unit_and_guesses_nothing() -> None:
    # 3 came in, 2 were finished, and another unit has just 1: a number that only seems to tell.
    zeros = {row.key: ["0"] * 6 for row in FORMAT.request_rows if row.key != "total"}
    unbalanced = matrix({**zeros, "new": ["3"] + ["0"] * 5, "open": ["2"] + ["0"] * 5})
    bad = good("b", requests=None, requests_table=unbalanced)
    area = government(good("a", requests=ledger([("new", "自然人", "deny_1", 1)])), bad)
    first, *rest = [f for f in run_checks(build_statistics(area, FORMAT)) if f.severity == "error"]
    assert first.id == "R2"
    assert "示例县b局" in first.message
    own = [f for f in rest if f.id == "B1"]
    assert own
    assert all("请先看R2" in f.message and "差额" not in f.message for f in own)


def test_r2_names_the_units_that_have_not_explained_a_warning() -> None:
    before = good("b", decisions_=decisions(行政许可=["574"]))
    leap = replace(good("b", decisions_=decisions(行政许可=["5740"])), previous=before)
    (hint,) = found(government(good("a"), leap), "R2")
    assert hint.severity == "info"
    assert "示例县b局有1项提醒未说明（Y4）" in hint.message
    assert "示例县a局" not in hint.message
    key = finding_key(found(leap, "Y4")[0])
    reason = Acknowledgement(key, "机构调整", Place("acknowledged.csv"))
    assert found(government(good("a"), replace(leap, acknowledged={key: reason})), "R2") == []


@pytest.mark.parametrize(("wrong", "more"), [(3, False), (4, True)])
def test_r2_tells_three_errors_and_counts_the_rest(wrong: int, more: bool) -> None:
    # The rows that are left out are an error too.
    rows = ("new", "carried_in", "open", "partial")[: wrong - 1]
    typed = matrix({row: ["2"] + ["0"] * 5 + ["3"] for row in rows})
    finding = one(government(good("a", requests=None, requests_table=typed)), "R2")
    assert f"有{wrong}处错误" in finding.message
    assert finding.message.count("〔") == 3
    assert ("；另有1处" in finding.message) is more
    assert ("另有" in finding.message) is more


def test_r2_a_blank_cell_is_reported_with_its_unit_and_nowhere_else() -> None:
    area = government(good("a"), good("b", decisions_=decisions(行政许可=[""])))
    assert "示例县b局" in one(area, "R2").message
    assert "〔V3〕" in one(area, "R2").message
    assert found(area, "V3") == []


def test_r2_reaches_down_every_level() -> None:
    bad = good("b", reviews_=reviews(行政复议=["1", "0", "0", "0", "2"]))
    city = government(government(good("a"), bad, code="county"), code="city")
    finding = one(city, "R2")
    for words in ("示例county人民政府", "示例县b局", "〔C1〕"):
        assert words in finding.message


def test_r2_the_governments_own_data_are_held_to_the_same() -> None:
    own = {"requests": ledger(), "figures_": FEE, "decisions_": decisions()}
    typed = reviews(行政复议=["1", "0", "0", "0", "2"])
    finding = one(government(good("a"), reviews_=typed, **own), "R2")
    assert finding.message.startswith("本级的数据有1处错误：〔C1〕")


def test_r2_a_draft_may_have_blanks() -> None:
    area = government(good("a", decisions_=decisions(行政许可=[""])))
    assert found(area, "R2")
    draft = replace(area, params=area.params.model_copy(update={"draft": True}))
    assert {finding.severity for finding in found(draft, "R2")} == {"info"}


def test_r3_one_name_under_two_codes() -> None:
    again = good("b")
    card = again.agency.model_copy(update={"name": "示例县 a局"})
    finding = one(government(good("a"), replace(again, agency=card)), "R3")
    assert finding.severity == "error"
    assert "shili-a" in finding.message
    assert "shili-b" in finding.message


def test_r3_a_unit_both_directly_and_through_its_county() -> None:
    child = good("a")
    city = government(child, government(child, good("b"), code="county"), code="city")
    finding = one(city, "R3")
    assert "shili-county—shili-a" in finding.message
    assert "示例县a局" in finding.message


def test_r3_the_government_itself_as_a_unit_of_its_own() -> None:
    area = government(good("a"))
    card = good("b").agency.model_copy(update={"name": area.agency.name})
    assert found(replace(area, children=(*area.children, replace(good("b"), agency=card))), "R3")


def test_r4_units_that_came_or_went_are_listed() -> None:
    before = government(good("a"), good("b"))
    finding = one(replace(government(good("a"), good("c")), previous=before), "R4")
    assert finding.severity == "warning"
    assert finding.cells == ("示例县b局", "示例县c局")
    assert found(replace(government(good("a"), good("b")), previous=before), "R4") == []


def test_y1_between_sums_over_other_units_is_no_error() -> None:
    carried = [("new", "自然人", "carried_out", 2)]
    before = government(good("a"), good("b", requests=ledger(carried)))
    same = replace(government(good("a"), good("b")), previous=before)
    other = replace(government(good("a"), good("c")), previous=before)
    assert one(same, "Y1").severity == "error"
    assert one(other, "Y1").severity == "warning"


def test_r5_a_unit_that_does_not_say_what_it_collected() -> None:
    finding = one(government(good("a"), unit("b")), "R5")
    assert finding.severity == "warning"
    assert finding.cells == ("示例县b局",)


def test_r5_a_typed_fee_is_compared_with_the_sum() -> None:
    child = good("a", requests=ledger(ASKED), figures_=figures(信息处理费=("30", "元")))
    for typed, speaks in (("30", False), ("40", True)):
        own = WHOLE | figures(信息处理费=(typed, "元"))
        remarks = found(government(child, figures_=own, **typed_total("3")), "R5")
        assert [(f.left, f.right) for f in remarks] == ([("40", "30")] if speaks else [])


def test_x1_knows_the_notices_of_the_units() -> None:
    unpaid = ledger([("new", "自然人", "other_2", 1)])
    reported = FEE | figures(收费通知件数=("1", "件"))
    assert found(government(good("a", requests=unpaid, figures_=reported), good("b")), "X1") == []
    assert len(found(government(good("a", requests=unpaid), good("b")), "X1")) == 1


def test_r6_the_same_letter_to_two_bodies_is_two_requests() -> None:
    asked = ledger(ASKED)
    finding = one(government(good("a", requests=asked), good("b", requests=asked)), "R6")
    assert finding.severity == "info"
    assert found(government(good("a", requests=asked), good("b")), "R6") == []

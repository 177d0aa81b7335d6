"""X1–X6: tables and figures held against each other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest
from tests.statistics.case_ledgers import case_frame
from tests.statistics.factory import (
    Case,
    decisions,
    figures,
    found,
    ledger,
    make_inputs,
    reviews,
)

from nianbao.inputs.bundle import Inputs

UNPAID: list[Case] = [("new", "自然人", "other_2", 2)]
FOUR: list[Case] = [("new", "自然人", "open", 3), ("carried_in", "其他", "open", 1)]


def with_figures(cases: list[Case] = FOUR, fee: str = "0", **values: tuple[str, str]) -> Inputs:
    return make_inputs(
        requests=ledger(cases),
        decisions_=decisions(行政事业性收费=[fee]),
        figures_=figures(**values),
    )


def test_x1_an_unpaid_fee_needs_a_notice() -> None:
    (finding,) = found(with_figures(UNPAID), "X1")
    assert (finding.severity, finding.left) == ("warning", "2")
    assert len(found(with_figures(UNPAID, 收费通知件数=("0", "件")), "X1")) == 1
    assert found(with_figures(FOUR), "X1") == []


@pytest.mark.parametrize("name", ["收费通知件数", "收费通知"])
def test_x1_passes_with_a_notice_of_either_year(name: str) -> None:
    noticed = {name: ("3", "件")}
    assert found(with_figures(UNPAID, **noticed), "X1") == []
    before = make_inputs(year=2023, requests=ledger(), figures_=figures(**noticed))
    assert found(make_inputs(requests=ledger(UNPAID), previous=before), "X1") == []


def test_x2_the_processing_fee_is_part_of_the_fees() -> None:
    (finding,) = found(with_figures(fee="0.2", 信息处理费=("2950", "元")), "X2")
    assert (finding.severity, finding.left, finding.right) == ("info", "0.295", "0.2")
    assert found(with_figures(fee="0.295", 信息处理费=("2950", "元")), "X2") == []
    assert len(found(with_figures(fee="0.2", 信息处理费=("0.295", "万元")), "X2")) == 1
    assert found(with_figures(fee="0.2", 信息处理费=("2950", "美元")), "X2") == []
    (just,) = found(with_figures(fee="1", 信息处理费=("10001", "元")), "X2")
    assert (just.left, just.right) == ("1.0001", "1")


def test_x3_no_more_charged_than_received() -> None:
    (finding,) = found(with_figures(收费件数=("5", "件")), "X3")
    assert (finding.severity, finding.left, finding.right) == ("error", "5", "4")
    assert found(with_figures(收费件数=("4", "件")), "X3") == []


@pytest.mark.parametrize(
    ("fee", "unit", "reported"),
    [("2950", "元", 0), ("0", "元", 0), ("2955", "元", 1), ("0.5", "", 1), ("0.295", "万元", 0)],
)
def test_x4_the_fee_fits_the_tariff(fee: str, unit: str, reported: int) -> None:
    severities = [f.severity for f in found(with_figures(信息处理费=(fee, unit)), "X4")]
    assert severities == ["warning"] * reported


def disputes(cases: list[Case], before: list[Case] | None, number: int = 3) -> Inputs:
    last = None if before is None else make_inputs(year=2023, requests=ledger(before))
    typed = reviews(行政复议=[str(number), "0", "0", "0"])
    return make_inputs(requests=ledger(cases), reviews_=typed, previous=last)


def test_x5_disputes_without_requests() -> None:
    (finding,) = found(disputes([], []), "X5")
    assert (finding.severity, finding.left, finding.right) == ("warning", "3", "0")
    (unsure,) = found(disputes([], None), "X5")
    assert unsure.severity == "info"
    assert "上年情况不详" in unsure.message
    assert found(disputes([], FOUR), "X5") == []
    assert found(disputes(FOUR, None), "X5") == []
    assert found(disputes([], [], number=0), "X5") == []


def test_disputes_are_counted_by_their_totals() -> None:
    typed = reviews(行政复议=["0", "2", "0", "1"], 复议后起诉=["0", "0", "1", "0"])
    (finding,) = found(make_inputs(requests=ledger(), reviews_=typed), "X5")
    assert finding.left == "4"
    assert "行政复议、诉讼4件" in finding.message


def test_x6_many_disputes() -> None:
    (finding,) = found(disputes(FOUR, None, number=3), "X6")
    assert (finding.severity, finding.left, finding.right) == ("info", "3", "2")
    assert found(disputes(FOUR, None, number=2), "X6") == []
    assert found(disputes([], None, number=2), "X6") == []


NOTICE = {"收费通知日期": "2024-03-18", "收费金额（元）": "150", "收费页数": "45"}


def charged(*rows: Mapping[str, str], **values: tuple[str, str]) -> Inputs:
    made = make_inputs(
        requests=ledger([("new", "自然人", "open", len(rows))]),
        decisions_=decisions(行政事业性收费=["9"]),
        figures_=figures(**values),
    )
    return replace(made, cases=case_frame(*rows))


def test_the_fee_is_the_sum_of_those_in_the_ledger() -> None:
    two = (NOTICE, {**NOTICE, "收费金额（元）": "300", "收费页数": "60"})
    assert found(charged(*two, 信息处理费=("450", "元")), "X3") == []
    assert found(charged(*two, 信息处理费=("0.045", "万元")), "X3") == []
    (finding,) = found(charged(*two, 信息处理费=("150", "元")), "X3")
    assert (finding.severity, finding.left, finding.right) == ("error", "150", "450")
    assert "填报的信息处理费是150元" in finding.message
    assert "合计450元" in finding.message


def test_a_ledger_that_tells_no_fee_says_nothing_about_it() -> None:
    assert found(charged({}, 信息处理费=("450", "元")), "X3") == []


def test_without_a_figure_the_ledger_stands_alone() -> None:
    assert found(charged(NOTICE), "X3") == []


@pytest.mark.parametrize(
    ("change", "reported"),
    [
        ({}, None),
        ({"收费金额（元）": "160"}, "收160元，按标准为150元"),
        ({"收费页数": "", "收费金额（元）": "155"}, "收155元，两种标准都收不出"),
    ],
)
def test_each_request_is_charged_by_the_tariff(
    change: dict[str, str], reported: str | None
) -> None:
    findings = found(charged(NOTICE, {**NOTICE, **change}), "X4")
    if reported is None:
        assert findings == []
        return
    (finding,) = findings
    assert finding.severity == "warning"
    assert "申请台账有1件的收费金额" in finding.message
    assert f"2（第3行）{reported}" in finding.message
    assert finding.cells == ("申请台账 登记号2",)


def test_an_unpaid_fee_is_noticed_in_the_ledger() -> None:
    unpaid = make_inputs(requests=ledger([("new", "自然人", "other_2", 1)]))
    with_notice = replace(unpaid, cases=case_frame(NOTICE))
    without = replace(unpaid, cases=case_frame({}))
    assert found(with_notice, "X1") == []
    assert len(found(without, "X1")) == 1
    before = replace(make_inputs(year=2023, requests=ledger()), cases=case_frame(NOTICE))
    assert found(replace(without, previous=before), "X1") == []

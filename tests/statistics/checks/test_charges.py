"""X1, X3, X4 on a ledger that tells notices and fees request by request."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest
from tests.statistics.case_ledgers import case_frame
from tests.statistics.factory import decisions, figures, found, ledger, make_inputs

from nianbao.inputs.bundle import Inputs

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
    ("change", "told"),
    [
        ({}, None),
        ({"收费金额（元）": "160"}, "收160元，按标准为150元"),
        ({"收费页数": "", "收费金额（元）": "155"}, "收155元，两种标准都收不出"),
    ],
)
def test_each_request_is_charged_by_the_tariff(change: dict[str, str], told: str | None) -> None:
    findings = found(charged(NOTICE, {**NOTICE, **change}), "X4")
    if told is None:
        assert findings == []
        return
    (finding,) = findings
    assert finding.severity == "warning"
    assert "申请台账有1件的收费金额" in finding.message
    assert f"2（第3行）{told}" in finding.message
    assert finding.cells == ("申请台账 登记号2",)


def test_an_unpaid_fee_is_noticed_in_the_ledger() -> None:
    unpaid = make_inputs(requests=ledger([("new", "自然人", "other_2", 1)]))
    with_notice = replace(unpaid, cases=case_frame(NOTICE))
    without = replace(unpaid, cases=case_frame({}))
    assert found(with_notice, "X1") == []
    assert len(found(without, "X1")) == 1
    before = replace(make_inputs(year=2023, requests=ledger()), cases=case_frame(NOTICE))
    assert found(replace(without, previous=before), "X1") == []

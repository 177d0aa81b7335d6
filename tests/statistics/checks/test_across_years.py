"""Y0–Y6: this year held against last year."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.statistics.factory import (
    Case,
    decisions,
    found,
    ledger,
    make_inputs,
    matrix,
    reviews,
)

from nianbao.inputs.bundle import Inputs, NamedFigure
from nianbao.inputs.values import parse_cell


def years(now: list[Case], before: list[Case]) -> Inputs:
    return make_inputs(
        requests=ledger(now), previous=make_inputs(year=2023, requests=ledger(before))
    )


def numbers(**rows: str) -> Inputs:
    """Table 2 with single numbers, no requests."""
    return make_inputs(
        requests=ledger(), decisions_=decisions(**{row: [n] for row, n in rows.items()})
    )


def test_y0_says_that_nothing_could_be_compared() -> None:
    (finding,) = found(make_inputs(), "Y0")
    assert finding.severity == "info"
    assert "没有2023年的数据" in finding.message
    assert "nianbao import <年报文件> shili-ju 2023" in finding.message
    assert found(years([], []), "Y0") == []
    for id_ in ("Y1", "Y1c", "Y2", "Y3", "Y4", "Y5", "Y6"):
        assert found(make_inputs(requests=ledger()), id_) == []


def test_y1_what_was_carried_out_comes_in() -> None:
    carried: list[Case] = [("new", "自然人", "carried_out", 3)]
    (finding,) = found(years([("carried_in", "自然人", "open", 2)], carried), "Y1")
    assert (finding.severity, finding.left, finding.right) == ("error", "2", "3")
    assert found(years([("carried_in", "自然人", "open", 3)], carried), "Y1") == []


def test_y1_unknown_is_not_passed() -> None:
    before = make_inputs(year=2023, requests_table=matrix({"new": [None] * 6 + ["2"]}))
    (finding,) = found(make_inputs(requests=ledger(), previous=before), "Y1")
    assert (finding.severity, finding.left, finding.right) == ("info", "0", None)
    assert "上年的结转下年度件数没有填" in finding.message
    blank = make_inputs(previous=make_inputs(year=2023, requests=ledger()))
    (finding,) = found(blank, "Y1")
    assert (finding.severity, finding.left, finding.right) == ("info", None, "0")


def test_y1c_the_same_total_under_another_applicant() -> None:
    carried: list[Case] = [
        ("new", "自然人", "carried_out", 3),
        ("new", "商业企业", "carried_out", 1),
    ]
    moved: list[Case] = [("carried_in", "自然人", "open", 4)]
    (finding,) = found(years(moved, carried), "Y1c")
    assert finding.severity == "warning"
    assert "“自然人”本年4件、上年3件、“商业企业”本年0件、上年1件" in finding.message
    assert len(finding.cells) == 2
    more: list[Case] = [("carried_in", "自然人", "open", 5)]
    assert found(years(more, carried), "Y1c") == []  # that is Y1's
    same: list[Case] = [("carried_in", "自然人", "open", 3), ("carried_in", "商业企业", "open", 1)]
    assert found(years(same, carried), "Y1c") == []


@pytest.mark.parametrize(
    ("now", "reported"), [(("2", "1", "12"), 0), (("3", "1", "12"), 1), (("50", "227", ""), 0)]
)
def test_y2_the_stock_balances(now: tuple[str, str, str], reported: int) -> None:
    before = make_inputs(
        year=2023, requests=ledger(), decisions_=decisions(行政规范性文件=["0", "0", "11"])
    )
    typed = decisions(行政规范性文件=now)
    inputs = make_inputs(requests=ledger(), decisions_=typed, previous=before)
    findings = found(inputs, "Y2")
    assert [(f.severity, f.left, f.right) for f in findings] == [("warning", "13", "12")] * reported


@pytest.mark.parametrize(
    ("declared", "reported"),
    [
        ({}, 1),
        ({"修订行政规范性文件": "1"}, 0),
        ({"失效行政规范性文件": "1"}, 0),
        ({"修订行政规范性文件": "1", "失效行政规范性文件": "1"}, 1),
        ({"修订规章": "1"}, 1),
        ({"修订行政规范性文件": ""}, 1),
    ],
)
def test_y2_revisions_and_lapses_that_were_declared_count(
    declared: dict[str, str], reported: int
) -> None:
    before = make_inputs(
        year=2023, requests=ledger(), decisions_=decisions(行政规范性文件=["0", "0", "11"])
    )
    typed = decisions(行政规范性文件=["3", "1", "12"])
    inputs = replace(
        make_inputs(requests=ledger(), decisions_=typed, previous=before),
        figures={n: NamedFigure(n, parse_cell(v), "件", "") for n, v in declared.items()},
    )
    assert len(found(inputs, "Y2")) == reported


def test_y2_goes_on_behind_a_row_that_nobody_filled_in() -> None:
    before = make_inputs(
        year=2023, requests=ledger(), decisions_=decisions(行政规范性文件=["0", "0", "11"])
    )
    typed = decisions(规章=["", "", ""], 行政规范性文件=["3", "2", "13"])
    (finding,) = found(make_inputs(requests=ledger(), decisions_=typed, previous=before), "Y2")
    assert (finding.left, finding.right) == ("12", "13")


def test_y3_pending_cases_return() -> None:
    def disputes(previous: Inputs | None = None, **groups: list[str]) -> Inputs:
        return make_inputs(requests=ledger(), reviews_=reviews(**groups), previous=previous)

    before = disputes(行政复议=["0", "0", "0", "4"])
    (finding,) = found(disputes(before, 行政复议=["3", "0", "0", "0"]), "Y3")
    assert (finding.severity, finding.left, finding.right) == ("warning", "4", "3")
    assert found(disputes(before, 行政复议=["3", "0", "0", "1"]), "Y3") == []


@pytest.mark.parametrize(
    ("now", "before", "reported"),
    [
        ("100", "20", ["Y4"]),
        ("99", "20", []),
        ("4", "20", ["Y4"]),
        ("5", "20", []),
        ("9000", "9", []),
        ("0", "20", ["Y5"]),
        ("20", "0", ["Y5"]),
        ("9", "0", []),
        ("0", "0", []),
        ("", "20", []),
    ],
)
def test_y4_and_y5_leaps(now: str, before: str, reported: list[str]) -> None:
    inputs = replace(numbers(行政许可=now), previous=numbers(行政许可=before))
    findings = [f for id_ in ("Y4", "Y5") for f in found(inputs, id_)]
    assert [(f.id, f.severity) for f in findings] == [(id_, "warning") for id_ in reported]
    assert all(f.cells == ("表二“行政许可”×“本年处理决定数量”",) for f in findings)


def test_y4_sees_totals_of_table_3_but_not_every_applicant() -> None:
    inputs = years([("new", "自然人", "open", 100)], [("new", "自然人", "open", 20)])
    assert {cell.split("×")[1] for f in found(inputs, "Y4") for cell in f.cells} == {"“总计”"}


def test_y6_a_copied_table() -> None:
    same = numbers(行政许可="486", 行政事业性收费="298.7350")
    copied = replace(numbers(行政许可="486", 行政事业性收费="298.735"), previous=same)
    (finding,) = found(copied, "Y6")
    assert finding.severity == "warning"
    assert finding.message.startswith("表二的每一个数都与上年相同")
    changed = replace(numbers(行政许可="487", 行政事业性收费="298.735"), previous=same)
    assert found(changed, "Y6") == []
    zeros = numbers(行政许可="0")
    assert found(replace(zeros, previous=zeros), "Y6") == []

"""Each value by itself."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.statistics.factory import (
    decisions,
    disclosures,
    errors,
    figures,
    findings,
    found,
    ledger,
    make_inputs,
    matrix,
    one,
    reviews,
    zero_rows,
)

from nianbao.errors import Place
from nianbao.inputs.bundle import Inputs, NamedFigure
from nianbao.inputs.values import parse_cell, read_cell

MADE = "表二“行政规范性文件”×“本年制发件数”"
FEE = "表二“行政事业性收费”×“本年收费金额（单位：万元）”"


def documents(made: str | None) -> Inputs:
    """No requests, and table 2 with one cell changed."""
    return make_inputs(requests=ledger(), decisions_=decisions(行政规范性文件=[made, "0", "100"]))


def charging(fee: str | None, **changes: object) -> Inputs:
    typed = decisions(行政事业性收费=[fee])
    return replace(make_inputs(requests=ledger(), decisions_=typed), **changes)


def test_a_correct_report_has_no_errors_or_warnings() -> None:
    assert {f.severity for f in findings(documents("3"))} <= {"info"}


@pytest.mark.parametrize("text", ["-1", "2.5", "约20", "12件", "12条"])
def test_v1_a_count_is_a_whole_number(text: str) -> None:
    finding = one(documents(text), "V1")
    assert (finding.severity, finding.cells) == ("error", (MADE,))
    assert text in finding.message
    assert "decisions.csv" in finding.message


@pytest.mark.parametrize("text", ["0", "3", "3.0", "1,024", "22（其中修订16件）"])
def test_v1_passes_whole_numbers(text: str) -> None:
    assert found(documents(text), "V1") == []


def test_v1_looks_at_typed_totals() -> None:
    rows = zero_rows()
    rows["new"][6] = "0件"
    finding = one(make_inputs(requests_table=matrix(rows)), "V1")
    assert finding.cells == ("表三“一、本年新收政府信息公开申请数量”×“总计”",)


def test_v1_is_one_finding_a_table() -> None:
    rows = {key: ["x"] * 7 for key in zero_rows()}
    finding = one(make_inputs(requests_table=matrix(rows)), "V1")
    assert len(finding.cells) == 175
    assert "等175处" in finding.message


def test_v1_counts_of_disclosures() -> None:
    rows = disclosures([("网站", "财政", "-3"), ("网站", "政策", "2")])
    finding = one(make_inputs(requests=ledger(), disclosures_=rows), "V1")
    assert finding.cells == ("主动公开“网站”×“财政”",)


@pytest.mark.parametrize("text", ["-0.01", "1.0000001", "3万元", "免收"])
def test_v2_a_fee_is_money(text: str) -> None:
    finding = one(charging(text), "V2")
    assert (finding.severity, finding.cells) == ("error", (FEE,))
    assert found(charging(text), "V1") == []


@pytest.mark.parametrize("text", ["0", "7545", "4166.241619", "7730.2800"])
def test_v2_passes_up_to_six_decimals(text: str) -> None:
    assert found(charging(text), "V2") == []


def test_v3_a_blank_blocks_a_release_and_warns_in_a_draft() -> None:
    finding = one(documents(None), "V3")
    assert (finding.severity, finding.cells) == ("error", (MADE,))
    assert "有1格未填：“行政规范性文件”的“本年制发件数”" in finding.message
    assert "没有发生的填0" in finding.message
    released = documents(None)
    draft = replace(released, params=released.params.model_copy(update={"draft": True}))
    assert one(draft, "V3").severity == "warning"
    assert errors(draft) == set()


def test_v3_a_table_not_handed_in_is_one_finding() -> None:
    inputs = replace(make_inputs(decisions_={}), reviews=None)
    blanks = {f.message.split("（")[0]: len(f.cells) for f in found(inputs, "V3")}
    assert blanks == {"表二全部未填": 10, "表三全部未填": 144, "表四全部未填": 12}
    said = {f.message.split("（")[0]: f.message for f in found(inputs, "V3")}
    assert "中没有requests.csv或requests_table.csv，" in said["表三全部未填"]
    assert "data/shili-ju/2024/ 中没有reviews.csv，" in said["表四全部未填"]


def test_v3_names_whole_rows_once_and_not_the_totals_that_follow() -> None:
    rows = zero_rows(6)
    del rows["open"]
    rows["partial"][1] = None
    finding = one(make_inputs(requests_table=matrix(rows)), "V3")
    assert "“三、（一）予以公开”整行" in finding.message
    assert "的“商业企业”" in finding.message
    assert len(finding.cells) == 7


def test_v3_disclosures_without_count() -> None:
    rows = disclosures([("网站", "财政", ""), ("网站", "政策", "2")])
    finding = one(make_inputs(requests=ledger(), disclosures_=rows), "V3")
    assert finding.cells == ("主动公开“网站”×“财政”",)


@pytest.mark.parametrize("mark", ["/", "-", "—", "无"])
def test_v4_a_mark_is_not_a_number(mark: str) -> None:
    finding = one(documents(mark), "V4")
    assert (finding.severity, finding.cells) == ("error", (MADE,))
    assert found(documents(mark), "V3") == []


def test_v4_looks_at_typed_totals() -> None:
    typed = reviews(行政复议=["0", "0", "0", "0", "/"])
    finding = one(make_inputs(requests=ledger(), reviews_=typed), "V4")
    assert finding.cells == ("表四“行政复议”×“总计”",)


def test_v5_a_note_is_reported() -> None:
    finding = one(documents("22（其中修订16件）"), "V5")
    assert (finding.severity, finding.cells) == ("warning", (MADE,))
    assert "22（其中修订16件）" in finding.message
    assert found(documents("22"), "V5") == []


@pytest.mark.parametrize("text", ["12条", "12 份", "22（其中修订16条）"])
def test_v6_the_wrong_measure_word(text: str) -> None:
    finding = one(documents(text), "V6")
    assert (finding.severity, finding.cells) == ("warning", (MADE,))


@pytest.mark.parametrize(("text", "count"), [("12条", 1), ("12 份", 1), ("12件", 0), ("十二", 0)])
def test_v6_tells_a_unit_that_the_reader_took_off(text: str, count: int) -> None:
    table = decisions()
    made = next(key for key in table if key[0] == "行政规范性文件")
    table[made] = read_cell(text, table[made].place)
    assert table[made].number == 12
    assert len(found(make_inputs(requests=ledger(), decisions_=table), "V6")) == count


def test_v6_yuan_in_the_table_and_ten_thousand_in_the_figures() -> None:
    assert one(charging("3000元"), "V6").cells == (FEE,)
    assert found(charging("3万元"), "V6") == []
    assert found(documents("12件"), "V6") == []
    fee = one(charging("1", figures=figures(信息处理费=("0.3", "万元"))), "V6")
    assert "应以元计" in fee.message
    assert found(charging("1", figures=figures(信息处理费=("300", "元"))), "V6") == []


def test_v7_a_thousand_times_last_year() -> None:
    before = charging("12.5")
    finding = one(charging("125000", previous=before), "V7")
    assert (finding.severity, finding.left, finding.right) == ("warning", "125000", "12.5")
    assert found(charging("1250.5", previous=before), "V7") == []


def test_v7_a_large_round_sum_of_a_small_body() -> None:
    assert one(charging("356000"), "V7").cells == (FEE,)
    assert found(charging("356040"), "V7") == []
    assert found(charging("9900"), "V7") == []
    county = make_inputs(
        kind="government", requests=ledger(), decisions_=decisions(行政事业性收费=["356000"])
    )
    assert found(county, "V7") == []


def test_v8_rules_need_the_power_to_make_them() -> None:
    typed = decisions(规章=["2", "0", "2"])
    inputs = make_inputs(requests=ledger(), decisions_=typed)
    finding = one(inputs, "V8")
    assert finding.severity == "warning"
    assert finding.cells == ("表二“规章”×“本年制发件数”", "表二“规章”×“现行有效件数”")
    allowed = make_inputs(requests=ledger(), decisions_=typed, agency={"can_make_rules": True})
    assert found(allowed, "V8") == []


@pytest.mark.parametrize(
    ("enforces", "permits", "reported"),
    [(True, "0", 1), (False, "3", 1), (True, "3", 0), (False, "0", 0), (None, "3", 0)],
)
def test_v9_enforcement(enforces: bool | None, permits: str, reported: int) -> None:
    inputs = make_inputs(
        requests=ledger(),
        decisions_=decisions(行政许可=[permits]),
        agency={"enforcement": enforces},
    )
    assert [f.severity for f in found(inputs, "V9")] == ["info"] * reported


def test_a_blank_is_reported_with_the_place_of_the_first() -> None:
    (finding,) = found(make_inputs(requests=ledger(), decisions_=decisions(行政许可=[None])), "V3")
    assert "（首处见data/shili-ju/2024/decisions.csv" in finding.message


def with_figures(**values: str) -> Inputs:
    figures = {
        name: NamedFigure(name, parse_cell(text, Place("f.csv", row=row)), "", "")
        for row, (name, text) in enumerate(values.items(), 2)
    }
    return make_inputs(requests=ledger(), figures_=figures)


def test_a_blank_row_is_reported_with_its_place() -> None:
    (hint,) = found(with_figures(培训次数="2", 政协提案="", 人大建议=""), "V10")
    assert hint.severity == "info"
    assert "有2行没有填：“政协提案”、“人大建议”（首处见f.csv 第3行）" in hint.message
    assert found(with_figures(培训次数="0", 政协提案="/", 解读="66万余"), "V10") == []


@pytest.mark.parametrize(
    ("text", "number", "measure"),
    [
        ("2次", "2", "次"),
        ("１２ 条", "12", "条"),
        ("1,024.5万元", "1,024.5", "万元"),
        ("9人次", "9", "人次"),
    ],
)
def test_a_number_with_its_measure_is_no_number(text: str, number: str, measure: str) -> None:
    (warning,) = found(with_figures(培训次数=text), "V11")
    assert warning.severity == "warning"
    assert f"填的是“{text}”（f.csv 第2行）" in warning.message
    assert f"只填{number}，“单位”列填“{measure}”" in warning.message


@pytest.mark.parametrize(
    "text", ["2", "2（其中线上1次）", "66万余", "第2次", "", "/", "12.5%", "两次"]
)
def test_a_text_that_is_meant_so_passes(text: str) -> None:
    assert found(with_figures(培训次数=text), "V11") == []

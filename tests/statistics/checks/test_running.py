"""The keys by which findings are acknowledged: no two findings of a report share one."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.counties import write_county
from tests.projects import REPOSITORY, copy_project
from tests.statistics.factory import (
    CODE,
    FORMAT,
    decisions,
    disclosures,
    figures,
    findings,
    found,
    ledger,
    make_inputs,
    matrix,
    reviews,
    zero_rows,
)

from nianbao.errors import Place, Problem
from nianbao.inputs.bundle import Inputs, NamedFigure
from nianbao.inputs.load import load_inputs
from nianbao.inputs.project import list_reports
from nianbao.inputs.values import parse_cell
from nianbao.statistics.checks import build_statistics, finding_key, run_checks
from nianbao.statistics.checks.running import group_findings
from nianbao.statistics.model import Finding, Severity

texts = st.sampled_from(["", "/", "0", "0", "1", "2", "60", "-3", "1.5", "九", "7（含5条）", "8条"])
"""What is typed into a cell: right, blank, and wrong in every way that a rule looks for."""


@st.composite
def bureaus(draw: st.DrawFn) -> Inputs:
    """A year of an invented bureau, with or without totals."""
    width = draw(st.sampled_from([6, 7]))
    rows = {row.key: [draw(texts) for _ in range(width)] for row in FORMAT.request_rows}
    per_row = {
        r: sum(row == r for row, _ in FORMAT.decision_cells) for r, _ in FORMAT.decision_cells
    }
    typed = {row: [draw(texts) for _ in range(count)] for row, count in per_row.items()}
    groups = {g.key: [draw(texts) for _ in range(draw(st.sampled_from([4, 5])))]
              for g in FORMAT.review_groups}  # fmt: skip
    fee = draw(st.sampled_from(["", "0", "15", "80000"]))
    counted = [("政府网站", kind, draw(texts)) for kind in ("政策文件", "计划总结", "人事信息")]
    return make_inputs(
        requests_table=matrix(rows), decisions_=decisions(**typed), reviews_=reviews(**groups),
        disclosures_=disclosures(counted), figures_=figures(信息处理费=(fee, "元")),
        agency={"enforcement": draw(st.booleans())},
    )  # fmt: skip


def shared(found: tuple[Finding, ...]) -> dict[str, set[str]]:
    """The messages of each key that several findings have."""
    messages: dict[str, set[str]] = {}
    for finding in found:
        messages.setdefault(finding_key(finding), set()).add(finding.message)
    return {key: reported for key, reported in messages.items() if len(reported) > 1}


@settings(max_examples=60)
@given(bureaus(), st.none() | bureaus(), st.booleans())
def test_no_two_findings_of_a_bureau_share_a_key(
    this: Inputs, last: Inputs | None, copied: bool
) -> None:
    before = this if copied else last
    if before is not None:
        previous = replace(before, params=before.params.model_copy(update={"year": 2023}))
        this = replace(this, previous=previous)
    assert shared(findings(this)) == {}


def test_the_same_table_twice_is_two_findings() -> None:
    rows = {row.key: ["0"] * 6 for row in FORMAT.request_rows}
    rows |= {"new": ["1"] + ["0"] * 5, "open": ["1"] + ["0"] * 5}
    groups = {g.key: ["1", "0", "0", "0"] for g in FORMAT.review_groups}
    last = make_inputs(year=2023, requests_table=matrix(rows), reviews_=reviews(**groups))
    both = replace(last, params=last.params.model_copy(update={"year": 2024}), previous=last)
    reported = [f for f in findings(both) if f.id == "Y6"]
    assert [f.cells for f in reported] == [("表三",), ("表四",)]
    assert len({finding_key(f) for f in reported}) == 2


def test_every_year_that_is_left_out_has_a_key() -> None:
    problem = Problem("打不开", Place("data/shili-ju/2020/requests.csv"))
    inputs = replace(make_inputs(requests_table={}), unread={2020: (problem,), 2021: (problem,)})
    reported = [f for f in findings(inputs) if f.id == "Y12"]
    assert [f.cells for f in reported] == [("2020年",), ("2021年",)]


@pytest.mark.parametrize(("agency", "year"), list_reports(REPOSITORY))
def test_no_two_findings_of_a_sample_share_a_key(agency: str, year: int) -> None:
    inputs = load_inputs(REPOSITORY, agency, year)
    assert shared(run_checks(build_statistics(inputs, FORMAT))) == {}


def test_no_two_findings_of_a_county_share_a_key(tmp_path: Path) -> None:
    write_county(tmp_path, count=4)
    every = [load_inputs(tmp_path, agency, year) for agency, year in list_reports(tmp_path)]
    governments = [inputs for inputs in every if inputs.children]
    assert governments
    spoilt = [
        replace(top, children=tuple(replace(unit, reviews={}) for unit in top.children))
        for top in governments
    ]
    for inputs in (*every, *spoilt):
        assert shared(run_checks(build_statistics(inputs, FORMAT))) == {}
    assert len(found_in(spoilt[0], "R2")) > 1


def found_in(inputs: Inputs, id_: str) -> list[Finding]:
    return [f for f in run_checks(build_statistics(inputs, FORMAT)) if f.id == id_]


FOLDER = f"data/{CODE}/2024"


def test_a_wrong_typed_total_is_found_where_it_stands() -> None:
    typed = reviews(行政复议=["1", "0", "0", "0", "3"])
    (finding,) = found(make_inputs(requests=ledger(), reviews_=typed), "C1")
    assert finding.message.endswith(f"和总计。位置：{FOLDER}/reviews.csv“总计”列。")


def test_a_total_that_was_not_typed_is_found_by_its_row() -> None:
    now, before = zero_rows(6), zero_rows(6)
    before["carried_out"][0] = before["new"][0] = "2"
    last = make_inputs(year=2023, requests_table=matrix(before))
    (finding,) = found(make_inputs(requests_table=matrix(now), previous=last), "Y1")
    assert finding.message.endswith(f"位置：{FOLDER}/requests_table.csv。")


def test_what_was_counted_from_a_ledger_has_no_place() -> None:
    last = make_inputs(year=2023, requests=ledger([("new", "自然人", "carried_out", 1)]))
    (finding,) = found(make_inputs(requests=ledger(), previous=last), "Y1")
    assert "位置" not in finding.message


def test_a_matrix_beside_a_ledger_is_where_its_number_stands() -> None:
    rows = zero_rows(6)
    rows["new"][0] = "2"
    (finding,) = found(make_inputs(requests=ledger(), requests_table=matrix(rows)), "X0")
    assert finding.message.endswith(f"位置：{FOLDER}/requests_table.csv“自然人”列。")


def test_other_rules_say_it_too() -> None:
    table2 = decisions(规章=["2", "0", "2"])
    (finding,) = found(make_inputs(requests=ledger(), decisions_=table2), "V8")
    assert finding.message.count(f"位置：{FOLDER}/decisions.csv") == 1
    fee = NamedFigure("信息处理费", parse_cell("15", Place("data/a.csv", row=2)), "件", "")
    (finding,) = found(make_inputs(requests=ledger(), figures_={fee.name: fee}), "V6")
    assert finding.message.endswith("位置：data/a.csv 第2行。")


def test_a_place_is_reported_once() -> None:
    (finding,) = found(
        make_inputs(requests=ledger(), decisions_=decisions(规章=["x", "0", "0"])), "V1"
    )
    assert finding.message.count("decisions.csv") == 1


def test_a_row_of_a_file_is_reported(tmp_path: Path) -> None:
    copy_project(tmp_path, "shili-zrzyj")
    file = tmp_path / "data/shili-zrzyj/2024/reviews.csv"
    text = file.read_text(encoding="utf-8-sig").rstrip("\n")
    row = text.count("\n") + 2
    file.write_text(f"{text}\n行政复议,总计,77\n", encoding="utf-8")
    inputs = load_inputs(tmp_path, "shili-zrzyj", 2024)
    (finding,) = found(inputs, "C1")
    where = f"位置：data/shili-zrzyj/2024/reviews.csv 第{row}行“件数”列。"
    assert finding.message.endswith(where)


SEVERITY = st.sampled_from(("error", "warning", "info"))
MESSAGES = st.sampled_from(
    ("“甲”没有填", "“乙”没有填", "第3行没有填", "第12行没有填", "改成3，应为5", "全文没有日期")
)


def finding(rule: str, severity: Severity, message: str, key: str = "") -> Finding:
    return Finding(rule, severity, message, key=key)


def test_what_they_differ_in_stands_at_the_end() -> None:
    same = [
        finding("V3", "warning", f"表三“{row}”第{n}行没有填。", f"V3-{n}")
        for n, row in enumerate(("甲", "乙", "丙"), 2)
    ]
    other = finding("L12", "warning", "用的是通用文字")
    grave = finding("B1", "error", "“甲”不平")
    groups = group_findings([other, *same, grave])
    assert [group.message for group in groups] == [
        "“甲”不平",
        "表三“…”第…行没有填（共3处：“甲”／2、“乙”／3、“丙”／4）",
        "用的是通用文字",
    ]
    assert [f.key for f in groups[1].findings] == ["V3-2", "V3-3", "V3-4"]


def test_a_finding_with_a_reason_and_one_of_another_gravity_stay_apart() -> None:
    reasoned = Finding("V3", "info", "“甲”没有填", reason="核实过")
    others = [finding("V3", "info", "“乙”没有填"), finding("V3", "error", "“丙”没有填")]
    assert len(group_findings([reasoned, *others])) == 3


@given(st.lists(st.tuples(st.sampled_from(("V3", "S11", "L12")), SEVERITY, MESSAGES), max_size=12))
def test_every_finding_is_in_one_group_and_the_gravest_come_first(
    rows: list[tuple[str, Severity, str]],
) -> None:
    found = [finding(*row, key=str(n)) for n, row in enumerate(rows)]
    groups = group_findings(found)
    kept = sorted((f.key for group in groups for f in group.findings), key=int)
    assert kept == [f.key for f in found]
    order = [("error", "warning", "info").index(group.first.severity) for group in groups]
    assert order == sorted(order)


def test_findings_that_differ_in_too_much_stay_lines_of_their_own() -> None:
    found = [
        Finding(
            "D1", "info", f"工作表“{sheet}”有1格写成了汉字：第{row}行“{head}”列“{text}”读作{n}。"
        )
        for sheet, row, head, text, n in (
            ("主动公开", 5, "条数", "三百", 300),
            ("其他数据", 7, "数值", "两", 2),
        )
    ]
    assert [group.message for group in group_findings(found)] == [f.message for f in found]

"""S1–S3: headings and the shape of the tables."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.statistics.factory import FORMAT, found, ledger, make_inputs

from nianbao.errors import Place
from nianbao.inputs.bundle import EditedNumber, SectionText
from nianbao.statistics.checks import build_statistics, check_headings, run_checks

HEADINGS = [section.heading for section in FORMAT.headings()]


def changed(old: str, *new: str) -> list[str]:
    """The headings with one replaced by others."""
    place = HEADINGS.index(old)
    return [*HEADINGS[:place], *new, *HEADINGS[place + 1 :]]


def test_the_format_satisfies_itself() -> None:
    assert check_headings(HEADINGS, FORMAT) == ()


def test_further_headings_of_lower_levels_are_free() -> None:
    free = [*HEADINGS, "（一）信息处理费", "1.收取情况", "一是加强培训"]
    assert check_headings(free, FORMAT) == ()


@pytest.mark.parametrize(
    ("headings", "words"),
    [
        (changed("五、存在的主要问题及改进情况"), "缺少标题：“五、存在的主要问题及改进情况”"),
        ([*HEADINGS, "六、其他需要报告的事项"], "标题重复出现：“六、其他需要报告的事项”"),
        ([*HEADINGS, "七、附表"], "有不属于统一格式的同级标题：“七、附表”"),
        (
            changed("（一）主动公开", "一、主动公开"),
            "有不属于统一格式的同级标题：“一、主动公开”",
        ),
        ([*HEADINGS[9:], *HEADINGS[:9]], "六个部分的顺序不对"),
    ],
)
def test_s1_headings_are_exact_in_order_and_once(headings: list[str], words: str) -> None:
    reported = [f for f in check_headings(headings, FORMAT) if f.id == "S1"]
    assert [f.severity for f in reported] == ["error"] * len(reported)
    assert any(words in f.message for f in reported)


def test_s1_a_renumbered_heading_is_missing_and_foreign() -> None:
    reported = check_headings(
        changed("二、主动公开政府信息情况", "三、主动公开政府信息情况"), FORMAT
    )
    assert [f.message.split("：")[0] for f in reported] == [
        "缺少标题",
        "有不属于统一格式的同级标题",
    ]


def test_s1_a_wording_of_published_reports_is_not_that_of_the_format() -> None:
    variant = changed("五、存在的主要问题及改进情况", "五、存在问题及改进情况")
    assert {f.id for f in check_headings(variant, FORMAT)} == {"S1"}


def test_s3_five_aspects() -> None:
    four = changed("（三）政府信息管理")
    (found,) = check_headings(four, FORMAT)
    assert (found.id, found.severity) == ("S3", "error")
    assert "“（三）政府信息管理”" in found.message


def test_s3_goes_by_the_topic_not_the_wording() -> None:
    worded = changed("（四）政府信息公开平台建设", "（四）加强平台建设情况")
    assert check_headings(worded, FORMAT) == ()


def test_s3_looks_in_the_first_part_only() -> None:
    elsewhere = [*changed("（五）监督保障"), "（二）监督保障"]
    assert [f.id for f in check_headings(elsewhere, FORMAT)] == ["S3"]


def test_s3_without_the_first_part_every_aspect_is_missing() -> None:
    reported = check_headings(HEADINGS[1:], FORMAT)
    assert [f.id for f in reported] == ["S1", "S3"]
    assert len(reported[1].cells) == 5


def test_s2_a_table_that_is_not_there_stops_the_rest() -> None:
    context = build_statistics(make_inputs(), FORMAT)
    tables = {key: table for key, table in context.tables.items() if key != "reviews"}
    (finding,) = run_checks(replace(context, tables=tables))
    assert (finding.id, finding.severity) == ("S2", "error")
    assert "表四缺失，应有15格" in finding.message


def test_s2_a_table_with_other_cells() -> None:
    context = build_statistics(make_inputs(), FORMAT)
    table = context.tables["decisions"]
    fewer = {key: cell for key, cell in table.cells.items() if key[0] != "规章"}
    tables = {**context.tables, "decisions": replace(table, cells=fewer)}
    (finding,) = run_checks(replace(context, tables=tables))
    assert "表二有3格与统一格式不符，应有10格" in finding.message


@pytest.mark.parametrize(
    ("kind", "deadline", "written", "words"),
    [
        ("department", None, "2025-01-31", ""),
        ("department", None, "2025-02-01", "晚于条例第四十九条的期限2025年1月31日"),
        ("department", "01-20", "2025-01-20", ""),
        ("department", "01-20", "2025-01-21", "公布期限（deadline）2025年1月20日"),
        ("department", "02-28", "2025-02-10", "条例第四十九条的期限2025年1月31日"),
        ("township", None, "2025-03-10", "2025年1月31日"),
        ("government", None, "2025-03-31", ""),
        ("government", None, "2025-04-01", "2025年3月31日"),
        ("department", None, "2024-12-31", "统计期限还没有结束"),
        ("department", None, "2024-01-20", "统计期限还没有结束"),
        ("department", None, None, ""),
    ],
)
def test_s15_the_date_lies_behind_the_year_and_within_the_limit(
    kind: str, deadline: str | None, written: str | None, words: str
) -> None:
    inputs = make_inputs()
    agency = inputs.agency.model_copy(update={"kind": kind, "deadline": deadline})
    params = inputs.params.model_copy(update={"report_date": written})
    dated = build_statistics(replace(inputs, agency=agency, params=params), FORMAT)
    reported = [f for f in run_checks(dated) if f.id == "S15"]
    assert [words in f.message for f in reported] == ([True] if words else [])
    assert {f.severity for f in reported} <= {"warning"}


@pytest.mark.parametrize(
    ("date", "signature", "words"),
    [
        ("2025-01-20", None, "成文日期不会印出"),
        ("2025-01-20", False, "signature: true（落款：是）"),
        (None, True, "没有成文日期，落款只印机关名称"),
        (None, True, "report_date（成文日期），如 2025-01-20。"),
        ("2025-01-20", True, None),
        (None, None, None),
    ],
)
def test_s10_a_signature_is_a_name_and_a_date(
    date: str | None, signature: bool | None, words: str | None
) -> None:
    inputs = make_inputs(requests=ledger())
    params = inputs.params.model_copy(update={"report_date": date, "signature": signature})
    found = run_checks(build_statistics(replace(inputs, params=params), FORMAT))
    reported = [f for f in found if f.id == "S10"]
    assert [f.severity for f in reported] == (["info"] if words else [])
    assert all((words or "") in f.message for f in reported)
    assert all("params/shili-ju/2024.yaml" in f.message for f in reported)


def test_s11_a_text_that_is_not_printed_is_reported_with_both_places() -> None:
    file = SectionText("overview.requests", "新。", Place("narrative.md", line=3))
    sheet = SectionText("overview.requests", "旧。", Place("workbook.xlsx", "正文", 4))
    inputs = replace(
        make_inputs(requests=ledger()), narrative={file.key: file}, overruled={file.key: sheet}
    )
    (hint,) = found(inputs, "S11")
    assert hint.severity == "info"
    assert "：“（二）依申请公开”（narrative.md" in hint.message
    assert f"{file.place}，{sheet.place}）" in hint.message
    assert found(make_inputs(requests=ledger()), "S11") == []


def test_s14_a_number_that_an_edit_changed_is_reported_while_its_words_stand() -> None:
    text = SectionText("overview.requests", "全年新收\\申请41件。", Place("narrative.md", line=3))
    number = EditedNumber(
        "overview.requests", "40", "41", "新收申请41件", "report.docx", "", text.place
    )
    inputs = replace(
        make_inputs(requests=ledger()), narrative={text.key: text}, edited_numbers=(number,)
    )
    (finding,) = found(inputs, "S14")
    assert (finding.left, finding.right, finding.severity) == ("40", "41", "warning")
    assert finding.message == (
        "“（二）依申请公开”中“…新收申请41件…”一处，report.docx 由“40”改成“41”，数据中没有这个数，"
        "还没有确认。请核对；确属无误的，写明理由。"
    )
    for change, words in (
        ({"before": ""}, "report.docx 加了“41”"), ({"known": "是40"}, "，而数据中是40，"),
        ({"refused": True}, None), ({"near": "新收申请42件"}, None), ({"section": "other"}, None),
    ):  # fmt: skip
        changed_ = replace(inputs, edited_numbers=(replace(number, **change),))
        said = [each.message for each in found(changed_, "S14")]
        assert [words in each for each in said] == ([True] if words else []), change

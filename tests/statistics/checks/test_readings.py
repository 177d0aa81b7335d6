"""D1–D8: what was read otherwise than it stands in the files."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.statistics.factory import found, ledger, make_inputs

from nianbao.errors import Place
from nianbao.inputs.values import Reading, ReadingKind


def reported(
    kind: ReadingKind, *cells: tuple[str, str], column: str | None = "件数"
) -> list[Reading]:
    return [
        Reading(kind, Place("a.xlsx", "申请台账", row, column), written, read)
        for row, (written, read) in enumerate(cells, 4)
    ]


@pytest.mark.parametrize(
    ("readings", "rule", "severity", "words"),
    [
        (reported("unit", ("4条", "4"), ("5条", "5")), "D1", "info", "有2格带了单位"),
        (reported("day", ("3月5日", "2024-03-05")), "D1", "info", "“3月5日”读作2024-03-05"),
        (
            reported("slip", ("7号", "2025-05-06收到")),
            "D2",
            "warning",
            "第4行（7号，2025-05-06收到）",
        ),
        (reported("outside", ("7号", "2022-05-06已答复")), "D2", "info", "没有计入"),
        (reported("hidden", ("7号", "")), "D3", "warning", "有1行隐藏了，照数计入：第4行（7号）"),
        (reported("struck", ("7号", "")), "D3", "warning", "加了删除线"),
        (reported("rounded", ("7.666", "7.67"), column="数值"), "D4", "info", "“7.666”读作7.67"),
        (reported("rounded", ("4.6", "5")), "D4", "warning", "“4.6”读作5"),
        (reported("scaled", ("12345", "12.3")), "D4", "warning", "“12345”读作12.3"),
        (reported("unshown", ("", "5")), "D4", "warning", "“件数”列空白读作5"),
        (reported("unshown", ("-", "0")), "D4", "info", "“件数”列“-”读作0"),
        (reported("crossed", ("1214", "14")), "D3", "warning", "“1214”读作14"),
        (reported("sum", ("7", "6")), "D5", "error", "填的合计是7，各行之和是6"),
        (reported("name", ("网站(县)", "网站（县）")), "D6", "info", "“网站(县)”计入“网站（县）”"),
        (reported("sheet", ("申请台账", "")), "D7", "warning", "“申请台账”隐藏着，没有读取"),
        (
            reported("column", ("", ""), column="条数"),
            "D3",
            "warning",
            "有1列隐藏了，照数读取：“条数”",
        ),
        (reported("aside", ("草稿", "")), "D7", "info", "还有隐藏的工作表没有读取：“草稿”"),
        (reported("fraction", ("0.3333333", ""), column="数值"), "D4", "info", "小数位太长"),
    ],
)
def test_each_reading_is_reported_with_its_places(
    readings: list[Reading], rule: str, severity: str, words: str
) -> None:
    inputs = replace(make_inputs(requests=ledger()), readings=tuple(readings))
    (finding,) = found(inputs, rule)
    assert finding.severity == severity
    assert words in finding.message
    assert finding.places == tuple(reading.place for reading in readings)


def test_readings_of_one_kind_are_one_line_for_each_sheet() -> None:
    readings = [
        *reported("unit", ("4条", "4")),
        *reported("width", ("４", "4")),
        *reported("unit", ("5条", "5")),
    ]
    inputs = replace(make_inputs(requests=ledger()), readings=tuple(readings))
    assert [len(finding.places) for finding in found(inputs, "D1")] == [1, 2]

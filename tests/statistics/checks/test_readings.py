"""D1–D8: what was read otherwise than it stands in the files."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.statistics.factory import found, ledger, make_inputs, matrix, reviews, zero_rows

from nianbao.errors import Place, Problem
from nianbao.inputs.values import Reading, ReadingKind, State, parse_cell


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


@pytest.mark.parametrize(
    ("rule", "readings", "messages"),
    [
        (
            "D2",
            [*reported("footer", ("填表人：某某", "")), *reported("outside", ("7号", "2022年的"))],
            ["a.xlsx 工作表“申请台账”有1行不属于2024年，没有计入：第4行（7号，2022年的）。"
             "确属其他年度的不用改，年份写错的请改正。",
             "a.xlsx 工作表“申请台账”有1行在表的下方，是填表人、附注等说明，没有计入："
             "第4行（填表人：某某）。"],
        ),
        (
            "D3",
            [*reported("raised", ("5①", "5")), *reported("column", ("", ""), column="件数"),
             *reported("struck", ("7号", ""))],
            ["有1列隐藏了，照数读取：“件数”。不该报的请删去，该报的请取消隐藏。",
             "有1行加了删除线，照数计入：第4行（7号）。不该计入的请删去整行，该计入的请去掉删除线。",
             "有1格有上标的注号，没有读：第4行“件数”列“5①”读作5。"],
        ),
        (
            "D4",
            [*reported("scaled", ("12345", "12.3")), *reported("rounded", ("4.6", "5"))],
            ["要报存的数的，请把单元格格式改为“常规”。",
             "按显示的读取：第4行“件数”列“4.6”读作5。请核对。"],
        ),
        (
            "D5",
            [*reported("sum", ("7", "6")), *reported("sum", ("9", "8"), column=None)],
            ["有2处合计与各行之和不同：第4行“件数”列填的合计是7，各行之和是6、第4行填的合计是9，"
             "各行之和是8。请核对各行；合计由程序计算，也可以删去合计的行。"],
        ),
        (
            "D6",
            [*reported("name", ("县站", "网站"), ("县站", "网站")),
             *reported("unlisted", ("张三", "其他渠道"))],
            ["有2格名称写法不一，合在一起统计：“县站”计入“网站”。请核对。",
             "有1格来源渠道认不出是渠道，计入“其他渠道”：第4行。请改写为网络、信函、当面等。"],
        ),
        (
            "D7",
            [*reported("sheet", ("", "")), *reported("aside", ("草稿", ""), ("备用", ""))],
            ["a.xlsx里的工作表“申请台账”隐藏着，没有读取。要用的请取消隐藏，不用的请删去。",
             "a.xlsx里还有隐藏的工作表没有读取：“草稿”、“备用”。里面没有本年数据的，不用改。"],
        ),
        (
            "D8",
            reported("reason", ("核实过", "属实")),
            ["写的理由是“核实过”，后来写的是“属实”，以后来写的为准。请核对。"],
        ),
    ],
)  # fmt: skip
def test_every_kind_of_a_rule_has_its_own_words(
    rule: str, readings: list[Reading], messages: list[str]
) -> None:
    inputs = replace(make_inputs(requests=ledger()), readings=tuple(readings))
    said = [finding.message for finding in found(inputs, rule)]
    assert len(said) == len(messages)
    for message, wanted in zip(said, messages, strict=True):
        assert wanted in message


def test_a_finding_names_a_hundred_cells_and_all_places() -> None:
    many = reported("unit", *[(f"{n}条", str(n)) for n in range(120)])
    (finding,) = found(replace(make_inputs(requests=ledger()), readings=tuple(many)), "D1")
    assert (len(finding.cells), len(finding.places)) == (100, 120)
    assert finding.cells[0] == f"{many[0].place} 0条"
    assert "等120处。请核对" in finding.message


def test_what_waits_is_said_of_each_table_that_it_keeps_from_being_checked() -> None:
    unread = replace(parse_cell("0"), state=State.UNREAD, raw="很多", number=None)
    table = make_inputs(requests=ledger())
    some = replace(table, decisions={**table.decisions, ("规章", "本年制发件数"): unread})
    (finding,) = found(some, "D9")
    assert finding.message.startswith("表二有1格还读不出来（")
    assert "没有核对；改好后再核对。" in finding.message
    every = replace(table, reviews=dict.fromkeys(reviews(), unread))
    (finding,) = found(every, "D9")
    assert finding.message == "表四还读不出来，整张表没有核对；改好后再核对。"
    place = Place("a.xlsx", "申请台账", 4, "答复日期")
    problems = (
        Problem("不是日期", place, value="某某说的"),
        Problem("不是日期", replace(place, row=5), value="2024-13"),
        Problem("不是日期"),
    )
    waiting = {"requests": problems, "figures": (), "disclosures": ()}
    rows = dict.fromkeys(matrix(zero_rows()), unread)
    ledger_waits = replace(table, requests=None, requests_table=rows, waiting=waiting)
    said = [f.message for f in found(ledger_waits, "D9")]
    assert said[-1] == (
        "“主动公开”、“其他数据”有内容还读不出来，用到它们的各项没有核对；改好后再核对。"
    )
    assert len(said) == 2
    assert "有2行读不出来（a.xlsx 工作表“申请台账”" in said[0]
    assert "由它计数，整张表没有核对" in said[0]
    unplaced = replace(ledger_waits, waiting={"requests": (Problem("不是日期"),)})
    assert found(unplaced, "D9")[0].message == (
        "申请台账读不出来，表三由它计数，整张表没有核对；改好后再核对。"
    )
    assert "某某" not in said[0], "a person's words are nobody else's"

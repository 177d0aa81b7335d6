"""Every row of a ledger is counted or reported, whatever clerks write."""

from __future__ import annotations

import io
from datetime import date, timedelta

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.styles import Font
from tests.inputs.builders import FORMAT, YEAR, grid

from nianbao.errors import InputError
from nianbao.files.excel import read_workbook
from nianbao.files.grids import Grid
from nianbao.files.sources import Source
from nianbao.inputs.ledgers import read_disclosures, read_figures
from nianbao.inputs.matrices import read_decisions, read_reviews
from nianbao.inputs.request_ledger import read_ledger
from nianbao.inputs.values import Reading

HEADS = "登记号,收到日期,申请人类型,办理结果,答复日期"
DAYS = st.dates(date(YEAR - 2, 1, 1), date(YEAR + 2, 12, 31))
WRITINGS = ("{0:%Y-%m-%d}", "{0.year}.{0.month}.{0.day}", "{0.year}年{0.month}月{0.day}日")


@st.composite
def rows(draw: st.DrawFn) -> list[str]:
    """Cases of several years, some of them open, written in any way."""
    lines = []
    for number in range(draw(st.integers(0, 12))):
        received, writing = draw(DAYS), draw(st.sampled_from(WRITINGS))
        answered = received + timedelta(draw(st.integers(0, 400)))
        done = draw(st.booleans())
        words = ["予以公开", writing.format(answered)] if done else ["", ""]
        lines.append(",".join([f"{number}号", writing.format(received), "公民", *words]))
    return lines


@given(rows(), st.booleans())
def test_counted_and_reported_are_all_rows(lines: list[str], summed: bool) -> None:
    reported: list[Reading] = []
    total = [f"合计,{len(lines)}件,,,"] if summed else []
    ledger = read_ledger(grid(HEADS, *lines, *total), YEAR, FORMAT, reported)
    left_out = {reading.place.row for reading in reported if reading.kind in ("outside", "slip")}
    counted = set(ledger.cases["row"])
    assert ledger.counts["count"].sum() == len(counted)
    assert counted.isdisjoint(left_out)
    assert counted | left_out == set(range(2, len(lines) + 2))
    assert not [reading for reading in reported if reading.kind == "sum"]


@given(st.lists(DAYS, max_size=12))
def test_items_of_disclosure_are_counted_or_reported(days: list[date]) -> None:
    reported: list[Reading] = []
    lines = [f"政府网站,政策文件,{day},标题" for day in days]
    frame = read_disclosures(grid("渠道,类别,日期,标题", *lines), YEAR, reported)
    assert sum(cell.number for cell in frame["条数"]) + len(reported) == len(days)
    assert {r.place.row for r in reported} == {i for i, d in enumerate(days, 2) if d.year != YEAR}


def test_a_row_of_another_year_among_those_of_the_year_is_a_slip() -> None:
    reported: list[Reading] = []
    lines = [
        "1,2022-3-1,公民,公开,2022-3-9", "2,2024-3-1,公民,公开,2024-3-9",
        "3,2025-5-6,公民,公开,2025-5-9", "4,2024-6-1,公民,公开,2024-6-9",
        "2024-5,2023-6-1,公民,公开,2023-6-9", "6,2025-1-2,公民,公开,2025-1-9",
    ]  # fmt: skip
    read_ledger(grid(HEADS, *lines), YEAR, FORMAT, reported)
    assert [(r.kind, r.place.row, r.place.column, r.read) for r in reported] == [
        ("outside", 2, "答复日期", "2022-03-09已答复"), ("slip", 4, "收到日期", "2025-05-06收到"),
        ("slip", 6, "答复日期", "2023-06-09已答复"), ("outside", 7, "收到日期", "2025-01-02收到"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("lines", "reported"),
    [
        (["甲,一,4", "乙,二,2", "合计,,6"], []),
        (["甲,一,4", "乙,二,2", "合 计,,７"], [("7", "6")]),
        (["甲,一,4", "甲,小计,4", "乙,二,2", "乙,小计,3", "总计,,6"], [("3", "2")]),
        (["合计,,6", "甲,一,4条", "乙,二,两"], []),
        (["甲,一,4", "甲 汇总,,4", "乙,信息汇总,2", "乙 汇总,,3", "汇总,,6"], [("3", "2")]),
    ],
)
def test_a_row_of_sums_is_checked_and_not_counted(
    lines: list[str], reported: list[tuple[str, str]]
) -> None:
    found: list[Reading] = []
    frame = read_disclosures(grid("渠道,类别,条数", *lines), YEAR, found)
    assert sum(cell.number for cell in frame["条数"]) == 6
    assert [(r.written, r.read) for r in found if r.kind == "sum"] == reported


def test_sums_below_the_other_tables_are_checked_too() -> None:
    found: list[Reading] = []
    read_ledger(
        grid("来源,申请人类型,办理结果,件数", "新收,公民,公开,3件", "合计,,,4"), 2024, FORMAT, found
    )
    read_reviews(
        grid("类型,结果,件数", "行政复议,结果维持,2", "复议后起诉,维持,1", "合计,,4"), FORMAT, found
    )
    read_decisions(grid("项目,本年制发件数,本年废止件数,现行有效件数,本年处理决定数量,本年收费金额（万元）,说明",
                        "行政许可,,,,12,,", "合计,,,,13,,"), FORMAT, found)  # fmt: skip
    assert [(r.written, r.read) for r in found if r.kind == "sum"] == [
        ("4", "3"), ("4", "3"), ("13", "12"),
    ]  # fmt: skip


def test_one_name_in_several_writings_is_one_name() -> None:
    found: list[Reading] = []
    lines = [
        "政务新媒体（微信）,文,2",
        "政务新媒体(微信),文,1",
        "政务新媒体 （微信）,文,1",
        "政务新媒体（微信）,事,1",
    ]
    frame = read_disclosures(grid("渠道,类别,条数", *lines), YEAR, found)
    assert set(frame["渠道"]) == {"政务新媒体（微信）"}
    assert {r.written for r in found} == {"政务新媒体(微信)", "政务新媒体 （微信）"}


@pytest.mark.parametrize(
    ("text", "unit", "number", "kind"),
    [
        ("十八", "", "18", "numeral"), ("一百二十", "次", "120", "numeral"),
        ("１４", "", "14", "width"),
        ("4条", "", "4", "unit"), ("2次", "次", "2", "unit"), ("98.5%", "", None, None),
        ("66万余", "", None, None), ("2次", "场", None, None),
    ],
)  # fmt: skip
def test_a_figure_in_words_is_a_number_or_stays_a_text(
    text: str, unit: str, number: str | None, kind: str | None
) -> None:
    figure = read_figures(grid("名称,数值,单位", f"培训,{text},{unit}"))["培训"]
    assert (figure.cell.number and f"{figure.cell.number:f}", figure.cell.how) == (number, kind)


def test_a_number_that_lost_its_digits_names_the_cause() -> None:
    lines = [f"2.02401E+14,2024-3-{day},公民,公开,2024-4-1" for day in (1, 2)]
    with pytest.raises(InputError, match="科学记数，后几位已经丢失"):
        read_ledger(grid(HEADS, *lines), YEAR, FORMAT)


def sheet_of_cases(*merged: str) -> Grid:
    """Three requests in a sheet, the last row hidden and struck through, some cells merged."""
    book, out = openpyxl.Workbook(), io.BytesIO()
    sheet = book.active
    for line in (HEADS, *(f"{n},2024-3-1,公民,公开,2024-3-9" for n in "123")):
        sheet.append(line.split(","))
    for area in merged:
        sheet.merge_cells(area)
    sheet.row_dimensions[4].hidden = True
    sheet["A4"].font = Font(strike=True)
    book.save(out)
    return read_workbook(Source("a.xlsx", out.getvalue()))[0]


def test_merged_cells_mean_every_row_and_hidden_and_struck_rows_count() -> None:
    found: list[Reading] = []
    ledger = read_ledger(sheet_of_cases("C2:C4", "E2:E3"), YEAR, FORMAT, found)
    assert ledger.counts["count"].sum() == 3
    assert sorted((r.kind, r.place.row) for r in found) == [
        ("hidden", 4), ("merged", 3), ("merged", 3), ("merged", 4), ("struck", 4),
    ]  # fmt: skip


def test_a_number_merged_over_rows_has_no_plain_meaning() -> None:
    with pytest.raises(InputError, match="第3行“登记号”列：“登记号”与第2行合并成一格"):
        read_ledger(sheet_of_cases("A2:A3"), YEAR, FORMAT)


SUMS_IN_PARTS = {
    "below a part": ["政府网站,政策文件,12", "政府网站,动态,60", "小计,,72", "公报,公报,33"],
    "above a part": [
        "政府网站,小计,72",
        "政府网站,政策文件,12",
        "政府网站,动态,60",
        "公报,公报,33",
    ],
    "with a name": ["政府网站,政策文件,12", "公报,公报,33", "政府网站,动态,60", "政府网站小计,,72"],
    "beside a name": [
        "政府网站,政策文件,12",
        "公报,公报,33",
        "政府网站,动态,60",
        "政府网站,合计,72",
    ],
    "of all": ["全年合计,,105", "政府网站,政策文件,72", "公报,公报,33", "总 计：,,105"],
}


@pytest.mark.parametrize("name", SUMS_IN_PARTS)
def test_a_sum_of_a_part_is_no_item_and_is_checked(name: str) -> None:
    lines = SUMS_IN_PARTS[name]
    reported: list[Reading] = []
    frame = read_disclosures(grid("渠道,类别,条数", *lines), YEAR, reported)
    assert sum(cell.number for cell in frame["条数"]) == 105
    assert reported == []
    wrong = [line.replace(",72", ",73") if "计" in line else line for line in lines]
    wrong = [line.replace(",105", ",106") for line in wrong]
    read_disclosures(grid("渠道,类别,条数", *wrong), YEAR, reported)
    assert {(r.kind, int(r.written) - int(r.read)) for r in reported} == {("sum", 1)}

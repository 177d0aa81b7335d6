"""Titles break where their sense breaks; numbers, telephones and addresses are taken apart."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.documents.sample_blocks import table
from tests.documents.sample_tables import FORMAT, grid

from nianbao.documents.typesetting import (
    TITLE_LINE,
    TYPE_WIDTH,
    characters,
    column_widths,
    grid_widths,
    is_small,
    number_width,
    pieces,
    table_form,
    title_lines,
)
from nianbao.statutory.layout import requests_layout

REST = "2024年政府信息公开工作年度报告"


@pytest.mark.parametrize(
    ("name", "lines"),
    [
        ("甲县", (f"甲县{REST}",)),
        ("示例县人民政府", ("示例县人民政府", REST)),
        ("示例县市场监督管理局", ("示例县市场监督管理局", REST)),
        (
            "示例省示例自治州示例县行政审批服务管理局",
            ("示例省示例自治州示例县行政审批服务管理局", REST),
        ),
        (
            "示例壮族自治区示例市示例县人民政府重点项目建设管理委员会办公室",
            ("示例壮族自治区示例市示例县", "人民政府重点项目建设管理委员会办公室", REST),
        ),
        (
            "示例县住房和城乡建设局（示例县人民防空办公室、示例县城市管理行政执法监督局、示例县房屋征收办公室）",
            (
                "示例县住房和城乡建设局",
                "（示例县人民防空办公室、",
                "示例县城市管理行政执法监督局、",
                "示例县房屋征收办公室）",
                REST,
            ),
        ),
    ],
)
def test_titles_of_all_lengths(name: str, lines: tuple[str, ...]) -> None:
    assert title_lines(name + REST, name) == lines


def test_a_title_with_the_year_first_keeps_its_words_whole() -> None:
    title = "2025年示例市人民政府办公室政府信息公开工作年度报告"
    lines = title_lines(title, "示例市人民政府办公室")
    assert lines == ("2025年示例市人民政府办公室", "政府信息公开工作年度报告")


def test_no_line_begins_with_a_closing_mark() -> None:
    title = "示例县关于印发《甲乙丙丁戊己庚辛壬癸》（试行）、《子丑寅卯》的说明"
    assert all(line[0] not in "》）、" for line in title_lines(title, "示例县"))


@given(st.text(alphabet="政府信息公开工作年度报告示例县局（）年 ", min_size=1, max_size=60))
def test_nothing_is_lost_and_lines_fit(title: str) -> None:
    lines = title_lines(title, "示例县")
    assert "".join("".join(lines).split()) == "".join(title.split())
    assert all(characters(line) <= TITLE_LINE for line in lines)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("至12月31日，共4件", ["12月", "31日", "4件"]),
        ("关注人数达1.5万人，增长12.99%", ["1.5万人", "12.99%"]),
        ("第711号、〔2021〕30号", ["第711号", "30号"]),
        ("电话：0533—3242568转2", ["0533—3242568"]),
        ("电话：0999-1234567-802。", ["0999-1234567-802"]),
        ("完成（见图1、图2）。", ["见图1", "图2"]),
        ("完成（见图1、图2、图3）。", ["见图1", "图2", "图3"]),
        ("没有数字", []),
    ],
)
def test_what_is_not_broken(text: str, found: list[str]) -> None:
    parts = list(pieces(text))
    assert "".join(part.text for part in parts) == text
    assert [p.text for p in parts if p.kind in ("count", "solid")] == found


@given(st.text(alphabet="0123456789年月日件.,%-—@:/wwwahtps（见图）、第万余 ", max_size=60))
def test_pieces_are_the_text(text: str) -> None:
    assert "".join(piece.text for piece in pieces(text)) == text


@pytest.mark.parametrize(
    ("text", "target"),
    [
        ("网址：https://www.a.example/b/c。", "https://www.a.example/b/c"),
        ("（www.a.example）", "http://www.a.example"),
        ("邮箱zwgk@a.example；", "mailto:zwgk@a.example"),
        ("文件a.b没有地址", ""),
    ],
)
def test_where_a_link_leads(text: str, target: str) -> None:
    assert "".join(piece.target for piece in pieces(text)) == target


def test_a_name_that_is_longer_than_a_line_is_cut_near_its_middle() -> None:
    name = "示例自治区生态环境保护和自然资源综合利用与农村人居环境整治工作委员会办公室"
    assert title_lines(f"{name}2024年政府信息公开工作年度报告", name) == (
        "示例自治区生态环境保护和自然资源综合利用",
        "与农村人居环境整治工作委员会办公室",
        "2024年政府信息公开工作年度报告",
    )


def test_numbers_have_the_room_that_they_take() -> None:
    """A government of forty units: its sums ran into each other."""
    numbers = ["3500", "546120", "4939020"] * 3
    head = ["单位", *["新收申请", "主动公开", "行政许可"] * 3]
    row = ["第1水污染防治与饮用水水源地保护监督管理中心", *numbers]
    units = table(head, row, align=("left", *["right"] * 9))
    widths = column_widths(units)
    unit = 156 / sum(widths)
    assert is_small(units)
    for number, width in zip(numbers, widths[1:], strict=True):
        assert width * unit > len(number) / 2 * 10.5 * 25.4 / 72 + 3.6
    few = table(["单位", "件数"], ["甲单位", "3500"], align=("left", "right"))
    assert not is_small(few)
    assert column_widths(few) == (7, 4)


def test_a_column_with_longer_numbers_is_wider_and_others_give_way() -> None:
    usual = grid("requests", requests_layout(FORMAT), "三", "件")
    form = table_form("requests")
    assert grid_widths(usual) == form.widths
    numbers = dict.fromkeys(FORMAT.request_columns, "0")
    numbers |= {"自然人": "904200", "商业企业": "60280", "其他": "123456", FORMAT.total: "1087936"}
    rows = tuple(
        tuple(replace(c, text=numbers[c.column or ""]) if c.kind == "value" else c for c in row)
        for row in usual.rows
    )
    widths = grid_widths(replace(usual, rows=rows))
    assert sum(widths) == pytest.approx(TYPE_WIDTH)
    assert all(w >= least - 1e-9 for w, least in zip(widths, form.least, strict=True))
    for width, number in zip(widths[3:], numbers.values(), strict=True):
        assert width >= number_width(number) - 1e-9
    longest = replace(usual, rows=tuple(
        tuple(replace(c, text="9" * 40) if c.kind == "value" else c for c in row)
        for row in usual.rows
    ))  # fmt: skip
    assert sum(grid_widths(longest)) == pytest.approx(TYPE_WIDTH)
    assert min(grid_widths(longest)) > 0

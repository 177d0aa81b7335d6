"""Charts: what they show, in which order, in which words, and that the SVG is fit for a page."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from decimal import Decimal
from functools import cache
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.statistics.chart_tables import (
    CATEGORIES,
    FONT,
    FORMAT,
    compared,
    counts,
    example_tables,
    in_order,
    requests,
    series,
)

from nianbao.errors import UsageError
from nianbao.statistics.charts import CHARTS, draw_chart
from nianbao.statistics.charts.bars import MOST_BARS, Bars
from nianbao.statistics.drawing import NARROW, WIDE, to_svg
from nianbao.statistics.model import Figure, Table

SVG = "{http://www.w3.org/2000/svg}"


@cache
def drawn(key: str) -> Figure:
    figure = draw_chart(key, example_tables(), FORMAT, [FONT])
    assert figure is not None, f"{key}: give it numbers in example_tables() of chart_tables.py"
    return figure


def forms() -> dict[str, str]:
    """Both drawings of every chart, by what they are."""
    return {f"{key} {form}": getattr(drawn(key), form) for key in CHARTS for form in FORMS}


FORMS = ("svg", "narrow")


def bars_of(svg: str) -> list[tuple[float, float, float, float]]:
    """Each bar in the drawing itself: left, top, right, bottom."""
    bars = []
    for path in ElementTree.fromstring(svg).iter(f"{SVG}path"):
        outline = path.get("d", "")
        if path.get("class") in ("now", "before") and "C" not in outline:
            numbers = [float(n) for n in re.findall(r"-?[\d.]+", outline)]
            across, down = numbers[::2], numbers[1::2]
            bars.append((min(across), min(down), max(across), max(down)))
    return bars


def bar_widths(svg: str) -> list[float]:
    """How long each bar is."""
    return [right - left for left, _, right, _ in bars_of(svg)]


def words(svg: str) -> list[str]:
    """What can be read in a drawing."""
    return ["".join(text.itertext()) for text in ElementTree.fromstring(svg).iter(f"{SVG}text")]


def test_the_charts_of_a_report() -> None:
    assert set(CHARTS) == {
        "disclosures_by_channel",
        "disclosures_by_category",
        "requests_by_applicant",
        "requests_by_outcome",
        "requests_by_days",
        "disclosures_by_month",
        "comparison",
        "requests_flow",
        "disclosures_by_year",
        "requests_by_year",
    }


def test_svg_is_plain_and_stands_alone() -> None:
    for name, svg in forms().items():
        root = ElementTree.fromstring(svg)
        tags = {element.tag.removeprefix(SVG) for element in root.iter()}
        assert tags <= {"svg", "path", "text"}, name
        assert not {"style", "id"} & {key for each in root.iter() for key in each.attrib}, name
        assert len(svg.encode()) < 12_000, name


def test_everything_stays_on_the_sheet() -> None:
    for name, svg in forms().items():
        root = ElementTree.fromstring(svg)
        width, height = (float(n) for n in root.get("viewBox", "").split()[2:])
        assert width == (WIDE if name.endswith("svg") else NARROW)
        for left, top, right, bottom in bars_of(svg):
            assert min(left, top) >= 0, name
            assert right <= width, name
            assert bottom <= height, name
        for text in root.iter(f"{SVG}text"):
            assert 0 <= float(text.get("x", 0)) <= width, name
            assert 0 < float(text.get("y", 0)) <= height, name


def test_letters_are_letters_on_a_page_and_on_a_telephone() -> None:
    for form in FORMS:
        reported = words(getattr(drawn("disclosures_by_channel"), form))
        assert reported[0] == "单位：条"
        assert {"“示例普法”微信公众号", "1120（55.5%）", "571（28.3%）"} <= set(reported)


def test_every_value_is_in_the_words_and_in_the_data() -> None:
    for key in CHARTS:
        figure = drawn(key)
        numbers = [v for row in figure.data.to_numpy() for v in row if v and v[:1].isdigit()]
        assert numbers
        assert all(number in figure.alt for number in numbers), key
        assert figure.title not in figure.alt, "the words never repeat the caption"


def test_largest_first_and_share_of_the_whole() -> None:
    figure = drawn("disclosures_by_channel")
    assert figure.data.to_numpy().tolist() == [
        ["“示例普法”微信公众号", "1120", "55.5%"],
        ["示例县政府网站", "571", "28.3%"],
        ["“示例融媒”政务号", "326", "16.2%"],
    ]
    assert list(figure.data.columns) == ["渠道", "数量（条）", "占比"]
    assert (figure.unit, figure.source) == ("条", "本机关主动公开台账")
    assert figure.alt == (
        "各渠道共公开政府信息2017条。最多的是“示例普法”微信公众号1120条（55.5%）；"
        "示例县政府网站571条（28.3%）；“示例融媒”政务号326条（16.2%）。"
    )


def channels(numbers: dict[str, object]) -> Figure:
    figure = draw_chart(
        "disclosures_by_channel",
        {"disclosures_by_channel": counts("渠道", numbers)},
        FORMAT,
        [FONT],
    )
    assert figure is not None
    return figure


def test_equal_values_share_a_place() -> None:
    figure = channels({"甲": 9, "乙": 9, "丙": 4, "丁": 0, "戊": 0})
    assert figure.alt == (
        "各渠道共公开政府信息22条。"
        "最多的是甲、乙并列，各9条（40.9%）；丙4条（18.2%）；丁、戊均为0。"
    )


def test_a_share_of_a_small_number_is_not_reported() -> None:
    figure = channels({"甲": 9, "乙": 7, "丙": 3})
    assert "占比" not in figure.data
    assert "%" not in figure.alt + figure.svg + figure.narrow
    assert "%" in channels({"甲": 9, "乙": 7, "丙": 4}).svg


def test_a_tail_is_summed_up_in_the_picture_and_reported_in_full() -> None:
    figure = drawn("disclosures_by_category")
    assert dict(zip(figure.data["类别"], figure.data["数量（条）"], strict=True)) == {
        name: str(number) for name, number in CATEGORIES.items()
    }
    reported = words(figure.svg)
    large = [name for name, n in CATEGORIES.items() if n * 100 >= sum(CATEGORIES.values())]
    small = [name for name in CATEGORIES if name not in large]
    assert set(large) <= set(reported)
    assert not set(small) & set(reported)
    assert f"其他{len(small)}类" in reported
    assert len(bar_widths(figure.svg)) == len(large) + 1


def test_one_small_value_keeps_its_name() -> None:
    figure = channels({"网站": 2016, "公报": 500, "微博": 20, "橱窗": 1})
    assert {"微博", "橱窗"} & set(words(figure.svg)) == set(), "two are summed up"
    assert "其他2个渠道" in words(figure.svg)
    figure = channels({"网站": 2016, "公报": 500, "橱窗": 1})
    assert "橱窗" in words(figure.svg)
    assert "1（不足0.1%）" in words(figure.svg)


@given(st.lists(st.integers(0, 10**5), min_size=3, max_size=40))
def test_a_ranking_loses_nothing(numbers: list[int]) -> None:
    named = {f"第{n}类": number for n, number in enumerate(numbers)}
    tables = {"disclosures_by_category": counts("类别", named)}
    figure = draw_chart("disclosures_by_category", tables, FORMAT, [FONT])
    if sum(map(bool, numbers)) < 3:
        assert figure is None
        return
    assert figure is not None
    assert sorted(map(int, figure.data["数量（条）"])) == sorted(numbers)
    shown = [text.split("（")[0] for text in words(figure.svg) if text[0].isdigit()]
    assert sum(map(int, shown)) == sum(numbers)
    assert len(shown) <= MOST_BARS


def test_outcomes_are_the_six_groups_of_table_3() -> None:
    figure = drawn("requests_by_outcome")
    assert dict(zip(figure.data["办理结果"], figure.data["数量（件）"], strict=True)) == {
        "予以公开": "9",
        "无法提供": "5",
        "部分公开": "3",
        "不予公开": "2",
        "其他处理": "1",
        "不予处理": "0",
    }
    assert len(bar_widths(figure.svg)) == 5, "zero has a label and no bar"


def test_the_flow_adds_up_on_both_sides() -> None:
    figure = drawn("requests_flow")
    assert figure.alt == (
        "本年办理政府信息公开申请共22件：其中上年结转2件（9.1%）、本年新收20件（90.9%）；"
        "去向为予以公开9件（40.9%）、部分公开3件（13.6%）、不予公开2件（9.1%）、"
        "无法提供5件（22.7%）、其他处理1件（4.5%）、结转下年2件（9.1%）。"
    )
    assert "共办理22件" in words(figure.svg)
    tables = example_tables()
    tables["requests"].frame.at["carried_out", "总计"] = 3
    assert draw_chart("requests_flow", tables, FORMAT, [FONT]) is None, "the sides differ"


def test_comparison_stands_in_families_on_a_scale_for_each_line() -> None:
    figure = drawn("comparison")
    assert figure.data.to_numpy().tolist() == [
        ["主动公开政府信息", "条", "2017", "1800", "+217"],
        ["行政许可", "件", "9102", "8800", "+302"],
        ["行政处罚", "件", "8", "8", "持平"],
        ["行政强制", "件", "1", "0", "+1"],
        ["行政事业性收费", "万元", "1.50", "20.00", "−18.50"],
        ["新收申请", "件", "20", "12", "+8"],
    ]
    assert "行政许可本年9102件、上年8800件，增加302件，行政处罚两年均为8件" in figure.alt
    reported = words(figure.svg)
    assert {"主动公开政府信息（条）", "行政行为（件）", "行政事业性收费（万元）"} <= set(reported)
    assert "−92.5%" in reported
    assert "+66.7%" not in reported, "a rate on 12 would mislead"
    longest = [w for w in bar_widths(figure.svg) if w > 20]
    assert len(longest) >= 6, "each line has a bar that can be seen"


def test_a_number_below_nothing_has_no_bar_and_stops_no_draft() -> None:
    tables = {
        "comparison": compared(
            ("新收申请", "件", Decimal(-1), Decimal(0)), ("行政处罚", "件", Decimal(3), Decimal(-2))
        )
    }
    figure = draw_chart("comparison", tables, FORMAT, [FONT])
    assert figure is not None
    assert len(bar_widths(figure.svg)) == 3, "two of the legend, one of this year"


def test_a_tie_over_months_is_called_one() -> None:
    table = in_order("disclosures_by_month", {"1月": 5, "2月": 9, "3月": 0, "4月": 9})
    figure = draw_chart("disclosures_by_month", table, FORMAT, [FONT])
    assert figure is not None
    assert (
        figure.alt
        == "各月共公开政府信息23条：1月5条、2月9条、3月0条、4月9条；2月、4月并列最多，各9条。"
    )


@pytest.mark.parametrize(
    ("key", "tables"),
    [
        ("disclosures_by_channel", {}),
        ("disclosures_by_channel", {"disclosures_by_channel": counts("渠道", {})}),
        (
            "disclosures_by_channel",
            {"disclosures_by_channel": counts("渠道", {"网站": 9, "报": 3})},
        ),
        (
            "disclosures_by_channel",
            {"disclosures_by_channel": counts("渠道", {"网站": 3, "报": 2, "栏": 1, "屏": None})},
        ),
        ("requests_by_outcome", {"requests": requests({}, {})}),
        ("requests_by_outcome", {"requests": requests({}, {"open": 4, "deny_1": None})}),
        ("requests_by_applicant", {"requests": requests({}, {"open": 4})}),
        ("requests_by_applicant", {}),
        ("requests_flow", {}),
        ("requests_flow", {"requests": requests({}, {"new": 4, "open": 4})}),
        ("requests_by_days", {}),
        ("disclosures_by_month", {}),
        ("comparison", {}),
        ("requests_by_year", {}),
        ("disclosures_by_year", series({2023: 4, 2024: 5})),
        ("disclosures_by_year", series({2022: 0, 2023: 0, 2024: 0})),
        ("comparison", {"comparison": compared(("行政许可", "件", 0, 0))}),
        ("comparison", {"comparison": compared(("行政许可", "件", 5, None))}),
        ("comparison", {"comparison": compared(("行政许可", "件", 5, 7))}),
    ],
)
def test_no_chart_of_little_or_of_what_is_not_known(key: str, tables: dict[str, Table]) -> None:
    assert draw_chart(key, tables, FORMAT, [FONT]) is None


def test_unknown_chart_names_the_known_ones() -> None:
    with pytest.raises(UsageError, match="requests_by_outcome"):
        draw_chart("disclosures", {}, FORMAT, [FONT])


@pytest.mark.parametrize("name", ["$x^2$", "<b>&amp;</b>", "--><script>", "\\alpha_1", "%s{}"])
def test_names_are_letters_never_markup(name: str) -> None:
    figure = channels({name: 3, "甲": 2, "乙": 1})
    assert name in words(figure.svg)
    assert name in words(figure.narrow)


def test_what_no_font_shows_is_left_out_of_the_drawing() -> None:
    assert "甲乙" in words(channels({"甲\x07\u200b乙": 3, "丙": 2, "丁": 1}).svg)


def test_a_long_name_is_broken_and_stays_within_the_drawing() -> None:
    for width in (WIDE, NARROW):
        bars = Bars(("很长的渠道名称" * 12,), (Decimal(3),), ("3",), "条")
        reported = words(to_svg(bars.draw(width), [FONT]))
        assert len(reported) == 1 + 3 + 1, "unit, three lines of the name, value"
        assert reported[3].endswith("…")


@settings(max_examples=20)
@given(st.lists(st.integers(1, 10**9), min_size=1, max_size=8))
def test_bars_are_as_long_as_the_numbers_say(numbers: list[int]) -> None:
    labels = tuple(f"第{n}类" for n in range(len(numbers)))
    values = tuple(Decimal(n) for n in numbers)
    bars = Bars(labels, values, tuple(map(str, numbers)), "件")
    for width in (WIDE, NARROW):
        lengths = bar_widths(to_svg(bars.draw(width), [FONT]))
        assert len(lengths) == len(numbers)
        for length, number in zip(lengths, numbers, strict=True):
            # Ends are rounded to 0.01 pt.
            assert abs(length / max(lengths) - number / max(numbers)) < 0.03 / max(lengths)


PROGRAM = """
import sys
from nianbao.statistics.charts import CHARTS, draw_chart
assert "matplotlib" not in sys.modules, "importing the charts must stay cheap"
from tests.statistics.chart_tables import FONT, FORMAT, example_tables
for key in CHARTS:
    figure = draw_chart(key, example_tables(), FORMAT, [FONT])
    sys.stdout.buffer.write((figure.svg + figure.narrow + figure.alt).encode())
assert "matplotlib.pyplot" not in sys.modules, "pyplot keeps global state"
"""


def test_another_process_draws_the_same_bytes(repository: Path, tmp_path: Path) -> None:
    """Its seed is fixed, and that of this one is any other."""
    environment = {**os.environ, "PYTHONHASHSEED": "1", "TZ": "Asia/Tokyo"}
    environment["PYTHONPATH"] = f"{repository / 'src'}{os.pathsep}{repository}"
    run = [sys.executable, "-W", "error", "-c", PROGRAM]
    made = subprocess.run(run, cwd=tmp_path, env=environment, capture_output=True, check=False)
    assert made.returncode == 0, made.stderr.decode()
    figures = (drawn(key) for key in CHARTS)
    assert made.stdout.decode() == "".join(f.svg + f.narrow + f.alt for f in figures)

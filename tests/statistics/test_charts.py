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

import matplotlib as mpl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib import font_manager
from tests.statistics.chart_tables import (
    CATEGORIES,
    FONT,
    FORMAT,
    compared,
    counts,
    example_tables,
    requests,
    series,
)

from nianbao.errors import ExportError, UsageError
from nianbao.statistics.charts import CHARTS, MOST_BARS, draw_chart
from nianbao.statistics.drawing import Bars, draw_bars
from nianbao.statistics.model import Figure, Table

SVG = "{http://www.w3.org/2000/svg}"
BAR_FILLS = ("#1f4e79", "#c5d6e8")
LATIN = Path(mpl.get_data_path()) / "fonts" / "ttf" / "DejaVuSans.ttf"


@cache
def drawn(key: str) -> Figure:
    figure = draw_chart(key, example_tables(), FORMAT, [FONT])
    assert figure is not None
    return figure


def bar_widths(svg: str) -> list[float]:
    """Width of each bar, from the drawing itself: a closed rectangle in a bar's colour."""
    widths = []
    for path in ElementTree.fromstring(svg).iter(f"{SVG}path"):
        if path.get("fill") in BAR_FILLS:
            across = [float(n) for n in re.findall(r"[ML] (\S+)", path.get("d", ""))]
            widths.append(max(across) - min(across))
    return widths


def test_the_charts_of_a_report() -> None:
    assert list(CHARTS) == [
        "disclosures_by_channel",
        "disclosures_by_category",
        "requests_by_outcome",
        "requests_by_applicant",
        "comparison",
        "disclosures_by_year",
        "requests_by_year",
    ]


@pytest.mark.parametrize("key", CHARTS)
def test_svg_is_plain_and_stands_alone(key: str) -> None:
    root = ElementTree.fromstring(drawn(key).svg)
    assert root.tag == f"{SVG}svg"
    tags = {element.tag.removeprefix(SVG) for element in root.iter()}
    assert tags <= {"svg", "defs", "g", "path", "use"}, "letters are outlines, nothing is styled"
    attributes = {name for element in root.iter() for name in element.attrib}
    assert not {"style", "class"} & attributes
    ids = [element.get("id") for element in root.iter() if element.get("id")]
    used = {u.get("{http://www.w3.org/1999/xlink}href") for u in root.iter(f"{SVG}use")}
    assert len(ids) == len(set(ids))
    assert used == {f"#{name}" for name in ids}


def test_svg_is_small() -> None:
    sizes = {key: len(drawn(key).svg.encode()) for key in CHARTS}
    big = sizes.pop("disclosures_by_category")
    assert max(sizes.values()) < 15_000, sizes
    assert big < 45_000, "nineteen names are some ninety different letters"


def test_ids_of_different_drawings_differ() -> None:
    names = [
        {element.get("id") for element in ElementTree.fromstring(drawn(key).svg).iter()} - {None}
        for key in CHARTS
    ]
    assert sum(map(len, names)) == len(set().union(*names))


def test_largest_first_and_share_of_the_whole() -> None:
    figure = drawn("disclosures_by_channel")
    assert figure.data.to_numpy().tolist() == [
        ["“示例普法”微信公众号", "1120", "55.5%"],
        ["示例县政府网站", "571", "28.3%"],
        ["“示例融媒”政务号", "326", "16.2%"],
    ]
    assert list(figure.data.columns) == ["渠道", "数量（条）", "占比"]
    assert (figure.unit, figure.source) == ("条", "本机关主动公开台账")


def test_alt_says_total_largest_and_share() -> None:
    assert drawn("disclosures_by_channel").alt == (
        "各渠道共公开政府信息2017条，其中最多的是“示例普法”微信公众号，1120条，占55.5%；"
        "其次是示例县政府网站，571条，占28.3%。"
    )
    assert drawn("requests_by_applicant").alt.startswith(
        "本年新收政府信息公开申请20件，其中最多的是自然人，12件，占60.0%"
    )
    for key in CHARTS:
        assert drawn(key).title not in drawn(key).alt, "alt text never repeats the caption"


def test_all_nineteen_categories_are_shown() -> None:
    figure = drawn("disclosures_by_category")
    assert dict(zip(figure.data["类别"], figure.data["数量（条）"], strict=True)) == {
        name: str(number) for name, number in CATEGORIES.items()
    }
    assert len(bar_widths(figure.svg)) == len(CATEGORIES)


def test_too_many_bars_are_summed_up() -> None:
    many = {f"类别{n}": n for n in range(1, 31)}
    figure = draw_chart(
        "disclosures_by_category", {"disclosures_by_category": counts("类别", many)}, FORMAT, [FONT]
    )
    assert figure is not None
    assert len(figure.data) == MOST_BARS
    assert figure.data["类别"].iloc[-1] == "其余7项合计"
    assert sum(int(n) for n in figure.data["数量（条）"]) == sum(many.values())


def test_a_small_share_is_not_said_to_be_nothing() -> None:
    tables = {"disclosures_by_channel": counts("渠道", {"网站": 2016, "公报": 1, "橱窗": 0})}
    figure = draw_chart("disclosures_by_channel", tables, FORMAT, [FONT])
    assert figure is not None
    assert list(figure.data["占比"]) == ["100.0%", "不足0.1%", "0.0%"]


def test_a_bar_of_nothing_is_labelled_0_alone() -> None:
    values = (Decimal(3), Decimal("0.00"))
    bars = Bars(("网站", "橱窗"), {"数量": values}, ("100.0%", "0.0%"))
    assert bars.texts() == (("3（100.0%）", "0"),)


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


def test_comparison_shows_one_unit_and_both_years() -> None:
    figure = drawn("comparison")
    assert figure.data.to_numpy().tolist() == [
        ["行政许可", "133", "150"],
        ["新收申请", "20", "12"],
        ["行政处罚", "8", "8"],
    ]
    assert list(figure.data.columns) == ["项目", "本年（件）", "上年（件）"]
    assert figure.alt == (
        "与上年相比，3项数据中1项增加、1项减少、1项持平。"
        "变化最大的是行政许可，由上年150件变为本年133件。"
    )
    assert len(bar_widths(figure.svg)) == 6


def test_comparison_without_change_says_so_once() -> None:
    tables = {"comparison": compared(("行政许可", "件", 7, 7))}
    figure = draw_chart("comparison", tables, FORMAT, [FONT])
    assert figure is not None
    assert figure.alt == "与上年相比，1项数据中0项增加、0项减少、1项持平。"


@pytest.mark.parametrize(
    ("key", "tables"),
    [
        ("disclosures_by_channel", {}),
        ("disclosures_by_channel", {"disclosures_by_channel": counts("渠道", {})}),
        ("disclosures_by_channel", {"disclosures_by_channel": counts("渠道", {"网站": 0})}),
        (
            "disclosures_by_channel",
            {"disclosures_by_channel": counts("渠道", {"网站": 3, "公报": None})},
        ),
        ("requests_by_outcome", {"requests": requests({}, {})}),
        ("requests_by_outcome", {"requests": requests({}, {"open": 4, "deny_1": None})}),
        ("requests_by_applicant", {"requests": requests({}, {"open": 4})}),
        ("requests_by_applicant", {}),
        ("comparison", {}),
        ("requests_by_year", {}),
        ("disclosures_by_year", series({2023: 4, 2024: 5})),
        ("disclosures_by_year", series({2022: 0, 2023: 0, 2024: 0})),
        ("comparison", {"comparison": compared(("行政许可", "件", 0, 0))}),
        ("comparison", {"comparison": compared(("行政许可", "件", 5, None))}),
    ],
)
def test_no_chart_of_nothing_or_of_what_is_not_known(key: str, tables: dict[str, Table]) -> None:
    assert draw_chart(key, tables, FORMAT, [FONT]) is None


def test_unknown_chart_names_the_known_ones() -> None:
    with pytest.raises(UsageError, match="requests_by_outcome"):
        draw_chart("disclosures", {}, FORMAT, [FONT])


def test_letters_that_no_font_has_are_an_error_naming_them() -> None:
    tables = {"disclosures_by_channel": counts("渠道", {"网站": 3})}
    with pytest.raises(ExportError, match="“网”（U\\+7F51）、“站”"):
        draw_chart("disclosures_by_channel", tables, FORMAT, [LATIN])


def test_a_letter_is_taken_from_the_first_font_that_has_it() -> None:
    tables = {"disclosures_by_channel": counts("渠道", {"网站A": 3})}
    alone = draw_chart("disclosures_by_channel", tables, FORMAT, [FONT])
    mixed = draw_chart("disclosures_by_channel", tables, FORMAT, [LATIN, FONT])
    assert alone is not None
    assert mixed is not None
    assert alone.svg != mixed.svg


@pytest.mark.parametrize("name", ["$x^2$", "<b>&amp;</b>", "--><script>", "\\alpha_1", "%s{}"])
def test_names_are_letters_never_markup(name: str) -> None:
    tables = {"disclosures_by_channel": counts("渠道", {name: 3})}
    figure = draw_chart("disclosures_by_channel", tables, FORMAT, [FONT])
    assert figure is not None
    letters = list(ElementTree.fromstring(figure.svg).iter(f"{SVG}use"))
    assert len(letters) == len("单位：条") + len(name) + len("3（100.0%）")


def test_a_long_name_is_broken_and_stays_within_the_drawing() -> None:
    bars = Bars(("很长的渠道名称" * 12,), {"数量": (Decimal(3),)}, ("100.0%",))
    root = ElementTree.fromstring(draw_bars(bars, "条", [FONT]))
    lines = [g.get("transform", "") for g in root.iter(f"{SVG}g")]
    starts = [float(line.removeprefix("translate(").split()[0]) for line in lines]
    assert len(lines) == 1 + 3 + 1, "unit, three lines of the name, value"
    assert min(starts) >= 0


@settings(max_examples=20)
@given(st.lists(st.integers(1, 10**9), min_size=1, max_size=8))
def test_bars_are_as_long_as_the_numbers_say(numbers: list[int]) -> None:
    labels = tuple(f"第{n}类" for n in range(len(numbers)))
    values = tuple(Decimal(n) for n in numbers)
    widths = bar_widths(draw_bars(Bars(labels, {"本年": values}), "件", [FONT]))
    longest, largest = max(widths), max(numbers)
    assert len(widths) == len(numbers)
    for width, number in zip(widths, numbers, strict=True):
        # Ends are rounded to 0.01 pt.
        assert abs(width / longest - number / largest) < 0.03 / longest


def test_settings_and_fonts_of_the_process_are_left_alone() -> None:
    # A copy: looking a setting up would choose the backend.
    before = mpl.rcParams.copy(), list(font_manager.fontManager.ttflist)
    draw_chart("comparison", example_tables(), FORMAT, [FONT])
    assert (mpl.rcParams.copy(), font_manager.fontManager.ttflist) == before


def test_the_users_own_style_changes_nothing() -> None:
    with mpl.rc_context({"font.size": 30, "svg.fonttype": "none", "text.color": "red"}):
        figure = draw_chart("comparison", example_tables(), FORMAT, [FONT])
    assert figure is not None
    assert figure.svg == drawn("comparison").svg


PROGRAM = """
import sys
from nianbao.statistics.charts import draw_chart
assert "matplotlib" not in sys.modules, "importing the charts must stay cheap"
from tests.statistics.chart_tables import FONT, FORMAT, example_tables
sys.stdout.buffer.write(draw_chart("comparison", example_tables(), FORMAT, [FONT]).svg.encode())
assert "matplotlib.pyplot" not in sys.modules, "pyplot keeps global state"
"""


@pytest.mark.parametrize("seed", ["1", "2"])
def test_another_process_draws_the_same_bytes(seed: str, repository: Path, tmp_path: Path) -> None:
    environment = {**os.environ, "PYTHONHASHSEED": seed, "TZ": "Asia/Tokyo"}
    environment["PYTHONPATH"] = str(repository)
    run = [sys.executable, "-W", "error", "-c", PROGRAM]
    made = subprocess.run(run, cwd=tmp_path, env=environment, capture_output=True, check=False)
    assert made.returncode == 0, made.stderr.decode()
    assert made.stdout == drawn("comparison").svg.encode()

"""The points of a notice in a text: where they stand, or that they are missing."""

from __future__ import annotations

from datetime import date

import pytest

from nianbao.errors import Place
from nianbao.prose.review import ReviewContext, review_sections
from nianbao.prose.review.notices import check_notice, checklist_lines, text_length
from nianbao.prose.template import parse_template
from nianbao.statutory import load_format
from nianbao.statutory.notices import shipped_notices

WUWEI = shipped_notices()["wuwei-2025"]
TEXT = {
    "overview": "2025年，示例县水务局按时公布各类信息。",
    "overview.disclosure": "政府网站发布信息120条。解读材料随文件发布。教育等重点领域38条。",
    "overview.management": "全年制发行政规范性文件3件，废止1件，现行有效12件。",
    "overview.platform": "在服务大厅设政务公开专区1处。",
}


def made(text: dict[str, str], kind: str = "department") -> dict[str, bool]:
    return {c.point.asks[:4]: c.is_made for c in check_notice(WUWEI, text, kind).points}


def test_a_point_needs_its_words_and_a_number() -> None:
    assert made(TEXT) == {
        "通过政府": True, "政策解读": False, "教育、医": True, "规章、行": True, "公开平台": True
    }  # fmt: skip
    reported = TEXT | {"overview.disclosure": "全年没有发布政策解读。"}
    assert made(reported)["政策解读"], "that there was none is an answer"


def test_a_point_for_governments_is_not_asked_of_a_bureau() -> None:
    assert "政府公报" not in made(TEXT)
    assert made(TEXT, "government")["政府公报"] is False


@pytest.mark.parametrize(("length", "kept"), [(1000, True), (1001, False)])
def test_the_length_of_part_one_is_that_of_all_its_sections(length: int, kept: bool) -> None:
    text = {"overview": "字" * 400, "overview.disclosure": f"**{'字' * (length - 400)}**\n\n"}
    assert text_length(text, "overview") == length
    assert [c.is_kept for c in check_notice(WUWEI, text, "department").limits] == [kept]


def test_the_checklist_names_the_place_or_offers_a_sentence() -> None:
    checked = check_notice(WUWEI, TEXT, "department")
    assert checked.tally == "4/5"
    lines = list(checklist_lines(checked, load_format().texts()))
    assert lines[0] == "对照武政办发〔2025〕54号："
    assert any(line.startswith("✓ 公开平台") and "专区1处" in line for line in lines)
    (missing,) = (line for line in lines if line.startswith("✗"))
    assert "“（一）主动公开”中没有写到" in missing
    assert "{{ 政策解读 }}" in missing
    assert [line for line in lines if line.startswith("请核对：")]


def test_every_offered_sentence_can_be_filled_in() -> None:
    for name, notice in shipped_notices().items():
        for point in notice.points:
            assert parse_template(point.offer, Place(name))


@pytest.mark.parametrize(
    ("day", "late"), [("2022-01-28", False), ("2022-01-29", True), (None, False)]
)
def test_the_date_is_held_against_the_day_of_the_notice(day: str | None, late: bool) -> None:
    """It is earlier than the statute's 31 January."""
    context = ReviewContext(
        load_format(), "示例县水务局", 2021, notice=shipped_notices()["huaihua-2021"],
        report_date=date.fromisoformat(day) if day else None,
    )  # fmt: skip
    found = [f for f in review_sections(TEXT, context) if f.id == "S17"]
    assert [("2022年1月28日前公布" in f.message) for f in found] == [True] * late

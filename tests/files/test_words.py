"""Words matched with the official ones."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nianbao.files.words import (
    alike,
    ask_for,
    column_letter,
    nearest,
    normalise_characters,
    normalise_word,
    perhaps,
    short_listing,
)


@pytest.mark.parametrize(
    "written",
    [
        "本年收费金额（万元）",
        "本年收费金额(万元)",
        " 本年收费金额 （ 万元 ）",
        "本年收费金额：万元",
    ],
)
def test_brackets_and_blanks_make_no_difference(written: str) -> None:
    assert normalise_word(written) == "本年收费金额万元"


@given(st.text())
def test_folding_twice_is_folding_once(text: str) -> None:
    assert normalise_word(normalise_word(text)) == normalise_word(text)


@pytest.mark.parametrize(
    ("word", "near"),
    [
        ("请求", None),
        ("request.csv", "requests.csv"),
        ("REQUESTS.CSV", "requests.csv"),
        ("narrative", "narrative.md"),
    ],
)
def test_the_nearest_is_near(word: str, near: str | None) -> None:
    assert nearest(word, ["requests.csv", "reviews.csv", "narrative.md"]) == near


def test_a_word_that_is_part_of_several_names_none() -> None:
    assert (
        nearest("公开的", ["主动公开的", "依申请公开的政府信息", "被公开的政府信息"])
        == "主动公开的"
    )
    assert ask_for("公开", ["主动公开政府信息", "依申请公开政府信息"]) is None


@pytest.mark.parametrize(
    ("index", "letter"), [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA")]
)
def test_columns_are_called_as_excel_calls_them(index: int, letter: str) -> None:
    assert column_letter(index) == letter


def test_signs_that_nobody_sees_are_dropped() -> None:
    assert normalise_characters("\ufeff2024\u200b-03\u200e-05\u00ad") == "2024-03-05"


def test_names_that_are_alike_come_best_first() -> None:
    names = ["新收申请", "办结申请", "办结率", "办结情况", "结转申请"]
    assert alike("办结申", names)[0] == "办结申请"
    assert len(alike("办结", names)) == 3
    assert alike("完全无关", ["abc"]) == ()


def test_names_that_are_alike_are_asked_for() -> None:
    assert perhaps("办结申", ["办结申请", "办结率"]) == "是不是“办结申请”“办结率”？"
    assert perhaps("完全无关", ["abc"]) == ""


def test_long_lists_are_cut() -> None:
    assert short_listing(["甲"] * 6) == "甲、甲、甲、甲、甲、甲"
    assert short_listing(["甲"] * 7, most=2, measure="行") == "甲、甲等7行"

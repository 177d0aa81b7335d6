"""Chinese numerals, written and read."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nianbao.files.numerals import numeral, parse_numeral, read_numeral


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "零"), (10, "十"), (12, "十二"), (42, "四十二"), (110, "一百一十"), (1001, "一千零一"),
        (10_010, "一万零一十"), (100_000, "十万"), (1_010_000, "一百零一万"),
        (100_000_001, "一亿零一"), (20_000_001, "二千万零一"), (-12, "负十二"),
        (10**16 - 1, "九千九百九十九万亿九千九百九十九亿九千九百九十九万九千九百九十九"),
        (10**16, "10000000000000000"),
    ],
)  # fmt: skip
def test_chinese_numerals(number: int, words: str) -> None:
    assert numeral(number) == words


@given(st.integers(0, 10**12 - 1))
def test_a_numeral_is_read_as_it_was_written(number: int) -> None:
    assert read_numeral(numeral(number)) == number
    assert parse_numeral(numeral(number)) == number


@pytest.mark.parametrize(
    ("text", "number"),
    [("两百", 200), ("百二十", 120), ("二百五", 250), ("三千五", 3500), ("两万三", 23000),
     ("一亿零三万", 100_030_000), ("一千〇五", 1005), ("一万亿零三亿", 1_000_300_000_000)],
)  # fmt: skip
def test_running_text_is_read_as_one_says_it(text: str, number: int) -> None:
    assert read_numeral(text) == number


@pytest.mark.parametrize("text", ["一百二", "两万三", "一二", "三十二十", "一百零零五", "百二十"])
def test_what_is_not_written_in_full_is_not_parsed(text: str) -> None:
    assert parse_numeral(text) is None


@pytest.mark.parametrize("text", ["", "万", "百", "甲", "一" * 5000])
def test_no_numeral(text: str) -> None:
    assert read_numeral(text) is None
    assert parse_numeral(text) is None

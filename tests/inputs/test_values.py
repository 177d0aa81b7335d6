"""Numbers, blanks and days as clerks write them."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.inputs.strategies import wide

from nianbao.inputs.values import (
    State,
    computed,
    misread,
    parse_cell,
    parse_count,
    parse_date,
    parse_number,
    read_cell,
    read_day,
    read_number,
)

DAY = date(2024, 3, 5)
days = st.dates(date(2000, 1, 1), date(2099, 12, 31))


@pytest.mark.parametrize(
    "text",
    [
        *("2024-03-05", "2024-3-5", "2024/3/5", "2024/03/05", "2024.3.5", "2024年3月5日"),
        *(
            "2024年03月05日",
            "2024年3月5",
            "2024年3月5号",
            "2024 年 3 月 5 日",
            "20240305",
            "45356",
            "45356.75",
        ),
        *("２０２４－３－５", "２０２４年３月５日", "２０２４／３／５", "2024–3–5", "2024—3—5"),
        *("2024-03-05 14:30", "2024/3/5 14:30:15", "2024-03-05T00:00:00", " 2024-03-05 "),
    ],
)
def test_every_way_is_the_same_day(text: str) -> None:
    assert parse_date(text) == DAY


@pytest.mark.parametrize(
    "text",
    [
        *("", "24-3-5", "2024-3", "2024年3月", "2024", "2024-02-30", "2024-13-01", "20241301"),
        *(
            "2024-3/5",
            "3月5日",
            "5/3/2024",
            "当场",
            "1234",
            "123456",
            "2024-03-055",
        ),
        *(
            "2024-03-05（星期三）",
            "2024-03-05至2024-03-06",
            "二〇二四年三月五日",
            "-45356",
            "0000-01-01",
        ),
    ],
)
def test_what_is_no_day_for_certain_is_none(text: str) -> None:
    assert parse_date(text) is None


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("2024.2.30", "日期不存在（2024年2月没有30日）"),
        ("2023年2月29日", "日期不存在（2023年2月没有29日）"),
        ("20240431", "日期不存在（2024年4月没有31日）"),
        ("2024-13-01", "日期不存在（一年没有13月）"),
        ("2024-3-0", "日期不存在（2024年3月没有0日）"),
        *((text, "日期不能识别") for text in ("", "当场", "2024-3", "0000-01-01")),
        *((text, "年份要写四位") for text in ("24-3-5", "24/03/05", "24年3月5日")),
    ],
)
def test_it_is_reported_why_a_text_is_no_day(text: str, words: str) -> None:
    assert parse_date(text) is None
    assert misread(text) == words


@given(days)
def test_a_day_reads_back_however_it_is_written(day: date) -> None:
    serial = (day - date(1899, 12, 30)).days
    plain = f"{day.year}/{day.month}/{day.day}"
    written = [
        day.isoformat(),
        plain,
        wide(plain),
        plain.replace("/", "."),
        f"{day.year}年{day.month}月{day.day}日",
        f"{day:%Y%m%d}",
        str(serial),
        f"{day.year}年{day.month}月{day.day}日（星期{'一二三四五六日'[day.weekday()]}）",
    ]
    assert {parse_date(text) for text in written} == {day}


@given(st.integers(36526, 73050))
def test_serial_days_follow_each_other(serial: int) -> None:
    first, second = parse_date(str(serial)), parse_date(str(serial + 1))
    assert first is not None
    assert second == first + timedelta(days=1)


numbers = st.decimals(0, 10**9, allow_nan=False, places=4)


@pytest.mark.parametrize(
    ("text", "state"),
    [
        ("", State.EMPTY),
        (" \u3000", State.EMPTY),
        ("0", State.ZERO),
        ("０", State.ZERO),
        ("0.00", State.ZERO),
        ("1", State.NUMBER),
        ("/", State.NA),
        ("／", State.NA),
        ("—", State.NA),
        ("无", State.NA),
        ("无件", State.TEXT),
        ("12,34", State.TEXT),
        ("1120件", State.TEXT),
        ("减4", State.TEXT),
    ],
)
def test_blank_slash_zero_and_text_stay_apart(text: str, state: State) -> None:
    assert parse_cell(text).state is state


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("11398889", "11398889"),
        ("18,708,325", "18708325"),
        ("１，２３４．５０", "1234.50"),
        ("4166.241619", "4166.241619"),
        ("59237.2449 ", "59237.2449"),
        ("1 120", "1120"),
        ("-3", "-3"),
    ],
)
def test_numbers_keep_their_digits(text: str, number: str) -> None:
    assert str(parse_number(text)) == number


@given(numbers)
def test_a_number_reads_back_however_it_is_written(number: Decimal) -> None:
    wide = "".join(chr(ord(c) + 0xFEE0) for c in f"{number:,}")
    assert (
        parse_number(str(number)) == parse_number(f" {number:,} ") == parse_number(wide) == number
    )


def test_a_note_beside_a_number_is_kept() -> None:
    cell = parse_cell("22（其中修订16件）")
    assert (cell.number, cell.note, cell.raw) == (Decimal(22), "其中修订16件", "22（其中修订16件）")


@given(st.integers(0, 10**12))
def test_a_count_is_whole_and_not_negative(count: int) -> None:
    assert parse_count(f"{count:,}") == count
    assert parse_count(f"{count}.5") is None
    assert parse_count(f"-{count + 1}") is None


def test_a_count_beyond_belief_is_none() -> None:
    assert parse_count("99999999999999999999") is None


def test_what_is_computed_has_its_state() -> None:
    assert [computed(n).state for n in (None, 0, 2)] == [State.EMPTY, State.ZERO, State.NUMBER]


@pytest.mark.parametrize("text", ["12①", "１２ ¹", "12件⑵"])
def test_the_sign_of_a_note_is_no_digit(text: str) -> None:
    assert (read_cell(text).number, read_cell(text).how) == (Decimal(12), "raised")
    assert parse_cell(text).state is State.TEXT
    assert parse_date(f"2024-3-1{text[-1]}") is None


@pytest.mark.parametrize(
    ("text", "how"),
    [
        ("2024-03-05T00:00:00+08:00", None),
        ("2024-03-05 09:30:00.000+0800", None),
        ("2024-03-04T16:00:00.000Z", "clock"),
        ("2024-03-04T17:00:00+01:00", "clock"),
    ],
)
def test_a_moment_with_its_zone_is_a_day_in_china(text: str, how: str | None) -> None:
    assert read_day(text, 2024) == (DAY, how)


@pytest.mark.parametrize(
    ("text", "day", "how"),
    [
        ("3月5日", "2023-03-05", "day"), ("三月五日", "2023-03-05", "day"),
        ("二〇二四年十二月三十一日", "2024-12-31", "numeral"),
        ("２０２４-３-５", "2024-03-05", "width"),
        ("2024-3-5", "2024-03-05", None), ("2月30日", None, None), ("二月三十日", None, None),
        ("十三月一日", None, None),
    ],
)  # fmt: skip
def test_a_day_is_read_where_it_can_only_be_this_one(
    text: str, day: str | None, how: str | None
) -> None:
    assert read_day(text, 2023) == (None if day is None else (date.fromisoformat(day), how))


def test_a_number_of_days_counts_from_the_day_that_the_workbook_says() -> None:
    assert read_day("45356", 2024) == (date(2024, 3, 5), None)
    assert read_day("43894", 2024, since_1904=True) == (date(2024, 3, 5), "clock")
    assert read_number("一百二十") == (Decimal(120), "numeral")

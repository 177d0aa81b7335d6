"""The ways a clerk writes a date."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nianbao.inputs.dates import misread, parse_date

DAY = date(2024, 3, 5)
days = st.dates(date(2000, 1, 1), date(2099, 12, 31))


def wide(text: str) -> str:
    """Digits and signs in full width."""
    return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text)


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
        *("2024-03-05至2024-03-06", "二〇二四年三月五日", "-45356", "0000-01-01"),
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
        *((text, "日期不能识别") for text in ("", "当场", "2024-3", "24-3-5", "0000-01-01")),
    ],
)
def test_it_is_told_why_a_text_is_no_day(text: str, words: str) -> None:
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
    ]
    assert {parse_date(text) for text in written} == {day}


@given(st.integers(36526, 73050))
def test_serial_days_follow_each_other(serial: int) -> None:
    first, second = parse_date(str(serial)), parse_date(str(serial + 1))
    assert first is not None
    assert second == first + timedelta(days=1)

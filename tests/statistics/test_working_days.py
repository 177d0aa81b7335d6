"""Working days by the official calendar, against days counted one by one."""

from __future__ import annotations

from datetime import date, timedelta

import chinese_calendar
import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from nianbao.statistics.working_days import (
    UNKNOWN,
    add_working_days,
    count_working_days,
    known_years,
)

KNOWN = st.dates(date(2019, 1, 1), date(2025, 12, 31))


def count(start: date, end: date) -> int:
    days = [np.array([day.toordinal()]) for day in (start, end)]
    return int(count_working_days(*days)[0])


def add(start: date, number: int) -> date | None:
    day = int(add_working_days(np.array([start.toordinal()]), np.array([number]))[0])
    return None if day == UNKNOWN else date.fromordinal(day)


@given(KNOWN, st.integers(-20, 200))
def test_counting_is_that_of_days_one_by_one(start: date, distance: int) -> None:
    end = start + timedelta(distance)
    between = (start + timedelta(n) for n in range(1, distance + 1))
    assert count(start, end) == sum(map(chinese_calendar.is_workday, between))


@given(KNOWN, st.integers(1, 60))
def test_the_day_that_is_added_is_the_first_with_so_many(start: date, number: int) -> None:
    day = add(start, number)
    assert day is not None
    assert count(start, day) == number
    assert count(start, day - timedelta(1)) == number - 1


def test_holidays_and_worked_weekends_are_those_of_the_notices() -> None:
    # Spring festival 2024: 10 to 17 February off, the Sundays 4 and 18 worked.
    assert count(date(2024, 2, 2), date(2024, 2, 4)) == 1
    assert count(date(2024, 2, 9), date(2024, 2, 18)) == 1
    # National day 2023: 29 September to 6 October off, 7 and 8 October worked.
    assert count(date(2023, 9, 28), date(2023, 10, 8)) == 2


def test_years_without_a_notice_are_not_guessed_at() -> None:
    first, last = known_years()
    assert first <= 2004
    assert last >= 2026
    assert count(date(last, 12, 20), date(last + 1, 1, 5)) == UNKNOWN
    assert count(date(first - 1, 12, 31), date(first, 1, 5)) == UNKNOWN
    assert add(date(last, 12, 20), 20) is None
    assert add(date(last + 1, 1, 1), 1) is None

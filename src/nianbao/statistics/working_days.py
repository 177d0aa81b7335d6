"""Working days by the calendar of the State Council: holidays, and weekends that are worked.

The calendar is known for some years only (`chinesecalendar` follows the yearly notices). A day
outside them is not guessed at.
"""

from __future__ import annotations

from datetime import date
from functools import cache

import numpy as np
import numpy.typing as npt

Days = npt.NDArray[np.int64]
"""Days as ordinals, counted from year 1; 0 is no day."""

_A_MONDAY, _SATURDAY = 1, 5
"""The first day of year 1, and the place of a Saturday in the week that begins with it."""

UNKNOWN = -1
"""In the place of a number of days, or of a day, that cannot be known."""


@cache
def _worked() -> tuple[int, Days]:
    """Return the first known day, and the number of working days up to each day from it on."""
    from chinese_calendar.constants import holidays, workdays

    first = date(min(holidays).year, 1, 1).toordinal()
    days = np.arange(first, date(max(holidays).year, 12, 31).toordinal() + 1)
    flags = (days - _A_MONDAY) % 7 < _SATURDAY
    flags[[day.toordinal() - first for day in holidays]] = False
    flags[[day.toordinal() - first for day in workdays]] = True  # weekends that are worked
    return first, np.cumsum(flags, dtype=np.int64)


def known_years() -> tuple[int, int]:
    """Return the first and the last year of the calendar."""
    first, worked = _worked()
    return date.fromordinal(first).year, date.fromordinal(first + len(worked) - 1).year


def count_working_days(start: Days, end: Days) -> Days:
    """Return working days after the one day up to and including the other.

    The day on which a period begins does not count. UNKNOWN where a day is not in the
    calendar; 0 where the end is not after the start.

    Examples
    --------
    >>> days = [np.array([date(2024, 2, d).toordinal()]) for d in (9, 19)]
    >>> count_working_days(*days)  # the spring festival of 2024 lasted to 17 February
    array([2])
    """
    first, worked = _worked()
    known = (start >= first) & (end < first + len(worked)) & (end > 0) & (start > 0)
    last = len(worked) - 1
    begun, done = (worked[np.clip(day - first, 0, last)] for day in (start, end))
    return np.where(known, np.maximum(done - begun, 0), UNKNOWN)


def add_working_days(start: Days, count: Days) -> Days:
    """Return the day on which that many working days have passed; UNKNOWN beyond the calendar."""
    first, worked = _worked()
    last = len(worked) - 1
    target = worked[np.clip(start - first, 0, last)] + count
    at = np.searchsorted(worked, target, side="left")
    known = (start >= first) & (start <= first + last) & (at <= last)
    return np.where(known, np.maximum(first + at, start), UNKNOWN)

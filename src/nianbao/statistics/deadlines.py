"""Assess how long each request took, and whether its answer came in time.

The regulation gives 20 working days, and up to 20 more when extended (art. 33). The period runs
from the day after receipt; where the request had to be completed, from its completion (art. 30);
where a fee was charged, it is counted anew, whole, from the day after the applicant paid
(国办函〔2020〕109号: 处理期限从申请人完成缴费次日起重新计算). The time in which a third party is
asked does not count (art. 33); who does not reply in 15 working days is waited for no longer
(art. 32).

Working days are those of the calendar of the State Council, with its holidays and the weekends
that are worked. It is known for some years only (`chinesecalendar` follows the yearly notices); a
day outside them is not guessed at.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import cache

import numpy as np
import numpy.typing as npt
import pandas as pd

from nianbao.statistics.model import Table

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
    """Return the working days after the one day up to and including the other.

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


LIMIT = EXTENSION = 20
THIRD_PARTY = 15
NOTICE_LIMIT = 7
NEAR = 3
"""An open request with so many working days left, or fewer, is near its limit."""

BY_DAYS = "requests_by_days"
SPANS = (
    (0, "5日内"), (6, "6至10日"), (11, "11至15日"), (16, "16至20日"), (21, "21至40日"),
    (41, "40日以上"),
)  # fmt: skip
"""Working days from which a span begins, and what it is called."""
WITHIN = 4
"""So many spans lie within the limit."""

ABANDONED = frozenset({"other_1", "other_2"})
"""Outcomes that are no answer: the applicant did not complete the request, or did not pay."""

ON_TIME, LATE = "on_time", "late"
OPEN, NEAR_LIMIT, OVERDUE, WAITING = "open", "near", "overdue", "waiting"
ABANDONED_STATE, UNCLEAR, OFF_CALENDAR = "abandoned", "unclear", "off_calendar"


@dataclass(frozen=True)
class Deadlines:
    """The requests of a year against their limits."""

    cases: pd.DataFrame
    """`number`, `row`, `received`, `answered` (0: open at the year's end), `used` working days,
    `due` (ordinal of the last day), `left` or, negative, days too late, `extended`, `state`.
    """

    def among(self, *states: str) -> pd.DataFrame:
        """Return the requests in one of these states."""
        return self.cases[self.cases["state"].isin(states)]

    def count(self, *states: str) -> int:
        """Return how many requests are in one of these states."""
        return sum(state in states for state in self.cases["state"])

    @property
    def answered(self) -> pd.DataFrame:
        """The requests answered in the year whose time is known."""
        return self.among(ON_TIME, LATE)

    @property
    def average(self) -> Decimal | None:
        """Working days that an answer took, one decimal; None when none is known."""
        answered = self.answered
        if answered.empty:
            return None
        days = Decimal(int(answered["used"].sum())) / len(answered)
        return days.quantize(Decimal("0.1"), ROUND_HALF_UP)


def assess_deadlines(cases: pd.DataFrame, year: int) -> Deadlines:
    """Judge every request of a ledger.

    Examples
    --------
    >>> assess_deadlines(inputs.cases, 2024).average  # doctest: +SKIP
    Decimal('12.4')
    """
    last = date(year, 12, 31).toordinal()  # open requests are measured against it
    day = {name: cases[name].to_numpy(dtype=np.int64) for name in _DAYS}
    closed = (cases["outcome"] != "carried_out").to_numpy()
    answered = np.where(closed, day["answered"], 0)
    end = np.where(closed, answered, last)
    # What happened after the end has not happened yet.
    past = {name: np.where(days <= end, days, 0) for name, days in day.items()}
    begin = np.maximum(np.maximum(past["received"], past["completed"]), past["paid"])
    pause = _pause(begin, past["consulted"], past["replied"], end)
    gross = count_working_days(begin, end)
    used = np.where((gross == UNKNOWN) | (pause == UNKNOWN), UNKNOWN, np.maximum(gross - pause, 0))
    limit = LIMIT + EXTENSION * cases["extended"].to_numpy(dtype=np.int64)
    written = day["due"]
    due = np.where(written > 0, written, add_working_days(begin, limit + np.maximum(pause, 0)))
    to_go = np.where(
        due >= end, count_working_days(end, written), -count_working_days(written, end)
    )
    # An answer on the Sunday after the twentieth working day took twenty.
    left = np.where(written > 0, to_go, limit - used)
    missing = ((past["asked"] > 0) & (past["completed"] == 0)) | (
        (past["noticed"] > 0) & (past["paid"] == 0)
    )
    abandoned = cases["outcome"].isin(ABANDONED).to_numpy()
    late = np.where(written > 0, end > written, left < 0)
    unknown = used == UNKNOWN
    near = left <= NEAR
    state = np.select(
        [abandoned & closed, missing & ~closed, missing, unknown, closed & late, closed,
         late, near],
        [ABANDONED_STATE, WAITING, UNCLEAR, OFF_CALENDAR, LATE, ON_TIME, OVERDUE, NEAR_LIMIT],
        OPEN,
    )  # fmt: skip
    kept = {name: cases[name].array for name in ("number", "row", "received", "extended")}
    found = {"answered": answered, "used": used, "due": due, "left": left, "state": state}
    return Deadlines(pd.DataFrame({**kept, **found}, index=cases.index))


_DAYS = ("received", "answered", "asked", "completed", "consulted", "replied", "noticed", "paid",
         "due")  # fmt: skip


def _pause(begin: Days, consulted: Days, replied: Days, end: Days) -> Days:
    """Return the working days within the period in which a third party was asked."""
    asked = np.maximum(consulted, begin)
    until = np.where(replied > 0, np.minimum(replied, end), end)
    days = count_working_days(asked, until)
    days = np.where((replied == 0) & (days > THIRD_PARTY), THIRD_PARTY, days)
    return np.where(consulted == 0, 0, days)


def days_table(cases: pd.DataFrame, year: int, source: str) -> Table | None:
    """Return the table ``requests_by_days``: how many answers took how many working days.

    None where no request was answered, and where the time of one is not known: the others
    would say how fast all were.
    """
    deadlines = assess_deadlines(cases, year)
    used = deadlines.answered["used"].to_numpy(dtype=np.int64)
    if not used.size or deadlines.count(UNCLEAR, OFF_CALENDAR):
        return None
    counts = np.histogram(used, [*(first for first, _ in SPANS), np.inf])[0]
    spans = [name for _, name in SPANS]
    rows = list(zip(spans, map(int, counts), strict=True))
    # What took longer than the limit allows is reported only where there is such a case.
    frame = pd.DataFrame(
        [(name, count) for number, (name, count) in enumerate(rows) if count or number < WITHIN],
        columns=["所用工作日", "件数"], dtype=object,
    )  # fmt: skip
    notes = ("从收到申请的次日起算，不含补正、征求第三方意见等依法不计入的时间。",)
    return Table(BY_DAYS, "答复政府信息公开申请所用的工作日", "件", source, frame, notes=notes)


def late_notices(cases: pd.DataFrame) -> pd.DataFrame:
    """Return the requests sent back for completion after more than 7 working days.

    Source: 条例 art. 30.
    """
    asked = cases[cases["asked"] > 0]
    days = count_working_days(
        asked["received"].to_numpy(dtype=np.int64), asked["asked"].to_numpy(dtype=np.int64)
    )
    return asked.assign(used=days)[days > NOTICE_LIMIT]

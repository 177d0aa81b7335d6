"""Days to answer and their limits: cases whose days were counted on a calendar."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import chinese_calendar
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.statistics.case_ledgers import case_frame
from tests.statistics.factory import found, ledger, make_inputs

from nianbao.inputs.bundle import Inputs
from nianbao.statistics.deadlines import (
    UNKNOWN,
    add_working_days,
    assess_deadlines,
    count_working_days,
    days_table,
    known_years,
    late_notices,
)

COMPLETION = "申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请"
OPEN = {"办理结果": "", "答复日期": ""}


def judged(year: int = 2024, **row: str) -> tuple[str, int]:
    """State and working days of one request."""
    cases = assess_deadlines(case_frame(row, year=year), year).cases
    return cases["state"].iloc[0], int(cases["used"].iloc[0])


def row(text: str) -> dict[str, str]:
    """A row from ``head=value`` between blanks."""
    return dict(part.split("=") for part in text.split())


@pytest.mark.parametrize(
    ("reported", "state", "used"),
    [
        ("收到日期=2024-03-05 答复日期=2024-03-05", "on_time", 0),
        # 20 working days from 5 March, with Qingming on 4 to 6 April and 7 April worked.
        ("收到日期=2024-03-05 答复日期=2024-04-02", "on_time", 20),
        ("收到日期=2024-03-05 答复日期=2024-04-03", "late", 21),
        ("收到日期=2024-03-05 答复日期=2024-04-08", "late", 23),
        ("收到日期=2024-03-05 答复日期=2024-04-08 延期=是", "on_time", 23),
        ("收到日期=2024-03-05 答复日期=2024-04-08 延期=否", "late", 23),
        ("收到日期=2024-03-05 答复日期=2024-04-08 延期日期=2024-04-01", "on_time", 23),
        ("收到日期=2024-03-05 答复日期=2024-04-08 延期=2024-04-08", "on_time", 23),
        ("收到日期=2024-03-05 答复日期=2024-04-09 延期=2024-04-08", "late", 24),
        # Completed on 20 March: the period begins anew.
        (
            "收到日期=2024-03-05 补正通知日期=2024-03-08 补正日期=2024-03-20 答复日期=2024-04-17",
            "on_time",
            19,
        ),
        ("收到日期=2024-03-05 补正通知日期=2024-03-08 答复日期=2024-03-20", "unclear", 11),
        # A third party was asked from 11 to 21 March: 8 working days do not count.
        (
            "收到日期=2024-03-05 征求第三方日期=2024-03-11 意见回复日期=2024-03-21 "
            "答复日期=2024-04-12",
            "on_time",
            19,
        ),
        # No reply: 15 working days are waited for, 11 March to 1 April.
        ("收到日期=2024-03-05 征求第三方日期=2024-03-11 答复日期=2024-04-12", "on_time", 12),
        # A fee: the period begins anew when it was paid.
        (
            "收到日期=2024-03-05 收费通知日期=2024-03-20 缴费日期=2024-04-03 答复日期=2024-04-12",
            "on_time",
            6,
        ),
        # Anew and whole: what passed before the payment counts no more.
        (
            "收到日期=2024-03-05 收费通知日期=2024-04-01 缴费日期=2024-04-19 答复日期=2024-05-20",
            "on_time",
            20,
        ),
        (
            "收到日期=2024-03-05 收费通知日期=2024-04-01 缴费日期=2024-04-19 答复日期=2024-05-21",
            "late",
            21,
        ),
        ("收到日期=2023-12-20 答复日期=2024-01-17", "on_time", 19),
    ],
)
def test_days_and_limit(reported: str, state: str, used: int) -> None:
    assert judged(**row(reported)) == (state, used)


@pytest.mark.parametrize(
    ("reported", "state"),
    [
        ("收到日期=2024-12-20", "open"),
        ("收到日期=2024-12-09", "open"),
        ("收到日期=2024-12-04", "near"),
        ("收到日期=2024-12-06", "near"),
        ("收到日期=2024-12-03", "near"),
        ("收到日期=2024-12-02", "overdue"),
        ("收到日期=2024-12-02 延期=是", "open"),
        ("收到日期=2024-12-02 补正通知日期=2024-12-05", "waiting"),
        ("收到日期=2024-12-02 收费通知日期=2024-12-05", "waiting"),
    ],
)
def test_open_requests_are_judged_at_the_end_of_the_year(reported: str, state: str) -> None:
    # 3 December and 20 working days is 31 December; 6 December leaves three.
    assert judged(**OPEN, **row(reported))[0] == state


def test_what_happens_after_the_year_has_not_happened() -> None:
    open_still = {"收到日期": "2024-12-02", "答复日期": "2025-01-02"}
    assert judged(**open_still)[0] == "overdue"
    assert judged(**open_still, 补正通知日期="2024-12-05", 补正日期="2025-01-01")[0] == "waiting"


def test_an_abandoned_request_has_no_limit() -> None:
    reported = {"收到日期": "2024-03-05", "补正通知日期": "2024-03-08", "答复日期": "2024-06-20"}
    assert judged(**reported, 办理结果=COMPLETION)[0] == "abandoned"


def test_a_year_without_a_calendar_cannot_be_assessed() -> None:
    assert judged(2030, 收到日期="2030-03-05", 答复日期="2030-03-06") == ("off_calendar", -1)


DAYS = st.integers(0, 60)


@settings(max_examples=150)
@given(st.dates(date(2022, 1, 1), date(2024, 9, 30)), DAYS, DAYS, DAYS, DAYS, st.booleans())
def test_any_request_is_judged_as_by_hand(
    received: date, asked: int, back: int, wait: int, answer: int, extended: bool
) -> None:
    consulted = received + timedelta(asked)
    replied, answered = consulted + timedelta(back), consulted + timedelta(back + wait + answer)
    reported = {
        "收到日期": received.isoformat(),
        "征求第三方日期": consulted.isoformat(),
        "意见回复日期": replied.isoformat(),
        "答复日期": answered.isoformat(),
        "延期": "是" if extended else "",
    }
    day, used = received, 0
    while day < answered:
        day += timedelta(1)
        waiting = consulted < day <= replied
        used += chinese_calendar.is_workday(day) and not waiting
    state, days = judged(answered.year, **reported)
    assert (state, days) == ("late" if used > (40 if extended else 20) else "on_time", used)


def test_the_average_leaves_out_what_is_not_known() -> None:
    cases = case_frame(
        {"答复日期": "2024-03-12"},
        {"答复日期": "2024-03-13"},
        {"答复日期": "2024-03-14", "补正通知日期": "2024-03-08"},
        {"答复日期": "2024-06-14", "补正通知日期": "2024-03-08", "办理结果": COMPLETION},
        OPEN,
    )
    assert assess_deadlines(cases, 2024).average == Decimal("5.5")
    assert assess_deadlines(case_frame(OPEN), 2024).average is None


def test_no_requests_are_no_trouble() -> None:
    cases = case_frame({"收到日期": "2022-03-01", "答复日期": "2022-03-02"})
    assert cases.empty
    assert assess_deadlines(cases, 2024).average is None
    assert late_notices(cases).empty


def with_cases(*rows: dict[str, str], year: int = 2024) -> Inputs:
    return replace(make_inputs(requests=ledger(), year=year), cases=case_frame(*rows, year=year))


def test_late_answers_are_reported_with_row_and_last_day() -> None:
    inputs = with_cases({}, {"答复日期": "2024-04-08"}, {"收到日期": "2024-11-01", **OPEN})
    late, overdue = found(inputs, "T1")
    assert "有1件答复超过法定期限：2（第3行，2024年4月2日到期，超3个工作日）" in late.message
    assert "3（第4行，2024年11月29日到期，超22个工作日）" in overdue.message
    assert late.cells == ("申请台账 登记号2",)
    assert late.formula == "答复用时≤20个工作日（延期的≤40个）"
    assert (late.left, late.right) == ("1", "0")


def test_a_finding_points_at_a_hundred_rows_at_most() -> None:
    (late,) = found(with_cases(*[{"答复日期": "2024-04-08"}] * 101), "T1")
    assert "有101件答复超过法定期限" in late.message
    assert late.cells[-1] == "申请台账 登记号100"
    assert late.left == "101"


def test_open_requests_near_their_limit_are_hints() -> None:
    (finding,) = found(with_cases({"收到日期": "2024-12-04", **OPEN}), "T2")
    assert finding.severity == "info"
    assert "有1件未答复且只剩不到4个工作日" in finding.message
    assert "1（第2行，2025年1月2日到期，还剩1个工作日）" in finding.message
    assert finding.formula == "剩余工作日＞3"


def test_completion_is_asked_within_seven_working_days() -> None:
    asked = {"补正日期": "2024-03-20", "答复日期": "2024-04-02"}
    assert not found(with_cases({"补正通知日期": "2024-03-14", **asked}), "T3")
    (finding,) = found(with_cases({"补正通知日期": "2024-03-15", **asked}), "T3")
    assert "1（第2行，第8个工作日）" in finding.message


def test_what_cannot_be_assessed_is_reported() -> None:
    (unclear,) = found(with_cases({"补正通知日期": "2024-03-08"}), "T4")
    assert "没有补正或缴费的日期" in unclear.message
    beyond = with_cases({"收到日期": "2030-03-05", "答复日期": "2030-03-06"}, year=2030)
    (finding,) = found(beyond, "T4")
    assert "节假日安排只有" in finding.message


def test_a_ledger_of_numbers_has_no_days() -> None:
    assert {f.id for id_ in ("T1", "T2", "T3", "T4") for f in found(make_inputs(), id_)} == set()


def test_answers_are_counted_by_the_days_they_took() -> None:
    rows = [
        row("收到日期=2024-03-05 答复日期=2024-03-05"),
        row("收到日期=2024-03-05 答复日期=2024-03-06"),
        row("收到日期=2024-03-05 答复日期=2024-04-02"),
        row("收到日期=2024-03-05 答复日期=2024-04-03"),
    ]
    table = days_table(case_frame(*rows), 2024, "requests.csv")
    assert table is not None
    assert dict(table.frame.itertuples(index=False, name=None)) == {
        "5日内": 2, "6至10日": 0, "11至15日": 0, "16至20日": 1, "21至40日": 1
    }  # fmt: skip
    assert days_table(case_frame(OPEN | {"收到日期": "2024-12-30"}), 2024, "requests.csv") is None


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

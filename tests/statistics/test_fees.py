"""The tariff of 109号, against a price for each item and page."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.statistics.case_ledgers import case_frame

from nianbao.statistics.fees import can_be_charged, collected, fee_by_items, fee_by_pages, misfits


def price_of_item(number: int) -> int:
    """Yuan for the n-th request of a month."""
    if number <= 10:
        return 0
    return 100 if number <= 30 else 100 + 100 * ((number - 31) // 10 + 1)


def price_of_page(number: int) -> int:
    """Yuan for the n-th page."""
    return next(p for upto, p in ((30, 0), (100, 10), (200, 20), (10**9, 40)) if number <= upto)


@given(st.integers(0, 700))
def test_a_fee_is_the_sum_of_the_prices(count: int) -> None:
    numbers = range(1, count + 1)
    assert fee_by_items(count) == sum(map(price_of_item, numbers))
    assert fee_by_pages(count) == sum(map(price_of_page, numbers))


def test_a_sum_can_be_charged_when_some_number_gives_it() -> None:
    possible = {fee_by_items(n) for n in range(200)} | {fee_by_pages(n) for n in range(2000)}
    for fee in range(0, 30_000, 5):
        assert can_be_charged(Decimal(fee)) == (fee in possible), fee
    assert not can_be_charged(Decimal("100.5"))
    assert not can_be_charged(Decimal(-10))


@pytest.mark.parametrize(
    ("pages", "items", "fee", "expected"),
    [
        ("45", "", "150", None),
        ("45", "", "450", 150),
        ("", "12", "200", None),
        ("", "12", "1200", 200),
        ("45", "12", "200", None),
        ("45", "12", "300", 150),
        ("", "", "150", None),
    ],
)
def test_a_request_is_charged_by_one_of_the_tariffs(
    pages: str, items: str, fee: str, expected: int | None
) -> None:
    row = {"收费页数": pages, "收费件数": items, "收费金额（元）": fee}
    found = list(misfits(case_frame(row)))
    assert [m.expected for m in found] == ([] if expected is None else [expected])


def test_a_sum_that_neither_tariff_gives_is_reported_without_an_amount() -> None:
    (found,) = misfits(case_frame({"收费金额（元）": "710"}))
    assert (found.number, found.row, found.fee) == ("1", 2, Decimal(710))
    assert found.expected is None


def test_what_was_collected_are_the_paid_notices_of_the_year() -> None:
    cases = case_frame(
        {"收费通知日期": "2024-03-06", "收费金额（元）": "150.00"},
        {"收费通知日期": "2023-12-28", "收费金额（元）": "70", "收到日期": "2023-12-20"},
        {
            "收费通知日期": "2024-03-07",
            "收费金额（元）": "30",
            "办理结果": "2.申请人逾期未按收费通知要求缴纳费用、行政机关不再处理其政府信息公开申请",
        },
        {"收费通知日期": "2024-03-08"},
    )
    assert str(collected(cases, 2024)) == "150.00"

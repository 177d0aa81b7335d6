"""Exact sums and rates."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nianbao.inputs.values import parse_cell
from nianbao.statistics.arithmetic import growth_rate, percentage, plain, total, whole


@pytest.mark.parametrize("blank", ["", "/", "无", "约3"])
def test_a_sum_with_something_unknown_is_unknown(blank: str) -> None:
    assert total([parse_cell("2"), parse_cell(blank)]) is None


def test_a_sum_of_nothing_is_zero() -> None:
    assert total([]) == 0


@given(st.lists(st.decimals(0, 10**7, places=6), max_size=20))
def test_money_adds_up_exactly(amounts: list[Decimal]) -> None:
    exact = total(parse_cell(plain(amount)) for amount in amounts)
    assert exact is not None
    assert Fraction(exact) == sum((Fraction(amount) for amount in amounts), Fraction(0))


def test_digits_are_kept() -> None:
    assert plain(Decimal("24252.311082")) == "24252.311082"
    assert plain(Decimal("1E+3")) == "1000"


def test_whole_cuts_nothing_off() -> None:
    assert (whole(Decimal("3.0")), whole(Decimal("2.5"))) == (3, Decimal("2.5"))


@pytest.mark.parametrize(
    ("part", "of", "digits", "share"),
    [
        (39, 3607, 2, "1.08"),
        (-2, 3, 0, "-67"),
        (5, 2000, 1, "0.3"),  # 0.25 rounds up, not to even
        (-5, 2000, 1, "-0.3"),
    ],
)
def test_percentage_rounds_half_up(part: int, of: int, digits: int, share: str) -> None:
    assert str(percentage(Decimal(part), Decimal(of), digits)) == share


@pytest.mark.parametrize(
    ("now", "before", "rate"),
    [
        (3646, 3607, "1.1"),  # published as 1.05
        (3722 + 18326, 18326, "20.3"),
        (1, 3, "-66.7"),
        (2005, 2000, "0.3"),
        (1995, 2000, "-0.3"),
    ],
)
def test_growth_rate(now: int, before: int, rate: str) -> None:
    assert str(growth_rate(Decimal(now), Decimal(before))) == rate


def test_no_rate_on_a_base_of_zero() -> None:
    assert growth_rate(Decimal(5), Decimal(0)) is None

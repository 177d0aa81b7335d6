from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nianbao.prose.wording import (
    SMALL_BASE,
    change,
    enumeration,
    percentage,
    plain,
    rate,
    scaled,
)

counts = st.integers(min_value=0, max_value=10**9)


@pytest.mark.parametrize(
    ("now", "before", "words"),
    [
        (0, 0, "与上年持平"),
        (7, 7, "与上年持平"),
        (5, 0, "上年为0件，净增5件"),
        (0, 2, "比上年减少2件"),
        (12, 9, "比上年增加3件"),
        (15, 10, "比上年增加5件，增长50%"),
        (3646, 3607, "比上年增加39件，增长1.08%"),
        (10, 30, "比上年减少20件，下降66.67%"),
        (Decimal("7730.28"), Decimal("7000.00"), "比上年增加730.28件，增长10.43%"),
    ],
)
def test_a_change_follows_sign_and_base(
    now: int | Decimal, before: int | Decimal, words: str
) -> None:
    assert change(now, before, "件") == words


@given(counts, counts)
def test_no_rate_on_a_zero_or_small_base_and_words_follow_the_sign(now: int, before: int) -> None:
    words = change(now, before, "件")
    assert ("%" in words) == (before >= SMALL_BASE and now != before)
    assert ("增" in words) == (now > before)
    assert ("减" in words) == (now < before)


@given(st.lists(st.tuples(st.sampled_from("甲乙丙丁"), counts), max_size=6))
def test_an_enumeration_adds_up(parts: list[tuple[str, int]]) -> None:
    words = enumeration(parts, "件")
    printed = [int(p.strip("甲乙丙丁件")) for p in words.split("，") if p]
    assert sum(printed) == sum(n for _, n in parts)
    assert 0 not in printed


@pytest.mark.parametrize(
    ("part", "whole", "printed"),
    [(208, 1191, "17.46%"), (1, 2, "50%"), (1, 8, "12.5%"), (2, 3, "66.67%"), (0, 5, "0%")],
)
def test_a_share_is_rounded_half_up(part: int, whole: int, printed: str) -> None:
    share = percentage(part, whole)
    assert share is not None
    assert rate(share) == printed


def test_a_share_of_nothing_does_not_exist() -> None:
    assert percentage(0, 0) is None


@pytest.mark.parametrize(
    ("number", "myriads", "printed"),
    [
        (517645, 1, "51.76万"),
        (9999, 1, "9999"),
        (10_000, 1, "1万"),
        (173_769_000, 2, "1.74亿"),
        (Decimal("59237.2449"), 1, "5.92万"),
    ],
)
def test_large_numbers_in_myriads(number: int | Decimal, myriads: int, printed: str) -> None:
    assert scaled(number, myriads) == printed


def test_money_keeps_its_digits() -> None:
    assert plain(Decimal("24252.311082")) == "24252.311082"
    assert plain(Decimal("0.10")) == "0.10"
    assert plain(Decimal("1E+3")) == "1000"

"""What a cell may hold: a number, a zero, nothing, not applicable, text."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nianbao.inputs.values import State, computed, parse_cell, parse_count, parse_number

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

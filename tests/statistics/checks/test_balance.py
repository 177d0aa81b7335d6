"""Which cell is named as the cause, and when none is: balances that were weighed by hand."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

import pytest
from tests.statistics.factory import FORMAT

from nianbao.inputs.values import computed
from nianbao.statistics.checks.balance import Balance, column_hint, difference_hint, find_causes

PERSON, FIRM, LAW = "自然人", "商业企业", "法律服务机构"
Off = Mapping[str, int]


def balance(
    numbers: Mapping[tuple[str, str], int],
    flow: Off | None = None,
    details: Off | None = None,
    rows: Off | None = None,
    typed: frozenset[tuple[str, str]] = frozenset(),
) -> Balance:
    """A table of zeros but for these numbers, off by these amounts."""
    keys = [(row.key, column) for row in FORMAT.request_rows for column in FORMAT.request_columns]
    cells = {key: computed(numbers.get(key, 0)) for key in keys}
    off = [{k: Decimal(v) for k, v in (given or {}).items()} for given in (flow, details, rows)]
    return Balance(FORMAT, cells, typed, *off)


def named(b: Balance) -> list[tuple[tuple[str, str], ...]]:
    return [cause.cells for cause in find_causes(b)]


def test_one_row_and_one_column_name_one_cell() -> None:
    b = balance({("new", PERSON): 5}, flow={PERSON: 3}, rows={"new": 3})
    (cause,) = find_causes(b)
    assert cause.cells == (("new", PERSON),)
    assert (cause.rows, cause.columns) == ({"new"}, {PERSON})
    assert "填的是5，改为2则行、列都能合上" in cause.words


def test_a_typed_total_is_too_small_by_what_its_parts_are_too_large() -> None:
    b = balance({("new", FORMAT.total): 2}, flow={FORMAT.total: -3}, rows={"new": 3})
    (cause,) = find_causes(b)
    assert cause.cells == (("new", FORMAT.total),)
    assert "填的是2，改为5则" in cause.words


@pytest.mark.parametrize(
    ("flow", "rows"),
    [
        ({PERSON: 3, FIRM: 3}, {"new": 3}),
        ({PERSON: 3}, {"new": 3, "carried_in": 3}),
    ],
)
def test_two_cells_as_likely_name_none(flow: Off, rows: Off) -> None:
    numbers = {(row, column): 5 for row in ("new", "carried_in") for column in (PERSON, FIRM)}
    assert named(balance(numbers, flow=flow, rows=rows)) == []


def test_a_cell_that_would_be_below_zero_is_not_named() -> None:
    off = {"flow": {PERSON: 3}, "rows": {"new": 3}}
    assert named(balance({("new", PERSON): 3}, **off)) == [(("new", PERSON),)]
    assert named(balance({("new", PERSON): 2}, **off)) == []


@pytest.mark.parametrize(
    ("row", "flow", "details", "excess"),
    [
        ("carried_in", {PERSON: 2}, {}, 2),
        ("carried_out", {PERSON: -2}, {}, 2),
        ("total", {PERSON: -2}, {PERSON: -2}, 2),
        ("open", {PERSON: -2}, {}, 2),
    ],
)
def test_what_a_cell_does_to_its_column(row: str, flow: Off, details: Off, excess: int) -> None:
    b = balance({(row, PERSON): 7}, flow=flow, details=details, rows={row: excess})
    assert named(b) == [((row, PERSON),)]


def test_a_detail_shows_in_b2_where_the_total_was_typed() -> None:
    typed = frozenset({("total", PERSON)})
    number = {("open", PERSON): 7}
    assert named(balance(number, details={PERSON: 2}, rows={"open": 2}, typed=typed)) == [
        (("open", PERSON),)
    ]
    assert named(balance(number, flow={PERSON: -2}, rows={"open": 2}, typed=typed)) == []


def test_only_the_cells_above_and_below_are_neighbours() -> None:
    keys = [row.key for row in FORMAT.request_rows]
    place = keys.index("partial")
    off = {"flow": {PERSON: -5}, "rows": {"partial": 5}}
    for near in (keys[place - 1], keys[place + 1]):
        (cause,) = find_causes(balance({("partial", PERSON): 12, (near, PERSON): 5}, **off))
        assert "差额与相邻的" in cause.words
    for far in (keys[place - 2], keys[place + 2]):
        (cause,) = find_causes(balance({("partial", PERSON): 12, (far, PERSON): 5}, **off))
        assert "差额与相邻的" not in cause.words
    # The cell itself holds the difference where it should be empty.
    (cause,) = find_causes(balance({("partial", PERSON): 5}, **off))
    assert "差额与相邻的" not in cause.words


MOVED = {"rows": {"new": 3, "carried_in": -3}}


def test_a_number_in_the_wrong_row_is_found_by_its_amount() -> None:
    b = balance({("new", PERSON): 8, ("new", FIRM): 3}, **MOVED)
    assert named(b) == [(("new", FIRM), ("carried_in", FIRM))]


def test_else_the_only_cell_that_is_large_enough_is_named() -> None:
    b = balance({("new", PERSON): 8, ("new", FIRM): 2}, **MOVED)
    assert named(b) == [(("new", PERSON), ("carried_in", PERSON))]


def test_of_several_that_fit_none_is_named() -> None:
    assert named(balance({("new", PERSON): 8, ("new", FIRM): 4}, **MOVED)) == []
    exact = {("new", PERSON): 3, ("new", FIRM): 3, ("new", LAW): 8}
    assert named(balance(exact, **MOVED)) == []


def test_no_number_goes_from_what_was_received_to_what_was_decided() -> None:
    rows = {"new": 3, "open": -3}
    assert named(balance({("new", PERSON): 3}, rows=rows)) == []
    assert named(balance({("new", PERSON): 3}, flow={PERSON: 1}, **MOVED)) == []
    assert named(balance({("new", PERSON): 3}, rows={**MOVED["rows"], "open": 1})) == []


def test_a_number_under_the_wrong_applicant() -> None:
    received = balance({("new", PERSON): 3}, flow={PERSON: 3, FIRM: -3})
    assert named(received) == [(("new", PERSON), ("new", FIRM))]
    handled = balance({("open", FIRM): 3}, flow={PERSON: 3, FIRM: -3})
    assert named(handled) == [(("open", FIRM), ("open", PERSON))]
    decided = balance({("open", PERSON): 3}, details={PERSON: 3, FIRM: -3})
    assert named(decided) == [(("open", PERSON), ("open", FIRM))]
    assert named(balance({("open", PERSON): 3}, details={PERSON: 3, FORMAT.total: -3})) == []


@pytest.mark.parametrize(
    ("partial", "denied", "surplus", "reported"),
    [
        (7, 4, 4, True),
        (4, 9, 4, True),
        (9, 4, 9, False),
        (0, 4, 4, False),
        (7, 4, -4, False),
        (7, 4, 5, False),
    ],
)
def test_partial_answers_that_were_counted_as_refusals_too(
    partial: int, denied: int, surplus: int, reported: bool
) -> None:
    b = balance({("partial", PERSON): partial, ("deny_3", PERSON): denied})
    hint = column_hint(b, PERSON, Decimal(surplus), ())
    assert ("只计入“（二）部分公开”" in hint) is reported


def test_what_the_difference_alone_tells() -> None:
    keys = [("new", PERSON), ("carried_in", PERSON)]
    one = balance({("new", PERSON): 4})
    assert "差额恰为表三“一、本年新收政府信息公开申请数量”" in difference_hint(
        one, keys, Decimal(-4)
    )
    both = balance(dict.fromkeys(keys, 4))
    assert difference_hint(both, keys, Decimal(4)) == ""
    assert "9的倍数" in difference_hint(both, keys, Decimal(27))

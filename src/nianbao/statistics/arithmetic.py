"""Exact sums and rates in which nothing blank becomes zero."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal
from typing import overload

from nianbao.inputs.values import Cell

Number = int | Decimal
"""A count, or an amount of money as it was handed in."""

HUNDRED = Decimal(100)
SMALL_BASE = 10
"""Below this base a change is given in counts alone. Source: Y10."""


def total(cells: Iterable[Cell]) -> Decimal | None:
    """Return the sum, or None when any part is not a number.

    Examples
    --------
    >>> from nianbao.inputs.values import parse_cell
    >>> total([parse_cell("2"), parse_cell("0")])
    Decimal('2')
    >>> total([parse_cell("2"), parse_cell("")]) is None
    True
    """
    return added(cell.number for cell in cells)


def added(numbers: Iterable[Decimal | None]) -> Decimal | None:
    """Return the sum, or None when any number is not known: nothing blank becomes zero."""
    parts = list(numbers)
    known = [number for number in parts if number is not None]
    return sum(known, Decimal(0)) if len(known) == len(parts) else None


def plain(number: Number) -> str:
    """Return a number in plain digits, exactly as it is, without an exponent.

    Examples
    --------
    >>> plain(Decimal("7730.280"))
    '7730.280'
    """
    return f"{number:f}" if isinstance(number, Decimal) else str(number)


def trimmed(number: Decimal) -> str:
    """Return a number in plain digits, without an exponent or zeros that say nothing.

    Examples
    --------
    >>> trimmed(Decimal("40682080.000")), trimmed(Decimal("1E+2"))
    ('40682080', '100')
    """
    text = plain(number)
    return text.rstrip("0").rstrip(".") if "." in text else text


@overload
def whole(number: Decimal) -> Number: ...


@overload
def whole(number: Decimal | None) -> Number | None: ...


def whole(number: Decimal | None) -> Number | None:
    """Return an int where the number is one; a fraction is never cut off, None stays None."""
    if number is None:
        return None
    return int(number) if number == number.to_integral_value() else number


def percentage(part: Number, whole: Number, digits: int = 2) -> Decimal | None:
    """Return the share in percent, rounded half up at ``digits``; None when the whole is zero.

    Examples
    --------
    >>> percentage(208, 1191)
    Decimal('17.46')
    """
    if not whole:
        return None
    step = Decimal(1).scaleb(-digits)
    return (Decimal(part) * 100 / Decimal(whole)).quantize(step, ROUND_HALF_UP)


def growth_rate(now: Decimal, before: Decimal) -> Decimal | None:
    """Return the change in percent of last year's value, rounded half up; None on a base of zero.

    Source: Y9, Y10.

    Examples
    --------
    >>> growth_rate(Decimal(3646), Decimal(3607))
    Decimal('1.1')
    """
    return percentage(now - before, before, digits=1)

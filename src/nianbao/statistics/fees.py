"""The information processing fee: its tariff (国办函〔2020〕109号), what was reported and charged.

Both tariffs rise by steps, each step for the part above the one before. By items: the requests
of one applicant in a calendar month. By pages: A4 pages of one request.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import pandas as pd

from nianbao.inputs.bundle import NamedFigure

FEE = "信息处理费"
NOTICES = ("收费通知件数", "收费通知")
CHARGED = "收费件数"
YUAN = {"": Decimal(1), "元": Decimal(1), "万元": Decimal(10_000)}

FREE_ITEMS, FIRST_ITEMS, ITEM_STEP, ITEM_PRICE = 10, 30, 10, 100
PAGE_STEPS = ((30, 0), (100, 10), (200, 20), (None, 40))
"""Up to how many pages, yuan a page."""
UNPAID = "other_2"
"""The outcome of a request whose applicant did not pay."""


def reported_fee(figures: Mapping[str, NamedFigure]) -> Decimal | None:
    """Return the 信息处理费 in yuan; None when it is not a number or its unit is not known."""
    figure = figures.get(FEE)
    if figure is None or figure.cell.number is None or figure.unit not in YUAN:
        return None
    return figure.cell.number * YUAN[figure.unit]


def reported_count(figures: Mapping[str, NamedFigure], *names: str) -> Decimal | None:
    """Return the first number that stands under one of these names."""
    numbers = (figures[name].cell.number for name in names if name in figures)
    return next((number for number in numbers if number is not None), None)


def fee_by_items(items: int) -> int:
    """Return the fee in yuan for so many requests of one applicant in one calendar month.

    Up to 10 are free; from the 11th to the 30th 100 yuan each; each further 10 cost 100 more.

    Examples
    --------
    >>> [fee_by_items(n) for n in (10, 11, 30, 31, 40, 41)]
    [0, 100, 2000, 2200, 4000, 4300]
    """
    fee = max(min(items, FIRST_ITEMS) - FREE_ITEMS, 0) * ITEM_PRICE
    rest, price = items - FIRST_ITEMS, 2 * ITEM_PRICE
    while rest > 0:
        fee += min(rest, ITEM_STEP) * price
        rest, price = rest - ITEM_STEP, price + ITEM_PRICE
    return fee


def fee_by_pages(pages: int) -> int:
    """Return the fee in yuan for so many pages of one request.

    Examples
    --------
    >>> [fee_by_pages(n) for n in (30, 31, 45, 100, 101, 200, 201)]
    [0, 10, 150, 700, 720, 2700, 2740]
    """
    fee, below = 0, 0
    for upto, price in PAGE_STEPS:
        top = pages if upto is None else min(pages, upto)
        fee += max(top - below, 0) * price
        below = upto or top
    return fee


def can_be_charged(fee: Decimal) -> bool:
    """Return whether one notice can be for this sum, by either tariff.

    Examples
    --------
    >>> can_be_charged(Decimal(150)), can_be_charged(Decimal(710)), can_be_charged(Decimal(15))
    (True, False, False)
    """
    if fee < 0 or fee % 10:
        return False
    return any(_reaches(tariff, int(fee)) for tariff in (fee_by_pages, fee_by_items))


def _reaches(tariff: Callable[[int], int], fee: int) -> bool:
    """Return whether a rising tariff takes this value: halve the range until it is found or not."""
    low, high = 0, 200 + fee
    while low < high:
        middle = (low + high) // 2
        if tariff(middle) < fee:
            low = middle + 1
        else:
            high = middle
    return tariff(low) == fee


@dataclass(frozen=True, slots=True)
class Misfit:
    """A request that was charged another sum than the tariff gives."""

    number: str
    row: int
    fee: Decimal
    expected: int | None


def misfits(cases: pd.DataFrame) -> Iterator[Misfit]:
    """Yield the requests of a ledger (``Inputs.cases``) whose fee does not follow the tariff.

    ``expected`` is None where neither pages nor items are given and no tariff gives the sum.
    Where both are given, either tariff may have been chosen, never both.
    """
    charged = cases[cases["fee"].notna()]
    names = ("number", "row", "fee", "pages", "items")
    for number, row, fee, pages, items in zip(*(list(charged[n]) for n in names), strict=True):
        expected = [
            *([fee_by_pages(pages)] if pages >= 0 else []),
            *([fee_by_items(items)] if items >= 0 else []),
        ]
        fits = fee in expected if expected else can_be_charged(fee)
        if not fits:
            yield Misfit(number, row, fee, expected[0] if expected else None)


def notices_of(cases: pd.DataFrame, year: int) -> pd.DataFrame:
    """Return the requests for which a notice was issued in the year."""
    first, last = date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal()
    return cases[cases["noticed"].between(first, last)]


def collected(cases: pd.DataFrame, year: int) -> Decimal:
    """Return the yuan charged by the notices of the year, without those that were not paid."""
    paid = notices_of(cases, year)
    paid = paid[paid["outcome"] != UNPAID]
    return sum((fee for fee in paid["fee"] if fee is not None), Decimal(0))

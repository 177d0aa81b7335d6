"""What a spreadsheet program shows of a value: by its number format, and by the clock.

A clerk reads what is shown, so that is what was handed in. What is kept beside it, a longer
fraction or the time of a day, is reported where it differs.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from typing import Literal

FormatKind = Literal["general", "number", "percent", "date"]

_QUOTED = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?!h|m|s)[^\]]*\]', re.IGNORECASE)
_DATE = re.compile(r"[ymdhseg年月日]", re.IGNORECASE)
_PLACES = re.compile(r"[0#?]")
_FRACTION = re.compile(r"\.([0#?]*)")
# The numbers of formats that files name without saying them; 27 to 36 and 50 to 58 are the
# Chinese dates. Source: ECMA-376-1, 18.8.30 (numFmt).
_BUILT_IN = {
    1: "0",
    2: "0.00",
    3: "#,##0",
    4: "#,##0.00",
    9: "0%",
    10: "0.00%",
    37: "#,##0",
    38: "#,##0",
    39: "#,##0.00",
    40: "#,##0.00",
    44: "0.00",
    **dict.fromkeys((*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)), "yyyy"),
}

LATE = timedelta(hours=23, minutes=59)
"""From then on a time is the next day's midnight, kept a few seconds too early."""
_GREENWICH = frozenset(timedelta(hours=16, seconds=-slip) for slip in (0, 43, 343))
"""Midnight in China as clocks at Greenwich show it, and the same with the slip of 43 seconds."""
HALF_DAY = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class NumberFormat:
    """How a number is shown: of which kind, and with how many digits after the point."""

    kind: FormatKind
    places: int = 0


GENERAL = NumberFormat("general")


@cache
def number_format(code: str) -> NumberFormat:
    """Read a number format; one that shows something else than the number is general.

    Examples
    --------
    >>> number_format("0.00%"), number_format('0"条"')
    (NumberFormat(kind='percent', places=2), NumberFormat(kind='number', places=0))
    >>> number_format('yyyy"年"m"月"').kind, number_format('0!.0,"万"').kind
    ('date', 'general')
    """
    plain = _QUOTED.sub("", code.split(";")[0]).strip()
    if "General" in plain or "@" in plain or "!" in plain:
        return GENERAL
    if _DATE.search(plain) and not re.search(r"E[+-]", plain):
        return NumberFormat("date")
    # A comma behind the last digit divides by a thousand; a slash shows a fraction.
    if not _PLACES.search(plain) or re.search(r"E[+-]|/|[0#?],+(?:\.|[^0#?,]|$)", plain):
        return GENERAL
    fraction = _FRACTION.search(plain)
    return NumberFormat(
        "percent" if "%" in plain else "number", len(fraction[1]) if fraction else 0
    )


def built_in_format(number: int) -> str | None:
    """Return the code of a format that a file names by its number alone; None of a general one."""
    return _BUILT_IN.get(number)


def plain_digits(value: float) -> str:
    """Return a number as Excel keeps it: fifteen significant digits; more of a binary one is
    noise.

    From 10^15 on, where digits are lost, in scientific form: nobody should take the zeros that
    stand in their place for digits.

    Examples
    --------
    >>> plain_digits(0.1 + 0.2), plain_digits(1120.0), plain_digits(202401010000123456.0)
    ('0.3', '1120', '2.02401010000123E+17')
    """
    if abs(value) >= 1e15:
        return f"{value:.14E}"
    return str(int(value)) if value.is_integer() else f"{Decimal(f'{value:.15g}'):f}"


def shown_number(value: float, shape: NumberFormat) -> tuple[str, bool]:
    """Return a number as it is shown, and whether digits that are kept are not shown.

    Zeros behind the point that only the format adds are left out.

    Examples
    --------
    >>> shown_number(0.985, NumberFormat("percent", 2))
    ('98.5%', False)
    >>> shown_number(7.6667, NumberFormat("number", 2))
    ('7.67', True)
    """
    kept = plain_digits(value)
    if shape.kind not in ("number", "percent") or "E" in kept:
        return kept, False
    exact = Decimal(kept) * (100 if shape.kind == "percent" else 1)
    rounded = exact.quantize(Decimal(1).scaleb(-shape.places), ROUND_HALF_UP)
    sign = "%" if shape.kind == "percent" else ""
    return f"{_short(rounded)}{sign}", rounded != exact


def _short(number: Decimal) -> str:
    text = f"{number:f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text).replace("-0", "0", text == "-0")


def day_of_serial(serial: float, *, since_1904: bool) -> datetime:
    """Return the moment that a number stands for, as Excel counts days.

    Examples
    --------
    >>> day_of_serial(45356, since_1904=False).date()
    datetime.date(2024, 3, 5)
    """
    start = datetime(1904, 1, 1) if since_1904 else datetime(1899, 12, 30)
    return start + timedelta(seconds=round(serial * 86_400))


def shown_moment(moment: datetime) -> tuple[str, bool]:
    """Return a day, with its time where it has one; and whether it was moved to the day that
    follows.

    Libraries that reckon with the local time of before 1901 keep a day 43 seconds too early.

    Examples
    --------
    >>> shown_moment(datetime(2023, 12, 31, 23, 59, 17))
    ('2024-01-01', True)
    """
    if _clock(moment) >= LATE:
        return (moment.date() + timedelta(days=1)).isoformat(), True
    return moment.date().isoformat() if not _clock(moment) else moment.isoformat(
        " ", "seconds"
    ), False


def _clock(moment: datetime) -> timedelta:
    """Return the time since midnight."""
    return moment - datetime.combine(moment.date(), datetime.min.time())


def at_greenwich(moments: list[datetime]) -> bool:
    """Return whether these moments of one column are days of China as clocks at Greenwich show
    them.
    """
    return len(moments) > 1 and {_clock(m) for m in moments} <= _GREENWICH


def next_day(moment: datetime) -> date:
    """Return the day in China that a moment at Greenwich belongs to."""
    return (moment + HALF_DAY).date()

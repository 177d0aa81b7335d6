"""The ways a clerk writes a date."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, timedelta

EXPECTED = "日期，如2024-03-05、2024/3/5、2024年3月5日"
"""What a message says was expected."""

_TIME = r"(?:[T\s]\s*\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?"
_WRITTEN = re.compile(
    r"(\d{4})(?:\s*([-/.])\s*(\d{1,2})\s*\2\s*(\d{1,2})|\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*[日号]?)"
    + _TIME
)
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
_SERIAL = re.compile(r"(\d{5})(?:\.\d+)?")
_DASHES = re.compile(r"[‐‑‒–—―−]")
_SERIAL_EPOCH = date(1899, 12, 30)
"""Day 0 of Excel's 1900 calendar, as it counts from March 1900 on."""


def parse_date(text: str) -> date | None:
    """The day a clerk wrote, or None when it cannot be read for certain.

    Understood are 2024-03-05, 2024/3/5, 2024.3.5, 2024年3月5日, each with full-width signs,
    blanks or a time of day; 20240305; and the five-digit day number that Excel keeps. A year
    of two digits, a month without a day or a day that does not exist is not guessed at.

    Examples
    --------
    >>> parse_date("2024年3月5日"), parse_date("45356")
    (datetime.date(2024, 3, 5), datetime.date(2024, 3, 5))
    >>> parse_date("2024-02-30") is None
    True
    """
    plain = _DASHES.sub("-", unicodedata.normalize("NFKC", text)).strip().strip("\ufeff")
    if match := _SERIAL.fullmatch(plain):
        return _SERIAL_EPOCH + timedelta(days=int(match[1]))
    if match := _COMPACT.fullmatch(plain):
        return _day(*match.groups())
    if match := _WRITTEN.fullmatch(plain):
        return _day(match[1], match[3] or match[5], match[4] or match[6])
    return None


def _day(year: str, month: str, day: str) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None

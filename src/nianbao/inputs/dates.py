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
_MONTHS = 12
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
    if match := _SERIAL.fullmatch(_plain(text)):
        return _SERIAL_EPOCH + timedelta(days=int(match[1]))
    try:
        return date(*parts) if (parts := _parts(text)) else None
    except ValueError:
        return None


def misread(text: str) -> str:
    """Why a text is no day: it is not written as one, or the calendar does not have it.

    Examples
    --------
    >>> misread("2024.2.30"), misread("当场")
    ('日期不存在（2024年2月没有30日）', '日期不能识别')
    """
    year, month, day = _parts(text) or (0, 0, 0)
    if not year:
        return "日期不能识别"
    if not 1 <= month <= _MONTHS:
        return f"日期不存在（一年没有{month}月）"
    return f"日期不存在（{year}年{month}月没有{day}日）"


def _plain(text: str) -> str:
    return _DASHES.sub("-", unicodedata.normalize("NFKC", text)).strip().strip("\ufeff")


def _parts(text: str) -> tuple[int, int, int] | None:
    """Year, month and day as written, whether there is such a day or not."""
    match = _COMPACT.fullmatch(_plain(text)) or _WRITTEN.fullmatch(_plain(text))
    if match is None:
        return None
    year, month, day = (int(part) for part in match.groups() if part and part.isdigit())
    return year, month, day

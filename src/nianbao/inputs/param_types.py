"""Types of the parameters' fields: text in one line, agency codes, days."""

from __future__ import annotations

from typing import Annotated
from unicodedata import category

from pydantic import AfterValidator, StringConstraints

from nianbao.files.characters import MAX_LINE, unfit
from nianbao.files.words import visible
from nianbao.inputs.dates import parse_date
from nianbao.inputs.project import CODE_RULE, is_agency_code

_NOT_TEXT = frozenset({"Cc", "Cf", "Zl", "Zp"})
"""Control and format signs, ends of line and paragraph."""


def _one_line(text: str) -> str:
    if any(category(letter) in _NOT_TEXT for letter in text):
        raise ValueError("一行文字，没有换行和控制符")
    if wrong := unfit(text, MAX_LINE):
        raise ValueError(f"可以印出的一行文字；这里{wrong}")
    return visible(text)


def _agency_code(code: str) -> str:
    if not is_agency_code(code):
        raise ValueError(CODE_RULE)
    return code


def _iso_date(text: str) -> str:
    day = None if text.isdigit() and len(text) != 8 else parse_date(text)
    if day is None or any(mark in text for mark in "T:："):
        raise ValueError("实际存在的日期，如2025-01-20、2025/1/20、2025年1月20日")
    return day.isoformat()


def _month_day(text: str) -> str:
    # Any leap year will do, so that 02-29 is a day.
    written = (f"2024{mark}{text}" for mark in "-/.年")
    day = next(filter(None, map(parse_date, written)), None)
    if day is None or any(mark in text for mark in "T:："):
        raise ValueError("实际存在的月和日，如01-31、1月31日")
    return day.strftime("%m-%d")


Text = Annotated[
    str,
    StringConstraints(strict=True, strip_whitespace=True, min_length=1),
    AfterValidator(_one_line),
]
"""One line of text, never made from a number."""

Code = Annotated[Text, AfterValidator(_agency_code)]
IsoDate = Annotated[Text, AfterValidator(_iso_date)]
MonthDay = Annotated[Text, AfterValidator(_month_day)]

"""Types of the parameters' fields: text in one line, agency codes, days."""

from __future__ import annotations

from datetime import date
from typing import Annotated
from unicodedata import category

from pydantic import AfterValidator, StringConstraints

from nianbao.inputs.characters import MAX_LINE, unfit
from nianbao.inputs.project import CODE_RULE, is_agency_code
from nianbao.inputs.words import visible

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


def _is_day(text: str, canonical: str) -> bool:
    try:
        return date.fromisoformat(text).strftime(canonical) == text
    except ValueError:
        return False


def _iso_date(text: str) -> str:
    if not _is_day(text, "%Y-%m-%d"):
        raise ValueError("实际存在的日期，写成2025-01-20")
    return text


def _month_day(text: str) -> str:
    # Any leap year will do, so that 02-29 is a day.
    if not _is_day(f"2024-{text}", "2024-%m-%d"):
        raise ValueError("实际存在的月和日，写成01-31")
    return text


Text = Annotated[
    str,
    StringConstraints(strict=True, strip_whitespace=True, min_length=1),
    AfterValidator(_one_line),
]
"""One line of text, never made from a number."""

Code = Annotated[Text, AfterValidator(_agency_code)]
IsoDate = Annotated[Text, AfterValidator(_iso_date)]
MonthDay = Annotated[Text, AfterValidator(_month_day)]

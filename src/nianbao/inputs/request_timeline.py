"""A request from its receipt to its answer: the days and the fee that a ledger may tell.

All of these columns are optional. What stands in them makes no table; it gives the days an
answer took, the requests that were late, and the fees.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import partial

import numpy as np
import pandas as pd

from nianbao.errors import Problem
from nianbao.inputs.heads import NUMBER, PERSON, Column
from nianbao.inputs.personal import registry_number
from nianbao.inputs.records import Records
from nianbao.inputs.values import (
    DATE_EXPECTED,
    NA_MARKS,
    misread,
    read_count,
    read_day,
    read_number,
)

# A day is a number counted from year 1; these stand for what is no day.
BLANK, UNREADABLE, FAR = 0, -1, -2
_FIRST_YEAR = 2000
_YEARS_AHEAD = 5
"""A ledger may run on after the year of the report; a date beyond this is a slip of the hand."""

ASKED, COMPLETED = "补正通知日期", "补正日期"
CONSULTED, REPLIED = "征求第三方日期", "意见回复日期"
EXTENDED, EXTENSION_DATE = "延期", "延期日期"
NOTICED, PAID = "收费通知日期", "缴费日期"
PAGES, ITEMS, FEE_CHARGED = "收费页数", "收费件数", "收费金额（元）"

_DAYS = {
    "asked": ASKED,
    "completed": COMPLETED,
    "consulted": CONSULTED,
    "replied": REPLIED,
    "extension": EXTENSION_DATE,
    "noticed": NOTICED,
    "paid": PAID,
}
"""Columns of days by their name in the frame."""
DAY_HEADS = (*_DAYS.values(), EXTENDED)
COUNT_HEADS = (PAGES, ITEMS)
"""Columns in which days and counts may stand."""
_ORDER = ((COMPLETED, ASKED), (REPLIED, CONSULTED), (PAID, NOTICED))
"""The later day of a pair, and the earlier, without which it means nothing."""

_HEADS = {
    ASKED: ("告知补正日期", "通知补正日期"),
    COMPLETED: ("收到补正日期", "补正完成日期"),
    CONSULTED: ("征求意见日期", "征求第三方意见日期"),
    REPLIED: ("第三方回复日期", "意见反馈日期", "第三方意见回复日期"),
    EXTENDED: ("是否延期",),
    EXTENSION_DATE: ("延期告知日期", "延期通知日期"),
    NOTICED: ("收费通知书日期",),
    PAID: ("缴纳日期",),
    PAGES: ("页数",),
    ITEMS: (),
    FEE_CHARGED: ("收费金额", "信息处理费", "信息处理费（元）"),
}
"""Heads of what is read, and other heads seen for them."""
_PRIVATE = (
    *(PERSON, "申请人", "申请人名称", "姓名", "身份证号", "身份证号码", "证件号码", "证件类型"),
    *("联系方式", "联系电话", "电话", "手机", "手机号码", "住址", "地址", "联系地址", "通讯地址"),
    *("邮箱", "电子邮箱", "邮政编码", "工作单位", "代理人", "法定代表人", "联系人"),
    *("申请内容", "申请事项", "申请方式", "获取方式", "收到方式", "征求第三方意见", "收费通知"),
    *("答复期限", "到期日期", "答复文号", "答复方式", "承办科室", "办理科室", "承办单位"),
    *("承办人", "经办人", "办理状态", "行政复议", "行政诉讼"),
)
"""What a bureau's own ledger may have beside; it is never read."""

LIFE_COLUMNS = (
    *(Column(name, required=False, aliases=aliases) for name, aliases in _HEADS.items()),
    Column("说明", required=False, use="words"),
    *(Column(name, required=False, use="private") for name in _PRIVATE),
)
"""The optional columns of a ledger of cases."""

_YES = frozenset({"是", "有", "√", "已延期", "延期", "Y", "y"})
_NO = frozenset({"", "否", "无", "未延期", "不延期", "N", "n"}) | NA_MARKS


def ordinal(text: str, year: int, *, since_1904: bool = False) -> int:
    """Return the day as a number counted from year 1.

    What is no such day is BLANK, UNREADABLE or FAR.
    """
    if not text:
        return BLANK
    found = read_day(text, year, since_1904=since_1904)
    if found is None:
        return UNREADABLE
    day = found[0]
    return day.toordinal() if _FIRST_YEAR <= day.year <= year + _YEARS_AHEAD else FAR


def day_reader(records: Records, year: int) -> Callable[[str], int]:
    """Return `ordinal` for the days of a ledger."""
    return partial(ordinal, year=year, since_1904=records.grid.since_1904)


def years_near(year: int) -> str:
    """Return which dates are not `FAR`, in words."""
    return f"{_FIRST_YEAR}年至{year + _YEARS_AHEAD}年的日期"


def read_life(
    records: Records,
    received: Sequence[int],
    answered: Sequence[int],
    year: int,
    words: Mapping[str, Sequence[str | None]],
) -> pd.DataFrame:
    """Return the optional columns and those of ``words`` as a frame, one row a record.

    Returns
    -------
    DataFrame
        ``number`` (登记号 as it may be published), ``row`` as Excel shows it; days as ordinals,
        0 where blank:
        ``received``, ``answered``, ``asked``, ``completed``, ``consulted``, ``replied``,
        ``noticed``, ``paid``, ``due`` (a limit written instead of 是); ``extended`` (bool);
        ``pages`` and ``items`` (-1 where blank); ``fee`` in yuan (Decimal or None).
    """
    read_date, blank = day_reader(records, year), [BLANK] * len(records)

    def parsed(column: str) -> list[int]:
        return records.parsed(column, read_date) if column in records else blank

    def counts(column: str) -> list[int]:
        if column not in records:
            return [-1] * len(records)
        return [-1 if c is None else c[0] for c in records.parsed(column, read_count)]

    days = {name: parsed(column) for name, column in _DAYS.items()}
    marks, limits = records.columns.get(EXTENDED, [""] * len(records)), parsed(EXTENDED)
    extensions = days.pop("extension")
    fees = _numbers(records, FEE_CHARGED) if FEE_CHARGED in records else [None] * len(records)
    numbers = {
        "row": list(records.rows),
        "received": received,
        **days,
        "due": [max(limit, BLANK) for limit in limits],
        "pages": counts(PAGES),
        "items": counts(ITEMS),
        "answered": answered,
    }
    extended = [
        word in _YES or limit > 0 or extension > 0
        for word, limit, extension in zip(marks, limits, extensions, strict=True)
    ]
    # At once: each further column would be a step of its own.
    return pd.DataFrame(
        {
            **{name: np.array(each, dtype="int64") for name, each in numbers.items()},
            "number": pd.array(list(map(registry_number, records.columns[NUMBER])), dtype="str"),
            "extended": np.array(extended, dtype=bool),
            "fee": pd.Series(fees, dtype=object),
            **{name: pd.array(list(each), dtype="str") for name, each in words.items()},
        }
    )


def life_problems(records: Records, received: Sequence[int], year: int) -> Iterator[Problem]:
    """Yield a problem for each cell that cannot be read or stands before what it follows on."""
    read_date = day_reader(records, year)
    days = {c: records.parsed(c, read_date) for c in _DAYS.values() if c in records}
    for column, each in days.items():
        for i, day in enumerate(each):
            if day < 0:
                far = day == FAR
                message = "日期离报告年度太远" if far else misread(records.columns[column][i])
                expected = years_near(year) if far else DATE_EXPECTED
                yield records.problem(i, column, message, expected)
            elif 0 < day < received[i]:
                yield records.problem(i, column, f"{column}早于收到日期", "收到当日或以后的日期")
    for later, earlier in _ORDER:
        before = days.get(earlier, [BLANK] * len(records))
        for i, after in enumerate(days.get(later, ())):
            if after > 0 and before[i] == BLANK:
                yield records.problem(i, later, f"有{later}，没有{earlier}", f"同时填写{earlier}")
            elif 0 < after < before[i]:
                yield records.problem(i, later, f"{later}早于{earlier}", f"{earlier}当日或以后")
    if EXTENDED in records:
        words = records.columns[EXTENDED]
        limits = records.parsed(EXTENDED, read_date)
        for i, (word, limit) in enumerate(zip(words, limits, strict=True)):
            if word not in _YES | _NO and limit < 0:
                yield records.problem(i, EXTENDED, "延期不能识别", "是、否，或延期后的答复期限")
    for column in (PAGES, ITEMS):
        yield from _wrong_numbers(records, column, "不小于0的整数")
    yield from _wrong_numbers(records, FEE_CHARGED, "以元为单位、不小于0的数")


def _wrong_numbers(records: Records, column: str, expected: str) -> Iterator[Problem]:
    if column not in records:
        return
    texts = records.columns[column]
    for i, number in enumerate(_numbers(records, column)):
        if texts[i] and (number is None or number < 0):
            yield records.problem(i, column, "数字不能识别", expected)


def _numbers(records: Records, column: str) -> list[Decimal | None]:
    """Return the numbers of a column: counts, or the fee in yuan."""
    read = partial(read_number, units=("元",)) if column == FEE_CHARGED else read_count
    return [None if found is None else Decimal(found[0]) for found in records.parsed(column, read)]

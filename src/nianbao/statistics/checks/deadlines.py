"""T1–T4: answers in time, by the ledger of cases."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import pandas as pd

from nianbao.files.words import day_words, short_listing
from nianbao.statistics.checks.registry import Check, check
from nianbao.statistics.checks.running import Statistics
from nianbao.statistics.deadlines import (
    EXTENSION,
    LATE,
    LIMIT,
    NEAR,
    NEAR_LIMIT,
    NOTICE_LIMIT,
    OFF_CALENDAR,
    OVERDUE,
    UNCLEAR,
    UNKNOWN,
    known_years,
    late_notices,
)
from nianbao.statistics.model import Finding

_MOST_CELLS = 100
IN_TIME = f"答复用时≤{LIMIT}个工作日（延期的≤{LIMIT + EXTENSION}个）"


def _cells(cases: pd.DataFrame) -> Iterator[str]:
    return (f"申请台账 登记号{number}" for number in cases["number"][:_MOST_CELLS])


def _listed(cases: pd.DataFrame, words: str) -> str:
    """Return each request with its row and its last day; ``words`` says what ``left`` means."""
    names = ("number", "row", "due", "left")
    parts = []
    for number, row, due, left in zip(*(list(cases[name]) for name in names), strict=True):
        until = "" if due == UNKNOWN else f"{day_words(date.fromordinal(due))}到期，"
        parts.append(f"{number}（第{row}行，{until}{words}{abs(left)}个工作日）")
    return short_listing(parts, measure="件")


@check(
    "T1",
    severity="warning",
    title="超过法定期限的答复",
    source="《政府信息公开条例》第三十三条",
    explanation="条例第三十三条规定收到申请之日起20个工作日内答复，批准延长的最多再加20个工作日。"
    "补正的从收到补正之日起算，征求第三方意见、缴费所需时间不计，"
    "工作日按国务院放假安排计算。请核对台账的日期，确属超期的如实写明。",
)
def answers_are_in_time(s: Statistics, rule: Check) -> Iterator[Finding]:
    """Report answers after the limit, and open requests whose limit has passed."""
    if s.deadlines is None:
        return
    late, overdue = s.deadlines.among(LATE), s.deadlines.among(OVERDUE)
    for cases, what in ((late, "答复超过法定期限"), (overdue, "到12月31日仍未答复、期限已过")):
        if not cases.empty:
            message = (
                f"申请台账有{len(cases)}件{what}：{_listed(cases, '超')}。请核对收到日期和答复日期"
                "；办过延期、补正、征求第三方意见或收费的，请在台账补填相应日期。"
            )
            yield rule.finding(
                message, formula=IN_TIME, left=Decimal(len(cases)), right=Decimal(0),
                cells=_cells(cases),
            )  # fmt: skip


@check(
    "T2",
    severity="info",
    title="临近答复期限的申请",
    source="《政府信息公开条例》第三十三条",
    explanation="到年底没有答复的申请，剩余的工作日不多于3个的列在这里。请抓紧办理，"
    "确需延长的应在期限内批准并告知申请人。",
)
def limits_are_not_near(s: Statistics, rule: Check) -> Iterator[Finding]:
    """Report open requests with few working days left at the year's end."""
    near = None if s.deadlines is None else s.deadlines.among(NEAR_LIMIT)
    if near is not None and not near.empty:
        message = (
            f"到12月31日，申请台账有{len(near)}件未答复且只剩不到{NEAR + 1}个工作日："
            f"{_listed(near, '还剩')}。请抓紧办理，确需延长的及时批准并告知申请人。"
        )
        yield rule.finding(message, formula=f"剩余工作日＞{NEAR}", cells=_cells(near))


@check(
    "T3",
    severity="warning",
    title="补正告知不超过7个工作日",
    source="《政府信息公开条例》第三十条",
    explanation="申请内容不明确的，条例第三十条要求自收到申请之日起7个工作日内一次性告知补正。"
    "请核对收到日期和补正通知日期，确属超期的如实写明。",
)
def completion_is_asked_in_time(s: Statistics, rule: Check) -> Iterator[Finding]:
    """Check that an unclear request is sent back within seven working days (条例 art. 30)."""
    late = None if s.inputs.cases is None else late_notices(s.inputs.cases)
    if late is not None and not late.empty:
        pairs = zip(late["number"], late["row"], late["used"], strict=True)
        reported = [f"{number}（第{row}行，第{used}个工作日）" for number, row, used in pairs]
        message = (
            f"申请台账有{len(late)}件告知补正超过{NOTICE_LIMIT}个工作日："
            f"{short_listing(reported, measure='件')}。请核对收到日期和补正通知日期。"
        )
        yield rule.finding(message, formula=f"告知补正≤{NOTICE_LIMIT}个工作日", cells=_cells(late))


@check(
    "T4",
    severity="info",
    title="办理期限无法核对的申请",
    source="《政府信息公开条例》第三十三条",
    explanation="缺少补正、缴费日期的申请，以及落在没有放假安排数据的年份里的申请，"
    "算不出用了几个工作日。算不出的不计入平均办理天数和按时答复率。请补填日期，"
    "或对照放假通知自行核对。",
)
def deadlines_can_be_assessed(s: Statistics, rule: Check) -> Iterator[Finding]:
    """Report years whose holidays are not known, and days that the ledger leaves out."""
    if s.deadlines is None:
        return
    unclear, beyond = s.deadlines.among(UNCLEAR), s.deadlines.among(OFF_CALENDAR)
    if not unclear.empty:
        numbers = short_listing(list(unclear["number"]), measure="件")
        message = (
            f"申请台账有{len(unclear)}件写了补正通知或收费通知的日期，没有补正或缴费的日期，"
            f"无法核对答复期限：{numbers}。请补填。"
        )
        yield rule.finding(message, cells=_cells(unclear))
    if not beyond.empty:
        first, last = known_years()
        message = (
            f"申请台账有{len(beyond)}件无法核对答复期限：节假日安排只有{first}年至{last}年的，"
            "请对照当年的放假通知自行核对。"
        )
        yield rule.finding(message, cells=_cells(beyond))

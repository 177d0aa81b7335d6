"""What a cell says to the person at the notebook when there is nothing to show."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from nianbao.errors import UsageError
from nianbao.files.words import perhaps

REASONS: Mapping[str, str] = MappingProxyType(
    {
        "disclosures_by_channel": "主动公开的数不足三个渠道，正文已经说明，这里没有图。",
        "disclosures_by_category": "主动公开的数不足三类，正文已经说明，这里没有图。",
        "disclosures_by_month": "主动公开台账没有逐条写明日期，这里没有图。",
        "requests_flow": "申请的来源和去向不足三项，或两边的数不相等，这里没有图。",
        "requests_by_outcome": "办结的申请不足三种结果，正文已经说明，这里没有图。",
        "requests_by_applicant": "新收的申请不足三类申请人，正文已经说明，这里没有图。",
        "requests_by_days": "申请台账没有写明日期，或答复所用时间不足三段，这里没有图。",
        "comparison": "没有上年的数，不能与上年比较。",
    }
)
"""By chart or table, where more can be said than `NO_DATA`. The published report says nothing."""
NO_DATA = "本年度没有这方面的数，这里没有图。"
"""Of a chart that has no reason of its own."""


def nothing_to_show(key: str, tables: Iterable[str]) -> str:
    """Why a chart or table is not there.

    A table is known by being there; one that may be missing has its reason in `REASONS`.

    Parameters
    ----------
    key
        What the cell asks for.
    tables
        Keys of the tables that are there.

    Raises
    ------
    UsageError
        There is none of that name; the nearest are named.

    Examples
    --------
    >>> nothing_to_show("comparison", ())
    '没有上年的数，不能与上年比较。'
    """
    from nianbao.statistics.charts import CHARTS

    if key in REASONS:
        return REASONS[key]
    if key in CHARTS:
        return NO_DATA
    known = tuple(dict.fromkeys((*tables, *CHARTS, *REASONS)))
    hint = perhaps(key, known)
    ended = f"，{hint}" if hint else "。"
    raise UsageError(f"没有名为“{key}”的表或图{ended}可用的名称：{'、'.join(known)}")

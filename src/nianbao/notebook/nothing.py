"""What a cell says to the person at the notebook when there is nothing to show."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from nianbao.errors import UsageError
from nianbao.inputs.words import perhaps

REASONS: Mapping[str, str] = MappingProxyType(
    {
        "disclosures_by_channel": "本年度没有主动公开的数，这里没有图。",
        "disclosures_by_category": "本年度没有分类别的主动公开数，这里没有图。",
        "requests_by_outcome": "本年度没有办结的申请，这里没有图。",
        "requests_by_applicant": "本年度没有新收的申请，这里没有图。",
        "comparison": "没有上年的数，不能与上年比较。",
    }
)
"""By chart or table; the published report says nothing in its place."""


def nothing_to_show(key: str, tables: Iterable[str]) -> str:
    """Why a chart or table is not there.

    Raises
    ------
    UsageError
        There is none of that name; the nearest are named.

    Examples
    --------
    >>> nothing_to_show("comparison", ())
    '没有上年的数，不能与上年比较。'
    """
    if key not in REASONS:
        known = (*tables, *REASONS)
        hint = perhaps(key, known)
        ended = f"，{hint}" if hint else "。"
        raise UsageError(f"没有名为“{key}”的表或图{ended}可用的名称：{'、'.join(known)}")
    return REASONS[key]

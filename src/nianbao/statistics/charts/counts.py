"""The charts of counts: of one year by channel, category, month …, and of years side by side."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from nianbao.statistics.arithmetic import added, plain
from nianbao.statistics.charts.bars import Columns, ranked
from nianbao.statistics.charts.registry import (
    Drawn,
    Tables,
    chart,
    data_frame,
    enough,
    number_of,
)
from nianbao.statistics.comparison import DISCLOSED, SERIES, is_series, series_of, year_label
from nianbao.statistics.model import Table, rows_of
from nianbao.statutory import Format

BY_YEAR = ("disclosures_by_year", "requests_by_year")
"""Keys of the charts that are read from the table ``series``."""
MOST_YEARS = 5


@chart(
    "disclosures_by_channel",
    title="主动公开政府信息的渠道分布",
    unit="条",
    source="本机关主动公开台账",
)
def disclosures_by_channel(tables: Tables, _: Format) -> Drawn | None:
    """Draw how many items each channel carried."""
    counts = _counts(tables, "disclosures_by_channel")
    return ranked(counts, "渠道", "各渠道共公开政府信息", "条", "个渠道")


@chart(
    "disclosures_by_category",
    title="主动公开政府信息的类别分布",
    unit="条",
    source="本机关主动公开台账",
)
def disclosures_by_category(tables: Tables, _: Format) -> Drawn | None:
    """Draw how many items of each category were made public."""
    counts = _counts(tables, "disclosures_by_category")
    return ranked(counts, "类别", "各类别共公开政府信息", "条", "类")


@chart(
    "requests_by_applicant",
    title="本年新收政府信息公开申请的申请人分布",
    unit="件",
    source="本报告第三部分",
)
def requests_by_applicant(tables: Tables, format_: Format) -> Drawn | None:
    """Draw new requests by kind of applicant."""
    table = tables.get("requests")
    if table is None:
        return None
    row = table.frame.loc["new"]
    counts = {name: number_of(row[name]) for name in format_.applicants}
    named = {"其他组织" if n == "其他" else n: v for n, v in counts.items()}
    return ranked(named, "申请人", "本年新收政府信息公开申请", "件")


@chart(
    "requests_by_outcome", title="政府信息公开申请的办理结果", unit="件", source="本报告第三部分"
)
def requests_by_outcome(tables: Tables, format_: Format) -> Drawn | None:
    """Draw finished requests by the six kinds of outcome of table 3."""
    table = tables.get("requests")
    if table is None:
        return None
    return ranked(outcome_counts(table, format_), "办理结果", "共办结政府信息公开申请", "件")


def outcome_counts(table: Table, format_: Format) -> dict[str, Decimal | None]:
    """Return the six kinds of outcome in the order of table 3."""
    totals = table.frame[format_.total]
    groups: dict[str, list[Decimal | None]] = {}
    for row in format_.outcome_rows:
        # Without number and explanation: （二）部分公开（区分处理的…） is 部分公开.
        name = (row.group or row.label).split("）", 1)[1].split("（")[0]
        groups.setdefault(name, []).append(number_of(totals[row.key]))
    return {name: added(values) for name, values in groups.items()}


@chart(
    "requests_by_days",
    title="答复政府信息公开申请所用的工作日",
    unit="件",
    source="本机关依申请公开台账",
)
def requests_by_days(tables: Tables, _: Format) -> Drawn | None:
    """Draw how many requests were answered in how many working days."""
    counts = _counts(tables, "requests_by_days")
    return _in_order(counts, "所用工作日", "本年答复政府信息公开申请", "件")


@chart(
    "disclosures_by_month",
    title="各月主动公开政府信息数量",
    unit="条",
    source="本机关主动公开台账",
)
def disclosures_by_month(tables: Tables, _: Format) -> Drawn | None:
    """Draw how many items were made public in each month."""
    counts = _counts(tables, "disclosures_by_month")
    return _in_order(counts, "月份", "各月共公开政府信息", "条")


def _counts(tables: Tables, key: str) -> dict[str, Decimal | None]:
    """Return a plain table of names and counts; nothing where there is no such table."""
    rows = rows_of(tables[key].frame) if key in tables else ()
    return {str(name): number_of(value) for name, value in rows}


def _in_order(
    counts: Mapping[str, Decimal | None], head: str, lead: str, unit: str
) -> Drawn | None:
    """Return the columns in the order of the table, every one of them reported."""
    whole = added(counts.values())
    values = tuple(value for value in counts.values() if value is not None)
    if whole is None or not enough(values):
        return None
    most = max(values)
    highest = [name for name, value in counts.items() if value == most]
    tie = f"并列最多，各{plain(most)}{unit}" if len(highest) > 1 else "最多"
    reported = "、".join(f"{name}{plain(v)}{unit}" for name, v in counts.items() if v is not None)
    alt = f"{lead}{plain(whole)}{unit}：{reported}；{'、'.join(highest)}{tie}。"
    data = data_frame(head, list(counts), {f"数量（{unit}）": values})
    return Drawn(Columns(tuple(counts), {"数量": values}, unit), alt, data)


@chart(
    "disclosures_by_year",
    title="历年主动公开政府信息数量",
    unit="条",
    source="各年度主动公开台账",
)
def disclosures_by_year(tables: Tables, _: Format) -> Drawn | None:
    """Draw how many items each year made public."""
    return _by_year(tables, {"数量": DISCLOSED}, "条")


@chart(
    "requests_by_year",
    title="历年新收和办结政府信息公开申请数量",
    unit="件",
    source="各年度政府信息公开工作年度报告第三部分",
)
def requests_by_year(tables: Tables, _: Format) -> Drawn | None:
    """Draw how many requests came in and were finished each year."""
    return _by_year(tables, {"新收": "新收申请", "办结": "办结申请"}, "件")


def _by_year(tables: Tables, items: dict[str, str], unit: str) -> Drawn | None:
    """Return one or two items in the last years that know them all; None for too few such years."""
    table = tables.get(SERIES)
    if table is None:
        return None
    found = {name: series_of(table, item) for name, item in items.items()}
    heads = [int(str(head).removesuffix("年")) for head in table.frame.columns[2:]]
    years = [year for year in heads if all(year in values for values in found.values())]
    years = years[-MOST_YEARS:]
    series = {name: tuple(Decimal(values[y]) for y in years) for name, values in found.items()}
    if not is_series(years, heads[-1]) or not any(map(any, series.values())):
        return None
    reported = "；".join(_reported(items[name], years, v, unit) for name, v in series.items())
    gaps = [y for y in range(years[0], years[-1]) if y not in years]
    gap = f"{'、'.join(map(year_label, gaps))}没有可比数据，图中不列。" if gaps else ""
    labels = tuple(map(year_label, years))
    columns = {f"{name}（{unit}）": values for name, values in series.items()}
    data = data_frame("年度", labels, columns)
    return Drawn(Columns(labels, series, unit), f"{reported}。{gap}", data)


def _reported(item: str, years: list[int], values: tuple[Decimal, ...], unit: str) -> str:
    """Return what a series says, in words: every year, and the highest."""
    most = max(values)
    if min(values) == most:
        return f"{item}{year_label(years[0])}至{year_label(years[-1])}均为{plain(most)}{unit}"
    pairs = list(zip(map(year_label, years), values, strict=True))
    each = "、".join(f"{year}{plain(value)}{unit}" for year, value in pairs)
    highest = [year for year, value in pairs if value == most]
    top = f"{'和'.join(highest)}并列最多" if len(highest) > 1 else f"{highest[0]}最多"
    return f"{item}{each}，{top}"

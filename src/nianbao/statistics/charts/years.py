"""The charts over years, from the oldest to this one."""

from __future__ import annotations

from decimal import Decimal

from nianbao.statistics.charts.columns import Columns
from nianbao.statistics.charts.registry import Drawn, Tables, chart, data_frame, plain_text
from nianbao.statistics.comparison import DISCLOSED
from nianbao.statistics.series import SERIES, is_series, series_of, year_label
from nianbao.statutory import Format

BY_YEAR = ("disclosures_by_year", "requests_by_year")
"""Keys of the charts that are read from the table ``series``."""
MOST_YEARS = 5


@chart(
    "disclosures_by_year",
    title="历年主动公开政府信息数量",
    unit="条",
    source="各年度主动公开台账",
)
def disclosures_by_year(tables: Tables, _: Format) -> Drawn | None:
    """How many items each year made public."""
    return _by_year(tables, {"数量": DISCLOSED}, "条")


@chart(
    "requests_by_year",
    title="历年新收和办结政府信息公开申请数量",
    unit="件",
    source="各年度政府信息公开工作年度报告第三部分",
)
def requests_by_year(tables: Tables, _: Format) -> Drawn | None:
    """How many requests came in and were finished each year."""
    return _by_year(tables, {"新收": "新收申请", "办结": "办结申请"}, "件")


def _by_year(tables: Tables, items: dict[str, str], unit: str) -> Drawn | None:
    """One or two items in the last years that know them all; None for too few such years."""
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
    told = "；".join(_told(items[name], years, v, unit) for name, v in series.items())
    gaps = [y for y in range(years[0], years[-1]) if y not in years]
    gap = f"{'、'.join(map(year_label, gaps))}没有可比数据，图中不列。" if gaps else ""
    labels = tuple(map(year_label, years))
    columns = {f"{name}（{unit}）": values for name, values in series.items()}
    data = data_frame("年度", labels, columns)
    return Drawn(Columns(labels, series, unit), f"{told}。{gap}", data)


def _told(item: str, years: list[int], values: tuple[Decimal, ...], unit: str) -> str:
    """What a series says, in words: every year, and the highest."""
    most = max(values)
    if min(values) == most:
        return f"{item}{year_label(years[0])}至{year_label(years[-1])}均为{plain_text(most)}{unit}"
    pairs = list(zip(map(year_label, years), values, strict=True))
    each = "、".join(f"{year}{plain_text(value)}{unit}" for year, value in pairs)
    highest = [year for year, value in pairs if value == most]
    top = f"{'和'.join(highest)}并列最多" if len(highest) > 1 else f"{highest[0]}最多"
    return f"{item}{each}，{top}"

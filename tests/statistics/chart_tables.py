"""Tables for the tests of charts: invented figures of an invented bureau."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path

import mplfonts
import pandas as pd

from nianbao.statistics.model import Table
from nianbao.statutory import load_format

FORMAT = load_format()
FONT = Path(mplfonts.__file__).parent / "fonts" / "NotoSansCJKsc-Regular.otf"

CATEGORIES = {
    "机构职能": 2,
    "权责清单": 4,
    "政策文件": 31,
    "重大决策预公开": 3,
    "规划计划": 5,
    "建议提案办理": 6,
    "财政预算决算": 9,
    "“双随机、一公开”": 12,
    "行政许可和其他对外管理服务": 88,
    "公开工作组织领导": 7,
    "公开指南": 1,
    "公开年度报告": 1,
    "公开培训": 8,
    "公开工作推进": 10,
    "主动公开目录": 1,
    "基层公开标准目录": 2,
    "普法专栏": 409,
    "开放日活动": 3,
    "“公开进社区”": 15,
}
"""Nineteen categories, as a county bureau has them."""
OUTCOMES = {"open": 9, "partial": 3, "deny_2": 1, "deny_7": 1, "unavail_1": 5, "other_3": 1}


def counts(column: str, numbers: Mapping[str, object]) -> Table:
    """A table of disclosures by `column` (渠道 or 类别)."""
    key = "disclosures_by_channel" if column == "渠道" else "disclosures_by_category"
    frame = pd.DataFrame({column: [*numbers], "条数": [*numbers.values()]}, dtype=object)
    return Table(key, "主动公开政府信息", "条", "disclosures.csv", frame)


def requests(applicants: Mapping[str, int], outcomes: Mapping[str, object]) -> Table:
    """Table 3 with these new requests and these outcomes, all others zero."""
    columns = list(FORMAT.request_columns)
    rows = [row.key for row in FORMAT.request_rows]
    frame = pd.DataFrame(0, index=rows, columns=columns, dtype=object)
    for name, number in applicants.items():
        frame.at["new", name] = number
    frame.at["new", FORMAT.total] = sum(applicants.values())
    for key, outcome in outcomes.items():
        frame.at[key, FORMAT.total] = outcome
    return Table("requests", "收到和处理政府信息公开申请情况", "件", "requests.csv", frame)


def compared(*rows: tuple[str, str, object, object]) -> Table:
    """A comparison of (item, unit, this year, last year)."""
    columns = ["项目", "单位", "本年", "上年", "增减", "增减率"]
    frame = pd.DataFrame([[*row, None, ""] for row in rows], columns=columns, dtype=object)
    return Table("comparison", "主要数据对照", "见各行", "填报数据", frame)


def series(items: Mapping[int, object], *more: tuple[object, ...]) -> dict[str, Table]:
    """The table of years: items made public by year, and further lines (item, unit, values)."""
    rows = [("主动公开政府信息", "条", *items.values()), *more]
    columns = ["项目", "单位", *(f"{year}年" for year in items)]
    frame = pd.DataFrame(rows, columns=columns, dtype=object)
    return {"series": Table("series", "历年主要数据", "见各行", "各年度填报数据", frame)}


def in_order(key: str, numbers: Mapping[str, object]) -> dict[str, Table]:
    """A table of counts that has an order of its own."""
    frame = pd.DataFrame({"名称": [*numbers], "数量": [*numbers.values()]}, dtype=object)
    return {key: Table(key, "", "", "台账", frame)}


MONTHS = (120, 80, 133, 95, 60, 77, 140, 160, 99, 88, 210, 305)
DAYS = {"1至5日": 3, "6至10日": 8, "11至15日": 12, "16至20日": 9, "21至40日": 2}


def example_tables() -> dict[str, Table]:
    """One table for each chart."""
    return {
        "disclosures_by_channel": counts(
            "渠道", {"示例县政府网站": 571, "“示例普法”微信公众号": 1120, "“示例融媒”政务号": 326}
        ),
        "disclosures_by_category": counts("类别", CATEGORIES),
        "requests": requests(
            {"自然人": 12, "商业企业": 5, "法律服务机构": 3},
            {**OUTCOMES, "carried_in": 2, "carried_out": 2},
        ),
        **in_order("disclosures_by_month", {f"{n}月": v for n, v in enumerate(MONTHS, 1)}),
        **in_order("requests_by_days", DAYS),
        **series(
            {2022: 1650, 2023: 1800, 2024: 2017},
            ("新收申请", "件", 9, 12, 20),
            ("办结申请", "件", 9, 10, 20),
        ),
        "comparison": compared(
            ("主动公开政府信息", "条", 2017, 1800),
            ("其中：示例县政府网站", "条", 571, 500),
            ("行政许可", "件", 9102, 8800),
            ("行政处罚", "件", 8, 8),
            ("行政强制", "件", 1, 0),
            ("行政事业性收费", "万元", Decimal("1.50"), Decimal("20.00")),
            ("新收申请", "件", 20, 12),
            ("结转下年度申请", "件", 0, 0),
            ("行政复议", "件", 1, None),
        ),
    }

"""The charts of a year: by channel, category, outcome and applicant, and beside last year."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal

from nianbao.statistics.arithmetic import added
from nianbao.statistics.charts.registry import (
    MOST_BARS,
    Drawn,
    Tables,
    chart,
    number_of,
    plain_text,
)
from nianbao.statistics.drawing import Bars
from nianbao.statistics.model import Table
from nianbao.statutory import Format


@chart(
    "disclosures_by_channel",
    title="主动公开政府信息的渠道分布",
    unit="条",
    source="本机关主动公开台账",
)
def disclosures_by_channel(tables: Tables, _: Format) -> Drawn | None:
    """How many items each channel carried."""
    return _ranking(tables.get("disclosures_by_channel"), "条数", "渠道", "各渠道共公开政府信息")


@chart(
    "disclosures_by_category",
    title="主动公开政府信息的类别分布",
    unit="条",
    source="本机关主动公开台账",
)
def disclosures_by_category(tables: Tables, _: Format) -> Drawn | None:
    """How many items of each category were made public."""
    return _ranking(tables.get("disclosures_by_category"), "条数", "类别", "各类别共公开政府信息")


@chart(
    "requests_by_outcome", title="政府信息公开申请的办理结果", unit="件", source="本报告第三部分"
)
def requests_by_outcome(tables: Tables, format_: Format) -> Drawn | None:
    """Finished requests by the six kinds of outcome of table 3."""
    table = tables.get("requests")
    if table is None:
        return None
    totals = table.frame[format_.total]
    groups: dict[str, list[Decimal | None]] = {}
    for row in format_.outcome_rows:
        # Without number and explanation: （二）部分公开（区分处理的…） is 部分公开.
        name = (row.group or row.label).split("）", 1)[1].split("（")[0]
        groups.setdefault(name, []).append(number_of(totals[row.key]))
    counts = {name: added(values) for name, values in groups.items()}
    return _ranked(counts, "办理结果", "共办结政府信息公开申请", "件")


@chart(
    "requests_by_applicant",
    title="本年新收政府信息公开申请的申请人分布",
    unit="件",
    source="本报告第三部分",
)
def requests_by_applicant(tables: Tables, format_: Format) -> Drawn | None:
    """New requests by kind of applicant."""
    table = tables.get("requests")
    if table is None:
        return None
    row = table.frame.loc["new"]
    counts = {name: number_of(row[name]) for name in format_.applicants}
    named = {"其他组织" if n == "其他" else n: v for n, v in counts.items()}
    return _ranked(named, "申请人", "本年新收政府信息公开申请", "件")


@chart("comparison", title="主要数据与上年对比", unit="件", source="本年度和上年度政府信息公开数据")
def comparison(tables: Tables, _: Format) -> Drawn | None:
    """This year beside last year, for the figures that have the same unit and both years."""
    table = tables.get("comparison")
    if table is None:
        return None
    rows = [
        (str(item), str(unit), now, before)
        for item, unit, this, last in table.frame[["项目", "单位", "本年", "上年"]].itertuples(
            index=False
        )
        # A channel is a part of another line; what one year does not know cannot be compared.
        if not str(item).startswith("其中")
        and (now := number_of(this)) is not None
        and (before := number_of(last)) is not None
        and (now or before)
    ]
    if not rows:
        return None
    # Bars of different units on one scale would say nothing; the commonest unit is drawn.
    units = [unit for _, unit, _, _ in rows]
    unit = max(dict.fromkeys(units), key=units.count)
    rows = sorted((r for r in rows if r[1] == unit), key=lambda r: -max(r[2], r[3]))[:MOST_BARS]
    bars = Bars(
        labels=tuple(r[0] for r in rows),
        series={"本年": tuple(r[2] for r in rows), "上年": tuple(r[3] for r in rows)},
    )
    return Drawn(bars, _compared(rows), "项目", unit)


def _compared(rows: Sequence[tuple[str, str, Decimal, Decimal]]) -> str:
    """What the comparison says, in words."""
    rises = sum(now > before for _, _, now, before in rows)
    falls = sum(now < before for _, _, now, before in rows)
    name, unit, now, before = max(rows, key=lambda r: abs(r[2] - r[3]))
    same = len(rows) - rises - falls
    words = f"与上年相比，{len(rows)}项数据中{rises}项增加、{falls}项减少、{same}项持平。"
    if now == before:
        return words
    change = f"由上年{plain_text(before)}{unit}变为本年{plain_text(now)}{unit}"
    return f"{words}变化最大的是{name}，{change}。"


def _ranking(table: Table | None, column: str, head: str, lead: str) -> Drawn | None:
    """A plain table of names and counts."""
    if table is None:
        return None
    rows = table.frame[[head, column]].itertuples(index=False)
    counts = {str(name): number_of(value) for name, value in rows}
    return _ranked(counts, head, lead, "条")


def _ranked(counts: Mapping[str, Decimal | None], head: str, lead: str, unit: str) -> Drawn | None:
    """Bars sorted from the largest; equal ones keep the order of the table."""
    total = added(counts.values())
    if not total:
        return None
    known = [(name, value) for name, value in counts.items() if value is not None]
    ranked = sorted(known, key=lambda item: -item[1])
    if len(ranked) > MOST_BARS:
        rest = ranked[MOST_BARS - 1 :]
        ranked = ranked[: MOST_BARS - 1]
        ranked.append((f"其余{len(rest)}项合计", sum((v for _, v in rest), Decimal(0))))
    shares = tuple(share(value, total) for _, value in ranked)
    bars = Bars(
        labels=tuple(name for name, _ in ranked),
        series={"数量": tuple(value for _, value in ranked)},
        shares=shares,
    )
    first, *others = (
        f"{name}，{plain_text(value)}{unit}，占{part}"
        for (name, value), part in zip(ranked, shares, strict=True)
        if value
    )
    second = f"；其次是{others[0]}" if others else ""
    alt = f"{lead}{plain_text(total)}{unit}，其中最多的是{first}{second}。"
    return Drawn(bars, alt, head)


def share(part: Decimal, whole: Decimal) -> str:
    """A share in per cent with one decimal; what there is never has a share of nothing.

    Examples
    --------
    >>> share(Decimal(1), Decimal(3)), share(Decimal(1), Decimal(5000))
    ('33.3%', '不足0.1%')
    """
    rounded = (part * 100 / whole).quantize(Decimal("0.1"), ROUND_HALF_UP)
    return f"{rounded}%" if rounded or not part else "不足0.1%"

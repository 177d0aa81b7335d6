"""Facts from the ledger of cases: channels, days to answer, extensions, fees."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from nianbao.inputs.bundle import Inputs
from nianbao.inputs.request_timeline import ASKED, CONSULTED, EXTENDED, EXTENSION
from nianbao.prose.facts import NOT_FILLED, Fact
from nianbao.prose.measures import Measure, measure_fact
from nianbao.prose.wording import Number, percentage, plain, rate
from nianbao.statistics.deadlines import (
    LATE,
    OFF_CALENDAR,
    ON_TIME,
    OVERDUE,
    UNCLEAR,
    Deadlines,
    assess_deadlines,
)
from nianbao.statistics.fees import collected, notices_of

SOURCE = "申请台账"
COUNTS = {
    "延期件数": ("extended", (EXTENDED, EXTENSION)),
    "补正件数": ("asked", (ASKED,)),
    "征求意见件数": ("consulted", (CONSULTED,)),
}
"""Steps that a request may take: column of the frame, heads of the ledger."""
UNNAMED = "未注明渠道"


def case_facts(inputs: Inputs) -> Iterator[Fact]:
    """Channels of new requests, and what only a ledger of cases can tell."""
    if inputs.requests is not None and "channel" in inputs.requests.columns:
        yield measure_fact(_channels(inputs))
    if inputs.cases is None:
        return
    before = inputs.previous
    deadlines = assess_deadlines(inputs.cases, inputs.params.year)
    yield from _time_facts(deadlines)
    for name, (step, heads) in COUNTS.items():
        now, last = _count(inputs, step, heads), None
        if before is not None and before.cases is not None:
            last = _count(before, step, heads)
        if now is not None:
            yield measure_fact(Measure(name, now, "件", f"{SOURCE}“{heads[0]}”列", last))


def _count(inputs: Inputs, step: str, heads: tuple[str, ...]) -> int | None:
    """Requests with something in that column; None where the ledger has no such column."""
    if inputs.cases is None or not inputs.case_columns.intersection(heads):
        return None
    return int((inputs.cases[step] > 0).sum())


def fee_facts(inputs: Inputs) -> Iterator[Fact]:
    """Notices of fees and what was collected, where the ledger tells of any."""
    if inputs.cases is None or not (inputs.cases["noticed"] > 0).any():
        return
    year = inputs.params.year
    notices = len(notices_of(inputs.cases, year))
    yield measure_fact(Measure("收费通知件数", notices, "件", f"{SOURCE}“收费通知日期”列"))
    fee = collected(inputs.cases, year)
    money: Number = int(fee) if fee == int(fee) else fee
    yield measure_fact(Measure("信息处理费", money, "元", f"{SOURCE}“收费金额（元）”列"))


def _channels(inputs: Inputs) -> Measure:
    now = _by_channel(inputs.requests)
    last = _by_channel(inputs.previous.requests if inputs.previous else None)
    total = sum(now.values())
    parts = tuple(
        Measure(name, count, "件", f"{SOURCE}“来源渠道”列", last.get(name), total)
        for name, count in now.items()
    )
    before = sum(last.values()) if last else None
    return Measure("申请渠道", total, "件", f"{SOURCE}“来源渠道”列", before, None, parts)


def _by_channel(requests: pd.DataFrame | None) -> dict[str, int]:
    """New requests by channel, the most used first."""
    if requests is None or "channel" not in requests.columns:
        return {}
    new = requests[requests["source"] == "new"]
    counts = new.groupby("channel", sort=False)["count"].sum()
    named = {str(name) or UNNAMED: int(count) for name, count in counts.items()}
    return dict(sorted(named.items(), key=lambda item: -item[1]))


def _time_facts(deadlines: Deadlines) -> Iterator[Fact]:
    answered, on_time = len(deadlines.answered), len(deadlines.among(ON_TIME))
    late = len(deadlines.among(LATE, OVERDUE))
    unknown = len(deadlines.among(UNCLEAR, OFF_CALENDAR))
    source = f"{SOURCE}的日期，按工作日计"
    if unknown:
        source += f"，不含无法核算的{unknown}件"
    average = deadlines.average
    days = NOT_FILLED if average is None else plain(average.normalize())
    yield Fact("平均办理天数", average, days, "个工作日", source)
    share = percentage(on_time, answered)
    words = NOT_FILLED if share is None else rate(share)
    yield Fact("按时办结率", share, words, "", f"{source}；按时答复件数除以答复件数")
    yield Fact("按时办结件数", on_time, str(on_time), "件", source)
    yield Fact("超期件数", late, str(late), "件", source)
    yield Fact("期限不明件数", unknown, str(unknown), "件", source)

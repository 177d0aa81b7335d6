"""Facts from the bureau's own ledgers: disclosures, figures, and the cases of requests."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

import pandas as pd

from nianbao.errors import Place
from nianbao.inputs.bundle import Inputs
from nianbao.inputs.request_timeline import ASKED, CONSULTED, EXTENDED, EXTENSION_DATE
from nianbao.inputs.values import State
from nianbao.prose.facts import NOT_FILLED, Fact, Measure, known_sum, measure_fact, rate
from nianbao.prose.origins import NOT_HANDED_IN, quoted, short_place
from nianbao.statistics.arithmetic import Number, percentage, plain, whole
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
from nianbao.statistics.model import Table

UNIT = "条"


def _counts(disclosures: pd.DataFrame | None) -> dict[str, dict[str, Number | None]]:
    """Return the counts by channel and category in the order of the ledger; None where blank."""
    counts: dict[str, dict[str, Number | None]] = {}
    if disclosures is None:
        return counts
    columns = (disclosures[name] for name in ("渠道", "类别", "条数"))
    for channel, category, cell in zip(*columns, strict=True):
        number = whole(cell.number)
        channels = counts.setdefault(channel, {})
        before = channels.get(category, 0)
        channels[category] = None if number is None or before is None else before + number
    return counts


class _Origins:
    """Where the counts of the ledger of disclosures stand."""

    def __init__(self, disclosures: pd.DataFrame | None, file: str) -> None:
        self._file = file
        self._places: dict[tuple[str, ...], list[Place | None]] = {}
        if disclosures is not None:
            columns = (disclosures[name] for name in ("渠道", "类别", "条数"))
            for channel, category, cell in zip(*columns, strict=True):
                for key in ((), (channel,), (channel, category)):
                    self._places.setdefault(key, []).append(cell.place)

    def of(self, *key: str) -> str:
        """Return the row of a channel's category, or how many rows add up to it."""
        if () not in self._places:
            return NOT_HANDED_IN
        places = self._places[key]
        if len(places) == 1 and places[0]:
            return short_place(places[0])
        pairs = zip(("渠道", "类别"), key, strict=False)
        which = "、".join(f"{head}为{quoted(name)}" for head, name in pairs)
        # A count has no place where the ledger lists the items one by one.
        how = f"{len(places)}行“条数”之和" if all(places) else "各条，逐条计数"
        return f"{self._file} {which and f'中{which}的'}{how}"


def disclosure_fact(tables: Mapping[str, Table], inputs: Inputs) -> Fact:
    """Return ``主动公开`` with its channels, and below each channel its categories."""
    now = _counts(inputs.disclosures)
    before = _counts(inputs.previous.disclosures) if inputs.previous else {}
    table = tables.get("disclosures_by_channel")
    origins = _Origins(inputs.disclosures, table.source if table else "主动公开台账")
    total = known_sum(n for c in now.values() for n in c.values()) if now else None
    last = known_sum(n for c in before.values() for n in c.values()) if before else None
    channels = []
    for channel, categories in now.items():
        own = known_sum(categories.values())
        old = before.get(channel, {})
        parts = tuple(
            Measure(c, n, UNIT, origins.of(channel, c), old.get(c), own)
            for c, n in categories.items()
        )
        was = known_sum(old.values()) if old else None
        channels.append(Measure(channel, own, UNIT, origins.of(channel), was, total, parts))
    number = len(now) if now else None
    source = origins.of()
    others = (Measure("渠道数", number, "个", f"{source}所分的渠道"),)
    return measure_fact(
        Measure("主动公开", total, UNIT, source, last, None, tuple(channels), others)
    )


def figure_facts(inputs: Inputs) -> Iterator[Fact]:
    """Yield every row of figures under its own name; a text stands as it was written."""
    old = inputs.previous.figures if inputs.previous else {}
    for name, figure in inputs.figures.items():
        place = short_place(figure.cell.place) if figure.cell.place else "其他数据"
        if figure.cell.state is State.TEXT:
            yield Fact(name, figure.cell.raw, figure.cell.raw, figure.unit, place)
            continue
        number = figure.cell.number
        last = old[name].cell.number if name in old else None
        if number is None:
            yield measure_fact(Measure(name, None, figure.unit, place))
            continue
        measure = Measure(name, whole(number), figure.unit, place, whole(last))
        yield measure_fact(measure)


_CASES_SOURCE = "申请台账"
COUNTS = {
    "延期件数": ("extended", (EXTENDED, EXTENSION_DATE)),
    "补正件数": ("asked", (ASKED,)),
    "征求意见件数": ("consulted", (CONSULTED,)),
}
"""Steps that a request may take: column of the frame, heads of the ledger."""
UNNAMED = "未注明渠道"


def case_facts(inputs: Inputs) -> Iterator[Fact]:
    """Yield the channels of new requests, and what only a ledger of cases can tell."""
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
            yield measure_fact(Measure(name, now, "件", f"{_CASES_SOURCE}“{heads[0]}”列", last))


def _count(inputs: Inputs, step: str, heads: tuple[str, ...]) -> int | None:
    """Return how many requests have something in that column; None if the ledger lacks it."""
    if inputs.cases is None or not inputs.case_columns.intersection(heads):
        return None
    return int((inputs.cases[step] > 0).sum())


def fee_facts(inputs: Inputs) -> Iterator[Fact]:
    """Yield the notices of fees and what was collected, where the ledger tells of any."""
    if inputs.cases is None or not (inputs.cases["noticed"] > 0).any():
        return
    year = inputs.params.year
    notices = len(notices_of(inputs.cases, year))
    yield measure_fact(Measure("收费通知件数", notices, "件", f"{_CASES_SOURCE}“收费通知日期”列"))
    fee = collected(inputs.cases, year)
    money: Number = int(fee) if fee == int(fee) else fee
    yield measure_fact(Measure("信息处理费", money, "元", f"{_CASES_SOURCE}“收费金额（元）”列"))


def _channels(inputs: Inputs) -> Measure:
    now = _by_channel(inputs.requests)
    last = _by_channel(inputs.previous.requests if inputs.previous else None)
    total = sum(now.values())
    parts = tuple(
        Measure(name, count, "件", f"{_CASES_SOURCE}“来源渠道”列", last.get(name), total)
        for name, count in now.items()
    )
    before = sum(last.values()) if last else None
    return Measure("申请渠道", total, "件", f"{_CASES_SOURCE}“来源渠道”列", before, None, parts)


def _by_channel(requests: pd.DataFrame | None) -> dict[str, int]:
    """Return the new requests by channel, the most used first."""
    if requests is None or "channel" not in requests.columns:
        return {}
    counted: Counter[str] = Counter()
    columns = (requests[name] for name in ("source", "channel", "count"))
    for source, channel, count in zip(*columns, strict=True):
        if source == "new":
            counted[str(channel) or UNNAMED] += int(count)
    return dict(counted.most_common())


def _time_facts(deadlines: Deadlines) -> Iterator[Fact]:
    answered, on_time = len(deadlines.answered), deadlines.count(ON_TIME)
    late = deadlines.count(LATE, OVERDUE)
    unknown = deadlines.count(UNCLEAR, OFF_CALENDAR)
    source = f"{_CASES_SOURCE}的日期，按工作日计"
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

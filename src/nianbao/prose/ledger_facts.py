"""Facts from the bureau's own ledgers: disclosures by channel and category, and figures."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pandas as pd

from nianbao.errors import Place
from nianbao.inputs.bundle import Inputs
from nianbao.inputs.values import State
from nianbao.prose.facts import Fact
from nianbao.prose.measures import Measure, measure_fact
from nianbao.prose.origins import NOT_HANDED_IN, quoted, short_place
from nianbao.prose.wording import Number
from nianbao.statistics.model import Table

UNIT = "条"


def _counts(disclosures: pd.DataFrame | None) -> dict[str, dict[str, Number | None]]:
    """Counts by channel and category in the order of the ledger; None where blank."""
    counts: dict[str, dict[str, Number | None]] = {}
    if disclosures is None:
        return counts
    for channel, category, cell in disclosures[["渠道", "类别", "条数"]].itertuples(index=False):
        number = None if cell.number is None else _whole(cell.number)
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
            columns = disclosures[["渠道", "类别", "条数"]]
            for channel, category, cell in columns.itertuples(index=False):
                for key in ((), (channel,), (channel, category)):
                    self._places.setdefault(key, []).append(cell.place)

    def of(self, *key: str) -> str:
        """The row of a channel's category, or how many rows add up to it."""
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


def _whole(number: Number) -> Number:
    return int(number) if number == int(number) else number


def _total(numbers: list[Number | None]) -> Number | None:
    return None if None in numbers else sum((n for n in numbers if n is not None), 0)


def disclosure_fact(
    tables: Mapping[str, Table], previous: Mapping[str, Table], inputs: Inputs
) -> Fact:
    """``主动公开`` with its channels, and below each channel its categories."""
    now = _counts(inputs.disclosures)
    before = _counts(inputs.previous.disclosures) if inputs.previous else {}
    table = tables.get("disclosures_by_channel")
    origins = _Origins(inputs.disclosures, table.source if table else "主动公开台账")
    total = _total([n for c in now.values() for n in c.values()]) if now else None
    last = _total([n for c in before.values() for n in c.values()]) if before else None
    channels = []
    for channel, categories in now.items():
        own = _total(list(categories.values()))
        old = before.get(channel, {})
        parts = tuple(
            Measure(c, n, UNIT, origins.of(channel, c), old.get(c), own)
            for c, n in categories.items()
        )
        was = _total(list(old.values())) if old else None
        channels.append(Measure(channel, own, UNIT, origins.of(channel), was, total, parts))
    number = len(now) if now else None
    source = origins.of()
    others = (Measure("渠道数", number, "个", f"{source}所分的渠道"),)
    return measure_fact(
        Measure("主动公开", total, UNIT, source, last, None, tuple(channels), others)
    )


def figure_facts(inputs: Inputs) -> Iterator[Fact]:
    """Every row of figures under its own name; a text stands as it was written."""
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
        measure = Measure(
            name, _whole(number), figure.unit, place, None if last is None else _whole(last)
        )
        yield measure_fact(measure)

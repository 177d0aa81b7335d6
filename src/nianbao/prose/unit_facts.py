"""Facts about the units that a government's report covers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from types import MappingProxyType

from nianbao.inputs.bundle import Inputs
from nianbao.prose.facts import Fact
from nianbao.prose.wording import enumeration, plain
from nianbao.statistics.model import Table
from nianbao.statistics.rollup import UNITS, leaves, missing_units
from nianbao.statistics.unit_table import DISCLOSED
from nianbao.statutory import Format

BY_UNIT = "分单位明细"
COLUMNS = {
    "新收申请": "新收申请",
    "上年结转申请": "上年结转",
    "办结申请": "办结",
    "结转下年申请": "结转下年",
    "主动公开": DISCLOSED,
    "行政复议": "行政复议",
    "行政诉讼": "行政诉讼",
}
"""Fact by fact the column of the table by unit; the rows of decisions have their own names."""
SOURCE = "各单位报送的数据"


def unit_facts(inputs: Inputs) -> Iterator[Fact]:
    """How many units the sums cover, and which of them are missing; nothing for other bodies."""
    if not inputs.units:
        return
    covered = sum(1 for _ in leaves(inputs))
    yield Fact("统计单位数", covered, str(covered), "个", SOURCE)
    missing = "、".join(missing_units(inputs))
    yield Fact("未报送单位", missing or "无", missing or "无", source=SOURCE)


def with_units(
    facts: Mapping[str, Fact], tables: Mapping[str, Table], format_: Format
) -> dict[str, Fact]:
    """The facts, those that the table by unit tells with each unit's number below them."""
    table = tables.get(UNITS)
    if table is None:
        return dict(facts)
    names, *_ = table.frame.columns
    units = table.frame.iloc[:-1]
    found = dict(facts)
    for name, column in {**COLUMNS, **{row: row for row in format_.decided_rows}}.items():
        fact = facts.get(name)
        if fact is not None and column in units.columns:
            pairs = list(zip(units[names], units[column], strict=True))
            below = {**fact.below, BY_UNIT: _by_unit(fact, pairs)}
            found[name] = replace(fact, below=MappingProxyType(below))
    return found


def _by_unit(of: Fact, pairs: list[tuple[str, int | Decimal | None]]) -> Fact:
    name = f"{of.name}.{BY_UNIT}"
    known = [(unit, number) for unit, number in pairs if number is not None]
    words = enumeration(known, of.unit) or f"0{of.unit}"
    source = f"{SOURCE}；{of.name}"
    below = {
        unit: Fact(f"{name}.{unit}", number, plain(number), of.unit, source)
        for unit, number in known
    }
    return Fact(name, words, words, source=source, below=MappingProxyType(below))

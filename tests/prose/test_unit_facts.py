"""What prose can say of the units below a government."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from ruamel.yaml import YAML

from nianbao.prose.facts import Fact
from nianbao.prose.unit_facts import BY_UNIT, with_units
from nianbao.statistics.model import Table
from nianbao.statistics.rollup import UNITS
from nianbao.statutory import Format, load_format
from nianbao.statutory.model import parse_format

LATER = Path(__file__).parent.parent / "data" / "format_2028.yaml"


def later() -> Format:
    return parse_format(YAML(typ="safe").load(LATER.read_text(encoding="utf-8")))


def by_unit(*columns: str) -> dict[str, Table]:
    """The table of two units: 3 and nothing known, in every column."""
    rows = [["示例局", *(3 for _ in columns)], ["示例镇", *(None for _ in columns)]]
    rows.append(["合计", *(3 for _ in columns)])
    frame = pd.DataFrame(rows, columns=["单位", *columns], dtype=object)
    return {UNITS: Table(UNITS, "各单位主要数据", "件", "填报数据", frame)}


@pytest.mark.parametrize(
    ("name", "column", "format_"),
    [
        ("上年结转申请", "上年结转", load_format()),
        ("行政许可", "行政许可", load_format()),
        ("行政强制", "行政强制", load_format()),
        ("行政复议", "行政复议", load_format()),
        ("行政检查", "行政检查", later()),
    ],
)
def test_a_fact_is_told_unit_by_unit(name: str, column: str, format_: Format) -> None:
    facts = {name: Fact(name, 3, "3", "件")}
    below = with_units(facts, by_unit(column), format_)[name].below[BY_UNIT]
    assert below.text == "示例局3件"
    assert {unit: fact.value for unit, fact in below.below.items()} == {"示例局": 3}


def test_other_facts_and_other_bodies_have_none() -> None:
    facts = {"行政检查": Fact("行政检查", 3, "3", "件")}
    assert with_units(facts, by_unit("行政检查"), load_format()) == facts
    assert with_units(facts, {}, later()) == facts

"""The registry of charts."""

from __future__ import annotations

import pytest

from nianbao.statistics.charts import CHARTS
from nianbao.statistics.charts.registry import chart


def test_a_key_is_given_once() -> None:
    before = dict(CHARTS)
    again = chart("comparison", title="另一幅", unit="件", source="示例台账")
    with pytest.raises(ValueError, match="chart comparison is declared twice"):
        again(lambda tables, format_: None)
    assert before == CHARTS

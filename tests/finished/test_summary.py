"""The line of a report for the county's page, taken from its report.json."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest

from nianbao.files.writing import dump_json
from nianbao.finished.summary import KEY_FIGURES, read_summary, summarise


def report(*figures: str, **more: object) -> dict[str, object]:
    fact = {"value": Decimal("1.50"), "text": "1.50件", "unit": "件", "source": "表三"}
    nested = {
        "message": '\n "findings": [], \n  "新收申请": 3',
        "facts": {"新收申请": {"value": 7}},
    }
    return {
        "agency": {"code": "shili", "name": "示例县水利局", "parent": None},
        "year": 2024,
        "title": "示例县水利局2024年政府信息公开工作年度报告",
        "tables": {"新收申请": nested},
        **more,
        "facts": {"年度": fact, **{name: {**fact, "value": n} for n, name in enumerate(figures)}},
        "findings": [{"id": "B1", "severity": "error", "formula": "", "cells": [], **nested}],
    }


NOTICE = {"points": [{"asks": "培训", "made": False}, {"asks": "考核", "made": True}]}


@pytest.mark.parametrize(
    "written",
    [
        report(),
        report(*KEY_FIGURES),
        report("办结申请", "统计单位数"),
        report(*KEY_FIGURES, notice=NOTICE),
    ],
    ids=["no figure", "all figures", "some", "with a notice"],
)
def test_a_part_is_read_as_the_whole_is(written: dict[str, object]) -> None:
    text = dump_json(written)
    whole = summarise(json.loads(text, parse_float=Decimal))
    assert read_summary(text.encode()) == whole
    assert (whole.asked, whole.open_points) == (
        (2, ("培训",)) if "notice" in written else (None, ())
    )


@pytest.mark.parametrize(
    "data", [b"", b"{}", b'{"facts": {}}', b"\xff\n", b'{\n "facts": {\n }\n}']
)
def test_what_is_no_report_is_refused(data: bytes) -> None:
    with pytest.raises((ValueError, LookupError, TypeError)):
        read_summary(data)

"""Ledgers of cases in a few words."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
from tests.statistics.factory import FORMAT

from nianbao.files.grids import Grid
from nianbao.inputs.request_ledger import read_ledger

PLAIN = {
    "收到日期": "2024-03-05",
    "申请人类型": "自然人",
    "办理结果": "予以公开",
    "答复日期": "2024-03-20",
}


def case_frame(*rows: Mapping[str, str], year: int = 2024) -> pd.DataFrame:
    """`Inputs.cases` of these requests; what a row does not say is that of `PLAIN`."""
    heads = list(dict.fromkeys(["登记号", *PLAIN, *(name for row in rows for name in row)]))
    filled = [{"登记号": str(i), **PLAIN, **row} for i, row in enumerate(rows, 1)]
    lines = [heads, *([row.get(head, "") for head in heads] for row in filled)]
    cases = read_ledger(Grid("requests.csv", None, lines), year, FORMAT).cases
    assert cases is not None
    return cases

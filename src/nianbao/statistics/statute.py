"""The three tables from the bureau's frames, in plain pandas: what the notebook's cells call.

Frames have the official Chinese columns (docs/api.md, ``report.frame``). Counts are Int64 and
money is Decimal; what was not reported is NA and makes a sum unknown, never smaller.
"""

from __future__ import annotations

from decimal import Decimal
from functools import reduce
from typing import Literal

import pandas as pd

UNIT, ROW, APPLICANT, COUNT, TOTAL = "单位", "项目", "申请人类型", "件数", "总计"
SOURCE, OUTCOME, KIND = "来源", "办理结果", "类型"
FINISHED_TOTAL = "三、（七）总计"
"""The row of table 3 that sums what was finished."""


def count_requests(cases: pd.DataFrame, given: pd.DataFrame) -> pd.DataFrame:
    """由台账数出表三：每件数两次，从哪里来（一、二），怎样了结（三、四）。

    Count table 3. Each request stands in it twice: under 一 (received this year) or 二 (carried
    in), and under its outcome in 三 or under 四 (carried out).

    Parameters
    ----------
    cases
        ``report.frame("cases")``: the ledgers.
    given
        ``report.frame("requests_table")``: the tables of units that keep no ledger.

    Returns
    -------
    DataFrame
        One row for each of the 25 of table 3, one column for each kind of applicant and 总计.

    Examples
    --------
    >>> table = count_requests(report.frame("cases"), report.frame("requests_table"))
    >>> table.loc["一、本年新收政府信息公开申请数量", "总计"]
    np.int64(26)
    """
    ways = ((_counted, cases), (_handed_in, given))
    summed = reduce(pd.DataFrame.add, (way(f) for way, f in ways if len(f[UNIT].cat.categories)))
    return summed.reindex(cases[OUTCOME].cat.categories)


def _counted(cases: pd.DataFrame) -> pd.DataFrame:
    """Count the ledgers: a request is a row where it came from and a row where it went."""
    came, ended = (
        cases.groupby([row, APPLICANT], observed=False)[COUNT].sum().unstack(APPLICANT)
        for row in (SOURCE, OUTCOME)
    )
    table = came + ended
    table[TOTAL] = table.sum(axis=1)
    table.loc[FINISHED_TOTAL] = table[table.index.str.startswith("三、")].sum()
    return table


def _handed_in(given: pd.DataFrame) -> pd.DataFrame:
    """Add up the tables of the units that keep no ledger, each with its sums."""
    cells = given.groupby([UNIT, ROW, APPLICANT], observed=True)[COUNT].sum(skipna=False)
    table = cells.unstack(APPLICANT)
    rows = table.index.get_level_values(ROW)
    as_given = table[rows == FINISHED_TOTAL].droplevel(ROW)
    table[TOTAL] = _sum(table.drop(columns=TOTAL), axis=1, given=table[TOTAL])
    outcomes = table[rows.str.startswith("三、") & (rows != FINISHED_TOTAL)].groupby(
        UNIT, observed=True
    )
    finished = outcomes.sum(skipna=False).where(outcomes.count().gt(0), as_given)
    summed = table.groupby(ROW, observed=True).sum(skipna=False)
    summed.loc[FINISHED_TOTAL] = finished.sum(skipna=False)
    return summed


def sum_decisions(decisions: pd.DataFrame) -> pd.DataFrame:
    """合计表二：报来的件数和收费金额，汇总的报告逐格相加。

    Add up table 2, cell by cell; the fees stay exact.

    Examples
    --------
    >>> sum_decisions(report.frame("decisions")).loc["行政许可", "本年处理决定数量"]
    np.int64(9102)
    """
    table = decisions.drop(columns=UNIT).groupby(ROW, observed=False)
    counts = decisions.select_dtypes("Int64").columns
    summed = table[list(counts)].sum(skipna=False)
    for money in decisions.columns.difference([UNIT, ROW, *counts]):
        summed[money] = table[money].agg(_exact)
    return summed[decisions.columns.drop([UNIT, ROW])]


def sum_reviews(reviews: pd.DataFrame) -> pd.DataFrame:
    """合计表四：行政复议和行政诉讼，每类的总计是四种结果之和。

    Add up table 4; the 总计 of a kind is the sum of its four outcomes.

    Examples
    --------
    >>> sum_reviews(report.frame("reviews")).loc["行政复议", "总计"]
    np.int64(7)
    """
    results = reviews.columns.drop([UNIT, KIND, TOTAL])
    whole = reviews.assign(总计=_sum(reviews[results], axis=1, given=reviews[TOTAL]))
    return whole.groupby(KIND, observed=False)[[*results, TOTAL]].sum(skipna=False)


def _sum(parts: pd.DataFrame, axis: Literal[0, 1], given: pd.Series) -> pd.Series:
    """Return the sum; NA when a part is; where no part is known the total as it was handed in."""
    sums = parts.sum(axis=axis, skipna=False)
    return sums.where(parts.notna().any(axis=axis), given)


def _exact(amounts: pd.Series) -> Decimal | None:
    known = [amount for amount in amounts if amount is not None]
    return sum(known, Decimal(0)) if len(known) == len(amounts) else None

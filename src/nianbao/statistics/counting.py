"""Table 3 counted from the ledger of cases."""

from __future__ import annotations

import pandas as pd

from nianbao.inputs.bundle import CellKey
from nianbao.statutory import Format

SOURCES = ("new", "carried_in")


def count_requests(ledger: pd.DataFrame, format_: Format) -> dict[CellKey, int]:
    """Count the cases of a ledger by row and applicant.

    A ledger is complete: what it does not hold did not happen, so every cell is a number.

    Parameters
    ----------
    ledger
        ``Inputs.requests``: ``source``, ``applicant``, ``outcome``, ``count``.

    Returns
    -------
    dict
        (row key, applicant) for 一, 二, the details of 三 and 四; no totals.

    Raises
    ------
    ValueError
        A source, applicant or outcome is not one of the format's: the case would otherwise
        vanish from the table without a word.
    """
    outcomes = (*(row.key for row in format_.outcome_rows), "carried_out")
    counts: dict[CellKey, int] = {}
    for column, rows in (("source", SOURCES), ("outcome", outcomes)):
        counts |= {(row, applicant): 0 for row in rows for applicant in format_.applicants}
        groups = ledger.groupby([column, "applicant"], sort=False, dropna=False)["count"].sum()
        keys = [(str(row), str(applicant)) for row, applicant in groups.index]
        found = dict(zip(keys, map(int, groups), strict=True))
        if unknown := found.keys() - counts.keys():
            raise ValueError(f"ledger holds unknown categories: {sorted(unknown)}")
        counts |= found
    return counts

"""Count what was made public, by channel and by category."""

from __future__ import annotations

from decimal import Decimal

import pandas as pd

from nianbao.inputs.ledgers import MONTHS
from nianbao.inputs.values import Cell
from nianbao.statistics.arithmetic import plain, total, whole
from nianbao.statistics.model import Table

ENTRIES = "条数"
BY_MONTH = "disclosures_by_month"
VIEWS = {
    "disclosures_by_channel": ("渠道", "主动公开政府信息（按渠道）"),
    "disclosures_by_category": ("类别", "主动公开政府信息（按类别）"),
}


def disclosure_tables(ledger: pd.DataFrame | None, source: str) -> dict[str, Table]:
    """Return the tables of disclosures; without those for which there are no data.

    ``ledger`` is `Inputs.disclosures`.

    Returns
    -------
    dict
        Frames of two columns, name and count, the largest first and equal ones in the order
        of the ledger. A name with a count that is not a number has None and stands last. The
        sum is a note, and `column_total`; a row that carries no name is reported in a note too.
        `BY_MONTH` has the twelve months in their order.
    """
    if ledger is None:
        return {}
    tables = {key: _by(ledger, key, source) for key in VIEWS}
    if MONTHS in ledger and len(ledger) and ledger[MONTHS].notna().all():
        tables[BY_MONTH] = _by_month(ledger, source)
    return {key: table for key, table in tables.items() if len(table.frame)}


def _by_month(ledger: pd.DataFrame, source: str) -> Table:
    counts = [sum(month) for month in zip(*ledger[MONTHS], strict=True)]
    rows = [(f"{number}月", count) for number, count in enumerate(counts, 1)]
    frame = pd.DataFrame(rows, columns=["月份", ENTRIES], dtype=object)
    return Table(BY_MONTH, "主动公开政府信息（按月份）", "条", source, frame)


def column_total(table: Table) -> int | Decimal | None:
    """Return the sum of a table of disclosures; None when a count in it is not known.

    Examples
    --------
    >>> column_total(build_tables(inputs, format_)["disclosures_by_channel"])  # doctest: +SKIP
    2017
    """
    counts = list(table.frame[ENTRIES])
    return None if None in counts else sum(counts)


def _by(ledger: pd.DataFrame, key: str, source: str) -> Table:
    column, title = VIEWS[key]
    groups: dict[str, list[Cell]] = {}
    for name, cell in zip(ledger[column], ledger[ENTRIES], strict=True):
        groups.setdefault(name.strip() if isinstance(name, str) else "", []).append(cell)
    unnamed = groups.pop("", [])
    sums = {name: total(cells) for name, cells in groups.items()}
    rows = [(name, whole(count)) for name, count in sums.items()]
    rows.sort(key=lambda row: (row[1] is None, -(row[1] or 0)))
    frame = pd.DataFrame(rows, columns=[column, ENTRIES], dtype=object)
    table = Table(key, title, "条", source, frame)
    everything = column_total(table)
    notes = ["有条数未填写，合计无法计算。" if everything is None else f"合计{everything}条。"]
    if unnamed:
        rest = total(unnamed)
        count = f"{plain(rest)}条" if rest is not None else f"{len(unnamed)}行"
        notes.append(f"另有{count}未注明{column}，未列入。")
    return Table(key, title, "条", source, frame, notes=tuple(notes))

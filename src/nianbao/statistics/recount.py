"""The cells of the statutory tables counted a second time, one by one.

The proof holds what a notebook shows against this count. It shares nothing with
`nianbao.statistics.tables` but the bureau's inputs: no frame is grouped here, a case is looked
at, said where it belongs, and counted.

Apart because a count that shared code with the first would prove nothing about it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal

import pandas as pd

from nianbao.inputs.bundle import CellKey, Inputs
from nianbao.inputs.values import Cell
from nianbao.statistics.arithmetic import added
from nianbao.statutory import Format

Number = Decimal | None
Counted = dict[tuple[str, CellKey], Number]
"""By table and cell; None where the number is not known."""


def recount(inputs: Inputs, format_: Format) -> Counted:
    """Count every cell of the three tables from what was handed in.

    Parameters
    ----------
    inputs
        Of a government as `nianbao.statistics.rollup.consolidate` gives them.

    Examples
    --------
    >>> recount(inputs, load_format())["requests", ("new", "总计")]  # doctest: +SKIP
    Decimal('38')
    """
    if inputs.units:
        units = [recount(unit, format_) for unit in inputs.units]
        return {key: added(unit[key] for unit in units) for key in units[0]}
    tables = {
        "decisions": {key: _number(inputs.decisions, key) for key in format_.decision_cells},
        "requests": dict(_requests(inputs, format_)),
        "reviews": dict(_reviews(inputs.reviews or {}, format_)),
    }
    return {
        (table, key): number for table, cells in tables.items() for key, number in cells.items()
    }


def _number(given: Mapping[CellKey, Cell], key: CellKey) -> Number:
    return given[key].number if key in given else None


def _requests(inputs: Inputs, format_: Format) -> Iterator[tuple[CellKey, Number]]:
    given = inputs.requests_table or {}
    ledger = inputs.requests if inputs.cases is None else inputs.cases
    counted = None if ledger is None else _count(_entries(ledger, inputs.params.year))
    outcomes = [row.key for row in format_.outcome_rows]
    cells: dict[CellKey, Number] = {}
    for row in (row.key for row in format_.request_rows if row.key != "total"):
        for applicant in format_.applicants:
            key = row, applicant
            cells[key] = _number(given, key) if counted is None else Decimal(counted[key])
        parts = [cells[row, applicant] for applicant in format_.applicants]
        cells[row, format_.total] = _sum(parts, _number(given, (row, format_.total)))
    for column in format_.request_columns:
        parts = [cells[row, column] for row in outcomes]
        cells["total", column] = _sum(parts, _number(given, ("total", column)))
    yield from cells.items()


def _count(entries: Iterable[tuple[CellKey, int]]) -> Counter[CellKey]:
    counted: Counter[CellKey] = Counter()
    for key, count in entries:
        counted[key] += count
    return counted


def _entries(ledger: pd.DataFrame, year: int) -> Iterator[tuple[CellKey, int]]:
    """Yield each request twice: where it came from, and where it went."""
    first, last = date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal()
    if "received" not in ledger:
        columns = (ledger[name] for name in ("source", "outcome", "applicant", "count"))
        for source, outcome, applicant, count in zip(*columns, strict=True):
            yield (source, applicant), int(count)
            yield (outcome, applicant), int(count)
        return
    columns = (ledger[name] for name in ("received", "answered", "outcome", "applicant"))
    for received, answered, outcome, applicant in zip(*columns, strict=True):
        yield ("new" if received >= first else "carried_in", applicant), 1
        yield (outcome if first <= answered <= last else "carried_out", applicant), 1


def _reviews(given: Mapping[CellKey, Cell], format_: Format) -> Iterator[tuple[CellKey, Number]]:
    *results, last = format_.review_columns
    for group in (group.key for group in format_.review_groups):
        parts = [_number(given, (group, result)) for result in results]
        yield from (((group, result), n) for result, n in zip(results, parts, strict=True))
        yield (group, last), _sum(parts, _number(given, (group, last)))


def _sum(parts: Iterable[Number], given: Number) -> Number:
    """Return the sum of the parts; where no part is known, the total as it was handed in."""
    known = list(parts)
    return given if all(part is None for part in known) else added(known)

"""The key figures of all years that the project has, beside each other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import pandas as pd

from nianbao.inputs.bundle import Inputs
from nianbao.statistics.comparison import (
    DISCLOSED,
    Number,
    comparison_items,
    disclosed,
    item_number,
)
from nianbao.statistics.model import Table
from nianbao.statistics.rollup import covers_area
from nianbao.statutory import Format

SERIES = "series"
"""Key of the table."""
FEWEST = 3
"""Years in a row without which there is no series: two are a comparison."""
ITEM, UNIT = "项目", "单位"


def year_label(year: int) -> str:
    """Return the head of a year's column.

    Examples
    --------
    >>> year_label(2024)
    '2024年'
    """
    return f"{year}年"


def left_out(inputs: Inputs) -> Mapping[int, str]:
    """Return the years between the first and this one that are not shown, and why, oldest first.

    Parameters
    ----------
    inputs
        Of a report, with its older years. A year is shown as it was or not at all: a sum over
        a part of the units, or a file that cannot be read, is no smaller number.
    """
    years = _with_data(inputs)
    reasons = dict.fromkeys(inputs.unread, "的数据读不出来")
    reasons |= {y: "有单位没有数据" for y, found in years.items() if not covers_area(found)}
    known = [*years, *inputs.unread]
    gaps = {y: "没有数据" for y in range(min(known), max(known)) if y not in known}
    return dict(sorted({**reasons, **gaps}.items()))


def is_series(years: Iterable[int], last: int) -> bool:
    """Return whether the last three years, this one among them, are all there.

    Examples
    --------
    >>> is_series((2019, 2022, 2023, 2024), 2024), is_series((2022, 2024), 2024)
    (True, False)
    """
    return {last - back for back in range(FEWEST)} <= set(years)


def shown_years(inputs: Inputs) -> dict[int, Inputs]:
    """Return the years of a series, oldest first, this one last; empty when there are too few."""
    if inputs.previous is None or not inputs.earlier:
        return {}
    years = {y: found for y, found in _with_data(inputs).items() if covers_area(found)}
    return years if is_series(years, inputs.params.year) else {}


def _with_data(inputs: Inputs) -> dict[int, Inputs]:
    before = (inputs.previous,) if inputs.previous else ()
    return {each.params.year: each for each in (*inputs.earlier, *before, inputs)}


def series_table(
    years: Mapping[int, Mapping[str, Table]], notes: Mapping[int, str], format_: Format
) -> Table:
    """Return the table ``series``: one line an item, one column a year.

    Parameters
    ----------
    years
        The tables of each year, oldest first, all under this year's labels.
    notes
        See `left_out`.
    format_
        This year's format.

    Returns
    -------
    Table
        What a year does not know is None; an item that no year knows is left out.
    """
    rows = [row for row in _rows(years, format_) if any(value is not None for value in row[2:])]
    span = f"{year_label(min(years))}至{year_label(max(years))}"
    return Table(
        key=SERIES,
        title=f"{span}主要数据",
        unit="见各行",
        source="各年度填报数据",
        frame=pd.DataFrame(rows, columns=[ITEM, UNIT, *map(year_label, years)], dtype=object),
        notes=tuple(f"{year_label(year)}{why}，未列入。" for year, why in notes.items()),
    )


def _rows(
    years: Mapping[int, Mapping[str, Table]], format_: Format
) -> Iterator[list[str | Number | None]]:
    yield [DISCLOSED, "条", *(disclosed(tables) for tables in years.values())]
    for item in comparison_items(format_):
        yield [item.name, item.unit, *(item_number(item, tables) for tables in years.values())]


def series_of(table: Table, item: str) -> dict[int, Number]:
    """Return a line of the table by year, without the years that do not know it.

    Examples
    --------
    >>> series_of(tables["series"], "新收申请")  # doctest: +SKIP
    {2022: 30, 2023: 25, 2024: 38}
    """
    frame = table.frame[table.frame[ITEM] == item]
    heads = [str(head) for head in frame.columns[2:]]
    values = frame.iloc[0, 2:].tolist() if len(frame) else []
    pairs = zip(heads, values, strict=False)
    return {int(head.removesuffix("年")): value for head, value in pairs if value is not None}

"""This year beside last year, and the key figures of all years that the project has."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

import pandas as pd

from nianbao.files.words import short_listing
from nianbao.inputs.bundle import CellKey, Inputs
from nianbao.inputs.values import Cell, State
from nianbao.statistics.arithmetic import SMALL_BASE, Number, growth_rate, total, whole
from nianbao.statistics.disclosures import ENTRIES, column_total
from nianbao.statistics.model import Table
from nianbao.statistics.rollup import covers_area
from nianbao.statutory import Format

STOCK = {"made": "制发", "repealed": "废止", "standing": "现行有效"}
"""What a row of documents is known by, by the column's key in the format."""
DISCLOSED = "主动公开政府信息"
MADE, DECIDED, CHARGES = "规章和规范性文件", "行政行为", "行政事业性收费"
"""Families of the rows of table 2."""
COLUMNS = ("项目", "单位", "本年", "上年", "增减", "增减率")


@dataclass(frozen=True, slots=True)
class Item:
    """A line of the comparison: its name, family and unit, and the cells it is the sum of."""

    name: str
    family: str
    unit: str
    table: str
    cells: tuple[CellKey, ...]


def comparison_items(format_: Format) -> Iterator[Item]:
    """Yield what is compared, in the order of the report."""
    stock = {format_.decision_names[key]: word for key, word in STOCK.items()}
    decided = format_.decision_names["decided"]
    for row, column in format_.decision_cells:
        money = column in format_.money_columns
        word = "" if money or column == decided else stock.get(column, column)
        yield Item(
            f"{row}{word}",
            CHARGES if money else DECIDED if row in format_.decided_rows else MADE,
            "万元" if money else "件",
            "decisions",
            ((row, column),),
        )
    rows = (
        ("新收申请", "new"),
        ("上年结转申请", "carried_in"),
        ("办结申请", "total"),
        ("结转下年度申请", "carried_out"),
    )
    for name, key in rows:
        yield Item(name, "申请办理", "件", "requests", ((key, format_.total),))
    heads = dict.fromkeys(group.head for group in format_.review_groups)
    for head in heads:
        keys = (g.key for g in format_.review_groups if g.head == head)
        last = format_.review_columns[-1]
        yield Item(head, "复议诉讼", "件", "reviews", tuple((key, last) for key in keys))


def family_of(format_: Format) -> dict[str, str]:
    """Return the family of each line that is not a part of another.

    Examples
    --------
    >>> from nianbao.statutory import load_format
    >>> family_of(load_format())["行政许可"]
    '行政行为'
    """
    families = {item.name: item.family for item in comparison_items(format_)}
    return {DISCLOSED: "主动公开", **families}


def comparison_table(
    year: int, now: Mapping[str, Table], before: Mapping[str, Table], format_: Format
) -> Table | None:
    """Return the table ``comparison``.

    Returns
    -------
    Table or None
        One line an item; what is not known of last year cannot be compared and is named in a
        note; None when that is everything. 增减率 is a percentage with one decimal, or the
        reason why there is none: a base of zero, or a count below ten (source: Y9, Y10).
    """
    lines = [
        *_disclosures(now, before),
        *(
            _row(item.name, item.unit, item_number(item, now), item_number(item, before))
            for item in comparison_items(format_)
        ),
    ]
    rows = [line for line in lines if line[COLUMNS.index("上年")] is not None]
    unknown = [f"“{line[0]}”" for line in lines if line not in rows]
    if not rows:
        return None
    return Table(
        key="comparison",
        title=f"{year}年与{year - 1}年主要数据对照",
        unit="见各行",
        source=f"{year}年、{year - 1}年填报数据",
        frame=pd.DataFrame(rows, columns=list(COLUMNS), dtype=object),
        notes=(f"上年没有数据、未列入：{short_listing(unknown, measure='项')}。",)
        if unknown
        else (),
    )


def _disclosures(now: Mapping[str, Table], before: Mapping[str, Table]) -> Iterator[list[object]]:
    key = "disclosures_by_channel"
    tables = [tables.get(key) for tables in (now, before)]
    if not any(tables):
        return
    yield _row(DISCLOSED, "条", disclosed(now), disclosed(before))
    counts: list[dict[str, Number | None]] = [
        {} if table is None else dict(zip(table.frame["渠道"], table.frame[ENTRIES], strict=True))
        for table in tables
    ]
    for name in dict.fromkeys([*counts[0], *counts[1]]):
        # A channel that a year's ledger does not name is not known to be zero.
        yield _row(f"其中：{name}", "条", counts[0].get(name), counts[1].get(name))


def disclosed(tables: Mapping[str, Table]) -> Number | None:
    """Return how many items a year made public; None when it is not known."""
    table = tables.get("disclosures_by_channel")
    return None if table is None else column_total(table)


def item_number(item: Item, tables: Mapping[str, Table]) -> Number | None:
    """Return the item's value; money keeps its digits, counts are int."""
    cells = tables[item.table].cells
    number = total(cells.get(key, Cell(State.EMPTY)) for key in item.cells)
    return number if number is None or item.unit == "万元" else whole(number)


def _row(name: str, unit: str, now: Number | None, before: Number | None) -> list[object]:
    difference = None if now is None or before is None else now - before
    return [name, unit, now, before, difference, rate_words(now, before, counts=unit != "万元")]


def rate_words(now: Number | None, before: Number | None, *, counts: bool = True) -> str:
    """Return the rate of change, or the words that stand in its place.

    ``counts`` says whether the values are counts: on a count below ten a percentage misleads.

    Examples
    --------
    >>> rate_words(38, 25), rate_words(5, 0), rate_words(3, 2)
    ('52.0%', '上年为0', '上年不足10')
    """
    if now is None or before is None:
        return "无法比较"
    rate = growth_rate(Decimal(now), Decimal(before))
    if rate is None:
        return "上年为0"
    if counts and before < SMALL_BASE:
        return f"上年不足{SMALL_BASE}"
    return f"{rate}%"


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


def omitted_years(inputs: Inputs) -> Mapping[int, str]:
    """Return the years between the first and this one that are not shown, and why, oldest first.

    A year is shown as it was or not at all: a sum over a part of the units, or a file that cannot
    be read, is no smaller number.
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

    ``years`` are oldest first, all under this year's labels; for ``notes`` see `omitted_years`.

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

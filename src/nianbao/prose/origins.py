"""Where a figure comes from, in words: table, file, row and sum, so that a clerk can look it up."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import PurePosixPath

from nianbao.errors import Place
from nianbao.statistics.model import Table
from nianbao.statistics.naming import TABLE_NUMBERS, listed, row_name
from nianbao.statutory import Format

NOT_HANDED_IN = "未报送"
_MOST_ROWS = 3
_MOST_PLACES = 2


def quoted(name: str) -> str:
    """A name in quotation marks; those within it become single ones.

    Examples
    --------
    >>> quoted("“双随机、一公开”类")
    '“‘双随机、一公开’类”'
    """
    return f"“{name.replace('“', '‘').replace('”', '’')}”"


def short_place(place: Place) -> str:
    """A place without the folders: file, sheet, row, column.

    Examples
    --------
    >>> short_place(Place("data/a/2024/figures.csv", row=3, column="数值"))
    'figures.csv 第3行“数值”列'
    """
    return str(replace(place, file=PurePosixPath(place.file).name))


def cells_origin(
    table: Table | None, rows: Sequence[str], columns: Sequence[str], format_: Format
) -> str:
    """The origin of a statutory cell, or of the sum of several.

    Examples
    --------
    >>> cells_origin(tables["requests"], ["new"], ["自然人"], format_)  # doctest: +SKIP
    '表三“一、本年新收政府信息公开申请数量”×“自然人”（由 requests.csv 统计）'
    """
    if table is None or not table.source:
        return NOT_HANDED_IN
    names = _row_names([row_name(table.key, row, format_) for row in rows])
    heads = "".join(quoted(column) for column in columns)
    cells = [table.cells.get((row, column)) for row in rows for column in columns]
    places = [short_place(cell.place) for cell in cells if cell and cell.place]
    found = f"由 {table.source} 统计"
    if len(places) == len(cells) <= _MOST_PLACES:
        found = "、".join(places)
    return f"{TABLE_NUMBERS[table.key]}{listed(names, _MOST_ROWS, '行')}×{heads}（{found}）"


def _row_names(labels: Sequence[str]) -> list[str]:
    """Rows as they are called in short: all of one group by the group's name."""
    groups = {label.partition("/")[0] for label in labels}
    if len(labels) > 1 and len(groups) == 1:
        return [f"{quoted(groups.pop())}各行"]
    # Without the explanation in brackets that one label of the statute carries.
    return [quoted(re.sub(r"（[^）]{3,}）$", "", label)) for label in labels]

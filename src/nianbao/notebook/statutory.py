"""A statutory table with the numbers that a notebook cell counted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal, InvalidOperation
from typing import Any

import pandas as pd

from nianbao.errors import Problem, UsageError, raise_problems
from nianbao.files.words import listing
from nianbao.inputs.bundle import CellKey
from nianbao.inputs.values import Cell, computed
from nianbao.statistics.arithmetic import whole
from nianbao.statistics.model import Table
from nianbao.statistics.naming import row_name
from nianbao.statutory import TABLE_NUMBERS, Format


def with_numbers(table: Table, frame: pd.DataFrame, format_: Format) -> Table:
    """The table as its cell counted it; what agrees with the data keeps its digits and notes.

    Parameters
    ----------
    table
        As it was counted from the data.
    frame
        One row a line of the table, by official label; one column a column of it.

    Raises
    ------
    UsageError
        The table is none of the statute's, or the frame lacks rows or columns of it, or holds
        what is no number: all at once.
    """
    number = TABLE_NUMBERS.get(table.key)
    if number is None:
        message = f"“{table.key}”不是三张法定表之一，不能另交数"
        raise UsageError(Problem(message, remedy="自己的表用 report.show(表, title=…)"))
    names = {row: row_name(table.key, row, format_) for row, _ in table.cells}
    columns = dict.fromkeys(column for _, column in table.cells)
    without = {
        "行": [name for name in names.values() if name not in frame.index],
        "列": [column for column in columns if column not in frame.columns],
    }
    raise_problems(
        UsageError,
        (
            Problem(f"{number}缺少{kind}", value=listing(missing), remedy="行和列用规定的名称")
            for kind, missing in without.items()
            if missing
        ),
    )
    cells = dict(_cells(table, frame, names, number))
    values: Any = table.frame.copy()  # an object frame, of which the stubs know no assignment
    for (row, column), cell in cells.items():
        if cell is not table.cells[row, column]:
            values.at[row, column] = None if cell.number is None else whole(cell.number)
    return replace(table, frame=values, cells=cells)


def _cells(
    table: Table, frame: pd.DataFrame, names: dict[str, str], number: str
) -> Iterator[tuple[CellKey, Cell]]:
    for (row, column), cell in table.cells.items():
        value: Any = frame.at[names[row], column]
        try:
            counted = None if pd.isna(value) else Decimal(str(value))
        except (InvalidOperation, ValueError, TypeError):
            message = f"{number}“{names[row]}”×“{column}”不是数"
            raise UsageError(Problem(message, value=str(value))) from None
        yield (row, column), cell if counted == cell.number else computed(counted)

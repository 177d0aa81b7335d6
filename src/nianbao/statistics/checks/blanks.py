"""Which cells were not filled, and how to say it briefly."""

from __future__ import annotations

from collections.abc import Sequence

from nianbao.inputs.bundle import CellKey
from nianbao.inputs.project import data_folder
from nianbao.inputs.values import State
from nianbao.statistics.checks.context import Statistics
from nianbao.statistics.naming import TABLE_NUMBERS, listed, row_name


def blank_parts(s: Statistics, table: str) -> list[CellKey]:
    """The cells that somebody has to fill and that are EMPTY; the totals follow from them."""
    return [key for key, cell in s.parts(table).items() if cell.state is State.EMPTY]


def describe_blanks(s: Statistics, table: str, blanks: Sequence[CellKey]) -> str:
    """Blank cells in words: the whole table, whole rows, or cells.

    A row that is blank throughout is named once.
    """
    parts, number = s.parts(table), TABLE_NUMBERS[table]
    place = next((parts[key].place for key in blanks if parts[key].place), None)
    where = f"（首处见{place}）" if place else ""
    if len(blanks) == len(parts):
        return f"{number}全部未填（{len(blanks)}格）{where or _not_handed_in(s, table)}"
    names = []
    for row in dict.fromkeys(row for row, _ in blanks):
        columns = [column for r, column in blanks if r == row]
        every = [column for r, column in parts if r == row]
        which = "整行" if columns == every else f"的“{'”“'.join(columns)}”"
        names.append(f"“{row_name(table, row, s.format)}”{which}")
    return f"{number}有{len(blanks)}格未填：{listed(names, measure='行')}{where}"


def _not_handed_in(s: Statistics, table: str) -> str:
    """Which file a table would have come from."""
    names = ["requests", "requests_table"] if table == "requests" else [table]
    folder = data_folder(s.inputs.agency.code, s.inputs.params.year)
    files = "或".join(f"{name}.csv" for name in names)
    return f"，{folder}/ 中没有{files}，填报表的相应工作表也没有填"

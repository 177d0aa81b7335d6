"""Tables 2 and 3 in the layout of the printed report, as offices keep them in Excel."""

from __future__ import annotations

from itertools import count

import pytest
from tests.inputs.builders import FORMAT, grid

from nianbao.errors import InputError
from nianbao.files.grids import Grid, Mark, make_grid
from nianbao.inputs.bundle import CellKey
from nianbao.inputs.matrices import read_decisions, read_requests_table
from nianbao.inputs.values import Reading, State
from nianbao.statutory.layout import Layout, decisions_layout, requests_layout


def laid_out(layout: Layout, file: str) -> tuple[Grid, dict[CellKey, int]]:
    """The table below a title, a merged cell filled in its first place only; and its values."""
    rows = [[""] * layout.columns for _ in layout.rows]
    taken: set[tuple[int, int]] = set()
    values: dict[CellKey, int] = {}
    numbers = count(1)
    for down, row in enumerate(layout.rows):
        for cell in row:
            across = next(n for n in count() if (down, n) not in taken)
            taken |= {
                (down + d, across + a) for d in range(cell.rowspan) for a in range(cell.colspan)
            }
            text = cell.text
            if cell.kind == "value" and cell.row and cell.column:
                values[cell.row, cell.column] = next(numbers)
                text = str(values[cell.row, cell.column])
            rows[down][across] = text
    return make_grid(file, "表", [["示例县示例局2024年"], *rows], [Mark("hidden", 5)]), values


def test_the_printed_tables_read_as_the_plain_ones() -> None:
    table_2, decisions = laid_out(decisions_layout(FORMAT), "decisions.xlsx")
    table_3, requests = laid_out(requests_layout(FORMAT), "requests_table.xlsx")
    read_2, read_3 = read_decisions(table_2, FORMAT), read_requests_table(table_3, FORMAT)
    assert {key: cell.number for key, cell in read_2.items()} == decisions
    assert {key: cell.number for key, cell in read_3.items()} == requests


def test_a_blank_of_a_printed_table_is_blank_and_marks_keep_their_cells() -> None:
    table, _ = laid_out(requests_layout(FORMAT), "requests_table.xlsx")
    at = next(n for n, row in enumerate(table.rows) if "1.属于国家秘密" in row)
    rows = [list(row) for row in table.rows]
    column = rows[at].index("1.属于国家秘密") + 1
    rows[at][column], rows[at + 1][column] = "", "7"
    found: list[Reading] = []
    marks = [Mark("rounded", at + 2, column, "7.2"), Mark("merged", at + 1, 1, last=at + 8)]
    cells = read_requests_table(make_grid("requests_table.xlsx", "表", rows, marks), FORMAT, found)
    assert cells["deny_1", "自然人"].state is State.EMPTY
    assert [(r.kind, r.place.row, r.place.column) for r in found] == [("rounded", at + 2, "自然人")]


def test_what_is_wrong_in_a_printed_table_is_named_by_row_and_head() -> None:
    lines = (
        "第二十条第（一）项,,,",
        "信息内容,本年制发件数,本年废止件数,现行有效件数",
        "规章,0,0,约三",
        "第二十条第（五）项",
        "信息内容,本年处理决定数量",
        "行政许克,31",
    )
    with pytest.raises(InputError) as caught:
        read_decisions(grid(*lines, file="decisions.csv"), FORMAT)
    assert [(p.place.row, p.place.column, p.value) for p in caught.value.problems if p.place] == [
        (3, "现行有效件数", "约三"), (6, "项目", "行政许克"),
    ]  # fmt: skip


@pytest.mark.parametrize("line", ["规章,0,0,0,7", "信息内容,本年新制作数量"])
def test_a_value_below_no_known_head_is_not_left_out(line: str) -> None:
    lines = ("信息内容,本年制发件数,本年废止件数,现行有效件数", "规章,0,0,0", line)
    with pytest.raises(InputError):
        read_decisions(grid(*lines, file="decisions.csv"), FORMAT)

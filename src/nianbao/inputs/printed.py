"""Tables 2 and 3 as the format prints them, made the plain tables that the reader takes.

In the printed table 3 the names of a row stand in up to three columns, merged over the rows below,
and no column is called 项目; the printed table 2 is four small tables below each other. Offices
keep both as Excel files. Every value keeps its row and its head, so that messages name its place.

Apart because it changes where texts stand, and the reader of the matrices what they mean.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import replace

from nianbao.files.grids import Grid, Mark
from nianbao.files.words import normalise_word

_WITHIN = 30
"""Rows in which the heads must stand."""
_FEWEST = 3
"""So many heads side by side are those of table 3."""


def with_row_names(
    grid: Grid,
    item: str,
    heads: Collection[str],
    groups: Collection[str],
    is_row: Callable[[str], bool],
) -> Grid:
    """Put the names of each row of table 3 into one column before its values.

    Parameters
    ----------
    grid
        The table; one that has the column ``item`` stays as it is.
    item
        Head of the column of names.
    heads
        Heads of the columns of values.
    groups
        Names of the groups, normalised: they go before a name that several rows have.
    is_row
        Says whether a name alone is enough.
    """
    words = {normalise_word(head) for head in heads}
    known = [[normalise_word(cell) in words for cell in row] for row in grid.rows[:_WITHIN]]
    most = max(map(sum, known), default=0)
    if most < _FEWEST:
        return grid
    at = next(n for n, row in enumerate(known) if sum(row) == most)
    left = min(row.index(True) for row in known[max(at - 1, 0) : at + 1] if any(row))
    if not left or _has(grid.rows[: at + 1], item):
        return grid
    rows: list[Sequence[str]] = [["", *row[left:]] for row in grid.rows[:at]]
    rows.append([item, *grid.rows[at][left:]])
    group = ""
    for row in grid.rows[at + 1 :]:
        names = [text for cell in row[:left] if (text := cell.strip())]
        group = next((name for name in reversed(names) if normalise_word(name) in groups), group)
        name = names[-1] if names else ""
        alone = not name or not group or is_row(name) or name == group
        rows.append([name if alone else f"{group}/{name}", *row[left:]])
    return replace(grid, rows=rows, marks=tuple(_moved(grid.marks, left)))


def _has(rows: Sequence[Sequence[str]], head: str) -> bool:
    return any(normalise_word(cell) == normalise_word(head) for row in rows for cell in row)


def _moved(marks: Collection[Mark], left: int) -> Iterator[Mark]:
    """Yield the marks where the columns lie now; those of names have no meaning there."""
    for mark in marks:
        if mark.column is None:
            yield mark
        elif mark.column >= left:
            yield replace(mark, column=mark.column - left + 1)


def with_one_head(
    grid: Grid, item: str, printed: str, heads: Mapping[str, str], names: Sequence[str]
) -> Grid:
    """Put the small tables of table 2 below one head.

    Parameters
    ----------
    grid
        The table; one that has the column ``item``, or texts below no known head, stays as it is
        and is refused by the reader.
    item, printed
        Head of the column of names, and the one that is printed.
    heads
        Each head that may be written, normalised, and its official name.
    names
        The official heads, in the order of the columns.
    """
    content = normalise_word(printed)
    begins = [n for n, row in enumerate(grid.rows) if content in map(normalise_word, row)]
    if not begins or _has(grid.rows, item):
        return grid
    columns: dict[int, int] = {}
    places: dict[tuple[int, int], int] = {}
    first, rows = 0, list[Sequence[str]]()
    for number, row in enumerate(grid.rows):
        words = [normalise_word(cell) for cell in row]
        if number in begins:
            first = words.index(content)
            known = {column for column, word in enumerate(words) if word and column > first}
            columns = {
                column: names.index(heads[word]) + 1
                for column, word in enumerate(words)
                if heads.get(word) in names
            }
            if known - columns.keys():
                return grid
            rows.append([item, *names] if number == begins[0] else [])
        elif number < begins[0] or not any(words[first + 1 :]):
            rows.append([])  # a title, or the article that asks for what stands below
        else:
            line = [*row[first : first + 1], *[""] * len(names)]
            for column in range(first + 1, len(row)):
                if column in columns:
                    line[columns[column]] = row[column]
                    places[number + 1, column] = columns[column]
                elif words[column]:
                    return grid
            rows.append(line)
    marks = (
        replace(mark, column=places.get((mark.row, mark.column)))
        for mark in grid.marks
        if mark.column is not None and (mark.row, mark.column) in places
    )
    whole = (mark for mark in grid.marks if mark.column is None)
    return replace(grid, rows=rows, marks=(*whole, *marks))

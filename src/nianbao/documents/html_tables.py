"""Tables for HTML: which cells head which, so that a screen reader can say it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

Cell = dict[str, Any]


def grid_rows(block: Mapping[str, Any], uid: str, total: str) -> dict[str, Any]:
    """The rows of a statutory table, every cell with its heads.

    Parameters
    ----------
    block
        A ``grid`` block.
    uid
        Begins the ids of the cells.
    total
        The label of the columns that hold sums.

    Returns
    -------
    dict
        ``head`` (rows that repeat on a new page), ``bodies`` (groups of rows, a new one at
        each block title) and ``label_columns``. A head cell has ``scope`` and ``id``, a value
        ``headers``: the ids of its heads from the outermost, rows first. Spans make explicit
        ids needed: by the rules for scope alone a head would also head later blocks.
    """
    placed = list(_placed(block["rows"]))
    bodies: list[list[list[Cell]]] = [[]]
    head: list[list[Cell]] = []
    heads: list[Cell] = []
    for number, row in enumerate(placed):
        if any(cell["kind"] == "block" for cell in row):
            heads = []
            if bodies[-1]:
                bodies.append([])
        for cell in row:
            if cell["kind"] != "value":
                cell["id"] = f"{uid}:{number}-{cell['left']}"
                cell["scope"] = _scope(cell)
                heads.append(cell)
                continue
            cell["headers"] = " ".join(h["id"] for h in _heads_of(cell, heads))
            cell["sum"] = cell["column"] == total or cell["row"] == "total"
        (head if number < block["head_rows"] else bodies[-1]).append(row)
    labels = min((c["left"] for row in placed for c in row if c["kind"] == "value"), default=0)
    return {"head": head, "bodies": bodies, "label_columns": labels}


def plain_columns(table: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The columns of a plain table: their alignment, and whether they head their rows.

    The first column heads the rows when it holds names; a column of numbers heads nothing.
    """
    width = len(table["head"])
    columns = list(zip(*table["rows"], strict=False)) or [()] * width
    numbers = [all(_is_number(text) for text in column) for column in columns]
    align = table.get("align") or ["right" if n else "left" for n in numbers]
    return [{"align": align[i], "heads": i == 0 and not numbers[0]} for i in range(width)]


def _is_number(text: str) -> bool:
    digits = text.strip().strip("+-−%％").replace(",", "").replace(".", "", 1)
    return digits == "" or digits.isdigit()


def _placed(rows: list[list[Cell]]) -> Iterator[list[Cell]]:
    """Each row with the place of its cells on the grid, spans from above counted in."""
    open_spans: dict[int, int] = {}
    for top, row in enumerate(rows):
        left = 0
        placed = []
        for cell in row:
            while open_spans.get(left, 0) > top:
                left += 1
            placed.append({**cell, "top": top, "left": left})
            for column in range(left, left + cell["colspan"]):
                open_spans[column] = top + cell["rowspan"]
            left += cell["colspan"]
        yield placed


def _scope(cell: Cell) -> str:
    if cell["kind"] == "block":
        return "rowgroup"
    if cell["kind"] == "label":
        return "rowgroup" if cell["rowspan"] > 1 else "row"
    return "colgroup" if cell["colspan"] > 1 else "col"


def _heads_of(value: Cell, heads: list[Cell]) -> list[Cell]:
    """Block title and labels that cover the value's row, then heads that cover its column."""
    rows = [
        h
        for h in heads
        if h["kind"] == "block"
        or (h["kind"] == "label" and h["top"] <= value["top"] < h["top"] + h["rowspan"])
    ]
    columns = [
        h
        for h in heads
        if h["kind"] == "head" and h["left"] <= value["left"] < h["left"] + h["colspan"]
    ]
    return rows + columns

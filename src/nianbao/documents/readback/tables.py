"""The 200 statutory values of a file's tables, found by the labels that a reader sees."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from nianbao.documents.readback.model import CellKey
from nianbao.files.pages import Matrix, normalise_text
from nianbao.statutory import Format, RequestRow

Found = tuple[CellKey, str]


def _distinct(texts: Sequence[str]) -> list[str]:
    """Join neighbours that are the same to the one cell that spans them."""
    return [text for i, text in enumerate(texts) if i == 0 or text != texts[i - 1]]


def _decisions(matrix: Matrix, format_: Format) -> Iterator[Found]:
    """Read table 2: under each block title a row of heads, then rows; titles tell blocks apart."""
    blocks = {normalise_text(block.title): block for block in format_.decision_blocks}
    block, heads = None, matrix[0]
    for row in matrix:
        if row[0] in blocks and len(_distinct(row)) == 1:
            block, heads = blocks[row[0]], ()
        elif row[0] == normalise_text(format_.decision_item):
            heads = row
        elif block and row[0] in map(normalise_text, block.rows):
            label = next(r for r in block.rows if normalise_text(r) == row[0])
            for column in block.columns:
                places = [i for i, head in enumerate(heads) if head == normalise_text(column)]
                for value in _distinct([row[i] for i in places if i < len(row)]):
                    yield ("decisions", label, column), value


def _request_row(labels: list[str], format_: Format) -> RequestRow | None:
    """Return the row with these labels.

    Part and group must be right where they are seen: on a new page of a PDF, a label that spans
    rows is not printed again.
    """
    for row in format_.request_rows:
        path = [normalise_text(label) for label in (row.part, row.group, row.label) if label]
        if labels[-1:] == path[-1:] and all(label in path for label in labels if label):
            return row
    return None


def _requests(matrix: Matrix, format_: Format) -> Iterator[Found]:
    """Read table 3.

    The last head above a column names it, the labels before the columns name the row.
    """
    names = {normalise_text(column): column for column in format_.request_columns}
    heads: dict[int, str] = {}
    for row in matrix:
        found = {i: names[text] for i, text in enumerate(row) if text in names}
        labels = _distinct(row[: min(heads)]) if heads else []
        label_row = _request_row(labels, format_) if labels else None
        if label_row is None:
            heads |= found
            continue
        for place, column in heads.items():
            if place < len(row):
                yield ("requests", label_row.key, column), row[place]


def _reviews(matrix: Matrix, format_: Format) -> Iterator[Found]:
    """Read table 4: a column's heads from the top down say group and column."""
    known = {normalise_text(t) for g in format_.review_groups for t in (g.key, g.head)}
    known |= {normalise_text(column) for column in format_.review_columns}
    heads = [row for row in matrix if set(row) <= known]
    values = [row for row in matrix if not set(row) <= known]
    for place, stack in enumerate(zip(*heads, strict=False)):
        for group in format_.review_groups:
            right_group = (
                stack[0] == normalise_text(group.head) and normalise_text(group.key) in stack
            )
            for column in format_.review_columns:
                if right_group and stack[-1] == normalise_text(column):
                    for row in values:
                        if place < len(row):
                            yield ("reviews", group.key, column), row[place]


def statutory_kind(matrix: Matrix, format_: Format) -> str | None:
    """Return which statutory table this is (``decisions``, ``requests``, ``reviews``), if any."""
    texts = {text for row in matrix for text in row}
    if normalise_text(format_.request_corner) in texts:
        return "requests"
    if {normalise_text(group.key) for group in format_.review_groups} <= texts:
        return "reviews"
    if normalise_text(format_.decision_item) in texts:
        return "decisions"
    return None


_READERS = {"decisions": _decisions, "requests": _requests, "reviews": _reviews}


def read_cells(matrices: Sequence[Matrix], format_: Format) -> dict[CellKey, str]:
    """Return the statutory values of all tables of a file.

    Returns
    -------
    dict
        By table, row key and column label; what a file does not show is left out. Where a
        file shows a value twice and differently, both, with a slash between.
    """
    cells: dict[CellKey, str] = {}
    for matrix in matrices:
        kind = statutory_kind(matrix, format_)
        if kind is None:
            continue
        for key, value in _READERS[kind](matrix, format_):
            before = cells.get(key)
            cells[key] = value if before in (None, value) else f"{before}/{value}"
    return cells

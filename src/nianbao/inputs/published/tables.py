"""The statutory values of a published report's tables, found by their labels.

Tolerant where `nianbao.documents.readback` is strict: a table may lack its head on a new page,
its labels may be shortened or misspelt, （六） may be one row. What had to be assumed is reported.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from nianbao.files.pages import Matrix
from nianbao.files.words import normalise_word
from nianbao.inputs.bundle import ReportCellKey
from nianbao.inputs.published.sections import (
    Remarks,
    bare_label,
    find_request_row,
    find_word,
    groups_of,
    likeness,
)
from nianbao.inputs.values import State, normalise, parse_cell, without_note_sign
from nianbao.statutory import Format

Found = tuple[ReportCellKey, str]

_SURE = 0.8
_FEWEST_PLACES = {"decisions": 2, "requests": 7, "reviews": 15}
_WITH_UNIT = re.compile(r"(?P<number>[\d,.]+)(?P<unit>[件条宗起份个项次例]|万元)(?P<note>（.*）)?")


@dataclass(frozen=True)
class Placed:
    """A table of the file, and the id of the section in which it stands."""

    rows: Matrix
    section: str


def _texts(rows: Matrix) -> set[str]:
    return {normalise_word(text) for row in rows for text in row if text}


def kind_of(placed: Placed, format_: Format) -> str | None:
    """Return which statutory table this is: by its own words, else by where it stands."""
    texts = _texts(placed.rows)
    joined = "".join(texts)
    if (
        "勾稽关系" in joined
        or len({normalise_word(row.label) for row in format_.request_rows} & texts) > 2
    ):
        return "requests"
    if normalise_word(format_.review_groups[1].key) in texts or "尚未审结" in joined:
        return "reviews"
    heads = {normalise_word(column) for _, column in format_.decision_cells}
    heads |= {normalise_word(alias) for alias in format_.decision_aliases}
    if heads & texts:
        return "decisions"
    fewest = _FEWEST_PLACES.get(placed.section)
    return placed.section if fewest and max(map(len, placed.rows)) >= fewest else None


def superseded_by(tables: Sequence[Placed], format_: Format) -> str | None:
    """Return the version of the format whose table 2 this is, when it is an old one's."""
    texts = set[str]().union(*(_texts(table.rows) for table in tables))
    for version, signs in format_.superseded.items():
        if len({normalise_word(sign) for sign in signs} & texts) > 1:
            return version
    return None


def _distinct(texts: Sequence[str]) -> list[str]:
    """Join neighbours that are the same to the one cell that spans them; blanks are no labels."""
    pairs = enumerate(texts)
    return [text for i, text in pairs if text and (i == 0 or text != texts[i - 1])]


def read_decisions(
    matrices: Sequence[Matrix], format_: Format, remarks: Remarks
) -> Iterator[Found]:
    """Yield table 2: a row of heads, rows below it; without heads, the columns in their order."""
    aliases = format_.decision_aliases
    columns = {column: column for _, column in format_.decision_cells}
    columns |= {alias: to for alias, to in aliases.items() if to in columns.values()}
    rows = {row: row for row, _ in format_.decision_cells}
    rows |= {alias: to for alias, to in aliases.items() if to in rows}
    for matrix in matrices:
        heads: dict[int, str] = {}
        for line in matrix:
            row = find_word(line[0], rows, remarks)
            if row is None:
                found = {i: find_word(t, columns, remarks) for i, t in enumerate(line) if i}
                heads = {i: c for i, c in found.items() if c} or heads
                continue
            own = [column for key, column in format_.decision_cells if key == row]
            for number, column in enumerate(own):
                places = [i for i, head in heads.items() if head == column and i < len(line)]
                if not places:
                    places = _share(number, len(own), len(line))
                values = _distinct([line[i] for i in places]) or [""]
                yield ("decisions", row, column), values[0]


def _share(number: int, columns: int, places: int) -> list[int]:
    """Return the places of a column when nothing but the order tells."""
    width = max((places - 1) // columns, 1)
    start = 1 + number * width
    return [i for i in range(start, start + width) if i < places]


def read_requests(matrices: Sequence[Matrix], format_: Format, remarks: Remarks) -> Iterator[Found]:
    """Yield table 3: labels, then seven columns; heads may be missing on a later page."""
    columns = format_.request_columns
    groups = groups_of(format_)
    group: str | None = None
    for matrix in _mended([_without_ghosts(m, columns) for m in matrices], format_):
        order = _column_order(matrix, format_)
        for line in matrix:
            values, labels = line[-len(columns) :], _distinct(line[: -len(columns)])
            if (
                len(line) <= len(columns)
                or not labels
                or normalise_word(format_.person) in map(normalise_word, values)
            ):
                continue
            known = [groups[g] for label in labels if (g := _group(label, groups))]
            group = known[-1] if known else group
            if _group(labels[-1], groups) and group:
                yield from _group_row(group, order, values, format_, remarks)
                continue
            row = find_request_row(labels[-1], group, format_, remarks)
            if row is not None:
                group = row.group
                for column, value in zip(order, values, strict=True):
                    yield ("requests", row.key, column), value
            elif any(value and is_value(value) for value in values):
                remarks.missing.append(f"表三有一行认不出：“{labels[-1]}”")


def _without_ghosts(matrix: Matrix, columns: Sequence[str]) -> Matrix:
    """Return a matrix without the places that a program left where it rounded widths.

    There one cell spans two places from the last row of heads down to the end, and all that stand
    behind are a place further on than they seem.
    """
    words = set(map(normalise_word, columns))
    known = [sum(normalise_word(text) in words for text in line) for line in matrix]
    if not matrix or max(known) < len(columns):
        return matrix
    bottom = max(i for i, count in enumerate(known) if count == max(known))
    heads = matrix[bottom]
    ghosts = {
        place
        for place in range(1, len(heads))
        if normalise_word(heads[place]) in words
        and all(line[place - 1] == line[place] for line in matrix[bottom:] if place < len(line))
    }
    if not ghosts:
        return matrix
    return tuple(
        tuple(text for place, text in enumerate(line) if place not in ghosts) for line in matrix
    )


def _mended(matrices: Sequence[Matrix], format_: Format) -> list[Matrix]:
    """Return the matrices with each row that the end of a page cut in two put together again."""
    width = len(format_.request_columns)
    official = {normalise_word(row.label) for row in format_.request_rows}
    mended: list[Matrix] = []
    for matrix in matrices:
        upper, lower = (mended[-1][-1] if mended else ()), matrix[0]
        labels = [_distinct(line[:-width])[-1:] for line in (upper, lower)]
        label = "".join(part for found in labels for part in found)
        if all(labels) and len(upper) == len(lower) and normalise_word(label) in official:
            values = tuple(u + v for u, v in zip(upper[-width:], lower[-width:], strict=True))
            heads = tuple(label if text == labels[0][0] else text for text in upper[:-width])
            mended[-1] = (*mended[-1][:-1], (*heads, *values))
            matrix = matrix[1:]
        if matrix:
            mended.append(matrix)
    return mended


def _group_row(
    group: str, columns: Sequence[str], values: Sequence[str], format_: Format, remarks: Remarks
) -> Iterator[Found]:
    """Yield the values beside the name of a group.

    It is the one row of an older form, or a sum that nobody asks for.
    """
    key = format_.group_as_row.get(group)
    if key is None:
        if any(value and is_value(value) for value in values):
            remarks.dropped.append(f"表三“{group}”分组名称旁的数字")
        return
    remarks.assumed.append(f"表三“{group}”只有一行，计入“{format_.request_row(key).label}”")
    for row in format_.request_rows:
        if row.group == group:
            for column, value in zip(columns, values, strict=True):
                yield ("requests", row.key, column), value if row.key == key else "0"


def _group(label: str, groups: Mapping[str, str]) -> str | None:
    words = bare_label(label)
    best = max(groups, key=lambda group: likeness(words, group))
    return best if likeness(words, best) >= _SURE else None


def _column_order(matrix: Matrix, format_: Format) -> list[str]:
    """Return the seven columns in the order of their heads, or of the statute without heads."""
    official = list(format_.request_columns)
    names = {normalise_word(column): column for column in official}
    width = max(map(len, matrix))
    heads: dict[int, str] = {}
    for line in matrix:
        for place in range(max(width - len(official), 0), len(line)):
            if (name := names.get(normalise_word(line[place]))) is not None:
                heads[place] = name
    found = [heads[place] for place in sorted(heads)]
    return found if sorted(found) == sorted(official) else official


def read_reviews(matrices: Sequence[Matrix], format_: Format, remarks: Remarks) -> Iterator[Found]:
    """Yield table 4: fifteen values in a line below three lines of heads."""
    keys = [(g.key, column) for g in format_.review_groups for column in format_.review_columns]
    above: list[tuple[str, ...]] = []
    for matrix in (_without_ghosts(m, format_.review_columns) for m in matrices):
        wide = [line for line in matrix if len(line) >= len(keys)]
        lines = [line for line in wide if not line[0].startswith("注")]
        for line in wide:
            if line not in lines:
                remarks.notes.setdefault("reviews", []).append(line[0])
        heads = [line for line in lines if not all(map(is_value, line[-len(keys) :]))]
        values = [line for line in lines if line not in heads]
        # The end of a page may stand between the heads and their values.
        heads = heads or above
        above = [] if values else heads
        if not values or not heads:
            continue
        filled = [line for line in values if any(line)] or values
        order = _review_order(heads, format_) or keys
        if len(filled) > 1:
            remarks.missing.append(f"表四有{len(filled)}行数字，只取了第一行")
        for key, value in zip(order, filled[0][-len(keys) :], strict=True):
            yield ("reviews", *key), value


def _review_order(heads: Sequence[Sequence[str]], format_: Format) -> list[tuple[str, str]] | None:
    """Return the group and column of each place by its heads; None when they do not name all."""
    columns = {normalise_word(column): column for column in format_.review_columns}
    groups = {normalise_word(group.key): group.key for group in format_.review_groups}
    count = len(columns) * len(groups)
    order = []
    for stack in zip(*(line[-count:] for line in heads), strict=True):
        words = [normalise_word(text) for text in stack]
        group = next((groups[w] for w in reversed(words) if w in groups), None)
        column = next((columns[w] for w in reversed(words) if w in columns), None)
        if group is None or column is None:
            return None
        order.append((group, column))
    return order if len(set(order)) == count else None


_READERS = {"decisions": read_decisions, "requests": read_requests, "reviews": read_reviews}


def read_cells(
    tables: Sequence[Placed], format_: Format, remarks: Remarks
) -> dict[ReportCellKey, str]:
    """Return the statutory values of all tables, as printed.

    What a file does not show is left out.

    A value shown twice and differently is reported, and the first is kept.
    """
    kinds: dict[str, list[Matrix]] = {}
    last: str | None = None
    for placed in tables:
        last = kind_of(placed, format_)
        if last:
            kinds.setdefault(last, []).append(placed.rows)
    cells: dict[ReportCellKey, str] = {}
    for kind, matrices in kinds.items():
        if kind == "decisions" and superseded_by(tables, format_):
            continue
        for key, value in _READERS[kind](matrices, format_, remarks):
            # A row cut in two at the end of a page has its numbers in one half.
            before = cells.get(key) or value
            if value not in ("", before):
                remarks.missing.append(f"同一格出现两个数：“{before}”与“{value}”，取前者")
            cells[key] = before
    return cells


def read_value(text: str) -> tuple[str | None, bool]:
    """Return what to write for a printed value, and whether it was blank or a dash.

    Returns
    -------
    str or None, bool
        None for what is no number: it is reported, not guessed at.

    Examples
    --------
    >>> read_value("22（其中修订16件）"), read_value("/"), read_value("减4"), read_value("12①")
    (('22（其中修订16件）', False), ('0', True), (None, False), ('12', False))
    """
    text = without_note_sign(text) or text
    cell = parse_cell(text)
    if cell.state in (State.EMPTY, State.NA):
        return "0", True
    if cell.is_number:
        return cell.raw, False
    match = _WITH_UNIT.fullmatch(normalise(text))
    if match and parse_cell(match["number"]).is_number:
        return match["number"] + (match["note"] or ""), False
    return None, False


def is_value(text: str) -> bool:
    """Return whether a text can be a printed value."""
    return read_value(text)[0] is not None

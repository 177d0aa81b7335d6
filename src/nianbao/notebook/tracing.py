"""From a number of the report to what it is made of: rows of ledgers, and the shares of units."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from nianbao.errors import Problem, UsageError
from nianbao.files.sources import refuse_link
from nianbao.files.words import listing, nearest, normalise_word, perhaps
from nianbao.files.writing import spreadsheet_text, write_bytes_safely
from nianbao.inputs.bundle import CellKey, Inputs
from nianbao.inputs.labels import request_labels
from nianbao.notebook.blocks import number_text
from nianbao.notebook.frames import (
    FILE,
    LINE,
    cases_frame,
    disclosures_frame,
    figures_frame,
    requests_table_frame,
)
from nianbao.prose.facts import Vocabulary, find, walk
from nianbao.prose.ledger_facts import COUNTS
from nianbao.prose.vocabulary import DECISION_NAMES
from nianbao.statistics.model import Table
from nianbao.statistics.rollup import trace
from nianbao.statistics.statute import APPLICANT, FINISHED_TOTAL, OUTCOME, ROW, SOURCE, UNIT
from nianbao.statutory import TABLE_NUMBERS, Format, row_name
from nianbao.statutory.wholes import whole_at

if TYPE_CHECKING:
    from nianbao.notebook.report import Report

COLUMN, VALUE = "列", "数值"
Cells = tuple[str, tuple[str, ...], tuple[str, ...]]
"""Key of a statutory table, rows, columns."""
SIGNS = "×xX*＊,，"
SHORT_NAMES = {"新收": "new", "上年结转": "carried_in", "办结": "total", "总计": "total",
         "结转": "carried_out", "结转下年": "carried_out", "结转下年度": "carried_out"}  # fmt: skip
HEAD = ("表", "项目", "列", "单位", "数值")


def trace_cells(
    cells: Cells, inputs: Inputs, tables: Mapping[str, Table], format_: Format
) -> pd.DataFrame:
    """Return the rows behind the sum of these cells.

    They are the cases of table 3; for other tables, the units' own cells.
    """
    table, rows, columns = cells
    if table == "requests":
        return _request_rows(rows, columns, inputs, format_)
    *results, last = format_.review_columns
    if table == "reviews" and columns == (last,):
        kept = [tables[table].cells[row, result] for row in rows for result in results]
        columns = tuple(results) if any(cell.is_number for cell in kept) else columns
    found = [
        ("／".join(part.path) or inputs.agency.name, row_name(table, row, format_), column,
         part.cell.number, *((p.file, p.row) if (p := part.cell.place) else (part.files, None)))
        for row in rows
        for column in columns
        for part in trace(tables[table], (row, column))
    ]  # fmt: skip
    frame = pd.DataFrame(found, columns=[UNIT, ROW, COLUMN, VALUE, FILE, LINE], dtype=object)
    return frame.astype({LINE: "Int64"})


def _request_rows(
    rows: Sequence[str], columns: Sequence[str], inputs: Inputs, format_: Format
) -> pd.DataFrame:
    cases, given = cases_frame(inputs, format_), requests_table_frame(inputs, format_)
    labels = {row_name("requests", row, format_) for row in rows}
    counted = set(labels)
    if FINISHED_TOTAL in labels:  # of the cases those with an outcome; a matrix says its own sum
        counted |= {row.path for row in format_.outcome_rows}
    people = set(format_.applicants) if format_.total in columns else set(columns)
    placed = cases[SOURCE].isin(counted) | cases[OUTCOME].isin(counted)
    mine = cases[placed & cases[APPLICANT].isin(people)]
    sums = given[given[ROW].isin(labels) & given[APPLICANT].isin(columns)]
    found = pd.concat([mine, sums.rename(columns={ROW: OUTCOME})], ignore_index=True)
    return found.dropna(axis="columns", how="all") if len(found) else mine


def read_table_cell(table: str, row: str, column: str | None, format_: Format) -> Cells:
    """Return the cell that an analyst names by table, row (key or label) and column.

    Raises
    ------
    UsageError
        No such table, row or column; the nearest, or those that exist, are named.
    """
    if table not in TABLE_NUMBERS:
        raise UsageError(Problem("没有这张表", value=table, expected=listing(TABLE_NUMBERS)))
    keys: dict[str, str]
    if table == "requests":
        rows = {row.key: format_.request_columns for row in format_.request_rows}
        key = row if row in rows else request_labels(format_, rows).find(row)
        keys = {each.path: each.key for each in format_.request_rows}
    elif table == "decisions":
        rows = {}
        for name, head in format_.decision_cells:
            rows[name] = (*rows.get(name, ()), head)
        key, keys = format_.decision_aliases.get(row, row), {name: name for name in rows}
    else:
        rows = {group.key: format_.review_columns for group in format_.review_groups}
        key, keys = row, {name: name for name in rows}
    if key not in rows:
        remedy = perhaps(row, [*keys, *keys.values()]) or f"可用的行：{listing(keys)}"
        raise UsageError(Problem(f"{TABLE_NUMBERS[table]}没有这一行", value=row, remedy=remedy))
    heads = rows[key]
    if column is None:
        column = format_.total if format_.total in heads else heads[0]
    if column not in heads:
        raise UsageError(
            Problem(
                f"{TABLE_NUMBERS[table]}这一行没有这一列", value=column, expected=listing(heads)
            )
        )
    return table, (key,), (column,)


def trace_fact(
    name: str, inputs: Inputs, tables: Mapping[str, Table], facts: Vocabulary, format_: Format
) -> pd.DataFrame:
    """Return the rows behind a fact that prose can name.

    Raises
    ------
    UsageError
        There is no such fact, or it is not counted from rows; its source is named then.
    """
    path = tuple(name.split("."))
    fact = find(facts, path)
    if fact is None:
        hint = perhaps(name, (f.name for f in walk(facts)))
        raise UsageError(f"没有名为“{name}”的数据。{hint}全部名称见 nianbao facts")
    cells = _cells_of(path, format_)
    if cells is not None:
        return trace_cells(cells, inputs, tables, format_)
    if path[0] == "主动公开":
        return _disclosures(path[1:], inputs, format_)
    cases = cases_frame(inputs, format_)
    if path[0] == "申请渠道":
        new = cases[cases[SOURCE] == row_name("requests", "new", format_)]
        chosen = [step for step in path[1:2] if step in set(new["来源渠道"].dropna())]
        return new[new["来源渠道"].isin(chosen)] if chosen else new
    if path[0] in COUNTS and inputs.cases is not None:
        return cases[(inputs.cases[COUNTS[path[0]][0]] > 0).to_numpy()]
    figures = figures_frame(inputs, format_)
    if (figures["名称"] == path[0]).any():
        return figures[figures["名称"] == path[0]]
    raise UsageError(f"“{name}”不是逐行数出来的；它的来源：{fact.source or '程序按规定写出'}")


def _disclosures(steps: Sequence[str], inputs: Inputs, format_: Format) -> pd.DataFrame:
    found = disclosures_frame(inputs, format_)
    for column, step in zip(("渠道", "类别"), steps, strict=False):
        if (found[column] == step).any():
            found = found[found[column] == step]
    return found


def _cells_of(path: Sequence[str], format_: Format) -> Cells | None:
    """Return the cells whose sum a fact is; a form such as 同比 has those of its number."""
    whole = whole_at(format_, path)
    if whole is not None:
        return whole.table, whole.rows, whole.columns
    return _decision_cells(path[0], path[1:], format_)


def _decision_cells(first: str, steps: Sequence[str], format_: Format) -> Cells | None:
    names = {format_.decision_names[key]: name for key, name in DECISION_NAMES.items()}
    own = [(row, col) for row, col in format_.decision_cells if names.get(row, row) == first]
    if not own:
        return None
    chosen = next((c for c in own if names.get(c[1], c[1]) in steps), own[-1])
    return "decisions", (chosen[0],), (chosen[1],)


def read_cell(text: str, format_: Format) -> tuple[str, CellKey]:
    """Return the cell of the statutory tables that a clerk names: row and, after a sign, column.

    ``新收×自然人``; without a column 总计 is meant, or the only column of the row.

    Raises
    ------
    UsageError
        No such row or column; the nearest are named.

    Examples
    --------
    >>> from nianbao.statutory import load_format
    >>> read_cell("新收×自然人", load_format())
    ('requests', ('new', '自然人'))
    >>> read_cell("行政许可", load_format())
    ('decisions', ('行政许可', '本年处理决定数量'))
    """
    row, column = text, ""
    for sign in SIGNS:
        if sign in text:
            row, _, column = text.rpartition(sign)
            break
    table, key, columns = _row(row.strip(), format_)
    if not column.strip():
        if len(columns) > 1 and format_.total not in columns:
            expected = f"{row.strip()}×{columns[0]}"
            raise UsageError(Problem("没有写明哪一列", value=text, expected=expected))
        return table, (key, format_.total if format_.total in columns else columns[0])
    wanted = normalise_word(column)
    found = [c for c in columns if normalise_word(c) == wanted] or [
        c for c in columns if wanted in normalise_word(c)
    ]
    if len(found) != 1:
        raise UsageError(Problem("没有这一列", value=column.strip(), expected=listing(columns)))
    return table, (key, found[0])


def _row(text: str, format_: Format) -> tuple[str, str, tuple[str, ...]]:
    """Return the table, the row and its columns."""
    keys = {row.key for row in format_.request_rows}
    key = (
        text if text in keys else SHORT_NAMES.get(text) or request_labels(format_, keys).find(text)
    )
    if key:
        return "requests", key, format_.request_columns
    decisions: dict[str, list[str]] = {}
    for row, column in format_.decision_cells:
        decisions.setdefault(row, []).append(column)
    name = format_.decision_aliases.get(text, text)
    if name in decisions:
        return "decisions", name, tuple(decisions[name])
    groups = [group.key for group in format_.review_groups]
    if text in groups:
        return "reviews", text, format_.review_columns
    labels = [row.label for row in format_.request_rows]
    near = nearest(text, [*labels, *decisions, *groups, *SHORT_NAMES])
    remedy = f"是否应为“{near}”" if near else "如“新收×自然人”“行政许可”“行政复议×结果维持”"
    raise UsageError(Problem("三张表里没有这一项", value=text, remedy=remedy))


def write_rollup(report: Report) -> Path:
    """Write every cell of every unit to output/<agency>/rollup-<year>.csv; return the file."""
    stream = io.StringIO()
    rows = csv.writer(stream, lineterminator="\n")
    rows.writerow(HEAD)
    for key, number in TABLE_NUMBERS.items():
        table = report.tables[key]
        for row, column in table.cells:
            name = row_name(key, row, report.format)
            for part in trace(table, (row, column)) if table.units else ():
                value = "" if part.cell.number is None else f"{part.cell.number:f}"
                path = spreadsheet_text("／".join(part.path))
                rows.writerow((number, name, column, path, value))
            total = number_text(table.frame.at[row, column])
            rows.writerow((number, name, column, "合计", total))
    agency, year = report.inputs.agency.code, report.inputs.params.year
    file = report.root / "output" / agency / f"rollup-{year}.csv"
    refuse_link(report.root, file.relative_to(report.root).as_posix(), "不写到那里")
    write_bytes_safely(file, stream.getvalue().encode("utf-8-sig"))
    return file

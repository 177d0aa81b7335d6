"""A government's sums by cell and unit, as a file for the spreadsheet."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from nianbao.errors import Problem, UsageError
from nianbao.files.words import listing, nearest, normalise_word
from nianbao.inputs.bundle import CellKey
from nianbao.inputs.labels import request_labels
from nianbao.notebook.blocks import number_text
from nianbao.notebook.report import Report
from nianbao.statistics.naming import TABLE_NUMBERS, row_name
from nianbao.statistics.rollup import trace
from nianbao.statutory import Format

SIGNS = "×xX*＊,，"
SHORT = {"新收": "new", "上年结转": "carried_in", "办结": "total", "总计": "total",
         "结转": "carried_out", "结转下年": "carried_out", "结转下年度": "carried_out"}  # fmt: skip
HEAD = ("表", "项目", "列", "单位", "数值")


def read_cell(text: str, format_: Format) -> tuple[str, CellKey]:
    """The cell of the statutory tables that a clerk names: row and, after a sign, column.

    Parameters
    ----------
    text
        ``新收×自然人``; without a column 总计, or the only column of the row.

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
    """Table, row and its columns."""
    keys = {row.key for row in format_.request_rows}
    key = text if text in keys else SHORT.get(text) or request_labels(format_, keys).find(text)
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
    near = nearest(text, [*labels, *decisions, *groups, *SHORT])
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
                rows.writerow((number, name, column, "／".join(part.path), value))
            total = number_text(table.frame.at[row, column])
            rows.writerow((number, name, column, "合计", total))
    agency, year = report.inputs.agency.code, report.inputs.params.year
    file = report.root / "output" / agency / f"rollup-{year}.csv"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(stream.getvalue(), encoding="utf-8-sig")
    return file

"""Formulas that count table 3 from whichever form of it the workbook has."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from nianbao.inputs.matrices import row_words
from nianbao.inputs.records import NUMBER
from nianbao.statutory import Format
from nianbao.workbook.lists import outcome_labels
from nianbao.workbook.read_columns import ReadColumns, number_in
from nianbao.workbook.sheets import Content, Sheet


@dataclass(frozen=True)
class Counter:
    """Formulas, without their equals sign, by row and applicant.

    Parameters
    ----------
    cell
        The number of a row and applicant; an empty text where it is not filled in.
    row_total
        The whole row counted without regard to applicants, or None when that says nothing.
    column_total
        All outcomes of a column counted without regard to their kind, or None.
    """

    cell: Callable[[str, str], str]
    row_total: Callable[[str], str | None]
    column_total: Callable[[str], str | None]


def counter_of(content: Content, read: ReadColumns, format_: Format) -> Counter:
    """Make the formulas for a workbook's form of table 3."""
    if "requests" not in content.sheets:
        return _matrix(content.sheets["requests_table"], format_)
    if content.sheets["requests"].has(NUMBER):
        return _cases(read, content.year, format_)
    return _groups(read, format_)


def _cases(read: ReadColumns, year: int, format_: Format) -> Counter:
    """One row a request, counted relative to the year as the reader counts it."""
    kind, outcome = read.area("requests", "申请人类型"), read.area("requests", "办理结果")
    received, answered = read.area("requests", "收到日期"), read.area("requests", "答复日期")
    first, last = f"DATE({year},1,1)", f"DATE({year},12,31)"
    before = f'{received},">0",{received},"<"&{first}'
    by_end = f'{received},">0",{received},"<="&{last}'
    in_year = f'{answered},">="&{first},{answered},"<="&{last}'
    labels = outcome_labels(format_)

    def count(row: str, where: str) -> str:
        if row == "new":
            return f'COUNTIFS({where}{received},">="&{first},{received},"<="&{last})'
        if row == "carried_in":
            gone = f'COUNTIFS({where}{before},{answered},">0",{answered},"<"&{first})'
            return f"COUNTIFS({where}{before})-{gone}"
        if row == "carried_out":
            done = f'COUNTIFS({where}{by_end},{answered},">0",{answered},"<="&{last})'
            return f"COUNTIFS({where}{by_end})-{done}"
        if row == "total":
            return f"COUNTIFS({where}{by_end},{in_year})"
        return f'COUNTIFS({where}{outcome},"{labels[row]}",{by_end},{in_year})'

    return _counter(count, kind, format_)


def _groups(read: ReadColumns, format_: Format) -> Counter:
    """One row a number of requests."""
    source, kind = read.area("requests", "来源"), read.area("requests", "申请人类型")
    outcome, number = read.area("requests", "办理结果"), read.area("requests", "件数")
    labels = outcome_labels(format_, carried=True)
    sources = {"new": "本年新收", "carried_in": "上年结转"}
    carried = labels["carried_out"]

    def count(row: str, where: str) -> str:
        if row in sources:
            return f'SUMIFS({number},{where}{source},"{sources[row]}")'
        if row == "total":
            return f'SUMIFS({number},{where}{outcome},"<>{carried}")'
        return f'SUMIFS({number},{where}{outcome},"{labels[row]}")'

    return _counter(count, kind, format_)


def _counter(count: Callable[[str, str], str], kind: str, format_: Format) -> Counter:
    """Formulas of a ledger: ``count`` gives that of a row where a condition holds, or none."""

    def of(applicant: str) -> str:
        return f'{kind},"{applicant}",'

    return Counter(
        cell=lambda row, applicant: count(row, of(applicant)),
        row_total=lambda row: count(row, ""),
        column_total=lambda column: count("total", "" if column == format_.total else of(column)),
    )


def _matrix(sheet: Sheet, format_: Format) -> Counter:
    """The official matrix: its own cells, and the totals that were typed."""
    labels = row_words(format_)
    rows = {labels.find(row["项目"]): i for i, row in enumerate(sheet.rows)}

    def cell(row: str, column: str) -> str:
        if row not in rows or not sheet.has(column):
            return '""'
        return number_in(sheet.cell(rows[row], column))

    def row_total(row: str) -> str | None:
        return cell(row, format_.total) if row in rows and sheet.has(format_.total) else None

    def column_total(column: str) -> str | None:
        return cell("total", column) if "total" in rows and sheet.has(column) else None

    return Counter(cell, row_total, column_total)

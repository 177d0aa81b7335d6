"""Begin this year's tables with last year's names and forms, never numbers.

Nothing that has to be counted anew is filled in, and nothing is filled in as zero: a blank
stops the report until somebody has looked. Only what the statute itself carries over comes
along: requests that were not answered.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from nianbao.inputs.bundle import CellKey, Inputs
from nianbao.inputs.heads import NUMBER, REMARK
from nianbao.inputs.ledgers import Row, TableRows
from nianbao.inputs.matrices import ITEM, review_results, row_words
from nianbao.inputs.params import ReportParams
from nianbao.inputs.request_ledger import CARRIED_OUT_KEY, outcome_words
from nianbao.inputs.values import Cell, parse_count, parse_date
from nianbao.statutory import Format, format_for

OUTCOME, RECEIVED, ANSWERED, NOTE = "办理结果", "收到日期", "答复日期", "说明"
SOURCE, CARRIED, COUNT = "来源", "上年结转", "件数"

SWITCHES = ("signature", "sources", "allow_missing")
"""Parameters of last year's report that are a matter of habit, not of the year."""

OPEN_TEXTS = "〔待修订：以下是上年的文字，请按本年情况改写，改好后删去这一行〕"
"""Stands above a section of last year's text; the checks of prose refuse a report with it."""


def roll_table(
    table: str, old: TableRows, last: Inputs, format_: Format, *, beside: bool = False
) -> TableRows:
    """Return the rows with which this year's table begins.

    Parameters
    ----------
    table
        Name of the table.
    old
        Last year's rows.
    last
        Last year's inputs.
    format_
        The statutory format.
    beside
        Last year's numbers stand in columns of their own, so no remark has to tell them.
    """
    own = format_for(last.params.year)
    match table:
        case "requests":
            roll = _cases if old.has(NUMBER) else _groups
            return TableRows(old.heads, list(roll(old, last, format_)))
        case "requests_table":
            return TableRows(old.heads, list(_matrix(old, last, format_)))
        case "decisions":
            standing = {own.decision_names["standing"]: "上年现行有效{}件"}
            return _noted(old, {} if beside else standing, keep=(ITEM,))
        case "reviews" if not old.has(COUNT):
            pending = own.review_names["pending"]
            rows = [{**row, "结果": ""} for row in old.rows if row["结果"] == pending]
            return TableRows(old.heads, rows)
        case "reviews":
            # A total that was typed last year is no row to be filled in: it is computed.
            results = review_results(own, own.review_columns)
            parts = [row for row in old.rows if results.find(row["结果"]) != own.total]
            reported = {} if beside else {COUNT: "上年{}件"}
            return _noted(TableRows(old.heads, parts), reported, keep=("类型", "结果"))
        case "disclosures" if not old.has("条数"):
            return TableRows(old.heads, [])
        case "disclosures":
            return _noted(
                old, {} if beside else {"条数": "上年{}条"}, keep=("渠道", "类别", "单位")
            )
        case "figures":
            return _noted(old, {} if beside else {"数值": "上年{}"}, keep=("名称", "单位"))
    # Reasons for last year's findings are no reasons for this year's.
    return TableRows(old.heads, [])


def roll_params(last: ReportParams, year: int) -> ReportParams:
    """Return the parameters of the new year's report: what is a habit, not what is of the year.

    Examples
    --------
    >>> before = ReportParams(agency="shili-sw", year=2024, signature=True, draft=True)
    >>> roll_params(before, 2025).model_dump(exclude_none=True)
    {'agency': 'shili-sw', 'year': 2025, 'signature': True}
    """
    kept = {key: getattr(last, key) for key in SWITCHES}
    return ReportParams(agency=last.agency, year=year, **kept)


def roll_text(text: str) -> str:
    """Return a section's text of last year, marked so that it cannot be published unread."""
    bare = text.removeprefix(OPEN_TEXTS).lstrip("\n")
    return f"{OPEN_TEXTS}\n\n{bare}"


def _cases(old: TableRows, last: Inputs, format_: Format) -> Iterator[Row]:
    """Yield the requests not answered by the end of the year, and later ones of the ledger."""
    del format_
    end = date(last.params.year, 12, 31)
    for row in old.rows:
        answered = parse_date(row[ANSWERED]) if row[ANSWERED] else None
        if answered is None:
            yield {**row, OUTCOME: "", ANSWERED: ""}
        elif answered > end:
            yield row


def _groups(old: TableRows, last: Inputs, format_: Format) -> Iterator[Row]:
    """Yield how many requests are carried in, by applicant; their outcome is this year's."""
    for row in old.rows:
        carried = outcome_words(format_).find(row[OUTCOME]) == CARRIED_OUT_KEY
        if carried and parse_count(row[COUNT]):
            reported = {SOURCE: CARRIED, OUTCOME: "", **({NOTE: ""} if old.has(NOTE) else {})}
            yield {**row, **reported}


def _matrix(old: TableRows, last: Inputs, format_: Format) -> Iterator[Row]:
    """Yield every row blank but 二、上年结转, which is last year's 四."""
    given = last.requests_table or {}
    labels = row_words(format_)
    for row in old.rows:
        blank = {head: row[head] if head == ITEM else "" for head in old.heads}
        if labels.find(row[ITEM]) == "carried_in":
            blank |= {a: _raw(given, ("carried_out", a)) for a in format_.applicants}
        yield blank


def _raw(cells: Mapping[CellKey, Cell], key: CellKey) -> str:
    cell = cells.get(key)
    return "" if cell is None or cell.number is None else str(cell.number)


def _noted(old: TableRows, notes: Mapping[str, str], keep: tuple[str, ...]) -> TableRows:
    """Return the names of the rows with blank values.

    备注, which nobody publishes, says what they were.
    """
    heads = (*old.heads, REMARK) if notes and not old.has(REMARK) else old.heads
    rows = []
    for row in old.rows:
        reported = [
            words.format(f"{row[head]}{row.get('单位', '') if head == '数值' else ''}")
            for head, words in notes.items()
            if row.get(head)
        ]
        new = {head: row.get(head, "") if head in keep else "" for head in heads}
        rows.append({**new, REMARK: "、".join(reported)} if notes else new)
    return TableRows(heads, rows)

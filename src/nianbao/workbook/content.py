"""Fill a bureau's workbook: with what was handed in, else with what last year leaves."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from nianbao.inputs.agency_profile import read_agency
from nianbao.inputs.bundle import Inputs
from nianbao.inputs.folder import open_folder
from nianbao.inputs.heads import NUMBER
from nianbao.inputs.ledgers import Row, TableRows, table_rows
from nianbao.inputs.load import load_year
from nianbao.inputs.matrices import ITEM, decision_columns, last_year_head
from nianbao.inputs.params import Agency, ReportParams, read_params
from nianbao.inputs.project import INPUT_TABLES, list_agencies, params_file
from nianbao.notebook.master import read_master
from nianbao.statistics.arithmetic import plain
from nianbao.statistics.tables import last_year_tables
from nianbao.statutory import Format, format_for
from nianbao.workbook import fields
from nianbao.workbook.lists import choice_lists, official_words
from nianbao.workbook.roll_forward import COUNT, roll_params, roll_table, roll_text
from nianbao.workbook.sheets import (
    SHEET_TITLES,
    Content,
    Field,
    Sheet,
    advice,
    card_sheet,
    text_sheet,
)

Tables = dict[str, TableRows]
TITLES = {
    "disclosures": "主动公开",
    "decisions": "法定公开（表二）",
    "requests": "申请台账",
    "requests_table": "申请汇总（表三）",
    "reviews": "复议诉讼",
    "figures": "其他数据",
    "acknowledged": "核对说明",
}
"""Names on the tabs."""
SPARE = {"requests": 500, "disclosures": 60, "figures": 30, "reviews": 40, "acknowledged": 20}
FIGURES = (("信息处理费", "元"), ("人大建议", "件"), ("政协提案", "件"), ("培训次数", "次"))
"""Numbers that nearly every report needs."""


def workbook_content(root: Path, agency: str, year: int, *, sums: bool = False) -> Content:
    """Return the workbook of a bureau and year.

    A bureau that the project does not know gets an empty workbook. With ``sums`` table 3 is asked
    for as sums, where there is neither a ledger with rows nor a matrix to follow.

    Raises
    ------
    InputError
        The data of this year or of the last cannot be read.
    """
    format_ = format_for(year)
    inputs, last = load_year(root, agency, year), load_year(root, agency, year - 1)
    tables = _tables(root, agency, year, format_) if inputs else {}
    old = _tables(root, agency, year - 1, format_) if last else {}
    begun = inputs is not None and bool(tables or inputs.narrative)
    reported = bool({"requests", "requests_table"} & tables.keys())
    for name, rows in old.items():
        if last and name not in tables and not (reported and name.startswith("requests")):
            tables[name] = roll_table(name, rows, last, format_, beside=True)
    _settle_requests(tables, format_, sums=sums)
    for name, make in _DEFAULTS.items():
        tables.setdefault(name, make(format_))
    choices = choice_lists(format_, [*tables.items(), *old.items()])
    sheets = {"card": _profile(root, agency, year, inputs, last)}
    for name in INPUT_TABLES:
        if name in tables:
            sheets[name] = _sheet(name, tables[name], last, year, format_)
    sheets["texts"] = _texts(root, inputs if begun else None, last, year, format_)
    name = inputs.agency.name if inputs else last.agency.name if last else _known_name(root, agency)
    return Content(agency, name, year, sheets, choices, _last_numbers(last, format_))


def _known_name(root: Path, agency: str) -> str:
    return read_agency(root, agency).name if agency in list_agencies(root) else ""


def _tables(root: Path, agency: str, year: int, format_: Format) -> Tables:
    """Return the tables of a year as they were written, categories in their official words."""
    grids = open_folder(root, agency, year).grids
    return {
        name: official_words(name, table_rows(name, grids[name], format_), format_)
        for name in INPUT_TABLES
        if name in grids
    }


def _settle_requests(tables: Tables, format_: Format, *, sums: bool) -> None:
    """Keep one of ledger and matrix.

    A ledger without rows beside a matrix would say that there was no request.
    """
    ledger = tables.get("requests")
    if sums and ledger is not None and not ledger.rows:
        del tables["requests"]  # as it was begun: nothing was registered in it
    if "requests" in tables or "requests_table" in tables:
        return
    name = "requests_table" if sums else "requests"
    tables[name] = _empty_matrix(format_) if sums else TableRows(_heads(fields.CASES), [])


def _heads(columns: tuple[Field, ...]) -> tuple[str, ...]:
    return tuple(f.head for f in columns if f.kind != "last")


def _empty_matrix(format_: Format) -> TableRows:
    heads = (ITEM, *format_.applicants)
    rows = [
        {**dict.fromkeys(heads, ""), ITEM: row.path}
        for row in format_.request_rows
        if row.key != "total"
    ]
    return TableRows(heads, rows)


def _empty_decisions(format_: Format) -> TableRows:
    heads = _heads(fields.decisions(format_))
    rows = dict.fromkeys(row for row, _ in format_.decision_cells)
    return TableRows(heads, [{**dict.fromkeys(heads, ""), ITEM: row} for row in rows])


def _empty_reviews(format_: Format) -> TableRows:
    heads = _heads(fields.REVIEW_SUMS)
    rows = [
        {**dict.fromkeys(heads, ""), "类型": group.key, "结果": result}
        for group in format_.review_groups
        for result in format_.review_columns[:-1]
    ]
    return TableRows(heads, rows)


def _usual_figures() -> TableRows:
    heads = _heads(fields.FIGURES)
    blank = dict.fromkeys(heads, "")
    return TableRows(heads, [{**blank, "名称": name, "单位": unit} for name, unit in FIGURES])


_DEFAULTS: Mapping[str, Callable[[Format], TableRows]] = {
    "disclosures": lambda _: TableRows(_heads(fields.DISCLOSURE_COUNTS), []),
    "decisions": _empty_decisions,
    "reviews": _empty_reviews,
    "figures": lambda _: _usual_figures(),
    "acknowledged": lambda _: TableRows(_heads(fields.ACKNOWLEDGED), []),
}


def _sheet(name: str, table: TableRows, last: Inputs | None, year: int, format_: Format) -> Sheet:
    columns, fixed = _columns(name, table, format_)
    known = {f.head for f in columns}
    extra = tuple(Field(head) for head in table.heads if head not in known)
    beside = _beside(name, last, format_)
    rows: list[Row] = [{**row, **beside(row)} for row in table.rows]
    closed: set[tuple[int, str]] = set()
    if name == "decisions":
        cells = set(format_.decision_cells)
        heads = decision_columns(format_)
        closed = {
            (i, head)
            for i, row in enumerate(rows)
            for column in heads
            for head in (column, last_year_head(column))
            if (row[ITEM], column) not in cells
        }
    return Sheet(
        TITLES[name], f"{year}年{SHEET_TITLES[name]}", advice(name, table),
        (*columns, *extra), rows, fixed, frozenset(closed), SPARE.get(name, 0),
    )  # fmt: skip


def _columns(
    name: str, table: TableRows, format_: Format
) -> tuple[tuple[Field, ...], frozenset[str]]:
    """Return the columns of a table's form, and those of them that are given."""
    match name:
        case "disclosures":
            counts = table.has("条数")
            return (fields.DISCLOSURE_COUNTS if counts else fields.DISCLOSURE_ITEMS), frozenset()
        case "decisions":
            return fields.decisions(format_), frozenset({ITEM})
        case "requests":
            return (fields.CASES if table.has(NUMBER) else fields.GROUPS), frozenset()
        case "requests_table":
            total = table.has(format_.total)
            return fields.matrix(format_, total=total), frozenset({ITEM})
        case "reviews" if table.has(COUNT):
            return fields.REVIEW_SUMS, frozenset()
        case "reviews":
            return fields.REVIEW_CASES, frozenset()
        case "figures":
            return fields.FIGURES, frozenset()
    return fields.ACKNOWLEDGED, frozenset()


def _beside(name: str, last: Inputs | None, format_: Format) -> Callable[[Row], Row]:
    """Return last year's values of a row, by head."""
    if last is None:
        return lambda row: {}
    if name == "disclosures" and last.disclosures is not None:
        frame = last.disclosures
        raws = [cell.raw for cell in frame["条数"]]
        counts = dict(zip(zip(frame["渠道"], frame["类别"], strict=True), raws, strict=True))
        return lambda row: {"上年条数": counts.get((row["渠道"], row["类别"]), "")}
    if name == "decisions":
        cells = last_year_tables(last, format_)["decisions"].cells
        heads = decision_columns(format_)
        return lambda row: {
            last_year_head(c): cells[row[ITEM], c].raw for c in heads if (row[ITEM], c) in cells
        }
    if name == "reviews" and last.reviews is not None:
        given = last_year_tables(last, format_)["reviews"].cells
        return lambda row: {
            "上年件数": given[key].raw if (key := (row["类型"], row["结果"])) in given else ""
        }
    if name == "figures":
        return lambda row: {"上年数值": f.cell.raw if (f := last.figures.get(row["名称"])) else ""}
    if name == "requests_table":
        totals = last_year_tables(last, format_)["requests"].frame[format_.total]
        keys = {row.path: row.key for row in format_.request_rows}
        head = last_year_head(format_.total)
        return lambda row: {head: _word(totals.get(keys[row[ITEM]])) if row[ITEM] in keys else ""}
    return lambda row: {}


def _word(value: object) -> str:
    return "" if value is None else str(value)


def _profile(
    root: Path, agency: str, year: int, inputs: Inputs | None, last: Inputs | None
) -> Sheet:
    """Return the sheet 基本信息, with what is known of the agency and the report."""
    who: Agency | None = None
    params: ReportParams | None = None
    if inputs is not None:
        who, params = inputs.agency, inputs.params
    elif last is not None:  # what params/ say, and what last year's workbook adds to them
        who, params = last.agency, roll_params(last.params, year)
    elif agency in list_agencies(root):
        who = read_agency(root, agency)
    if inputs is None and (root / params_file(agency, year)).is_file():
        params = read_params(root, agency, year)
    return card_sheet(agency, year, who, params)


def _texts(
    root: Path, inputs: Inputs | None, last: Inputs | None, year: int, format_: Format
) -> Sheet:
    """Return the sheet 正文: this year's wording, else last year's, marked."""
    now = {key: section.text for key, section in inputs.narrative.items()} if inputs else {}
    old = {key: section.text for key, section in last.narrative.items()} if last else {}
    if inputs is None:
        now = {key: roll_text(text) for key, text in old.items()}
    headings = format_.texts()
    keys = dict.fromkeys((*read_master(root).sections, *now, *old))
    rows = [
        {
            "章节编号": key,
            "章节": headings.get(key, ""),
            "正文": now.get(key, ""),
            "上年正文": old.get(key, ""),
        }
        for key in keys
    ]
    return text_sheet(year, rows)


def _last_numbers(last: Inputs | None, format_: Format) -> dict[tuple[str, str, str], str]:
    tables = last_year_tables(last, format_) if last else {}
    return {
        (name, row, column): plain(cell.number)
        for name, table in tables.items()
        for (row, column), cell in table.cells.items()
        if cell.number is not None
    }

"""The statutory tables of the sample document: invented figures that satisfy the identities."""

from __future__ import annotations

from nianbao.prose.blocks import GridBlock, GridCell
from nianbao.statutory import Layout, LayoutCell, load_format

YEAR = 2024

FORMAT = load_format()
ZERO = (0, 0, 0, 0, 0, 0)
CARRIED_IN = (9, 2, 0, 0, 1, 0)
CARRIED_OUT = (11, 1, 0, 0, 0, 1)
OUTCOMES: dict[str, tuple[int, ...]] = {
    "open": (128, 21, 0, 2, 9, 1),
    "partial": (37, 4, 0, 0, 3, 0),
    "deny_2": (3, 1, 0, 0, 0, 0),
    "deny_4": (5, 0, 0, 0, 1, 0),
    "deny_5": (2, 0, 0, 0, 0, 0),
    "deny_6": (4, 0, 0, 0, 0, 0),
    "deny_8": (12, 2, 0, 0, 1, 0),
    "unavail_1": (61, 7, 0, 1, 4, 0),
    "unavail_2": (6, 0, 1, 0, 0, 0),
    "unavail_3": (2, 0, 0, 0, 0, 0),
    "reject_1": (4, 0, 0, 0, 0, 0),
    "reject_2": (3, 0, 0, 0, 0, 0),
    "other_1": (5, 1, 0, 0, 0, 0),
    "other_3": (8, 0, 0, 0, 1, 0),
}
DECISIONS = {
    ("规章", "本年制发件数"): "0",
    ("规章", "本年废止件数"): "0",
    ("规章", "现行有效件数"): "0",
    ("行政规范性文件", "本年制发件数"): "22（其中修订16件）",
    ("行政规范性文件", "本年废止件数"): "7",
    ("行政规范性文件", "现行有效件数"): "118",
    ("行政许可", "本年处理决定数量"): "11398889",
    ("行政处罚", "本年处理决定数量"): "4106",
    ("行政强制", "本年处理决定数量"): "95",
    ("行政事业性收费", "本年收费金额（单位：万元）"): "4166.241619",
}
REVIEWS = {"行政复议": (11, 2, 3, 1), "未经复议直接起诉": (4, 0, 1, 2), "复议后起诉": (5, 0, 0, 1)}


def request_numbers() -> dict[str, tuple[int, ...]]:
    """Table 3 as row key -> seven numbers, totals counted."""
    details = [OUTCOMES.get(row.key, ZERO) for row in FORMAT.outcome_rows]
    total = tuple(sum(column) for column in zip(*details, strict=True))
    new = tuple(t + o - i for t, o, i in zip(total, CARRIED_OUT, CARRIED_IN, strict=True))
    sums = {"new": new, "carried_in": CARRIED_IN, "total": total, "carried_out": CARRIED_OUT}
    rows = {row.key: {**OUTCOMES, **sums}.get(row.key, ZERO) for row in FORMAT.request_rows}
    return {key: (*numbers, sum(numbers)) for key, numbers in rows.items()}


def cell_texts() -> dict[str, dict[tuple[str, str], str]]:
    """The 200 statutory cells by table, then (row key, column label)."""
    requests = {
        (key, column): str(number)
        for key, numbers in request_numbers().items()
        for column, number in zip(FORMAT.request_columns, numbers, strict=True)
    }
    reviews = {
        (key, column): str(number)
        for key, numbers in REVIEWS.items()
        for column, number in zip(FORMAT.review_columns, (*numbers, sum(numbers)), strict=True)
    }
    return {"decisions": DECISIONS, "requests": requests, "reviews": reviews}


def _cell(cell: LayoutCell, texts: dict[tuple[str, str], str]) -> GridCell:
    text = texts[cell.row or "", cell.column or ""] if cell.kind == "value" else cell.text
    return GridCell(cell.kind, text, cell.colspan, cell.rowspan, cell.row, cell.column)


def grid(key: str, layout: Layout, title: str, unit: str, notes: tuple[str, ...] = ()) -> GridBlock:
    """A statutory table as a block."""
    texts = cell_texts()[key]
    return GridBlock(
        key=key,
        title=title,
        unit=unit,
        source=f"data/shili-xzf/{YEAR}/{key}.csv",
        columns=layout.columns,
        head_rows=layout.head_rows,
        rows=tuple(tuple(_cell(cell, texts) for cell in row) for row in layout.rows),
        notes=notes,
    )

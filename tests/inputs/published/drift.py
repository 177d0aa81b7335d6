"""Reports as offices publish them: one set of figures, printed with every kind of drift.

The kinds are those that were found in real reports (blank and ``/`` for zero, labels shortened,
renumbered or misspelt, （六） as one row, tables cut at the page without a head, letters one by
one, menus around the text). Bureaus and sentences are invented.
"""

from __future__ import annotations

import html
from dataclasses import dataclass, field, replace

from nianbao.statutory import load_format
from nianbao.statutory.layout import (
    Layout,
    LayoutCell,
    decisions_layout,
    requests_layout,
    reviews_layout,
)

FORMAT = load_format()
NAME = "示例县水务局"
YEAR = 2023
Figures = dict[tuple[str, str, str], str]

PROSE = {
    "preface": "本报告按照《条例》编制。如有疑问，请联系示例县水务局（地址：示例县示例路3号；"
    "邮编：000000；电话：0000-0000000；电子邮箱：shili-sw@example.invalid）。",
    "overview": "2023年，示例县水务局把供水、排水、防汛信息放在群众找得到的地方。",
    "overview.disclosure": "全年公开政府信息212条，其中水质监测48条。",
    "overview.requests": "收到的申请都在期限内答复。",
    "overview.management": "文件起草时写明公开属性，发布前由两人核对。",
    "overview.platform": "网站栏目每季度清查一次，失效链接当天处理。",
    "overview.oversight": "办公室每半年检查一次，结果在局内通报。",
    "problems.issues": "一是水价解读偏少。二是汛情信息有时更新不及时。",
    "problems.improvements": "一是每项水价调整配一份问答。二是汛期每日两次更新。",
    "other": "全年没有收取信息处理费。",
}
LAYOUTS = {
    "decisions": decisions_layout(FORMAT),
    "requests": requests_layout(FORMAT),
    "reviews": reviews_layout(FORMAT),
}


@dataclass(frozen=True)
class Drift:
    """How a report departs from the form.

    Parameters
    ----------
    zero
        What is printed for 0.
    number
        What stands after the number of a row: ``.``, ``、``, ``．``.
    words
        Other words for official ones, in labels.
    one_row
        （六） is one row.
    spelt
        Every letter of a label stands in an element of its own.
    cut_after
        Rows of table 3 after which it goes on as another table without a head; 0: never.
    hint
        The form's hint stands before each table.
    note
        A footnote is the last row of table 4.
    wrapped
        The article stands in a table, as old sites lay it out.
    menus
        The page has menus, breadcrumbs and a foot.
    """

    zero: str = "0"
    number: str = "."
    words: dict[str, str] = field(default_factory=dict)
    one_row: bool = False
    spelt: bool = False
    cut_after: int = 0
    hint: bool = False
    note: bool = False
    wrapped: bool = False
    menus: bool = False


def figures(step: int = 1) -> Figures:
    """Figures that satisfy the identities, nearly all different from each other and from 0."""
    made: Figures = {}
    for number, (row, column) in enumerate(FORMAT.decision_cells):
        money = column in FORMAT.money_columns
        if row == "规章":  # a bureau makes none
            made["decisions", row, column] = "0"
            continue
        made["decisions", row, column] = "7730.2800" if money else str(number * 3 * step)
    sums = dict.fromkeys(FORMAT.applicants, 0)
    for number, row in enumerate(FORMAT.outcome_rows):
        for place, column in enumerate(FORMAT.applicants):
            # The first two rows of （六） are zero, so that one row can say the same.
            value = 0 if row.key in ("other_1", "other_2") else (number * 7 + place * step) % 5
            made["requests", row.key, column] = str(value)
            sums[column] += value
    for column, total in sums.items():
        made["requests", "total", column] = str(total)
        made["requests", "new", column] = str(total + 1)
        made["requests", "carried_in", column] = "0"
        made["requests", "carried_out", column] = "1"
    for row in FORMAT.request_rows:
        whole = sum(int(made["requests", row.key, column]) for column in FORMAT.applicants)
        made["requests", row.key, FORMAT.total] = str(whole)
    for number, group in enumerate(FORMAT.review_groups):
        parts = [(number + place * step) % 3 for place in range(4)]
        for column, value in zip(FORMAT.review_columns, [*parts, sum(parts)], strict=True):
            made["reviews", group.key, column] = str(value)
    return made


def _label(cell: LayoutCell, drift: Drift) -> str:
    text = drift.words.get(cell.text, cell.text)
    if text[:2] in [f"{n}." for n in range(1, 9)]:
        text = text[0] + drift.number + text[2:]
    if drift.spelt:
        return "".join(f"<span>{html.escape(letter)}</span>\n" for letter in text)
    return html.escape(text)


def _one_row(layout: Layout) -> Layout:
    """Table 3 with （六） as one row over both label columns."""
    rows, skipped = [], {"other_1", "other_2"}
    for row in layout.rows:
        key = row[-1].row
        if key == "other_1":
            head = [replace(c, rowspan=1, colspan=2) for c in row if "（六）" in c.text]
            rows.append((*head, *(replace(c, row="other_3") for c in row if c.kind == "value")))
        elif key not in skipped | {"other_3"}:
            # The part's label spans two rows less.
            rows.append(
                tuple(replace(c, rowspan=c.rowspan - 2) if c.rowspan > 9 else c for c in row)
            )
    return replace(layout, rows=tuple(rows))


def _cell(table: str, cell: LayoutCell, values: Figures, drift: Drift) -> str:
    spans = f' colspan="{cell.colspan}" rowspan="{cell.rowspan}"'
    if cell.kind != "value":
        return f"<td{spans}><p>{_label(cell, drift)}</p></td>"
    value = values[table, cell.row or "", cell.column or ""]
    return f"<td{spans}><p>{drift.zero if value == '0' else html.escape(value)}</p></td>"


def _cut(layout: Layout, after: int) -> list[Layout]:
    """The table in two, as at the end of a page: what spanned the cut begins anew, blank."""
    if not after:
        return [layout]
    place = layout.head_rows + after
    first, second = layout.rows[:place], layout.rows[place:]
    width = layout.columns - 7
    filled = []
    for row in second:
        labels = [c for c in row if c.kind == "label"]
        have = sum(c.colspan for c in labels)
        values = tuple(c for c in row if c.kind == "value")
        blanks = tuple(LayoutCell("label") for _ in range(width - have))
        plain = tuple(replace(c, rowspan=1) for c in labels)
        filled.append((*blanks, *plain, *values))
    short = [tuple(replace(c, rowspan=min(c.rowspan, place - i)) for c in row)
             for i, row in enumerate(first)]  # fmt: skip
    return [replace(layout, rows=tuple(short)), replace(layout, rows=tuple(filled))]


def table_html(table: str, values: Figures, drift: Drift) -> str:
    """One statutory table as a page shows it."""
    layout = LAYOUTS[table]
    if table == "requests" and drift.one_row:
        layout = _one_row(layout)
    parts = _cut(layout, drift.cut_after) if table == "requests" else [layout]
    shown = ""
    for part in parts:
        rows = [
            "<tr>" + "".join(_cell(table, cell, values, drift) for cell in row) + "</tr>"
            for row in part.rows
        ]
        if table == "reviews" and drift.note:
            rows.append('<tr><td colspan="15">注：件数含上年度结转。</td></tr>')
        shown += f"<table border=1>{''.join(rows)}</table>"
    hint = "<p>该部分以表格形式报告。表格如下：</p>" if drift.hint else ""
    return hint + shown


def _menus(body: str) -> str:
    return (
        '<div class="top"><ul><li>首页</li><li>政务公开</li></ul></div>'
        f'<div class="path">当前位置：首页 &gt; 政府信息公开年报</div><div id="art">{body}</div>'
        '<div class="more"><p>上一篇：没有了</p></div><div>主办单位：示例县</div>'
    )


def page(values: Figures, drift: Drift, name: str = NAME, year: int = YEAR) -> str:
    """A whole web page."""
    parts = [f"<h2>{name}</h2>", f"<p>{year}年政府信息公开工作年度报告</p>"]
    if drift.menus:
        parts.append("<p>发布日期：2024-01-18　浏览次数：12</p>")
    parts.append(f"<p>　　{PROSE['preface']}</p>")
    for section in FORMAT.sections:
        parts.append(f"<p><b>{drift.words.get(section.heading, section.heading)}</b></p>")
        if section.table:
            parts.append(table_html(section.table, values, drift))
        elif section.key in PROSE:
            parts.append(f"<p>　　{PROSE[section.key]}</p>")
        for aspect in section.aspects:
            heading = drift.words.get(aspect.heading, f"<p>{aspect.heading}</p>")
            parts.append(f"{heading}<p>　　{PROSE[aspect.key]}</p>")
    body = "\n".join(parts)
    if drift.menus:
        body = _menus(body)
    if drift.wrapped:
        body = f"<table><tr><td>{body}</td></tr></table>"
    return f"<html><head><title>{name}</title></head><body>{body}</body></html>"

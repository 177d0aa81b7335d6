"""Sheets of the workbook as data: columns, rows, hints, and their words in plain official Chinese.

Nothing here knows Excel.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib import resources
from typing import Literal

from nianbao.inputs.agency_profile import AGENCY_CODE, CONTENT, ITEM, REPORT_YEAR, profile_fields
from nianbao.inputs.heads import NUMBER
from nianbao.inputs.ledgers import Row, TableRows
from nianbao.inputs.params import KINDS, Agency, ReportParams
from nianbao.workbook.roll_forward import COUNT

FieldKind = Literal["text", "long", "date", "count", "money", "number", "last"]
HEAD_ROW = 3
"""Row of the heads; above it the title and one line of advice."""


@dataclass(frozen=True, slots=True)
class Field:
    """A column of a sheet."""

    head: str
    """As the reader knows it."""
    kind: FieldKind = "text"
    """What goes into it; `last` is last year's value, which nobody fills in."""
    width: int = 14
    """In characters."""
    choices: str | None = None
    """Name of the list offered, or None."""
    strict: bool = True
    """Whether nothing but the list's words may be entered."""
    hint: str = ""
    """Shown when the cell is chosen."""


@dataclass(frozen=True)
class Sheet:
    """A sheet to be filled in."""

    name: str
    title: str
    advice: str
    """On the tab, in row 1 and in row 2."""
    fields: Sequence[Field]
    rows: Sequence[Row]
    """Columns, and texts by head."""
    fixed: frozenset[str] = frozenset()
    """Heads of the columns that are given and not filled in."""
    closed: frozenset[tuple[int, str]] = frozenset()
    """(row index, head) of the cells that the table does not have."""
    spare: int = 0
    """Rows below the given ones that are prepared for entries."""

    def letter(self, head: str) -> str:
        """Return the letter of a column."""
        return chr(ord("A") + [f.head for f in self.fields].index(head))

    def column(self, head: str) -> str:
        """Return a reference to a whole column, for formulas on other sheets."""
        letter = self.letter(head)
        return f"{self.quoted}!${letter}:${letter}"

    def cell(self, row: int, head: str) -> str:
        """Return a reference to the cell of a given row (0-based)."""
        return f"{self.quoted}!${self.letter(head)}${HEAD_ROW + 1 + row}"

    @property
    def quoted(self) -> str:
        """The name as formulas want it."""
        return f"'{self.name}'"

    def has(self, head: str) -> bool:
        """Return whether there is such a column."""
        return any(f.head == head for f in self.fields)


@dataclass(frozen=True)
class Content:
    """A workbook before it is drawn."""

    agency: str
    name: str
    year: int
    """Code and name of the bureau, and the year."""
    sheets: Mapping[str, Sheet]
    """By table name, in order."""
    choices: Mapping[str, Sequence[str]]
    """Words of each list."""
    last: Mapping[tuple[str, str, str], str] = field(default_factory=dict)
    """Last year's cells that the 勾稽 sheet shows: (table, row key, column) to number."""


SHEET_TITLES = {
    "disclosures": "主动公开政府信息统计",
    "decisions": "主动公开政府信息情况（表二）",
    "requests": "政府信息公开申请登记台账（表三）",
    "requests_table": "收到和处理政府信息公开申请情况（表三）",
    "reviews": "政府信息公开行政复议、行政诉讼情况（表四）",
    "figures": "正文需要的其他数据",
    "acknowledged": "核对说明",
}
GUIDE = "说明"
IDENTITIES_SHEET = "勾稽"


def advice(name: str, table: TableRows) -> str:
    """Return the line below a sheet's title."""
    match name:
        case "disclosures" if not table.has("条数"):
            return "一条信息一行，按渠道、类别由程序计数；只计本年日期的。"
        case "disclosures":
            return "一个渠道的一个类别一行，合计由程序计算，不要加合计行。没有的填0。"
        case "decisions":
            return "件数不带单位，收费以万元计；灰色格不填。没有发生的填0，空着的会被退回。"
        case "requests" if table.has(NUMBER):
            return (
                "收到一件登记一行，表三由程序逐件统计。上年没有办结的也要登记。"
                "没有申请的，本表空着就是0件。"
            )
        case "requests":
            return "按来源、申请人类型、办理结果填件数；年底没有办结的，办理结果选“结转”。"
        case "requests_table":
            return "各行分申请人类型填写，总计由程序计算。没有的填0，空着的会被退回。"
        case "reviews" if table.has(COUNT):
            return "每个类型的每种结果一行，总计由程序计算。没有的填0，空着的会被退回。"
        case "reviews":
            return "一个案件一行。没有案件的，本表空着就是0件。"
        case "figures":
            return "一个数字一行，正文里写“{{ 名称 }}”引用。用不着的行请删去。"
    return (
        "没有要说明的，本表空着。核对时列为“提醒”、核实后不必改数的，一条一行，照抄标识，写明理由。"
    )


def workbook_title(agency: str, name: str, year: int) -> str:
    """Return what the workbook is called; by the bureau's code while nobody has said its name."""
    words = f"{year}年政府信息公开工作年度报告填报表"
    return f"{name}{words}" if name else f"{words}（{agency}）"


def guide_lines(
    agency: str, name: str, year: int, sheets: Sequence[Sheet]
) -> list[tuple[str, str]]:
    """Return the sheet 说明 line by line: how it looks (title, head, text) and its words."""
    file = resources.files(__package__) / "guide.txt"
    tabs = "、".join(f"“{sheet.name}”" for sheet in sheets)
    title = workbook_title(agency, name, year)
    given = {"title": title, "agency": agency, "year": str(year), "tabs": tabs}
    text = file.read_text(encoding="utf-8")
    for key, word in given.items():
        text = text.replace(f"{{{key}}}", word)
    looks = {"# ": "title", "## ": "head"}
    lines = []
    for line in text.splitlines():
        mark = line[: len(line) - len(line.lstrip("# "))]
        lines.append((looks.get(mark, "text"), line.removeprefix(mark)))
    return lines


def card_sheet(agency: str, year: int, who: Agency | None, params: ReportParams | None) -> Sheet:
    """Return the sheet 基本信息."""
    known: dict[str, object] = {"agency": agency, "year": year}
    if who is not None:
        known |= {k: getattr(who, k) for k in who.model_fields_set if k != "code"}
    if params is not None:
        known |= {k: v for k, v in params.model_dump().items() if v is not None}
    hints = {
        **{k: f.description or "" for k, f in Agency.model_fields.items()},
        **{k: f.description or "" for k, f in ReportParams.model_fields.items()},
        "agency": "文件夹名，不要改",
        "year": "统计期限所在的年份，不要改",
        "kind": "从列表中选",
        "parent": "由上级政府填写，可不填",
    }
    rows = [
        {ITEM: title, CONTENT: _word(known.get(key)), "填写说明": _hint(hints[key])}
        for title, key in profile_fields().items()
    ]
    columns = (Field(ITEM, width=18), Field(CONTENT, width=48), Field("填写说明", "last", 60))
    return Sheet(
        "基本信息", "机关信息和报告参数", f"“{AGENCY_CODE}”“{REPORT_YEAR}”不要改；不清楚的空着。",
        columns, rows, frozenset({ITEM}),
    )  # fmt: skip


def _word(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, tuple):
        return "、".join(value)
    return KINDS.get(str(value), str(value))


def _hint(text: str) -> str:
    return text.replace("true或false", "是或否")


def text_sheet(year: int, rows: Sequence[Row]) -> Sheet:
    """Return the sheet 正文."""
    columns = (
        Field("章节编号", width=22),
        Field("章节", width=28),
        Field("正文", "long", 80, hint="本章节的文字，可以分段；空着用通用的文字。"),
        Field("上年正文", "last", 50),
    )
    return Sheet(
        "正文", f"{year}年报告各章节的文字", "空着的章节用通用的文字。数字请用“{{ 名称 }}”引用，"
        "名称见填报网页“写正文”一步。", columns, rows, frozenset({"章节编号", "章节"}),
    )  # fmt: skip

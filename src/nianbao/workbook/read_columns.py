"""The hidden sheet 读数: each ledger row read as the readers read it, by formulas.

The readers know more ways to write a day, a label or a number than COUNTIFS does: 2024.3.5, 3月5日
as text, a label in short, 12件. The sheet 勾稽 counts from here, so that both say the same. What a
formula cannot read is marked, and 勾稽 then asks instead of judging.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from nianbao.files.words import column_letter
from nianbao.inputs.heads import NUMBER
from nianbao.inputs.labels import Labels
from nianbao.inputs.matrices import review_groups, review_results
from nianbao.inputs.request_ledger import applicant_labels, outcome_words, source_labels
from nianbao.inputs.values import COUNT_UNITS
from nianbao.statutory import Format
from nianbao.workbook.lists import outcome_labels
from nianbao.workbook.sheets import HEAD_ROW, Content, Sheet

if TYPE_CHECKING:
    from openpyxl import Workbook

READ = "读数"
UNREAD = "认不出"
"""Stands where a formula cannot read what is written; a reader may."""
_BEYOND = 20_000
"""Further down than any ledger reaches."""
_MARKS = " 　（）()、，,/／-—.．。“”：:·"
_SUMS = ("合计", "总计", "小计", "共计")


@dataclass(frozen=True)
class ReadColumns:
    """The columns of the hidden sheet."""

    columns: Mapping[tuple[str, str], str]
    """Formulas by table and head, for a row `{row}`."""
    words: Mapping[str, Mapping[str, str]]
    """Lists to look up in: the words as they are cleaned, and what each means."""
    sheets: Mapping[str, Sheet]
    """The ledgers by table name."""

    def letter(self, table: str, head: str) -> str:
        """Return the letter of a column."""
        return column_letter([*self.columns].index((table, head)))

    def area(self, table: str, head: str) -> str:
        """Return a reference to what a column of a ledger was read as."""
        letter = self.letter(table, head)
        return f"'{READ}'!${letter}${HEAD_ROW + 1}:${letter}${self.last_row(table)}"

    def last_row(self, table: str) -> int:
        """Return the last row of a ledger that is read by formulas."""
        sheet = self.sheets[table]
        return HEAD_ROW + len(sheet.rows) + sheet.spare

    def unread(self) -> Iterator[str]:
        """Yield formulas of how many cells cannot be read, those below the last row among them."""
        for table, head in self.columns:
            yield f'COUNTIF({self.area(table, head)},"{UNREAD}")'
        for table, sheet in self.sheets.items():
            letter = sheet.letter(next(head for t, head in self.columns if t == table))
            yield f"COUNTA({sheet.quoted}!${letter}${self.last_row(table) + 1}:${letter}${_BEYOND})"


def read_columns(content: Content, format_: Format) -> ReadColumns:
    """Lay out the hidden sheet of a workbook."""
    sheets = {t: content.sheets[t] for t in ("requests", "reviews") if t in content.sheets}
    named: dict[str, Labels] = {
        "申请人类型": applicant_labels(format_),
        "办理结果": outcome_words(format_),
        "来源": source_labels(format_),
        "类型": review_groups(format_),
        "结果": review_results(format_, format_.review_columns),
    }
    official = {head: dict(labels.official) for head, labels in named.items()}
    official["办理结果"] |= outcome_labels(format_, carried=True)
    words = {
        head: {word: official[head].get(key, key) for word, key in labels.keys.items()}
        for head, labels in named.items()
    }
    columns: dict[tuple[str, str], str] = {}
    for table, sheet in sheets.items():
        for head, formula in _formulas(table, sheet, content.year, words).items():
            columns[table, head] = formula
    return ReadColumns(columns, words, sheets)


def _formulas(
    table: str, sheet: Sheet, year: int, words: Mapping[str, Mapping[str, str]]
) -> dict[str, str]:
    """Return the formula of each column of a ledger that is counted."""

    def cell(head: str) -> str:
        return f"{sheet.quoted}!${sheet.letter(head)}{{row}}"

    def word(head: str, if_blank: str) -> str:
        at = [*words].index(head)
        letter = _list_letter(at)
        area = f"'{READ}'!${letter}$1:${_list_letter(at, 1)}${len(words[head])}"
        found = f'IFERROR(VLOOKUP({_cleaned(cell(head))},{area},2,FALSE),"{UNREAD}")'
        return f'IF({cell(head)}="",{if_blank},{found})'

    if table == "requests" and sheet.has(NUMBER):
        number, received, answered = cell(NUMBER), cell("收到日期"), cell("答复日期")
        is_sum = "OR(" + ",".join(f'{number}="{name}"' for name in _SUMS) + ")"
        blank = f'IF(AND({number}="",{received}=""),"","{UNREAD}")'
        formulas = {
            "收到日期": _day(received, year, blank),
            "答复日期": _day(answered, year, '""'),
            "申请人类型": word("申请人类型", blank),
            "办理结果": word("办理结果", f'IF({answered}="","","{UNREAD}")'),
        }
        return {head: f'IF({is_sum},"",{formula})' for head, formula in formulas.items()}
    heads = [h for h in ("来源", "申请人类型", "办理结果", "类型", "结果") if sheet.has(h)]
    filled = "AND(" + ",".join(f'{cell(head)}=""' for head in heads) + ")"
    is_sum = "OR(" + ",".join(f'{cell(heads[0])}="{name}"' for name in _SUMS) + ")"
    formulas = {head: word(head, f'IF({filled},"","{UNREAD}")') for head in heads}
    if sheet.has("件数"):
        formulas["件数"] = number_in(cell("件数"))
    return {head: f'IF({is_sum},"",{formula})' for head, formula in formulas.items()}


def _cleaned(reference: str) -> str:
    """Return a word without blanks and punctuation, letters half-width."""
    for mark in _MARKS:
        reference = f'SUBSTITUTE({reference},"{mark}","")'
    return f"ASC({reference})"


def _day(reference: str, year: int, if_blank: str) -> str:
    """Return the day in a cell as a number: a date, or a text that can only mean one day."""
    text = f"ASC(TRIM({reference}))"
    plain = text
    for old, new in (("年", "-"), ("月", "-"), ("日", ""), ("号", ""), (".", "-"), ("/", "-")):
        plain = f'SUBSTITUTE({plain},"{old}","{new}")'
    short = f'AND(ISNUMBER(FIND("月",{reference})),NOT(ISNUMBER(FIND("年",{reference}))))'
    compact = (
        f"IF(LEN({text})=8,DATE(VALUE(LEFT({text},4)),VALUE(MID({text},5,2)),"
        f"VALUE(RIGHT({text},2))),DATEVALUE({plain}))"
    )
    written = (
        f'IF({short},IFERROR(DATEVALUE("{year}-"&{plain}),"{UNREAD}"),'
        f'IFERROR(DATEVALUE({plain}),IFERROR({compact},"{UNREAD}")))'
    )
    number = (
        f"IF({reference}>10000000,DATE(INT({reference}/10000),"
        f"MOD(INT({reference}/100),100),MOD({reference},100)),INT({reference}+1/1440))"
    )
    return f'IF({reference}="",{if_blank},IF(ISNUMBER({reference}),{number},{written}))'


def number_in(reference: str) -> str:
    """Return the number in a cell, with its unit or before a note too: 22 of 22件（其中修订16件）.

    Nothing of a blank cell and of one that says 不适用; `UNREAD` of another text.
    """
    text = f"ASC(TRIM({reference}))"
    before = f'LEFT({text},FIND("(",{text}&"(")-1)'
    for unit in sorted(COUNT_UNITS, key=lambda unit: (-len(unit), unit)):
        before = f'SUBSTITUTE({before},"{unit}","")'
    blank = "OR(" + ",".join(f'{reference}="{mark}"' for mark in ("", "/", "-", "—", "无")) + ")"
    return (
        f'IF({blank},"",IF(ISNUMBER({reference}),{reference},IFERROR(VALUE({before}),"{UNREAD}")))'
    )


def _list_letter(at: int, more: int = 0) -> str:
    """Return the letters of the columns of a list, to the right of what is read."""
    return f"A{column_letter(2 * at + more)}"


def draw_read_columns(book: Workbook, columns: ReadColumns) -> None:
    """Add the hidden sheet to a workbook."""
    ws = book.create_sheet(READ)
    ws.sheet_state = "hidden"
    for (table, head), formula in columns.columns.items():
        letter = columns.letter(table, head)
        ws[f"{letter}{HEAD_ROW}"] = head
        for row in range(HEAD_ROW + 1, columns.last_row(table) + 1):
            ws[f"{letter}{row}"] = "=" + formula.replace("{row}", str(row))
    for at, listed in enumerate(columns.words.values()):
        for row, (word, meaning) in enumerate(listed.items(), 1):
            for more, text in enumerate((word, meaning)):
                cell = ws[f"{_list_letter(at, more)}{row}"]
                cell.value, cell.data_type = text, "s"

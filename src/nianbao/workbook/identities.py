"""The sheet 勾稽: the statute's identities as formulas, live while the clerk fills in.

Formulas use COUNTIFS, SUMIFS, COUNT, COUNTA, IF and nothing newer, so that Excel, WPS and
LibreOffice calculate alike. A blank is no zero here either: what is not filled in says so. The
ledgers are counted from the hidden sheet 读数; where that cannot read a cell, nothing here says
不相符: it asks, and ``nianbao check`` decides.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from nianbao.inputs.heads import NUMBER
from nianbao.inputs.matrices import row_words
from nianbao.statutory import Format, format_for
from nianbao.workbook.lists import outcome_labels
from nianbao.workbook.read_columns import (
    UNREAD,
    ReadColumns,
    draw_read_columns,
    number_in,
    read_columns,
)
from nianbao.workbook.sheets import IDENTITIES_SHEET, Content, Sheet
from nianbao.workbook.styles import GREEN, RED, YELLOW, Styles, row_height

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

_UNREAD_CELL, _UNREAD = "K2", "$K$2"
"""How many cells the formulas cannot read."""
FITS, BREAKS, ASK, BLANK = "相符", "不相符", "请核对", "未填全"
TOP = 5
"""Row of the first line of table 3; its heads stand above."""
_LABELS = 62
SUM, ROW_CHECK, LAST, CHANGE = "H", "I", "J", "K"


def draw_checks(book: Workbook, content: Content, styles: Styles) -> None:
    """Add the sheet to a workbook."""
    ws = book.create_sheet(IDENTITIES_SHEET)
    format_ = format_for(content.year)
    read = read_columns(content, format_)
    counter = counter_of(content, read, format_)
    ws["A1"] = "勾稽关系核对（随填随算，不用填写）"
    styles.title(ws["A1"])
    bottom = _draw_matrix(ws, content, counter, format_, styles)
    end = _draw_others(ws, content, read, format_, styles, bottom + 2)
    area = f"$A${TOP}:$K${end}"
    # The verdicts depend on this number and must not be among what it counts.
    values = f"B{TOP}:G{TOP + len(format_.request_rows) - 1}", f"B{bottom + 3}:C{end}"
    unread = [*read.unread(), *(f'COUNTIF({area},"{UNREAD}")' for area in values)]
    ws["J2"] = "认不出的格数"
    ws[_UNREAD_CELL] = f"={'+'.join(unread)}"
    ws[_UNREAD_CELL].font = styles.quiet
    ws["A2"] = (
        f'=IF({_UNREAD}>0,"有"&{_UNREAD}&"格的写法本表认不出，以交表后的核对结果为准",'
        f'IF(COUNTIF({area},"{BREAKS}")>0,"有"&COUNTIF({area},"{BREAKS}")&"处{BREAKS}，请改好再报",'
        f'IF(COUNTIF({area},"{BLANK}")>0,"有"&COUNTIF({area},"{BLANK}")&"处没有填全",'
        f'IF(COUNTIF({area},"{ASK}")>0,"有"&COUNTIF({area},"{ASK}")&"处{ASK}","全部{FITS}"))))'
    )
    ws["A2"].font = styles.bold
    _colour(ws, end, TOP + len(format_.request_rows) - 1)
    ws.column_dimensions["A"].width = _LABELS
    for letter in "BCDEFGHIJK":
        ws.column_dimensions[letter].width = 13
    ws.freeze_panes = f"B{TOP}"
    styles.page(ws)
    draw_read_columns(book, read)


def line_of_row(key: str, format_: Format) -> int:
    """Return the row of a line of table 3 on the sheet."""
    return TOP + [row.key for row in format_.request_rows].index(key)


def _put(
    ws: Worksheet, reference: str, value: object, styles: Styles, *, head: bool = False
) -> None:
    cell = ws[reference]
    cell.value = value
    if head:
        styles.head(cell)
        return
    styles.body(cell, given=False, wrap=reference[0] == "A")
    if reference[0] == "A":
        ws.row_dimensions[cell.row].height = row_height([(str(value), _LABELS)])
    elif isinstance(value, str):
        cell.alignment = styles.centre


def _verdict(word: str) -> str:
    """Return a verdict that only asks where a cell cannot be read."""
    return f'IF({_UNREAD}>0,"{ASK}","{word}")' if word in (BREAKS, BLANK) else f'"{word}"'


def _compare(left: str, right: str, word: str = BREAKS, sign: str = "=") -> str:
    """Compare two expressions that are numbers or empty texts: 相符 or not."""
    return (
        f'IF(OR({left}="{UNREAD}",{right}="{UNREAD}"),"{ASK}",'
        f'IF(OR({left}="",{right}=""),{_verdict(BLANK)},'
        f'IF({left}{sign}{right},"{FITS}",{_verdict(word)})))'
    )


def _draw_matrix(
    ws: Worksheet, content: Content, counter: Counter, format_: Format, styles: Styles
) -> int:
    """Draw table 3 with its sums and checks; return the last row."""
    letters = dict(zip(format_.applicants, "BCDEFG", strict=True))
    heads = ["表三（由台账或汇总表算出）", *format_.applicants, format_.total, "横向核对（B3）",
             "上年总计", "比上年增减"]  # fmt: skip
    for letter, head in zip("ABCDEFGHIJK", heads, strict=True):
        _put(ws, f"{letter}{TOP - 1}", head, styles, head=True)
    rows = {row.key: line_of_row(row.key, format_) for row in format_.request_rows}
    details = [rows[row.key] for row in format_.outcome_rows]
    for row in format_.request_rows:
        line = rows[row.key]
        _put(ws, f"A{line}", row.path, styles)
        for applicant, letter in letters.items():
            if row.key == "total":
                area = f"{letter}{details[0]}:{letter}{details[-1]}"
                formula = f'IF(COUNT({area})={len(details)},SUM({area}),"")'
            else:
                formula = counter.cell(row.key, applicant)
            _put(ws, f"{letter}{line}", f"={formula}", styles)
        _put(ws, f"{SUM}{line}", f'=IF(COUNT(B{line}:G{line})=6,SUM(B{line}:G{line}),"")', styles)
        whole = counter.row_total(row.key) or f"{SUM}{line}"
        _put(ws, f"{ROW_CHECK}{line}", f"={_compare(f'{SUM}{line}', whole)}", styles)
        last = content.last.get(("requests", row.key, format_.total), "")
        _put(ws, f"{LAST}{line}", int(last) if last else "", styles)
        change = f'=IF(OR({SUM}{line}="",{LAST}{line}=""),"",{SUM}{line}-{LAST}{line})'
        _put(ws, f"{CHANGE}{line}", change, styles)
    return _draw_column_checks(ws, content, counter, format_, styles, rows)


def _draw_column_checks(
    ws: Worksheet,
    content: Content,
    counter: Counter,
    format_: Format,
    styles: Styles,
    rows: dict[str, int],
) -> int:
    """Draw B1, B2 and the carry-over from last year, below each column."""
    line = TOP + len(rows)
    flow, details, carry, check = line, line + 1, line + 2, line + 3
    labels = {
        flow: "纵向核对（B1）：一＋二＝三（七）＋四",
        details: "纵向核对（B2）：各办理结果之和＝（七）总计",
        carry: "上年的“四、结转下年度继续办理”",
        check: "与上年核对（Y1）：二、上年结转＝上年的四",
    }
    for at, label in labels.items():
        _put(ws, f"A{at}", label, styles)
    columns = dict(zip(format_.request_columns, "BCDEFGH", strict=True))
    for column, letter in columns.items():
        new, old, done, out = (
            f"{letter}{rows[k]}" for k in ("new", "carried_in", "total", "carried_out")
        )
        _put(
            ws, f"{letter}{flow}",
            f"=IF(COUNT({new},{old},{done},{out})<4,{_verdict(BLANK)},"
            f'IF({new}+{old}={done}+{out},"{FITS}",{_verdict(BREAKS)}))', styles,
        )  # fmt: skip
        whole = counter.column_total(column) or done
        _put(ws, f"{letter}{details}", f"={_compare(done, whole)}", styles)
        last = content.last.get(("requests", "carried_out", column), "")
        _put(ws, f"{letter}{carry}", int(last) if last else "", styles)
        word = BREAKS if column == format_.total else ASK
        formula = f"={_compare(old, f'{letter}{carry}', word)}" if last else "无上年数"
        _put(ws, f"{letter}{check}", formula, styles)
    return check


def _draw_others(
    ws: Worksheet, content: Content, read: ReadColumns, format_: Format, styles: Styles, top: int
) -> int:
    """Draw the checks of tables 2 and 4, one a line; return the last row."""
    for letter, head in zip("ABCD", ("其他核对", "左边", "右边", "结果"), strict=True):
        _put(ws, f"{letter}{top}", head, styles, head=True)
    line = top
    for label, left, right, test in _others(content, read, format_):
        line += 1
        _put(ws, f"A{line}", label, styles)
        _put(ws, f"B{line}", f"={left}", styles)
        _put(ws, f"C{line}", f"={right}", styles)
        _put(ws, f"D{line}", f"={test.format(left=f'B{line}', right=f'C{line}')}", styles)
    return line


Line = tuple[str, str, str, str]
"""Label, left side, right side, and the test over ``{left}`` and ``{right}``."""


def _test(sign: str, word: str) -> str:
    return _compare("{left}", "{right}", word, sign)


def _others(content: Content, read: ReadColumns, format_: Format) -> Iterator[Line]:
    yield from _decision_lines(content, format_)
    yield from _review_lines(content, read, format_)


def _decision_lines(content: Content, format_: Format) -> Iterator[Line]:
    sheet = content.sheets["decisions"]
    rows = {row["项目"]: i for i, row in enumerate(sheet.rows)}

    def cell(row: str, column: str) -> str:
        return number_in(sheet.cell(rows[row], column))

    given = [(r, c) for r, c in format_.decision_cells if r in rows]
    count = "+".join(f'IF({sheet.cell(rows[r], c)}="",0,1)' for r, c in given)
    blank = f'IF({{left}}<{{right}},{_verdict(BLANK)},"{FITS}")'
    yield f"V3 表二填了的格数（共{len(given)}格）", count, str(len(given)), blank
    names = format_.decision_names
    for row in (r for r in (names["rules"], names["documents"]) if r in rows):
        made, standing = cell(row, names["made"]), cell(row, names["standing"])
        yield f"A1 {row}：现行有效≥本年制发", standing, made, _test(">=", ASK)
        last = content.last.get(("decisions", row, names["standing"]))
        if last is not None:
            left = f'IFERROR({last}+{made}-{cell(row, names["repealed"])},"")'
            label = f"Y2 {row}：上年现行有效{last}＋制发－废止＝现行有效"
            yield label, left, standing, _test("=", ASK)


def _review_lines(content: Content, read: ReadColumns, format_: Format) -> Iterator[Line]:
    sheet = content.sheets["reviews"]
    kind, result = read.area("reviews", "类型"), read.area("reviews", "结果")
    *results, total = format_.review_columns
    summed = sheet.has("件数")
    number = read.area("reviews", "件数") if summed else ""

    def of(group: str, column: str) -> str:
        where = f'{kind},"{group}",{result},"{column}"'
        return f"SUMIFS({number},{where})" if summed else f"COUNTIFS({where})"

    for at, group in enumerate((g.key for g in format_.review_groups), 1):
        parts = "+".join(of(group, column) for column in results)
        formula = f"C{at} {group}：{'＋'.join(results)}＝{total}"
        if summed:
            filled = "*".join(
                f'COUNTIFS({kind},"{group}",{result},"{c}",{number},">=0")' for c in results
            )
            typed = f'COUNTIFS({kind},"{group}",{result},"{total}",{number},">=0")'
            left = f'IF({filled}=0,"",{parts})'
            right = f"IF({typed}=0,{parts},{of(group, total)})"
        else:
            left, right = parts, f'COUNTIFS({kind},"{group}")'
        yield formula, left, right, _test("=", BREAKS)
        last = content.last.get(("reviews", group, format_.review_names["pending"]))
        if last is not None:
            label = f"Y3 {group}：上年尚未审结{last}≤本年总计"
            yield label, last, left, _test("<=", ASK)


def _colour(ws: Worksheet, end: int, end_of_matrix: int) -> None:
    """Colour by what a check says: red, yellow, green; yellow for a leap of five times (Y4)."""
    from openpyxl.formatting.rule import Rule
    from openpyxl.styles import Font, PatternFill
    from openpyxl.styles.differential import DifferentialStyle

    def when(formula: str, colour: str) -> Rule:
        font = Font(bold=True, color="FFFFFFFF") if colour == RED else None
        look = DifferentialStyle(font=font, fill=PatternFill(bgColor=colour))
        return Rule(type="expression", dxf=look, formula=[formula])

    for word, colour in ((BREAKS, RED), (BLANK, YELLOW), (ASK, YELLOW), (FITS, GREEN)):
        ws.conditional_formatting.add(f"B{TOP}:K{end}", when(f'B{TOP}="{word}"', colour))
    now, last = f"${SUM}{TOP}", f"${LAST}{TOP}"
    leap = (
        f"AND(ISNUMBER({now}),ISNUMBER({last}),N({last})>=10,"
        f"OR(N({now})>=5*N({last}),N({now})*5<=N({last})))"
    )
    ws.conditional_formatting.add(f"{CHANGE}{TOP}:{CHANGE}{end_of_matrix}", when(leap, YELLOW))
    for formula, colour in (
        (f'ISNUMBER(SEARCH("{BREAKS}",$A$2))', RED), (f'$A$2="全部{FITS}"', GREEN),
    ):  # fmt: skip
        ws.conditional_formatting.add("A2", when(formula, colour))


@dataclass(frozen=True)
class Counter:
    """Formulas, without their equals sign, by row and applicant."""

    cell: Callable[[str, str], str]
    """The number of a row and applicant; an empty text where it is not filled in."""
    row_total: Callable[[str], str | None]
    """The whole row counted without regard to applicants, or None when that says nothing."""
    column_total: Callable[[str], str | None]
    """All outcomes of a column counted without regard to their kind, or None."""


def counter_of(content: Content, read: ReadColumns, format_: Format) -> Counter:
    """Make the formulas for a workbook's form of table 3."""
    if "requests" not in content.sheets:
        return _matrix(content.sheets["requests_table"], format_)
    if content.sheets["requests"].has(NUMBER):
        return _cases(read, content.year, format_)
    return _groups(read, format_)


def _cases(read: ReadColumns, year: int, format_: Format) -> Counter:
    """Return one row a request, counted relative to the year as the reader counts it."""
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
    """Return one row a number of requests."""
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
    """Return the formulas of a ledger.

    ``count`` gives that of a row where a condition holds, or none.
    """

    def of(applicant: str) -> str:
        return f'{kind},"{applicant}",'

    return Counter(
        cell=lambda row, applicant: count(row, of(applicant)),
        row_total=lambda row: count(row, ""),
        column_total=lambda column: count("total", "" if column == format_.total else of(column)),
    )


def _matrix(sheet: Sheet, format_: Format) -> Counter:
    """Return the official matrix: its own cells, and the totals that were typed."""
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

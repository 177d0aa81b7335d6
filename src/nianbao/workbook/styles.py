"""The look of the workbook, and what its cells accept."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from typing import TYPE_CHECKING
from unicodedata import east_asian_width

from nianbao.files.words import column_letter
from nianbao.workbook.sheets import HEAD_ROW, Field, Sheet

if TYPE_CHECKING:
    from openpyxl.cell import Cell
    from openpyxl.styles.cell_style import StyleArray
    from openpyxl.worksheet.datavalidation import DataValidation
    from openpyxl.worksheet.worksheet import Worksheet

LISTS = "选项"
RED, YELLOW, GREEN, GREY, BLUE = "FFC00000", "FFFFE699", "FFE2F0D9", "FFEDEDED", "FFDDEBF7"
_LONGEST_PROMPT = 250
_LINE, _HIGHEST = 15, 409
_KEEP_DATE = "写成2024.3.5的也能认出；要照这样保留的，点“是”。"
_KEEP_NOTE = "数字后面要加说明的，写成“22（其中修订16件）”，再点“是”保留。"
"""What Excel's question 是否继续 means here."""
_CARD_LISTS = {"机关类别": "机关类别", "有规章制定权": "是否", "有行政执法职能": "是否",
               "落款": "是否", "数据来源": "是否", "草稿": "是否", "允许缺报": "是否"}  # fmt: skip


class Styles:
    """The few looks of a workbook's cells, made once."""

    def __init__(self) -> None:
        from openpyxl.styles import Alignment, Border, Font, PatternFill, Side

        side = Side(style="thin", color="FFBFBFBF")
        self.border = Border(side, side, side, side)
        self.heading = Font(name="黑体", size=14)
        self.bold = Font(name="宋体", size=11, bold=True)
        self.plain = Font(name="宋体", size=11)
        self.quiet = Font(name="宋体", size=10, color="FF595959")
        self.blue, self.grey = (PatternFill("solid", start_color=c) for c in (BLUE, GREY))
        self.centre = Alignment("center", "center", wrap_text=True)
        self.wrapped = Alignment(vertical="center", wrap_text=True)
        self.single = Alignment(vertical="center")
        self._bodies: dict[tuple[str, bool, bool, bool], StyleArray] = {}

    def title(self, cell: Cell) -> None:
        """Format the title of a sheet."""
        cell.font = self.heading

    def advice(self, cell: Cell) -> None:
        """Format the line below it."""
        cell.font = self.quiet

    def head(self, cell: Cell) -> None:
        """Format the head of a column."""
        cell.font, cell.fill, cell.border = self.bold, self.blue, self.border
        cell.alignment = self.centre

    def body(self, cell: Cell, *, given: bool, wrap: bool) -> None:
        """Format a cell to be filled in, or, given, one that is not."""
        # Thousands of cells have a dozen looks, and openpyxl looks up each part of each anew.
        look = cell.number_format, cell.quotePrefix, given, wrap
        if look not in self._bodies:
            cell.font, cell.border = self.plain, self.border
            cell.alignment = self.wrapped if wrap else self.single
            if given:
                cell.fill = self.grey
            self._bodies[look] = copy(cell._style)  # type: ignore[attr-defined]
        cell._style = copy(self._bodies[look])  # type: ignore[attr-defined]

    def guide(self, cell: Cell, style: str) -> None:
        """Format a line of 说明."""
        fonts = {"title": self.heading, "head": self.bold}
        cell.font = fonts.get(style, self.plain)
        cell.alignment = self.wrapped

    def page(self, ws: Worksheet) -> None:
        """Set the page: landscape A4, as wide as the sheet."""
        from openpyxl.worksheet.properties import PageSetupProperties

        ws.page_setup.orientation, ws.page_setup.paperSize = "landscape", 9
        ws.page_setup.fitToWidth, ws.page_setup.fitToHeight = 1, 0
        ws.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)

    def rule(self, field: Field, choices: Mapping[str, Sequence[str]]) -> DataValidation | None:
        """Return what a column accepts, and its hint."""
        from openpyxl.worksheet.datavalidation import DataValidation

        if field.choices:
            rule = list_rule(field.choices, choices, strict=field.strict)
        elif field.kind == "date":
            # A date typed as text, 2024.3.5, is read all the same, so it may stay.
            rule = DataValidation("date", "DATE(2000,1,1)", "DATE(2100,12,31)", operator="between",
                                  error=f"请填日期，如2024-3-5。{_KEEP_DATE}")  # fmt: skip
            rule.errorStyle = "warning"
        elif field.kind == "count":
            # A number may have a note, 22（其中修订16件）: then Excel asks before it takes it.
            rule = DataValidation("whole", "0", operator="greaterThanOrEqual")
            rule.error = f"请填不带单位的整数，没有的填0。{_KEEP_NOTE}"
            rule.errorStyle = "warning"
        elif field.kind == "money":
            rule = DataValidation("decimal", "0", operator="greaterThanOrEqual",
                                  error="请填不带单位的数，没有的填0。")  # fmt: skip
            rule.errorStyle = "warning"
        elif field.hint:
            rule = DataValidation()
        else:
            return None
        rule.allow_blank = True
        rule.errorTitle = "请核对"
        rule.showErrorMessage = field.strict and bool(rule.type)
        if field.hint:
            rule.showInputMessage = True
            rule.promptTitle, rule.prompt = field.head[:30], field.hint[:_LONGEST_PROMPT]
        return rule

    def card_rules(self, ws: Worksheet, sheet: Sheet, choices: Mapping[str, Sequence[str]]) -> None:
        """Add the drop-downs of the sheet 基本信息, whose rows differ."""
        for index, row in enumerate(sheet.rows):
            name = _CARD_LISTS.get(row["项目"])
            if name:
                rule = list_rule(name, choices, strict=True)
                rule.add(f"B{HEAD_ROW + 1 + index}")
                ws.add_data_validation(rule)


def row_height(cells: Iterable[tuple[str, int]]) -> float:
    """Return the points that a row needs for its texts in columns of so many characters' width.

    A Chinese character is as wide as two others. Excel takes no row higher than 409 points.
    """
    lines = 1
    for text, width in cells:
        wrapped = (
            -(-sum(2 if east_asian_width(c) in "WFA" else 1 for c in line) // width) or 1
            for line in text.split("\n")
        )
        lines = max(lines, sum(wrapped))
    return min(_LINE * lines + 3, _HIGHEST)


def list_rule(name: str, choices: Mapping[str, Sequence[str]], *, strict: bool) -> DataValidation:
    """Return a drop-down of one of the lists on the hidden sheet."""
    from openpyxl.worksheet.datavalidation import DataValidation

    letter = column_letter(list(choices).index(name))
    source = f"{LISTS}!${letter}$2:${letter}${len(choices[name]) + 1}"
    rule = DataValidation("list", source, allow_blank=True, error="请从列表中选。")
    rule.showErrorMessage = strict
    rule.errorTitle = "请核对"
    return rule

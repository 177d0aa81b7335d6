"""Lines of the sheet 勾稽 that tell what its formulas cannot count.

The readers know more ways to write a date or a label than a formula can: a date typed as text
(2024.3.5), a label in short. The sheet says how many cells it passes over, so that nobody takes
its numbers for the report's.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from nianbao.inputs.records import NUMBER
from nianbao.statutory import Format
from nianbao.workbook.lists import outcome_labels
from nianbao.workbook.sheets import HEAD_ROW, Content, Sheet

LAST_ROW = 20_000
"""Further down than any ledger reaches."""


def unseen_lines(content: Content, format_: Format) -> Iterator[tuple[str, str]]:
    """What is counted, and the formula of how many cells the other formulas pass over.

    Parameters
    ----------
    content
        The workbook.
    format_
        The official labels: other words are counted.
    """
    if sheet := content.sheets.get("requests"):
        yield from _requests(sheet, format_)
    if sheet := content.sheets.get("reviews"):
        kinds = [group.key for group in format_.review_groups]
        words = {"类型": kinds, "结果": format_.review_columns}
        yield _label("复议诉讼表", "词", words), _others(sheet, words)
        if sheet.has("件数"):
            yield _label("复议诉讼表", "数", ["件数"]), _texts(sheet, ["件数"])


def _requests(sheet: Sheet, format_: Format) -> Iterator[tuple[str, str]]:
    cases = sheet.has(NUMBER)
    outcomes = list(outcome_labels(format_, carried=not cases).values())
    words: dict[str, Sequence[str]] = {"申请人类型": format_.applicants, "办理结果": outcomes}
    if not cases:
        words = {"来源": ("本年新收", "上年结转"), **words}
    yield _label("申请台账", "词", words), _others(sheet, words)
    dates = ["收到日期", "答复日期"] if cases else ["件数"]
    yield _label("申请台账", "日期" if cases else "数", dates), _texts(sheet, dates)


def _label(sheet: str, what: str, heads: Iterable[str]) -> str:
    columns = "".join(f"“{head}”" for head in heads)
    how = {
        "词": "不是下拉选项用词的格数",
        "日期": "写成文字的日期（如2024.3.5）格数",
        "数": "写成文字的数的格数",
    }[what]
    return f"{sheet}{columns}中{how}：本表数不到，报送后能认出的照数"


def _area(sheet: Sheet, head: str) -> str:
    letter = sheet.letter(head)
    return f"{sheet.quoted}!${letter}${HEAD_ROW + 1}:${letter}${LAST_ROW}"


def _texts(sheet: Sheet, heads: Sequence[str]) -> str:
    """How many cells of some columns hold something that is no number; a date is one."""
    areas = (_area(sheet, head) for head in heads)
    return "+".join(f"COUNTA({area})-COUNT({area})" for area in areas)


def _others(sheet: Sheet, words: Mapping[str, Sequence[str]]) -> str:
    """How many cells hold something that is none of the column's words."""
    filled = "+".join(f"COUNTA({_area(sheet, head)})" for head in words)
    known = (
        f'-COUNTIF({_area(sheet, head)},"{word}")'
        for head, every in words.items()
        for word in every
    )
    return f"{filled}{''.join(known)}"

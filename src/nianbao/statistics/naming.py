"""How a cell of a statutory table is called in a sentence: one name everywhere."""

from __future__ import annotations

from collections.abc import Sequence

from nianbao.statutory import TABLE_NUMBERS, Format

__all__ = ["TABLE_NUMBERS", "cell_name", "listed", "row_name"]


def row_name(table: str, row: str, format_: Format) -> str:
    """Return the full official label of a row; for table 3 with its group, so that it is
    unambiguous.
    """
    return format_.request_row(row).path if table == "requests" else row


def cell_name(table: str, row: str, column: str, format_: Format) -> str:
    """Return a cell by table, row and column.

    Examples
    --------
    >>> from nianbao.statutory import load_format
    >>> cell_name("requests", "new", "自然人", load_format())
    '表三“一、本年新收政府信息公开申请数量”×“自然人”'
    """
    return f"{TABLE_NUMBERS[table]}“{row_name(table, row, format_)}”×“{column}”"


def listed(names: Sequence[str], most: int = 6, measure: str = "处") -> str:
    """Return names in a row; of a long list only the first, and how many there are.

    Examples
    --------
    >>> listed(["甲", "乙", "丙"], most=2)
    '甲、乙等3处'
    """
    if len(names) <= most:
        return "、".join(names)
    return f"{'、'.join(names[:most])}等{len(names)}{measure}"

"""What a file that was handed in is taken for."""

from __future__ import annotations

from tests.inputs.builders import xlsx_bytes

from nianbao.desk.intake import recognise

FIGURES = [["名称", "数值"], ["培训次数", "2"]]
REVIEWS = [["类型", "结果", "件数"], ["行政复议", "结果维持", "1"]]


def test_a_workbook_whose_sheets_are_called_otherwise_is_not_taken() -> None:
    named = recognise("a.xlsx", xlsx_bytes({"其他数据": FIGURES, "复议诉讼": REVIEWS}), "x", 2024)
    assert (named.target, named.refused) == ("workbook.xlsx", "")
    other = recognise("a.xlsx", xlsx_bytes({"表1": FIGURES, "表2": REVIEWS}), "x", 2024)
    assert other.target == ""
    assert "请把各工作表按表名命名" in other.refused

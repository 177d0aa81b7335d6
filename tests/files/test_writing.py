"""What a person opens as a table runs nothing."""

from __future__ import annotations

import pytest

from nianbao.files.writing import spreadsheet_text


@pytest.mark.parametrize("text", ["=1+1", "＝1+1", "+A1", "-A1", "@SUM(A1)", ' "=1', "\t=1"])
def test_what_may_be_a_formula_is_marked_as_text(text: str) -> None:
    assert spreadsheet_text(text) == f"'{text}"


@pytest.mark.parametrize("text", ["-3", "12.5%", "示例县司法局", "", "1=1"])
def test_numbers_and_other_texts_stay(text: str) -> None:
    assert spreadsheet_text(text) == text

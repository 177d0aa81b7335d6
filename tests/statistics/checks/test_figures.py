"""V10, V11: the other numbers, each by itself."""

from __future__ import annotations

import pytest
from tests.statistics.factory import found, ledger, make_inputs

from nianbao.errors import Place
from nianbao.inputs.bundle import Inputs, NamedFigure
from nianbao.inputs.values import parse_cell


def with_figures(**values: str) -> Inputs:
    figures = {
        name: NamedFigure(name, parse_cell(text, Place("f.csv", row=row)), "", "")
        for row, (name, text) in enumerate(values.items(), 2)
    }
    return make_inputs(requests=ledger(), figures_=figures)


def test_a_blank_row_is_told_with_its_place() -> None:
    (hint,) = found(with_figures(培训次数="2", 政协提案="", 人大建议=""), "V10")
    assert hint.severity == "info"
    assert "有2行没有填：“政协提案”、“人大建议”（首处见f.csv 第3行）" in hint.message
    assert found(with_figures(培训次数="0", 政协提案="/", 解读="66万余"), "V10") == []


@pytest.mark.parametrize(
    ("text", "number", "measure"),
    [
        ("2次", "2", "次"),
        ("１２ 条", "12", "条"),
        ("1,024.5万元", "1,024.5", "万元"),
        ("9人次", "9", "人次"),
    ],
)
def test_a_number_with_its_measure_is_no_number(text: str, number: str, measure: str) -> None:
    (warning,) = found(with_figures(培训次数=text), "V11")
    assert warning.severity == "warning"
    assert f"填的是“{text}”（f.csv 第2行）" in warning.message
    assert f"只填{number}，“单位”列填“{measure}”" in warning.message


@pytest.mark.parametrize(
    "text", ["2", "2（其中线上1次）", "66万余", "第2次", "", "/", "12.5%", "两次"]
)
def test_a_text_that_is_meant_so_passes(text: str) -> None:
    assert found(with_figures(培训次数=text), "V11") == []

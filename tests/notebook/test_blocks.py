"""Tables and figures as blocks: numbers become text here, and nowhere else."""

from __future__ import annotations

from decimal import Decimal

import pandas as pd
import pytest
from tests.statistics.factory import FORMAT, decisions, make_inputs

from nianbao.notebook.blocks import figure_block, number_text, table_block
from nianbao.statistics.model import Figure, Table
from nianbao.statistics.tables import build_tables


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"), (1024, "1024"), (Decimal("7730.2800"), "7730.2800"), (Decimal("1E+3"), "1000"),
        (None, ""), (pd.NA, ""), (True, ""), ("上年为0", "上年为0"),
    ],
)  # fmt: skip
def test_a_value_is_printed_digit_for_digit(value: object, text: str) -> None:
    assert number_text(value) == text


def test_a_statutory_table_is_a_grid_with_notes_beside_its_values() -> None:
    typed = decisions(行政许可=["31（其中延续2件）"])
    block = table_block(build_tables(make_inputs(decisions_=typed), FORMAT)["decisions"])
    assert (block["type"], block["columns"], block["head_rows"]) == ("grid", 4, 0)
    values = {(c["row"], c["column"]): c for row in block["rows"] for c in row if c["row"]}
    permits = values["行政许可", "本年处理决定数量"]
    assert (permits["text"], permits["note"], permits["colspan"]) == ("31", "其中延续2件", 3)
    assert values["规章", "现行有效件数"]["text"] == "0"
    heads = [c for row in block["rows"] for c in row if c["kind"] == "head"]
    assert {(c["row"], c["column"], c["note"]) for c in heads} == {(None, None, "")}


def test_a_plain_table_aligns_its_numbers_to_the_right() -> None:
    rows = [["申请", 38, "+13", "52.0%"], ["复议", None, "-2", "上年为0"]]
    frame = pd.DataFrame(rows, columns=["项目", "本年", "增减", "增减率"], dtype=object)
    block = table_block(Table("comparison", "对照", "件", "填报数据", frame, notes=("注。",)))
    assert block["head"] == ["项目", "本年", "增减", "增减率"]
    assert block["rows"] == [["申请", "38", "+13", "52.0%"], ["复议", "", "-2", "上年为0"]]
    assert block["align"] == ["left", "right", "right", "left"]
    about = [block[key] for key in ("type", "key", "title", "unit", "source", "notes")]
    assert about == ["table", "comparison", "对照", "件", "填报数据", ["注。"]]


def test_a_figure_leaves_its_drawing_to_the_output() -> None:
    data = pd.DataFrame([["网站", 5]], columns=["渠道", "数量（条）"], dtype=object)
    figure = Figure("disclosures_by_channel", "渠道分布", "条", "台账", "网站5条", "<svg/>", data)
    block = figure_block(figure, "disclosures.csv")
    assert block["data"] == {"head": ["渠道", "数量（条）"], "rows": [["网站", "5"]]}
    assert (block["alt"], block["files"]) == ("网站5条", "disclosures.csv")
    assert "<svg/>" not in str(block)

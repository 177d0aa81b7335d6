"""Tables and figures as blocks: numbers become text here, and nowhere else."""

from __future__ import annotations

import json
from decimal import Decimal

import pandas as pd
import pytest
from tests.statistics.factory import FORMAT, decisions, make_inputs

from nianbao.errors import ExportError
from nianbao.notebook.blocks import (
    block_from_json,
    block_to_json,
    figure_block,
    number_text,
    table_block,
)
from nianbao.prose.blocks import GridBlock, TableBlock
from nianbao.statistics.model import Figure, Table
from nianbao.statistics.tables import build_tables


def as_read(data: object) -> dict[str, object]:
    """What a notebook file gives back of an output."""
    read: dict[str, object] = json.loads(json.dumps(data))
    return read


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
    assert isinstance(block, GridBlock)
    assert (block.columns, block.head_rows) == (4, 0)
    values = {(cell.row, cell.column): cell for cell in block.values}
    permits = values["行政许可", "本年处理决定数量"]
    assert (permits.text, permits.note, permits.colspan) == ("31", "其中延续2件", 3)
    assert values["规章", "现行有效件数"].text == "0"
    heads = [cell for row in block.rows for cell in row if cell.kind == "head"]
    assert {(cell.row, cell.column, cell.note) for cell in heads} == {(None, None, "")}
    assert block_from_json(as_read(block_to_json(block))) == block


def test_a_plain_table_aligns_its_numbers_to_the_right() -> None:
    rows = [["申请", 38, "+13", "52.0%"], ["复议", None, "-2", "上年为0"]]
    frame = pd.DataFrame(rows, columns=["项目", "本年", "增减", "增减率"], dtype=object)
    block = table_block(Table("comparison", "对照", "件", "填报数据", frame, notes=("注。",)))
    assert isinstance(block, TableBlock)
    assert block.head == ("项目", "本年", "增减", "增减率")
    assert block.texts == (("申请", "38", "+13", "52.0%"), ("复议", "", "-2", "上年为0"))
    assert block.align == ("left", "right", "right", "left")
    about = (block.key, block.title, block.unit, block.source, block.notes)
    assert about == ("comparison", "对照", "件", "填报数据", ("注。",))
    assert block_from_json(as_read(block_to_json(block))) == block


def test_a_table_without_rows_keeps_its_columns() -> None:
    block = table_block(Table("own", "空表", "", "", pd.DataFrame({"月": [], "件": []})))
    assert isinstance(block, TableBlock)
    assert (block.rows, len(block.align)) == ((), 2)


def test_a_figure_leaves_its_drawing_to_the_output() -> None:
    data = pd.DataFrame([["网站", 5]], columns=["渠道", "数量（条）"], dtype=object)
    about = ("disclosures_by_channel", "渠道分布", "条", "台账", "网站5条")
    figure = Figure(*about, "<svg/>", "<svg width='240'/>", data)
    block = figure_block(figure, "disclosures.csv")
    assert (block.head, block.rows) == (("渠道", "数量（条）"), (("网站", "5"),))
    written = block_to_json(block)
    assert "<svg/>" not in str(written)
    assert block.narrow in str(written), "an output has one drawing; the other goes along"
    assert block_from_json(as_read(written), "<svg/>") == block


@pytest.mark.parametrize(
    "data",
    [
        {}, {"type": "video"}, {"type": "grid", "title": "表"}, {"type": "table", "head": 7},
        {"type": "grid", "columns": "二", "head_rows": 0, "rows": [], "notes": []},
        {"type": "grid", "columns": 2, "head_rows": 0, "rows": [[{"colour": 1}]], "notes": []},
    ],
)  # fmt: skip
def test_an_output_that_somebody_spoiled_is_named(data: dict[str, object]) -> None:
    with pytest.raises(ExportError, match="请重新运行全部单元格再导出"):
        block_from_json(data)

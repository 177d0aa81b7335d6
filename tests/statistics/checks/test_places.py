"""Findings about typed numbers say where these stand."""

from __future__ import annotations

from pathlib import Path

from tests.projects import copy_project
from tests.statistics.factory import (
    CODE,
    decisions,
    found,
    ledger,
    make_inputs,
    matrix,
    reviews,
    zero_rows,
)

from nianbao.errors import Place
from nianbao.inputs.bundle import NamedFigure
from nianbao.inputs.load import load_inputs
from nianbao.inputs.values import parse_cell

FOLDER = f"data/{CODE}/2024"


def test_a_wrong_typed_total_is_found_where_it_stands() -> None:
    typed = reviews(行政复议=["1", "0", "0", "0", "3"])
    (finding,) = found(make_inputs(requests=ledger(), reviews_=typed), "C1")
    assert finding.message.endswith(f"和总计。位置：{FOLDER}/reviews.csv“总计”列。")


def test_a_total_that_was_not_typed_is_found_by_its_row() -> None:
    now, before = zero_rows(6), zero_rows(6)
    before["carried_out"][0] = before["new"][0] = "2"
    last = make_inputs(year=2023, requests_table=matrix(before))
    (finding,) = found(make_inputs(requests_table=matrix(now), previous=last), "Y1")
    assert finding.message.endswith(f"位置：{FOLDER}/requests_table.csv。")


def test_what_was_counted_from_a_ledger_has_no_place() -> None:
    last = make_inputs(year=2023, requests=ledger([("new", "自然人", "carried_out", 1)]))
    (finding,) = found(make_inputs(requests=ledger(), previous=last), "Y1")
    assert "位置" not in finding.message


def test_a_matrix_beside_a_ledger_is_where_its_number_stands() -> None:
    rows = zero_rows(6)
    rows["new"][0] = "2"
    (finding,) = found(make_inputs(requests=ledger(), requests_table=matrix(rows)), "X0")
    assert finding.message.endswith(f"位置：{FOLDER}/requests_table.csv“自然人”列。")


def test_other_rules_say_it_too() -> None:
    table2 = decisions(规章=["2", "0", "2"])
    (finding,) = found(make_inputs(requests=ledger(), decisions_=table2), "V8")
    assert finding.message.count(f"位置：{FOLDER}/decisions.csv") == 1
    fee = NamedFigure("信息处理费", parse_cell("15", Place("data/a.csv", row=2)), "件", "")
    (finding,) = found(make_inputs(requests=ledger(), figures_={fee.name: fee}), "V6")
    assert finding.message.endswith("位置：data/a.csv 第2行。")


def test_a_place_is_told_once() -> None:
    (finding,) = found(
        make_inputs(requests=ledger(), decisions_=decisions(规章=["x", "0", "0"])), "V1"
    )
    assert finding.message.count("decisions.csv") == 1


def test_a_row_of_a_file_is_told(tmp_path: Path) -> None:
    copy_project(tmp_path, "shili-zrzyj")
    file = tmp_path / "data/shili-zrzyj/2024/reviews.csv"
    text = file.read_text(encoding="utf-8-sig").rstrip("\n")
    row = text.count("\n") + 2
    file.write_text(f"{text}\n行政复议,总计,77\n", encoding="utf-8")
    inputs = load_inputs(tmp_path, "shili-zrzyj", 2024)
    (finding,) = found(inputs, "C1")
    where = f"位置：data/shili-zrzyj/2024/reviews.csv 第{row}行“件数”列。"
    assert finding.message.endswith(where)

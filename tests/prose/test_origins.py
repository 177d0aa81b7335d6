"""Where figures come from: a source names a table, file and row in which the figure stands."""

from __future__ import annotations

import csv
import re
from functools import cache
from pathlib import Path

import pytest

from nianbao.errors import Place
from nianbao.inputs.load import load_inputs
from nianbao.prose.facts import Fact, Vocabulary, find, walk
from nianbao.prose.origins import quoted, short_place
from nianbao.prose.vocabulary import build_vocabulary
from nianbao.statistics.tables import build_tables
from nianbao.statutory import load_format

ROOT = Path(__file__).resolve().parent.parent.parent
SAMPLE = ("shili-qinghe-zhen", 2024)
_ROW = re.compile(r"(\w+\.csv) 第(\d+)行“([^”]+)”列")


@cache
def vocabulary() -> Vocabulary:
    inputs = load_inputs(ROOT, *SAMPLE)
    assert inputs.previous is not None
    tables = [build_tables(part, load_format()) for part in (inputs, inputs.previous)]
    return build_vocabulary(inputs, *tables, load_format())


def source(name: str) -> str:
    fact = find(vocabulary(), tuple(name.split(".")))
    assert fact is not None, name
    return fact.source


def placed() -> list[Fact]:
    """Facts that stand in one row of a file as they are."""
    return [f for f in walk(vocabulary()) if _ROW.search(f.source) and "；" not in f.source]


def test_a_named_row_holds_the_figure() -> None:
    read = []
    for fact in placed():
        match = _ROW.search(fact.source)
        assert match is not None
        file, row, column = match.groups()
        text = (ROOT / "data" / SAMPLE[0] / str(SAMPLE[1]) / file).read_text(encoding="utf-8-sig")
        lines = list(csv.reader(text.splitlines()))
        at = lines[0].index(column.replace("单位：", ""))  # files may leave these words out
        assert lines[int(row) - 1][at] == fact.text, fact
        read.append(file)
    assert {"figures.csv", "disclosures.csv", "decisions.csv", "reviews.csv"} == set(read)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        (
            "新收申请.自然人",
            "表三“一、本年新收政府信息公开申请数量”×“自然人”（由 requests.csv 统计）",
        ),
        ("办结申请", "表三“三、（七）总计”×“总计”（由 requests.csv 统计）"),
        ("部分公开", "表三“三、（二）部分公开”×“总计”（由 requests.csv 统计）"),
    ],
)
def test_a_counted_figure_names_its_cell_and_file(name: str, expected: str) -> None:
    assert source(name) == expected


def test_a_sum_names_its_rows() -> None:
    assert re.fullmatch(r"disclosures\.csv \d+行“条数”之和", source("主动公开"))
    channel = next(iter(n for n in vocabulary()["主动公开"].below if "网站" in n))
    found = re.fullmatch(
        rf"disclosures\.csv 中渠道为“{channel}”的(\d+)行“条数”之和", source(f"主动公开.{channel}")
    )
    assert found is not None
    kinds = [p for p in vocabulary()["主动公开"].below[channel].below.values() if p.unit == "条"]
    assert len(kinds) == int(found[1])


def test_a_form_tells_how_it_was_computed() -> None:
    now, before = (vocabulary()["新收申请"], vocabulary()["新收申请"].below["上年"])
    assert source("新收申请.同比").endswith(f"；本年{now.text}减上年{before.text}")
    part = vocabulary()["新收申请"].below["自然人"]
    assert source("新收申请.自然人.占比").endswith(f"；{part.text}除以{now.text}")


def test_a_clause_names_the_sources_of_its_figures() -> None:
    assert source("主动公开情况") == f"句式：主动公开；{source('主动公开')}"


def test_every_fact_has_a_source() -> None:
    assert [fact.name for fact in walk(vocabulary()) if not fact.source] == []


def test_quotation_marks_within_a_name_are_single() -> None:
    assert quoted("“双随机”类") == "“‘双随机’类”"


def test_a_place_is_told_without_folders() -> None:
    place = Place("data/a/2024/workbook.xlsx", sheet="figures", row=3, column="数值")
    assert short_place(place) == "workbook.xlsx 工作表“figures” 第3行“数值”列"

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
COUNTS, ITEMS = "yiyuan-sfj", "shili-qinghe-zhen"
YEAR = 2024
_ROW = re.compile(r"(\w+\.csv) 第(\d+)行“([^”]+)”列")


@cache
def vocabulary(agency: str = ITEMS) -> Vocabulary:
    inputs = load_inputs(ROOT, agency, YEAR)
    assert inputs.previous is not None
    tables = [build_tables(part, load_format()) for part in (inputs, inputs.previous)]
    return build_vocabulary(inputs, *tables, load_format())


def source(name: str, agency: str = ITEMS) -> str:
    fact = find(vocabulary(agency), tuple(name.split(".")))
    assert fact is not None, name
    return fact.source


def placed(agency: str) -> list[Fact]:
    """Facts that stand in one row of a file as they are."""
    facts = (f for f in walk(vocabulary(agency)) if not f.name.endswith("带单位"))
    return [f for f in facts if _ROW.search(f.source) and "；" not in f.source]


def test_a_named_row_holds_the_figure() -> None:
    read = []
    for fact in placed(COUNTS):
        match = _ROW.search(fact.source)
        assert match is not None
        file, row, column = match.groups()
        text = (ROOT / "data" / COUNTS / str(YEAR) / file).read_text(encoding="utf-8-sig")
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
        ("不予公开", "表三“三、（三）不予公开”各行×“总计”（由 requests.csv 统计）"),
        (
            "新收申请.带单位",
            "表三“一、本年新收政府信息公开申请数量”×“总计”（由 requests.csv 统计）",
        ),
    ],
)
def test_a_counted_figure_names_its_cell_and_file(name: str, expected: str) -> None:
    assert source(name) == expected


def test_a_sum_names_its_rows() -> None:
    assert source("主动公开", COUNTS) == "disclosures.csv 21行“条数”之和"
    assert (
        source("主动公开.政府网站", COUNTS) == "disclosures.csv 中渠道为“政府网站”的19行“条数”之和"
    )


def test_items_that_are_listed_one_by_one_are_counted() -> None:
    assert source("主动公开") == "disclosures.csv 各条，逐条计数"
    name = "主动公开.政府网站.社会救助"
    assert source(name) == "disclosures.csv 中渠道为“政府网站”、类别为“社会救助”的各条，逐条计数"


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

"""Where figures come from: a source names a table, file and row in which the figure stands."""

from __future__ import annotations

import csv
import re
from functools import cache
from pathlib import Path

import pytest
from tests.projects import WORKED, copy_project

from nianbao.errors import FindingsError, Place
from nianbao.inputs.load import load_inputs
from nianbao.notebook.report import Report
from nianbao.prose.facts import NOT_FILLED, Fact, Measure, Vocabulary, find, measure_fact, walk
from nianbao.prose.origins import describe_gap, is_gap, quoted, short_place
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


def test_a_place_is_reported_without_folders() -> None:
    place = Place("data/a/2024/workbook.xlsx", sheet="figures", row=3, column="数值")
    assert short_place(place) == "workbook.xlsx 工作表“figures” 第3行“数值”列"


AGENCY, YEAR = WORKED


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return copy_project(tmp_path, AGENCY)


def data(root: Path, name: str) -> Path:
    return root / f"data/{AGENCY}/{YEAR}/{name}"


def change(file: Path, old: str, new: str) -> None:
    text = file.read_text("utf-8")
    assert text.count(old) == 1
    file.write_text(text.replace(old, new), "utf-8")


def errors(root: Path) -> list[tuple[str, str, str]]:
    """Id, message and place of the errors, as they are reported."""
    noted = Report.open(AGENCY, YEAR, root=root).findings
    return [
        (n.id, n.message, str(n.line or next(iter(n.places), "")))
        for n in noted
        if n.severity == "error"
    ]


def test_a_blank_cell_is_reported_first_and_its_clause_names_the_cell(root: Path) -> None:
    data(root, "narrative.md").unlink()
    change(data(root, "decisions.csv"), "行政规范性文件,0,", "行政规范性文件,,")
    (cause, effect) = errors(root)
    place = "decisions.csv 第3行“本年制发件数”列"
    assert cause[0] == "V3"
    assert place in cause[1]
    assert effect[0] == "L3"
    assert "“规范性文件.制发”填在表二" in effect[1]
    assert place in effect[1]
    assert effect[2] == "", "the master's cell is not where the number is filled in"


def test_a_blank_figure_is_named_with_its_row(root: Path) -> None:
    change(data(root, "figures.csv"), "培训次数,2,", "培训次数,,")
    ((id_, message, _),) = errors(root)
    assert id_ == "L3"
    assert "“培训次数”填在figures.csv 第2行“数值”列" in message


def test_a_figure_without_a_row_is_asked_for(root: Path) -> None:
    data(root, "narrative.md").unlink()
    data(root, "figures.csv").unlink()
    ((_, message, _),) = errors(root)
    assert "“信息处理费”没有报送（请在figures.csv或填报表“其他数据”中加上这一行）" in message


def test_several_gaps_of_one_section_each_name_their_own(root: Path) -> None:
    text = "## overview\n\n办{{ 培训次数.带单位 }}，开{{ 工作推进会次数 }}次，补**待补**。\n"
    data(root, "narrative.md").write_text(text, "utf-8")
    change(data(root, "figures.csv"), "培训次数,2,", "培训次数,,")
    change(data(root, "figures.csv"), "工作推进会次数,1,", "工作推进会次数,,")
    messages = [message for _, message, _ in errors(root)]
    assert [("培训" in m, "推进会次数”填在" in m) for m in messages] == [
        (False, False),
        (True, False),
        (False, True),
    ], "what was typed keeps its own words and comes first"
    assert "“待补”是没有填好的" in messages[0]


def test_the_file_that_was_not_handed_in_is_named(root: Path) -> None:
    data(root, "reviews.csv").unlink()
    data(root, "narrative.md").unlink()
    (cause, effect) = errors(root)
    folder = f"data/{AGENCY}/{YEAR}/"
    assert f"{folder} 中没有reviews.csv，填报表的相应工作表也没有填" in cause[1]
    assert "“行政复议”没有报送、“行政诉讼”没有报送" in effect[1]


def test_the_row_of_the_ledger_of_disclosures_is_reported(root: Path) -> None:
    change(data(root, "disclosures.csv"), "权责清单,1", "权责清单,")
    causes = [message for id_, message, _ in errors(root) if id_ == "V3"]
    assert len(causes) == 1
    assert f"data/{AGENCY}/{YEAR}/disclosures.csv 第3行“条数”列" in causes[0]


def test_a_release_is_refused_with_the_cause_before_the_effect(root: Path) -> None:
    data(root, "narrative.md").unlink()
    change(data(root, "decisions.csv"), "行政规范性文件,0,", "行政规范性文件,,")
    with pytest.raises(FindingsError) as caught:
        Report.open(AGENCY, YEAR, root=root).check()
    assert [str(p)[:4] for p in caught.value.problems] == ["〔V3〕", "〔L3〕"]


def test_a_share_of_nothing_asks_for_other_words() -> None:
    share = measure_fact(Measure("自然人", 0, "件", "", None, 0)).below["占比"]
    assert is_gap(share)
    assert describe_gap(share, {}) == (
        "“自然人.占比”的总数为0，没有占比可写；请改写这句话，不用占比"
    )


@pytest.mark.parametrize(
    "fact",
    [
        Fact("培训次数", 0, "0", "次"),
        Fact("新收申请.同比", None, "上年无可比数据"),
        Fact("某名称", "待填", "待填"),
    ],
)
def test_what_is_known_is_no_gap(fact: Fact) -> None:
    assert not is_gap(fact)


def test_a_clause_lacks_each_number_once() -> None:
    lost = measure_fact(Measure("人大建议", None, "件", "figures.csv 第2行"))
    found = Fact("政协提案", 0, "0", "件")
    clause = Fact("建议提案情况", None, NOT_FILLED)
    words = describe_gap(clause, {f.name: f for f in (lost, found, clause)})
    assert words.count("人大建议") == 1
    assert "政协提案" not in words

from __future__ import annotations

import pytest

from nianbao.errors import NarrativeError, Place
from nianbao.prose.facts import NOT_FILLED, Fact, find, resolve, walk
from nianbao.prose.measures import Measure, measure_fact
from nianbao.prose.template import parse_template

HERE = Place("data/a/2024/narrative.md", line=3)
APPLICANTS = (Measure("自然人", 30, "件", "表三", whole=38), Measure("商业企业", 8, "件", "表三"))
RECEIVED = Measure("新收申请", 38, "件", "表三", before=25, parts=APPLICANTS)
FACTS = {"新收申请": measure_fact(RECEIVED)}


def fill(text: str) -> str:
    parts = resolve(parse_template(text, HERE), FACTS, "overview.requests", HERE)
    return "".join(p.text if isinstance(p, Fact) else p for p in parts)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("收到{{ 新收申请 }}件", "收到38件"),
        ("收到{{ 新收申请.带单位 }}", "收到38件"),
        ("{{ 新收申请.同比 }}", "比上年增加13件，增长52%"),
        ("其中{{ 新收申请.明细 }}", "其中自然人30件，商业企业8件"),
        ("{{ 新收申请.自然人.占比 }}", "78.95%"),
        ("{{ 新收申请.汉字 }}件", "三十八件"),
        ("{{ 新收申请.上年 }}", "25"),
    ],
)
def test_a_name_and_its_forms(text: str, words: str) -> None:
    assert fill(text) == words


def test_all_unknown_names_are_told_with_section_line_and_nearest_name() -> None:
    with pytest.raises(NarrativeError) as caught:
        fill("{{ 新收申情 }}\n{{ 新收申请.同此 }}")
    first, second = (str(p) for p in caught.value.problems)
    assert "narrative.md 第3行" in first
    assert "overview.requests" in first
    assert "新收申请" in first
    assert "第4行" in second
    assert "新收申请.同比" in second


def test_a_number_that_was_not_handed_in_says_so() -> None:
    fact = measure_fact(Measure("培训次数", None, "次", "figures.csv"))
    assert fact.text == NOT_FILLED
    assert fact.below["带单位"].text == NOT_FILLED
    assert fact.below["同比"].value is None


def test_an_enumeration_with_a_blank_part_does_not_exist() -> None:
    blank = Measure(
        "新收申请", 30, "件", "表三", parts=(*APPLICANTS, Measure("其他", None, "件", ""))
    )
    assert "明细" not in measure_fact(blank).below


def test_a_part_never_hides_a_form() -> None:
    own = Measure("主动公开", 5, "条", "台账", parts=(Measure("同比", 5, "条", "台账"),))
    assert measure_fact(own).below["同比"].text == "上年无可比数据"


def test_every_fact_is_found_by_its_own_name() -> None:
    for fact in walk(FACTS):
        assert find(FACTS, tuple(fact.name.split("."))) == fact

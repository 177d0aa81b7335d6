"""What ``nianbao facts`` lists: by subject, or by words."""

from __future__ import annotations

from decimal import Decimal

import pytest
from tests.projects import REPOSITORY

from nianbao.notebook.report import Report
from nianbao.prose.facts import Fact, walk
from nianbao.prose.facts_list import SUBJECTS, by_subject, facts_markdown, is_noise, named_with

REPORT = Report.open("shili-zrzyj", 2024, root=REPOSITORY)
FACTS = REPORT.vocabulary
LISTED = dict(by_subject(FACTS, REPORT.inputs.figures))


def names(subject: str) -> list[str]:
    return [fact.name for fact in LISTED[subject]]


def test_each_name_stands_under_its_subject() -> None:
    assert list(LISTED) == [s for s in SUBJECTS if s != "汇总的单位"]
    expected = {
        "机关和报告": "电话",
        "主动公开": "主动公开.政府网站",
        "依申请公开": "新收申请.自然人",
        SUBJECTS[3]: "规范性文件.制发",
        SUBJECTS[4]: "行政诉讼.尚未审结",
        "其他数据": "政协提案",
        "整句": "申请办理情况",
    }
    assert {s: name in names(s) for s, name in expected.items()} == dict.fromkeys(expected, True)
    assert "办理时效情况" in names("整句")
    assert "按时办结率" in names("依申请公开")


def test_forms_and_parts_that_are_zero_are_left_out_and_nothing_else() -> None:
    listed = {fact.name for facts in LISTED.values() for fact in facts}
    assert {fact.name for fact in FACTS.values() if fact.text} <= listed
    assert not any(name.endswith((".同比", ".带单位", ".占比", ".万")) for name in listed)
    assert FACTS["新收申请"].below["商业企业"].name in listed
    zero = FACTS["复议后起诉"].below["其他结果"]
    assert zero.value == 0
    assert zero.name not in listed
    assert len(listed) * 5 < len(list(walk(FACTS)))


def test_words_find_all_names_that_hold_them() -> None:
    found = [fact.name for fact in named_with(FACTS, ["新收", "同比"])]
    assert found[0] == "新收申请.同比"
    assert "新收申请.自然人.同比" in found
    assert all("新收" in name for name in found)
    assert all("同比" in name for name in found)
    assert named_with(FACTS, ["没有这样的词"]) == []
    assert [f.name for f in named_with({"AI数": Fact("AI数", 1, "1", "次")}, ["ai"])] == ["AI数"]


@pytest.mark.parametrize(
    ("fact", "noise"),
    [
        (Fact("公开.亿", 99_999_999, "1"), True),
        (Fact("公开.亿", 10**8, "1亿"), False),
        (Fact("公开.万", Decimal("9999.5"), "9999.5"), True),
        (Fact("公开.万", 10_000, "1万"), False),
        (Fact("公开", 0, "0", "条"), False),
        (Fact("公开.亿", None, "（待填）"), False),
        (Fact("考核评议情况", "", ""), True),
    ],
)
def test_what_says_nothing_of_its_own(fact: Fact, noise: bool) -> None:
    assert is_noise(fact) == noise


def test_the_page_is_current() -> None:
    sample = Report.open("shili-zrzyj", 2024, root=REPOSITORY)
    made = facts_markdown(sample.vocabulary, sample.title)
    assert (REPOSITORY / "docs/facts.md").read_text("utf-8") == made, "run make docs"


def test_every_fact_and_clause_is_on_it() -> None:
    sample = Report.open("shili-zrzyj", 2024, root=REPOSITORY)
    page = facts_markdown(sample.vocabulary, sample.title)
    assert all(f"`{name}`" in page for name in sample.vocabulary)
    assert f"共{len(list(walk(sample.vocabulary)))}个名称" in page

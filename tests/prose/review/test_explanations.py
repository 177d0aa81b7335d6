"""Every rule on the prose is explained where it is declared."""

from __future__ import annotations

from nianbao.prose.review import CHECKS
from nianbao.prose.review.explain import explain_sentence
from nianbao.prose.review.manuscript import Manuscript
from nianbao.statistics.checks.registry import checks_on


def test_the_rules_on_prose_are_those_of_the_specification() -> None:
    numbers = [f"N{i}" for i in range(1, 21)]
    years = [f"Y{i}" for i in range(7, 12)]
    language = [f"L{i}" for i in range(1, 18)]
    whole = ["S4", "S6", "S8", "S12", "S13", "S16", "S17", "S18"]
    assert {rule.id for rule in checks_on(Manuscript)} == {*numbers, *years, *language, *whole}


def test_an_explanation_is_a_title_and_whole_sentences() -> None:
    for rule in checks_on(Manuscript):
        assert 2 <= len(rule.title) <= 24
        assert rule.explanation.endswith("。")
        assert CHECKS[rule.id] is rule


def test_a_sentence_is_explained_as_a_tree_of_wholes_and_parts() -> None:
    text = "全年公开信息382条，包括网站35条，媒体80条，公众号2443条，其中甲类228条、乙类45条。"
    assert list(explain_sentence(text, 2024)) == [
        text,
        "  数：382条　35条　80条　2443条　228条　45条",
        "  382条　包括（没有写明是否列全；各项合计2558条，有一项大于总数）",
        "    网站　35条",
        "    媒体　80条",
        "    公众号　2443条",
        "      2443条　其中（没有写明是否列全；各项合计273条，不能判断）",
        "        甲类　228条",
        "        乙类　45条",
    ]


def test_shares_and_changes_are_explained_with_what_they_compare() -> None:
    lines = list(explain_sentence("收到申请20件，比上年的16件增长25%，网络约15件，占75%。", 2024))
    assert "  占比：" not in "".join(lines), "a number that is only near has no share to check"
    assert "  与上年比：增长25%，本年20件，上年16件" in lines
    points = list(explain_sentence("满意度94.5%，比上年的91.2%提高3.3个百分点。", 2024))
    assert points[-1] == "  与上年比：提高3.3个百分点，本年94.5%，上年91.2%"
    (share,) = [x for x in explain_sentence("网站6条，占50%。", 2024) if "占比" in x]
    assert share == "  占比：6条占50%"

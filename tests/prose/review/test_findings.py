"""Findings: keys, conversion, order, lists of words, repetition."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from nianbao.errors import InputError
from nianbao.prose.review import (
    ReviewContext,
    SensitiveWord,
    parse_confusables,
    parse_sensitive,
    review_sections,
)
from nianbao.prose.review.manuscript import excerpt, normalised
from nianbao.prose.review.repetition import repeated_share
from nianbao.prose.review.words import shipped_confusables
from nianbao.statistics.model import Passage
from nianbao.statutory import load_format
from nianbao.statutory.notices import shipped_notices

FORMAT = load_format()
CONTEXT = ReviewContext(FORMAT, "示例县水利局", 2024)
LONG = "".join(
    f"围绕{topic}做好公开，明确责任股室，按月核对栏目，发现问题当场整改，结果向{topic}服务对象通报。"
    for topic in (
        "防汛抗旱",
        "农村供水",
        "河道治理",
        "水库除险",
        "灌区改造",
        "水土保持",
        "移民后扶",
    )
)


def test_a_key_survives_numbers_punctuation_and_neighbours_but_not_other_words() -> None:
    def keys(text: str) -> set[str]:
        found = review_sections({"other": text}, CONTEXT)
        return {f.key for f in found if f.id == "L6"}

    before = keys("转结3件。")
    assert keys("截止目前情况良好。转结 15 件！") >= before
    assert keys("转结申请3件。") != before
    assert keys("") == set()


def test_two_faults_in_one_sentence_have_two_keys() -> None:
    first, second = (
        f for f in review_sections({"other": "转结3件，转结4件。"}, CONTEXT) if f.id == "L6"
    )
    assert first.key != second.key


def test_a_finding_of_the_report_names_section_and_sentence() -> None:
    text = {"overview.requests": "截止2024年12月31日，工作平稳有序。"}
    (finding,) = review_sections(text, CONTEXT)
    assert finding.id == "L6"
    assert finding.severity == "warning"
    assert finding.message.startswith("（二）依申请公开：“截止”应为“截至”")
    assert "原句：截止2024年12月31日，工作平稳有序。" in finding.message
    assert finding.passage is not None
    assert finding.passage.remark.startswith("“截止”应为“截至”")
    (other,) = review_sections({"unknown": text["overview.requests"]}, CONTEXT)
    assert other.message.startswith("unknown：")


def test_findings_stand_in_the_order_of_the_report() -> None:
    text = {"overview": "转结1件。截止2024年底，帐号1个。", "other": "转结2件。"}
    found = [f.passage for f in review_sections(text, CONTEXT) if f.passage]
    assert [(p.section, p.sentence[slice(*p.spans[0])]) for p in found] == [
        ("overview", "转结"),
        ("overview", "截止"),
        ("overview", "帐号"),
        ("other", "转结"),
    ]
    assert found[1].offset == text["overview"].index("截止")


def test_an_excerpt_keeps_the_marked_words() -> None:
    sentence = "甲" * 100 + "错字" + "乙" * 100
    shown = excerpt(Passage("other", sentence, ((100, 102),)))
    assert "错字" in shown
    assert len(shown) < 70


def test_normalised_sentences_have_no_numbers() -> None:
    assert normalised("收到 3 件，占１２.５%。") == normalised("收到四十件占5%")


def test_the_shipped_list_finds_what_it_warns_of() -> None:
    assert len(shipped_confusables()) > 30
    for text in ("建立台帐", "及时布署", "登陆县政府网站", "积极的推进", "其它处理3件"):
        assert [f.id for f in review_sections({"other": text}, CONTEXT)] == ["L6"], text


@pytest.mark.parametrize("text", ["- [", "wrong: x", "- {wrong: x}", "- {wrong: '(', right: y}"])
def test_a_list_that_cannot_be_used_is_one_clear_error(text: str) -> None:
    with pytest.raises(InputError) as raised:
        parse_confusables(text, "data/words.yaml")
    assert "data/words.yaml" in str(raised.value)


def test_all_faulty_entries_are_named_at_once() -> None:
    with pytest.raises(InputError) as raised:
        parse_confusables("- {wrong: a}\n- {right: b}\n- {wrong: c, right: d}")
    assert len(raised.value.problems) == 2


def test_the_bureau_s_own_lists_are_used() -> None:
    own = parse_confusables("- {wrong: 青河, right: 清河, note: 镇名}")
    words = parse_sensitive("- {word: 攻府, hard: true, right: 政府}\n- {word: 领导小组}")
    assert words[1] == SensitiveWord("领导小组")
    context = replace(CONTEXT, confusables=own, sensitive=words)
    found = review_sections({"other": "攻府在青河镇设领导小组。"}, context)
    assert [(f.id, f.severity) for f in found] == [
        ("L7", "error"),
        ("L6", "warning"),
        ("L7", "warning"),
    ]
    with pytest.raises(InputError):
        parse_sensitive("- {hard: true}")


def test_repetition_of_last_year_and_of_a_peer() -> None:
    own = {"overview": LONG}
    other = {"overview": LONG.replace("示例县水利局", "示例县教育局")}
    repeated = replace(CONTEXT, previous_sections=own, peer_sections={"示例县教育局": other})
    assert [f.id for f in review_sections(own, repeated)] == ["Y7", "Y8"]
    fresh = replace(CONTEXT, previous_sections={"overview": LONG[:90]})
    assert review_sections(own, fresh) == ()
    short = {"overview": LONG[: LONG.index("围绕水库")]}
    assert review_sections(short, replace(CONTEXT, previous_sections=short)) == ()


def test_the_threshold_of_repetition_can_be_set() -> None:
    own = {"overview": LONG}
    half = {"overview": LONG[: len(LONG) // 2]}
    strict = replace(CONTEXT, previous_sections=half, repetition=Decimal("0.3"))
    assert [f.id for f in review_sections(own, strict)] == ["Y7"]


def test_shares_of_repetition() -> None:
    assert repeated_share("", "甲乙丙丁戊己庚辛") == 0
    assert repeated_share("甲乙丙丁戊己庚辛", "甲乙丙丁戊己庚辛壬") == 1
    assert repeated_share("甲乙丙丁戊己庚辛", "子丑寅卯辰巳午未") == 0


def test_a_notice_asks_for_points_and_length() -> None:
    notice = shipped_notices()["wuwei-2025"]
    context = ReviewContext(load_format(), "示例县水务局", 2025, notice=notice)
    text = {"overview.disclosure": "全年通过网站公开信息120条。" + "措施具体，" * 200}
    found = {f.id: f for f in review_sections(text, context) if f.id in ("S12", "S13")}
    assert found["S12"].message.startswith("武政办发〔2025〕54号要求的5项中有4项没有写到：")
    assert found["S13"].message.startswith("一、总体情况：现有10")
    assert not [f for f in review_sections({"preface": "前言。"}, context) if f.id == "S12"]
    without = ReviewContext(load_format(), "示例县水务局", 2025)
    assert not [f for f in review_sections(text, without) if f.id in ("S12", "S13")]


def test_repetition_of_years_before_the_last_and_of_a_neighbours_last_report() -> None:
    own = {"overview": LONG}
    other = {"overview": LONG[:60]}
    old = replace(CONTEXT, previous_sections=other, earlier_sections={2022: own, 2021: other})
    (found,) = review_sections(own, old)
    assert found.id == "Y7"
    assert "正文与2022年报告" in found.message
    neighbour = replace(CONTEXT, peer_sections={"示例县教育局2023年": own})
    assert [f.id for f in review_sections(own, neighbour)] == ["Y8"]


def test_a_finding_does_not_spread_the_number_that_it_warns_of() -> None:
    text = (
        "申请人身份证号110105194912310021，手机13800001234，收到申请3件，其中公开1件、不予公开1件。"
    )
    found = review_sections(
        {"overview.requests": text}, ReviewContext(load_format(), "示例县水利局", 2024)
    )
    assert {"L8"} < {f.id for f in found}
    said = "".join(f.message for f in found)
    assert "110105194912310021" not in said
    assert "13800001234" not in said
    assert "110*************21" in said


@pytest.mark.parametrize(
    "number", ["１３８００００１２３４", "A13800001234", "138\u00a00000\u00a01234"]
)
def test_so_it_is_with_a_mobile_number_in_any_writing(number: str) -> None:
    (found,) = review_sections({"overview.requests": f"申请人手机{number}，已答复。"}, CONTEXT)
    assert found.id == "L8"
    assert number not in found.message


def test_of_hundreds_of_one_kind_the_first_are_named_and_the_rest_counted() -> None:
    """A text of gaps: each finding would quote the endless sentence."""
    text = {"overview": "\n".join("（）" * 100 for _ in range(200)), "other": "（）"}
    found = review_sections(text, ReviewContext(load_format(), "示例县水利局", 2024))
    marks = [f for f in found if f.id == "L3"]
    of = [f.passage.section for f in marks if f.passage]
    assert of == ["overview"] * 100 + ["other"]
    assert "同类问题还有19900处没有列出" in marks[99].message
    assert not any("没有列出" in f.message for f in (*marks[:99], marks[100]))


@pytest.mark.parametrize(
    ("other", "count"),
    [
        ("无其他事项。", 1),
        ("没有收取信息处理费。无其他事项。", 0),
        ("办理申请没有收取任何费用。", 0),
    ],
)
def test_part_six_of_a_whole_report_tells_the_fee(other: str, count: int) -> None:
    whole = {"overview.oversight": "县局每季度抽查一次。", "other": other}
    context = ReviewContext(FORMAT, "示例县司法局", 2024)
    assert len([f for f in review_sections(whole, context) if f.id == "S6"]) == count
    assert not [f for f in review_sections({"other": other}, context) if f.id == "S6"]

"""L12: the sections that are still in the words of the master."""

from __future__ import annotations

from nianbao.prose.review import ReviewContext, review_sections
from nianbao.prose.review.repetition import FEW_WORDS
from nianbao.statistics.model import Finding
from nianbao.statutory import load_format

FORMAT = load_format()

WORDS = "按照要求公开各类信息并且及时更新栏目内容"
FIGURES = "2024年，县司法局主动公开政府信息46条，比上年增加3条。"


def hints(
    sections: dict[str, str],
    own: dict[str, str] | None,
    bound: dict[str, list[tuple[int, int]]] | None = None,
) -> list[Finding]:
    context = ReviewContext(FORMAT, "示例县司法局", 2024, own_sections=own)
    return [f for f in review_sections(sections, context, bound) if f.id == "L12"]


def test_all_sections_stand_in_one_hint_that_names_them() -> None:
    sections = {"overview": WORDS, "overview.platform": WORDS, "other": WORDS}
    (hint,) = hints(sections, {"other": WORDS})
    assert hint.severity == "info"
    assert "：“一、总体情况”、“（四）政府信息公开平台建设”。" in hint.message
    assert hint.passage is not None
    assert hint.passage.remark == hint.message, "it is about no section alone"


def test_the_preface_is_the_same_for_all() -> None:
    assert hints({"preface": WORDS}, {}) == []


def test_figures_alone_are_the_bodys_own() -> None:
    printed = [(0, len(FIGURES) - 1)]
    assert hints({"overview.disclosure": FIGURES}, {}, {"overview.disclosure": printed}) == []
    assert len(hints({"overview.disclosure": FIGURES}, {})) == 1


def test_a_few_words_beside_figures_are_no_wording() -> None:
    assert hints({"other": "字" * (FEW_WORDS - 1)}, {}) == []
    assert len(hints({"other": "字" * FEW_WORDS}, {})) == 1


def test_nothing_is_said_where_nobody_knows_whose_words_they_are() -> None:
    assert hints({"other": WORDS}, None) == []


def test_problems_in_common_words_are_a_warning_of_their_own() -> None:
    sections = {"overview": WORDS, "problems.issues": WORDS, "problems.improvements": WORDS}
    problems, others = sorted(hints(sections, {}), key=lambda f: f.severity, reverse=True)
    assert (problems.severity, others.severity) == ("warning", "info")
    assert "不是本机关的问题" in problems.message
    assert "一、总体情况" in others.message
    own = hints(sections, {"problems.issues": WORDS, "overview": WORDS})
    assert [f.severity for f in own] == ["warning"]


def contacts_lacking(preface: str, *missing: str) -> list[Finding]:
    context = ReviewContext(FORMAT, "示例县司法局", 2024, missing_contacts=missing)
    return [f for f in review_sections({"preface": preface}, context) if f.id == "S8"]


def test_s8_tells_every_contact_that_neither_the_profile_nor_the_preface_has() -> None:
    (reported,) = contacts_lacking("本报告由示例县司法局编制。", "电话", "网址")
    assert reported.severity == "warning"
    assert "缺少电话、网址。" in reported.message
    assert contacts_lacking("本报告由示例县司法局编制。") == []


def test_s8_reads_what_the_preface_prints() -> None:
    own = "如有疑问，请与本局联系（地址：示例县示例路1号，邮编：000000，电话：0000-0000000）。"
    assert contacts_lacking(own, "地址", "邮政编码", "电话") == []
    (reported,) = contacts_lacking(own, "地址", "电话", "网址")
    assert "缺少网址。" in reported.message

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nianbao.errors import NarrativeError, Place
from nianbao.prose.facts import (
    NO_SHARE,
    NOT_FILLED,
    RARE_FORMS,
    SMALL_BASE,
    Fact,
    Measure,
    Number,
    change,
    enumeration,
    find,
    measure_fact,
    percentage,
    plain,
    rate,
    resolve,
    scaled,
    walk,
)
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


def test_all_unknown_names_are_reported_with_section_line_and_nearest_name() -> None:
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


def form(of: Measure, step: str) -> tuple[object, str, str]:
    fact = measure_fact(of).below[step]
    return fact.value, fact.text, fact.source


def test_the_fact_itself_carries_number_unit_and_source() -> None:
    fact = measure_fact(Measure("新收申请", 1024, "件", "表三"))
    assert (fact.name, fact.value, fact.text) == ("新收申请", 1024, "1024")
    assert (fact.unit, fact.source) == ("件", "表三")


@pytest.mark.parametrize(
    ("step", "value", "text", "source"),
    [
        ("同比", 13, "比上年增加13件，增长52%", "表三；本年38减上年25"),
        ("上年", 25, "25", "表三；上年同一项"),
        ("增减率", Decimal("52.00"), "52%", "表三；本年38减上年25，差除以25"),
        ("带单位", 38, "38件", "表三"),
        ("占比", Decimal("95.00"), "95%", "表三；38除以40"),
        ("汉字", 38, "三十八", "表三；汉字数字"),
    ],
)
def test_the_forms_of_a_count(step: str, value: object, text: str, source: str) -> None:
    assert form(Measure("新收申请", 38, "件", "表三", 25, 40), step) == (value, text, source)


@pytest.mark.parametrize(
    ("now", "before", "rate"),
    [
        (5, 0, (None, "上年为0")),
        (0, 4, (Decimal("-100.00"), "−100%")),
        (3, 3, (Decimal("0.00"), "0%")),
        (35, 40, (Decimal("-12.50"), "−12.5%")),
        (45, 40, (Decimal("12.50"), "12.5%")),
    ],
)
def test_the_rate_of_a_fall_has_its_sign(now: int, before: int, rate: tuple[object, str]) -> None:
    assert form(Measure("新收申请", now, "件", "", before), "增减率")[:2] == rate


def test_the_difference_keeps_its_sign() -> None:
    fewer = form(Measure("新收申请", 3, "件", "", 20), "同比")
    assert fewer[:2] == (-17, "比上年减少17件，下降85%")


@pytest.mark.parametrize(
    ("number", "myriads", "hundred_millions"),
    [
        (9_999, "9999", "9999"),
        (123_456_789, "12345.68万", "1.23亿"),
        (Decimal("59237.2449"), "5.92万", "59237.2449"),
    ],
)
def test_large_numbers(number: Number, myriads: str, hundred_millions: str) -> None:
    of = Measure("行政许可", number, "件", "")
    assert form(of, "万")[:2] == (number, myriads)
    assert form(of, "亿")[:2] == (number, hundred_millions)


def test_only_counts_are_written_in_chinese_numerals() -> None:
    assert "汉字" not in measure_fact(Measure("收费", Decimal("1.5"), "万元", "")).below


def test_what_is_not_handed_in_is_so_in_every_form() -> None:
    parts = (Measure("自然人", None, "件", ""),)
    fact = measure_fact(Measure("新收申请", None, "件", "表三", 25, 40, parts))
    assert (fact.value, fact.text) == (None, NOT_FILLED)
    forms = {step: f for step, f in fact.below.items() if step != "自然人"}
    assert {"同比", "上年", "增减率", "带单位", "占比", "明细"} | RARE_FORMS == set(forms)
    assert {(f.value, f.text) for f in forms.values()} == {(None, NOT_FILLED)}
    assert "明细" not in measure_fact(Measure("新收申请", None, "件", "")).below


def test_without_last_year_there_is_nothing_to_compare() -> None:
    fact = measure_fact(Measure("新收申请", 3, "件", "表三"))
    assert fact.below["同比"].text == "上年无可比数据"
    assert fact.below["同比"].value is None
    assert not {"上年", "增减率", "占比"} & set(fact.below)


def test_a_share_of_nothing_is_reported() -> None:
    assert form(Measure("自然人", 0, "件", "", None, 0), "占比") == (None, NO_SHARE, "总数为0")


@pytest.mark.parametrize(
    ("numbers", "listed"),
    [((2, 0, 1), "甲2件，丙1件"), ((0, 0, 0), "0件"), ((3, None, 0), None)],
)
def test_the_closed_list_of_parts(numbers: tuple[int | None, ...], listed: str | None) -> None:
    parts = tuple(Measure(n, v, "件", "") for n, v in zip("甲乙丙", numbers, strict=True))
    of = Measure("新收申请", 3, "件", "表三", parts=parts)
    fact = measure_fact(of)
    assert (fact.below["明细"].text if "明细" in fact.below else None) == listed
    if listed:
        assert form(of, "明细") == (listed, listed, "表三；各分项相加等于本项")


def test_parts_and_others_are_named_below_and_hide_no_form() -> None:
    parts = (Measure("自然人", 2, "件", "表三甲", 1), Measure("同比", 1, "件", ""))
    others = (Measure("法人", 1, "件", ""),)
    fact = measure_fact(Measure("新收申请", 3, "件", "表三", 5, parts=parts, others=others))
    person: Fact = fact.below["自然人"]
    assert (person.name, person.source) == ("新收申请.自然人", "表三甲")
    assert person.below["同比"].name == "新收申请.自然人.同比"
    assert fact.below["同比"].text == "比上年减少2件"
    assert fact.below["法人"].value == 1
    assert not RARE_FORMS & set(person.below)
    assert set(fact.below) >= RARE_FORMS


counts = st.integers(min_value=0, max_value=10**9)


@pytest.mark.parametrize(
    ("now", "before", "words"),
    [
        (0, 0, "与上年持平"),
        (7, 7, "与上年持平"),
        (5, 0, "上年为0件，净增5件"),
        (0, 2, "比上年减少2件"),
        (12, 9, "比上年增加3件"),
        (15, 10, "比上年增加5件，增长50%"),
        (3646, 3607, "比上年增加39件，增长1.08%"),
        (10, 30, "比上年减少20件，下降66.67%"),
        (Decimal("7730.28"), Decimal("7000.00"), "比上年增加730.28件，增长10.43%"),
    ],
)
def test_a_change_follows_sign_and_base(
    now: int | Decimal, before: int | Decimal, words: str
) -> None:
    assert change(now, before, "件") == words


@given(counts, counts)
def test_no_rate_on_a_zero_or_small_base_and_words_follow_the_sign(now: int, before: int) -> None:
    words = change(now, before, "件")
    assert ("%" in words) == (before >= SMALL_BASE and now != before)
    assert ("增" in words) == (now > before)
    assert ("减" in words) == (now < before)


@given(st.lists(st.tuples(st.sampled_from("甲乙丙丁"), counts), max_size=6))
def test_an_enumeration_adds_up(parts: list[tuple[str, int]]) -> None:
    words = enumeration(parts, "件")
    printed = [int(p.strip("甲乙丙丁件")) for p in words.split("，") if p]
    assert sum(printed) == sum(n for _, n in parts)
    assert 0 not in printed


@pytest.mark.parametrize(
    ("part", "whole", "printed"),
    [(208, 1191, "17.46%"), (1, 2, "50%"), (1, 8, "12.5%"), (2, 3, "66.67%"), (0, 5, "0%")],
)
def test_a_share_is_rounded_half_up(part: int, whole: int, printed: str) -> None:
    share = percentage(part, whole)
    assert share is not None
    assert rate(share) == printed


def test_a_share_of_nothing_does_not_exist() -> None:
    assert percentage(0, 0) is None


@pytest.mark.parametrize(
    ("number", "myriads", "printed"),
    [
        (517645, 1, "51.76万"),
        (9999, 1, "9999"),
        (10_000, 1, "1万"),
        (173_769_000, 2, "1.74亿"),
        (Decimal("59237.2449"), 1, "5.92万"),
    ],
)
def test_large_numbers_in_myriads(number: int | Decimal, myriads: int, printed: str) -> None:
    assert scaled(number, myriads) == printed


def test_money_keeps_its_digits() -> None:
    assert plain(Decimal("24252.311082")) == "24252.311082"
    assert plain(Decimal("0.10")) == "0.10"
    assert plain(Decimal("1E+3")) == "1000"

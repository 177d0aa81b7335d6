"""Each clause in each of its shapes, from facts alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

import pytest

from nianbao.prose.facts import NOT_FILLED, Fact, Measure, Number, Vocabulary, measure_fact
from nianbao.prose.phrases import phrase_facts


def measure(
    name: str,
    value: Number | None,
    before: Number | None = None,
    parts: Sequence[tuple[str, int | None]] = (),
    unit: str = "件",
) -> Fact:
    below = tuple(Measure(label, number, unit, "") for label, number in parts)
    return measure_fact(Measure(name, value, unit, f"{name}的来源", before, parts=below))


def reported(text: str, name: str, value: int | Decimal | str | None = None) -> Fact:
    return Fact(name, text if value is None else value, text)


def clause(name: str, *facts: Fact) -> str:
    vocabulary: Vocabulary = {fact.name: fact for fact in facts}
    return {fact.name: fact for fact in phrase_facts(vocabulary)}[name].text


PARTS = (("网站", 5), ("公报", 0), ("公众号", 2))


@pytest.mark.parametrize(
    ("fact", "words"),
    [
        (measure("主动公开", None), NOT_FILLED),
        (measure("主动公开", 0), "未产生需要主动公开的政府信息"),
        (measure("主动公开", 7, unit="条"), "主动公开政府信息7条"),
        (
            measure("主动公开", 7, 5, PARTS, "条"),
            "主动公开政府信息7条，比上年增加2条，其中网站5条、公众号2条",
        ),
        # One channel alone, or one that is not known: nothing is enumerated.
        (measure("主动公开", 5, parts=(("网站", 5),), unit="条"), "主动公开政府信息5条"),
        (
            measure("主动公开", 7, parts=(("网站", 7), ("公报", None)), unit="条"),
            "主动公开政府信息7条",
        ),
    ],
)
def test_disclosures(fact: Fact, words: str) -> None:
    assert clause("主动公开情况", fact) == words


@pytest.mark.parametrize(
    ("total", "channels", "words"),
    [
        (None, None, NOT_FILLED),
        (7, None, NOT_FILLED),
        (0, 0, "没有需要在公开平台发布的信息"),
        (7, 2, "主动公开的信息通过2个渠道发布"),
    ],
)
def test_channels(total: int | None, channels: int | None, words: str) -> None:
    fact = measure("主动公开", total, unit="条")
    number = Fact("主动公开.渠道数", channels, str(channels), "个")
    assert clause("公开渠道情况", replace(fact, below={**fact.below, "渠道数": number})) == words


@pytest.mark.parametrize(
    ("new", "carried", "words"),
    [
        ((None, None), (2, None), NOT_FILLED),
        ((3, None), (None, None), NOT_FILLED),
        ((3, None), (0, None), "收到政府信息公开申请3件"),
        ((3, 3), (1, None), "收到政府信息公开申请3件，与上年持平，另有上年结转1件"),
        ((0, 2), (1, None), "未收到政府信息公开申请，比上年减少2件，另有上年结转1件"),
        ((0, None), (0, None), "未收到政府信息公开申请"),
    ],
)
def test_received(
    new: tuple[int | None, int | None], carried: tuple[int | None, int | None], words: str
) -> None:
    facts = measure("新收申请", *new), measure("上年结转申请", *carried)
    assert clause("申请收到情况", *facts) == words


@pytest.mark.parametrize(
    ("fact", "words"),
    [
        (measure("新收申请", None), NOT_FILLED),
        (measure("新收申请", 0, parts=(("自然人", 0),)), "没有新收申请"),
        (measure("新收申请", 3), NOT_FILLED),
        (measure("新收申请", 3, parts=(("自然人", 3), ("其他", 0))), "申请人均为自然人"),
        (measure("新收申请", 1, parts=(("自然人", 1), ("其他", 0))), "申请人为自然人"),
        (
            measure("新收申请", 3, parts=(("自然人", 2), ("其他", 1))),
            "按申请人分，自然人2件、其他1件",
        ),
    ],
)
def test_applicants(fact: Fact, words: str) -> None:
    assert clause("申请人情况", fact) == words


@pytest.mark.parametrize(
    ("finished", "received", "words"),
    [
        (measure("办结申请", None), 3, NOT_FILLED),
        (measure("办结申请", 3), None, NOT_FILLED),
        (measure("办结申请", 0), 0, "没有需要办理的政府信息公开申请"),
        (measure("办结申请", 0), 2, "年内没有办结的申请"),
        (measure("办结申请", 2), 2, "办结政府信息公开申请2件"),
        (
            measure("办结申请", 2, parts=(("予以公开", 2), ("不予公开", 0))),
            2,
            "办结政府信息公开申请2件，均为予以公开",
        ),
        (
            measure("办结申请", 3, parts=(("予以公开", 2), ("不予公开", 1))),
            3,
            "办结政府信息公开申请3件，其中予以公开2件、不予公开1件",
        ),
    ],
)
def test_finished(finished: Fact, received: int | None, words: str) -> None:
    assert clause("申请办理情况", finished, measure("收办申请", received)) == words


@pytest.mark.parametrize(
    ("carried", "received", "words"),
    [
        (None, 3, NOT_FILLED),
        (0, None, NOT_FILLED),
        (1, 3, "结转下年度继续办理1件"),
        (0, 3, "全部申请均已办结"),
        (0, 0, "没有结转下年度办理的申请"),
    ],
)
def test_carried_out(carried: int | None, received: int | None, words: str) -> None:
    facts = measure("结转下年申请", carried), measure("收办申请", received)
    assert clause("申请结转情况", *facts) == words


@pytest.mark.parametrize(
    ("on_time", "late", "unknown", "extended", "average", "words"),
    [
        (None, 0, 0, None, None, NOT_FILLED),
        (3, None, 0, None, None, NOT_FILLED),
        (3, 0, 1, None, "9.5", NOT_FILLED),
        (0, 0, 0, None, None, "年内没有作出答复"),
        (3, 0, 0, None, None, "均在法定期限内答复"),
        (3, 0, 0, 0, "9.5", "平均用时9.5个工作日，均在法定期限内答复"),
        (0, 1, 0, None, "31", "平均用时31个工作日，按时答复0件，超过法定期限1件"),
        (3, 1, 0, 2, "12", "平均用时12个工作日，按时答复3件，超过法定期限1件，其中延期2件"),
    ],
)
def test_times(
    on_time: int | None, late: int | None, unknown: int, extended: int | None,
    average: str | None, words: str,
) -> None:  # fmt: skip
    facts = [
        measure("按时办结件数", on_time),
        measure("超期件数", late),
        measure("期限不明件数", unknown),
        Fact("平均办理天数", average and Decimal(average), average or NOT_FILLED),
    ]
    if extended is not None:
        facts.append(measure("延期件数", extended))
    assert clause("办理时效情况", *facts) == words


RESULTS = (("结果维持", 1), ("结果纠正", 0), ("尚未审结", 1))


@pytest.mark.parametrize(
    ("reviews", "suits", "words"),
    [
        (measure("行政复议", None), measure("行政诉讼", 0), NOT_FILLED),
        (measure("行政复议", 0), measure("行政诉讼", None), NOT_FILLED),
        (
            measure("行政复议", 0),
            measure("行政诉讼", 0),
            "未发生因政府信息公开工作被申请行政复议、提起行政诉讼的情况",
        ),
        (
            measure("行政复议", 2, parts=RESULTS),
            measure("行政诉讼", 0),
            "因政府信息公开工作被申请行政复议2件，其中结果维持1件、尚未审结1件；未被提起行政诉讼",
        ),
        (
            measure("行政复议", 0),
            measure("行政诉讼", 1, parts=(("结果维持", 1),)),
            "因政府信息公开工作未被申请行政复议；被提起行政诉讼1件，为结果维持",
        ),
    ],
)
def test_disputes(reviews: Fact, suits: Fact, words: str) -> None:
    assert clause("复议诉讼情况", reviews, suits) == words


@pytest.mark.parametrize(
    ("numbers", "words"),
    [
        ((None, 0, 0), NOT_FILLED),
        ((0, 0, None), NOT_FILLED),
        ((0, 0, 0), "未制发、废止行政规范性文件，没有现行有效的行政规范性文件"),
        ((0, 0, 4), "未制发、废止行政规范性文件，现行有效4件"),
        ((2, 0, 4), "制发行政规范性文件2件，废止0件，现行有效4件"),
        ((0, 1, 0), "制发行政规范性文件0件，废止1件，没有现行有效的行政规范性文件"),
    ],
)
def test_documents(numbers: tuple[int | None, ...], words: str) -> None:
    steps = ("制发", "废止", "现行有效")
    below = {step: measure(step, n) for step, n in zip(steps, numbers, strict=True)}
    assert clause("规范性文件情况", Fact("规范性文件", numbers[-1], "", below=below)) == words


@pytest.mark.parametrize(
    ("fact", "words"),
    [
        (None, NOT_FILLED),
        (Fact("信息处理费", None, NOT_FILLED), NOT_FILLED),
        (Fact("信息处理费", "见附件", "见附件"), NOT_FILLED),
        (Fact("信息处理费", 0, "0", "元"), "未收取政府信息公开信息处理费"),
        (Fact("信息处理费", Decimal("12.50"), "12.50", ""), "收取政府信息公开信息处理费12.50元"),
        (Fact("信息处理费", 3, "3", "万元"), "收取政府信息公开信息处理费3万元"),
    ],
)
def test_fees(fact: Fact | None, words: str) -> None:
    assert clause("信息处理费情况", *([fact] if fact else [])) == words


@pytest.mark.parametrize(
    ("numbers", "words"),
    [
        ((None, 1), NOT_FILLED),
        ((0, 0), "未承办人大代表建议和政协委员提案"),
        ((2, 1), "承办人大代表建议2件、政协委员提案1件"),
        ((0, 1), "承办政协委员提案1件，未承办人大代表建议"),
    ],
)
def test_proposals(numbers: tuple[int | None, int | None], words: str) -> None:
    facts = [measure(n, v) for n, v in zip(("人大建议", "政协提案"), numbers, strict=True)]
    assert clause("建议提案情况", *facts) == words


def test_what_governments_tell_are_sentences_and_of_others_nothing() -> None:
    assessed = reported("纳入年度考核。", "工作考核")
    blamed = reported(" 没有追责情形 ", "责任追究")
    words = "工作考核方面，纳入年度考核。责任追究方面，没有追责情形。"
    assert clause("考核评议情况", assessed, blamed) == words
    assert clause("考核评议情况", measure("社会评议", 3)) == ""
    assert clause("考核评议情况") == ""


def test_a_clause_names_what_it_is_made_of() -> None:
    facts = {f.name: f for f in (measure("新收申请", 1), measure("上年结转申请", 0))}
    [received] = [f for f in phrase_facts(facts) if f.name == "申请收到情况"]
    assert received.value == received.text
    expected = "句式：新收申请、上年结转申请；新收申请的来源；上年结转申请的来源"
    assert received.source == expected
    [blank] = [f for f in phrase_facts({}) if f.name == "申请收到情况"]
    assert (blank.value, blank.source) == (None, "句式：新收申请、上年结转申请")

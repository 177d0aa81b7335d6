"""Labels in full and in short."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from tests.inputs.builders import FORMAT

from nianbao.files.words import normalise_word
from nianbao.inputs.labels import (
    APPLICANTS,
    DISPUTES,
    OUTCOMES,
    ROWS,
    VERDICTS,
    Labels,
    bare,
    nearest_few,
    plain_labels,
    request_labels,
    spoken,
)
from nianbao.inputs.matrices import review_groups, review_results, row_words
from nianbao.inputs.request_ledger import applicant_labels, outcome_words
from nianbao.statutory import RequestRow

LABELS = request_labels(FORMAT, [row.key for row in FORMAT.request_rows])
EVERY_ROW = pytest.mark.parametrize("row", FORMAT.request_rows, ids=lambda row: row.key)


@EVERY_ROW
def test_every_row_is_known_by_its_label_and_by_its_path(row: RequestRow) -> None:
    paths = {row.path, row.label, row.path.replace("三、", "三、本年度办理结果/")}
    if row.group:
        paths |= {f"{row.group}/{row.label}", f"{bare(row.group)}/{bare(row.label)}"}
    assert {LABELS.find(path) for path in paths} == {row.key}


@EVERY_ROW
def test_punctuation_and_width_make_no_difference(row: RequestRow) -> None:
    label = row.path.replace("（", " (").replace("）", ") ").replace(".", "、").replace("、", " 、")
    assert LABELS.find(label) == row.key
    assert LABELS.find(row.path.replace("“", '"').replace("”", '"').replace("1", "１")) == row.key


@EVERY_ROW
def test_the_label_that_a_message_shows_is_understood(row: RequestRow) -> None:
    assert LABELS.find(LABELS.official[row.key]) == row.key


def test_the_bare_label_is_enough_but_for_two_rows() -> None:
    unclear = {row.key for row in FORMAT.request_rows if LABELS.find(bare(row.label)) != row.key}
    assert unclear == {"other_3", "total"}


@pytest.mark.parametrize(
    ("text", "remedy"),
    [
        ("其他", "请写明“（六）其他处理/3.其他”"),
        ("总计", "请写明“（七）总计”"),
        ("重覆申请", "是否应为“重复申请”"),
        ("某种业务", None),
        ("", None),
    ],
)
def test_what_is_not_clear_is_asked_for(text: str, remedy: str | None) -> None:
    assert LABELS.find(text) is None
    assert LABELS.remedy(text) == remedy


def test_the_name_of_a_group_is_answered_with_its_rows() -> None:
    remedy = LABELS.remedy("（四）无法提供")
    assert remedy is not None
    assert all(bare(r.label) in remedy for r in FORMAT.request_rows if r.group == "（四）无法提供")


def test_aliases_of_the_format_are_known() -> None:
    assert {LABELS.find(alias) for alias in FORMAT.request_aliases} == {"deny_2", "partial"}


def test_rows_that_are_not_asked_for_are_not_known() -> None:
    assert request_labels(FORMAT, ["open"]).find("部分公开") is None


def test_other_words_for_a_label() -> None:
    labels = plain_labels(["自然人"], {"公民": "自然人"})
    assert [labels.find(text) for text in ("自然人", "公 民", "法人")] == ["自然人", "自然人", None]


RESULTS = review_results(FORMAT, FORMAT.review_columns)
LISTS: dict[str, tuple[Labels, dict[str, tuple[str, ...]]]] = {
    "办理结果": (outcome_words(FORMAT), dict(OUTCOMES)),
    "表三项目": (row_words(FORMAT), dict(ROWS)),
    "申请人类型": (applicant_labels(FORMAT), dict(APPLICANTS)),
    "类型": (review_groups(FORMAT), dict(DISPUTES)),
    "结果": (
        RESULTS,
        {{**FORMAT.review_names, "total": FORMAT.total}[k]: w for k, w in VERDICTS.items()},
    ),
}
each_list = pytest.mark.parametrize("name", LISTS)


@each_list
def test_every_short_word_is_taken_for_its_label(name: str) -> None:
    labels, words = LISTS[name]
    assert {w: labels.find(w) for every in words.values() for w in every} == spoken(words)


@each_list
def test_no_word_means_two_things(name: str) -> None:
    _, words = LISTS[name]
    folded = [normalise_word(word) for every in words.values() for word in every]
    assert len(folded) == len(set(folded))


@each_list
def test_the_official_words_come_first(name: str) -> None:
    labels, _ = LISTS[name]
    assert {key: labels.find(label) for key, label in labels.official.items()} == {
        key: key for key in labels.official
    }


@pytest.mark.parametrize("row", FORMAT.outcome_rows, ids=lambda row: row.key)
def test_outcomes_without_numbers_or_groups(row: object) -> None:
    key, label = row.key, row.label  # type: ignore[attr-defined]  # a row of the format
    if key != "other_3":
        assert outcome_words(FORMAT).find(bare(label)) == key


@pytest.mark.parametrize(
    ("find", "text", "offered"),
    [
        (outcome_words, "其他处理", "“其他处理”要写明具体情形"),
        (outcome_words, "其他", "请写明“（六）其他处理/3.其他”"),
        (outcome_words, "不予公开", "“属于国家秘密”"),
        (outcome_words, "未办结", "都空着"),
        (outcome_words, "申请人撤回", "撤回的申请没有单列的一行"),
        (outcome_words, "属于国家机密", "是否应为“属于国家秘密”"),
        (applicant_labels, "法人或其他组织", "要写明是哪一类：“商业企业”"),
        (applicant_labels, "其他组织", "要写明是哪一类：“商业企业”"),
        (applicant_labels, "社会组织", "是否应为“社会公益组织”"),
        (review_groups, "诉讼", "要写明是“未经复议直接起诉”还是“复议后起诉”"),
        (row_words, "结转", "是否应为“结转下年度继续办理”，或“上年结转政府信息公开申请数量”"),
    ],
)
def test_what_may_mean_several_things_is_asked_for(
    find: Callable[..., Labels], text: str, offered: str
) -> None:
    labels = find(FORMAT)
    assert labels.find(text) is None
    assert offered in (labels.remedy(text) or "")


def test_a_message_offers_the_nearest_few() -> None:
    assert nearest_few("行政", ["行政许可", "行政处罚", "行政强制", "行政检查", "规章"]) == (
        *("行政许可", "行政处罚", "行政强制"),
    )
    assert nearest_few("保护第三人权益", ["保护第三方合法权益", "重复申请"]) == (
        "保护第三方合法权益",
    )
    assert nearest_few("；", ["重复申请"]) == ()


def test_a_long_label_is_not_offered_for_characters_it_holds_by_chance() -> None:
    long = "申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请"
    assert nearest_few("未公开", [long]) == ()
    assert nearest_few("补正逾期", [long]) == (long,)

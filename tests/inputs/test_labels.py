"""Official labels as clerks write them."""

from __future__ import annotations

import pytest
from tests.inputs.builders import FORMAT

from nianbao.inputs.labels import bare, plain_labels, request_labels
from nianbao.statutory import RequestRow

LABELS = request_labels(FORMAT, [row.key for row in FORMAT.request_rows])
ROWS = pytest.mark.parametrize("row", FORMAT.request_rows, ids=lambda row: row.key)


@ROWS
def test_every_row_is_known_by_its_label_and_by_its_path(row: RequestRow) -> None:
    paths = {row.path, row.label, row.path.replace("三、", "三、本年度办理结果/")}
    if row.group:
        paths |= {f"{row.group}/{row.label}", f"{bare(row.group)}/{bare(row.label)}"}
    assert {LABELS.find(path) for path in paths} == {row.key}


@ROWS
def test_punctuation_and_width_make_no_difference(row: RequestRow) -> None:
    label = row.path.replace("（", " (").replace("）", ") ").replace(".", "、").replace("、", " 、")
    assert LABELS.find(label) == row.key
    assert LABELS.find(row.path.replace("“", '"').replace("”", '"').replace("1", "１")) == row.key


@ROWS
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

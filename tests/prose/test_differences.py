"""Two texts beside each other: every sentence accounted for, every word marked."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from nianbao.libyaml import parse_yaml
from nianbao.prose.differences import (
    compare_prose,
    is_number,
    number_pairs,
    sentences,
    tokenize,
    word_marks,
)

WORDS = st.text("甲乙丙丁戊。，12", max_size=40)
TEXTS = st.lists(st.text("甲乙丙丁戊己庚", min_size=1, max_size=8), max_size=8).map(
    lambda parts: "".join(f"{part}。" for part in parts)
)


@given(WORDS, WORDS)
def test_marked_words_give_both_sentences(before: str, after: str) -> None:
    pieces = word_marks(before, after)
    assert "".join(p.text for p in pieces if p.mark != "added") == before
    assert "".join(p.text for p in pieces if p.mark != "removed") == after


@pytest.mark.parametrize(
    ("before", "after", "marked"),
    [
        (
            "办结6件，其中部分公开3件，结转下年度继续办理1件。",
            "办结8件，其中部分公开1件、不予处理1件。",
            "办结-6-+8+件，-其中部分公开3件，结转下年度继续办理1件。-+其中部分公开1件、不予处理1件。+",
        ),
        ("举办业务培训2次。", "举办政务公开业务培训2次。", "举办+政务公开+业务培训2次。"),
        ("及时办理。", "按时办结。", "-及时办理。-+按时办结。+"),
        ("收到12件，办结12.5%。", "收到13件，办结12.8%。", "收到-12-+13+件，办结-12.5%-+12.8%+。"),
    ],
)
def test_whole_clauses_can_be_read(before: str, after: str, marked: str) -> None:
    signs = {"same": "", "removed": "-", "added": "+"}
    pieces = word_marks(before, after)
    assert "".join(f"{signs[p.mark]}{p.text}{signs[p.mark]}" for p in pieces) == marked


@given(TEXTS, TEXTS)
@example("丙。丁。乙。", "乙。乙。丁。")  # one sentence was taken out, the same came twice
def test_the_changes_lead_from_one_text_to_the_other(before: str, after: str) -> None:
    changes = compare_prose({"other": before}, {"other": after})
    old, new = Counter(sentences(before)), Counter(sentences(after))
    moved = Counter(c.after for c in changes if c.kind == "moved")
    old -= (gone := Counter(c.before for c in changes if c.kind in ("removed", "changed")) + moved)
    new -= (come := Counter(c.after for c in changes if c.kind in ("added", "changed")) + moved)
    assert old == new
    assert old + gone == Counter(sentences(before))
    assert new + come == Counter(sentences(after))


def test_the_same_text_has_no_changes() -> None:
    text = {"overview": "一是查漏。二是补缺。", "other": "没有。"}
    assert compare_prose(text, dict(text)) == ()


def test_kinds_of_change() -> None:
    before = {"overview": "网站公开12条。栏目每季度清查。", "other": "举办培训两次。没有收费。"}
    after = {"overview": "网站公开15条。举办培训两次。", "other": "没有收费。新建专栏一个。"}
    found = [(c.section, c.kind, c.before, c.after) for c in compare_prose(before, after)]
    assert found == [
        ("overview", "changed", "网站公开12条。", "网站公开15条。"),
        ("overview", "removed", "栏目每季度清查。", ""),
        ("overview", "moved", "other", "举办培训两次。"),
        ("other", "added", "", "新建专栏一个。"),
    ]


def test_sentences_are_those_a_reader_sees() -> None:
    table = "|甲|乙|\n|---|---|\n|1|2|"
    markdown = f"### （一）收费\n\n**全年**收取0元；没有减免。\n\n- 甲项\n- 乙项\n\n{table}"
    assert sentences(markdown) == [
        "（一）收费",
        "全年收取0元；没有减免。",
        "甲项",
        "乙项",
        "甲｜乙",
        "1｜2",
    ]


FILE = Path(__file__).parent.parent / "data" / "edits" / "numbers.yaml"
CASES = parse_yaml(FILE.read_text("utf-8"))
texts = st.text(alphabet="收办3件，1", max_size=20)


@given(st.text(alphabet="收到12.5%，{} 申请件abc甲\n"))
def test_tokens_joined_are_the_text(text: str) -> None:
    assert "".join(tokenize(text)) == text


def test_a_placeholder_a_number_and_a_word_are_one_token_each() -> None:
    assert tokenize("PDF共{{ 甲.乙 }}12.5%") == ["PDF", "共", "{{ 甲.乙 }}", "12.5%"]


@pytest.mark.parametrize(
    ("token", "number"), [("12", True), ("12.5%", True), ("12.", False), ("一", False), ("", False)]
)
def test_what_is_a_number(token: str, number: bool) -> None:
    assert is_number(token) is number


@pytest.mark.parametrize("case", CASES, ids=[case["why"] for case in CASES])
def test_which_number_became_which(case: dict[str, Any]) -> None:
    a, b = tokenize(case["before"]), tokenize(case["after"])
    assert {a[i]: b[j] for i, j in number_pairs(a, b).items()} == case["pairs"]


def test_the_words_beside_a_number_may_be_outside_the_piece() -> None:
    a, b = tokenize("收到3件"), tokenize("收到4件，网络1件")
    assert number_pairs(a, b, (2, 3, 2, 8)) == {2: 2}


def test_a_text_written_anew_is_not_compared_number_by_number() -> None:
    assert number_pairs(["1"] * 600, ["2"] * 601) == {}


@given(texts, texts)
def test_pairs_keep_the_order_and_take_each_number_once(before: str, after: str) -> None:
    a, b = tokenize(before), tokenize(after)
    pairs = sorted(number_pairs(a, b).items())
    assert all(is_number(a[i]) and is_number(b[j]) for i, j in pairs)
    assert all(x[1] < y[1] for x, y in pairwise(pairs))

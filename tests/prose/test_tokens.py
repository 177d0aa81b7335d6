from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from nianbao.prose.tokens import is_number, number_pairs, tokenize

FILE = Path(__file__).parent.parent / "data" / "edits" / "numbers.yaml"
CASES = YAML(typ="safe").load(FILE.read_text("utf-8"))
sentences = st.text(alphabet="收办3件，1", max_size=20)


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


@given(sentences, sentences)
def test_pairs_keep_the_order_and_take_each_number_once(before: str, after: str) -> None:
    a, b = tokenize(before), tokenize(after)
    pairs = sorted(number_pairs(a, b).items())
    assert all(is_number(a[i]) and is_number(b[j]) for i, j in pairs)
    assert all(x[1] < y[1] for x, y in pairwise(pairs))

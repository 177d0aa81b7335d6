from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nianbao.prose.tokens import is_number, number_pairs, tokenize


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


@pytest.mark.parametrize(
    ("before", "after", "pairs"),
    [
        # As many numbers: one after the other, whatever stands between.
        ("收到3件，办结2件", "全年收到4件、办结2件", {"3": "4", "2": "2"}),
        # One more: by the words beside them.
        ("收到3件，办结2件", "收到4件，办结2件，另有5件", {"3": "4", "2": "2"}),
        # A number whose words are gone has no partner.
        ("收到3件，办结2件", "办结5件", {"2": "5"}),
        ("收到3件", "没有申请", {}),
    ],
)
def test_which_number_became_which(before: str, after: str, pairs: dict[str, str]) -> None:
    a, b = tokenize(before), tokenize(after)
    assert {a[i]: b[j] for i, j in number_pairs(a, b).items()} == pairs

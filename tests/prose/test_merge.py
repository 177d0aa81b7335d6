from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from nianbao.prose.merge import conflict_line, merge_texts, merge_tokens

lines = st.lists(st.sampled_from(["甲。\n", "乙丙。\n", "\n", "丁戊己。\n"]), max_size=6).map(
    "".join
)


def test_changes_in_two_paragraphs_are_both_taken() -> None:
    assert merge_texts(
        "甲。\n乙。\n丙。\n", "甲一。\n乙。\n丙。\n", "甲。\n乙。\n丙三。\n"
    ).text == ("甲一。\n乙。\n丙三。\n")


def test_changes_in_one_paragraph_are_both_taken() -> None:
    assert (
        merge_tokens("我局收到申请。", "我局共收到申请。", "我局收到申请三件。")
        == "我局共收到申请三件。"
    )


def test_the_same_change_on_both_sides_is_taken_once() -> None:
    assert merge_texts("甲。\n", "乙。\n", "乙。\n").text == "乙。\n"


def test_where_both_touch_the_same_words_both_are_kept() -> None:
    merged = merge_texts(
        "头。\n甲乙。\n尾。\n", "头。\n甲一。\n尾。\n", "头。\n甲二。\n尾。\n", ("文件", "Word")
    )
    assert merged.conflicts == 1
    assert merged.text == ("头。\n<<<<<<< 文件\n甲一。\n=======\n甲二。\n>>>>>>> Word\n尾。\n")
    assert conflict_line(merged.text) == 2
    assert conflict_line("甲。\n\n乙。\n") is None


def test_a_deletion_against_a_change_is_a_conflict() -> None:
    merged = merge_texts("甲乙丙丁。\n", "", "甲乙丙丁戊。\n")
    assert merged.conflicts == 1
    assert "甲乙丙丁戊" in merged.text


@given(lines, lines)
def test_one_side_alone_wins(base: str, changed: str) -> None:
    assert merge_texts(base, changed, base).text == changed
    assert merge_texts(base, base, changed).text == changed
    assert merge_texts(base, changed, changed).text == changed


@given(lines, lines, lines)
def test_nothing_a_side_added_is_lost(base: str, ours: str, theirs: str) -> None:
    text = merge_texts(base, ours, theirs).text
    for side in (ours, theirs):
        for line in side.splitlines():
            assert (
                line in base.splitlines()
                or line in text
                or any(c in text for c in line if c not in base)
            )

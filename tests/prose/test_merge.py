from __future__ import annotations

from hypothesis import example, given
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


CHANNELS = ("网站", "公众号", "公报", "公开栏", "热线", "微博")
OTHERS = {
    "甲": ("电视台", "档案馆", "服务大厅", "宣传册", "客户端", "村务栏"),
    "乙": ("报纸", "图书馆", "广播", "电子屏", "发布会", "听证会"),
}
KEPT, CHANGED, GONE, FOLLOWED = "kept", "changed", "gone", "followed"
actions = st.lists(st.sampled_from((KEPT, KEPT, CHANGED, GONE, FOLLOWED)), min_size=6, max_size=6)
breaks = st.lists(st.sampled_from(("", "\n\n")), min_size=6, max_size=6)


def counted(channel: str, count: str) -> str:
    """A sentence that is like its neighbours but for two words, as those of a report are."""
    return f"全年通过{channel}公开政府信息{count}条。"


def edited(acts: list[str], editor: str, gaps: list[str]) -> str:
    """The text after an editor changed, took out and added sentences."""
    text = ""
    for channel, new, act, gap in zip(CHANNELS, OTHERS[editor], acts, gaps, strict=True):
        if act != GONE:
            text += counted(channel, f"{editor}百" if act == CHANGED else "三") + gap
        if act == FOLLOWED:
            text += counted(new, "五") + gap
    return text


@given(actions, actions, breaks)
@example(  # a blank line was taken for the one behind another paragraph
    [CHANGED, GONE, GONE, KEPT, KEPT, KEPT],
    [GONE, KEPT, CHANGED, KEPT, KEPT, KEPT],
    ["\n\n", "", "\n\n", "", "", ""],
)
def test_no_sentence_is_lost_and_none_changed_for_another(
    ours: list[str], theirs: list[str], gaps: list[str]
) -> None:
    base = edited([KEPT] * 6, "甲", gaps)
    text = merge_texts(base, edited(ours, "甲", gaps), edited(theirs, "乙", gaps)).text
    for place, (own, other) in enumerate(zip(ours, theirs, strict=True)):
        for act, across, editor in ((own, other, "甲"), (other, own, "乙")):
            if act == FOLLOWED:
                assert counted(OTHERS[editor][place], "五") in text
            if act == CHANGED and across != CHANGED:
                assert counted(CHANNELS[place], f"{editor}百") in text
        if {own, other} <= {KEPT, FOLLOWED}:
            assert counted(CHANNELS[place], "三") in text


def test_a_change_is_not_carried_to_a_sentence_that_the_other_side_put_in() -> None:
    base, ours = counted("公报", "三"), counted("公报", "四")
    theirs = counted("微博", "三") + base
    assert merge_texts(base, ours, theirs).text == counted("微博", "三") + ours

"""An editor's words come back into the text, and placeholders outlive the edit."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from nianbao.errors import Place
from nianbao.prose.differences import tokenize
from nianbao.prose.edits import Reapplied, reapply, typed_numbers
from nianbao.prose.facts import Fact, resolve
from nianbao.prose.markdown import words
from nianbao.prose.template import parse_template

HERE = Place("narrative.md")
FACTS = {
    name: Fact(name, None, text)
    for name, text in {
        "新收": "38",
        "明细": "自然人30件，商业企业8件",
        "同比": "比上年增加13件，增长52%",
        "邮箱": "a_b@x.invalid",
    }.items()
}
TEXT = "2024年，收到{{ 新收 }}件，其中{{ 明细 }}，{{ 同比 }}。"


def edit(text: str, edited: str) -> Reapplied:
    template = parse_template(text, HERE)
    return reapply(template, resolve(template, FACTS, "overview", HERE), edited)


def fill(text: str) -> str:
    template = parse_template(text, HERE)
    return words(resolve(template, FACTS, "overview", HERE))


def test_words_around_a_placeholder_are_changed_and_it_stays() -> None:
    edited = fill(TEXT).replace("收到38件", "我局共收到38件申请")
    assert edit(TEXT, edited).text == TEXT.replace("收到{{ 新收 }}件", "我局共收到{{ 新收 }}件申请")


def test_a_changed_number_is_reported_and_the_data_stay() -> None:
    result = edit(TEXT, fill(TEXT).replace("收到38件", "收到40件"))
    assert result.text == TEXT
    (change,) = result.numbers
    assert (change.name, change.data, change.edited, change.kept) == ("新收", "38", "40", True)
    assert "收到40件" in change.context


def test_a_number_put_in_does_not_take_the_place_of_the_one_before() -> None:
    text = "收到{{ 新收 }}件，邮箱是{{ 邮箱 }}。"
    edited = fill(text).replace("收到38件，", "收到40件，其中网络1件，")
    result = edit(text, edited)
    assert result.text == text.replace("，邮箱", "，其中网络1件，邮箱")
    assert [(n.data, n.edited, n.kept) for n in result.numbers] == [("38", "40", True)]


def test_a_rewritten_phrase_becomes_text_and_its_numbers_are_reported() -> None:
    edited = fill(TEXT).replace("比上年增加13件，增长52%", "较上年多14件")
    result = edit(TEXT, edited)
    assert result.text == TEXT.replace("{{ 同比 }}", "较上年多14件")
    assert [(n.data, n.edited, n.kept) for n in result.numbers] == [("13", "14", False)]


def test_a_deleted_sentence_takes_its_placeholder_with_it() -> None:
    assert edit(TEXT, fill(TEXT).replace("，其中自然人30件，商业企业8件", "")).text == TEXT.replace(
        "，其中{{ 明细 }}", ""
    )


def test_a_placeholder_that_the_editor_typed_is_one() -> None:
    assert edit("收到申请。", "收到申请{{ 新收 }}件。").text == "收到申请{{ 新收 }}件。"


pieces = st.lists(
    st.sampled_from(
        ["全年", "收到", "申请", "，", "。", "12", "\n\n", *(f"{{{{ {n} }}}}" for n in FACTS)]
    ),
    min_size=1,
    max_size=12,
)
inserts = st.lists(
    st.tuples(st.integers(0, 400), st.sampled_from(["我局", "依法", "，", "认真", "删", "\n"])),
    max_size=5,
)


@given(pieces)
def test_without_an_edit_nothing_changes(parts: list[str]) -> None:
    text = "".join(parts)
    assert edit(text, fill(text)) == Reapplied(text)


@given(pieces, inserts)
def test_after_an_edit_of_words_the_text_reads_as_the_editor_left_it(
    parts: list[str], edits: list[tuple[int, str]]
) -> None:
    text = "".join(parts)
    tokens = tokenize(fill(text))
    for place, word in edits:
        at = place % (len(tokens) + 1)
        if word == "删" and at < len(tokens):
            del tokens[at]
        else:
            tokens.insert(at, word)
    edited = "".join(tokens)
    result = edit(text, edited)
    if not result.numbers:
        assert fill(result.text) == edited


@given(pieces, st.sampled_from(["依法", "认真", "及时"]))
def test_words_added_in_front_keep_every_placeholder(parts: list[str], word: str) -> None:
    text = "".join(parts)
    result = edit(text, word + fill(text))
    assert result == Reapplied(word + text)


def test_an_ordinal_is_no_number_and_another_sentence_is_no_edit() -> None:
    assert [*typed_numbers("一是解读偏少。", "二是解读偏少。")] == []
    (added,) = typed_numbers("2024年，制发文件2件。", "完成率不低于90%，由办公室统一审核后发布。")
    assert (added.data, added.edited) == ("", "90%")


def test_a_day_that_was_added_is_one_number_and_the_next_page_is_none() -> None:
    added = typed_numbers("按时公开。", "按时公开，2024年12月3日上线，下一页另附3项。")
    assert [number.edited for number in added] == ["2024年12月3日", "3"]
    (changed,) = typed_numbers("2024年12月3日上线。", "2024年12月4日上线。")
    assert (changed.data, changed.edited) == ("3", "4")


def test_a_number_of_the_data_that_is_written_out_is_reported() -> None:
    found = edit("收到{{ 新收 }}件。{{ 明细 }}", "收到三十八件。自然人30件，商业企业8件")
    assert found.text == "收到三十八件。{{ 明细 }}"
    assert [(n.name, n.data, n.edited, n.kept) for n in found.numbers] == [
        ("新收", "38", "三十八", False)
    ]

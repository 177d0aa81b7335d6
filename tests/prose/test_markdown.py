from __future__ import annotations

import string
from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nianbao.prose.blocks import (
    Block,
    FactWords,
    HeadingBlock,
    ImageBlock,
    Inlines,
    ListBlock,
    ParagraphBlock,
    TableBlock,
    Words,
    inlines_of,
    plain_text,
)
from nianbao.prose.facts import Fact
from nianbao.prose.markdown import escape, to_blocks, words


def inlines(text: str) -> Inlines:
    (block,) = to_blocks([text], "other")
    assert isinstance(block, HeadingBlock | ParagraphBlock)
    return block.inlines


def text_of(blocks: Iterable[Block]) -> str:
    out = ""
    for block in blocks:
        heads = block.head if isinstance(block, TableBlock) else ()
        out += "".join(heads) + "".join(map(plain_text, inlines_of(block)))
    return out


@pytest.mark.parametrize(
    "text",
    ["**一是明确分工。**各科室各负其责。", "强调**“重点领域”**信息", "**三项（含一项）**工作"],
)
def test_emphasis_beside_chinese_punctuation(text: str) -> None:
    assert "*" not in plain_text(inlines(text))
    assert any(run.strong for run in inlines(text))


def test_lines_of_a_paragraph_join_without_a_blank_in_chinese() -> None:
    assert plain_text(inlines("　　第一行，\n第二行。")) == "第一行，第二行。"
    assert plain_text(inlines("word\nword")) == "word word"


def test_a_numbered_heading_line_is_a_heading() -> None:
    texts = ["（一）信息处理费收取情况\n\n（一）这是一句完整的话。\n\n#### 1.收费"]
    first, second, third = to_blocks(texts, "other")
    assert first == HeadingBlock(2, (Words("（一）信息处理费收取情况"),), "other")
    assert isinstance(second, ParagraphBlock)
    assert third == HeadingBlock(3, (Words("1.收费"),), "other")


def test_lists_tables_and_images() -> None:
    text = "- 甲\n- 乙\n\n|a|b|\n|-|-:|\n|1|2|\n\n![图](x.png)"
    listing, table, image = to_blocks([text], "o")
    assert isinstance(listing, ListBlock)
    assert [plain_text(words) for words in inlines_of(listing)] == ["甲", "乙"]
    assert isinstance(table, TableBlock)
    assert (table.head, table.texts) == (("a", "b"), (("1", "2"),))
    assert table.align == ("left", "right")
    assert image == ImageBlock("x.png", "图")


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>", "<b>粗</b>", "[链](http://x.invalid)", "`code`", "$a_b$",
        "    缩进", "> 引", "~~~\n代码\n~~~", "<http://x.invalid>", "&lt;", "a  \nb",
    ],
)  # fmt: skip
def test_other_markup_is_plain_text(text: str) -> None:
    found = to_blocks([text], "other")
    assert [type(b) for b in found] == [ParagraphBlock]
    assert "".join(text_of(found).split()) == "".join(text.split())


hostile = st.text(alphabet=string.punctuation + "甲1 \n#-+*|<>", max_size=30)


@given(hostile)
def test_data_is_never_markup(value: str) -> None:
    fact = Fact("名称", value, value)
    shown = " ".join(value.split())
    found = to_blocks(["前文", fact, "后文"], "other")
    assert text_of(found) == f"前文{shown}后文"
    assert [type(b) for b in found] == [ParagraphBlock]


@given(hostile)
def test_final_words_read_back_as_the_same_text(value: str) -> None:
    fact = Fact("名称", value, value)
    parts = ["前文", fact, "后文"]
    again = to_blocks([words(parts)], "other")
    assert text_of(again) == text_of(to_blocks(parts, "other"))


@given(st.text(max_size=60))
def test_any_text_is_parsed(text: str) -> None:
    to_blocks([text], "other")


def test_a_fact_keeps_its_name_and_source() -> None:
    fact = Fact("新收申请", 38, "38", "件", "表三")
    (found,) = to_blocks(["收到", fact, "件"], "other")
    assert found == ParagraphBlock((Words("收到"), FactWords("38", fact), Words("件")), "other")


def test_escaped_data_stays_on_one_line() -> None:
    assert escape("a\n# b") == "a \\# b"


def test_a_heading_belongs_to_the_section_it_stands_in() -> None:
    found = to_blocks(["#### 1.收费\n\n甲。\n\n（二）建议提案\n\n乙。"], "other")
    assert found == (
        HeadingBlock(3, (Words("1.收费"),), "other"),
        ParagraphBlock((Words("甲。"),), "other"),
        HeadingBlock(2, (Words("（二）建议提案"),), "other"),
        ParagraphBlock((Words("乙。"),), "other"),
    )

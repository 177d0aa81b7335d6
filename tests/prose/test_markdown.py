from __future__ import annotations

import string
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nianbao.prose.facts import Fact
from nianbao.prose.markdown import escape, plain_text, to_blocks, words


def block(text: str, *facts: Fact) -> dict[str, Any]:
    found = to_blocks([text, *facts], "other")
    assert len(found) == 1
    return found[0]


def text_of(blocks: list[dict[str, Any]]) -> str:
    out = ""
    for b in blocks:
        out += plain_text(b.get("inlines", []))
        for item in b.get("items", []):
            out += text_of(item)
        out += "".join(b.get("head", [])) + "".join("".join(r) for r in b.get("rows", []))
    return out


@pytest.mark.parametrize(
    "text",
    ["**一是明确分工。**各科室各负其责。", "强调**“重点领域”**信息", "**三项（含一项）**工作"],
)
def test_emphasis_beside_chinese_punctuation(text: str) -> None:
    inlines = block(text)["inlines"]
    assert "*" not in plain_text(inlines)
    assert any(run["strong"] for run in inlines)


def test_lines_of_a_paragraph_join_without_a_blank_in_chinese() -> None:
    assert plain_text(block("　　第一行，\n第二行。")["inlines"]) == "第一行，第二行。"
    assert plain_text(block("word\nword")["inlines"]) == "word word"


def test_a_numbered_heading_line_is_a_heading() -> None:
    assert block("（一）信息处理费收取情况")["level"] == 2
    assert block("（一）这是一句完整的话。")["type"] == "paragraph"
    assert block("#### 1.收费")["level"] == 3


def test_lists_tables_and_images() -> None:
    kinds = [
        b["type"] for b in to_blocks(["- 甲\n- 乙\n\n|a|b|\n|-|-:|\n|1|2|\n\n![图](x.png)"], "o")
    ]
    assert kinds == ["list", "table", "image"]


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>", "<b>粗</b>", "[链](http://x.invalid)", "`code`", "$a_b$",
        "    缩进", "> 引", "~~~\n代码\n~~~", "<http://x.invalid>", "&lt;", "a  \nb",
    ],
)  # fmt: skip
def test_other_markup_is_plain_text(text: str) -> None:
    found = to_blocks([text], "other")
    assert [b["type"] for b in found] == ["paragraph"]
    assert "".join(text_of(found).split()) == "".join(text.split())


hostile = st.text(alphabet=string.punctuation + "甲1 \n#-+*|<>", max_size=30)


@given(hostile)
def test_data_is_never_markup(value: str) -> None:
    fact = Fact("名称", value, value)
    shown = " ".join(value.split())
    found = to_blocks(["前文", fact, "后文"], "other")
    assert text_of(found) == f"前文{shown}后文"
    assert [b["type"] for b in found] == ["paragraph"]


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
    run = to_blocks(["收到", fact, "件"], "other")[0]["inlines"][1]
    assert run["fact"] == {"name": "新收申请", "value": "38", "unit": "件", "source": "表三"}


def test_escaped_data_stays_on_one_line() -> None:
    assert escape("a\n# b") == "a \\# b"


def test_a_heading_belongs_to_the_section_it_stands_in() -> None:
    found = to_blocks(["#### 1.收费\n\n甲。\n\n（二）建议提案\n\n乙。"], "other")
    assert [(b["type"], b.get("level"), b["section"]) for b in found] == [
        ("heading", 3, "other"),
        ("paragraph", None, "other"),
        ("heading", 2, "other"),
        ("paragraph", None, "other"),
    ]

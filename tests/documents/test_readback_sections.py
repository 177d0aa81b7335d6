"""An edited Word file back to the Markdown of its sections, whatever the editor did to it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from tests.documents.sample_blocks import heading, listing, paragraph, table
from tests.documents.word_files import (
    NS,
    body,
    document_of,
    q,
    sample_docx,
    sections_of,
    texts,
)

from nianbao.documents.readback import read_docx
from nianbao.documents.word import render_docx
from nianbao.files.pages import escape_markdown, normalise_text
from nianbao.prose.blocks import (
    HeadingBlock,
    ListBlock,
    ParagraphBlock,
    TableBlock,
    Words,
    inlines_of,
    plain_text,
)
from nianbao.prose.markdown import to_blocks

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def sample() -> bytes:
    return sample_docx()


@pytest.fixture(scope="module")
def original(sample: bytes) -> dict[str, str]:
    return sections_of(sample)


def test_sections_come_back_as_markdown(original: dict[str, str]) -> None:
    assert [*original][:3] == ["preface", "overview", "overview.disclosure"]
    assert original["overview.requests"].startswith("全年新收政府信息公开申请341件，上年结转12件")
    assert "发布解读材料**68篇**，其中" in original["overview.disclosure.policy"]
    assert original["overview.disclosure.policy.form"].endswith("*不以转发新闻稿代替解读*。")
    assert "：\n\n1. 统一惠民" in original["problems.improvements"]
    assert "评优。\n2. 制作方言" in original["problems.improvements"]
    assert "\n\n- 聚焦优化营商环境" in original["other.tasks"]
    assert original["other.tasks"].endswith("照片](data/shili-xzf/2024/venue.png)")


def test_nothing_that_the_software_made_is_text(original: dict[str, str]) -> None:
    everything = "\n".join(original.values())
    for made in ("一、总体情况", "渠道分布", "注：", "2025年1月20日", "条形图", "信息内容", "| "):
        assert made not in everything
    assert {k for k, v in original.items() if not v} == {
        "decisions", "requests", "reviews", "problems", "other",
    }  # fmt: skip


def test_a_sentence_in_place_of_a_chart_is_nobodys_text() -> None:
    instead = paragraph("", "本年度没有申请，不附图。")
    blocks = [heading(2, "overview.requests", "（二）依申请公开"),
              paragraph("overview.requests", "甲。"), instead]  # fmt: skip
    assert sections_of(render_docx(document_of(*blocks))) == {
        "preface": "", "overview.requests": "甲。",
    }  # fmt: skip


def test_headings_of_the_prose_come_back_with_it() -> None:
    blocks = [
        heading(1, "other", "六、其他需要报告的事项"),
        heading(2, "heading-1", "（一）收费", "other"),
        paragraph("other", "甲。"),
        heading(3, "heading-3", "1.小结", "other"),
    ]
    found = sections_of(render_docx(document_of(*blocks)))
    assert found["other"] == "### （一）收费\n\n甲。\n\n#### 1.小结"


def test_a_heading_at_the_beginning_of_a_section_is_its_text() -> None:
    written = {"preface": "甲。", "other.fees": "### （一）收费\n\n乙。\n\n#### 1.小结"}
    blocks = [block for key, words in written.items() for block in to_blocks([words], key)]
    named = [
        replace(b, id=f"heading-{n}") if isinstance(b, HeadingBlock) else b
        for n, b in enumerate(blocks)
    ]
    assert sections_of(render_docx(document_of(*named))) == written


def test_a_table_of_the_prose_comes_back_as_a_table() -> None:
    given = table(["渠道", "条|数"], ["网站", "1*"], ["", "2"], align=("left", "right"))
    found = sections_of(render_docx(document_of(paragraph("other", "甲"), given)))
    lines = found["other"].removeprefix("甲\n\n").splitlines()
    assert lines[:2] == ["| 渠道 | 条\\|数 |", "| --- | --- |"]
    (block,) = to_blocks([found["other"].removeprefix("甲\n\n")], "other")
    assert isinstance(block, TableBlock)
    assert (block.head, block.texts) == (given.head, given.texts)


def test_lists_in_lists_and_paragraphs_in_items() -> None:
    inner = listing(False, "内一", "内二")
    items = (
        (paragraph("other", "甲"), paragraph("other", "续")),
        (paragraph("other", "乙"), inner),
    )
    block = ListBlock(True, 3, items)
    found = sections_of(render_docx(document_of(paragraph("other", "序"), block)))
    assert found["other"] == "序\n\n3. 甲\n\n   续\n4. 乙\n   - 内一\n   - 内二"


# --- every text survives the way through Word -----------------------------------------------------

WORDS = st.text(
    st.sampled_from("中文、。“”（）1.2)-+#*_!\\[]`~<>|&{}=:/@ \u3000aB"), min_size=1, max_size=30
)


@settings(max_examples=50)
@given(WORDS, st.booleans(), st.booleans())
@example("- 不是列表", False, False)
@example("1. 不是列表", False, False)
@example("# 不是标题", False, False)
@example("![不是图](x)", False, False)
@example("a_b_c *x* \\* \\\\", True, False)
def test_markdown_from_word_shows_the_words_of_the_file(
    words: str, strong: bool, emph: bool
) -> None:
    before, after = ("前文", "后文。") if strong or emph else ("", "")
    block = paragraph("other", before, Words(words, strong, emph), after)
    found = sections_of(render_docx(document_of(block)))["other"]
    blocks = to_blocks([found], "other")
    shown = [plain_text(inlines) for b in blocks for inlines in inlines_of(b)]
    assert normalise_text("".join(shown)) == normalise_text(before + words + after)
    if words.strip() and words[0] != "（":
        assert [type(b) for b in blocks] == [ParagraphBlock]


@pytest.mark.parametrize("words", ["{{ 新收申请 }}", "{{新收申请.同比}}件"])
def test_a_placeholder_written_in_word_is_one(words: str) -> None:
    assert escape_markdown(words) == words


@pytest.mark.parametrize("words", ["11.11%", "（三）", "“一老一小”", "a"])
def test_what_was_bold_in_word_is_bold_again(words: str) -> None:
    block = paragraph("other", "增长", Words(words, strong=True), "的项目")
    found = sections_of(render_docx(document_of(block)))["other"]
    (shown,) = to_blocks([found], "other")
    assert isinstance(shown, ParagraphBlock)
    assert [i.text for i in shown.inlines if i.strong] == [words]


def test_the_reader_does_not_change_what_it_counts(sample: bytes) -> None:
    """Paragraphs of the body are found whole: none is lost, none twice."""
    shown = normalise_text("".join(texts(p) for p in body(sample).findall(q("p"))))
    assert shown == normalise_text(read_docx(sample).title + read_docx(sample).body)
    assert len(body(sample).findall(".//w:drawing", NS)) == 3

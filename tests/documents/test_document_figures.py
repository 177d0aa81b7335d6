"""Figures are numbered and cited, in every format and never in the words of the bureau."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.documents.readback_tools import MEDIA, read_back
from tests.documents.sample_blocks import bars, fact, heading, listing, paragraph
from tests.documents.sample_document import sample_document
from tests.documents.word_files import document_of

from nianbao.documents.document import number_figures
from nianbao.documents.readback import compare, open_edited
from nianbao.documents.word import render_docx
from nianbao.prose.blocks import Block, FigureBlock, inlines_of, plain_text

CHART = bars("x", "渠道分布", "条", ["网站", "公报"], [7, 2])
OTHER = bars("y", "类别分布", "条", ["甲", "乙"], [7, 2])


def texts(*blocks: Block) -> list[str]:
    return [plain_text(i) for block in number_figures(blocks) for i in inlines_of(block)]


def test_the_text_before_a_figure_cites_it_before_its_full_stop() -> None:
    assert texts(paragraph("x", "公开9条。"), CHART, OTHER) == ["公开9条（见图1、图2）。"]
    assert texts(paragraph("x", "公开", fact("甲", 9, "条")), CHART) == ["公开9条（见图1）"]
    assert texts(listing(True, "一项；", "末项。"), CHART) == ["一项；", "末项（见图1）。"]


def test_a_figure_is_cited_under_its_own_heading_alone() -> None:
    blocks = (paragraph("x", "前文。"), heading(2, "h", "（一）标题"), CHART)
    assert texts(*blocks) == ["前文。", "（一）标题"]


def test_the_year_as_a_whole_is_cited_in_words() -> None:
    pairs = replace(CHART, key="comparison")
    assert texts(paragraph("x", "依法办理。"), pairs) == ["依法办理（主要数据见图1）。"]
    assert texts(paragraph("x", "依法办理。"), pairs, OTHER) == ["依法办理（见图1、图2）。"]


def test_who_cites_a_figure_is_not_corrected() -> None:
    assert texts(paragraph("x", "见图1，公开9条。"), CHART) == ["见图1，公开9条。"]


def test_figures_count_through_the_whole_report() -> None:
    numbered = number_figures((CHART, heading(1, "h", "一、"), paragraph("x", "乙。"), OTHER))
    captions = [block.caption for block in numbered if isinstance(block, FigureBlock)]
    assert captions == ["图1　渠道分布", "图2　类别分布"]


@pytest.mark.parametrize("medium", MEDIA)
def test_every_format_shows_numbers_and_citations(medium: str) -> None:
    document = sample_document()
    document = replace(document, blocks=number_figures(document.blocks))
    found = read_back(medium, document)
    assert compare(found, document) == ()
    assert "（见图2）" in found.body


def test_a_citation_is_no_words_of_the_section_when_edits_are_read_back() -> None:
    blocks = number_figures((paragraph("overview", "公开9条。"), CHART))
    assert open_edited(render_docx(document_of(*blocks))).sections["overview"] == "公开9条。"

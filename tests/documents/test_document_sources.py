"""The appendix 数据来源: what it lists, and that every format shows it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from typing import Any

import pdfplumber
import pytest
from lxml import html as lxml_html
from tests.documents.sample_blocks import bars, listing, paragraph
from tests.documents.sample_document import sample_document

from nianbao.documents import readback
from nianbao.documents.document import SOURCES_HEADING, appendix
from nianbao.documents.html import render_html
from nianbao.documents.layout_check.check import measure
from nianbao.documents.pdf import render_pdf
from nianbao.documents.word import render_docx
from nianbao.fonts import find_fonts
from nianbao.prose.blocks import (
    Block,
    Document,
    GridBlock,
    GridCell,
    HeadingBlock,
    TableBlock,
    Words,
    plain_text,
)
from nianbao.prose.facts import Fact
from nianbao.prose.markdown import to_blocks

LONG = Fact("新收申请", 38, "38", "件", "requests-of-the-year-under-a-very-long-name.csv")


def with_appendix() -> Document:
    document = sample_document()
    blocks = (*to_blocks(["收到", LONG, "件。"], "preface"), *document.blocks)
    return replace(document, blocks=blocks, appendix=appendix(blocks))


def listed(document: Document) -> TableBlock:
    _, table = document.appendix
    assert isinstance(table, TableBlock)
    return table


def rows(*blocks: Block) -> list[list[str]]:
    _, table = appendix(blocks)
    assert isinstance(table, TableBlock)
    return [list(row) for row in table.texts]


def test_each_fact_is_listed_once_with_value_and_source() -> None:
    again = to_blocks(["收到", LONG, "件，", LONG, "件都已办结。"], "preface")
    assert rows(*again) == [["新收申请", "38件", LONG.source]]


def test_facts_in_lists_headings_and_cells_are_listed_in_order() -> None:
    other = Fact("办结申请", 36, "36", "件", "表三")
    share = Fact("办结率", None, "94.74%", "", "表三；办结数除以收到数")
    blocks = to_blocks(
        [
            "- 办结",
            other,
            "件\n\n## （一）收到",
            LONG,
            "件\n\n|项|率|\n|---|---|\n|办结|",
            share,
            "|\n",
        ],
        "other",
    )
    assert [row[:2] for row in rows(*blocks)] == [
        ["办结申请", "36件"], ["新收申请", "38件"], ["办结率", "94.74%"],
    ]  # fmt: skip


def test_words_of_a_fact_are_given_as_printed() -> None:
    change = Fact("新收申请.同比", 3, "比上年增加3件", "", "表三；本年减上年")
    assert rows(*to_blocks([change, "。"], "other")) == [
        ["新收申请.同比", "比上年增加3件", "表三；本年减上年"]
    ]


def test_charts_and_statutory_tables_are_listed() -> None:
    chart = replace(bars("x", "渠道分布", "条", ["网站", "公报"], [7, 2]), source="本机关台账")
    cells = (GridCell("head", "项"), GridCell("value", "1"), GridCell("value", "2"))
    grid = GridBlock(
        key="requests", title="处理情况", unit="件", source="requests.csv",
        columns=3, head_rows=0, rows=(cells,),
    )  # fmt: skip
    found = rows(chart, replace(chart, title="又一图", files="disclosures.csv"), grid)
    assert [row[:2] for row in found] == [
        ["图“渠道分布”", "2项"], ["图“又一图”", "2项"], ["表“处理情况”", "2格"],
    ]  # fmt: skip
    assert [row[2] for row in found] == [
        "本机关台账", "本机关台账（disclosures.csv）", "requests.csv",
    ]  # fmt: skip


def test_long_wordings_are_cut_and_names_and_dates_left_out() -> None:
    parts = Fact("明细", "甲", "甲1条，" * 30, "", "disclosures.csv")
    name = Fact("机关名称", "甲", "甲局", "", "params/a/agency.yaml")
    ((_, shown, _),) = rows(*to_blocks([name, "公开", parts], "other"))
    assert shown == ("甲1条，" * 30)[:38] + "……"


def test_without_figures_there_is_no_appendix() -> None:
    words = paragraph("other", "没有数字的一段话。")
    assert appendix([words, listing(True, "一项", section="other")]) == ()


def test_its_heading_is_no_part_of_the_statute() -> None:
    heading = with_appendix().appendix[0]
    assert isinstance(heading, HeadingBlock)
    assert heading.level == 2
    assert plain_text(heading.inlines) == SOURCES_HEADING


WRITERS: dict[str, tuple[Callable[[Any], bytes], Callable[[bytes], Any]]] = {
    "html": (lambda d: render_html(d).encode(), readback.read_html),
    "pdf": (lambda d: render_pdf(d, find_fonts()), readback.read_pdf),
    "docx": (render_docx, readback.read_docx),
}


@pytest.mark.parametrize("format_", WRITERS)
def test_every_format_shows_it_behind_the_signature(format_: str) -> None:
    write, read = WRITERS[format_]
    document = with_appendix()
    found = read(write(document))
    assert readback.compare(found, document) == ()
    assert found.headings[-1] == (2, SOURCES_HEADING)
    assert found.passages[-2].text.endswith(document.agency_name + document.date_in_words)


@pytest.mark.parametrize("format_", WRITERS)
def test_a_row_that_is_lost_or_false_is_found(format_: str) -> None:
    write, read = WRITERS[format_]
    document = with_appendix()
    heading, table = document.appendix[0], listed(document)
    first, *others = table.rows
    changed = replace(table, rows=((first[0], (Words("39件"),), first[2]), *others))
    false = replace(document, appendix=(heading, changed))
    problems = readback.compare(read(write(false)), document)
    assert any("新收申请｜38件" in str(problem) for problem in problems)


def test_the_pdf_keeps_to_the_standard_and_begins_a_page() -> None:
    pdf = render_pdf(with_appendix(), find_fonts())
    assert [point.name for point in measure(pdf).faults if "字体" not in point.name] == []
    with pdfplumber.open(BytesIO(pdf)) as file:
        pages = [page.extract_text() for page in file.pages]
    assert any(page.startswith(SOURCES_HEADING) for page in pages)


def test_the_page_lists_it_in_its_contents() -> None:
    page = lxml_html.document_fromstring(render_html(with_appendix()))
    assert page.xpath("//nav//a")[-1].text_content() == SOURCES_HEADING
    assert page.xpath("//nav//a")[-1].get("href") == "#sources"


def test_a_fact_in_a_table_of_the_prose_is_data_on_the_page() -> None:
    blocks = to_blocks(["|项|数|\n|---|---|\n|新收|", LONG, "|\n"], "other")
    document = replace(sample_document(), blocks=blocks)
    (cell,) = lxml_html.document_fromstring(render_html(document)).xpath("//td/data")
    assert (cell.get("value"), cell.text_content()) == ("38", "38")
    assert LONG.source in cell.get("title")

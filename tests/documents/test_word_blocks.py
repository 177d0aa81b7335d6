"""The blocks of a Document in the Word report: spans, pictures, lists, captions, bookmarks."""

from __future__ import annotations

import re
from dataclasses import replace
from io import BytesIO

import docx
import pytest
from docx.shared import Mm
from hypothesis import example, given
from hypothesis import strategies as st
from lxml import etree
from tests.documents.sample_blocks import (
    bars,
    find_block,
    heading,
    listing,
    paragraph,
    photo,
    table,
)
from tests.documents.sample_document import sample_document
from tests.documents.word_files import NS, body, document_of, parts, q, sample_docx, texts, val

from nianbao.documents.bookmarks import block_bookmark, bookmark_section, section_bookmark
from nianbao.documents.page_fit import fit_pages
from nianbao.documents.word import render_docx
from nianbao.documents.word_tables import TWIPS_PER_MM
from nianbao.files.pages import fill_spans
from nianbao.prose.blocks import (
    Block,
    FigureBlock,
    GridBlock,
    ImageBlock,
    ListBlock,
    ParagraphBlock,
    TableBlock,
)


@pytest.fixture(scope="module")
def sample() -> bytes:
    return sample_docx()


@pytest.mark.parametrize("key", ["decisions", "requests", "reviews"])
def test_spans_are_exactly_those_of_the_grid(sample: bytes, key: str) -> None:
    blocks = {b.key: b for b in sample_document().blocks if isinstance(b, GridBlock)}
    block = blocks[key]
    wanted = fill_spans([[(c.text, c.colspan, c.rowspan) for c in row] for row in block.rows])
    grid = docx.Document(BytesIO(sample)).tables[1 + [*blocks].index(key)]
    assert [[cell.text.replace("\n", "") for cell in row.cells] for row in grid.rows] == wanted
    starts = sum(len(row) for row in block.rows)
    continued = sum(val(m) != "restart" for m in grid._tbl.iter(q("vMerge")))
    assert len(list(grid._tbl.iter(q("tc")))) == starts + continued
    heads = [row.find("w:trPr/w:tblHeader", NS) is not None for row in grid._tbl.iter(q("tr"))]
    head_rows = block.head_rows or 2  # of table 2, its first block's
    assert heads == [number < head_rows for number in range(len(block.rows))]
    assert all(row.find("w:trPr/w:cantSplit", NS) is not None for row in grid._tbl.iter(q("tr")))


def test_table_widths_fill_the_type_area(sample: bytes) -> None:
    for found in body(sample).iter(q("tbl")):
        columns = [int(val(c, "w") or 0) for c in found.iter(q("gridCol"))]
        assert sum(columns) == 8844 == int(val(found.find("w:tblPr/w:tblW", NS), "w") or 0)
        for row in found.iter(q("tr")):
            cells = [int(val(c, "w") or 0) for c in row.iter(q("tcW"))]
            assert sum(cells) == 8844


def test_the_label_of_block_three_is_set_upright(sample: bytes) -> None:
    turned = [
        tc for tc in body(sample).iter(q("tc")) if tc.find("w:tcPr/w:textDirection", NS) is not None
    ]
    assert texts(turned[0]) == "三、本年度办理结果"
    assert {val(tc.find("w:tcPr/w:textDirection", NS)) for tc in turned} == {"tbRlV"}


def test_tables_and_pictures_have_alternative_texts(sample: bytes) -> None:
    captions = [val(c) for c in body(sample).iter(q("tblCaption"))]
    blocks = sample_document().blocks
    assert captions == [b.title for b in blocks if isinstance(b, TableBlock | GridBlock)]
    pictures = body(sample).findall(".//wp:docPr", NS)
    assert [p.get("descr") for p in pictures] == [
        b.alt for b in blocks if isinstance(b, FigureBlock | ImageBlock)
    ]
    assert len({p.get("id") for p in pictures}) == len(pictures)


def test_a_picture_stays_within_the_type_area() -> None:
    tall = (
        '<svg xmlns="http://www.w3.org/2000/svg" width="100pt" height="900pt">'
        '<rect width="90" height="890"/></svg>'
    )
    chart = replace(bars("k", "图", "件", ["甲"], [1]), svg=tall)
    image = ImageBlock("x.png", "图", "image/png", photo(100, 900))
    for extent in body(render_docx(document_of(chart, image))).findall(".//wp:extent", NS):
        width, height = (int(extent.get(side) or 0) for side in ("cx", "cy"))
        assert width <= Mm(156)
        assert height <= Mm(200)
        assert width / height == pytest.approx(1 / 9, rel=0.02)


def test_a_chart_is_drawn_with_200_dots_an_inch(sample: bytes) -> None:
    png = parts(sample)["word/media/image1.png"]
    assert png.startswith(b"\x89PNG")
    assert int.from_bytes(png[16:20]) == pytest.approx(156 / 25.4 * 200, abs=2)


def test_captions_name_the_unit_and_notes_say_that_they_are() -> None:
    about = {"key": "k", "title": "渠道分布", "unit": "条", "notes": ("四舍五入。", "注：含转载。")}
    found = body(render_docx(document_of(table(["渠道", "条数"], ["网站", "1"], **about))))
    assert [texts(p) for p in found.iterchildren(q("p"))][1:] == [
        "渠道分布（单位：条）", "注：四舍五入。", "注：含转载。",
    ]  # fmt: skip


def test_a_table_out_of_the_prose_has_no_caption() -> None:
    found = body(render_docx(document_of(table(["甲", "乙"], ["1", ""]))))
    assert len(found.findall(q("p"))) == 1
    assert found.find(".//w:tblCaption", NS) is None


def test_each_ordered_list_counts_from_its_own_start() -> None:
    lists = (listing(True, "甲", "乙"), listing(True, "丙", start=4), listing(False, "丁"))
    found = render_docx(document_of(*lists))
    numbers = [val(n) for n in body(found).iter(q("numId"))]
    assert numbers[0] == numbers[1]
    assert len(set(numbers)) == 3
    numbering = etree.fromstring(parts(found)["word/numbering.xml"])
    starts = {
        val(n, "numId"): val(n.find(".//w:startOverride", NS)) for n in numbering.iter(q("num"))
    }
    assert [starts[number or ""] for number in numbers] == ["1", "1", "4", None]


def test_a_list_in_a_list_and_a_second_paragraph_in_an_item() -> None:
    item = (paragraph("other", "甲"), paragraph("other", "续"), listing(False, "内"))
    found = body(render_docx(document_of(ListBlock(True, 1, (item,)))))
    styles = [val(p.find("w:pPr/w:pStyle", NS)) for p in found.iterchildren(q("p"))]
    assert styles == ["Title", "ListNumber", "ListContinue", "ListBullet"]
    assert [val(level) for level in found.iter(q("ilvl"))] == ["0", "1"]


@pytest.mark.parametrize(
    ("name", "name_free", "date_free"),
    [("示例县人民政府", 2.0, 0.5), ("示例县司法局", 4.5, 2.0), ("示例局", 7.5, 2.0)],
)
def test_the_date_begins_two_characters_right_of_the_name(
    name: str, name_free: float, date_free: float
) -> None:
    found = body(render_docx(document_of(agency_name=name, signature=True)))
    last = found.findall(q("p"))[-2:]
    frees = [int(val(p.find("w:pPr/w:ind", NS), "rightChars") or 0) / 100 for p in last]
    assert [texts(p) for p in last] == [name, "2025年1月20日"]
    name_start, date_start = (f + w for f, w in zip(frees, (len(name), 6.5), strict=True))
    assert name_start - date_start == 2
    assert frees == [name_free, date_free]


def test_below_a_name_of_several_lines_the_date_stands_at_the_right() -> None:
    name = "示例县住房和城乡建设局（示例县人民防空办公室、示例县房屋征收办公室）"
    found = body(render_docx(document_of(agency_name=name, signature=True)))
    last = found.findall(q("p"))[-2:]
    assert [val(p.find("w:pPr/w:ind", NS), "rightChars") for p in last] == ["200", "200"]


def test_the_last_lines_stay_with_the_signature() -> None:
    text = [paragraph("other", "前一段。"), paragraph("other", "没有其他事项。")]
    for signature, kept in ((True, [False, True, True, False]), (False, [False, False])):
        found = body(render_docx(document_of(*text, signature=signature))).findall(q("p"))[1:]
        own = [p.find("w:pPr/w:keepNext", NS) is not None for p in found]
        signs = [val(p.find("w:pPr/w:pStyle", NS)) == "Signature" for p in found]  # by its style
        assert [a or b for a, b in zip(own, signs, strict=True)] == kept


def test_labels_of_groups_and_the_long_head_break_where_their_sense_does(sample: bytes) -> None:
    texts_of = {cell.text for table in docx.Document(BytesIO(sample)).tables
                for row in table.rows for cell in row.cells}  # fmt: skip
    assert "（六）\n其他处理" in texts_of
    assert "（本列数据的勾稽关系为：\n第一项加第二项之和，\n等于第三项加第四项之和）" in texts_of
    assert "三、本年度办理结果" in texts_of


def test_a_long_title_breaks_after_the_name(sample: bytes) -> None:
    title = body(sample).find(q("p"))
    assert title is not None
    assert [t.text for t in title.iter(q("t"))] == [
        "示例县人民政府", "2024年政府信息公开工作年度报告",
    ]  # fmt: skip


def test_an_address_does_not_tear_the_line_above_it_apart() -> None:
    blocks = [
        paragraph("a", "见www.shilixian.example/zwgk。"),
        paragraph("a", "电话0999-1234567。"),
    ]
    found = body(render_docx(document_of(*blocks))).findall(q("p"))[1:]
    assert [val(p.find("w:pPr/w:jc", NS)) for p in found] == ["left", None]


def test_bookmarks_are_unique_closed_and_short(sample: bytes) -> None:
    found = body(sample)
    starts = [(val(b, "id"), val(b, "name") or "") for b in found.iter(q("bookmarkStart"))]
    assert len({name for _, name in starts}) == len(starts)
    ends = [val(b, "id") for b in found.iter(q("bookmarkEnd"))]
    assert sorted(ends) == sorted(number for number, _ in starts)
    assert len(set(ends)) == len(ends)
    for _, name in starts:
        assert re.fullmatch(r"[A-Za-z]\w{0,39}", name, re.ASCII)


def test_every_section_of_the_text_has_a_bookmark(sample: bytes) -> None:
    names = [val(b, "name") or "" for b in body(sample).iter(q("bookmarkStart"))]
    found = {bookmark_section(name) for name in names}
    blocks = sample_document().blocks
    assert {b.section for b in blocks if isinstance(b, ParagraphBlock)} <= found


@given(st.text(st.characters(categories=["L", "N", "P"]), min_size=1, max_size=12))
@example("overview.requests")
@example("a_b-c.中文")
def test_a_section_is_found_again_by_its_bookmark(section: str) -> None:
    assert bookmark_section(section_bookmark(section)) == section
    assert bookmark_section(block_bookmark(section)) is None


def places(*blocks: Block) -> list[tuple[str, list[str]]]:
    """For each paragraph its first words and its bookmarks."""
    found = body(render_docx(document_of(*blocks))).findall(q("p"))[1:]
    return [(texts(p), [val(b, "name") or "" for b in p.iter(q("bookmarkStart"))]) for p in found]


def test_headings_of_the_form_and_headings_in_the_text_are_told_apart() -> None:
    found = places(
        heading(1, "other", "六、其他需要报告的事项"),
        heading(2, "heading-2", "（一）收费", "other"),
        paragraph("other", "甲"),
        heading(2, "heading-4", "（二）建议提案"),
        paragraph("other.proposals", "乙"),
        heading(3, "heading-6", "1.小结", "other.proposals"),
    )
    assert found == [
        ("六、其他需要报告的事项", ["nbx_heading_1", "nb_other"]),
        ("（一）收费", []),
        ("甲", []),
        ("（二）建议提案", ["nbx_heading_2"]),
        ("乙", ["nb_other_proposals"]),
        ("1.小结", []),
    ]


def test_a_heading_that_names_its_section_belongs_to_that_text() -> None:
    own = heading(2, "heading-2", "（一）收费", "other.fees")
    form = heading(2, "heading-3", "（二）建议")
    found = places(own, paragraph("other.fees", "甲"), form, paragraph("other.fees", "乙"))
    assert [marks for _, marks in found] == [["nb_other_fees"], [], ["nbx_heading_1"], []]


def test_figures_that_nearly_fit_are_smaller_and_others_are_not() -> None:
    charts = [bars(key, "图", "件", ["甲", "乙", "丙"], [1, 2, 3]) for key in ("a", "b", "c")]
    charts = [replace(chart, svg=chart.svg + f"<!-- {chart.key} -->") for chart in charts]
    alone = fit_pages([paragraph("a", "文"), charts[0]], title=1)
    assert set(alone.scales.values()) == {1.0}
    found = []
    for lines in range(20):
        fit = fit_pages([*(paragraph("a", "文") for _ in range(lines)), *charts], title=1)
        scales = [fit.scales.get(chart.svg, 1.0) for chart in charts]
        assert all(0.7 <= scale <= 1 for scale in scales)
        found.append(min(scales))
    assert min(found) < 1
    assert found[0] == 1


def test_table_2_is_airier_where_its_page_would_stay_blank() -> None:
    """As high as the page allows with some lines in reserve; never so that it needs another."""
    grid = find_block(sample_document(), GridBlock, "decisions")
    head = heading(1, "decisions", "二、主动公开政府信息情况")
    heights = {}
    for lines in range(1, 23):
        blocks = (*(paragraph("a", "文") for _ in range(lines)), head, grid)
        table = body(render_docx(document_of(*blocks))).find(q("tbl"))
        assert table is not None
        rows = {int(val(row, "val") or 0) for row in table.iter(q("trHeight"))}
        assert len(rows) == 1
        heights[lines] = rows.pop() / TWIPS_PER_MM
        before, line = 2 * 36 / 28.95 + 1 + lines, 225 / 22
        fits = before + 1 + len(grid.rows) * 8 / line <= 22
        end = before * fits + 1 + len(grid.rows) * heights[lines] / line
        assert end <= 22 - 3 or heights[lines] < 8.1, lines
    assert max(heights.values()) > 10.9
    assert min(heights.values()) < 8.1


def test_a_long_number_has_the_room_of_the_margins_and_is_then_smaller() -> None:
    head, widths = ["单位", "甲", "乙"], (12.0, 1.0, 1.0)
    grown = table(head, ["示例县水利局", "4384", "9"], ["合计", "12345678", "9"], widths=widths)
    found = body(render_docx(document_of(grown)))
    close = [texts(cell.getparent().getparent()) for cell in found.iter(q("tcMar"))]
    assert close == ["4384", "12345678"], "the whole column"
    (size,) = [int(val(each) or 0) for each in found.iter(q("sz"))]
    assert size < 21
    usual = body(render_docx(document_of(table(head, ["示例县水利局", "4384", "9"]))))
    assert not list(usual.iter(q("tcMar"), q("sz")))

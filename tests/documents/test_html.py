"""The HTML report without a browser: its 200 cells, its heads, its headings, its facts."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from itertools import pairwise
from typing import Any

from lxml import html as lxml_html
from tests.documents.html_tools import (
    Tables,
    cells_by_place,
    document_with_charts,
)
from tests.documents.sample_blocks import bars, find_block, paragraph, with_block, with_cells
from tests.documents.sample_document import sample_document
from tests.documents.sample_tables import cell_texts

from nianbao.documents.html import TEMPLATES, render_html
from nianbao.prose.blocks import FactWords, GridBlock, ListBlock
from nianbao.prose.facts import Fact
from nianbao.statistics.drawing import tones
from nianbao.statutory import load_format

FORMAT = load_format()
CAPTIONS = {
    "decisions": "主动公开政府信息情况（单位：件）",
    "requests": "收到和处理政府信息公开申请情况（单位：件）",
    "reviews": "政府信息公开行政复议、行政诉讼情况（单位：件）",
}


@cache
def page() -> str:
    return render_html(document_with_charts())


def tree(text: str) -> lxml_html.HtmlElement:
    return lxml_html.document_fromstring(text)


def expected_heads(key: str, row: str, column: str) -> set[str]:
    """The labels over and beside a cell, from the statutory format."""
    if key == "decisions":
        block = next(b for b in FORMAT.decision_blocks if row in b.rows)
        return {block.title, row, column}
    if key == "requests":
        line = FORMAT.request_row(row)
        organisation = column in FORMAT.organisations
        heads = {FORMAT.request_heads[0], column, line.label, line.part, line.group}
        return heads - {None} | ({FORMAT.request_heads[1]} if organisation else set())
    group = next(g for g in FORMAT.review_groups if g.key == row)
    return {group.head, row, column}


def statutory_tables(text: str) -> dict[str, list[list[dict[str, Any]]]]:
    parsed = Tables(text)
    by_caption = dict(zip(parsed.captions, parsed.tables, strict=True))
    return {key: by_caption[caption] for key, caption in CAPTIONS.items()}


def test_the_200_cells_by_their_headers() -> None:
    read = {}
    for key, table in statutory_tables(page()).items():
        names = {c["id"]: c["text"] for row in table for c in row if c["tag"] == "th"}
        for cell in (c for row in table for c in row if c["tag"] == "td"):
            heads = frozenset(names[i] for i in cell["headers"].split())
            assert (key, heads) not in read, "two cells under the same heads"
            read[key, heads] = cell["text"]
    expected = {
        (key, frozenset(expected_heads(key, row, column))): text
        for key, texts in cell_texts().items()
        for (row, column), text in texts.items()
    }
    assert len(expected) == 200
    assert read == expected


def test_the_200_cells_by_their_place_on_the_grid() -> None:
    count = 0
    for key, table in statutory_tables(page()).items():
        wanted = dict(cell_texts()[key])
        for cell, heads in cells_by_place(table):
            (found,) = (k for k in wanted if expected_heads(key, *k) <= heads)
            assert wanted.pop(found) == cell["text"]
            count += 1
        assert wanted == {}
    assert count == 200


def test_heads_say_what_they_head() -> None:
    for table in statutory_tables(page()).values():
        for cell in (c for row in table for c in row if c["tag"] == "th"):
            wide, tall = int(cell.get("colspan", 1)) > 1, int(cell.get("rowspan", 1)) > 1
            kinds = {
                "head": "colgroup" if wide else "col",
                "label": "rowgroup" if tall else "row",
                "block": "rowgroup",
            }
            assert cell["scope"] == kinds[cell["class"].removeprefix("nb-")]
    thead = tree(page()).xpath("//table[.//caption[contains(., '申请情况')]]/thead/tr")
    assert len(thead) == 3


def test_plain_tables_and_data_tables_have_heads() -> None:
    tables = tree(page()).xpath("//table[@class='nianbao-plain']")
    assert len(tables) == 6
    for table in tables:
        assert {th.get("scope") for th in table.iter("th")} == {"col", "row"}
        assert table.xpath("caption")


def test_a_note_stands_beside_its_number() -> None:
    document = with_cells(
        sample_document(),
        "decisions",
        lambda cell: replace(cell, note="含自然失效3件") if cell.text == "7" else cell,
    )
    found = [c for row in statutory_tables(render_html(document))["decisions"] for c in row]
    assert "7（含自然失效3件）" in [c["text"] for c in found]


def test_an_empty_cell_stays_empty() -> None:
    document = with_cells(
        sample_document(),
        "reviews",
        lambda cell: replace(cell, text="") if cell.text == "11" else cell,
    )
    values = [c["text"] for c in statutory_tables(render_html(document))["reviews"][-1]]
    assert values[:2] == ["", "2"]


def test_headings_and_contents() -> None:
    root = tree(page())
    headings = root.xpath("//h1|//h2|//h3|//h4|//h5")
    assert [h.tag for h in headings].count("h1") == 1
    assert headings[0].text_content() == "示例县人民政府2024年政府信息公开工作年度报告"
    levels = [int(h.tag[1]) for h in headings]
    assert all(after <= before + 1 for before, after in pairwise(levels))
    statutory = {section.heading for section in FORMAT.sections}
    assert statutory == {h.text_content() for h in headings if h.tag == "h2"}
    listed = {a.get("href"): a.text_content() for a in root.xpath("//nav//a")}
    shown = {f"#{h.get('id')}": h.text_content() for h in headings if h.tag in ("h2", "h3")}
    assert listed == shown
    assert listed["#overview.requests"] == "（二）依申请公开"


def test_ids_are_unique_and_every_reference_has_its_target() -> None:
    root = tree(page())
    ids = root.xpath("//@id")
    assert len(ids) == len(set(ids))
    references = [
        *(value[1:] for value in root.xpath("//@href") if value.startswith("#")),
        *" ".join(root.xpath("//@headers | //@aria-labelledby")).split(),
    ]
    assert len(references) > 400
    assert set(references) <= set(ids)


def test_labels_of_charts_are_text_in_both_forms() -> None:
    for form in ("nb-wide", "nb-narrow"):
        drawings = tree(page()).xpath(f"//svg[@class='{form}']")
        assert len(drawings) == 5
        words = drawings[0].xpath(".//text/text()")
        assert "示例县政府网站" in words
        classes = {c for drawing in drawings for c in drawing.xpath(".//*/@class")}
        assert classes <= {f"nb-{tone}" for tone in tones()}


def test_the_page_has_the_colours_of_the_style() -> None:
    css = (TEMPLATES / "nianbao" / "report.css").read_text(encoding="utf-8")
    light = dict(re.findall(r"--(\w+): (#\w+);", css))
    assert {tone: light[tone] for tone in tones()} == tones()


def test_facts_carry_value_name_and_source() -> None:
    data = {d.get("title"): (d.get("value"), d.text_content()) for d in tree(page()).iter("data")}
    assert data["新收申请，来源：表三"] == ("341", "341件")
    words = paragraph("preface", FactWords("（待填）", Fact("空", None, "（待填）")))
    document = replace(sample_document(), blocks=(words,))
    (first, *_) = tree(render_html(document)).iter("data")
    assert (first.get("value"), first.get("title")) == ("", "空")


def test_the_page_says_what_it_is() -> None:
    root = tree(page())
    assert root.get("lang") == "zh-CN"
    assert root.findtext(".//title") == "示例县人民政府2024年政府信息公开工作年度报告"
    meta = {m.get("name"): m.get("content") for m in root.iter("meta")}
    assert meta["description"] == sample_document().description
    assert meta["author"] == "示例县人民政府"
    (day,) = root.iter("time")
    assert (day.get("datetime"), day.text) == ("2025-01-20", "2025年1月20日")
    assert day.get("itemprop") == "datePublished"


def test_signature_date_and_draft_only_where_they_belong() -> None:
    document = replace(sample_document(), date=None, signature=False)
    plain = tree(render_html(document))
    assert plain.xpath("//*[@class='nianbao-signature']") == []
    assert list(plain.iter("time")) == []
    assert plain.xpath("//*[@class='nianbao-draft']") == []
    draft = tree(render_html(replace(document, draft=True, signature=True)))
    (banner,) = draft.xpath("//*[@class='nianbao-draft']")
    assert banner.text_content() == "草稿 未经审定，不得公开"
    (signature,) = draft.xpath("//*[@class='nianbao-signature']")
    assert signature.text_content().strip() == "示例县人民政府"


def test_a_list_keeps_its_kind_and_its_first_number() -> None:
    document = sample_document()
    first = find_block(document, ListBlock)
    inner = ListBlock(False, 1, ((),))
    items = ((*first.items[0], inner), *first.items[1:])
    root = tree(render_html(with_block(document, first, start=4, items=items)))
    (ordered,) = root.xpath("//main/ol")
    assert ordered.get("start") == "4"
    assert len(ordered.xpath("li")) == 3
    assert len(ordered.xpath("li/ul/li")) == 1


def test_on_paper_figures_are_smaller_and_rows_higher_where_their_page_wants_it() -> None:
    """So that no page stays half empty before a figure or below table 2."""

    def printed(lines: int) -> tuple[list[int], float]:
        grid = find_block(sample_document(), GridBlock, "decisions")
        chart = bars("a", "图", "件", [f"第{n}类" for n in range(9)], list(range(9)))
        text = [paragraph("overview", "文") for _ in range(lines)]
        page = render_html(replace(sample_document(), blocks=(*text, chart, grid)))
        scales = [int(found) for found in re.findall(r"#f\\:1 svg { width: (\d+)%", page)]
        (height,) = re.findall(r"nianbao-labels-1 tr { height: ([\d.]+)mm", page)
        return scales, float(height)

    found = [printed(lines) for lines in range(22)]
    scales = {scale for some, _ in found for scale in some}
    assert scales
    assert all(70 <= scale < 100 for scale in scales)
    assert any(not some for some, _ in found)
    assert min(height for _, height in found) == 8
    assert max(height for _, height in found) == 13

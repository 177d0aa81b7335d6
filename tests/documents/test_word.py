"""The Word report: form, spans, styles, fonts, properties, and the same bytes every time."""

from __future__ import annotations

import base64
import hashlib
import re
import subprocess
import sys
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import docx
import nbformat
import pytest
from docx.shared import Mm
from hypothesis import example, given
from hypothesis import strategies as st
from lxml import etree
from ruamel.yaml import YAML
from tests.documents.sample_blocks import bars, heading, listing, paragraph, text
from tests.documents.sample_document import sample_document
from tests.documents.word_files import NS, body, document_of, parts, q, sample_docx

from nianbao.documents.readback_model import fill_spans, squash
from nianbao.documents.word import ReportDocxExporter, render_docx
from nianbao.documents.word_bookmarks import block_bookmark, bookmark_section, section_bookmark

DATA = Path(__file__).parents[1] / "data" / "word"
ORDER: dict[str, list[str]] = YAML(typ="safe").load(DATA / "element_order.yaml")
XML_PARTS = ("document", "styles", "settings", "numbering", "fontTable", "footer1", "header1")


def val(element: etree._Element | None, name: str = "val") -> str | None:
    return None if element is None else element.get(q(name))


def texts(element: etree._Element) -> str:
    return "".join(t.text or "" for t in element.iter(q("t")))


@pytest.fixture(scope="module")
def sample() -> bytes:
    return sample_docx()


@pytest.fixture(scope="module")
def draft() -> bytes:
    return sample_docx(draft=True)


# --- the file as a whole -------------------------------------------------------------------------


@pytest.mark.parametrize("part", XML_PARTS)
def test_elements_stand_in_the_order_of_the_schema(draft: bytes, part: str) -> None:
    root = etree.fromstring(parts(draft)[f"word/{part}.xml"])
    checked = 0
    for element in root.iter():
        order = ORDER.get(etree.QName(element).localname) if isinstance(element.tag, str) else None
        if order is None:
            continue
        names = [etree.QName(child).localname for child in element if isinstance(child.tag, str)]
        assert set(names) <= set(order), f"{element.tag}: {set(names) - set(order)}"
        assert names == sorted(names, key=order.index), element.tag
        checked += 1
    assert checked


def test_python_docx_opens_it(sample: bytes) -> None:
    word = docx.Document(BytesIO(sample))
    assert len(word.tables) == 4
    assert word.paragraphs[0].style is not None
    assert word.paragraphs[0].style.name == "Title"


def test_no_fields_but_the_page_number_and_no_content_controls(draft: bytes) -> None:
    for name, content in parts(draft).items():
        assert b"<w:sdt" not in content, name
        assert b"<w:fldSimple" not in content, name
        fields = re.findall(rb"<w:instrText[^>]*>([^<]*)<", content)
        assert fields == ([b" PAGE "] if "footer" in name else []), name


def test_no_paragraph_is_left_empty(sample: bytes) -> None:
    for found in body(sample).iterchildren(q("p")):
        assert texts(found).strip() or found.find(".//w:drawing", NS) is not None


def test_every_style_used_exists(sample: bytes) -> None:
    styles = etree.fromstring(parts(sample)["word/styles.xml"])
    known = {val(style, "styleId") for style in styles.iter(q("style"))}
    used = {val(e) for n in ("pStyle", "rStyle", "tblStyle") for e in body(sample).iter(q(n))}
    assert used <= known
    assert {"Title", "Heading1", "Heading4", "BodyText", "Strong", "Emphasis"} <= used


def test_a_paragraph_is_one_run_unless_the_words_change_their_look(sample: bytes) -> None:
    found = next(p for p in body(sample).iter(q("p")) if "全年新收" in texts(p))
    assert len(found.findall(q("r"))) == 1


def test_the_same_document_is_the_same_file_in_any_process(sample: bytes, repository: Path) -> None:
    code = (
        "import hashlib, sys; sys.path.insert(0, sys.argv[1]);"
        "from tests.documents.word_files import sample_docx;"
        "print(hashlib.sha256(sample_docx()).hexdigest())"
    )
    for seed, zone in (("1", "Asia/Shanghai"), ("77", "America/New_York")):
        done = subprocess.run(
            [sys.executable, "-c", code, str(repository)],
            check=True,
            capture_output=True,
            text=True,
            cwd="/",
            env={"PYTHONHASHSEED": seed, "TZ": zone, "SOURCE_DATE_EPOCH": seed},
        )
        assert done.stdout.strip() == hashlib.sha256(sample).hexdigest()


def test_the_zip_has_sorted_names_and_one_time(sample: bytes) -> None:
    with ZipFile(BytesIO(sample)) as archive:
        entries = archive.infolist()
    names = [entry.filename for entry in entries]
    assert names == sorted(names)
    assert names[0] == "[Content_Types].xml"
    assert {entry.date_time for entry in entries} == {(1980, 1, 1, 0, 0, 0)}


@pytest.mark.parametrize(
    ("date", "day"), [("2025年1月20日", "2025-01-20"), (None, "2025-01-01")], ids=["date", "none"]
)
def test_properties_come_from_the_document_and_never_from_the_clock(
    date: str | None, day: str
) -> None:
    properties = docx.Document(BytesIO(sample_docx(date=date))).core_properties
    assert properties.title == "示例县人民政府2024年政府信息公开工作年度报告"
    assert properties.author == properties.last_modified_by == "示例县人民政府"
    assert properties.language == "zh-CN"
    assert properties.created is not None
    assert properties.created.date().isoformat() == day
    assert properties.modified == properties.created


# --- page, fonts, styles -------------------------------------------------------------------------


def test_the_page_is_that_of_the_standard(sample: bytes) -> None:
    section = docx.Document(BytesIO(sample)).sections[0]
    sizes = (section.page_width, section.page_height, section.top_margin, section.left_margin)
    sizes += (section.right_margin, section.bottom_margin)
    for size, wanted in zip(sizes, (210, 297, 37, 28, 26, 35), strict=True):
        assert size is not None
        assert abs(size - Mm(wanted)) < Mm(0.1)


def test_the_grid_has_22_lines_of_28_characters(sample: bytes) -> None:
    section = body(sample).find(q("sectPr"))
    assert section is not None
    size, margin, grid = (section.find(q(name)) for name in ("pgSz", "pgMar", "docGrid"))
    assert val(grid, "type") == "linesAndChars"
    height = (
        int(val(size, "h") or 0) - int(val(margin, "top") or 0) - int(val(margin, "bottom") or 0)
    )
    width = (
        int(val(size, "w") or 0) - int(val(margin, "left") or 0) - int(val(margin, "right") or 0)
    )
    pitch, character = (
        int(val(grid, "linePitch") or 0),
        16 + int(val(grid, "charSpace") or 0) / 4096,
    )
    assert height // pitch == 22
    assert width / 20 // character == 28
    assert width / 20 - 28 * character < 0.1


def test_every_font_is_named_for_all_characters_and_none_by_a_theme(draft: bytes) -> None:
    for name, content in parts(draft).items():
        assert b"Theme=" not in content, name
    fonts = etree.fromstring(parts(draft)["word/styles.xml"]).iter(q("rFonts"))
    for font in fonts:
        names = {val(font, kind) for kind in ("ascii", "hAnsi", "eastAsia", "cs")}
        assert len(names) == 1, etree.tostring(font)
        assert val(font, "hint") == "eastAsia"


@pytest.mark.parametrize(
    ("style_id", "name", "font", "half_points"),
    [
        ("Title", "Title", "方正小标宋简体", "44"),
        ("Heading1", "heading 1", "黑体", None),
        ("Heading2", "heading 2", "楷体", None),
        ("Heading3", "heading 3", "仿宋", None),
        ("Heading4", "heading 4", "仿宋", None),
        ("Footer", "footer", "宋体", "28"),
    ],
)
def test_styles_are_the_built_in_ones_in_the_fonts_of_the_standard(
    sample: bytes, style_id: str, name: str, font: str, half_points: str | None
) -> None:
    styles = etree.fromstring(parts(sample)["word/styles.xml"])
    (style,) = (s for s in styles.iter(q("style")) if val(s, "styleId") == style_id)
    assert val(style.find(q("name"))) == name
    assert val(style.find("w:rPr/w:rFonts", NS), "eastAsia") == font
    assert val(style.find("w:rPr/w:sz", NS)) == half_points
    assert style.find("w:rPr/w:b", NS) is None
    if name.startswith("heading"):
        assert val(style.find("w:pPr/w:outlineLvl", NS)) == str(int(name[-1]) - 1)
        assert style.find("w:pPr/w:keepNext", NS) is not None


def test_text_is_16_points_at_the_exact_pitch_with_two_characters_indent(sample: bytes) -> None:
    styles = etree.fromstring(parts(sample)["word/styles.xml"])
    defaults = styles.find("w:docDefaults/w:rPrDefault/w:rPr", NS)
    assert defaults is not None
    assert val(defaults.find(q("sz"))) == "32"
    assert val(defaults.find(q("lang")), "eastAsia") == "zh-CN"
    by_id = {val(style, "styleId"): style for style in styles.iter(q("style"))}
    spacing = by_id["Normal"].find("w:pPr/w:spacing", NS)
    assert (val(spacing, "line"), val(spacing, "lineRule")) == ("579", "exact")
    assert val(by_id["BodyText"].find("w:pPr/w:ind", NS), "firstLineChars") == "200"


def test_page_numbers_are_on_the_outer_side(sample: bytes) -> None:
    files = parts(sample)
    assert b"<w:evenAndOddHeaders/>" in files["word/settings.xml"]
    section = body(sample).find(q("sectPr"))
    assert section is not None
    kinds = [val(reference, "type") for reference in section.findall(q("footerReference"))]
    assert kinds == ["default", "even"]
    for number, side in (("1", "right"), ("2", "left")):
        footer = etree.fromstring(files[f"word/footer{number}.xml"])
        assert texts(footer) == f"— {number} —"
        assert val(footer.find(".//w:jc", NS)) == side
        assert val(footer.find(".//w:ind", NS), f"{side}Chars") == "100"


def test_only_a_draft_says_so_on_every_page(sample: bytes, draft: bytes) -> None:
    assert not [name for name in parts(sample) if "header" in name]
    assert not body(sample).findall(".//w:headerReference", NS)
    kinds = [val(e, "type") for e in body(draft).findall(".//w:headerReference", NS)]
    assert kinds == ["default", "even"]
    for name in ("header1", "header2"):
        assert texts(etree.fromstring(parts(draft)[f"word/{name}.xml"])) == "（草稿）"


# --- blocks --------------------------------------------------------------------------------------


@pytest.mark.parametrize("key", ["decisions", "requests", "reviews"])
def test_spans_are_exactly_those_of_the_grid(sample: bytes, key: str) -> None:
    blocks = {b["key"]: b for b in sample_document()["blocks"] if b["type"] == "grid"}
    block = blocks[key]
    wanted = fill_spans(
        [[(c["text"], c["colspan"], c["rowspan"]) for c in row] for row in block["rows"]]
    )
    table = docx.Document(BytesIO(sample)).tables[1 + [*blocks].index(key)]
    assert [[cell.text for cell in row.cells] for row in table.rows] == wanted
    starts = sum(len(row) for row in block["rows"])
    continued = sum(val(m) != "restart" for m in table._tbl.iter(q("vMerge")))
    assert len(list(table._tbl.iter(q("tc")))) == starts + continued
    heads = [row.find("w:trPr/w:tblHeader", NS) is not None for row in table._tbl.iter(q("tr"))]
    assert heads == [number < block["head_rows"] for number in range(len(block["rows"]))]
    assert all(row.find("w:trPr/w:cantSplit", NS) is not None for row in table._tbl.iter(q("tr")))


def test_table_widths_fill_the_type_area(sample: bytes) -> None:
    for table in body(sample).iter(q("tbl")):
        columns = [int(val(c, "w") or 0) for c in table.iter(q("gridCol"))]
        assert sum(columns) == 8844 == int(val(table.find("w:tblPr/w:tblW", NS), "w") or 0)
        for row in table.iter(q("tr")):
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
    assert captions == [
        b["title"] for b in sample_document()["blocks"] if b["type"] in ("table", "grid")
    ]
    pictures = body(sample).findall(".//wp:docPr", NS)
    assert [p.get("descr") for p in pictures] == [
        b["alt"] for b in sample_document()["blocks"] if b["type"] in ("figure", "image")
    ]
    assert len({p.get("id") for p in pictures}) == len(pictures)


def test_a_picture_stays_within_the_type_area() -> None:
    tall = (
        '<svg xmlns="http://www.w3.org/2000/svg" width="100pt" height="900pt">'
        '<rect width="90" height="890"/></svg>'
    )
    chart = {**bars("k", "图", "件", ["甲"], [1]), "svg": tall}
    image = {
        "type": "image", "file": "x.svg", "alt": "图", "media": "image/svg+xml",
        "base64": base64.b64encode(tall.encode()).decode(),
    }  # fmt: skip
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
    table = {
        "type": "table", "key": "k", "title": "渠道分布", "unit": "条", "source": "",
        "head": ["渠道", "条数"], "rows": [["网站", "1"]], "align": ["left", "right"],
        "notes": ["四舍五入。", "注：含转载。"],
    }  # fmt: skip
    found = body(render_docx(document_of(table)))
    assert [texts(p) for p in found.iterchildren(q("p"))][1:] == [
        "渠道分布（单位：条）", "注：四舍五入。", "注：含转载。",
    ]  # fmt: skip


def test_a_table_out_of_the_prose_has_no_caption() -> None:
    table = {
        "type": "table", "key": None, "title": "", "unit": "", "source": "", "notes": [],
        "head": ["甲", "乙"], "rows": [["1", ""]], "align": ["left", "center"],
    }  # fmt: skip
    found = body(render_docx(document_of(table)))
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
    item = [paragraph("other", "甲"), paragraph("other", "续"), listing(False, "内")]
    block = {"type": "list", "ordered": True, "start": 1, "items": [item]}
    found = body(render_docx(document_of(block)))
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
    agency = {"code": "a", "name": name}
    found = body(render_docx(document_of(agency=agency, signature=True, date="2025年1月20日")))
    last = found.findall(q("p"))[-2:]
    frees = [int(val(p.find("w:pPr/w:ind", NS), "rightChars") or 0) / 100 for p in last]
    assert [texts(p) for p in last] == [name, "2025年1月20日"]
    name_start, date_start = (f + w for f, w in zip(frees, (len(name), 6.5), strict=True))
    assert name_start - date_start == 2
    assert frees == [name_free, date_free]


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


# --- bookmarks -----------------------------------------------------------------------------------


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
    assert {b["section"] for b in sample_document()["blocks"] if "section" in b} <= found


@given(st.text(st.characters(categories=["L", "N", "P"]), min_size=1, max_size=12))
@example("overview.requests")
@example("a_b-c.中文")
def test_a_section_is_found_again_by_its_bookmark(section: str) -> None:
    assert bookmark_section(section_bookmark(section)) == section
    assert bookmark_section(block_bookmark(section)) is None


def places(*blocks: Any) -> list[tuple[str, list[str]]]:
    """For each paragraph its first words and its bookmarks."""
    found = body(render_docx(document_of(*blocks))).findall(q("p"))[1:]
    return [(texts(p), [val(b, "name") or "" for b in p.iter(q("bookmarkStart"))]) for p in found]


def test_headings_of_the_form_and_headings_in_the_text_are_told_apart() -> None:
    found = places(
        heading(1, "other", "六、其他需要报告的事项"),
        heading(2, "heading-2", "（一）收费"),
        paragraph("other", "甲"),
        heading(2, "heading-4", "（二）建议提案"),
        paragraph("other.proposals", "乙"),
        heading(3, "heading-6", "1.小结"),
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
    own = {**heading(2, "heading-2", "（一）收费"), "section": "other.fees"}
    form = {**heading(2, "heading-3", "（二）建议"), "section": ""}
    found = places(own, paragraph("other.fees", "甲"), form, paragraph("other.fees", "乙"))
    assert [marks for _, marks in found] == [["nb_other_fees"], [], ["nbx_heading_1"], []]


# --- text stays text -----------------------------------------------------------------------------

HOSTILE = (
    "<w:p>&amp;\"'",
    "</w:t></w:r><w:fldSimple w:instr='INCLUDETEXT'/>",
    "#set page(width: 1pt) $x$ @a *b* _c_",
    "甲\x00\x08\x1b乙\ufffe\ud800",
    "=1+1 {{ 新收申请 }} ${jndi}",
    "右\u202e左\u200b",
)


@pytest.mark.parametrize("words", HOSTILE)
def test_hostile_text_stays_text_everywhere(words: str) -> None:
    document = sample_document()
    grid = next(b for b in document["blocks"] if b["type"] == "grid")
    grid["rows"][2][1]["text"] = grid["notes"] = grid["title"] = words
    grid["notes"] = [words]
    chart = {**bars("k", words, words, ["甲"], [1]), "alt": words}
    name = {"code": "a", "name": f"局{words}"}
    blocks = [heading(2, "x", words), paragraph("x", words, text(words, strong=True)), grid, chart]
    changes = {"title": f"题{words}", "agency": name, "description": words, "signature": True}
    found = docx.Document(BytesIO(render_docx(document_of(*blocks, **changes))))
    shown = squash("\n".join(p.text for p in found.paragraphs) + found.tables[0].cell(2, 1).text)
    wanted = squash(words.replace("\ufffe", ""))
    assert shown.count(wanted) >= 6
    assert squash(found.tables[0].cell(2, 1).text) == wanted


@given(st.text(max_size=40))
@example("甲\r\n乙\t丙")
def test_any_text_comes_out_as_it_went_in(words: str) -> None:
    found = docx.Document(BytesIO(render_docx(document_of(paragraph("x", "前", words, "后")))))
    forbidden = str.maketrans("", "", "\ufffe\uffff")
    assert squash(found.paragraphs[1].text) == squash(f"前{words}后".translate(forbidden))


# --- nbconvert -----------------------------------------------------------------------------------


def test_the_exporter_gives_the_same_file(sample: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    import nianbao.documents.document as module

    monkeypatch.setattr(module, "document_from_notebook", lambda nb, resources: sample_document())
    exporter = ReportDocxExporter()
    output, resources = exporter.from_notebook_node(nbformat.v4.new_notebook())
    assert output == sample
    assert resources["output_extension"] == exporter.file_extension == ".docx"
    assert exporter.export_from_notebook == "年报 Word"


def test_a_picture_of_the_bureau_is_taken_as_it_is(sample: bytes) -> None:
    images = [content for name, content in parts(sample).items() if "media" in name]
    (block,) = [b for b in sample_document()["blocks"] if b["type"] == "image"]
    assert base64.b64decode(block["base64"]) in images

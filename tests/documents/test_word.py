"""The Word report: form, spans, styles, fonts, properties, and the same bytes every time."""

from __future__ import annotations

import datetime
import hashlib
import re
import subprocess
import sys
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import docx
import nbformat
import pytest
from docx.shared import Mm
from lxml import etree
from tests.documents.sample_blocks import find_block
from tests.documents.sample_document import sample_document
from tests.documents.word_files import NS, body, parts, q, sample_docx, texts, val

from nianbao.documents.exporters import ReportDocxExporter
from nianbao.libyaml import parse_yaml
from nianbao.prose.blocks import ImageBlock

DATA = Path(__file__).parents[1] / "data" / "word"
ORDER: dict[str, list[str]] = parse_yaml((DATA / "element_order.yaml").read_text("utf-8"))
XML_PARTS = ("document", "styles", "settings", "numbering", "fontTable", "footer1", "header1")


@pytest.fixture(scope="module")
def sample() -> bytes:
    return sample_docx()


@pytest.fixture(scope="module")
def draft() -> bytes:
    return sample_docx(draft=True)


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
    done = subprocess.run(
        [sys.executable, "-c", code, str(repository)],
        check=True,
        capture_output=True,
        text=True,
        cwd="/",
        env={"PYTHONHASHSEED": "77", "TZ": "America/New_York", "SOURCE_DATE_EPOCH": "1"},
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
    ("date", "day"),
    [(datetime.date(2025, 1, 20), "2025-01-20"), (None, "2025-01-01")],
    ids=["date", "none"],
)
def test_properties_come_from_the_document_and_never_from_the_clock(
    date: datetime.date | None, day: str
) -> None:
    properties = docx.Document(BytesIO(sample_docx(date=date))).core_properties
    assert properties.title == "示例县人民政府2024年政府信息公开工作年度报告"
    assert properties.author == properties.last_modified_by == "示例县人民政府"
    assert properties.language == "zh-CN"
    assert properties.created is not None
    assert properties.created.date().isoformat() == day
    assert properties.modified == properties.created


def test_the_page_is_that_of_the_standard(sample: bytes) -> None:
    section = docx.Document(BytesIO(sample)).sections[0]
    sizes = (section.page_width, section.page_height, section.top_margin, section.left_margin)
    sizes += (section.right_margin, section.bottom_margin)
    for size, wanted in zip(sizes, (210, 297, 37, 28, 26, 35), strict=True):
        assert size is not None
        assert abs(size - Mm(wanted)) < Mm(0.1)


def test_a_page_has_22_lines_of_28_characters(sample: bytes) -> None:
    section = body(sample).find(q("sectPr"))
    assert section is not None
    size, margin, grid = (section.find(q(name)) for name in ("pgSz", "pgMar", "docGrid"))
    height = int(val(size, "h") or 0) - sum(int(val(margin, s) or 0) for s in ("top", "bottom"))
    width = int(val(size, "w") or 0) - sum(int(val(margin, s) or 0) for s in ("left", "right"))
    # With a grid of characters LibreOffice takes 27: the styles' spacing does it everywhere.
    assert val(grid, "type") == "lines"
    assert height // int(val(grid, "linePitch") or 0) == 22
    styles = etree.fromstring(parts(sample)["word/styles.xml"])
    spacing = {
        val(style, "styleId"): int(val(style.find("w:rPr/w:spacing", NS)) or 0)
        for style in styles.iter(q("style"))
    }
    for style in ("BodyText", "Heading1", "Heading2", "Heading3", "Heading4"):
        assert width // (320 + spacing[style]) == 28


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


def test_a_measure_word_begins_no_line_and_no_hidden_sign_says_so(sample: bytes) -> None:
    settings = etree.fromstring(parts(sample)["word/settings.xml"])
    barred = val(settings.find(q("noLineBreaksBefore")), "val") or ""
    assert set("年月日条件次个项人万，。）%") <= set(barred)
    letters = "".join(str(text) for text in body(sample).itertext())
    assert not re.search("[\u200b-\u200f\u2060\ufeff]", letters)


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
        assert (
            texts(etree.fromstring(parts(draft)[f"word/{name}.xml"])) == "草稿　未经审定，不得公开"
        )


def test_the_exporter_gives_the_same_file(sample: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    import nianbao.documents.document as module

    monkeypatch.setattr(module, "document_from_notebook", lambda notebook: sample_document())
    exporter = ReportDocxExporter()
    output, resources = exporter.from_notebook_node(nbformat.v4.new_notebook())
    assert output == sample
    assert resources["output_extension"] == exporter.file_extension == ".docx"
    assert exporter.export_from_notebook == "年报 Word"


def test_a_picture_of_the_bureau_is_taken_as_it_is(sample: bytes) -> None:
    images = [content for name, content in parts(sample).items() if "media" in name]
    assert find_block(sample_document(), ImageBlock).data in images

"""The layout check passes the report and finds every fault that is put into the template."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from tests.documents.pdf_files import packaged_fonts, pdf_of, project_fonts
from tests.documents.sample_blocks import bars, find_block, heading, paragraph, table, with_cells
from tests.documents.sample_document import sample_document

from nianbao.documents import pdf as pdf_module
from nianbao.documents import typst_data
from nianbao.documents.layout_check.check import LayoutReport, Measurement, layout_markdown, measure
from nianbao.fonts import Fonts
from nianbao.prose.blocks import Block, Document, FigureCitation, GridBlock, TableBlock

pytestmark = pytest.mark.slow

FONTS = {"project": project_fonts, "packaged": packaged_fonts}


def long_table(rows: int = 17) -> TableBlock:
    """A table of several pages, its rows of three to seven lines each."""
    lines = ([f"第{n}行" + "字" * (70 + 30 * (n % 5)), str(n)] for n in range(rows))
    return table(["项目", "数量"], *lines, align=("left", "right"), title="长表", unit="件")


def full_document() -> Document:
    """The sample, with a table longer than a page and a number too big for its column."""
    document = with_cells(
        sample_document(),
        "reviews",
        lambda cell: replace(cell, text="123456789") if cell.text == "11" else cell,
    )
    *blocks, last = document.blocks
    return replace(document, blocks=(*blocks, long_table(), last))


@pytest.fixture(scope="module", params=FONTS)
def fonts(request: pytest.FixtureRequest) -> Fonts:
    return FONTS[request.param]()


@pytest.fixture(scope="module")
def report(fonts: Fonts) -> LayoutReport:
    return measure(pdf_of(full_document(), fonts))


def test_every_point_is_within_its_tolerance(report: LayoutReport, fonts: Fonts) -> None:
    # With the last resort alone the faces are others; all the rest is as it should be.
    resort = {font.path.stem for font in fonts.all if font.path.stem.startswith("Noto")}
    wrong_face = {
        p.name for p in report.measurements if p.name.endswith("字体") and p.measured in resort
    }
    assert {measured.name for measured in report.faults} == wrong_face
    if "FandolFang" in {font.family for font in fonts.all}:
        assert report.ok


def test_the_measured_lengths_are_those_of_the_standard(report: LayoutReport) -> None:
    expected = {"天头": 37, "订口": 28, "切口": 26, "版心高（22 行）": 225, "一字线距版心下边缘": 7}
    for name, millimetres in expected.items():
        assert float(report[name].measured.split()[0]) == pytest.approx(millimetres, abs=0.15)
    assert report["每面行数"].measured == "22 行"
    assert report["每行字数"].measured == "28 字"
    assert report["存档标准"].measured == "PDF/A-2a"
    assert report["无障碍标准"].measured == "PDF/UA-1"


# What each fault of the template shows in; faults of one group, which concern different points,
# are put in together.
FAULTS: dict[str, dict[tuple[str, str, str], tuple[str, ...]]] = {
    "page": {
        ("page.typ", 'paper: "a4"', 'paper: "us-letter"'): ("纸张",),
        ("page.typ", "top: 37mm", "top: 33mm"): ("天头",),
    },
    "left": {
        ("page.typ", "left: 28mm, right: 26mm", "left: 26mm, right: 28mm"): ("订口",),
        ("page.typ", "[— #number —]", "[- #number -]"): ("页码文字",),
        ("page.typ", 'region: "cn"', 'region: "tw"'): ("语言",),
        ("report.typ", "title: doc.title", "title: doc.agency"): ("文档标题",),
        (
            "blocks.typ",
            '("heading1", "heading2", "body"',
            '("song", "heading2", "body"',
        ): ("一级标题字体",),
        ("blocks.typ", "face(role), size: size", "face(role), size: 14pt"): ("一级标题字号",),
        ("tables.typ", "if cell.scale < 1", "if false"): ("表格文字不出格",),
    },
    "right": {
        ("page.typ", "left: 28mm, right: 26mm", "left: 28mm, right: 23mm"): ("切口",),
        ("measures.typ", "#let title-size = 22pt", "#let title-size = 24pt"): ("标题字号",),
        ("measures.typ", "page-number-size = 14pt", "page-number-size = 12pt"): ("页码字号",),
        (
            "blocks.typ",
            '("heading1", "heading2", "body"',
            '("heading1", "body", "body"',
        ): ("二级标题字体",),
        ("blocks.typ", "heading(level:", "heading(bookmarked: false, level:"): ("书签",),
        (
            "tables.typ",
            "table.header(..head),",
            "table.header(repeat: false, ..head),",
        ): ("跨页表格重复表头",),
    },
    "bottom": {("page.typ", "bottom: 35mm", "bottom: 20mm"): ("版心以下的正文",)},
    "pitch": {
        ("measures.typ", "lines-a-page - 0.001pt", "lines-a-page - 1pt"): (
            "行距",
            "版心高（22 行）",
        ),
        ("measures.typ", "page-number-drop = 7mm", "page-number-drop = 4mm"): (
            "一字线距版心下边缘",
        ),
    },
    "lines": {("measures.typ", "lines-a-page = 22", "lines-a-page = 20"): ("每面行数",)},
    "grid": {
        ("page.typ", "calc.odd(number) { right }", "calc.even(number) { right }"): ("页码位置",),
        ("page.typ", "align(center, title(", "align(left, title("): ("标题居中（偏离）",),
        ("measures.typ", "lines-of(height) = calc.ceil(", "lines-of(height) = ("): (
            "各行落在行格上",
        ),
        (
            "tables.typ",
            "table.cell(breakable: longer-than-a-page(words), breakable(words))",
            "words",
        ): ("表格行不跨页",),
    },
    "letters": {
        ("measures.typ", "characters-a-line = 28", "characters-a-line = 27"): ("每行字数", "字距")
    },
}


@pytest.mark.parametrize("group", FAULTS)
def test_a_fault_in_the_template_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, group: str
) -> None:
    faults = FAULTS[group]
    found = measure_with(tmp_path, monkeypatch, *faults)
    points = [point for named in faults.values() for point in named]
    assert [point for point in points if found[point].ok] == []


def measure_with(
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    *changes: tuple[str, str, str],
    document: Document | None = None,
) -> LayoutReport:
    """Measure a document (by default the full sample), set with the templates so changed."""
    for name in pdf_module.SOURCES:
        shutil.copy(Path(pdf_module.__file__).parent / "templates" / name, folder / name)
    for name, old, new in changes:
        source = (folder / name).read_text("utf-8")
        assert old in source
        (folder / name).write_text(source.replace(old, new), "utf-8")
    monkeypatch.setattr(pdf_module, "TEMPLATES", folder)
    return measure(pdf_of(document or full_document()))


def test_a_heading_alone_at_the_foot_of_a_page_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = [paragraph("x", "字" * 20) for _ in range(17)]
    blocks = (*lines, heading(1, "y", "一、甲"), *lines)
    document = replace(sample_document(), blocks=blocks)
    point = "标题不单独留在页末"
    assert measure(pdf_of(document))[point].ok
    source = (pdf_module.TEMPLATES / "blocks.typ").read_text("utf-8")
    for name in pdf_module.SOURCES:
        shutil.copy(pdf_module.TEMPLATES / name, tmp_path / name)
    loose = source.replace(
        "block(sticky: true, width: 100%, above", "block(sticky: false, width: 100%, above"
    )
    (tmp_path / "blocks.typ").write_text(loose, "utf-8")
    monkeypatch.setattr(pdf_module, "TEMPLATES", tmp_path)
    found = measure(pdf_of(document))[point]
    assert (found.ok, found.measured) == (False, "第1页“一、甲”")


def test_a_file_can_be_measured_by_its_path(tmp_path: Path) -> None:
    file = tmp_path / "report.pdf"
    file.write_bytes(pdf_of(sample_document()))
    assert measure(file).name == file.as_posix()
    assert measure(file, "甲局").name == "甲局"


def test_the_page_of_measured_values_shows_faults_and_gaps() -> None:
    good = LayoutReport("甲局", (Measurement("天头", "37 mm", "37.00 mm", True, "±1 mm"),))
    bad = LayoutReport(
        "乙局",
        (
            Measurement("天头", "37 mm", "30.00 mm", False, "±1 mm"),
            Measurement("语言", "zh-CN", "zh-CN", True),
        ),
    )
    page = layout_markdown([good, bad])
    assert "| 项目 | 标准 | 允许偏差 | 甲局 | 乙局 |" in page
    assert "| 天头 | 37 mm | ±1 mm | 37.00 mm | **不符：30.00 mm** |" in page
    assert "| 语言 | zh-CN | — | — | zh-CN |" in page


def test_a_short_report_whose_pages_all_end_with_a_figure_is_measured_by_its_pitch(
    fonts: Fonts,
) -> None:
    labels = [f"项目{n}" for n in range(12)]
    blocks: list[Block] = []
    for part in range(3):
        blocks += [paragraph("x", "字" * 200), bars(str(part), "图", "件", labels, [1] * 12)]
    blocks.append(paragraph("x", "后文"))
    document = replace(full_document(), blocks=tuple(blocks))
    assert measure(pdf_of(document, fonts))["每面行数"].measured == "22 行"


def test_text_that_goes_on_before_the_page_is_full_is_a_fault(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = tuple(paragraph("x", "字" * 300) for _ in range(14))
    document = replace(sample_document(), blocks=lines)
    change = ("page.typ", "bottom: 35mm", "bottom: 60mm")
    low = measure_with(tmp_path, monkeypatch, change, document=document)
    assert low["每面行数"].measured == "20 行"


def test_a_line_that_stands_alone_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    parted, whole = "段落首行、末行不单独在一面", "末行不止一字"
    document = replace(sample_document(), blocks=(paragraph("x", "字" * 54 + "末"),) * 20)
    set_well = measure(pdf_of(document))
    assert set_well[parted].ok
    assert set_well[whole].ok
    change = ("page.typ", "widow: 100%, orphan: 100%", "widow: 0%, orphan: 0%")
    assert "页" in measure_with(tmp_path, monkeypatch, change, document=document)[parted].measured
    monkeypatch.setattr(typst_data, "ending_whole", list)
    assert "“末”" in measure(pdf_of(document))[whole].measured


def test_a_page_that_stays_half_blank_is_found() -> None:
    grid = find_block(sample_document(), GridBlock, "requests")
    blocks = (paragraph("x", "字" * 40), grid, paragraph("x", "后"))
    found = measure(pdf_of(replace(sample_document(), blocks=blocks, signature=False)))
    assert not found["各面占版心高"].ok


def test_a_figure_away_from_its_text_is_found() -> None:
    chart = replace(bars("x", "图", "件", ["甲", "乙"], [1, 2]), number=1)
    words = paragraph("x", "共三件", FigureCitation((1,)), "。")
    blocks = (words, heading(1, "y", "一、甲"), paragraph("x", "字" * 26 + "乙。"), chart)
    found = measure(pdf_of(replace(sample_document(), blocks=blocks)))
    assert found["图在本部分之内"].measured == "图1"
    assert found["图旁短行"].measured == "图1前“字乙。”"
    broken = (paragraph("x", "这一段没有说完，"), chart, paragraph("x", "接着说。"))
    torn = measure(pdf_of(replace(sample_document(), blocks=broken)))
    assert torn["图不断开段落"].measured == "图1前“这一段没有说完，”"

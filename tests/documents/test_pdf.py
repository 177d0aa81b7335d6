"""The PDF says what the Document says, as text, on every machine the same."""

from __future__ import annotations

import hashlib
import io
import os
import re
import subprocess
import sys
import time
from dataclasses import replace
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nbformat.v4 import new_notebook
from tests import warm
from tests.documents.pdf_files import (
    ROOT,
    letters_of,
    packaged_fonts,
    pdf_of,
    project_fonts,
    squeezed,
    tables_of,
    text_of,
    words_at,
)
from tests.documents.sample_blocks import (
    find_block,
    heading,
    listing,
    paragraph,
    table,
    with_block,
    with_cells,
    with_words,
)
from tests.documents.sample_document import NAME, PHONE, plain, sample_document
from tests.documents.sample_tables import DECISIONS, FORMAT, REVIEWS, request_numbers

from nianbao.documents import exporters, typst_fonts
from nianbao.documents import pdf as pdf_module
from nianbao.documents.exporters import ReportPDFExporter
from nianbao.errors import ExportError
from nianbao.fonts import Fonts, find_fonts
from nianbao.prose.blocks import (
    FigureBlock,
    GridBlock,
    GridCell,
    HeadingBlock,
    ImageBlock,
    ParagraphBlock,
    plain_text,
)

pytestmark = pytest.mark.slow

MARKUP = '#let x = 1 $a^2$ @ref *b* _c_ \\ "q" <l> `r` //k /* [x] = y ~ -- \'s\' #image("a")'
FONTS = {"project": project_fonts, "packaged": packaged_fonts}


@pytest.fixture(scope="module", params=FONTS)
def fonts(request: pytest.FixtureRequest) -> Fonts:
    return FONTS[request.param]()


@pytest.fixture(scope="module")
def pdf(fonts: Fonts) -> bytes:
    return pdf_of(sample_document(), fonts)


def test_the_200_cells_are_read_out_of_the_tables(pdf: bytes) -> None:
    decisions, requests, reviews = (t for t in tables_of(pdf) if len(t) in (14, 28, 4))
    values = [cell for row in decisions for cell in row[1:] if cell[0].isdigit()]
    assert values == list(DECISIONS.values())
    rows = {row[-8]: [int(cell) for cell in row[-7:]] for row in requests[3:]}
    assert list(rows) == [row.label for row in FORMAT.request_rows]
    numbers = request_numbers()
    assert [tuple(n) for n in rows.values()] == [numbers[r.key] for r in FORMAT.request_rows]
    expected = [n for numbers in REVIEWS.values() for n in (*numbers, sum(numbers))]
    assert [int(cell) for cell in reviews[-1]] == expected
    assert len(values) + sum(map(len, rows.values())) + len(reviews[-1]) == 200


def test_the_labels_of_the_statutory_tables_are_exact(pdf: bytes) -> None:
    _, requests, reviews = (t for t in tables_of(pdf) if len(t) in (14, 28, 4))
    assert requests[0][0] == FORMAT.request_corner
    assert requests[5][0] == "三、本年度办理结果"
    assert requests[7][0] == "（三）不予公开"
    assert requests[2] == list(FORMAT.organisations)
    assert reviews[1] == [*FORMAT.review_columns, "未经复议直接起诉", "复议后起诉"]


def test_rows_of_a_statutory_table_are_as_high_as_their_longest_words() -> None:
    def longer(cell: GridCell) -> GridCell:
        if cell.kind == "value":
            return replace(cell, note="其中委托办理1件" if cell.column == "total" else "")
        return replace(cell, text=cell.text + "（含上年度结转后继续办理的）" * (cell.rowspan > 1))

    document = with_cells(sample_document(), "requests", longer)
    grid = find_block(document, GridBlock, "requests")
    drawn = {text for table in tables_of(pdf_of(document)) for row in table for text in row}
    wanted = {squeezed(cell.shown) for row in grid.rows for cell in row}
    assert wanted <= drawn


def test_every_word_of_the_document_is_on_its_pages(pdf: bytes) -> None:
    # A page number may stand between two halves of a paragraph.
    document, found = sample_document(), re.sub(r"—\d+—", "", text_of(pdf))
    assert PHONE in found
    for block in document.blocks:
        if isinstance(block, HeadingBlock | ParagraphBlock):
            words = squeezed(plain_text(block.inlines))
            assert words in found
        elif isinstance(block, FigureBlock):
            assert block.title in found


def test_the_bookmarks_are_the_headings(pdf: bytes) -> None:
    with pikepdf.open(io.BytesIO(pdf)) as file, file.open_outline() as outline:
        titles = [(top.title, [sub.title for sub in top.children]) for top in outline.root]
    assert [title for title, _ in titles] == [s.heading for s in FORMAT.sections]
    assert titles[0][1] == [aspect.heading for aspect in FORMAT.sections[0].aspects]


def test_title_author_and_keywords_are_in_the_file(pdf: bytes) -> None:
    with pikepdf.open(io.BytesIO(pdf)) as file:
        assert str(file.docinfo.Title) == sample_document().title
        assert str(file.docinfo.Author) == NAME
        assert "政府信息公开" in str(file.docinfo.Keywords)
        assert str(file.docinfo.CreationDate).startswith("D:20250120")


def test_figures_have_their_words_as_alternative_text(pdf: bytes) -> None:
    blocks = sample_document().blocks
    alts = {b.alt for b in blocks if isinstance(b, FigureBlock | ImageBlock)}
    with pikepdf.open(io.BytesIO(pdf)) as file:
        objects = (o for o in file.objects if isinstance(o, pikepdf.Dictionary))
        assert alts == {str(o.Alt) for o in objects if "/Alt" in o}


def test_two_runs_give_the_same_bytes(pdf: bytes, fonts: Fonts) -> None:
    assert pdf_of(sample_document(), fonts) == pdf


def test_another_folder_time_zone_and_hash_seed_give_the_same_bytes(tmp_path: Path) -> None:
    code = (
        "import hashlib;from tests.documents.pdf_files import pdf_of;"
        "from tests.documents.sample_document import sample_document;"
        "print(hashlib.sha256(pdf_of(sample_document())).hexdigest())"
    )
    other = {"TZ": "Pacific/Kiritimati", "PYTHONHASHSEED": "7", "LC_ALL": "C", "LANG": "C"}
    env = {**os.environ, **other, "PYTHONPATH": str(ROOT)}
    run = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, env=env, capture_output=True, check=True
    )
    assert run.stdout.decode().strip() == hashlib.sha256(pdf_of(sample_document())).hexdigest()


def test_the_clock_is_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    before = pdf_of(sample_document())
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1")
    monkeypatch.setattr(time, "time", lambda: 0.0)
    assert pdf_of(sample_document()) == before


def test_without_a_date_the_file_bears_the_day_after_the_year() -> None:
    document = replace(sample_document(), date=None)
    data = pdf_of(document)
    with pikepdf.open(io.BytesIO(data)) as file:
        assert str(file.docinfo.CreationDate).startswith("D:20250101")
    assert text_of(data).endswith(NAME + "—7—")


@pytest.mark.parametrize("place", ["title", "name", "inline", "heading", "list", "cell", "table"])
def test_markup_in_a_field_stays_text(place: str) -> None:
    document = plain([find_block(sample_document(), GridBlock, "decisions")])
    marked = {
        "title": lambda: replace(document, title=document.title + MARKUP),
        "name": lambda: replace(document, agency_name=NAME + MARKUP),
        "inline": lambda: plain([paragraph("x", "甲" + MARKUP)]),
        "heading": lambda: plain([*document.blocks, heading(2, "x", MARKUP)]),
        "list": lambda: plain([*document.blocks, listing(True, MARKUP)]),
        "cell": lambda: with_cells(
            document, "decisions", lambda c: replace(c, text=MARKUP) if c.text == "规章" else c
        ),
        "table": lambda: plain(
            [table(["甲"], [MARKUP], title=MARKUP, unit=MARKUP, notes=(MARKUP,))]
        ),
    }
    expected = 4 if place == "table" else 1
    assert text_of(pdf_of(marked[place]())).count(squeezed(MARKUP)) == expected


@settings(max_examples=15)
@given(st.text(alphabet="#$@*_\\\"'`<>[]{}()/=~-+&^%|;:,.!?公开0aZ", min_size=1, max_size=40))
def test_any_text_comes_out_as_it_went_in(words: str) -> None:
    data = pdf_of(plain([paragraph("x", "始", words, "终")], signature=False))
    assert f"始{words}终" in text_of(data)


def test_control_and_format_characters_are_not_printed() -> None:
    words = "甲\x00\x07乙\u200b\u202e\ufeff丙\n丁\t戊\x85己\u00ad庚"
    data = pdf_of(plain([paragraph("x", words)], signature=False))
    assert "甲乙丙丁戊己庚" in text_of(data)


def test_a_draft_is_marked_on_every_page_and_a_report_on_none() -> None:
    for draft in (True, False):
        data = pdf_of(replace(sample_document(), draft=draft))
        letters = letters_of(data)
        pages = {c["page_number"] for c in letters}
        turned = {c["page_number"] for c in letters if c["matrix"][1]}
        assert turned == (pages if draft else set())
        assert ("未经审定" in text_of(data)) is draft


@pytest.mark.parametrize("letter", ["😀", "\ue000", "ع"])
def test_a_letter_without_glyph_is_named_with_its_place(letter: str) -> None:
    document = with_words(sample_document(), "平稳、有序、有效。", f"平稳，某地{letter}村")
    with pytest.raises(ExportError) as caught:
        pdf_of(document)
    message = str(caught.value)
    assert "一、总体情况" in message
    assert f"{letter}”（U+{ord(letter):04X}）" in message
    assert f"某地{letter}村" in message


def test_a_rare_character_of_a_name_comes_from_another_face() -> None:
    data = pdf_of(plain([paragraph("x", "联系人：王䶮、李龘")], signature=False))
    assert "王䶮、李龘" in text_of(data)


def test_a_broken_picture_is_an_error_in_chinese() -> None:
    document = sample_document()
    broken = with_block(document, find_block(document, ImageBlock), data=b"AAAA")
    with pytest.raises(ExportError, match="PDF 排版失败"):
        pdf_of(broken)


def test_a_warning_of_typst_stops_the_report(monkeypatch: pytest.MonkeyPatch) -> None:
    fonts, real = project_fonts(), typst_fonts.place_fonts

    def with_an_absent_face(chosen: Fonts, folder: Path) -> Any:
        found, families = real(chosen, folder)
        families["song"]["families"].insert(0, "没有的字体")
        return found, families

    monkeypatch.setattr(typst_fonts, "place_fonts", with_an_absent_face)
    with pytest.raises(ExportError, match=r"排版时出现警告.*没有的字体"):
        pdf_of(sample_document(), fonts)


PREPARED = """
import os, tempfile
from pathlib import Path
from nianbao.documents.pdf import prepare_copies
from tests.documents.pdf_files import project_fonts
from tests.documents.sample_document import sample_document
threads = lambda: len(os.listdir("/proc/self/task"))
before, folder = threads(), tempfile.TemporaryDirectory()
prepare_copies(sample_document(), project_fonts(), Path(folder.name) / "kept")
print(threads() - before)
"""


def test_what_is_prepared_for_copies_of_a_process_starts_no_threads() -> None:
    done = warm.run("--version", cwd=ROOT, first=PREPARED)  # Typst has set nothing in there yet
    assert done.stdout.splitlines()[0] == "0", done.stderr


def test_a_pdf_is_the_same_where_the_fonts_were_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(typst_fonts, "_kept", [])
    document, fonts = sample_document(), project_fonts()
    fresh = pdf_module.render_pdf(document, fonts)
    pdf_module.prepare_copies(document, fonts, tmp_path / "kept")
    assert pdf_module.render_pdf(document, fonts) == fresh
    assert typst_fonts.place_fonts(fonts, tmp_path / "again") is typst_fonts._kept[0][1]
    others = Fonts({**fonts.chains, "title": fonts.chains["sans"]})
    assert typst_fonts.place_fonts(others, tmp_path / "others") is not typst_fonts._kept[0][1]


def test_a_skipped_heading_level_keeps_its_look_and_valid_tags() -> None:
    blocks = [heading(1, "a", "一、甲"), heading(3, "b", "1.乙"), paragraph("b", "丙")]
    data = pdf_of(plain(blocks, signature=False))
    assert words_at(data, "1.乙")[-1]["fontname"] == words_at(data, "丙")[0]["fontname"]
    with pikepdf.open(io.BytesIO(data)) as file, file.open_outline() as outline:
        assert [child.title for child in outline.root[0].children] == ["1.乙"]


def test_nbconvert_finds_a_cheap_exporter(monkeypatch: pytest.MonkeyPatch) -> None:
    (entry,) = entry_points(group="nbconvert.exporters", name="nianbao_pdf")
    assert entry.load() is ReportPDFExporter
    exporter = ReportPDFExporter()
    assert (exporter.file_extension, exporter.output_mimetype) == (".pdf", "application/pdf")
    assert exporter.export_from_notebook == "年报 PDF"
    monkeypatch.setattr(
        "nianbao.documents.document.document_from_notebook", lambda *_: sample_document()
    )
    monkeypatch.chdir(ROOT)
    body, resources = exporter.from_notebook_node(new_notebook())
    assert resources["output_extension"] == ".pdf"
    assert body == pdf_of(sample_document(), find_fonts((ROOT / "fonts",)))


def test_fonts_are_those_of_the_project_that_the_notebook_lies_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project, outside = tmp_path / "project", tmp_path / "outside"
    notebooks = project / "output" / "a"
    for folder in (notebooks, project / "params", project / "data", outside):
        folder.mkdir(parents=True)
    monkeypatch.delenv("NIANBAO_ROOT", raising=False)
    monkeypatch.chdir(outside)
    assert exporters.project_fonts(str(notebooks)) == (project / "fonts",)
    assert exporters.project_fonts(None) == ()
    monkeypatch.chdir(project)
    assert exporters.project_fonts(str(outside)) == (project / "fonts",)
    monkeypatch.setenv("NIANBAO_ROOT", str(outside))
    assert exporters.project_fonts(None) == (outside / "fonts",)

"""The Word report in LibreOffice: it opens, lays out and saves it, and all is still there."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO
from itertools import pairwise
from typing import Any

import pdfplumber
import pytest
from tests.documents.html_tools import document_with_charts
from tests.documents.word_files import parts, sections_of, through_libreoffice

from nianbao.documents.readback import compare, read_docx
from nianbao.documents.word import render_docx
from nianbao.files.pages import normalise_text
from nianbao.prose.blocks import HeadingBlock, plain_text
from nianbao.statutory import load_format

pytestmark = pytest.mark.slow

MM = 72 / 25.4


@pytest.fixture(scope="module")
def written() -> bytes:
    return render_docx(replace(document_with_charts(), draft=True))


@pytest.fixture(scope="module")
def saved(written: bytes, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return through_libreoffice(written, "docx", tmp_path_factory.mktemp("docx"))


@pytest.fixture(scope="module")
def pages(written: bytes, tmp_path_factory: pytest.TempPathFactory) -> list[list[Any]]:
    """The words of each page as LibreOffice prints it."""
    data = through_libreoffice(written, "pdf", tmp_path_factory.mktemp("pdf"))
    with pdfplumber.open(BytesIO(data)) as pdf:
        return [page.extract_text_lines(return_chars=True) for page in pdf.pages]


def _text(lines: list[Any]) -> str:
    return normalise_text("".join(line["text"] for line in lines))


def test_saved_by_libreoffice_it_says_the_same(saved: bytes) -> None:
    assert b"LibreOffice" in parts(saved)["docProps/app.xml"]
    assert compare(read_docx(saved), document_with_charts()) == ()


def test_saved_by_libreoffice_its_sections_are_the_same(written: bytes, saved: bytes) -> None:
    assert sections_of(saved) == sections_of(written)


def test_every_page_has_its_number_on_the_outer_side_and_the_draft_mark(
    pages: list[list[Any]],
) -> None:
    assert len(pages) > 6
    for number, lines in enumerate(pages, 1):
        assert _text(lines[:1]) == "草稿未经审定，不得公开"
        assert _text(lines[-1:]) == f"—{number}—"
        left, right = lines[-1]["x0"] - 28 * MM, (210 - 26) * MM - lines[-1]["x1"]
        outer = right if number % 2 else left
        assert outer == pytest.approx(14, abs=1.5)  # one character of 4号 stays free
        middle = (lines[-1]["top"] + lines[-1]["bottom"]) / 2
        assert middle == pytest.approx((297 - 35 + 7) * MM, abs=3)


def test_each_statutory_table_stands_on_one_page_with_its_heading(pages: list[list[Any]]) -> None:
    format_ = load_format()
    labels = {
        "decisions": [row for block in format_.decision_blocks for row in block.rows],
        "requests": [format_.request_row(key).label for key in ("new", "open", "carried_out")],
        "reviews": [group.key for group in format_.review_groups],
    }
    for section in format_.sections:
        if section.table:
            held = [normalise_text(w) for w in (section.heading, *labels[section.table])]
            counts = [sum(words in _text(lines) for words in held) for lines in pages]
            assert max(counts) == len(held), section.heading


def test_no_heading_stands_alone_at_the_foot_of_a_page(pages: list[list[Any]]) -> None:
    blocks = document_with_charts().blocks
    headings = {
        normalise_text(plain_text(b.inlines)) for b in blocks if isinstance(b, HeadingBlock)
    }
    for lines in pages:
        assert normalise_text(lines[-2]["text"]) not in headings


def test_22_lines_fill_a_page(pages: list[list[Any]]) -> None:
    first = [line for line in pages[0] if line["chars"][0]["size"] == pytest.approx(16, abs=0.1)]
    pitches = [b["bottom"] - a["bottom"] for a, b in pairwise(first)]
    assert sorted(pitches)[len(pitches) // 2] == pytest.approx(225 * MM / 22, abs=0.1)
    assert first[-1]["bottom"] <= (297 - 35) * MM

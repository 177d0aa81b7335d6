"""What PDFium gives of a page: every letter where it stands, every line, nothing of a figure."""

from __future__ import annotations

import io
from functools import cache
from pathlib import Path

import mplfonts
import pikepdf
import pytest
import typst

from nianbao.errors import InputError
from nianbao.files.pdf_page import PdfPage, read_page_contents, read_tags
from nianbao.files.pdf_tables import find_tables, lined_matrix

PAGE = '#set page(width: 200pt, height: 100pt, margin: 10pt); #set text(size: 10pt, lang: "zh");'


@cache
def made(source: str) -> bytes:
    folder = Path(mplfonts.__file__).parent / "fonts"
    fonts = typst.Fonts(include_system_fonts=False, font_paths=[folder])
    pdf: bytes = typst.compile((PAGE + source).encode(), font_paths=fonts)
    return pdf


def read(pdf: bytes) -> PdfPage:
    (page,) = read_page_contents(pdf, read_tags(pdf))
    return page


def text(page: PdfPage) -> str:
    return "".join(letter.text for letter in page.letters)


def test_rare_characters_are_whole_and_ligatures_are_their_letters() -> None:
    assert text(read(made("甲𠮷野𬭊乙ﬁ1-2"))) == "甲𠮷野𬭊乙fi1-2"


def test_a_letter_stands_in_its_square() -> None:
    first, second = read(made("年报")).letters
    assert (first.x0, first.x1) == pytest.approx((10, 20), abs=0.1)
    assert (second.x0, second.x1) == pytest.approx((20, 30), abs=0.1)
    assert first.size == pytest.approx(10)
    assert first.bottom - first.top == pytest.approx(10)


def test_a_page_is_read_as_it_is_shown() -> None:
    """Turned by the file, and drawn so that it stands upright then; letters askew are left out."""
    upright = read(made("年报"))
    for degrees in (90, 180, 270):
        with pikepdf.open(io.BytesIO(made(f"#rotate(-{degrees}deg, reflow: true)[年报]"))) as file:
            file.pages[0].rotate(degrees, relative=True)
            file.save(turned := io.BytesIO())
        page = read(turned.getvalue())
        assert text(page) == "年报"
        first, second = page.letters
        assert second.x0 - first.x0 == pytest.approx(10, abs=0.1)
        assert first.top == pytest.approx(second.top, abs=0.1)
        assert first.size == pytest.approx(upright.letters[0].size)
        size = (upright.width, upright.height)
        assert (page.width, page.height) == (size if degrees == 180 else size[::-1])
    assert text(read(made("年#rotate(-30deg)[草稿]报"))) == "年报"


def test_what_is_written_in_a_figure_is_no_text() -> None:
    drawn = '#figure(alt: "图", kind: image, supplement: [], rect(width: 20pt, height: 9pt)[签])'
    pdf = made(f"年{drawn}报")
    assert text(read(pdf)) == "年报"
    assert read(pdf).labels == ()
    (page,) = read_page_contents(pdf, read_tags(pdf), with_labels=True)
    assert text(page) == "年报"
    assert [label.text for label in page.labels] == ["签"]


@pytest.mark.parametrize("stroke", ["0.5pt", "(paint: black, dash: none, thickness: 1pt)"])
def test_the_cells_of_a_table_are_found_with_their_spans(stroke: str) -> None:
    cells = "table.cell(colspan: 2)[甲], [乙], table.cell(rowspan: 2)[丙], [1], [2], [3], [4]"
    page = read(made(f"#table(columns: 3, stroke: {stroke}, {cells})"))
    (table,) = find_tables(page.edges)
    assert lined_matrix(table.cells, page.letters) == [
        ["甲", "甲", "乙"],
        ["丙", "1", "2"],
        ["丙", "3", "4"],
    ]


def test_two_tables_are_two() -> None:
    one = "#table(columns: 2, [甲], [乙])"
    assert len(find_tables(read(made(f"{one} 中 {one}")).edges)) == 2


def test_what_is_no_pdf_is_refused_and_its_tags_are_none() -> None:
    for data in (b"", b"%PDF-1.7", b"hello", made("年报")[:300]):
        assert read_tags(data) == {}
        with pytest.raises(InputError, match="PDF"):
            read_page_contents(data, {})


def test_the_sign_of_a_note_in_a_cell_is_no_digit() -> None:
    page = read(made("#table(columns: 2, [12#super(typographic: false)[1]], [3#sub[2]])"))
    (table,) = find_tables(page.edges)
    assert lined_matrix(table.cells, page.letters) == [["12¹", "32"]]


def test_a_letter_that_the_file_does_not_name_is_not_left_out() -> None:
    with pikepdf.open(io.BytesIO(made("年报12"))) as file:
        for thing in file.objects:
            if isinstance(thing, pikepdf.Dictionary) and "/ToUnicode" in thing:
                names = thing["/ToUnicode"].read_bytes()
                thing["/ToUnicode"].write(names.replace(b"<62A5>", b"<0000>"))
        file.save(nameless := io.BytesIO())
    assert text(read(nameless.getvalue())) == "年�12"

"""Whatever a text holds, in the Word report it is text."""

from __future__ import annotations

import re
from dataclasses import replace
from io import BytesIO

import docx
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from tests.documents.html_tools import HOSTILE, hostile_document
from tests.documents.sample_blocks import bars, find_block, heading, paragraph
from tests.documents.sample_document import sample_document
from tests.documents.word_files import body, document_of, parts, q, val

from nianbao.documents.readback import read_docx
from nianbao.documents.word import render_docx
from nianbao.files.pages import normalise_text
from nianbao.prose.blocks import GridBlock, Words

# --- text stays text -----------------------------------------------------------------------------

HOSTILE_WORDS = (
    "<w:p>&amp;\"'",
    "</w:t></w:r><w:fldSimple w:instr='INCLUDETEXT'/>",
    "#set page(width: 1pt) $x$ @a *b* _c_",
    "甲\x00\x08\x1b乙\ufffe\ud800",
    "=1+1 {{ 新收申请 }} ${jndi}",
    "右\u202e左\u200b",
)


@pytest.mark.parametrize("words", HOSTILE_WORDS)
def test_hostile_text_stays_text_everywhere(words: str) -> None:
    given = find_block(sample_document(), GridBlock)
    first, second, third, *rows = given.rows
    spoiled = (third[0], replace(third[1], text=words), *third[2:])
    grid = replace(given, title=words, notes=(words,), rows=(first, second, spoiled, *rows))
    chart = replace(bars("k", words, words, ["甲"], [1]), alt=words)
    said = paragraph("x", words, Words(words, strong=True))
    document = document_of(
        *(heading(2, "x", words), said, grid, chart),
        title=f"题{words}",
        agency_name=f"局{words}",
        description=words,
        signature=True,
    )
    found = docx.Document(BytesIO(render_docx(document)))
    shown = normalise_text(
        "\n".join(p.text for p in found.paragraphs) + found.tables[0].cell(2, 1).text
    )
    wanted = normalise_text(words.replace("\ufffe", ""))
    assert shown.count(wanted) >= 6
    assert normalise_text(found.tables[0].cell(2, 1).text) == wanted


@settings(max_examples=60)
@given(st.text(max_size=40))
@example("甲\r\n乙\t丙")
def test_any_text_comes_out_as_it_went_in(words: str) -> None:
    found = docx.Document(BytesIO(render_docx(document_of(paragraph("x", "前", words, "后")))))
    forbidden = str.maketrans("", "", "\ufffe\uffff")
    assert normalise_text(found.paragraphs[1].text) == normalise_text(
        f"前{words}后".translate(forbidden)
    )


def test_a_document_hostile_in_every_field_is_a_sound_file() -> None:
    found = render_docx(hostile_document())
    assert b"<script" not in parts(found)["word/document.xml"]
    word = docx.Document(BytesIO(found))
    assert normalise_text(word.paragraphs[0].text) == normalise_text(HOSTILE)
    assert len(word.tables) == 4
    names = [val(b, "name") or "" for b in body(found).iter(q("bookmarkStart"))]
    assert all(re.fullmatch(r"\w{1,40}", name, re.ASCII) for name in names)


def test_a_telephone_number_is_one_piece_and_read_as_written() -> None:
    words = "电话：0999-1234567；另有一处-处。"
    data = render_docx(replace(sample_document(), blocks=(paragraph("preface", words),)))
    assert len(list(body(data).iter(q("noBreakHyphen")))) == 1
    assert words in "".join(passage.text for passage in read_docx(data).passages)

"""Signature, lines, lists and pictures come to stand where the standard wants them."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.documents.pdf_files import letters_of, pdf_of, words_at
from tests.documents.sample_blocks import bars, find_block, heading, listing, paragraph
from tests.documents.sample_document import NAME, plain, sample_document

from nianbao.prose.blocks import FigureBlock

MM = 72 / 25.4
LEFT, RIGHT = 28 * MM, (210 - 26) * MM
CHARACTER = 15.785  # points from one character of a line of 28 to the next


@pytest.mark.parametrize("name", ["示例县人民政府", "甲局", "示例县市场监督管理局知识产权服务中心"])
def test_signature_and_date_stand_as_the_standard_says(name: str) -> None:
    document = plain([paragraph("x", "正文。")], agency_name=name)
    data = pdf_of(document)
    signed, dated = words_at(data, name), words_at(data, "2025年1月20日")
    longer = dated if len(name) < 6.5 else signed
    assert dated[0]["x0"] - signed[0]["x0"] == pytest.approx(2 * CHARACTER, abs=0.3)
    assert RIGHT - longer[-1]["x1"] == pytest.approx(2 * CHARACTER, abs=0.3)
    # Of a Chinese letter: the digits may be of another face.
    assert dated[4]["top"] - signed[0]["top"] == pytest.approx(28.99, abs=0.5)


def test_a_name_longer_than_a_line_stays_on_the_page() -> None:
    name = "示例县" + "重点项目建设管理" * 5 + "局"
    document = plain([paragraph("x", "正文。")], agency_name=name)
    letters = letters_of(pdf_of(document))
    assert min(c["x0"] for c in letters) > LEFT - 8


def test_the_signature_never_stands_alone_on_a_page() -> None:
    for lines in range(17, 24):
        blocks = [paragraph("x", "字" * 26) for _ in range(lines)]
        pages: dict[int, str] = {}
        for char in letters_of(pdf_of(plain(blocks))):
            pages[char["page_number"]] = pages.get(char["page_number"], "") + char["text"]
        last = pages[max(pages)]
        assert NAME in last
        assert "字字" in last


def test_a_line_holds_28_characters_and_not_29() -> None:
    blocks = [paragraph("x", "字" * 26), paragraph("x", "乙" * 27), paragraph("x", "丙" * 54)]
    letters = letters_of(pdf_of(plain(blocks, signature=False)))

    def rows(word: str) -> int:
        return len({round(c["top"]) for c in letters if c["text"] == word})

    assert (rows("字"), rows("乙"), rows("丙")) == (1, 2, 2)


def test_items_are_numbered_and_go_on_at_the_margin() -> None:
    data = pdf_of(plain([listing(True, "字" * 60, "乙" * 30, start=9)], signature=False))
    number, second = words_at(data, "9.字"), words_at(data, "10.乙")
    assert number[0]["x0"] == second[0]["x0"] == pytest.approx(LEFT + 2 * CHARACTER, abs=0.2)
    lines = {round(c["top"]): c["x0"] for c in reversed(letters_of(data)) if c["text"] == "字"}
    assert sorted(lines.values())[:2] == pytest.approx([LEFT, LEFT], abs=0.2)


def test_a_big_picture_stays_inside_the_type_area() -> None:
    small = find_block(sample_document(), FigureBlock)
    figure = replace(small, svg=small.svg.replace('height="90pt"', 'height="2000pt"'))
    assert "2000pt" in figure.svg
    letters = letters_of(pdf_of(plain([figure], signature=False)))
    assert max(c["bottom"] for c in letters if c["text"] not in "— 12") < (297 - 35) * MM


def _pages(words: list[str], data: bytes) -> dict[str, int]:
    return {word: words_at(data, word)[0]["page_number"] for word in words}


def test_a_figure_that_does_not_fit_waits_for_the_text_of_its_part() -> None:
    labels = [f"项目{i}" for i in range(20)]
    figure = bars("x", "图的标题", "件", labels, list(range(1, 21)))
    before = [paragraph("x", f"前{n}" + "字" * 20) for n in range(8)]
    after = [paragraph("x", f"后{n}" + "字" * 20) for n in range(12)]
    data = pdf_of(plain([*before, figure, *after], signature=False))
    assert _pages(["前7", "后0", "图的标题", "后11"], data) == {
        "前7": 1,
        "后0": 1,
        "图的标题": 2,
        "后11": 2,
    }


def test_a_figure_that_fits_stays_behind_its_paragraph() -> None:
    figure = bars("x", "图的标题", "件", ["甲", "乙"], [1, 2])
    data = pdf_of(plain([paragraph("x", "前文"), figure, paragraph("x", "后文")], signature=False))
    tops = [words_at(data, word)[0]["top"] for word in ("前文", "图的标题", "后文")]
    assert tops == sorted(tops)


def test_a_figure_stays_in_its_part() -> None:
    labels = [f"项目{i}" for i in range(20)]
    figure = bars("x", "图的标题", "件", labels, list(range(1, 21)))
    before = [paragraph("x", f"前{n}" + "字" * 20) for n in range(8)]
    data = pdf_of(plain([*before, figure, heading(1, "y", "二、下一部分")], signature=False))
    title, part = words_at(data, "图的标题")[0], words_at(data, "二、下一部分")[0]
    assert (title["page_number"], part["page_number"]) == (2, 2)
    assert title["top"] < part["top"]

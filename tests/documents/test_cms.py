"""A fragment that needs nothing of the page it is pasted into."""

from __future__ import annotations

import csv
import io
import re
from functools import cache
from pathlib import Path

import pytest
from lxml import html
from PIL import Image
from tests.documents.html_tools import document_with_charts
from tests.documents.sample_document import sample_document
from tests.programs import open_browser

from nianbao.documents.cms import FOLDER, render_cms
from nianbao.documents.readback import compare, read_html
from nianbao.errors import UsageError
from nianbao.finished.options import parse_fragment
from nianbao.fonts import find_fonts

SHEETS = Path(__file__).resolve().parent.parent / "data" / "sheets"


@cache
def files() -> dict[str, bytes]:
    return render_cms(document_with_charts(), find_fonts())


def fragment() -> str:
    return files()["report.cms.html"].decode()


def test_nothing_in_it_is_lost_when_a_system_strips_styles_drawings_and_classes() -> None:
    text = fragment()
    assert not re.search(r"<(style|svg|details|figure|section|data|script|wbr)\b", text)
    assert not re.search(r"\s(class|id|headers|role|tabindex|itemprop)=", text)
    for element in html.fragment_fromstring(text).iter("p", "h2", "h3", "th", "td", "table", "img"):
        assert element.get("style"), element.tag


def test_title_and_date_are_left_to_the_systems_own_page() -> None:
    document = document_with_charts()
    text = html.fragment_fromstring(fragment()).text_content()
    assert "<h1" not in fragment()
    assert document.title not in text
    assert text.count(document.date_in_words) <= 1, "below the text, where it is signed"


def test_charts_are_files_with_names_sizes_and_words() -> None:
    images = list(html.fragment_fromstring(fragment()).iter("img"))
    listed = files()[f"{FOLDER}/pictures.csv"].decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(listed)))
    assert [image.get("src") for image in images] == [f"{FOLDER}/{row['文件']}" for row in rows]
    assert [image.get("alt") for image in images] == [row["替代文字"] for row in rows]
    assert all(row["替代文字"] for row in rows)
    for image in images:
        size = (int(image.get("width", 0)), int(image.get("height", 0)))
        with Image.open(io.BytesIO(files()[str(image.get("src"))])) as picture:
            assert abs(picture.width / picture.height - size[0] / size[1]) < 0.02
        assert f"width:{size[0]}px; height:{size[1]}px" in str(image.get("style"))
    assert any(name.startswith(f"{FOLDER}/01-disclosures-by-channel") for name in files())


def test_it_is_read_back_like_the_page() -> None:
    document = document_with_charts()
    data = f"<h1>{document.title}</h1>".encode() + files()["report.cms.html"]
    assert compare(read_html(data), document) == ()


def test_the_same_document_gives_the_same_bytes() -> None:
    assert render_cms(document_with_charts(), find_fonts()) == files()
    assert render_cms(sample_document(), find_fonts())["report.cms.html"]


def test_it_looks_the_same_below_any_sheet() -> None:
    looks = []
    with open_browser() as browser:
        for sheet in ("framework.css", "reset.css"):
            page = browser.new_page()
            css = (SHEETS / sheet).read_text(encoding="utf-8")
            page.set_content(f"<style>{css}</style><div style='width:900px'>{fragment()}</div>")
            looks.append(
                page.evaluate(
                    """() => ['h2', 'h3', 'p', 'td', 'th', 'img', 'li'].map(tag => {
                        const s = getComputedStyle(document.querySelector(tag));
                        const size = tag === 'img' ? '' : s.fontSize;
                        return [tag, size, s.fontWeight, s.textAlign, s.borderTopWidth,
                                s.textIndent, tag === 'img' ? s.width : ''].join(' ')})"""
                )
            )
    assert looks[0] == looks[1]
    assert any(look.startswith("img") and look.endswith("0px 0px 720px") for look in looks[0])


def test_another_word_is_refused() -> None:
    assert (parse_fragment(""), parse_fragment("page"), parse_fragment("cms")) == (
        "",
        "page",
        "cms",
    )
    with pytest.raises(UsageError, match="只可写 cms"):
        parse_fragment("wps")

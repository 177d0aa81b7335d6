"""Each bad or hostile file is refused with one clear message, quickly and in little memory."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Callable
from functools import cache
from random import Random

import pikepdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.inputs.published.drift import FORMAT, Drift, figures, page
from tests.inputs.published.office_files import docx_bytes, pdf_bytes

from nianbao.errors import InputError
from nianbao.files.pages import Paragraph
from nianbao.files.sources import Source
from nianbao.inputs.published.prose import with_its_links
from nianbao.inputs.published.report import read_published

WORD = "word/document.xml"
NAMESPACE = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def archive(parts: dict[str, bytes]) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as file:
        for name, content in parts.items():
            file.writestr(name, content)
    return data.getvalue()


def locked_pdf() -> bytes:
    data = io.BytesIO()
    with pikepdf.open(io.BytesIO(whole("a.pdf"))) as pdf:
        pdf.save(data, encryption=pikepdf.Encryption(owner="甲乙", user="丙丁"))
    return data.getvalue()


def pdf_of(pages: int, content: bytes = b"") -> bytes:
    data = io.BytesIO()
    with pikepdf.new() as pdf:
        for _ in range(pages):
            pdf.add_blank_page()
        if content:
            stream = pikepdf.Stream(pdf, b"")
            stream.write(content, filter=pikepdf.Name.FlateDecode)
            pdf.pages[0].Contents = stream
        pdf.save(data)
    return data.getvalue()


def word_of(body: str, before: str = "") -> bytes:
    return archive({WORD: f"{before}<w:document {NAMESPACE}>{body}</w:document>".encode()})


LAUGHS = "<!DOCTYPE d [<!ENTITY a '哈哈'>" + "".join(
    f"<!ENTITY {chr(98 + i)} '{f'&{chr(97 + i)};' * 10}'>" for i in range(9)
)
OUTSIDE = '<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/hostname">]>'


@cache
def whole(name: str) -> bytes:
    """A report as a page, a Word file, a PDF."""
    if name.endswith(".html"):
        return page(figures(), Drift(menus=True)).encode()
    return (docx_bytes if name.endswith(".docx") else pdf_bytes)(figures(), Drift())


BAD: dict[str, tuple[Callable[[], bytes], str]] = {
    "empty": (lambda: b" \n", "文件是空的"),
    "csv": (lambda: "项目,自然人\n新收,1\n".encode(), "不是年度报告文件"),
    "picture": (lambda: b"\x89PNG\r\n\x1a\n", "是图片"),
    "old office": (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "旧格式的Office文件"),
    "truncated pdf": (lambda: whole("a.pdf")[:3000], "PDF"),
    "locked pdf": (lambda: locked_pdf(), "PDF有密码"),
    "scanned pdf": (lambda: pdf_of(2), "没有文字"),
    "long pdf": (lambda: pdf_of(301), "有301页，太长"),
    "pdf bomb": (lambda: pdf_of(1, zlib.compress(bytes(310_000_000), 1)), "PDF展开后太大"),
    "truncated docx": (lambda: whole("a.docx")[:9000], "已损坏"),
    "workbook": (lambda: archive({"xl/workbook.xml": b"<a/>"}), "是工作簿"),
    "ofd": (lambda: archive({"OFD.xml": b"<a/>", "Doc_0/Document.xml": b"<a/>"}), "是OFD"),
    "odt": (lambda: archive({"mimetype": b"a", "content.xml": b"<a/>"}), "是LibreOffice"),
    "zip": (lambda: archive({"a.html": b"<a/>"}), "是压缩包"),
    "zip bomb": (lambda: archive({WORD: b"<a/>", "word/x.xml": bytes(210_000_000)}), "展开后太大"),
    "many parts": (
        lambda: archive({WORD: b"", **{f"word/{i}.xml": b"" for i in range(5001)}}),
        "太大",
    ),
    "entities": (lambda: word_of("<w:body><w:p/></w:body>&j;", f"{LAUGHS}]>"), "Word"),
    "own entity": (lambda: word_of("<w:body><w:p/></w:body>", f"{LAUGHS}]>"), "DOCTYPE"),
    "entity of a file": (lambda: word_of("<w:body><w:p>&x;</w:p></w:body>", OUTSIDE), "DOCTYPE"),
    "no body": (lambda: word_of(""), "没有正文"),
    "another page": (
        lambda: b"<html><p>" + "今天天气好。".encode() + b"</p></html>",
        "没有年度报告",
    ),
    "markup only": (lambda: b"<!-- -->", "没有内容"),
    "coded mht": (lambda: b"Content-Type: multipart/related\n\nPGh0bWw+", ".mht"),
    "mht": (lambda: b"MIME-Version: 1.0\nContent-Type: multipart/related\n\n<html>", ".mht"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_file_is_refused_with_one_message(name: str) -> None:
    make, words = BAD[name]
    with pytest.raises(InputError) as caught:
        read_published(Source("坏文件", make()), FORMAT)
    (problem,) = caught.value.problems
    assert words in problem.message
    assert problem.place is not None
    assert problem.place.file == "坏文件"


@pytest.mark.parametrize(
    "table",
    [
        f"<table>{'<tr>' + '<td colspan=99999999 rowspan=99999999>0</td>' * 40 + '</tr>'}</table>"
        * 9,
        "<div>" * 5000 + "深" + "</div>" * 5000,
        "<table>" * 300 + "<tr><td>深</td></tr>" + "</table>" * 300,
    ],
)
def test_hostile_pages_do_no_harm(table: str) -> None:
    text = page(figures(), Drift()).replace("<p><b>六、", f"{table}<p><b>六、")
    found = read_published(Source("a.html", text.encode()), FORMAT)
    assert found.cells["reviews", "行政复议", "总计"] == figures()["reviews", "行政复议", "总计"]


def test_a_hostile_span_in_word_claims_no_memory() -> None:
    span = '<w:tcPr><w:gridSpan w:val="999999999"/></w:tcPr>'
    wide = f"<w:tbl><w:tr><w:tc>{span}<w:p/></w:tc></w:tr></w:tbl>"
    heading = (
        "<w:p><w:r><w:t>一、总体情况</w:t></w:r></w:p><w:p><w:r><w:t>有文字。</w:t></w:r></w:p>"
    )
    found = read_published(Source("a.docx", word_of(f"<w:body>{heading}{wide}</w:body>")), FORMAT)
    assert found.prose.sections["overview"].startswith("有文字。")


def test_scripts_hidden_parts_and_menus_are_not_text() -> None:
    hidden = (
        "<script>alert('坏')</script><p style='display: none'>藏</p><p hidden>藏</p><nav>单</nav>"
    )
    text = page(figures(), Drift(menus=True)).replace("<p><b>六、", f"{hidden}<p><b>六、")
    sections = read_published(Source("a.html", text.encode()), FORMAT).prose.sections
    assert not any(
        word in "".join(sections.values()) for word in ("坏", "藏", "单", "主办", "上一篇")
    )


def test_rows_without_cells_are_nothing() -> None:
    text = page(figures(), Drift()).replace("</table>", "<tr></tr></table>")
    found = read_published(Source("a.html", text.encode()), FORMAT)
    assert len(found.cells) == 200


@given(st.integers(0, 10**9), st.sampled_from(["a.html", "a.docx", "a.pdf"]))
@settings(max_examples=60)
def test_a_damaged_file_is_read_or_refused_in_words(seed: int, name: str) -> None:
    chance, data = Random(seed), bytearray(whole(name))
    for _ in range(chance.randint(1, 5)):
        start = chance.randrange(len(data))
        data[start : start + chance.randint(0, 200)] = chance.randbytes(chance.randint(0, 40))
    try:
        read_published(Source(name, bytes(data)), FORMAT)
    except InputError as error:
        (problem,) = error.problems
        assert problem.message


def read(name: str, data: bytes) -> tuple[str, str, str]:
    """What was assumed, what was left out, and all the words."""
    found = read_published(Source(name, data), FORMAT)
    words = "".join(found.prose.sections.values())
    return "；".join(found.remarks.assumed), "；".join(found.remarks.dropped), words


def test_addresses_of_links_and_footnotes_are_put_into_brackets() -> None:
    """HTML and Word; an address that the text shows is no loss, and menus are no text."""
    guide = '<a href="https://www.shili.gov.cn/zn">公开指南</a>'
    link = f'<p>指南见{guide}，网址<a href="http://a.cn">a.cn</a>。</p>'
    web = page(figures(), Drift(menus=True)).replace("<p>（一）主动", f"{link}<p>（一）主动", 1)
    assumed, dropped, words = read("a.html", web.encode())
    assert "链接1处写成“文字（网址）”：“公开指南：https://www.shili.gov.cn/zn”" in assumed
    assert "指南见公开指南（https://www.shili.gov.cn/zn），网址a.cn。" in words
    assert "链接" not in dropped

    heading = '<h4>重点工作<a href="https://www.shili.gov.cn/qd">清单</a></h4><p>公开8项。</p>'
    web = page(figures(), Drift()).replace("<p>（二）依申请", f"{heading}<p>（二）依申请", 1)
    assumed, dropped, words = read("a.html", web.encode())
    assert "重点工作清单" in words
    assert "链接" not in assumed
    assert "链接1处只留下了文字" in dropped

    with zipfile.ZipFile(io.BytesIO(whole("a.docx"))) as archive_:
        parts = {item: archive_.read(item) for item in archive_.namelist()}
    target = (
        '<Relationship Id="rIdLink" Type="http://x/hyperlink" Target="https://b.cn/"'
        ' TargetMode="External"/>'
    )
    parts["word/_rels/document.xml.rels"] = parts["word/_rels/document.xml.rels"].replace(
        b"</Relationships>", f"{target}</Relationships>".encode()
    )
    run = "<w:r><w:t>公开指南</w:t></w:r>"
    added = f'<w:p><w:hyperlink r:id="rIdLink">{run}</w:hyperlink></w:p><w:sectPr'
    parts[WORD] = parts[WORD].replace(b"<w:sectPr", added.encode(), 1)
    assumed, dropped, words = read("a.docx", archive(parts))
    assert "链接1处写成“文字（网址）”" in assumed
    assert "公开指南（https://b.cn/）" in words


def test_a_footnote_stands_in_brackets_behind_its_paragraph() -> None:
    noted = Paragraph("公开3条。", "公开**3**条。", beside=(("脚注", "含转载1条。"), ("图表", "3")))
    assert with_its_links(noted) == "公开**3**条。（注：含转载1条。）"


def test_a_link_of_a_pdf_is_named() -> None:
    """Its address lies over the page; which words it is of, the file does not say."""
    with pikepdf.open(io.BytesIO(whole("a.pdf"))) as pdf:
        action = pikepdf.Dictionary(S=pikepdf.Name.URI, URI="https://c.cn/zn")
        kind = {"Type": pikepdf.Name.Annot, "Subtype": pikepdf.Name.Link}
        note = pikepdf.Dictionary(Rect=[0, 0, 9, 9], A=action, **kind)
        pdf.pages[0].Annots = pikepdf.Array([pdf.make_indirect(note)])
        pdf.save(out := io.BytesIO())
    _, dropped, _ = read("a.pdf", out.getvalue())
    assert "链接1处只留下了文字" in dropped
    assert "https://c.cn/zn" in dropped


def test_a_line_at_the_head_of_every_page_is_no_text_of_the_report() -> None:
    """Our own draft says so on each page; offices print their name there."""
    headed = pdf_bytes(figures(), Drift(), head="示例县水务局　年度报告")
    with pikepdf.open(io.BytesIO(headed)) as pdf:
        assert len(pdf.pages) > 1
    plain = read_published(Source("a.pdf", whole("a.pdf")), FORMAT)
    assert read_published(Source("a.pdf", headed), FORMAT).prose == plain.prose

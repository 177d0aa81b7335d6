"""The HTML report is safe, light and the same each time, whatever the texts say."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path

import nbformat
import pytest
from lxml import html as lxml_html
from nbconvert.exporters import get_exporter
from tests.documents.html_tools import HOSTILE, Tables, document_with_charts, hostile_document
from tests.documents.sample_blocks import find_block, with_block
from tests.documents.sample_document import sample_document
from traitlets.config import Config

from nianbao.documents.exporters import ReportHTMLExporter
from nianbao.documents.html import TEMPLATES, render_html
from nianbao.errors import ExportError
from nianbao.prose.blocks import FigureBlock, ImageBlock


@cache
def page() -> str:
    return render_html(document_with_charts())


def tree(text: str) -> lxml_html.HtmlElement:
    return lxml_html.document_fromstring(text)


def test_nothing_is_loaded_or_run() -> None:
    root = tree(page())
    assert list(root.iter("script", "link", "iframe", "object", "embed", "base", "form")) == []
    attributes = {name for element in root.iter() for name in element.attrib}
    assert not {name for name in attributes if name.startswith("on")} | (attributes & {"style"})
    policy = root.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
    assert policy[0].startswith("default-src 'none'; style-src 'unsafe-inline'; img-src data:")
    assert all(a.startswith("data:image/png;base64,") for a in root.xpath("//@src"))
    outside = {a for a in root.xpath("//@href") if not a.startswith("#")}
    assert outside == set(root.xpath("//a/@href")) - set(
        root.xpath("//a[starts-with(@href, '#')]/@href")
    )
    # An address that the text itself gives may be followed; nothing is fetched from it.
    assert outside == {
        "mailto:zwgk@shilixian.example",
        "http://www.shilixian.example",
        "https://www.shilixian.example/zwgk/zfxxgk/fdzdgknr/index.html",
    }
    style = "".join(root.xpath("//style/text()"))
    assert not re.search(r"url\(|@import|expression|//", style)


def test_every_rule_of_a_fragment_concerns_the_report_alone() -> None:
    css = re.sub(r"(?s)/\*.*?\*/", "", (TEMPLATES / "nianbao" / "report.css").read_text("utf-8"))
    selectors = re.findall(r"([^{};]+)\{", re.sub(r"@media[^{]+\{", "", css))
    assert len(selectors) > 50
    for selector in selectors:
        for part in selector.split(","):
            assert part.strip().startswith(".nianbao"), part
    text = render_html(document_with_charts(), fragment=True)
    assert text.startswith("<style>")
    assert not re.search(r"<(html|head|body|main|meta http|title>|nav)", text)
    assert "prefers-color-scheme" not in text, "the page around it is light"
    assert [len(table) for table in Tables(text).tables if len(table) > 25] == [28]


def elements(root: lxml_html.HtmlElement) -> Iterator[tuple[str, tuple[str, ...]]]:
    for element in root.iter():
        if isinstance(element.tag, str):
            yield element.tag, tuple(sorted(element.attrib))


def test_hostile_text_adds_no_element_and_no_attribute() -> None:
    spoiled = hostile_document()
    assert repr(spoiled).count("alert(1)") > 500
    text = render_html(spoiled)
    known = set(elements(tree(render_html(replace(document_with_charts(), draft=True)))))
    # Every run of words is a fact here, and no date can be read.
    usual = {("data", ("title", "value")), ("h2", ("id",)), ("wbr", ())}
    assert set(elements(tree(text))) <= known | usual
    assert "<script" not in text
    assert tree(text).findtext(".//title") == HOSTILE
    assert "{{ 7*7 }}" in text, "data never passes the template engine"


SHAPE = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9">{}</svg>'


@pytest.mark.parametrize(
    "svg",
    [
        SHAPE.format("<script>alert(1)</script>"),
        SHAPE.format("<style>*{fill:red}</style>"),
        SHAPE.format("<foreignObject/>"),
        SHAPE.format('<image href="https://bad.example/a.png"/>'),
        SHAPE.format('<a href="https://bad.example/"><path d="M0 0"/></a>'),
        SHAPE.format('<use href="https://bad.example/a.svg#x"/>'),
        SHAPE.format('<use href="#nowhere"/>'),
        SHAPE.format('<path d="M0 0" onclick="alert(1)"/>'),
        SHAPE.format('<path d="M0 0" style="fill:red"/>'),
        SHAPE.format('<path fill="url(https://bad.example/a)" d="M0 0"/>'),
        SHAPE.format('<set attributeName="href" to="javascript:alert(1)"/>'),
        SHAPE.format('<g id="a"/><g id="a"/>'),
        SHAPE.format("<g>words</g>"),
        '<!DOCTYPE svg [<!ENTITY a "b">]>' + SHAPE.format("<g/>"),
        SHAPE.replace("viewBox", "view").format("<g/>"),
        "<html/>",
        "<svg",
        "",
    ],
)
def test_a_drawing_with_anything_else_in_it_is_refused(svg: str) -> None:
    document = document_with_charts()
    figure = find_block(document, FigureBlock)
    with pytest.raises(ExportError, match=f"图“{figure.title}”不能放入网页"):
        render_html(with_block(document, figure, svg=svg))


def test_a_drawing_keeps_its_shapes() -> None:
    document = document_with_charts()
    clip = '<clipPath id="c"><rect width="4" height="4"/></clipPath>'
    svg = SHAPE.format(f'{clip}<rect clip-path="url(#c)" fill="#123" width="3"/>')
    text = render_html(with_block(document, find_block(document, FigureBlock), svg=svg))
    assert '<clipPath id="f:1.0"><rect width="4" height="4"/></clipPath>' in text
    assert '<rect clip-path="url(#f:1.0)" fill="#123" width="3"/>' in text


@pytest.mark.parametrize(
    ("media", "data"),
    [
        ("image/svg+xml", b"<svg/>"),
        ("text/html", b"<b>"),
        ('image/png"><b>', b"A"),
        ("image/png", b""),
    ],
)
def test_a_picture_of_another_kind_is_refused(media: str, data: bytes) -> None:
    document = sample_document()
    image = find_block(document, ImageBlock)
    with pytest.raises(ExportError, match="图片不能放入网页"):
        render_html(with_block(document, image, media=media, data=data))


def test_a_report_with_four_charts_is_light() -> None:
    assert len(page().encode()) < 150_000
    drawings = re.sub(r"(?s)<svg.*?</svg>", "", page())
    assert len(drawings.encode()) < 70_000


@pytest.fixture
def notebook(monkeypatch: pytest.MonkeyPatch) -> nbformat.NotebookNode:
    """Return a notebook that gives the sample document, whatever its cells."""
    monkeypatch.setattr(
        "nianbao.documents.document.document_from_notebook",
        lambda notebook: document_with_charts(),
    )
    cell = nbformat.v4.new_code_cell("secret = 1")
    return nbformat.v4.new_notebook(cells=[cell])


def test_nbconvert_finds_the_exporter_and_the_page_is_the_same(
    notebook: nbformat.NotebookNode, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A template of the same name in the working folder must change nothing.
    (tmp_path / "nianbao").mkdir()
    (tmp_path / "nianbao" / "index.html.j2").write_text("other", "utf-8")
    monkeypatch.chdir(tmp_path)
    exporter = get_exporter("nianbao_html")()
    assert isinstance(exporter, ReportHTMLExporter)
    text, resources = exporter.from_notebook_node(notebook)
    assert text == page()
    assert resources["output_extension"] == ".html"
    assert exporter.export_from_notebook == "年报 HTML"


def test_only_our_own_template_is_loaded(notebook: nbformat.NotebookNode) -> None:
    exporter = ReportHTMLExporter()
    exporter.from_notebook_node(notebook)
    assert exporter.get_template_names() == ["nianbao"]
    loaded = {key[1] for key in exporter.environment.cache} if exporter.environment.cache else set()
    assert loaded == {
        *("index.html.j2", "parts.html.j2", "blocks.html.j2"),
        *("report.css", "page.css", "print.css"),
    }
    assert exporter.environment.autoescape is True


def test_the_fragment_is_a_trait(notebook: nbformat.NotebookNode) -> None:
    exporter = ReportHTMLExporter(config=Config({"ReportHTMLExporter": {"fragment": True}}))
    text, _ = exporter.from_notebook_node(notebook)
    assert text == render_html(document_with_charts(), fragment=True)
    exporter.fragment = False
    assert exporter.from_notebook_node(notebook)[0] == page()

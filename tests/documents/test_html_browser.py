"""The HTML report in a real browser, and before the two judges of pages: axe-core and vnu."""

from __future__ import annotations

import json
import subprocess
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any
from unicodedata import normalize

import pdfplumber
import pytest
from playwright.sync_api import Browser, Page
from tests.documents.html_tools import HOSTILE, document_with_charts, hostile_document
from tests.documents.poster_tools import made
from tests.programs import PATIENCE, drawn, java, node_tool

from nianbao.documents.document import appendix
from nianbao.documents.html import render_html
from nianbao.prose.blocks import Document

pytestmark = pytest.mark.slow

WIDTHS = (320, 768, 1440)
LOOKS: tuple[dict[str, Any], ...] = (
    {}, {"color_scheme": "dark"}, {"color_scheme": "light", "forced_colors": "active"},
)  # fmt: skip
# Told in few words: all that axe has to say of a page takes longer to hand over than to find.
AXE = """axe.run(document, {
    runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
}).then(found => [found.passes.length, found.violations.map(v => [v.id, v.nodes[0].html])])"""
# What the style sheets of content systems are like: for all, and for names that are common.
SITE = """
*{box-sizing:border-box} body{margin:0;font:12px/1.2 Arial;color:#333;background:#fff}
.left,.right{float:left;width:210px} .source,.note,.block{display:none} .head{height:80px}
.label{background:#c00;color:#fff} .sum{position:absolute}
"""


def _with_sources() -> Document:
    document = document_with_charts()
    return replace(document, appendix=appendix(document.blocks))


PAGES = {
    "report": lambda: render_html(document_with_charts()),
    "draft": lambda: render_html(replace(_with_sources(), draft=True)),
    "hostile": lambda: render_html(hostile_document()),
    "site": lambda: (
        '<!DOCTYPE html><html lang="zh-CN"><head><meta charset="utf-8"><title>栏目页</title>'
        f"<style>{SITE}</style></head><body><main>"
        f"{render_html(_with_sources(), fragment=True)}</main></body></html>"
    ),
    "fragment": lambda: (
        '<!DOCTYPE html><html lang="zh-CN"><head><meta charset="utf-8"><title>栏目页</title></head>'
        f"<body><main>{render_html(document_with_charts(), fragment=True)}</main></body></html>"
    ),
}


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Return the pages as files."""
    folder = tmp_path_factory.mktemp("pages")
    paths = {name: folder / f"{name}.html" for name in PAGES}
    for name, path in paths.items():
        path.write_text(PAGES[name](), "utf-8")
    poster = folder / "poster.html"
    poster.write_bytes(made()["poster.html"])
    return {**paths, "poster": poster}


def opened(browser: Browser, file: Path, **options: Any) -> tuple[Page, list[str]]:
    """Open a page; the list fills with whatever it asks for, says or tries."""
    context = browser.new_context(**options)
    context.set_default_timeout(PATIENCE)
    page, events = context.new_page(), []
    page.on("request", lambda r: events.append(f"request {r.url[:80]}"))
    page.on("console", lambda m: events.append(f"console {m.text}"))
    page.on("pageerror", lambda e: events.append(f"error {e}"))
    page.on("dialog", lambda d: (events.append(f"dialog {d.message}"), d.dismiss()))
    page.on("framenavigated", lambda f: events.append(f"frame {f.url[:80]}"))
    page.goto(file.as_uri())
    drawn(page)
    own = {f"request {file.as_uri()}", f"frame {file.as_uri()}"}
    # A picture in the page is reported as a request for its own bytes.
    events[:] = [e for e in events if e not in own and not e.startswith("request data:image/png")]
    return page, events


@pytest.mark.parametrize("name", PAGES)
def test_fits_the_screen_and_asks_for_nothing(
    browser: Browser, files: dict[str, Path], name: str
) -> None:
    page, events = opened(browser, files[name])
    for look in LOOKS:
        page.emulate_media(**look)
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 800})
            assert page.evaluate("document.documentElement.scrollWidth") <= width, (width, look)
        drawn(page)
        assert events == [], look
    page.context.close()


@pytest.mark.parametrize(
    ("name", "looks"),
    # Every width in one look, every look in one width: colours do not depend on the width.
    [
        *((name, ((320, "light"), (320, "dark"), (768, "light"), (1440, "light")))
          for name in ("report", "draft", "site")),
        ("poster", ((320, "light"), (1440, "dark"))),
    ],
)  # fmt: skip
def test_axe_finds_nothing(
    browser: Browser, files: dict[str, Path], name: str, looks: tuple[tuple[int, Any], ...]
) -> None:
    """Let axe-core look at a page that fits the screen; what it finds, with the first place."""
    page, _ = opened(browser, files[name], bypass_csp=True)
    page.evaluate("for (const d of document.querySelectorAll('details')) d.open = true")
    page.evaluate(node_tool("axe-core/axe.min.js").read_text("utf-8"))
    for width, scheme in looks:
        page.emulate_media(color_scheme=scheme)
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        passed, violations = page.evaluate(AXE)
        assert passed > 0, "axe has looked at something"
        assert violations == [], (width, scheme)
    page.context.close()


def test_vnu_finds_no_error(files: dict[str, Path]) -> None:
    jar = node_tool("vnu-jar/build/dist/vnu.jar")
    # The second compiler gives nothing back in so short a run; vnu needs a deep stack, or it fails
    # now and then.
    command = [java(), "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xss16m", "-jar", str(jar)]
    options = ["--format", "json", "--stdout", "--exit-zero-always"]
    every = [*command, *options, *map(str, files.values())]
    run = subprocess.run(every, capture_output=True, check=True)
    reported = json.loads(run.stdout)["messages"]
    assert [(m["url"], m["message"]) for m in reported if m["type"] == "error"] == []


def test_hostile_text_is_shown_as_text(browser: Browser, files: dict[str, Path]) -> None:
    page, events = opened(browser, files["hostile"], viewport={"width": 1024, "height": 800})
    # Wake whatever might sleep: open, focus and point at everything.
    page.evaluate(
        """for (const e of document.querySelectorAll('*')) {
            e.open = true; e.focus?.(); e.dispatchEvent(new MouseEvent('mouseover'));
            e.dispatchEvent(new Event('error')); e.dispatchEvent(new Event('load'));
        }"""
    )
    drawn(page)
    assert events == []
    assert page.title() == " ".join(HOSTILE.split())
    assert page.locator("h1").text_content() == HOSTILE
    places = ("th", "td", "caption", "figcaption", "summary", "p", "li", "h2", "title", "desc")
    for place in places:
        texts = page.locator(f"body {place}").all_text_contents()
        assert any(HOSTILE in text for text in texts), place
    assert page.locator("img").first.get_attribute("alt") == HOSTILE
    page.context.close()


def test_on_a_phone_heads_and_labels_stay_in_view(browser: Browser, files: dict[str, Path]) -> None:
    page, _ = opened(browser, files["report"], viewport={"width": 320, "height": 640})
    region = page.get_by_role("region", name="收到和处理政府信息公开申请情况")
    region.focus()
    assert region.evaluate("e => e === document.activeElement")
    region.evaluate("e => e.scrollTo(170, 400)")
    frame = region.bounding_box()
    head = region.get_by_role("columnheader", name="法律服务机构").bounding_box()
    label = region.get_by_role("rowheader", name="8.属于行政查询事项").bounding_box()
    assert frame
    assert head
    assert label
    assert frame["y"] <= head["y"] < frame["y"] + 150
    assert abs(label["x"] - frame["x"]) < 2
    assert region.evaluate("e => e.scrollLeft") == 170
    page.context.close()


def test_a_site_of_its_own_styles_changes_no_table_of_the_fragment(
    browser: Browser, files: dict[str, Path]
) -> None:
    """The cells stand where they stand in a page without any style of a site."""
    script = """() => [...document.querySelectorAll('.nianbao-wide')].map(frame => {
        const at = frame.getBoundingClientRect()
        return [...frame.querySelectorAll('th, td')].map(cell => {
            const box = cell.getBoundingClientRect()
            return [box.x - at.x, box.y - at.y, box.width, box.height].map(Math.round)
        })
    }).slice(0, 8)"""
    found = {}
    for name in ("fragment", "site"):
        page, _ = opened(browser, files[name], viewport={"width": 1000, "height": 800})
        page.add_style_tag(content="body{margin:0!important}")
        found[name] = page.evaluate(script)
        page.context.close()
    assert len(found["site"]) == 8
    assert found["site"] == found["fragment"]


def test_contents_lead_to_the_sections(browser: Browser, files: dict[str, Path]) -> None:
    page, _ = opened(browser, files["report"], viewport={"width": 1440, "height": 800})
    page.get_by_role("navigation", name="目录").get_by_role("link", name="五、").click()
    place = page.locator("#problems").bounding_box()
    assert place
    assert 0 <= place["y"] < 200
    page.context.close()


def test_a_chart_is_an_image_with_words_and_numbers_beside_it(
    browser: Browser, files: dict[str, Path]
) -> None:
    page, _ = opened(browser, files["report"], viewport={"width": 768, "height": 800})
    chart = page.get_by_role("img", name="主动公开政府信息的渠道分布").first
    box = chart.bounding_box()
    assert box
    assert box["width"] > 500
    assert box["height"] > 80
    table = page.get_by_role("table", name="主动公开政府信息的渠道分布")
    assert not table.is_visible()
    page.get_by_text("“主动公开政府信息的渠道分布”的数据表").click()
    assert table.get_by_role("row").nth(1).all_inner_texts()[0].split() == [
        "“示例普法”微信公众号",
        "1120",
        "55.5%",
    ]
    page.context.close()


def test_the_picture_is_shown(browser: Browser, files: dict[str, Path]) -> None:
    page, _ = opened(browser, files["report"], viewport={"width": 320, "height": 800})
    size = page.locator("img").evaluate("i => [i.naturalWidth, i.clientWidth <= 280]")
    assert size == [320, True]
    page.context.close()


@pytest.fixture(scope="module")
def paper(browser: Browser, files: dict[str, Path]) -> dict[str, Any]:
    """Return the draft as printed: words and size of each page."""
    page, _ = opened(browser, files["draft"])
    data = page.pdf(prefer_css_page_size=True)
    page.context.close()
    with pdfplumber.open(BytesIO(data)) as pdf:
        return {
            "texts": [p.extract_text() for p in pdf.pages],
            # Chromium writes ⼀ for 一 where a font shows both with one glyph.
            "letters": [normalize("NFKC", "".join(c["text"] for c in p.chars)) for p in pdf.pages],
            "sizes": {(round(p.width), round(p.height)) for p in pdf.pages},
        }


def test_printed_on_a4_in_the_order_of_the_report(paper: dict[str, Any]) -> None:
    assert paper["sizes"] == {(595, 842)}
    text = "".join(paper["letters"])
    marks = ("一、总体", "二、主动公开政府", "三、收到", "四、政府", "五、存在", "六、其他")
    order = [text.index(mark) for mark in marks]
    assert order == sorted(order)
    assert text.count("(二)依申请公开") == 1, "the contents are left out"
    assert "数据表" not in text


def test_draft_is_printed_on_every_page(paper: dict[str, Any]) -> None:
    assert len(paper["letters"]) > 4
    assert all("草稿" in letters for letters in paper["letters"])


def test_pages_are_numbered(paper: dict[str, Any]) -> None:
    for number, text in enumerate(paper["texts"], 1):
        # Chromium 150 writes the blanks as characters that mean nothing.
        printed = "".join(c for c in text if c.isprintable() and c != " ")
        assert f"—{number}—" in printed


def test_who_signs_does_not_stand_alone_on_a_page(paper: dict[str, Any]) -> None:
    date = document_with_charts().date_in_words
    pages = ["".join(text.split()) for text in paper["letters"]]
    before = [text.partition(date)[0] for text in pages if date in text]
    assert before
    assert len(before[-1]) > 60, "at least the last paragraph stands above"


def test_a_statutory_table_is_not_broken(paper: dict[str, Any]) -> None:
    (whole,) = (text for text in paper["letters"] if "1.属于国家秘密" in text)
    assert "一、本年新收政府信息公开申请数量" in whole
    assert "四、结转下年度继续办理" in whole

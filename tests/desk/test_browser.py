"""The desk in a real browser: three widths, the keyboard alone, a connection that breaks."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from tests.desk.desks import Address, served
from tests.programs import PATIENCE, node_tool
from tests.projects import copy_project

pytestmark = pytest.mark.slow
BASE = "agency/shili-zrzyj/2024"
STEPS = ("about", "workbook", "hand-in", "texts", "report", "word", "final")
PAGES = ("county/2024", "county/2024/reminder", "journal", BASE, *(f"{BASE}/{s}" for s in STEPS))
WIDTHS = (320, 768, 1440)
AXE = "axe.run(document, {iframes: false}).then(r => r.violations.map(v => v.id))"


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copy_project(tmp_path_factory.mktemp("desk"), "shili-zrzyj")


@pytest.fixture(scope="module")
def address(root: Path) -> Iterator[Address]:
    with served(root) as found:
        yield found


def open_page(
    browser: Browser, address: Address, width: int = 1440, *, bypass: bool = False
) -> Page:
    viewport = {"width": width, "height": 900}
    context = browser.new_context(viewport=viewport, bypass_csp=bypass, reduced_motion="reduce")
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    page.goto(address.entrance)
    return page


def test_every_page_is_accessible_and_fits(browser: Browser, address: Address) -> None:
    axe = Path(node_tool("axe-core/axe.min.js")).read_text("utf-8")
    page = open_page(browser, address, bypass=True)
    for path in PAGES:
        page.goto(address + path)
        page.evaluate(axe)
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            assert page.evaluate("document.documentElement.scrollWidth") <= width, (path, width)
            assert page.evaluate(AXE) == [], (path, width)
    page.context.close()


def test_the_keyboard_alone_leads_through_a_step(browser: Browser, address: Address) -> None:
    page = open_page(browser, address)
    page.goto(f"{address}{BASE}")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    for _ in range(20):
        page.keyboard.press("Tab")
        if "写正文" in str(page.evaluate("document.activeElement.textContent")):
            break
    page.keyboard.press("Enter")
    page.wait_for_url("**/texts")
    page.context.close()


def test_the_list_of_sections_shows_the_open_one(browser: Browser, address: Address) -> None:
    page = open_page(browser, address, 800)
    page.goto(f"{address}{BASE}/texts?section=problems.issues")
    top = "document.querySelector('.sections > ol').scrollTop"
    first = page.evaluate(top)
    assert first > 0
    page.evaluate("put(document.querySelector('.sections'),"
                  " document.querySelector('.sections').cloneNode(true))")  # fmt: skip
    assert page.evaluate(top) == first, "the list was drawn anew"
    page.context.close()


def test_a_chosen_file_is_not_lost_when_the_page_learns_more(
    browser: Browser, address: Address, root: Path
) -> None:
    page = open_page(browser, address)
    page.goto(f"{address}{BASE}/hand-in")
    page.evaluate("document.querySelector('.standing').dataset.reading = ''")  # not read through
    page.locator("#files").set_input_files({
        "name": "台账.csv", "mimeType": "text/csv", "buffer": b"",
    })  # fmt: skip
    (root / "data/shili-zrzyj/2024/figures.csv").touch()
    expect(page.locator("[data-reading]")).to_have_count(0)  # the head is of now
    assert page.evaluate("document.querySelector('#files').files.length") == 1
    page.context.close()


def write(page: Page, words: str) -> None:
    page.locator(".rich").click()
    page.keyboard.press("Control+End")
    page.keyboard.type(words)


def test_what_is_written_is_saved_and_shown(browser: Browser, address: Address, root: Path) -> None:
    page = open_page(browser, address)
    page.goto(f"{address}{BASE}/texts?section=other")
    write(page, "补写的一句。")
    expect(page.locator("[data-status]")).to_have_text("已保存")
    assert "补写的一句。" in (root / "data/shili-zrzyj/2024/narrative.md").read_text("utf-8")
    expect(page.frame_locator("iframe[name=page]").locator("body")).to_contain_text("补写的一句。")
    page.locator(".picker > summary").click()
    page.locator("#q").fill("新收申请")
    page.locator("[data-found] .fact[data-fact='新收申请'][data-unit]").click()
    expect(page.locator("[data-status]")).to_have_text("已保存")
    assert "{{ 新收申请.带单位 }}" in narrative(root)
    page.context.close()


def narrative(root: Path) -> str:
    return (root / "data/shili-zrzyj/2024/narrative.md").read_text("utf-8")


def test_a_number_comes_with_its_unit_once(browser: Browser, address: Address, root: Path) -> None:
    page = open_page(browser, address)
    page.goto(f"{address}{BASE}/texts?section=problems.issues")
    page.locator(".picker > summary").click()
    found, chip, status = (
        page.locator("[data-found] .fact"), page.locator(".rich .chip").last,
        page.locator("[data-status]"),
    )  # fmt: skip

    def put(words: str, which: int = 0) -> None:
        page.locator("#q").fill(words)
        expect(found.first.locator("span")).to_have_text(words)
        write(page, "，计")
        found.nth(which).click()

    put("行政处罚")
    expect(chip).to_have_text("29件")
    page.keyboard.type("件。")  # written all the same: not twice
    expect(chip).to_have_text("29")
    put("行政处罚", 1)  # the number alone
    expect(chip).to_have_text("29")
    put("主动公开.“示例自然资源”微信公众号")  # a name that is no word
    expect(chip).to_have_text("300条")
    expect(status).to_have_text("已保存")
    text = narrative(root)
    assert "，计{{ 行政处罚 }}件。，计{{ 行政处罚 }}，计{{ 主动公开" in text
    assert '{{ 主动公开["“示例自然资源”微信公众号"].带单位 }}' in text
    page.reload()
    expect(chip).to_have_text("300条")
    page.context.close()


def test_a_connection_that_breaks_loses_no_word(
    browser: Browser, address: Address, root: Path
) -> None:
    page = open_page(browser, address)
    page.goto(f"{address}{BASE}/texts?section=problems.improvements")
    page.context.set_offline(True)
    write(page, "断网时写的。")
    expect(page.locator("[data-status]")).to_contain_text("没有连上")
    page.context.set_offline(False)
    expect(page.locator("[data-status]")).to_have_text("已保存")
    assert "断网时写的。" in (root / "data/shili-zrzyj/2024/narrative.md").read_text("utf-8")
    page.context.close()

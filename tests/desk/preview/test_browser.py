"""The preview in a real browser: it refreshes by itself, keeps its place and tells errors."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page
from tests.programs import open_browser
from tests.projects import copy_project

from nianbao.desk.preview.server import PreviewServer, serve_preview
from nianbao.desk.preview.session import Session
from nianbao.desk.preview.watch import narrative_of

pytestmark = pytest.mark.slow
SURVEYORS = ("shili-zrzyj", 2024)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return copy_project(tmp_path, SURVEYORS[0])


@pytest.fixture
def page(root: Path) -> Iterator[Page]:
    """A browser that shows the preview; no message may appear in its console."""
    session = Session(root, *SURVEYORS)
    session.refresh()
    server = PreviewServer(session, 0)
    serving = threading.Thread(target=serve_preview, args=(server,))
    serving.start()
    said: list[str] = []
    with open_browser() as browser:
        opened = browser.new_page(viewport={"width": 1400, "height": 900})
        opened.on("console", lambda message: said.append(message.text))
        opened.on("pageerror", lambda error: said.append(str(error)))
        opened.goto(server.address)
        opened.wait_for_selector("body[data-shown]")
        yield opened
    server.stopping = True
    serving.join()
    assert said == []


def save(root: Path, page: Page, old: str, new: str) -> None:
    """Save an edit of the prose and wait until the browser has taken notice."""
    before = page.locator("body").get_attribute("data-shown")
    file = narrative_of(root, *SURVEYORS)
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new), "utf-8")
    page.wait_for_selector(f"body:not([data-shown='{before}'])")


def report(page: Page) -> str:
    return page.frame_locator("iframe").locator("body").inner_text()


def test_the_page_follows_the_file_and_keeps_its_place(root: Path, page: Page) -> None:
    frame = page.frames[1]
    frame.evaluate("window.scrollTo(0, 1500)")
    save(root, page, "均未超过法定期限", "都在法定期限之内")
    assert "都在法定期限之内" in report(page)
    assert page.frames[1].evaluate("window.scrollY") == 1500
    assert len(page.frames) == 2


def test_a_finding_leads_to_its_sentence(root: Path, page: Page) -> None:
    assert "没有写" not in report(page)
    save(root, page, "多数是申请人", "今年共收到申请41件，多数是申请人")
    assert "〔N1" in report(page)
    assert "写作41件" in page.locator("#findings").inner_text()
    page.get_by_role("button", name="看原句").click()
    assert page.frame_locator("iframe").locator("#finding-0").is_visible()
    assert page.frames[1].evaluate("window.scrollY") > 0


def test_an_error_is_shown_and_goes_again(root: Path, page: Page) -> None:
    save(root, page, "{{ 政策解读.带单位 }}", "{{ 政策解毒 }}")
    assert "没有名为“政策解毒”的数据" in page.locator("#problems").inner_text()
    assert "均未超过法定期限" in report(page)
    save(root, page, "{{ 政策解毒 }}", "{{ 政策解读.带单位 }}")
    assert page.locator("#problems").is_hidden()


def test_the_report_runs_no_script(page: Page) -> None:
    assert page.locator("iframe").get_attribute("sandbox") == "allow-same-origin"

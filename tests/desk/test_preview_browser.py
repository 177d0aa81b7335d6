"""The preview in a real browser: it refreshes by itself, keeps its place and tells errors."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, FrameLocator, Locator, Page, expect
from tests.desk.desks import Address, served
from tests.programs import PATIENCE
from tests.projects import copy_project

from nianbao.inputs.project import narrative_file

pytestmark = pytest.mark.slow
SURVEYORS = ("shili-zrzyj", 2024)


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copy_project(tmp_path_factory.mktemp("desk"), SURVEYORS[0])


@pytest.fixture(scope="module")
def address(root: Path) -> Iterator[Address]:
    with served(root) as found:
        yield found


@pytest.fixture
def page(root: Path, address: Address, browser: Browser) -> Iterator[Page]:
    """A browser that shows the preview; no message may appear in its console."""
    said: list[str] = []
    viewport = {"width": 1400, "height": 900}
    opened = browser.new_page(viewport=viewport, reduced_motion="reduce")
    opened.set_default_timeout(PATIENCE)
    opened.on("console", lambda message: said.append(message.text))
    opened.on("pageerror", lambda error: said.append(str(error)))
    file = root / narrative_file(*SURVEYORS)
    text = file.read_text("utf-8")
    opened.goto(f"{address.entrance}?to=agency/{SURVEYORS[0]}/{SURVEYORS[1]}/preview")
    opened.wait_for_selector("body[data-shown]")
    expect(report(opened)).to_contain_text("均未超过法定期限")  # not what another test wrote
    yield opened
    opened.close()
    file.write_text(text, "utf-8")
    assert said == []


def save(root: Path, old: str, new: str) -> None:
    """Save an edit of the prose."""
    file = root / narrative_file(*SURVEYORS)
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new), "utf-8")


def frame(page: Page) -> FrameLocator:
    return page.frame_locator("iframe[name=page]")


def report(page: Page) -> Locator:
    return frame(page).locator("body")


def scrolled(page: Page) -> int:
    shown = page.frame(name="page")
    assert shown is not None
    return int(shown.evaluate("Math.round(window.scrollY)"))


def test_the_page_follows_the_file_and_keeps_its_place(root: Path, page: Page) -> None:
    shown = page.frame(name="page")
    assert shown is not None
    shown.evaluate("window.scrollTo(0, 1500)")
    save(root, "均未超过法定期限", "都在法定期限之内")
    expect(report(page)).to_contain_text("都在法定期限之内")
    # The place is set when the new page has been laid out, a moment after its words are there.
    # (wait_for_function is no help: the page forbids what is evaluated later.)
    place = "Math.round(document.querySelector('iframe[name=page]').contentWindow.scrollY)"
    for _ in range(600):
        if page.evaluate(place) == 1500:
            break
        page.wait_for_timeout(100)
    assert page.evaluate(place) == 1500


def test_a_finding_leads_to_its_sentence(root: Path, page: Page) -> None:
    expect(report(page)).not_to_contain_text("没有写")
    save(root, "多数是申请人", "今年共收到申请41件，多数是申请人")
    expect(report(page)).to_contain_text("〔N1")
    link = page.get_by_role("link", name="看原句")
    expect(page.locator("aside")).to_contain_text("写作41件")
    link.click()
    expect(frame(page).locator("#finding-0")).to_be_visible()
    assert scrolled(page) > 0


def test_an_error_is_shown_and_goes_again(root: Path, page: Page) -> None:
    save(root, "{{ 政策解读.带单位 }}", "{{ 政策解毒 }}")
    problems = page.locator("aside .problems")
    expect(problems).to_contain_text("没有名为“政策解毒”的数据")
    expect(report(page)).to_contain_text("均未超过法定期限")
    save(root, "{{ 政策解毒 }}", "{{ 政策解读.带单位 }}")
    expect(problems).to_have_count(0)


def test_a_number_leads_to_its_source(page: Page) -> None:
    frame(page).locator("td a.source").first.click()
    source = page.frame_locator("iframe[name=source]")
    expect(source.locator("h1")).to_contain_text("表")

"""The analyst's way: JupyterLab in a real browser, Run All, an edited cell, pull, export."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, sync_playwright
from tests.projects import WORKED, copy_project

from nianbao.runs.build import BuildOptions, build_report
from nianbao.runs.pull import narrative_file, pull_edits

pytestmark = pytest.mark.slow
NOTEBOOK = "output/yiyuan-sfj/2024/report.ipynb"
PATIENCE = 90_000


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A project with the worked example, built."""
    project = copy_project(tmp_path / "project", WORKED[0])
    build_report(project, *WORKED, BuildOptions(("html",)))
    return project


@pytest.fixture
def lab(root: Path, tmp_path: Path) -> Iterator[str]:
    """The address of a JupyterLab of the project, with settings of its own."""
    port = free_port()
    settings = {
        f"JUPYTER_{kind}_DIR": str(tmp_path / kind) for kind in ("CONFIG", "DATA", "RUNTIME")
    }
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", f"--port={port}"]
    options = ["--ServerApp.token=", "--allow-root", "--LabApp.news_url=", str(root)]
    with subprocess.Popen(
        [*command, *options], cwd=root, env={**os.environ, **settings},
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    ) as server:  # fmt: skip
        address = f"http://127.0.0.1:{port}"
        for _ in range(600):
            try:
                urllib.request.urlopen(f"{address}/api", timeout=1).close()
                break
            except OSError:
                time.sleep(0.1)
        yield address
        server.terminate()


@pytest.fixture
def page() -> Iterator[Page]:
    with sync_playwright() as playwright:
        chromium = shutil.which("chromium") or shutil.which("google-chrome")
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield browser.new_page(viewport={"width": 1400, "height": 1000})
        browser.close()


def open_notebook(page: Page, address: str) -> None:
    page.set_default_timeout(PATIENCE)
    page.goto(address)
    page.locator(".jp-Notebook .jp-Cell").first.wait_for()
    page.get_by_text("Python 3 (ipykernel) | Idle").wait_for()


def menu(page: Page, *items: str) -> Locator:
    """Go along a menu; give the last item."""
    page.locator(".lm-MenuBar-itemLabel", has_text=items[0]).first.click()
    for item in items[1:-1]:
        page.locator(".lm-Menu-itemLabel", has_text=item).first.hover()
    return page.locator(".lm-Menu-itemLabel").get_by_text(items[-1], exact=True)


def run_all(page: Page) -> None:
    menu(page, "Run", "Run All Cells").click()
    page.locator(".lm-TabBar-tab.jp-mod-dirty").wait_for()
    idle = page.locator(".jp-Notebook-ExecutionIndicator[data-status='idle']")
    quiet = 0
    while quiet < 20:
        page.wait_for_timeout(100)
        quiet = quiet + 1 if idle.count() else 0


def cell(page: Page, words: str) -> Locator:
    """The narrative cell with these words, scrolled to where it is drawn."""
    found = page.locator(".jp-MarkdownCell", has_text=words)
    notebook = page.locator(".jp-WindowedPanel-outer")
    for step in range(60):
        if found.count():
            return found.first
        notebook.evaluate("(panel, top) => panel.scrollTo(0, top)", step * 400)
        page.wait_for_timeout(100)
    raise AssertionError(f"no cell shows “{words}”")


def write_at_end(page: Page, words: str, more: str) -> None:
    """Open a narrative cell, write at its end, close it."""
    found = cell(page, words)
    found.click()
    page.keyboard.press("Enter")
    found.locator(".cm-content").wait_for()
    page.keyboard.press("Control+End")
    page.keyboard.type(more)
    page.keyboard.press("Shift+Enter")


def save(page: Page, file: Path) -> None:
    before = file.stat().st_mtime_ns
    menu(page, "File", "Save Notebook").click()
    for _ in range(200):
        if file.stat().st_mtime_ns != before:
            page.wait_for_timeout(300)
            return
        page.wait_for_timeout(50)
    raise AssertionError("the notebook was not saved")


def test_run_all_of_a_finished_notebook_is_no_edit(root: Path, lab: str, page: Page) -> None:
    open_notebook(page, f"{lab}/lab/tree/{NOTEBOOK}")
    run_all(page)
    assert page.locator("[data-mime-type='application/vnd.jupyter.stderr']").count() == 0
    save(page, root / NOTEBOOK)
    before = narrative_file(root, *WORKED).read_text("utf-8")
    assert pull_edits(root, *WORKED).sections == ()
    assert narrative_file(root, *WORKED).read_text("utf-8") == before


def test_an_edited_cell_is_pulled_and_its_numbers_stay_live(
    root: Path, lab: str, page: Page
) -> None:
    open_notebook(page, f"{lab}/lab/tree/{NOTEBOOK}")
    write_at_end(page, "各平台合计发布信息2017条", "平台之外，另设查阅点。")
    save(page, root / NOTEBOOK)
    pulled = pull_edits(root, *WORKED)
    assert [s.section for s in pulled.sections] == ["overview.platform"]
    text = narrative_file(root, *WORKED).read_text("utf-8")
    assert "各平台合计发布信息{{ 主动公开.带单位 }}。平台之外，另设查阅点。" in text
    built = build_report(root, *WORKED, BuildOptions(("html",)))
    shown = (built.folder / "report.html").read_text("utf-8")
    assert "平台之外，另设查阅点。" in shown


def test_words_follow_the_data_when_the_notebook_is_run_again(
    root: Path, lab: str, page: Page
) -> None:
    ledger = root / "data/yiyuan-sfj/2024/disclosures.csv"
    text = ledger.read_text("utf-8-sig")
    assert ",505" in text
    ledger.write_text(text.replace(",505", ",600"), "utf-8")
    open_notebook(page, f"{lab}/lab/tree/{NOTEBOOK}")
    run_all(page)
    write_at_end(page, "各平台合计发布信息2017条", "平台之外，另设查阅点。")
    save(page, root / NOTEBOOK)
    (pulled,) = pull_edits(root, *WORKED).sections
    assert pulled.numbers == ()
    exported = root / "x.html"
    command = [sys.executable, "-m", "nbconvert", "--to", "nianbao_html", NOTEBOOK]
    subprocess.run(
        [*command, "--output-dir", ".", "--output", "x"], cwd=root, check=True, capture_output=True
    )
    shown = re.sub(r"<[^>]*>", "", exported.read_text("utf-8"))
    assert "全年在政府网站主动公开政府信息666条" in shown
    assert "平台之外，另设查阅点。" in shown


def test_the_menu_offers_our_formats_and_a_cell_shows_the_page(
    root: Path, lab: str, page: Page
) -> None:
    open_notebook(page, f"{lab}/lab/tree/notebooks/report.ipynb")
    run_all(page)
    menu(page, "File", "Save and Export Notebook As", "Nianbao_html").wait_for()
    labels = page.locator(".lm-Menu-itemLabel").all_inner_texts()
    assert {"Nianbao_html", "Nianbao_pdf", "Nianbao_docx"} <= set(labels)
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    page.locator(".jp-CodeCell").first.click()
    cell(page, "没有其他需要报告的事项").click()
    page.keyboard.press("Escape")
    page.keyboard.press("b")
    page.keyboard.press("Enter")
    page.keyboard.type("report.preview()")
    page.keyboard.press("Control+Enter")
    frame = page.frame_locator(".jp-OutputArea-output iframe")
    frame.get_by_role("heading", name="沂源县司法局2024年政府信息公开工作年度报告").wait_for()
    assert "各平台合计发布信息2017条" in frame.locator("body").inner_text()

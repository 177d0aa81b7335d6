"""The analyst's way: JupyterLab in a real browser, Run All, an edited cell, pull, export."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page
from tests.documents.same_documents import assert_same_documents
from tests.lab import (
    cell,
    jupyter_lab,
    launcher_card,
    menu,
    open_notebook,
    preview_below,
    run_all,
    save,
    write_at_end,
)
from tests.projects import WORKED, copy_built

from nianbao.edits.pull import narrative_file, pull_edits
from nianbao.publishing.build import BuildOptions, build_report

pytestmark = pytest.mark.slow
NOTEBOOK = "output/yiyuan-sfj/2024/report.ipynb"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that JupyterLab shows, with a project for each test."""
    return tmp_path_factory.mktemp("lab")


@pytest.fixture
def root(folder: Path, request: pytest.FixtureRequest) -> Path:
    """A project with the worked example, built."""
    return copy_built(folder / request.node.name, "html", "docx")


@pytest.fixture(scope="module")
def server(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a JupyterLab with settings of its own."""
    with jupyter_lab(folder, tmp_path_factory.mktemp("settings")) as address:
        yield address


@pytest.fixture
def lab(server: str, root: Path) -> str:
    """Where it opens the files of the project."""
    return f"{server}/lab/tree/{root.name}"


def test_run_all_is_no_edit_words_follow_the_data_and_an_edited_cell_is_pulled(
    root: Path, lab: str, page: Page
) -> None:
    open_notebook(page, f"{lab}/{NOTEBOOK}")
    run_all(page)
    assert page.locator("[data-mime-type='application/vnd.jupyter.stderr']").count() == 0
    save(page, root / NOTEBOOK)
    before = narrative_file(root, *WORKED).read_text("utf-8")
    assert pull_edits(root, *WORKED).sections == ()
    assert narrative_file(root, *WORKED).read_text("utf-8") == before
    assert cell(page, "各平台合计发布信息2017条").is_visible()

    ledger = root / "data/yiyuan-sfj/2024/disclosures.csv"
    text = ledger.read_text("utf-8-sig")
    assert ",505" in text
    ledger.write_text(text.replace(",505", ",600"), "utf-8")
    run_all(page)
    write_at_end(page, "各平台合计发布信息2112条", "平台之外，另设查阅点。")
    save(page, root / NOTEBOOK)
    (pulled,) = pull_edits(root, *WORKED).sections
    assert (pulled.section, pulled.numbers) == ("overview.platform", ())
    text = narrative_file(root, *WORKED).read_text("utf-8")
    assert "各平台合计发布信息{{ 主动公开.带单位 }}。平台之外，另设查阅点。" in text

    command = [sys.executable, "-m", "nbconvert", "--to", "nianbao_html", NOTEBOOK]
    subprocess.run(
        [*command, "--output-dir", ".", "--output", "x"], cwd=root, check=True, capture_output=True
    )
    built = build_report(root, *WORKED, BuildOptions(("html",)))
    for page_file in (root / "x.html", built.folder / "report.html"):
        shown = re.sub(r"<[^>]*>", "", page_file.read_text("utf-8"))
        assert "全年在政府网站主动公开政府信息666条" in shown
        assert "平台之外，另设查阅点。" in shown


def test_the_menu_and_the_launcher_offer_ours_and_a_cell_shows_the_page(
    root: Path, lab: str, page: Page
) -> None:
    open_notebook(page, f"{lab}/notebooks/report.ipynb")
    run_all(page)
    master = root / "notebooks/report.ipynb"
    save(page, master)
    assert_same_documents(master, (root / NOTEBOOK).parent)
    own = cell(page, "各平台合计发布信息2017条")
    assert "印出的是 data/yiyuan-sfj/2024/narrative.md 中的文字" in (own.text_content() or "")
    shown = cell(page, "2024年1月1日至2024年12月31日")
    assert shown.locator("[data-nianbao='统计期限']").get_attribute("title") == "统计期限"
    assert "{{" not in (shown.locator(".jp-MarkdownOutput").text_content() or "")
    shown.dblclick()
    assert "{{ 统计期限 }}" in page.locator(".jp-mod-active .cm-content").inner_text()
    page.keyboard.press("Escape")
    page.keyboard.press("Shift+Enter")
    menu(page, "File", "Save and Export Notebook As", "Nianbao_html").wait_for()
    labels = page.locator(".lm-Menu-itemLabel").all_inner_texts()
    assert {"Nianbao_html", "Nianbao_pdf", "Nianbao_docx"} <= set(labels)
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    page.locator(".jp-CodeCell").first.click()
    frame = preview_below(page, "没有其他需要报告的事项").content_frame
    frame.locator("h1").wait_for(state="attached")
    assert frame.locator("h1").text_content() == "沂源县司法局2024年政府信息公开工作年度报告"
    assert "各平台合计发布信息2017条" in (frame.locator("main").text_content() or "")
    launcher_card(page, "打开").wait_for()
    labels = page.locator(".jp-LauncherCard-label:visible").all_inner_texts()
    assert {"打开", "预览", "生成", "拉回"} <= set(labels)

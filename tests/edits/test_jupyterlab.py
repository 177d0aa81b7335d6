"""An analyst's way in JupyterLab, in a real browser: ``make lab``, Run All, an edited cell, pull.

One JupyterLab is loaded once; each test opens its notebook there and leaves nothing open.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import psutil
import pytest
from nbconvert.exporters import get_exporter
from playwright.sync_api import Browser, Page, expect
from tests.documents.same_documents import assert_same_documents
from tests.lab import (
    cell,
    close_all,
    export,
    from_launcher,
    launcher_card,
    make_lab,
    menu,
    new_page,
    open_from_path,
    preview_below,
    run_all,
    run_below,
    save,
    split_before_end,
    write_at_end,
)
from tests.programs import PATIENCE
from tests.projects import REPOSITORY, WORKED, copy_built, copy_project

from nianbao.documents.readback import read_docx, read_html, read_pdf
from nianbao.edits.pull import pull_edits
from nianbao.inputs.project import narrative_file
from nianbao.publishing.build import BuildOptions, build_report

pytestmark = pytest.mark.slow
AGENCY, YEAR = "shili-zrzyj", 2024
NOTEBOOK = f"output/{AGENCY}/{YEAR}/report.ipynb"
WORKED_NOTEBOOK = "output/yiyuan-sfj/2024/report.ipynb"
WORDS = "群众最关心的是征地和不动产登记。"
TAIL = "首次登记公告、遗失声明等随办随发，全年公开231条。"
ADDED = "另设征地信息查阅点。"
TABLE = """by_month = report.frame("cases").groupby("申请人类型", observed=True)["件数"].sum()
report.show(by_month, title="申请人与件数", unit="件", source="申请台账")"""
CHART = """import matplotlib.pyplot as plt
plt.style.use("nianbao.report")
figure, axes = plt.subplots()
axes.bar(["首次登记", "遗失声明"], [3, 5])
report.show(figure, title="公告的两种", unit="件", alt="遗失声明5件，首次登记3件。")"""


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A new project with the surveyors, whose report was not built before."""
    root = copy_project(tmp_path_factory.mktemp("lab") / "年报", AGENCY)
    shutil.copy(REPOSITORY / "src/nianbao/project/Makefile", root / "Makefile")
    return root


@pytest.fixture
def worked_root(root: Path, request: pytest.FixtureRequest) -> Path:
    """A project of a test's own below it, with the worked example, built."""
    return copy_built(root / request.node.name, "html", "docx")


@pytest.fixture(scope="module")
def lab(root: Path, browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    """JupyterLab as ``make lab`` opens it, with nothing open."""
    settings = tmp_path_factory.mktemp("settings")
    with make_lab(root, settings, f"AGENCY={AGENCY}") as address:
        page = new_page(browser)
        page.goto(f"{address}/lab?reset")
        yield page
        page.context.close()


@pytest.fixture
def page(lab: Page) -> Iterator[Page]:
    """Its page, where nothing of a test stays open."""
    lab.locator(".jp-Launcher-sectionTitle", has_text="年报").wait_for()
    yield lab
    close_all(lab)


def seen(page: Page, folder: Path, name: str) -> None:
    """Keep a picture of the window where somebody wants to look at it."""
    if os.environ.get("LAB_PICTURES"):
        page.screenshot(path=folder / f"{name}.png")


def test_the_way_from_the_first_look_to_the_rebuilt_report(
    root: Path, page: Page, tmp_path: Path
) -> None:
    open_from_path(page, NOTEBOOK)
    seen(page, tmp_path, "1-open")
    run_all(page)

    rows = run_below(page, WORDS, 'report.trace("新收申请")').locator("table")
    rows.wait_for()
    assert "2024001" in rows.inner_text()
    assert "requests.xlsx" in rows.inner_text()
    seen(page, tmp_path, "2-trace")
    page.keyboard.press("d")
    page.keyboard.press("d")

    write_at_end(page, WORDS, ADDED)
    split_before_end(page, WORDS, f"{TAIL}{ADDED}")
    figure = run_below(page, ADDED, CHART).locator("svg")
    figure.first.wait_for()
    seen(page, tmp_path, "3-own-chart")
    run_below(page, ADDED, TABLE).locator("table").first.wait_for()
    seen(page, tmp_path, "4-own-table")
    save(page, root / NOTEBOOK)

    exported = export(page, "Nianbao_html", tmp_path / "x.html").read_text("utf-8")
    exported = re.sub(r"<[^>]*>", "", exported)
    for words in (ADDED[:-1], "申请人与件数", "公告的两种"):
        assert words in exported
    with zipfile.ZipFile(export(page, "Nianbao_docx", tmp_path / "x.docx")) as archive:
        assert ADDED[:-1] in re.sub(r"<[^>]*>", "", archive.read("word/document.xml").decode())

    pulled = run_below(page, ADDED, "%nianbao pull").locator(".jp-OutputArea-output").first
    pulled.wait_for()
    expect(pulled).to_contain_text("自加的代码格", timeout=PATIENCE)
    seen(page, tmp_path, "5-pull")
    narrative = (root / f"data/{AGENCY}/{YEAR}/narrative.md").read_text("utf-8")
    assert ADDED in narrative
    assert "随办随发，全年公开{{ 主动公开.政府网站.不动产登记公告.带单位 }}" in narrative

    before = (root / NOTEBOOK).stat().st_mtime_ns
    from_launcher(page, "生成", f"{AGENCY} {YEAR}")
    for _ in range(3000):
        page.wait_for_timeout(200)
        with suppress(FileNotFoundError):  # between two renames
            if (root / NOTEBOOK).stat().st_mtime_ns != before:
                break
    else:
        raise AssertionError("the report was not built")
    seen(page, tmp_path, "6-build")

    folder = root / f"output/{AGENCY}/{YEAR}"
    for ending, read in {"html": read_html, "pdf": read_pdf, "docx": read_docx}.items():
        text = "".join(str(read((folder / f"report.{ending}").read_bytes())).split())
        for words in (ADDED[:-1], "申请人与件数", "公告的两种"):
            assert words in text, (ending, words)
    assert (folder / "tables/申请人与件数.csv").is_file()


def edited_copy(root: Path, target: str, sentence: str) -> None:
    """The report's notebook with a sentence more, saved as another file or in its place."""
    notebook = json.loads((root / NOTEBOOK).read_text("utf-8"))
    for each in notebook["cells"]:
        if each["metadata"].get("nianbao", {}).get("section") == "overview.platform":
            each["source"] = "".join(each["source"]) + sentence
    (root / target).write_text(json.dumps(notebook, ensure_ascii=False), "utf-8")


def wait_until_written(page: Page, file: Path, words: str) -> None:
    for _ in range(3000):
        if words in file.read_text("utf-8"):
            return
        page.wait_for_timeout(200)
    raise AssertionError(f"“{words}” was not written")


def test_the_launcher_and_the_terminal_do_what_they_say(
    root: Path, page: Page, tmp_path: Path
) -> None:
    narrative = root / f"data/{AGENCY}/{YEAR}/narrative.md"
    page.locator(".jp-LauncherCard", has_text="打开").last.click()
    page.locator(".lm-TabBar-tabLabel", has_text="report.ipynb").wait_for()

    edited_copy(root, "x.ipynb", "第一句。")
    launcher_card(page, "Terminal").click()
    terminal = page.locator(".jp-Terminal .xterm-screen")
    terminal.wait_for()
    terminal.click()
    page.keyboard.type(f"nianbao pull {AGENCY} {YEAR} x.ipynb\n")
    wait_until_written(page, narrative, "第一句。")
    seen(page, tmp_path, "7-terminal")

    edited_copy(root, NOTEBOOK, "第二句。")
    from_launcher(page, "拉回", f"{AGENCY} {YEAR}")
    wait_until_written(page, narrative, "第二句。")

    from_launcher(page, "预览", f"{AGENCY} {YEAR}")
    started = []
    for _ in range(3000):
        page.wait_for_timeout(200)
        started = [p for p in psutil.process_iter() if is_preview_of(p, root)]
        if started and any(c.status == psutil.CONN_LISTEN for c in started[-1].net_connections()):
            break
    else:
        raise AssertionError("no preview was started")
    seen(page, tmp_path, "8-preview")
    for process in [child for p in started for child in (*p.children(recursive=True), p)]:
        with suppress(psutil.Error):
            process.terminate()


def is_preview_of(process: psutil.Process, root: Path) -> bool:
    with suppress(psutil.Error):
        return "preview" in process.cmdline() and Path(process.cwd()) == root
    return False


def test_run_all_is_no_edit_words_follow_the_data_and_an_edited_cell_is_pulled(
    root: Path, worked_root: Path, page: Page
) -> None:
    root, project = worked_root, worked_root.relative_to(root)
    open_from_path(page, f"{project}/{WORKED_NOTEBOOK}")
    run_all(page)
    assert page.locator("[data-mime-type='application/vnd.jupyter.stderr']").count() == 0
    save(page, root / WORKED_NOTEBOOK)
    before = (root / narrative_file(*WORKED)).read_text("utf-8")
    assert pull_edits(root, *WORKED).sections == ()
    assert (root / narrative_file(*WORKED)).read_text("utf-8") == before
    assert cell(page, "各平台合计发布信息2017条").is_visible()

    ledger = root / "data/yiyuan-sfj/2024/disclosures.csv"
    text = ledger.read_text("utf-8-sig")
    assert ",505" in text
    ledger.write_text(text.replace(",505", ",600"), "utf-8")
    run_all(page)
    write_at_end(page, "各平台合计发布信息2112条", "平台之外，另设查阅点。")
    save(page, root / WORKED_NOTEBOOK)
    (pulled,) = pull_edits(root, *WORKED).sections
    assert (pulled.section, pulled.numbers) == ("overview.platform", ())
    text = (root / narrative_file(*WORKED)).read_text("utf-8")
    assert "各平台合计发布信息{{ 主动公开.带单位 }}。平台之外，另设查阅点。" in text

    exported, _ = get_exporter("nianbao_html")().from_filename(str(root / WORKED_NOTEBOOK))
    built = build_report(root, *WORKED, BuildOptions(("html",)))
    for html in (exported, (built.folder / "report.html").read_text("utf-8")):
        shown = re.sub(r"<[^>]*>", "", html)
        assert "全年在政府网站主动公开政府信息666条" in shown
        assert "平台之外，另设查阅点。" in shown


def test_the_menu_and_the_launcher_offer_ours_and_a_cell_shows_the_page(
    root: Path, worked_root: Path, page: Page
) -> None:
    root, project = worked_root, worked_root.relative_to(root)
    open_from_path(page, f"{project}/notebooks/report.ipynb")
    run_all(page)
    master = root / "notebooks/report.ipynb"
    save(page, master)
    assert_same_documents(master, (root / WORKED_NOTEBOOK).parent)
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

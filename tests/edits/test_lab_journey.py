"""An analyst's whole way in JupyterLab: from ``make lab`` to the finished report, read back."""

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
from playwright.sync_api import Page, expect
from tests.lab import (
    export,
    from_launcher,
    launcher_card,
    make_lab,
    open_notebook,
    run_all,
    run_below,
    save,
    split_before_end,
    write_at_end,
)
from tests.programs import PATIENCE
from tests.projects import REPOSITORY, copy_project

from nianbao.documents.readback import read_docx, read_html, read_pdf

pytestmark = pytest.mark.slow
AGENCY, YEAR = REPORT = ("shili-zrzyj", 2024)
NOTEBOOK = f"output/{AGENCY}/{YEAR}/report.ipynb"
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
    root = copy_project(tmp_path_factory.mktemp("journey") / "年报", AGENCY)
    shutil.copy(REPOSITORY / "src/nianbao/project/Makefile", root / "Makefile")
    return root


@pytest.fixture(scope="module")
def lab(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """JupyterLab as ``make lab`` opens it; the report was not built before."""
    with make_lab(root, tmp_path_factory.mktemp("settings"), f"AGENCY={AGENCY}") as address:
        yield address


def seen(page: Page, folder: Path, name: str) -> None:
    """Keep a picture of the window where somebody wants to look at it."""
    if os.environ.get("LAB_PICTURES"):
        page.screenshot(path=folder / f"{name}.png")


def test_the_way_from_the_first_look_to_the_rebuilt_report(
    root: Path, lab: str, page: Page, tmp_path: Path
) -> None:
    open_notebook(page, f"{lab}/lab/tree/{NOTEBOOK}")
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
    root: Path, lab: str, page: Page, tmp_path: Path
) -> None:
    narrative = root / f"data/{AGENCY}/{YEAR}/narrative.md"
    page.set_default_timeout(PATIENCE)
    page.goto(f"{lab}/lab?reset")
    page.locator(".jp-Launcher-sectionTitle", has_text="年报").wait_for()
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

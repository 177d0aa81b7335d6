"""The pictures in docs/images: a report, JupyterLab, the county's list; taken from the real thing.

    python -m tools.pictures

A project in a temporary folder is built and opened as an analyst does it; the real JupyterLab is
driven by the same functions as in tests/edits/test_jupyterlab.py. Look at the pictures afterwards.
"""

from __future__ import annotations

import io
import subprocess
import sys
import tempfile
from pathlib import Path

import pypdfium2 as pdfium
from PIL import Image
from playwright.sync_api import Page
from tests.lab import (
    chinese_browser,
    jupyter_lab,
    menu,
    new_page,
    open_at_end,
    open_notebook,
    run_all,
    save,
)
from tests.projects import REPOSITORY, copy_project

from nianbao.publishing.build import BuildOptions, build_report

IMAGES = REPOSITORY / "docs" / "images"
AGENCY, YEAR = "shili-zrzyj", 2024
NOTEBOOK = f"output/{AGENCY}/{YEAR}/report.ipynb"
WIDTH, HEIGHT = 1180, 720
COLOURS = 64
GAP = 10
PDF_PAGES = ("本报告根据", "类别分布", "申请人情况", "五、存在的主要问题")
"""Words on the pages of the PDF that are shown: the first page that has them."""
WORDS = "群众最关心的是征地和不动产登记"


def shoot(page: Page, name: str, height: int = HEIGHT) -> None:
    """A picture of the upper part of the window."""
    page.wait_for_timeout(600)
    part = {"x": 0, "y": 0, "width": WIDTH, "height": height}
    picture = Image.open(io.BytesIO(page.screenshot(clip=part))).convert("RGB")
    store(picture, name)


def store(picture: Image.Image, name: str) -> None:
    """Few colours keep a picture small and its letters sharp."""
    file = IMAGES / f"{name}.png"
    picture.quantize(COLOURS, dither=Image.Dither.NONE).save(file, optimize=True)
    print(f"{file.relative_to(REPOSITORY)} {file.stat().st_size // 1024} kB")


def take_of_report(page: Page, folder: Path) -> None:
    """The page as a browser shows it, and four pages of the PDF beside each other."""
    page.set_viewport_size({"width": 1240, "height": 1100})
    page.goto((folder / "report.html").as_uri())
    picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    store(picture.resize((930, 825), Image.Resampling.LANCZOS), "page")
    pdf = pdfium.PdfDocument(folder / "report.pdf")
    texts = [sheet.get_textpage().get_text_bounded() for sheet in pdf]
    numbers = [next(i for i, text in enumerate(texts) if words in text) for words in PDF_PAGES]
    sheets = [pdf[i].render(scale=460 / 595).to_pil().convert("RGB") for i in numbers]
    width, height = sheets[0].size
    row = Image.new("RGB", ((width + GAP) * len(sheets) - GAP, height), "#999999")
    for place, sheet in enumerate(sheets):
        row.paste(sheet.crop((1, 1, width - 1, height - 1)), ((width + GAP) * place + 1, 1))
    store(row, "pages")


def take_of_lab(page: Page, address: str, root: Path) -> None:
    """Open, run all, edit, preview, export, pull."""
    open_notebook(page, f"{address}/lab/tree/{NOTEBOOK}")
    page.get_by_role("button", name="No", exact=True).click()  # news of Jupyter
    page.keyboard.press("Control+b")  # the list of files, closed: more room for the report
    shoot(page, "lab-open")
    menu(page, "Run", "Run All Cells").hover()
    shoot(page, "lab-run")
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    run_all(page)
    open_at_end(page, WORDS)
    page.keyboard.type("另设征地信息查阅点。")
    shoot(page, "lab-edit")
    page.keyboard.press("Shift+Enter")
    save(page, root / NOTEBOOK)
    menu(page, "File", "Save and Export Notebook As", "Nianbao_html").hover()
    shoot(page, "lab-export")
    for _ in range(3):
        page.keyboard.press("Escape")
    page.locator(".jp-WindowedPanel-outer").evaluate("(panel) => panel.scrollTo(0, 1e6)")
    frame = page.locator(".jp-OutputArea-output iframe").last
    frame.content_frame.get_by_role("heading").first.wait_for()
    frame.scroll_into_view_if_needed()
    shoot(page, "lab-preview")
    take_of_pull(page, root)


def take_of_pull(page: Page, root: Path) -> None:
    """Pull in JupyterLab's own terminal."""
    menu(page, "File", "New", "Terminal").click()
    terminal = page.locator(".jp-Terminal .xterm-screen")
    terminal.wait_for()
    terminal.click()
    narrative = root / "data" / AGENCY / str(YEAR) / "narrative.md"
    before = narrative.read_text("utf-8")
    page.wait_for_timeout(1500)
    # A login shell sets the path anew.
    page.keyboard.type(f"PATH={Path(sys.executable).parent}:$PATH PS1='$ '; clear\n")
    page.wait_for_timeout(500)
    page.keyboard.type(f"nianbao pull {AGENCY} {YEAR}\n")
    for _ in range(300):
        page.wait_for_timeout(100)
        if narrative.read_text("utf-8") != before:
            page.wait_for_timeout(1500)
            shoot(page, "lab-pull", 150)
            return
    raise AssertionError("nothing was pulled")


def take_of_county(page: Page, folder: Path) -> None:
    """The list of a made-up county after a batch."""
    subprocess.run([sys.executable, "tools/make_county.py", folder], cwd=REPOSITORY, check=True)
    batch = [sys.executable, "-m", "nianbao", "batch", "--root", folder, "--year", str(YEAR)]
    subprocess.run([*batch, "--to", "html"], check=False)
    page.goto((folder / "output" / str(YEAR) / "index.html").as_uri())
    shoot(page, "county-index")


def main() -> None:
    """Take them all."""
    with (
        tempfile.TemporaryDirectory(prefix="nianbao-pictures-") as name,
        chinese_browser() as browser,
    ):
        work = Path(name)
        root = copy_project(work / "年报", AGENCY)
        folder = build_report(root, AGENCY, YEAR, BuildOptions(("html", "pdf"))).folder
        take_of_report(new_page(browser, WIDTH, HEIGHT), folder)
        with jupyter_lab(root, work / "settings", {"SHELL": "/bin/sh"}) as address:
            take_of_lab(new_page(browser, WIDTH, HEIGHT), address, root)
        take_of_county(new_page(browser, WIDTH, HEIGHT), work / "county")


if __name__ == "__main__":
    main()

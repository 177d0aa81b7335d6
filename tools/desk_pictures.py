"""Draw the pictures of docs/desk.zh-CN.md: the desk in Chromium, on the invented bureaus.

    python tools/desk_pictures.py

Runs a desk on a copy of the samples and photographs its pages as a clerk sees them. A machine
without a Chinese typeface is lent the one that comes with the package mplfonts.
"""

from __future__ import annotations

import io
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import mplfonts
from PIL import Image
from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
IMAGES = ROOT / "docs" / "images"
COMMAND = "import sys; from nianbao.cli.main import main; main()"
BUREAU = "/agency/shili-zrzyj/2024"
FONTS = """<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><include ignore_missing="yes">/etc/fonts/fonts.conf</include><dir>{fonts}</dir>
<cachedir>{cache}</cachedir></fontconfig>"""


@contextmanager
def desk(root: Path) -> Iterator[str]:
    """The address of a desk on a copy of the samples."""
    for name in ("params", "data", "notebooks"):
        shutil.copytree(ROOT / name, root / name)
    command = [sys.executable, "-c", COMMAND, "desk", "--port", "0", "--no-browser"]
    with subprocess.Popen(
        [*command, "--root", str(root)], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        found = re.search(r"http://\S+", process.stdout.readline())
        assert found is not None
        try:
            yield found[0]
        finally:
            process.send_signal(signal.SIGINT)


def shoot(page: Page, name: str, height: int = 900) -> None:
    """Photograph what the window shows."""
    page.set_viewport_size({"width": 1280, "height": height})
    page.wait_for_load_state("load")
    page.wait_for_timeout(1500)
    picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    # Few colours keep a picture small and its letters sharp.
    picture.quantize(64, dither=Image.Dither.NONE).save(IMAGES / f"desk-{name}.png", optimize=True)


def walk(page: Page, entrance: str) -> None:
    """Go the way of a clerk, and of the office."""
    page.goto(entrance)
    address = entrance.partition("/enter/")[0]
    page.goto(address + BUREAU + "/report")
    page.get_by_role("button", name="生成报告").click()
    page.wait_for_selector("text=报告已生成", timeout=300_000)
    page.goto(address + BUREAU)
    shoot(page, "steps", 620)
    page.goto(f"{address}{BUREAU}/hand-in")
    shoot(page, "hand-in")
    page.goto(f"{address}{BUREAU}/texts?section=overview.requests")
    shoot(page, "texts", 820)
    page.goto(f"{address}{BUREAU}/report")
    page.frame_locator("iframe[name=page]").locator("td a.source").first.click()
    shoot(page, "report")
    page.goto(f"{address}{BUREAU}/final")
    shoot(page, "final")
    page.goto(f"{address}{BUREAU}/about")
    shoot(page, "about", 760)
    page.goto(address + "/county/2024")
    page.wait_for_selector("text=正在核对", state="detached")
    shoot(page, "county", 560)


def main() -> None:
    """Make all pictures."""
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        fonts = Path(mplfonts.__file__).parent / "fonts"
        config = folder / "fonts.conf"
        config.write_text(FONTS.format(fonts=fonts, cache=folder / "cache"), "utf-8")
        with desk(folder / "project") as entrance, sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=chromium, args=["--no-sandbox"],
                env={**os.environ, "FONTCONFIG_FILE": str(config)},
            )  # fmt: skip
            page = browser.new_page(viewport={"width": 1280, "height": 900})
            page.set_default_timeout(120_000)
            walk(page, entrance)
            browser.close()


if __name__ == "__main__":
    main()

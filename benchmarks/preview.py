"""Measure how long it takes from saving a file to the refreshed page; write the figures down.

    python benchmarks/preview.py [--saves 30]

Runs `nianbao preview` on a copy of each sample, looks at it in Chromium, saves an edited
narrative.md again and again and waits until the browser shows the new words. The same for a
data file, where the notebook runs again. Writes docs/performance-preview.md.
"""

from __future__ import annotations

import argparse
import os
import platform
import re
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "performance-preview.md"
COMMAND = "import sys; from nianbao.cli.main import main; main()"
YEAR = "2024"
# What is edited: a figure's name and value stand in figures.csv, a sentence in narrative.md.
SAMPLES = ("yiyuan-sfj", "shili-zrzyj")


def copy_samples(folder: Path) -> Path:
    """A project that the benchmark may change."""
    for name in ("params", "data", "notebooks"):
        shutil.copytree(ROOT / name, folder / name)
    return folder


@contextmanager
def previewing(root: Path, agency: str) -> Iterator[str]:
    """The address of a running preview."""
    command = [
        sys.executable,
        "-c",
        COMMAND,
        "preview",
        agency,
        YEAR,
        "--port",
        "0",
        "--no-browser",
    ]
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


def shown(page: Page) -> str:
    """The number of the view that the browser shows."""
    return page.locator("body").get_attribute("data-shown") or ""


def measure(page: Page, saves: int, save: Callable[[int], str]) -> list[float]:
    """Seconds from each save to the page with the new words in it."""
    taken = []
    for number in range(saves):
        before = shown(page)
        start = time.perf_counter()
        words = save(number)
        page.wait_for_selector(f"body:not([data-shown='{before}'])")
        taken.append(time.perf_counter() - start)
        text = page.frame_locator("iframe[name=page]").locator("body").inner_text()
        assert words in text, f"the page does not show “{words}”"
        time.sleep(0.05 + number % 7 * 0.013)  # not in step with the watcher
    return taken


def line(name: str, kind: str, taken: list[float]) -> str:
    """A row of the table: milliseconds."""
    ordered = sorted(taken)
    worst = ordered[-1]
    ninth = ordered[int(len(ordered) * 0.9)]
    values = (statistics.median(taken), ninth, worst)
    figures = " | ".join(f"{value * 1000:.0f}" for value in values)
    return f"| {name} | {kind} | {len(taken)} | {figures} |"


def run(saves: int) -> list[str]:
    """All rows of the table."""
    rows = []
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        root = copy_samples(Path(folder))
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        for agency in SAMPLES:
            prose = root / "data" / agency / YEAR / "narrative.md"
            figures = root / "data" / agency / YEAR / "figures.csv"
            text, data = prose.read_text("utf-8"), figures.read_text("utf-8-sig")

            def reword(number: int, prose: Path = prose, text: str = text) -> str:
                words = f"第{number}次修改的文字"
                changed = text.replace(
                    "## overview.requests\n\n", f"## overview.requests\n\n{words}。"
                )
                prose.write_text(changed, "utf-8")
                return words

            def recount(number: int, figures: Path = figures, data: str = data) -> str:
                figures.write_text(f"{data.rstrip()}\n新数字,{number},个,\n", "utf-8")
                return "政府信息公开"

            with previewing(root, agency) as address:
                page = browser.new_page(viewport={"width": 1400, "height": 900})
                page.goto(address)
                page.wait_for_selector("body[data-shown]")
                rows.append(line(agency, "narrative.md", measure(page, saves, reword)))
                rows.append(line(agency, "figures.csv", measure(page, saves // 3, recount)))
                page.close()
        browser.close()
    return rows


def main() -> None:
    """Measure and write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--saves", type=int, default=30, help="saves of narrative.md per sample")
    rows = run(parser.parse_args().saves)
    load = ", ".join(f"{x:.1f}" for x in os.getloadavg())
    cores, version = os.cpu_count(), platform.python_version()
    PAGE.write_text(
        "\n".join(
            (
                "# From saving to the refreshed page",
                "",
                "Made by `python benchmarks/preview.py`; do not edit. Milliseconds from writing the"
                " file to the moment",
                "when Chromium has loaded the new page (the target for prose is 500 at the median);"
                " every time the",
                "new words are looked for in the page.",
                "",
                "| report | saved | times | median | 9 of 10 within | longest |",
                "|---|---|---|---|---|---|",
                *rows,
                "",
                f"Python {version}, {cores} cores, load average while it ran {load}.",
                "",
            )
        ),
        "utf-8",
    )
    print(PAGE.read_text("utf-8"))


if __name__ == "__main__":
    main()

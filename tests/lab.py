"""JupyterLab in a real browser, as an analyst uses it: for the tests, and for docs/images."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from playwright.sync_api import Browser, Locator, Page
from tests.programs import PATIENCE, open_browser, with_chinese_font

EXTENSIONS = {"jupyter_lsp": False}
"""Of the server: without the one that runs node and npm a dozen times to look for languages."""
INDICATOR = ".jp-Notebook-ExecutionIndicator"
"""What a notebook shows of the work of its kernel."""


def free_port() -> int:
    """A port that nobody uses."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


def wait_for(address: str, server: subprocess.Popen[bytes]) -> None:
    """Wait until a server answers, as long as it lives."""
    for _ in range(6000):
        assert server.poll() is None, f"JupyterLab has ended with {server.returncode}"
        try:
            urllib.request.urlopen(f"{address}/api", timeout=60).close()
            return
        except OSError:
            time.sleep(0.1)
    raise AssertionError("JupyterLab does not answer")


@contextmanager
def jupyter_lab(root: Path, settings: Path, more: Mapping[str, str] | None = None) -> Iterator[str]:
    """The address of a JupyterLab of the project, with settings of its own.

    Parameters
    ----------
    root
        The project.
    settings
        A folder for its settings, so that nobody's own are used or changed.
    more
        Variables of the environment.
    """
    port = free_port()
    folders = {
        f"JUPYTER_{kind}_DIR": str(settings / kind) for kind in ("CONFIG", "DATA", "RUNTIME")
    }
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", f"--port={port}"]
    options = ["--ServerApp.token=", "--allow-root", "--LabApp.news_url=", str(root)]
    config = settings / "CONFIG"
    config.mkdir(parents=True)
    server_settings = {"ServerApp": {"jpserver_extensions": EXTENSIONS}}
    (config / "jupyter_server_config.json").write_text(json.dumps(server_settings), "utf-8")
    with subprocess.Popen(
        [*command, *options], cwd=root, env={**os.environ, **folders, **(more or {})},
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    ) as server:  # fmt: skip
        address = f"http://127.0.0.1:{port}"
        wait_for(address, server)
        try:
            yield address
        finally:
            server.terminate()


@contextmanager
def make_lab(root: Path, settings: Path, *asked: str) -> Iterator[str]:
    """The address of the JupyterLab that ``make lab`` of a new project starts."""
    port = free_port()
    config = settings / "CONFIG"
    config.mkdir(parents=True)
    server = {"port": port, "token": "", "open_browser": False}
    server |= {"jpserver_extensions": EXTENSIONS}
    (config / "jupyter_server_config.json").write_text(json.dumps({"ServerApp": server}), "utf-8")
    lab = {"LabApp": {"news_url": None}}
    (config / "jupyter_lab_config.json").write_text(json.dumps(lab), "utf-8")
    folders = {f"JUPYTER_{kind}_DIR": str(settings / kind) for kind in ("DATA", "RUNTIME")}
    programs = Path(sys.executable).parent
    variables = {"JUPYTER_CONFIG_DIR": str(config), **folders}
    command = ["make", "lab", f"JUPYTER={programs / 'jupyter'}", f"NIANBAO={programs / 'nianbao'}"]
    command += ["LAB=--allow-root"]
    with subprocess.Popen(
        [*command, *asked], cwd=root, env={**os.environ, "MAKEFLAGS": "", **variables},
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
    ) as server_process:  # fmt: skip
        address = f"http://127.0.0.1:{port}"
        try:
            wait_for(address, server_process)
            yield address
        finally:
            os.killpg(server_process.pid, signal.SIGTERM)


@contextmanager
def chinese_browser() -> Iterator[Browser]:
    """Chromium, which shows Chinese on any machine."""
    with (
        tempfile.TemporaryDirectory(prefix="nianbao-fonts-") as folder,
        open_browser(with_chinese_font(Path(folder))) as browser,
    ):
        yield browser


def new_page(browser: Browser, width: int = 1400, height: int = 1000) -> Page:
    """An empty page that knows nothing of the others."""
    viewport = {"width": width, "height": height}
    page = browser.new_context(viewport=viewport, reduced_motion="reduce").new_page()
    page.set_default_timeout(PATIENCE)
    return page


def open_notebook(page: Page, address: str) -> None:
    """Load JupyterLab with a notebook alone, whatever was open, and wait for its kernel."""
    page.set_default_timeout(PATIENCE)
    page.goto(f"{address}?reset")
    _wait_for_notebook(page)


def open_from_path(page: Page, path: str) -> None:
    """Open a notebook in the page that is loaded, and wait until its kernel is ready."""
    menu(page, "File", "Open from Path…").click()
    page.locator(".jp-Dialog input").fill(path)
    page.locator(".jp-Dialog .jp-mod-accept").click()
    _wait_for_notebook(page)


def _wait_for_notebook(page: Page) -> None:
    page.locator(".jp-Notebook .jp-Cell").first.wait_for()
    page.locator(f"{INDICATOR}[data-status='idle']").wait_for()
    page.get_by_text("Python 3 (ipykernel) | Idle").wait_for()


def close_all(page: Page) -> None:
    """Close whatever is open, without saving, and go back to the folder that the server shows."""
    menu(page, "File", "Close All Tabs").click()
    discard = page.locator(".jp-Dialog .jp-mod-warn")
    opened = page.locator(".jp-NotebookPanel, .jp-Terminal")
    while opened.count():
        if discard.count():
            discard.first.click()
        page.wait_for_timeout(50)
    page.locator(".jp-BreadCrumbs-home").click()


def menu(page: Page, *items: str) -> Locator:
    """Go along a menu; give the last item."""
    page.locator(".lm-MenuBar-itemLabel", has_text=items[0]).first.click()
    for item in items[1:-1]:
        page.locator(".lm-Menu-itemLabel", has_text=item).first.hover()
    return page.locator(".lm-Menu-itemLabel").get_by_text(items[-1], exact=True)


def run_all(page: Page) -> None:
    """Run all cells and wait until nothing is at work."""
    menu(page, "Run", "Run All Cells").click()
    page.locator(".lm-TabBar-tab.jp-mod-dirty").wait_for()
    idle = page.locator(f"{INDICATOR}[data-status='idle']")
    quiet = 0
    while quiet < 20:
        page.wait_for_timeout(100)
        quiet = quiet + 1 if idle.count() else 0


def cell(page: Page, words: str) -> Locator:
    """The narrative cell with these words, scrolled to where it is drawn."""
    found = page.locator(".jp-MarkdownCell", has_text=words)
    notebook = page.locator(".jp-WindowedPanel-outer")
    for step in range(900):
        if found.count():
            return found.first
        notebook.evaluate("(panel, top) => panel.scrollTo(0, top)", step % 60 * 400)
        page.wait_for_timeout(100)
    raise AssertionError(f"no cell shows “{words}”")


def open_at_end(page: Page, words: str) -> Locator:
    """Open a narrative cell with the cursor at its end."""
    found = cell(page, words)
    found.click()
    page.keyboard.press("Enter")
    found.locator(".cm-content").wait_for()
    page.keyboard.press("Control+End")
    return found


def write_at_end(page: Page, words: str, more: str) -> None:
    """Open a narrative cell, write at its end, close it."""
    open_at_end(page, words)
    page.keyboard.type(more)
    page.keyboard.press("Shift+Enter")


def save(page: Page, file: Path) -> None:
    """Save the notebook and wait until it is on the disk."""
    before = file.stat().st_mtime_ns
    menu(page, "File", "Save Notebook").click()
    for _ in range(6000):
        if file.stat().st_mtime_ns != before:
            with suppress(ValueError):  # not yet all of it
                json.loads(file.read_text("utf-8"))
                return
        page.wait_for_timeout(50)
    raise AssertionError("the notebook was not saved")


def preview_below(page: Page, words: str) -> Locator:
    """Write ``report.page()`` into a new cell below that one and run it; give its frame."""
    return run_below(page, words, "report.page()").locator("iframe")


def run_below(page: Page, words: str, code: str) -> Locator:
    """Write a cell of code below the narrative cell with these words, run it, give the cell."""
    cell(page, words).click()
    page.keyboard.press("Escape")
    page.keyboard.press("b")
    page.keyboard.press("Enter")
    page.keyboard.insert_text(code)
    page.keyboard.press("Control+Enter")
    return page.locator(".jp-CodeCell.jp-mod-active")


def split_before_end(page: Page, words: str, end: str) -> None:
    """Open a narrative cell and split it before the words at its end."""
    open_at_end(page, words)
    for _ in end:
        page.keyboard.press("ArrowLeft")
    page.keyboard.press("Control+Shift+Minus")
    page.keyboard.press("Escape")


def export(page: Page, format_: str, target: Path) -> Path:
    """Export the open notebook by the menu File; give the file."""
    with page.expect_download() as download:
        menu(page, "File", "Save and Export Notebook As", format_).click()
    download.value.save_as(target)
    return target


def launcher_card(page: Page, label: str) -> Locator:
    """What a new launcher offers under this name; nothing is loaded anew."""
    menu(page, "File", "New Launcher").click()
    return page.locator(".jp-LauncherCard:visible", has_text=label).last


def from_launcher(page: Page, label: str, report: str) -> None:
    """Start a command from a new launcher, and answer which report is meant."""
    launcher_card(page, label).click()
    asked = page.locator(".jp-Dialog input")
    asked.wait_for()
    asked.fill(report)
    page.locator(".jp-Dialog .jp-mod-accept").click()
    page.locator(".jp-Terminal .xterm-screen").last.wait_for()

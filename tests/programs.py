"""The programs that some tests drive and that no Python package brings.

A test asks here for its program. Where the machine lacks it, the test is skipped, and the run ends
with one line that says how many were left out and what to install (tests/conftest.py). Under
``NIANBAO_ALL_TESTS`` (.ci/run sets it) a test that is left out is a failure.
"""

from __future__ import annotations

import functools
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

import mplfonts
import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

PATIENCE = 600_000
"""Milliseconds after which a page hangs, on a machine however busy."""

LACKS = "本机缺少 "
"""How the reason of a skip opens; the packages of Debian follow."""
ROOT = "须由 root 运行"
"""The reason of a skip where the test does what the system lets only root do."""


def _skip(packages: str) -> NoReturn:
    pytest.skip(LACKS + packages)


def _find(*names: str) -> str | None:
    return next(filter(None, map(shutil.which, names)), None)


@functools.cache
def _driver_starts() -> bool:
    """Try the browser driver of playwright: it is linked to libatomic, and does not bring it."""
    command = [sys.executable, "-m", "playwright", "--version"]
    return subprocess.run(command, capture_output=True).returncode == 0


def chromium() -> str:
    """Find the browser, and see that its driver starts.

    Debian has it without a window too: a page opens for a third of the work, since the whole one
    draws its toolbars as pages of their own even where nobody sees them.
    """
    found = _find("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
    if found is None or not _driver_starts():
        _skip("chromium-headless-shell libatomic1")
    return found


@contextmanager
def open_browser(env: Mapping[str, str] | None = None) -> Iterator[Browser]:
    """Start Chromium without a window."""
    executable = chromium()
    expect.set_options(timeout=PATIENCE)
    arguments = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=executable, args=arguments, env=dict(env) if env else None
        )
        try:
            yield browser
        finally:
            browser.close()


def drawn(page: Page) -> None:
    """Wait until what was begun is done: the page has been drawn, and what drawing asked for."""
    page.evaluate("new Promise(done => requestAnimationFrame(() => setTimeout(done)))")


def office() -> str:
    """Find LibreOffice with Writer and Calc."""
    found = _find("soffice", "libreoffice")
    parts = ("libswlo.so", "libsclo.so")
    folder = Path(found).resolve().parent if found else Path()
    whole = not (folder / "libmergedlo.so").exists() or all((folder / p).exists() for p in parts)
    if found is None or not whole:
        _skip("libreoffice-writer-nogui libreoffice-calc-nogui")
    return found


def java() -> str:
    """Find Java, which vnu runs on."""
    return _find("java") or _skip("default-jre-headless")


def node_tool(name: str) -> Path:
    """Find a file of a tool that ``npm ci`` puts in place."""
    file = Path(__file__).resolve().parent.parent / "node_modules" / name
    return file if file.is_file() else _skip("npm")


def need_root() -> None:
    """Leave a test out that mounts a disk or becomes somebody else."""
    if os.geteuid() != 0:
        pytest.skip(ROOT)


@functools.cache
def closed_network() -> tuple[str, ...]:
    """Find the command before a command that gives it no network, not even loopback.

    Whoever is not root becomes root of a world of one process, where the system allows that.
    """
    own = () if os.geteuid() == 0 else ("--map-root-user",)
    command = ("unshare", *own, "--net", "--")
    if subprocess.run([*command, "true"], capture_output=True).returncode != 0:
        pytest.skip(ROOT)
    return command


FONTCONFIG = """<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">
<fontconfig><dir>{fonts}</dir><cachedir>{cache}</cachedir></fontconfig>"""


def with_chinese_font(folder: Path) -> dict[str, str]:
    """Return an environment in which a program finds a Chinese typeface on any machine."""
    config = folder / "fonts.conf"
    fonts = Path(mplfonts.__file__).parent / "fonts"
    config.write_text(FONTCONFIG.format(fonts=fonts, cache=folder / "font-cache"), "utf-8")
    return {**os.environ, "FONTCONFIG_FILE": str(config)}


def left_out(reasons: Iterable[str]) -> str | None:
    """Say in one line how many tests were left out, for want of what, and how to have them run."""
    known = list(reasons)
    lacking = [reason.partition(LACKS)[2] for reason in known if LACKS in reason]
    packages = " ".join(sorted({package for each in lacking for package in each.split()}))
    rooted = sum(ROOT in reason for reason in known)
    line = ""
    if lacking:
        line += f"{len(lacking)} 项测试没有做：本机缺少它们要用的程序。"
        line += f"请管理员运行 apt-get install {packages}，再运行 make test，即做全部测试。"
    if rooted:
        line += f"{rooted} 项测试没有做：要断开网络、挂载磁盘或换成别的用户，{ROOT} make test。"
    return line or None

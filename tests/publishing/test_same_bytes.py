"""The same inputs give the same bytes, wherever, whenever and however a report is built."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from tests import warm
from tests.projects import copy_project

pytestmark = pytest.mark.slow
YEAR = "2024"
AGENCIES = ("shili-qinghe-zhen", "shili-scjgj", "shili-zrzyj", "yiyuan-sfj")
HERE = {"TZ": "Asia/Shanghai", "LC_ALL": "C.UTF-8"}
ELSEWHERE = {"TZ": "America/Los_Angeles", "PYTHONHASHSEED": "1", "LC_ALL": "C"}
AT_ANOTHER_TIME = {"TZ": "Pacific/Kiritimati", "PYTHONHASHSEED": "4242", "LANG": "POSIX",
                   "SOURCE_DATE_EPOCH": "86400"}  # fmt: skip
# Somebody's own liking for charts, which must not be that of the report.
LIKING = "lines.linewidth: 9\nfont.size: 30\nsvg.fonttype: none\naxes.facecolor: red\n"


def arguments(root: Path, *words: str) -> list[str]:
    every = ("--to", "html,pdf,docx,poster") if words[0] in ("batch", "build") else ()
    return [*words, *every, "--root", str(root)]


ONE_BY_ONE = """
import json, sys
from nianbao.cli.main import main

for words in json.loads(sys.argv[1]):
    sys.argv = ["nianbao", *words]
    try:
        main()
    except SystemExit as end:
        if end.code:
            raise
"""
"""Commands in one Python, each as if it were the only one."""


def python(changes: dict[str, str], *words: str) -> None:
    """Start a Python, which takes its seed and its locale."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("LC_", "LANG"))}
    result = subprocess.run(
        [sys.executable, *words],
        env=environment | changes, capture_output=True, text=True, encoding="utf-8", check=False,
    )  # fmt: skip
    assert result.returncode == 0, result.stderr


def checksums(root: Path) -> dict[str, str]:
    sets = (root / "output" / agency / YEAR for agency in AGENCIES)
    files = (file for folder in sets for file in folder.rglob("*") if file.is_file())
    return {
        file.relative_to(root).as_posix(): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in files
    }


IN_BATCH = ("batch", "--year", YEAR, *(f"--agency={agency}" for agency in AGENCIES[:-1]))
WITH_FRAGMENT = ("build", AGENCIES[-1], YEAR, "--fragment", "cms")
"""The last one is built alone: a batch makes no fragment for content systems."""


@pytest.fixture(scope="module")
def one(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What one process at a time makes, a copy of one that has loaded everything, here."""
    root = copy_project(tmp_path_factory.mktemp("one"))
    for words in ((*IN_BATCH, "-j", "1"), WITH_FRAGMENT):
        result = warm.run(*arguments(root, *words), cwd=root, env=os.environ | HERE)
        assert result.returncode == 0, result.stderr
    return root


@pytest.fixture(scope="module")
def first(one: Path) -> dict[str, str]:
    return checksums(one)


def test_every_file_of_every_set_is_compared(first: dict[str, str]) -> None:
    poster = {"poster.png", "poster.svg", "poster.html"}
    kinds = {"html", "pdf", "docx", "ipynb", "json", *poster}
    made = {f"output/{agency}/{YEAR}/report.{kind}" for agency in AGENCIES for kind in kinds}
    assert made < first.keys()
    fragment = {"report.cms.html", "cms/01-disclosures-by-channel.png", "cms/pictures.csv"}
    assert {f"output/{AGENCIES[-1]}/{YEAR}/{name}" for name in fragment} < first.keys()
    assert sum(name.endswith(".csv") for name in first) >= 5 * len(AGENCIES)
    assert sum(name.endswith("manifest.json") for name in first) == len(AGENCIES)


def test_every_page_of_the_samples_is_small(one: Path) -> None:
    """Below 150 kB with all its charts, up to five of them, each drawn twice."""
    pages = {agency: one / "output" / agency / YEAR / "report.html" for agency in AGENCIES}
    charts = {
        a: page.read_text(encoding="utf-8").count('class="nb-wide"') for a, page in pages.items()
    }
    assert max(charts.values()) == 5
    sizes = {agency: page.stat().st_size for agency, page in pages.items()}
    assert max(sizes.values()) < 150_000, sizes


def test_another_folder_zone_seed_locale_and_two_processes(
    first: dict[str, str], tmp_path: Path
) -> None:
    config = tmp_path / "config"
    config.mkdir()
    (config / "matplotlibrc").write_text(LIKING, encoding="utf-8")
    root = copy_project(tmp_path / "另一个 文件夹")
    changes = {**ELSEWHERE, "MPLCONFIGDIR": str(config)}
    for words in ((*IN_BATCH, "-j", "2"), WITH_FRAGMENT):
        python(changes, "-m", "nianbao", *arguments(root, *words))
    assert checksums(root) == first


def test_one_by_one_in_another_order(first: dict[str, str], tmp_path: Path) -> None:
    """In one process: nothing of the first report is in the second one."""
    root = copy_project(tmp_path)
    others = AGENCIES[1:-1:2]
    commands = (WITH_FRAGMENT, *(("build", agency, YEAR) for agency in others))
    words = json.dumps([arguments(root, *command) for command in commands])
    python(AT_ANOTHER_TIME, "-c", ONE_BY_ONE, words)
    theirs = {
        name: made for name, made in first.items() if name.split("/")[1] in (*others, AGENCIES[-1])
    }
    assert checksums(root) == theirs

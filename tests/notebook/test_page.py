"""The page inside the notebook."""

from __future__ import annotations

import html
import json
import re
from pathlib import Path

import pytest
from tests.projects import WORKED, copy_project

from nianbao.errors import NarrativeError
from nianbao.notebook.page import SESSION_VARIABLE, asked_for
from nianbao.notebook.report import Report
from nianbao.publishing.build import BuildOptions, build_report


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return copy_project(tmp_path, WORKED[0], "shili-zrzyj")


def page(root: Path, report: tuple[str, int] = WORKED) -> str:
    shown = Report.open(*report, root=root).page().bundle["text/html"]
    frame = re.fullmatch(
        r'<iframe title="[^"]*" sandbox srcdoc="([^"]*)" style="[^"]*"></iframe>', shown
    )
    assert frame is not None
    return html.unescape(frame[1])


def test_it_is_the_published_page(root: Path) -> None:
    built = build_report(root, *WORKED, BuildOptions(("html",)))
    assert page(root) == (built.folder / "report.html").read_text("utf-8")


def test_it_shows_the_words_of_the_open_notebook_as_saved(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = build_report(root, *WORKED, BuildOptions(("html",))).folder / "report.ipynb"
    notebook = json.loads(file.read_text("utf-8"))
    for cell in notebook["cells"]:
        if cell["metadata"].get("nianbao", {}).get("section") == "overview.platform":
            cell["source"] = "平台建设另有安排。"
    file.write_text(json.dumps(notebook), "utf-8")
    monkeypatch.setenv(SESSION_VARIABLE, str(file))
    assert "平台建设另有安排。" in page(root)
    assert "平台建设另有安排。" not in page(root, ("shili-zrzyj", 2024))


def test_an_unknown_name_is_told(root: Path) -> None:
    narrative = root / "data/yiyuan-sfj/2024/narrative.md"
    narrative.write_text("## other\n\n{{ 新收申情 }}\n", "utf-8")
    with pytest.raises(NarrativeError, match="新收申请"):
        Report.open(*WORKED, root=root).page()


@pytest.mark.parametrize(
    ("source", "asked"),
    [
        ('report.table("requests")', ("table", "requests")),
        ('report.table("requests", table_3)', ("table", "requests")),
        ('# 图\nreport.chart("comparison")', ("chart", "comparison")),
        ("report.page()", None),
        ("report.check()", None),
        ("import os\nos.remove('x')", None),
        ("report.table(name)", None),
        ("report.table(", None),
        ("", None),
    ],
)
def test_only_plain_calls_are_understood(source: str, asked: object) -> None:
    assert asked_for(source) == asked

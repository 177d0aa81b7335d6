"""The page inside the notebook."""

from __future__ import annotations

import html
import json
import re
from pathlib import Path

import pytest
from tests.projects import WORKED, copy_project

from nianbao.errors import NarrativeError, UsageError
from nianbao.notebook import page as page_module
from nianbao.notebook.page import SESSION_VARIABLE, asked_for
from nianbao.notebook.report import Report
from nianbao.publishing.build import BuildOptions, build_report


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return copy_project(tmp_path, WORKED[0], "shili-zrzyj")


def page(root: Path, report: tuple[str, int] = WORKED) -> str:
    shown = Report.open(*report, root=root).page().bundle["text/html"]
    frame = re.fullmatch(
        r"<p>成品网页，按 [^<]+ 画出</p>"
        r'<iframe title="[^"]*" sandbox srcdoc="([^"]*)" style="[^"]*"></iframe>',
        shown,
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


def test_a_named_notebook_is_drawn_and_another_file_refused(root: Path) -> None:
    notebook = json.loads((root / "notebooks/report.ipynb").read_text("utf-8"))
    notebook["cells"].insert(-1, {**notebook["cells"][0], "id": "own", "metadata": {},
                                  "source": "副本里加的话。"})  # fmt: skip
    (root / "copy.ipynb").write_text(json.dumps(notebook), "utf-8")
    shown = Report.open(*WORKED, root=root).page(root / "copy.ipynb").bundle["text/html"]
    assert "副本里加的话。" in shown
    assert "按 copy.ipynb 画出" in shown
    with pytest.raises(UsageError, match="没有这个笔记本"):
        Report.open(*WORKED, root=root).page("nowhere.ipynb")


def test_a_copy_that_papermill_runs_is_drawn_or_its_file_is_asked_for(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = json.loads((root / "notebooks/report.ipynb").read_text("utf-8"))
    sources = [c["source"] for c in copy["cells"] if c["cell_type"] == "code"]
    ran = ["".join(s) for s in sources] + ["own = 1"]
    monkeypatch.setattr(page_module, "_ran_here", lambda: ran)
    monkeypatch.delenv(SESSION_VARIABLE, raising=False)
    report = Report.open(*WORKED, root=root)
    asked = report.page().bundle["text/plain"]
    assert "不知道是哪个文件" in asked
    assert "report.page(" in asked
    copy["cells"].append({"cell_type": "code", "id": "own", "metadata": {}, "outputs": [],
                          "execution_count": None, "source": "own = 1"})  # fmt: skip
    (root / "x.ipynb").write_text(json.dumps(copy), "utf-8")
    monkeypatch.setattr(page_module, "_named_by_starter", lambda: [root / "x.ipynb"])
    assert "按 x.ipynb 画出" in report.page().bundle["text/html"]


def test_an_unknown_name_is_reported(root: Path) -> None:
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

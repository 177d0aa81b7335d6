"""What the project's master says, and what was edited in it beside the agency's own words."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.projects import WORKED, copy_project

from nianbao.notebook.report import Report
from nianbao.publishing.build import BuildOptions, build_report

PAGE = BuildOptions(("html",))


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return copy_project(tmp_path, WORKED[0])


def edit(root: Path, section: str, more: str) -> None:
    """Write at the end of a section of the master, as in JupyterLab."""
    file = root / "notebooks/report.ipynb"
    notebook = json.loads(file.read_text("utf-8"))
    for cell in notebook["cells"]:
        if cell["metadata"].get("nianbao", {}).get("section") == section:
            cell["source"] = "".join(cell["source"]) + more
    file.write_text(json.dumps(notebook), "utf-8")


def reported(root: Path) -> list[str]:
    report = Report.open(*WORKED, root=root)
    return [f.message for f in report.findings if f.id == "S16"]


def test_an_edit_of_the_master_behind_own_words_is_reported_until_the_next_build(
    root: Path,
) -> None:
    assert reported(root) == []
    edit(root, "overview.platform", "在模板里加的话。")
    (message,) = reported(root)
    assert "平台建设" in message
    assert "本单位" in message
    built = build_report(root, *WORKED, PAGE)
    assert any(finding.id == "S16" for finding in built.findings)
    assert "在模板里加的话。" not in (built.folder / "report.html").read_text("utf-8")
    assert reported(root) == []
    edit(root, "overview.platform", "又加一句。")
    assert len(reported(root)) == 1


def test_an_edit_of_the_master_is_printed_where_the_agency_has_no_words(root: Path) -> None:
    edit(root, "decisions.notes", "在模板里加的话。")
    assert reported(root) == []
    built = build_report(root, *WORKED, PAGE)
    assert "在模板里加的话。" in (built.folder / "report.html").read_text("utf-8")

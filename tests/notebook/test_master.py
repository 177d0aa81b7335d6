"""What the project's master says, and what was edited in it beside the agency's own words."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.projects import REPOSITORY, WORKED, copy_project

from nianbao.errors import UsageError
from nianbao.notebook import master as master_module
from nianbao.notebook.master import ROOT_VARIABLE, find_root, master_notebook, read_master, shipped
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


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv(ROOT_VARIABLE, raising=False)
    for part in ("params", "data", "notebooks/deep"):
        (tmp_path / part).mkdir(parents=True)
    return tmp_path


def test_the_root_is_found_from_any_folder_in_it(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert find_root(project / "notebooks" / "deep") == project
    monkeypatch.chdir(project / "notebooks")
    assert find_root() == project


def test_a_run_tells_its_notebook_the_root(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(ROOT_VARIABLE, str(project))
    monkeypatch.chdir("/")
    assert find_root() == project
    # Whoever names a folder means that folder.
    assert find_root(REPOSITORY / "notebooks") == REPOSITORY


def test_outside_a_project_it_is_reported_how_to_name_one(project: Path) -> None:
    (project / "data").rmdir()
    with pytest.raises(UsageError, match="--root"):
        find_root(project / "notebooks")


def test_the_projects_own_master_comes_first(project: Path) -> None:
    assert master_notebook(project) == REPOSITORY / "notebooks" / "report.ipynb"
    own = project / "notebooks" / "report.ipynb"
    own.write_text("{}")
    assert master_notebook(project) == own


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"cells": [{}]}', '{"cells": 1}'])
def test_a_damaged_master_is_reported(project: Path, text: str) -> None:
    (project / "notebooks" / "report.ipynb").write_text(text)
    with pytest.raises(UsageError, match=r"report\.ipynb 不是可用的笔记本"):
        read_master(project)


def test_a_master_may_hold_its_lines_apart(project: Path) -> None:
    (project / "notebooks" / "report.ipynb").write_text(
        '{"cells": [{"cell_type": "markdown", "metadata": {}, "source": ["## 一、", "总体情况"]},'
        '{"cell_type": "code", "source": "1"},'
        '{"cell_type": "markdown", "metadata": {"nianbao": {"section": "preface"}},'
        ' "source": "words"}]}'
    )
    master = read_master(project)
    assert (master.headings, dict(master.sections)) == (("一、总体情况",), {"preface": "words"})


def test_an_incomplete_installation_is_reported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(master_module, "__file__", str(tmp_path / "a" / "b" / "c" / "master.py"))
    with pytest.raises(UsageError, match="缺少Makefile，请重新安装"):
        shipped("Makefile")

"""Where the project is found, and what a damaged one says."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.projects import REPOSITORY

from nianbao.errors import UsageError
from nianbao.notebook import project as project_module
from nianbao.notebook.master import master_notebook, read_master
from nianbao.notebook.project import ROOT_VARIABLE, find_root, shipped


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
    monkeypatch.setattr(project_module, "__file__", str(tmp_path / "a" / "b" / "c" / "project.py"))
    with pytest.raises(UsageError, match="缺少Makefile，请重新安装"):
        shipped("Makefile")

"""Nothing is published that does not say what the data say."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import nbformat
import pytest
from tests.projects import WORKED

from nianbao.errors import ExportError
from nianbao.notebook.report import Report
from nianbao.publishing.build import BuildResult
from nianbao.publishing.proof import other_names, prove


def open_set(root: Path, result: BuildResult) -> tuple[object, Report]:
    notebook = nbformat.read(result.folder / "report.ipynb", as_version=4)
    return notebook, Report.open(*WORKED, root=root)


def test_a_finished_set_is_proved(worked_project: Path, worked: BuildResult) -> None:
    notebook, report = open_set(worked_project, worked)
    prove(notebook, report, worked.folder, ("示例县司法局",))


def test_a_page_that_says_another_number_is_not_published(
    worked_project: Path, worked: BuildResult, tmp_path: Path
) -> None:
    notebook, report = open_set(worked_project, worked)
    page = (worked.folder / "report.html").read_text(encoding="utf-8")
    (tmp_path / "report.html").write_text(page.replace("2017", "2018"), encoding="utf-8")
    with pytest.raises(ExportError):
        prove(notebook, report, tmp_path, ())


def test_another_agencys_notebook_is_refused(worked_project: Path, worked: BuildResult) -> None:
    notebook, report = open_set(worked_project, worked)
    other = report.inputs.agency.model_copy(update={"code": "shili-sfj"})
    mixed = replace(report, inputs=replace(report.inputs, agency=other))
    with pytest.raises(ExportError, match="别的报告"):
        prove(notebook, mixed, worked.folder, ())


def test_data_that_changed_while_the_notebook_ran_are_noticed(
    worked_project: Path, worked: BuildResult
) -> None:
    notebook, report = open_set(worked_project, worked)
    figures = dict(report.inputs.figures)
    trained = figures["培训次数"]
    figures["培训次数"] = replace(trained, cell=replace(trained.cell, number=Decimal(3)))
    changed = replace(report, inputs=replace(report.inputs, figures=figures))
    with pytest.raises(ExportError, match="重新生成"):
        prove(notebook, changed, worked.folder, ())


def test_names_of_the_other_agencies(repository: Path) -> None:
    names = other_names(repository, "yiyuan-sfj")
    assert "沂源县司法局" not in names
    assert "示例县自然资源和规划局" in names

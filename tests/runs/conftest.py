from __future__ import annotations

from pathlib import Path

import pytest
from tests.projects import WORKED, copy_project

from nianbao.runs.build import BuildResult, build_report


@pytest.fixture(scope="session")
def worked_project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with the worked example alone."""
    return copy_project(tmp_path_factory.mktemp("worked"), WORKED[0])


@pytest.fixture(scope="session")
def worked(worked_project: Path) -> BuildResult:
    """The worked example, built once for all tests that only read it."""
    return build_report(worked_project, *WORKED)

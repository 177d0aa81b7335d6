"""A narrative.md that is wrong has one clear message, whoever asks: check, build, preview."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tests.projects import REPOSITORY, WORKED, copy_project

from nianbao.desk.preview import Session
from nianbao.desk.wording import tell
from nianbao.errors import InputError, NarrativeError
from nianbao.inputs.project import narrative_file
from nianbao.libyaml import parse_yaml
from nianbao.notebook.report import Report
from nianbao.publishing.build import BuildOptions, build_report

CASES = parse_yaml((REPOSITORY / "tests/data/errors/narratives.yaml").read_text("utf-8"))


@pytest.fixture
def root(tmp_path: Path) -> Path:
    project = copy_project(tmp_path, WORKED[0])
    (project / "data/yiyuan-sfj/2024/photo.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    (project / "data/yiyuan-sfj/2024/words.png").write_text("不是图片", "utf-8")
    return project


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_one_message(case: dict[str, Any], root: Path) -> None:
    (root / narrative_file(*WORKED)).write_text(case["text"], "utf-8")
    with pytest.raises((NarrativeError, InputError)) as built:
        build_report(root, *WORKED, BuildOptions(("html",)))
    assert built.value.exit_code == 2
    (problem,) = built.value.problems
    assert str(problem).startswith(case["reported"])
    assert not (root / "output/yiyuan-sfj/2024/report.html").exists()
    with pytest.raises((NarrativeError, InputError)) as checked:
        _ = Report.open(*WORKED, root=root).findings
    assert checked.value.problems == built.value.problems
    shown = Session(root, *WORKED).refresh().problems
    assert shown == tell(built.value.problems, *WORKED, to_clerk=True)  # names no command
    assert "data/" not in shown[0]  # and files by their names

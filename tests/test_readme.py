"""Every command that the two READMEs show works as it stands there."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from tests.projects import REPOSITORY, copy_project

pytestmark = pytest.mark.slow
BIN = Path(sys.executable).parent
READMES = ("README.md", "README.zh-CN.md")
BY_MAKE = re.compile(r"make \w+( \w+=\S+)*|\. \.venv/bin/activate")
"""Run by CI itself (``make test``) and by tests/test_makefile.py; not inside a test."""


def commands(readme: str) -> list[str]:
    """The indented lines of a README that are commands, each once and in order."""
    text = (REPOSITORY / readme).read_text(encoding="utf-8")
    lines = re.findall(r"^ {4,}((?:nianbao|papermill|jupyter|make|\.) .+)$", text, re.MULTILINE)
    inline = re.findall(r"`((?:nianbao|make) [^`]*)`", text)
    return list(dict.fromkeys(line.strip() for line in [*lines, *inline]))


def runnable(readme: str) -> list[str]:
    found = [c for c in commands(readme) if not BY_MAKE.fullmatch(c)]
    return [c for c in found if len(c.split()) > 1 and "…" not in c]


@pytest.mark.parametrize("readme", READMES)
def test_the_commands_run_in_their_order(readme: str, tmp_path: Path) -> None:
    project = copy_project(tmp_path)
    environment = {**os.environ, "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}"}
    listed = runnable(readme)
    assert len(listed) >= 5
    build = "nianbao build yiyuan-sfj 2024"
    order = sorted(listed, key=lambda c: c != build)
    for command in order:
        words = command.split()
        if words[0] == "nianbao" and len(words) == 2 and words[1] not in {"doctor"}:
            words.append("--help")
        result = subprocess.run(
            words, cwd=project, env=environment, capture_output=True, text=True, check=False
        )
        assert result.returncode == 0, f"{command}\n{result.stderr}"


@pytest.mark.parametrize("readme", READMES)
def test_the_targets_of_make_exist(readme: str) -> None:
    makefile = (REPOSITORY / "Makefile").read_text(encoding="utf-8")
    for command in commands(readme):
        if command.startswith("make "):
            assert f"\n{command.split()[1]}:" in makefile, command


@pytest.mark.parametrize("readme", READMES)
def test_the_files_it_points_to_are_there(readme: str) -> None:
    text = (REPOSITORY / readme).read_text(encoding="utf-8")
    targets = re.findall(r"\]\(([^)#:]+)\)", text)
    assert targets
    assert [t for t in targets if not (REPOSITORY / t).exists()] == []

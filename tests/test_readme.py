"""Every command that the two READMEs show works as it stands there, and prints what they say."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from tests import warm
from tests.projects import REPOSITORY, copy_project

pytestmark = pytest.mark.slow
BIN = Path(sys.executable).parent
READMES = ("README.md", "README.zh-CN.md")
STARTED_ELSEWHERE = {"check", "build", "facts", "pull", "batch"}
"""Commands that are started as programs by tests/test_release.py and publishing/test_same_bytes.py;
here they run in copies of a process that has loaded everything.
"""
AS_ON_A_TERMINAL = "import os, sys; os.dup2(1, 2); sys.stdout.reconfigure(line_buffering=True)"
"""What is printed comes in its order; of a program that is started, by its environment."""
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


def standard_commands() -> list[str]:
    """What README.md shows of papermill and nbconvert; tests/test_standard_tools.py runs it."""
    return [c for c in runnable("README.md") if not c.startswith("nianbao ")]


def shown(readme: str) -> dict[str, list[str]]:
    """What a README says that a command prints: the block of text below the command."""
    text = (REPOSITORY / readme).read_text(encoding="utf-8")
    below = re.findall(r"^ {4}([^\n]+)\n\n```text\n(.*?)\n```$", text, re.MULTILINE | re.DOTALL)
    return {command: block.splitlines() for command, block in below}


def missing(lines: list[str], printed: str) -> list[str]:
    """Lines that were not printed, or not in this order; “…” stands for anything."""
    rest = printed.splitlines()
    lost = []
    for line in lines:
        pattern = re.compile(".*".join(map(re.escape, line.split("…"))))
        at = next((i for i, found in enumerate(rest) if pattern.fullmatch(found)), None)
        if at is None:
            lost.append(line)
        elif line != "…":
            rest = rest[at + 1 :]
    return lost


def test_a_line_that_was_not_printed_is_missing() -> None:
    assert missing(["a…c", "…", "d"], "abc\nx\nd\n") == []
    assert missing(["d", "a…c"], "abc\nx\nd\n") == ["a…c"]
    assert missing(["a…d"], "abc\n") == ["a…d"]


def add_a_sentence(project: Path) -> None:
    """What somebody does in JupyterLab before ``nianbao pull``."""
    file = project / "output/yiyuan-sfj/2024/report.ipynb"
    words = "各平台合计发布信息2017条。"
    text = file.read_text(encoding="utf-8")
    cells = nbformat.reads(text, 4)
    [cell] = [c for c in cells.cells if c.source.endswith(words)]
    cell.source += "另设政务公开查阅点。"
    file.write_text(nbformat.writes(cells), encoding="utf-8")


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Run our commands in the READMEs' order, what both show once: the output by command."""
    project = copy_project(tmp_path_factory.mktemp("project"))
    path = f"{BIN}{os.pathsep}{os.environ['PATH']}"
    environment = {**os.environ, "PATH": path, "PYTHONUNBUFFERED": "1"}
    found: dict[str, str] = {}
    started = set(STARTED_ELSEWHERE)
    wanted = dict.fromkeys(c for readme in READMES for c in runnable(readme))
    for command in (c for c in wanted if c not in standard_commands()):
        words = command.split()
        if len(words) == 2 and words[1] not in {"doctor"}:
            words.append("--help")
        if words[1] == "pull":
            add_a_sentence(project)
        if words[1] in started:
            done = warm.run(*words[1:], cwd=project, first=AS_ON_A_TERMINAL)
        else:  # each command once as the program that pip installed
            assert words[0] == "nianbao"
            started.add(words[1])
            done = subprocess.run(
                words, cwd=project, env=environment, text=True, check=False,
                stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            )  # fmt: skip
        assert done.returncode == 0, f"{command}\n{done.stdout}"
        found[command] = done.stdout
    return found


@pytest.mark.parametrize("readme", READMES)
def test_the_commands_run_and_print_what_it_says(readme: str, printed: dict[str, str]) -> None:
    blocks = shown(readme)
    assert len(blocks) >= 6
    assert blocks.keys() <= printed.keys()
    for command, lines in blocks.items():
        assert missing(lines, printed[command]) == [], printed[command]


@pytest.mark.parametrize("readme", READMES)
def test_the_targets_of_make_exist(readme: str) -> None:
    makefile = (REPOSITORY / "Makefile").read_text(encoding="utf-8")
    for command in commands(readme):
        if command.startswith("make "):
            assert f"\n{command.split()[1]}:" in makefile, command


@pytest.mark.parametrize("readme", READMES)
def test_the_files_it_points_to_are_there(readme: str) -> None:
    text = (REPOSITORY / readme).read_text(encoding="utf-8")
    targets = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", text)
    assert targets
    assert [t for t in targets if not (REPOSITORY / t).exists()] == []

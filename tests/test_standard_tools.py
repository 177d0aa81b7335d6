"""The standard tools alone: papermill, nbconvert, as the README writes the commands.

Those commands are the programs that pip installed; the others run in copies of a process that has
loaded everything, each of their kernels in a new Python.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from tests import warm
from tests.documents.same_documents import assert_same_documents
from tests.projects import copy_built
from tests.test_readme import standard_commands

pytestmark = pytest.mark.slow
BIN = Path(sys.executable).parent


def run(command: str, cwd: Path) -> str:
    """What a command prints, run in a copy."""
    program, *words = command.split()
    done = warm.run(*words, cwd=cwd, program=program)
    assert done.returncode == 0, done.stderr
    return done.stdout + done.stderr


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copy_built(tmp_path_factory.mktemp("standard"))


@pytest.fixture(scope="module")
def executed(project: Path) -> Path:
    """The notebook run by papermill in an ordinary kernel, from the project folder, and its page.

    The commands are those of the README.
    """
    environment = {**os.environ, "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}"}
    commands = [command.split() for command in standard_commands()]
    assert [words[0] for words in commands] == ["papermill", "jupyter"]
    for words in commands:
        done = subprocess.run(words, cwd=project, env=environment, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
    return project / "output/x.ipynb"


def test_nbconvert_on_papermills_output_gives_the_bytes_of_build(
    project: Path, executed: Path
) -> None:
    run(f"jupyter-nbconvert --to nianbao_pdf output/{executed.name}", project)
    for format_ in ("html", "pdf"):
        made = executed.with_suffix(f".{format_}").read_bytes()
        assert made == (project / f"output/yiyuan-sfj/2024/report.{format_}").read_bytes()


def test_plain_html_of_papermills_output_is_a_page_to_send_on(
    project: Path, executed: Path
) -> None:
    run(f"jupyter-nbconvert --to html --output plain output/{executed.name}", project)
    page = (project / "output/plain.html").read_text("utf-8")
    body = page[page.index("<body") :]
    assert "各平台合计发布信息2017条" in body
    assert "行政规范性文件" in body
    for left_out in ("{{", "report.table", "这个笔记本就是年报", "可用于正文的数据"):
        assert left_out not in body


def test_every_way_of_running_gives_the_same_words_and_tables(
    project: Path, executed: Path
) -> None:
    """From the project's folder and, a kernel runs where the notebook lies, from the notebooks'.

    Run All in JupyterLab is tried in tests/edits/test_jupyterlab.py.
    """
    here = Path(shutil.copy(project / "notebooks/report.ipynb", project / "notebooks/here.ipynb"))
    run("jupyter-execute --inplace notebooks/here.ipynb", project)
    for way in (executed, here):
        assert_same_documents(way, project / "output/yiyuan-sfj/2024")


def test_our_engine_with_a_parameter_file_from_the_notebooks_folder(project: Path) -> None:
    notebooks, given = project / "notebooks", "-f ../params/yiyuan-sfj/2024.yaml"
    run(f"papermill --engine nianbao report.ipynb ../output/y.ipynb {given}", notebooks)
    text = (project / "output/y.ipynb").read_text(encoding="utf-8")
    assert "未收到政府信息公开申请，比上年减少2件" in text, "the final words"
    run("jupyter-nbconvert --to nianbao_html ../output/y.ipynb", notebooks)
    made = (project / "output/y.html").read_bytes()
    assert made == (project / "output/yiyuan-sfj/2024/report.html").read_bytes()


def test_papermill_lists_the_parameters_with_type_and_meaning(project: Path) -> None:
    shown = run("papermill --help-notebook notebooks/report.ipynb", project)
    assert "agency: str" in shown
    assert "year: int" in shown
    assert "报告年度" in shown
    assert "机关代码" in shown


def test_build_in_an_ordinary_kernel_makes_the_same_documents(project: Path) -> None:
    before = (project / "output/yiyuan-sfj/2024/report.pdf").read_bytes()
    run("nianbao build yiyuan-sfj 2024 --kernel", project)
    assert (project / "output/yiyuan-sfj/2024/report.pdf").read_bytes() == before


def test_an_unknown_parameter_stops_papermill(project: Path) -> None:
    command = "notebooks/report.ipynb output/w.ipynb -p agency ../../etc"
    done = warm.run(*command.split(), cwd=project, program="papermill")
    assert done.returncode != 0
    assert "“agency”（机关代码）不合要求" in done.stderr

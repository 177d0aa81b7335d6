"""Pull writes nothing that the build would refuse: it is listed and kept, the rest is merged."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.projects import WORKED, copy_project

from nianbao.edits.pull import pull_edits
from nianbao.finished.options import BuildOptions
from nianbao.notebook.report import Report
from nianbao.publishing.build import build_report

HTML = BuildOptions(("html",))
GOOD = "这一句是新加的。"
NESTED = "\n\n" + "".join("  " * depth + "- 甲\n" for depth in range(60))
Cell = dict[str, Any]


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = copy_project(tmp_path_factory.mktemp("acceptance"), WORKED[0])
    build_report(root, *WORKED, HTML)
    return root


def added(text: str) -> Callable[[list[Cell]], object]:
    """Add a text to the section on oversight."""

    def change(cells: list[Cell]) -> None:
        cell = section(cells, "overview.oversight")
        cell["source"] = "".join(cell["source"]).rstrip() + text + "\n"

    return change


def section(cells: list[Cell], key: str) -> Cell:
    return next(c for c in cells if c["metadata"].get("nianbao", {}).get("section") == key)


def new_cell(kind: str, text: str, **about: str) -> Callable[[list[Cell]], object]:
    """Put a cell after the section on oversight."""

    def change(cells: list[Cell]) -> None:
        made = {"cell_type": kind, "id": "mine", "metadata": {"nianbao": about}, "source": text}
        more = {"outputs": [], "execution_count": None} if kind == "code" else {}
        cells.insert(cells.index(section(cells, "overview.oversight")) + 1, made | more)

    return change


REFUSED = {
    "a picture that is not there": (added("\n\n![图](没有.png)"), "没有.png"),
    "half a character": (added("甲\ud800乙。"), "半个字符"),
    "half a character in code": (new_cell("code", "x = '\ud800'"), "半个字符"),
    "an unknown placeholder": (added("共{{ 没有这个数 }}件。"), "没有这个数"),
    "the marks of a merge": (added("\n\n<<<<<<< a\n甲。\n=======\n乙。\n>>>>>>> b"), "<<<<<<<"),
}
HARMLESS = {
    "a section with a line break": new_cell("markdown", "甲乙丙。", section="no\n## where"),
    "a line that looks like a section": added("\n\n## nowhere\n\n甲乙丙。"),
    "sixty lists in each other": added(NESTED),
    "a thousand quotes": added("\n\n" + ">" * 1000 + "甲"),
}


def edited(project: Path, *changes: Callable[[list[Cell]], object]) -> None:
    path = project / "output" / WORKED[0] / str(WORKED[1]) / "report.ipynb"
    notebook = json.loads(path.read_text("utf-8"))
    for change in changes:
        change(notebook["cells"])
    path.write_text(json.dumps(notebook), "utf-8")


@pytest.mark.parametrize("name", [*REFUSED, *HARMLESS])
def test_an_edit_never_stops_the_build(project: Path, name: str) -> None:
    root = project
    notebook = root / "output" / WORKED[0] / str(WORKED[1]) / "report.ipynb"
    narrative = root / "data" / WORKED[0] / str(WORKED[1]) / "narrative.md"
    kept, before = notebook.read_bytes(), narrative.read_bytes()
    try:
        change, said = REFUSED.get(name) or (HARMLESS[name], "")
        edited(root, change)
        lines = "\n".join(pull_edits(root, *WORKED).lines())
        lines.encode()
        assert said in lines
        if name in REFUSED:
            assert "没有并入" in lines or "没有存入" in lines
            assert narrative.read_bytes() == before
        assert Report.open(*WORKED, root=root).wording
    finally:
        notebook.write_bytes(kept)
        narrative.write_bytes(before)
        shutil.rmtree(notebook.parents[1] / "edited", ignore_errors=True)


def test_what_is_refused_is_kept_and_the_rest_is_merged(tmp_path: Path) -> None:
    root = copy_project(tmp_path, WORKED[0])
    build_report(root, *WORKED, HTML)

    def good(cells: list[Cell]) -> None:
        cell = section(cells, "other")
        cell["source"] = "".join(cell["source"]).rstrip() + GOOD + "\n"

    edited(root, added("\n\n![图](没有.png)"), good)
    built = build_report(root, *WORKED, HTML)
    assert GOOD in (built.folder / "report.html").read_text("utf-8")
    lines = list(built.pulled.lines(again=False))
    assert any("没有.png" in line and "没有并入" in line for line in lines), lines
    (kept,) = built.pulled.kept
    again = f"nianbao pull yiyuan-sfj 2024 {kept.parent.relative_to(root).as_posix()}/"
    assert any(again in line for line in lines), lines
    assert any(str(kept) in line for line in lines)
    assert "没有.png" in str(json.loads(kept.read_text("utf-8")))
    assert any("留存的改稿共1份" in line for line in lines)

"""The block of measured figures in the READMEs; the measuring itself is no test."""

from __future__ import annotations

import runpy
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.projects import REPOSITORY

TOOL = runpy.run_path(str(REPOSITORY / "benchmarks" / "readme.py"))
BEGIN, END = TOOL["BEGIN"], TOOL["END"]


@dataclass(frozen=True)
class Figure:
    what: str
    found: str
    wanted: str = ""
    fine: bool = True
    english: str = ""


FIGURES = [
    Figure("每份", "1.25 秒；处理器 0.50 秒", english="a report"),
    Figure("倍数", "12.0", "≥ 30", False, "how many times"),
    Figure("内存", "291 MB", "≤ 400 MB", True, "memory"),
    Figure("不列", "7"),
]
MACHINE = "Linux x86_64，2个处理器，24 GB 内存"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("README.md", "README.zh-CN.md"):
        (tmp_path / name).write_text(f"before\n\n{BEGIN}\nold\n{END}\n\nafter\n", "utf-8")
    return tmp_path


def test_the_figures_replace_those_before_in_both_languages(folder: Path) -> None:
    for _ in range(2):
        TOOL["write_blocks"](folder, MACHINE, FIGURES)
    english = (folder / "README.md").read_text("utf-8")
    assert english.startswith(f"before\n\n{BEGIN}\n")
    assert english.endswith(f"\n{END}\n\nafter\n")
    assert "| a report | 1.25 s; processor 0.50 s |  |" in english
    assert "| how many times | 12.0 | ≥ 30: **missed** |" in english
    assert "| memory | 291 MB | ≤ 400 MB: reached |" in english
    assert "2 processors, 24 GB of memory" in english
    assert "old" not in english
    assert "7" not in english
    chinese = (folder / "README.zh-CN.md").read_text("utf-8")
    assert "| 倍数 | 12.0 | ≥ 30：**没有达到** |" in chinese
    assert "不列" not in chinese


def test_no_chinese_is_left_in_the_english_block(folder: Path) -> None:
    TOOL["write_blocks"](folder, MACHINE, FIGURES)
    block = (folder / "README.md").read_text("utf-8").partition(BEGIN)[2].partition(END)[0]
    assert block.isascii() or {c for c in block if ord(c) > 127} <= set("≥≤")


def test_a_readme_without_a_place_for_them_is_told(folder: Path) -> None:
    (folder / "README.md").write_text("no place", "utf-8")
    with pytest.raises(ValueError, match=r"README\.md: 0 places"):
        TOOL["write_blocks"](folder, MACHINE, FIGURES)


@pytest.mark.parametrize("name", ["README.md", "README.zh-CN.md"])
def test_each_readme_has_one_place_with_figures_in_it(name: str) -> None:
    text = (REPOSITORY / name).read_text("utf-8")
    assert (text.count(BEGIN), text.count(END)) == (1, 1)
    assert "make bench" in text.partition(BEGIN)[2].partition(END)[0]

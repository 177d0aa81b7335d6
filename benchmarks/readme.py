"""The block of measured figures in both READMEs, between two comments, written by batch.py."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Protocol

BEGIN, END = "<!-- performance: begin -->", "<!-- performance: end -->"
_BLOCK = re.compile(f"{re.escape(BEGIN)}.*?{re.escape(END)}", re.DOTALL)

# Figures are measured in Chinese words once; these make them English.
_ENGLISH = (
    ("秒；处理器", "s; processor"),
    ("毫秒", "ms"),
    ("秒", "s"),
    ("以内", ""),
    ("，", ", "),
    ("；", "; "),
    ("个处理器", " processors"),
    (" 内存", " of memory"),
    ("测量开始时的系统负载", "load at the start"),
)


class Figure(Protocol):
    """A line of the benchmark; ``english`` is empty for those that do not stand in the READMEs."""

    what: str
    found: str
    wanted: str
    fine: bool
    english: str


def english(text: str) -> str:
    """A figure or the machine in English."""
    for chinese, word in _ENGLISH:
        text = text.replace(chinese, word)
    return text.strip()


def _table(head: tuple[str, str, str], rows: Iterable[tuple[str, str, str]]) -> str:
    lines = [head, ("---", "---", "---"), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def english_block(machine: str, lines: Iterable[Figure]) -> str:
    """What stands in README.md."""
    rows = [
        (
            line.english,
            english(line.found),
            line.wanted and f"{english(line.wanted)}: {'reached' if line.fine else '**missed**'}",
        )
        for line in lines
        if line.english
    ]
    told = f"`make bench` measured this on {english(machine)}; all of it in [docs/performance.md]"
    return f"{told}(docs/performance.md).\n\n{_table(('what', 'measured', 'wanted'), rows)}"


def chinese_block(machine: str, lines: Iterable[Figure]) -> str:
    """What stands in README.zh-CN.md."""
    rows = [
        (
            line.what.strip("　"),
            line.found,
            line.wanted and f"{line.wanted}：{'达到' if line.fine else '**没有达到**'}",
        )
        for line in lines
        if line.english
    ]
    told = (
        f"用 `make bench` 在这台机器上量得：{machine}。“惯用方法”是先用 papermill 运行笔记本，"
        "再用 nbconvert 逐个格式导出；“下限”是只做同样的表、图、网页和 PDF，别的都不做。"
        "全部数字见 [docs/performance.md](docs/performance.md)。"
    )
    return f"{told}\n\n{_table(('项目', '实测', '目标'), rows)}"


def write_blocks(root: Path, machine: str, lines: list[Figure]) -> None:
    """Put the figures into both READMEs.

    Raises
    ------
    ValueError
        A README has not exactly one place for them.
    """
    blocks = {"README.md": english_block, "README.zh-CN.md": chinese_block}
    for name, block in blocks.items():
        file = root / name
        words = f"{BEGIN}\n{block(machine, lines)}\n{END}"
        text, places = _BLOCK.subn(lambda _, words=words: words, file.read_text("utf-8"))
        if places != 1:
            raise ValueError(f"{name}: {places} places for the figures")
        file.write_text(text, "utf-8")

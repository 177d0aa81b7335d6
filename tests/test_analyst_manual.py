"""The examples of docs/analyst.zh-CN.md run as they stand."""

from __future__ import annotations

import re
from pathlib import Path

from matplotlib import rc_context

from nianbao import open_report

BLOCK = re.compile(r"```python\n(.*?)```", re.DOTALL)


def test_the_examples_of_the_manual_run(repository: Path) -> None:
    page = (repository / "docs/analyst.zh-CN.md").read_text("utf-8")
    blocks = BLOCK.findall(page)
    assert len(blocks) == 4
    report = open_report("shili-scjgj", 2024, root=repository)
    names = {"report": report, "year": 2024}  # as the notebook's cell of parameters has it
    with rc_context():  # a style that the page uses stays with it
        for block in blocks:
            exec(compile(block, "docs/analyst.zh-CN.md", "exec"), names)
    assert int(names["by_month"].sum()) == 26

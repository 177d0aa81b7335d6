"""docs/security.md says only what a test shows: each line of how files are handled names one."""

from __future__ import annotations

import re
from pathlib import Path

FILE = re.compile(r"`((?:\w+/)*\w+\.py)`")


def test_each_line_of_how_the_untrusted_is_handled_names_its_test(repository: Path) -> None:
    page = (repository / "docs" / "security.md").read_text("utf-8")
    start = page.index("## How the untrusted is handled")
    table = page[start : page.index("## The desk", start)]
    rows = [line for line in table.splitlines() if line.startswith("| ")][1:]
    assert len(rows) >= 20
    assert [row for row in rows if "`tests/" not in row] == []


def test_every_file_that_the_page_names_is_there(repository: Path) -> None:
    page = (repository / "docs" / "security.md").read_text("utf-8")
    roots = ("", "src/nianbao", "tests/faults", "tests/hostile")
    named = set(FILE.findall(page))
    assert len(named) > 40
    missing = {f for f in named if not any((repository / root / f).is_file() for root in roots)}
    assert missing == set()

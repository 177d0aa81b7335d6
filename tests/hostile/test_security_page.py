"""docs/security.md says only what a test shows: each line of how files are handled names one."""

from __future__ import annotations

import re
from pathlib import Path

SHOWN = re.compile(r"`(?:python )?(?:tests|benchmarks|tools|desk)/[\w/.]+(?: --\w+ \w+)?`|:$")
"""A named test or command; a line that introduces a table has its names there."""
FILE = re.compile(r"`((?:\w+/)*\w+\.py)`")


def test_each_line_of_how_the_untrusted_is_handled_names_its_test(repository: Path) -> None:
    page = (repository / "docs" / "security.md").read_text("utf-8")
    start = page.index("## How the untrusted is handled")
    table = page[start : page.index("## The desk", start)]
    rows = [line for line in table.splitlines() if line.startswith("| ")][1:]
    assert len(rows) >= 20
    assert [row for row in rows if "`tests/" not in row] == []


def test_each_paragraph_below_the_table_names_what_shows_it(repository: Path) -> None:
    page = (repository / "docs" / "security.md").read_text("utf-8")
    below = page[page.index("## The desk") :]
    below = re.sub(r"<!-- \w+: begin -->.*?<!-- \w+: end -->", "", below, flags=re.DOTALL)
    others = ("#", "|", "<!--", "    ")  # headings, tables, comments, commands
    paragraphs = [p for p in below.split("\n\n") if p.strip() and not p.startswith(others)]
    assert len(paragraphs) > 15
    assert [p for p in paragraphs if not SHOWN.search(p)] == []
    found = below[below.index("Found on the way") : below.index("## Faults")]
    rows = [line for line in found.splitlines() if line.startswith("| ")][1:]
    assert len(rows) > 25
    assert [row for row in rows if "`tests/" not in row] == []


def test_every_file_that_the_page_names_is_there(repository: Path) -> None:
    page = (repository / "docs" / "security.md").read_text("utf-8")
    roots = ("", "src/nianbao", "tests/faults", "tests/hostile")
    named = set(FILE.findall(page))
    assert len(named) > 40
    missing = {f for f in named if not any((repository / root / f).is_file() for root in roots)}
    assert missing == set()

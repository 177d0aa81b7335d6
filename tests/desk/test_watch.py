"""Which files the preview looks at."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.projects import copy_project

from nianbao.desk.watch import look, watched

AGENCY, YEAR = "shili-zrzyj", 2024


@pytest.mark.parametrize(
    ("file", "seen"),
    [
        (f"data/{AGENCY}/2024/reviews.csv", True),
        (f"data/{AGENCY}/2023/reviews.csv", True),
        (f"data/{AGENCY}/2020/reviews.csv", True),
        (f"params/{AGENCY}/agency.yaml", True),
        ("notebooks/report.ipynb", True),
        (f"output/{AGENCY}/2024/report.ipynb", True),
        (f"output/{AGENCY}/2024/report.docx", True),
        (f"output/{AGENCY}/2024/report.html", False),
        (f"data/{AGENCY}/2025/reviews.csv", False),
        (f"data/{AGENCY}/2024/~$reviews.csv", False),
        ("data/shili-scjgj/2024/reviews.csv", False),
    ],
)
def test_a_change_is_seen_where_the_report_reads(tmp_path: Path, file: str, seen: bool) -> None:
    root = copy_project(tmp_path, AGENCY)
    before = look(watched(root, AGENCY, YEAR))
    (root / file).parent.mkdir(parents=True, exist_ok=True)
    with (root / file).open("a", encoding="utf-8") as stream:
        stream.write("\n")
    assert (look(watched(root, AGENCY, YEAR)) != before) == seen

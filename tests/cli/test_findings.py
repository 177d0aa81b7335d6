"""Findings as lines: what was said for one bureau is not said again for the next."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.projects import copy_project

from nianbao.cli.findings import Reported, broken_formula, report_lines
from nianbao.notebook.report import Report
from nianbao.statistics.model import Finding


def test_the_same_hint_is_said_in_full_once(tmp_path: Path) -> None:
    root = copy_project(tmp_path, "yiyuan-sfj", "shili-zrzyj")
    for agency in ("yiyuan-sfj", "shili-zrzyj"):
        (root / f"data/{agency}/2024/narrative.md").unlink()
    reported: Reported = set()
    pages = [
        [
            line
            for line in report_lines(Report.open(agency, 2024, root=root), reported)
            if "L12·提示" in line
        ]
        for agency in ("yiyuan-sfj", "shili-zrzyj")
    ]
    (first,), (second,) = pages
    assert "请改写正文" in first
    assert "请改写正文" not in second
    assert second.startswith(first.split("：")[0])


def test_where_texts_are_written_is_said_with_the_findings_on_them(tmp_path: Path) -> None:
    root = copy_project(tmp_path, "yiyuan-sfj")
    report = Report.open("yiyuan-sfj", 2024, root=root)
    where = "正文写在 data/yiyuan-sfj/2024/narrative.md"
    in_texts = any(finding.passage for finding in report.findings)
    assert (where in list(report_lines(report, set()))) == in_texts
    (root / "data/yiyuan-sfj/2024/narrative.md").unlink()
    assert where in list(report_lines(Report.open("yiyuan-sfj", 2024, root=root), set()))


def test_two_hints_of_a_rule_in_one_report_are_both_said(tmp_path: Path) -> None:
    report = Report.open("yiyuan-sfj", 2024, root=copy_project(tmp_path, "yiyuan-sfj"))
    lines = list(report_lines(report, set()))
    messages = [f"〔{f.id}" for f in report.findings]
    assert sum(line.startswith("〔") for line in lines) == len(messages)
    assert all(any(f.message in line for line in lines) for f in report.findings)


@pytest.mark.parametrize(
    ("formula", "line"),
    [
        ("甲＝乙", "甲＝乙：5 ≠ 3"),
        ("甲≤乙＋丙", "甲≤乙＋丙：5 ＞ 3"),
        ("甲≥乙", "甲≥乙：5 ＜ 3"),
        ("与上年相差不到5倍", ""),
    ],
)
def test_a_formula_is_printed_with_the_sign_that_breaks_it(formula: str, line: str) -> None:
    assert broken_formula(Finding("X", "error", "…", formula, "5", "3")) == line


def test_a_formula_with_one_side_alone_is_not_printed() -> None:
    assert broken_formula(Finding("X", "error", "…", "甲＝乙", "5")) == ""

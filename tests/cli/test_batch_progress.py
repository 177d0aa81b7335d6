"""What a batch prints of each report: the findings that somebody has to look at are counted."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

import pytest

from nianbao.batch.worker import Outcome, with_notes
from nianbao.cli.batch_progress import Lines
from nianbao.edits.pulled import keep_untold, untold
from nianbao.finished.summary import ShownFinding, Summary
from nianbao.statistics.model import Severity


def said(outcome: Outcome) -> str:
    """The line of the only report of a batch."""
    stream = io.StringIO()
    lines = Lines(Path(), explain=True, stream=stream)
    lines.planned(1)
    lines.finished(outcome)
    return stream.getvalue().splitlines()[0]


@pytest.mark.parametrize(
    ("status", "severities", "end"),
    [
        ("built", ("error", "warning", "warning", "info"), "：数据有变动，错误1项，提醒2项"),
        ("skipped", ("warning",), "：数据有变动，提醒1项"),
        ("built", ("info",), "：数据有变动"),
        ("built", (), "：数据有变动"),
        ("failed", ("warning",), "：数据有变动"),
    ],
)
def test_errors_and_warnings_are_counted(
    status: str, severities: tuple[Severity, ...], end: str
) -> None:
    findings = tuple(ShownFinding("Y4", severity, "…") for severity in severities)
    summary = Summary("示例县公安局", "", 0, {}, findings)
    outcome = Outcome("shili-gaj", 2024, status, "数据有变动", summary=summary)
    assert said(outcome).endswith(end)


def test_what_was_pulled_for_a_report_that_is_skipped_is_shown_and_then_forgotten(
    tmp_path: Path,
) -> None:
    """The run that pulled it was killed after it had published."""
    keep_untold(tmp_path, "shili-gaj", 2024, ["“公开平台”：已并入 report.docx 中的修改"])
    outcome = with_notes(tmp_path, Outcome("shili-gaj", 2024, "skipped"))
    stream = io.StringIO()
    lines = Lines(tmp_path, explain=False, stream=stream)
    lines.finished(outcome)
    assert "已并入 report.docx 中的修改" in stream.getvalue()
    assert untold(tmp_path, "shili-gaj", 2024) == ()
    lines.finished(with_notes(tmp_path, replace(outcome, notes=())))
    assert stream.getvalue().count("已并入") == 1

"""Where there is nothing to draw, the person at the notebook is reported and the public is not."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.projects import WORKED, copy_project

from nianbao.errors import UsageError
from nianbao.notebook.blocks import BLOCK_MIME
from nianbao.notebook.display import NO_DATA, NOTE_MIME, REASONS, nothing_to_show
from nianbao.notebook.report import Report
from nianbao.publishing.build import BuildOptions, build_report
from nianbao.statistics.charts import CHARTS
from nianbao.statistics.charts.registry import chart


def test_the_note_is_for_the_notebook_alone(tmp_path: Path) -> None:
    root = copy_project(tmp_path, WORKED[0])
    shown = Report.open(*WORKED, root=root).chart("requests_by_outcome")
    assert shown is not None
    assert shown.bundle == {NOTE_MIME: {}, "text/plain": REASONS["requests_by_outcome"]}
    assert BLOCK_MIME not in shown.bundle
    build_report(root, *WORKED, BuildOptions(("html",)))
    page = (root / "output/yiyuan-sfj/2024/report.html").read_text("utf-8")
    assert not [reason for reason in REASONS.values() if reason in page]
    assert "这里没有图" in (root / "output/yiyuan-sfj/2024/report.ipynb").read_text("utf-8")


@pytest.mark.parametrize("key", CHARTS)
def test_every_chart_has_a_reason_of_its_own_or_the_common_one(key: str) -> None:
    assert nothing_to_show(key, ()) == REASONS.get(key, NO_DATA)


def test_a_new_chart_needs_no_reason(tmp_path: Path) -> None:
    chart("new", title="示例", unit="件", source="示例台账")(lambda tables, format_: None)
    try:
        shown = Report.open(*WORKED, root=copy_project(tmp_path, WORKED[0])).chart("new")
    finally:
        del CHARTS["new"]
    assert shown is not None
    assert shown.bundle == {NOTE_MIME: {}, "text/plain": NO_DATA}


def test_a_name_that_is_none_is_answered_with_the_nearest() -> None:
    with pytest.raises(
        UsageError, match="没有名为“requests_by_outcom”的表或图，是不是“"
    ) as reported:
        nothing_to_show("requests_by_outcom", ("requests", "comparison"))
    message = str(reported.value)
    near, listed = message.split("可用的名称：")
    assert near.count("“requests_by_outcome”") == 1
    names = listed.split("、")
    assert sorted(names) == sorted({"requests", *CHARTS}), "each name once"
    with pytest.raises(UsageError, match="没有名为“甲乙丙”的表或图。可用的名称：requests、"):
        nothing_to_show("甲乙丙", ("requests",))

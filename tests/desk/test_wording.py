"""Words for a terminal become words for a page."""

from __future__ import annotations

from pathlib import Path

from nianbao.desk.wording import _FOR_CLERKS, by_heading, for_clerks, merged_lines
from nianbao.edits.pulled import Pulled, PulledSection


def test_words_for_a_terminal_are_not_the_desks() -> None:
    assert for_clerks("没有这个名称，全部名称见 nianbao facts") == (
        "没有这个名称，名称在“写正文”一步的“找数据”里点选"
    )
    told = for_clerks("在网上一并上传，或用命令 nianbao import <文件> shili-swj 2023；没有的不影响")
    assert told == "在网上一并上传；没有的不影响"
    told = for_clerks("请在 agency.yaml 中把“有规章制定权”写为是（can_make_rules: true）。")
    assert told == "请在“单位信息”页中把“有规章制定权”写为是。"
    either = (
        "把“允许缺报”写为是（参数文件中写 allow_missing: true，或用 --allow-missing），报告会写明"
    )
    assert for_clerks(either) == "把“允许缺报”写为是，报告会写明"
    assert (
        for_clerks("（四）无法提供、narrative.md（一处）") == "（四）无法提供、narrative.md（一处）"
    )
    assert len(_FOR_CLERKS) <= 4, "a message is written to fit both, where it is made"
    section = PulledSection("problems.issues", "（一）存在的主要问题", "report.docx")
    pulled = Pulled((section,), written=(Path("/tmp/x/data/a/2024/workbook.xlsx"),))
    assert list(merged_lines(pulled)) == [
        "“（一）存在的主要问题”：已并入", "文字写进了填报表的“正文”表",
    ]  # fmt: skip


def test_sections_are_called_by_their_headings() -> None:
    headings = {"other": "六、其他需要报告的事项", "problems.issues": "（一）存在的主要问题"}
    assert by_heading("工作表“other” 第4行", headings) == "工作表“other” 第4行"
    told = by_heading("“other”和problems.issues：见 other.csv、problems.issues.csv", headings)
    assert told == (
        "“六、其他需要报告的事项”和“（一）存在的主要问题”：见 other.csv、problems.issues.csv"
    )

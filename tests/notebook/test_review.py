"""The prose of a report is checked as it will read, and a finding can be acknowledged."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.inputs.builders import xlsx_bytes
from tests.projects import REPOSITORY, WORKED, copy_project

from nianbao.errors import FindingsError, InputError, NarrativeError
from nianbao.notebook.report import Report
from nianbao.statistics.model import Finding

SURVEYORS = ("shili-zrzyj", 2024)
MOST = "多数是申请人"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return copy_project(tmp_path)


def narrative(root: Path, agency: str = SURVEYORS[0]) -> Path:
    return root / f"data/{agency}/2024/narrative.md"


def write(root: Path, old: str, new: str) -> None:
    """Change words in the surveyors' narrative.md."""
    file = narrative(root)
    text = file.read_text("utf-8")
    assert text.count(old) == 1
    file.write_text(text.replace(old, new), "utf-8")


def prose_findings(root: Path, report: tuple[str, int] = SURVEYORS) -> list[Finding]:
    return [n for n in Report.open(*report, root=root).findings if n.passage]


@pytest.mark.parametrize(
    "agency", ["yiyuan-sfj", "shili-zrzyj", "shili-scjgj", "shili-qinghe-zhen"]
)
def test_the_samples_prose_raises_no_alarm(agency: str) -> None:
    found = prose_findings(REPOSITORY, (agency, 2024))
    # 五 in the words of the master is a warning, and the market bureau has it so on purpose.
    assert [f.message for f in found if f.severity != "info" and f.id != "L12"] == []


def test_sections_in_the_words_of_the_master_are_one_hint(root: Path) -> None:
    (hint,) = prose_findings(root)
    assert (hint.id, hint.severity) == ("L12", "info")
    assert "有2节用的是通用文字" in hint.message
    assert "“（五）监督保障”" in hint.message
    assert "overview" not in hint.message, "sections are named as they are printed"
    assert "依申请公开" not in hint.message, "this section is their own"
    assert hint.line is None
    text = narrative(root).read_text("utf-8")
    for key in ("overview", "overview.management", "overview.platform", "overview.oversight"):
        text += f"\n## {key}\n\n{key}一节写本单位的做法。\n"
    narrative(root).write_text(text, "utf-8")
    assert not [n for n in prose_findings(root) if n.id == "L12"]


def test_a_number_typed_by_hand_is_held_against_the_table(root: Path) -> None:
    write(root, MOST, f"今年共收到申请41件，{MOST}")
    first = prose_findings(root)[0]
    assert (first.id, first.severity) == ("N1", "warning")
    assert (first.left, first.right) == ("41件", "40")
    line = narrative(root).read_text("utf-8").splitlines().index("## problems.issues") + 5
    assert str(first.line) == f"data/shili-zrzyj/2024/narrative.md 第{line}行"


def test_numbers_around_a_typed_one_are_known_as_printed_by_us(root: Path) -> None:
    report = Report.open(*SURVEYORS, root=root)
    wording = report.wording["overview.requests"]
    printed = [wording.text[a:b] for a, b in wording.bound]
    assert printed[:2] == ["40件", report.vocabulary["新收申请"].below["同比"].text]


def test_another_bureaus_name_is_found_and_an_error_in_the_preface(root: Path) -> None:
    write(
        root,
        "## overview.disclosure\n",
        "## preface\n\n由示例县市场监督管理局编制。\n\n## overview.disclosure\n",
    )
    errors = [n for n in prose_findings(root) if n.severity == "error"]
    assert [(e.id, e.left) for e in errors] == [("L2", "示例县市场监督管理局")]


def test_prose_copied_from_another_bureau_is_reported(root: Path) -> None:
    copied = narrative(root, "shili-qinghe-zhen").read_text("utf-8")
    narrative(root).write_text(copied.replace("代表建议.带单位", "人大建议.带单位"), "utf-8")
    for word in ("专职人员", "行政村", "村务公开栏检查", "群众意见"):
        text = narrative(root).read_text("utf-8").replace(f"{{{{ {word}.带单位 }}}}", "1")
        narrative(root).write_text(text, "utf-8")
    assert any(n.id == "Y8" for n in prose_findings(root))


def test_prose_copied_from_a_bureaus_workbook_is_reported(root: Path) -> None:
    text = (
        "严格落实公开职责，围绕耕地保护、不动产登记、矿产资源开发等群众关心的事项逐项梳理应当公开的内容，"
        "由各科室分别审核、办公室统一发布，每周检查栏目更新情况，发现错漏当日改正。对群众来信来电反映的查询不便，"
        "安排专人逐件回应，属于栏目设置不合理的及时调整，属于内容没有说清的补充图解和问答，属于其他单位掌握的告知去处。"
        "每季度请村居代表试用查询页面，把大家说不明白的词句改成日常说法，再由法制科核对有无走样，改完以后在大厅里张贴公布，"
        "同时把历年文件按年份和类别重新归档，清理失效的链接和重复的条目，做到一次检索就能找到所要的文件。"
    )
    rows = [["章节编号", "正文"], ["overview.management", text]]
    book = {"正文": rows}
    (root / "data/shili-qinghe-zhen/2024/workbook.xlsx").write_bytes(xlsx_bytes(book))
    narrative(root).write_text(f"## overview.management\n\n{text}\n", "utf-8")
    (found,) = (n for n in prose_findings(root) if n.id == "Y8")
    assert "示例县清河镇人民政府" in found.message


def test_prose_copied_from_last_year_is_reported(root: Path) -> None:
    last = root / "data/shili-zrzyj/2023/narrative.md"
    last.write_bytes(narrative(root).read_bytes())
    assert any(n.id == "Y7" for n in prose_findings(root))


def test_another_bureaus_broken_file_does_not_stop_this_report(root: Path) -> None:
    before = prose_findings(root)
    narrative(root, "shili-qinghe-zhen").write_bytes(b"## overview\n\n## overview\n\n\xff\xfe\xff")
    (root / "params/shili-scjgj/agency.yaml").write_text("name: [", "utf-8")
    assert prose_findings(root) == before


def test_the_projects_own_list_of_words(root: Path) -> None:
    (root / "params/sensitive.yaml").write_text("- {word: 地块编号, hard: true}\n", "utf-8")
    assert [n.id for n in prose_findings(root)] == ["L7", "L12"]


def test_an_acknowledged_warning_is_a_hint_with_its_reason(root: Path) -> None:
    write(root, MOST, f"今年共收到申请41件，{MOST}")
    before = Report.open(*SURVEYORS, root=root)
    lines = [f"{n.key},另有说明" for n in before.findings if n.severity == "warning"]
    assert len(lines) >= 3
    file = root / "data/shili-zrzyj/2024/acknowledged.csv"
    file.write_text("标识,理由\n" + "\n".join(lines), "utf-8")
    after = Report.open(*SURVEYORS, root=root)
    assert {f.severity for f in after.findings} == {"info"}
    reported = [f.message for f in after.findings if f.id not in ("L12", "D1")]
    assert len(reported) == len(lines)
    assert all("（已说明：另有说明）" in message for message in reported)
    assert after.idle_acknowledgements == ()
    assert f"{file.relative_to(root)}" in after.inputs.files


def test_an_acknowledgement_outlives_a_corrected_number_but_not_other_words(root: Path) -> None:
    write(root, MOST, f"今年共收到申请41件，{MOST}")
    (key,) = {n.key for n in prose_findings(root) if n.id == "N1"}
    write(root, "申请41件", "申请42件")
    assert key in {n.key for n in prose_findings(root)}
    write(root, "今年共收到申请", "今年全局共收到申请")
    assert key not in {n.key for n in prose_findings(root)}


def test_an_error_cannot_be_acknowledged(root: Path) -> None:
    write(root, "一是征地信息查找不便。", "一是征地信息查找不便，涉及XX个地块。")
    (error,) = (n for n in prose_findings(root) if n.severity == "error")
    file = root / "data/shili-zrzyj/2024/acknowledged.csv"
    file.write_text(f"标识,理由\n{error.key},没有关系\n", "utf-8")
    report = Report.open(*SURVEYORS, root=root)
    assert report.findings[0].severity == "error"
    assert [idle.key for idle in report.idle_acknowledgements] == [error.key]
    with pytest.raises(FindingsError, match="L3"):
        report.check()
    Report.open(*SURVEYORS, root=root, draft=True).check()


MARKET = ("shili-scjgj", 2024)


def break_carry_over(root: Path) -> str:
    """One more request carried out last year than carried in this year; the key of the error."""
    file = root / "data/shili-scjgj/2023/requests.csv"
    file.write_text(file.read_text("utf-8-sig") + "新收,自然人,结转下年度继续办理,1\n", "utf-8")
    (error,) = (n for n in Report.open(*MARKET, root=root).findings if n.severity == "error")
    assert error.id == "Y1"
    return error.key


def reason(root: Path, key: str, why: str) -> Report:
    """The report after a reason was recorded."""
    file = root / "data/shili-scjgj/2024/acknowledged.csv"
    file.write_text(f"标识,理由\n{key},{why}\n", "utf-8")
    return Report.open(*MARKET, root=root)


def test_a_recorded_reason_lifts_the_one_error_that_may_be_explained(root: Path) -> None:
    key = break_carry_over(root)
    with pytest.raises(FindingsError, match=f"Y1.*理由写入 acknowledged.csv .*，标识为 {key}"):
        Report.open(*MARKET, root=root).check()
    report = reason(root, key, "上年年报已更正")
    report.check()
    (lifted,) = (n for n in report.findings if n.lifted)
    assert (lifted.id, lifted.severity, lifted.key) == ("Y1", "info", key)
    assert lifted.message.endswith("（属于错误，记录理由后放行：上年年报已更正）")
    assert report.idle_acknowledgements == ()


def test_a_reason_lapses_when_the_figures_change(root: Path) -> None:
    key = break_carry_over(root)
    again = break_carry_over(root)
    assert again != key
    report = reason(root, key, "上年年报已更正")
    with pytest.raises(FindingsError, match="Y1"):
        report.check()
    assert [idle.key for idle in report.idle_acknowledgements] == [key]


def test_an_acknowledgement_needs_a_reason(root: Path) -> None:
    file = root / "data/shili-zrzyj/2024/acknowledged.csv"
    file.write_text("标识,理由\nY2-1,\n", "utf-8")
    with pytest.raises(InputError, match="缺少理由"):
        Report.open(*SURVEYORS, root=root)


def test_unknown_names_and_sections_are_all_reported_at_once(root: Path) -> None:
    write(root, "{{ 新收申请.带单位 }}", "{{ 新收申情.带单位 }}")
    write(root, "## problems.issues", "## problems.issue")
    with pytest.raises(NarrativeError) as caught:
        _ = Report.open(*SURVEYORS, root=root).findings
    first, second = caught.value.problems
    assert "problems.issues" in str(first)
    assert "新收申请" in str(second)


def test_errors_of_the_tables_are_reported_in_one_round_with_those_of_the_prose(root: Path) -> None:
    write(root, "{{ 新收申请.带单位 }}", "{{ 新收申情.带单位 }}")
    text = narrative(root).read_text("utf-8")
    narrative(root).write_text(f"{text}\n## overview.xyz\n\n共{{{{ 培训次树 }}}}次。\n", "utf-8")
    file = root / "data/shili-zrzyj/2024/decisions.csv"
    lines = file.read_text("gb18030").splitlines()
    lines = ["行政许可,,,,," if line.startswith("行政许可") else line for line in lines]
    file.write_text("\n".join(lines), "gb18030")
    report = Report.open(*SURVEYORS, root=root)
    with pytest.raises(NarrativeError) as caught:
        report.check()
    reported = [str(problem) for problem in caught.value.problems]
    for words in ("没有这个章节编号", "新收申情", "培训次树", "〔V3〕表二有1格未填"):
        assert len([line for line in reported if words in line]) == 1, words
    with pytest.raises(NarrativeError, match="新收申情") as drafted:
        Report.open(*SURVEYORS, root=root, draft=True).check()
    assert not any("V3" in str(problem) for problem in drafted.value.problems)


def test_the_worked_example_passes_whole() -> None:
    assert {f.severity for f in Report.open(*WORKED, root=REPOSITORY).findings} <= {
        "warning",
        "info",
    }


def test_prose_copied_from_the_year_before_last_and_from_a_neighbours_last_year_is_reported(
    root: Path,
) -> None:
    for folder in ("shili-zrzyj/2022", "shili-qinghe-zhen/2023"):
        copied = root / f"data/{folder}/narrative.md"
        copied.parent.mkdir(parents=True, exist_ok=True)
        copied.write_bytes(narrative(root).read_bytes())
    found = {n.id: n.message for n in prose_findings(root) if n.id in {"Y7", "Y8"}}
    assert "正文与2022年报告" in found["Y7"]
    assert "示例县清河镇人民政府2023年" in found["Y8"]


def test_the_countys_own_website_is_no_other_body(root: Path) -> None:
    file = root / "params/shili-qinghe-zhen/agency.yaml"
    lines = [x for x in file.read_text("utf-8").splitlines() if not x.startswith("parent:")]
    file.write_text("\n".join(lines) + "\n", "utf-8")
    found = prose_findings(root, ("shili-qinghe-zhen", 2024))
    assert [n.message for n in found if n.id == "L2"] == []

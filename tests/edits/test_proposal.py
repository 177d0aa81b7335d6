"""Edits as a proposal: sentence by sentence, numbers held against the data, taken or not."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.styles import Font
from openpyxl.worksheet.datavalidation import DataValidation
from tests import warm
from tests.projects import WORKED, copy_project

from nianbao.edits.homes import find_homes
from nianbao.edits.proposal import EditProposal, propose_edits
from nianbao.edits.pull import apply_edits, pull_edits
from nianbao.errors import UsageError
from nianbao.inputs.load import load_inputs
from nianbao.inputs.project import narrative_file
from nianbao.notebook.report import Report
from nianbao.prose.differences import sentence_edits, with_edits
from nianbao.prose.edits import hold_against, typed_numbers
from nianbao.prose.facts import Fact
from nianbao.publishing.build import BuildOptions, build_report

FORMATS = BuildOptions(("html", "docx"))
SECTION = "overview.oversight"
TEXT = "全年开展业务培训三次，参加120人。编印工作手册15册。开展检查一次。"


def write_workbook(file: Path) -> None:
    """A workbook with the sheet 正文, a list to choose from, and another sheet."""
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    assert sheet is not None
    sheet.title = "正文"
    for row in (("章节编号", "章节", "正文"), (SECTION, "（五）监督保障", TEXT),
                ("overview.platform", "（四）平台建设", None)):  # fmt: skip
        sheet.append(row)
    sheet["C2"].font = Font(name="仿宋", bold=True)
    rule = DataValidation(type="list", formula1='"是,否"')
    sheet.add_data_validation(rule)
    rule.add("D2")
    notes = workbook.create_sheet("说明")
    notes["A1"] = "=1+1"
    workbook.save(file)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The worked example with its text on oversight in a workbook, built."""
    root = copy_project(tmp_path_factory.mktemp("proposal"), WORKED[0])
    own = root / narrative_file(*WORKED)
    sections = own.read_text("utf-8").split("\n## ")
    kept = [
        s for s in sections if not s.removeprefix("## ").startswith((SECTION, "overview.platf"))
    ]
    own.write_text("\n## ".join(kept), "utf-8")
    write_workbook(own.with_name("workbook.xlsx"))
    build_report(root, *WORKED, FORMATS)
    return root


@pytest.fixture
def project(built: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(built, tmp_path / "project", symlinks=True))


def edit_word(root: Path, change: Callable[[str], str], words: str = "编印工作手册") -> None:
    """Change the paragraph with these words, by default that on oversight, in the Word file."""
    path = root / "output" / WORKED[0] / str(WORKED[1]) / "report.docx"
    document = docx.Document(str(path))
    paragraph = next(p for p in document.paragraphs if words in p.text)
    text = change(paragraph.text)
    for run in paragraph.runs[1:]:
        run.text = ""
    paragraph.runs[0].text = text
    document.save(str(path))


def propose(root: Path, change: Callable[[str], str]) -> EditProposal:
    edit_word(root, change)
    return propose_edits(root, *WORKED)


def workbook_text(root: Path) -> str:
    sheet = openpyxl.load_workbook((root / narrative_file(*WORKED)).with_name("workbook.xlsx"))[
        "正文"
    ]
    return str(sheet["C2"].value)


def test_a_proposal_tells_sentence_by_sentence_what_changed(project: Path) -> None:
    proposal = propose(
        project,
        lambda t: t.replace("三次", "四次").replace("15册", "16册").replace("开展检查一次。", ""),
    )
    (section,) = proposal.sections
    assert (section.section, section.heading, section.home) == (
        SECTION, "（五）监督保障", "workbook.xlsx",
    )  # fmt: skip
    assert [(c.before, c.after) for c in section.changes] == [
        ("全年开展业务培训三次，参加120人。", "全年开展业务培训四次，参加120人。"),
        ("编印工作手册15册。", "编印工作手册16册。"),
        ("开展检查一次。", ""),
    ]
    numbers = [n for c in section.changes for n in c.numbers]
    assert [(n.data, n.edited) for n in numbers] == [("三", "四"), ("15", "16")]


def test_the_preface_is_called_by_its_name_though_the_form_has_no_heading_for_it(
    project: Path,
) -> None:
    edit_word(project, lambda text: f"{text}欢迎监督。", "本报告根据")
    (section,) = propose_edits(project, *WORKED).sections
    assert (section.section, section.heading) == ("preface", "前言")


def test_a_number_of_the_data_is_reported_beside_the_one_that_was_typed() -> None:
    facts = {
        "培训次数": Fact("培训次数", 3, "3", "次"),
        "政策文件": Fact("政策文件", 121, "121", "条"),
    }
    (changed,) = typed_numbers("开展培训三次。", "开展培训四次。")
    held = hold_against(changed, facts)
    assert (held.agrees, held.known) == (False, "培训次数为3次")
    assert not [*typed_numbers("接待1105人次。", "共接待1,105人次。")]
    (thousand,) = typed_numbers("政策文件5121条。", "政策文件1,121条。")
    assert hold_against(thousand, {"政策文件": Fact("政策文件", 1121, "1121", "条")}).agrees is True
    (right,) = typed_numbers("其中政策文件120条。", "其中政策文件121条。")
    assert hold_against(right, facts).agrees is True
    (other,) = typed_numbers("开展培训3次，通报1次。", "开展培训3次，通报3次。")
    assert hold_against(other, facts).agrees is None
    (unknown,) = typed_numbers("编印手册3册。", "编印手册121册。")
    assert hold_against(unknown, facts).agrees is None


def test_a_changed_number_is_reported_until_it_is_confirmed(project: Path) -> None:
    edit_word(project, lambda t: t.replace("120人", "121人"))
    (line,) = [line for line in pull_edits(project, *WORKED).lines() if "正文中的数" in line]
    assert "由“120”改成“121”，数据中没有这个数，无法核对" in line
    found = [f for f in Report.open(*WORKED, root=project).findings if f.id == "S14"]
    assert [(f.severity, f.left, f.right) for f in found] == [("warning", "120", "121")]
    result = build_report(project, *WORKED, FORMATS)
    assert [f.id for f in result.findings if f.id == "S14"] == ["S14"]
    notes = (project / narrative_file(*WORKED)).with_name("acknowledged.csv")
    notes.write_text(f"标识,理由\n{found[0].key},签到表为121人\n", "utf-8")
    (found_again,) = [f for f in Report.open(*WORKED, root=project).findings if f.id == "S14"]
    assert (found_again.severity, found_again.reason) == ("info", "签到表为121人")


def test_a_number_that_was_changed_back_is_no_longer_reported(project: Path) -> None:
    edit_word(project, lambda t: t.replace("120人", "121人"))
    pull_edits(project, *WORKED)
    edit_word(project, lambda t: t.replace("121人", "120人"))
    pull_edits(project, *WORKED)
    assert workbook_text(project) == TEXT
    assert not [f for f in Report.open(*WORKED, root=project).findings if f.id == "S14"]


def refusals(root: Path) -> list[tuple[str, str | None, str | None]]:
    found = [f for f in Report.open(*WORKED, root=root).findings if f.id == "S18"]
    return [(f.severity, f.left, f.right) for f in found]


def test_a_number_of_the_data_that_was_changed_is_told_until_it_is_settled(project: Path) -> None:
    edit_word(project, lambda t: t.replace("信息571条", "信息572条"), "信息571条")
    first = build_report(project, *WORKED, FORMATS)
    again = build_report(project, *WORKED, FORMATS)  # of which the Word file has the data's number
    for result in (first, again):
        (told,) = [f for f in result.findings if f.id == "S18"]
        assert (told.severity, told.left, told.right) == ("warning", "571", "572")
        assert "report.docx 把571改成572，没有采用，仍按数据印作" in told.message
    notes = (project / narrative_file(*WORKED)).with_name("acknowledged.csv")
    notes.write_text(f"标识,理由\n{told.key},已与改的人核对，数据无误\n", "utf-8")
    assert refusals(project) == [("info", "571", "572")]
    notes.unlink()
    disclosures = notes.with_name("disclosures.csv")
    text = disclosures.read_text("utf-8-sig")
    head, first_row, *rest = text.splitlines()
    channel, category, count = first_row.split(",")[:3]
    more = ",".join([channel, category, str(int(count) + 1), *first_row.split(",")[3:]])
    disclosures.write_text("\n".join([head, more, *rest]), "utf-8")
    assert refusals(project) == []


def test_a_number_of_a_table_that_was_changed_is_told_until_it_is_settled(project: Path) -> None:
    path = project / "output" / WORKED[0] / str(WORKED[1]) / "report.docx"
    document = docx.Document(str(path))
    cell = document.tables[-1].cell(-1 % len(document.tables[-1].rows), 0)
    cell.paragraphs[0].runs[0].text = "7"
    document.save(str(path))
    pull_edits(project, *WORKED)
    (told,) = refusals(project)
    assert told == ("warning", "0", "7")


def test_check_says_that_an_edited_file_waits_until_it_is_pulled(project: Path) -> None:
    check = ("check", WORKED[0], str(WORKED[1]))
    assert set(json.loads(warm.run(*check, "--json", cwd=project).stdout)) == {"findings"}
    edit_word(project, lambda t: t.replace("工作手册15册", "工作指南25册"))
    file = "output/yiyuan-sfj/2024/report.docx"
    said = f"{file} 改过，还没有并入正文；生成报告时会先自动并入，也可以现在并入：nianbao pull"
    number = "由“15”改成“25”"
    printed = warm.run(*check, cwd=project).stdout
    assert said in printed
    assert number in printed
    (waiting,) = json.loads(warm.run(*check, "--json", cwd=project).stdout)["waiting"]
    assert (waiting["file"], waiting["message"][: len(said)]) == (file, said)
    (told,) = waiting["numbers"]
    assert number in told
    assert told in printed
    pull_edits(project, *WORKED)
    assert "还没有并入" not in warm.run(*check, cwd=project).stdout


def test_a_number_of_the_data_that_was_put_back_in_the_same_file_is_settled(project: Path) -> None:
    edit_word(project, lambda t: t.replace("信息571条", "信息572条"), "信息571条")
    pull_edits(project, *WORKED)
    assert refusals(project) == [("warning", "571", "572")]
    edit_word(project, lambda t: t.replace("信息572条", "信息571条"), "信息572条")
    pull_edits(project, *WORKED)
    assert refusals(project) == []


def test_a_sentence_that_only_moved_brings_no_numbers(project: Path) -> None:
    edit_word(project, lambda t: "编印工作手册15册。" + t.replace("编印工作手册15册。", ""))
    (section,) = pull_edits(project, *WORKED).sections
    assert (section.numbers, section.same) == ((), False)
    assert not load_inputs(project, *WORKED).edited_numbers


def test_what_is_rejected_stays_out_of_this_pull_and_the_next(project: Path) -> None:
    proposal = propose(project, lambda t: t.replace("业务培训", "专题培训").replace("手册", "指南"))
    wanted = [c.id for c in proposal.changes if "专题" in c.after]
    apply_edits(project, proposal, wanted)
    assert workbook_text(project) == TEXT.replace("业务培训", "专题培训")
    assert [c.rejected for c in propose_edits(project, *WORKED).changes] == [False, True]
    pull_edits(project, *WORKED)
    build_report(project, *WORKED, FORMATS)
    assert workbook_text(project) == TEXT.replace("业务培训", "专题培训")


def test_a_proposal_of_an_older_report_is_refused(project: Path) -> None:
    proposal = propose(project, lambda t: t.replace("手册", "指南"))
    pull_edits(project, *WORKED)
    build_report(project, *WORKED, FORMATS)
    with pytest.raises(UsageError, match="报告已经重新生成"):
        apply_edits(project, proposal)


def test_a_text_of_the_workbook_goes_back_into_its_cell(project: Path) -> None:
    file = (project / narrative_file(*WORKED)).with_name("workbook.xlsx")
    before = (project / narrative_file(*WORKED)).read_text("utf-8")
    edit_word(project, lambda t: t.replace("手册", "指南"))
    assert pull_edits(project, *WORKED).written == (file,)
    assert (project / narrative_file(*WORKED)).read_text("utf-8") == before
    assert workbook_text(project) == TEXT.replace("手册", "指南")
    workbook = openpyxl.load_workbook(file)
    assert workbook["正文"]["C2"].font.name == "仿宋"
    assert [str(r.sqref) for r in workbook["正文"].data_validations.dataValidation] == ["D2"]
    assert workbook["说明"]["A1"].value == "=1+1"
    kept = project / "output" / WORKED[0] / "edited" / str(WORKED[1])
    assert [f.suffix for f in kept.glob("workbook-*")] == [".xlsx"]


def test_a_newer_text_of_the_workbook_is_merged_with_the_edit(project: Path) -> None:
    file = (project / narrative_file(*WORKED)).with_name("workbook.xlsx")
    workbook = openpyxl.load_workbook(file)
    workbook["正文"]["C2"] = TEXT.replace("开展检查一次", "开展检查两次")
    workbook.save(file)
    edit_word(project, lambda t: t.replace("手册", "指南"))
    pull_edits(project, *WORKED)
    merged = TEXT.replace("开展检查一次", "开展检查两次").replace("手册", "指南")
    assert workbook_text(project) == merged


@pytest.mark.parametrize("lock", ["~$workbook.xlsx", ".~lock.workbook.xlsx#"])
def test_an_open_workbook_is_not_written(project: Path, lock: str) -> None:
    file = (project / narrative_file(*WORKED)).with_name("workbook.xlsx")
    file.with_name(lock).write_bytes(b"")
    edit_word(project, lambda t: t.replace("手册", "指南"))
    with pytest.raises(UsageError, match="工作簿正开着"):
        pull_edits(project, *WORKED)
    assert workbook_text(project) == TEXT
    file.with_name(lock).unlink()
    assert pull_edits(project, *WORKED).written == (file,)


WORDS = st.text(alphabet="甲乙丙。！\n1", max_size=30)


@given(before=WORDS, after=WORDS)
def test_all_edits_of_sentences_together_make_the_edited_text(before: str, after: str) -> None:
    edits = sentence_edits(before, after)
    assert with_edits(before, edits) == after
    assert with_edits(before, ()) == before


def test_a_text_of_a_workbook_that_is_not_written_moves_and_says_so(project: Path) -> None:
    inputs = load_inputs(project, *WORKED)
    own = inputs.narrative[SECTION]
    old = replace(own, place=replace(own.place, file=f"data/{WORKED[0]}/{WORKED[1]}/填报表.ods"))
    homes = find_homes(project, replace(inputs, narrative={SECTION: old}))
    assert homes.of(SECTION) == "narrative.md"
    (line,) = homes.moved([SECTION, "other"])
    assert line.startswith("“（五）监督保障”原来写在 填报表.ods 的“正文”表里")
    assert "今后以它为准" in line


HTML = BuildOptions(("html",))
GOOD = "这一句是新加的。"
NESTED = "\n\n" + "".join("  " * depth + "- 甲\n" for depth in range(60))
Cell = dict[str, Any]


@pytest.fixture(scope="module")
def ready(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = copy_project(tmp_path_factory.mktemp("acceptance"), WORKED[0])
    build_report(root, *WORKED, HTML)
    return root


def added(text: str) -> Callable[[list[Cell]], object]:
    """Add a text to the section on oversight."""

    def change(cells: list[Cell]) -> None:
        cell = section(cells, "overview.oversight")
        cell["source"] = "".join(cell["source"]).rstrip() + text + "\n"

    return change


def section(cells: list[Cell], key: str) -> Cell:
    return next(c for c in cells if c["metadata"].get("nianbao", {}).get("section") == key)


def new_cell(kind: str, text: str, **about: str) -> Callable[[list[Cell]], object]:
    """Put a cell after the section on oversight."""

    def change(cells: list[Cell]) -> None:
        made = {"cell_type": kind, "id": "mine", "metadata": {"nianbao": about}, "source": text}
        more = {"outputs": [], "execution_count": None} if kind == "code" else {}
        cells.insert(cells.index(section(cells, "overview.oversight")) + 1, made | more)

    return change


REFUSED = {
    "a picture that is not there": (added("\n\n![图](没有.png)"), "没有.png"),
    "half a character": (added("甲\ud800乙。"), "半个字符"),
    "half a character in code": (new_cell("code", "x = '\ud800'"), "半个字符"),
    "an unknown placeholder": (added("共{{ 没有这个数 }}件。"), "没有这个数"),
    "the marks of a merge": (added("\n\n<<<<<<< a\n甲。\n=======\n乙。\n>>>>>>> b"), "<<<<<<<"),
}
HARMLESS = {
    "a section with a line break": new_cell("markdown", "甲乙丙。", section="no\n## where"),
    "a line that looks like a section": added("\n\n## nowhere\n\n甲乙丙。"),
    "sixty lists in each other": added(NESTED),
    "a thousand quotes": added("\n\n" + ">" * 1000 + "甲"),
}


def edited(ready: Path, *changes: Callable[[list[Cell]], object]) -> None:
    path = ready / "output" / WORKED[0] / str(WORKED[1]) / "report.ipynb"
    notebook = json.loads(path.read_text("utf-8"))
    for change in changes:
        change(notebook["cells"])
    path.write_text(json.dumps(notebook), "utf-8")


@pytest.mark.parametrize("name", [*REFUSED, *HARMLESS])
def test_an_edit_never_stops_the_build(ready: Path, name: str) -> None:
    root = ready
    notebook = root / "output" / WORKED[0] / str(WORKED[1]) / "report.ipynb"
    narrative = root / "data" / WORKED[0] / str(WORKED[1]) / "narrative.md"
    kept, before = notebook.read_bytes(), narrative.read_bytes()
    try:
        change, said = REFUSED.get(name) or (HARMLESS[name], "")
        edited(root, change)
        lines = "\n".join(pull_edits(root, *WORKED).lines())
        lines.encode()
        assert said in lines
        if name in REFUSED:
            assert "没有并入" in lines or "没有存入" in lines
            assert narrative.read_bytes() == before
        assert Report.open(*WORKED, root=root).wording
    finally:
        notebook.write_bytes(kept)
        narrative.write_bytes(before)
        shutil.rmtree(notebook.parents[1] / "edited", ignore_errors=True)


def test_what_is_refused_is_kept_and_the_rest_is_merged(tmp_path: Path) -> None:
    root = copy_project(tmp_path, WORKED[0])
    build_report(root, *WORKED, HTML)

    def good(cells: list[Cell]) -> None:
        cell = section(cells, "other")
        cell["source"] = "".join(cell["source"]).rstrip() + GOOD + "\n"

    edited(root, added("\n\n![图](没有.png)"), good)
    built = build_report(root, *WORKED, HTML)
    assert GOOD in (built.folder / "report.html").read_text("utf-8")
    lines = list(built.pulled.lines(again=False))
    assert any("没有.png" in line and "没有并入" in line for line in lines), lines
    (kept,) = built.pulled.kept
    again = f"nianbao pull yiyuan-sfj 2024 {kept.parent.relative_to(root).as_posix()}/"
    assert any(again in line for line in lines), lines
    assert any(str(kept) in line for line in lines)
    assert "没有.png" in str(json.loads(kept.read_text("utf-8")))
    assert any("留存的改稿共1份" in line for line in lines)

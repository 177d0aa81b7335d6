"""A section in narrative.md and on the sheet 正文: the newer edit of either side is merged."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.projects import WORKED, copy_project

from nianbao.edits.pull import pull_edits
from nianbao.edits.two_places import _join, join_places
from nianbao.errors import NarrativeError
from nianbao.inputs.load import load_inputs
from nianbao.inputs.project import narrative_file
from nianbao.notebook.report import Report
from nianbao.publishing.build import BuildOptions, build_report

HTML = BuildOptions(("html",))
SECTION = "overview.oversight"
TEXT = "全年开展业务培训三次，参加120人。编印工作手册15册。开展检查一次。"


def workbook_file(root: Path) -> Path:
    return (root / narrative_file(*WORKED)).with_name("workbook.xlsx")


def write_sheet(root: Path, text: str) -> None:
    """Write the section's cell, as a clerk does, and save."""
    file = workbook_file(root)
    workbook = openpyxl.load_workbook(file) if file.exists() else openpyxl.Workbook()
    sheet = workbook.worksheets[0]
    sheet.title = "正文"
    for column, words in enumerate((("章节编号", SECTION), ("正文", text)), 1):
        for row, word in enumerate(words, 1):
            sheet.cell(row, column, word)
    workbook.save(file)


def write_narrative(root: Path, text: str) -> None:
    """Write the section in narrative.md."""
    file = root / narrative_file(*WORKED)
    sections = ("\n" + file.read_text("utf-8")).split("\n## ")
    kept = [s for s in sections if not s.startswith(SECTION)]
    file.write_text("\n## ".join([*kept, f"{SECTION}\n\n{text}\n"]).lstrip("\n"), "utf-8")


def texts(root: Path) -> tuple[str, str]:
    """Return the section in narrative.md and in the workbook."""
    own = load_inputs(root, *WORKED).narrative[SECTION]
    assert own.place.file.endswith("narrative.md")
    return own.text, str(openpyxl.load_workbook(workbook_file(root))["正文"]["B2"].value)


def shows_s11(root: Path) -> bool:
    return "S11" in {finding.id for finding in Report.open(*WORKED, root=root).findings}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The worked example with its text on oversight in both places, built."""
    root = copy_project(tmp_path_factory.mktemp("places"), WORKED[0])
    write_narrative(root, TEXT)
    write_sheet(root, TEXT)
    build_report(root, *WORKED, HTML)
    return root


@pytest.fixture
def project(built: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(built, tmp_path / "project", symlinks=True))


def kept(root: Path) -> set[str]:
    folder = root / "output" / WORKED[0] / "edited" / str(WORKED[1])
    return {file.suffix for file in folder.glob("*")}


def test_equal_texts_are_no_matter(project: Path) -> None:
    assert pull_edits(project, *WORKED).is_empty
    assert texts(project) == (TEXT, TEXT)
    assert kept(project) == set()


@pytest.mark.parametrize("write", [write_sheet, write_narrative])
def test_a_newer_edit_on_either_side_is_merged_into_both(
    project: Path, write: Callable[[Path, str], None]
) -> None:  # fmt: skip
    new = TEXT.replace("手册", "指南") + "新设查阅点。"
    write(project, new)
    assert shows_s11(project)  # check only tells, and writes nothing
    assert texts(project) == ((TEXT, new) if write is write_sheet else (new, TEXT))
    pulled = pull_edits(project, *WORKED)
    origin = "workbook.xlsx 的“正文”表" if write is write_sheet else "narrative.md"
    line, *_ = pulled.lines()
    assert line == f"“（五）监督保障”（{SECTION}）：已并入 {origin} 中的修改"
    assert texts(project) == (new, new)
    assert not shows_s11(project)
    assert kept(project) == {".md", ".xlsx", ".json"}
    assert pull_edits(project, *WORKED).is_empty
    # What was joined is the base of the next edit, built or not.
    write(project, TEXT)
    pull_edits(project, *WORKED)
    assert texts(project) == (TEXT, TEXT)


def test_both_changed_other_sentences_and_build_prints_both(project: Path) -> None:
    write_sheet(project, TEXT.replace("手册", "指南"))
    write_narrative(project, TEXT.replace("检查一次", "检查两次"))
    result = build_report(project, *WORKED, HTML)
    merged = TEXT.replace("手册", "指南").replace("检查一次", "检查两次")
    assert texts(project) == (merged, merged)
    assert "S11" not in {finding.id for finding in result.findings}
    page = (result.folder / "report.html").read_text("utf-8")
    assert "指南" in page
    assert "检查两次" in page


def test_a_conflict_is_told_kept_and_decided_once(project: Path) -> None:
    ours, theirs = TEXT.replace("手册", "指南"), TEXT.replace("手册", "图解")
    write_narrative(project, ours)
    write_sheet(project, theirs)
    pulled = pull_edits(project, *WORKED)
    assert pulled.conflicts == 1
    narrative, sheet = texts(project)
    assert ours in narrative
    assert theirs in narrative
    assert sheet == theirs
    with pytest.raises(NarrativeError, match="还没有选定"):
        build_report(project, *WORKED, HTML)
    write_narrative(project, ours)
    pull_edits(project, *WORKED)
    assert texts(project) == (ours, ours)


@pytest.mark.parametrize("lock", ["~$workbook.xlsx", ".~lock.workbook.xlsx#"])
def test_an_open_workbook_leaves_both_as_they_are(project: Path, lock: str) -> None:
    new = TEXT.replace("手册", "指南")
    write_sheet(project, new)
    locked = workbook_file(project).with_name(lock)
    locked.write_bytes(b"")
    (line,) = pull_edits(project, *WORKED).lines()
    assert "这个工作簿现在不能改写" in line
    assert texts(project) == (TEXT, new)
    assert shows_s11(project)
    locked.unlink()
    pull_edits(project, *WORKED)
    assert texts(project) == (new, new)


def test_a_workbook_of_a_form_that_is_not_written_leaves_both_as_they_are(project: Path) -> None:
    new = TEXT.replace("手册", "指南")
    write_sheet(project, new)
    inputs = load_inputs(project, *WORKED)
    (sheet,) = inputs.overruled.values()
    old = replace(sheet, place=replace(sheet.place, file=f"data/{WORKED[0]}/2024/填报表.ods"))
    joined = join_places(project, replace(inputs, overruled={SECTION: old}))
    assert not joined.written
    assert "填报表.ods 的“正文”表不同，没有并到一处" in joined.left[0]
    assert texts(project) == (TEXT, new)


def test_a_run_that_was_killed_between_the_two_files_is_made_good(project: Path) -> None:
    ours = TEXT.replace("检查一次", "检查两次")
    merged = ours.replace("手册", "指南")
    write_narrative(project, ours)
    write_sheet(project, merged)
    assert pull_edits(project, *WORKED).conflicts == 0
    assert texts(project) == (merged, merged)


def test_texts_that_differed_already_when_the_set_was_made_wait_for_a_person(
    project: Path,
) -> None:
    """The older of the two must not take the place of the newer."""
    new = TEXT.replace("手册", "指南")
    write_narrative(project, new)
    locked = workbook_file(project).with_name("~$workbook.xlsx")
    locked.write_bytes(b"")
    build_report(project, *WORKED, HTML)
    locked.unlink()
    os.utime(workbook_file(project), (0, 0))
    pulled = pull_edits(project, *WORKED)
    assert not pulled.written
    (line,) = pulled.lines()
    assert line.startswith("“（五）监督保障”的文字两处不同：narrative.md 保存于")
    assert "（较新），workbook.xlsx 保存于1970-01-01" in line
    assert texts(project) == (new, TEXT)
    # Either of the two ways that S11 names ends it.
    (found,) = (f for f in Report.open(*WORKED, root=project).findings if f.id == "S11")
    assert f"“## {SECTION}”一行到下一个“## ”之前" in found.message
    other = Path(shutil.copytree(project, project.with_name("other"), symlinks=True))
    write_sheet(project, "")
    assert not shows_s11(project)
    assert load_inputs(project, *WORKED).narrative[SECTION].text == new
    file = other / narrative_file(*WORKED)
    file.write_text(file.read_text("utf-8").partition(f"## {SECTION}")[0], "utf-8")
    assert not shows_s11(other)
    assert load_inputs(other, *WORKED).narrative[SECTION].text == TEXT


@pytest.mark.parametrize("write", [write_sheet, write_narrative])
def test_a_number_changed_in_either_place_is_told_until_it_is_confirmed(
    project: Path, write: Callable[[Path, str], None]
) -> None:
    write(project, TEXT.replace("120人", "121人") + "新设查阅点2处。")
    lines = [line for line in pull_edits(project, *WORKED).lines() if "正文中的数" in line]
    assert len(lines) == 1  # what is new has no number before
    assert "由“120”改成“121”，数据中没有这个数" in lines[0]
    assert "参加121人" in texts(project)[0]
    (found,) = (f for f in Report.open(*WORKED, root=project).findings if f.id == "S14")
    assert (found.left, found.right) == ("120", "121")
    origin = "workbook.xlsx 的“正文”表" if write is write_sheet else "narrative.md"
    assert f"{origin} 由“120”改成“121”" in found.message
    write(project, TEXT + "新设查阅点2处。")
    pull_edits(project, *WORKED)
    assert "S14" not in {f.id for f in Report.open(*WORKED, root=project).findings}


def test_a_number_changed_beside_an_edit_of_the_notebook_is_told(project: Path) -> None:
    edit_notebook(project, "开展检查一次", "开展专项检查一次")
    changed = TEXT.replace("15册", "16册")
    write_narrative(project, changed)
    write_sheet(project, changed)
    lines = "\n".join(pull_edits(project, *WORKED).lines())
    assert "由“15”改成“16”" in lines
    new = changed.replace("开展检查", "开展专项检查")
    assert texts(project) == (new, new)
    (found,) = (f for f in Report.open(*WORKED, root=project).findings if f.id == "S14")
    assert (found.left, found.right) == ("15", "16")


def edit_notebook(root: Path, old: str, new: str) -> None:
    """Edit the section in the finished notebook."""
    path = root / "output" / WORKED[0] / str(WORKED[1]) / "report.ipynb"
    notebook = json.loads(path.read_text("utf-8"))
    (cell,) = (
        cell
        for cell in notebook["cells"]
        if cell["metadata"].get("nianbao", {}).get("section") == SECTION
    )
    cell["source"] = "".join(cell["source"]).replace(old, new).splitlines(keepends=True)
    path.write_text(json.dumps(notebook, ensure_ascii=False), "utf-8")


def test_an_edit_of_the_notebook_goes_to_both(project: Path) -> None:
    edit_notebook(project, "手册", "指南")
    pull_edits(project, *WORKED)
    new = TEXT.replace("手册", "指南")
    assert texts(project) == (new, new)


BASE = "甲乙丙丁"
SIDES = st.lists(st.sampled_from(["", "keep", "new", "before", "behind"]), min_size=4, max_size=4)


def edited(steps: list[str], names: str) -> list[str]:
    """Take out, keep, replace or add to each sentence of the base; new ones have own names."""
    sentences: list[str] = []
    for old, new, step in zip(BASE, names, steps, strict=True):
        sentences += {
            "": [], "keep": [old], "new": [new], "before": [new, old], "behind": [old, new],
        }[step]  # fmt: skip
    return [f"{name}。" for name in sentences]


@given(SIDES, SIDES)
def test_no_new_sentence_of_either_side_is_lost(ours: list[str], theirs: list[str]) -> None:
    base = [f"{name}。" for name in BASE]
    own, sheet = edited(ours, "子丑寅卯"), edited(theirs, "金木水火")
    merged = _join("s", "".join(base), "".join(own), "".join(sheet), "workbook.xlsx").merged
    for sentence in {*own, *sheet} - {*base}:
        assert sentence in merged.text
    for sentence in {*own} & {*sheet}:
        assert sentence in merged.text

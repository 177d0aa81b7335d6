"""Edits survive: in the notebook, in the Word file, on both sides, and beside new numbers."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import docx
import pytest
from tests.projects import WORKED, copy_built, copy_project

from nianbao.edits.pull import pull_edits
from nianbao.errors import NarrativeError, UsageError
from nianbao.inputs.project import narrative_file
from nianbao.publishing.build import BuildOptions, BuildResult, build_report

FORMATS = BuildOptions(("html", "docx"))


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with the worked example, built."""
    return copy_built(tmp_path, "html", "docx")


def edit_cell(root: Path, section: str, change: Callable[[str], str]) -> None:
    """Change a narrative cell of the finished notebook as an analyst does, and save."""
    path = root / "output/yiyuan-sfj/2024/report.ipynb"
    notebook = json.loads(path.read_text(encoding="utf-8"))
    for cell in notebook["cells"]:
        if cell["metadata"].get("nianbao", {}).get("section") == section:
            before = "".join(cell["source"])
            cell["source"] = change(before).splitlines(keepends=True)
            assert "".join(cell["source"]) != before
    path.write_text(json.dumps(notebook, ensure_ascii=False), encoding="utf-8")


def edit_word(root: Path, old: str, new: str) -> None:
    """Change words in the finished Word file and save it."""
    path = root / "output/yiyuan-sfj/2024/report.docx"
    document = docx.Document(str(path))
    runs = [r for p in document.paragraphs for r in p.runs if old in r.text]
    assert runs
    for run in runs:
        run.text = run.text.replace(old, new)
    document.save(str(path))


def write_below_table_4(root: Path, text: str) -> None:
    """Write a paragraph below the last statutory table of the Word file."""
    path = root / "output/yiyuan-sfj/2024/report.docx"
    document = docx.Document(str(path))
    table = next(t for t in document.tables if "行政复议" in t.cell(0, 0).text)
    paragraph = document.add_paragraph(text)
    table._tbl.addnext(paragraph._p)
    document.save(str(path))


def narrative(root: Path) -> str:
    return (root / narrative_file(*WORKED)).read_text(encoding="utf-8")


def page(result: BuildResult) -> str:
    return (result.folder / "report.html").read_text(encoding="utf-8")


def test_without_an_edit_nothing_changes(project: Path) -> None:
    before = narrative(project)
    pulled = pull_edits(project, *WORKED)
    assert (pulled.sections, pulled.written) == ((), ())
    assert narrative(project) == before


def test_a_saved_notebook_without_a_change_is_no_edit(project: Path) -> None:
    path = project / "output/yiyuan-sfj/2024/report.ipynb"
    path.write_text(json.dumps(json.loads(path.read_text(encoding="utf-8"))), encoding="utf-8")
    before = narrative(project)
    assert pull_edits(project, *WORKED).sections == ()
    assert narrative(project) == before


def test_a_text_below_a_table_in_word_stands_below_it_again(project: Path) -> None:
    write_below_table_4(project, "本表含上年结转的案件。")
    (edited,) = pull_edits(project, *WORKED).sections
    assert edited.section == "reviews.notes"
    shown = page(build_report(project, *WORKED, FORMATS))
    table, words = shown.index("行政诉讼"), shown.index("本表含上年结转的案件。")
    assert shown.index("</table>", table) < words < shown.index("五、存在的主要问题", words)


def test_a_cell_edited_in_the_notebook_keeps_its_numbers_live(project: Path) -> None:
    edit_cell(project, "overview.platform", lambda s: s.replace("各平台合计", "我局各平台总计"))
    pull_edits(project, *WORKED)
    assert "我局各平台总计发布信息{{ 主动公开.带单位 }}" in narrative(project)
    ledger = project / "data/yiyuan-sfj/2024/disclosures.csv"
    text = ledger.read_text(encoding="utf-8-sig").replace(",505", ",600")
    ledger.write_text(text, encoding="utf-8")
    shown = page(build_report(project, *WORKED, FORMATS))
    assert "我局各平台总计发布信息" in shown
    assert "2112条" in shown


def test_a_word_file_edited_in_the_output_folder_is_pulled_by_build(project: Path) -> None:
    edit_word(project, "丰富解读的形式", "进一步丰富政策解读的形式")
    result = build_report(project, *WORKED, FORMATS)
    assert [s.section for s in result.pulled.sections] == ["problems.improvements"]
    assert "进一步丰富政策解读的形式" in page(result)
    assert "进一步丰富政策解读的形式" in narrative(project)
    assert list((project / "output/yiyuan-sfj/edited/2024").glob("report-*.docx"))


def test_a_word_file_that_came_back_by_mail(project: Path, tmp_path: Path) -> None:
    edit_word(project, "丰富解读的形式", "丰富政策解读的形式")
    reviewed = tmp_path / "局长改稿.docx"
    (project / "output/yiyuan-sfj/2024/report.docx").rename(reviewed)
    pulled = pull_edits(project, *WORKED, reviewed)
    assert [s.origin for s in pulled.sections] == ["局长改稿.docx"]
    again = pull_edits(project, *WORKED, reviewed)
    assert again.written == ()


def test_an_edit_that_was_pulled_is_not_reported_again(project: Path) -> None:
    edit_cell(project, "overview.platform", lambda s: s.replace("各平台合计", "我局各平台总计"))
    first = pull_edits(project, *WORKED)
    assert (
        next(first.lines())
        == "“（四）政府信息公开平台建设”（overview.platform）：已并入 report.ipynb 中的修改"
    )
    second = pull_edits(project, *WORKED)
    assert list(second.lines()) == [
        "“（四）政府信息公开平台建设”（overview.platform）：report.ipynb 中的修改此前已并入"
    ]
    assert second.written == ()
    built = build_report(project, *WORKED, FORMATS)
    assert list(built.pulled.lines(again=False)) == []
    assert "我局各平台总计" in page(built)


def test_what_was_pulled_and_then_edited_anew_is_reported(project: Path) -> None:
    edit_cell(project, "overview.platform", lambda s: s.replace("各平台合计", "我局各平台总计"))
    pull_edits(project, *WORKED)
    edit_cell(project, "overview.platform", lambda s: s.replace("及时对外发布", "及时向社会发布"))
    built = build_report(project, *WORKED, FORMATS)
    assert (
        "“（四）政府信息公开平台建设”（overview.platform）：已并入 report.ipynb 中的修改"
        in list(built.pulled.lines(again=False))
    )
    assert "及时向社会发布" in page(built)


def test_a_default_text_that_was_edited_becomes_the_bureaus_own(project: Path) -> None:
    assert "## preface" not in narrative(project)
    edit_cell(project, "preface", lambda s: s.replace("如有疑问", "如有意见"))
    pull_edits(project, *WORKED)
    assert "## preface" in narrative(project)
    assert "{{ 联系方式 }}" in narrative(project)


def test_a_changed_number_is_reported_and_never_silently_taken(project: Path) -> None:
    edit_cell(project, "overview.platform", lambda s: s.replace("2017条", "2018条"))
    before = narrative(project)
    pulled = pull_edits(project, *WORKED)
    (number,) = pulled.sections[0].numbers
    assert (number.data, number.edited, number.kept) == ("2017", "2018", True)
    assert narrative(project) == before
    assert any("编辑稿写作2018，数据为2017" in line for line in pulled.lines())


def test_both_sides_changed_other_words(project: Path) -> None:
    file = project / narrative_file(*WORKED)
    file.write_text(
        narrative(project).replace("及时对外发布", "第一时间对外发布"), encoding="utf-8"
    )
    edit_word(project, "各平台合计", "各平台总计")
    result = build_report(project, *WORKED, FORMATS)
    shown = page(result)
    assert "第一时间对外发布" in shown
    assert "各平台总计" in shown


def test_both_sides_changed_the_same_words_and_build_refuses(project: Path) -> None:
    file = project / narrative_file(*WORKED)
    file.write_text(narrative(project).replace("各平台合计", "各类平台一共"), encoding="utf-8")
    edit_word(project, "各平台合计", "所有平台总计")
    published = (project / "output/yiyuan-sfj/2024/report.docx").read_bytes()
    with pytest.raises(NarrativeError, match="还没有选定") as caught:
        build_report(project, *WORKED, FORMATS)
    text = narrative(project)
    assert "各类平台一共" in text
    assert "所有平台总计" in text
    (problem,) = caught.value.problems
    assert problem.place is not None
    assert problem.place.line is not None
    assert text.splitlines()[problem.place.line - 1].startswith("<<<<<<<")
    assert (project / "output/yiyuan-sfj/2024/report.docx").read_bytes() == published
    with pytest.raises(NarrativeError):
        build_report(project, *WORKED, FORMATS)


def test_nothing_built_nothing_to_pull(tmp_path: Path) -> None:
    root = copy_project(tmp_path, WORKED[0])
    with pytest.raises(UsageError, match="还没有生成"):
        pull_edits(root, *WORKED)


def test_a_file_that_is_not_there(project: Path) -> None:
    with pytest.raises(UsageError, match="没有找到文件"):
        pull_edits(project, *WORKED, project / "没有.docx")


def test_a_damaged_notebook_is_not_overwritten(project: Path) -> None:
    path = project / "output/yiyuan-sfj/2024/report.ipynb"
    path.write_text("{", encoding="utf-8")
    with pytest.raises(UsageError, match="已损坏"):
        build_report(project, *WORKED, FORMATS)
    assert path.read_text(encoding="utf-8") == "{"


def test_a_pulled_sentence_that_was_corrected_in_the_file_stays_corrected(project: Path) -> None:
    edit_cell(project, "overview.platform", lambda s: s.replace("各平台合计", "XX平台总计"))
    pull_edits(project, *WORKED)
    file = project / narrative_file(*WORKED)
    file.write_text(narrative(project).replace("XX平台总计", "所有平台总计"), encoding="utf-8")
    assert "所有平台总计" in page(build_report(project, *WORKED, FORMATS))


def test_a_conflict_that_was_decided_does_not_come_back(project: Path) -> None:
    file = project / narrative_file(*WORKED)
    file.write_text(narrative(project).replace("各平台合计", "各类平台一共"), encoding="utf-8")
    edit_word(project, "各平台合计", "所有平台总计")
    with pytest.raises(NarrativeError, match="还没有选定"):
        build_report(project, *WORKED, FORMATS)
    lines = narrative(project).splitlines(keepends=True)
    marks = [n for n, line in enumerate(lines) if line[:7] in ("<<<<<<<", "=======", ">>>>>>>")]
    chosen = lines[: marks[0]] + lines[marks[0] + 1 : marks[1]] + lines[marks[2] + 1 :]
    file.write_text("".join(chosen), encoding="utf-8")
    assert "各类平台一共" in page(build_report(project, *WORKED, FORMATS))


def test_only_a_number_was_changed_and_no_default_text_becomes_the_bureaus_own(
    project: Path,
) -> None:
    assert "## preface" not in narrative(project)
    edit_cell(project, "preface", lambda s: s.replace("2024年12月31日", "2024年12月30日"))
    before = narrative(project)
    reported = list(pull_edits(project, *WORKED).lines())
    assert any("没有并入" in line for line in reported)
    assert narrative(project) == before


def test_narrative_md_keeps_the_encoding_in_which_its_author_saved_it(project: Path) -> None:
    file = project / narrative_file(*WORKED)
    for encoding in ("gb18030", "utf-16", "utf-8-sig"):
        text = narrative(project).replace("\n", "\r\n")
        file.write_bytes(text.encode(encoding))
        edit_cell(project, "overview.platform", lambda s, e=encoding: f"{s}\n\n按{e}。")
        assert pull_edits(project, *WORKED).written == (file,)
        now = file.read_bytes().decode(encoding)
        assert f"按{encoding}。" in now
        assert now.count("\r\n") == now.count("\n") > 0
        file.write_text(now.replace("\r\n", "\n"), encoding="utf-8")


def unfilled(root: Path, name: str, change: Callable[[str], str] = str) -> Path:
    """The master as plain papermill leaves it: run, with names in its texts; maybe edited."""
    made = json.loads((root / "output/yiyuan-sfj/2024/report.ipynb").read_text("utf-8"))
    outputs = {c["id"]: c.get("outputs", []) for c in made["cells"]}
    notebook = json.loads((root / "notebooks/report.ipynb").read_text("utf-8"))
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            cell["outputs"] = outputs[cell["id"]]
        if cell["id"] == "overview-platform":
            cell["source"] = change("".join(cell["source"]))
    (root / name).write_text(json.dumps(notebook, ensure_ascii=False), "utf-8")
    return root / name


@pytest.mark.parametrize("name", ["notebooks/report.ipynb", "output/x.ipynb"])
def test_a_template_that_nobody_edited_changes_no_words_of_ones_own(
    project: Path, name: str
) -> None:
    before = narrative(project)
    pulled = pull_edits(project, *WORKED, unfilled(project, name))
    assert (pulled.sections, narrative(project)) == ((), before)


@pytest.mark.parametrize("name", ["notebooks/report.ipynb", "output/x.ipynb"])
def test_an_edit_of_a_template_behind_words_of_ones_own_is_reported(
    project: Path, name: str
) -> None:
    before = narrative(project)
    file = unfilled(project, name, lambda text: f"{text}模板里加的一句。")
    pulled = pull_edits(project, *WORKED, file)
    assert (pulled.sections, narrative(project)) == ((), before)
    (line,) = [line for line in pulled.left if "模板里加的一句。" in line]
    assert "narrative.md 另有这一节" in line

"""What an edited file holds and narrative.md has no place for is reported by name."""

from __future__ import annotations

import copy
import io
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import docx
import pytest
from docx.document import Document
from docx.text.paragraph import Paragraph
from PIL import Image
from tests.projects import WORKED, copy_built

from nianbao.edits.pull import Pulled, pull_edits
from nianbao.inputs.project import narrative_file
from nianbao.publishing.build import BuildOptions, build_report

FORMATS = BuildOptions(("html", "docx"))
FOLDER = "output/yiyuan-sfj/2024"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copy_built(tmp_path_factory.mktemp("left-out"), "html", "docx")


@pytest.fixture
def project(built: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(built, tmp_path / "project", symlinks=True))


def in_word(root: Path, edit: Callable[[Document], None]) -> None:
    """Edit the finished Word file and save it."""
    path = root / FOLDER / "report.docx"
    document = docx.Document(str(path))
    edit(document)
    document.save(str(path))


def paragraph(document: Document, words: str) -> Paragraph:
    return next(p for p in document.paragraphs if words in p.text)


def narrative(root: Path) -> str:
    return (root / narrative_file(*WORKED)).read_text("utf-8")


def paste(target: Paragraph) -> None:
    png = io.BytesIO()
    Image.new("RGB", (4, 4), "red").save(png, "PNG")
    target.add_run().add_picture(png)


def below_table_4(document: Document) -> None:
    heading = paragraph(document, "五、存在的主要问题及改进情况")
    style = paragraph(document, "各平台合计").style
    heading.insert_paragraph_before("本年度复议案件均已办结。", style)


def test_a_text_below_a_table_is_taken_and_printed(project: Path) -> None:
    in_word(project, below_table_4)
    built = build_report(project, *WORKED, FORMATS)
    assert "本年度复议案件均已办结。" in narrative(project)
    document = docx.Document(str(built.folder / "report.docx"))
    assert any("均已办结" in p.text for p in document.paragraphs)


def test_a_pasted_picture_is_reported_and_the_words_beside_it_are_merged(project: Path) -> None:
    def edit(document: Document) -> None:
        target = paragraph(document, "各平台合计")
        for run in target.runs:
            run.text = run.text.replace("各平台合计", "各平台总计")
        paste(target)

    in_word(project, edit)
    pulled = pull_edits(project, *WORKED)
    reported = [line for line in pulled.lines() if "图片" in line]
    assert len(reported) == 1
    assert "（四）政府信息公开平台建设" in reported[0]
    assert "Picture" in reported[0], "by the name that Word shows"
    assert "存入数据文件夹" in reported[0]
    assert "各平台总计" in narrative(project)
    assert "![" not in narrative(project)
    build_report(project, *WORKED, FORMATS)


def test_a_picture_below_a_heading_of_the_form_is_reported(project: Path) -> None:
    in_word(project, lambda document: paste(paragraph(document, "二、主动公开政府信息情况")))
    (line,) = pull_edits(project, *WORKED).lines()
    assert "二、主动公开政府信息情况" in line
    assert "贴了图片" in line


def test_a_section_that_is_gone_with_its_heading_is_reported(project: Path) -> None:
    def edit(document: Document) -> None:
        found = document.paragraphs
        first = next(i for i, p in enumerate(found) if p.text.startswith("（五）监督保障"))
        last = next(i for i, p in enumerate(found) if p.text.startswith("二、主动公开"))
        for each in found[first:last]:
            each._p.getparent().remove(each._p)

    in_word(project, edit)
    lines = list(pull_edits(project, *WORKED).lines())
    assert any("（五）监督保障" in line and "找不到了" in line for line in lines)


def test_a_cell_put_into_the_notebook_and_a_changed_heading_are_reported(project: Path) -> None:
    path = project / FOLDER / "report.ipynb"
    notebook = json.loads(path.read_text("utf-8"))
    cells = notebook["cells"]
    place = next(
        i for i, c in enumerate(cells) if c["metadata"].get("nianbao", {}).get("section") == "other"
    )
    new = {"cell_type": "markdown", "id": "new", "metadata": {}, "source": ["新加的一段。"]}
    cells.insert(place + 1, new)
    heading = next(c for c in cells if "".join(c["source"]).startswith("## 六、"))
    heading["source"] = ["## 六、其他事项"]
    path.write_text(json.dumps(notebook, ensure_ascii=False), "utf-8")
    reported = "\n".join(pull_edits(project, *WORKED).lines())
    assert "“六、其他需要报告的事项”（other）：已并入 report.ipynb 中的修改" in reported
    assert "标题“六、其他需要报告的事项”改了或删去了" in reported
    assert "新加的一段。" in narrative(project)


def test_nothing_is_reported_of_what_is_as_it_was_made(project: Path) -> None:
    in_word(project, lambda document: None)
    pulled = pull_edits(project, *WORKED)
    assert pulled == Pulled()
    assert pulled.is_empty


def rewrite(target: Paragraph, words: str) -> None:
    target.runs[0].text = words
    for run in target.runs[1:]:
        run.text = ""


def test_a_number_changed_in_a_statutory_table_is_reported_and_the_file_kept(project: Path) -> None:
    def edit(document: Document) -> None:
        cells = document.tables[-1].rows[-1].cells
        rewrite(cells[0].paragraphs[0], "77")

    in_word(project, edit)
    before = narrative(project)
    reported = [line for line in pull_edits(project, *WORKED).lines() if "改成了" in line]
    assert len(reported) == 1
    assert "表四“行政复议”×“结果维持”的" in reported[0]
    assert "改成了“77”，没有并入；" in reported[0]
    assert "请改台账或填报表后重新生成" in reported[0]
    assert narrative(project) == before
    lines = list(build_report(project, *WORKED, FORMATS).pulled.lines())
    assert reported[0] in lines
    assert any(line.startswith("改过的文件留存在 ") for line in lines)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("（五）监督保障", "（五）监督和保障"),
        ("2024年政府信息公开工作年度报告", "2024年度信息公开工作报告"),
        ("主动公开政府信息的渠道分布", "信息公开渠道一览"),
    ],
)
def test_a_changed_heading_title_or_caption_is_reported(project: Path, old: str, new: str) -> None:
    def edit(document: Document) -> None:
        target = paragraph(document, old)
        rewrite(target, target.text.replace(old, new))

    in_word(project, edit)
    lines = list(pull_edits(project, *WORKED).lines())
    (line,) = [line for line in lines if "改成了" in line]
    assert new in line
    assert "没有并入" in line


def test_a_heading_that_was_deleted_is_reported_and_its_text_stays_in_its_section(
    project: Path,
) -> None:
    before = narrative(project)

    def delete(document: Document) -> None:
        heading = paragraph(document, "（三）政府信息管理")
        heading._p.getparent().remove(heading._p)

    in_word(project, delete)
    lines = list(pull_edits(project, *WORKED).lines())
    assert narrative(project) == before
    assert [line for line in lines if "“（三）政府信息管理”删去了" in line] == lines


def test_a_red_head_above_the_title_is_reported_and_is_no_preface(project: Path) -> None:
    def edit(document: Document) -> None:
        document.paragraphs[0].insert_paragraph_before("示例局〔2025〕3号")

    in_word(project, edit)
    before = narrative(project)
    (line,) = pull_edits(project, *WORKED).lines()
    assert "在标题上面加了“示例局〔2025〕3号”" in line
    assert narrative(project) == before


def test_a_row_added_to_a_statutory_table_is_reported(project: Path) -> None:
    def edit(document: Document) -> None:
        row = document.tables[-1].rows[-1]._tr
        row.addnext(copy.deepcopy(row))

    in_word(project, edit)
    (line,) = pull_edits(project, *WORKED).lines()
    assert "表四多了一行" in line

"""Words go out in a Word file and come back: LibreOffice, revisions, comments, random edits."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from lxml import etree
from tests.documents.word_files import (
    W,
    all_through_libreoffice,
    edited,
    paragraph_with,
    q,
    sections_of,
    texts,
    through_libreoffice,
    with_part,
)
from tests.projects import REPOSITORY, WORKED, copy_built

from nianbao.documents.document import document_from_notebook
from nianbao.documents.word import render_docx
from nianbao.edits.found import Built, word_edits
from nianbao.edits.pull import pull_edits
from nianbao.errors import Place
from nianbao.inputs.bundle import SectionText
from nianbao.inputs.project import narrative_file
from nianbao.notebook.fill import fill_notebook
from nianbao.notebook.record import RECORD_MIME, Record, record_to_json
from nianbao.prose.edits import reapply
from nianbao.prose.facts import Fact
from nianbao.publishing.build import BuildOptions, build_report

FORMATS = BuildOptions(("html", "docx"))
PLATFORM = "各平台合计发布信息"


# --- a whole report -------------------------------------------------------------------------------


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return copy_built(tmp_path / "project", "html", "docx")


def word_file(root: Path) -> Path:
    return root / "output/yiyuan-sfj/2024/report.docx"


def xml(source: str) -> etree._Element:
    return etree.fromstring(f'<w:x xmlns:w="{W}">{source}</w:x>')[0]


def run_xml(words: str, tag: str = "t") -> str:
    return f'<w:r><w:{tag} xml:space="preserve">{words}</w:{tag}></w:r>'


def replace_words(root: etree._Element, old: str, new: str) -> None:
    """Edit the one run that holds the words."""
    (words,) = [t for t in root.iter(q("t")) if old in (t.text or "")]
    words.text = (words.text or "").replace(old, new)


def narrative(root: Path) -> str:
    return (root / narrative_file(*WORKED)).read_text("utf-8")


@pytest.fixture(scope="module")
def opened_in_office(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The report after LibreOffice opened and saved it: as it was, edited, in forms of its own.

    What can be opened together is: starting the program is most of the work.
    """
    folder = tmp_path_factory.mktemp("office")
    made = word_file(copy_built(folder / "project", "html", "docx")).read_bytes()
    words = edited(made, lambda x: replace_words(x, PLATFORM, "我局各平台共发布信息"))
    odt = edited(through_libreoffice(made, "odt", folder), in_every_text, "content.xml")
    doc = through_libreoffice(made, "doc", folder)
    files = {
        "as it was.docx": made, "edited.docx": words, "tracked.docx": edited(made, tracked),
        "an.odt": odt, "a.doc": doc,
    }  # fmt: skip
    return all_through_libreoffice(files, "docx", folder)


@pytest.mark.slow
def test_opened_and_saved_by_libreoffice_is_no_edit(
    root: Path, opened_in_office: dict[str, bytes]
) -> None:
    before = narrative(root)
    word_file(root).write_bytes(opened_in_office["as it was.docx"])
    assert pull_edits(root, *WORKED).sections == ()
    assert narrative(root) == before


@pytest.mark.slow
def test_edited_and_saved_by_libreoffice(root: Path, opened_in_office: dict[str, bytes]) -> None:
    file = word_file(root)
    file.write_bytes(opened_in_office["edited.docx"])
    assert [s.section for s in pull_edits(root, *WORKED).sections] == ["overview.platform"]
    assert "{{ 年份 }}年，我局各平台共发布信息{{ 主动公开.带单位 }}。" in narrative(root)
    left = sections_of(file.read_bytes())
    build_report(root, *WORKED, FORMATS)
    assert sections_of(file.read_bytes()) == left


OLD, NEW = "各平台合计", "我局各平台合计"


def in_every_text(source: etree._Element) -> None:
    """Edit the words wherever they stand, whatever the form."""
    for text in source.iter():
        text.text = (text.text or "").replace(OLD, NEW)


@pytest.mark.slow
def test_edited_as_an_odt_or_a_doc_and_saved_as_docx_again(
    root: Path, opened_in_office: dict[str, bytes]
) -> None:
    """Whoever edits in LibreOffice's own form or in the old one loses nothing but the edit."""
    file, before = word_file(root), narrative(root)
    back = {
        "odt": opened_in_office["an.odt"],
        "doc": edited(opened_in_office["a.doc"], in_every_text),
    }
    for form, data in back.items():
        file.write_bytes(data)
        pulled = pull_edits(root, *WORKED)
        assert [s.section for s in pulled.sections] == ["overview.platform"], form
        assert pulled.left == (), form
        assert narrative(root) == before.replace(OLD, NEW), form
        (root / narrative_file(*WORKED)).write_text(before, "utf-8")
        (root / "output" / WORKED[0] / "edited" / str(WORKED[1]) / "pulled.json").unlink()


def tracked(root: etree._Element) -> None:
    """A leader's revision with tracked changes: words replaced, others added."""
    paragraph = paragraph_with(root, PLATFORM)
    (run,) = [r for r in paragraph.iter(q("r")) if PLATFORM in texts(r)]
    whole = texts(run)
    before, after = whole.split("各平台合计")
    made = [
        run_xml(before),
        f'<w:del w:id="900" w:author="王局">{run_xml("各平台合计", "delText")}</w:del>',
        f'<w:ins w:id="901" w:author="王局">{run_xml("三个平台共")}</w:ins>',
        run_xml(after),
    ]
    for source in made:
        run.addprevious(xml(source))
    paragraph.remove(run)
    paragraph.append(
        xml(f'<w:ins w:id="902" w:author="王局">{run_xml("重要信息同步转发。")}</w:ins>')
    )


def test_tracked_changes_count_as_accepted(root: Path) -> None:
    word_file(root).write_bytes(edited(word_file(root).read_bytes(), tracked))
    pull_edits(root, *WORKED)
    expected = "{{ 年份 }}年，三个平台共发布信息{{ 主动公开.带单位 }}。重要信息同步转发。"
    assert expected in narrative(root)


@pytest.mark.slow
def test_tracked_changes_survive_libreoffice(
    root: Path, opened_in_office: dict[str, bytes]
) -> None:
    word_file(root).write_bytes(opened_in_office["tracked.docx"])
    pull_edits(root, *WORKED)
    assert "三个平台共发布信息{{ 主动公开.带单位 }}。重要信息同步转发。" in narrative(root)


def test_comments_come_with_the_report_of_the_merge(root: Path) -> None:
    def mark(tree: etree._Element) -> None:
        paragraph = paragraph_with(tree, PLATFORM)
        first = paragraph.find(q("r"))
        assert first is not None
        first.addprevious(xml('<w:commentRangeStart w:id="0"/>'))
        paragraph.append(xml('<w:commentRangeEnd w:id="0"/>'))

    comment = f'<w:comment w:id="0" w:author="王局"><w:p>{run_xml("与附表核对")}</w:p></w:comment>'
    part = f'<w:comments xmlns:w="{W}">{comment}</w:comments>'
    data = edited(word_file(root).read_bytes(), mark)
    word_file(root).write_bytes(with_part(data, "word/comments.xml", part))
    before = narrative(root)
    pulled = pull_edits(root, *WORKED)
    (line,) = pulled.lines()
    assert line.startswith("批注（王局，“（四）政府信息公开平台建设”）")
    assert line.endswith("：与附表核对")
    assert narrative(root) == before


def test_a_number_changed_in_word_is_reported_and_the_data_stay(root: Path) -> None:
    changed = edited(word_file(root).read_bytes(), lambda x: replace_words(x, "2017条", "2018条"))
    word_file(root).write_bytes(changed)
    before = narrative(root)
    (section,) = pull_edits(root, *WORKED).sections
    assert [(n.data, n.edited, n.kept) for n in section.numbers] == [("2017", "2018", True)]
    assert narrative(root) == before


def test_a_section_emptied_in_word_is_reported_and_the_project_stays_readable(root: Path) -> None:
    def clear(tree: etree._Element) -> None:
        paragraph_with(tree, PLATFORM).clear()

    word_file(root).write_bytes(edited(word_file(root).read_bytes(), clear))
    before = narrative(root)
    lines = list(pull_edits(root, *WORKED).lines())
    assert any("overview.platform" in line and "全部删去" in line for line in lines)
    assert narrative(root) == before
    build_report(root, *WORKED, FORMATS)
    assert list((root / "output/yiyuan-sfj/edited/2024").glob("report-*.docx"))


# --- random prose, random edits -------------------------------------------------------------------

SECTION = "overview.oversight"
FACTS = {
    "甲数": Fact("甲数", 38, "38", "件"),
    "乙率": Fact("乙率", None, "52.5%", ""),
    "某句": Fact("某句", None, "收到申请12件，均已办结"),
    "某名": Fact("某名", None, "“*示例*”[公众号]"),
}


def notebook_of(text: str) -> Built:
    """A finished notebook whose one section of its own says ``text``."""
    record = Record(
        agency="shili", name="示例县示例局", year=2024, title="年报", date=None,
        description="", signature=False, sources=False, draft=False,
        sections={SECTION: SectionText(SECTION, text, Place("narrative.md", line=3))},
        facts=FACTS, images={}, defaults={}, report="",
    )  # fmt: skip
    output = {
        "output_type": "display_data",
        "metadata": {},
        "data": {RECORD_MIME: record_to_json(record)},
    }
    code = {"cell_type": "code", "id": "facts", "source": "", "metadata": {}, "outputs": [output]}
    cells = [code, *(dict(cell) for cell in _master() if cell["metadata"]["keep"])]
    notebook = {"cells": [json.loads(json.dumps(cell)) for cell in cells]}
    return Built(Path(), fill_notebook(notebook, record), record, Path("report.ipynb"))


@cache
def _master() -> tuple[dict[str, Any], ...]:
    """The master's headings, and the one narrative cell."""
    source = json.loads((REPOSITORY / "notebooks/report.ipynb").read_text("utf-8"))
    cells = []
    for cell in source["cells"]:
        section = cell["metadata"].get("nianbao", {}).get("section")
        heading = cell["cell_type"] == "markdown" and section is None
        text = "".join(cell["source"])
        keep = section == SECTION or (heading and "{{" not in text)
        cells.append({**cell, "source": text, "metadata": {**cell["metadata"], "keep": keep}})
    return tuple(cells)


@pytest.fixture(scope="module")
def without_tables() -> Iterator[None]:
    """Reports of one section pass: a report has to have the statutory tables, which cost time."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("nianbao.documents.document.misplaced_tables", lambda *_: ())
        yield


def word_of(built: Built) -> bytes:
    return render_docx(document_from_notebook(built.notebook))


def pulled_text(built: Built, data: bytes, folder: Path) -> str:
    """The section's text with placeholders after an edited Word file was pulled."""
    file = folder / "edited.docx"
    file.write_bytes(data)
    changed = word_edits(built, file).sections
    template = built.template(SECTION)
    if SECTION not in changed:
        return "".join(p if isinstance(p, str) else p.source for p in template.parts)
    return reapply(template, built.resolved(SECTION), changed[SECTION]).text


PLAIN = st.text("公开条例群众办理工作，；“”（）、：", min_size=1, max_size=8)
NAMES = st.sampled_from([f"{{{{ {name} }}}}" for name in FACTS])
BOLD = PLAIN.map(lambda t: f"**{t.strip('“”（）')}x**")
SENTENCES = st.lists(st.one_of(PLAIN, NAMES, BOLD), min_size=1, max_size=5).map(
    lambda parts: f"一{''.join(parts)}。"
)
ITEMS = st.lists(SENTENCES, min_size=1, max_size=3)
BLOCKS = st.one_of(
    SENTENCES,
    SENTENCES,
    ITEMS.map(lambda items: "\n".join(f"- {item}" for item in items)),
    ITEMS.map(lambda items: "\n".join(f"{n}. {item}" for n, item in enumerate(items, 1))),
    PLAIN.map(lambda t: f"#### {t.strip('“”（）')}题"),
    st.lists(PLAIN, min_size=2, max_size=2).map(
        lambda c: f"| 项目 | 数 |\n| --- | --- |\n| {c[0]} | {c[1]} |"
    ),
)
PROSE = st.lists(BLOCKS, min_size=1, max_size=4).map(
    lambda blocks: f"一起始句。\n\n{chr(10).join(f'{b}{chr(10)}' for b in blocks)}".strip()
)


@pytest.mark.usefixtures("without_tables")
@settings(max_examples=20)
@given(text=PROSE)
def test_random_prose_that_nobody_edited_comes_back_as_it_was(
    text: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    built = notebook_of(text)
    folder = tmp_path_factory.getbasetemp()
    assert pulled_text(built, word_of(built), folder) == text


def section_texts(tree: etree._Element) -> list[etree._Element]:
    """The texts of the section, in runs that hold more than a fact's words."""
    paragraphs = list(tree.iter(q("p")))
    heads = [texts(p) for p in paragraphs]
    first = heads.index("（五）监督保障") + 1
    last = heads.index("二、主动公开政府信息情况")
    facts = {" ".join(fact.text.split()) for fact in FACTS.values()}
    found = [t for p in paragraphs[first:last] for t in p.iter(q("t"))]
    return [t for t in found if t.text and t.text not in facts]


def placeholders(text: str) -> list[str]:
    return text.replace("}}", "{{").split("{{")[1::2]


def numbers(text: str) -> set[str]:
    return set(re.findall(r"[\d.%]+", text))


def round_trip(text: str, made: bytes, changed: bytes, folder: Path) -> str:
    """Pull an edited file, check that the next one reads as it was left; the new text."""
    left = sections_of(changed)[SECTION]
    new = pulled_text(notebook_of(text), changed, folder)
    assert sections_of(word_of(notebook_of(new)))[SECTION] == left
    return new


@pytest.mark.usefixtures("without_tables")
@settings(max_examples=20)
@given(text=PROSE, data=st.data())
def test_random_words_added_in_word(
    text: str, data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    def add(tree: etree._Element) -> None:
        # Every sentence begins with 一, and no fact has it.
        beginnings = [t for t in section_texts(tree) if "一" in (t.text or "")]
        chosen = data.draw(st.sampled_from(beginnings))
        added = data.draw(st.text("全县新增说明，*_#", min_size=1, max_size=6))
        chosen.text = (chosen.text or "").replace("一", f"一{added}", 1)

    made = word_of(notebook_of(text))
    new = round_trip(text, made, edited(made, add), tmp_path_factory.getbasetemp())
    assert placeholders(new) == placeholders(text)


@pytest.mark.usefixtures("without_tables")
@settings(max_examples=20)
@given(text=PROSE, data=st.data())
def test_random_words_taken_out_in_word(
    text: str, data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    def take(tree: etree._Element) -> None:
        chosen = data.draw(st.sampled_from(section_texts(tree)))
        whole = chosen.text or ""
        start = data.draw(st.integers(0, len(whole) - 1))
        stop = data.draw(st.integers(start + 1, len(whole)))
        if not set(whole[start:stop]) & set("0123456789.%"):
            chosen.text = whole[:start] + whole[stop:]

    made = word_of(notebook_of(text))
    changed = edited(made, take)
    # Two numbers that come to touch are a new number, which is reported and not taken.
    before, after = (numbers(sections_of(file)[SECTION]) for file in (made, changed))
    assume(after <= before)
    round_trip(text, made, changed, tmp_path_factory.getbasetemp())

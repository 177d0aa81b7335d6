"""What the preview shows: after each edit the right page, and never a crash."""

from __future__ import annotations

import re
from pathlib import Path

import lxml.html
import pytest
from tests.projects import copy_project

from nianbao.desk.preview import Session
from nianbao.inputs.project import narrative_file
from nianbao.publishing.build import BuildOptions, build_report

SURVEYORS = ("shili-zrzyj", 2024)


class Edited:
    """A session, and the edits that a clerk makes beside it."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.session = Session(root, *SURVEYORS)
        self.session.refresh()

    def prose(self, old: str, new: str) -> None:
        file = self.root / narrative_file(*SURVEYORS)
        text = file.read_text("utf-8")
        assert old in text
        file.write_text(text.replace(old, new), "utf-8")
        self.session.refresh(frozenset({file}))

    @property
    def page(self) -> str:
        assert self.session.view.page is not None
        return self.session.view.page

    def ids(self) -> list[str]:
        return [note.id for note in self.session.view.findings if note.passage]


@pytest.fixture
def edited(tmp_path: Path) -> Edited:
    return Edited(copy_project(tmp_path, "shili-zrzyj"))


def words(page: str) -> str:
    tree = lxml.html.document_fromstring(page)
    for added in tree.xpath("//style | //*[contains(@class, 'finding-note')]"):
        added.drop_tree()
    return re.sub(r"\s", "", tree.text_content())


def test_without_a_finding_the_page_reads_as_the_published_one(edited: Edited) -> None:
    built = build_report(edited.root, *SURVEYORS, BuildOptions(("html",)))
    published = (built.folder / "report.html").read_text("utf-8")
    assert words(edited.page) == words(published)
    assert not (built.folder / "preview").exists()


def test_prose_is_refilled_without_a_new_run(edited: Edited) -> None:
    edited.prose("均未超过法定期限", "都在法定期限之内，共{{ 结转下年申请.汉字 }}件")
    assert "都在法定期限之内，共四件" in words(edited.page)
    assert edited.session.runs == 1


def test_a_section_taken_out_of_the_file_reads_as_the_master_again(edited: Edited) -> None:
    text = (edited.root / narrative_file(*SURVEYORS)).read_text("utf-8")
    section = text[text.index("## problems.issues") : text.index("## problems.improvements")]
    edited.prose(section, "")
    assert "征地信息查找不便" not in edited.page
    assert "逐项查找不足" in edited.page
    assert edited.session.runs == 1


def test_data_make_the_notebook_run_again(edited: Edited) -> None:
    file = edited.root / "data/shili-zrzyj/2024/figures.csv"
    file.write_text(file.read_text("utf-8").replace("政策解读,11", "政策解读,12"), "utf-8")
    edited.session.refresh(frozenset({file}))
    assert "全年发布解读12篇" in words(edited.page)
    assert edited.session.runs == 2


def test_an_error_is_reported_and_the_last_good_page_stays(edited: Edited) -> None:
    before = edited.page
    edited.prose("{{ 政策解读.带单位 }}", "{{ 政策解毒.带单位 }}")
    view = edited.session.view
    assert view.page == before
    (problem,) = view.problems
    assert "政策解读.带单位" in problem
    assert "narrative.md 第" in problem
    edited.prose("{{ 政策解毒.带单位 }}", "{{ 政策解读.带单位 }}")
    assert edited.session.view.problems == ()
    assert edited.session.view.number == 3


def test_a_report_that_cannot_be_read_yet_has_no_page(tmp_path: Path) -> None:
    root = copy_project(tmp_path, "shili-zrzyj")
    (root / "data/shili-zrzyj/2024/decisions.csv").write_text("甲,乙\n1,2\n", "utf-8")
    view = Session(root, *SURVEYORS).refresh()
    assert view.page is None
    assert view.problems


def test_an_error_of_the_checks_makes_the_page_a_draft(edited: Edited) -> None:
    assert "未经审定，不得公开" not in edited.page
    edited.prose("多数是申请人", "多数是XX")
    assert "未经审定，不得公开" in edited.page
    edited.prose("多数是XX", "多数是申请人")
    assert "未经审定，不得公开" not in edited.page


def test_a_finding_stands_behind_its_sentence_with_its_words_marked(edited: Edited) -> None:
    edited.prose("多数是申请人", "今年共收到申请**4**1件，，多数是申请人")
    assert edited.ids() == ["L4", "N1", "L12"]
    tree = lxml.html.document_fromstring(edited.page)
    marked = ["".join(m.itertext()) for m in tree.xpath("//mark")]
    # A number stands in an element of its own: what is marked across it is marked in two pieces.
    assert "".join(marked) == "41件，，"
    paragraph = tree.xpath("//mark")[0].xpath("ancestor::p")[0]
    notes = [e.get("class") for e in paragraph.itersiblings() if e.tag == "div"][:2]
    assert notes == ["finding-note warning", "finding-note warning"]
    assert len(edited.session.view.placed) == 2


def test_words_of_a_finding_are_text_and_never_markup(edited: Edited) -> None:
    edited.prose("全年发布解读", "全年收到申请41件<script>alert(1)</script>，发布解读")
    tree = lxml.html.document_fromstring(edited.page)
    assert tree.xpath("//script") == []
    assert "41件<script>" in words(edited.page)


def test_an_edited_notebook_is_not_run(edited: Edited) -> None:
    folder = build_report(edited.root, *SURVEYORS, BuildOptions(("html",))).folder
    runs, before = edited.session.runs, edited.session.view
    notebook = folder / "report.ipynb"
    notebook.write_text(notebook.read_text("utf-8").replace("申请", "请求"), "utf-8")
    view = edited.session.refresh(frozenset({notebook}))
    assert view.number == before.number + 1
    assert (view.page, edited.session.runs) == (before.page, runs)


def test_prose_changed_beside_a_finished_file_needs_no_new_run(edited: Edited) -> None:
    file = edited.root / narrative_file(*SURVEYORS)
    file.write_text(file.read_text("utf-8") + "\n补充一句。\n", "utf-8")
    notebook = edited.root / f"output/{SURVEYORS[0]}/{SURVEYORS[1]}/report.ipynb"
    edited.session.refresh(frozenset({file, notebook}))
    assert "补充一句。" in words(edited.page)
    assert edited.session.runs == 1

"""docs/facts.md is the vocabulary of today."""

from __future__ import annotations

from tests.projects import REPOSITORY

from nianbao.notebook.report import Report
from nianbao.prose.facts import walk
from nianbao.prose.facts_page import facts_markdown


def test_the_page_is_current() -> None:
    sample = Report.open("shili-zrzyj", 2024, root=REPOSITORY)
    made = facts_markdown(sample.vocabulary, sample.title)
    assert (REPOSITORY / "docs/facts.md").read_text("utf-8") == made, "run make docs"


def test_every_fact_and_clause_is_on_it() -> None:
    sample = Report.open("shili-zrzyj", 2024, root=REPOSITORY)
    page = facts_markdown(sample.vocabulary, sample.title)
    assert all(f"`{name}`" in page for name in sample.vocabulary)
    assert f"共{len(list(walk(sample.vocabulary)))}个名称" in page

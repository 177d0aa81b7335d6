"""Write the pages of docs/ that are made from the code."""

from __future__ import annotations

from pathlib import Path

from api import api_markdown
from findings import findings_markdown
from licences import licences_markdown
from parameters import parameters_markdown
from rooms import FILE, draw_rooms
from values import values_markdown

from nianbao.notebook.report import Report
from nianbao.prose.facts_list import facts_markdown
from nianbao.statutory import format_for

DOCS = Path(__file__).resolve().parent.parent / "docs"


if __name__ == "__main__":
    (DOCS / "parameters.md").write_text(parameters_markdown(), "utf-8")
    sample = Report.open("shili-zrzyj", 2024, root=DOCS.parent)
    facts = facts_markdown(sample.vocabulary, sample.title)
    (DOCS / "facts.md").write_text(facts, "utf-8")
    (DOCS / "api.md").write_text(api_markdown(), "utf-8")
    (DOCS / "licences.md").write_text(licences_markdown(), "utf-8")
    (DOCS / "findings.md").write_text(findings_markdown(), "utf-8")
    values = values_markdown(format_for(2024), DOCS.parent)
    (DOCS / "values.md").write_text(values, "utf-8")
    FILE.write_text(draw_rooms(), "utf-8")

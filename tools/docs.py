"""Write the pages of docs/ that are made from the code."""

from __future__ import annotations

from pathlib import Path

from licences import licences_markdown
from modules import modules_markdown

from nianbao.inputs.params_page import parameters_markdown
from nianbao.notebook.report import Report
from nianbao.prose.facts_page import facts_markdown
from nianbao.prose.review.explanations import prose_rules
from nianbao.statistics.checks import CHECKS

DOCS = Path(__file__).resolve().parent.parent / "docs"


def findings_markdown() -> str:
    """docs/findings.md: every rule with what it says and what to do."""
    rules = {rule.id: (rule.title, rule.explanation) for rule in CHECKS.values()}
    rules |= prose_rules()
    lines = [
        "# 检查规则",
        "",
        "由 `make docs` 生成。`nianbao check --explain 编号` 显示同样的说明。",
        "",
    ]
    for id_, (title, text) in rules.items():
        lines += [f"## {id_}　{title}", "", text.replace("\n", "").strip(), ""]
    return "\n".join(lines)


if __name__ == "__main__":
    (DOCS / "parameters.md").write_text(parameters_markdown(), "utf-8")
    sample = Report.open("shili-zrzyj", 2024, root=DOCS.parent)
    facts = facts_markdown(sample.vocabulary, sample.title)
    (DOCS / "facts.md").write_text(facts, "utf-8")
    (DOCS / "licences.md").write_text(licences_markdown(), "utf-8")
    (DOCS / "findings.md").write_text(findings_markdown(), "utf-8")
    (DOCS / "modules.md").write_text(modules_markdown(), "utf-8")

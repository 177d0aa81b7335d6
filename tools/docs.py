"""Write the pages of docs/ that are made from the code: parameters.md and licences.md."""

from __future__ import annotations

from pathlib import Path

from licences import licences_markdown

from nianbao.inputs.params_page import parameters_markdown

DOCS = Path(__file__).resolve().parent.parent / "docs"

if __name__ == "__main__":
    (DOCS / "parameters.md").write_text(parameters_markdown(), "utf-8")
    (DOCS / "licences.md").write_text(licences_markdown(), "utf-8")

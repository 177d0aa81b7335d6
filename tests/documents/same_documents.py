"""Whether a notebook that somebody ran says what the built report says."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import nbformat
from nbconvert.exporters import get_exporter

from nianbao.notebook.blocks import BLOCK_MIME


def blocks(notebook: Any) -> list[str]:
    """The tables and charts that the cells have left, as they stand in the file."""
    return [
        json.dumps([output.data[BLOCK_MIME], output.data.get("text/html")], sort_keys=True)
        for cell in notebook.cells
        for output in cell.get("outputs", ())
        if BLOCK_MIME in output.get("data", {})
    ]


def assert_same_documents(file: Path, published: Path) -> None:
    """The same tables and charts, and drawn by nbconvert the bytes of the published set."""
    notebook, built = (nbformat.read(f, as_version=4) for f in (file, published / "report.ipynb"))
    assert blocks(notebook) == blocks(built), file.name
    assert len(blocks(notebook)) > 4, file.name
    for format_ in ("html", "docx"):
        drawn, _ = get_exporter(f"nianbao_{format_}")().from_notebook_node(notebook)
        made = drawn.encode() if isinstance(drawn, str) else drawn
        assert made == (published / f"report.{format_}").read_bytes(), (file.name, format_)

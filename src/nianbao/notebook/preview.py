"""The page inside the notebook: what ``report.preview()`` shows.

A cell cannot see what other cells have shown, so their tables and charts are made again. The
page is drawn by the exporter that nbconvert finds by its name, as everywhere.
"""

from __future__ import annotations

import ast
import html
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from nianbao.errors import NianbaoError
from nianbao.notebook.cells import Cell, Notebook, Output, about
from nianbao.notebook.display import Display
from nianbao.notebook.master import master_notebook
from nianbao.notebook.record import RECORD_MIME, Record, find_record, record_to_json

if TYPE_CHECKING:
    from nianbao.notebook.report import Report

SESSION_VARIABLE = "JPY_SESSION_NAME"
"""Environment variable in which Jupyter tells a kernel the file of its notebook."""

SHOWN = frozenset({"table", "chart"})
"""What a cell may call that the page shows."""


def open_notebook(root: Path, record: Record) -> Notebook:
    """The notebook that is open in Jupyter as it was last saved, else the master.

    One that was filled in for another report is not taken: its words are not this report's.
    """
    file = Path(os.environ.get(SESSION_VARIABLE, ""))
    for path in (file, master_notebook(root)):
        if path.suffix == ".ipynb" and path.is_file():
            notebook: Notebook = json.loads(path.read_text(encoding="utf-8"))
            for cell in notebook["cells"]:
                cell["source"] = "".join(cell["source"])
            if _is_of(notebook, record):
                return notebook
    raise AssertionError("the master is of every report")


def _is_of(notebook: Notebook, record: Record) -> bool:
    if not any("template" in about(cell) for cell in notebook["cells"]):
        return any("section" in about(cell) for cell in notebook["cells"])
    try:
        filled = find_record(notebook)
    except NianbaoError:
        return False
    return (filled.agency, filled.year) == (record.agency, record.year)


def asked_for(source: str) -> tuple[str, tuple[str, ...]] | None:
    """What a cell shows in the report: the method and its arguments, or None.

    Only a call with plain values is understood; nothing of the cell is run.

    Examples
    --------
    >>> asked_for('report.chart("comparison")'), asked_for("report.check()")
    (('chart', ('comparison',)), None)
    """
    try:
        statements = ast.parse(source).body
        match statements[-1:]:
            case [ast.Expr(ast.Call(func=ast.Attribute(attr=method), args=given, keywords=[]))]:
                if method in SHOWN:
                    return method, tuple(ast.literal_eval(argument) for argument in given)
    except (SyntaxError, ValueError):
        pass
    return None


def preview_notebook(report: Report, record: Record) -> Notebook:
    """The notebook with the tables and charts that its cells ask for, as if it had just run."""
    notebook = open_notebook(report.root, record)
    cells = [_shown(cell, report) for cell in notebook["cells"]]
    first = next(cell for cell in cells if cell["cell_type"] == "code")
    first["outputs"].append(_output({RECORD_MIME: record_to_json(record)}))
    return {**notebook, "cells": cells}


def _shown(cell: Cell, report: Report) -> Cell:
    if cell["cell_type"] != "code":
        return cell
    asked = asked_for(cell["source"])
    if asked is None:
        return {**cell, "outputs": [], "execution_count": None}
    method, given = asked
    display = report.table(*given) if method == "table" else report.chart(*given)
    outputs = [_output(display.bundle)] if display else []
    return {**cell, "outputs": outputs, "execution_count": None}


def _output(data: Mapping[str, object]) -> Output:
    return {"output_type": "display_data", "metadata": {}, "data": dict(data)}


def draw_page(notebook: Notebook) -> str:
    """The page, by the exporter of that name; this folder knows none of them."""
    import nbformat
    from nbconvert.exporters import get_exporter

    page, _ = get_exporter("nianbao_html")().from_notebook_node(nbformat.from_dict(notebook))
    return str(page)


def show_page(page: str, title: str) -> Display:
    """The page in a frame of its own, in which nothing runs."""
    frame = (
        f'<iframe title="{html.escape(title)}" sandbox srcdoc="{html.escape(page)}"'
        ' style="width: 100%; height: 80vh; border: 1px solid #999"></iframe>'
    )
    return Display({"text/html": frame, "text/plain": f"{title}（预览）"})

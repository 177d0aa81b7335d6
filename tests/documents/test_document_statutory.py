"""Each statutory table stands once, under its own heading, in the order of the format."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import nbformat
import pytest

from nianbao.documents.document import document_from_notebook
from nianbao.errors import ExportError
from nianbao.publishing.build import BuildResult

Change = Callable[[list[Any]], object]


def at(cells: list[Any], id_: str) -> int:
    return next(i for i, cell in enumerate(cells) if cell.id == id_)


def swap(cells: list[Any]) -> None:
    a, b = at(cells, "table-decisions"), at(cells, "table-requests")
    cells[a], cells[b] = cells[b], cells[a]


def twice(cells: list[Any]) -> None:
    cells.insert(at(cells, "other"), cells[at(cells, "table-reviews")])


def fewer_cells(cells: list[Any]) -> None:
    for output in cells[at(cells, "table-reviews")].outputs:
        output.data["application/vnd.nianbao.block+json"]["rows"].pop()


WAYS: dict[str, tuple[Change, str]] = {
    "a table deleted": (lambda c: c.pop(at(c, "table-requests")), "报告里没有表三"),
    "a table twice": (twice, "有2份表四"),
    "tables swapped": (swap, "表三.*放在了“二、主动公开政府信息情况”"),
    "a heading deleted": (lambda c: c.pop(at(c, "heading-reviews")), "缺少标题“四、"),
    "a table cut short": (fewer_cells, "表四.*格数"),
    "headings out of order": (
        lambda c: c.insert(at(c, "heading-overview"), c.pop(at(c, "heading-problems"))), "次序"),
}  # fmt: skip


@pytest.mark.parametrize("name", WAYS)
def test_it_is_reported_by_every_exporter(worked: BuildResult, name: str) -> None:
    change, words = WAYS[name]
    notebook = nbformat.read(worked.folder / "report.ipynb", as_version=4)
    change(notebook.cells)
    with pytest.raises(ExportError, match=words):
        document_from_notebook(notebook)


def test_the_notebook_stays_as_it_was(worked: BuildResult) -> None:
    notebook = nbformat.read(worked.folder / "report.ipynb", as_version=4)
    before = nbformat.writes(notebook)
    document_from_notebook(notebook)
    assert nbformat.writes(notebook) == before

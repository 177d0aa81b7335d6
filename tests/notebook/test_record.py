"""The record that a run leaves in its notebook, and what somebody's editor may make of it."""

from __future__ import annotations

import base64
import copy
import json
import zlib
from typing import Any

import nbformat
import pytest

from nianbao.errors import ExportError
from nianbao.notebook.record import RECORD_MIME, find_record
from nianbao.publishing.build import BuildResult


def damaged(notebook: Any, key: str, packed: str) -> Any:
    """A notebook whose record holds something else under a key."""
    other = copy.deepcopy(notebook)
    for cell in other.cells:
        for output in cell.get("outputs", ()):
            if RECORD_MIME in output.get("data", {}):
                output["data"][RECORD_MIME][key] = packed
    return other


@pytest.mark.parametrize("key", ["facts", "report"])
def test_a_damaged_record_is_reported_in_words(worked: BuildResult, key: str) -> None:
    notebook = nbformat.read(worked.folder / "report.ipynb", as_version=4)
    assert json.loads(find_record(notebook).report)["year"] == 2024
    bomb = zlib.compress(bytes(200_000_000), 9)
    cut = zlib.compress(b'{"a": 1}')[:-3]
    for packed in ("a", "\u1000", "AAAA", *(base64.b64encode(b).decode() for b in (bomb, cut))):
        with pytest.raises(ExportError, match="运行结果已损坏"):
            find_record(damaged(notebook, key, packed))


def test_facts_that_are_nested_without_end_are_damaged(worked: BuildResult) -> None:
    notebook = nbformat.read(worked.folder / "report.ipynb", as_version=4)
    nested = base64.b64encode(zlib.compress(b"[" * 200_000)).decode()
    with pytest.raises(ExportError, match="运行结果已损坏"):
        find_record(damaged(notebook, "facts", nested))


def test_a_notebook_that_failed_says_why_it_has_no_record() -> None:
    error = nbformat.v4.new_output("error", ename="UsageError", evalue="没有这个机关", traceback=[])
    failed = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("x", outputs=[error])])
    with pytest.raises(ExportError, match="没有做完：没有这个机关。"):
        find_record(failed)

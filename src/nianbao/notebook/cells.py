"""A notebook as nbformat 4 writes it: the parts of its JSON that are read here."""

from __future__ import annotations

import copy
import hashlib
import json
from collections.abc import Iterator, Mapping
from typing import Any, NotRequired, TypedDict, cast

Bundle = Mapping[str, Any]
"""A MIME bundle: what one output shows, by media type."""


class Output(TypedDict):
    """What a code cell left: a display, a stream or an error."""

    output_type: str
    data: NotRequired[Bundle]
    metadata: NotRequired[dict[str, object]]
    execution_count: NotRequired[int | None]
    name: NotRequired[str]
    text: NotRequired[str]
    ename: NotRequired[str]
    evalue: NotRequired[str]
    traceback: NotRequired[list[str]]


class Kept(TypedDict, total=False):
    """What nianbao keeps in a cell: whose text it is, the text with placeholders, the words.

    ``after`` is of a bureau's own cell: the id of the master's cell that it stands behind.
    """

    section: str
    template: str
    words: str
    after: str


class CellMetadata(TypedDict, total=False):
    """The metadata of a cell."""

    nianbao: Kept
    tags: list[str]


class Cell(TypedDict):
    """A Markdown, code or raw cell; its source is one string."""

    cell_type: str
    source: str
    metadata: CellMetadata
    id: NotRequired[str]
    outputs: NotRequired[list[Output]]
    execution_count: NotRequired[int | None]
    attachments: NotRequired[dict[str, Bundle]]


class Notebook(TypedDict):
    """A notebook."""

    cells: list[Cell]
    metadata: dict[str, object]
    nbformat: NotRequired[int]
    nbformat_minor: NotRequired[int]


def parse_notebook(data: bytes) -> Notebook:
    """Read a notebook, each source as one string, however the file was saved."""
    notebook: Notebook = json.loads(data)
    for cell in notebook["cells"]:
        cell["source"] = "".join(cell["source"])
    return notebook


def copy_cells(notebook: Notebook) -> Notebook:
    """Return a notebook whose cells can be filled in; what they have shown is not copied.

    A notebook of a report holds hundreds of kilobytes of outputs, which nobody changes.
    """
    own = copy.copy(notebook)
    own["cells"] = [copy.copy(cell) for cell in notebook["cells"]]
    return own


def about(cell: Cell) -> Kept:
    """Return what nianbao keeps in a cell's metadata."""
    return cell["metadata"].get("nianbao", {})


def checksum(source: str) -> str:
    """Return a short name of a cell's source, by which a change is seen."""
    return hashlib.sha256(source.strip().encode()).hexdigest()[:12]


def sign_cells(notebook: Notebook) -> None:
    """Write into the notebook's metadata which cells it was made of."""
    sums = {c["id"]: checksum(c["source"]) for c in notebook["cells"] if "id" in c}
    notebook["metadata"]["nianbao"] = {"cells": sums}


def without_traces(notebook: Notebook) -> Notebook:
    """Take out what differs from run to run (times, paths, random ids); sign the cells."""
    notebook["metadata"].pop("papermill", None)
    for number, cell in enumerate(notebook["cells"]):
        metadata = cast("dict[str, object]", cell["metadata"])
        metadata.pop("papermill", None)
        metadata.pop("execution", None)
        if "injected-parameters" in cell["metadata"].get("tags", ()):
            cell["id"] = f"injected-parameters-{number}"
    sign_cells(notebook)
    return notebook


def notebook_text(notebook: Notebook) -> str:
    """Write a notebook as ``nbformat.writes`` does, to the byte, in a third of its time.

    nbformat copies what was shown to split its lines, and has Python's encoder indent it.
    """
    import simplejson
    from nbformat.v4.rwbase import split_lines

    own = copy_cells(notebook)
    for cell in own["cells"]:
        if "outputs" in cell:
            cell["outputs"] = [copy.copy(output) for output in cell["outputs"]]
            for output in cell["outputs"]:
                if "data" in output:
                    output["data"] = copy.copy(output["data"])
        if "attachments" in cell:
            cell["attachments"] = copy.deepcopy(cell["attachments"])
    text: str = simplejson.dumps(
        split_lines(own), indent=1, sort_keys=True, separators=(",", ": "), ensure_ascii=False,
        allow_nan=True,
    )  # fmt: skip
    return f"{text}\n"


def made_cells(notebook: Notebook) -> dict[str, str]:
    """Return the checksums of the cells that a notebook was made of, by id.

    They are empty when it does not say.
    """
    kept = notebook.get("metadata", {}).get("nianbao")
    cells = kept.get("cells") if isinstance(kept, dict) else None
    return {str(i): str(s) for i, s in cells.items()} if isinstance(cells, dict) else {}


def is_internal(cell: Cell) -> bool:
    """Return whether a cell is for the person at the notebook alone."""
    return "internal" in cell["metadata"].get("tags", ())


def bundles(notebook: Notebook, media: str) -> Iterator[tuple[int, Cell, Any]]:
    """Yield what the cells show of a media type: the cell's number from 1, the cell, the data."""
    for number, cell in enumerate(notebook["cells"], 1):
        for output in cell.get("outputs", ()):
            if media in (data := output.get("data", {})):
                yield number, cell, data[media]

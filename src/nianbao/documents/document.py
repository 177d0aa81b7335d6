"""An executed notebook -> one Document, from which every format is drawn.

The Document is plain JSON; its form is described in docs/architecture.md. Prose comes from the
Markdown cells, tables and figures from the blocks that code cells left in their outputs. Code,
streams and anything else never reach a published document.
"""

from __future__ import annotations

import base64
import copy
from collections.abc import Iterator, Mapping
from typing import Any, cast

from nianbao.documents.sources_appendix import appendix
from nianbao.errors import ExportError, Problem, raise_problems
from nianbao.notebook.blocks import BLOCK_MIME
from nianbao.notebook.cells import Cell, Notebook, about
from nianbao.notebook.fill import fill_notebook, parts_of
from nianbao.notebook.record import Record, find_record
from nianbao.prose.markdown import plain_text, to_blocks, words
from nianbao.statutory import format_for

Block = dict[str, Any]
Document = dict[str, Any]


def _prose(cell: Cell, record: Record) -> list[Block]:
    """A narrative cell as blocks; facts are marked where the words are still as filled."""
    source, section = cell["source"], about(cell).get("section", "")
    parts = parts_of(cell, record)
    return to_blocks(parts if words(parts) == source else [source], section)


def _outputs(cell: Cell) -> Iterator[Block]:
    for output in cell["outputs"]:
        if output["output_type"] == "error":
            raise ExportError(f"笔记本运行出错，不能导出：{output['ename']}：{output['evalue']}")
        data = output.get("data", {})
        block = data.get(BLOCK_MIME)
        if block is None:
            continue
        if block["type"] == "figure":
            svg = data["image/svg+xml"]
            block = {**block, "svg": svg if isinstance(svg, str) else "".join(svg)}
        yield block


def _with_pictures(block: Block, record: Record) -> Block:
    """The block, and those in a list's items, with the bytes of their pictures."""
    if block["type"] == "list":
        return {**block, "items": [[_with_pictures(b, record) for b in i] for i in block["items"]]}
    if block["type"] != "image":
        return block
    if block["file"] not in record.images:
        remedy = "请把图片放进数据文件夹，写进 narrative.md，再重新生成"
        raise ExportError(Problem("图片没有随数据一起读入", value=block["file"], remedy=remedy))
    media, data = record.images[block["file"]]
    return {**block, "media": media, "base64": base64.b64encode(data).decode()}


def _blocks(notebook: Notebook, record: Record) -> Iterator[Block]:
    for cell in notebook["cells"]:
        if cell["cell_type"] == "markdown":
            for block in _prose(cell, record):
                yield _with_pictures(block, record)
        elif cell["cell_type"] == "code":
            yield from _outputs(cell)


def _identify(blocks: list[Block], year: int) -> list[Block]:
    """Give each heading an id: the statutory section's, else one by its number."""
    known = {h.heading: h.key for h in format_for(year).headings()}
    taken: set[str] = set()
    identified = []
    for number, block in enumerate(blocks):
        if block["type"] == "heading":
            key = known.get(plain_text(block["inlines"]))
            key = key if key and key not in taken else f"heading-{number}"
            taken.add(key)
            block = {**block, "id": key}
        identified.append(block)
    return identified


def _leftovers(blocks: list[Block]) -> Iterator[Problem]:
    for block in blocks:
        for item in block.get("items", ()):
            yield from _leftovers(item)
        for run in block.get("inlines", ()):
            if run["fact"] is None and ("{{" in run["text"] or "}}" in run["text"]):
                remedy = "请改成 nianbao facts 列出的名称，或删去"
                found = run["text"][:60]
                yield Problem("文中还有没有填入的“{{ 名称 }}”", value=found, remedy=remedy)


def _date_in_words(date: str | None) -> str | None:
    """``2025-01-20`` as ``2025年1月20日``, without leading zeros (GB/T 9704 clause 9)."""
    if date is None:
        return None
    year, month, day = (int(part) for part in date.split("-"))
    return f"{year}年{month}月{day}日"


def document_from_notebook(
    notebook: Mapping[str, Any], resources: Mapping[str, Any] | None = None
) -> Document:
    """The Document of an executed notebook, whoever ran it.

    Parameters
    ----------
    notebook
        nbformat 4, run to the end; it is not changed.
    resources
        nbconvert's resources; not used, so that every exporter makes the same document.

    Raises
    ------
    ExportError
        Not run, stopped at an error, or a placeholder is left over.
    NarrativeError
        A section cannot be filled in.
    """
    own = cast("Notebook", copy.deepcopy(dict(notebook)))
    record = find_record(own)
    fill_notebook(own, record)
    blocks = _identify([b for b in _blocks(own, record) if b.get("level") != 0], record.year)
    raise_problems(ExportError, _leftovers(blocks))
    return {
        "title": record.title,
        "agency": {"code": record.agency, "name": record.name},
        "year": record.year,
        "date": _date_in_words(record.date),
        "signature": record.signature,
        "draft": record.draft,
        "description": record.description,
        "blocks": blocks,
        "appendix": appendix(blocks) if record.sources else [],
    }

"""Put an executed notebook together as one Document, from which every format is drawn.

Prose comes from the Markdown cells, tables and figures from the blocks that code cells left in
their outputs. Code, streams and anything else never reach a published document.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, cast

from nianbao.documents.figures import number_figures
from nianbao.documents.sources_appendix import appendix
from nianbao.documents.statutory import misplaced_tables
from nianbao.errors import ExportError, Problem, raise_problems
from nianbao.notebook.blocks import BLOCK_MIME, SVG_MIME, block_from_json
from nianbao.notebook.cells import Cell, Notebook, about, is_internal
from nianbao.notebook.fill import fill_notebook, parts_of
from nianbao.notebook.record import Record, find_record
from nianbao.prose.blocks import (
    Block,
    Document,
    HeadingBlock,
    ImageBlock,
    ListBlock,
    Words,
    inlines_of,
    plain_text,
)
from nianbao.prose.markdown import to_blocks, words
from nianbao.statutory import format_for


def _prose(cell: Cell, record: Record) -> tuple[Block, ...]:
    """A narrative cell as blocks; facts are marked where the words are still as filled."""
    source, section = cell["source"], about(cell).get("section", "")
    parts = parts_of(cell, record)
    return to_blocks(parts if words(parts) == source else [source], section)


def _outputs(cell: Cell) -> Iterator[Block]:
    for output in cell["outputs"]:
        if output["output_type"] == "error":
            raise ExportError(f"笔记本运行出错，不能导出：{output['ename']}：{output['evalue']}")
        data = output.get("data", {})
        if BLOCK_MIME in data:
            # A notebook file may hold a text as a list of its lines.
            yield block_from_json(data[BLOCK_MIME], "".join(data.get(SVG_MIME, "")))


def _with_pictures(block: Block, record: Record) -> Block:
    """The block, and those in a list's items, with the bytes of their pictures."""
    match block:
        case ListBlock():
            items = (tuple(_with_pictures(part, record) for part in i) for i in block.items)
            return replace(block, items=tuple(items))
        case ImageBlock():
            if block.file not in record.images:
                remedy = "请把图片放进数据文件夹，写进 narrative.md，再重新生成"
                raise ExportError(
                    Problem("图片没有随数据一起读入", value=block.file, remedy=remedy)
                )
            media, data = record.images[block.file]
            return replace(block, media=media, data=data)
        case _:
            return block


def _blocks(notebook: Notebook, record: Record) -> Iterator[Block]:
    for cell in notebook["cells"]:
        if cell["cell_type"] == "markdown" and not is_internal(cell):
            for block in _prose(cell, record):
                yield _with_pictures(block, record)
        elif cell["cell_type"] == "code":
            yield from _outputs(cell)


def _is_title(block: Block) -> bool:
    """Whether it is the notebook's own title, which the Document has already."""
    return isinstance(block, HeadingBlock) and block.level == 0


def _identify(blocks: Sequence[Block], year: int) -> Iterator[Block]:
    """Give each heading an id: the statutory section's, else one by its number."""
    known = {h.heading: h.key for h in format_for(year).headings()}
    taken: set[str] = set()
    for number, block in enumerate(blocks):
        if isinstance(block, HeadingBlock):
            key = known.get(plain_text(block.inlines))
            key = key if key and key not in taken else f"heading-{number}"
            taken.add(key)
            block = replace(block, id=key)
        yield block


def _leftovers(blocks: Sequence[Block]) -> Iterator[Problem]:
    for block in blocks:
        for run in (run for inlines in inlines_of(block) for run in inlines):
            if isinstance(run, Words) and ("{{" in run.text or "}}" in run.text):
                remedy = "请改成 nianbao facts 列出的名称，或删去"
                yield Problem("文中还有没有填入的“{{ 名称 }}”", value=run.text[:60], remedy=remedy)


def document_from_notebook(
    notebook: Mapping[str, Any], resources: Mapping[str, Any] | None = None
) -> Document:
    """Make the Document of an executed notebook (nbformat 4), whoever ran it.

    The notebook is not changed; nbconvert's ``resources`` are not used, so that every exporter
    makes the same document.

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
    found = [block for block in _blocks(own, record) if not _is_title(block)]
    blocks = number_figures(tuple(_identify(found, record.year)))
    raise_problems(ExportError, _leftovers(blocks))
    raise_problems(ExportError, misplaced_tables(blocks, format_for(record.year)))
    return Document(
        title=record.title,
        agency_code=record.agency,
        agency_name=record.name,
        year=record.year,
        date=date.fromisoformat(record.date) if record.date else None,
        signature=record.signature,
        draft=record.draft,
        description=record.description,
        blocks=blocks,
        appendix=appendix(blocks) if record.sources else (),
    )

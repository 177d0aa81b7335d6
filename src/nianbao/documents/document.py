"""Put an executed notebook together as one Document, from which every format is drawn.

Prose comes from the Markdown cells, tables and figures from the blocks that code cells left in
their outputs. Code, streams and anything else never reach a published document.

Figures are numbered and cited here, the statutory tables are looked for, and the appendix is made.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import assert_never, cast

from nianbao.errors import ExportError, Problem, raise_problems
from nianbao.notebook.blocks import BLOCK_MIME, SVG_MIME, block_from_json
from nianbao.notebook.cells import Cell, Notebook, about, copy_cells, is_internal
from nianbao.notebook.fill import fill_notebook, parts_of, section_cells
from nianbao.notebook.record import Record, find_record
from nianbao.prose.blocks import (
    Block,
    Document,
    FactWords,
    FigureBlock,
    FigureCitation,
    GridBlock,
    HeadingBlock,
    ImageBlock,
    Inline,
    Inlines,
    ListBlock,
    ParagraphBlock,
    TableBlock,
    Words,
    inlines_of,
    plain_text,
)
from nianbao.prose.markdown import to_blocks, words
from nianbao.statutory import TABLE_NUMBERS, Format, format_for


def _prose(cell: Cell, record: Record) -> tuple[Block, ...]:
    """Return a narrative cell as blocks; facts are marked where the words are still as filled."""
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
    """Return the block, and those in a list's items, with the bytes of their pictures."""
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
    """Return whether it is the notebook's own title, which the Document has already."""
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


def document_from_notebook(notebook: Mapping[str, object]) -> Document:
    """Make the Document of an executed notebook (nbformat 4), whoever ran it.

    The notebook is not changed.

    Raises
    ------
    ExportError
        Not run, stopped at an error, or a placeholder is left over.
    NarrativeError
        A section cannot be filled in.
    """
    own = copy_cells(cast("Notebook", notebook))
    record = find_record(own)
    fill_notebook(own, record)
    found = [block for block in _blocks(own, record) if not _is_title(block)]
    blocks = number_figures(tuple(_identify(found, record.year)))
    raise_problems(ExportError, _leftovers(blocks))
    raise_problems(ExportError, misplaced_tables(blocks, format_for(record.year)))
    return Document(
        title=record.title,
        agency_name=record.name,
        year=record.year,
        date=date.fromisoformat(record.date) if record.date else None,
        signature=record.signature,
        draft=record.draft,
        description=record.description,
        blocks=blocks,
        appendix=appendix(blocks) if record.sources else (),
        theme=record.theme,
        edition=edition_of({key: cell["source"] for key, cell in section_cells(own).items()}),
    )


def edition_of(texts: Mapping[str, str]) -> str:
    """Name the words of all sections, so that a file that went out for review is known again.

    Examples
    --------
    >>> edition_of({"other": "无。", "reviews": ""}) == edition_of({"other": "无。\n"})
    True
    """
    filled = sorted((section, text.strip()) for section, text in texts.items() if text.strip())
    return hashlib.sha256(json.dumps(filled).encode()).hexdigest()[:12]


# The numbers of the figures. A figure belongs to the text before it under the same heading: its
# last paragraph says 见图1. The citation is made here, not written by the bureau, so that it is
# right after figures come or go.


_SENTENCE_ENDS = "。；！？：，."
# Of the whole year, whose text says nothing of single numbers.
_SUBJECTS = {"comparison": "主要数据"}


def number_figures(blocks: Sequence[Block]) -> tuple[Block, ...]:
    """Give the figures their numbers in the order in which they stand, and cite them."""
    numbered: list[Block] = []
    cited: dict[int, list[FigureBlock]] = {}  # place of a text -> the figures behind it
    text: int | None = None
    figures = 0
    for place, block in enumerate(blocks):
        match block:
            case HeadingBlock():
                text = None
            case ParagraphBlock() | ListBlock():
                text = place
            case FigureBlock():
                figures += 1
                block = replace(block, number=figures)
                if text is not None:
                    cited.setdefault(text, []).append(block)
            case _:
                pass
        numbered.append(block)
    return tuple(
        _citing(block, _citation(cited[place])) if place in cited else block
        for place, block in enumerate(numbered)
    )


def _citation(figures: Sequence[FigureBlock]) -> FigureCitation:
    subject = _SUBJECTS.get(figures[0].key, "") if len(figures) == 1 else ""
    return FigureCitation(tuple(figure.number for figure in figures), subject)


def _citing(block: Block, citation: FigureCitation) -> Block:
    """Return the text with the citation at its end, in the last item of a list."""
    match block:
        case ParagraphBlock():
            return replace(block, inlines=_with_citation(block.inlines, citation))
        case ListBlock(items=(*items, (*parts, last))):
            return replace(block, items=(*items, (*parts, _citing(last, citation))))
        case _:
            return block


def _with_citation(inlines: Inlines, citation: FigureCitation) -> Inlines:
    """Return the citation before the full stop; not where the bureau cites a figure by itself."""
    if "见图" in plain_text(inlines):
        return inlines
    last = inlines[-1]
    if isinstance(last, FigureCitation) or last.text[-1] not in _SENTENCE_ENDS:
        return (*inlines, citation)
    words = replace(last, text=last.text[:-1])
    before: tuple[Inline, ...] = (words,) if words.text else ()
    return (*inlines[:-1], *before, citation, Words(last.text[-1], last.strong, last.emph))


# The statute's headings and tables: each once, in order, in its place.
# Source: 国办公开办函〔2021〕30号: six sections; the second to the fourth are a table each.


_RESTORE = "请从模板补上这一格，或从模板重新开始"


def misplaced_tables(blocks: Sequence[Block], format_: Format) -> Iterator[Problem]:
    """Yield what is missing, repeated or out of place among the headings and statutory tables."""
    headings = {section.key: section.heading for section in format_.sections}
    met = [b.id for b in blocks if isinstance(b, HeadingBlock) and b.level == 1]
    known = [key for key in met if key in headings]
    for key in headings:
        if key not in known:
            yield Problem(f"报告缺少标题“{headings[key]}”", remedy=_RESTORE)
    if known != (order := [key for key in headings if key in known]):
        names = "、".join(headings[key] for key in order)
        yield Problem("各部分的次序与规定的格式不同", expected=names)
    places = list(_table_places(blocks))
    for section in format_.sections:
        if section.table is not None:
            yield from _one_table(section.table, section.key, places, format_)


def _table_places(blocks: Sequence[Block]) -> Iterator[tuple[GridBlock, str]]:
    """Yield each statutory table with the id of the section it stands in."""
    section = ""
    for block in blocks:
        if isinstance(block, HeadingBlock) and block.level == 1:
            section = block.id
        elif isinstance(block, GridBlock):
            yield block, section


def _one_table(
    key: str, home: str, places: Sequence[tuple[GridBlock, str]], format_: Format
) -> Iterator[Problem]:
    name = f"{TABLE_NUMBERS[key]}（{format_.section(home).heading}）"
    found = [(grid, section) for grid, section in places if grid.key == key]
    if not found:
        remedy = f'请补上单元格 report.table("{key}")，运行后再导出'
        yield Problem(f"报告里没有{name}", remedy=remedy)
    if len(found) > 1:
        message = f"报告里有{len(found)}份{name}"
        yield Problem(
            message, expected="恰好一份", remedy="多余的单元格请删去，或改用 report.frame 查看"
        )
    for grid, section in found:
        if section != home:
            where = next((s.heading for s in format_.sections if s.key == section), "各部分之前")
            yield Problem(
                f"{name}放在了“{where}”", expected=f"放在“{format_.section(home).heading}”"
            )
        cells = _table_cells(key, format_)
        if {(cell.row, cell.column) for cell in grid.values if cell.row} != cells:
            yield Problem(f"{name}的格数与规定的格式不同", expected=f"{len(cells)}格")


def _table_cells(key: str, format_: Format) -> set[tuple[str | None, str | None]]:
    """Return the places of the values that the format has in a table."""
    if key == "decisions":
        return set(format_.decision_cells)
    if key == "requests":
        return {(r.key, c) for r in format_.request_rows for c in format_.request_columns}
    return {(g.key, c) for g in format_.review_groups for c in format_.review_columns}


# The appendix 数据来源: every figure that the report prints, and where it comes from. Made of the
# blocks alone, so that it tells of what is printed and of nothing else.


SOURCES_HEADING = "附：数据来源"
_SOURCES_HEAD = ("数据", "文中写法", "出处和算法")
_SOURCES_WIDTHS = (13, 14, 27)  # in proportion
_LONGEST_WORDING = 40  # characters of a wording that are repeated
# Who reports for which year, and under which law: words and dates, no statistics.
_NO_FIGURES = ("params/", "statutory/")
_SOURCES_NOTE = "出处中的文件是编制本报告时报送的数据文件，行号与打开文件时所见一致。"


def appendix(blocks: Sequence[Block]) -> tuple[Block, ...]:
    """Make the heading and the table of the appendix; nothing where no figure is printed.

    The heading is of level 2 and without a number, since the statute knows six parts and no
    seventh. The table has a row for each fact, statutory table and chart in the order in which
    they stand; a fact that is printed twice is listed once.
    """
    rows = list(dict.fromkeys(_source_rows(blocks)))
    if not rows:
        return ()
    table = TableBlock(
        key="sources",
        title="本报告所列数据的出处",
        head=_SOURCES_HEAD,
        rows=tuple(tuple((Words(text),) for text in row) for row in rows),
        align=("left", "left", "left"),
        widths=_SOURCES_WIDTHS,
        notes=(_SOURCES_NOTE,),
    )
    return (HeadingBlock(2, (Words(SOURCES_HEADING),), id="sources"), table)


def _source_rows(blocks: Sequence[Block]) -> Iterator[tuple[str, str, str]]:
    for block in blocks:
        match block:
            case GridBlock():
                yield f"表“{block.title}”", f"{len(block.values)}格", block.source or "未报送"
            case FigureBlock():
                files = f"（{block.files}）" if block.files else ""
                yield f"图“{block.title}”", f"{len(block.rows)}项", block.source + files
            case HeadingBlock() | ParagraphBlock() | ListBlock() | TableBlock():
                for run in (run for inlines in inlines_of(block) for run in inlines):
                    if isinstance(run, FactWords) and not run.fact.source.startswith(_NO_FIGURES):
                        yield _source_row(run)
            case ImageBlock():
                pass
            case _:
                assert_never(block)


def _source_row(run: FactWords) -> tuple[str, str, str]:
    text = run.text
    if text.replace(".", "", 1).isdigit():
        text += run.fact.unit
    shown = text if len(text) <= _LONGEST_WORDING else f"{text[: _LONGEST_WORDING - 2]}……"
    return run.fact.name, shown, run.fact.source or "—"

"""Whether a report has the statute's headings and tables: each once, in order, in its place.

Source: 国办公开办函〔2021〕30号: six sections, of which the second to the fourth are a table each.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from nianbao.errors import Problem
from nianbao.prose.blocks import Block, GridBlock, HeadingBlock
from nianbao.statutory import TABLE_NUMBERS, Format

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
    places = list(_places(blocks))
    for section in format_.sections:
        if section.table is not None:
            yield from _one_table(section.table, section.key, places, format_)


def _places(blocks: Sequence[Block]) -> Iterator[tuple[GridBlock, str]]:
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
        cells = _cells(key, format_)
        if {(cell.row, cell.column) for cell in grid.values if cell.row} != cells:
            yield Problem(f"{name}的格数与规定的格式不同", expected=f"{len(cells)}格")


def _cells(key: str, format_: Format) -> set[tuple[str | None, str | None]]:
    """The places of the values that the format has in a table."""
    if key == "decisions":
        return set(format_.decision_cells)
    if key == "requests":
        return {(r.key, c) for r in format_.request_rows for c in format_.request_columns}
    return {(g.key, c) for g in format_.review_groups for c in format_.review_columns}

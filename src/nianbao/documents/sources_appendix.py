"""The appendix 数据来源: every figure that the report prints, and where it comes from.

Made of the blocks alone, so that it tells of what is printed and of nothing else.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import assert_never

from nianbao.prose.blocks import (
    Block,
    FactWords,
    FigureBlock,
    GridBlock,
    HeadingBlock,
    ImageBlock,
    ListBlock,
    ParagraphBlock,
    TableBlock,
    Words,
    inlines_of,
)

HEADING = "附：数据来源"
_HEAD = ("数据", "文中写法", "出处和算法")
_WIDTHS = (13, 14, 27)  # in proportion
_LONGEST = 40  # characters of a wording that are repeated
# Who reports for which year, and under which law: words and dates, no statistics.
_NO_FIGURES = ("params/", "statutory/")
_NOTE = "出处中的文件是编制本报告时报送的数据文件，行号与打开文件时所见一致。"


def appendix(blocks: Sequence[Block]) -> tuple[Block, ...]:
    """Make the heading and the table of the appendix; nothing where no figure is printed.

    The heading is of level 2 and without a number, since the statute knows six parts and no
    seventh. The table has a row for each fact, statutory table and chart in the order in which
    they stand; a fact that is printed twice is listed once.
    """
    rows = list(dict.fromkeys(_entries(blocks)))
    if not rows:
        return ()
    table = TableBlock(
        key="sources",
        title="本报告所列数据的出处",
        head=_HEAD,
        rows=tuple(tuple((Words(text),) for text in row) for row in rows),
        align=("left", "left", "left"),
        widths=_WIDTHS,
        notes=(_NOTE,),
    )
    return (HeadingBlock(2, (Words(HEADING),), id="sources"), table)


def _entries(blocks: Sequence[Block]) -> Iterator[tuple[str, str, str]]:
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
                        yield _entry(run)
            case ImageBlock():
                pass
            case _:
                assert_never(block)


def _entry(run: FactWords) -> tuple[str, str, str]:
    text = run.text
    if text.replace(".", "", 1).isdigit():
        text += run.fact.unit
    shown = text if len(text) <= _LONGEST else f"{text[: _LONGEST - 2]}……"
    return run.fact.name, shown, run.fact.source or "—"

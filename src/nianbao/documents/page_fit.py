"""How full the pages will be that another program sets: Word's, and a browser's on paper.

Such a program places what it is given; here its lines are counted, as a typist counts them, to know
how much stays blank below a table, and which figures must be smaller.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import takewhile
from math import ceil
from typing import assert_never

from nianbao.documents.typesetting import CHARACTERS, LINES, SMALLEST_SCALE, characters, table_form
from nianbao.prose.blocks import (
    Block,
    FigureBlock,
    GridBlock,
    HeadingBlock,
    ImageBlock,
    ListBlock,
    ParagraphBlock,
    TableBlock,
    plain_text,
)

_LINE = 225 / LINES  # mm
_TITLE_LINE, _CAPTION, _PICTURE = 36 / 28.95, 36 / 28.95, 8.0  # in lines of the text
_BESIDE_A_NUMBER = re.compile(r"(?<=[\u4e00-\u9fff])(?=[!-~])|(?<=[!-~])(?=[\u4e00-\u9fff])")
_SIZE = re.compile(r'viewBox="0 0 ([\d.]+) ([\d.]+)"')


@dataclass(frozen=True, slots=True)
class Fit:
    """What is fitted to the pages.

    ``free`` are the lines that stay free on the page below a statutory table, by its key;
    ``scales`` how much smaller than the type area's width a figure is, by its drawing.
    """

    free: Mapping[str, float]
    scales: Mapping[str, float]


def fit_pages(blocks: Sequence[Block], title: int) -> Fit:
    """Estimate what fits on the pages; ``title`` is the number of lines of the title.

    Figures that stand together are drawn smaller where the last of them would else stand on a
    page of its own.
    """
    used, headings = title * _TITLE_LINE + 1, 0.0
    free: dict[str, float] = {}
    scales: dict[str, float] = {}
    for number, block in enumerate(blocks):
        height, is_whole = _lines_of(block)
        if isinstance(block, HeadingBlock):
            headings += height
            continue
        if isinstance(block, FigureBlock):
            if block.svg not in scales:
                together = list(takewhile(lambda b: isinstance(b, FigureBlock), blocks[number:]))
                scales |= _scales(together, LINES - used - headings)
            height = (height - _CAPTION) * scales.get(block.svg, 1.0) + _CAPTION
        used = _end_of(used, headings, height, is_whole=is_whole)
        headings = 0.0
        if isinstance(block, GridBlock):
            free[block.key] = LINES - used
    return Fit(free, scales)


def _end_of(used: float, headings: float, height: float, *, is_whole: bool) -> float:
    """Return the lines used on the page that a block ends on; headings above it go along.

    No single line of a paragraph ends or begins a page.
    """
    room = LINES - used - headings
    if height <= room:
        return used + headings + height
    here = 0 if is_whole or height <= 3 else min(int(room), int(height) - 2)
    left = headings + height if here < 2 else height - here
    while left > LINES:
        left -= LINES
    return left


def _scales(figures: Sequence[Block], room: float) -> dict[str, float]:
    """Return by how much the first of these figures are smaller for as many to fit in the room."""
    heights = [_lines_of(figure)[0] for figure in figures]
    for count in range(len(figures), 0, -1):
        captions = count * _CAPTION
        scale = (room - captions - 0.5) / (sum(heights[:count]) - captions)
        if scale >= SMALLEST_SCALE:
            fitted = [f.svg for f in figures[:count] if isinstance(f, FigureBlock)]
            return dict.fromkeys(fitted, min(1.0, scale))
    return {}


def _lines_of(block: Block) -> tuple[float, bool]:
    """Return the lines that a block takes, and whether it is not broken."""
    match block:
        case HeadingBlock() | ParagraphBlock():
            text = plain_text(block.inlines)
            # LibreOffice leaves a quarter free beside a number, which Word does not.
            wide = 2 + characters(text) + len(_BESIDE_A_NUMBER.findall(text)) / 4
            return ceil(wide / CHARACTERS), False
        case ListBlock():
            return sum(_lines_of(part)[0] for item in block.items for part in item), False
        case FigureBlock():
            found = _SIZE.search(block.svg)
            shape = float(found[2]) / float(found[1]) if found else 0.5
            return 156 * shape / _LINE + _CAPTION, True
        case GridBlock():
            form = table_form(block.key)
            return len(block.rows) * form.row_height / _LINE + len(block.notes), True
        case TableBlock():
            return (len(block.rows) + 1) * table_form("plain").row_height / _LINE + 1, True
        case ImageBlock():
            return _PICTURE, True
        case _:
            assert_never(block)


def row_height(block: GridBlock, lines: float) -> float:
    """Return the least height of a row in mm; it is more where ``lines`` may be spread over all.

    Source: templates/tables.yaml.
    """
    form = table_form(block.key)
    return form.row_height + min(form.airier, max(0.0, lines) * _LINE / len(block.rows))

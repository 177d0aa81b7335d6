"""Tables of a PDF page: the letters within the lines that are drawn."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from typing import Any

Char = Mapping[str, Any]
Box = tuple[float, float, float, float]

# A filled shape drawn at less than a tenth of its size: a letter of a chart, in font units.
_LETTER = re.compile(
    rb"q 0\.0\d+ 0 0 -?0\.0\d+ [-\d.]+ [-\d.]+ cm\s*/\w+ cs [\d. ]+ scn "
    rb"(?:[-\d.]+ [-\d.]+ [ml]\s+|h\s+)+f\s+Q\s"
)
_OUTLINE = re.compile(rb"(?:[-\d.]+ [-\d.]+ l\s+){4,}")
_TOUCHING = 1.0  # points within which two table lines are one


def inside(char: Char, box: Box) -> bool:
    """Whether the middle of a letter lies in a box."""
    across, down = (char["x0"] + char["x1"]) / 2, (char["top"] + char["bottom"]) / 2
    return bool(box[0] <= across <= box[2] and box[1] <= down <= box[3])


def _height(char: Char) -> float:
    return float((char["top"] + char["bottom"]) / 2)


def _edges(values: Sequence[float]) -> list[float]:
    edges: list[float] = []
    for value in sorted(values):
        if not edges or value - edges[-1] > _TOUCHING:
            edges.append(value)
    return edges


def lined_matrix(cells: Sequence[Box], chars: Sequence[Char]) -> list[list[str]]:
    """The text at every place of the grid that the table's lines make; a large cell fills
    several places."""
    across = _edges([x for cell in cells for x in (cell[0], cell[2])])
    down = _edges([y for cell in cells for y in (cell[1], cell[3])])
    rows = [[""] * (len(across) - 1) for _ in down[1:]]
    # By height, so that a cell looks at the letters of its own lines only.
    order = sorted(range(len(chars)), key=lambda n: _height(chars[n]))
    heights = [_height(chars[n]) for n in order]
    for cell in cells:
        near = order[bisect_left(heights, cell[1]) : bisect_right(heights, cell[3])]
        text = "".join(chars[n]["text"] for n in sorted(near) if inside(chars[n], cell))
        left, right = (bisect_left(across, x - _TOUCHING) for x in (cell[0], cell[2]))
        top, bottom = (bisect_left(down, y - _TOUCHING) for y in (cell[1], cell[3]))
        for row in rows[top:bottom]:
            row[left:right] = [text] * (right - left)
    return rows


def leave_out_outlines(page: Any) -> None:
    """Take out what only a chart has: shapes of many corners, the outlines of its letters.

    They are neither text nor lines of a table, and reading them takes longer than all the rest.
    """
    from pdfminer.pdftypes import stream_value

    for part in page.page_obj.contents:
        stream = stream_value(part)
        stream.data = _OUTLINE.sub(b"", _LETTER.sub(b"", stream.get_data()))

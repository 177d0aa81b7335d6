"""Measure paper, margins, grid, title and page numbers. Source: GB/T 9704-2012, 5 and 7."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from statistics import median, mode

from nianbao.documents.layout_check.letters import MM, Line, Page
from nianbao.documents.layout_check.measurement import Point, length, none_of
from nianbao.files.pdf_page import draw_page

BODY = 16.0
LINES, CHARACTERS = 22, 28
TYPE_WIDTH, TYPE_HEIGHT = 156.0, 225.0
TOP, LEFT, RIGHT, BOTTOM = 37.0, 28.0, 26.0, 35.0
PITCH = TYPE_HEIGHT * MM / LINES
ADVANCE = TYPE_WIDTH * MM / CHARACTERS
_NUMBER = re.compile(r"— (\d+) —")


def page_points(pages: Sequence[Page]) -> Iterator[Point]:
    """Paper, margins, lines and characters of the grid."""
    body = [line for page in pages for line in page.body if _is_body(line)]
    everything = [line for page in pages for line in page.tagged]
    sizes = {(round(page.width / MM), round(page.height / MM)) for page in pages}
    yield Point(
        "纸张", "210×297 mm", "、".join(f"{w}×{h} mm" for w, h in sizes), sizes == {(210, 297)}
    )
    height, width = pages[0].height / MM, pages[0].width / MM
    if not body:
        yield Point("正文", "3号字（16 pt）", "没有 16 pt 的正文", False)
        return
    pitch = median(_pitches(pages)) if _pitches(pages) else PITCH
    top = min(line.first.top for line in body) / MM
    yield length("天头", TOP, top, 1, "mm")
    yield length(
        "订口", LEFT, min(ln.first.x0 + ln.first.blank_before for ln in body) / MM, 1, "mm"
    )
    yield length("切口", RIGHT, width - max(line.x1 for line in body) / MM, 1, "mm")
    yield length("版心高（22 行）", TYPE_HEIGHT, LINES * pitch / MM, 1, "mm")
    lowest = max(line.first.bottom for line in everything) / MM
    yield Point(
        "版心以下的正文",
        "无",
        f"最低处距下边 {height - lowest:.1f} mm",
        lowest <= height - BOTTOM + 0.1,
    )
    yield length("行距", round(PITCH, 2), pitch, 0.1, "pt")
    lines = _lines_a_page(pages, top * MM, pitch)
    yield Point("每面行数", f"{LINES} 行", f"{lines} 行", lines == LINES)
    yield none_of("各行落在行格上", "每行", _off_grid(pages, top * MM, pitch))
    full = [n for line in body if (n := _full_count(line))]
    found = mode(full) if full else round(TYPE_WIDTH * MM / _advance(body))
    yield Point("每行字数", f"{CHARACTERS} 字", f"{found} 字", found == CHARACTERS)
    yield length("字距", round(ADVANCE, 2), _advance(body), 0.1, "pt")


def _is_body(line: Line) -> bool:
    # 3号 is 15.75 pt by the old measure, 16 pt in software.
    return abs(line.first.size - BODY) < 0.3


def _pitches(pages: Sequence[Page]) -> list[float]:
    steps = (
        below.first.base - above.first.base
        for page in pages
        for above, below in pairwise(page.body)
        if _is_body(above) and _is_body(below)
    )
    return [step for step in steps if step < 1.5 * PITCH]


def _lines_a_page(pages: Sequence[Page], top: float, pitch: float) -> int:
    """Lines of the grid down to the lowest that text reaches.

    In a short report tables and figures may end every page before that. Where no text goes on
    over the end of a page there is no full page to count, and the pitch tells.
    """
    reached = max(
        round((line.first.top - top) / pitch) + 1
        for page in pages
        for line in page.body
        if _is_body(line)
    )
    written = [page for page in pages if page.tagged]
    # Not to the last page: a short last paragraph goes there with the signature.
    goes_on = any(_goes_on(page, below, top + pitch / 2) for page, below in pairwise(written[:-1]))
    return reached if reached >= LINES or goes_on else round(TYPE_HEIGHT * MM / pitch)


def _goes_on(page: Page, below: Page, head: float) -> bool:
    """Whether running text ends a page and heads the next; a heading may be kept with its text."""
    last, first = page.tagged[-1], below.tagged[0]
    text = last in page.body and first in below.body and first.first.top < head
    return text and not any(tag.startswith("H") for tag in first.first.tags)


def _off_grid(pages: Sequence[Page], top: float, pitch: float) -> list[str]:
    faults = []
    for page in pages:
        for line in page.body:
            rows = (line.first.top - top) / pitch
            if _is_body(line) and abs(rows - round(rows)) * pitch > 0.5:
                faults.append(f"第{page.number}页“{line.text[:8]}”")
    return faults


def _full_count(line: Line) -> int | None:
    """The number of characters of a line that is full and all Chinese characters."""
    full = line.x1 - line.first.x0 > TYPE_WIDTH * MM - 1
    return len(line.glyphs) if full and all(g.wide for g in line.glyphs) else None


def _advance(body: Sequence[Line]) -> float:
    """From one Chinese character to the next."""
    return median(
        right.x0 - left.x0
        for line in body
        for left, right in pairwise(line.glyphs)
        if left.wide and right.wide
    )


def title_points(pages: Sequence[Page]) -> Iterator[Point]:
    """The title stands in the middle of the type area."""
    lines = [line for line in pages[0].body if line.first.size > BODY + 2]
    if not lines:
        yield Point("标题居中（偏离）", "0 mm", "没有标题", False)
        return
    middle = (LEFT + TYPE_WIDTH / 2) * MM
    aside = max(abs((line.first.x0 + line.x1) / 2 - middle) for line in lines) / MM
    yield length("标题居中（偏离）", 0, aside, 1, "mm")


def number_points(pages: Sequence[Page]) -> Iterator[Point]:
    """Text, side and place of the page numbers."""
    found = {page.number: _page_number(page) for page in pages}
    wrong = [f"第{n}页" for n, line in found.items() if line is None or line.text != f"— {n} —"]
    yield none_of("页码文字", "— 1 —", wrong)
    lines = {n: line for n, line in found.items() if line}
    if not lines:
        return
    left, right = LEFT * MM, (LEFT + TYPE_WIDTH) * MM
    free = {n: right - ln.x1 if n % 2 else ln.first.x0 - left for n, ln in lines.items()}
    sides = [f"第{n}页空 {gap / MM:.1f} mm" for n, gap in free.items() if not 12 <= gap <= 17]
    yield none_of("页码位置", "单页居右、双页居左，各空一字", sides)
    stroke = _stroke(pages[0], lines[min(lines)])
    yield length("一字线距版心下边缘", 7, stroke / MM - TOP - TYPE_HEIGHT, 1, "mm")


def _page_number(page: Page) -> Line | None:
    below = (ln for ln in page.artifacts if ln.first.base > (TOP + TYPE_HEIGHT) * MM)
    return next((line for line in below if _NUMBER.fullmatch(line.text)), None)


def _stroke(page: Page, line: Line) -> float:
    """Upper edge of the dash as it is printed: the page is drawn and the ink looked for."""
    dash, dots = line.first, 600
    box = (dash.x0, dash.top - 2, dash.x1, dash.bottom + 2)
    around = (box[0], page.height - box[3], page.width - box[2], box[1])
    ink = draw_page(page.file, page.number, dots, around)
    return float(box[1] + int((ink < 128).any(axis=1).argmax()) * 72 / dots)

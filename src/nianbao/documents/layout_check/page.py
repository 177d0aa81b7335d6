"""Measure the printed pages: type area, lines, typefaces, tables, and how figures share them.

Source: GB/T 9704-2012, 7; L-3, L-6, L-7.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise, takewhile
from statistics import median, mode

from nianbao.documents.layout_check.letters import (
    MM,
    Glyph,
    Line,
    Measurement,
    Page,
    length,
    none_of,
)
from nianbao.files.pdf_page import draw_page
from nianbao.fonts import ROLES

BODY = 16.0
LINES, CHARACTERS = 22, 28
TYPE_WIDTH, TYPE_HEIGHT = 156.0, 225.0
TOP, LEFT, RIGHT, BOTTOM = 37.0, 28.0, 26.0, 35.0
PITCH = TYPE_HEIGHT * MM / LINES
ADVANCE = TYPE_WIDTH * MM / CHARACTERS
_NUMBER = re.compile(r"— (\d+) —")


def page_measurements(pages: Sequence[Page]) -> Iterator[Measurement]:
    """Measure paper, margins, lines and characters of the grid."""
    body = [line for page in pages for line in page.body if _is_body(line)]
    everything = [line for page in pages for line in page.tagged]
    sizes = {(round(page.width / MM), round(page.height / MM)) for page in pages}
    yield Measurement(
        "纸张", "210×297 mm", "、".join(f"{w}×{h} mm" for w, h in sizes), sizes == {(210, 297)}
    )
    height, width = pages[0].height / MM, pages[0].width / MM
    if not body:
        yield Measurement("正文", "3号字（16 pt）", "没有 16 pt 的正文", False)
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
    yield Measurement(
        "版心以下的正文",
        "无",
        f"最低处距下边 {height - lowest:.1f} mm",
        lowest <= height - BOTTOM + 0.1,
    )
    yield length("行距", round(PITCH, 2), pitch, 0.1, "pt")
    lines = _lines_a_page(pages, top * MM, pitch)
    yield Measurement("每面行数", f"{LINES} 行", f"{lines} 行", lines == LINES)
    yield none_of("各行落在行格上", "每行", _off_grid(pages, top * MM, pitch))
    full = [n for line in body if (n := _full_count(line))]
    found = mode(full) if full else round(TYPE_WIDTH * MM / _advance(body))
    yield Measurement("每行字数", f"{CHARACTERS} 字", f"{found} 字", found == CHARACTERS)
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
    """Return the lines of the grid down to the lowest that text reaches.

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
    """Return whether a paragraph fills a page and goes on upon the next."""
    last, first = page.tagged[-1], below.tagged[0]
    text = last in page.body and first in below.body and first.first.top < head
    # Two lines of a paragraph are kept together: then the page before ends early for them.
    return text and not _begins(first) and len(_first_paragraph(below)) > 2


def _first_paragraph(page: Page) -> list[Line]:
    """Return the lines at the head of a page that are of one paragraph."""
    first, *rest = page.tagged
    following = takewhile(lambda line: line in page.body and not _begins(line), rest)
    return [first, *following]


def _begins(line: Line) -> bool:
    """Return whether a line of text is the first of its paragraph, by its indent."""
    return line.first.x0 + line.first.blank_before > LEFT * MM + ADVANCE


def _off_grid(pages: Sequence[Page], top: float, pitch: float) -> list[str]:
    faults = []
    for page in pages:
        for line in page.body:
            rows = (line.first.top - top) / pitch
            if _is_body(line) and abs(rows - round(rows)) * pitch > 0.5:
                faults.append(f"第{page.number}页“{line.text[:8]}”")
    return faults


def _full_count(line: Line) -> int | None:
    """Return the number of characters of a line that is full and all Chinese characters."""
    full = line.x1 - line.first.x0 > TYPE_WIDTH * MM - 1
    return len(line.glyphs) if full and all(g.wide for g in line.glyphs) else None


def _advance(body: Sequence[Line]) -> float:
    """Return the distance from one Chinese character to the next."""
    return median(
        right.x0 - left.x0
        for line in body
        for left, right in pairwise(line.glyphs)
        if left.wide and right.wide
    )


def title_measurements(pages: Sequence[Page]) -> Iterator[Measurement]:
    """Measure whether the title stands in the middle of the type area."""
    lines = [line for line in pages[0].body if line.first.size > BODY + 2]
    if not lines:
        yield Measurement("标题居中（偏离）", "0 mm", "没有标题", False)
        return
    middle = (LEFT + TYPE_WIDTH / 2) * MM
    aside = max(abs((line.first.x0 + line.x1) / 2 - middle) for line in lines) / MM
    yield length("标题居中（偏离）", 0, aside, 1, "mm")


def number_measurements(pages: Sequence[Page]) -> Iterator[Measurement]:
    """Measure text, side and place of the page numbers."""
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
    """Return the upper edge of the dash as printed: the page is drawn, the ink looked for."""
    dash, dots = line.first, 600
    box = (dash.x0, dash.top - 2, dash.x1, dash.bottom + 2)
    edges = (box[0], page.height - box[3], page.width - box[2], box[1])
    ink = draw_page(page.file, page.number, dots, edges)
    return float(box[1] + int((ink < 128).any(axis=1).argmax()) * 72 / dots)


# How text and figures share the pages: what stays blank, and where figures stand.


LEAST_FILLED = 0.6
LEAST_ON_LAST = 0.25
LEAST_BESIDE_A_FIGURE = 5
"""Characters of a line that stands next to a figure."""
LEAST_ON_A_LINE = 2
"""Characters on the last line of a paragraph."""

_FIGURE = re.compile(r"图(\d+)\s")
_CITED = re.compile(r"图(\d+)(?=[、）])")
_APPENDIX = "附："
_ENDS = "。；！？：）…"


def flow_measurements(pages: Sequence[Page]) -> Iterator[Measurement]:
    """Measure how full the pages are, and whether figures stand where they belong.

    A figure belongs in its section and breaks no paragraph.
    """
    written = [page for page in pages if page.tagged]
    last = [page for page, below in zip(written, [*written[1:], None], strict=True) if _ends(below)]
    sparse = [page for page in written if page not in last and _filled(page) < LEAST_FILLED]
    yield none_of(
        "各面占版心高", f"不少于 {LEAST_FILLED:.0%}（末面除外）", list(map(_measured, sparse))
    )
    empty = [page for page in last if _filled(page) < LEAST_ON_LAST and page is not written[0]]
    yield none_of("末面占版心高", f"不少于 {LEAST_ON_LAST:.0%}", list(map(_measured, empty)))
    yield none_of("图在本部分之内", "每图", list(_astray(written)))
    yield none_of("图不断开段落", "每图", list(_breaking(written)))
    yield none_of("图旁短行", f"少于 {LEAST_BESIDE_A_FIGURE} 字的没有", list(_short(written)))
    yield none_of("段落首行、末行不单独在一面", "每段", list(_parted(written)))
    yield none_of("末行不止一字", "每段", list(_runts(written)))


def _ends(below: Page | None) -> bool:
    """Return whether a page is the last of the report or of its appendix."""
    return below is None or below.tagged[0].text.startswith(_APPENDIX)


def _filled(page: Page) -> float:
    lowest = max(line.first.bottom for line in page.tagged)
    cells = max((bottom for _, _, _, bottom in page.cells), default=0.0)
    return (max(lowest, cells) - TOP * MM) / (TYPE_HEIGHT * MM)


def _measured(page: Page) -> str:
    return f"第{page.number}页 {_filled(page):.0%}"


def _is_caption(line: Line) -> bool:
    return "Caption" in line.first.tags and _FIGURE.match(line.text) is not None


def _is_heading(line: Line) -> bool:
    return any(tag[:1] == "H" and tag[1:].isdigit() for tag in line.first.tags)


def _astray(pages: Sequence[Page]) -> Iterator[str]:
    """Yield the figures under another heading than the text that cites them."""
    heading = ""
    cited: dict[str, str] = {}
    placed: dict[str, str] = {}
    for line in (line for page in pages for line in page.tagged):
        if _is_heading(line):
            heading = line.text
        elif found := _is_caption(line) and _FIGURE.match(line.text):
            placed[found[1]] = heading
        elif "Table" not in line.first.tags:
            cited |= dict.fromkeys(_CITED.findall(line.text), heading)
    for number, own in placed.items():
        if cited.get(number, own) != own:
            yield f"图{number}"


def _neighbours(pages: Sequence[Page]) -> Iterator[tuple[str, Line, Page, Page]]:
    """Yield for each figure the line of text before it, with the pages of both.

    Headings do not count.
    """
    before: tuple[Line, Page] | None = None
    for page in pages:
        for line in page.tagged:
            if _is_caption(line):
                if before:
                    yield line.text.split()[0], before[0], before[1], page
                before = None
            elif _is_heading(line):
                before = None
            elif line in page.body:
                before = (line, page)


def _breaking(pages: Sequence[Page]) -> Iterator[str]:
    for figure, line, _, _ in _neighbours(pages):
        if line.text.rstrip()[-1:] not in _ENDS:
            yield f"{figure}前“{line.text.strip()[-8:]}”"


def _short(pages: Sequence[Page]) -> Iterator[str]:
    for figure, line, on, page in _neighbours(pages):
        words = line.text.strip()
        if on is page and len(words) < LEAST_BESIDE_A_FIGURE:
            yield f"{figure}前“{words}”"


def _parted(pages: Sequence[Page]) -> Iterator[str]:
    """Yield single lines of a paragraph that goes on over the end of a page."""
    for page, below in pairwise(pages):
        last, first = page.tagged[-1], below.tagged[0]
        if last not in page.body or first not in below.body or _begins(first):
            continue
        if _begins(last):
            yield f"第{page.number}页末“{last.text.strip()[:8]}”"
        if len(_first_paragraph(below)) == 1:
            yield f"第{below.number}页首“{first.text.strip()[:8]}”"


def _runts(pages: Sequence[Page]) -> Iterator[str]:
    """Yield last lines of paragraphs that hold a single character."""
    for page in pages:
        for line in page.body:
            letters = [g for g in line.glyphs if g.text.isalnum()]
            if _is_body(line) and not _begins(line) and len(letters) < LEAST_ON_A_LINE:
                yield f"第{page.number}页“{line.text.strip()}”"


# Headings, typefaces, tables and letters.


_LEVELS = (
    (re.compile(r"[一二三四五六七八九十]+、"), "一级标题", "heading1"),
    (re.compile(r"（[一二三四五六七八九十]+）"), "二级标题", "heading2"),
    (re.compile(r"\d+[.．]"), "三级标题", "body"),
    (re.compile(r"（\d+）"), "四级标题", "body"),
)


def font_measurements(pages: Sequence[Page]) -> Iterator[Measurement]:
    """Measure the face that is embedded for each use, and its size."""
    body = [line for page in pages for line in page.body]
    headings = [line for line in body if _is_heading(line)]
    numbers = [ln for page in pages for ln in page.artifacts if ln.text.startswith("— ")]
    uses: list[tuple[str, str, float, list[Line]]] = [
        ("标题", "title", 22, [line for line in body if line.first.size > 20]),
        ("正文", "body", 16, [ln for ln in body if ln.first.tags[-1] in {"P", "LBody"}]),
    ]
    for pattern, name, role in _LEVELS:
        uses.append((name, role, 16, [ln for ln in headings if pattern.match(ln.text.strip())]))
    uses.append(("页码", "song", 14, numbers))
    for name, role, size, lines in uses:
        letters = [g for line in lines for g in line.glyphs if g.size < 20 or role == "title"]
        if letters:
            font, found = Counter((g.font, g.size) for g in letters).most_common(1)[0][0]
            yield Measurement(f"{name}字体", ROLES[role].name, font, _stands_for(role, font))
            yield length(f"{name}字号", size, found, 0.3, "pt")


def _stands_for(role: str, font: str) -> bool:
    """Return whether a face is the one that is meant, or the free one of the same kind."""
    kinds = (*ROLES[role].official, *(s for s in ROLES[role].substitutes if "Noto" not in s))
    found = _plain(font)
    return any(found == _plain(kind) or found == _plain(kind) + "regular" for kind in kinds)


def _plain(name: str) -> str:
    return re.sub(r"[ _-]|Identity|H$", "", name).casefold()


def heading_measurements(pages: Sequence[Page]) -> Iterator[Measurement]:
    """Measure whether a heading is the last line of a page, and how far headings are indented."""
    lonely = [
        f"第{page.number}页“{page.tagged[-1].text[:10]}”"
        for page in pages
        if page.tagged and _is_heading(page.tagged[-1])
    ]
    yield none_of("标题不单独留在页末", "每页", lonely)


def table_measurements(pages: Sequence[Page]) -> Iterator[Measurement]:
    """Check that heads come again on a new page and text stays inside its cell."""
    yield none_of("表格文字不出格", "每格", [f for page in pages for f in _overfull(page)])
    yield none_of("跨页表格重复表头", "每页", list(_heads_missing(pages)))


def _overfull(page: Page) -> Iterator[str]:
    for line in (*page.other, *page.artifacts):
        for glyph in (g for g in line.glyphs if g.text.strip()):
            x, y = (glyph.x0 + glyph.x1) / 2, (glyph.top + glyph.bottom) / 2
            box = next((c for c in page.cells if c[0] <= x <= c[2] and c[1] <= y <= c[3]), None)
            if box and not _inside(glyph, box):
                yield f"第{page.number}页“{glyph.text}”"


def _inside(glyph: Glyph, box: tuple[float, float, float, float]) -> bool:
    left, right = glyph.x0 + glyph.blank_before, glyph.x1 - glyph.blank_after
    across = box[0] - 0.5 <= left and right <= box[2] + 0.5
    return across and box[1] - 0.5 <= glyph.top and glyph.bottom <= box[3] + 0.5


def _heads_missing(pages: Sequence[Page]) -> Iterator[str]:
    for page in pages[1:]:
        first = page.tagged[0] if page.tagged else None
        if first and "TBody" in first.first.tags:
            base = first.first.base
            heads = (
                ln
                for ln in page.artifacts
                if ln.first.top > (TOP - 1) * MM and ln.first.base < base
            )
            if not any(heads):
                yield f"第{page.number}页"


def glyph_measurements(pages: Sequence[Page]) -> Iterator[Measurement]:
    """Measure whether every letter can be seen and copied."""
    letters = [g for p in pages for ln in (*p.tagged, *p.artifacts) for g in ln.glyphs]
    bad = [g.text for g in letters if "(cid:" in g.text or "\ufffd" in g.text or "\0" in g.text]
    yield none_of("缺字", "无", sorted(set(bad)))

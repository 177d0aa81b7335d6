"""Measure headings, typefaces, tables and letters. Source: GB/T 9704-2012, 7; L-3, L-6, L-7."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from nianbao.documents.layout_check.letters import MM, Glyph, Line, Page
from nianbao.documents.layout_check.measurement import Point, length, none_of
from nianbao.fonts import ROLES

_LEVELS = (
    (re.compile(r"[一二三四五六七八九十]+、"), "一级标题", "heading1"),
    (re.compile(r"（[一二三四五六七八九十]+）"), "二级标题", "heading2"),
    (re.compile(r"\d+[.．]"), "三级标题", "body"),
    (re.compile(r"（\d+）"), "四级标题", "body"),
)
_TOP = 36 * MM


def font_points(pages: Sequence[Page]) -> Iterator[Point]:
    """The face that is embedded for each use, and its size."""
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
            yield Point(f"{name}字体", ROLES[role].name, font, _stands_for(role, font))
            yield length(f"{name}字号", size, found, 0.3, "pt")


def _stands_for(role: str, font: str) -> bool:
    """Whether a face is the one that is meant, or the free one of the same kind."""
    kinds = (*ROLES[role].official, *(s for s in ROLES[role].substitutes if "Noto" not in s))
    found = _plain(font)
    return any(found == _plain(kind) or found == _plain(kind) + "regular" for kind in kinds)


def _plain(name: str) -> str:
    return re.sub(r"[ _-]|Identity|H$", "", name).casefold()


def _is_heading(line: Line) -> bool:
    return any(re.fullmatch(r"H\d?", tag) for tag in line.first.tags)


def heading_points(pages: Sequence[Page]) -> Iterator[Point]:
    """No heading is the last line of a page; headings begin two characters in."""
    lonely = [
        f"第{page.number}页“{page.tagged[-1].text[:10]}”"
        for page in pages
        if page.tagged and _is_heading(page.tagged[-1])
    ]
    yield none_of("标题不单独留在页末", "每页", lonely)


def table_points(pages: Sequence[Page]) -> Iterator[Point]:
    """Heads come again on a new page, text stays inside its cell."""
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
            heads = (ln for ln in page.artifacts if ln.first.top > _TOP and ln.first.base < base)
            if not any(heads):
                yield f"第{page.number}页"


def glyph_points(pages: Sequence[Page]) -> Iterator[Point]:
    """Every letter can be seen and copied."""
    letters = [g for p in pages for ln in (*p.tagged, *p.artifacts) for g in ln.glyphs]
    bad = [g.text for g in letters if "(cid:" in g.text or "\ufffd" in g.text or "\0" in g.text]
    yield none_of("缺字", "无", sorted(set(bad)))

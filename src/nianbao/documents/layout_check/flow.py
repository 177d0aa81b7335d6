"""Measure how text and figures share the pages: what stays blank, and where figures stand."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from nianbao.documents.layout_check.letters import MM, Line, Page
from nianbao.documents.layout_check.measurement import Point, none_of

_TOP, _HEIGHT = 37 * MM, 225 * MM
LEAST_FILLED = 0.6
LEAST_ON_LAST = 0.25
LEAST_BESIDE_A_FIGURE = 5
"""Characters of a line that stands next to a figure."""

_FIGURE = re.compile(r"图(\d+)\s")
_CITED = re.compile(r"图(\d+)(?=[、）])")
_APPENDIX = "附："
_ENDS = "。；！？：）…"


def flow_points(pages: Sequence[Page]) -> Iterator[Point]:
    """How full the pages are, and that figures stand in their section and break no paragraph."""
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


def _ends(below: Page | None) -> bool:
    """Whether a page is the last of the report or of its appendix."""
    return below is None or below.tagged[0].text.startswith(_APPENDIX)


def _filled(page: Page) -> float:
    lowest = max(line.first.bottom for line in page.tagged)
    cells = max((bottom for _, _, _, bottom in page.cells), default=0.0)
    return (max(lowest, cells) - _TOP) / _HEIGHT


def _measured(page: Page) -> str:
    return f"第{page.number}页 {_filled(page):.0%}"


def _is_caption(line: Line) -> bool:
    return "Caption" in line.first.tags and _FIGURE.match(line.text) is not None


def _is_heading(line: Line) -> bool:
    return any(tag[:1] == "H" and tag[1:].isdigit() for tag in line.first.tags)


def _astray(pages: Sequence[Page]) -> Iterator[str]:
    """Figures under another heading than the text that cites them."""
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
    """For each figure the line of text before it, with the pages of both; headings left out."""
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

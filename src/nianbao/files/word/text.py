"""The text of a Word file: as the Markdown that narrative.md holds, or as a published page."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from copy import deepcopy
from itertools import accumulate

from lxml.etree import LxmlError

from nianbao.errors import InputError, Place, Problem
from nianbao.files.pages import (
    MAX_PLACES,
    PageBlock,
    Pages,
    Paragraph,
    Piece,
    marked_line,
    page_table,
)
from nianbao.files.sources import Source
from nianbao.files.word.package import WordFile, open_word, paragraph_text, run_text, table_matrix
from nianbao.files.word.xml import PICTURE, Element, find_untaken, tag

CITATION_STYLE = "Figure Citation"
"""The name of the style of 见图1 in our own Word reports: it is made, and no words of a section."""
# Captions of pictures, by the names of the style.
_CAPTIONS = frozenset({"caption", "题注"})
_DEEPEST = 5
"""So deep tables lie in tables on pages that people make."""
_INDENT = "   "


def _pieces(word: WordFile, paragraph: Element) -> Iterator[Piece]:
    for run in paragraph.iter(tag("r")):
        for picture in run.iter(PICTURE):
            alt = re.sub(r"([\\\[\]])", r"\\\1", picture.get("descr", ""))
            yield f"![{alt}]({picture.get('name', '')})", False, False, True
        if CITATION_STYLE in word.style_names(run, "rPr/rStyle"):
            continue
        if text := run_text(run):
            yield (text, *word.emphasis(run), False)


def paragraph_lines(word: WordFile, paragraph: Element) -> list[str]:
    """Return a paragraph as Markdown; a manual line break begins a new one, as editors mean it."""
    lines: list[list[Piece]] = [[]]
    for text, strong, emph, is_picture in _pieces(word, paragraph):
        first, *others = text.split("\n")
        lines[-1].append((first, strong, emph, is_picture))
        lines.extend([(other, strong, emph, is_picture)] for other in others)
    return [line for pieces in lines if (line := marked_line(pieces))]


def cut_paragraph(paragraph: Element, length: int) -> Element | None:
    """Put the first letters of a paragraph into one of their own before it, and return that.

    None where the cut would go through something else than a plain run.
    """
    children = list(paragraph)
    ends = list(accumulate(len(_shown(child)) for child in children))
    at = bisect_left(ends, length)
    rest = ends[at] - length  # letters of this child behind the cut
    (piece, *others) = (*children[at].iter(tag("t")), None)
    if rest and (piece is None or len(others) > 1 or piece.text != _shown(children[at])):
        return None
    first = deepcopy(paragraph)
    for copied in list(first)[at + 1 :]:
        first.remove(copied)
    for child in children[: at if rest else at + 1]:
        if child.tag != tag("pPr"):
            paragraph.remove(child)
    if rest and piece is not None:
        text = piece.text or ""
        *_, copied = first.iter(tag("t"))
        copied.text, piece.text = text[:-rest], text[-rest:]
    paragraph.addprevious(first)
    return first


def _shown(element: Element) -> str:
    return "".join(map(run_text, element.iter(tag("r"))))


def make_plain(paragraph: Element | None) -> None:
    """Make of a paragraph one of plain text."""
    if paragraph is not None and (properties := paragraph.find(tag("pPr"))) is not None:
        for style in properties.findall(tag("pStyle")):
            properties.remove(style)


class ListNumbers:
    """Counts through the numbered lists of a file.

    Items that follow each other are one list, whatever list Word's data say: LibreOffice gives
    the first item of a list a list of its own. After other text a list goes on only if it is
    the same one.
    """

    def __init__(self, word: WordFile) -> None:
        self._word = word
        self._counts: dict[tuple[str, int], int] = {}
        self._running: dict[int, int] = {}  # depth -> number of the item above

    def interrupt(self) -> None:
        """Note that other text stands here."""
        self._running.clear()

    def marker(self, list_id: str, depth: int) -> str:
        """Return what stands before the next item: ``1. `` and so on, or ``- ``."""
        for deeper in [d for d in self._running if d > depth]:
            del self._running[deeper]
        start = self._word.lists.start(list_id, depth)
        if start is None:
            self._running.pop(depth, None)
            return "- "
        before = self._running.get(depth, self._counts.get((list_id, depth), start - 1))
        self._running[depth] = self._counts[list_id, depth] = before + 1
        for deeper_list in [key for key in self._counts if key[0] == list_id and key[1] > depth]:
            del self._counts[deeper_list]
        return f"{before + 1}. "


def _paragraph(word: WordFile, element: Element, numbers: ListNumbers) -> Iterator[Paragraph]:
    style = next(iter(word.style_names(element)), "").lower()
    if style in _CAPTIONS or style.startswith("toc "):
        return
    lines = [line for line in paragraph_lines(word, element) if not line.startswith("![")]
    shown = [line.strip() for line in paragraph_text(element).split("\n") if line.strip()]
    if not lines or not shown:
        return
    beside = tuple((found.kind, found.text) for found in find_untaken(element))
    level, place = word.heading_level(element), word.list_place(element)
    if place is None or level is not None:
        if style not in ("list continue",):
            numbers.interrupt()
        # A manual line break begins a new paragraph, as editors mean it.
        for text, line in zip(shown, lines, strict=False):
            yield Paragraph(text, line, level, beside=beside)
            beside = ()
        return
    mark = numbers.marker(*place)
    yield Paragraph(shown[0], _INDENT * place[1] + mark + lines[0], None, True, beside)


def _laid_out(elements: Iterable[Element], depth: int = 0) -> Iterator[Element]:
    """Yield paragraphs and tables; what a table of single cells only lays out stands by itself."""
    for element in elements:
        rows = list(element.iterchildren(tag("tr"))) if element.tag == tag("tbl") else []
        cells = [cell for row in rows for cell in row.iterchildren(tag("tc"))]
        holds = any(cell.find(tag("tbl")) is not None for cell in cells)
        if holds and len(cells) <= len(rows) and depth < _DEEPEST:
            for cell in cells:
                yield from _laid_out(cell, depth + 1)
        else:
            yield element


def read_word_pages(source: Source) -> Pages:
    """Read a .docx.

    Raises
    ------
    InputError
        It is no .docx, or damaged.
    """
    try:
        word = open_word(source.data)
        numbers, blocks, pictures = ListNumbers(word), list[PageBlock](), 0
        for element in _laid_out(word.body):
            if element.tag == tag("tbl"):
                numbers.interrupt()
                matrix = table_matrix(element)
                if 0 < sum(map(len, matrix)) <= MAX_PLACES:
                    blocks.append(page_table(matrix))
            elif element.tag == tag("p"):
                pictures += sum(1 for _ in element.iter(tag("drawing"), tag("pict")))
                blocks.extend(_paragraph(word, element, numbers))
    except InputError as error:
        places = (Problem(p.message, Place(source.file)) for p in error.problems)
        raise InputError(*places) from error
    except (LxmlError, OSError, RuntimeError, ValueError) as error:
        remedy = "请用Word打开后另存为.docx"
        raise InputError(Problem("Word文件已损坏", Place(source.file), remedy=remedy)) from error
    return Pages("Word", tuple(blocks), "", pictures)

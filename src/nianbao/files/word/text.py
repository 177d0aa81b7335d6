"""Paragraphs and lists of a Word file as the Markdown that narrative.md holds."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nianbao.files.markdown import Piece, marked_line
from nianbao.files.word.package import WordFile, run_text
from nianbao.files.word.xml import PICTURE, Element, tag

CITATION_STYLE = "Figure Citation"
"""The name of the style of 见图1 in our own Word reports: it is made, and no words of a section."""


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
    """A paragraph as Markdown; a manual line break begins a new one, as editors mean it."""
    lines: list[list[Piece]] = [[]]
    for text, strong, emph, is_picture in _pieces(word, paragraph):
        first, *others = text.split("\n")
        lines[-1].append((first, strong, emph, is_picture))
        lines.extend([(other, strong, emph, is_picture)] for other in others)
    return [line for pieces in lines if (line := marked_line(pieces))]


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
        """What stands before the next item: ``1. `` and so on, or ``- ``."""
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

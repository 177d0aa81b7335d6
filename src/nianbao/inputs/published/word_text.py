"""Paragraphs and tables of a Word file as the Markdown that narrative.md holds."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from nianbao.documents.readback_word import Element, WordFile, run_text, tag

# Text, strong, stressed; a picture is Markdown already and is neither.
_Piece = tuple[str, bool, bool, bool]

_PICTURE = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}docPr"
_BLOCK_MARK = re.compile(r"(?:#{1,6}|[-+]|\d+[.)])(?=\s|$)")
_DEEPEST_HEADING = 6
_NOT_EMPHASISED = "\\*_! \t\u3000"


def escape_markdown(text: str) -> str:
    r"""A line of text as Markdown that shows it; only what would be markup is escaped.

    Placeholders stay placeholders: whoever writes ``{{ 新收申请 }}`` into Word means one.

    Examples
    --------
    >>> print(escape_markdown("3*4，a_b@示例.cn"))
    3\*4，a_b@示例.cn
    """
    text = re.sub(r"\\(?=[!-/:-@\[-`{-~]|\Z)|\*|!(?=\[)", r"\\\g<0>", text)
    return re.sub(r"(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])", r"\\_", text)


def _escape_start(line: str) -> str:
    """A line that begins like a list item or a heading, but is none."""
    mark = _BLOCK_MARK.match(line)
    return line[: mark.end() - 1] + "\\" + line[mark.end() - 1 :] if mark else line


def _marked(text: str, strong: bool, emph: bool) -> str:
    """Text with its emphasis marks; blanks and what is escaped stay outside of them, since
    Markdown takes no mark beside those for one."""
    core, marks = text.strip(_NOT_EMPHASISED), "*" * (2 * strong + emph)
    if not core or not marks:
        return escape_markdown(text)
    before, _, after = text.partition(core)
    outside = escape_markdown(before), escape_markdown(after)
    return f"{outside[0]}{marks}{escape_markdown(core)}{marks}{outside[1]}"


def _pieces(word: WordFile, paragraph: Element) -> Iterator[_Piece]:
    for run in paragraph.iter(tag("r")):
        for picture in run.iter(_PICTURE):
            alt = re.sub(r"([\\\[\]])", r"\\\1", picture.get("descr", ""))
            yield f"![{alt}]({picture.get('name', '')})", False, False, True
        if text := run_text(run):
            yield (text, *word.emphasis(run), False)


def _line(pieces: Iterable[_Piece]) -> str:
    parts = []
    for (strong, emph, is_picture), group in groupby(pieces, key=lambda piece: piece[1:]):
        text = "".join(piece[0] for piece in group)
        parts.append(text if is_picture else _marked(text, strong, emph))
    return _escape_start("".join(parts).strip())


def paragraph_lines(word: WordFile, paragraph: Element) -> list[str]:
    """A paragraph as Markdown; a manual line break begins a new one, as editors mean it."""
    lines: list[list[_Piece]] = [[]]
    for text, strong, emph, is_picture in _pieces(word, paragraph):
        first, *others = text.split("\n")
        lines[-1].append((first, strong, emph, is_picture))
        lines.extend([(other, strong, emph, is_picture)] for other in others)
    return [line for pieces in lines if (line := _line(pieces))]


def heading_line(word: WordFile, paragraph: Element, level: int) -> str:
    """A heading inside a section's text; level 1 of the report is ``##`` in Markdown."""
    text = "".join(paragraph_lines(word, paragraph)).replace("**", "")
    return f"{'#' * min(level + 1, _DEEPEST_HEADING)} {text}"


def table_lines(matrix: Sequence[Sequence[str]]) -> str:
    """A table as Markdown; a cell that spanned places is written at each."""
    rows = [
        [escape_markdown("".join(text.split("\n"))).replace("|", "\\|").strip() for text in row]
        for row in matrix
    ]
    rows.insert(1, ["---"] * len(rows[0]))
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


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
        start = self._word.list_start(list_id, depth)
        if start is None:
            self._running.pop(depth, None)
            return "- "
        before = self._running.get(depth, self._counts.get((list_id, depth), start - 1))
        self._running[depth] = self._counts[list_id, depth] = before + 1
        for deeper_list in [key for key in self._counts if key[0] == list_id and key[1] > depth]:
            del self._counts[deeper_list]
        return f"{before + 1}. "

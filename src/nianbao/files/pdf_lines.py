"""Lines of letters on PDF pages, and the paragraphs that they make."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import median

from nianbao.files.pdf_page import Letter

_DASH = r"[-—–－\s]*"
_PAGE_NUMBER = re.compile(rf"{_DASH}第?\s*\d{{1,4}}\s*页?(?:\s*[/共]\s*\d{{1,4}}\s*页?)?{_DASH}")
_SMALLEST_INDENT, _LARGEST_INDENT = 1.2, 3.2  # in letters: 2, with room for inexact drawing
_INDENTED = 3  # paragraphs with an indent after which a file is taken to indent them all


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text.

    Parameters
    ----------
    text
        Its words, gaps between letters as blanks.
    x0, x1, size
        Where it begins and ends, and its letters' size, in points.
    kind, level, node
        What the tags of the file say of it: ``H`` with a level, ``LI``, ``P``, or nothing;
        lines of one node are one paragraph.
    """

    text: str
    x0: float
    x1: float
    size: float
    kind: str = ""
    level: int = 0
    node: int = 0


def is_wide(character: str) -> bool:
    """Return whether a letter stands in Chinese text without a blank beside it."""
    return unicodedata.east_asian_width(character) in "WF" or character in "“”‘’—…·"


def line_rows(chars: Sequence[Letter]) -> list[list[Letter]]:
    """Return letters by line, from the top down and left to right."""
    lines: list[list[Letter]] = []
    for char in sorted(chars, key=lambda c: c.bottom):
        if lines and char.bottom - lines[-1][0].bottom < char.size / 2:
            lines[-1].append(char)
        else:
            lines.append([char])
    return [sorted(line, key=lambda c: c.x0) for line in lines]


def line_text(chars: Sequence[Letter]) -> str:
    """Return the words of a line: blanks beside Chinese letters are a matter of layout."""
    text = ""
    for before, char in zip([None, *chars[:-1]], chars, strict=True):
        gap = before is not None and char.x0 - before.x1 > char.size * 0.25
        text += " " + char.text if gap else char.text
    return normalise_blanks(text)


def normalise_blanks(text: str) -> str:
    """Return text without blanks beside Chinese letters, and with single ones elsewhere.

    Examples
    --------
    >>> normalise_blanks("（国令第 711 号） Windows  Server")
    '（国令第711号）Windows Server'
    """
    words = text.split()
    joined = words[0] if words else ""
    for word in words[1:]:
        narrow = not is_wide(joined[-1]) and not is_wide(word[0])
        joined += f" {word}" if narrow else word
    return joined


def is_page_number(text: str) -> bool:
    """Return whether a line is nothing but a page number.

    Examples
    --------
    >>> is_page_number("— 3 —"), is_page_number("2024年")
    (True, False)
    """
    return bool(_PAGE_NUMBER.fullmatch(text))


@dataclass(frozen=True, slots=True)
class Setting:
    """How a file sets its text: where lines begin and end, and whether paragraphs are indented."""

    left: float
    right: float
    size: float
    indents: bool


def measure(lines: Sequence[Line]) -> Setting:
    """Return the setting of a file's text: the commonest places and size."""
    starts = Counter(round(line.x0) for line in lines)
    common = [x for x, count in starts.items() if count >= max(2, len(lines) * 0.1)]
    left = float(min(common, default=min(starts)))
    ends = sorted(line.x1 for line in lines)
    size = median(line.size for line in lines)
    indented = sum(
        _SMALLEST_INDENT < (line.x0 - left) / line.size < _LARGEST_INDENT for line in lines
    )
    return Setting(left, ends[int(len(ends) * 0.9)], size, indented >= _INDENTED)


def paragraphs(lines: Sequence[Line], setting: Setting) -> Iterator[list[Line]]:
    """Yield the lines of each paragraph.

    The tags of the file tell; without tags the indent of the first line, and where a file does
    not indent, a last line that ends early.
    """
    together: list[Line] = []
    for line in lines:
        if together and _begins(together[-1], line, setting):
            yield together
            together = []
        together.append(line)
    if together:
        yield together


def _begins(before: Line, line: Line, setting: Setting) -> bool:
    if (line.kind, line.level) != (before.kind, before.level):
        return True
    if line.kind in ("H", "LI") and line.node == before.node:
        return False
    if abs(line.size - before.size) > setting.size * 0.15:
        return True
    if (line.x0 - setting.left) / line.size >= _SMALLEST_INDENT:
        return True
    return not setting.indents and before.x1 < setting.right - 2.5 * before.size


_WORD_END = re.compile(r"[!-~]+$")
_WORD_START = re.compile(r"[!-~]+")


def join_lines(lines: Sequence[Line]) -> str:
    """Return the words of a paragraph; a line's end is a blank only between two Western words.

    An address is one word, wherever it was broken.
    """
    text = ""
    for line in lines:
        tail, head = _WORD_END.search(text), _WORD_START.match(line.text)
        gap = ""
        if tail and head and tail[0][-1].isalpha() and head[0][0].isalpha():
            joined = tail[0] + head[0]
            gap = "" if any(sign in joined for sign in ("://", "www.", "@")) else " "
        text += gap + line.text
    return normalise_blanks(text)

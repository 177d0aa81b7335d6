"""What a published report shows, whatever kind of file it is: paragraphs and tables in order."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from nianbao.files.characters import normalise_characters

# A table as one text for every place of its grid; a cell that spans places is at each of them.
Matrix = tuple[tuple[str, ...], ...]

MAX_PLACES = 200_000
"""Most places of a table's grid; spans can make a small file claim without end."""

# Blanks, line ends, control characters, and format characters such as the zero-width ones.
_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp", "Zs"})


def normalise_text(text: str) -> str:
    """Return text without anything that a line break or a layout may add.

    Examples
    --------
    >>> normalise_text(" 一、 总体\\n情况")
    '一、总体情况'
    """
    seen = "".join(c for c in text if unicodedata.category(c) not in _INVISIBLE)
    return normalise_characters(seen)


def same_address(address: str, words: str) -> bool:
    """Return whether words show an address: then a link says nothing more than they do.

    Examples
    --------
    >>> same_address("http://www.shili.gov.cn/", "www.shili.gov.cn")
    True
    """
    bare = re.sub(r"^(?:mailto:|tel:|https?://)", "", address).rstrip("/")
    return bare in {"", re.sub(r"^https?://", "", words.strip()).rstrip("/")}


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph, a heading or an item of a list.

    Parameters
    ----------
    text
        The words as shown.
    markdown
        The same for narrative.md, without the heading's ``#``.
    level
        A heading's level as the file says (1 for 一、), or None: the words must tell.
    is_item
        An item of a list; its mark is in ``markdown``.
    beside
        What goes with it and is not in the words: kind (链接, 脚注 …) and its own text.
    """

    text: str
    markdown: str
    level: int | None = None
    is_item: bool = False
    beside: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Grid:
    """A table, every place of its grid filled."""

    rows: Matrix


Block = Paragraph | Grid


@dataclass(frozen=True, slots=True)
class Pages:
    """A file as read.

    Parameters
    ----------
    medium
        ``HTML``, ``Word`` or ``PDF``.
    blocks
        What it shows, from the top down.
    title
        What the file itself names as its title; empty when it names none.
    pictures
        How many pictures were left out.
    links
        Addresses that the file links to where it does not say at which words (a PDF).
    """

    medium: str
    blocks: tuple[Block, ...]
    title: str = ""
    pictures: int = 0
    links: tuple[str, ...] = ()


def fill_spans(
    rows: Sequence[Sequence[tuple[str, int, int]]],
) -> list[list[str]]:
    """Return rows of (text, colspan, rowspan) as HTML has them -> the text at every place.

    Examples
    --------
    >>> fill_spans([[("甲", 1, 2), ("乙", 1, 1)], [("丙", 1, 1)]])
    [['甲', '乙'], ['甲', '丙']]
    """
    filled: list[dict[int, str]] = [{} for _ in rows]
    for top, row in enumerate(rows):
        left = 0
        for text, colspan, rowspan in row:
            while left in filled[top]:
                left += 1
            for line in filled[top : top + rowspan]:
                line.update(dict.fromkeys(range(left, left + colspan), text))
            left += colspan
    return [[line[column] for column in sorted(line)] for line in filled]


def make_grid(rows: Sequence[Sequence[str]]) -> Grid:
    """Return a table of these texts, squashed; rows without a cell are left out."""
    return Grid(tuple(tuple(normalise_text(text) for text in row) for row in rows if row))

"""A report's file as it shows, whatever kind it is: paragraphs and tables, as text and Markdown."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby

from nianbao.files.words import normalise_characters

# Text, strong, stressed; a picture is Markdown already and is neither.
Piece = tuple[str, bool, bool, bool]

_BLOCK_MARK = re.compile(r"(?:#{1,6}|[-+]|\d+[.)])(?=\s|$)")
_DEEPEST_HEADING = 6
_NOT_EMPHASISED = "\\*_! \t\u3000"


def escape_markdown(text: str) -> str:
    r"""Return a line of text as Markdown that shows it; only what would be markup is escaped.

    Placeholders stay placeholders: whoever writes ``{{ 新收申请 }}`` into Word means one.

    Examples
    --------
    >>> print(escape_markdown("3*4，a_b@示例.cn"))
    3\*4，a_b@示例.cn
    """
    text = re.sub(r"\\(?=[!-/:-@\[-`{-~]|\Z)|\*|!(?=\[)", r"\\\g<0>", text)
    return re.sub(r"(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])", r"\\_", text)


def escape_start(line: str) -> str:
    """Return a line that begins like a list item or a heading, but is none."""
    mark = _BLOCK_MARK.match(line)
    return line[: mark.end() - 1] + "\\" + line[mark.end() - 1 :] if mark else line


def _marked(text: str, strong: bool, emph: bool) -> str:
    """Return a text with its emphasis marks.

    Blanks and escaped signs stay outside of the marks: Markdown takes no mark beside those for one.
    """
    core, marks = text.strip(_NOT_EMPHASISED), "*" * (2 * strong + emph)
    if not core or not marks:
        return escape_markdown(text)
    before, _, after = text.partition(core)
    outside = escape_markdown(before), escape_markdown(after)
    return f"{outside[0]}{marks}{escape_markdown(core)}{marks}{outside[1]}"


def marked_line(pieces: Iterable[Piece]) -> str:
    """Return a line of pieces as Markdown."""
    parts = []
    for (strong, emph, is_picture), group in groupby(pieces, key=lambda piece: piece[1:]):
        text = "".join(piece[0] for piece in group)
        parts.append(text if is_picture else _marked(text, strong, emph))
    return escape_start("".join(parts).strip())


def heading_line(line: str, level: int) -> str:
    """Return a heading inside a section's text; level 1 of the report is ``##`` in Markdown."""
    return f"{'#' * min(level + 1, _DEEPEST_HEADING)} {line.replace('**', '')}"


def table_lines(matrix: Sequence[Sequence[str]]) -> str:
    """Return a table as Markdown; a cell that spanned places is written at each."""
    rows = [
        [escape_markdown(_in_one_line(text)).replace("|", "\\|").strip() for text in row]
        for row in matrix
    ]
    rows.insert(1, ["---"] * len(rows[0]))
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _in_one_line(text: str) -> str:
    """Join the lines of a cell: a narrow head is broken anywhere, two numbers stay two."""
    return re.sub(r"(?<=[0-9A-Za-z%])\n+(?=[0-9A-Za-z])|(?<=\w)\n+(?=[0-9])", " ", text).replace(
        "\n", ""
    )


# A table as one text for every place of its grid; a cell that spans places is at each of them.
Matrix = tuple[tuple[str, ...], ...]

MAX_PLACES = 200_000
"""Most places of a table's grid; spans can make a small file claim without end."""

# Blanks, line ends, control characters, and format characters such as the zero-width ones.
_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp", "Zs"})


@lru_cache(maxsize=4096)  # labels and small numbers come again in every table
def normalise_text(text: str) -> str:
    """Return text without anything that a line break or a layout may add.

    Examples
    --------
    >>> normalise_text(" 一、 总体\\n情况")
    '一、总体情况'
    """
    if text.isprintable():  # of what is left out, only the blank is
        return normalise_characters(text.replace(" ", ""))
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
    """A paragraph, a heading or an item of a list."""

    text: str
    """The words as shown."""
    markdown: str
    """The same for narrative.md, without the heading's `#`."""
    level: int | None = None
    """A heading's level as the file says (1 for 一、), or None: the words must tell."""
    is_item: bool = False
    """An item of a list; its mark is in `markdown`."""
    beside: tuple[tuple[str, str], ...] = ()
    """What goes with it and is not in the words: kind (链接, 脚注 …) and its own text."""


@dataclass(frozen=True, slots=True)
class PageTable:
    """A table, every place of its grid filled."""

    rows: Matrix


PageBlock = Paragraph | PageTable


@dataclass(frozen=True, slots=True)
class Pages:
    """A file as read."""

    medium: str
    """`HTML`, `Word` or `PDF`."""
    blocks: tuple[PageBlock, ...]
    """What it shows, from the top down."""
    title: str = ""
    """What the file itself names as its title; empty when it names none."""
    pictures: int = 0
    """How many pictures were left out."""
    links: tuple[str, ...] = ()
    """Addresses that the file links to where it does not say at which words (a PDF)."""


PICTURE_ALONE = "〔图片〕"
"""Stands in a cell that holds a picture and no words: nobody knows what number it shows."""


def struck_words(words: str) -> str:
    """Say of words in a cell that they are struck through: with the rest they are no number."""
    return f"〔划去：{words}〕"


def fill_spans(
    rows: Sequence[Sequence[tuple[str, int, int]]],
) -> list[list[str]]:
    """Return the rows of (text, colspan, rowspan) as HTML has them -> the text at every place.

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


def page_table(rows: Sequence[Sequence[str]]) -> PageTable:
    """Return a table of these texts, normalised; rows without a cell are left out."""
    return PageTable(tuple(tuple(normalise_text(text) for text in row) for row in rows if row))

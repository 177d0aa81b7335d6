"""Markdown to plain blocks, each character remembering where it stood."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

BlockKind = Literal["heading", "paragraph", "item"]

_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_HEADING = re.compile(r"\s{0,3}#{1,6}\s+")
_ITEM = re.compile(r"\s*(?:[-*+]\s+|>\s?)")
_RULE = re.compile(r"\s*(?:(?:-\s*){3,}|(?:\*\s*){3,})")
_TABLE = re.compile(r"\s*\|.*\|\s*")
# Whether this line starts a block of its own without a blank line before it.
_NUMBERED = re.compile(
    r"\s*(?:[一二三四五六七八九十]{1,3}、|[（(](?:[一二三四五六七八九十]{1,3}|\d{1,2})[)）]"
    r"|\d{1,2}(?:、|[.．](?!\d)))"
)
_INLINE = re.compile(
    r"!\[[^\]]*\]\([^)]*\)"  # an image: nothing of it is prose
    r"|\[(?P<link>[^\]]+)\]\([^)]*\)"
    r"|\\(?P<escaped>[\\`*_{}\[\]()#+.!|<>~-])"
    r"|(?P<mark>\*{1,3}|(?<!_)__(?!_)|~~|`+)"
)


@dataclass(frozen=True, slots=True)
class PlainBlock:
    """A heading, paragraph or list item in plain words.

    Parameters
    ----------
    offsets
        For each character of ``text``, its place in the text that was handed in.
    """

    kind: BlockKind
    text: str
    offsets: tuple[int, ...]


def _inline(line: str, start: int) -> Iterator[tuple[str, int]]:
    """The visible characters of a line with their places."""
    position = 0
    for match in _INLINE.finditer(line):
        yield from ((line[i], start + i) for i in range(position, match.start()))
        for group in ("link", "escaped"):
            if match[group]:
                a, b = match.span(group)
                yield from ((line[i], start + i) for i in range(a, b))
        position = match.end()
    yield from ((line[i], start + i) for i in range(position, len(line)))


def _trim(pairs: list[tuple[str, int]]) -> list[tuple[str, int]]:
    first = next((i for i, (c, _) in enumerate(pairs) if not c.isspace()), len(pairs))
    last = next((i for i in range(len(pairs), 0, -1) if not pairs[i - 1][0].isspace()), 0)
    return pairs[first:last]


def _block(kind: BlockKind, pairs: list[tuple[str, int]]) -> PlainBlock:
    return PlainBlock(kind, "".join(c for c, _ in pairs), tuple(i for _, i in pairs))


def plain_blocks(text: str) -> tuple[PlainBlock, ...]:
    """Split Markdown into plain blocks: no markers, no tables, no images, no comments.

    Lines of one paragraph are joined without a blank, as Chinese is set. A line that starts
    with a number of the official levels (一、（一）1.（1）) is a block of its own.

    Examples
    --------
    >>> [b.text for b in plain_blocks("## 概述\\n\\n收到**3**件，\\n均已办结。")]
    ['概述', '收到3件，均已办结。']
    """
    # A comment keeps its length, so that every place stays right.
    text = _COMMENT.sub(lambda m: re.sub(r"[^\n]", " ", m[0]), text)
    blocks: list[PlainBlock] = []
    pairs: list[tuple[str, int]] = []
    kind: BlockKind = "paragraph"

    def flush() -> None:
        nonlocal pairs, kind
        if pairs:
            blocks.append(_block(kind, pairs))
        pairs, kind = [], "paragraph"

    start = 0
    for full in text.splitlines(keepends=True):
        line, offset = full.rstrip("\r\n\v\f\x1c\x1d\x1e\x85\u2028\u2029"), start
        start += len(full)
        if not line.strip() or _TABLE.fullmatch(line) or _RULE.fullmatch(line):
            flush()
            continue
        if match := _HEADING.match(line):
            flush()
            content = _trim(list(_inline(line[match.end() :], offset + match.end())))
            if content:
                blocks.append(_block("heading", content))
            continue
        if match := _ITEM.match(line):
            flush()
            kind, line, offset = "item", line[match.end() :], offset + match.end()
        elif _NUMBERED.match(line):
            flush()
        pairs.extend(_trim(list(_inline(line, offset))))
    flush()
    return tuple(blocks)

"""Words of a finished file as the Markdown that narrative.md holds."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import groupby

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
    """Return text with its emphasis marks; blanks and what is escaped stay outside of them, since
    Markdown takes no mark beside those for one.
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
        [escape_markdown("".join(text.split("\n"))).replace("|", "\\|").strip() for text in row]
        for row in matrix
    ]
    rows.insert(1, ["---"] * len(rows[0]))
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)

"""Three-way merge of two edited texts on the text they came from.

Paragraphs first, then sentences; a sentence that both sides changed is merged token by token;
where the two touch the same words, both are kept between markers and nothing is lost.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from nianbao.prose.differences import Edit, matches, sentence_edits, tokenize

_PARAGRAPH = re.compile(r"[^\n]*\n+|[^\n]+$")
"""A line with the blank ones behind it: by themselves they are alike everywhere in a text."""
OURS, MIDDLE, THEIRS = "<<<<<<<", "=======", ">>>>>>>"


@dataclass(frozen=True, slots=True)
class Merged:
    """The merged text, and how many places hold both versions between markers."""

    text: str
    conflicts: int = 0


@dataclass(frozen=True, slots=True)
class _Chunk:
    """A stretch of the three texts."""

    base: Sequence[str]
    ours: Sequence[str]
    theirs: Sequence[str]


def _unchanged(base: Sequence[str], side: Sequence[str]) -> dict[int, int]:
    return {
        i1 + k: j1 + k
        for tag, (i1, i2, j1, _) in matches(base, side)
        if tag == "equal"
        for k in range(i2 - i1)
    }


def _chunks(base: Sequence[str], ours: Sequence[str], theirs: Sequence[str]) -> Iterator[_Chunk]:
    """Cut the three texts at the elements that stand unchanged in both."""
    in_ours, in_theirs = _unchanged(base, ours), _unchanged(base, theirs)
    i = a = b = 0
    for k in [*(k for k in range(len(base)) if k in in_ours and k in in_theirs), len(base)]:
        to_a = in_ours.get(k, len(ours)) if k < len(base) else len(ours)
        to_b = in_theirs.get(k, len(theirs)) if k < len(base) else len(theirs)
        if i < k or a < to_a or b < to_b:
            yield _Chunk(base[i:k], ours[a:to_a], theirs[b:to_b])
        if k < len(base):
            yield _Chunk(base[k : k + 1], ours[to_a : to_a + 1], theirs[to_b : to_b + 1])
        i, a, b = k + 1, to_a + 1, to_b + 1


def _settled(chunk: _Chunk) -> Sequence[str] | None:
    """Return what a chunk becomes, or None when both sides changed it differently."""
    ours, theirs, base = list(chunk.ours), list(chunk.theirs), list(chunk.base)
    if ours == theirs or theirs == base:
        return ours
    return theirs if ours == base else None


def merge_tokens(base: str, ours: str, theirs: str) -> str | None:
    """Merge three versions of one paragraph, or None where they touch the same words.

    Examples
    --------
    >>> merge_tokens("甲乙丙丁", "甲一乙丙丁", "甲乙丙二丁")
    '甲一乙丙二丁'
    """
    pieces: list[str] = []
    for chunk in _chunks(tokenize(base), tokenize(ours), tokenize(theirs)):
        settled = _settled(chunk)
        if settled is None:
            return None
        pieces += settled
    return "".join(pieces)


def merge_sentences(base: str, ours: str, theirs: str) -> str | None:
    """Merge three versions of a paragraph, or None where both sides touch the same words.

    Sentence by sentence: what one side put in or took out stands by itself, and only a sentence
    that both changed is merged by its words. Else a change of the one would find its like in a
    sentence that the other has put in.

    Examples
    --------
    >>> merge_sentences("甲网站。", "乙网站。", "甲公报。甲网站。")
    '甲公报。乙网站。'
    """
    edits = sorted(
        {*sentence_edits(base, ours), *sentence_edits(base, theirs)},
        key=lambda edit: (edit.start, edit.stop),
    )
    pieces: list[str] = []
    position, place = 0, 0
    while place < len(edits):
        edit, *following = edits[place : place + 2]
        after, place = edit.after, place + 1
        if following and _touch(edit, following[0]):
            other = following[0]
            same = (edit.start, edit.stop) == (other.start, other.stop)
            kept = same and edit.before and after and other.after
            merged = merge_tokens(edit.before, after, other.after) if kept else None
            if merged is None:
                return None
            after, place = merged, place + 1
            if place < len(edits) and _touch(edit, edits[place]):
                return None
        pieces += [base[position : edit.start], after]
        position = edit.stop
    return "".join([*pieces, base[position:]])


def _touch(first: Edit, second: Edit) -> bool:
    """Return whether two edits are of the same words, or put something in at the same place."""
    if first.start == first.stop or second.start == second.stop:
        return (first.start, first.stop) == (second.start, second.stop)
    return second.start < first.stop


def transfer_edit(made: str, ours: str, edited: str) -> str:
    """Carry an edit of one writing of a text over to another writing of it.

    Parameters
    ----------
    made, ours
        Two writings in Markdown that read alike: as a Word file gives it, and as its author
        wrote it.
    edited
        ``made`` after an edit.

    Returns
    -------
    str
        As much of the author's writing as the edit left alone; where both differ from ``made``,
        the editor's.

    Examples
    --------
    >>> transfer_edit("- 甲。\\n- 乙。", "* 甲。\\n* 乙。", "- 甲。\\n- 乙、丙。")
    '* 甲。\\n* 乙、丙。'
    """
    pieces: list[str] = []
    for chunk in _chunks(*(text.splitlines(keepends=True) for text in (made, ours, edited))):
        settled = _settled(chunk)
        if settled is not None:
            pieces += settled
            continue
        sides = ("".join(chunk.base), "".join(chunk.ours), "".join(chunk.theirs))
        for inner in _chunks(*map(tokenize, sides)):
            kept = _settled(inner)
            pieces += inner.theirs if kept is None else kept
    return "".join(pieces)


def merge_texts(
    base: str, ours: str, theirs: str, labels: tuple[str, str] = ("文件", "编辑稿")
) -> Merged:
    """Merge two texts that were both made from ``base``.

    ``labels`` are what the two sides are called in the markers.

    Examples
    --------
    >>> merge_texts("一段。\\n", "一段。\\n", "一大段。\\n").text
    '一大段。\\n'
    """
    paragraphs = [_PARAGRAPH.findall(text) for text in (base, ours, theirs)]
    pieces: list[str] = []
    conflicts = 0
    for chunk in _chunks(*paragraphs):
        settled = _settled(chunk)
        if settled is not None:
            pieces += settled
            continue
        sides = ["".join(side) for side in (chunk.base, chunk.ours, chunk.theirs)]
        merged = merge_sentences(*sides)
        if merged is None:
            conflicts += 1
            merged = _both(sides[1], sides[2], labels)
        pieces.append(merged)
    return Merged("".join(pieces), conflicts)


def _both(ours: str, theirs: str, labels: tuple[str, str]) -> str:
    def ended(text: str) -> str:
        return text if not text or text.endswith("\n") else text + "\n"

    return f"{OURS} {labels[0]}\n{ended(ours)}{MIDDLE}\n{ended(theirs)}{THEIRS} {labels[1]}\n"


def conflict_line(text: str) -> int | None:
    """Return the 1-based line of the first marker in a text, or None."""
    for number, line in enumerate(text.splitlines(), 1):
        if line.startswith((OURS + " ", THEIRS + " ")) or line == MIDDLE:
            return number
    return None

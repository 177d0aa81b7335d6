"""Compare two texts: sentence by sentence, clause by clause, token by token.

Chinese has no blanks between words: a token is one character, but a number, a Latin word, an
escaped sign or a placeholder is one token as a whole.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from typing import Literal, assert_never

from nianbao.prose.blocks import (
    Block,
    FigureBlock,
    GridBlock,
    HeadingBlock,
    ImageBlock,
    ListBlock,
    ParagraphBlock,
    TableBlock,
    inlines_of,
    plain_text,
)
from nianbao.prose.markdown import to_blocks

ChangeKind = Literal["added", "removed", "changed", "moved"]
Mark = Literal["same", "removed", "added"]

LIKE = 0.5
"""Least likeness of two sentences to be one that was changed."""

_SENTENCE = re.compile(r"[^。！？\n]+[。！？]?")
_PART = re.compile(r"[^。！？\n]*[。！？]+[”’）」』]*|[^。！？\n]+|\n+")
_CLAUSE = re.compile(r"[^，；：、。！？]*[，；：、。！？]|[^，；：、。！？]+")


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a changed sentence: the same in both, or only in the one."""

    mark: Mark
    text: str


@dataclass(frozen=True, slots=True)
class SentenceChange:
    """A sentence that is not the same in both texts."""

    section: str
    """The section it stands in; of a moved one, where it stands now."""
    kind: ChangeKind
    """`moved` for a sentence that stands in another section, word for word."""
    before: str = ""
    after: str = ""
    """The sentence in the earlier and the later text; empty where it has none."""
    pieces: tuple[Piece, ...] = ()
    """Of a changed sentence, the words of both, marked."""


def sentences(markdown: str) -> list[str]:
    """Return the sentences of a section as a reader sees them.

    Headings, items and table rows are among them.

    Examples
    --------
    >>> sentences("**一是**查漏。\\n\\n二是补缺")
    ['一是查漏。', '二是补缺']
    """
    lines = (line for block in to_blocks([markdown], "") for line in _lines(block))
    return [found.strip() for line in lines for found in _SENTENCE.findall(line) if found.strip()]


def _lines(block: Block) -> Iterator[str]:
    match block:
        case HeadingBlock() | ParagraphBlock() | ListBlock():
            yield from map(plain_text, inlines_of(block))
        case TableBlock():
            yield from ("｜".join(row) for row in (block.head, *block.texts))
        case GridBlock() | FigureBlock() | ImageBlock():
            pass  # not words of a section
        case _:
            assert_never(block)


def word_marks(before: str, after: str) -> tuple[Piece, ...]:
    """Return the words of both sentences in one line, what is only in one of them marked.

    Clauses are marked as a whole, so that each can be read; of a clause with other numbers
    alone, the numbers.

    Examples
    --------
    >>> [(p.mark, p.text) for p in word_marks("收到3件申请", "收到5件申请")]
    [('same', '收到'), ('removed', '3'), ('added', '5'), ('same', '件申请')]
    """
    runs: list[_Run] = []
    for same, left, right in _runs(before, after):
        if runs and not same and not runs[-1][0]:
            runs[-1] = (False, runs[-1][1] + left, runs[-1][2] + right)
        else:
            runs.append((same, left, right))
    pieces: list[Piece] = []
    for same, left, right in runs:
        parts = [Piece("same", left)] if same else [Piece("removed", left), Piece("added", right)]
        pieces += [piece for piece in parts if piece.text]
    return tuple(pieces)


_Run = tuple[bool, str, str]
"""Whether a stretch is the same in both sentences, and how it reads in each."""


def _runs(before: str, after: str) -> Iterator[_Run]:
    """Yield the stretches that are the same, and those that are not.

    Clauses that differ only in numbers stand together.
    """
    old, new = _CLAUSE.findall(before), _CLAUSE.findall(after)
    for _, (i1, i2, j1, j2) in matches(
        *([_without_numbers(c) for c in side] for side in (old, new))
    ):
        if i2 - i1 == j2 - j1:
            for left, right in zip(old[i1:i2], new[j1:j2], strict=True):
                yield from _clause_runs(left, right)
        else:
            yield False, "".join(old[i1:i2]), "".join(new[j1:j2])


def _without_numbers(clause: str) -> str:
    return "".join("#" if is_number(token) else token for token in tokenize(clause))


def _clause_runs(left: str, right: str) -> Iterator[_Run]:
    """Yield the numbers that changed within a clause, and the words put in or taken out.

    Else the whole clause is yielded: letters that two wordings share by chance would cut through
    words.
    """
    old, new = tokenize(left), tokenize(right)
    found = [
        (tag == "equal", "".join(old[i1:i2]), "".join(new[j1:j2]))
        for tag, (i1, i2, j1, j2) in matches(old, new)
    ]
    changed = [(gone, come) for same, gone, come in found if not same]
    one_sided = len(changed) == 1 and not all(changed[0]) and max(map(len, changed[0])) > 1
    if one_sided or _without_numbers(left) == _without_numbers(right):
        yield from found
    else:
        yield False, left, right


def _partners(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Yield which sentence became which, both in order: of those left the likest, if one is."""
    first = 0
    for place, sentence in enumerate(new):
        left = old[first:]
        scores = [SequenceMatcher(None, s, sentence, autojunk=False).ratio() for s in left]
        best = max(range(len(left)), key=lambda i: scores[i], default=None)
        if best is not None and scores[best] >= LIKE:
            yield first + best, place
            first += best + 1


def _pair(section: str, old: Sequence[str], new: Sequence[str]) -> Iterator[SentenceChange]:
    """Yield the sentences that stand in each other's place.

    Those that are alike are changed ones; else what went comes first, then what came.
    """
    i = j = 0
    for gone, come in _partners(old, new):
        yield from _unpaired(section, old[i:gone], new[j:come])
        marks = word_marks(old[gone], new[come])
        yield SentenceChange(section, "changed", old[gone], new[come], marks)
        i, j = gone + 1, come + 1
    yield from _unpaired(section, old[i:], new[j:])


def _unpaired(section: str, gone: Sequence[str], come: Sequence[str]) -> Iterator[SentenceChange]:
    yield from (SentenceChange(section, "removed", before=sentence) for sentence in gone)
    yield from (SentenceChange(section, "added", after=sentence) for sentence in come)


def _section_changes(section: str, before: str, after: str) -> Iterator[SentenceChange]:
    old, new = sentences(before), sentences(after)
    for tag, (i1, i2, j1, j2) in matches(old, new):
        if tag != "equal":
            yield from _pair(section, old[i1:i2], new[j1:j2])


def compare_prose(
    before: Mapping[str, str], after: Mapping[str, str]
) -> tuple[SentenceChange, ...]:
    """Return every sentence that was added, removed, changed or moved, section by section.

    Both are final words as Markdown by section id.
    """
    order = dict.fromkeys([*after, *before])
    found = [
        change
        for section in order
        for change in _section_changes(section, before.get(section, ""), after.get(section, ""))
    ]
    return _with_moves(found)


def _with_moves(found: Sequence[SentenceChange]) -> tuple[SentenceChange, ...]:
    """Tell what went in one place and came in another as one change, each sentence once."""
    gone: defaultdict[str, list[int]] = defaultdict(list)
    for place, change in enumerate(found):
        if change.kind == "removed":
            gone[change.before].append(place)
    origins = {
        place: gone[change.after].pop(0)
        for place, change in enumerate(found)
        if change.kind == "added" and gone[change.after]
    }
    moved = set(origins.values())
    return tuple(
        replace(change, kind="moved", before=found[origins[place]].section)
        if place in origins
        else change
        for place, change in enumerate(found)
        if place not in moved
    )


@dataclass(frozen=True, slots=True)
class Edit:
    """A sentence of a text that was changed, put in or taken out."""

    start: int
    stop: int
    """Where `before` stands in the text, in characters."""
    before: str
    after: str
    """Empty for a sentence that is new, or gone."""


def sentence_edits(before: str, after: str) -> tuple[Edit, ...]:
    """Cut the difference of two texts in Markdown into edits of single sentences.

    Examples
    --------
    >>> [(e.before, e.after) for e in sentence_edits("甲。乙。丙。", "甲。乙一。丙。丁。")]
    [('乙。', '乙一。'), ('', '丁。')]
    """
    old, new = _PART.findall(before), _PART.findall(after)
    starts = [0]
    for part in old:
        starts.append(starts[-1] + len(part))
    edits: list[Edit] = []
    # Blank lines are alike everywhere: one by itself says nothing about where a sentence went.
    for tag, (i1, i2, j1, j2) in matches(old, new, is_filler=str.isspace):
        if tag != "equal":
            for i, k, text in _aligned(old, new, (i1, i2, j1, j2)):
                edits.append(Edit(starts[i], starts[k], "".join(old[i:k]), text))
    return tuple(edit for edit in edits if edit.before != edit.after)


def _aligned(
    old: Sequence[str], new: Sequence[str], piece: Matched
) -> Iterator[tuple[int, int, str]]:
    """Yield, in a changed piece, which sentences of ``old`` became which text."""
    i1, i2, j1, j2 = piece
    i, j = i1, j1
    for gone, come in _partners(old[i1:i2], new[j1:j2]):
        if i < i1 + gone or j < j1 + come:
            yield i, i1 + gone, "".join(new[j : j1 + come])
        yield i1 + gone, i1 + gone + 1, new[j1 + come]
        i, j = i1 + gone + 1, j1 + come + 1
    if i < i2 or j < j2:
        yield i, i2, "".join(new[j:j2])


def with_edits(before: str, edits: Sequence[Edit]) -> str:
    """Make some of a text's edits.

    Examples
    --------
    >>> with_edits("甲。乙。", sentence_edits("甲。乙。", "甲一。乙一。")[1:])
    '甲。乙一。'
    """
    pieces, position = [], 0
    for edit in edits:
        pieces += [before[position : edit.start], edit.after]
        position = edit.stop
    return "".join([*pieces, before[position:]])


DIGITS = r"(?:\d{1,3}(?:,\d{3})+(?!\d)|\d+)(?:\.\d+)?%?"
"""A number as prose prints it, thousands apart or not."""
_TOKEN = re.compile(
    rf"\{{\{{[^{{}}\n]*\}}\}}|\\[!-/:-@\[-`{{-~]|{DIGITS}|[A-Za-z]+|\s+|.", re.DOTALL
)
_NUMBER = re.compile(DIGITS)

Matched = tuple[int, int, int, int]
"""A piece ``a[i1:i2]`` beside ``b[j1:j2]``."""


def tokenize(text: str) -> list[str]:
    """Split a text; joining the tokens gives it again.

    Examples
    --------
    >>> tokenize("收到12.5%，{{ 甲 }}")
    ['收', '到', '12.5%', '，', '{{ 甲 }}']
    """
    return _TOKEN.findall(text)


def sign_of(token: str) -> str:
    """Return the sign that a token shows.

    Whether it had to be escaped does not matter to the words.

    Examples
    --------
    >>> [sign_of(token) for token in tokenize(r"\\[公]")]
    ['[', '公', ']']
    """
    return token[1:] if len(token) == 2 and token[0] == "\\" else token


def is_number(token: str) -> bool:
    """Return whether a token is a number as prose prints it."""
    return bool(_NUMBER.fullmatch(token))


def matches(
    a: Sequence[str], b: Sequence[str], *, is_filler: Callable[[str], bool] | None = None
) -> Iterator[tuple[str, Matched]]:
    """Yield the pieces of two token lists in order: ``equal``, or ``change``.

    A filler is only equal beside a token that is.
    """
    for tag, i1, i2, j1, j2 in SequenceMatcher(is_filler, a, b, autojunk=False).get_opcodes():
        yield ("equal" if tag == "equal" else "change"), (i1, i2, j1, j2)


def number_pairs(
    a: Sequence[str], b: Sequence[str], piece: Matched | None = None
) -> dict[int, int]:
    """Return, in a changed piece, which number of ``a`` became which of ``b``, by position.

    As many numbers on both sides are matched in order; otherwise by the words beside them, those
    before more than those after, for they say what is counted (收到3件，办结2件). A number without
    a partner is left out.

    Both texts are whole, since the words beside a number may stand outside the ``piece`` that
    changed, which is everything by default.

    Examples
    --------
    >>> before, after = tokenize("收到3件，办结2件"), tokenize("收到4件，其中网络1件，办结2件")
    >>> {before[i]: after[j] for i, j in number_pairs(before, after).items()}
    {'3': '4', '2': '2'}
    """
    i1, i2, j1, j2 = piece or (0, len(a), 0, len(b))
    here = [k for k in range(i1, i2) if is_number(a[k])]
    there = [k for k in range(j1, j2) if is_number(b[k])]
    if len(here) == len(there):
        return dict(zip(here, there, strict=True))
    if len(here) * len(there) > _MOST_PAIRS:
        return {}
    left, right = _with_ends(a), _with_ends(b)
    # Row by row: the best score of the numbers so far, and the pairs that make it.
    best: list[_Chosen] = [(0, None)] * (len(there) + 1)
    for i in here:
        row: list[_Chosen] = [(0, None)]
        for place, j in enumerate(there):
            alike = _likeness(left, right, i, j)
            score, pairs = best[place]
            found = (score + alike, (i, j, pairs)) if alike >= _LEAST_ALIKE else (0, None)
            row.append(max(found, best[place + 1], row[place], key=lambda chosen: chosen[0]))
        best = row
    return dict(sorted(_pairs(best[-1][1])))


_MOST_PAIRS = 250_000  # a text that was written anew; its numbers are nobody's partners
_LEAST_ALIKE = 2
_BEFORE, _AFTER = 6, 2  # so many tokens are looked at; after a number stands its measure word

_Chain = tuple[int, int, "_Chain"] | None
_Chosen = tuple[int, _Chain]


def _with_ends(tokens: Sequence[str]) -> list[str]:
    """Return all numbers alike; the ends of the text are signs too."""
    return ["^", *("#" if is_number(token) else token for token in tokens), "$"]


def _likeness(a: Sequence[str], b: Sequence[str], i: int, j: int) -> int:
    """Return how alike the words beside two numbers are; a word before counts twice."""
    i, j = i + 1, j + 1  # behind the sign of the beginning
    before = _same(a[max(i - _BEFORE, 0) : i][::-1], b[max(j - _BEFORE, 0) : j][::-1])
    return 2 * before + _same(a[i + 1 : i + 1 + _AFTER], b[j + 1 : j + 1 + _AFTER])


def _same(a: Sequence[str], b: Sequence[str]) -> int:
    """Count the tokens that are the same from the beginning on."""
    return next(
        (k for k, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b))
    )


def _pairs(chain: _Chain) -> Iterator[tuple[int, int]]:
    while chain is not None:
        i, j, chain = chain
        yield i, j

"""Texts as tokens, and how two of them match: the ground that merging stands on.

Chinese has no blanks between words: a token is one character, but a number, a Latin word, an
escaped sign or a placeholder is one token as a whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

_TOKEN = re.compile(
    r"\{\{[^{}\n]*\}\}|\\[!-/:-@\[-`{-~]|\d+(?:\.\d+)?%?|[A-Za-z]+|\s+|.", re.DOTALL
)
_NUMBER = re.compile(r"\d+(?:\.\d+)?%?")

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
    """The sign that a token shows: whether it had to be escaped is not the words' concern.

    Examples
    --------
    >>> [sign_of(token) for token in tokenize(r"\\[公]")]
    ['[', '公', ']']
    """
    return token[1:] if len(token) == 2 and token[0] == "\\" else token


def is_number(token: str) -> bool:
    """Whether a token is a number as prose prints it."""
    return bool(_NUMBER.fullmatch(token))


def matches(a: Sequence[str], b: Sequence[str]) -> Iterator[tuple[str, Matched]]:
    """The pieces of two token lists in order: ``equal``, or ``change``."""
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, a, b, autojunk=False).get_opcodes():
        yield ("equal" if tag == "equal" else "change"), (i1, i2, j1, j2)


def number_pairs(
    a: Sequence[str], b: Sequence[str], piece: Matched | None = None
) -> dict[int, int]:
    """In a changed piece: which number of ``a`` became which number of ``b``, by position.

    As many numbers on both sides are matched in order; otherwise by the words beside them, those
    before more than those after, for they say what is counted (收到3件，办结2件). A number without
    a partner is not told.

    Parameters
    ----------
    a, b
        Both texts, whole: the words beside a number may be outside the piece.
    piece
        What changed; everything by default.

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
    left, right = _masked(a), _masked(b)
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


def _masked(tokens: Sequence[str]) -> list[str]:
    """All numbers alike; the ends of the text are signs too."""
    return ["^", *("#" if is_number(token) else token for token in tokens), "$"]


def _likeness(a: Sequence[str], b: Sequence[str], i: int, j: int) -> int:
    """How alike the words beside two numbers are; a word before counts twice."""
    i, j = i + 1, j + 1  # behind the sign of the beginning
    before = _same(a[max(i - _BEFORE, 0) : i][::-1], b[max(j - _BEFORE, 0) : j][::-1])
    return 2 * before + _same(a[i + 1 : i + 1 + _AFTER], b[j + 1 : j + 1 + _AFTER])


def _same(a: Sequence[str], b: Sequence[str]) -> int:
    """So many tokens are the same from the beginning on."""
    return next(
        (k for k, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b))
    )


def _pairs(chain: _Chain) -> Iterator[tuple[int, int]]:
    while chain is not None:
        i, j, chain = chain
        yield i, j

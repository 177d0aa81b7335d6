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


def number_pairs(a: Sequence[str], b: Sequence[str]) -> dict[int, int]:
    """In a changed piece: which number of ``a`` became which number of ``b``, by position.

    As many numbers on both sides are matched in order; otherwise by the words beside them, and
    a number without a partner is not told.
    """
    here, there = ([k for k, t in enumerate(side) if is_number(t)] for side in (a, b))
    if len(here) == len(there):
        return dict(zip(here, there, strict=True))
    masked = ([("#" if is_number(t) else t) for t in side] for side in (a, b))
    pairs: dict[int, int] = {}
    for tag, (i1, i2, j1, _) in matches(*masked):
        if tag == "equal" and i2 - i1 > 1:
            pairs |= {i: j1 + i - i1 for i in range(i1, i2) if is_number(a[i])}
    return pairs

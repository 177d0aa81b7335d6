"""Words a clerk typed, matched with the official ones."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from difflib import get_close_matches
from functools import lru_cache

from nianbao.files.characters import normalise_characters

_NOT_WORD = re.compile(r"[\W_]+")
MAX_PROBLEMS = 100
"""Problems reported of one file; a ledger with a wrong column would otherwise list every row."""


@lru_cache(maxsize=20_000)  # labels come again in every row of every file
def normalise_word(text: str) -> str:
    """Reduce to the bare word: letters half-width, without blanks and punctuation.

    Two writings of one label become the same word; nothing else about them is guessed.

    Examples
    --------
    >>> normalise_word("本年收费金额 (万元)") == normalise_word("本年收费金额（万元）")
    True
    """
    return _NOT_WORD.sub("", unicodedata.normalize("NFKC", normalise_characters(text)))


def nearest(word: str, known: Iterable[str]) -> str | None:
    """Return the known word most like this one, or the only one it is a part of; else None.

    Examples
    --------
    >>> nearest("requsts", ["requests", "reviews"])
    'requests'
    >>> nearest("本年新收", ["本年新收政府信息公开申请数量", "上年结转政府信息公开申请数量"])
    '本年新收政府信息公开申请数量'
    """
    folded = {normalise_word(k).casefold(): k for k in known}
    bare = normalise_word(word).casefold()
    match = get_close_matches(bare, folded, n=1, cutoff=0.6)
    whole = [k for k in folded if bare in k] if len(bare) > 1 else []
    if match:
        return folded[match[0]]
    return folded[whole[0]] if len(whole) == 1 else None


def ask_for(word: str, known: Iterable[str]) -> str | None:
    """Return the remedy that names the nearest known word, or None.

    It asks, because the nearest word need not be the one that was meant.
    """
    near = nearest(word, known)
    return f"是否应为“{near}”" if near else None


def alike(name: str, names: Iterable[str], most: int = 3) -> tuple[str, ...]:
    """Return the known names most like this one, letter by letter, the best first.

    Examples
    --------
    >>> alike("办结", ["新收申请", "办结申请"])
    ('办结申请',)
    """
    return tuple(get_close_matches(name, list(names), most, 0.4))


def perhaps(name: str, names: Iterable[str]) -> str:
    """Return the question whether one of the names that are alike was meant; empty when none is.

    Examples
    --------
    >>> perhaps("办结", ["新收申请", "办结申请"])
    '是不是“办结申请”？'
    """
    close = alike(name, names)
    return f"是不是“{'”“'.join(close)}”？" if close else ""


def listing(words: Iterable[str]) -> str:
    """Return words joined as Chinese lists them."""
    return "、".join(words)


def column_letter(index: int) -> str:
    """Return the letter Excel shows over the column with this 0-based index.

    Examples
    --------
    >>> column_letter(27)
    'AB'
    """
    letters = ""
    number = index + 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters

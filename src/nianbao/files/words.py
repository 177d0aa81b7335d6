"""Words a clerk typed, matched with the official ones."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from difflib import get_close_matches

_NOT_WORD = re.compile(r"[\W_]+")
# Byte order mark, soft hyphen, zero-width signs, marks of left-to-right. What turns the order of
# letters round is not left out but refused, see nianbao.files.characters.
_INVISIBLE = re.compile("[\ufeff\u00ad\u200b-\u200f\u202a\u202c\u202d\u2060-\u2064]")
# What looks like an ordinary character and is another: a letter and an accent written as two, and
# radicals, into which programs turn characters when text is copied out of a PDF.
_LOOSE = re.compile("[A-Za-z][\u0300-\u036f]+|[\u2e9f\u2ef3\u2f00-\u2fd5]")
MAX_PROBLEMS = 100
"""Problems told of one file; a ledger with a wrong column would otherwise list every row."""


def fold(text: str) -> str:
    """The bare word: full-width letters made half-width, blanks and punctuation removed.

    Two writings of one label fold to the same word; nothing else about them is guessed.

    Examples
    --------
    >>> fold("本年收费金额 (万元)") == fold("本年收费金额（万元）")
    True
    """
    return _NOT_WORD.sub("", unicodedata.normalize("NFKC", text))


def visible(text: str) -> str:
    """The text without the signs that nobody sees, which come along when text is copied.

    Characters that only look like the ordinary ones become those.

    Examples
    --------
    >>> visible("公\u200b\u2f64")
    '公用'
    """
    return _LOOSE.sub(lambda m: unicodedata.normalize("NFKC", m[0]), _INVISIBLE.sub("", text))


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word most like this one, or the only one it is a part of; else None.

    Examples
    --------
    >>> nearest("requsts", ["requests", "reviews"])
    'requests'
    >>> nearest("本年新收", ["本年新收政府信息公开申请数量", "上年结转政府信息公开申请数量"])
    '本年新收政府信息公开申请数量'
    """
    folded = {fold(k).casefold(): k for k in known}
    bare = fold(word).casefold()
    match = get_close_matches(bare, folded, n=1, cutoff=0.6)
    whole = [k for k in folded if bare in k] if len(bare) > 1 else []
    if match:
        return folded[match[0]]
    return folded[whole[0]] if len(whole) == 1 else None


def ask_for(word: str, known: Iterable[str]) -> str | None:
    """The remedy that names the nearest known word, or None.

    It asks, because the nearest word need not be the one that was meant.
    """
    near = nearest(word, known)
    return f"是否应为“{near}”" if near else None


def alike(name: str, names: Iterable[str], most: int = 3) -> tuple[str, ...]:
    """The known names most like this one, letter by letter, the best first.

    Examples
    --------
    >>> alike("办结", ["新收申请", "办结申请"])
    ('办结申请',)
    """
    return tuple(get_close_matches(name, list(names), most, 0.4))


def perhaps(name: str, names: Iterable[str]) -> str:
    """The question whether one of the names that are alike was meant; empty when none is.

    Examples
    --------
    >>> perhaps("办结", ["新收申请", "办结申请"])
    '是不是“办结申请”？'
    """
    close = alike(name, names)
    return f"是不是“{'”“'.join(close)}”？" if close else ""


def listing(words: Iterable[str]) -> str:
    """Words joined as Chinese lists them."""
    return "、".join(words)


def column_letter(index: int) -> str:
    """The letter Excel shows over the column with this 0-based index.

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

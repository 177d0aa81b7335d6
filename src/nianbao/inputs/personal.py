"""Numbers of persons: identity cards and mobile telephones, found and made unreadable.

A ledger names applicants; a report may not. Such a number in a column whose words are
published is a problem, and no message of ours spreads the number it warns of.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator

_ID = re.compile(
    r"(?<![\dA-Za-z])[1-9]\d{5}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx]"
    r"(?![\dA-Za-z])"
)
_MOBILE = re.compile(r"(?<!\d)(?:\+?86[\s-]?)?1[3-9]\d[\s-]?\d{4}[\s-]?\d{4}(?!\d)")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK = "10X98765432"
_DIGITS = re.compile(r"\d[\d\s-]{8,}")
IDENTITY, MOBILE = "居民身份证号码", "手机号码"


def is_identity_number(text: str) -> bool:
    """Whether 18 characters are an identity number with its right check character (GB 11643).

    Examples
    --------
    >>> is_identity_number("11010519491231002X"), is_identity_number("110105194912310021")
    (True, False)
    """
    if not _ID.fullmatch(text):
        return False
    total = sum(int(d) * w for d, w in zip(text[:17], _WEIGHTS, strict=True))
    return _CHECK[total % 11] == text[17].upper()


def personal_numbers(text: str, *, mobile: bool = True) -> Iterator[tuple[str, str]]:
    """What kind of number each is, and the number with its middle taken out.

    Parameters
    ----------
    text
        As written; full-width digits count as digits.
    mobile
        Whether mobile numbers are looked for too.

    Examples
    --------
    >>> list(personal_numbers("申请人 11010519491231002X"))
    [('居民身份证号码', '110…2X')]
    """
    plain = unicodedata.normalize("NFKC", text)
    for match in _ID.finditer(plain):
        if is_identity_number(match[0]):
            yield IDENTITY, shortened(match[0])
    if mobile:
        for match in _MOBILE.finditer(plain):
            yield MOBILE, shortened(match[0])


def shortened(number: str) -> str:
    """Only the beginning and the end of a number."""
    return f"{number[:3]}…{number[-2:]}"


def masked(text: str) -> str:
    """A text to be quoted in a message, without the numbers of persons in it.

    Examples
    --------
    >>> masked("张某 11010519491231002X 提出")
    '张某 110…2X 提出'
    """
    plain = unicodedata.normalize("NFKC", text)
    if not _DIGITS.search(plain):
        return text
    hidden = _ID.sub(lambda m: shortened(m[0]), plain)
    hidden = _MOBILE.sub(lambda m: shortened(m[0]), hidden)
    return text if hidden == plain else hidden


def suspicious(texts: Iterable[str]) -> bool:
    """Whether any of many texts may hold such a number; quick, so that ledgers can be long."""
    plain = unicodedata.normalize("NFKC", "\n".join(texts))
    return bool(_ID.search(plain) or _MOBILE.search(plain))

"""Chinese numerals: one way to write a number, a strict and a lenient way to read one."""

from __future__ import annotations

import re

NUMERAL = "〇零一二两三四五六七八九十百千万亿"
"""What a numeral in running text is written with."""
LONGEST_NUMERAL = 30
"""Characters beyond which a numeral is no quantity but a number of something."""

_WRITTEN = "零一二三四五六七八九"
_POWERS = ("", "十", "百", "千")
_MYRIADS = ("", "万", "亿", "万亿")
_DIGITS = {digit: n for n, digit in enumerate(_WRITTEN)} | {"〇": 0, "两": 2}
_TENS = {"十": 10, "百": 100, "千": 1000}
_PLAIN = str.maketrans("〇两壹贰叁肆伍陆柒捌玖拾佰仟", "零二一二三四五六七八九十百千")


def numeral(number: int) -> str:
    """Write a count as a Chinese numeral.

    Examples
    --------
    >>> numeral(42), numeral(10), numeral(20240)
    ('四十二', '十', '二万零二百四十')
    """
    if number == 0:
        return _WRITTEN[0]
    if number < 0:
        return f"负{numeral(-number)}"
    if number >= 10_000 ** len(_MYRIADS):  # nobody writes such a number out
        return str(number)
    words, scale, gap = "", 0, False
    while number:
        number, group = divmod(number, 10_000)
        if group:
            words = _below_myriad(group) + _MYRIADS[scale] + ("零" if gap else "") + words
        gap = bool(words) and group < 1000
        scale += 1
    return words.removeprefix("一") if words.startswith("一十") else words


def _below_myriad(number: int) -> str:
    digits = str(number)
    words = "".join(
        _WRITTEN[int(digit)] + (_POWERS[len(digits) - place] if digit != "0" else "")
        for place, digit in enumerate(digits, 1)
    )
    return re.sub("零+", "零", words).rstrip("零")


def parse_numeral(text: str) -> int | None:
    """Read a numeral that is written in full; what may mean two numbers is not guessed at.

    Examples
    --------
    >>> parse_numeral("一百二十"), parse_numeral("拾捌"), parse_numeral("二〇二四")
    (120, 18, 2024)
    >>> parse_numeral("一百二") is None
    True
    """
    plain = text.translate(_PLAIN)
    number = read_numeral(plain)
    if number is None or (len(plain) == 2 and set(plain) <= _DIGITS.keys()):
        return None
    if set(plain) <= _DIGITS.keys():
        return number
    # Written again it must be the same: 一百二 is not 102.
    return number if plain.replace("一十", "十") == numeral(number).replace("一十", "十") else None


def read_numeral(text: str) -> int | None:
    """Read a numeral as it stands in running text; None when the text is none.

    Examples
    --------
    >>> read_numeral("四十二"), read_numeral("一千零五"), read_numeral("二〇二四")
    (42, 1005, 2024)
    >>> read_numeral("一百二"), read_numeral("两万三")  # as one says it
    (120, 23000)
    """
    if (
        not text
        or len(text) > LONGEST_NUMERAL
        or set(text) <= {*"百千万亿"}
        or set(text) - {*NUMERAL}
    ):
        return None
    if set(text) <= _DIGITS.keys():
        return int("".join(str(_DIGITS[c]) for c in text))
    great = myriads = section = digit = 0
    for char in text:
        if char in _DIGITS:
            digit = _DIGITS[char]
            continue
        if char in _TENS:
            section += (digit or 1) * _TENS[char]
        elif char == "万":
            myriads, section = myriads + (section + digit) * 10**4, 0
        else:
            great, myriads, section = great + (myriads + section + digit) * 10**8, 0, 0
        digit = 0
    return great + myriads + section + digit * _last_worth(text)


def _last_worth(text: str) -> int:
    """Return what a digit at the end counts: in 一百二 tens, in 两万三 thousands, else ones."""
    power = (_TENS | {"万": 10**4, "亿": 10**8}).get(text[-2:-1], 0)
    return power // 10 if power > 10 else 1

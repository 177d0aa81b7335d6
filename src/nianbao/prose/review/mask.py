"""Hide the digits that are not quantities: titles, document numbers, dates, telephones.

Specification 2.8 names them as the traps of a checker of prose.
"""

from __future__ import annotations

import re

FILL = "□"

NUMERAL = "〇零一二两三四五六七八九十百千万亿"
_NARROW = str.maketrans("０１２３４５６７８９％．", "0123456789%.")
_PUNCTUATION = re.compile(r"(?<![\dA-Za-z/])[,:]|[,:](?![\d/])|[;()?!]")
_FULL = {",": "，", ":": "：", ";": "；", "(": "（", ")": "）", "?": "？", "!": "！"}
_YEAR = r"(?:19|20)\d{2}"
_NOISE = re.compile(
    r"(?:https?://|www\.)[A-Za-z0-9./?=&%#:~+_-]+"
    r"|[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+"
    rf"|[〔\[【（(〈]\s*{_YEAR}\s*[〕\]】）)〉]\s*第?\s*\d+\s*号"
    rf"|第\s*[\d{NUMERAL}]+\s*[^\W\d_]?"
    rf"|(?<!\d){_YEAR}\s*[-—–~～至]+\s*{_YEAR}\s*年?"
    rf"|(?<!\d){_YEAR}\s*年(?:[度底初末中])?"
    r"(?:\s*\d{1,2}\s*月(?:[份底初末]|[上中下]旬)?(?:\s*\d{1,2}\s*[日号])?)?"
    rf"|(?<!\d){_YEAR}[-/.]\d{{1,2}}[-/.]\d{{1,2}}"
    r"|(?<!\d)\d{1,2}\s*月(?:[份底初末]|[上中下]旬)?(?:\s*\d{1,2}\s*[日号])?"
    r"|(?<!\d)\d{1,2}[:：]\d{2}(?!\d)"
    r"|(?<!\d)0\d{2,3}\s*[-—–－]+\s*\d{7,8}"
    r"|(?<!\d)1[3-9]\d{9}(?!\d)"
    r"|邮(?:政)?编(?:码)?\s*[:：为]?\s*\d{6}"
    r"|[A-Za-z+＋]+[-]?\d+(?:\.\d+)?|\d+(?:\.\d+)?[A-Za-z+＋]+"
    r"|\d+(?:\.\d+)?%?\s*[-—–~～]+\s*\d+(?:\.\d+)?\s*%?"
    r"|[（(]\s*\d{1,2}\s*[)）]"
    # Service lines have numbers for names; a count of just that size has a unit behind it.
    r"|(?<!\d)123\d{2}(?![\d,.%]|\s*[件条个次起人宗例份项])"
)


def _hide(match: re.Match[str]) -> str:
    return FILL * len(match[0])


def _hide_between(text: str, opening: str, closing: str) -> str:
    """Hide what stands in the outermost pairs; an unclosed one hides nothing."""
    hidden = list(text)
    starts: list[int] = []
    for i, char in enumerate(text):
        if char == opening:
            starts.append(i)
        elif char == closing and starts:
            start = starts.pop()
            hidden[start + 1 : i] = FILL * (i - start - 1)
    return "".join(hidden)


def full_width(text: str) -> str:
    """The text at the same length, as the rules read it: 1,024 stays, other punctuation widens.

    Examples
    --------
    >>> full_width("收到1,024件,占５%(含1件)")
    '收到1,024件，占5%（含1件）'
    """
    return _PUNCTUATION.sub(lambda m: _FULL[m[0]], text.translate(_NARROW))


def mask(text: str) -> str:
    """The text at the same length, with everything hidden that holds no quantity.

    Examples
    --------
    >>> mask("2024年印发《十条措施》（〔2024〕3号），收到申请5件")
    '□□□□□印发《□□□□》（□□□□□□□□），收到申请5件'
    """
    if "《" in text:
        text = _hide_between(text, "《", "》")
    if "“" in text:
        text = _hide_between(text, "“", "”")
    return _NOISE.sub(_hide, text)

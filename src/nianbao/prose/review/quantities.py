"""Read the quantities of a Chinese sentence: value, unit, precision, hedge."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from nianbao.files.numerals import LONGEST_NUMERAL, NUMERAL, read_numeral

FILL = "□"

_NARROW = str.maketrans("０１２３４５６７８９％．", "0123456789%.")
_PUNCTUATION = re.compile(r"(?<![\dA-Za-z/])[,:]|[,:](?![\d/])|[;()?!]")
_FULL = {",": "，", ":": "：", ";": "；", "(": "（", ")": "）", "?": "？", "!": "！"}
_BRACKETS = str.maketrans("【】［］[]", "（）（）（）")
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


def hide(match: re.Match[str]) -> str:
    """Put signs that no rule reads for what was found, as many."""
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
    """Return the text at the same length, as the rules read it.

    1,024 stays, other punctuation widens, and all brackets become round.

    Examples
    --------
    >>> full_width("收到1,024件,占５%(含1件)")
    '收到1,024件，占5%（含1件）'
    """
    narrow = text.translate(_NARROW).translate(_BRACKETS)
    return _PUNCTUATION.sub(lambda m: _FULL[m[0]], narrow)


def mask(text: str) -> str:
    """Return the text at the same length, with everything hidden that holds no quantity.

    Examples
    --------
    >>> mask("2024年印发《十条措施》（〔2024〕3号），收到申请5件")
    '□□□□□印发《□□□□》（□□□□□□□□），收到申请5件'
    """
    if "《" in text:
        text = _hide_between(text, "《", "》")
    if "“" in text:
        text = _hide_between(text, "“", "”")
    return _NOISE.sub(hide, text)


QuantityKind = Literal["count", "percent", "points"]

_SCALES = {"百": 2, "千": 3, "万": 4, "百万": 6, "千万": 7, "亿": 8}
# The longer first, so that 件次 is not read as 件.
_UNIT = (
    "个工作日|工作日|平方米|[学课]时|[件条篇份场人批期项户家]次|公里|小时|分钟"
    "|[件条篇份个项期场次处起宗例人册元天家户轮部名位幅张本组套类种则段块页枚批所座支只台分秒亩吨年字款卷封通笔单辆栋间届班课道]"
)
_EDGE = r"(?=\s*(?:$|[，。；、：！？,;:()（）”’和及与□]|以及))"
_ROUGH_EDGE = rf"(?:{_EDGE}|(?=左右|上下|以上|以下|以内))"
_ONES = "一二三四五六七八九"
Hedge = Literal["", "about", "over", "under"]
"""How a number stands to the truth: exactly, near it (约), below it (超过, 余), above it (近)."""
_OF_WHOLE = r"(?:占(?:比|总数的|总量的|全部的|的)?)?"
_BEFORE = re.compile(
    rf"(?:(?P<about>大?约为?)|(?P<under>(?<!最)近|接近)|(?P<over>超过?|逾|突破|不少于|不低于|至少))"
    rf"{_OF_WHOLE}\s*$"
)
_AFTER = re.compile(r"\s*(?:(?P<about>左右|上下)|(?P<over>以上|之多)|(?P<under>以下|以内))")
_QUANTITY = re.compile(
    r"(?<![\d.])(?P<digits>\d{1,3}(?:,\d{3})+(?:\.\d+)?(?![\d,])|\d+(?:\.\d+)?)"
    r"\s*(?P<scale>百万|千万|万|亿|千|百)?\s*(?P<more>[余多])?\s*"
    rf"(?:(?P<percent>%)|(?P<points>个百分点)|(?P<unit>{_UNIT})|{_EDGE})"
    rf"|(?<![第{NUMERAL}\d□])(?P<chinese>[{NUMERAL}]+)(?P<cmore>[余多])?(?P<cunit>{_UNIT})"
    rf"(?:{_EDGE}|(?=\s*(?:均|已|全部|申请|，)))"
    rf"|百分之(?P<cpercent>[{NUMERAL}]+(?:点[{NUMERAL}]+)?)"
    rf"|(?P<whole>[{_ONES}十])分之(?P<parts>[{_ONES}])"
    rf"|(?<![{NUMERAL}\d])(?P<tenths>[{_ONES}])成(?P<half>[半{_ONES}])?{_ROUGH_EDGE}"
    rf"|(?P<halves>一半|半数){_ROUGH_EDGE}"
)


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number in a sentence."""

    start: int
    end: int
    """From its first digit to the end of its unit."""
    value: Decimal
    """In units: `1.3万条` is 13000."""
    unit: str = ""
    """Measure word, empty when there is none."""
    kind: QuantityKind = "count"
    hedge: Hedge = ""
    """How it is only near the truth (约, 近, 超, 余 …), empty where it is exact."""
    ulp: Decimal = Decimal(1)
    """What one step of the last printed digit is worth."""

    @property
    def hedged(self) -> bool:
        """Whether it is only near the truth: never compared exactly."""
        return self.hedge != ""

    @property
    def slack(self) -> Decimal:
        """How far the exact value may lie from the printed one: half a step; 0 for a count."""
        exact = self.kind == "count" and self.ulp == 1
        return Decimal(0) if exact else self.ulp / 2

    def shows(self, exact: Decimal) -> bool:
        """Return whether ``exact``, printed at this precision, is this number."""
        return abs(self.value - exact) <= self.slack

    def agrees(self, exact: Decimal) -> bool:
        """Return whether the number, with its hedge, can be said of ``exact``.

        近五成 is said of 45 % and not of 30 %; 超过半数 is said of all above it.

        Examples
        --------
        >>> near = quantities("近50%")[0]
        >>> near.agrees(Decimal(47)), near.agrees(Decimal(30)), near.agrees(Decimal(58))
        (True, False, False)
        """
        if not self.hedged:
            return self.shows(exact)
        step = max(self.ulp, abs(self.value) / 10)
        low = self.value - (self.slack if self.hedge == "over" else step)
        high = self.value + (self.ulp if self.hedge == "under" else step)
        return low <= exact and (self.hedge == "over" or exact <= high)


def same_measure(a: str, b: str) -> bool:
    """Return whether two units count the same: 人 and 人次 do, and one that is not written any.

    Examples
    --------
    >>> same_measure("人", "人次"), same_measure("", "条"), same_measure("条", "件")
    (True, True, False)
    """
    return not a or not b or a == b or {a, b} == {a[0], f"{a[0]}次"}


def _hedge(text: str, start: int, end: int, more: str | None = None) -> Hedge:
    """Return the hedge before or behind a number; ``more`` is 余 or 多 within it."""
    found = _BEFORE.search(text, max(0, start - 8), start) or _AFTER.match(text, end)
    sides: tuple[Hedge, ...] = ("about", "over", "under")
    said = next((side for side in sides if found and found[side]), None)
    return said or ("over" if more else "")


def _arabic(match: re.Match[str], text: str) -> Quantity | None:
    digits = match["digits"].replace(",", "")
    if len(digits) > LONGEST_NUMERAL:
        return None
    shift = _SCALES.get(match["scale"] or "", 0)
    decimals = len(digits.partition(".")[2])
    kind: QuantityKind = "count"
    if match["percent"]:
        kind = "percent"
    elif match["points"]:
        kind = "points"
    hedge = _hedge(text, match.start(), match.end(), match["more"])
    return Quantity(
        match.start(),
        match.end(),
        Decimal(digits) * 10**shift,
        match["unit"] or "",
        kind,
        hedge,
        Decimal(1).scaleb(shift - decimals),
    )


def _chinese(match: re.Match[str], text: str) -> Quantity | None:
    digits, _, decimals = (match["chinese"] or match["cpercent"]).partition("点")
    value = read_numeral(digits)
    if value is None:  # 上万人, 数百条: no number at all
        return None
    hedge = _hedge(text, match.start(), match.start(), match["cmore"])
    kind: QuantityKind = "percent" if match["cpercent"] else "count"
    tail = "".join(str(read_numeral(c) or 0) for c in decimals)
    exact = Decimal(f"{value}.{tail}") if tail else Decimal(value)
    step = Decimal(1).scaleb(-len(tail))
    return Quantity(match.start(), match.end(), exact, match["cunit"] or "", kind, hedge, step)


_ROUGH = Decimal(10)
"""A share in words (三成, 一半) is meant to within five points."""
_FRACTION = Decimal(5)
"""四分之一 is meant more exactly: nobody calls 28 % so."""


def _fraction(match: re.Match[str], text: str) -> Quantity:
    """Return a share that is written in words, as a percentage."""
    if match["whole"]:
        whole, parts = (Decimal(read_numeral(match[k]) or 1) for k in ("whole", "parts"))
        percent = (parts * 100 / whole).quantize(Decimal("0.01"))
    elif match["tenths"]:
        more = 5 if match["half"] == "半" else read_numeral(match["half"] or "零")
        percent = Decimal(10 * (read_numeral(match["tenths"]) or 0) + (more or 0))
    else:
        percent = Decimal(50)
    hedge = _hedge(text, match.start(), match.end())
    step = _ROUGH if match["half"] in {None, "半"} else Decimal(2)
    step = _FRACTION if match["whole"] else step
    return Quantity(match.start(), match.end(), percent, "", "percent", hedge, step)


def quantities(masked: str) -> tuple[Quantity, ...]:
    """Return the quantities of a masked sentence (see `mask`) in their order.

    Examples
    --------
    >>> [(int(q.value), q.unit, q.hedged) for q in quantities("发布1.3万余条，图解8")]
    [(13000, '条', True), (8, '', False)]
    """
    found = (
        _arabic(m, masked)
        if m["digits"]
        else _chinese(m, masked)
        if m["chinese"] or m["cpercent"]
        else _fraction(m, masked)
        for m in _QUANTITY.finditer(masked)
    )
    return tuple(q for q in found if q is not None)

"""Numbers in words: how a count, a change, a share or a list reads in a sentence.

Source: specification 2.6 (Y9–Y11): no rate on a base of zero, counts alone on a small base,
direction words that follow the sign.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal

from nianbao.statistics.arithmetic import SMALL_BASE, plain

Number = int | Decimal

_MYRIADS = ("", "万", "亿", "万亿")


def distance(now: Number, before: Number) -> Number:
    """Return how far apart two numbers are, without a sign."""
    return now - before if now > before else before - now


def percentage(part: Number, whole: Number, digits: int = 2) -> Decimal | None:
    """Return the share in percent, rounded half up at ``digits``; None when the whole is zero.

    Examples
    --------
    >>> percentage(208, 1191)
    Decimal('17.46')
    """
    if not whole:
        return None
    step = Decimal(1).scaleb(-digits)
    return (Decimal(part) * 100 / Decimal(whole)).quantize(step, ROUND_HALF_UP)


def rate(percent: Decimal) -> str:
    """Return a percentage without trailing zeros: ``17.46%``, ``50%``."""
    return f"{percent.normalize():f}%"


def change(now: Number, before: Number, unit: str) -> str:
    """Return what happened since last year.

    Examples
    --------
    >>> change(0, 2, "件")
    '比上年减少2件'
    >>> change(38, 25, "件")
    '比上年增加13件，增长52%'
    >>> change(5, 0, "件")
    '上年为0件，净增5件'
    """
    difference: Number = now - before
    if not difference:
        return "与上年持平"
    if not before:
        return f"上年为0{unit}，净增{plain(difference)}{unit}"
    verb, trend = ("增加", "增长") if difference > 0 else ("减少", "下降")
    words = f"比上年{verb}{plain(distance(now, before))}{unit}"
    percent = percentage(distance(now, before), before)
    if before < SMALL_BASE or percent is None:
        return words
    return f"{words}，{trend}{rate(percent)}"


def enumeration(parts: Iterable[tuple[str, Number]], unit: str) -> str:
    """Return a closed list: every part that is not zero, in the given order.

    Parts of zero are left out, so the printed numbers add up to the sum of all parts.

    Examples
    --------
    >>> enumeration([("自然人", 3), ("科研机构", 0), ("商业企业", 1)], "件")
    '自然人3件，商业企业1件'
    """
    return "，".join(f"{name}{plain(number)}{unit}" for name, number in parts if number)


def scaled(number: Number, myriads: int) -> str:
    """Write a number in 万 (``myriads`` 1) or 亿 (2), with at most two decimals.

    A smaller one stays plain.

    Examples
    --------
    >>> scaled(517645, 1)
    '51.76万'
    """
    if abs(number) < 10_000**myriads:
        return plain(number)
    value = (Decimal(number) / 10_000**myriads).quantize(Decimal("0.01"), ROUND_HALF_UP)
    return f"{value.normalize():f}{_MYRIADS[myriads]}"

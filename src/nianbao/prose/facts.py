"""Named facts: what a placeholder can say, and how a number becomes one.

A fact has forms (``新收申请.同比``) and parts (``新收申请.自然人``); both are facts below it. How a
change or a share reads in a sentence: specification 2.6 (Y9–Y11): no rate on a base of zero, counts
alone on a small base, direction words that follow the sign.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from types import MappingProxyType

from nianbao.errors import NarrativeError, Place, Problem
from nianbao.files.numerals import numeral
from nianbao.files.words import perhaps
from nianbao.prose.template import Placeholder, Template, line_of
from nianbao.statistics.arithmetic import SMALL_BASE, Number, percentage, plain, trimmed

_MYRIADS = ("", "万", "亿", "万亿")


def distance(now: Number, before: Number) -> Number:
    """Return how far apart two numbers are, without a sign."""
    return now - before if now > before else before - now


def known_sum(numbers: Iterable[Number | None]) -> Number | None:
    """Return the sum; None when a part is not a number, so that nothing blank becomes zero."""
    parts = list(numbers)
    return None if None in parts else sum((p for p in parts if p is not None), 0)


def rate(percent: Decimal) -> str:
    """Return a percentage without trailing zeros: ``17.46%``, ``50%``."""
    return f"{trimmed(percent)}%"


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
    return f"{trimmed(value)}{_MYRIADS[myriads]}"


NOT_FILLED = "（待填）"
"""What a draft prints where the bureau has not handed in the number; a final report never does."""


@dataclass(frozen=True)
class Fact:
    """One thing the prose can say."""

    name: str
    """Full dotted name."""
    value: int | Decimal | str | None
    """Int, Decimal (money, rates) or str; None when it was not handed in."""
    text: str
    """As it reads in a sentence."""
    unit: str = ""
    """Chinese measure word or unit, empty for words."""
    source: str = ""
    """Where it comes from: file, table cell or formula, in Chinese."""
    below: Mapping[str, Fact] = field(default_factory=dict)
    """Forms and parts by their last step."""


Vocabulary = Mapping[str, Fact]


def walk(facts: Vocabulary) -> Iterator[Fact]:
    """Yield every fact and everything below it, in order."""
    for fact in facts.values():
        yield fact
        if fact.below:
            yield from walk(fact.below)


def find(facts: Vocabulary, path: tuple[str, ...]) -> Fact | None:
    """Return the fact that a path names, or None."""
    fact = facts.get(path[0])
    for step in path[1:]:
        if fact is None:
            return None
        fact = fact.below.get(step)
    return fact


def _unknown(placeholder: Placeholder, facts: Vocabulary, section: str, place: Place) -> Problem:
    remedy = perhaps(placeholder.name, (f.name for f in walk(facts)))
    return Problem(
        f"{section}：没有名为“{placeholder.name}”的数据",
        line_of(place, placeholder.line),
        remedy=f"{remedy}全部名称见 nianbao facts",
    )


def resolve(
    template: Template, facts: Vocabulary, section: str, place: Place
) -> tuple[str | Fact, ...]:
    """Put facts in the place of the placeholders.

    Raises
    ------
    NarrativeError
        All unknown names of the text, each with section, line and the nearest names.
    """
    parts: list[str | Fact] = []
    problems: list[Problem] = []
    for part in template.parts:
        if isinstance(part, str):
            parts.append(part)
            continue
        fact = find(facts, part.path)
        if fact is None:
            problems.append(_unknown(part, facts, section, place))
        else:
            parts.append(fact)
    if problems:
        raise NarrativeError(*problems)
    return tuple(parts)


NO_SHARE = "（总数为0，待填）"
RARE_FORMS = frozenset({"万", "亿", "汉字", "上年", "增减率"})
"""Forms that only a whole has: below its parts they would be a thousand names nobody looks up."""


@dataclass(frozen=True)
class Measure:
    """A number before it becomes words."""

    label: str
    """The last step of its name."""
    value: Number | None
    """None when it was not handed in, or cannot be computed."""
    unit: str
    source: str
    before: Number | None = None
    """Last year's value; None when it is not known."""
    whole: Number | None = None
    """What its share is taken of."""
    parts: tuple[Measure, ...] = ()
    """A closed list of what it is made of, in the order of the statute or the ledger: they add up
    to `value`, and the form 明细 enumerates them.
    """
    others: tuple[Measure, ...] = ()
    """Further numbers below it that are not part of that list."""


def _changes(of: Measure) -> Mapping[str, tuple[Number | str | None, str, str]]:
    """Return forms that compare with last year: value, words, how it was computed."""
    if of.value is None:
        return dict.fromkeys(("同比", "上年", "增减率"), (None, NOT_FILLED, "本年数未填"))
    if of.before is None:
        return {"同比": (None, "上年无可比数据", "没有上年数据")}
    difference: Number = of.value - of.before
    pair = f"本年{plain(of.value)}减上年{plain(of.before)}"
    percent = percentage(distance(of.value, of.before), of.before)
    if percent and of.value < of.before:
        percent = -percent
    return {
        "同比": (difference, change(of.value, of.before, of.unit), pair),
        "上年": (of.before, plain(of.before), "上年同一项"),
        "增减率": (
            percent,
            "上年为0" if percent is None else rate(percent).replace("-", "−"),
            f"{pair}，差除以{plain(of.before)}",
        ),
    }


def _forms(of: Measure) -> Mapping[str, tuple[Number | str | None, str, str]]:
    forms = dict(_changes(of))
    if of.value is None:
        # A draft shows where the number will stand, whichever form of it a text names.
        names = ("带单位", "占比", "万", "亿", "汉字", *(("明细",) if of.parts else ()))
        return forms | dict.fromkeys(names, (None, NOT_FILLED, ""))
    forms["带单位"] = (of.value, f"{plain(of.value)}{of.unit}", "")
    share = None if of.whole is None else percentage(of.value, of.whole)
    if of.whole is not None and share is None:
        # A share of nothing: the sentence has to be written otherwise, and L3 sees to it.
        forms["占比"] = (None, NO_SHARE, "总数为0")
    elif share is not None:
        forms["占比"] = (share, rate(share), f"{plain(of.value)}除以{plain(of.whole or 0)}")
    forms["万"] = (of.value, scaled(of.value, 1), "以万计，至多两位小数")
    forms["亿"] = (of.value, scaled(of.value, 2), "以亿计，至多两位小数")
    if isinstance(of.value, int):
        forms["汉字"] = (of.value, numeral(of.value), "汉字数字")
    listed = [(p.label, p.value) for p in of.parts if p.value is not None]
    if of.parts and len(listed) == len(of.parts):
        words = enumeration(listed, of.unit) or f"0{of.unit}"
        forms["明细"] = (words, words, "各分项相加等于本项")
    return forms


def measure_fact(of: Measure, name: str | None = None) -> Fact:
    """Return the fact of a number, with its forms and parts below it.

    Parts are named below the whole, ``新收申请.自然人``; a part never hides a form.

    Examples
    --------
    >>> fact = measure_fact(Measure("新收申请", 0, "件", "表三", before=2))
    >>> fact.below["同比"].text
    '比上年减少2件'
    """
    name = name or of.label
    forms = _forms(of)
    if "." in name:
        forms = {step: form for step, form in forms.items() if step not in RARE_FORMS}
    below = {
        step: Fact(f"{name}.{step}", value, text, source="；".join(filter(None, (of.source, how))))
        for step, (value, text, how) in forms.items()
    }
    for part in (*of.parts, *of.others):
        if part.label not in below:
            below[part.label] = measure_fact(part, f"{name}.{part.label}")
    text = NOT_FILLED if of.value is None else plain(of.value)
    return Fact(name, of.value, text, of.unit, of.source, MappingProxyType(below))

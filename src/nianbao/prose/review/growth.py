"""Changes against last year: rates, differences, multiples, zero bases (Y9, Y10)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from nianbao.files.numerals import read_numeral
from nianbao.prose.review.cells import at_step
from nianbao.prose.review.changes import (
    AGAINST,
    LAST_YEAR,
    RISEN,
    Change,
    Pair,
    changes,
    claims_of,
    other_year,
    pairs_at,
    pairs_of_tables,
    pairs_of_words,
    rate_changes,
)
from nianbao.prose.review.claims import Claim
from nianbao.prose.review.disclosures import pairs_of_ledgers
from nianbao.prose.review.manuscript import Manuscript
from nianbao.prose.review.quantities import Quantity
from nianbao.prose.review.text import Sentence
from nianbao.statistics.arithmetic import HUNDRED, SMALL_BASE, trimmed
from nianbao.statistics.checks.registry import Check, check
from nianbao.statistics.model import Finding, Severity, Span

_TIMES = r"(?:\d+(?:\.\d+)?|[一两二三四五六七八九十])"
MULTIPLE = re.compile(
    rf"翻了?(?P<fold>[一两二三四])?番|增[长加]了?(?P<more>{_TIMES})倍"
    rf"|(?:是|为|达到?|相当于|增[长加]?[到至]){LAST_YEAR}(?:的|数量|总量|申请量)*"
    rf"(?:\d[\d,.]*[万亿]?[\u4e00-\u9fff]{{1,2}}的)?(?P<of>{_TIMES})倍"
)
"""How many times last year's number this year's is: 翻了一番, 增长1倍, 是上年的2倍."""
ABOUT = Decimal("0.2")
"""What is 基本持平 differs by no more than this share, and what has 翻番 is so near to it."""


def _severity(change: Change, claims: tuple[Claim, ...]) -> Severity:
    """Return ``error`` where we printed the change and each number it is held against."""
    named: list[Quantity | None] = [*change.now, change.base, change.difference]
    if not pairs_of_words(change):
        named = [c.quantity for c in claims_of(claims, change)[-1:]]
    return change.sentence.severity_of([change.number, *(q for q in named if q is not None)])


def _rate(pair: Pair) -> Decimal | None:
    return None if pair.base == 0 else (pair.now - pair.base) * HUNDRED / pair.base


def _fits(change: Change, pair: Pair) -> bool:
    """Return whether the printed number, without its sign, is right for the pair."""
    q = change.number
    found = pair.rates if q.kind == "percent" else pair.differences
    if found is None:
        return False
    least, most = sorted(map(abs, found))
    if found[0] < 0 < found[1]:
        least = Decimal(0)
    return q.agrees(min(max(q.value, least), most))


def reported(change: Change, pair: Pair) -> str:
    """Return both years' numbers in the sentence's own unit, and what they make: 增长20%."""
    q = change.number
    now, base = (_in_unit(change, value) for value in (pair.now, pair.base))
    numbers = f"{pair.name}本年{now}、{change.against}{base}"
    if q.kind == "points":
        return f"{numbers}，相差{trimmed(abs(pair.now - pair.base))}个百分点"
    if q.kind == "count":
        return f"{numbers}，相差{_in_unit(change, abs(pair.now - pair.base))}"
    rate = _rate(pair) or Decimal(0)
    step = min(q.ulp, Decimal("0.1"))
    went = "下降" if rate < 0 else "增长"
    return f"{numbers}，{went}{trimmed(Decimal(at_step(abs(rate), step)))}%"


def _in_unit(change: Change, value: Decimal) -> str:
    """Return a number as the sentence writes those it compares: 85.6万元 and not 856000元."""
    counted = [q for q in (*change.now, change.base, change.difference) if q is not None]
    if change.number.kind != "percent":
        counted.insert(0, change.number)
    if change.number.kind == "points":
        return f"{trimmed(value)}%"
    if not counted:
        return trimmed(value)
    like = counted[0]
    scaled = "万" in change.sentence.text[like.start : like.end]
    return f"{trimmed(value / 10000)}万{like.unit}" if scaled else f"{trimmed(value)}{like.unit}"


def _right(change: Change, pair: Pair) -> str:
    """Return what should have been printed, without its sign."""
    if change.number.kind != "percent":
        return trimmed(abs(pair.now - pair.base))
    return f"{at_step(abs(_rate(pair) or Decimal(0)), change.number.ulp)}%"


@dataclass(frozen=True, slots=True)
class Compared:
    """A change with the pairs of numbers it may be of, the likeliest first."""

    change: Change
    pairs: list[Pair]
    severity: Severity

    @property
    def agrees(self) -> bool:
        """True if the word goes the way of the numbers, in one meaning at least."""
        signs = {p.now > p.base if p.now != p.base else None for p in self.pairs}
        return self.change.up in signs or (self.change.number.value == 0 and None in signs)

    @property
    def fits(self) -> bool:
        """True if the printed number is right for a pair."""
        rate = self.change.number.kind == "percent"
        return any(_fits(self.change, p) for p in self.pairs if p.base or not rate)

    @property
    def baseless(self) -> bool:
        """True if it is a rate on a base of 0."""
        return self.change.number.kind == "percent" and all(p.base == 0 for p in self.pairs)


def compared(manuscript: Manuscript) -> Iterator[Compared]:
    """Yield the changes of the prose of which both years' numbers are known.

    All meanings of the number are tried (新收 and 新收+上年结转 give different rates).
    """
    claims, context = manuscript.claims, manuscript.context
    for sentence in manuscript.prose.sentences:
        for change in changes(sentence, context.year) if sentence.quantities else ():
            pairs = (
                pairs_of_words(change)
                or pairs_of_tables(claims, change, context.cells, context.previous_cells)
                or pairs_of_ledgers(change, context)
            )
            if pairs:
                yield Compared(change, pairs, _severity(change, claims))
        for change in rate_changes(sentence, context.year) if "百分点" in sentence.text else ():
            if change.number.kind == "points" and (pairs := pairs_of_words(change)):
                yield Compared(change, pairs, _severity(change, claims))


_YEARLY = re.compile("年均(?:复合)?增(?:长|速|幅)(?:率|为|约|近|达到?)*$")
_ROW_OF_YEARS = re.compile(r"(20\d\d)年?(?:至|到|[-—–~～])+(20\d\d)年")


def _yearly(sentence: Sentence, rule: Check) -> Iterator[Finding]:
    """Report 年均增长 of a row of years whose first and last number make another rate."""
    for q in sentence.quantities:
        years = _ROW_OF_YEARS.search(sentence.text, 0, q.start)
        if q.kind != "percent" or not years or not _YEARLY.search(sentence.text, 0, q.start):
            continue
        counts = [c for c in sentence.quantities if c.kind == "count" and c.end <= q.start]
        span = int(years[2]) - int(years[1])
        row = [c for c in counts if counts and c.unit == counts[-1].unit and not c.hedged]
        if span < 1 or len(row) not in {2, span + 1} or not row[0].value:
            continue
        ratio = row[-1].value / row[0].value
        rates = [(ratio ** (Decimal(1) / span) - 1) * HUNDRED, (ratio - 1) * HUNDRED / span]
        if len(row) == span + 1 and all(c.value for c in row):
            steps = [b.value / a.value - 1 for a, b in pairwise(row)]
            rates.append(sum(steps, Decimal(0)) * HUNDRED / span)
        if not any(q.agrees(rate) for rate in rates):
            printed = sentence.text[q.start : q.end].strip()
            right = f"{at_step(rates[0], min(q.ulp, Decimal('0.1')))}%"
            message = (
                f"年均增长写作{printed}，{trimmed(row[0].value)}经{span}年到"
                f"{trimmed(row[-1].value)}，平均每年增长{right}；请核对后改正"
            )
            marked = [(n.start, n.end) for n in (q, row[0], row[-1])]
            severity = sentence.severity_of((q, row[0], row[-1]))
            yield sentence.finding(rule, severity, message, marked, printed, right)


def _printed(change: Change) -> tuple[str, list[Span]]:
    q = change.number
    return change.sentence.text[q.start : q.end].strip(), [(q.start, q.end)]


@check(
    "Y9",
    severity="warning",
    title="增长率",
    source="已公布年报中的常见差错",
    explanation="增长率应等于增减数除以基数，按印出的位数四舍五入；“近三成”这样的约数不能差得太远。"
    "基数是句中写明的上年数或某年数；句中没有的，用两年的表和主动公开台账。请重新计算，"
    "或改写成“{{ 名称.同比 }}”。",
)
def rates_are_right(manuscript: Manuscript, rule: Check) -> Iterator[Finding]:
    """Recompute rates and differences, from the sentence's numbers or from both years' tables.

    A hedged rate (近三成) may be as far off as its words allow.
    """
    for found in compared(manuscript):
        change, pairs = found.change, found.pairs
        if not found.agrees or found.baseless or found.fits:
            continue
        likeliest = next(p for p in pairs if p.base or change.number.kind != "percent")
        printed, span = _printed(change)
        word = change.sentence.text[slice(*change.word)]
        message = f"写作“{word}{printed}”，而{reported(change, likeliest)}；请核对后改正"
        right = _right(change, likeliest)
        yield change.sentence.finding(
            rule, found.severity, message, span, printed, right, pairs[0].cells
        )
    for sentence in manuscript.prose.sentences:
        if "年均" in sentence.text:
            yield from _yearly(sentence, rule)
        if "倍" in sentence.text or "番" in sentence.text:
            yield from _multiples(sentence, rule, manuscript)


@check(
    "Y10",
    severity="warning",
    title="基数为零或过小",
    source="本模板的约定",
    explanation="上年为0时没有增长率，应写“上年为0”或净增件数；上年不足10的，写增减件数即可。",
)
def rates_have_a_base(manuscript: Manuscript, rule: Check) -> Iterator[Finding]:
    """Report a rate on a base of 0, which means nothing, or on a small base, which misleads."""
    for found in compared(manuscript):
        change, pairs = found.change, found.pairs
        if not found.agrees or change.number.kind != "percent":
            continue
        printed, span = _printed(change)
        if found.baseless:
            message = f"上年为0，“{printed}”没有意义；请改写为“上年为0件”或只写增加的件数"
        elif (
            all(p.base < SMALL_BASE for p in pairs)
            and (change.number.hedged or found.fits)
            and change.base is None
            and change.difference is None
        ):
            base = trimmed(next(p.base for p in pairs if p.base))
            message = f"上年基数不足10（{base}），百分比容易误导；请同时写明增减的件数"
        else:
            continue
        yield change.sentence.finding(
            rule, found.severity, message, span, printed, None, pairs[0].cells
        )


def _multiples(sentence: Sentence, rule: Check, manuscript: Manuscript) -> Iterator[Finding]:
    """Report 翻番 and 倍 of two numbers that are in another proportion."""
    for match in MULTIPLE.finditer(sentence.text):
        start = sentence.part_start(match.start())
        against = AGAINST.search(sentence.text, start, match.start())
        if not match["of"] and against is None:
            # 由2022年的120篇增加到360篇，增长2倍: both numbers must stand there.
            pairs = _from_to(sentence, match)
        elif against is not None and against["other"]:
            continue
        else:
            pairs = [p for p in pairs_at(sentence, match, manuscript) if p.base > 0]
        if pairs and not any(_is_multiple(match, pair.now / pair.base) for pair in pairs):
            first = pairs[0]
            ratio = at_step(first.now / first.base, Decimal("0.01"))
            other = other_year(sentence, match, manuscript.context.year)
            then = f"{other}年" if other else "上年"
            times = trimmed(Decimal(ratio))
            message = (
                f"写作“{match[0]}”，而{first.name}本年{trimmed(first.now)}、{then}{trimmed(first.base)}，"
                f"是{then}的{times}倍{_in_other_words(match, first)}；请核对后改正"
            )
            span = [match.span()]
            yield sentence.finding(
                rule, sentence.severity(span), message, span, match[0], f"{ratio}倍", first.cells
            )


_BARELY = re.compile("[，了、也均又已实现]*")
_THEN_RISEN = re.compile(r"，[^，。；\d]{0,8}[由从][^，。；]{0,14}")
_RISEN_TO = re.compile(r"(?:[增升提]\w{0,3}|达)(?:至|到)(?:(?:20\d\d|今|本)年度?的?)?$|达到?$|到$")


def _from_to(sentence: Sentence, match: re.Match[str]) -> list[Pair]:
    """Return the two numbers of 由120篇增加到360篇, before or right behind a word of proportion."""
    text = sentence.text
    for base, now in pairwise(q for q in sentence.quantities if q.kind == "count"):
        if base.start >= match.end():
            near = _THEN_RISEN.fullmatch(text, match.end(), base.start)
        elif now.end <= match.start():
            near = _BARELY.fullmatch(text, now.end, match.start())
        else:
            continue
        to = text[base.end : now.start]
        if near and base.unit == now.unit and RISEN.search(text, 0, base.start):
            exact = not base.hedged and not now.hedged and base.value > 0
            return [Pair(now.value, base.value)] if exact and _RISEN_TO.search(to) else []
    return []


def _in_other_words(match: re.Match[str], pair: Pair) -> str:
    """Return what the word of proportion should have said, where it would be a whole number."""
    ratio = pair.now / pair.base
    if match["more"] and ratio > 1:
        return f"，即增长{trimmed(Decimal(at_step(ratio - 1, Decimal('0.01'))))}倍"
    folds = {2: "一番", 4: "两番", 8: "三番"}
    fits = not match["of"] and ratio == int(ratio) and int(ratio) in folds
    return f"，即翻了{folds[int(ratio)]}" if fits else ""


def _is_multiple(match: re.Match[str], ratio: Decimal) -> bool:
    said = match["more"] or match["of"]
    if not said:  # 翻番 is never said of the exact double alone
        fold = read_numeral(match["fold"] or "一") or 1
        return abs(ratio - Decimal(2) ** fold) <= Decimal(2) ** fold * ABOUT / 2
    times = Decimal(said) if said[0].isdigit() else Decimal(read_numeral(said) or 0)
    decimals = len(said.partition(".")[2])
    # Nobody who has counted calls 1.5 times 两倍.
    slack = Decimal(1).scaleb(-decimals) / 2 if decimals else Decimal("0.25")
    return abs(ratio - times - (1 if match["more"] else 0)) <= slack

"""Changes against last year: rates, differences, zero bases, directions (Y9, Y10, Y11)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from nianbao.prose.review.cells import Cells, at_step, plain
from nianbao.prose.review.claims import Claim
from nianbao.prose.review.entries import Nesting
from nianbao.prose.review.manuscript import Manuscript
from nianbao.prose.review.meanings import meanings
from nianbao.prose.review.quantities import Quantity
from nianbao.prose.review.text import Sentence
from nianbao.statistics.arithmetic import SMALL_BASE
from nianbao.statistics.checks.registry import Check, check
from nianbao.statistics.model import Finding, Severity, Span

_UP = r"增长|上升|提高|增加|提升|增幅|上涨|新增|(?<![许很众最])多"
_DOWN = r"下降|减少|降低|回落|下滑|降幅|(?<![至不])少"
_FILL = r"(?:率|幅度?|了|约|近|达到?|为|[：:\s□])*"
_CHANGE = re.compile(rf"(?P<word>(?P<up>{_UP})|(?P<down>{_DOWN})){_FILL}$")
_AGAINST = re.compile(
    r"同比|[较比](?:上一?年|去年|往年|(?P<y1>20\d\d)年)(?:度|同期)*"
    r"|与(?:上一?年|去年|(?P<y2>20\d\d)年)(?:度|同期)?[^，。；]{0,6}相比"
    r"|相比(?:上一?年|去年|(?P<y3>20\d\d)年|于)?|(?P<other>环比)"
)
# Between this year's number and the word of change nothing else may be named.
_JOINT = re.compile(
    r"[，,（）()、\s]|数量|总量|总数|申请量|受理量|办件量|收件量|件数|数|略有?|有所|明显|大幅|显著|也|均|又"
    r"|同期|度|相?[较比]|与|由|从|的|了|共"
)
_BASE_LEAD = re.compile(
    r"(?:上一?年|去年|前一年|(?P<year>20\d\d)年)度?(?:同期)?(?:的|为|收到|受理|是|共|申请)*"
    r"[（(]?(?:的|为)?$"
)
_FROM = re.compile(r"(?:由|从)[^，。；\d]{0,10}$")
_TO = re.compile(r"(?:增|升|减|降|提高|下降|上升|增加|减少)(?:加|长|少)?(?:至|到)$")
LEVEL = re.compile(
    r"(?:与|和|同)(?:上年|去年|上一年|20\d\d年)(?:度|同期)?(?:基本)?(?P<word>持平|相同|一致)"
)
_ORIGIN = re.compile("[由从]")
_STOP = re.compile(r"[。；;]")
_ASIDE = re.compile(r"（[^（）]*）")


@dataclass(frozen=True, slots=True)
class Change:
    """A stated change: its number, its direction, and what the sentence says around it.

    Parameters
    ----------
    number
        The rate or the difference.
    word
        Span of the direction word.
    up
        Whether the word says that it grew.
    now, base, difference
        What may be this year's number, last year's number, and the difference, as far as
        they are named.
    """

    sentence: Sentence
    number: Quantity
    word: tuple[int, int]
    up: bool
    now: tuple[Quantity, ...] = ()
    base: Quantity | None = None
    difference: Quantity | None = None


def part_start(sentence: Sentence, position: int) -> int:
    """Where the part of the sentence begins that a place stands in (after 。 or ；)."""
    return max((m.end() for m in _STOP.finditer(sentence.text, 0, position)), default=0)


def _role(sentence: Sentence, q: Quantity, year: int) -> str:
    """What a count is in a comparison: ``base``, ``difference``, ``now``."""
    lead = sentence.text[max(0, q.start - 16) : q.start]
    if _TO.search(lead):
        return "now"
    if match := _BASE_LEAD.search(lead):
        return "base" if match["year"] in {None, str(year - 1)} else "other"
    if _FROM.search(lead):
        return "base"
    return "difference" if _CHANGE.search(lead) else "now"


def _subject_kept(sentence: Sentence, before: list[Quantity], word: int) -> bool:
    """Whether the change still speaks of the number before it (not of 满意率, say)."""
    if not before:
        return True
    between = _ASIDE.sub("", sentence.text[before[-1].end : word])
    return not _JOINT.sub("", _AGAINST.sub("", between))


def changes(sentence: Sentence, year: int) -> Iterator[Change]:
    """The changes against last year that a sentence states about a number of its own."""
    brackets = Nesting(sentence.text).opened
    against = list(_AGAINST.finditer(sentence.text))
    others = [m.start() for m in against if _other_base(m, year)]
    starts = [m.start() for m in (*against, *_ORIGIN.finditer(sentence.text))]
    for q in sentence.quantities:
        start = part_start(sentence, q.start)
        match = _CHANGE.search(sentence.text, start, q.start)
        if q.kind == "points" or match is None or any(start <= o < q.start for o in others):
            continue
        if not any(start <= a < match.start() for a in starts):
            continue
        # What stands in brackets is an aside: 3646件（含上年结转121件），同比增长1.08%.
        level = [
            c
            for c in sentence.quantities
            if start <= c.start < q.start and brackets[c.start] == brackets[q.start]
        ]
        before = [c for c in level if c.end <= match.start()]
        if not _subject_kept(sentence, before, match.start()):
            continue
        named: dict[str, list[Quantity]] = {"now": [], "base": [], "difference": [], "other": []}
        for c in sentence.quantities:
            aside = _role(sentence, c, year)
            # 比2022年（31起）下降29%: a base may stand in brackets, this year's number may not.
            if c.kind == "count" and start <= c.start < q.start and (c in level or aside == "base"):
                named[aside].append(c)
        if q.kind == "count":
            named["difference"].append(q)
        elif behind := _base_behind(sentence, q, year):
            named["base"].append(behind)
        base, difference = named["base"][-1:], named["difference"][-1:]
        yield Change(
            sentence,
            q,
            match.span("word"),
            match["up"] is not None,
            tuple(named["now"][::-1]),
            base[0] if base else None,
            difference[0] if difference else None,
        )


def _base_behind(sentence: Sentence, rate: Quantity, year: int) -> Quantity | None:
    """Last year's number in brackets behind a rate: 同比增长25%（2023年16件）."""
    for c in sentence.quantities:
        between = sentence.text[rate.end : c.start] if c.start >= rate.end else ""
        if c.kind == "count" and between[:1] == "（" and len(between) < 12:
            return c if _role(sentence, c, year) == "base" else None
    return None


def _other_base(match: re.Match[str], year: int) -> bool:
    """Whether a comparison is with another year than last year."""
    named = match["y1"] or match["y2"] or match["y3"]
    return match["other"] is not None or (named is not None and int(named) != year - 1)


HUNDRED = Decimal(100)


def _signed_difference(change: Change) -> Decimal | None:
    q = change.difference
    if q is None or q.hedged:
        return None
    return q.value if change.up else -q.value


@dataclass(frozen=True, slots=True)
class _Pair:
    """This year's and last year's number in one meaning, and how it is called."""

    now: Decimal
    base: Decimal
    name: str = ""
    cells: tuple[str, ...] = ()


def _from_words(change: Change) -> list[_Pair]:
    """Both numbers as far as the sentence itself tells them."""
    now = [q.value for q in change.now if not q.hedged]
    if change.base is not None:
        known = [] if change.base.hedged else now
        return [_Pair(n, change.base.value) for n in known]
    difference = _signed_difference(change)
    if change.number.kind == "percent" and difference is not None:
        return [_Pair(n, n - difference) for n in now if n >= difference]
    return []


def _claims_of(claims: tuple[Claim, ...], change: Change) -> list[Claim]:
    """The claims that the change may belong to, the nearest last."""
    position = part_start(change.sentence, change.number.start)
    brackets = Nesting(change.sentence.text).opened
    return [
        c
        for c in claims
        if c.sentence is change.sentence
        and position <= c.quantity.start < change.number.start
        and brackets[c.quantity.start] == brackets[change.number.start]
    ]


def _severity(change: Change, claims: tuple[Claim, ...]) -> Severity:
    """An error where we printed the change and each number of the sentence it is held against."""
    named: list[Quantity | None] = [*change.now, change.base, change.difference]
    if not _from_words(change):
        named = [c.quantity for c in _claims_of(claims, change)[-1:]]
    return change.sentence.severity_of([change.number, *(q for q in named if q is not None)])


def _from_tables(claims: tuple[Claim, ...], change: Change, now: Cells, then: Cells) -> list[_Pair]:
    """Both numbers in every meaning of the claim that the change belongs to."""
    found = _claims_of(claims, change)
    if not found:
        return []
    claim = found[-1]
    if change.now and claim.quantity != change.now[0]:
        return []
    both = zip(meanings(claim, now, {}), meanings(claim, then, {}), strict=False)
    pairs = [
        _Pair(a.value, b.value, a.name, a.cells)
        for a, b in both
        if a.value is not None and b.value is not None
    ]
    # The number says which meaning it has: 收到3646件 with what was carried over is 收办.
    meant = [p for p in pairs if claim.quantity.shows(p.now)]
    return meant or pairs


def _rate(pair: _Pair) -> Decimal | None:
    return None if pair.base == 0 else (pair.now - pair.base) * HUNDRED / pair.base


def _fits(change: Change, pair: _Pair) -> bool:
    """Whether the printed number, without its sign, is right for the pair."""
    q = change.number
    if q.kind == "count":
        return q.shows(abs(pair.now - pair.base))
    rate = _rate(pair)
    return rate is not None and q.shows(abs(rate))


def _told(change: Change, pair: _Pair) -> str:
    rate = _rate(pair)
    numbers = f"本年{plain(pair.now)}、上年{plain(pair.base)}"
    if pair.name:
        numbers = f"{pair.name}{numbers}"
    if change.number.kind == "count":
        return f"{numbers}，差额为{plain(abs(pair.now - pair.base))}"
    step = min(change.number.ulp, Decimal("0.1"))
    return f"{numbers}，增减幅度为{at_step(rate or Decimal(0), step)}%"


def _right(change: Change, pair: _Pair) -> str:
    """What should have been printed, without its sign."""
    if change.number.kind == "count":
        return plain(abs(pair.now - pair.base))
    return f"{at_step(abs(_rate(pair) or Decimal(0)), change.number.ulp)}%"


@dataclass(frozen=True, slots=True)
class _Compared:
    """A change with the pairs of numbers it may be of, the likeliest first."""

    change: Change
    pairs: list[_Pair]
    severity: Severity

    @property
    def agrees(self) -> bool:
        """Whether the word goes the way of the numbers, in one meaning at least."""
        signs = {p.now > p.base if p.now != p.base else None for p in self.pairs}
        return self.change.up in signs or (self.change.number.value == 0 and None in signs)

    @property
    def fits(self) -> bool:
        """Whether the printed number is right for a pair."""
        count = self.change.number.kind == "count"
        return any(_fits(self.change, p) for p in self.pairs if p.base or count)

    @property
    def baseless(self) -> bool:
        """Whether it is a rate on a base of 0."""
        return self.change.number.kind == "percent" and all(p.base == 0 for p in self.pairs)


def _compared(manuscript: Manuscript) -> Iterator[_Compared]:
    """The changes of the prose of which both years' numbers are known.

    All meanings of the number are tried (新收 and 新收+上年结转 give different rates).
    """
    claims, context = manuscript.claims, manuscript.context
    for sentence in manuscript.prose.sentences:
        for change in changes(sentence, context.year) if sentence.quantities else ():
            pairs = _from_words(change) or _from_tables(
                claims, change, context.cells, context.previous_cells
            )
            if pairs:
                yield _Compared(change, pairs, _severity(change, claims))


def _printed(change: Change) -> tuple[str, list[Span]]:
    q = change.number
    return change.sentence.text[q.start : q.end].strip(), [(q.start, q.end)]


@check(
    "Y9",
    severity="warning",
    title="增长率",
    source="已公布年报中的常见差错",
    explanation="增长率应等于增减数除以上年数，按印出的位数四舍五入。请重新计算，"
    "或改写成“{{ 名称.同比 }}”。",
)
def rates_are_right(manuscript: Manuscript, rule: Check) -> Iterator[Finding]:
    """Recompute rates and differences, from the sentence's numbers or from both years' tables.

    Hedged rates are only asked for their direction.
    """
    for found in _compared(manuscript):
        change, pairs = found.change, found.pairs
        if not found.agrees or found.baseless or change.number.hedged or found.fits:
            continue
        likeliest = next(p for p in pairs if p.base or change.number.kind == "count")
        printed, span = _printed(change)
        message = f"写作{printed}，{_told(change, likeliest)}；请核对后改正"
        right = _right(change, likeliest)
        yield change.sentence.finding(
            rule, found.severity, message, span, printed, right, pairs[0].cells
        )


@check(
    "Y10",
    severity="warning",
    title="基数为零或过小",
    source="本模板的约定",
    explanation="上年为0时没有增长率，应写“上年为0”或净增件数；上年不足10的，写增减件数即可。",
)
def rates_have_a_base(manuscript: Manuscript, rule: Check) -> Iterator[Finding]:
    """A rate on a base of 0 means nothing, and one on a small base misleads."""
    for found in _compared(manuscript):
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
            base = plain(next(p.base for p in pairs if p.base))
            message = f"上年基数不足10（{base}），百分比容易误导；请同时写明增减的件数"
        else:
            continue
        yield change.sentence.finding(
            rule, found.severity, message, span, printed, None, pairs[0].cells
        )


@check(
    "Y11",
    severity="warning",
    title="增减用词与数字",
    source="已公布年报中的常见差错",
    explanation="“增长”“下降”“持平”应与数字的变化一致。请改正用词，或改写成“{{ 名称.同比 }}”。",
)
def words_go_the_way_of_the_numbers(manuscript: Manuscript, rule: Check) -> Iterator[Finding]:
    """增长, 下降 and 持平 agree with the numbers in one of their meanings at least."""
    for found in _compared(manuscript):
        if not found.agrees:
            yield _direction(found, rule)
    for sentence in manuscript.prose.sentences:
        if "平" in sentence.text or sentence.quantities:
            yield from _level(sentence, rule, manuscript)


def _direction(found: _Compared, rule: Check) -> Finding:
    change, pairs = found.change, found.pairs
    s, (start, end) = change.sentence, change.word
    message = f"写作“{s.text[start:end]}”，而{_told(change, pairs[0])}；请改正增减的方向"
    difference = plain(pairs[0].now - pairs[0].base)
    return s.finding(
        rule,
        found.severity,
        message,
        [change.word],
        s.text[start:end],
        difference,
        pairs[0].cells,
    )


def _level(sentence: Sentence, rule: Check, manuscript: Manuscript) -> Iterator[Finding]:
    """与上年持平, of two numbers that differ."""
    match = LEVEL.search(sentence.text)
    if match is None or "基本" in match[0]:
        return
    q = Quantity(match.start(), match.end(), Decimal(0))
    change = Change(sentence, q, match.span("word"), up=True)
    pairs = _from_tables(
        manuscript.claims, change, manuscript.context.cells, manuscript.context.previous_cells
    )
    if pairs and not any(p.now == p.base for p in pairs):
        message = f"写作“{match[0]}”，而{_told(change, pairs[0])}；请改正"
        span = [match.span("word")]
        right = plain(pairs[0].now - pairs[0].base)
        yield sentence.finding(
            rule, sentence.severity(span), message, span, "0", right, pairs[0].cells
        )

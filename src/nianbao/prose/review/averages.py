"""Averages and the numbers that they are of (N19)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from nianbao.files.numerals import read_numeral
from nianbao.prose.review.cells import at_step
from nianbao.prose.review.manuscript import Manuscript
from nianbao.prose.review.quantities import Quantity, same_measure
from nianbao.prose.review.text import Sentence
from nianbao.statistics.arithmetic import trimmed
from nianbao.statistics.checks.registry import Check, check
from nianbao.statistics.model import Finding

_HAN = "\u4e00-\u9fff"
# What stands before an average: 月均, 平均每月, 每个科室平均, 科室平均.
_AVERAGE = re.compile(
    r"(?:(?P<month>月均|每个?月平均|平均每个?月|月平均)|(?P<day>日均|平均每[天日]|每[天日]平均)"
    rf"|(?P<unit>[人户场次期件篇校村镇县区])均|(?:平均)?每(?P<each>[{_HAN}]{{1,6}}?)平均"
    rf"|平均每(?P<per>[{_HAN}]{{1,10}})|(?P<noun>[{_HAN}]{{2}})平均)[^，。；、\d每均]{{0,10}}$"
)
_CLAUSE = re.compile("[，。；：、（）]")
_PART_OF_YEAR = re.compile(r"半年|季度|\d\s*月|□\s*月|(?<!12)个月|以来")
# 月均66条，共798条; 平均每个工作日3条，全年250个工作日共更新750条
_TOTAL_BEHIND = re.compile(
    r"，(?:全年)?(?:\d+个?[\u4e00-\u9fff]{1,3})?(?:合计|总计|共计?|累计)[^，。；\d]{0,6}$"
)
_EACH = re.compile("[每各]|平均")
_MEAN = re.compile("均|每|分之|倍")
MONTHS = (Decimal(12),)
# A year's days, and its working days as offices count them.
DAYS = (Decimal(365), Decimal(366), *(Decimal(days) for days in range(242, 256)))
# What there is no half of.
_WHOLE_UNITS = frozenset({"条", "件", "次", "人", "篇", "份", "期", "场", "人次", "名", "册"})


@dataclass(frozen=True, slots=True)
class Average:
    """An average with the totals and the divisors that the sentence names."""

    number: Quantity
    totals: tuple[Quantity, ...]
    divisors: tuple[Decimal, ...]
    """The numbers that it may be made of; none where the sentence does not tell."""
    before: tuple[Quantity, ...] = ()
    """Totals of the sentence before, which it may be of as well."""

    def quotients(self) -> Iterator[tuple[Decimal, Decimal, Decimal]]:
        """Yield each total with a divisor and what it makes."""
        for total in self.totals:
            yield from ((total.value, d, total.value / d) for d in self.divisors if d > 0)

    @property
    def fits(self) -> bool:
        """Whether the printed number is one of the quotients, rounded or cut off."""
        q, every = self.number, (*self.before, *self.totals)
        if any(total.hedged for total in every):
            return True
        # 网站486条、公众号312条，月均66条: of the last ones together, too.
        sums = [sum((t.value for t in every[i:]), Decimal(0)) for i in range(len(every))]
        found = [v / d for v in (*(t.value for t in every), *sums) for d in self.divisors if d > 0]
        return any(abs(q.value - x) < q.ulp or q.agrees(x) for x in found)


def averages(sentence: Sentence) -> Iterator[Average]:
    """Yield the averages of a sentence.

    Examples
    --------
    >>> from nianbao.prose.review.text import read_prose
    >>> (s,) = read_prose({"overview": "发布480条，月均48条。"}).sentences
    >>> [(int(a.totals[0].value), a.fits) for a in averages(s)]
    [(480, False)]
    """
    counts = [q for q in sentence.quantities if q.kind == "count"]
    yield from _per_piece(sentence, counts)
    for q in counts:
        start = max((m.end() for m in _CLAUSE.finditer(sentence.text, 0, q.start)), default=0)
        match = _AVERAGE.search(sentence.text, start, q.start)
        if match is None or _EACH.search(sentence.text, start, match.start()):
            continue  # 各科室平均每月5条 is of two things
        others = [c for c in counts if c is not q]
        divided = _divided_by(sentence, match, others)
        if (match["month"] or match["day"]) and _PART_OF_YEAR.search(sentence.text):
            continue
        divisors = MONTHS if match["month"] else DAYS if match["day"] else tuple(divided)
        totals = tuple(
            c
            for c in others
            if same_measure(c.unit, q.unit)
            and c.unit
            and c.value >= q.value
            and c.value not in divided
            and (c.start < q.start or _TOTAL_BEHIND.search(sentence.text, q.end, c.start))
        )
        earlier = sentence.before.quantities if sentence.before else ()
        before = tuple(c for c in earlier if c.kind == "count" and c.unit == q.unit)
        yield Average(q, totals, divisors, before)


_ONE_PIECE = re.compile("(?:即可|可)?(?:办结|答复|办理|办完|处理)(?:完)?(?:一|1)[件条份]")
_PER_PIECE = re.compile(
    "(?:平均)?每[件条份](?:申请)?(?:平均)?(?:用时|耗时|办理时间)?$|件均(?:用时|耗时)?$"
)
_ALL_TIME = re.compile(
    "(?:累计|总|共计?|合计)(?:办理|答复)?(?:用时|耗时|时长|时间|历时)(?:为|共)*$"
)


def _per_piece(sentence: Sentence, counts: Sequence[Quantity]) -> Iterator[Average]:
    """Yield what a piece takes of the time of all: 20件累计160个工作日，平均8个工作日办结一件."""
    for n, q in enumerate(counts):
        piece = _ONE_PIECE.match(sentence.text, q.end) or _PER_PIECE.search(
            sentence.text, 0, q.start
        )
        whole = next((c for c in counts[:n] if c.unit == q.unit), None)
        if not piece or whole is None or not _ALL_TIME.search(sentence.text, 0, whole.start):
            continue
        pieces = tuple(c.value for c in counts[:n] if c.unit in {"件", "条", "份"})
        if len(pieces) == 1:
            yield Average(q, (whole,), pieces)


def _divided_by(
    sentence: Sentence, match: re.Match[str], counts: Sequence[Quantity]
) -> list[Decimal]:
    """Return the numbers of what the average is of: 12个科室 of 科室平均, 42名 of 人均."""
    if match["unit"]:
        units = {"人", "名"} if match["unit"] == "人" else {match["unit"], f"{match['unit']}次"}
        noun = re.compile(rf"[{_HAN}]{{0,2}}{match['unit']}")  # 38所学校 of 校均
        return [c.value for c in counts if c.unit in units or noun.match(sentence.text, c.end)]
    words = (match["each"] or match["per"] or match["noun"] or "").lstrip("个家名")
    return [
        c.value
        for c in counts
        if words
        and (
            words.startswith(c.unit.lstrip("个") or "个")
            or sentence.text.startswith(words[:2], c.end)
        )
    ]


@check(
    "N19",
    severity="warning",
    title="平均数",
    source="已公布年报中的常见差错",
    explanation="月均、日均、人均等应等于句中的总数除以月数、天数、人数，四舍五入或舍去尾数都可以。"
    "不是平均数的件数、次数、人数没有小数，写了小数多半漏了“万”。平均或最长用时不能超过所说的“均在……内”。请重新计算，或补上单位。",
)
def averages_are_of_their_totals(manuscript: Manuscript, rule: Check) -> Iterator[Finding]:
    """Recompute averages from the sentence's own numbers; find counts with a fraction."""
    for sentence in manuscript.prose.sentences:
        found = [*averages(sentence)] if "均" in sentence.text or "每" in sentence.text else []
        for average in found:
            quotients = [*average.quotients()]
            if not quotients or average.fits:
                continue
            q = average.number
            total, divisor, right = min(quotients, key=lambda made: abs(made[2] - q.value))
            printed = sentence.text[q.start : q.end].strip()
            exact = trimmed(Decimal(at_step(right, min(q.ulp, Decimal("0.1")))))
            message = (
                f"平均数写作{printed}，{trimmed(total)}÷{trimmed(divisor)}＝{exact}；请核对后改正"
            )
            counts = [q, *(t for t in average.totals if t.value == total)]
            spans = [(n.start, n.end) for n in counts]
            severity = sentence.severity_of(counts)
            yield sentence.finding(rule, severity, message, spans, printed, exact)
        if "每" in sentence.text:
            yield from _regularly(sentence, rule)
        yield from _fractions(sentence, rule)
        if "工作日" in sentence.text:
            yield from _all_within(sentence, rule)


_TIMES_A_YEAR = {"季度": 4, "季": 4, "月": 12, "半年": 2}
_REGULARLY = re.compile(
    "每(?:个)?(?P<span>季度|季|月|半年|周)(?:至少)?[^，。；、\\d]{0,8}?(?P<times>\\d+|[一两二三四五六])(?P<unit>[次期场条篇])"
    "(?P<what>[^，。；、\\d]{0,10})，(?:全年|(?P<weeks>5[23])周)(?:共计?|合计|累计|总共)"
    "(?:[开召举组发更推通听][\u4e00-\u9fff])?(?P<total>\\d+)(?P=unit)"
)


_MORE_THAN_REGULAR = re.compile("[^。；]*(?:加开|加密|加更|临时|增开|补|另)")


def _regularly(sentence: Sentence, rule: Check) -> Iterator[Finding]:
    """Yield a year's total that its regular times do not make: 每季度听取一次，全年共5次."""
    for match in _REGULARLY.finditer(sentence.text):
        spans = Decimal(match["weeks"] or _TIMES_A_YEAR.get(match["span"], 0))
        if not spans or (match["weeks"] and match["span"] != "周") or "至少" in match[0]:
            continue
        times = Decimal(read_numeral(match["times"].replace("两", "二")) or match["times"])
        total, right = Decimal(match["total"]), times * spans
        if total != right and not _MORE_THAN_REGULAR.match(sentence.text, match.end()):
            printed = f"{match['total']}{match['unit']}"
            message = (
                f"每{match['span']}{trimmed(times)}{match['unit']}，{trimmed(spans)}"
                f"个{match['span']}应为{trimmed(right)}{match['unit']}，写作{printed}；请核对后改正"
            )
            spans_ = [match.span("total"), match.span("times")]
            severity = sentence.severity(spans_)
            yield sentence.finding(rule, severity, message, spans_, printed, trimmed(right))


_ALL_WITHIN = re.compile(r"(?:均|都|全部)[^，。；\d]{0,8}$")
_LASTED = re.compile(r"(?:平均|最[长短快慢])[^，。；\d]{0,10}$")


def _all_within(sentence: Sentence, rule: Check) -> Iterator[Finding]:
    """Yield a time that is longer than the limit that all are said to keep."""
    days = [q for q in sentence.quantities if q.unit in {"个工作日", "工作日"}]
    limits = [q for q in days if _ALL_WITHIN.search(sentence.text, 0, q.start)]
    limits = [q for q in limits if re.match(r"[^，。；]{0,8}内", sentence.text[q.end :])]
    for q in days:
        if limits and q.value > limits[0].value and _LASTED.search(sentence.text, 0, q.start):
            printed = sentence.text[q.start : q.end].strip()
            limit = trimmed(limits[0].value)
            message = f"用时写作{printed}，又说均在{limit}个工作日内；请核对后改正"
            spans = [(n.start, n.end) for n in (q, limits[0])]
            severity = sentence.severity_of((q, limits[0]))
            yield sentence.finding(rule, severity, message, spans, printed, limit)


def _fractions(sentence: Sentence, rule: Check) -> Iterator[Finding]:
    """Yield counts that have a fraction and are no average: 访问3.2次 for 3.2万次."""
    for q in sentence.quantities:
        whole = q.value == q.value.to_integral_value()
        if q.kind != "count" or whole or q.unit not in _WHOLE_UNITS:
            continue
        if not _MEAN.search(sentence.text, sentence.part_start(q.start), q.start):
            printed = sentence.text[q.start : q.end].strip()
            message = f"“{printed}”有小数，是不是漏了“万”字；请核对单位"
            span = [(q.start, q.end)]
            yield sentence.finding(rule, sentence.severity(span), message, span, printed)

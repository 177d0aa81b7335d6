"""Words of direction and the numbers that they are said of (Y11): 增长, 减少, 持平."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise

from nianbao.prose.review.cells import Meaning
from nianbao.prose.review.changes import LAST_YEAR, RISEN, Pair, pairs_at, subject_kept
from nianbao.prose.review.growth import ABOUT, Compared, compared, reported
from nianbao.prose.review.manuscript import Manuscript
from nianbao.prose.review.text import Sentence
from nianbao.statistics.arithmetic import trimmed
from nianbao.statistics.checks.registry import Check, check
from nianbao.statistics.model import Finding
from nianbao.statutory.wholes import RECEIVED

LEVEL = re.compile(
    rf"(?:[与和同较比]{LAST_YEAR}(?:的|数量|总量|申请量)*[^，。；（）]{{0,10}}?|同比)(?P<about>基本|大致)?"
    "(?P<word>持平|相同|一致)"
)
FEW = 2


@check(
    "Y11",
    severity="warning",
    title="增减用词与数字",
    source="已公布年报中的常见差错",
    explanation="“增长”“下降”“持平”应与数字的变化一致；“较上年有所减少”没有写数的，"
    "按两年的表核对。请改正用词，或改写成“{{ 名称.同比 }}”。",
)
def words_go_the_way_of_the_numbers(manuscript: Manuscript, rule: Check) -> Iterator[Finding]:
    """Check that 增长, 下降 and 持平 agree with the numbers in one of their meanings at least."""
    for found in compared(manuscript):
        if not found.agrees:
            yield _direction(found, rule)
    for sentence in manuscript.prose.sentences:
        if sentence.quantities or "平" in sentence.text:
            yield from _level(sentence, rule, manuscript)
        if "较" in sentence.text or "比" in sentence.text:
            yield from _wordless(sentence, rule, manuscript)
        if "于" in sentence.text or "超过" in sentence.text or "不及" in sentence.text:
            yield from _above(sentence, rule, manuscript.context.year)
        if "至" in sentence.text or "到" in sentence.text:
            yield from _moved(sentence, rule)


_WORDLESS = re.compile(
    rf"(?:[较比与]{LAST_YEAR}(?:相比)?|同比)(?:[^，。；\d]{{0,4}}?)"
    "(?P<word>(?P<up>增加|增长|上升|增多)|(?P<down>减少|下降|回落|降低))(?=[，。；])"
)
_COMPARED_FIRST = re.compile(
    rf"(?:[与和同较比]|相比){LAST_YEAR}(?:相比)?，?(?P<what>[^，。；]{{0,20}}申请(?:数量|总量|量|件数|数))"
    "(?:有所|略有|有|明显|大幅|显著|稍有|呈|持续)*"
    "(?P<word>(?P<up>增加|增长|上升|增多)|(?P<down>减少|下降|回落|降低))(?=[，。；])"
)
_REQUESTS = re.compile(
    r"(?:全年|本年度?|今年|20\d\d年度?|我[局委办厅镇乡县区市]|收到|受理|新收|的)*(?:政府信息公开|依申请公开)?"
    "申请(?:数量|总量|量|件数|数)"
)


def _wordless(sentence: Sentence, rule: Check, manuscript: Manuscript) -> Iterator[Finding]:
    """Yield a direction without a number that the two years do not go: 较上年有所减少."""
    match = _WORDLESS.search(sentence.text) or _COMPARED_FIRST.search(sentence.text)
    if match is None:
        return
    start = sentence.part_start(match.start())
    before = [q for q in sentence.quantities if start <= q.start < match.start()]
    ahead = match.re is _COMPARED_FIRST
    clause = match["what"] if ahead else sentence.text[start : match.start()].rpartition("，")[2]
    if before and not ahead and subject_kept(sentence, before, match.start()):
        pairs = pairs_at(sentence, match, manuscript)
    elif _REQUESTS.fullmatch(clause) and match["year"] in {None, str(manuscript.context.year - 1)}:
        now, then = manuscript.context.cells, manuscript.context.previous_cells
        pairs = [*_pair(now.request("new", "新收申请"), then.request("new"))]
        pairs += _pair(
            *(cells.of(cells.wholes[RECEIVED], "新收+上年结转") for cells in (now, then))
        )
    else:
        return
    grown = [p for p in pairs if (p.now > p.base) == (match["up"] is not None) and p.now != p.base]
    if pairs and not grown:
        first = pairs[0]
        message = (
            f"写作“{match['word']}”，而{first.name}本年{trimmed(first.now)}、"
            f"上年{trimmed(first.base)}；请改正增减的方向"
        )
        span = [match.span("word")]
        difference = trimmed(first.now - first.base)
        severity = sentence.severity(span)
        yield sentence.finding(
            rule, severity, message, span, match["word"], difference, first.cells
        )


_LED_TO = re.compile(
    r"[^，。；\d]{0,6}?(?:(?P<up>增[加长]?|上升|提升|提高|升|涨)"
    r"|(?P<down>减少?|下降|下滑|回落|降低?))"
    r"(?:至|到)(?:(?:今|本|20\d\d)年度?的?)?"
)


_ABOVE = re.compile(
    rf"，?(?:(?P<up>高于|多于|超过)|(?P<down>低于|少于|不及)){LAST_YEAR}的?(?:[^，。；\d]{{0,6}})"
)


def _above(sentence: Sentence, rule: Check, year: int) -> Iterator[Finding]:
    """Yield 今年1098条，高于去年的1195条."""
    for now, base in pairwise(sentence.quantities):
        match = _ABOVE.fullmatch(sentence.text, now.end, base.start)
        same = now.kind == base.kind and now.unit == base.unit and not (now.hedged or base.hedged)
        if match is None or not same or match["year"] == str(year):
            continue
        if (now.value > base.value) != (match["up"] is not None):
            word = match["up"] or match["down"]
            said = [sentence.text[q.start : q.end].strip() for q in (now, base)]
            message = f"{said[0]}并不{word}{said[1]}；请核对两数，或改正用词"
            span = [match.span("up" if match["up"] else "down")]
            severity = sentence.severity_of((now, base))
            difference = trimmed(now.value - base.value)
            yield sentence.finding(rule, severity, message, span, word, difference)


def _moved(sentence: Sentence, rule: Check) -> Iterator[Finding]:
    """Yield 由16件升至11件: the word goes another way than its two numbers."""
    for base, now in pairwise(sentence.quantities):
        match = _LED_TO.fullmatch(sentence.text, base.end, now.start)
        if match is None or base.kind != now.kind or base.unit != now.unit or base.hedged:
            continue
        grown = now.value > base.value
        if now.hedged or now.value == base.value or grown == (match["up"] is not None):
            continue
        if RISEN.search(sentence.text, 0, base.start):
            word = "up" if match["up"] else "down"
            span = match.span(word)
            said = [sentence.text[q.start : q.end].strip() for q in (base, now)]
            message = f"写作“{match[word]}”，而{said[0]}到{said[1]}是{'增加' if grown else '减少'}"
            severity = sentence.severity_of((base, now))
            difference = trimmed(now.value - base.value)
            yield sentence.finding(
                rule, severity, f"{message}；请改正增减的方向", [span], match[word], difference
            )


def _pair(now: Meaning, then: Meaning) -> Iterator[Pair]:
    """Yield both years' numbers, where both tables have them."""
    if now.value is not None and then.value is not None:
        yield Pair(now.value, then.value, now.name, now.cells)


def _direction(found: Compared, rule: Check) -> Finding:
    change, pairs = found.change, found.pairs
    s, (start, end) = change.sentence, change.word
    message = f"写作“{s.text[start:end]}”，而{reported(change, pairs[0])}；请改正增减的方向"
    difference = trimmed(pairs[0].now - pairs[0].base)
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
    """Report 与上年持平 of two numbers that differ."""
    match = LEVEL.search(sentence.text)
    pairs = pairs_at(sentence, match, manuscript) if match else []
    if match is None or not pairs:
        return

    def level(pair: Pair) -> bool:
        slack = max(pair.base * ABOUT, Decimal(FEW)) if match["about"] else 0
        return abs(pair.now - pair.base) <= slack

    if not any(map(level, pairs)):
        first = pairs[0]
        difference = first.now - first.base
        message = (
            f"写作“{match[0]}”，而{first.name}本年{trimmed(first.now)}、上年{trimmed(first.base)}，"
            f"差额为{trimmed(abs(difference))}；请改正"
        )
        span = [match.span("word")]
        yield sentence.finding(
            rule, sentence.severity(span), message, span, "0", trimmed(difference), first.cells
        )

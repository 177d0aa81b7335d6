"""One quantity told twice: in two places of a report (N18), in two writings (N20)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import chain, pairwise

from nianbao.prose.review.cells import Cells
from nianbao.prose.review.changes import rate_changes
from nianbao.prose.review.claims import Claim, other_scope, other_year, phrase_at
from nianbao.prose.review.context import ReviewContext
from nianbao.prose.review.manuscript import Manuscript
from nianbao.prose.review.meanings import meanings
from nianbao.prose.review.parts import divisions
from nianbao.prose.review.quantities import Quantity
from nianbao.prose.review.terms import strip_generic
from nianbao.prose.review.text import Prose, Sentence, section_name
from nianbao.statistics.arithmetic import trimmed
from nianbao.statistics.checks.registry import Check, check
from nianbao.statistics.model import Finding, Severity

# Kinds whose words are plain enough to be the same quantity wherever they stand.
_KINDS = frozenset(
    {
        *("received", "carried_in", "carried_out", "outcome", "dispute"),
        *("document", "decision", "charge", "fee"),
    }
)
_NARROWED = re.compile("其中|网|平台|渠道")
_EVERYWHERE = re.compile(
    "(?:通过|依托|利用)[^，。；]{2,30}等(?:多种|多个|各类?|各种)?(?:渠道|平台|方式|形式|载体|途径)"
)
"""通过网站、公众号等渠道 narrows nothing."""
_DISCLOSED = re.compile(r"主动公开(?:各类)?(?:政府|政务)?信息(?:共|共计|累计|总计)?$")


@dataclass(frozen=True, slots=True)
class _Named:
    """A quantity by what it counts; ``whole`` is what the sentence says it is a part of."""

    what: str
    label: str
    quantity: Quantity
    sentence: Sentence
    whole: Decimal | None = None


def _from_claims(
    claims: tuple[Claim, ...], cells: Cells, context: ReviewContext
) -> Iterator[_Named]:
    for claim in claims:
        if claim.kind not in _KINDS:
            continue
        found = meanings(claim, cells, context.figures)
        # Where a table has the number, each mention was compared with it already.
        if found and found[0].value is not None:
            continue
        what = " ".join((claim.kind, *claim.keys))
        whole = _whole_of(claim) if claim.kind == "outcome" else None
        yield _Named(what, claim.label, claim.quantity, claim.sentence, whole)


def _whole_of(claim: Claim) -> Decimal | None:
    """Return what a claim's number is a part of, where a list says so."""
    for division in divisions(claim.sentence):
        if any(item.quantity is claim.quantity for item in division.items):
            return division.wholes[0].value
    return None


def _disclosed(prose: Prose, context: ReviewContext) -> Iterator[_Named]:
    """Yield 主动公开政府信息n条 with nothing that narrows it, no channel and no field."""
    for sentence in prose.sentences:
        for index, q in enumerate(sentence.quantities):
            lead = phrase_at(sentence, index).lead if q.unit == "条" else ""
            match = _DISCLOSED.search(lead)
            if match is None or strip_generic(lead[: match.start()], context.own_names):
                continue
            if _NARROWED.search(_EVERYWHERE.sub("", sentence.text[: q.start])):
                continue
            scope = other_scope(sentence, q.start, context)
            if not scope and not other_year(sentence, q.start, context):
                yield _Named("disclosed", match[0], q, sentence)


# What a year's work is told with: 全年举办政务公开培训3期.
_WORK = re.compile(
    r"(?:全年|年内|本年度?|今年(?:以来)?|一年来|20\d\d年(?:度|以来)?|[我本][局委厅办镇乡县区市院校]|本机关|共计?|累计|总共)+"
    r"(?P<did>组织开展|举办|组织|开展|召开|举行|公开|发布|编发|印发|开设|接待|推送|更新)了?"
    r"(?P<noun>[\u4e00-\u9fff]{4,14}?)?(?:共计?|累计|合计|达到?|为|了)*"
)
# The same with the thing first: 新闻发布会全年共举行5场.
_THING_FIRST = re.compile(
    r"(?P<noun>[\u4e00-\u9fff]{4,14}?)(?:全年|年内|本年度?)(?:共计?|累计|总共)?"
    r"(?P<did>组织开展|举办|组织|开展|召开|举行|公开|发布|编发|印发|推送|更新)了?(?:共计?|累计|合计|达到?|为)*"
)
_HELD = frozenset({"组织开展", "举办", "组织", "开展", "召开", "举行"})
_THING = re.compile("[\u4e00-\u9fff]{4,14}$")
_OF_SOMEBODY = re.compile(
    "其中|通过|依托|利用|网站|公众号|微信|微博|平台|渠道|乡镇|街道|部门|单位|科室|季度|半年|面向|针对|参加|围绕|联合"
)


def _works(prose: Prose, context: ReviewContext) -> Iterator[_Named]:
    """Yield what was done all year with nothing that narrows it: 全年举办政务公开培训3期."""
    for sentence in prose.sentences:
        for index, q in enumerate(sentence.quantities):
            if q.kind != "count" or not q.unit:
                continue
            phrase = phrase_at(sentence, index)
            lead = _without(phrase.lead, context.spoken_names)
            match = _WORK.fullmatch(lead) or _THING_FIRST.fullmatch(lead)
            if match and "累计" in match[0] and "年" not in match[0]:
                continue  # of all the years
            noun = match and (match["noun"] or (_THING.match(phrase.tail) and phrase.tail))
            before = sentence.text[sentence.part_start(q.start) : q.start]
            if not match or not noun or _OF_SOMEBODY.search(_EVERYWHERE.sub("", before)):
                continue
            if other_scope(sentence, q.start, context) or other_year(sentence, q.start, context):
                continue
            did = "举办" if match["did"] in _HELD else match["did"]
            yield _Named(f"work {did}{noun}{q.unit}", f"{match['did']}{noun}", q, sentence)


_TRAINED = re.compile(
    "(?:(?:全年|年内|本年度?)(?:共计?|累计)?(?:参训|培训)(?:人员|干部)?|累计参训(?:人员|干部)?)(?:共计?|累计|达到?)?$"
)
_SO_MANY_TRAINED = re.compile("(?:参训|培训)(?:人员|干部)?(?:共计?|累计|达到?)?$")
_TRAININGS = re.compile(
    "(?:全年|年内|本年度?)[^，。；\\d]{0,8}(?:举办|组织|开展)[^，。；\\d]{0,12}培训班?\\d+[期次场]，[^，。；\\d]*$"
)


def _trained(prose: Prose, context: ReviewContext) -> Iterator[_Named]:
    """Yield how many were trained in all the year: 全年举办培训3期，参训145人次."""
    for sentence in prose.sentences:
        for q in sentence.quantities if "训" in sentence.text else ():
            if q.unit not in {"人", "人次", "名"}:
                continue
            lead = sentence.text[: q.start]
            all_year = _TRAINED.search(lead)
            if not all_year and not (_TRAININGS.search(lead) and _SO_MANY_TRAINED.search(lead)):
                continue
            if _OF_SOMEBODY.search(lead) or other_scope(sentence, q.start, context):
                continue
            if not other_year(sentence, q.start, context):
                yield _Named(f"trained {q.unit}", "参训人数", q, sentence)


def _without(words: str, names: tuple[str, ...]) -> str:
    for name in names:
        words = words.replace(name, "")
    return words


@check(
    "N18",
    severity="warning",
    title="同一数量前后一致",
    source="已公布年报中的常见差错",
    explanation="同一个数量在文中几处出现时应当相同。请核对，或都改写成“{{ 名称 }}”。",
)
def one_quantity_has_one_value(manuscript: Manuscript, rule: Check) -> Iterator[Finding]:
    """Find a quantity that has another value further on, where no table says which is right."""
    context, claims = manuscript.context, manuscript.claims
    cells = context.cells
    first: dict[str, _Named] = {}
    prose = manuscript.prose
    found = (
        _from_claims(claims, cells, context),
        _disclosed(prose, context),
        _trained(prose, context),
        _works(prose, context),
    )
    for named in chain(*found):
        q = named.quantity
        if q.hedged:
            continue
        known = first.setdefault(named.what, named)
        if known is named or known.sentence is named.sentence:
            continue
        if None not in {known.whole, named.whole} and known.whole != named.whole:
            continue  # 答复的1677件中公开318件 and 答复的9213件中公开2845件: parts of two wholes
        slack = max(q.slack, known.quantity.slack)
        if abs(q.value - known.quantity.value) <= slack:
            continue
        here, there = trimmed(q.value), trimmed(known.quantity.value)
        home = section_name(known.sentence.section, context.format_)
        where = "前文" if known.sentence.section == named.sentence.section else f"“{home}”中"
        message = (
            f"“{named.label}”此处为{here}{q.unit}，{where}为{there}{known.quantity.unit}；"
            "同一数据前后应一致，请核对"
        )
        span = [(q.start, q.end)]
        both = {n.sentence.severity_of((n.quantity,)) for n in (known, named)}
        severity: Severity = "error" if both == {"error"} else "warning"
        yield named.sentence.finding(rule, severity, message, span, here, there)


_THAT_IS = re.compile(r"[，,（(]?(?:也?即|也就是|折合(?:人民币)?|合(?=\d))为?")
_END = re.compile(r"\s*(?:[，。；）)]|$)")
_CHANGED = re.compile(
    r"[，,（(]?(?:同比|[较比](?:上年|去年|上一年度?)(?:同期)?|[与和]上年相比)[^，。；率比重度\d]{0,4}"
)


@check(
    "N20",
    severity="warning",
    title="换算和百分点",
    source="已公布年报中的常见差错",
    explanation="“1.2万条，即12000条”前后应是同一个数。件数、条数的增减用百分数，"
    "“个百分点”只用于两个百分数之差，两个百分数之差也只用“个百分点”。请核对后改正。",
)
def two_writings_are_one_number(manuscript: Manuscript, rule: Check) -> Iterator[Finding]:
    """Compare a number with the same in another writing; find points said of a count."""
    for sentence in manuscript.prose.sentences:
        for first, second in pairwise(sentence.quantities):
            between = sentence.text[first.end : second.start]
            counted = first.kind == "count" and bool(first.unit)
            if counted and second.kind == "points" and _CHANGED.fullmatch(between):
                printed = sentence.text[second.start : second.end].strip()
                message = f"件数、条数的增减不用百分点（{printed}）；请改成百分数，或写明是哪个比率"
                span = [(second.start, second.end)]
                yield sentence.finding(rule, sentence.severity(span), message, span, printed)
            elif (
                counted
                and first.unit == second.unit
                and (_THAT_IS.fullmatch(between) or _in_full(sentence, first, second, between))
            ):
                yield from _unequal(sentence, (first, second), rule)
        if sentence.text.count("%") > 2:
            yield from _points_as_percent(sentence, rule, manuscript.context.year)


def _in_full(sentence: Sentence, first: Quantity, second: Quantity, between: str) -> bool:
    """Return whether a number in 万 stands in full in brackets behind it: 1.2万元（12000元）."""
    scaled = [re.search("[万亿]", sentence.text[q.start : q.end]) for q in (first, second)]
    closes = sentence.text[second.end : second.end + 1] == "）"
    return between == "（" and closes and scaled[0] is not None and scaled[1] is None


def _points_as_percent(sentence: Sentence, rule: Check, year: int) -> Iterator[Finding]:
    """Yield the difference of two rates that is written as a rate: 由91.2%提高到94.5%，提高3.3%."""
    for change in rate_changes(sentence, year):
        q, now, base = change.number, change.now[0], change.base
        if q.kind != "percent" or q.hedged or base is None or not base.value:
            continue
        if q.shows(abs(now.value - base.value)):
            printed = sentence.text[q.start : q.end].strip()
            message = (
                f"{trimmed(now.value)}%与{trimmed(base.value)}%相差的{trimmed(q.value)}是百分点，"
                f"写作“{printed}”；请改为“{trimmed(q.value)}个百分点”"
            )
            span = [(q.start, q.end)]
            right = f"{trimmed(q.value)}个百分点"
            severity = sentence.severity(span)
            yield sentence.finding(rule, severity, message, span, printed, right)


def _unequal(sentence: Sentence, pair: tuple[Quantity, Quantity], rule: Check) -> Iterator[Finding]:
    first, second = pair
    if first.hedged or second.hedged or not _END.match(sentence.text, second.end):
        return
    if first.shows(second.value) or second.shows(first.value):
        return
    said = [sentence.text[q.start : q.end].strip() for q in pair]
    message = (
        f"“{said[0]}”和“{said[1]}”不是同一个数（{trimmed(first.value)}、{trimmed(second.value)}）"
    )
    spans = [(q.start, q.end) for q in pair]
    severity = sentence.severity_of(pair)
    yield sentence.finding(rule, severity, f"{message}；请核对后改正", spans, said[0], said[1])

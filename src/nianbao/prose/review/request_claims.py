"""Table 3: what a phrase about applications counts (N1–N5, N8)."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import cache

from nianbao.prose.review import vocabulary as words
from nianbao.prose.review.context import ReviewContext
from nianbao.prose.review.phrases import Claim, Phrase, earlier_text, other_year
from nianbao.prose.review.quantities import Quantity
from nianbao.prose.review.text import Sentence

_CARRY = r"(?:结转|转结|顺延|延续|留转|转入|转)"
_ASIDE = re.compile(r"结转|转结|顺延|逾期|超期|延期|撤[回销]")
_CHANGE = re.compile(r"(?:增加|减少|增长|下降|上升|多|少)了?$")
_DENIED = re.compile("[不非拟未]$")
_OTHER_NONE = re.compile("意见|异议|[超逾]期")
_NAMED = re.compile(r"信息公开(?:的)?申请|依申请公开")


def about_requests(sentence: Sentence) -> bool:
    """Whether a sentence can speak of applications for disclosure."""
    if sentence.topic in {"requests", "reviews"}:
        return True
    if sentence.topic in {"management", "platform", "oversight", "disclosure", "problems"}:
        return _NAMED.search(sentence.text) is not None
    text = sentence.text + earlier_text(sentence)
    return words.ABOUT_REQUESTS.search(text) is not None


def outcome_at_end(lead: str) -> tuple[str, tuple[str, ...]] | None:
    """The outcome words that a phrase ends with, joined ones together.

    Examples
    --------
    >>> outcome_at_end("予以公开及部分公开")
    ('予以公开及部分公开', ('open', 'partial'))
    >>> outcome_at_end("主动公开") is None
    True
    """
    keys: list[str] = []
    rest = lead
    while match := words.OUTCOME_AT_END.search(rest):
        index = next(i for i in range(len(words.OUTCOME_WORDS)) if match[f"o{i}"])
        keys.insert(0, words.OUTCOME_WORDS[index][1])
        rest = rest[: match.start()]
        joint = words.JOINT.search(rest)
        if joint is None:
            break
        rest = rest[: joint.start()]
        if joint[0].startswith("公开"):  # 公开及部分公开
            keys.insert(0, "open")
            rest = rest.removesuffix("予以")
            break
    if not keys or _DENIED.search(rest):
        return None
    label = lead[len(rest) :].rstrip("的类为有共计：: ")
    return label, tuple(dict.fromkeys(keys))


@cache
def _carry(year: int) -> tuple[re.Pattern[str], ...]:
    """Forward at the end of a lead, forward in a tail, backward in a lead, in a tail."""
    forward = rf"{_CARRY}(?:至|到|入|为)?(?:下|次|明|{year + 1})"
    last = rf"(?:上|去|前|{year - 1}).{{0,2}}年"
    return (
        re.compile(rf"{forward}.{{0,12}}$"),
        re.compile(rf".{{0,8}}{forward}"),
        re.compile(rf"{last}.{{0,6}}{_CARRY}[^，]{{0,9}}$"),
        re.compile(rf".{{0,6}}(?:为|系|是).{{0,2}}{last}.{{0,4}}{_CARRY}"),
    )


def _carried(p: Phrase, year: int) -> Claim | None:
    lead_out, tail_out, lead_in, tail_in = _carry(year)
    if lead_out.search(p.lead) or tail_out.match(p.tail):
        return p.claim("N4", "carried_out", "结转下年度")
    if lead_in.search(p.lead) or tail_in.match(p.tail):
        return p.claim("N2", "carried_in", "上年结转")
    return None


def request_claim(p: Phrase, context: ReviewContext) -> Claim | None:
    """The row of table 3 that a phrase names, or None when it narrows or names none."""
    if _CHANGE.search(p.lead):
        return None
    if carried := _carried(p, context.year):
        return carried
    around = p.lead + p.tail
    if _ASIDE.search(around) or other_year(p.sentence, p.quantity.start, context):
        return None
    if found := outcome_at_end(p.lead):
        return p.claim("N5", "outcome", *found)
    if match := words.APPLICANT_AT_END.search(p.lead):
        index = next(i for i in range(len(words.APPLICANTS)) if match[f"a{i}"])
        return p.claim("N8", "applicant", match[f"a{index}"], (words.APPLICANTS[index][1],))
    if words.OTHER_BUSINESS.search(p.clause):
        return None
    rest = words.HANDLED.sub("", words.RECEIVED.sub("", around))
    if words.strip_generic(rest, context.own_names):
        return None
    if "申请" not in p.sentence.text + earlier_text(p.sentence) and "依申请" not in p.clause:
        return None
    if match := words.RECEIVED.search(p.lead):
        return p.claim("N1", "received", match[0])
    if match := words.HANDLED.search(p.lead):
        return p.claim("N3", "handled", match[0])
    return None


def no_request_claim(sentence: Sentence, context: ReviewContext) -> Claim | None:
    """未收到…申请 as the claim that 0 were received; N13 compares it."""
    match = words.NO_REQUEST.search(sentence.text)
    if match is None or other_year(sentence, match.start(), context):
        return None
    if words.OTHER_BUSINESS.search(match["what"]) or _OTHER_NONE.search(match[0]):
        return None
    zero = Quantity(match.start(), match.end(), Decimal(0), "件")
    return Claim("N13", "received", match[0], zero, sentence)

"""Table 4: what a phrase about reviews and lawsuits counts (N9, N10)."""

from __future__ import annotations

import re

from nianbao.prose.review import vocabulary as words
from nianbao.prose.review.cells import APPEAL, LAWSUITS
from nianbao.prose.review.context import ReviewContext
from nianbao.prose.review.phrases import Claim, Phrase, earlier_text, other_year
from nianbao.prose.review.text import Sentence

_DISPUTE = re.compile(r"未经复议直接起诉|直接起诉|复议后起诉|(?:行政)?复议|(?:行政)?诉讼")
_DISCLOSURE = re.compile("信息公开|申请公开")
_VERDICT = re.compile(r"(?:结果)?(维持|纠正|其他结果|尚未审结|未审结)(?:的|为|有|共)*$")
_COLUMNS = {
    "维持": "upheld", "纠正": "corrected", "其他结果": "otherwise",
    "尚未审结": "pending", "未审结": "pending",
}  # fmt: skip
# A justice bureau's own business is not what table 4 counts.
_BUSINESS = re.compile("决定书|文书|机关|机构|应诉|审理|调解|代理|案例|办理")
_RAISED = re.compile(
    r"因|引发|引起|导致|产生|发生|提起|被|涉及|新增|新收|收到|受理|结果|另有|其中|进入|行政"
)


def about_disputes(sentence: Sentence) -> bool:
    """Whether a sentence can speak of disputes over disclosure, not of others."""
    if sentence.topic in {"requests", "reviews"}:
        return True
    text = sentence.text + earlier_text(sentence)
    return _DISCLOSURE.search(text) is not None or (not sentence.topic and "申请" in text)


def dispute_groups(word: str) -> tuple[str, ...]:
    """The groups of table 4 that a word names.

    Examples
    --------
    >>> dispute_groups("行政诉讼")
    ('未经复议直接起诉', '复议后起诉')
    """
    if "起诉" in word:
        return ("复议后起诉",) if "复议后" in word else ("未经复议直接起诉",)
    return (APPEAL,) if "复议" in word else LAWSUITS


def _rule(groups: tuple[str, ...]) -> str:
    return "N9" if groups == (APPEAL,) else "N10"


def dispute_claim(p: Phrase, context: ReviewContext) -> Claim | None:
    """The group of table 4 that a phrase names, or None."""
    if other_year(p.sentence, p.quantity.start, context):
        return None
    if match := _VERDICT.search(p.lead):
        said = _DISPUTE.findall(p.sentence.text[: p.quantity.start])
        lead = _DISPUTE.sub("", p.lead[: match.start()])
        if not said or words.strip_generic(_RAISED.sub("", lead)):
            return None
        column = context.format_.review_names[_COLUMNS[match[1]]]
        groups = dispute_groups(said[-1])
        return p.claim(_rule(groups), "verdict", match[1], (column, *groups))
    named = _DISPUTE.findall(p.lead)
    if len(named) != 1 or _BUSINESS.search(p.lead + p.tail):
        return None
    rest = _RAISED.sub("", _DISPUTE.sub("", p.lead) + p.tail)
    if words.strip_generic(rest, context.own_names):
        return None
    groups = dispute_groups(named[0])
    return p.claim(_rule(groups), "dispute", named[0], groups)

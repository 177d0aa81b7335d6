"""A number and the same in another writing; percentage points of what is no percentage (N20).

Apart because it holds against each other two writings of one number, not a number and its parts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from nianbao.prose.review.manuscript import Manuscript
from nianbao.prose.review.quantities import Quantity
from nianbao.prose.review.text import Sentence
from nianbao.statistics.arithmetic import trimmed
from nianbao.statistics.checks.registry import Check, check
from nianbao.statistics.model import Finding

_THAT_IS = re.compile(r"[，,（(]?也?(?:即|折合(?:人民币)?)为?")
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
    "“个百分点”只用于两个百分数之差。请核对后改正。",
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
            elif counted and first.unit == second.unit and _THAT_IS.fullmatch(between):
                yield from _unequal(sentence, (first, second), rule)


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

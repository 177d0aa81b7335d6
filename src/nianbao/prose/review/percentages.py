"""A part with its percentage: how a sentence prints them, and what is said when they disagree."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import pairwise

from nianbao.files.numerals import read_numeral
from nianbao.prose.review.cells import at_step
from nianbao.prose.review.quantities import Quantity
from nianbao.prose.review.text import Sentence
from nianbao.statistics.arithmetic import HUNDRED, trimmed
from nianbao.statistics.checks.registry import Check
from nianbao.statistics.model import Finding, Severity

_SHARE = re.compile(
    r"(?P<tail>[^，,、；;。（）()\d]{0,10})[，,、]?\s*(?:各)?约?占(?:比|总数|总量|比例|全部|全年|总体|总|的|为|达|到"
    r"|(?:已)?(?:办理|办结|答复|受理|收到|申请|公开|信息|发布|政府|全部|总)*(?:总量|总数|总件数|数量|量))*"
)
_THESE = re.compile(
    "，(?:以上|上述|这)?(?P<items>[两二三四五六])(?:项|类|者|方面)(?:合计|共计?)?约?占(?:比|总数|总量|的)*"
)
_BEFORE_ITS_NUMBER = re.compile("占(?:比|总数|总量|的)*(?:为|达)?$")
_OF_ANY = re.compile(r"[，,、]?(?:约)?占[^，。；、\d]{1,16}")
"""占政策解读总数72次的12.5%: of whatever, where the number is in the part's own unit."""
_OF_NAMED = re.compile(
    r"[，,、]?(?:(?:以上|上述|这)?(?P<items>[两二三四五六])(?:项|类|者|方面)(?:合计|共计?)?)?约?占(?:比|全部|全年|主动|总数|总量|所有|收到|办结|的|信息|公开|申请|发布|政府|答复)*"
    r"|[，,]?(?:仅|只)?(?:是|为|相当于)(?:上一?年|去年|20\d\d年)度?(?:同期)?的?"
)
_NAMED_TAIL = re.compile(r"[^，。；、（）\d]{0,8}的")
_NAMED = ("count", "count", "percent")
_BRACKET = re.compile(r"\s*[（(]\s*(?:占比?)?")


@dataclass(frozen=True, slots=True)
class Share:
    """A part with the percentage that is printed beside it, and its whole where that is named."""

    part: Quantity
    percent: Quantity
    whole: Quantity | None = None
    """占全部40件的15%: the number between 占 and the percentage."""


def shares(sentence: Sentence) -> list[Share]:
    """Return the parts of a sentence that have a share: ``6件，占50%`` or ``6件（50%）``."""
    found = []
    for before, percent in zip(sentence.quantities, sentence.quantities[1:], strict=False):
        if percent.kind != "percent" or before.kind != "count" or before.hedged:
            continue
        between = sentence.text[before.end : percent.start]
        behind = sentence.text[percent.end : percent.end + 1]
        bracket = _BRACKET.fullmatch(between) and behind in {"）", ")", "，", ","}
        if bracket or _SHARE.fullmatch(between):
            found.append(Share(before, percent))
        elif match := _THESE.fullmatch(between):
            items = [q for q in sentence.quantities if q.end <= before.end]
            items = items[-(read_numeral(match["items"].replace("两", "二")) or 1) :]
            if all(q.kind == "count" and q.unit == before.unit and not q.hedged for q in items):
                together = sum((q.value for q in items), Decimal(0))
                found.append(Share(replace(before, value=together), percent))
    return [*found, *_shares_of_named(sentence), *_shares_in_front(sentence)]


def _shares_in_front(sentence: Sentence) -> Iterator[Share]:
    """Yield 图解占50%（13件）."""
    for percent, part in pairwise(sentence.quantities):
        plain = percent.kind == "percent" and part.kind == "count" and not part.hedged
        bracket = sentence.text[percent.end : part.start] == "（"
        closes = sentence.text[part.end : part.end + 1] == "）"
        lead = _BEFORE_ITS_NUMBER.search(sentence.text, 0, percent.start)
        if plain and bracket and closes and lead:
            yield Share(part, percent)


def _shares_of_named(sentence: Sentence) -> Iterator[Share]:
    """Yield 6件，占全部40件的15%, and 三项占全部40件申请的70% of the list before it."""
    triples = zip(*(sentence.quantities[i:] for i in range(3)), strict=False)
    for n, (part, whole, percent) in enumerate(triples):
        lead = sentence.text[part.end : whole.start]
        tail = sentence.text[whole.end : percent.start]
        plainly = not part.hedged and (part.kind, whole.kind, percent.kind) == _NAMED
        match = _OF_NAMED.fullmatch(lead) if plainly and _NAMED_TAIL.fullmatch(tail) else None
        same = part.unit == whole.unit != "" and plainly and tail in {"的", "）的"}
        opens = lead.endswith("（") == (tail == "）的")
        if match is None and same and opens and _OF_ANY.fullmatch(lead):
            yield Share(part, percent, whole)
        if match is None:
            continue
        size = read_numeral(match["items"]) if match["items"] else 1
        items = sentence.quantities[max(n + 1 - (size or 1), 0) : n + 1]
        if len(items) == size and all(i.kind == "count" and not i.hedged for i in items):
            together = sum((i.value for i in items), Decimal(0))
            yield Share(replace(part, value=together), percent, whole)


def is_right(share: Share, whole: Decimal) -> bool:
    """Return whether the printed percentage is the part's share of a whole."""
    return share.percent.agrees(share.part.value * HUNDRED / whole)


def likeliest(share: Share, wholes: list[Decimal]) -> Decimal:
    """Return the whole that comes nearest to the printed percentage."""
    return min(
        wholes, key=lambda w: (abs(share.percent.value - share.part.value * HUNDRED / w), -w)
    )


def share_finding(
    sentence: Sentence,
    rule: Check,
    share: Share,
    whole: Decimal,
    adds_to_100: bool = False,
    name: str = "占比",
) -> Finding:
    """Report a percentage with the two numbers it should be of."""
    value = share.part.value * HUNDRED / whole
    step = share.percent.ulp
    printed = sentence.text[share.percent.start : share.percent.end].strip()
    exact = at_step(value, step)
    off = abs(share.percent.value - value)
    spans = [(share.part.start, share.part.end), (share.percent.start, share.percent.end)]
    sum_ = f"{trimmed(share.part.value)}÷{trimmed(whole)}＝{exact}%"
    if off <= step and adds_to_100:
        severity: Severity = "info"
        why = "各项占比凑成100%，此项因此偏离；如需凑整，请注明四舍五入"
    else:
        counts = [q for q in sentence.quantities if q.kind == "count"]
        severity = sentence.severity_of((share.part, share.percent, *counts))
        cut = "%" in printed and share.percent.value <= value < share.percent.value + step
        why = "看来是截去了尾数，应四舍五入" if cut else f"请核对这两个数和{name}"
    return sentence.finding(
        rule, severity, f"{name}写作{printed}，{sum_}；{why}", spans, printed, f"{exact}%"
    )

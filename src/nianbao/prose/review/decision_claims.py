"""Table 2 and the fee: what a phrase about documents, decisions and money counts."""

from __future__ import annotations

import re
from functools import cache

from nianbao.prose.review import vocabulary as words
from nianbao.prose.review.context import ReviewContext
from nianbao.prose.review.phrases import Claim, Phrase, other_year

_COLUMNS = (("made", words.MADE), ("repealed", words.REPEALED), ("standing", words.VALID))
_ROWS = (("documents", words.NORMATIVE), ("rules", words.RULES))
_DOCUMENT_UNITS = frozenset({"件", "个", "份", "部", "项", "条", ""})
_DECISION_UNITS = frozenset({"件", "起", "宗", "例", "件次", "份", "次", ""})
_KNOWN = re.compile(
    "|".join(pattern.pattern for _, pattern in (*_ROWS, *_COLUMNS))
    + "|行政|政府|新|清理|修订|动态|集中|更新|发布|公布|现"
)
_LISTED = re.compile(r"[（(][^）)]*[）)]?|\d+|[件个份部项条，；、]")
_CHARGE = re.compile(r"行政事业性收费(?:金额|总额|收入)?(?:共计?|为|合计|约)*$")


@cache
def _decision(rows: tuple[str, ...]) -> re.Pattern[str]:
    """A row of decisions at the end of a phrase; the longer name where one begins another."""
    names = "|".join(map(re.escape, sorted(rows, key=len, reverse=True)))
    return re.compile(rf"({names})(?:决定|案件|业务)?(?:信息|结果)?(?:共计?|为|有)?$")


def _document(p: Phrase, context: ReviewContext) -> Claim | None:
    """First block of table 2: the verb of this phrase and the last noun before it."""
    key = next((k for k, verb in _COLUMNS if verb.search(p.lead)), None)
    if key is None or p.quantity.unit not in _DOCUMENT_UNITS:
        return None
    before = p.sentence.text[: p.quantity.start]
    nouns = [(m.start(), k) for k, noun in _ROWS for m in noun.finditer(before)]
    if not nouns:
        return None
    start, noun = max(nouns)
    # Another noun in between, or in the phrase itself, makes it another count.
    rest = _LISTED.sub("", _KNOWN.sub("", before[start:])) + _KNOWN.sub("", p.lead)
    if words.strip_generic(rest, context.own_names):
        return None
    row, column = (context.format_.decision_names[k] for k in (noun, key))
    return p.claim("N14", "document", f"{row}{column}", (row, column))


def decision_claim(p: Phrase, context: ReviewContext) -> Claim | None:
    """The cell of table 2 or the fee record that a phrase names, or None."""
    if other_year(p.sentence, p.quantity.start, context):
        return None
    if p.quantity.unit == "元":
        if _CHARGE.search(p.lead):
            return p.claim("N15", "charge", "行政事业性收费")
        if "处理费" in p.lead and "其中" not in p.lead:
            return p.claim("N16", "fee", "信息处理费")
        return None
    # 条 and 篇 count what was published, not what was decided.
    decision = _decision(context.format_.decided_rows)
    if p.quantity.unit in _DECISION_UNITS and (match := decision.search(p.lead)):
        return p.claim("N15", "decision", match[1], (match[1],))
    return _document(p, context)

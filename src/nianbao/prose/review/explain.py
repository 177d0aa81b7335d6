"""How a sentence is read, in words: numbers, wholes and parts, shares, averages, changes.

Apart because it stands behind all readings (sums, shares, growth), none of which may know of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from nianbao.prose.review.averages import averages
from nianbao.prose.review.cells import Cells
from nianbao.prose.review.changes import changes, rate_changes
from nianbao.prose.review.claims import read_claims
from nianbao.prose.review.context import ReviewContext
from nianbao.prose.review.division import Division
from nianbao.prose.review.meanings import named_cells
from nianbao.prose.review.parts import divisions
from nianbao.prose.review.percentages import shares
from nianbao.prose.review.quantities import Quantity
from nianbao.prose.review.sums import adds_up, miss
from nianbao.prose.review.text import Prose, Sentence, read_prose
from nianbao.statistics.arithmetic import trimmed
from nianbao.statutory import format_for

_VERDICTS = {
    "part": "有一项大于总数",
    "over": "不符",
    "short": "不符",
    "unit": "单位不符",
    "swapped": "不符，总数的数字像是颠倒了",
    "undecided": "不相等，不能判断对错",
}
_OWN_YEAR = re.compile(r"\W*(?P<year>20\d\d)年")
"""A sentence that begins with a year is of that year's report."""
_CLOSING = {"closed": "列全", "open": "只列一部分", "unclear": "没有写明是否列全"}


def _named(prose: Prose, year: int) -> Iterator[tuple[Sentence, str]]:
    """Yield the numbers of the tables that a sentence names, and their other meanings."""
    format_ = format_for(year)
    cells = Cells(format_, {})
    for claim in read_claims(prose, ReviewContext(format_, "", year)):
        first, *others = [meaning.name for meaning in named_cells(claim, cells)] or ["信息处理费"]
        also = f"，也可指{'、'.join(others)}" if others else ""
        yield claim.sentence, f"  对应：{_number(claim.quantity)}指{first}{also}"


def explain_sentence(text: str, year: int) -> Iterator[str]:
    """Yield line by line how the rules read a text: what ``check --explain-sentence`` prints.

    Examples
    --------
    >>> for line in explain_sentence("公开信息10条，其中网站7条、公众号3条。", 2024):
    ...     print(line)
    公开信息10条，其中网站7条、公众号3条。
      数：10条　7条　3条
      10条　其中（没有写明是否列全；各项合计10条，相符）
        网站　7条
        公众号　3条
    """
    own = _OWN_YEAR.match(text)
    year = int(own["year"]) if own else year
    prose = read_prose({"overview": text})
    named = [*_named(prose, year)]
    for sentence in prose.sentences:
        yield sentence.written
        numbers = "　".join(_number(q) for q in sentence.quantities)
        yield f"  数：{numbers or '没有'}"
        found = tuple(divisions(sentence))
        items = [item.quantity for d in found for item in d.certain]
        for division in found:
            if not any(division.wholes[0] is q for q in items):
                yield from _division(division, found, "  ")
        yield from (line for of, line in named if of is sentence)
        for share in shares(sentence):
            yield f"  占比：{_number(share.part)}占{_number(share.percent)}"
        for average in averages(sentence):
            of = "、".join(_number(total) for total in average.totals)
            yield f"  平均数：{_number(average.number)}{f'，总数{of}' if of else ''}"
        points = (c for c in rate_changes(sentence, year) if c.number.kind == "points")
        for change in (*changes(sentence, year), *points):
            now = f"，本年{_number(change.now[0])}" if change.now else ""
            base = f"，{change.against}{_number(change.base)}" if change.base else ""
            word = sentence.text[slice(*change.word)]
            yield f"  与{change.against}比：{word}{_number(change.number)}{now}{base}"


def _number(q: Quantity) -> str:
    unit = {"percent": "%", "points": "个百分点"}.get(q.kind, q.unit)
    return f"{trimmed(q.value)}{unit}{'（约数）' if q.hedged else ''}"


def _division(division: Division, every: Sequence[Division], indent: str) -> Iterator[str]:
    """Yield a whole, its parts, and below each part what divides it."""
    whole, items = division.wholes[0], division.certain
    marker = division.marker or ("（括号）" if division.bracket else "（没有引出词）")
    total = trimmed(sum((item.quantity.value for item in items), Decimal(0)))
    found = None if adds_up(division) else miss(division)
    verdict = "相符" if adds_up(division) else "不能判断"
    if found is not None:
        whole, verdict = found.whole, _VERDICTS[found.kind]
    unit = whole.unit or items[0].quantity.unit
    where = "" if any(whole is q for q in division.sentence.quantities) else "上一句的"
    yield (
        f"{indent}{where}{_number(whole)}　{marker}"
        f"（{_CLOSING[division.closing]}；各项合计{total}{unit}，{verdict}）"
    )
    for item in items:
        share = f"　占{_number(item.share)}" if item.share else ""
        yield f"{indent}  {item.label or '（没有名称）'}　{_number(item.quantity)}{share}"
        for inner in every:
            if inner is not division and inner.wholes[0] is item.quantity:
                yield from _division(inner, every, f"{indent}    ")

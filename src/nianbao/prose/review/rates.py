"""Rates that a sentence names with their numbers: 采纳率, 办结率, 合格率 and their like (N7)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

from nianbao.prose.review.percentages import Share, is_right, likeliest, share_finding
from nianbao.prose.review.quantities import Quantity
from nianbao.prose.review.text import Sentence
from nianbao.statistics.arithmetic import HUNDRED
from nianbao.statistics.checks.registry import Check
from nianbao.statistics.model import Finding

_RATE = re.compile(
    r"(?P<limit>按[时期]|及时|限时|主动)?(?P<what>采纳|采用|录用|公开|解决|整改|回复|回应|合格|办结|答复|办复"
    r"|满意|完成|达标|响应|签收|处置|反馈|回收|通过|到位|参评|接通|优秀|优良|有效|好评|原创"
    r"|问题|差错|错误|逾期|纠错|维持|上网|归档|退回|撤回|驳回|备案|解读|参训|参会|建成|覆盖)率(?:分别|均)?(?:为|是|约|达到?)?[：:]?$"
)
_ALIKE = {"采用": "采纳|采用|录用", "采纳": "采纳|采用|录用", "录用": "采纳|采用|录用",
          "回复": "回复|答复|办结|办复", "答复": "回复|答复|办结|办复",
          "回收": "回收|收回"}  # fmt: skip
_AND_OF_THEM = re.compile("，其中[^，。；：、]{2,12}")
_OF_ALL = re.compile(r"（(?:应|共|总)[^，。；：、]{0,6}|，[^，。；：、\d]{0,6}总[数量](?:为|共)?")
_TO_BE_DONE = re.compile("督促|要求|责令|应|需|交办|待|拟")
_IN_TIME = re.compile("按[时期]|及时|限时|期限|时限|主动")
# 主动公开率100% is of what had to be made public, and so on with what had to be done.
_OF_DUTIES = frozenset({"公开", "合格", "完成", "达标", "上网", "归档", "备案", "解读"})


def wrong_rates(sentence: Sentence, rule: Check) -> Iterator[Finding]:
    """Yield the rates that are not those of the numbers beside them."""
    yield from _rates(sentence, rule)
    yield from _rates_before(sentence, rule)
    yield from _yes_and_no(sentence, rule)


def _rates(sentence: Sentence, rule: Check) -> Iterator[Finding]:
    """Yield 采纳率, 办结率 and their like, where the sentence tells both numbers."""
    counts = [q for q in sentence.quantities if q.kind == "count" and not q.hedged]
    for q in sentence.quantities:
        match = _RATE.search(sentence.text, 0, q.start) if q.kind == "percent" else None
        if match is None or q.hedged:
            continue
        start = sentence.part_start(q.start)
        duty = match["what"] in _OF_DUTIES or match["limit"]
        if q.value == HUNDRED and duty and not _OF_SO_MANY.search(sentence.text, start, q.start):
            continue
        before = [c for c in counts if start <= c.start < q.start]
        behind = next((c for c in counts if c.start > q.end), None)
        of_them = behind and sentence.text[q.end : behind.start]
        if behind and of_them and (_AND_OF_THEM.fullmatch(of_them) or _again(of_them, match)):
            before.append(behind)  # 制发415件，主动公开率30.1%，其中主动公开125件
        parts = [c for i, c in enumerate(before) if _is_done(sentence, before, i, start, match)]
        if not parts and _some_of_so_many(sentence, before, q, match):
            parts = before[-1:]
        leads = _leads(sentence, before)
        if parts and match["what"] in leads[0] and not any(map(_ALL.search, leads)):
            continue  # 满意20件、基本满意1件，满意率95.2%: of how many is not said
        if behind and _OF_ALL.fullmatch(sentence.text[q.end : behind.start]):
            before.insert(0, behind)  # 公开39件，公开率92.9%（应公开42件）
            parts = parts or before[1:2]
        if not parts:
            continue
        part = parts[-1]
        leads, first = _leads(sentence, before), before.index(part)
        wholes = [
            c.value
            for i, c in enumerate(before)
            if c not in parts
            and c.unit == part.unit
            and c.value >= part.value > 0
            # 接通38140个，呼入总量52360个，接通率72.8%: the whole may stand behind.
            and (i < first or _ALL.search(leads[i]))
        ]
        # 满意80件，基本满意18件，满意率98%: all that count as done, together or one of them.
        together = replace(part, value=sum((c.value for c in parts), Decimal(0)))
        done = (*parts, together)
        if not wholes and len(before) == 2 and _less_than_done(sentence, before, part):
            wholes = [before[0].value]
        if wholes and not any(is_right(Share(p, q), w) for p in done for w in wholes):
            whole = likeliest(Share(part, q), wholes)
            name = f"{match['limit'] or ''}{match['what']}率"
            yield share_finding(sentence, rule, Share(part, q), whole, name=name)


_YES_AND_NO = re.compile(
    r"(?<![不未基本])(?P<what>合格|满意|采纳|通过|达标)\d[\d,]*(?P<unit>[\u4e00-\u9fff]{1,2})[，、](?:[不未])(?P=what)"
    r"\d[\d,]*(?P=unit)[，、；](?:[\u4e00-\u9fff]{0,4})(?P=what)率(?:为|是|达到?)?\d"
)


def _yes_and_no(sentence: Sentence, rule: Check) -> Iterator[Finding]:
    """Yield a rate of those that are and are not: 合格385批次，不合格15批次，合格率96.5%."""
    for match in _YES_AND_NO.finditer(sentence.text):
        near = [q for q in sentence.quantities if match.start() <= q.start < match.end()]
        plain = len(near) == 3 and near[2].kind == "percent" and not any(q.hedged for q in near)
        whole = sum((q.value for q in near[:2]), Decimal(0))
        start = sentence.part_start(match.start())
        if any(
            q.unit == match["unit"] for q in sentence.quantities if start <= q.start < match.start()
        ):
            continue  # 抽检400批次，合格385批次…: of the number before
        if plain and whole and not is_right(Share(near[0], near[2]), whole):
            yield share_finding(
                sentence, rule, Share(near[0], near[2]), whole, name=f"{match['what']}率"
            )


_NEARLY = re.compile("、(?:基本|比较|较)")
_COMES_TO = re.compile("应|收到|受理|接收|接到|共|抽查|发放|制发|交办")
_OF_SO_MANY = re.compile(r"\d[件条个项份次][^，。；、\d]{0,10}中，?有\d")
_SO_MANY_OF = re.compile(r"[件条个项份人名次]?中[，的]?")


def _rates_before(sentence: Sentence, rule: Check) -> Iterator[Finding]:
    """Yield rates whose two numbers stand behind them: 办结率95%，收到留言40条，办结38条;
    满意率90%，21件中19件满意.
    """
    for q, whole, part in zip(*(sentence.quantities[i:] for i in range(3)), strict=False):
        match = _RATE.search(sentence.text, 0, q.start) if q.kind == "percent" else None
        plain = whole.kind == part.kind == "count" and whole.unit == part.unit != ""
        if match is None or not plain or any(n.hedged for n in (q, whole, part)):
            continue
        share = Share(part, q)
        fits = whole.value < part.value or is_right(share, whole.value)
        if not fits and _tells_both(sentence, share, whole, match):
            yield share_finding(sentence, rule, share, whole.value, name=f"{match['what']}率")


def _tells_both(sentence: Sentence, share: Share, whole: Quantity, rate: re.Match[str]) -> bool:
    """Return whether the words behind a rate say that they are its whole and its part."""
    lead = sentence.text[share.percent.end : whole.start]
    between = sentence.text[whole.end : share.part.start]
    if _NEARLY.match(sentence.text, share.part.end):
        return False  # 满意150人、基本满意40人 are one number or two
    if not lead.startswith(("，", "（")) or "；" in lead + between or "其中" in lead:
        return False
    done = _ALIKE.get(rate["what"], rate["what"])
    if _SO_MANY_OF.fullmatch(between):
        behind = _CLAUSE.match(sentence.text, share.part.end)
        return behind is not None and re.search(f"(?<![不未基]){done}", behind[0]) is not None
    said = re.fullmatch(f"[，、](?:已|实际|实|其中)?(?:按[时期])?(?:{done})了?", between)
    return said is not None and _COMES_TO.search(lead) is not None


_CLAUSE = re.compile("[^，。；]*")
_ALL = re.compile("总[量数]|共计|合计")


def _some_of_so_many(
    sentence: Sentence, counts: Sequence[Quantity], rate: Quantity, said: re.Match[str]
) -> bool:
    """Return whether the last two counts are 12件文件中有10件配发解读, of 解读率."""
    if len(counts) < 2:
        return False
    whole, part = counts[-2:]
    between = sentence.text[whole.end : part.start]
    clause = sentence.text[part.end : rate.start].partition("，")[0]
    return re.fullmatch("[^，。；、]{0,10}中，?有?", between) is not None and said["what"] in clause


def _less_than_done(sentence: Sentence, counts: Sequence[Quantity], part: Quantity) -> bool:
    """Return whether the first of two counts is what came, and less than what was done of it."""
    first, second = counts
    lead = _leads(sentence, counts)[0]
    came = _COMES_TO.search(lead) and not _ALL.search(lead)
    return (
        bool(came) and second is part and first.unit == part.unit and 0 < first.value < part.value
    )


def _leads(sentence: Sentence, counts: Sequence[Quantity]) -> list[str]:
    """Return for each count the words between the count before and it."""
    ends = [sentence.part_start(counts[0].start) if counts else 0, *(c.end for c in counts)]
    return [sentence.text[a : c.start] for a, c in zip(ends, counts, strict=False)]


def _again(between: str, rate: re.Match[str]) -> bool:
    """Return whether a rate's own words follow it: 按时办结率99.5%，按时办结8557件."""
    return between == f"，{rate['limit'] or ''}{rate['what']}"


def _is_done(
    sentence: Sentence, counts: list[Quantity], i: int, start: int, rate: re.Match[str]
) -> bool:
    """Return whether a count is of what the rate is about: 办结48件 of 办结率."""
    lead = sentence.text[counts[i - 1].end if i else start : counts[i].start]
    if rate["limit"] and not _IN_TIME.search(lead):
        return False
    if i == 0 and not any(_ALL.search(words) for words in _leads(sentence, counts)):
        return False  # the first is what the others are of
    done = re.search(f"(?<![不未无非])(?:{_ALIKE.get(rate['what'], rate['what'])})", lead)
    # 督促整改问题63个，已整改60个: what is to be done is the whole.
    return done is not None and not _TO_BE_DONE.search(lead, 0, done.start())

"""Percentages of a whole, recomputed at the printed precision (N7)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import combinations, pairwise

from nianbao.files.numerals import read_numeral
from nianbao.prose.review.cells import at_step
from nianbao.prose.review.claims import (
    Claim,
    about_requests,
    other_scope,
    outcome_at_end,
    phrase_at,
)
from nianbao.prose.review.context import ReviewContext
from nianbao.prose.review.disclosures import read_ledger
from nianbao.prose.review.entries import entries
from nianbao.prose.review.manuscript import Manuscript
from nianbao.prose.review.meanings import meanings
from nianbao.prose.review.parts import divisions
from nianbao.prose.review.quantities import Quantity, same_measure
from nianbao.prose.review.text import Sentence
from nianbao.statistics.arithmetic import HUNDRED, trimmed
from nianbao.statistics.checks.registry import Check, check
from nianbao.statistics.model import Finding, Severity
from nianbao.statutory.wholes import FINISHED, NEW, RECEIVED

# 占 with nothing, or with words that only say "of the whole".
_SHARE = re.compile(
    r"(?P<tail>[^，,、；;。（）()\d]{0,10})[，,、]?\s*(?:各)?约?占(?:比|总数|总量|比例|全部|全年|总体|总|的|为|达|到"
    r"|(?:已)?(?:办理|办结|答复|受理|收到|申请|公开|信息|发布|政府|全部|总)*(?:总量|总数|总件数|数量|量))*"
)
_ITS_SHARE = re.compile("，约?占")
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
_CONTINUES = re.compile("其中|按|从|通过")
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


@dataclass(frozen=True, slots=True)
class _Wholes:
    """What a percentage may be taken of, and whether its whole is surely among them."""

    values: list[Decimal]
    sure: bool


def _from_table(context: ReviewContext) -> list[Decimal]:
    """Return what results and applicants are shares of.

    That is what was finished or what came, with or without what was carried over.
    """
    cells = context.cells
    found = (cells.of(cells.wholes[name]).value for name in (FINISHED, NEW, RECEIVED))
    return [value for value in found if value is not None]


def _wholes(
    sentence: Sentence, share: Share, claims: tuple[Claim, ...], context: ReviewContext
) -> _Wholes:
    """Return the numbers near the part that may be its whole, one or two (新收 and 上年结转)."""
    part, all_shares = share.part, shares(sentence)
    rows = [s.part for s in all_shares]
    earlier = [q for s in _sentences_before(sentence) for q in s.quantities]
    counts = [
        q
        for q in (*sentence.quantities, *earlier)
        if q.kind == "count" and q != part and same_measure(q.unit, part.unit)
        # 图解13件，占一半；视频8件，占三成: what has a share of its own is no whole of another.
        if not (q in sentence.quantities and _ITS_SHARE.match(sentence.text, q.end)) or q in rows
    ]
    greater = [q for q in counts if q.value >= part.value]
    named = [q.value for q in greater if not q.hedged and q not in rows]
    beside = [q.value for q in counts if not q.hedged and q not in rows][:6]
    named += [a + b for a, b in combinations(beside, 2) if a + b >= part.value]
    if any(c.sentence is sentence and c.quantity == part for c in claims):
        named += _from_table(context)
    values = [*named, *(q.value for q in greater if not q.hedged and q in rows)]
    total = sum((s.percent.value for s in all_shares), Decimal(0))
    slack = sum((s.percent.slack for s in all_shares), Decimal(0))
    if len(rows) > 1 and not named:
        # Parts with their shares and no total: they make it up together, if one share says so.
        whole = sum((q.value for q in rows), Decimal(0))
        fits = any(s.percent.shows(s.part.value * HUNDRED / whole) for s in all_shares if whole)
        if abs(total - HUNDRED) <= slack or fits:
            named = [whole]
            # 网站占62.7%，新媒体占37.2%: the ledger may have a channel more.
            ledger = read_ledger(context, context.tables)
            values = [whole, ledger.total] if ledger and part.value in ledger.some() else named
    hedged = any(q.hedged for q in greater)
    return _Wholes(values, bool(named) and not hedged)


def _sentences_before(sentence: Sentence) -> Iterator[Sentence]:
    """Yield the sentence before.

    Where that lists the parts of an earlier total, the one with the total follows.
    """
    before = sentence.before
    if before is not None:
        yield before
        if before.before is not None and _CONTINUES.match(before.text):
            yield before.before


def _right(share: Share, whole: Decimal) -> bool:
    return share.percent.agrees(share.part.value * HUNDRED / whole)


def _likeliest(share: Share, wholes: list[Decimal]) -> Decimal:
    """Return the whole that comes nearest to the printed percentage."""
    return min(
        wholes, key=lambda w: (abs(share.percent.value - share.part.value * HUNDRED / w), -w)
    )


def _finding(
    sentence: Sentence,
    rule: Check,
    share: Share,
    whole: Decimal,
    adds_to_100: bool = False,
    name: str = "占比",
) -> Finding:
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


@check(
    "N7",
    severity="warning",
    title="占比",
    source="已公布年报中的常见差错",
    explanation="占比应等于该项除以总数，按印出的位数四舍五入；不以办结总数为分母的，请写明分母。"
    "采纳率、公开率等也按句中的两个数核对，只写“予以公开占比”的按表三核对。"
    "请重新计算，或改写成“{{ 名称.占比 }}”。",
)
def shares_are_of_their_whole(manuscript: Manuscript, rule: Check) -> Iterator[Finding]:
    """Recompute shares; forced rounding to 100 is a hint only.

    Source: N7. The tolerance is half a unit of the last printed digit. Nothing is said
    when no whole is known, or when the words name another one (占全市的5%).
    """
    for sentence in manuscript.prose.sentences:
        if all(q.kind != "percent" for q in sentence.quantities):
            continue
        yield from _rates(sentence, rule)
        yield from _rates_before(sentence, rule)
        yield from _all_kinds(sentence, rule)
        found = shares(sentence)
        total = sum((s.percent.value for s in found), Decimal(0))
        forced = len(found) > 1 and total == HUNDRED
        for share in found:
            if share.whole is not None:
                wholes = _Wholes([share.whole.value], not share.whole.hedged)
            else:
                wholes = _wholes(sentence, share, manuscript.claims, manuscript.context)
            values = [w for w in wholes.values if w > 0]
            if not wholes.sure:
                continue
            if values and not any(_right(share, w) for w in values):
                yield _finding(sentence, rule, share, _likeliest(share, values), forced)
        yield from _of_results(sentence, rule, manuscript.context)
        yield from _together(sentence, rule)
        slack = sum((s.percent.slack for s in found), Decimal(0))
        if len(found) > 2 and total > HUNDRED + slack and _one_list(sentence, found):
            yield _too_much(sentence, rule, [s.percent for s in found], "同一句中")


_RATE = re.compile(
    r"(?P<limit>按[时期]|及时|限时|主动)?(?P<what>采纳|采用|录用|公开|解决|整改|回复|回应|合格|办结|答复|办复"
    r"|满意|完成|达标|响应|签收|处置|反馈|回收|通过|到位|参评|接通|优秀|优良|有效|好评|原创"
    r"|问题|差错|错误|逾期|纠错|维持|上网|归档|退回|撤回|驳回|备案|解读|参训|参会|建成|覆盖)率(?:分别|均)?(?:为|是|约|达到?)?[：:]?$"
)
_ALIKE = {"采用": "采纳|采用|录用", "采纳": "采纳|采用|录用", "录用": "采纳|采用|录用",
          "回复": "回复|答复|办结|办复", "答复": "回复|答复|办结|办复",
          "回收": "回收|收回"}  # fmt: skip
_AND_OF_THEM = re.compile("，其中[^，。；：、]{2,12}")
_EACH_OF = re.compile("分别(?:约)?占[^，。；、\\d]{0,12}$")
_JOINED = re.compile("[、，和与及]|以及")
_OF_ALL = re.compile(r"（(?:应|共|总)[^，。；：、]{0,6}|，[^，。；：、\d]{0,6}总[数量](?:为|共)?")
_TO_BE_DONE = re.compile("督促|要求|责令|应|需|交办|待|拟")
_IN_TIME = re.compile("按[时期]|及时|限时|期限|时限|主动")
# 主动公开率100% is of what had to be made public, and so on with what had to be done.
_OF_DUTIES = frozenset({"公开", "合格", "完成", "达标", "上网", "归档", "备案", "解读"})


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
        if wholes and not any(_right(Share(p, q), w) for p in done for w in wholes):
            whole = _likeliest(Share(part, q), wholes)
            name = f"{match['limit'] or ''}{match['what']}率"
            yield _finding(sentence, rule, Share(part, q), whole, name=name)


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
        fits = whole.value < part.value or _right(share, whole.value)
        if not fits and _tells_both(sentence, share, whole, match):
            yield _finding(sentence, rule, share, whole.value, name=f"{match['what']}率")


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
_NEXT_KIND = re.compile(r"[，、][^，。；、\d]*")
_OTHERS = ("其他", "其它", "其余")
_SHARE_OF_KIND = re.compile(r"(?P<kind>[^，。；、：（）\d%]{2,14}?)(?:约)?占(?:比|总数的|总量的)?$")


def _all_kinds(sentence: Sentence, rule: Check) -> Iterator[Finding]:
    """Yield shares without counts that end with 其他 and do not make up the whole."""
    rates = [q for q in sentence.quantities if q.kind == "percent" and not q.hedged]
    if len(rates) < 3 or len(rates) < len(sentence.quantities):
        return
    starts = (sentence.part_start(rates[0].start), *(q.end for q in rates))
    kinds = [
        _SHARE_OF_KIND.search(sentence.text, start, q.start)
        for start, q in zip(starts, rates, strict=False)
    ]
    between = (sentence.text[a.end : b.start] for a, b in pairwise(rates))
    joined = all(_NEXT_KIND.fullmatch(words) for words in between)
    last = kinds[-1]
    if last is None or None in kinds or not joined or not last["kind"].startswith(_OTHERS):
        return
    total = sum((q.value for q in rates), Decimal(0))
    if abs(total - HUNDRED) > sum((q.slack for q in rates), Decimal(0)):
        spans = [(q.start, q.end) for q in rates]
        said = f"{trimmed(total)}%"
        message = f"列出了“{last['kind']}”，各项占比之和应为100%，现为{said}；请核对各项占比"
        yield sentence.finding(rule, sentence.severity(spans), message, spans, said, "100%")


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


_OF_ALL_RESULTS = re.compile("(?:的|类|申请|信息)*(?:约?占比?|比例|比重)(?:为|是|达到?|约)*$")


def _of_results(sentence: Sentence, rule: Check, context: ReviewContext) -> Iterator[Finding]:
    """Yield shares of results that are named without their number: 予以公开占比37.3%."""
    for index, q in enumerate(sentence.quantities):
        if q.kind != "percent" or not context.cells.has("requests") or not about_requests(sentence):
            continue
        lead = phrase_at(sentence, index).lead
        match = _OF_ALL_RESULTS.search(lead)
        found = outcome_at_end(lead[: match.start()]) if match else None
        if found is None or other_scope(sentence, q.start, context):
            continue
        claim = Claim(rule.id, "outcome", found[0], q, sentence, found[1])
        value = next((m.value for m in meanings(claim, context.cells, {})), None)
        wholes = [w for w in _from_table(context) if w > 0]
        share = Share(replace(q, value=value), q) if value is not None else None
        if share and wholes and not any(_right(share, whole) for whole in wholes):
            yield _finding(sentence, rule, share, wholes[0])


def _together(sentence: Sentence, rule: Check) -> Iterator[Finding]:
    """Yield shares of one whole that are more than it: 三类信息分别占61.2%、25.4%和31.4%."""
    rates = [q for q in sentence.quantities if q.kind == "percent"]
    for i, first in enumerate(rates):
        if not _EACH_OF.search(sentence.text, 0, first.start):
            continue
        run = [first]
        for q in rates[i + 1 :]:
            if not _JOINED.fullmatch(sentence.text[run[-1].end : q.start]):
                break
            run.append(q)
        total = sum((q.value for q in run), Decimal(0))
        if len(run) > 1 and total > HUNDRED + sum((q.slack for q in run), Decimal(0)):
            yield _too_much(sentence, rule, run)


def _too_much(
    sentence: Sentence, rule: Check, rates: Sequence[Quantity], where: str = ""
) -> Finding:
    """Report shares of one whole that are together more than it."""
    total = f"{trimmed(sum((q.value for q in rates), Decimal(0)))}%"
    spans = [(q.start, q.end) for q in rates]
    message = f"{where}各项占比之和为{total}，超过100%；请核对各项占比"
    return sentence.finding(rule, sentence.severity(spans), message, spans, total, "100%")


def _one_list(sentence: Sentence, found: list[Share]) -> bool:
    """Return whether all the shares stand in one list, so that they divide one whole."""
    lists = [{i.quantity for i in e.items} for e in divisions(sentence)]
    if any(all(s.part in items for s in found) for items in lists):
        return True
    items = entries(sentence, sentence.text, sentence.quantities)
    kinds = {item.universe for item in items}
    return len(kinds) == 1 and kinds != {""} and all(item.share for item in items)

"""Parts against their whole (N6)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations
from typing import Literal

from nianbao.prose.origins import quoted
from nianbao.prose.review.cells import Cells
from nianbao.prose.review.claims import Claim
from nianbao.prose.review.division import AMONG, Division
from nianbao.prose.review.entries import CHANNEL_WORDS, Item, level_of
from nianbao.prose.review.manuscript import Manuscript
from nianbao.prose.review.parts import divisions
from nianbao.prose.review.quantities import Quantity, same_measure
from nianbao.prose.review.text import Sentence
from nianbao.statistics.arithmetic import trimmed
from nianbao.statistics.checks.registry import Check, check
from nianbao.statistics.model import Finding
from nianbao.statutory.wholes import FINISHED

WHOLE_OF = {"outcome": "handled", "applicant": "received"}
"""What a division most likely divides."""


def _sum(counts: Sequence[Claim | Item]) -> Decimal:
    return sum((each.quantity.value for each in counts), Decimal(0))


def _complete(kind: str, parts: list[Claim], cells: Cells) -> bool:
    """Return whether every part of the whole is named, so that nothing can be missing."""
    named = {key for claim in parts for key in claim.keys}
    if kind == "applicant":
        return "person" in named and len(named) > 1
    return named >= {part.key for part in cells.wholes[FINISHED].parts}


def outcome_misses(
    claims: tuple[Claim, ...], cells: Cells
) -> Iterator[tuple[Sentence, Quantity, tuple[Item, ...]]]:
    """Yield the sentences that name all results or applicants, with the total they do not make up.

    The total may be what was received, what was finished, either with what was carried
    over, and the results may be listed with what goes on next year.
    """
    for kind in ("outcome", "applicant"):
        for sentence in dict.fromkeys(c.sentence for c in claims if c.kind == kind):
            near = [c for c in claims if c.sentence is sentence or c.sentence is sentence.before]
            parts = [c for c in near if c.sentence is sentence and c.kind == kind]
            wholes = [c for c in near if c.kind in {"received", "handled", "carried_in"}]
            hedged = any(c.quantity.hedged for c in (*parts, *wholes))
            if not _complete(kind, parts, cells) or not wholes or hedged:
                continue
            forward = [c for c in near if c.kind == "carried_out"]
            values = [c.quantity.value for c in wholes]
            possible = {*values, *(a + b for a, b in combinations(values, 2))}
            if possible & {_sum(parts), _sum(parts) + _sum(forward)}:
                continue
            target = next((c for c in wholes if c.kind == WHOLE_OF[kind]), wholes[0])
            items = tuple(Item(c.label, c.quantity, "；") for c in parts)
            yield sentence, target.quantity, items


NEAR = Decimal("0.05")
"""A list of any kind that misses its total by no more was surely meant to add up."""

NEAR_KNOWN = Decimal("0.10")
"""So is a list of three items, one in brackets, and a division by a thing that is known."""

UNDECIDED = 3
"""A list that nothing closes and that falls short by no more than one in so many is a hint."""

ENOUGH = 5
"""Items and digits of a total, together, from which exchanged digits are no chance."""

MANY = 5
"""A list of so many items that misses its total by one was meant to add up, too."""

SCALES = tuple(Decimal(10**power) for power in (1, 2, 3, 4))
"""A total that is exactly so many times its parts has another unit than they (万条 for 条)."""

_VERBS = (
    "公开|发布|推送|办理|制发|制定|开展|更新|回应|编制|审查|梳理|接待|维护|报送|印发|网上|申请|答复"
    "|结转"
)
_STATEMENT = re.compile(_VERBS)
"""What a label of the next statement has, and a mere category has not."""
_CATEGORY = re.compile(
    rf"(?!(?:主动|依法|及时|新增?|共|另|还|通过.*)?(?:{_VERBS})).*"
    "(?:年报|年度报告|指南|目录|制度|规定|栏目?|类|动态|公告|公示|文件|信息)$"
)
"""A noun that holds such a word: 信息公开年报, 申请指南."""

_OVERLAP = re.compile(
    "同步(?:发布|公开)(?!解读|[^，。；]{0,4}材料)|重复计|交叉|多个?平台|同时属于|一稿多发|出席"
)
_OTHER_SIDE = re.compile("参加|参与|邀请|讲话|授课|满意|采纳|原创|面向|涉及")
"""What is said of some of a list besides its kind: 集中培训4期、邀请专家授课3期."""

Verdict = Literal["part", "over", "short", "unit", "swapped", "undecided"]


@dataclass(frozen=True, slots=True)
class Miss:
    """A list that does not make up its total."""

    whole: Quantity
    items: tuple[Item, ...]
    """What was compared; a single item is one that is greater than the whole."""
    kind: Verdict = "over"
    """`part`: a part greater than the whole; `over`, `short`: the sum is; `unit`: they differ by a
    power of ten; `swapped`: two digits of the total change places; `undecided`: the words do not
    say whether the list is whole.
    """


def _same_unit(a: Quantity, b: Quantity) -> bool:
    return same_measure(a.unit, b.unit)


def _candidates(listed: Division) -> dict[Decimal, Decimal]:
    """Return the numbers that the list may divide, those before it, alone and two together, and
    how far each may be from the truth.

    Two together, because results of applications divide 新收 and 上年结转 as one.
    """
    wholes = [q for q in listed.wholes[:4] if not q.hedged]
    together = [(a, b) for a, b in combinations(wholes, 2) if _same_unit(a, b)]
    pairs = {a.value + b.value: a.slack + b.slack for a, b in together}
    values = {q.value: q.slack for q in wholes}
    return values if listed.bare else pairs | values


def _running(items: Sequence[Item]) -> Iterator[tuple[Decimal, Decimal]]:
    """Yield the sum of the first, the first two … items and how exact it is."""
    total = slack = Decimal(0)
    for item in items:
        if item.quantity.hedged:
            return
        total += item.quantity.value
        slack += item.quantity.slack
        yield total, slack


def adds_up(listed: Division) -> bool:
    """Return whether the list, in one way to read it, makes up one of the totals before it.

    Its beginning is enough, unless the list is closed, since lists often run on into the next
    statement. Items of another unit may be counted in the total or stand apart.
    """
    candidates = _candidates(listed)
    whole = listed.wholes[0]
    known = listed.closed or listed.bare or listed.bracket or _known_division(listed.certain)
    sums: list[tuple[Decimal, Decimal]] = []
    for items in (listed.items, *listed.others):
        # Of a list that is known to be one, no item may be left out.
        least = min(listed.tight, len(items)) if known or items is listed.items else 1
        breaks = [i for i in range(1, least) if _may_end(items, i, known)]
        running = [*_running(_possible(items, listed.tight))]
        sums += running[least - 1 :] + [running[i - 1] for i in breaks if i <= len(running)]
        same = tuple(i for i in items if _same_unit(i.quantity, whole))
        if len(same) < len(items):
            kept = len([i for i in items[:least] if i in same])
            sums += [*_running(same)][max(kept - 1, 0) :]
    if listed.behind and not _known_division(
        listed.items
    ):  # it may begin later: 办结500件，其中… 建议12件、提案8件，共20件
        sums += [
            s for n in range(2, len(listed.items)) for s in [*_running(listed.items[-n:])][-1:]
        ]
    every = candidates.items()
    return any(abs(total - c) <= slack + rough for total, slack in sums for c, rough in every)


def _possible(items: Sequence[Item], tight: int) -> Sequence[Item]:
    """Return the items as far as they can belong.

    Behind the certain ones, only those that count the same do.

    Results of applications may be listed with what goes on next year.
    """
    for i, item in enumerate(items[tight:], start=tight):
        stated = _is_statement(item) and "结转" not in item.label
        if item.quantity.unit != items[0].quantity.unit or stated:
            return items[:i]
    return items


def _may_end(items: Sequence[Item], i: int, known: bool) -> bool:
    """Return whether the list may have ended before an item.

    That item then begins the next statement.
    """
    if known:
        return i > 1 and items[i].separator in "；;"
    stronger = i > 1 and level_of(items[i]) > level_of(items[1])
    unit = items[i].quantity.unit != items[0].quantity.unit
    return stronger or unit or _is_statement(items[i])


def _is_statement(item: Item) -> bool:
    """Return whether the words before a count state something, and name no mere category."""
    return bool(_STATEMENT.search(item.label)) and not _CATEGORY.match(item.label)


def _known_division(items: Sequence[Item]) -> bool:
    """Return whether all items divide by one thing that we know (channels, applicants, results)."""
    return len({i.universe for i in items}) == 1 and items[0].universe != ""


def _whole_of(listed: Division, computed: Decimal, sure: bool) -> Quantity | None:
    """Return the number that the list was meant to make up.

    It is one that the list nearly makes up, or the nearest.
    """
    exact = [q for q in listed.wholes if not q.hedged]
    unit = [i.quantity.unit for i in listed.certain if i.quantity.unit]
    counted = [q for q in exact if not unit or any(same_measure(q.unit, u) for u in unit)]
    if not counted and listed.behind and listed.closed:
        counted = exact  # 图解12期、短视频9部，两类合计21个
    if not counted or (counted[0] is not exact[0] and not sure):
        return None
    nearest = min(counted, key=lambda q: abs(q.value - computed))
    near = abs(nearest.value - computed) <= nearest.value * NEAR_KNOWN
    return nearest if near else counted[0]


def miss(listed: Division) -> Miss | None:
    """Return the total that a list misses, or None when nothing can be said.

    A list that is closed must add up. One that may go on is a fault when it misses its total by
    little, or when its items are more than the total; short of it by up to a third it is a hint.
    """
    items = listed.certain
    sure = all(not q.hedged for q in listed.wholes)
    computed = _sum(items)
    whole = _whole_of(listed, computed, sure)
    if whole is None:
        return None
    largest = max(_candidates(listed))
    same = [i for i in items if _same_unit(i.quantity, whole)]
    greater = next((i for i in same if i.quantity.value > largest and not i.quantity.hedged), None)
    surely = not listed.bare or (listed.behind and len(items) > 2)
    if greater is not None and sure and not listed.loose and surely:
        counted = [q for q in listed.wholes if _same_unit(greater.quantity, q)]
        return Miss(max(counted, key=lambda q: q.value), (greater,), "part")
    if len(items) < 2 or any(i.quantity.hedged for i in items) or not whole.value:
        return None
    mixed = len(same) < len(items)
    if mixed and not listed.closed and abs(whole.value - computed) > whole.value * NEAR_KNOWN:
        return None
    may_be_short = listed.open and computed < whole.value
    if _is_swapped(whole, items, computed) and not may_be_short:
        return Miss(whole, items, "swapped")
    if listed.behind and listed.bare and not _near(listed, whole, computed):
        surely = abs(whole.value - computed) * UNDECIDED <= whole.value
        surely = surely or (computed > whole.value and len(items) > 2 and _known_division(items))
        kind: Verdict = "undecided" if not surely else "over" if computed > whole.value else "short"
        return Miss(whole, items, kind)
    if computed > whole.value:
        return _over(listed, whole, computed, largest)
    return _short(listed, whole, computed, sure)


def _is_swapped(whole: Quantity, items: Sequence[Item], computed: Decimal) -> bool:
    """Return whether the items make up the total with two neighbouring digits in each other's
    place: 318 where 381 is written. Of two items and two digits that happens by chance.
    """
    said, right = trimmed(whole.value), trimmed(computed)
    units = {whole.unit, *(item.quantity.unit for item in items)} - {""}
    if len(said) != len(right) or len(items) + len(said) < ENOUGH or len(units) > 1:
        return False
    wrong = [i for i, (a, b) in enumerate(zip(said, right, strict=True)) if a != b]
    return (
        len(wrong) == 2
        and wrong[1] == wrong[0] + 1
        and [said[i] for i in wrong] == [right[i] for i in reversed(wrong)]
    )


def _near(listed: Division, whole: Quantity, computed: Decimal) -> bool:
    """Return whether the list misses the total by so little that it was meant to make it up."""
    known = listed.bracket or listed.bare or _known_division(listed.certain)
    firm = (known or len(listed.certain) > 2) and not listed.loose
    limit = whole.value * (NEAR_KNOWN if firm else NEAR)
    if len(listed.certain) >= MANY:
        limit = max(limit, Decimal(1))
    return abs(whole.value - computed) <= limit


def _over(listed: Division, whole: Quantity, computed: Decimal, largest: Decimal) -> Miss | None:
    """Return the items that are more than the total and do not overlap."""
    items = listed.certain
    if _OVERLAP.search(listed.sentence.text):
        return Miss(whole, items, "undecided")
    first = next(q for q in listed.wholes if not q.hedged)
    if first is not whole and computed <= first.value and not listed.closed:
        # They may be some of the number right before, and no list of the one further off.
        return Miss(whole, items, "undecided")
    if _near(listed, whole, computed):
        return Miss(whole, items)
    if listed.loose or listed.bare or computed <= largest:
        return Miss(whole, items) if listed.closed and computed <= largest else None
    if len({i.universe for i in items} - {""}) > 1:
        return None
    sides = {m[0] if (m := _OTHER_SIDE.search(item.label)) else "" for item in items}
    kinds = (
        listed.marker.startswith("其中") and len(sides) == 1
    )  # 面向部门3场、面向乡镇5场 are kinds
    enough = len(items) > 2 or listed.closed or listed.bracket or _known_division(items) or kinds
    return Miss(whole, items, "over" if enough else "undecided")


def _short(listed: Division, whole: Quantity, computed: Decimal, sure: bool) -> Miss | None:
    """Return the items that are less than the total."""
    items = listed.certain
    if listed.open:  # 规章14件（含新制定5件，修改4件，废止4件）: maybe all, maybe not
        maybe = "含" in listed.marker and len(items) > 2 and _near(listed, whole, computed)
        return Miss(whole, items, "undecided") if maybe else None
    if _near(listed, whole, computed):
        return Miss(whole, items, "short")
    if any(computed * scale == whole.value for scale in SCALES):
        return Miss(whole, items, "unit")
    if listed.bare or (listed.loose and len(items) < 3):
        return None
    if listed.closed and not listed.loose:
        return Miss(whole, items, "short") if sure else None
    if AMONG.search(listed.marker):
        return None  # 41件申请中，公开20件、部分公开6件: some of them
    # Of channels, applicants and results nobody leaves out most; of contents anybody may.
    known = _known_division(items) and listed.marker.startswith("其中")
    undecided = known or (whole.value - computed) * UNDECIDED <= whole.value
    return Miss(whole, items, "undecided") if undecided else None


def sum_finding(sentence: Sentence, rule: Check, found: Miss) -> Finding:
    """Return the remark; the total is marked only when it stands in the same sentence."""
    whole, items = found.whole, found.items
    computed = _sum(items)
    compared = [*(i.quantity for i in items), whole]
    spans = [(q.start, q.end) for q in compared if any(q is each for each in sentence.quantities)]
    unit = whole.unit or items[0].quantity.unit
    if found.kind == "part":
        message = (
            f"分项{quoted(items[0].label)}{trimmed(computed)}{unit}大于总数{trimmed(whole.value)}{unit}；"
            "请核对两数，或改写使二者不成包含关系"
        )
    else:
        parts = "＋".join(trimmed(i.quantity.value) for i in items)
        message = (
            f"分项之和{parts}＝{trimmed(computed)}{unit}，与总数{trimmed(whole.value)}{unit}"
            f"相差{trimmed(abs(whole.value - computed))}{unit}；{_advice(found, computed)}"
        )
    severity = sentence.severity_of((whole, *(i.quantity for i in items)))
    if found.kind == "undecided":
        severity = "info"
    return sentence.finding(rule, severity, message, spans, trimmed(whole.value), trimmed(computed))


def _advice(found: Miss, computed: Decimal) -> str:
    match found.kind:
        case "undecided" if computed > found.whole.value:
            return "文中看不出各项是否重复计算，无法判断；不重复的请核对总数和各分项"
        case "undecided":
            return "文中没有写明是否列全，无法判断；列全的请核对，只列一部分的请在末尾加“等”"
        case "unit":
            times = trimmed(found.whole.value / computed)
            return f"正好差{times}倍，请核对总数的单位（条还是万条）"
        case "swapped":
            return f"总数像是写颠倒了两个数字（{trimmed(computed)}）；请核对总数和各分项"
        case "short":
            return "请核对总数和各分项；如只是列举，请在末尾加“等”"
    return "请核对总数和各分项"


def of_channels(items: Sequence[Item]) -> bool:
    """Return whether a list tells channels, so that N17 speaks of it."""
    channels = sum(1 for i in items if CHANNEL_WORDS.search(i.label))
    return channels * 2 > len(items)


def misses(manuscript: Manuscript) -> Iterator[tuple[Sentence, Miss]]:
    """Yield the lists whose items do not make up the total."""
    settled: set[int] = set()
    for sentence in manuscript.prose.sentences:
        for listed in divisions(sentence):
            if adds_up(listed):
                settled.add(id(sentence))
            elif found := miss(listed):
                settled.add(id(sentence))
                yield sentence, found
    for sentence, whole, items in outcome_misses(manuscript.claims, manuscript.context.cells):
        if id(sentence) not in settled:
            yield sentence, Miss(whole, items)


@check(
    "N6",
    severity="warning",
    title="分项与合计",
    source="已公布年报中的常见差错",
    explanation="一句话里列出的各项，加起来应等于所说的总数，任何一项都不大于总数。"
    "写明“其他”“分别为”“按……分”“除……外，其余”的，只用括号或冒号列出三项以上的，"
    "建议和提案、预算和决算这样只有两类的，必须相等；没有写明是否列全的，"
    "与总数相差一成以内（两项的半成以内）也提醒；"
    "少得更多、在三分之一以内的，程序判断不了，只作提示；只列一部分的，用“其中……等”，"
    "不再核对。请核对各项，或改写成“{{ 名称.明细 }}”，程序列出的明细必定相加相等。",
)
def parts_make_up_their_whole(manuscript: Manuscript, rule: Check) -> Iterator[Finding]:
    """Compare the items of a list with the total that it divides."""
    for sentence, found in misses(manuscript):
        if not of_channels(found.items):
            yield sum_finding(sentence, rule, found)

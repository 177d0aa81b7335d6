"""A whole and the list of its parts: how far the list goes, and whether it is closed.

A list may be read in several ways, since offices separate its items as they like and divide one
item within it. `parts` finds the lists of a sentence; what a list is, is decided here.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property
from typing import Literal

from nianbao.prose.review import terms
from nianbao.prose.review.entries import HIDDEN, Item, Nesting, entries, level_of
from nianbao.prose.review.quantities import Quantity
from nianbao.prose.review.text import Sentence
from nianbao.prose.review.wording import wording

_PERSON = re.compile("自然人|公民|个人")
_OPEN_MARKER = re.compile("主要")
_ETC = re.compile(r"[^，。；、]{0,12}等(?![级次候额待])")
_REST = re.compile(
    r"[，、；]?(?:其[他它余]|剩余|余下)[^，。；\d]{0,6}(?:[均都为是属由系]|依法)[^，。；\d]*[，。；]"
)
_OTHER = "其[他它余]"
_CLOSING = re.compile(
    rf"{_OTHER}(?:各?类|方式|方面|渠道|信息|内容|事项|政府信息|情况|平台|形式|类型|类别|结果)*(?:公开)?(?:共|共计|合计)?$"
)
# 其他文件 closes a list at its end alone: in the middle it is a kind like any other.
_CLOSING_LAST = re.compile(rf"^{_OTHER}[\u4e00-\u9fff]{{1,4}}(?:共|共计|合计)?$")
_WHOLE_LIST = re.compile("(?:分别|依次)(?:为|是|有|包)|分为|分成|按|从")
# A clause that begins so is a new statement, not one more item of the list.
NEW_CLAUSE = re.compile(
    r"^(?:另|此外|同时|历年|历史|累计|共计?|合计|总计|较(?![好差大小多少])|比|同比|并|还|举办|召开|开展|维护|建成|新增"
    r"|组织(?!人事|机构|领导|架构|建设)|培训(?!类|考试|教育|信息))"
    r"|阅读|浏览|访问|点击|粉丝|关注[人数量用]|率|收到|受理|办结|答复|结转|复议|诉讼"
)
_FINISHED = re.compile("受理|办结|答复|结转|办理|处理")
_DISPUTE = re.compile("复议|诉讼")
_ORDINAL = re.compile("[一二三四五六七八九十]是")
_LONG_LABEL = 30
AMONG = re.compile("(?<!其)中[，,]?$|里[，,]$")
"""A marker right behind the number that it divides: 在41件申请中，公开20件."""

Closing = Literal["closed", "open", "unclear"]
"""Whether the words say that a list is whole, that more exists, or neither."""


@dataclass(frozen=True)
class Division:
    """A whole and the list of its parts."""

    sentence: Sentence
    wholes: tuple[Quantity, ...]
    """Numbers before the list that it may divide, the likeliest first; they may stand in the
    sentence before.
    """
    items: tuple[Item, ...]
    """As far as the list may go on; what divides one of its items is left out."""
    tight: int
    """How many of the items certainly belong to it: up to a weaker separator or a word that begins
    a new statement.
    """
    closing: Closing
    """`closed`: 其他, 分别为, 按…分, all applicants; `open`: 等, 主要包括, 含."""
    marker: str = ""
    """The word that opens it; empty in brackets, for a bare list and for channels."""
    others: tuple[tuple[Item, ...], ...] = ()
    """Other ways to read the items, where it is not plain how far a list within it goes."""
    bracket: bool = False
    """Whether it stands in brackets behind its whole."""
    loose: bool = False
    """Whether no word says that it divides a whole (全年公开30条。通过网站公开20条…): channels may
    then be counted beside the total.
    """
    bare: bool = False
    """Whether nothing but its place says that it is a list at all."""

    @cached_property
    def certain(self) -> tuple[Item, ...]:
        """The items that certainly belong to the list."""
        return self.items[: self.tight]

    @property
    def behind(self) -> bool:
        """True if the whole stands behind the list: 网站210条、公众号150条，共360条."""
        return self.wholes[0].start > self.items[-1].quantity.start

    @property
    def closed(self) -> bool:
        """True if the words say that nothing is missing."""
        return self.closing == "closed"

    @property
    def open(self) -> bool:
        """True if the words say that something is missing."""
        return self.closing == "open"


def stops(item: Item, first: Item | None = None) -> bool:
    """Return whether a list cannot go on with this entry.

    ``first`` is the list's first item: one that began within 一是… does not go on behind 二是….
    """
    numbered = first is not None and _ORDINAL.match(item.label) and not _ORDINAL.match(first.label)
    return item.apart or len(item.label) > _LONG_LABEL or bool(numbered)


def _inner_ends(found: Sequence[Item], start: int, whole: Item) -> list[int]:
    """Return where the list within an item may end: if it adds up, or at a weaker separator."""
    binding = level_of(found[start + 1]) if start + 1 < len(found) else 0
    last, total, right = start, found[start].quantity.value, []
    if total == whole.quantity.value:
        right.append(start)
    for j in range(start + 1, len(found)):
        if found[j].marker or stops(found[j], found[start]) or level_of(found[j]) > binding:
            break
        last = j
        total += found[j].quantity.value
        if total == whole.quantity.value:
            right.append(j)
    return right or [last]


def readings_from(found: Sequence[Item], start: int, most: int = 16) -> list[tuple[Item, ...]]:
    """Return the ways to read the list that begins at an entry, the likeliest first."""
    complete: list[tuple[Item, ...]] = []

    def walk(i: int, taken: tuple[Item, ...]) -> None:
        taken = (*taken, found[i])
        n = i + 1
        if len(complete) >= most:
            return
        if n >= len(found) or stops(found[n], found[start]):
            complete.append(taken)
        elif found[n].marker:
            taken = (*taken[:-1], replace(taken[-1], inner=found[n].label))
            for end in _inner_ends(found, n, found[i]):
                after = end + 1
                if after < len(found) and not (
                    found[after].marker or stops(found[after], found[start])
                ):
                    walk(after, taken)
                else:
                    complete.append(taken)
        else:
            walk(n, taken)

    walk(start, ())
    return list(dict.fromkeys(complete))


def _tight(items: Sequence[Item]) -> int:
    """Return how many items are joined by the list's own separator and start no new statement."""
    binding = level_of(items[1]) if len(items) > 1 else 4
    finished = bool(_FINISHED.search(items[0].label))
    for i, item in enumerate(items[1:], start=1):
        level = level_of(item)
        # One division is often written with both separators: 自然人3件、法人1件，其他2件.
        kept = item.universe != "" and item.universe == items[0].universe and level < 3
        closing = bool(_CLOSING.search(item.label)) and level < 3
        new = is_new(item, items[0]) and not (finished and _FINISHED.search(item.label))
        if (level > binding and not (kept or closing)) or (new and item.universe != "verdict"):
            return i
        if _is_whole(items, i):
            return i
    return len(items)


def is_new(item: Item, first: Item) -> bool:
    """Return whether an entry is a new statement, with a word that the first of the list has not.

    电脑端访问192万次，移动端访问124万次: the word that all of them share divides nothing off.
    """
    found = NEW_CLAUSE.search(item.label)
    if found is None or (_DISPUTE.search(item.label) and _DISPUTE.search(first.label)):
        return False
    return found[0] not in first.label


def _is_whole(items: Sequence[Item], i: int) -> bool:
    """Return whether an item that is divided itself is a whole of its own: A件，其中…；B件…"""
    item, first = items[i], items[0]
    if item.inner is None or first.inner is not None:
        return False
    return i == 1 or level_of(item) > 2 or item.inner == first.label


def _closed_by(items: Sequence[Item]) -> int:
    """Return how many items a list has that the words close (其他…), 0 when they do not."""
    strong = max((i for i, item in enumerate(items) if _CLOSING.search(item.label)), default=-1)
    last = len(items) - 1
    if last > 0 and _CLOSING_LAST.search(items[last].label):
        return len(items)
    return strong + 1


def build(
    sentence: Sentence,
    flat: str,
    readings: Sequence[tuple[Item, ...]],
    wholes: Sequence[Quantity],
    marker: str,
) -> Division:
    """Return a list as its likeliest reading gives it."""
    readings = [_in_unit(items, wholes[0].unit) for items in readings]
    items = readings[0]
    tight = _tight(items)
    closed_by = _closed_by(items)
    joined = all(level_of(item) < 3 for item in items[1:closed_by])
    if closed_by > tight and (joined or not NEW_CLAUSE.search("".join(i.label for i in items[1:]))):
        tight = max(closed_by, _tight_from(items, closed_by))
    after = flat[items[tight - 1].end :].replace(HIDDEN, "")
    etc = _ETC.match(after) is not None or _REST.match(after) is not None
    etc = etc or _partly_content(items[:tight])
    open_ = etc or _OPEN_MARKER.search(marker) is not None or marker in {"含", "含有"}
    applicants = {bool(_PERSON.search(i.label)) for i in items if i.universe == "applicant"}
    every = (
        0 < closed_by <= tight
        or _WHOLE_LIST.match(marker) is not None
        or len(applicants) == 2
        or _all_verdicts(items[:tight])
        or are_all_kinds(items[:tight])
        or _counted_twice(sentence, items[:tight])
    )
    closing: Closing = "open" if open_ else "closed" if every else "unclear"
    return Division(
        sentence, tuple(wholes), items, tight, closing, marker, others=tuple(readings[1:])
    )


def _partly_content(items: Sequence[Item]) -> bool:
    """Return whether a list tells 满意 and 基本满意 without 不满意: who is not is left out."""
    labels = "".join(item.label for item in items)
    return "基本满意" in labels and not re.search("不(?:太|够)?满意|一般", labels)


def _in_unit(items: tuple[Item, ...], unit: str) -> tuple[Item, ...]:
    """Return the items counted in the whole's unit: 3场，其中甲2场126人、乙1场45人."""
    beside = [item.beside for item in items if item.beside is not None]
    other = all(item.quantity.unit != unit for item in items)
    if len(beside) < len(items) or not other or any(q.unit != unit for q in beside):
        return items
    return tuple(replace(i, quantity=q) for i, q in zip(items, beside, strict=True))


def _tight_from(items: Sequence[Item], start: int) -> int:
    """Return how far the list goes on behind 其他, by the separator that it has there."""
    binding = max((level_of(item) for item in items[1:start]), default=1)
    for i in range(start, len(items)):
        if level_of(items[i]) > binding or NEW_CLAUSE.search(items[i].label):
            return i
    return len(items)


def _counted_twice(sentence: Sentence, items: Sequence[Item]) -> bool:
    """Return whether the items make up a total in another unit too: 3笔共560元，其中甲2笔300元、
    乙1笔260元.
    """
    beside = [item.beside for item in items if item.beside is not None]
    if len(items) < 2 or len(beside) < len(items):
        return False
    total = sum(q.value for q in beside)
    before = (q for q in sentence.quantities if q.end <= beside[0].start)
    return any(q.value == total and all(b.unit == q.unit for b in beside) for q in before)


def _all_verdicts(items: Sequence[Item]) -> bool:
    """Return whether 维持, 纠正 and 审结 are all named: the results of table 4."""
    said = "".join(item.label for item in items)
    return all(word in said for word in ("维持", "纠正", "审结"))


def _together(before: Sentence) -> list[Quantity]:
    """Return the sum of channels that are listed without one: 网站486条、公众号312条。其中…."""
    items = entries(before, Nesting(before.text).flat(-1), before.quantities)
    channels = {item.universe for item in items} == {"channel"}
    same = len({item.quantity.unit for item in items}) == 1
    if len(items) < 2 or not channels or not same or any(i.marker or i.inner for i in items):
        return []
    exact = not any(item.quantity.hedged for item in items)
    total = sum(item.quantity.value for item in items)
    if not exact or max(item.quantity.value for item in items) * 2 == total:
        return []
    first, last = items[0].quantity, items[-1].quantity
    return [replace(first, end=last.end, value=Decimal(total))]


def are_all_kinds(items: Sequence[Item]) -> bool:
    """Return whether the items are all the kinds there are: 人大建议13件、政协提案9件."""
    labels = [item.label for item in items]
    return any(
        len(kinds) == len(labels)
        and all(sum(re.search(kind, label) is not None for label in labels) == 1 for kind in kinds)
        for kinds in wording("all_kinds")
    )


def wholes_before(sentence: Sentence, found: Sequence[Item], start: int) -> list[Quantity]:
    """Return the candidates before a list, nearest first; else those of the sentence before."""
    if start and terms.AVERAGE.search(found[start - 1].label):
        return []  # 月均136人次，其中1月、2月…: an average has no parts
    before = [item.quantity for item in found[:start]]
    if start and before:
        part = sentence.text.rfind("；", 0, before[-1].end)
        opening = sentence.text.rfind("；", 0, found[start].quantity.start)
        near = [q for q in before if q.start > part] if opening == part else before
        before = near or before
    if not before and sentence.before is not None:
        lead = sentence.text[: found[start].quantity.start]
        marker = found[start].marker
        if not marker or lead.lstrip("，").startswith(marker):
            outer = Nesting(sentence.before.text).opened
            before = [
                q for q in sentence.before.quantities if q.kind == "count" and outer[q.start] == -1
            ]
        before += _together(sentence.before)
    units = {found[start].quantity.unit}
    ordered = before[::-1]
    # 30条，浏览5万次，其中…条: the number of the items' own unit is the likelier whole.
    return [q for q in ordered if q.unit in units or not q.unit] + [
        q for q in ordered if q.unit not in units and q.unit
    ]

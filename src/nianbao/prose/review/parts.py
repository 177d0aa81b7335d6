"""Wholes and their parts: the lists of sub-counts in a sentence, read once for all rules.

A sentence becomes *entries* (a count with its words, its share and what separates it from the
one before), bracket by bracket; a marker (其中, 包括, 分别为, a colon) opens a *division*
of a whole that stands before it. What N6, N17, N7, Y9 and N5 say, they say about divisions.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal

from nianbao.prose.review.quantities import Quantity
from nianbao.prose.review.text import Sentence

_LIST_VERB = "包括|包含|涵盖|涉及|覆盖"
MARKER = re.compile(
    rf"其中(?:{_LIST_VERB}|含|有|：|:)?|分别(?:为|是|有|{_LIST_VERB})"
    rf"|主要(?:{_LIST_VERB}|有|为|是|分为)|(?:内容|具体|分类)?(?:{_LIST_VERB})|具体为|分为|(?<=[，（\0])含有?"
    r"|(?:按|从)[^，。；：\d]{2,12}?(?:分类?|划分|统计|看|来看)[，：:]"
)
# 涉及 and 覆盖 are plain verbs as well: they mark a list only behind a comma or a number.
_VERB = re.compile("涉及|覆盖")
_COLON = re.compile(r"[^，。；：\d]{0,4}[：:]")
# Channels told in a sentence of their own.
_THROUGH = re.compile(r"[\0，]*(?:通过|依托|利用)")
_PERSON = re.compile("自然人|公民|个人")
_OPEN_MARKER = re.compile("主要")
_ETC = re.compile(r"[^，。；、]{0,12}等(?![级次候额待])")
_OTHER = "其[他它余]"
_CLOSING = re.compile(
    rf"{_OTHER}(?:各?类|方式|方面|渠道|信息|内容|事项|政府信息|情况|平台|形式|类型|类别|结果)*(?:公开)?(?:共|共计|合计)?$"
)
# 其他文件 closes a list at its end alone: in the middle it is a kind like any other.
_CLOSING_LAST = re.compile(rf"^{_OTHER}[\u4e00-\u9fff]{{1,4}}(?:共|共计|合计)?$")
_CLAUSE = re.compile("[，,；;。：:]")
_SEPARATOR = re.compile("[，,；;、。：:]|(?<!.)(?:以及|和|及|与)")
_LEADING = re.compile("^(?:以及|和|及|与|、)+")
_NOT_LISTED = re.compile("[注详另较比同去上不如]|20")
_APART = re.compile(r"[，。；、]|\d")
_SHARE = re.compile(r"[，,、\s（(]*(?:各)?约?占(?:比|[^，。；]{0,12}?)?(?:的|为|达)?")
# A clause that begins so is a new statement, not one more item of the list.
_NEW = re.compile(
    r"^(?:另|此外|同时|累计|共计?|合计|总计|较|比|同比|并|还|举办|召开|组织|开展|培训|维护|建成|新增)"
    r"|阅读|浏览|访问|点击|粉丝|关注[人数量用]|率|收到|受理|办结|答复|结转|复议|诉讼"
)
_FINISHED = re.compile("受理|办结|答复|结转|办理|处理")
_TABLE_FOUR = re.compile("维持|纠正|审结")
_LEVEL = {"": 0, "、": 1, "和": 1, "及": 1, "与": 1, "以": 1, "，": 2, ",": 2, "：": 2, ":": 2,
          "；": 3, ";": 3, "。": 4}  # fmt: skip
_TAIL = re.compile(r"[^，,；;、。\d占：:]{1,12}(?=[，,；;、。])")
_HIDDEN = "\0"
_LONG_LABEL = 30
_UNIVERSES = (
    ("applicant", re.compile("自然人|公民|法人|企业|组织|机构$")),
    ("outcome", re.compile("(?:予以|部分)公开$|不予|无法提供|其他处理|不存在|不掌握|撤回")),
    (
        "channel",
        re.compile("网|信函|邮寄|当面|现场|邮件|平台|微信|微博|公众号|新媒体|APP|线上|线下"),
    ),
    ("verdict", _TABLE_FOUR),
)
CHANNEL = re.compile("网站|公众号|微信|微博|新媒体|门户|公报|公开栏|客户端|抖音|头条")

Closing = Literal["closed", "open", "unclear"]
"""Whether the words say that a list is whole, that more exists, or neither."""


@dataclass(frozen=True, slots=True)
class Item:
    """A count with its words, its share if one is printed, and what separates and opens it.

    Parameters
    ----------
    label
        The words before the number.
    separator
        The strongest mark between the item before and its words.
    marker
        The word that opens a list with it, if one does.
    apart
        Whether a clause without a number stands before it.
    inner
        The words of the first part where a list behind it divides it; None where none does.
    """

    label: str
    quantity: Quantity
    separator: str = ""
    share: Quantity | None = None
    marker: str = ""
    apart: bool = False
    inner: str | None = None

    @property
    def universe(self) -> str:
        """By what the item divides: applicant, outcome, channel, verdict or nothing known."""
        return next((name for name, p in _UNIVERSES if p.search(self.label)), "")

    @property
    def end(self) -> int:
        """Where its number, or its share, ends in the sentence."""
        return self.share.end if self.share else self.quantity.end


@dataclass(frozen=True)
class Division:
    """A whole and the list of its parts.

    Parameters
    ----------
    wholes
        Numbers before the list that it may divide, the likeliest first; they may stand in
        the sentence before.
    items
        As far as the list may go on; what divides one of its items is left out.
    tight
        How many of the items certainly belong to it: up to a weaker separator or a word
        that begins a new statement.
    others
        Other ways to read the items, where it is not plain how far a list within it goes.
    closing
        ``closed``: 其他, 分别为, 按…分, all applicants; ``open``: 等, 主要包括, 含.
    marker
        The word that opens it; empty in brackets, for a bare list and for channels.
    bracket
        Whether it stands in brackets behind its whole.
    loose
        Whether no word says that it divides a whole (全年公开30条。通过网站公开20条…):
        channels may then be counted beside the total.
    bare
        Whether nothing but its place says that it is a list at all.
    """

    sentence: Sentence
    wholes: tuple[Quantity, ...]
    items: tuple[Item, ...]
    tight: int
    closing: Closing
    marker: str = ""
    others: tuple[tuple[Item, ...], ...] = ()
    bracket: bool = False
    loose: bool = False
    bare: bool = False

    @cached_property
    def certain(self) -> tuple[Item, ...]:
        """The items that certainly belong to the list."""
        return self.items[: self.tight]

    @property
    def closed(self) -> bool:
        """Whether the words say that nothing is missing."""
        return self.closing == "closed"

    @property
    def open(self) -> bool:
        """Whether the words say that something is missing."""
        return self.closing == "open"


class Nesting:
    """Which brackets each character of a sentence stands in."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.opened: list[int] = []
        stack = [-1]
        for i, char in enumerate(text):
            if char in "（(":
                self.opened.append(stack[-1])
                stack.append(i)
            elif char in "）)" and len(stack) > 1:
                stack.pop()
                self.opened.append(stack[-1])
            else:
                self.opened.append(stack[-1])

    def flat(self, group: int) -> str:
        """The text with everything hidden that does not stand directly in this bracket."""
        return "".join(
            c if g == group and c not in "（()）" else _HIDDEN
            for c, g in zip(self.text, self.opened, strict=True)
        )

    def groups(self) -> list[int]:
        """The brackets, as the place of the opening one; -1 is none."""
        return sorted(set(self.opened) | {-1})


def _marker(gap: str, first: bool) -> re.Match[str] | None:
    """The last word in a gap that opens a list."""
    found = None
    for match in MARKER.finditer(gap):
        behind = gap[: match.start()].rstrip(_HIDDEN)
        plain_verb = _VERB.fullmatch(match[0]) and behind and behind[-1] not in "，,：:；;"
        if not plain_verb:
            found = match
    return found or (None if first else _COLON.match(gap))


def _entry(gap: str, quantity: Quantity, first: bool) -> Item:
    """A count with the words that lead to it."""
    marker = _marker(gap, first)
    rest = gap[marker.end() :] if marker else gap
    cuts = list(_CLAUSE.finditer(rest))
    label = rest[cuts[-1].end() :] if cuts else rest
    before = gap[: len(gap) - len(label)]
    if not first and (tail := _TAIL.match(gap)) and tail.end() <= len(before):
        before = before[tail.end() :]
    elif not first and marker is None and not cuts and "、" in label:
        # 6件答复、1件结转: the words before the mark belong to the number before.
        tail = _TAIL.match(gap)
        label = label[tail.end() :] if tail else label
    joint = _LEADING.match(label)
    marks = _SEPARATOR.findall(before.replace(_HIDDEN, "")) + ([joint[0][0]] if joint else [])
    separator = max((m[0] for m in marks), key=lambda m: _LEVEL.get(m, 0), default="")
    words = re.sub(r"[\s\0，,；;、。：:]", "", before[: marker.start()] if marker else before)
    apart = not first and bool(_LEADING.sub("", words)) and marker is None
    label = _LEADING.sub("", label.replace(_HIDDEN, "")).strip("：: “”")
    return Item(label, quantity, separator, None, marker[0] if marker else "", apart)


def entries(sentence: Sentence, flat: str, inside: Sequence[Quantity]) -> list[Item]:
    """The counts of one bracket, or of the sentence outside all brackets, with their words."""
    found: list[Item] = []
    position, apart = 0, False
    for i, q in enumerate(inside):
        gap = flat[position : q.start]
        visible = gap.replace(_HIDDEN, "")
        if q.kind != "count":
            near = found and not apart
            if near and (_SHARE.fullmatch(visible) or not visible.strip("，,、 ")):
                found[-1] = replace(found[-1], share=q)
                position = q.end
            else:
                apart = True  # a rate of its own: 答复率100%
                position = q.end
            continue
        following = inside[i + 1] if i + 1 < len(inside) else None
        if following is not None and following.kind == "count":
            between = flat[q.end : following.start].replace(_HIDDEN, "")
            if between and not re.search("[，,；;、。：:和及与]|其中|包括|分别", between):
                continue  # 3个区县5条: the first number is part of the label
        item = _entry(gap, q, first=not found and position == 0)
        found.append(replace(item, apart=item.apart or (apart and not item.marker)))
        position, apart = q.end, False
    return found


def _stops(item: Item) -> bool:
    """Whether a list cannot go on with this entry."""
    return item.apart or len(item.label) > _LONG_LABEL


def _level(item: Item) -> int:
    return _LEVEL.get(item.separator, 4)


def _inner_ends(found: Sequence[Item], start: int, whole: Item) -> list[int]:
    """Where the list within an item may end: where it adds up, or before a weaker separator."""
    binding = _level(found[start + 1]) if start + 1 < len(found) else 0
    last, total, right = start, found[start].quantity.value, []
    if total == whole.quantity.value:
        right.append(start)
    for j in range(start + 1, len(found)):
        if found[j].marker or _stops(found[j]) or _level(found[j]) > binding:
            break
        last = j
        total += found[j].quantity.value
        if total == whole.quantity.value:
            right.append(j)
    return right or [last]


def _readings(found: Sequence[Item], start: int, most: int = 16) -> list[tuple[Item, ...]]:
    """The ways to read the items of the list that begins at an entry, the likeliest first."""
    complete: list[tuple[Item, ...]] = []

    def walk(i: int, taken: tuple[Item, ...]) -> None:
        taken = (*taken, found[i])
        n = i + 1
        if len(complete) >= most:
            return
        if n >= len(found) or _stops(found[n]):
            complete.append(taken)
        elif found[n].marker:
            taken = (*taken[:-1], replace(taken[-1], inner=found[n].label))
            for end in _inner_ends(found, n, found[i]):
                after = end + 1
                if after < len(found) and not found[after].marker and not _stops(found[after]):
                    walk(after, taken)
                else:
                    complete.append(taken)
        else:
            walk(n, taken)

    walk(start, ())
    return list(dict.fromkeys(complete))


def _tight(items: Sequence[Item]) -> int:
    """How many items are joined by the list's own separator and start no new statement."""
    binding = _level(items[1]) if len(items) > 1 else 4
    finished = bool(_FINISHED.search(items[0].label))
    for i, item in enumerate(items[1:], start=1):
        level = _level(item)
        # One division is often told with both separators: 自然人3件、法人1件，其他2件.
        kept = item.universe != "" and item.universe == items[0].universe and level < 3
        closing = bool(_CLOSING.search(item.label)) and level < 3
        new = _NEW.search(item.label) and not (finished and _FINISHED.search(item.label))
        if (level > binding and not (kept or closing)) or (new and item.universe != "verdict"):
            return i
        if _is_whole(items, i):
            return i
    return len(items)


def _is_whole(items: Sequence[Item], i: int) -> bool:
    """Whether an item that is divided itself is a whole of its own: A件，其中…；B件，其中…."""
    item, first = items[i], items[0]
    if item.inner is None or first.inner is not None:
        return False
    return i == 1 or _level(item) > 2 or item.inner == first.label


def _closed_by(items: Sequence[Item]) -> int:
    """How many items a list has that the words close (其他…), 0 when they do not."""
    strong = max((i for i, item in enumerate(items) if _CLOSING.search(item.label)), default=-1)
    last = len(items) - 1
    if last > 0 and _CLOSING_LAST.search(items[last].label):
        return len(items)
    return strong + 1


def _build(
    sentence: Sentence,
    flat: str,
    readings: Sequence[tuple[Item, ...]],
    wholes: Sequence[Quantity],
    marker: str,
) -> Division:
    items = readings[0]
    tight = _tight(items)
    closed_by = _closed_by(items)
    joined = all(_level(item) < 3 for item in items[1:closed_by])
    if closed_by > tight and (joined or not _NEW.search("".join(i.label for i in items[1:]))):
        tight = max(closed_by, _tight_from(items, closed_by))
    after = flat[items[tight - 1].end :].replace(_HIDDEN, "")
    etc = _ETC.match(after) is not None
    open_ = etc or _OPEN_MARKER.search(marker) is not None or marker in {"含", "含有"}
    applicants = {bool(_PERSON.search(i.label)) for i in items if i.universe == "applicant"}
    every = (
        0 < closed_by <= tight
        or marker.startswith(("分别", "按", "从"))
        or len(applicants) == 2
        or _all_verdicts(items[:tight])
    )
    closing: Closing = "open" if open_ else "closed" if every else "unclear"
    return Division(
        sentence, tuple(wholes), items, tight, closing, marker, others=tuple(readings[1:])
    )


def _tight_from(items: Sequence[Item], start: int) -> int:
    """How far the list goes on behind 其他, by the separator that it has there."""
    binding = max((_level(item) for item in items[1:start]), default=1)
    for i in range(start, len(items)):
        if _level(items[i]) > binding or _NEW.search(items[i].label):
            return i
    return len(items)


def _all_verdicts(items: Sequence[Item]) -> bool:
    """Whether 维持, 纠正 and 审结 are all told: the results of table 4."""
    said = "".join(item.label for item in items)
    return all(word in said for word in ("维持", "纠正", "审结"))


def _wholes(sentence: Sentence, found: Sequence[Item], start: int) -> list[Quantity]:
    """Candidates before a list, nearest first; of the sentence before if there are none."""
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
    units = {found[start].quantity.unit}
    ordered = before[::-1]
    # 30条，浏览5万次，其中…条: the number of the items' own unit is the likelier whole.
    return [q for q in ordered if q.unit in units or not q.unit] + [
        q for q in ordered if q.unit not in units and q.unit
    ]


def _in_bracket(
    sentence: Sentence, nesting: Nesting, group: int, flat: str, found: Sequence[Item]
) -> Division | None:
    """A list in brackets behind a number: 规章13件（新制定5件，修改8件）."""
    whole = next(
        (q for q in reversed(sentence.quantities) if q.end <= group and q.kind == "count"), None
    )
    words = flat.replace(_HIDDEN, "").strip()
    if whole is None or nesting.opened[whole.start] != nesting.opened[group]:
        return None
    tail = sentence.text[whole.end : group]
    if _APART.search(tail) or len(tail) > 8 or (_NOT_LISTED.match(words) and not found[0].marker):
        return None
    marker = found[0].marker
    division = _build(sentence, flat, _readings(found, 0), [whole], marker)
    return replace(division, bracket=True)


def _bare(sentence: Sentence, flat: str, found: Sequence[Item]) -> Division | None:
    """A list that only its place behind a total tells: 公开信息30条，规章10条、动态20条."""
    if len(found) < 3 or any(item.marker for item in found):
        return None
    whole, items = found[0], found[1:]
    level = _level(items[1])
    run = [items[0]]
    for item in items[1:]:
        if _level(item) != level or _stops(item):
            break
        run.append(item)
    nouns = all(i.label and not _NEW.search(i.label) and len(i.label) <= 12 for i in run)
    same = {i.quantity.unit for i in run} == {whole.quantity.unit}
    if not nouns or not same or len(run) < (2 if level == 1 else 3) or items[0].apart:
        return None
    division = _build(sentence, flat, [tuple(run)], [whole.quantity], "")
    return replace(division, bare=True)


def divisions(sentence: Sentence) -> Iterator[Division]:
    """The lists of a sentence, with the wholes that they may divide.

    Examples
    --------
    >>> from nianbao.prose.review.text import read_prose
    >>> (s,) = read_prose({"overview": "公开信息10条，其中网站7条、公众号3条。"}).sentences
    >>> [item.label for item in next(divisions(s)).items]
    ['网站', '公众号']
    """
    if len(sentence.quantities) < 2 and not (sentence.before and sentence.quantities):
        return
    nesting = Nesting(sentence.text)
    for group in nesting.groups():
        flat = nesting.flat(group)
        inside = [q for q in sentence.quantities if nesting.opened[q.start] == group]
        found = entries(sentence, flat, inside)
        if not found:
            continue
        marked = False
        for start, item in enumerate(found):
            if not item.marker or (start == 0 and group >= 0):
                continue
            wholes = _wholes(sentence, found, start)
            if wholes:
                marked = True
                yield _build(sentence, flat, _readings(found, start), wholes, item.marker)
        if group >= 0:
            if listed := _in_bracket(sentence, nesting, group, flat, found):
                yield listed
            continue
        if _THROUGH.match(flat) and (wholes := _wholes(sentence, [found[0]], 0)):
            division = _build(sentence, flat, _readings(found, 0), wholes, "")
            if all(i.universe == "channel" for i in division.certain):
                yield replace(division, loose=True)
        if not marked and (bare := _bare(sentence, flat, found)):
            yield bare

"""The counts of a sentence with their words, what separates them and the brackets they stand in."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from nianbao.prose.review.quantities import Quantity
from nianbao.prose.review.text import Sentence

_LIST_VERB = "包括|包含|涵盖|涉及|覆盖"
_DID = "公开|发布|更新|推送|刊发|刊登|编发"
MARKER = re.compile(
    rf"其中(?:{_LIST_VERB}|含|有|：|:)?|(?:分别|依次)(?:为|是|有|{_LIST_VERB}|{_DID}(?:政府)?信息?)"
    r"|分别(?!.?[增减升降提下上占超达同比])[\u4e00-\u9fff]{2,4}$"
    rf"|主要(?:{_LIST_VERB}|有|为|是|分为)|(?:内容|具体|分类)?(?:{_LIST_VERB})|具体为|分为|(?<=[，（\0])含有?"
    r"|(?:按|从)[^，。；：\d]{2,12}?(?:分类?|划分|统计|看|来看)[，：:]"
)
# 涉及 and 覆盖 are plain verbs as well: they mark a list only behind a comma or a number.
_VERB = re.compile("涉及|覆盖")
_COLON = re.compile(r"[^，。；：\d]{0,8}[：:]")
# 在答复的1677件中，公开318件: the whole stands before it.
_AMONG = re.compile(
    "[^，。；：、\\d]{0,6}?(?<![集其空途年手心高初])当?中[，,]?(?![国央共小学期型介心等])"
    "|[^，。；：、\\d]{0,6}?里[，,]"
)
_CLAUSE = re.compile("[，,；;。：:]")
# 征地补偿（8件）、工程招标（6件）: numbers in brackets of their own are listed like others.
_IN_BRACKETS = re.compile(r"（\d[\d,]*[件条篇份个项次期]）(?=[、，；。和及]|等?为主)")
_SEPARATOR = re.compile("[，,；;、。：:]|(?<!.)(?:以及|和|及|与)")
_LEADING = re.compile("^(?:以及|和|及|与|、)+")
_SHARE = re.compile(r"[，,、\s（(]*(?:各)?约?占(?:比|[^，。；]{0,12}?)?(?:的|为|达)?")
_OF_SO_MANY = re.compile(r"[，,、（]?约?占[^，。；、\d]{0,8}$")
_TABLE_FOUR = re.compile("维持|纠正|审结")
_LEVEL = {"": 0, "、": 1, "和": 1, "及": 1, "与": 1, "以": 1, "，": 2, ",": 2, "：": 2, ":": 2,
          "；": 3, ";": 3, "。": 4}  # fmt: skip
_TAIL = re.compile(r"[^，,；;、。\d占：:]{1,12}(?=[，,；;、。])")
_KINDS_OF = frozenset({"类", "种"})
_MANY_KINDS = 20
"""政策、财政、业务三类 names its kinds; 药品1260种 counts them."""
HIDDEN = "\0"
# The rest of two rows' names of table 3 (逾期不补正、行政机关不再处理…) is no other item.
_NO_LONGER = re.compile("、行政机关不再处理(?:其)?(?:政府信息公开)?(?:申请)?")
_UNIVERSES = (
    ("applicant", re.compile("自然人|公民|法人|企业|组织|机构$")),
    ("outcome", re.compile("(?:予以|部分)公开$|不予|无法提供|其他处理|不存在|不掌握|撤回")),
    (
        "channel",
        re.compile(
            "网|信函|邮寄|当面|现场|邮件|平台|微信|微博|公众号|新媒体|公开栏|公报|报纸|电视|广播|APP|客户端|移动端|手机端|电脑端|PC端|线上|线下"
        ),
    ),
    ("verdict", _TABLE_FOUR),
)
CHANNEL_WORDS = re.compile("网站|公众号|微信|微博|新媒体|门户|公报|公开栏|客户端|抖音|头条")


@dataclass(frozen=True, slots=True)
class Item:
    """A count with its words, its share if one is printed, and what separates and opens it."""

    label: str
    """The words before the number."""
    quantity: Quantity
    separator: str = ""
    """The strongest mark between the item before and its words."""
    share: Quantity | None = None
    marker: str = ""
    """The word that opens a list with it, if one does."""
    apart: bool = False
    """Whether a clause without a number stands before it."""
    inner: str | None = None
    """The words of the first part where a list behind it divides it; None where none does."""
    beside: Quantity | None = None
    """A count of the same thing in another unit, right before its number: 超件收费2笔300元."""

    @property
    def universe(self) -> str:
        """By what the item divides: applicant, outcome, channel, verdict or nothing known."""
        return next((name for name, p in _UNIVERSES if p.search(self.label)), "")

    @property
    def end(self) -> int:
        """The place in the sentence where its number, or its share, ends."""
        return self.share.end if self.share else self.quantity.end


class Nesting:
    """Which brackets each character of a sentence stands in."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.opened: list[int] = []
        stack = [-1]
        listed = list(_IN_BRACKETS.finditer(text)) if text.count("（") > 1 else []
        marks = {i for m in listed for i in (m.start(), m.end() - 1)} if len(listed) > 1 else set()
        for i, char in enumerate(text):
            if i in marks:
                self.opened.append(stack[-1])
            elif char in "（(":
                self.opened.append(stack[-1])
                stack.append(i)
            elif char in "）)" and len(stack) > 1:
                stack.pop()
                self.opened.append(stack[-1])
            else:
                self.opened.append(stack[-1])

    def flat(self, group: int) -> str:
        """Return the text with everything hidden that does not stand directly in this bracket."""
        return "".join(
            c if g == group and c not in "（()）" else HIDDEN
            for c, g in zip(self.text, self.opened, strict=True)
        )

    def groups(self) -> list[int]:
        """Return the brackets, as the place of the opening one; -1 is none."""
        return sorted(set(self.opened) | {-1})


def _marker(gap: str, first: bool) -> re.Match[str] | None:
    """Return the last word in a gap that opens a list."""
    found = None
    for match in MARKER.finditer(gap):
        behind = gap[: match.start()].rstrip(HIDDEN)
        plain_verb = _VERB.fullmatch(match[0]) and behind and behind[-1] not in "，,：:；;"
        if not plain_verb:
            found = match
    return found or (None if first else _COLON.match(gap) or _AMONG.match(gap))


def _entry(gap: str, quantity: Quantity, first: bool) -> Item:
    """Return a count with the words that lead to it."""
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
    joint = _LEADING.match(label.lstrip(HIDDEN))
    marks = _SEPARATOR.findall(before.replace(HIDDEN, "")) + ([joint[0][0]] if joint else [])
    separator = max((m[0] for m in marks), key=lambda m: _LEVEL.get(m, 0), default="")
    words = re.sub(r"[\s\0，,；;、。：:]", "", before[: marker.start()] if marker else before)
    apart = not first and bool(_LEADING.sub("", words)) and marker is None
    label = _unquoted(_LEADING.sub("", label.replace(HIDDEN, "")).strip("：: "))
    return Item(label, quantity, separator, None, marker[0] if marker else "", apart)


def _unquoted(label: str) -> str:
    """Return a label without quotation marks that stand around all of it, or alone at an end."""
    whole = label[:1] == "“" and label.find("”") in {len(label) - 1, -1}
    return label.strip("“”") if whole or "“" not in label else label


def _names_kinds(q: Quantity) -> bool:
    """Return whether a number only says how many kinds are named: 22件申请分为三类：…."""
    return q.unit in _KINDS_OF and q.value < _MANY_KINDS


def entries(sentence: Sentence, flat: str, inside: Sequence[Quantity]) -> list[Item]:
    """Return the counts of one bracket, or of the sentence outside all brackets."""
    flat = _NO_LONGER.sub(lambda match: HIDDEN * len(match[0]), flat)
    found: list[Item] = []
    position, apart = 0, False
    beside: Quantity | None = None
    for i, q in enumerate(inside):
        gap = flat[position : q.start]
        visible = gap.replace(HIDDEN, "")
        if q.kind != "count":
            near = found and not apart
            if near and (_SHARE.fullmatch(visible) or not visible.strip("，,、 ")):
                found[-1] = replace(found[-1], share=q)
                position = q.end
            else:
                apart = True  # a rate of its own: 答复率100%
                position = q.end
            continue
        if _names_kinds(q):
            position = position if found else q.end  # 政策、财政、业务三类: no sub-count
            continue
        following = next((c for c in inside[i + 1 :] if not _names_kinds(c)), None)
        if following is not None and following.kind == "count":
            between = flat[q.end : following.start].replace(HIDDEN, "")
            listed = re.search("[，,；;、。：:和及与]|其中|包括|分别", between)
            if not listed and not _AMONG.match(between):
                beside = q
                continue  # 3个区县5条: the first number is part of the label
        share = following is not None and following.kind == "percent"
        if found and share and _OF_SO_MANY.search(visible):
            position = q.end  # 12个，占14个村的85.7%: what the share is of
            continue
        item = _entry(gap, q, first=not found and position == 0)
        apart = item.apart or (apart and not item.marker)
        found.append(replace(item, apart=apart, beside=beside))
        position, apart, beside = q.end, False, None
    return found


def level_of(item: Item) -> int:
    """Return how strongly an entry is separated from the one before: 、 is 1, ， is 2, ； is 3."""
    return _LEVEL.get(item.separator, 4)

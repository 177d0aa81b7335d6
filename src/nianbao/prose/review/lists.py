"""Read lists of sub-counts: what is listed, of which whole, and whether the list is closed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property

from nianbao.prose.review.quantities import Quantity
from nianbao.prose.review.text import Sentence

MARKER = re.compile(
    r"其中(?:包括|包含|有|：|:)?|分别(?:为|是)|主要(?:包括|有|为|是|涉及)|(?:具体)?包括|包含"
    r"|(?:按|从)[^，。；：\d]{2,12}?(?:分类?|划分|统计|看|来看)[，：:]"
)
# Channels told in a sentence of their own.
_THROUGH = re.compile(r"[\0，]*(?:通过|依托|利用)")
_PERSON = re.compile("自然人|公民|个人")
_OPEN_MARKER = re.compile("主要")
_ETC = re.compile(r"[^，。；、]{0,12}等(?![级次候额待])")
_CLOSING = re.compile(
    r"其[他它余](?:各?类|方式|方面|渠道|信息|内容|事项|政府信息|情况|平台|形式)*(?:公开)?$"
)
_SEPARATOR = re.compile("[，,；;、。和及与]")
_CLAUSE = re.compile("[，,；;。]")
_WITHIN = re.compile("含|其中|包括|包含")
_NOT_LISTED = re.compile("[注详另较比同去上不如]|20")
_APART = re.compile(r"[，。；、]|\d")
_SHARE = re.compile(r"[，,、\s（(]*(?:各)?约?占(?:比|[^，。；]{0,12}?)?(?:的|为|达)?")
# A clause that begins so is a new statement, not one more item of the list.
_NEW = re.compile(
    r"^(?:另|此外|同时|累计|共|合计|总计|较|比|同比|并|还|举办|召开|组织|开展|培训)"
    r"|阅读|浏览|访问|点击|粉丝|关注[人数量用]|率|收到|受理|办结|答复|结转|复议|诉讼"
)
_LEVEL = {"、": 1, "和": 1, "及": 1, "与": 1, "，": 2, ",": 2, "；": 3, ";": 3, "。": 4}
_DIVIDED = re.compile(rf"[^\d。；]{{0,6}}[，,](?:{MARKER.pattern})")
_TAIL = re.compile(r"[^，,；;、。\d占]{1,12}(?=[，,；;、。])")
_HIDDEN = "\0"
_UNIVERSES = (
    ("applicant", re.compile("自然人|公民|法人|企业|组织|机构$")),
    ("outcome", re.compile("(?:予以|部分)公开$|不予|无法提供|其他处理|不存在|不掌握|撤回")),
    (
        "channel",
        re.compile("网|信函|邮寄|当面|现场|邮件|平台|微信|微博|公众号|新媒体|APP|线上|线下"),
    ),
)
CHANNEL = re.compile("网站|公众号|微信|微博|新媒体|门户|公报|公开栏|客户端|抖音|头条")


@dataclass(frozen=True, slots=True)
class Item:
    """One sub-count with its words, its share if one is printed, and what separates it."""

    label: str
    quantity: Quantity
    separator: str
    share: Quantity | None = None

    @property
    def universe(self) -> str:
        """By what the item divides: applicant, outcome, channel or nothing known."""
        return next((name for name, p in _UNIVERSES if p.search(self.label)), "")


@dataclass(frozen=True)
class Enumeration:
    """A list of sub-counts.

    Parameters
    ----------
    wholes
        Numbers before the list that it may divide, the nearest first; they may stand in
        the sentence before.
    items
        As far as the list goes on without an interposed clause.
    tight
        How many of the items certainly belong to it: up to a weaker separator or a word
        that begins a new statement.
    open
        The words say that more exists: 等, 主要包括, 含.
    closed
        The words say that this is all: 其他 at the end, 分别为, a bare list in brackets.
    bracket
        Whether it stands in brackets behind its whole.
    loose
        Whether no word says that it divides a whole (全年公开30条。通过网站公开20条…):
        channels may then be counted beside the total.
    """

    sentence: Sentence
    wholes: tuple[Quantity, ...]
    items: tuple[Item, ...]
    tight: int
    open: bool
    closed: bool
    bracket: bool
    loose: bool = False

    @cached_property
    def certain(self) -> tuple[Item, ...]:
        """The items that certainly belong to the list."""
        return self.items[: self.tight]


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


def _items(sentence: Sentence, flat: str, inside: list[Quantity], start: int) -> Iterator[Item]:
    """The items from a place on, until something else is said."""
    position = start
    current: Item | None = None
    chosen = [q for q in inside if q.start >= start]
    for i, q in enumerate(chosen):
        between = flat[position : q.start].replace(_HIDDEN, "")
        if current is not None and (tail := _TAIL.match(between)):
            between = between[tail.end() :]  # 6件答复，1件结转: words behind the number
        if q.kind != "count":
            if current is None or not (_SHARE.fullmatch(between) or not between.strip("，,、 ")):
                break
            current, position = replace(current, share=q), q.end
            continue
        following = chosen[i + 1] if i + 1 < len(chosen) else None
        if following is not None:
            gap = flat[q.end : following.start].replace(_HIDDEN, "")
            if gap and not _SEPARATOR.search(gap) and following.kind == "count":
                continue  # 3个区县5条: the first number is part of the label
        label = between.lstrip("，,；;、。和及与： :")
        separator = between[: len(between) - len(label)].strip()[:1]
        if len(label) > 30 or _CLAUSE.search(label) or MARKER.search(label):
            break
        if current is not None:
            yield current
            if not separator:
                current = None
                break
        current, position = Item(label, q, separator), q.end
    if current is not None:
        yield current


def _tight(items: list[Item], flat: str) -> int:
    """How many items are joined by the list's own separator and start no new statement."""
    binding = _LEVEL.get(items[1].separator, 4) if len(items) > 1 else 4
    for i, item in enumerate(items[1:], start=1):
        level = _LEVEL.get(item.separator, 4)
        # One division is often told with both separators: 自然人3件、法人1件，其他2件.
        kept = item.universe != "" and item.universe == items[0].universe and level < 3
        if (level > binding and not kept) or _NEW.search(item.label):
            return i
        # A件，其中…；B件，其中…: an item that is divided itself is a whole of its own.
        if level > 1 and _DIVIDED.match(flat, item.quantity.end):
            return i
    return len(items)


def _build(
    sentence: Sentence,
    flat: str,
    items: list[Item],
    wholes: list[Quantity],
    marker: str,
    bracket: bool,
) -> Enumeration:
    closing = next((i for i, item in enumerate(items) if _CLOSING.search(item.label)), None)
    if closing is not None:
        items = items[: closing + 1]
    last = items[-1]
    end = last.share.end if last.share else last.quantity.end
    etc = _ETC.match(flat[end:].replace(_HIDDEN, "")) is not None
    open_ = etc or _OPEN_MARKER.search(marker) is not None or marker == "含"
    applicants = {bool(_PERSON.search(i.label)) for i in items if i.universe == "applicant"}
    every = closing is not None or marker.startswith(("分别", "按", "从")) or len(applicants) == 2
    closed = not open_ and every
    tight = len(items) if closing is not None else _tight(items, flat)
    return Enumeration(sentence, tuple(wholes), tuple(items), tight, open_, closed, bracket)


def _wholes(sentence: Sentence, inside: list[Quantity], position: int) -> list[Quantity]:
    """Candidates before a marker, nearest first; of the sentence before if there are none."""
    found = [q for q in inside if q.end <= position and q.kind == "count"]
    part = sentence.text.rfind("；", 0, position)
    found = [q for q in found if q.start > part] or found
    if not found and sentence.before is not None and not sentence.text[:position].strip("，"):
        outer = Nesting(sentence.before.text).opened
        found = [
            q for q in sentence.before.quantities if q.kind == "count" and outer[q.start] == -1
        ]
    return found[::-1]


def _in_bracket(sentence: Sentence, nesting: Nesting, group: int) -> Enumeration | None:
    """A list in brackets behind a number: 规章13件（新制定5件，修改8件）."""
    whole = next(
        (q for q in reversed(sentence.quantities) if q.end <= group and q.kind == "count"), None
    )
    flat = nesting.flat(group)
    words = flat.replace(_HIDDEN, "").strip()
    if whole is None or _APART.search(sentence.text[whole.end : group]):
        return None
    if len(sentence.text[whole.end : group]) > 8 or _NOT_LISTED.match(words):
        return None
    inside = [q for q in sentence.quantities if nesting.opened[q.start] == group]
    items = list(_items(sentence, flat, inside, group + 1))
    if not items:
        return None
    marker = "含" if _WITHIN.match(words) else ""
    within = _WITHIN.match(items[0].label)
    first = replace(items[0], label=items[0].label[within.end() :]) if within else items[0]
    return _build(sentence, flat, [first, *items[1:]], [whole], marker, bracket=True)


def enumerations(sentence: Sentence) -> Iterator[Enumeration]:
    """The lists of a sentence that an introducing word or brackets mark as such.

    Examples
    --------
    >>> from nianbao.prose.review.text import read_prose
    >>> (s,) = read_prose({"overview": "公开信息10条，其中网站7条、公众号3条。"}).sentences
    >>> [item.label for item in next(enumerations(s)).items]
    ['网站', '公众号']
    """
    if len(sentence.quantities) < 2 and not (sentence.before and sentence.quantities):
        return
    nesting = Nesting(sentence.text)
    for group in nesting.groups():
        flat = nesting.flat(group)
        inside = [q for q in sentence.quantities if nesting.opened[q.start] == group]
        if not inside:
            continue
        found = False
        for match in MARKER.finditer(flat):
            items = list(_items(sentence, flat, inside, match.end()))
            wholes = _wholes(sentence, inside, match.start())
            if items and wholes:
                found = True
                yield _build(sentence, flat, items, wholes, match[0], bracket=False)
        through = _THROUGH.match(flat) if group < 0 else None
        if through and (items := list(_items(sentence, flat, inside, through.end()))):
            wholes = _wholes(sentence, inside, 0)
            certain = items[: _tight(items, flat)]
            if wholes and all(i.universe == "channel" for i in certain):
                yield replace(_build(sentence, flat, items, wholes, "", False), loose=True)
        if group >= 0 and not found and (listed := _in_bracket(sentence, nesting, group)):
            yield listed

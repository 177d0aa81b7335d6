"""Wholes and their parts: the lists of sub-counts in a sentence, read once for all rules.

A sentence is read as *entries* (see `entries`), bracket by bracket; a marker (其中, 包括, 分别为, a
colon) or a bracket opens a *division* of a whole that stands before it. What N6, N17, N7, Y9 and
N5 say, they say about divisions.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise
from typing import Literal

from nianbao.prose.review.entries import HIDDEN, Item, Nesting, entries, level_of
from nianbao.prose.review.quantities import Quantity, same_measure
from nianbao.prose.review.text import Sentence

# Channels listed in a sentence of their own.
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
_WHOLE_LIST = re.compile("分别(?:为|是|有|包)|按|从")
_NOT_LISTED = re.compile("[注详另较比同去上不如应总]|20")
_RATE = re.compile(r"[^。；（）\d]{0,24}率[^，。；\d]{0,4}\d+(?:\.\d+)?%")
_APART = re.compile(r"[，。；、]|\d")
# A clause that begins so is a new statement, not one more item of the list.
_NEW = re.compile(
    r"^(?:另|此外|同时|累计|共计?|合计|总计|较|比|同比|并|还|举办|召开|开展|维护|建成|新增"
    r"|组织(?!人事|机构|领导|架构|建设)|培训(?!类|考试|教育|信息))"
    r"|阅读|浏览|访问|点击|粉丝|关注[人数量用]|率|收到|受理|办结|答复|结转|复议|诉讼"
)
_FINISHED = re.compile("受理|办结|答复|结转|办理|处理")
_DISPUTE = re.compile("复议|诉讼")
# The total behind its list: 网站210条、公众号150条，共360条. 累计 alone counts earlier years too.
_SUM_UP = re.compile(
    "^(?:以上|上述|全[县市区省镇乡州局年]|[两二三四五六七八九十]+个?(?:[类项者]|[\u4e00-\u9fff]{2})"
    "|各(?:平台|渠道|项|类[\u4e00-\u9fff]{0,2})|“[^”]*”|(?P<names>[^，。；]{2,8}[和与及、][^，。；]{2,8}?))?"
    "(?:政府|政务)?(?:信息)?"
    "(?:共计?|合计|总计|总共|(?:全年|年内|本年度?|今年)累计|(?P<earlier>累计))"
    "(?P<more>(?:公开|发布|收到|受理|信息|政府|申请|为|有|达)*)"
    "(?P<did>[\u4e00-\u9fff]{2})?(?P<noun>[\u4e00-\u9fff]{2})?$"
)
_TOTAL = re.compile("公开|发布|信息|收到|受理|办理|审查|更新|开展|全年|累计|总|共")
_GRAND_TOTAL = re.compile("总[量数计]|共计|合计")
_LONG_LABEL = 30
_BEHIND = re.compile(r"[^，。；、\d]*")

Closing = Literal["closed", "open", "unclear"]
"""Whether the words say that a list is whole, that more exists, or neither."""


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
    def behind(self) -> bool:
        """Whether the whole stands behind the list: 网站210条、公众号150条，共360条."""
        return self.wholes[0].start > self.items[-1].quantity.start

    @property
    def closed(self) -> bool:
        """Whether the words say that nothing is missing."""
        return self.closing == "closed"

    @property
    def open(self) -> bool:
        """Whether the words say that something is missing."""
        return self.closing == "open"


def _stops(item: Item) -> bool:
    """Return whether a list cannot go on with this entry."""
    return item.apart or len(item.label) > _LONG_LABEL


def _inner_ends(found: Sequence[Item], start: int, whole: Item) -> list[int]:
    """Return where the list within an item may end: if it adds up, or at a weaker separator."""
    binding = level_of(found[start + 1]) if start + 1 < len(found) else 0
    last, total, right = start, found[start].quantity.value, []
    if total == whole.quantity.value:
        right.append(start)
    for j in range(start + 1, len(found)):
        if found[j].marker or _stops(found[j]) or level_of(found[j]) > binding:
            break
        last = j
        total += found[j].quantity.value
        if total == whole.quantity.value:
            right.append(j)
    return right or [last]


def _readings(found: Sequence[Item], start: int, most: int = 16) -> list[tuple[Item, ...]]:
    """Return the ways to read the list that begins at an entry, the likeliest first."""
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
    """Return how many items are joined by the list's own separator and start no new statement."""
    binding = level_of(items[1]) if len(items) > 1 else 4
    finished = bool(_FINISHED.search(items[0].label))
    for i, item in enumerate(items[1:], start=1):
        level = level_of(item)
        # One division is often written with both separators: 自然人3件、法人1件，其他2件.
        kept = item.universe != "" and item.universe == items[0].universe and level < 3
        closing = bool(_CLOSING.search(item.label)) and level < 3
        new = _is_new(item, items[0]) and not (finished and _FINISHED.search(item.label))
        if (level > binding and not (kept or closing)) or (new and item.universe != "verdict"):
            return i
        if _is_whole(items, i):
            return i
    return len(items)


def _is_new(item: Item, first: Item) -> bool:
    """Return whether an entry is a new statement, with a word that the first of the list has not.

    电脑端访问192万次，移动端访问124万次: the word that all of them share divides nothing off.
    """
    found = _NEW.search(item.label)
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
    joined = all(level_of(item) < 3 for item in items[1:closed_by])
    if closed_by > tight and (joined or not _NEW.search("".join(i.label for i in items[1:]))):
        tight = max(closed_by, _tight_from(items, closed_by))
    after = flat[items[tight - 1].end :].replace(HIDDEN, "")
    etc = _ETC.match(after) is not None
    open_ = etc or _OPEN_MARKER.search(marker) is not None or marker in {"含", "含有"}
    applicants = {bool(_PERSON.search(i.label)) for i in items if i.universe == "applicant"}
    every = (
        0 < closed_by <= tight
        or _WHOLE_LIST.match(marker) is not None
        or len(applicants) == 2
        or _all_verdicts(items[:tight])
        or _counted_twice(sentence, items[:tight])
    )
    closing: Closing = "open" if open_ else "closed" if every else "unclear"
    return Division(
        sentence, tuple(wholes), items, tight, closing, marker, others=tuple(readings[1:])
    )


def _tight_from(items: Sequence[Item], start: int) -> int:
    """Return how far the list goes on behind 其他, by the separator that it has there."""
    binding = max((level_of(item) for item in items[1:start]), default=1)
    for i in range(start, len(items)):
        if level_of(items[i]) > binding or _NEW.search(items[i].label):
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


def _wholes(sentence: Sentence, found: Sequence[Item], start: int) -> list[Quantity]:
    """Return the candidates before a list, nearest first; else those of the sentence before."""
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
    """Return a list in brackets behind a number: 规章13件（新制定5件，修改8件）."""
    whole = next(
        (q for q in reversed(sentence.quantities) if q.end <= group and q.kind == "count"), None
    )
    words = flat.replace(HIDDEN, "").strip()
    if whole is None or nesting.opened[whole.start] != nesting.opened[group]:
        return None
    tail = sentence.text[whole.end : group]
    rate = _RATE.fullmatch(tail)  # 收到5件，办结率100%（部分公开1件，无法提供4件）
    if not rate and (_APART.search(tail) or len(tail) > 8):
        return None
    if _NOT_LISTED.match(words) and not found[0].marker:
        return None
    marker = found[0].marker
    division = _build(sentence, flat, _readings(found, 0), [whole], marker)
    return replace(division, bracket=True)


def _bare(sentence: Sentence, flat: str, found: Sequence[Item]) -> Division | None:
    """Return a list that only its place behind a total tells: 公开信息30条，规章10条、动态20条."""
    if len(found) < 3 or any(item.marker or _SUM_UP.match(item.label) for item in found[1:]):
        return None
    whole, items = found[0], found[1:]
    level = level_of(items[1])
    run = [items[0]]
    for item in items[1:]:
        if level_of(item) != level or _stops(item):
            break
        run.append(item)
    nouns = all(i.label and not _NEW.search(i.label) and len(i.label) <= 12 for i in run)
    same = {i.quantity.unit for i in run} == {whole.quantity.unit}
    sibling = whole.universe != "" and whole.universe in {i.universe for i in run}
    total = _GRAND_TOTAL.search(whole.label) is not None and _one_universe(run)
    least = 2 if level == 1 or total or _are_opposite(run) else 3
    if not nouns or not same or sibling or len(run) < least or items[0].apart:
        return None
    division = _build(sentence, flat, [tuple(run)], [whole.quantity], "")
    if total or _are_opposite(run):
        return replace(division, closing="closed")
    return replace(division, bare=not (division.closed and _TOTAL.search(whole.label)))


def _one_universe(items: Sequence[Item]) -> bool:
    """Return whether all items divide by the same known thing: channels, applicants."""
    return len({item.universe for item in items} | {""}) == 2 and all(i.universe for i in items)


def _are_opposite(run: Sequence[Item]) -> bool:
    """Return whether two labels differ in one character alone: 专职31人，兼职65人."""
    one, other = (run[0].label, run[1].label) if len(run) == 2 else ("", "")
    return len(one) == len(other) and sum(a != b for a, b in zip(one, other, strict=True)) == 1


_TAKEN_AWAY = re.compile("注销|关停|关闭|撤[销并]|取消|停用|减少|清退|删除")
_CHANGED = re.compile("调整|变更|变动|清理|处理|优化")
_DONE = re.compile("^[均都]?已(?!经)|已经|办结|完成|解决|整改到位|通过")
_UNDONE = re.compile("正在|尚未|尚在|仍在|还在|待办|剩余|未(?:办结|答复|完成|通过|解决|整改)|退回")
_CARRIED_IN = re.compile("(?:上|去|前)一?年度?.{0,4}(?:结转|转入)|结转上年")
_RECEIVED = re.compile("收到|新收|受理|接收|收悉")


def _are_kinds(run: Sequence[Item]) -> bool:
    """Return whether items are kinds of one thing.

    Behind a list of names they may be numbers alone.
    """
    numbers_alone = not any(item.label for item in run[1:])
    if numbers_alone:
        return bool(run[0].label) and not _NEW.search(run[0].label)
    alike = any(not _NEW.search(item.label) for item in run) or bool(run[0].label)
    return alike and all(item.label and not _is_new(item, run[0]) for item in run)


def _are_received(run: Sequence[Item]) -> bool:
    """Return whether two items are the requests of this year and those carried over to it."""
    carried = [item for item in run if _CARRIED_IN.search(item.label)]
    new = [item for item in run if item not in carried and _RECEIVED.search(item.label)]
    return len(run) == 2 and len(carried) == len(new) == 1


def _run_before(found: Sequence[Item], n: int) -> list[Item]:
    """Return the items before a total, of its unit, that one separator holds together."""
    run: list[Item] = []
    levels: set[bool] = set()
    for item in reversed(found[:n]):
        levels |= {level_of(run[0]) > 2} if run else set()
        # A list of ； goes on over ；; any other ends there.
        other = not same_measure(item.quantity.unit, found[n].quantity.unit)
        if other or (run and level_of(run[0]) > 2 and (len(levels) > 1 or level_of(found[n]) != 3)):
            break
        run.insert(0, item)
        if item.marker or item.apart:
            break
    return run


def _halves(sentence: Sentence, flat: str, found: Sequence[Item]) -> Iterator[Division]:
    """Yield what is done and what is not of a number before both: 来信96件，办结94件，2件正在办理.

    Of applications N3 speaks, which knows what was carried over.
    """
    if "申请" in sentence.text:
        return
    for i, (done, undone) in enumerate(pairwise(found[1:]), start=1):
        if done.universe == "verdict" or level_of(done) < 2:
            continue  # items of one list: 维持4件、纠正2件、尚未审结2件
        joined = all(not item.marker and level_of(item) < 3 for item in (done, undone))
        unit = found[i - 1].quantity.unit
        same = all(same_measure(item.quantity.unit, unit) for item in (done, undone))
        if joined and same and (_denies(done, undone) or _said_of(undone, flat, _UNDONE)):
            surely = _denies(done, undone) or _said_of(done, flat, _DONE)
            division = _build(sentence, flat, [(done, undone)], _wholes(sentence, found, i), "")
            yield replace(division, tight=2, closing="closed", bare=not surely)


def _denies(done: Item, undone: Item) -> bool:
    """Return whether one label denies the other: 采纳41条，未采纳26条."""
    word = done.label[-2:]
    if done.universe or len(word) < 2:
        return False  # 予以公开, 不予公开 are two results of many
    return undone.label.endswith((f"未{word}", f"不{word}", f"不予{word}"))


def _said_of(item: Item, flat: str, words: re.Pattern[str]) -> bool:
    """Return whether words stand before a number or behind it in its clause."""
    behind = _BEHIND.match(flat, item.end)
    return bool(words.search(item.label) or (behind and words.search(behind[0])))


def _summed_up(sentence: Sentence, flat: str, found: Sequence[Item]) -> Iterator[Division]:
    """Yield the lists with their total behind them: 政策类120条，财政类60条，合计180条."""
    for n in range(2, len(found)):
        match = _SUM_UP.match(found[n].label)
        if match is None or found[n].apart or found[n].marker:
            continue
        run = _run_before(found, n)
        if match["names"]:  # 抖音号164件，视频号151件，抖音号与视频号合计315件
            run = [item for item in run if item.label[:2] in match["names"]]
        taken = any(_TAKEN_AWAY.search(item.label) for item in run)
        if len(run) < 2 or (taken and not _CHANGED.match(match["did"] or "")):
            continue  # 新增1个，注销3个，共6个: what there is after it, no sum
        sure = run[0].marker.startswith("分别") or match["names"] is not None
        if match["noun"]:  # 新增事项14项、修改事项22项，共调整事项36项: the noun of every item
            alike = sure = all(match["noun"] in item.label for item in run)
        elif match["did"]:  # 党组会研究2次，办公会研究3次，共研究5次: the verb of every item
            alike = sure or all(match["did"] in item.label for item in run)
        else:
            more = match["more"]
            same_verb = bool(more) and all(more in item.label for item in run)
            alike = sure or same_verb or _are_kinds(run) or _are_received(run)
        if alike:
            division = _build(sentence, flat, [tuple(run)], [found[n].quantity], "")
            said = match["more"] or match["did"] or match["earlier"] or not run[0].marker
            bare = not sure and bool(said)
            yield replace(division, tight=len(run), closing="closed", bare=bare)


def divisions(sentence: Sentence) -> Iterator[Division]:
    """Yield the lists of a sentence, with the wholes that they may divide.

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
        yield from _summed_up(sentence, flat, found)
        if not marked and (bare := _bare(sentence, flat, found)):
            yield bare
        yield from _halves(sentence, flat, found)

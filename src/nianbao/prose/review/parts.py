"""Wholes and their parts: the lists of sub-counts in a sentence, read once for all rules.

A sentence is read as *entries* (see `entries`), bracket by bracket; a marker (其中, 包括, 分别为, a
colon) or a bracket opens a *division* of a whole that stands before it, or behind it with 共.
What N6, N17, N7, Y9 and N5 say, they say about divisions.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from nianbao.files.numerals import read_numeral
from nianbao.prose.review.division import (
    AMONG,
    NEW_CLAUSE,
    Division,
    are_all_kinds,
    build,
    is_new,
    readings_from,
    stops,
    wholes_before,
)
from nianbao.prose.review.entries import HIDDEN, Item, Nesting, entries, level_of
from nianbao.prose.review.quantities import Quantity, same_measure
from nianbao.prose.review.text import Sentence

# Channels listed in a sentence of their own.
_THROUGH = re.compile(r"[\0，]*(?:通过|依托|利用)")
_IN_ALL = re.compile("）(?:共计?|合计|总计)")
_NOT_LISTED = re.compile("[注详另较比同去上不如应总]|20")
_RATE = re.compile(r"[^。；（）\d]{0,24}率[^，。；\d]{0,4}\d+(?:\.\d+)?%")
_APART = re.compile(r"[，。；、]|\d")
# The total behind its list: 网站210条、公众号150条，共360条. 累计 alone counts earlier years too.
_SUM_UP = re.compile(
    "^(?:以上|上述|全(?:[县市区省镇乡州局年院校厅委]|系统)"
    "|[两二三四五六七八九十]+个?(?:[类项者][\u4e00-\u9fff]{0,4}?|[\u4e00-\u9fff]{2})"
    "|各(?:平台|渠道|项|类[\u4e00-\u9fff]{0,2})|“[^”]*”|(?P<names>[^，。；]{2,8}[和与及、][^，。；]{2,8}?))?"
    "(?:政府|政务)?(?:信息)?"
    "(?:共计?|合计|总计|总共|一共|合起来|加起来|总[量数]|(?:全年|年内|本年度?|今年)累计|(?P<earlier>累计))"
    "(?:[需应]要?)?(?P<more>(?:各类|公开|发布|收到|受理|信息|政府|申请|为|有|达)*)"
    "(?P<did>[\u4e00-\u9fff]{2})?(?P<noun>[\u4e00-\u9fff]{2})?$"
)
_TOTAL = re.compile(
    "公开|发布|信息|收到|受理|办理|审查|更新|开展|制作|编制|制发|印发|全年|累计|总|共"
)
# 2024年公开486条，2023年421条，2022年398条: years one after the other are no parts.
_OF_YEAR = re.compile(r"20\d\d年|[上去]年")
_GRAND_TOTAL = re.compile("总[量数计]|共计|合计")
_SUBTOTAL = re.compile("(?:合计|小计|共计)(?:为|有|公开|发布)*$")
"""What an item ends with that sums up those before it: 上半年合计200条, in a list of the year."""
_BEHIND = re.compile(r"[^，。；、\d]*")
_SO_MANY = re.compile("^(?:以上|上述|这)?(?P<size>[两二三四五六七八九])[项类者]")


def _end_within(found: Sequence[Item], start: int) -> int:
    """Return where a list ends that divides one item of a list of ；: 乙20条，其中甲5条；丙3条."""
    if start < 2 or level_of(found[start - 1]) < 3:
        return len(found)
    ends = (i for i in range(start + 1, len(found)) if level_of(found[i]) >= 3)
    return next(ends, len(found))


def _in_bracket(
    sentence: Sentence, nesting: Nesting, group: int, flat: str, found: Sequence[Item]
) -> Division | None:
    """Return a list in brackets behind a number: 规章13件（新制定5件，修改8件）."""
    whole = next(
        (q for q in reversed(sentence.quantities) if q.end <= group and q.kind == "count"), None
    )
    words = flat.replace(HIDDEN, "").strip()
    # 双公示信息（行政许可218条、行政处罚94条）共计312条
    end = sentence.text.find("）", found[-1].end)
    behind = next((q for q in sentence.quantities if q.start > end > 0), None)
    if behind and _IN_ALL.fullmatch(sentence.text[end : behind.start]) and len(found) > 1:
        division = build(sentence, flat, readings_from(found, 0), [behind], found[0].marker)
        return replace(division, tight=len(found), closing="closed")
    if whole is None or nesting.opened[whole.start] != nesting.opened[group]:
        return None
    tail = sentence.text[whole.end : group]
    rate = _RATE.fullmatch(tail)  # 收到5件，办结率100%（部分公开1件，无法提供4件）
    if not rate and (_APART.search(tail) or len(tail) > 8):
        return None
    if _NOT_LISTED.match(words) and not found[0].marker:
        return None
    marker = found[0].marker
    division = build(sentence, flat, readings_from(found, 0), [whole], marker)
    return replace(_as_whole(division, whole), bracket=True)


def _as_whole(division: Division, whole: Quantity) -> Division:
    """Return a list that nothing but a bracket or a colon opens as one that is closed.

    63期（综合类12期、防汛类15期、党建类9期）: of three kinds or more, with no 其中 and no 等,
    nobody leaves one out.
    """
    plain = not division.marker.strip("：:") and division.closing == "unclear"
    same = all(item.quantity.unit == whole.unit for item in division.certain)
    if plain and same and len(division.certain) > 2:
        return replace(division, closing="closed")
    return division


def _bare(sentence: Sentence, flat: str, found: Sequence[Item]) -> Division | None:
    """Return a list that only its place behind a total tells: 公开信息30条，规章10条、动态20条."""
    found = _from_its_whole(found)
    if len(found) < 3 or any(item.marker or _SUM_UP.match(item.label) for item in found[1:]):
        return None
    whole, items = found[0], found[1:]
    level = level_of(items[1])
    run = [items[0]]
    for item in items[1:]:
        if level_of(item) != level or stops(item):
            break
        run.append(item)
    nouns = all(i.label and not NEW_CLAUSE.search(i.label) and len(i.label) <= 12 for i in run)
    nouns = nouns and not any(_OF_YEAR.search(i.label) for i in run)
    same = {i.quantity.unit for i in run} == {whole.quantity.unit}
    sibling = whole.universe != "" and whole.universe in {i.universe for i in run}
    total = _GRAND_TOTAL.search(whole.label) is not None and _one_universe(run)
    opposite = _are_opposite(run) and not _differ_in_one(
        whole.label[-len(run[0].label) :], run[0].label
    )
    if level == level_of(items[0]) == 1 and not total:
        return None  # 规划信息28条、土地信息310条、矿产信息17条: the first is one of them
    least = 2 if level == 1 or total or opposite else 3
    if not nouns or not same or sibling or len(run) < least or items[0].apart:
        return None
    division = build(sentence, flat, [tuple(run)], [whole.quantity], "")
    # 按形式分，全年制作解读材料45份，文字20份、图片15份、视频10份
    divided = bool(whole.marker) and _TOTAL.search(whole.label) is not None
    if total or opposite or (divided and not any(_TOTAL.search(i.label) for i in run)):
        return replace(division, closing="closed")
    noun = whole.label[-2:]  # 受理咨询1632人次，电话咨询980人次，现场咨询…: kinds of its noun
    named = [i for i in run if i.label.endswith(noun) and i.label != noun]
    # 解读36篇，文字解读16篇、图解9篇、视频解读4篇: one of the kinds may have a name of its own.
    kinds = len(noun) == 2 and len(named) >= max(2, len(run) - 1)
    closed = division.closed and _TOTAL.search(whole.label) is not None
    return replace(division, bare=not (closed or (kinds and len(run) > 2)))


def _from_its_whole(found: Sequence[Item]) -> Sequence[Item]:
    """Return the entries from the first on that counts what the next does: 测评4次，问题17个…."""
    for i, (item, after) in enumerate(pairwise(found)):
        if item.quantity.unit == after.quantity.unit:
            return found[i:] if i == 0 or level_of(item) > 1 else ()
    return ()


def _one_universe(items: Sequence[Item]) -> bool:
    """Return whether all items divide by the same known thing: channels, applicants."""
    return len({item.universe for item in items} | {""}) == 2 and all(i.universe for i in items)


def _are_opposite(run: Sequence[Item]) -> bool:
    """Return whether two labels differ in one character alone: 专职31人，兼职65人."""
    return len(run) == 2 and _differ_in_one(run[0].label, run[1].label)


def _differ_in_one(one: str, other: str) -> bool:
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
        return bool(run[0].label) and not NEW_CLAUSE.search(run[0].label)
    alike = any(not NEW_CLAUSE.search(item.label) for item in run) or bool(run[0].label)
    return alike and all(item.label and not is_new(item, run[0]) for item in run)


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
        if _SUBTOTAL.search(item.label):
            break
        run.insert(0, item)
        if item.marker or item.apart:
            break
    return run


def _so_many_before(found: Sequence[Item], n: int) -> list[Item]:
    """Return the items that a total counts, of whatever unit: 发布会3场、访谈2期，两项合计5场次."""
    said = _SO_MANY.match(found[n].label)
    size = read_numeral(said["size"].replace("两", "二")) if said else None
    run = list(found[n - size : n]) if size and size <= n else []
    plain = all(level_of(b) == 1 and not b.marker and not b.apart for b in run[1:])
    return run if plain and len({item.quantity.unit for item in run}) > 1 else []


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
            if found[i - 1].label.endswith(done.label[-2:]):
                continue  # 满意271份，基本满意12份，不满意3份: three of one list
            surely = _denies(done, undone) or _said_of(done, flat, _DONE)
            division = build(
                sentence, flat, [(done, undone)], wholes_before(sentence, found, i), ""
            )
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
        if found[n].apart or found[n].marker:
            continue
        if match is None:
            yield from _year_of_its_parts(sentence, flat, found, n)
            continue
        so_many = _so_many_before(found, n)
        run = so_many or _run_before(found, n)
        if match["names"]:  # 抖音号164件，视频号151件，抖音号与视频号合计315件
            run = [item for item in run if item.label[:2] in match["names"]]
        taken = any(_TAKEN_AWAY.search(item.label) for item in run)
        if len(run) < 2 or (taken and not _CHANGED.match(match["did"] or "")):
            continue  # 新增1个，注销3个，共6个: what there is after it, no sum
        sure = run[0].marker.startswith(("分别", "按", "从")) or match["names"] is not None
        sure = sure or bool(so_many)
        if (
            match["noun"] and not sure
        ):  # 新增事项14项、修改事项22项，共调整事项36项: the noun of every item
            alike = sure = all(match["noun"] in item.label for item in run)
        elif match["did"]:  # 党组会研究2次，办公会研究3次，共研究5次: the verb of every item
            alike = sure or all(match["did"] in item.label for item in run)
        else:
            more = match["more"]
            same_verb = bool(more) and all(more in item.label for item in run)
            alike = sure or same_verb or _are_kinds(run) or _are_received(run)
        if alike:
            division = build(sentence, flat, [tuple(run)], [found[n].quantity], "")
            said = match["more"] or match["did"] or match["earlier"] or not run[0].marker
            bare = not (sure or division.closed) and bool(said)
            yield replace(division, tight=len(run), closing="closed", bare=bare)


def _year_of_its_parts(
    sentence: Sentence, flat: str, found: Sequence[Item], n: int
) -> Iterator[Division]:
    """Yield halves or quarters of a year with the year: 上半年256条，下半年270条，全年526条."""
    if not found[n].label.startswith(("全年", "年度")) or _OF_YEAR.search(found[n].label):
        return
    run = _run_before(found, n)
    if any("年" in i.label or "季" in i.label for i in run) and are_all_kinds(run):
        division = build(sentence, flat, [tuple(run)], [found[n].quantity], "")
        yield replace(division, tight=len(run), closing="closed")


# 收到68件，除1件结转外，其余67件均已办结
_EXCEPT = re.compile(
    r"除了?(?P<aside>[^。；除]*?\d[^。；]*?)(?:之|以)?外，?(?:其余|其[他它]|剩余|余下)的?[^，。；、\d]{0,12}$"
)


def _except(sentence: Sentence) -> Iterator[Division]:
    """Yield what is left out and the rest, of the number before both."""
    opened = Nesting(sentence.text).opened
    for rest in sentence.quantities:
        start = sentence.part_start(rest.start)
        match = _EXCEPT.search(sentence.text, start, rest.start)
        if match is None or rest.kind != "count":
            continue
        counts = [
            q
            for q in sentence.quantities
            if q.kind == "count" and same_measure(q.unit, rest.unit) and opened[q.start] == -1
        ]
        aside = [q for q in counts if match.start() < q.start < match.end()]
        wholes = [q for q in counts if q.end <= match.start()]
        if not wholes and sentence.before is not None:
            wholes = [
                q
                for q in sentence.before.quantities
                if q.kind == "count" and same_measure(q.unit, rest.unit)
            ]
        if aside and wholes:
            items = (*(Item("除外", q, "、") for q in aside), Item("其余", rest, "，"))
            yield Division(sentence, tuple(wholes[::-1]), items, len(items), "closed", "除")


_ALL_OF_THEM = re.compile(
    "^(?:以上|上述)?(?P<size>[两二三四五六七八九十])(?:[项类者]|个?(?:渠道|平台|方面|部分))"
    "(?:共计?|合计|总计|累计)(?:公开|发布|推送|办理|收到|受理)*(?:各类)?(?:政府|政务)?(?:信息)?(?:共计?)?$"
)


def _summed_before(sentence: Sentence, found: Sequence[Item]) -> Iterator[Division]:
    """Yield the counts of the sentences before that this one adds up: 四项合计公开信息892条."""
    match = _ALL_OF_THEM.match(found[0].label)
    counts: list[Quantity] = []
    unit = found[0].quantity.unit
    earlier = sentence.before
    while match and earlier is not None:
        counts[:0] = [q for q in earlier.quantities if q.kind == "count" and q.unit == unit]
        earlier = earlier.before
    if match and len(counts) == read_numeral(match["size"].replace("两", "二")):
        items = tuple(Item("", q, "；") for q in counts)
        yield Division(sentence, (found[0].quantity,), items, len(items), "closed")


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
    yield from _except(sentence)
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
            wholes = wholes_before(sentence, found, start)
            if AMONG.search(item.marker):
                wholes = wholes[:1]  # 45个单位中优秀12个: no other number is meant
            if wholes:
                marked = True
                own = found[: _end_within(found, start)]
                division = build(sentence, flat, readings_from(own, start), wholes, item.marker)
                yield _as_whole(division, wholes[0])
        if group >= 0:
            if listed := _in_bracket(sentence, nesting, group, flat, found):
                yield listed
            continue
        if _THROUGH.match(flat) and (wholes := wholes_before(sentence, [found[0]], 0)):
            division = build(sentence, flat, readings_from(found, 0), wholes, "")
            if all(i.universe == "channel" for i in division.certain):
                yield replace(division, loose=True)
        yield from _summed_up(sentence, flat, found)
        yield from _summed_before(sentence, found)
        if not marked and (bare := _bare(sentence, flat, found)):
            yield bare
        yield from _halves(sentence, flat, found)

"""Read the changes against last year that a sentence states."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from nianbao.prose.review.quantities import Quantity
from nianbao.prose.review.text import Sentence

_UP = r"增长|上升|提高|增加|提升|增幅|上涨|新增|(?<![许很众最])多"
_DOWN = r"下降|减少|降低|回落|下滑|降幅|(?<![至不])少"
_FILL = r"(?:率|幅度?|了|约|近|达到?|为|[：:\s□])*"
_CHANGE = re.compile(rf"(?P<word>(?P<up>{_UP})|(?P<down>{_DOWN})){_FILL}$")
_AGAINST = re.compile(
    r"同比|[较比](?:上一?年|去年|往年|(?P<y1>20\d\d)年)(?:度|同期)*"
    r"|与(?:上一?年|去年|(?P<y2>20\d\d)年)(?:度|同期)?[^，。；]{0,6}相比"
    r"|相比(?:上一?年|去年|(?P<y3>20\d\d)年|于)?|(?P<other>环比)"
)
# Between this year's number and the word of change nothing else may be named.
_JOINT = re.compile(
    r"[，,（）()、\s]|数量|总量|总数|申请量|受理量|办件量|收件量|件数|数|略有?|有所|明显|大幅|显著|也|均|又"
    r"|同期|度|相?[较比]|与|由|从|的|了|共"
)
_BASE_LEAD = re.compile(
    r"(?:上一?年|去年|前一年|(?P<year>20\d\d)年)度?(?:同期)?(?:的|为|收到|受理|是|共|申请)*"
    r"[（(]?(?:的|为)?$"
)
_FROM = re.compile(r"(?:由|从)[^，。；\d]{0,10}$")
_TO = re.compile(r"(?:增|升|减|降|提高|下降|上升|增加|减少)(?:加|长|少)?(?:至|到)$")
LEVEL = re.compile(
    r"(?:与|和|同)(?:上年|去年|上一年|20\d\d年)(?:度|同期)?(?:基本)?(?P<word>持平|相同|一致)"
)
_ORIGIN = re.compile("[由从]")
_STOP = re.compile(r"[。；;]")


@dataclass(frozen=True, slots=True)
class Change:
    """A stated change: its number, its direction, and what the sentence says around it.

    Parameters
    ----------
    number
        The rate or the difference.
    word
        Span of the direction word.
    up
        Whether the word says that it grew.
    now, base, difference
        What may be this year's number, last year's number, and the difference, as far as
        they are named.
    """

    sentence: Sentence
    number: Quantity
    word: tuple[int, int]
    up: bool
    now: tuple[Quantity, ...] = ()
    base: Quantity | None = None
    difference: Quantity | None = None


def part_start(sentence: Sentence, position: int) -> int:
    """Where the part of the sentence begins that a place stands in (after 。 or ；)."""
    return max((m.end() for m in _STOP.finditer(sentence.text, 0, position)), default=0)


def _role(sentence: Sentence, q: Quantity, year: int) -> str:
    """What a count is in a comparison: ``base``, ``difference``, ``now``."""
    lead = sentence.text[max(0, q.start - 16) : q.start]
    if _TO.search(lead):
        return "now"
    if match := _BASE_LEAD.search(lead):
        return "base" if match["year"] in {None, str(year - 1)} else "other"
    if _FROM.search(lead):
        return "base"
    return "difference" if _CHANGE.search(lead) else "now"


def _subject_kept(sentence: Sentence, start: int, word: int) -> bool:
    """Whether the change still speaks of the number before it (not of 满意率, say)."""
    before = [q.end for q in sentence.quantities if start <= q.start and q.end <= word]
    if not before:
        return True
    return not _JOINT.sub("", _AGAINST.sub("", sentence.text[before[-1] : word]))


def changes(sentence: Sentence, year: int) -> Iterator[Change]:
    """The changes against last year that a sentence states about a number of its own."""
    against = list(_AGAINST.finditer(sentence.text))
    others = [m.start() for m in against if _other_base(m, year)]
    starts = [m.start() for m in (*against, *_ORIGIN.finditer(sentence.text))]
    for q in sentence.quantities:
        start = part_start(sentence, q.start)
        match = _CHANGE.search(sentence.text, start, q.start)
        if q.kind == "points" or match is None or any(start <= o < q.start for o in others):
            continue
        if not any(start <= a < match.start() for a in starts):
            continue
        if not _subject_kept(sentence, start, match.start()):
            continue
        named: dict[str, list[Quantity]] = {"now": [], "base": [], "difference": [], "other": []}
        for c in sentence.quantities:
            if c.kind == "count" and start <= c.start < q.start:
                named[_role(sentence, c, year)].append(c)
        if q.kind == "count":
            named["difference"].append(q)
        base, difference = named["base"][-1:], named["difference"][-1:]
        yield Change(
            sentence,
            q,
            match.span("word"),
            match["up"] is not None,
            tuple(named["now"][::-1]),
            base[0] if base else None,
            difference[0] if difference else None,
        )


def _other_base(match: re.Match[str], year: int) -> bool:
    """Whether a comparison is with another year than last year."""
    named = match["y1"] or match["y2"] or match["y3"]
    return match["other"] is not None or (named is not None and int(named) != year - 1)

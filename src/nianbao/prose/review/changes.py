"""Changes against last year as a sentence states them: what grew, from what, by how much.

Apart because `growth` and `directions` compare what is read here, and `explain` shows it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from nianbao.prose.review.cells import Cells
from nianbao.prose.review.claims import Claim
from nianbao.prose.review.entries import Nesting
from nianbao.prose.review.manuscript import Manuscript
from nianbao.prose.review.meanings import meanings
from nianbao.prose.review.quantities import Quantity
from nianbao.prose.review.text import Sentence

_DID = "(?:收到?|接收?|受理|办理?|办结|公开|发布?|推送|举办|召开|印发|制发)?"
_UP = rf"增长|净增|多出|上升|提高|增加|提升|增幅|涨幅|上涨|新增|(?<![许很众最])多{_DID}"
_DOWN = rf"下降|净减|减少|降低|回落|下滑|降幅|(?<![至不])少{_DID}"
_FILL = r"(?:率|幅度?|了|约|近|达到?|为|[：:\s□])*"
_CHANGE = re.compile(rf"(?P<word>(?P<up>{_UP})|(?P<down>{_DOWN})){_FILL}$")
AGAINST = re.compile(
    r"同比|[较比](?:上一?年|去年|往年|(?P<y1>20\d\d)年)(?:度|同期)*"
    r"|与(?:上一?年|去年|(?P<y2>20\d\d)年)(?:度|同期)?[^，。；]{0,6}相比"
    r"|相比(?:上一?年|去年|(?P<y3>20\d\d)年|于)?|(?P<other>环比)"
)
# Between this year's number and the word of change nothing else may be named.
_JOINT = re.compile(
    r"[，,（）()、\s]|数量|总量|总数|申请量|受理量|办件量|收件量|件数|数|略有?|有所|明显|大幅|显著|也|均|又"
    r"|同期|度|[两三]年|累计|相?[较比]|与|由|从|的|了|共"
)
_BASE_LEAD = re.compile(
    r"(?:上一?年|去年|前一年|(?P<year>20\d\d)年)度?(?:同期|[末底])?"
    r"(?:的|为|是|共|收到|受理|申请|公开|发布|推送|办结|办理|新收|政府|信息|（)*$"
)
_FROM = re.compile(r"(?:由|从)(?:(?P<year>20\d\d)年度?的?)?[^，。；\d]{0,10}$")
_TO = re.compile(
    r"(?:增|升|减|降|涨|提高|下降|上升|增加|减少|上涨)(?:加|长|少)?(?:至|到|为)"
    r"(?:(?:(?P<year>20\d\d)|今|本)年度?的?|(?:年[末底]|目前|现在)的?)?$"
)
LAST_YEAR = r"(?:上一?年|去年|(?P<year>20\d\d)年)(?:度|同期)*"
_SINCE = re.compile(r"[由从](?P<year>20\d\d)年")
_REACHED = re.compile(
    "，(?:(?:总数|总量|总计|全年|本年|今年)为|(?:总数|总量|总计|全年)?(?:达到?|增至|升至|降至|共计?))"
)
_ORIGIN = re.compile("[由从]")
# 今年公开365条，去年公开412条，减少47条: the other year is counted, not compared with in words.
_COUNTED_THEN = re.compile(
    r"(?:上一?年|去年|20\d\d年)度?(?:同期)?[^，。；\d结转底末以起]{0,12}\d[\d,.]*[万亿]?[\u4e00-\u9fff]{1,2}，"
)
_ASIDE = re.compile(r"（[^（）]*）")
_GROSS = re.compile("新增|增加")
# 由312项调整为326项，新增17项、取消3项: what came, not by how much there are more.
_TAKEN_AWAY = re.compile(
    r"[，、](?:同时)?(?:取消|废止|删除|撤[销并]|注销|关[停闭]|清退|退出|合并|减少|调出|移除|停用|核减)[^，。；\d]{0,6}\d"
)


@dataclass(frozen=True, slots=True)
class Change:
    """A stated change: its number, its direction, and what the sentence says around it."""

    sentence: Sentence
    number: Quantity
    """The rate or the difference."""
    word: tuple[int, int]
    """Span of the direction word."""
    up: bool
    """Whether the word says that it grew."""
    now: tuple[Quantity, ...] = ()
    base: Quantity | None = None
    difference: Quantity | None = None
    """What may be this year's number, last year's number, and the difference, as far as they are
    named.
    """
    base_year: int | None = None

    @property
    def against(self) -> str:
        """What it is compared with, in words: 上年, 2022年."""
        return f"{self.base_year}年" if self.base_year else "上年"


_ROW = re.compile(
    r"(?P<years>20\d\d年?(?:[、和至到—–-]+20\d\d年?)+)[^，。；\d]{0,6}(?:分别|依次)[^，。；\d]{0,10}$"
)


_EACH = re.compile("分别|依次")


def counted_by_year(sentence: Sentence) -> dict[int, Quantity]:
    """Return the counts of a row of years: 2022年、2023年、2024年分别发布1200条、1500条、1800条.

    Examples
    --------
    >>> from nianbao.prose.review.text import read_prose
    >>> (s,) = read_prose({"overview": "2023年至2024年分别公开7条、8条。"}).sentences
    >>> {year: int(q.value) for year, q in counted_by_year(s).items()}
    {2023: 7, 2024: 8}
    """
    for i, q in enumerate(sentence.quantities if _EACH.search(sentence.text) else ()):
        match = _ROW.search(sentence.text, 0, q.start)
        if match is None:
            continue
        years = [int(year) for year in re.findall(r"20\d\d", match["years"])]
        if len(years) == 2 and re.search("[至到—–-]", match["years"]):
            years = [*range(years[0], years[1] + 1)]
        row = sentence.quantities[i : i + len(years)]
        if len(row) == len(years) and all(c.kind == "count" and c.unit == q.unit for c in row):
            return dict(zip(years, row, strict=True))
    return {}


def role_of(sentence: Sentence, q: Quantity, year: int, base_year: int | None = None) -> str:
    """Return what a count is in a comparison: ``base``, ``difference``, ``now``.

    ``base_year`` is the year that is compared with, where it is not last year.
    """
    lead = sentence.text[max(0, q.start - 16) : q.start]
    compared = {None, str(year - 1)} if base_year is None else {str(base_year)}
    if match := _TO.search(lead):
        return "now" if match["year"] in {None, str(year)} else "other"
    if _CHANGE.search(lead):
        return "difference"
    if match := _FROM.search(lead):
        return "base" if match["year"] in {None, *compared} else "other"
    if match := _BASE_LEAD.search(lead):
        if match["year"] == str(year):
            return "now"
        return "base" if match["year"] in compared else "other"
    return "now"


def subject_kept(sentence: Sentence, before: list[Quantity], word: int) -> bool:
    """Return whether the change still speaks of the number before it (not of 满意率, say)."""
    if not before:
        return True
    between = _ASIDE.sub("", sentence.text[before[-1].end : word])
    return not _JOINT.sub("", AGAINST.sub("", between))


def changes(sentence: Sentence, year: int) -> Iterator[Change]:
    """Yield the changes against last year that a sentence states about a number of its own."""
    against = list(AGAINST.finditer(sentence.text))
    starts = [m.start() for m in (*against, *_ORIGIN.finditer(sentence.text))]
    then = [m.start() for m in _COUNTED_THEN.finditer(sentence.text)]
    if not starts and not then and "幅" not in sentence.text:
        return  # compared with nothing
    brackets = Nesting(sentence.text).opened
    for q in sentence.quantities:
        start = sentence.part_start(q.start)
        match = _CHANGE.search(sentence.text, start, q.start)
        if q.kind == "points" or match is None:
            continue
        named_year = _base_year(sentence, (start, q.start), against, year)
        if named_year == 0:
            continue
        if _GROSS.search(match["word"]) and _TAKEN_AWAY.match(sentence.text, q.end):
            continue
        compared = any(start <= a < match.start() for a in starts)
        apart = sentence.text[match.start() - 1] == "，" and match["word"] != "新增"
        counted = not compared and apart and any(start <= a < match.start() for a in then)
        if not (compared or counted) and match["word"] not in {"增幅", "降幅", "涨幅"}:
            continue
        # What stands in brackets is an aside: 3646件（含上年结转121件），同比增长1.08%.
        level = [
            c
            for c in sentence.quantities
            if start <= c.start < q.start and brackets[c.start] == brackets[q.start]
        ]
        before = [c for c in level if c.end <= match.start()]
        if not subject_kept(sentence, before, match.start()) and not (
            before and before[-1] in counted_by_year(sentence).values()
        ):
            continue
        named = _counts_by_role(sentence, q, level, year, named_year)
        base, difference = named["base"][-1:], named["difference"][-1:]
        units = {c.unit for c in (*base, *named["now"][-1:], *difference)}
        if counted and not (base and named["now"] and len(units) == 1):
            continue
        if named_year and not base and not (difference and q.kind == "percent"):
            continue  # no table has that year's numbers
        yield Change(
            sentence,
            q,
            match.span("word"),
            match["up"] is not None,
            tuple(named["now"][::-1]),
            base[0] if base else None,
            difference[0] if difference else None,
            named_year,
        )


def _counts_by_role(
    sentence: Sentence, q: Quantity, level: list[Quantity], year: int, named_year: int | None
) -> dict[str, list[Quantity]]:
    """Return the counts that a change is of by their role, `now`, `base` and `difference`.

    ``level`` are the numbers before it that stand in the same bracket.
    """
    named: dict[str, list[Quantity]] = {"now": [], "base": [], "difference": [], "other": []}
    start = sentence.part_start(q.start)
    for c in sentence.quantities:
        if c.kind != "count" or not start <= c.start < q.start:
            continue
        role = role_of(sentence, c, year, named_year)
        # 比2022年（31起）下降29%: a base may stand in brackets, this year's number may not.
        if role == "base" or c in level:
            named[role].append(c)
    if q.kind == "count":
        named["difference"].append(q)
    if behind := _base_behind(sentence, q, year):
        named["base"].append(behind)
    if not named["now"] and (reached := _reached(sentence, q)):
        named["now"].append(reached)
    if (row := counted_by_year(sentence)) and not named["base"]:
        named["now"] = [row[year]] if year in row else []
        named["base"] = [row[y] for y in (named_year or year - 1,) if y in row]
    return named


_RATE_BEHIND = re.compile("（|，(?:达到?|升至|为|至|[增升降]至)$")
_FAR = 24
"""Characters between two rates beyond which they are of two things."""


def rate_changes(sentence: Sentence, year: int) -> Iterator[Change]:
    """Yield the changes of a rate that the sentence names for both years.

    满意度为94.5%，比上年的91.2%提高3.3个百分点; 由上年的98.2%升至99.7%，上升1.5个百分点.

    Examples
    --------
    >>> from nianbao.prose.review.text import read_prose
    >>> (s,) = read_prose({"overview": "满意度94.5%，比上年的91.2%提高3.3个百分点。"}).sentences
    >>> [(str(c.now[0].value), str(c.base.value)) for c in rate_changes(s, 2024)]
    [('94.5', '91.2')]
    """
    for i, q in enumerate(sentence.quantities):
        if q.kind == "count":
            continue
        start = sentence.part_start(q.start)
        word = _CHANGE.search(sentence.text, start, q.start)
        rates = [r for r in sentence.quantities[:i] if r.kind == "percent" and r.start >= start]
        if word is None or not rates:
            continue
        behind = sentence.quantities[i + 1 : i + 2]
        if len(rates) > 1 and rates[-1].start - rates[-2].end < _FAR:
            named = rates[-2:]
        elif behind and _RATE_BEHIND.match(sentence.text[q.end : behind[0].start]):
            named = [rates[-1], *behind]
        else:
            continue
        roles = {_role_of_rate(sentence, r, year): r for r in named if r.kind == "percent"}
        if set(roles) == {"now", "base"} and subject_kept(sentence, rates[-1:], word.start()):
            up, base = word["up"] is not None, roles["base"]
            named_year = _YEAR_NAMED.search(sentence.text, max(0, base.start - 8), base.start)
            other = int(named_year[1]) if named_year else year - 1
            other_base = other if other != year - 1 else None
            now = (roles["now"],)
            yield Change(sentence, q, word.span("word"), up, now, base, None, other_base)


_YEAR_NAMED = re.compile(r"(20\d\d)年[^，。；\d]*$")


def _role_of_rate(sentence: Sentence, rate: Quantity, year: int) -> str:
    """Return ``now`` or ``base``; the rate of any other year is what is compared with."""
    return "now" if role_of(sentence, rate, year) == "now" else "base"


def _base_year(
    sentence: Sentence, part: tuple[int, int], against: list[re.Match[str]], year: int
) -> int | None:
    """Return the year that a change compares with where it is not last year; 0 for 环比."""
    start, end = part
    near = [m for m in against if start <= m.start() < end]
    if any(m["other"] for m in near):
        return 0
    found = [int(m["y1"] or m["y2"] or m["y3"] or year - 1) for m in near]
    found += [int(m["year"]) for m in _SINCE.finditer(sentence.text, start, end)]
    others = {named for named in found if named not in {year, year - 1}}
    if not others:
        return None
    return others.pop() if len(others) == len(set(found)) == 1 else 0


def _reached(sentence: Sentence, change: Quantity) -> Quantity | None:
    """Return this year's number behind a change: 较上年的20件增加6件，达到26件."""
    behind = (c for c in sentence.quantities if c.start > change.end and c.kind == "count")
    reached = next(behind, None)
    said = reached and _REACHED.fullmatch(sentence.text[change.end : reached.start])
    return reached if said else None


def _base_behind(sentence: Sentence, rate: Quantity, year: int) -> Quantity | None:
    """Return last year's number in brackets behind a change: 同比增长25%（2023年16件），
    增加4件，增长25%（2023年16件）.
    """
    end = rate.end
    for c in sentence.quantities:
        between = sentence.text[end : c.start] if c.start >= end else ""
        if c.kind == "percent" and between[:1] == "，" and _CHANGE.fullmatch(between[1:]):
            end = c.end
        if c.kind == "count" and between[:1] in {"（", "，"} and 0 < len(between) < 12:
            same = between[0] == "（" or rate.kind == "percent" or c.unit == rate.unit
            return c if same and role_of(sentence, c, year) == "base" else None
    return None


def _signed_difference(change: Change) -> Decimal | None:
    q = change.difference
    if q is None or q.hedged:
        return None
    return q.value if change.up else -q.value


_LIKELY = Decimal("0.75")
"""Two numbers in 万 are hardly ever both off by all that their last digit leaves open."""


@dataclass(frozen=True, slots=True)
class Pair:
    """This year's and last year's number in one meaning, and how it is called."""

    now: Decimal
    base: Decimal
    name: str = ""
    cells: tuple[str, ...] = ()
    slacks: tuple[Decimal, Decimal] = (Decimal(0), Decimal(0))
    """How far each may be from the truth: 3.6万人 is 36000 to within 500."""

    @property
    def differences(self) -> tuple[Decimal, Decimal]:
        """The least and the greatest change there can be."""
        now, base = self.slacks
        return self.now - self.base - now - base, self.now - self.base + now + base

    @property
    def rates(self) -> tuple[Decimal, Decimal] | None:
        """The least and the greatest rate there can be, in percent; None on a base of 0."""
        now, base = self.slacks
        least, most = self.base - base, self.base + base
        if least <= 0:
            return None
        return (self.now - now) * 100 / most - 100, (self.now + now) * 100 / least - 100


def pairs_of_words(change: Change) -> list[Pair]:
    """Return both numbers as far as the sentence itself tells them."""
    now = [q for q in change.now if not q.hedged]
    base = change.base
    if base is not None and not now and change.number.kind == "percent":
        moved = _signed_difference(change)
        exact = moved is not None and not base.hedged and base.value + moved >= 0
        return [Pair(base.value + (moved or 0), base.value)] if exact else []
    if base is not None:
        known = [] if base.hedged else now
        slack = base.slack * _LIKELY
        return [Pair(n.value, base.value, slacks=(n.slack * _LIKELY, slack)) for n in known]
    difference = _signed_difference(change)
    if change.number.kind == "percent" and difference is not None:
        return [
            Pair(n.value, n.value - difference, slacks=(Decimal(0), n.slack))
            for n in now
            if n.value >= difference
        ]
    return []


def claims_of(claims: tuple[Claim, ...], change: Change) -> list[Claim]:
    """Return the claims that the change may belong to, the nearest last."""
    position = change.sentence.part_start(change.number.start)
    near = [
        c
        for c in claims
        if c.sentence is change.sentence and position <= c.quantity.start < change.number.start
    ]
    brackets = Nesting(change.sentence.text).opened if near else []
    return [c for c in near if brackets[c.quantity.start] == brackets[change.number.start]]


def pairs_of_tables(
    claims: tuple[Claim, ...], change: Change, now: Cells, then: Cells
) -> list[Pair]:
    """Return both numbers in every meaning of the claim that the change belongs to."""
    found = claims_of(claims, change)
    if not found or change.base_year is not None:
        return []
    claim = found[-1]
    if change.now and claim.quantity != change.now[0]:
        return []
    both = zip(meanings(claim, now, {}), meanings(claim, then, {}), strict=False)
    pairs = [
        Pair(a.value, b.value, a.name, a.cells)
        for a, b in both
        if a.value is not None and b.value is not None
    ]
    # The number says which meaning it has: 收到3646件 with what was carried over is 收办.
    meant = [p for p in pairs if claim.quantity.shows(p.now)]
    return meant or pairs


RISEN = re.compile(r"[由从](?:(?:20\d\d|上一?|去)年度?(?:同期)?的?)?[^，。；\d]{0,8}$")
"""What stands before the earlier of two numbers: 由2022年的120篇增加到…."""


_IN_BRACKET = re.compile("（(?:上一?年|去年)(?:度|同期)?(?:为|是)?")


def _beside(
    sentence: Sentence, match: re.Match[str], year: int, base_year: int | None = None
) -> list[Pair]:
    """Return this year's and the other year's number, where the sentence itself tells both."""
    start = sentence.part_start(match.start())
    counts = [
        q
        for q in sentence.quantities
        if q.kind == "count" and not q.hedged and start <= q.start < match.end()
    ]
    behind = next((q for q in sentence.quantities if q.start >= match.end()), None)
    if behind and _IN_BRACKET.fullmatch(sentence.text, match.end(), behind.start):
        counts.append(behind)  # 是上年的3倍（上年1期）
    roles = {q: role_of(sentence, q, year, base_year) for q in counts}
    bases = [q for q in counts if q.start >= match.start() or roles[q] == "base"]
    now = [q for q in counts if q not in bases and roles[q] == "now"]
    same = [q for q in now if not bases or q.unit == bases[-1].unit]
    kept = same and subject_kept(sentence, [q for q in counts if q.end <= match.start()],
                                  match.start())  # fmt: skip
    return [Pair(same[-1].value, bases[-1].value)] if bases and kept else []


def pairs_at(sentence: Sentence, match: re.Match[str], manuscript: Manuscript) -> list[Pair]:
    """Return both years' numbers of what a word is about, from the sentence or the tables."""
    context = manuscript.context
    other = other_year(sentence, match, context.year)
    if other == 0:
        return []
    if found := _beside(sentence, match, context.year, other):
        return found
    if other:
        return []
    q = Quantity(match.start(), match.end(), Decimal(0))
    change = Change(sentence, q, match.span(), up=True)
    return pairs_of_tables(manuscript.claims, change, context.cells, context.previous_cells)


_OTHER_YEAR = re.compile(r"20\d\d(?=年)")


def other_year(sentence: Sentence, match: re.Match[str], year: int) -> int | None:
    """Return the year before last year that a word compares with, 0 where it is not plain which."""
    start = sentence.part_start(match.start())
    named = {int(m[0]) for m in _OTHER_YEAR.finditer(sentence.text, start, match.end())}
    if match["year"]:
        named = {int(match["year"])}
    others = named - {year, year - 1}
    if others and year - 1 in named:
        return 0
    return None if not others else others.pop() if len(others) == 1 else 0

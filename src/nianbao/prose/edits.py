"""Carry an editor's changes of the final words back into the text with placeholders.

Words the editor left alone keep their placeholders; changed words become text. A number from
the data that the editor changed stays the data's number; one that was typed in the text changes
with the edit. Both are reported, so that no number changes without a word.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from difflib import SequenceMatcher
from itertools import accumulate

from nianbao.files.numerals import NUMERAL, read_numeral
from nianbao.prose.differences import DIGITS, is_number, matches, number_pairs, sign_of, tokenize
from nianbao.prose.facts import Fact, Vocabulary, walk
from nianbao.prose.markdown import escape
from nianbao.prose.template import Part, Placeholder, Template

_MEASURE = "[件条次个场期篇份项人名家部处起类种批户元万本册套届轮宗页]"
_PIECE = re.compile(
    rf"{DIGITS}|(?P<chinese>(?<![第上下这那每某另])[{NUMERAL}]+(?=[余多]?{_MEASURE}))|[A-Za-z]+|\s+|.",
    re.DOTALL,
)
_DAY = re.compile(r"(?:\d{4}年)?\d{1,2}月(?:\d{1,2}日)?|\d{4}年")
_LIKE = 0.5
"""From this likeness on, a sentence is another one's edit; below, it took its place."""
_ITEM_NUMBER = re.compile(r"^\s*(?:\d+(?:[.)]\s|、|\\[.)])|[（(]\d+[)）])", re.MULTILINE)
_SIGNS = re.compile(r"[，。；：、（）\n]")
_COMMON = frozenset({"数量", "单位", "合计", "本年", "信息", "政府", "公开", "工作"})
"""Words that nearly every sentence of a report has."""
_BY_CHANCE = 10
"""Numbers below this are often equal without being of the same thing."""


@dataclass(frozen=True, slots=True)
class NumberChange:
    """A number that an editor changed."""

    name: str
    """The fact that it was printed from; empty for a number typed in the text."""
    data: str
    edited: str
    """The number before (of a fact: as the data have it), and as the editor wrote it; empty where
    there was none, or is none.
    """
    context: str
    """The editor's words around it."""
    kept: bool
    """Whether the placeholder stays (the data's number will be printed); False when the number is
    text.
    """
    agrees: bool | None = None
    known: str = ""
    """Whether the data agree with a number typed in the text, and what they say; None where they
    have no such number. See `hold_against`.
    """
    clause: str = ""
    """Of a number typed in the text: the words between two signs in which it stands."""


@dataclass(frozen=True, slots=True)
class Reapplied:
    """The text with placeholders after the edit, and the numbers the editor changed."""

    text: str
    numbers: tuple[NumberChange, ...] = ()


@dataclass(frozen=True)
class _Unit:
    """Tokens of the final words that stand or fall together: one placeholder, as a rule.

    Where a token reaches over the edge of a placeholder (``12`` and ``38`` side by side read
    as ``1238``), its neighbours belong to the unit.
    """

    start: int
    stop: int
    source: str
    name: str


def _pieces(template: Template, resolved: Sequence[str | Fact]) -> list[tuple[Part, str]]:
    """Return each part beside the words that it shows."""
    shown = (r if isinstance(r, str) else escape(r.text) for r in resolved)
    return list(zip(template.parts, shown, strict=True))


def _units(pieces: list[tuple[Part, str]], tokens: list[str]) -> list[_Unit]:
    ends = list(accumulate(len(t) for t in tokens))
    starts = [0, *ends]
    units: list[_Unit] = []
    position = 0
    for part, shown in pieces:
        stop = position + len(shown)
        if isinstance(part, Placeholder) and shown:
            first, last = bisect_right(starts, position) - 1, bisect_left(ends, stop)
            if units and first < units[-1].stop:
                first = units.pop().start
            source = _source(pieces, starts[first], ends[last])
            units.append(_Unit(first, last + 1, source, part.name))
        position = stop
    return units


def _source(pieces: list[tuple[Part, str]], start: int, stop: int) -> str:
    """Return the text with placeholders that shows the words from ``start`` to ``stop``."""
    source, position = "", 0
    for part, shown in pieces:
        inside = shown[max(start - position, 0) : max(stop - position, 0)]
        if inside:
            source += part.source if isinstance(part, Placeholder) else inside
        position += len(shown)
    return source


def _align(
    base: list[str], edited: list[str], units: list[_Unit]
) -> tuple[dict[int, int], dict[int, int]]:
    """Return, token by token, which stands unchanged where, and which data number became which."""
    bound = {i for unit in units for i in range(unit.start, unit.stop)}
    same: dict[int, int] = {}
    renumbered: dict[int, int] = {}
    for tag, (i1, i2, j1, j2) in matches(list(map(sign_of, base)), list(map(sign_of, edited))):
        if tag == "equal":
            same |= {i: j1 + i - i1 for i in range(i1, i2)}
        else:
            pairs = number_pairs(base, edited, (i1, i2, j1, j2))
            renumbered |= {i: j for i, j in pairs.items() if i in bound}
    return same, renumbered


def _context(edited: Sequence[str], start: int, stop: int, width: int = 12) -> str:
    return "".join(edited[max(start - width, 0) : stop + width]).strip()


def reapply(template: Template, resolved: Sequence[str | Fact], edited: str) -> Reapplied:
    """Carry an edit back: a name stays where its printed words stand whole, whatever is beside it.

    ``resolved`` are the facts that were put in, part by part, and ``edited`` the final words as the
    editor left them.

    Returns
    -------
    Reapplied
        Its text, filled in with the same facts, reads as ``edited``, but for the numbers reported.

    Examples
    --------
    >>> from nianbao.errors import Place
    >>> from nianbao.prose.template import parse_template
    >>> template = parse_template("收到{{ 新收申请 }}件。", Place("narrative.md"))
    >>> reapply(template, ["收到", Fact("新收申请", 38, "38"), "件。"], "共收到38件申请。").text
    '共收到{{ 新收申请 }}件申请。'
    """
    pieces = _pieces(template, resolved)
    words = "".join(shown for _, shown in pieces)
    base, tokens = tokenize(words), tokenize(edited)
    if edited == words:
        return Reapplied(_source_of(template))
    units = _units(pieces, base)
    same, renumbered = _align(base, tokens, units)
    placed = same | renumbered
    out = list(tokens)
    numbers: list[NumberChange] = []
    for unit in units:
        run = _whole_run(unit, placed)
        for i in range(unit.start, unit.stop):
            if i in renumbered:
                j = renumbered[i]
                nearby = _context(tokens, j, j + 1)
                numbers.append(NumberChange(unit.name, base[i], tokens[j], nearby, run is not None))
        if run is not None:
            out[run.start : run.stop] = [unit.source, *[""] * (len(run) - 1)]
        else:
            numbers += _in_words(unit, base, tokens, same)
    return Reapplied("".join(out), tuple(numbers))


def _in_words(
    unit: _Unit, base: Sequence[str], tokens: Sequence[str], same: dict[int, int]
) -> Iterator[NumberChange]:
    """Yield the numbers of data that an editor wrote out, 2次 as 两次: they will not follow it."""
    for i in range(unit.start, unit.stop):
        if not is_number(base[i]) or i in same:
            continue
        before = max((same[k] for k in same if k < i), default=-1)
        after = min((same[k] for k in same if k > i), default=len(tokens))
        for found in re.finditer(f"[{NUMERAL}]+", "".join(tokens[before + 1 : after])):
            if read_numeral(found[0]) == _value(base[i]):
                nearby = _context(tokens, before + 1, after)
                yield NumberChange(unit.name, base[i], found[0], nearby, False)


def _source_of(template: Template) -> str:
    return "".join(p.source if isinstance(p, Placeholder) else p for p in template.parts)


def _whole_run(unit: _Unit, placed: dict[int, int]) -> range | None:
    """Return where a unit's words stand whole and together in the edit, or None."""
    own = range(unit.start, unit.stop)
    if any(i not in placed for i in own):
        return None
    run = range(placed[own[0]], placed[own[0]] + len(own))
    return run if [placed[i] for i in own] == list(run) else None


def typed_numbers(before: str, after: str) -> Iterator[NumberChange]:
    """List the numbers that an edit of a sentence changed, added or took out.

    Numbers in Chinese numerals with a measure word are numbers too; numbers of list items are
    none.

    The texts are a sentence, or a few, before and after the edit; empty for one that is new or
    gone.

    Examples
    --------
    >>> [(n.data, n.edited) for n in typed_numbers("培训三次，120人。", "培训四次，121人。")]
    [('三', '四'), ('120', '121')]
    >>> [*typed_numbers("2024年，未制发文件。", "一是解读偏少；二是更新不及时。")]
    []
    """
    if not after:
        return
    if SequenceMatcher(None, before, after, autojunk=False).ratio() < _LIKE:
        before = ""
    found = [[*_PIECE.finditer(_ITEM_NUMBER.sub("", text))] for text in (before, after)]
    old, new = ([piece[0] for piece in side] for side in found)
    a, b = (
        [_bare(p[0]) if is_number(p[0]) or p["chinese"] else p[0] for p in side] for side in found
    )
    for kind, (i1, i2, j1, j2) in matches(a, b):
        if kind == "equal":
            continue
        pairs = number_pairs(a, b, (i1, i2, j1, j2))
        for i, j in pairs.items():
            if a[i] != b[j]:
                yield _typed(old[i], new, j, after)
        end = j1
        for j in range(j1, j2):
            if is_number(b[j]) and j not in pairs.values() and j >= end:
                end = j + _length_of_day(new[j:j2])
                yield _typed("", [*new[:j], "".join(new[j:end]), *new[end:]], j, after)
        for i in range(i1, i2):
            if is_number(a[i]) and i not in pairs and before:
                yield NumberChange("", old[i], "", after.strip(), False)


def _length_of_day(pieces: Sequence[str]) -> int:
    """Return of how many pieces the day at their beginning is made; 1 where there is none."""
    if not (day := _DAY.match("".join(pieces))):
        return 1
    return next(n for n, end in enumerate(accumulate(map(len, pieces)), 1) if end >= day.end())


def _typed(data: str, pieces: Sequence[str], place: int, sentence: str) -> NumberChange:
    """Return a number that an edit typed, with the clause in which it stands."""
    before = re.split(_SIGNS, "".join(pieces[:place]))[-1]
    after = re.split(_SIGNS, "".join(pieces[place + 1 :]))[0]
    number = pieces[place]
    return NumberChange(
        "", data, number, sentence.strip(), False, clause=f"{before}{number}{after}"
    )


def near_number(change: NumberChange, width: int = 6) -> str:
    """Give a changed number with the words on both sides of it, up to the next number or sign.

    Examples
    --------
    >>> (changed,) = typed_numbers("政策文件120条，比上年多。", "政策文件121条，比上年多。")
    >>> near_number(changed)
    '政策文件121条'
    """
    sentence, number = change.clause or change.context, change.edited
    words = rf"[^\d，；。：、（）\n*\\]{{0,{width}}}"
    found = re.search(rf"{words}(?<![\d.]){re.escape(number)}(?![\d.]*\d){words}", sentence)
    return found[0] if found else number


def _bare(piece: str) -> str:
    """Return a number without the commas between thousands, one in Chinese numerals as digits."""
    if piece[0] not in NUMERAL:
        return piece.replace(",", "")
    value = read_numeral(piece)
    return piece if value is None else str(value)


def hold_against(change: NumberChange, facts: Vocabulary) -> NumberChange:
    """Hold a number typed in a text against the data.

    The data speak of a number if a fact has its value, or had it before the edit, with the same
    unit, and shares a word with the clause; below ten, where numbers are equal by chance, the
    word with which the fact's name begins.

    Examples
    --------
    >>> facts = {"政策文件": Fact("政策文件", 120, "120", "条")}
    >>> (changed,) = typed_numbers("其中政策文件120条。", "其中政策文件121条。")
    >>> (held := hold_against(changed, facts)).agrees, held.known
    (False, '政策文件为120条')
    """
    clause = change.clause
    spoken = [fact for fact in walk(facts) if isinstance(fact.value, int | Decimal)]
    for number, agrees in ((change.edited, True), (change.data, False)):
        value = _value(number)
        found = [
            (_shared(fact, value, clause), fact)
            for fact in spoken
            if value is not None and fact.value == value and f"{change.edited}{fact.unit}" in clause
        ]
        shared, best = max(found, key=lambda pair: pair[0], default=(0, None))
        if best is not None and shared:
            return replace(change, agrees=agrees, known=f"{best.name}为{best.value}{best.unit}")
    return change


def _value(number: str) -> Decimal | None:
    digits = _bare(number).rstrip("%") if number else ""
    return Decimal(digits) if is_number(digits) else None


def _shared(fact: Fact, value: Decimal | None, clause: str) -> int:
    """Return how many words of two characters a fact's name has in common with a clause."""
    name = fact.name.rpartition(".")[2]
    pairs = {name[i : i + 2] for i in range(len(name) - 1)} - _COMMON
    if value is not None and value < _BY_CHANCE and name[:2] not in clause:
        return 0
    return sum(pair in clause for pair in pairs)

"""The numbers that Word itself puts before paragraphs, as it shows them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property

from nianbao.files.numerals import numeral
from nianbao.files.word.symbols import enclosed, is_symbol_face, symbols
from nianbao.files.word.xml import Element, number, tag, value

_DIGITS = "〇一二三四五六七八九"
_ROMAN = ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"),
          (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))  # fmt: skip
_OWN_LISTS = (("decimal", "%1."), ("decimal", "（%2）"), ("decimalEnclosedCircle", "%3"))
"""How our own Word files number the lists of Markdown, depth by depth."""


def _chinese(count: int) -> str:
    return numeral(count).replace("零", "〇")


def _formal(digits: str, powers: str) -> Callable[[int], str]:
    """Write a number in the signs of contracts, in which ten is 壹拾."""
    signs = str.maketrans("零一二三四五六七八九十百千", digits + powers)

    def write(count: int) -> str:
        words = numeral(count)
        return (f"一{words}" if words.startswith("十") else words).translate(signs)

    return write


def _digit_by_digit(count: int) -> str:
    return "".join(_DIGITS[int(digit)] for digit in str(count))


def _roman(count: int) -> str:
    text = ""
    for worth, letters in _ROMAN:
        text += letters * (count // worth)
        count %= worth
    return text


def _letters(count: int) -> str:
    return chr(ord("a") + (count - 1) % 26) * ((count - 1) // 26 + 1) if count else ""


def _one_of(signs: str) -> Callable[[int], str]:
    return lambda count: signs[(count - 1) % len(signs)]


def _in_circle(count: int) -> str:
    return enclosed(str(count)) or str(count)


def _wide(count: int) -> str:
    return "".join(chr(ord(digit) + 0xFEE0) for digit in str(count))


def _from(first: int) -> Callable[[int], str]:
    """Return what numbers with the twenty signs from a code point on."""
    return lambda count: chr(first + count - 1) if 0 < count <= 20 else str(count)


_FORMATS: Mapping[str, Callable[[int], str]] = {
    "decimal": str,
    "decimalHalfWidth": str,
    "decimalZero": lambda count: f"{count:02}",
    "ordinal": str,
    "upperRoman": lambda count: _roman(count).upper(),
    "lowerRoman": _roman,
    "upperLetter": lambda count: _letters(count).upper(),
    "lowerLetter": _letters,
    "decimalFullWidth": _wide,
    "decimalFullWidth2": _wide,
    "decimalEnclosedCircle": _in_circle,
    "decimalEnclosedCircleChinese": _in_circle,
    "decimalEnclosedFullstop": _from(0x2488),
    "decimalEnclosedParen": _from(0x2474),
    "ideographEnclosedCircle": lambda count: enclosed(_chinese(count)) or _chinese(count),
    "numberInDash": lambda count: f"- {count} -",
    "ideographTraditional": _one_of("甲乙丙丁戊己庚辛壬癸"),
    "ideographZodiac": _one_of("子丑寅卯辰巳午未申酉戌亥"),
    "ideographDigital": _digit_by_digit,
    "japaneseDigitalTenThousand": _digit_by_digit,
    "taiwaneseDigital": _digit_by_digit,
    "ideographLegalTraditional": _formal("零壹貳參肆伍陸柒捌玖", "拾佰仟"),
    "chineseLegalSimplified": _formal("零壹贰叁肆伍陆柒捌玖", "拾佰仟"),
    "japaneseLegal": _formal("零壱弐参四伍六七八九", "拾百阡"),
    "none": lambda count: "",
    **dict.fromkeys(
        ("chineseCounting", "chineseCountingThousand", "japaneseCounting", "koreanCounting",
         "taiwaneseCounting", "taiwaneseCountingThousand"), _chinese,
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Level:
    """A level of a list: its form, where it starts, and how its label reads (``（%1）``)."""

    form: str
    start: int
    text: str
    legal: bool = False
    restart: int | None = None
    style: str | None = None

    @property
    def is_known(self) -> bool:
        """True if the numbers of this form can be written."""
        return self.form in _FORMATS or self.form == "bullet"

    def written(self, count: int) -> str:
        """Return a number in this level's form."""
        return _FORMATS.get(self.form, str)(count)


def _level(element: Element) -> Level:
    form = value(element.find(tag("numFmt"))) or "decimal"
    text = value(element.find(tag("lvlText"))) or ""
    face = value(element.find(f"{tag('rPr')}/{tag('rFonts')}"), "ascii")
    legal = element.find(tag("isLgl")) is not None
    restart = value(element.find(tag("lvlRestart")))
    return Level(
        form,
        number(value(element.find(tag("start"))), 1),
        symbols(face, text) if is_symbol_face(face) else text,
        legal,
        None if restart is None else number(restart, 0),
        value(element.find(tag("pStyle"))),
    )


@dataclass(frozen=True)
class Lists:
    """The lists that a file defines."""

    numbering: Element | None
    styles: Mapping[str, Element]

    @cached_property
    def _patterns(self) -> dict[str, Element]:
        found = () if self.numbering is None else self.numbering.iter(tag("abstractNum"))
        return {value(pattern, "abstractNumId") or "": pattern for pattern in found}

    @cached_property
    def _lists(self) -> dict[str, Element]:
        found = () if self.numbering is None else self.numbering.iter(tag("num"))
        return {value(each, "numId") or "": each for each in found}

    def pattern(self, list_id: str, depth: int = 3) -> str | None:
        """Return the pattern of a list, by which lists that count on together are known."""
        if list_id not in self._lists:
            return None
        name = value(self._lists[list_id].find(tag("abstractNumId"))) or ""
        pattern = self._patterns.get(name)
        style = None if pattern is None else value(pattern.find(tag("numStyleLink")))
        if style is not None and style in self.styles and depth:
            linked = self.styles[style].find(f"{tag('pPr')}/{tag('numPr')}/{tag('numId')}")
            return self.pattern(value(linked) or "", depth - 1)
        return name if pattern is not None else None

    def level(self, list_id: str, depth: int) -> Level | None:
        """Return a list's level, as the list itself or its pattern has it."""
        pattern = self.pattern(list_id)
        if pattern is None:
            return None
        owners = [*self._overrides(list_id, depth), self._patterns[pattern]]
        for owner in owners:
            for element in owner.iterchildren(tag("lvl")):
                if value(element, "ilvl") == str(depth):
                    return _level(element)
        return None

    def _overrides(self, list_id: str, depth: int) -> list[Element]:
        found = self._lists[list_id].iterchildren(tag("lvlOverride"))
        return [override for override in found if value(override, "ilvl") == str(depth)]

    def restarts_at(self, list_id: str, depth: int) -> int | None:
        """Tell where a list begins anew although another of its pattern was counted before."""
        starts = (o.find(tag("startOverride")) for o in self._overrides(list_id, depth))
        found = next((value(start) for start in starts if start is not None), None)
        return None if found is None else number(found, 1)

    def start(self, list_id: str, depth: int) -> int | None:
        """Return the first number of a numbered list; None for one with bullets."""
        level = self.level(list_id, depth)
        if level is None or level.form == "bullet":
            return None
        restarts = self.restarts_at(list_id, depth)
        return level.start if restarts is None else restarts

    def is_markdown(self, list_id: str, depth: int) -> bool:
        """Return whether a list of Markdown shows as this one does: ``1.``, or a bullet."""
        level = self.level(list_id, depth)
        if level is None or level.form == "bullet":
            return True
        return (level.form, level.text.strip()) == _OWN_LISTS[min(depth, len(_OWN_LISTS) - 1)]


class Counter:
    """Counts the numbered paragraphs of a file in its order, as Word does."""

    def __init__(self, lists: Lists) -> None:
        self._lists = lists
        self._counts: dict[str, dict[int, int]] = {}
        self._begun: set[tuple[str, int]] = set()

    def label(self, list_id: str, depth: int) -> str | None:
        """Return what stands before the next paragraph of a list; None if its form is unknown."""
        pattern, level = self._lists.pattern(list_id), self._lists.level(list_id, depth)
        if pattern is None or level is None:
            return ""
        counts = self._counts.setdefault(pattern, {})
        restarts = self._lists.restarts_at(list_id, depth)
        if restarts is not None and (list_id, depth) not in self._begun:
            counts[depth] = restarts - 1
        self._begun.add((list_id, depth))
        counts[depth] = counts.get(depth, level.start - 1) + 1
        for deeper in [d for d in counts if d > depth]:
            below = self._lists.level(list_id, deeper)
            if below is None or below.restart is None or depth < below.restart:
                del counts[deeper]
        if level.form == "bullet":
            return level.text
        return self._written(level, list_id, counts) if level.is_known else None

    def _written(self, level: Level, list_id: str, counts: Mapping[int, int]) -> str:
        def part(match: re.Match[str]) -> str:
            depth = int(match[1]) - 1
            own = self._lists.level(list_id, depth)
            if own is None:
                return ""
            count = counts.get(depth, own.start)
            return str(count) if level.legal and own.form != "none" else own.written(count)

        return re.sub(r"%([1-9])", part, level.text)

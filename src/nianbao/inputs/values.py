"""A value as the bureau wrote it: a number, a zero, nothing, not applicable, text, or a day.

Blank, ``/`` and 0 are different things in what a bureau hands in; nothing becomes 0 silently.
Source: specification 2.0 (value states).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache
from typing import Literal

from nianbao.errors import Place
from nianbao.files.numerals import parse_numeral

DATE_EXPECTED = "日期，如2024-03-05、2024/3/5、2024年3月5日"
"""What a message says was expected."""

_TIME = (
    r"(?:[T\s]\s*(?:[上下]午)?\s*\d{1,2}"
    r"(?::\d{2}(?::\d{2}(?:\.\d+)?)?|\s*[时点](?:\s*\d{1,2}\s*分?)?))?"
)
_WRITTEN = re.compile(
    r"(\d{4})(?:\s*([-/.])\s*(\d{1,2})\s*\2\s*(\d{1,2})|\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*[日号]?)"
    + _TIME
)
_WEEKDAY = re.compile(r"\s*[(（]?\s*(?:星期|周|礼拜)([一二三四五六日天])\s*[)）]?\s*$")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
_SERIAL = re.compile(r"(\d{5})(?:\.\d+)?")
_DASHES = re.compile(r"[‐‑‒–—―−]")
_MONTHS = 12
_EPOCH_1904 = date(1904, 1, 1)
_SERIAL_EPOCH = date(1899, 12, 30)
"""Day 0 of Excel's 1900 calendar, as it counts from March 1900 on."""


def parse_date(text: str) -> date | None:
    """Return the day a clerk wrote, or None when it cannot be read for certain.

    Understood are 2024-03-05, 2024/3/5, 2024.3.5, 2024年3月5日, each with full-width signs,
    blanks, a time of day or the right day of the week; 20240305; and the five-digit day number
    that Excel keeps. A year of two digits, a month without a day or a day that does not exist is
    not guessed at.

    Examples
    --------
    >>> parse_date("2024年3月5日"), parse_date("45356")
    (datetime.date(2024, 3, 5), datetime.date(2024, 3, 5))
    >>> parse_date("2024-02-30") is None
    True
    """
    if match := _WEEKDAY.search(text):
        day = parse_date(text[: match.start()])
        named = "一二三四五六日".index(match[1].replace("天", "日"))
        return day if day and day.weekday() == named else None
    if match := _SERIAL.fullmatch(_plain(text)):
        return _SERIAL_EPOCH + timedelta(days=int(match[1]))
    try:
        return date(*parts) if (parts := _parts(text)) else None
    except ValueError:
        return None


_SHORT_DAY = re.compile(r"(\d{1,2})\s*月\s*(\d{1,2})\s*[日号]?")
_NUMERAL_DAY = re.compile(
    r"(?:([〇零○一二三四五六七八九]{4})年)?([一二三四五六七八九十]{1,2})月([一二三四五六七八九十]{1,3})[日号]"
)
_MOMENT = re.compile(
    r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|(?P<zone>[+-]\d{2}:?\d{2}))"
)
_CHINA = timedelta(hours=8)


def read_day(
    text: str, year: int, *, since_1904: bool = False
) -> tuple[date, ReadingKind | None] | None:
    """Read a day in any way that can only mean this day, and say how it was written.

    Parameters
    ----------
    text
        As typed; see `parse_date`. Besides are understood 3月5日, which is of the year of the
        ledger, a day in Chinese numerals, and a moment with its zone (2024-03-04T16:00:00Z),
        which is a day in China.
    year
        Of the ledger.
    since_1904
        Whether a bare number counts days from 1904.

    Examples
    --------
    >>> read_day("3月5日", 2024)
    (datetime.date(2024, 3, 5), 'day')
    >>> read_day("二〇二四年三月五日", 2024)
    (datetime.date(2024, 3, 5), 'numeral')
    """
    plain = _plain(text)
    if since_1904 and (serial := _SERIAL.fullmatch(plain)):
        return _EPOCH_1904 + timedelta(days=int(serial[1])), "clock"
    if (day := parse_date(text)) is not None:
        wide = any(c.isdigit() and not c.isascii() for c in text)
        return day, "width" if wide else None
    try:
        if match := _SHORT_DAY.fullmatch(plain):
            return date(year, int(match[1]), int(match[2])), "day"
        if match := _MOMENT.fullmatch(plain):
            moment = datetime.fromisoformat(plain).astimezone(timezone(_CHINA))
            here = (match["zone"] or "").replace(":", "") == "+0800"
            return (moment + timedelta(minutes=1)).date(), None if here else "clock"
        if match := _NUMERAL_DAY.fullmatch(plain):
            written = (parse_numeral(part or "") for part in match.groups())
            this, month, of_month = (number or 0 for number in written)
            return date(this or year, month, of_month), "numeral" if this else "day"
    except ValueError:
        return None
    return None


_TWO_DIGITS = re.compile(r"\d\d([-/.年])\d{1,2}([-/.月])\d{1,2}日?")


def misread(text: str) -> str:
    """Return why a text is no day: it is not written as one, or the calendar does not have it.

    Examples
    --------
    >>> misread("2024.2.30"), misread("当场")
    ('日期不存在（2024年2月没有30日）', '日期不能识别')
    """
    year, month, day = _parts(text) or (0, 0, 0)
    if not year:
        return "年份要写四位" if _TWO_DIGITS.fullmatch(_plain(text)) else "日期不能识别"
    if not 1 <= month <= _MONTHS:
        return f"日期不存在（一年没有{month}月）"
    return f"日期不存在（{year}年{month}月没有{day}日）"


def _plain(text: str) -> str:
    return _DASHES.sub("-", _fold(text)).strip().strip("\ufeff")


_NOTE_SIGNS = "¹²³⁰-⁹①-⑳⑴-⒇㉑-㉟❶-❿"
"""Signs that point to a note. Folded to digits they would make 121 of 12 with note 1."""
_NO_SIGNS = re.compile(f"[^{_NOTE_SIGNS}]+")
_SIGNED = re.compile(f"([^{_NOTE_SIGNS}]*[0-9０-９][^{_NOTE_SIGNS}]*)[{_NOTE_SIGNS}]+")


def _fold(text: str) -> str:
    """Make what is full-width half-width; signs of notes stay."""
    return _NO_SIGNS.sub(lambda found: unicodedata.normalize("NFKC", found[0]), text)


def without_note_sign(text: str) -> str | None:
    """Return a number without the sign of a note behind it; None where there is none.

    Examples
    --------
    >>> without_note_sign("12①"), without_note_sign("①") is None
    ('12', True)
    """
    signed = _SIGNED.fullmatch(text.strip())
    return signed and signed[1].strip()


def _parts(text: str) -> tuple[int, int, int] | None:
    """Return the year, month and day as written, whether there is such a day or not."""
    match = _COMPACT.fullmatch(_plain(text)) or _WRITTEN.fullmatch(_plain(text))
    if match is None:
        return None
    year, month, day = (int(part) for part in match.groups() if part and part.isdigit())
    return year, month, day


_MOST_PLACES = 6
"""Places behind the point that somebody may mean: a sum in 万元 to the hundredth of a yuan."""
SUMS = frozenset(
    {"合计", "总计", "小计", "共计", "总和", "累计", "汇总", "总计数", "本页合计", "本页小计"}
)
"""What a row of sums is called."""
PART_SUMS = frozenset({"小计", "本页合计", "本页小计"})
"""What a row is called that sums only the rows right above it."""
GATHERED = re.compile("(.+)(?:汇总|计数)")
"""What Excel calls the sum of a group, and how many rows it has; a name may end so too."""
_NAMED_SUM = re.compile(r"(.*)(?:小计|合计|总计|共计)|(?:小计|合计|总计|共计)\d*[条件个次项篇]?")


def sum_of(word: str) -> str | None:
    """Return what a row sums whose name is a sum's: a name, or nothing in particular.

    None of a row that is no sum.

    ``word`` is as `nianbao.files.words.normalise_word` gives it.

    Examples
    --------
    >>> sum_of("合计"), sum_of("政务新媒体小计"), sum_of("政务新媒体")
    ('', '政务新媒体', None)
    """
    if word in SUMS:
        return ""
    found = _NAMED_SUM.fullmatch(word)
    return found and (found[1] or "")


class State(StrEnum):
    """The state of a cell."""

    NUMBER = "NUMBER"
    ZERO = "ZERO"
    EMPTY = "EMPTY"
    NA = "NA"
    TEXT = "TEXT"
    UNREAD = "UNREAD"
    """Something stands there that cannot be read, or it is not known what stands there: only
    where reading goes on after a problem, see `nianbao.inputs.load.load_readable`."""


ReadingKind = Literal[
    "width", "unit", "numeral", "day", "clock", "merged", "rounded", "scaled", "unshown",
    "crossed", "raised", "fraction", "hidden", "column", "struck", "outside", "slip", "sum", "name",
    "sheet", "aside", "character", "reason", "unlisted", "footer",
]  # fmt: skip
"""What may be reported of a reading; see `nianbao.statistics.checks.readings`."""


@dataclass(frozen=True, slots=True)
class Reading:
    """Something that was read otherwise than it stands there, or that was not counted."""

    kind: ReadingKind
    """`width`: full-width digits; `unit`: a number with its measure word; `numeral`: a Chinese
    numeral; `day`: a day without its year; `clock`: a time shortly before midnight; `merged`: a
    cell that belongs to a merged one; `rounded`: Excel shows fewer digits than it keeps, `scaled`
    another number, `unshown` none; `crossed`: words that are struck through were left out;
    `raised`: the mark of a note was;
    `fraction`: an endless fraction; `hidden`, `struck`: a row counted though hidden or struck
    through; `column`: a column read though hidden; `aside`: a hidden sheet of no table; `outside`:
    a row not counted, for its days are outside the year; `slip`: the same of a row that stands
    among those of the year; `sum`: a row of sums that differs from what is summed; `name`: another
    writing of a name; `unlisted`: a channel that is none; `footer`: a line below the table, with
    who filled it in or a note; `sheet`: a hidden sheet that is not read; `character`: a character
    that stands for another; `reason`: a reason that a newer one goes before.
    """
    place: Place
    """Where it stands."""
    written: str
    read: str = ""
    """What stands there, and what it was taken for or why it was left out."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A value with its state and where it came from."""

    state: State
    """See `State`."""
    number: Decimal | None = None
    """The exact number for NUMBER and ZERO, else None. Money keeps its digits as handed in."""
    raw: str = ""
    """The text as written, trimmed."""
    note: str = ""
    """What stood beside the number, e.g. `其中修订16件` in `22（其中修订16件）`."""
    place: Place | None = None
    """Where it stands in the inputs; None for a computed value."""
    how: ReadingKind | None = None
    """How the number was read where it is not written as one, see `Reading`."""

    @property
    def is_number(self) -> bool:
        """True if arithmetic is possible with it."""
        return self.number is not None


NA_MARKS = frozenset({"/", "-", "—", "——", "–", "无", "\\", "N/A", "n/a"})
_NUMBER = re.compile(r"[+-]?(?:(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?|\.\d+)")
MAX_DIGITS = 15
"""Most digits before and after the point; more is a code or a telephone number."""

_NOTED = re.compile(r"(?P<number>[^（(]*[^（(\s])\s*[（(](?P<note>.+)[）)]")
MAX_COUNT = 10**12
"""Largest count believed; more is a telephone number in the wrong column."""


def normalise(text: str) -> str:
    """Make full-width digits, signs and spaces half-width; surrounding blanks are removed.

    Brackets keep their width: they mark a note, and a note is quoted as written. Signs of notes
    (①, ²) are no digits.
    """
    folded = (_fold(c) if c not in "（）" else c for c in text.strip("\ufeff"))
    return "".join(folded).strip()


def parse_number(text: str) -> Decimal | None:
    """Return the number a clerk typed, or None.

    Full-width digits, thousands separators and blanks are understood; anything else is not
    guessed at.

    Examples
    --------
    >>> parse_number("１,２３４.５０")
    Decimal('1234.50')
    >>> parse_number("12,34") is None
    True
    """
    plain = normalise(text).replace(" ", "")
    if not _NUMBER.fullmatch(plain):
        return None
    if max(map(len, plain.replace(",", "").lstrip("+-").split("."))) > MAX_DIGITS:
        return None
    return Decimal(plain.replace(",", ""))


COUNT_UNITS = frozenset(
    {*"件条次个人名场期份篇项部家宗起例批号页", "人次", "件次", "场次", "人数", "件数"}
)
"""Measure words that a clerk types behind a count."""


def read_number(
    text: str, units: Collection[str] = COUNT_UNITS
) -> tuple[Decimal, ReadingKind | None] | None:
    """Read a number in any way that can only mean this number, and say how it was written.

    ``units`` are the measure words that may stand behind it, those of what is counted: a number in
    another unit is another number.

    Examples
    --------
    >>> read_number("４条"), read_number("一百二十")
    ((Decimal('4'), 'unit'), (Decimal('120'), 'numeral'))
    >>> read_number("5000元", {"万元"}) is None
    True
    """
    if (number := parse_number(text)) is not None:
        wide = any(c != "　" and unicodedata.east_asian_width(c) == "F" for c in text)
        return number, "width" if wide else None
    plain = normalise(text).replace(" ", "")
    if (numeral_ := parse_numeral(plain)) is not None:
        return Decimal(numeral_), "numeral"
    unit = max((u for u in units if plain.endswith(u)), key=len, default="")
    if not unit:
        return None
    bare = plain.removesuffix(unit)
    if (number := parse_number(bare)) is not None:
        return number, "unit"
    if (numeral_ := parse_numeral(bare)) is not None:
        return Decimal(numeral_), "numeral"
    return None


def read_count(text: str) -> tuple[int, ReadingKind | None] | None:
    """Read a number of cases or items in any clear way; see `read_number` and `parse_count`."""
    found = read_number(text)
    count = parse_count(f"{found[0]:f}") if found else None
    return None if found is None or count is None else (count, found[1])


def parse_count(text: str) -> int | None:
    """Return the number of cases or items a clerk typed; None if it is not a whole one from 0 up.

    Examples
    --------
    >>> parse_count("１,120"), parse_count("1.5"), parse_count("")
    (1120, None, None)
    """
    number = parse_number(text)
    if number is None or not 0 <= number <= MAX_COUNT or number % 1:
        return None
    return int(number)


def parse_cell(text: str | None, place: Place | None = None) -> Cell:
    """Read one cell.

    Examples
    --------
    >>> parse_cell("22（其中修订16件）").note
    '其中修订16件'
    >>> parse_cell("/").state
    <State.NA: 'NA'>
    """
    raw = normalise(text or "")
    if not raw:
        return Cell(State.EMPTY, place=place)
    if raw in NA_MARKS:
        return Cell(State.NA, raw=raw, place=place)
    number, note = parse_number(raw), ""
    if number is None and (match := _NOTED.fullmatch(raw)):
        number, note = parse_number(match["number"]), match["note"]
    if number is None:
        # Words are printed in prose, where full-width punctuation is right: kept as written.
        return Cell(State.TEXT, raw=(text or "").strip(), place=place)
    return Cell(State.NUMBER if number else State.ZERO, number, raw, note, place)


def read_cell(
    text: str | None, place: Place | None = None, units: Collection[str] = COUNT_UNITS
) -> Cell:
    """Read one cell as `parse_cell` does, and a number in words or with its unit besides.

    Examples
    --------
    >>> read_cell("4条").number, read_cell("4条").how
    (Decimal('4'), 'unit')
    """
    found = _read(text or "", frozenset(units))
    return Cell(found.state, found.number, found.raw, found.note, place, found.how)


@lru_cache(maxsize=20_000)  # most cells of a table hold the same few numbers
def _read(text: str, units: frozenset[str]) -> Cell:
    cell = parse_cell(text)
    if cell.is_number:
        noted = _NOTED.fullmatch(text.strip()) if cell.note else None
        found = read_number(noted["number"] if noted else text, units)
        if found is None or found[1] is None:
            return cell
        # The message that tells of it shows the digits as they were typed.
        return replace(cell, how=found[1], raw=text.strip())
    if cell.state is State.TEXT and (bare := without_note_sign(text)):
        signed = _read(bare, units)
        return replace(signed, raw=text.strip(), how="raised") if signed.is_number else cell
    match = _NOTED.fullmatch(cell.raw) if cell.state is State.TEXT else None
    found = read_number(match["number"] if match else cell.raw, units)
    if cell.state is not State.TEXT or found is None:
        return cell
    state = State.NUMBER if found[0] else State.ZERO
    return Cell(state, found[0], cell.raw, match["note"] if match else "", None, found[1])


def cell_readings(cells: Iterable[Cell]) -> Iterator[Reading]:
    """Report which of some cells were read otherwise than they are written."""
    for cell in cells:
        if cell.how and cell.place:
            yield Reading(cell.how, cell.place, cell.raw, f"{cell.number:f}")
        elif cell.place and cell.number and _places(cell.number) > _MOST_PLACES:
            yield Reading("fraction", cell.place, cell.raw, f"{cell.number:f}")


def _places(number: Decimal) -> int:
    exponent = number.as_tuple().exponent
    return -exponent if isinstance(exponent, int) else 0


def computed(number: Decimal | int | None) -> Cell:
    """Return a cell that we counted ourselves; None when a part of the sum is not a number."""
    if number is None:
        return Cell(State.EMPTY)
    exact = Decimal(number)
    return Cell(State.NUMBER if exact else State.ZERO, exact, str(exact))

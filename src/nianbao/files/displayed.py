"""Write a value as a spreadsheet program shows it: by its number format, and by the clock.

A clerk reads what is shown, so that is what was handed in. What is kept beside it, a longer
fraction, thousands shown as ones or the time of a day, is reported where it differs.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Context, Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Literal

from nianbao.files.grids import Mark
from nianbao.files.numerals import parse_numeral
from nianbao.files.words import normalise_characters

ShownKind = Literal["rounded", "scaled", "unshown"]
"""How a cell shows something else than it keeps: fewer digits; another number, such as thousands
as ones; no number, such as nothing at all or a dash."""

# The numbers of formats that files name without saying them; 27 to 36 and 50 to 58 are the
# Chinese dates. Source: ECMA-376-1, 18.8.30 (numFmt).
_BUILT_IN = {
    1: "0",
    2: "0.00",
    3: "#,##0",
    4: "#,##0.00",
    9: "0%",
    10: "0.00%",
    11: "0.00E+00",
    12: "# ?/?",
    13: "# ??/??",
    37: "#,##0_);(#,##0)",
    38: "#,##0_);(#,##0)",
    39: "#,##0.00_);(#,##0.00)",
    40: "#,##0.00_);(#,##0.00)",
    41: '_ * #,##0_ ;_ * -#,##0_ ;_ * "-"_ ;_ @_ ',
    42: '_ ¥* #,##0_ ;_ ¥* -#,##0_ ;_ ¥* "-"_ ;_ @_ ',
    43: '_ * #,##0.00_ ;_ * -#,##0.00_ ;_ * "-"??_ ;_ @_ ',
    44: '_ ¥* #,##0.00_ ;_ ¥* -#,##0.00_ ;_ ¥* "-"??_ ;_ @_ ',
    48: "##0.0E+0",
    **dict.fromkeys((*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)), "yyyy"),
}

LATE = timedelta(hours=23, minutes=59)
"""From then on a time is the next day's midnight, kept a few seconds too early."""
_GREENWICH = frozenset(timedelta(hours=16, seconds=-slip) for slip in (0, 43, 343))
"""Midnight in China as clocks at Greenwich show it, and the same with the slip of 43 seconds."""
HALF_DAY = timedelta(hours=12)

# The signs of a number format, ECMA-376-1, 18.8.31: quoted words, a sign taken as it is (after
# "\" or, in East Asia, "!"), room and filling, brackets, the general number, an exponent.
_SIGN = re.compile(
    r'"(?P<words>[^"]*)"|[\\!](?P<sign>.)|_.|\*.|\[(?P<bracket>[^\]]*)\]'
    r"|(?P<general>General|G/通用格式)|(?P<power>E[+-])|(?P<plain>.)",
    re.IGNORECASE | re.DOTALL,
)
_CONDITION = re.compile(r"(<=|>=|<>|<|>|=)\s*(-?\d+(?:\.\d+)?)")
_DIGIT = frozenset("0#?")
_DATE = frozenset("ymdhsgeb年月日")
_FRACTION = re.compile(r"[0#?]+\s*/\s*([0#?]+|\d+)")
_EXACT = Context(prec=1_000)
"""Holds fifteen digits with all the places that a format can give them."""


@dataclass(frozen=True, slots=True)
class _Part:
    """One of the parts of a format between semicolons: its signs, each with its meaning.

    A meaning is ``words``, ``digit``, ``mark`` (``.,%/``), ``general``, ``power`` or ``date``.
    """

    signs: tuple[tuple[str, str], ...] = ()
    condition: tuple[str, Decimal] | None = None

    def has(self, meaning: str) -> bool:
        """Return whether it has such a sign."""
        return any(each == meaning for each, _ in self.signs)


@lru_cache(maxsize=1_000)
def _parts(code: str) -> tuple[_Part, ...]:
    parts: list[_Part] = []
    signs: list[tuple[str, str]] = []
    condition = None
    for found in _SIGN.finditer(f"{code};"):
        plain = found["plain"]
        if plain == ";":
            parts.append(_Part(tuple(signs), condition))
            signs, condition = [], None
        elif found["bracket"] is not None:
            if limit := _CONDITION.fullmatch(found["bracket"]):
                condition = limit[1], Decimal(limit[2])
            elif found["bracket"].lower().strip("hms") == "":
                signs.append(("date", found["bracket"]))
            elif found["bracket"].startswith("$"):  # a currency's sign: [$¥-804]
                signs.append(("words", found["bracket"][1:].partition("-")[0]))
        elif found["general"] or plain == "@":
            signs.append(("general", ""))
        elif found["power"]:
            signs.append(("power", ""))
        elif (words := found["words"] or found["sign"]) is not None:
            signs.append(("words", words))
        elif plain in _DIGIT:
            signs.append(("digit", plain))
        elif plain in frozenset(".,%/"):
            signs.append(("mark", plain))
        elif plain and plain.lower() in _DATE:
            signs.append(("date", plain))
        elif plain:
            signs.append(("words", plain))
    return tuple(parts)


_ALWAYS = "General", "@", ""


def is_number_format(code: str) -> bool:
    """Return whether a format shows numbers, in a way of its own.

    Examples
    --------
    >>> [is_number_format(code) for code in ("0.00%", ";;;", "General", 'yyyy"年"m"月"')]
    [True, True, False, False]
    """
    if code in _ALWAYS:
        return False
    return not any(part.has("date") and not part.has("power") for part in _parts(code))


def built_in_format(number: int) -> str | None:
    """Return the code of a format that a file names by its number alone; None of a general one."""
    return _BUILT_IN.get(number)


def plain_digits(value: float) -> str:
    """Return a number as Excel keeps it: fifteen significant digits.

    Further digits of a binary number are noise.

    From 10^15 on, where digits are lost, in scientific form: nobody should take the zeros that
    stand in their place for digits.

    Examples
    --------
    >>> plain_digits(0.1 + 0.2), plain_digits(1120.0), plain_digits(202401010000123456.0)
    ('0.3', '1120', '2.02401010000123E+17')
    """
    if abs(value) >= 1e15:
        return f"{value:.14E}"
    return str(int(value)) if value == int(value) else f"{Decimal(f'{value:.15g}'):f}"


@lru_cache(maxsize=20_000)  # as for `read_shown`
def in_format(value: float, code: str) -> str:
    """Return a number as a spreadsheet program shows it, but for blanks and thousands' commas.

    ``code`` is a format that shows numbers, see `is_number_format`.

    Examples
    --------
    >>> in_format(0.985, "0.00%"), in_format(123456, '0!.0,"万"'), in_format(0, "0;-0;")
    ('98.50%', '12.3万', '')
    """
    exact = Decimal(plain_digits(value))
    part, signed = _part_for(exact, _parts(code))
    minus = "-" if exact < 0 and signed else ""
    if part.has("power"):
        return _in_powers(exact, part)
    if ("mark", "/") in part.signs:
        return minus + _in_fractions(abs(exact), part)
    text = _in_digits(abs(exact), part)
    # A number that rounds to nothing has no sign.
    return minus + text if re.search("[1-9]", text) or part.has("general") else text


def _part_for(number: Decimal, parts: tuple[_Part, ...]) -> tuple[_Part, bool]:
    """Return the part of a format that is for a number, and whether its sign is to be shown."""
    conditions = [part.condition for part in parts[:2]]
    if any(conditions):
        for part in parts[:2]:
            if part.condition and _holds(number, part.condition):
                return part, True
        rest = [part for part in parts[:3] if not part.condition]
        return (rest[-1], True) if rest else (_Part((("words", "#"),)), False)
    if number < 0 and len(parts) > 1:
        return parts[1], False
    if number == 0 and len(parts) > 2:
        return parts[2], False
    return parts[0], True


def _holds(number: Decimal, condition: tuple[str, Decimal]) -> bool:
    sign, limit = condition
    return {
        "<": number < limit, ">": number > limit, "=": number == limit,
        "<=": number <= limit, ">=": number >= limit, "<>": number != limit,
    }[sign]  # fmt: skip


def _in_digits(number: Decimal, part: _Part) -> str:
    """Write a number that is not negative into the places of a part, with its words."""
    signs = part.signs
    digits = [at for at, (meaning, _) in enumerate(signs) if meaning == "digit"]
    if not digits:
        written = plain_digits(float(number))
        return "".join(written if meaning == "general" else text for meaning, text in signs)
    point = next((at for at, sign in enumerate(signs) if sign == ("mark", ".")), len(signs))
    before, after = [at for at in digits if at < point], [at for at in digits if at > point]
    behind = digits[-1] + 1
    while behind < len(signs) and signs[behind] == ("mark", ","):
        behind += 1
    # A comma behind the digits before the point divides by a thousand, as one behind the last does.
    commas = behind - digits[-1] - 1
    if before and after:
        commas += sum(sign == ("mark", ",") for sign in signs[before[-1] : point])
    percent = signs.count(("mark", "%"))
    exact = number.scaleb(2 * percent - 3 * commas)
    rounded = exact.quantize(Decimal(1).scaleb(-len(after)), ROUND_HALF_UP, _EXACT)
    whole, _, fraction = f"{rounded:f}".partition(".")
    whole = "" if whole == "0" else whole
    shown = {}
    for at in reversed(before):
        last = at == before[0]
        shown[at] = whole if last else whole[-1:]
        whole = "" if last else whole[:-1]
        if not shown[at] and signs[at][1] == "0":
            shown[at] = "0"
    shown |= dict(zip(after, fraction, strict=False))
    for at in reversed(after):
        if signs[at][1] == "0" or shown[at] != "0":
            break
        shown[at] = ""
    return "".join(_seen(at, sign, shown) for at, sign in enumerate(signs)).strip()


def _seen(at: int, sign: tuple[str, str], shown: dict[int, str]) -> str:
    meaning, text = sign
    if meaning == "digit":
        return shown.get(at, "")
    return "" if sign == ("mark", ",") else text


def _in_powers(number: Decimal, part: _Part) -> str:
    point = part.signs.index(("mark", ".")) if ("mark", ".") in part.signs else len(part.signs)
    power = next(at for at, (meaning, _) in enumerate(part.signs) if meaning == "power")
    places = sum(meaning == "digit" for meaning, _ in part.signs[point:power])
    width = sum(meaning == "digit" for meaning, _ in part.signs[power:])
    digits, exponent = f"{number:.{places}E}".split("E")
    return f"{digits}E{exponent[0]}{exponent[1:].zfill(width)}"


def _in_fractions(number: Decimal, part: _Part) -> str:
    pattern = "".join(text for meaning, text in part.signs if meaning in ("digit", "mark"))
    limit = _FRACTION.search(pattern)
    near = Fraction(number).limit_denominator(10 ** len(limit[1] if limit else "?") - 1)
    whole, rest = divmod(near, 1)
    if not rest:
        return str(whole)
    return f"{whole} {rest}" if whole else str(rest)


@dataclass(frozen=True, slots=True)
class ShownNumber:
    """A number as it is read from a cell."""

    text: str
    """What is read: what is shown, as far as that is a number."""
    kind: ShownKind | None = None
    other: str = ""
    """How the cell shows something else than it keeps, and what was not read: the number that is
    kept or, of a `unshown` one, what is shown.
    """


_CORE = re.compile(
    r"(?P<head>\D*?)(?P<number>-?(?:\d[\d,]*(?:\.\d*)?|\.\d+))(?P<tail>.*)", re.DOTALL
)
_TELLS = re.compile(r"\w*[\d十百千万亿元%％‰]\w*|[kKmMbB]")
"""Words around a number that say another number than the digits alone."""
_POWERS = {"": 1, "千": 1000, "万": 10**4, "百万": 10**6, "千万": 10**7, "亿": 10**8}
_SHARES = {"%": 100, "％": 100, "‰": 1000}


@lru_cache(maxsize=20_000)  # most cells of a table hold the same few numbers
def read_shown(value: float, shown: str) -> ShownNumber:
    """Hold what a cell shows against what it keeps.

    Where a number is shown, it is read, with words such as 万, 元 and % that belong to it; those
    that only say what is counted are not. Zeros behind the point that only the format adds are
    left out. What shows no number is read as the number that is kept.

    Examples
    --------
    >>> read_shown(0.985, "98.50%"), read_shown(7.6667, "7.67").text
    (ShownNumber(text='98.5%', kind=None, other=''), '7.67')
    >>> read_shown(12345, "12.3")
    ShownNumber(text='12.3', kind='scaled', other='12345')
    >>> read_shown(5, "")
    ShownNumber(text='5', kind='unshown', other='')
    """
    kept = plain_digits(value)
    text = shown.strip()
    if "E" in kept:
        return ShownNumber(kept)
    if text.startswith(("(", "（")) and text.endswith((")", "）")):
        text = f"-{text[1:-1]}"
    found = _CORE.fullmatch(text.replace(" ", ""))
    if "/" in text or found is None or re.match(r"E[+-]\d", found["tail"], re.IGNORECASE):
        return _without_digits(value, kept, text)
    if re.search(r"\d", found["head"] + found["tail"]):  # a number of something: 2024-00012
        same = re.sub(r"\D", "", text).endswith(kept)
        return ShownNumber(text, None if same else "scaled", "" if same else kept)
    digits = found["number"].replace(",", "")
    head, tail = found["head"].lstrip("¥￥$"), found["tail"]
    if head.startswith("-"):
        head, digits = head[1:].lstrip("¥￥$"), f"-{digits}"
    short = _short(digits)
    full = "".join((head if _TELLS.search(head) else "", short, tail if _TELLS.match(tail) else ""))
    number, exact = Decimal(digits), Decimal(kept)
    alike = [
        exact * _SHARES.get(tail[:1], 1),
        exact / _POWERS.get(tail.removesuffix("元"), 1),
        exact,
    ]
    if number in alike:
        return ShownNumber(full)
    step = Decimal(1).scaleb(int(number.as_tuple().exponent))
    rounded = any(n.quantize(step, ROUND_HALF_UP, _EXACT) == number for n in alike)
    return ShownNumber(full, "rounded" if rounded else "scaled", kept)


def _without_digits(value: float, kept: str, shown: str) -> ShownNumber:
    """Read a number that is shown as a fraction, in powers of ten, in Chinese, or not at all."""
    same = parse_numeral(shown) == value
    if re.fullmatch(r"-?[\d.]+E[+-]?\d+", shown, re.IGNORECASE):
        same = Decimal(shown) == Decimal(kept)
    elif re.fullmatch(r"-?(\d+ )?\d+/\d+", shown):
        minus = -1 if shown.startswith("-") else 1
        same = minus * sum(map(Fraction, shown.lstrip("-").split())) == Fraction(kept)
    return ShownNumber(kept) if same else ShownNumber(kept, "unshown", shown)


def _short(digits: str) -> str:
    text = digits.rstrip("0").rstrip(".") if "." in digits else digits
    text = f"0{text}" if text.startswith(".") else text
    return "0" if text in ("-0", "") else text


@dataclass(frozen=True, slots=True)
class Piece:
    """Some words of a cell that look alike."""

    text: str
    struck: bool = False
    raised: bool = False


_NOTE_MARK = re.compile(
    r"\s*[\[〔【（(]?\s*(?:注?\s*(?:\d{1,2}|[①-⑳])|注|\*+|＊+)\s*[\]〕】）)]?\s*"
)
"""What is written small and high to point to a note; not an exponent such as that of m²."""


def left_of(pieces: Iterable[Piece]) -> tuple[str, Literal["crossed", "raised"]] | None:
    """Return what is left of a text without words struck through and marks of notes, and why.

    None where nothing is left out. ``12`` with a raised 1 behind it is twelve, with note 1.

    Examples
    --------
    >>> left_of([Piece("12"), Piece("1", raised=True)])
    ('12', 'raised')
    >>> left_of([Piece("万m"), Piece("2", raised=True)]) is None
    True
    """
    left, whole, crossed = "", "", False
    for piece in pieces:
        whole += piece.text
        crossed |= bool(piece.struck and piece.text)
        before = left.rstrip()[-1:]
        about = before and not (before.isalpha() and before.isascii())
        if not (piece.struck or (piece.raised and about and _NOTE_MARK.fullmatch(piece.text))):
            left += piece.text
    if left == whole:
        return None
    return normalise_characters(left).strip(), "crossed" if crossed else "raised"


def day_of_serial(serial: float, *, since_1904: bool) -> datetime:
    """Return the moment that a number stands for, as Excel counts days.

    Examples
    --------
    >>> day_of_serial(45356, since_1904=False).date()
    datetime.date(2024, 3, 5)
    """
    start = datetime(1904, 1, 1) if since_1904 else datetime(1899, 12, 30)
    return start + timedelta(seconds=round(serial * 86_400))


def shown_moment(moment: datetime) -> tuple[str, bool]:
    """Return a day, with its time if it has one, and whether it was moved to the next day.

    Libraries that calculate with the local time of before 1901 keep a day 43 seconds too early.

    Examples
    --------
    >>> shown_moment(datetime(2023, 12, 31, 23, 59, 17))
    ('2024-01-01', True)
    """
    if _clock(moment) >= LATE:
        return (moment.date() + timedelta(days=1)).isoformat(), True
    return moment.date().isoformat() if not _clock(moment) else moment.isoformat(
        " ", "seconds"
    ), False


def _clock(moment: datetime) -> timedelta:
    """Return the time since midnight."""
    return moment - datetime.combine(moment.date(), datetime.min.time())


def at_greenwich(moments: list[datetime]) -> bool:
    """Return whether the moments of a column are days in China as a clock at Greenwich has them."""
    return len(moments) > 1 and {_clock(m) for m in moments} <= _GREENWICH


def next_day(moment: datetime) -> date:
    """Return the day in China that a moment at Greenwich belongs to."""
    return (moment + HALF_DAY).date()


def clock_marks(
    moments: Mapping[int, Sequence[tuple[int, datetime]]], rows: list[list[str]]
) -> Iterator[Mark]:
    """Mark the days that a program kept a little too early, or as at Greenwich; mend the latter.

    ``moments`` are those with a time of the day by column, each with its row (from 1).
    """
    for column, found in moments.items():
        greenwich = at_greenwich([moment for _, moment in found])
        for row, moment in found:
            if greenwich:
                rows[row - 1][column] = next_day(moment).isoformat()
            if greenwich or shown_moment(moment)[1]:
                yield Mark("clock", row, column, moment.isoformat(" ", "seconds"))

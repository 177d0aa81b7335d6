"""Prepare texts before a medium draws them, the same for all formats.

Titles are broken where their sense breaks, columns are as wide as their texts want, labels of
the statutory tables break after their number.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import combinations, pairwise
from pathlib import Path
from typing import Literal

from nianbao.libyaml import read_shipped
from nianbao.prose.blocks import GridBlock, GridCell, TableBlock

TABLE_FORMS = Path(__file__).resolve().parent / "templates" / "tables.yaml"


@dataclass(frozen=True, slots=True)
class TableForm:
    """The look of a table on paper, from templates/tables.yaml; lengths in mm.

    ``row_height`` is the least height of a row in the Word file, ``airier`` how much higher it may
    be. A column gives way to one with longer numbers, but keeps its ``least`` width. ``upright``
    are labels in a narrow column, set from top to bottom on paper, with the lines in which a page
    shows them.
    """

    row_height: float
    airier: float = 0.0
    widths: tuple[float, ...] = ()
    least: tuple[float, ...] = ()
    upright: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@cache
def table_forms() -> Mapping[str, TableForm]:
    """Read the look of the statutory tables by key, and that of ``plain`` ones."""
    forms = read_shipped(TABLE_FORMS)
    return {
        key: TableForm(
            form["row_height"],
            form.get("airier", 0.0),
            tuple(form.get("widths", ())),
            tuple(form.get("least", ())),
            {label: tuple(lines) for label, lines in form.get("upright", {}).items()},
        )
        for key, form in forms.items()
    }


def table_form(key: str) -> TableForm:
    """Return the look of a statutory table, that of ``plain`` ones for a table without its own."""
    forms = table_forms()
    return forms.get(key, forms["plain"])


def grid_widths(block: GridBlock) -> tuple[float, ...]:
    """Return the columns of a statutory table in mm: all alike where its form has others.

    A later format may have more columns than the form was made for. A column whose numbers are
    longer than its room is wider, as far as the other columns can spare it.
    """
    form = table_form(block.key)
    widths = form.widths
    if len(widths) != block.columns:
        return (TYPE_WIDTH / block.columns,) * block.columns
    needed = [0.0] * block.columns
    for cell, column in (placed for row in block.placed() for placed in row):
        if cell.kind == "value" and cell.colspan == 1:
            needed[column] = max(needed[column], number_width(cell.text))
    lacking = [max(0.0, need - width) for need, width in zip(needed, widths, strict=True)]
    spare = [
        max(0.0, width - max(least, need))
        for width, least, need in zip(widths, form.least or widths, needed, strict=True)
    ]
    moved = min(sum(lacking), sum(spare))
    if not moved:
        return widths
    return tuple(
        width + lacks * moved / sum(lacking) - spares * moved / sum(spare)
        for width, lacks, spares in zip(widths, lacking, spare, strict=True)
    )


MM = 72 / 25.4
TABLE_SIZE = 10.5
CELL_PADDING = 2 * 1.5
"""Points in a millimetre, of the text in a statutory table, and on both sides of it."""
_DIGIT = 0.56  # the widest of our faces, in em


def number_width(text: str) -> float:
    """Return the width in mm of a column with this number."""
    return (len(text) * _DIGIT * TABLE_SIZE + CELL_PADDING) / MM


def scale(text: str, room: float) -> float:
    """Say how much smaller a cell is set so that its longest unbroken run fits ``room`` points.

    Examples
    --------
    >>> scale("341", 26)
    1.0
    >>> round(scale("11398889", 26), 2)
    0.55
    """
    longest = max((len(run) for run in re.findall(r"[!-~]+", text)), default=0)
    return min(1.0, room / (longest * _DIGIT * TABLE_SIZE)) if longest else 1.0


TITLE_LINE = 20.0
"""Characters of 2号 (22 pt) on a line of the type area, 156 mm."""

# A name is broken after a place or a kind of body and at its brackets, the rest between words.
_NAME = re.compile(
    r".+?(?:(?:自治区|自治[州县旗]|人民政府|委员会|街道|[省市县区州盟旗镇乡局厅])[、）]*|[、）]+|(?=（))"
    r"|.+"
)
_REST = re.compile(
    r"\d+年度?|政府信息公开(?:工作)?|(?:年度)?报告|[!-~]+|[（《“〔]*.[）》”〕、，：；。]*"
)


def title_lines(title: str, name: str, line: float = TITLE_LINE) -> tuple[str, ...]:
    """Return the lines of a centred title.

    There are as few as hold it, broken after the agency's name if possible.

    No word is broken; of several ways the one is taken whose shape is a trapezium or a
    rhombus, not an hour-glass, and whose lines differ least.

    Examples
    --------
    >>> title_lines("示例县人民政府2024年政府信息公开工作年度报告", "示例县人民政府")
    ('示例县人民政府', '2024年政府信息公开工作年度报告')

    Source: GB/T 9704-2012, 7.3.1 (回行时词意完整、排列对称、长短适宜，使用梯形或菱形).
    """
    if characters(title) <= line:
        return (title,)
    words = [part for word in title_words(title, name) for part in _fitting(word, line)]
    after_name = title.find(name) + len(name) if name in title else 0
    for count in range(2, len(words) + 1):
        ways = [w for w in _ways(words, count) if all(characters(row) <= line for row in w)]
        if ways:
            best = min(ways, key=lambda rows: _faults(rows, after_name))
            return tuple(row.strip() for row in best)
    return tuple(words)


# In this order: an address may hold digits, a telephone number is no count.
_PIECE = re.compile(
    r"(?P<mail>[A-Za-z0-9][\w.+-]*@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+)"
    r"|(?P<site>(?:https?://|www\.)[A-Za-z0-9][\w.~:/?#@$%&*+,=-]*[A-Za-z0-9/])"
    r"|(?P<phone>(?<![\w.])\d{3,4}[-－–—]{1,2}\d{6,8}(?:[-－–—]\d{1,6})?(?!\d))"
    r"|(?P<cited>见?图\d+(?=[、）]))"
    r"|(?P<count>(?:第|图|表)?\d[\d,，]*(?:\.\d+)?(?:[%％‰]|[万亿]?[余多]?[\u4e00-\u9fff]|(?=）)))",
    re.ASCII,
)


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text.

    A ``count`` (a number with its measure word, 见图1) and a ``solid`` (a telephone number) are
    not broken; a ``link`` leads to ``target``.
    """

    text: str
    kind: Literal["words", "count", "solid", "link"] = "words"
    target: str = ""


def pieces(text: str) -> Iterator[Piece]:
    """Take a text apart at numbers with their measure words, telephone numbers and addresses.

    Examples
    --------
    >>> [p.text for p in pieces("共38件，电话：0999-1234567。") if p.kind != "words"]
    ['38件', '0999-1234567']
    >>> [p.target for p in pieces("见www.a.example，邮箱b@c.example") if p.target]
    ['http://www.a.example', 'mailto:b@c.example']
    """
    end = 0
    for match in _PIECE.finditer(text):
        if match.start() > end:
            yield Piece(text[end : match.start()])
        end = match.end()
        found = match[0]
        match match.lastgroup:
            case "mail":
                yield Piece(found, "link", f"mailto:{found}")
            case "site":
                yield Piece(found, "link", found if "://" in found else f"http://{found}")
            case "phone":
                yield Piece(found, "solid")
            case _:
                yield Piece(found, "count")
    if end < len(text):
        yield Piece(text[end:])


_SHORT = 3
_LAST_TWO = re.compile(r"[\u4e00-\u9fff]{2}[^\w\s]*\Z")


def ending_whole(parts: Sequence[Piece]) -> list[Piece]:
    """Keep the last two characters of a paragraph together: one alone makes no line.

    Examples
    --------
    >>> [piece.text for piece in ending_whole([Piece("防止泄露。")])]
    ['防止', '泄露。']
    >>> [piece.text for piece in ending_whole([Piece("培训3人", "count"), Piece("次。")])]
    ['培训3人次。']
    """
    if not parts or parts[-1].kind != "words":
        return list(parts)
    *before, last = parts
    if found := _LAST_TWO.search(last.text):
        start = last.text[: found.start()]
        return [*before, *([Piece(start)] if start else []), Piece(found[0], "count")]
    if before and before[-1].kind == "count" and len(last.text) <= _SHORT:
        return [*before[:-1], Piece(before[-1].text + last.text, "count")]
    return [*before, last]


def characters(text: str) -> float:
    """Return the width of a text in full-width characters."""
    return sum(1.0 if unicodedata.east_asian_width(c) in "WFA" else 0.5 for c in text)


def title_words(title: str, name: str) -> list[str]:
    """Take a title apart where a line may end.

    Examples
    --------
    >>> title_words("示例县财政局2024年政府信息公开工作年度报告", "示例县财政局")
    ['示例县', '财政局', '2024年', '政府信息公开工作', '年度报告']
    """
    before, found, after = title.partition(name) if name else ("", "", title)
    return [*_REST.findall(before), *_NAME.findall(found), *_REST.findall(after)]


def _fitting(word: str, line: float) -> Iterator[str]:
    """Yield a word in parts that fit on a line: cut after a 和 near its middle, or there.

    Some bodies have a name that is longer than a line and holds no place or kind of body. What
    holds a blank is none: the blank would be lost at the end of the line.
    """
    if characters(word) <= line or re.search(r"\s", word):
        yield word
        return
    half = len(word) / 2
    joints = [found.start() for found in re.finditer("[与和及暨]", word)]
    joints = [place for place in joints if len(word) / 4 < place < len(word) * 3 / 4]
    place = min(joints, key=lambda found: abs(found - half), default=round(half))
    for part in (word[:place], word[place:]):
        yield from _fitting(part, line)


def _ways(words: Sequence[str], count: int) -> Iterator[tuple[str, ...]]:
    for breaks in combinations(range(1, len(words)), count - 1):
        ends = (0, *breaks, len(words))
        yield tuple("".join(words[a:b]) for a, b in pairwise(ends))


def _faults(rows: tuple[str, ...], after_name: int) -> tuple[bool, int, bool, float]:
    ends, widths = [0], [characters(row) for row in rows]
    for row in rows:
        ends.append(ends[-1] + len(row))
    # The other names of a body stand in brackets after it.
    joints = [(a[-1], b[0]) for a, b in pairwise(rows)]
    amid = sum(before not in "、）" and after != "（" for before, after in joints)
    waist = any(a > b < c for a, b, c in zip(widths, widths[1:], widths[2:], strict=False))
    return (after_name not in ends, amid, waist, max(widths) - min(widths))


_LONG_HEAD = 16


def broken(cell: GridCell) -> str:
    """Break what is printed in a cell of a grid, its note in brackets unless already there.

    A long head is broken where its sense breaks, the label of a group after its number.

    Examples
    --------
    >>> broken(GridCell("label", "（六）其他处理", rowspan=3))
    '（六）\\n其他处理'
    """
    if cell.kind == "head" and len(cell.text) > _LONG_HEAD:
        return re.sub("[：，]", "\\g<0>\n", cell.text)
    if cell.kind == "label" and cell.rowspan > 1:
        return re.sub("^（.）", "\\g<0>\n", cell.text)
    return cell.shown


def head_words(text: str) -> tuple[str, ...]:
    """Take the head of a column apart where a narrow one may break.

    Examples
    --------
    >>> head_words("社会公益组织"), head_words("自然人"), head_words("收费金额（单位：万元）")
    (('社会', '公益', '组织'), ('自然人',), ('收费', '金额', '（单位：万元）'))
    """
    if len(text) > _LONG_HEAD:
        return tuple(re.findall("[^：，]+[：，]?", text))
    stem, bracket, rest = text.partition("（")
    is_even = len(stem) > 2 and len(stem) % 2 == 0
    words = re.findall("..", stem) if is_even else [stem]
    return tuple(word for word in (*words, bracket + rest) if word)


def holds_numbers(texts: Iterable[str]) -> bool:
    """Return whether a column holds numbers alone, percentages and signs included."""
    return all(_is_number(text) for text in texts)


def heads_rows(rows: Sequence[Sequence[str]]) -> bool:
    """Return whether the first column of a plain table heads its rows: when it holds names."""
    return not holds_numbers(row[0] for row in rows if row)


def _is_number(text: str) -> bool:
    digits = text.strip().strip("+-−%％").replace(",", "").replace(".", "", 1)
    return digits == "" or digits.isdigit()


LINES, CHARACTERS = 22, 28
"""Of a page and of a line. Source: GB/T 9704-2012, 5.2.3."""
SMALLEST_SCALE = 0.7
"""A figure is drawn no smaller, for a page to hold it."""
TYPE_WIDTH, _PADDING = 156.0, 4.2
"""In mm: the type area, and what is free beside the text of a cell."""
_LEAST_NAME = 20.0
"""A column of names is no narrower, in mm."""
_USUAL, _SMALL = 12 * 25.4 / 72, 10.5 * 25.4 / 72
"""A character of 小四 and of 5号 in mm."""


def is_small(table: TableBlock) -> bool:
    """Return whether a plain table is set in 5号: its form asks for it, or its numbers do."""
    if table.widths:
        return True
    widths = _wanted_widths(table)
    unit = TYPE_WIDTH / sum(widths)
    return any(
        most * _USUAL + _PADDING > width * unit
        for width, most in zip(widths, _longest_numbers(table), strict=True)
        if most
    )


def column_widths(table: TableBlock) -> tuple[float, ...]:
    """Return the columns as the table says, else as wide as their longest text, within limits.

    A number has the room that it takes, since it is not broken and would run into the next; names
    have the rest.
    """
    widths = table.widths or _wanted_widths(table)
    unit = TYPE_WIDTH / sum(widths)
    size, longest = _SMALL if is_small(table) else _USUAL, _longest_numbers(table)
    fitted = [
        max(width, (most * size + _PADDING) / unit) if most else width
        for width, most in zip(widths, longest, strict=True)
    ]
    over = sum(fitted) - sum(widths)
    room = sum(width for width, most in zip(fitted, longest, strict=True) if not most)
    least = _LEAST_NAME / unit * sum(not most for most in longest)
    if over <= 0 or room - over < least:  # nothing is wanted, or there is nothing to take it from
        return widths
    less = 1 - over / room
    return tuple(w if most else w * less for w, most in zip(fitted, longest, strict=True))


def _longest_numbers(table: TableBlock) -> list[float]:
    """Return how wide the longest number of each column is, 0 of one with other texts."""
    columns = [[row[i] for row in table.texts] for i in range(len(table.head))]
    return [max(map(characters, c), default=0.0) if holds_numbers(c) else 0.0 for c in columns]


def _wanted_widths(table: TableBlock) -> tuple[float, ...]:
    """Return the columns as wide as their longest text, within limits."""
    widths = []
    for i, (head, align) in enumerate(zip(table.head, table.align, strict=True)):
        # Over a column of numbers the head takes two lines, so that names need not.
        least, lines = (2, 2) if align == "right" else (4, 1)
        wanted = max((characters(head) / lines, *(characters(row[i]) for row in table.texts)))
        widths.append(min(max(wanted, least), 24) + (2 if align == "right" else 3))
    return tuple(widths)

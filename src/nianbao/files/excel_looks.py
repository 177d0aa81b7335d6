"""What the cells of an Excel sheet look like: number formats, what is struck through or raised, and
whether a formula's result can be trusted.

The reader of values says nothing of these, so the sheet's XML is searched for them.
"""

from __future__ import annotations

import html
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal
from xml.etree import ElementTree

from nianbao.files.displayed import (
    Piece,
    ShownNumber,
    built_in_format,
    in_format,
    is_number_format,
    left_of,
    read_shown,
)
from nianbao.files.grids import Mark
from nianbao.files.words import column_letter, normalise_characters

UNCOMPUTED = "#未计算的公式"
"""Stands in a cell whose formula was written by a program and never computed."""

_CELL = re.compile(rb"<(?:\w+:)?c\s([^>]*?)(?:/>|>(.*?)</(?:\w+:)?c>)", re.DOTALL)
_REFERENCE = re.compile(rb"""\br=["']([A-Z]+)([0-9]+)["']""")
_GIVEN = re.compile(rb"""\br=["']([A-Z]*)([0-9]+)["']""")
_TYPE = re.compile(rb"""\bt=["'](\w+)["']""")
_STYLE = re.compile(rb"""\bs=["'](\d+)["']""")
_VALUE = re.compile(rb"<(?:\w+:)?v(?:\s[^>]*)?>([^<]+)<")
_FORMULA = re.compile(rb"<(?:\w+:)?f[\s/>]")
_ZEROS_HIDDEN = re.compile(rb"""<(?:\w+:)?sheetView\s[^>]*\bshowZeros=["'](?:0|false)["']""")
_STRING = re.compile(rb"<(?:\w+:)?si\b(?:[^>]*/>|.*?</(?:\w+:)?si>)", re.DOTALL)
_STRUCK = re.compile(rb"""<(?:\w+:)?strike\b(?!\s+val=["'](?:0|false)["'])""")
_RAISED = re.compile(rb"""<(?:\w+:)?vertAlign\s[^>]*["']superscript["']""")
_RUN = re.compile(rb"<(?:\w+:)?r[\s>].*?</(?:\w+:)?r>", re.DOTALL)
_WORDS = re.compile(rb"<(?:\w+:)?t(?:\s[^>]*)?>([^<]*)<")
_CALCULATING = (b"LibreOffice", b"WPS", b"OpenOffice")
"""Programs that calculate before they save, though they leave no chain of calculation."""


@dataclass(frozen=True, slots=True)
class Parted:
    """A text of which something is not read, what is left of it, and why."""

    text: str
    left: str
    kind: Literal["crossed", "raised"]


Results = Literal["calculated", "doubtful", "stale"]
"""Whether what stands beside a formula was calculated by a program, may have been, or was not."""


@dataclass(frozen=True)
class Look:
    """The looks of the cells of a workbook.

    ``formats`` has the number formats by style where they show numbers in a way of their own,
    ``struck`` the styles that are struck through, ``parted`` what is left of the shared texts of
    which something is not read; ``results`` says whether those of formulas can be trusted.
    """

    formats: Mapping[int, str]
    struck: frozenset[int]
    parted: Mapping[int, Parted]
    since_1904: bool
    results: Results

    @property
    def is_plain(self) -> bool:
        """True if every value says by itself what it shows."""
        return not (self.formats or self.struck or self.parted)


def read_look(archive: zipfile.ZipFile) -> Look:
    """Read the formats and typefaces of a workbook, and whether its formulas were calculated."""
    names = set(archive.namelist())
    book = ElementTree.fromstring(archive.read("xl/workbook.xml"))
    settings = {item.tag.rpartition("}")[2]: item.attrib for item in book.iter()}
    since_1904 = _is_on(settings.get("workbookPr", {}).get("date1904"))
    formats: dict[int, str] = {}
    struck: set[int] = set()
    if "xl/styles.xml" in names:
        formats, struck = _styles(archive.read("xl/styles.xml"))
    texts: dict[int, Parted] = {}
    if "xl/sharedStrings.xml" in names:
        shared = archive.read("xl/sharedStrings.xml")
        if _STRUCK.search(shared) or _RAISED.search(shared):
            every = enumerate(_STRING.finditer(shared))
            texts = {n: parted for n, text in every if (parted := _parted(text[0]))}
    results = _results(archive, names, settings.get("calcPr", {}))
    return Look(formats, frozenset(struck), texts, since_1904, results)


def _is_on(value: str | None) -> bool:
    return value in ("1", "true")


def _styles(xml: bytes) -> tuple[dict[int, str], set[int]]:
    """Return formats that show numbers, and styles with a struck typeface, by style."""
    parts = {item.tag.rpartition("}")[2]: item for item in ElementTree.fromstring(xml)}
    codes = {
        int(item.attrib["numFmtId"]): item.attrib.get("formatCode", "")
        for item in parts.get("numFmts", ())
    }
    fonts = {
        number
        for number, font in enumerate(parts.get("fonts", ()))
        for item in font
        if item.tag.endswith("}strike") and item.attrib.get("val", "1") not in ("0", "false")
    }
    formats, struck = {}, set()
    for style, item in enumerate(parts.get("cellXfs", ())):
        number = int(item.attrib.get("numFmtId", 0))
        code = codes.get(number) or built_in_format(number)
        if code and is_number_format(code):  # days are known by calamine already
            formats[style] = code
        if int(item.attrib.get("fontId", 0)) in fonts:
            struck.add(style)
    return formats, struck


def _results(archive: zipfile.ZipFile, names: set[str], settings: Mapping[str, str]) -> Results:
    """Return whether the results beside the formulas come from a program that calculates.

    A file that asks to be calculated when it is opened (fullCalcOnLoad) was written by one that
    does not; Excel leaves the request out when it saves. A file that is calculated by hand only
    may keep old results. Excel leaves a chain of calculation, and not every other program does.
    """
    if _is_on(settings.get("fullCalcOnLoad")) or settings.get("calcCompleted") in ("0", "false"):
        return "stale"
    by_hand = settings.get("calcMode") == "manual"
    if by_hand and settings.get("calcOnSave") in ("0", "false"):
        return "stale"
    program = archive.read("docProps/app.xml") if "docProps/app.xml" in names else b""
    known = "xl/calcChain.xml" in names or any(name in program for name in _CALCULATING)
    return "calculated" if known else "doubtful"


_PLACE = re.compile(rb"<(?:\w+:)?(?:row|c)(?=[\s/>])([^>]*)")


def with_places(xml: bytes) -> bytes:
    """Write in its place at each cell of a sheet that leaves it to be counted, as some programs do.

    Examples
    --------
    >>> with_places(b"<row><c><v>1</v></c><c/></row>")
    b'<row r="1"><c r="A1"><v>1</v></c><c r="B1"/></row>'
    """
    row = column = 0

    def placed(found: re.Match[bytes]) -> bytes:
        nonlocal row, column
        tag, given = found[0], _GIVEN.search(found[1])
        is_row = tag.removesuffix(found[1]).endswith(b"row")
        if is_row:
            row, column = int(given[2]) if given else row + 1, 0
        else:
            column = column_of(given[1]) + 1 if given else column + 1
        if given:
            return tag
        place = f"{row}" if is_row else f"{column_letter(column - 1)}{row}"
        head = tag.removesuffix(found[1])
        return head + f' r="{place}"'.encode() + found[1]

    return _PLACE.sub(placed, xml)


def looked_at(xml: bytes, look: Look) -> Iterator[tuple[int, int, str | None, Mark | None]]:
    """Find the cells whose value alone does not say what they show: row and column (0-based).

    These hold an error, a formula without a result, a number in a format, or are struck through.
    The text is None where the value says it.
    """
    formulas, zeros_hidden = b"<f" in xml or b":f" in xml, bool(_ZEROS_HIDDEN.search(xml))
    rich = bool(_STRUCK.search(xml) or _RAISED.search(xml))
    plain = look.is_plain and not (formulas or zeros_hidden or rich)
    if plain and b'"e"' not in xml and b"'e'" not in xml:
        return
    stale = formulas and _stale(xml, look)
    for match in _CELL.finditer(xml):
        attributes, content = match[1], match[2] or b""
        reference = _REFERENCE.search(attributes)
        if not reference or not content:
            continue
        row, column = int(reference[2]) - 1, column_of(reference[1])
        kind, styled = _TYPE.search(attributes), _STYLE.search(attributes)
        type_, style = kind[1] if kind else b"n", int(styled[1]) if styled else 0
        value = _VALUE.search(content)
        if type_ == b"e":
            yield row, column, value[1].decode("utf-8", "replace") if value else "#VALUE!", None
        elif formulas and _FORMULA.search(content) and (stale or (not value and type_ != b"str")):
            # A formula whose result is an empty text has the type str and is a blank.
            yield row, column, UNCOMPUTED, None
        elif type_ == b"n" and value and (shown := _shown(value[1], style, look, zeros_hidden)):
            mark = Mark(shown.kind, row + 1, column, shown.other) if shown.kind else None
            yield row, column, shown.text, mark
        parted = look.parted.get(int(value[1])) if type_ == b"s" and value else None
        if rich and type_ == b"inlineStr":
            parted = _parted(content)
        if parted and parted.left:
            yield row, column, parted.left, Mark(parted.kind, row + 1, column, parted.text)
        elif parted or style in look.struck:
            yield row, column, None, Mark("struck", row + 1, column)


def _parted(xml: bytes) -> Parted | None:
    """Return a text in runs of which some are not read; None of others."""
    if not (_STRUCK.search(xml) or _RAISED.search(xml)):
        return None
    pieces = [
        Piece(_words(run[0]), bool(_STRUCK.search(run[0])), bool(_RAISED.search(run[0])))
        for run in _RUN.finditer(xml)
    ]
    found = left_of(pieces)
    return found and Parted("".join(piece.text for piece in pieces), *found)


def _words(xml: bytes) -> str:
    words = b"".join(match[1] for match in _WORDS.finditer(xml)).decode("utf-8", "replace")
    return normalise_characters(html.unescape(words))


def _shown(digits: bytes, style: int, look: Look, zeros_hidden: bool) -> ShownNumber | None:
    """Return a number as it is shown; None where the value alone says it."""
    number, code = float(digits), look.formats.get(style)
    if zeros_hidden and not number:
        return read_shown(number, "")
    return read_shown(number, in_format(number, code)) if code else None


def _stale(xml: bytes, look: Look) -> bool:
    """Return whether the results of a sheet's formulas are not to be trusted.

    Where it is not known what wrote the file, they are not if all of them are 0.
    """
    if look.results != "doubtful":
        return look.results == "stale"
    contents = (match[2] or b"" for match in _CELL.finditer(xml))
    values = [_VALUE.search(content) for content in contents if _FORMULA.search(content)]
    return all(value is None or value[1].strip() in (b"0", b"0.0") for value in values)


def column_of(letters: bytes) -> int:
    """Return the 0-based place of a column by its letters."""
    index = 0
    for letter in letters:
        index = index * 26 + letter - ord("A") + 1
    return index - 1

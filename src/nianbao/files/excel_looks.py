"""What the cells of an Excel sheet look like: number formats, what is struck through, and whether
a formula's result can be trusted.

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
    ShownNumber,
    built_in_format,
    in_format,
    is_number_format,
    read_shown,
)
from nianbao.files.grids import Mark
from nianbao.files.words import normalise_characters

UNCOMPUTED = "#未计算的公式"
"""Stands in a cell whose formula was written by a program and never computed."""

_CELL = re.compile(rb"<(?:\w+:)?c\s([^>]*?)(?:/>|>(.*?)</(?:\w+:)?c>)", re.DOTALL)
_REFERENCE = re.compile(rb"""\br=["']([A-Z]+)([0-9]+)["']""")
_TYPE = re.compile(rb"""\bt=["'](\w+)["']""")
_STYLE = re.compile(rb"""\bs=["'](\d+)["']""")
_VALUE = re.compile(rb"<(?:\w+:)?v(?:\s[^>]*)?>([^<]+)<")
_FORMULA = re.compile(rb"<(?:\w+:)?f[\s/>]")
_ZEROS_HIDDEN = re.compile(rb"""<(?:\w+:)?sheetView\s[^>]*\bshowZeros=["'](?:0|false)["']""")
_STRING = re.compile(rb"<(?:\w+:)?si\b(?:[^>]*/>|.*?</(?:\w+:)?si>)", re.DOTALL)
_STRUCK = re.compile(rb"""<(?:\w+:)?strike\b(?!\s+val=["'](?:0|false)["'])""")
_RUN = re.compile(rb"<(?:\w+:)?r[\s>].*?</(?:\w+:)?r>", re.DOTALL)
_WORDS = re.compile(rb"<(?:\w+:)?t(?:\s[^>]*)?>([^<]*)<")
_CALCULATING = (b"LibreOffice", b"WPS", b"OpenOffice")
"""Programs that calculate before they save, though they leave no chain of calculation."""


@dataclass(frozen=True, slots=True)
class Struck:
    """A text of which something is struck through, and what is left of it."""

    text: str
    left: str


Results = Literal["calculated", "doubtful", "stale"]
"""Whether what stands beside a formula was calculated by a program, may have been, or was not."""


@dataclass(frozen=True)
class Look:
    """The looks of the cells of a workbook.

    ``formats`` has the number formats by style where they show numbers in a way of their own,
    ``struck`` the styles that are struck through, ``struck_texts`` what is left of the shared
    texts of which something is; ``results`` says whether those of formulas can be trusted.
    """

    formats: Mapping[int, str]
    struck: frozenset[int]
    struck_texts: Mapping[int, Struck]
    since_1904: bool
    results: Results

    @property
    def is_plain(self) -> bool:
        """True if every value says by itself what it shows."""
        return not (self.formats or self.struck or self.struck_texts)


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
    texts: dict[int, Struck] = {}
    if "xl/sharedStrings.xml" in names:
        shared = archive.read("xl/sharedStrings.xml")
        if _STRUCK.search(shared):
            every = enumerate(_STRING.finditer(shared))
            texts = {n: _struck(text[0]) for n, text in every if _STRUCK.search(text[0])}
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


def looked_at(xml: bytes, look: Look) -> Iterator[tuple[int, int, str | None, Mark | None]]:
    """Find the cells whose value alone does not say what they show: row and column (0-based).

    These hold an error, a formula without a result, a number in a format, or are struck through.
    The text is None where the value says it.
    """
    formulas, zeros_hidden = b"<f" in xml or b":f" in xml, bool(_ZEROS_HIDDEN.search(xml))
    rich = bool(_STRUCK.search(xml))
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
        struck = look.struck_texts.get(int(value[1])) if type_ == b"s" and value else None
        if rich and type_ == b"inlineStr" and _STRUCK.search(content):
            struck = _struck(content)
        if struck and struck.left:
            yield row, column, struck.left, Mark("crossed", row + 1, column, struck.text)
        elif struck or style in look.struck:
            yield row, column, None, Mark("struck", row + 1, column)


def _struck(xml: bytes) -> Struck:
    """Return a text in runs of which some are struck through."""
    runs = [(run[0], _words(run[0])) for run in _RUN.finditer(xml)]
    left = "".join(words for run, words in runs if not _STRUCK.search(run))
    return Struck("".join(words for _, words in runs), left.strip())


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

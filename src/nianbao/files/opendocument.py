"""Workbooks of LibreOffice (.ods), each cell as it is shown: the file says so itself."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from nianbao.errors import InputError, Place, Problem
from nianbao.files.displayed import (
    Piece,
    ShownNumber,
    clock_marks,
    left_of,
    plain_digits,
    read_shown,
    shown_moment,
)
from nianbao.files.excel_looks import UNCOMPUTED
from nianbao.files.grids import MAX_COLUMNS, MAX_ROWS, Grid, Mark, MarkKind, make_grid
from nianbao.files.words import normalise_characters

_MIME = b"application/vnd.oasis.opendocument.spreadsheet"
_ERROR = re.compile(r"(?:#[A-Z/0]+[!?]?|Err:\d+)")
_NUMBERS = ("float", "currency", "percentage")


def is_spreadsheet(archive: zipfile.ZipFile) -> bool:
    """Return whether an archive is a workbook of LibreOffice."""
    return "mimetype" in archive.namelist() and archive.read("mimetype").startswith(_MIME)


def sheet_names(archive: zipfile.ZipFile) -> tuple[tuple[str, bool], ...]:
    """Name each sheet and say whether it can be seen."""
    root = ElementTree.fromstring(archive.read("content.xml"))
    return tuple((_get(table, "name"), shown) for table, shown in _tables(root))


def read_sheets(
    file: str, archive: zipfile.ZipFile, wanted: Callable[[str], bool]
) -> tuple[Grid, ...]:
    """Read the visible sheets of a workbook; see `nianbao.files.excel.read_workbook`."""
    manifest = "META-INF/manifest.xml"
    if manifest in archive.namelist() and b"encryption-data" in archive.read(manifest):
        raise InputError(Problem("工作簿有密码", Place(file), remedy="请取消密码后另存"))
    root = ElementTree.fromstring(archive.read("content.xml"))
    looks = _looks(root)
    return tuple(
        _grid(file, table, looks)
        for table, shown in _tables(root)
        if shown and wanted(_get(table, "name"))
    )


def _local(element: Element) -> str:
    return element.tag.rpartition("}")[2]


def _get(element: Element, name: str) -> str:
    """Return an attribute by its name alone; the extension's own ones come last."""
    found = {k.rpartition("}")[2]: v for k, v in element.attrib.items() if "calcext" not in k}
    return found.get(name, "")


def _tables(root: Element) -> Iterator[tuple[Element, bool]]:
    """Yield each sheet, and whether it can be seen."""
    hidden = {
        _get(style, "name")
        for style in root.iter()
        if _local(style) == "style"
        for part in style
        if _local(part) == "table-properties" and _get(part, "display") == "false"
    }
    sheet = next((item for item in root.iter() if _local(item) == "spreadsheet"), ())
    for table in sheet:
        if _local(table) == "table":
            yield table, _get(table, "style-name") not in hidden


@dataclass(frozen=True, slots=True)
class _Looks:
    """The styles whose words are struck through, and those whose words are raised."""

    struck: frozenset[str]
    raised: frozenset[str]


def _looks(root: Element) -> _Looks:
    styles = [
        (_get(style, "name"), list(style)) for style in root.iter() if _local(style) == "style"
    ]
    return _Looks(
        frozenset(name for name, parts in styles if any(map(_is_struck, parts))),
        frozenset(name for name, parts in styles if any(map(_is_raised, parts))),
    )


def _is_struck(part: Element) -> bool:
    said = {_get(part, f"text-line-through-{how}") for how in ("style", "type")}
    return bool(said - {"", "none"})


def _is_raised(part: Element) -> bool:
    """Return whether words are raised: ``super 58%`` or by so much, ``33% 58%``."""
    height = _get(part, "text-position").partition(" ")[0]
    return height == "super" or (height.endswith("%") and height.strip("0%")[:1] not in ("", "-"))


def _rows(parent: Element) -> Iterator[Element]:
    """Yield the rows of a sheet, those of its groups and of its head among them."""
    for item in parent:
        if _local(item) == "table-row":
            yield item
        elif _local(item) in ("table-row-group", "table-header-rows", "table-rows"):
            yield from _rows(item)


def _grid(file: str, table: Element, looks: _Looks) -> Grid:
    name = _get(table, "name")
    rows: list[list[str]] = []
    marks: list[Mark] = []
    moments: dict[int, list[tuple[int, datetime]]] = {}
    blank = 0
    for element in _rows(table):
        texts, found, timed = _row(element, len(rows) + blank + 1, looks)
        times = int(_get(element, "number-rows-repeated") or 1)
        if not any(texts):
            blank += times
            continue
        # A row that repeats is written out; blank ones at the end are not.
        rows.extend([] for _ in range(min(blank, MAX_ROWS + 1 - len(rows))))
        blank = 0
        hidden = _get(element, "visibility") in ("collapse", "filter")
        for _ in range(min(times, MAX_ROWS + 1 - len(rows))):
            rows.append(list(texts))
            if hidden:
                marks.append(Mark("hidden", len(rows)))
            marks += (replace(mark, row=len(rows)) for mark in found)
            for column, moment in timed:
                moments.setdefault(column, []).append((len(rows), moment))
    marks += [Mark("column", 0, column) for column in _hidden_columns(table)]
    marks += clock_marks(moments, rows)
    return make_grid(file, name, rows, marks)


def _hidden_columns(table: Element) -> Iterator[int]:
    """Yield the 0-based places of the columns that are hidden."""
    at = 0
    for item in table.iter():
        if _local(item) == "table-column":
            times = int(_get(item, "number-columns-repeated") or 1)
            if _get(item, "visibility") in ("collapse", "filter"):
                yield from range(at, min(at + times, MAX_COLUMNS))
            at += times


def _row(
    element: Element,
    number: int,
    looks: _Looks,
) -> tuple[list[str], list[Mark], list[tuple[int, datetime]]]:
    """Return the texts of a row, its marks, and its moments with their columns.

    A cell that is written once for several columns has them in each.
    """
    texts: list[str] = []
    marks: list[Mark] = []
    moments: list[tuple[int, datetime]] = []
    for cell in element:
        if _local(cell) not in ("table-cell", "covered-table-cell"):
            continue
        shown, moment = _shown(cell)
        left, why = _left(cell, looks) or (None, "crossed")
        column = len(texts)
        times = min(int(_get(cell, "number-columns-repeated") or 1), MAX_COLUMNS + 1 - column)
        kinds: list[tuple[MarkKind, str]] = []
        if shown.text and left:
            kinds.append((why, shown.text))
            shown = ShownNumber(left)
        if shown.kind:
            kinds.append((shown.kind, shown.other))
        if shown.text and (left == "" or _get(cell, "style-name") in looks.struck):
            kinds.append(("struck", ""))
        texts.extend([shown.text] * times)
        for place in range(column, column + times):
            marks += (Mark(kind, number, place, kept) for kind, kept in kinds)
            if moment:
                moments.append((place, moment))
        if (height := int(_get(cell, "number-rows-spanned") or 1)) > 1:
            marks.append(Mark("merged", number, column, last=number + height - 1))
    return texts, marks, moments


def _shown(cell: Element) -> tuple[ShownNumber, datetime | None]:
    """Return a cell as it is shown, and its moment if it has a time of the day."""
    kind = _get(cell, "value-type")
    paragraphs = [_words(p) for p in cell if _local(p) == "p"]
    shown = normalise_characters("\n".join(paragraphs)).strip()
    if not kind:
        return ShownNumber(UNCOMPUTED if _get(cell, "formula") else ""), None
    if _get(cell, "formula") and _ERROR.fullmatch(shown):
        return ShownNumber(shown if shown.startswith("#") else "#VALUE!"), None
    if kind == "date":
        moment = datetime.fromisoformat(_get(cell, "date-value"))
        timed = moment if moment.hour or moment.minute or moment.second else None
        return ShownNumber(shown_moment(moment)[0]), timed
    if kind == "boolean":
        return ShownNumber(_get(cell, "boolean-value").upper()), None
    if kind not in _NUMBERS:
        return ShownNumber(shown), None
    number = float(_get(cell, "value"))
    # A program that writes no words leaves it open what would be shown.
    return read_shown(number, shown) if paragraphs else ShownNumber(plain_digits(number)), None


def _left(cell: Element, looks: _Looks) -> tuple[str, Literal["crossed", "raised"]] | None:
    """Return what is left of a text of which some words are not read, and why; None of others."""
    if not any(_local(item) == "span" for item in cell.iter()):
        return None
    paragraphs = [list(_pieces(p, looks, Piece(""))) for p in cell if _local(p) == "p"]
    return left_of(piece for pieces in paragraphs for piece in (*pieces, Piece("\n")))


def _pieces(paragraph: Element, looks: _Looks, like: Piece) -> Iterator[Piece]:
    """Yield the words of a paragraph by how they look; ``like`` says how those around it do."""
    yield replace(like, text=paragraph.text or "")
    for item in paragraph:
        name, sign = _get(item, "style-name"), _sign(item)
        if sign is not None:
            yield replace(like, text=sign)
        else:
            struck, raised = name in looks.struck, name in looks.raised
            yield from _pieces(item, looks, Piece("", like.struck or struck, like.raised or raised))
        yield replace(like, text=item.tail or "")


def _words(paragraph: Element) -> str:
    """Return the words of a paragraph."""
    parts = [paragraph.text or ""]
    for item in paragraph:
        sign = _sign(item)
        parts += [_words(item) if sign is None else sign, item.tail or ""]
    return "".join(parts)


def _sign(item: Element) -> str | None:
    """Return the blanks that an element stands for, nothing of notes; None of words."""
    match _local(item):
        case "s":
            return " " * int(_get(item, "c") or 1)
        case "tab":
            return "\t"
        case "line-break":
            return "\n"
        case "annotation" | "note":
            return ""
    return None

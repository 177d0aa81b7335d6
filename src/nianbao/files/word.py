"""A Word file opened for reading: tracked changes accepted, styles and numbering looked up.

Word, WPS and LibreOffice all rewrite the file: style ids change, names and outline levels stay.
Read with zipfile and lxml, not with the library that wrote it.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from io import BytesIO
from zipfile import BadZipFile, ZipFile

from lxml import etree

from nianbao.errors import InputError

Element = etree._Element

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_DELETED = ("del", "moveFrom", "pPrChange", "rPrChange", "tblPrChange", "tcPrChange", "trPrChange")
_WRAPPERS = ("ins", "moveTo", "hyperlink", "smartTag", "customXml", "fldSimple", "sdtContent")
_HEADING_NAME = re.compile(r"(?:heading|标题)\s*([1-9])", re.IGNORECASE)
_WIDEST = 100
_DEEPEST = 8  # Word has nine levels of lists
MAX_UNPACKED = 200_000_000
"""Largest file when unpacked."""
# A RuntimeError is a member with a password or packed in a way that is not known.
_ZIP_ERRORS = (BadZipFile, zlib.error, EOFError, OSError, RuntimeError)
_PIECES = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}


def tag(name: str) -> str:
    """A name in the namespace of WordprocessingML."""
    return _W + name


def value(element: Element | None, name: str = "val") -> str | None:
    """An attribute of the same namespace, None for no element."""
    return None if element is None else element.get(_W + name)


def _is_on(element: Element | None) -> bool:
    """A switch such as ``<w:b/>``: there, and not switched off."""
    return element is not None and value(element) not in ("0", "false", "off", "none")


def _number(text: str | None, default: int) -> int:
    """A number that Word writes, as far as it can be one."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 6 else default


def _remove(element: Element) -> None:
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)  # text between Word's elements carries nothing


def _unwrap(element: Element) -> None:
    for child in list(element):
        element.addprevious(child)
    _remove(element)


def _accept_changes(body: Element) -> None:
    """Make the tree what it is after "accept all changes", without wrappers of any kind."""
    for paragraph in list(body.iter(tag("p"))):
        mark = paragraph.find(f"{_W}pPr/{_W}rPr")
        if mark is None or (mark.find(tag("del")) is None and mark.find(tag("moveFrom")) is None):
            continue
        below = paragraph.getnext()
        if below is None or below.tag != tag("p"):
            continue
        # The paragraph's end was deleted: its content opens the next paragraph.
        at = 1 if below.find(tag("pPr")) is not None else 0
        for child in reversed(paragraph):
            if child.tag != tag("pPr"):
                below.insert(at, child)
        _remove(paragraph)
    for row in list(body.iter(tag("tr"))):
        if row.find(f"{_W}trPr/{_W}del") is not None:
            _remove(row)
    for gone in [e for name in _DELETED for e in body.iter(tag(name))]:
        _remove(gone)
    for fallback in list(body.iter(f"{_MC}Fallback")):
        _remove(fallback)
    for name in ("sdtPr", "sdtEndPr", "customXmlPr", "smartTagPr"):
        for element in list(body.iter(tag(name))):
            _remove(element)
    wrappers = [e for name in (*_WRAPPERS, "sdt") for e in body.iter(tag(name))]
    for wrapper in reversed(wrappers):
        _unwrap(wrapper)


@dataclass(frozen=True)
class WordFile:
    """A Word file's parts, parsed; its body is as after accepting all changes."""

    parts: dict[str, Element]
    body: Element

    @cached_property
    def _styles(self) -> dict[str, Element]:
        styles = self.parts.get("word/styles.xml")
        found = () if styles is None else styles.iter(tag("style"))
        return {value(style, "styleId") or "": style for style in found}

    def _chain(self, style_id: str | None) -> Iterator[Element]:
        """A style and those that it is based on."""
        seen: set[str] = set()
        while style_id in self._styles and style_id not in seen:
            seen.add(style_id)
            style = self._styles[style_id]
            yield style
            style_id = value(style.find(tag("basedOn")))

    def style_names(self, owner: Element, reference: str = "pPr/pStyle") -> list[str]:
        """Names of a paragraph's (or run's) style and of those that it is based on."""
        style_id = value(owner.find("/".join(_W + step for step in reference.split("/"))))
        return [value(style.find(tag("name"))) or "" for style in self._chain(style_id)]

    def heading_level(self, paragraph: Element) -> int | None:
        """1 to 9 for a heading: by outline level or by the style's name."""
        direct = _number(value(paragraph.find(f"{_W}pPr/{_W}outlineLvl")), 9)
        if direct < 9:
            return direct + 1
        for style in self._chain(value(paragraph.find(f"{_W}pPr/{_W}pStyle"))):
            named = _HEADING_NAME.fullmatch(value(style.find(tag("name"))) or "")
            if named:
                return int(named[1])
            outline = _number(value(style.find(f"{_W}pPr/{_W}outlineLvl")), 9)
            if outline < 9:
                return outline + 1
        return None

    def list_place(self, paragraph: Element) -> tuple[str, int] | None:
        """A list item's list (w:numId) and depth from 0; None for any other paragraph."""
        owners = [paragraph, *self._chain(value(paragraph.find(f"{_W}pPr/{_W}pStyle")))]
        for owner in owners:
            number = owner.find(f"{_W}pPr/{_W}numPr")
            if number is not None:
                list_id = value(number.find(tag("numId"))) or "0"
                depth = min(_number(value(number.find(tag("ilvl"))), 0), _DEEPEST)
                return None if list_id == "0" else (list_id, depth)
        return None

    def list_start(self, list_id: str, depth: int) -> int | None:
        """The first number of a numbered list; None for one with bullets."""
        numbering = self.parts.get("word/numbering.xml")
        if numbering is None:
            return None
        for num in numbering.iter(tag("num")):
            if value(num, "numId") != list_id:
                continue
            wanted = value(num.find(tag("abstractNumId")))
            levels = [
                level
                for pattern in numbering.iter(tag("abstractNum"))
                if value(pattern, "abstractNumId") == wanted
                for level in pattern.iter(tag("lvl"))
                if value(level, "ilvl") == str(depth)
            ]
            if not levels or value(levels[0].find(tag("numFmt"))) in ("bullet", "none"):
                return None
            overrides = [
                value(override.find(tag("startOverride")))
                for override in num.iter(tag("lvlOverride"))
                if value(override, "ilvl") == str(depth)
            ]
            start = next((o for o in overrides if o), value(levels[0].find(tag("start"))))
            return _number(start, 1)
        return None

    def emphasis(self, run: Element) -> tuple[bool, bool]:
        """Whether a run is strong, and whether it is stressed, directly or by its style."""
        properties = run.find(tag("rPr"))
        if properties is None:
            return False, False
        names = self.style_names(run, "rPr/rStyle")
        strong, slanted = properties.find(tag("b")), properties.find(tag("i"))
        return (
            _is_on(strong) if strong is not None else "Strong" in names,
            _is_on(slanted) if slanted is not None else "Emphasis" in names,
        )


def open_word(data: bytes) -> WordFile:
    """Open a Word file for reading.

    Raises
    ------
    InputError
        It is not a .docx.
    """
    parser = etree.XMLParser(resolve_entities=False, remove_comments=True, huge_tree=False)
    try:
        with ZipFile(BytesIO(data)) as archive:
            if sum(part.file_size for part in archive.infolist()) > MAX_UNPACKED:
                raise InputError("Word 文件展开后太大，不读取；请用 Word 打开，删去图片后另存")
            names = [n for n in archive.namelist() if re.fullmatch(r"word/\w+\.xml", n)]
            parts = {name: etree.fromstring(archive.read(name), parser) for name in names}
        body = parts["word/document.xml"].find(tag("body"))
    except (KeyError, etree.XMLSyntaxError, *_ZIP_ERRORS) as error:
        raise InputError(
            "不是可以读取的 Word 文件（.docx）；旧格式 .doc 请先另存为 .docx"
        ) from error
    if body is None:
        raise InputError("Word 文件里没有正文")
    if any(part.getroottree().docinfo.internalDTD is not None for part in parts.values()):
        raise InputError("Word 文件里有不该有的声明（DOCTYPE），不读取")
    _accept_changes(body)
    return WordFile(parts, body)


def run_text(run: Element) -> str:
    """The visible text of a run; hidden text and field codes are none."""
    if _is_on(run.find(f"{_W}rPr/{_W}vanish")):
        return ""
    pieces = []
    for piece in run:
        if piece.tag == tag("t"):
            pieces.append(piece.text or "")
        elif isinstance(piece.tag, str) and piece.tag.startswith(_W):
            pieces.append(_PIECES.get(piece.tag.removeprefix(_W), ""))
    return "".join(pieces)


def paragraph_text(paragraph: Element) -> str:
    """The visible text of a paragraph."""
    return "".join(run_text(run) for run in paragraph.iter(tag("r")))


def _places(text: str | None, default: int) -> int:
    """How many places of a table's grid a cell claims; more than any table has is an attack."""
    return min(int(text), _WIDEST) if text and text.isdecimal() else default


def table_matrix(table: Element) -> list[list[str]]:
    """The text at every place of a table's grid, spans filled."""
    rows: list[list[str]] = []
    for row in table.iterchildren(tag("tr")):
        line: list[str] = []
        skipped = value(row.find(f"{tag('trPr')}/{tag('gridBefore')}"))
        line.extend([""] * _places(skipped, 0))
        for cell in row.iterchildren(tag("tc")):
            properties = cell.find(tag("tcPr"))
            span, merge = None, None
            if properties is not None:
                span = value(properties.find(tag("gridSpan")))
                merge = properties.find(tag("vMerge"))
            text = "\n".join(paragraph_text(p) for p in cell.iterchildren(tag("p")))
            if merge is not None and value(merge) != "restart" and rows:
                above = rows[-1]
                text = above[len(line)] if len(line) < len(above) else ""
            line.extend([text] * _places(span, 1))
        rows.append(line)
    return rows

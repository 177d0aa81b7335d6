"""A Word file opened for reading: what it shows as a tree, its styles and lists looked up.

Word, WPS and LibreOffice all rewrite the file: style ids change, names and outline levels stay.
Read with zipfile and lxml, not with the library that wrote it. A file of another form that it takes
in whole (altChunk) is read as far as its words.
"""

from __future__ import annotations

import email
import email.policy
import posixpath
import re
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from io import BytesIO
from zipfile import BadZipFile, ZipFile

from lxml import etree, html
from lxml.etree import LxmlError

from nianbao.errors import InputError, Problem
from nianbao.files.pages import PICTURE_ALONE, struck_words
from nianbao.files.sources import decode
from nianbao.files.word.numbering import Counter, Lists
from nianbao.files.word.shown import (
    accept_changes,
    margin_texts,
    settle,
    settle_breaks,
    settle_runs,
)
from nianbao.files.word.xml import (
    DRAWING,
    RELATION,
    STRICT,
    VML,
    Element,
    Untaken,
    find_untaken,
    is_on,
    make_run,
    mark,
    number,
    shown_text,
    tag,
    value,
)

_RTF_GROUP = re.compile(r"\{\\(?:\*|fonttbl|colortbl|stylesheet|info|pict)(?:[^{}]|\{[^{}]*\})*\}")
_RTF_TOKEN = re.compile(
    r"\\u(?P<number>-?\d+) ?(?:\\'[0-9a-f]{2}|\?)?|(?P<bytes>(?:\\'[0-9a-fA-F]{2})+)"
    r"|\\(?P<sign>[\\{}~])|\\(?P<end>par|line|tab|cell|row)\b ?|\\[a-zA-Z]+-?\d* ?|[{}\r\n]"
)


def chunk_text(data: bytes, of_word: Callable[[bytes], str]) -> str:
    """Return the words of a file that was taken in, empty where its form is not known.

    ``of_word`` gives the words of a Word file.
    """
    try:
        if data.startswith(b"PK"):
            return _tight(of_word(data))
        text = decode(data, "")
        if text.startswith("{\\rtf"):
            return _tight(_rtf(text))
        if re.match(r"(?i)(?:mime-version|from|content-type):", text):
            return _tight(" ".join(map(_page, _pages_of_mail(data))))
        return _tight(_page(text) if "<" in text else text)
    except (InputError, BadZipFile, LxmlError, ValueError, LookupError, RuntimeError):
        return ""


def _tight(text: str) -> str:
    return " ".join(text.split())


def _page(text: str) -> str:
    tree = html.fromstring(re.sub(r"^\s*<\?xml[^>]*>", "", text))
    shown = tree.xpath("//text()[not(ancestor::script or ancestor::style or ancestor::head)]")
    return "".join(map(str, shown)) if isinstance(shown, list) else ""


def _pages_of_mail(data: bytes) -> list[str]:
    message = email.message_from_bytes(data, policy=email.policy.default)
    parts = (part for part in message.walk() if part.get_content_type() == "text/html")
    return [str(part.get_content()) for part in parts]


def _rtf(text: str) -> str:
    def shown(match: re.Match[str]) -> str:
        if match["number"]:
            return chr(int(match["number"]) % 0x10000)
        if match["bytes"]:
            return bytes.fromhex(match["bytes"].replace("\\'", "")).decode("gb18030", "replace")
        return match["sign"] or (" " if match["end"] else "")

    return _RTF_TOKEN.sub(shown, _RTF_GROUP.sub("", text))


_HEADING_NAME = re.compile(r"(?:heading|标题)\s*([1-9])", re.IGNORECASE)
_WIDEST = 100
_DEEPEST = 8  # Word has nine levels of lists
MAX_UNPACKED = 200_000_000
"""Largest file when unpacked."""
# A RuntimeError is a member with a password or packed in a way that is not known.
_ZIP_ERRORS = (BadZipFile, zlib.error, EOFError, OSError, RuntimeError)
_XML = re.compile(r"(?!docProps/|customXml/)[\w./]+\.(?:xml|rels)")
_PIECES = {"tab": "\t", "ptab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
_MAIN = "word/document.xml"


@dataclass(frozen=True)
class WordFile:
    """A Word file's parts, parsed; its body is what Word shows.

    ``chunks`` are the files that it takes in whole, by the name of their part.
    """

    parts: Mapping[str, Element]
    main: str
    body: Element
    checksums: Mapping[str, int]
    chunks: Mapping[str, bytes]

    def part(self, name: str) -> Element | None:
        """Return a part that stands beside the text, such as ``styles``."""
        return self.parts.get(posixpath.join(posixpath.dirname(self.main), f"{name}.xml"))

    @cached_property
    def _relations(self) -> dict[str, str]:
        """Where each relation of the text leads: to a part, or to an address outside."""
        folder, name = posixpath.split(self.main)
        found = self.parts.get(posixpath.join(folder, "_rels", f"{name}.rels"))
        relations = {}
        for relation in () if found is None else found:
            target = relation.get("Target", "")
            if relation.get("TargetMode") != "External":
                target = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
            relations[relation.get("Id", "")] = target
        return relations

    def related(self, relation: str) -> Element | None:
        """Return the part that a relation of the text leads to."""
        return self.parts.get(self._relations.get(relation, ""))

    def address(self, relation: str) -> str:
        """Return the address outside of the file that a relation leads to, or nothing."""
        target = self._relations.get(relation, "")
        return target if re.match(r"[a-z]+:", target) else ""

    def chunk(self, relation: str) -> str:
        """Return the words of the file that a relation takes in."""
        return chunk_text(self.chunks.get(self._relations.get(relation, ""), b""), _plain_text)

    def picture_checksum(self, picture: Element) -> int | None:
        """Return the checksum of a picture's bytes, by which it is known under any name."""
        blips = picture.iter(f"{DRAWING}blip", f"{VML}imagedata")
        keys = (b.get(f"{RELATION}embed") or b.get(f"{RELATION}id") for b in blips)
        return next((self.checksums.get(self._relations.get(k or "", "")) for k in keys), None)

    @cached_property
    def styles(self) -> dict[str, Element]:
        """The styles by their id."""
        part = self.part("styles")
        found = () if part is None else part.iter(tag("style"))
        return {value(style, "styleId") or "": style for style in found}

    @cached_property
    def lists(self) -> Lists:
        """The lists that the file defines."""
        return Lists(self.part("numbering"), self.styles)

    @cached_property
    def margins(self) -> tuple[Untaken, ...]:
        """The texts of page heads and feet."""
        names = {posixpath.basename(name): part for name, part in self.parts.items()}
        return tuple(margin_texts(names))

    def _chain(self, style_id: str | None) -> Iterator[Element]:
        """Yield a style and those that it is based on."""
        seen: set[str] = set()
        while style_id in self.styles and style_id not in seen:
            seen.add(style_id)
            style = self.styles[style_id]
            yield style
            style_id = value(style.find(tag("basedOn")))

    def style_names(self, owner: Element, reference: str = "pPr/pStyle") -> list[str]:
        """Return the names of a paragraph's (or run's) style and of those that it is based on."""
        style_id = value(owner.find("/".join(tag(step) for step in reference.split("/"))))
        return [value(style.find(tag("name"))) or "" for style in self._chain(style_id)]

    def heading_level(self, paragraph: Element) -> int | None:
        """Return 1 to 9 for a heading: by outline level or by the style's name."""
        properties = tag("pPr")
        direct = number(value(paragraph.find(f"{properties}/{tag('outlineLvl')}")), 9)
        if direct < 9:
            return direct + 1
        for style in self._chain(value(paragraph.find(f"{properties}/{tag('pStyle')}"))):
            named = _HEADING_NAME.fullmatch(value(style.find(tag("name"))) or "")
            if named:
                return int(named[1])
            outline = number(value(style.find(f"{properties}/{tag('outlineLvl')}")), 9)
            if outline < 9:
                return outline + 1
        return None

    def list_place(self, paragraph: Element) -> tuple[str, int] | None:
        """Return a list item's list (w:numId) and depth from 0; None for any other paragraph."""
        style = value(paragraph.find(f"{tag('pPr')}/{tag('pStyle')}"))
        depth: int | None = None
        for owner in (paragraph, *self._chain(style)):
            given = owner.find(f"{tag('pPr')}/{tag('numPr')}")
            if given is None:
                continue
            level, list_id = value(given.find(tag("ilvl"))), value(given.find(tag("numId")))
            depth = number(level, 0) if depth is None and level else depth
            if list_id is not None:
                linked = depth if depth is not None else self._linked_depth(list_id, owner)
                return None if list_id == "0" else (list_id, min(linked, _DEEPEST))
        return None

    def is_plain(self, paragraph: Element) -> bool:
        """Return whether a paragraph is neither a heading nor an item of a list."""
        return self.heading_level(paragraph) is None and self.list_place(paragraph) is None

    def _linked_depth(self, list_id: str, style: Element) -> int:
        """Return the level of a list that belongs to a style, as those of headings do."""
        own = value(style, "styleId")
        depths = (self.lists.level(list_id, depth) for depth in range(_DEEPEST + 1))
        return next((d for d, level in enumerate(depths) if level and level.style == own), 0)

    def run_property(self, run: Element, name: str) -> Element | None:
        """Return a property of a run, its own or that of its style."""
        properties = run.find(tag("rPr"))
        if properties is None:
            return None
        own = properties.find(tag(name))
        if own is not None:
            return own
        styles = self._chain(value(properties.find(tag("rStyle"))))
        found = (style.find(f"{tag('rPr')}/{tag(name)}") for style in styles)
        return next((each for each in found if each is not None), None)

    def emphasis(self, run: Element) -> tuple[bool, bool]:
        """Return whether a run is strong, and whether it is stressed, directly or by its style."""
        properties = run.find(tag("rPr"))
        if properties is None:
            return False, False
        names = self.style_names(run, "rPr/rStyle")
        strong, slanted = properties.find(tag("b")), properties.find(tag("i"))
        return (
            is_on(strong) if strong is not None else "Strong" in names,
            is_on(slanted) if slanted is not None else "Emphasis" in names,
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
            entries = archive.infolist()
            if sum(part.file_size for part in entries) > MAX_UNPACKED:
                raise InputError("Word 文件展开后太大，不读取；请用 Word 打开，删去图片后另存")
            names = [n for n in archive.namelist() if _XML.fullmatch(n)]
            parts = {name: etree.fromstring(_usual(archive.read(name)), parser) for name in names}
            main = _main_part(parts)
            taken_in = _targets(parts, main, "/aFChunk") & set(archive.namelist())
            chunks = {name: archive.read(name) for name in taken_in}
        body = parts[main].find(tag("body"))
    except (KeyError, etree.XMLSyntaxError, *_ZIP_ERRORS) as error:
        raise InputError(_no_word_file(data)) from error
    if body is None:
        raise InputError("Word 文件里没有正文")
    if any(part.getroottree().docinfo.internalDTD is not None for part in parts.values()):
        raise InputError("Word 文件里有不该有的声明（DOCTYPE），不读取")
    word = WordFile(parts, main, body, {entry.filename: entry.CRC for entry in entries}, chunks)
    beside = {posixpath.basename(name).removesuffix(".xml"): part for name, part in parts.items()}
    settle(body, beside, word.related, word.address, word.chunk)
    settle_runs(body, word.run_property)
    settle_breaks(body, paragraph_text, word.is_plain)
    _settle_numbers(word)
    return word


def _no_word_file(data: bytes) -> Problem:
    """Say what a file is that only has the name of a Word file."""
    found = "里面是旧格式的.doc" if data.startswith(b"\xd0\xcf\x11\xe0") else ""
    found = "有密码" if found and "EncryptedPackage".encode("utf-16-le") in data else found
    found = "里面是RTF" if data.lstrip().startswith(b"{\\rtf") else found
    found = "里面是LibreOffice的.odt" if b"opendocument.text" in data[:200] else found
    found = "里面是网页" if data[:200].lstrip().lower().startswith((b"<html", b"<!doc")) else found
    message = f"不是可以读取的Word文件{f'，{found}' if found else ''}"
    return Problem(message, expected=".docx", remedy="请用Word或WPS打开，另存为.docx，没有密码")


def _usual(data: bytes) -> bytes:
    """Return a part with the usual names, whichever of the two forms of OOXML it has."""
    if b"purl.oclc.org" in data:
        for strict, usual in STRICT:
            data = data.replace(strict, usual.strip("{}").encode())
    return data


def _main_part(parts: Mapping[str, Element]) -> str:
    """Return the name of the part that holds the text, wherever a program put it."""
    relations = parts.get("_rels/.rels")
    for relation in () if relations is None else relations:
        name = relation.get("Target", "").lstrip("/")
        if relation.get("Type", "").endswith("/officeDocument") and name in parts:
            return name
    return _MAIN


def _targets(parts: Mapping[str, Element], main: str, kind: str) -> set[str]:
    """Return the parts to which the text has a relation of a kind."""
    folder, name = posixpath.split(main)
    relations = parts.get(posixpath.join(folder, "_rels", f"{name}.rels"))
    return {
        posixpath.normpath(posixpath.join("/", folder, relation.get("Target", ""))).lstrip("/")
        for relation in (() if relations is None else relations)
        if relation.get("Type", "").endswith(kind)
    }


def _plain_text(data: bytes) -> str:
    """Return the words of a Word file within another, without what it takes in itself."""
    with ZipFile(BytesIO(data)) as archive:
        if archive.getinfo(_MAIN).file_size > MAX_UNPACKED:
            return ""
        parser = etree.XMLParser(resolve_entities=False, huge_tree=False)
        root = etree.fromstring(_usual(archive.read(_MAIN)), parser)
    accept_changes(root)
    return shown_text(root)


def _settle_numbers(word: WordFile) -> None:
    """Write the numbers that Word counts into the text, but those of lists as Markdown has them."""
    counter = Counter(word.lists)
    above = -1  # the depth of the item of Markdown that stands above
    for paragraph in list(word.body.iter(tag("p"))):
        place = word.list_place(paragraph)
        if place is None:
            if paragraph_text(paragraph) and "List Continue" not in word.style_names(paragraph):
                above = -1
            continue
        label = counter.label(*place)
        # Without an item above it an inner one would be shown as an outer one, `1.` for （1）.
        is_item = word.heading_level(paragraph) is None and place[1] <= above + 1
        if is_item and word.lists.is_markdown(*place):
            above = place[1]
            continue
        above = -1
        text = paragraph_text(paragraph)
        at = 1 if paragraph.find(tag("pPr")) is not None else 0
        if text.strip():
            shown = mark("自动编号") if label is None else make_run(_spaced(label, text))
            paragraph.insert(at, shown)
        _take_off_list(paragraph)


def _spaced(label: str, text: str) -> str:
    """Return a label before its text; ``1.1`` before ``5件`` must not become another number."""
    apart = label[-1:].isascii() and text[:1].isascii() and text[:1].isalnum()
    return f"{label} " if label.strip() and apart else label


def _take_off_list(paragraph: Element) -> None:
    properties = paragraph.find(tag("pPr"))
    if properties is None:
        properties = etree.Element(tag("pPr"))
        paragraph.insert(0, properties)
    for given in properties.findall(tag("numPr")):
        properties.remove(given)
    given = etree.SubElement(properties, tag("numPr"))
    etree.SubElement(given, tag("numId")).set(tag("val"), "0")


def run_text(run: Element) -> str:
    """Return the text of a run."""
    pieces = []
    for piece in run:
        if piece.tag == tag("t"):
            pieces.append(piece.text or "")
        elif isinstance(piece.tag, str) and piece.tag.startswith("{"):
            pieces.append(_PIECES.get(etree.QName(piece).localname, ""))
    return "".join(pieces)


def paragraph_text(paragraph: Element) -> str:
    """Return the text of a paragraph, its number included."""
    return "".join(run_text(run) for run in paragraph.iter(tag("r")))


def _places(text: str | None, default: int) -> int:
    """Return how many places of a table's grid a cell claims.

    A claim beyond what any table has is an attack.
    """
    return min(int(text), _WIDEST) if text and text.isdecimal() else default


def _cell_line(paragraph: Element) -> str:
    """Return the text of a paragraph in a cell, which says so where words are struck through."""
    texts = []
    for run in paragraph.iter(tag("r")):
        struck = any(found.kind == "删除线" for found in find_untaken(run))
        text = run_text(run)
        texts.append(struck_words(text) if struck and text.strip() else text)
    return "".join(texts)


def table_matrix(table: Element) -> list[list[str]]:
    """Return the text at every place of a table's grid, spans filled."""
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
            text = "\n".join(map(_cell_line, cell.iter(tag("p"))))
            drawn = next(cell.iter(tag("drawing"), tag("pict"), tag("object")), None)
            text = text if text.strip() or drawn is None else PICTURE_ALONE
            if merge is not None and value(merge) != "restart" and rows:
                above = rows[-1]
                text = above[len(line)] if len(line) < len(above) else ""
            line.extend([text] * _places(span, 1))
        rows.append(line)
    return rows

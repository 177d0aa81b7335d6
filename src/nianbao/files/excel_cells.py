"""Edit somebody's workbook in place: texts and colours of cells, notes, a sheet in front.

The XML is changed where it has to be and all else of the file stays as it was: a library that
reads and writes the whole file would lose drawings, charts and what it does not know.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from zipfile import ZipFile, ZipInfo

from lxml import etree

from nianbao.errors import InputError
from nianbao.files.excel import sheet_parts
from nianbao.files.reading_process import read_apart
from nianbao.files.sources import Source
from nianbao.files.words import column_letter

MAX_TEXT = 32_767
"""Most characters of a cell."""

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "{http://schemas.openxmlformats.org/package/2006/relationships}"
_TYPES = "{http://schemas.openxmlformats.org/package/2006/content-types}"
_FORM = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_VML = "application/vnd.openxmlformats-officedocument.vmlDrawing"
_REFERENCE = re.compile(r"([A-Z]+)(\d+)")
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_AFTER_NOTES = (
    "legacyDrawingHF", "drawingHF", "picture", "oleObjects", "controls", "webPublishItems",
    "tableParts", "extLst",
)  # fmt: skip
"""What stands behind the relation to the notes in a sheet."""
_NOTES_DRAWING = (
    '<xml xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"'
    ' xmlns:x="urn:schemas-microsoft-com:office:excel"><o:shapelayout v:ext="edit"><o:idmap '
    'v:ext="edit" data="1"/></o:shapelayout><v:shapetype id="_x0000_t202" coordsize="21600,21600" '
    'o:spt="202" path="m,l,21600r21600,l21600,xe"><v:stroke joinstyle="miter"/><v:path '
    'gradientshapeok="t" o:connecttype="rect"/></v:shapetype></xml>'
)
_NOTE = (
    '<v:shape xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:'
    'office" xmlns:x="urn:schemas-microsoft-com:office:excel" id="_x0000_s{id}" '
    'type="#_x0000_t202" style="position:absolute;width:270pt;height:120pt;visibility:hidden" '
    'fillcolor="#ffffe1" o:insetmode="auto"><v:fill color2="#ffffe1"/><v:path '
    'o:connecttype="none"/><v:textbox/><x:ClientData ObjectType="Note"><x:MoveWithCells/>'
    "<x:SizeWithCells/><x:Anchor>{left}, 15, {row}, 2, {right}, 15, {bottom}, 2</x:Anchor>"
    "<x:AutoFill>False</x:AutoFill><x:Row>{row}</x:Row><x:Column>{column}</x:Column>"
    "</x:ClientData></v:shape>"
)


@read_apart
def write_cells(source: Source, sheet: str, texts: Mapping[str, str]) -> bytes:
    """Give a workbook with texts put into cells of a sheet, in the reading process.

    ``texts`` go by cell, such as ``C5``, which keeps its style.

    Raises
    ------
    InputError
        One of the cells holds a formula, or a text is too long for a cell; the file is no
        workbook.
    """
    workbook = open_package(source.data)
    for reference, text in texts.items():
        workbook.write(sheet, reference, text)
    return workbook.packed()


@dataclass(frozen=True, slots=True)
class NewCell:
    """A cell of a new sheet: its text, whether it is bold, and its colour."""

    text: str
    is_head: bool = False
    colour: str | None = None


@dataclass
class Package:
    """A workbook while it is edited."""

    parts: dict[str, bytes]
    entries: tuple[ZipInfo, ...]
    sheets: dict[str, str]
    _trees: dict[str, etree._Element] = field(default_factory=dict)
    _colours: dict[tuple[str, str], str] = field(default_factory=dict)

    def tree(self, part: str) -> etree._Element:
        """Return a part's tree, which is written back when the file is packed."""
        if part not in self._trees:
            parser = etree.XMLParser(resolve_entities=False)
            self._trees[part] = etree.fromstring(self.parts[part], parser)
        return self._trees[part]

    def packed(self) -> bytes:
        """Return the file, its parts in their order and those that are new at the end."""
        for part, root in self._trees.items():
            xml = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
            self.parts[part] = xml
        known = {entry.filename: entry for entry in self.entries}
        out = BytesIO()
        with ZipFile(out, "w") as written:
            for name in [*known, *(name for name in self.parts if name not in known)]:
                entry = known.get(name) or ZipInfo(name)
                compression = known[name].compress_type if name in known else 8
                written.writestr(entry, self.parts[name], compression)
        return out.getvalue()

    def write(self, sheet: str, reference: str, text: str) -> None:
        """Put a text into a cell, which keeps its style; see `write_cells`."""
        root = self.tree(self.sheets[sheet])
        namespace = _namespace(root)
        cell = _cell(root, namespace, reference)
        if cell.find(f"{namespace}f") is not None:
            raise InputError(f"单元格 {reference} 是公式，不能写入文字；请改成普通文字")
        if len(text) > MAX_TEXT:
            raise InputError(f"单元格 {reference} 放不下这么长的文字（{len(text)}个字）")
        _fill(cell, namespace, text)

    def colour(self, sheet: str, reference: str, argb: str) -> None:
        """Give a cell a colour; the rest of its look stays."""
        root = self.tree(self.sheets[sheet])
        cell = _cell(root, _namespace(root), reference)
        cell.set("s", self._coloured(cell.get("s", "0"), argb))

    def _coloured(self, style: str, argb: str) -> str:
        """Return the number of a style that is another one with a colour."""
        if (style, argb) not in self._colours:
            root = self.tree("xl/styles.xml")
            namespace = _namespace(root)
            fills = _required(root, f"{namespace}fills")
            looks = _required(root, f"{namespace}cellXfs")
            pattern = etree.SubElement(
                etree.SubElement(fills, f"{namespace}fill"),
                f"{namespace}patternFill",
                patternType="solid",
            )
            etree.SubElement(pattern, f"{namespace}fgColor", rgb=argb)
            etree.SubElement(pattern, f"{namespace}bgColor", indexed="64")
            look = etree.fromstring(etree.tostring(looks[int(style)]))
            look.set("fillId", str(len(fills) - 1))
            look.set("applyFill", "1")
            looks.append(look)
            _count(fills)
            self._colours[style, argb] = str(_count(looks) - 1)
        return self._colours[style, argb]

    def note(self, sheet: str, reference: str, text: str) -> None:
        """Add a note to a cell, above one that is there."""
        comments = self.tree(self._notes_of(sheet))
        namespace = _namespace(comments)
        notes = _required(comments, f"{namespace}commentList")
        note = next((n for n in notes if n.get("ref") == reference), None)
        if note is None:
            note = etree.SubElement(notes, f"{namespace}comment", ref=reference, authorId="0")
            etree.SubElement(note, f"{namespace}text")
            self._draw_note(sheet, reference)
        shown = _required(note, f"{namespace}text")
        run = etree.Element(f"{namespace}r")
        words = etree.SubElement(run, f"{namespace}t")
        words.set(_SPACE, "preserve")
        words.text = text
        if len(shown):
            words.text += "\n\n"
            for plain in shown.findall(f"{namespace}t"):  # a text without a form of its own
                old = etree.Element(f"{namespace}r")
                plain.addprevious(old)
                old.append(plain)
        shown.insert(0, run)

    def _draw_note(self, sheet: str, reference: str) -> None:
        part = self._related(self.sheets[sheet], "/vmlDrawing")
        assert part is not None
        letters, row = _place(reference)
        column = _index(letters)
        shape = _NOTE.format(
            id=700_000 + self.parts[part].count(b"<v:shape "), row=int(row) - 1, column=column,
            left=column + 1, right=column + 5, bottom=int(row) + 6,
        )  # fmt: skip
        end = self.parts[part].rindex(b"</xml>")
        self.parts[part] = self.parts[part][:end] + shape.encode() + self.parts[part][end:]

    def _notes_of(self, sheet: str) -> str:
        """Return the part with a sheet's notes, made with its drawing where there is none."""
        owner = self.sheets[sheet]
        if self._related(owner, "/vmlDrawing") is None:
            drawing = self._new("xl/drawings/vmlDrawing{}.vml", _NOTES_DRAWING.encode(), None)
            root = self.tree(owner)
            namespace = _namespace(root)
            link = etree.Element(f"{namespace}legacyDrawing")
            link.set(f"{{{_RELATION}}}id", self._relate(owner, "vmlDrawing", drawing))
            names = {f"{namespace}{name}" for name in _AFTER_NOTES}
            behind = next((element for element in root if element.tag in names), None)
            if behind is None:
                root.append(link)
            else:
                behind.addprevious(link)
        found = self._related(owner, "/comments")
        if found is None:
            xml = (
                f'<comments xmlns="{_MAIN[1:-1]}"><authors><author>nianbao</author></authors>'
                "<commentList/></comments>"
            )
            found = self._new("xl/comments{}.xml", xml.encode(), f"{_FORM}.comments+xml")
            self._relate(owner, "comments", found)
        return found

    def _new(self, pattern: str, content: bytes, form: str | None) -> str:
        """Return a new part.

        ``form`` is None for a drawing of notes, which is known by its suffix.
        """
        number = next(n for n in range(1, 10_000) if pattern.format(n) not in self.parts)
        name = pattern.format(number)
        self.parts[name] = content
        types = self.tree("[Content_Types].xml")
        if form is not None:
            etree.SubElement(types, f"{_TYPES}Override", PartName=f"/{name}", ContentType=form)
        elif not any(t.get("Extension", "").lower() == "vml" for t in types):
            types.insert(0, etree.Element(f"{_TYPES}Default", Extension="vml", ContentType=_VML))
        return name

    def _relations(self, owner: str) -> etree._Element:
        folder, name = posixpath.split(owner)
        part = f"{folder}/_rels/{name}.rels"
        if part not in self.parts:
            self.parts[part] = f'<Relationships xmlns="{_PACKAGE[1:-1]}"/>'.encode()
        return self.tree(part)

    def _related(self, owner: str, kind: str) -> str | None:
        """Return the part to which another has a relation of a kind."""
        for relation in self._relations(owner):
            if relation.get("Type", "").endswith(kind):
                target = posixpath.join("/", posixpath.dirname(owner), relation.get("Target", ""))
                return posixpath.normpath(target).lstrip("/")
        return None

    def _relate(self, owner: str, kind: str, part: str) -> str:
        relations = self._relations(owner)
        taken = {relation.get("Id") for relation in relations}
        number = next(f"rId{n}" for n in range(1, 10_000) if f"rId{n}" not in taken)
        etree.SubElement(
            relations, f"{_PACKAGE}Relationship",
            Id=number, Type=f"{_RELATION}/{kind}", Target=f"/{part}",
        )  # fmt: skip
        return number

    def add_in_front(
        self, name: str, rows: Iterable[Sequence[NewCell]], widths: Sequence[int]
    ) -> None:
        """Add a sheet before the others, which is seen when the file is opened."""
        book = self.tree("xl/workbook.xml")
        namespace = _namespace(book)
        root = etree.fromstring(
            f'<worksheet xmlns="{namespace[1:-1]}"><sheetViews><sheetView tabSelected="1" '
            'workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" '
            'state="frozen"/></sheetView></sheetViews><cols/><sheetData/></worksheet>'
        )
        for place, width in enumerate(widths, 1):
            column = {"min": str(place), "max": str(place), "width": str(width)}
            etree.SubElement(root[1], f"{namespace}col", column, customWidth="1")
        for number, cells in enumerate(rows, 1):
            row = etree.SubElement(root[2], f"{namespace}row", r=str(number))
            for place, cell in enumerate(cells):
                made = etree.SubElement(row, f"{namespace}c", r=f"{column_letter(place)}{number}")
                made.set("s", self._look(cell))
                _fill(made, namespace, cell.text[:MAX_TEXT])
        for other in self.sheets.values():
            if b"tabSelected" not in self.parts[other]:
                continue
            for view in self.tree(other).iter(f"{namespace}sheetView"):
                view.attrib.pop("tabSelected", "")
        part = self._new("xl/worksheets/sheet{}.xml", b"", f"{_FORM}.worksheet+xml")
        self._trees[part] = root
        sheets = _required(book, f"{namespace}sheets")
        taken = (int(sheet.get("sheetId", "0")) for sheet in sheets)
        entry = etree.Element(
            f"{namespace}sheet", name=name, sheetId=str(max(taken, default=0) + 1)
        )
        entry.set(_relation_name(sheets), self._relate("xl/workbook.xml", "worksheet", part))
        sheets.insert(0, entry)
        self.sheets[name] = part
        for defined in book.iter(f"{namespace}definedName"):
            if "localSheetId" in defined.attrib:  # counted by the place among the sheets
                defined.set("localSheetId", str(int(defined.get("localSheetId", "0")) + 1))
        for view in book.iter(f"{namespace}workbookView"):
            view.set("activeTab", "0")
            view.attrib.pop("firstSheet", "")

    def _look(self, cell: NewCell) -> str:
        """Return the number of the style of a cell of a new sheet."""
        key = "new", f"{cell.is_head}"
        if key not in self._colours:
            root = self.tree("xl/styles.xml")
            namespace = _namespace(root)
            fonts = _required(root, f"{namespace}fonts")
            font = etree.fromstring(etree.tostring(fonts[0]))
            if cell.is_head and font.find(f"{namespace}b") is None:
                font.insert(0, etree.Element(f"{namespace}b"))
            fonts.append(font)
            looks = _required(root, f"{namespace}cellXfs")
            look = etree.SubElement(
                looks, f"{namespace}xf", numFmtId="0", fontId=str(_count(fonts) - 1), fillId="0",
                borderId="0", xfId="0", applyFont="1", applyAlignment="1",
            )  # fmt: skip
            etree.SubElement(look, f"{namespace}alignment", vertical="top", wrapText="1")
            self._colours[key] = str(_count(looks) - 1)
        plain = self._colours[key]
        return self._coloured(plain, cell.colour) if cell.colour else plain


def open_package(data: bytes) -> Package:
    """Open a workbook (.xlsx or .xlsm) for editing; only what was read before, or read apart."""
    with ZipFile(BytesIO(data)) as archive:
        entries = tuple(archive.infolist())
        parts = {entry.filename: archive.read(entry) for entry in entries}
        return Package(parts, entries, sheet_parts(archive))


def _namespace(root: etree._Element) -> str:
    """Return the namespace of a part: the two kinds of OOXML differ in it."""
    return str(root.tag).partition("}")[0] + "}"


def _relation_name(sheets: etree._Element) -> str:
    """Return how the list of sheets names a relation."""
    names = (str(name) for sheet in sheets for name in sheet.attrib if str(name).endswith("}id"))
    return next(names, f"{{{_RELATION}}}id")


def _required(parent: etree._Element, name: str) -> etree._Element:
    found = parent.find(name)
    if found is None:
        raise InputError("工作簿已损坏，不能写入；请用 Excel 或 WPS 打开后另存为 .xlsx")
    return found


def _count(elements: etree._Element) -> int:
    elements.set("count", str(len(elements)))
    return len(elements)


def _fill(cell: etree._Element, namespace: str, text: str) -> None:
    """Make a text the content of a cell."""
    for old in list(cell):
        cell.remove(old)
    cell.set("t", "inlineStr")
    inside = etree.SubElement(etree.SubElement(cell, f"{namespace}is"), f"{namespace}t")
    inside.set(_SPACE, "preserve")
    inside.text = text


def _cell(root: etree._Element, namespace: str, reference: str) -> etree._Element:
    """Return a cell of the sheet, made where there is none yet."""
    rows = _required(root, f"{namespace}sheetData")
    letters, number = _place(reference)
    row = next((r for r in rows if int(r.get("r", "0")) >= int(number)), None)
    if row is None or row.get("r") != number:
        row = _insert(rows, f"{namespace}row", number, row)
    after = (c for c in row if _index(_place(c.get("r", ""))[0]) >= _index(letters))
    cell = next(after, None)
    if cell is None or cell.get("r") != reference:
        cell = _insert(row, f"{namespace}c", reference, cell)
    return cell


def _insert(
    parent: etree._Element, tag: str, reference: str, before: etree._Element | None
) -> etree._Element:
    made = etree.Element(tag, r=reference)
    if before is None:
        parent.append(made)
    else:
        before.addprevious(made)
    return made


def _place(reference: str) -> tuple[str, str]:
    """Return the letters and number of a reference."""
    match = _REFERENCE.fullmatch(reference)
    return (match[1], match[2]) if match else ("", "0")


def _index(letters: str) -> int:
    """Return the 0-based place of a column; -1 without letters."""
    place = 0
    for letter in letters:
        place = place * 26 + ord(letter) - ord("A") + 1
    return place - 1


def merged_top(package: Package, sheet: str, reference: str) -> str:
    """Return the cell that shows a cell's content: the first of a merged area."""
    letters, number = _place(reference)
    root = package.tree(package.sheets[sheet])
    for area in root.iter(f"{_namespace(root)}mergeCell"):
        first, _, last = area.get("ref", "").partition(":")
        (left, top), (right, bottom) = _place(first), _place(last or first)
        columns = _index(left) <= _index(letters) <= _index(right)
        if columns and int(top) <= int(number) <= int(bottom):
            return first
    return reference

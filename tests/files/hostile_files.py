"""Files that kill, fill or stall the libraries that read them, each a few kilobytes."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Mapping
from functools import cache

import openpyxl

CASES = (
    "uniqueCount", "uniqueCount behind a comment", "two sheets of one name", "a sheet in UTF-16",
    "far cell with a quoted slash", "slash in a value",
    "dimension of the whole sheet", "a column past the last", "unpacks without end",
    "merged over everything",
)  # fmt: skip


def workbook(*titles: str) -> bytes:
    """A plain workbook with these sheets."""
    book = openpyxl.Workbook()
    book.active.title = titles[0]
    for title in titles[1:]:
        book.create_sheet(title)
    for sheet in book:
        sheet.append(["名称", "数值"])
        sheet.append(["培训次数", 3])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def with_parts(data: bytes, change: Mapping[str, tuple[bytes, bytes]]) -> bytes:
    """An archive in some of whose members one piece of text stands for another."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", 8) as new:
        assert set(change) <= set(old.namelist())
        for name in old.namelist():
            content = old.read(name)
            if name in change:
                before, after = change[name]
                assert before in content, (name, before, content[:300])
                content = content.replace(before, after, 1)
            new.writestr(name, content)
    return out.getvalue()


SHEET = "xl/worksheets/sheet1.xml"


def _with_shared_text(data: bytes, counts: bytes, before: bytes = b"") -> bytes:
    """A workbook whose first cell is a shared text, of which it claims to have so many."""
    kind = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
    space = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    parts = b'<Override PartName="/xl/sharedStrings.xml" ContentType="' + kind + b'"/></Types>'
    relation = (
        b'<Relationship Id="rId99" Target="sharedStrings.xml" Type="http://schemas.'
        b'openxmlformats.org/officeDocument/2006/relationships/sharedStrings"/></Relationships>'
    )
    changed = with_parts(
        data,
        {
            "[Content_Types].xml": (b"</Types>", parts),
            "xl/_rels/workbook.xml.rels": (b"</Relationships>", relation),
        },
    )
    out = io.BytesIO(changed)
    with zipfile.ZipFile(out, "a", 8) as archive:
        texts = before + b'<sst xmlns="' + space + b'" ' + counts + b"><si><t>a</t></si></sst>"
        archive.writestr("xl/sharedStrings.xml", texts)
    return out.getvalue()


def _in_utf_16(data: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", 8) as new:
        for name in old.namelist():
            content = old.read(name)
            new.writestr(name, content.decode().encode("utf-16") if name == SHEET else content)
    return out.getvalue()


@cache
def hostile_workbook(case: str) -> bytes:
    """The workbook of a case."""
    plain = workbook("figures", "Sheet2")
    row = b"<sheetData>"
    match case:
        case "uniqueCount":
            return _with_shared_text(plain, b'uniqueCount="4294967295"')
        case "uniqueCount behind a comment":
            return _with_shared_text(plain, b'uniqueCount="4294967295"', b" " * 6_000)
        case "a sheet in UTF-16":
            return _in_utf_16(plain)
        case "two sheets of one name":
            # The first one is vast; by its name the second is found.
            cell = b'<row r="190000"><c r="XFD190000"><v>1</v></c></row>'
            name = (b'name="Sheet2"', b'name="figures"')
            return with_parts(plain, {"xl/workbook.xml": name, SHEET: (row, row + cell)})
        case "far cell with a quoted slash":
            cell = b'<row r="190000"><c r="XFD190000" x="a/b"><v>1</v></c></row>'
            return with_parts(plain, {SHEET: (row, row + cell)})
        case "slash in a value":
            cell = b'<row r="190000"><c x="/>" r="XFD190000"><v>1</v></c></row>'
            return with_parts(plain, {SHEET: (row, row + cell)})
        case "dimension of the whole sheet":
            whole = (b'<dimension ref="A1:B2"', b'<dimension ref="A1:XFD1048576"')
            return with_parts(plain, {SHEET: whole})
        case "a column past the last":
            cell = b'<row r="4294967295"><c r="ZZZZZZZ4294967295"><v>1</v></c></row>'
            return with_parts(plain, {SHEET: (row, row + cell)})
        case "unpacks without end":
            return with_parts(plain, {SHEET: (row, row + b" " * 120_000_000)})
        case "merged over everything":
            merged = b'</sheetData><mergeCells count="4294967295">' + b"".join(
                b'<mergeCell ref="A1:XFD1048576"/>' for _ in range(3)
            )
            return with_parts(plain, {SHEET: (b"</sheetData>", merged + b"</mergeCells>")})
    raise KeyError(case)


@cache
def pdf_bomb(megabytes: int, layers: int = 1) -> bytes:
    """A PDF of one page whose text unpacks to so many megabytes."""
    content = b"BT /F1 12 Tf 72 720 Td (nianbao) Tj ET " * (megabytes * 26_000)
    packed = content
    for _ in range(layers):
        packed = zlib.compress(packed, 9)
    filters = b"[" + b"/FlateDecode " * layers + b"]"
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R"
        b"/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Length %d/Filter%s>>stream\n%s\nendstream" % (len(packed), filters, packed),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]
    out, places = b"%PDF-1.7\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj%s endobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 6\n0000000000 65535 f \n"
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    return out + b"trailer<</Size 6/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % start


@cache
def large_word() -> bytes:
    """A Word file of a few kilobytes with 15,000 paragraphs."""
    space = b"http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    text = b"<w:p><w:r><w:t>a</w:t></w:r></w:p>" * 15_000
    body = b'<w:document xmlns:w="' + space + b'"><w:body>' + text + b"</w:body></w:document>"
    return _archive({"[Content_Types].xml": b"<Types/>", "word/document.xml": body})


@cache
def large_spreadsheet() -> bytes:
    """A workbook of LibreOffice of a few kilobytes with 100,000 cells."""
    office = b"urn:oasis:names:tc:opendocument:xmlns:"
    cells = b"<table:table-cell><text:p>a</text:p></table:table-cell>" * 10
    rows = (b"<table:table-row>" + cells + b"</table:table-row>") * 10_000
    content = (
        b'<office:document-content xmlns:office="%boffice:1.0" xmlns:table="%btable:1.0" '
        b'xmlns:text="%btext:1.0"><office:body><office:spreadsheet>'
        b'<table:table table:name="figures">%b</table:table>'
        b"</office:spreadsheet></office:body></office:document-content>"
    ) % (office, office, office, rows)
    kind = b"application/vnd.oasis.opendocument.spreadsheet"
    return _archive({"mimetype": kind, "content.xml": content})


def _archive(members: Mapping[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", 8) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()

"""Hostile folders of a third kind: what the standards of files allow and no clerk ever makes.

Beside `tests.hostile.strangers`: names, workbooks at the level of their archive and their XML, and
the lengths that a text or a table may have.
"""

from __future__ import annotations

import io
import os
import zipfile
from collections.abc import Callable
from pathlib import Path

from tests.hostile.samples import empty_workbook, shared_workbook
from tests.hostile.spoils import (
    BESIDE,
    HANDED_IN,
    MAIN,
    YEAR,
    Folder,
    Kind,
    Spoil,
    beside,
    book,
    card,
    data,
    pipe,
    put,
    sheet_cells,
    sparse,
    workbook,
    zipped,
)


def _words(text: str) -> Spoil:
    return data("narrative.md", f"## overview\n\n{text}\n")


# --- names and places -----------------------------------------------------------------------------


def own_by_hard_link(folder: Folder) -> None:
    """Its table is the very file of the neighbour's."""
    (folder.data / "disclosures.csv").unlink()
    os.link(beside(folder, "data", BESIDE, str(YEAR), "disclosures.csv"),
            folder.data / "disclosures.csv")  # fmt: skip


def in_output(name: str, make: Callable[[Path], object]) -> Spoil:
    """Something where the program keeps its own beside the finished sets."""

    def spoil(folder: Folder) -> None:
        path = folder.output / name
        path.parent.mkdir(parents=True)
        make(path)

    return spoil


def two_cases(folder: Folder) -> None:
    """Two tables whose names differ by their case alone."""
    put(folder.data / "REQUESTS.CSV", HANDED_IN["requests.csv"])
    put(folder.data / "Narrative.MD", "## overview\n\n甲。\n")


def unseen_names(folder: Folder) -> None:
    """Names with line ends, marks of direction, the picture of a zero, and nothing else."""
    for name in (
        "\n.csv",
        "a\r\nb.csv",
        "\u202e.csv",
        "a\u2400.csv",
        "\u200b.csv",
        " .csv",
        "\u3000",
    ):
        put(folder.data / name, "甲,乙\n")


def many_folders(folder: Folder) -> None:
    """Three thousand folders beside the bureaus', each with nothing in it."""
    for number in range(3000):
        beside(folder, "params", f"empty-{number}").mkdir(parents=True, exist_ok=True)


def many_cards(folder: Folder) -> None:
    """Three hundred cards of bureaus that have no report."""
    for number in range(300):
        put(
            beside(folder, "params", f"card-{number}", "agency.yaml"),
            f"name: 示例县第{number}小学校\nkind: other\n",
        )


# --- archives -------------------------------------------------------------------------------------


def patched(find: bytes, offset: int, value: bytes) -> bytes:
    """A workbook whose archive says something else: ``value`` so far behind each ``find``."""
    found = bytearray(zipped(empty_workbook()))
    start = found.find(find)
    while start >= 0:
        found[start + offset : start + offset + len(value)] = value
        start = found.find(find, start + 4)
    return bytes(found)


def packed_rarely() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_LZMA) as archive:
        for name, part in empty_workbook().items():
            archive.writestr(name, part)
    return out.getvalue()


def overlapping() -> bytes:
    """Every member of the archive is said to be the same bytes, again and again."""
    out = io.BytesIO()
    body = b"<x/>" * 2_000_000
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in empty_workbook().items():
            archive.writestr(name, part)
        archive.writestr("xl/a.xml", body)
        first = archive.infolist()[-1]
        for number in range(3000):
            copy = zipfile.ZipInfo(f"xl/{number}.xml")
            for key in ("header_offset", "CRC", "compress_size", "file_size", "compress_type"):
                setattr(copy, key, getattr(first, key))
            archive.filelist.append(copy)
            archive.NameToInfo[copy.filename] = copy
    return out.getvalue()


# --- workbooks ------------------------------------------------------------------------------------


def related(target: bytes) -> bytes:
    """A workbook whose sheet is said to lie elsewhere."""
    parts = dict(empty_workbook())
    name = "xl/_rels/workbook.xml.rels"
    parts[name] = parts[name].replace(
        b'Target="/xl/worksheets/sheet1.xml"', b'Target="' + target + b'" TargetMode="External"'
    )
    return zipped(parts)


def sheet(inside: bytes, before: bytes = b"", after: bytes = b"") -> bytes:
    """A workbook with this in its sheet, before its cells or behind them."""
    whole = b"<worksheet " + MAIN + b">%s<sheetData>%s</sheetData>%s</worksheet>"
    return workbook(sheet=whole % (before, inside, after))


def styled(count: int) -> bytes:
    formats = b"".join(
        b'<numFmt numFmtId="%d" formatCode="0.0%d"/>' % (n + 200, n) for n in range(count)
    )
    looks = b"".join(b'<xf numFmtId="%d"/>' % (n + 200) for n in range(count))
    style = (
        b"<styleSheet " + MAIN + b'><numFmts count="1">' + formats + b"</numFmts>"
        b'<fonts count="1"><font/></fonts><fills count="1"><fill/></fills>'
        b'<borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs>'
        b"<cellXfs>" + looks + b"</cellXfs></styleSheet>"
    )
    return zipped({**empty_workbook(), "xl/styles.xml": style})


def many_sheets(count: int, name: str = "表{}") -> bytes:
    part = empty_workbook()["xl/workbook.xml"]
    start = part.index(b"<sheet ")
    end = part.index(b"/>", start) + 2
    sheets = b"".join(
        part[start:end]
        .replace(b'name="Sheet"', f'name="{name.format(n)}"'.encode())
        .replace(b'sheetId="1"', b'sheetId="%d"' % (n + 1))
        for n in range(count)
    )
    return workbook(book=part[:start] + sheets + part[end:])


def rich_text() -> bytes:
    """One cell of a hundred thousand runs."""
    runs = b"".join(b"<r><rPr><b/></rPr><t>%d</t></r>" % (n % 10) for n in range(100_000))
    shared = b"<sst " + MAIN + b' count="1" uniqueCount="1"><si>' + runs + b"</si></sst>"
    cells = (
        b"<worksheet " + MAIN + b'><sheetData><row r="1"><c r="A1" t="s"><v>0</v></c></row>'
        b"</sheetData></worksheet>"
    )
    return shared_workbook(cells, shared)


def shared_formula() -> bytes:
    return sheet(
        b'<row r="1"><c r="A1"><f t="shared" ref="A1:XFD1048576" si="0">A1+1</f><v>1</v></c>'
        b'<c r="B1"><f t="shared" si="4294967295"/><v>2</v></c></row>'
    )


def merged() -> bytes:
    return sheet(
        b'<row r="1"><c r="A1"><v>1</v></c></row>',
        before=b'<dimension ref="A1:XFD1048576"/>',
        after=b'<mergeCells count="1"><mergeCell ref="A1:XFD1048576"/></mergeCells>',
    )


def odd_values() -> bytes:
    values = (b"1e999", b"NaN", b"-1e308", b"1e-400", b"0x10", b"1" * 5000, b"-0", b" 1 ")
    cells = b"".join(
        b'<c r="%s1"><v>%s</v></c>' % (bytes((65 + n,)), value) for n, value in enumerate(values)
    )
    return sheet_cells(cells)


def tables_in_tables() -> bytes:
    """An OpenDocument table in the cell of another, five thousand deep."""
    space = "urn:oasis:names:tc:opendocument:xmlns:"
    opened = '<t:table t:name="其他数据"><t:table-row><t:table-cell>' * 5000
    closed = "</t:table-cell></t:table-row></t:table>" * 5000
    content = (
        f'<o:document-content xmlns:o="{space}office:1.0" xmlns:t="{space}table:1.0">'
        f"<o:body><o:spreadsheet>{opened}{closed}</o:spreadsheet></o:body></o:document-content>"
    )
    kind = b"application/vnd.oasis.opendocument.spreadsheet"
    return zipped({"mimetype": kind, "content.xml": content.encode()})


_CENTRAL = b"PK\x01\x02"
"""Begins an entry of the list of an archive's members."""

NEWCOMERS: dict[str, Kind] = {
    # names and places
    "table: the neighbour's own file, by a hard link": Kind(own_by_hard_link, built=True),
    "folder: two tables that differ by case": Kind(two_cases),
    "folder: names that nobody sees": Kind(unseen_names),
    "folder: beside 3,000 empty ones": Kind(many_folders, built=True),
    "folder: beside 300 cards without a report": Kind(many_cards, built=True),
    "last year: a file": Kind(lambda f: put(f.data.parent / str(YEAR - 1), "x"), built=True),
    # cards
    "card: two documents": Kind(card("name: NAME\nkind: department\n---\nname: 乙\n")),
    "card: a text of a megabyte": Kind(
        card("name: NAME\nkind: department\naddress: |\n" + "  甲\n" * 100_000)
    ),
    "card: line ends of Unicode": Kind(card("name: NAME\u2028kind: department\u0085x: 1\n")),
    "card: layers by blanks": Kind(
        card("name: NAME\nphone:\n" + "".join(" " * n + f"a{n}:\n" for n in range(1, 400)))
    ),
    # the text
    "text: a table of 2,000 rows": Kind(_words("|甲|乙|\n|-|-|\n" + "|1|2|\n" * 2000), built=True),
    "text: a section 3,000 times": Kind(data("narrative.md", "## overview\n\n甲。\n\n" * 3000)),
    "text: markup 20,000 deep": Kind(_words("\n".join("<div>" * 100 for _ in range(200)))),
    "text: addresses that name each other": Kind(
        _words("[甲][a]\n\n" + "".join(f"[a{n}]: <a{n + 1}>\n" for n in range(3000)))
    ),
    # the tables
    "table: 19 MB in one line": Kind(data("figures.csv", "名称,数值\n" + "甲" * 6_300_000)),
    "table: 20,000 kinds of applicants": Kind(
        data(
            "requests.csv",
            HANDED_IN["requests.csv"]
            + "".join(f"{n},2024-03-04,甲{n},予以公开,2024-03-15\n" for n in range(2, 20_002)),
        )
    ),
    # archives
    "workbook: sizes of 4 GB": Kind(book(lambda: patched(_CENTRAL, 20, b"\xff" * 8))),
    "workbook: members behind a password": Kind(book(lambda: patched(_CENTRAL, 8, b"\x01\0"))),
    "workbook: packed as few can unpack": Kind(book(packed_rarely)),
    "workbook: 3,000 members of the same bytes": Kind(book(overlapping)),
    # workbooks
    "workbook: a sheet on another machine": Kind(book(lambda: related(b"file:///etc/passwd"))),
    "workbook: 20,000 looks": Kind(book(lambda: styled(20_000))),
    "workbook: 5,000 sheets": Kind(book(lambda: many_sheets(5000))),
    "workbook: a sheet's name of 100,000 letters": Kind(
        book(lambda: many_sheets(1, "表" * 100_000))
    ),
    "workbook: a cell of 100,000 pieces": Kind(book(rich_text)),
    "workbook: rows in rows": Kind(
        book(lambda: sheet(b"<row>" * 100_000 + b"</row>" * 100_000)), built=True
    ),
    "workbook: one formula for all cells": Kind(book(shared_formula)),
    "workbook: all cells are one, and it says that it is full": Kind(book(merged)),
    "workbook: figures that are none": Kind(book(odd_values)),
    "workbook: tables in tables": Kind(
        lambda f: put(f.data / "workbook.ods", tables_in_tables()), built=True
    ),
    # what is finished
    "output: what was pulled, a pipe": Kind(
        in_output(f"edited/{YEAR}/untold.txt", pipe), built=True
    ),
    "output: what was pulled, 30 GB": Kind(
        in_output(f"edited/{YEAR}/untold.txt", sparse), built=True
    ),
}

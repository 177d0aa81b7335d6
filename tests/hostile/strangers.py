"""More hostile folders: what strangers may try beside the kinds that were once met.

`tests.hostile.neighbours` takes them into its own.
"""

from __future__ import annotations

import io
import os
import stat
import struct
import warnings
import zipfile
import zlib
from pathlib import Path

from tests.hostile.samples import empty_workbook
from tests.hostile.spoils import (
    BESIDE,
    HANDED_IN,
    YEAR,
    Folder,
    Kind,
    Spoil,
    at,
    beside,
    book,
    card,
    data,
    gone,
    in_finished_set,
    link,
    pipe,
    put,
    sparse,
    with_picture,
    zipped,
)

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def socket(path: Path) -> None:
    gone(path)
    os.mknod(path, stat.S_IFSOCK | 0o600)


def hard_link(folder: Folder) -> None:
    """The card is the very file of the neighbour's."""
    folder.card.unlink()
    os.link(beside(folder, "params", BESIDE, "agency.yaml"), folder.card)


def other_case(folder: Folder) -> None:
    """Folders whose names differ from the neighbour's by their case alone."""
    for place in ("params", "data"):
        (beside(folder, place, BESIDE.upper(), str(YEAR))).mkdir(parents=True)
    put(beside(folder, "params", BESIDE.upper(), "agency.yaml"), "name: 沂源县司法局\n")


def odd_folders(folder: Folder) -> None:
    """Folders beside the bureaus' that are called as no bureau is."""
    for name in ("a\nb", "甲", "a" * 255, "-rf", "~", "e\u0301", "\u00e9", "con.", " a "):
        (beside(folder, "params", name)).mkdir(exist_ok=True)
        (beside(folder, "data", name, str(YEAR))).mkdir(parents=True, exist_ok=True)


def odd_years(folder: Folder) -> None:
    for name in ("1900", "99999", "-1", "２０２４", "2024 ", "²⁰²⁴"):
        (folder.data.parent / name).mkdir(parents=True, exist_ok=True)
        put(folder.data.parent / name / "requests.csv", "x\n")


def odd_files(folder: Folder) -> None:
    """Names as long as can be, in two forms of one letter, with signs that nobody sees."""
    for name in (
        "长" * 80 + ".csv",
        "a" * 251 + ".csv",
        "e\u0301.csv",
        "\u00e9.csv",
        "a\u202eb.csv",
    ):
        put(folder.data / name, "甲,乙\n")


def last_year(name: str, make: object) -> Spoil:
    """Something in the folder of the year before."""

    def spoil(folder: Folder) -> None:
        path = folder.data.parent / str(YEAR - 1) / name
        path.parent.mkdir(parents=True)
        make(path)  # type: ignore[operator]

    return spoil


def other_times(folder: Folder) -> None:
    """Files from before the first second that a system counts, and after the last of some."""
    os.utime(folder.card, (-(2**31), -(2**31)))
    for file in folder.data.iterdir():
        os.utime(file, (2**32 + 5, 2**32 + 5))


def in_output(name: str, make: object) -> Spoil:
    """Something beside the finished sets, where the program has its own."""

    def spoil(folder: Folder) -> None:
        folder.output.mkdir(parents=True)
        make(folder.output / name)  # type: ignore[operator]

    return spoil


def to_neighbour(name: str, *parts: str) -> Spoil:
    """A link beside the finished sets that leads to the neighbour's."""

    def spoil(folder: Folder) -> None:
        path = folder.output / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.symlink_to(beside(folder, *parts))

    return spoil


def parts_named(*names: str) -> bytes:
    """A workbook with members of these names."""
    return zipped({**empty_workbook(), **dict.fromkeys(names, b"x")})


def members_twice() -> bytes:
    out = io.BytesIO(zipped(empty_workbook()))
    with zipfile.ZipFile(out, "a") as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        for name, part in empty_workbook().items():
            archive.writestr(name, part[: len(part) // 2])
    return out.getvalue()


def endless_chain() -> bytes:
    """An old workbook whose table of sectors leads in a ring."""
    head = bytearray(512)
    head[:8] = _OLE
    struct.pack_into("<HHHHH", head, 24, 0x3E, 3, 0xFFFE, 9, 6)
    struct.pack_into("<IIIIIIII", head, 44, 1, 1, 0, 0x1000, 2, 1, 2, 1)
    struct.pack_into("<109I", head, 76, *[0] * 109)
    return bytes(head) + struct.pack("<128I", *[1, 2, 1, *range(125)]) + bytes(1024)


def repeated_cells() -> bytes:
    """An OpenDocument table of a thousand million rows, in one line."""
    space = "urn:oasis:names:tc:opendocument:xmlns:"
    content = (
        f'<o:document-content xmlns:o="{space}office:1.0" xmlns:t="{space}table:1.0" '
        f'xmlns:x="{space}text:1.0"><o:body><o:spreadsheet><t:table t:name="其他数据">'
        '<t:table-row t:number-rows-repeated="1000000000"><t:table-cell o:value-type="string" '
        't:number-columns-repeated="2"><x:p>甲</x:p></t:table-cell></t:table-row>'
        "</t:table></o:spreadsheet></o:body></o:document-content>"
    )
    kind = b"application/vnd.oasis.opendocument.spreadsheet"
    return zipped({"mimetype": kind, "content.xml": content.encode()})


def chunked(*chunks: tuple[bytes, bytes]) -> bytes:
    """A picture of these pieces."""
    body = b"".join(
        struct.pack(">I", len(part)) + kind + part + struct.pack(">I", zlib.crc32(kind + part))
        for kind, part in chunks
    )
    return b"\x89PNG\r\n\x1a\n" + body


def text_bomb() -> bytes:
    """A picture of one point, with 30 MB of text beside it."""
    head = struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)
    text = b"Comment\0\0" + zlib.compress(bytes(30_000_000))
    return chunked(
        (b"IHDR", head), (b"zTXt", text), (b"IDAT", zlib.compress(bytes(4))), (b"IEND", b"")
    )


def kept_bomb(folder: Folder) -> None:
    """Edits that were kept: an archive of 110 MB beside files that are to go into it."""
    kept = folder.output / "edited" / str(YEAR)
    kept.mkdir(parents=True)
    with zipfile.ZipFile(kept / "earlier.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("report.docx", bytes(110_000_000))
    for number in range(21):
        put(kept / f"report-{number:08x}.docx", b"x")
    put(folder.output / str(YEAR) / "manifest.json", '{"outputs": {"report.docx": "x"}}')
    put(folder.output / str(YEAR) / "report.docx", b"y")


def _words(text: str) -> Spoil:
    return data("narrative.md", f"## overview\n\n{text}\n")


_SIGNS = "\n\n".join(("1，" * 800, "2024年" * 300, "**甲_" * 400, "《“‘" * 500))
_CALL = "=cmd|' /C calc'!A0"
_COUNTS = "渠道,类别,条数\n政府网站,政策文件,"
_LEDGER = HANDED_IN["requests.csv"]

STRANGERS: dict[str, Kind] = {
    # names and places
    "card: the neighbour's own file, by a hard link": Kind(hard_link),
    "card: a socket": Kind(at(socket, "card")),
    "table: a socket": Kind(at(socket, "data", "figures.csv")),
    "folder: beside others that are none": Kind(
        lambda f: (other_case(f), odd_folders(f), odd_years(f)), built=True
    ),
    "folder: of other times": Kind(other_times, built=True),
    "folder: files of the longest names": Kind(odd_files),
    "last year: a pipe": Kind(last_year("requests.csv", pipe)),
    "last year: 30 GB": Kind(last_year("requests.csv", sparse)),
    "last year: a link to the neighbour's": Kind(
        lambda f: link(f.data.parent / str(YEAR - 1), beside(f, "data", BESIDE, str(YEAR)))
    ),
    # YAML
    "card: figures that are none": Kind(card("name: NAME\nkind: department\nphone: .nan\n")),
    "card: a figure without end": Kind(
        card("name: NAME\nkind: department\npostcode: 1e400\n"), built=True
    ),
    "card: a day, a set and bytes": Kind(
        card("name: 2024-01-01\nkind: !!set {department}\nphone: !!binary aGE=\n")
    ),
    "card: keys taken over": Kind(card("a: &a {name: NAME}\n<<: *a\nkind: department\n")),
    "card: markup and a script's address": Kind(
        card(
            "name: NAME\nkind: department\naddress: <script>alert(1)</script>\n"
            "website: javascript:alert(1)\n"
        )
    ),
    "parameters: a day before all days": Kind(
        lambda f: put(f.params, f"agency: {f.code}\nyear: {YEAR}\nreport_date: 0000-00-00\n")
    ),
    "parameters: the last of all days": Kind(
        lambda f: put(f.params, f"agency: {f.code}\nyear: {YEAR}\nreport_date: 9999-12-31\n"),
        built=True,
    ),
    # the text
    "text: a page within the page": Kind(_words('<iframe src="https://a.invalid"></iframe>甲。')),
    "text: addresses that act": Kind(
        _words("[甲](javascript:alert(1))，[乙](file:///etc/passwd)。"), built=True
    ),
    "text: a picture from elsewhere": Kind(_words("![图](https://a.invalid/a.png)")),
    "text: a section with a sign that nobody sees": Kind(
        data("narrative.md", "## over\u200bview\n\n甲。\n"), built=True
    ),
    "text: brackets upon brackets": Kind(_words("（" * 2400 + "）" * 2400)),
    "text: signs upon signs": Kind(_words(_SIGNS), built=True),
    # the tables
    "table: a formula that calls": Kind(
        data("figures.csv", f"名称,数值,单位,说明\n信息处理费,0,万元,{_CALL}\n"), built=True
    ),
    "table: a figure that is none": Kind(data("disclosures.csv", f"{_COUNTS}NaN\n")),
    "table: a figure without end": Kind(data("disclosures.csv", f"{_COUNTS}Infinity\n")),
    "table: a figure of a thousand places": Kind(data("disclosures.csv", f"{_COUNTS}1e999\n")),
    "table: heads twice": Kind(data("disclosures.csv", "渠道,渠道,条数,条数\n甲,乙,1,2\n")),
    "table: a formula as a number of a request": Kind(
        data("requests.csv", _LEDGER + f'"{_CALL}",2024-03-04,自然人,予以公开,2024-03-15\n'),
        built=True,
    ),
    # pictures
    "picture: a program for a printer": Kind(
        with_picture("a.png", lambda p: put(p, "%!PS-Adobe-3.0 EPSF-3.0\n(/etc/passwd) run\n"))
    ),
    "picture: a drawing with a script": Kind(
        with_picture("a.png", lambda p: put(p, "<svg><script>alert(1)</script></svg>"))
    ),
    "picture: 30 MB of text beside a point": Kind(
        with_picture("a.png", lambda p: put(p, text_bomb()))
    ),
    # workbooks
    "workbook: members out of the folder": Kind(
        book(lambda: parts_named("../../../evil.csv", "/etc/evil", "xl\\..\\..\\evil"))
    ),
    "workbook: members twice": Kind(book(members_twice)),
    "workbook: programs and what is linked": Kind(
        book(
            lambda: parts_named(
                "xl/vbaProject.bin",
                "xl/externalLinks/externalLink1.xml",
                "xl/embeddings/oleObject1.bin",
            )
        ),
    ),
    "workbook: an old one that leads in a ring": Kind(book(endless_chain)),
    "workbook: an old one of nothing": Kind(book(lambda: _OLE + bytes(5000))),
    "workbook: OpenDocument without end": Kind(book(repeated_cells)),
    # what is finished
    "output: the lock a link to the neighbour's page": Kind(
        to_neighbour(f".{YEAR}.lock", "output", BESIDE, str(YEAR), "report.html")
    ),
    "output: the lock a pipe": Kind(in_output(f".{YEAR}.lock", pipe)),
    "output: the lock a folder": Kind(in_output(f".{YEAR}.lock", Path.mkdir)),
    "output: the last set a link to the neighbour's": Kind(
        to_neighbour(f".{YEAR}.last", "output", BESIDE, str(YEAR))
    ),
    "output: the last set a file": Kind(in_output(f".{YEAR}.last", lambda p: put(p, "x"))),
    "output: a set being made that links to the neighbour's": Kind(
        to_neighbour(f".{YEAR}.making-x", "output", BESIDE, str(YEAR))
    ),
    "output: a set being made that is a file": Kind(
        in_output(f".{YEAR}.making-x", lambda p: put(p, "x"))
    ),
    "output: failed runs linked to the neighbour's": Kind(
        to_neighbour(f"{YEAR}/failed", "output", BESIDE, str(YEAR))
    ),
    "output: kept edits linked to the neighbour's": Kind(to_neighbour("edited", "output", BESIDE)),
    "output: kept edits of 110 MB": Kind(kept_bomb, built=True),
    "output: a manifest that is no number": Kind(
        in_finished_set("manifest.json", lambda p: put(p, '{"year": NaN, "year": Infinity}')),
        built=True,
    ),
    "output: a notebook of half a character": Kind(
        in_finished_set("report.ipynb", lambda p: put(p, '{"cells": ["\\ud800"], "a": 1e999}'))
    ),
}

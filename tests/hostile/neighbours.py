"""Hostile folders: what a bureau may hand in to the harm of those beside it, one kind each.

Each kind begins as a healthy bureau of its own and is then spoilt in one way. `plant` puts one
into a project; the bureaus beside it are not to feel it.
"""

from __future__ import annotations

import io
import os
import re
import struct
import zipfile
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.hostile.samples import empty_workbook, small_docx
from tests.inputs.builders import xlsx_bytes
from tests.projects import copy_project

YEAR = 2024
BESIDE = "yiyuan-sfj"
"""The bureau whose name and files a hostile one uses."""
GIGABYTES = 30 << 30
_NAMES = "天地玄黄宇宙洪荒日月盈辰宿列张寒来暑往秋收冬藏闰成岁律吕调阳云腾致雨露结霜金玉出昆冈"


@dataclass(frozen=True)
class Folder:
    """Where a hostile bureau's files go."""

    root: Path
    code: str
    number: int

    @property
    def name(self) -> str:
        """A name of its own."""
        first, second = divmod(self.number, len(_NAMES))
        return f"示例县{_NAMES[first]}{_NAMES[second]}科学局"

    @property
    def card(self) -> Path:
        """agency.yaml."""
        return self.root / "params" / self.code / "agency.yaml"

    @property
    def params(self) -> Path:
        """The parameter file of the year."""
        return self.root / "params" / self.code / f"{YEAR}.yaml"

    @property
    def data(self) -> Path:
        """The year's folder."""
        return self.root / "data" / self.code / str(YEAR)

    @property
    def output(self) -> Path:
        """The bureau's folder of finished reports."""
        return self.root / "output" / self.code


Spoil = Callable[[Folder], object]


@dataclass(frozen=True)
class Kind:
    """A hostile folder: how it is spoilt, and whether its own report comes to be all the same."""

    spoil: Spoil
    built: bool = False


def _healthy(folder: Folder) -> None:
    """A bureau with nothing wrong; files as small as can be."""
    folder.card.parent.mkdir(parents=True)
    folder.data.mkdir(parents=True)
    folder.card.write_text(f"name: {folder.name}\nkind: department\n", "utf-8")
    folder.params.write_text(f"agency: {folder.code}\nyear: {YEAR}\n", "utf-8")
    for name, text in HANDED_IN.items():
        (folder.data / name).write_text(text, "utf-8")


HANDED_IN = {
    "figures.csv": "名称,数值,单位,说明\n信息处理费,0,万元,\n",
    "disclosures.csv": "渠道,类别,条数\n政府网站,政策文件,12\n",
    "decisions.csv": "项目,本年制发件数,本年废止件数,现行有效件数,本年处理决定数量,"
    "本年收费金额（万元）,说明\n规章,0,0,0,,,\n行政规范性文件,0,0,0,,,\n行政许可,,,,3,,\n"
    "行政处罚,,,,4,,\n行政强制,,,,5,,\n行政事业性收费,,,,,0,\n",
    "requests.csv": "登记号,收到日期,申请人类型,办理结果,答复日期\n"
    "1,2024-03-04,自然人,予以公开,2024-03-15\n",
    "reviews.csv": "类型,结果,件数\n"
    + "".join(
        f"{kind},{result},0\n"
        for kind in ("行政复议", "未经复议直接起诉", "复议后起诉")
        for result in ("结果维持", "结果纠正", "其他结果", "尚未审结")
    ),
}


# --- ways to spoil a file -------------------------------------------------------------------------


def _put(path: Path, data: bytes | str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data if isinstance(data, bytes) else data.encode())


def _gone(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)


def _pipe(path: Path) -> None:
    _gone(path)
    os.mkfifo(path)


def _link(path: Path, target: str | Path) -> None:
    _gone(path)
    path.symlink_to(target)


def _sparse(path: Path) -> None:
    """A file that says it has 30 GB and takes no room."""
    _gone(path)
    with path.open("wb") as file:
        file.truncate(GIGABYTES)


def _folder(path: Path) -> None:
    _gone(path)
    path.mkdir()


def _locked(path: Path) -> None:
    path.write_bytes(path.read_bytes() if path.exists() else b"x")
    path.chmod(0)


def card(text: str | bytes) -> Spoil:
    """Another agency.yaml; ``NAME`` stands for the bureau's own name."""

    def spoil(folder: Folder) -> None:
        data = text if isinstance(text, bytes) else text.replace("NAME", folder.name).encode()
        folder.card.write_bytes(data)

    return spoil


def named(name: str) -> Spoil:
    """A card with this name."""
    return card(f"name: {name}\nkind: department\n")


def params(text: str) -> Spoil:
    """Another parameter file; ``CODE`` stands for the bureau's own code."""
    return lambda folder: _put(folder.params, text.replace("CODE", folder.code))


def data(name: str, content: bytes | str) -> Spoil:
    """A file in the year's folder."""
    return lambda folder: _put(folder.data / name, content)


def book(content: Callable[[], bytes]) -> Spoil:
    """A workbook in the place of the tables."""
    return lambda folder: _put(folder.data / "workbook.xlsx", content())


def at(how: Callable[[Path], object], place: str, name: str = "") -> Spoil:
    """Do something to one of the bureau's files."""
    return lambda folder: how(getattr(folder, place) / name if name else getattr(folder, place))


def _beside(folder: Folder, *parts: str) -> Path:
    return folder.root.joinpath(*parts)


# --- files that are bombs -------------------------------------------------------------------------


def zipped(parts: Mapping[str, bytes]) -> bytes:
    """An archive of these parts."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return stream.getvalue()


def _workbook(**parts: bytes) -> bytes:
    """A small workbook with parts replaced: ``strings``, ``sheet``, ``book``."""
    names = {
        "strings": "xl/sharedStrings.xml", "sheet": "xl/worksheets/sheet1.xml",
        "book": "xl/workbook.xml",
    }  # fmt: skip
    return zipped({**empty_workbook(), **{names[key]: part for key, part in parts.items()}})


_MAIN = b'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'


def _cells(cells: bytes) -> bytes:
    return _workbook(
        sheet=b"<worksheet " + _MAIN + b"><sheetData><row r='1'>" + cells + b"</row></sheetData>"
        b"</worksheet>"
    )


def _countless_strings() -> bytes:
    count = b"4294967295"
    return _workbook(
        strings=b"<sst " + _MAIN + b' count="' + count + b'" uniqueCount="' + count + b'"></sst>'
    )


def _same_sheets() -> bytes:
    part = empty_workbook()["xl/workbook.xml"]
    start, end = part.index(b"<sheet "), part.index(b"/>", part.index(b"<sheet ")) + 2
    twice = part[start:end] + part[start:end].replace(b'sheetId="1"', b'sheetId="2"')
    return _workbook(book=part[:start] + twice + part[end:])


def _laughs() -> bytes:
    kinds = b"".join(b'<!ENTITY a%d "%s">' % (n, b"&a%d;" % (n - 1) * 10) for n in range(1, 12))
    head = b'<!DOCTYPE x [<!ENTITY a0 "haha">' + kinds + b"]>"
    return _workbook(strings=head + b"<sst " + _MAIN + b"><si><t>&a11;</t></si></sst>")


def _bomb() -> bytes:
    return zipped({**empty_workbook(), "xl/media/image1.bin": bytes(310_000_000)})


def _picture(width: int, height: int) -> bytes:
    """A PNG that says it is as large as this."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        checksum = struct.pack(">I", zlib.crc32(kind + body))
        return struct.pack(">I", len(body)) + kind + body + checksum

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = zlib.compress(bytes(1000))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


def _yaml_bomb() -> str:
    lines = ["a0: &a0 [哈, 哈, 哈, 哈, 哈, 哈, 哈, 哈, 哈]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 12)]
    return "\n".join(lines)


def _deep(folder: Folder) -> None:
    """1,500 folders, one in another; a path that long has to be made step by step."""
    handle = os.open(folder.data, os.O_RDONLY)
    for _ in range(1500):
        os.mkdir("d", dir_fd=handle)  # a Path knows no handle
        inner = os.open("d", os.O_RDONLY, dir_fd=handle)
        os.close(handle)
        handle = inner
    os.close(handle)


def _with_picture(name: str, make: Callable[[Path], object]) -> Spoil:
    def spoil(folder: Folder) -> None:
        make(folder.data / name)
        _put(folder.data / "narrative.md", f"## overview\n\n公开情况见图。\n\n![图]({name})\n")

    return spoil


def _cycle(folder: Folder) -> None:
    """Two bureaus, each of which names the other as the one above it."""
    other = Folder(folder.root, f"{folder.code}b", folder.number + 500)
    _healthy(other)
    card(f"name: NAME\nkind: government\nparent: {other.code}\n")(folder)
    card(f"name: NAME\nkind: government\nparent: {folder.code}\n")(other)


def _swap(folder: Folder) -> None:
    """The year's folder is a link to the neighbour's."""
    for file in folder.data.iterdir():
        file.unlink()
    folder.data.rmdir()
    folder.data.symlink_to(_beside(folder, "data", BESIDE, str(YEAR)))


def _output_elsewhere(folder: Folder) -> None:
    """The folder of its finished reports is a link to the neighbour's."""
    (folder.root / "output").mkdir(exist_ok=True)
    folder.output.symlink_to(_beside(folder, "output", BESIDE))


def _year_elsewhere(folder: Folder) -> None:
    folder.output.mkdir(parents=True)
    (folder.output / str(YEAR)).symlink_to(_beside(folder, "output", BESIDE, str(YEAR)))


def _finished(name: str, make: Callable[[Path], object]) -> Spoil:
    """Something in the place of a finished file."""

    def spoil(folder: Folder) -> None:
        (folder.output / str(YEAR)).mkdir(parents=True)
        make(folder.output / str(YEAR) / name)

    return spoil


def _modules(folder: Folder) -> None:
    """Modules that would be loaded in the place of others, each of which ends its process."""
    for name in ("yaml", "csv", "json", "pandas", "nianbao", "typing", "sitecustomize", "socket"):
        _put(folder.data / f"{name}.py", "import os; os._exit(77)\n")


_ROW = "2,2024-03-04,{},{},2024-03-15\n"
_LEDGER = HANDED_IN["requests.csv"]
PERSON = "钱十五娘"
"""A person's name that is typed where a category belongs."""

KINDS: dict[str, Kind] = {
    # names that would be found in every other report
    "name: within the statutory wording": Kind(named("公开")),
    "name: a word of every report": Kind(named("信息")),
    "name: a figure": Kind(named('"0"')),
    "name: the title of the report": Kind(named("政府信息公开")),
    "name: a row of table 3": Kind(named("属于国家秘密")),
    "name: one letter": Kind(named("局")),
    "name: the neighbour's": Kind(named("沂源县司法局")),
    "name: an alias that is the neighbour's": Kind(
        card("name: NAME\nkind: department\naliases: [沂源县司法局]\n")
    ),
    "name: a short name that is the neighbour's": Kind(
        card("name: NAME\nkind: department\nshort_name: 沂源县司法局\n")
    ),
    "name: a short name within the wording": Kind(
        card("name: NAME\nkind: department\nshort_name: 申请\n")
    ),
    "name: an alias of one letter": Kind(card("name: NAME\nkind: department\naliases: [的]\n")),
    "name: signs that turn the line": Kind(named('"示例县\\u202e科学局"')),
    "name: half a character": Kind(named('"示例县\\ud800科学局"')),
    "name: five thousand letters": Kind(named("示例县" + "局" * 5000)),
    "name: a terminal code": Kind(named('"示例县\\e[2J科学局"')),
    # the card
    "card: empty": Kind(card("")),
    "card: missing": Kind(at(_gone, "card")),
    "card: a list": Kind(card("- a\n- b\n")),
    "card: no text": Kind(card(bytes(range(256)) * 4)),
    "card: UTF-16 cut off": Kind(card("name: 甲\n".encode("utf-16")[:-1])),
    "card: a pipe": Kind(at(_pipe, "card")),
    "card: a folder": Kind(at(_folder, "card")),
    "card: a link to endless zeros": Kind(at(lambda p: _link(p, "/dev/zero"), "card")),
    "card: a link to the neighbour's": Kind(
        lambda f: _link(f.card, _beside(f, "params", BESIDE, "agency.yaml"))
    ),
    "card: 30 GB": Kind(at(_sparse, "card")),
    "card: 5 MB": Kind(card("name: NAME\n" + "a: 1\n" * 1_000_000)),
    "card: a bomb of aliases": Kind(card(_yaml_bomb())),
    "card: a call": Kind(card('name: !!python/object/apply:os.system ["id"]\n')),
    "card: 20,000 unknown keys": Kind(
        card("name: NAME\nkind: department\n" + "".join(f"k{n}: 1\n" for n in range(20_000)))
    ),
    "card: ten thousand brackets": Kind(card("name: " + "[" * 10_000)),
    "card: keys twice": Kind(card("name: NAME\nname: NAME\nkind: department\n")),
    "card: an unknown kind": Kind(card("name: NAME\nkind: emperor\n")),
    "card: its own parent": Kind(
        lambda f: card(f"name: NAME\nkind: department\nparent: {f.code}\n")(f)
    ),
    "card: parents in a ring": Kind(_cycle),
    # the parameter file
    "parameters: another agency's": Kind(params(f"agency: {BESIDE}\nyear: {YEAR}\n")),
    "parameters: code": Kind(params(f'agency: CODE\nyear: {YEAR}\n"draft=1;import os": 1\n')),
    "parameters: a pipe": Kind(at(_pipe, "params")),
    "parameters: 30 GB": Kind(at(_sparse, "params")),
    # the text
    "text: a pipe": Kind(at(_pipe, "data", "narrative.md")),
    "text: a link to endless zeros": Kind(
        at(lambda p: _link(p, "/dev/zero"), "data", "narrative.md")
    ),
    "text: 30 GB": Kind(at(_sparse, "data", "narrative.md")),
    "text: a folder": Kind(at(_folder, "data", "narrative.md")),
    "text: a link to the neighbour's": Kind(
        lambda f: _link(
            f.data / "narrative.md", _beside(f, "data", BESIDE, str(YEAR), "narrative.md")
        )
    ),
    "text: an unknown placeholder": Kind(data("narrative.md", "## overview\n\n{{ 没有 }}\n")),
    "text: an unknown section": Kind(data("narrative.md", "## nowhere\n\n甲。\n")),
    "text: two versions": Kind(
        data("narrative.md", "## overview\n\n<<<<<<< a\n甲\n=======\n乙\n>>>>>>> b\n")
    ),
    "text: no text": Kind(data("narrative.md", b"## overview\n\n\x81\xff\xfe\x00\n")),
    "text: 5 MB": Kind(data("narrative.md", "## overview\n\n" + "甲" * 2_000_000)),
    "text: quotes in quotes": Kind(
        data("narrative.md", "## overview\n\n" + ">" * 1500 + "甲\n"), built=True
    ),
    "text: lists in lists": Kind(
        data(
            "narrative.md",
            "## overview\n\n" + "".join("  " * n + "- 甲\n" for n in range(400)),
        ), built=True),
    "text: signs that turn the line": Kind(data("narrative.md", "## overview\n\n甲\u202e乙\n")),
    "picture: out of the folder": Kind(
        data("narrative.md", "## overview\n\n甲。\n\n![图](../../../../secret.png)\n")
    ),
    "picture: a pipe": Kind(_with_picture("a.png", _pipe)),
    "picture: endless zeros": Kind(_with_picture("a.png", lambda p: _link(p, "/dev/zero"))),
    "picture: 30 GB": Kind(_with_picture("a.png", _sparse)),
    "picture: ten thousand million pixels": Kind(
        _with_picture("a.png", lambda p: p.write_bytes(_picture(100_000, 100_000)))
    ),
    # the tables
    "table: a pipe": Kind(at(_pipe, "data", "figures.csv")),
    "table: a link to endless zeros": Kind(
        at(lambda p: _link(p, "/dev/zero"), "data", "figures.csv")
    ),
    "table: 30 GB": Kind(at(_sparse, "data", "figures.csv")),
    "table: a quote that never ends": Kind(
        data("figures.csv", '名称,数值\n"甲' + "乙,\n" * 100_000)
    ),
    "table: zeros between the letters": Kind(data("figures.csv", b"\xc3\xfb\x00\xb3\xc6,\x00\n1")),
    "table: a million columns": Kind(data("figures.csv", "名称,数值" + "," * 1_000_000 + "\n")),
    "table: 200,001 rows": Kind(
        data("requests.csv", _LEDGER + _ROW.format("自然人", "其他") * 200_001)
    ),
    "table: a number of 5,000 digits": Kind(
        data("disclosures.csv", f"渠道,类别,条数\n政府网站,政策文件,{'9' * 5000}\n")
    ),
    "table: below zero": Kind(data("disclosures.csv", "渠道,类别,条数\n政府网站,政策文件,-3\n")),
    "folder: 1,500 in each other": Kind(_deep),
    "folder: 600 files": Kind(lambda f: [_put(f.data / f"{n}.png", b"x") for n in range(600)]),
    "folder: a ring of links": Kind(lambda f: _link(f.data / "ring", f.data)),
    "folder: names that act on a terminal": Kind(
        lambda f: _put(f.data / "a\x1b[2J\n附件.csv", "甲,乙\n")
    ),
    "folder: a link to the neighbour's": Kind(_swap),
    "folder: modules of Python": Kind(_modules),
    "folder: a PDF": Kind(data("年报.pdf", b"%PDF-1.7\n" + b"0" * 100_000)),
    # workbooks
    "workbook: four thousand million strings": Kind(book(_countless_strings)),
    "workbook: two sheets of one name": Kind(book(_same_sheets)),
    "workbook: a cell in the last corner": Kind(
        book(lambda: _cells(b'<c r="XFD190000" x="a/b"/>')), built=True),
    "workbook: a cell that ends early": Kind(
        book(lambda: _cells(b'<c r="A1" x="/>"/>')), built=True
    ),
    "workbook: entities": Kind(book(_laughs)),
    "workbook: 310 MB unpacked": Kind(book(_bomb)),
    "workbook: half of it": Kind(book(lambda: zipped(empty_workbook())[:900])),
    "workbook: a pipe": Kind(at(_pipe, "data", "workbook.xlsx")),
    "workbook: 30 GB": Kind(at(_sparse, "data", "workbook.xlsx")),
    "workbook: a link to endless zeros": Kind(
        at(lambda p: _link(p, "/dev/zero"), "data", "workbook.xlsx")
    ),
    "workbook: a Word file": Kind(book(lambda: zipped(small_docx()))),
    "workbook: of the neighbour": Kind(
        book(
            lambda: xlsx_bytes(
                {"基本信息": [["项目", "内容"], ["机关代码", BESIDE], ["报告年度", str(YEAR)]]}
            )
        )
    ),
    # personal words
    "person: as a kind of applicant": Kind(
        data("requests.csv", _LEDGER + _ROW.format(PERSON, "予以公开"))
    ),
    "person: as an outcome": Kind(data("requests.csv", _LEDGER + _ROW.format("自然人", PERSON))),
    "person: as a channel": Kind(
        data(
            "requests.csv",
            "登记号,收到日期,申请人类型,办理结果,答复日期,来源渠道\n"
            f"1,2024-03-04,自然人,予以公开,2024-03-15,{PERSON}\n",
        ),
        built=True,
    ),
    # what is finished
    "output: a link to the neighbour's": Kind(_output_elsewhere),
    "output: the year a link to the neighbour's": Kind(_year_elsewhere),
    "output: the year a file": Kind(
        lambda f: _put(f.output / str(YEAR), b"x")
    ),
    "output: a manifest of brackets": Kind(
        _finished("manifest.json", lambda p: p.write_text("[" * 100_000)), built=True
    ),
    "output: a notebook of brackets": Kind(
        _finished("report.ipynb", lambda p: p.write_text("[" * 100_000))
    ),
    "output: a notebook that is a pipe": Kind(_finished("report.ipynb", _pipe), built=True),
    "output: a manifest that is a pipe": Kind(_finished("manifest.json", _pipe), built=True),
    "output: a Word file of 30 GB": Kind(_finished("report.docx", _sparse), built=True),
}  # fmt: skip
"""Every kind, by its name. ``built``: the bureau's own report comes to be, as nothing of its
own is wrong, or what is wrong is put right by building."""


HEALTHY = (BESIDE, "m-government", "m-bureau")
"""The bureaus beside a hostile one: the worked example, a government, and its only unit."""


def write_healthy(root: Path) -> Path:
    """A project with healthy bureaus alone."""
    copy_project(root, BESIDE)
    government, unit = (Folder(root, code, 900 + n) for n, code in enumerate(HEALTHY[1:]))
    for folder, more in ((government, ""), (unit, f"parent: {government.code}\n")):
        _healthy(folder)
        kind = "department" if more else "government"
        name = "示例县教育局" if more else "示例县人民政府"
        folder.card.write_text(f"name: {name}\nkind: {kind}\n{more}", "utf-8")
    for file in government.data.iterdir():
        file.unlink()
    _put(government.data / "figures.csv", HANDED_IN["figures.csv"])
    return root


def finished(root: Path) -> dict[str, bytes]:
    """The finished files of the healthy bureaus, without the manifest's line about all others."""
    return {
        path.relative_to(root).as_posix(): re.sub(
            rb'"batch_context": "[0-9a-f]+"', b"", path.read_bytes()
        )
        for code in HEALTHY
        for path in sorted((root / "output" / code).rglob("*"))
        if path.is_file() and path.suffix != ".lock"
    }


def code_of(number: int) -> str:
    """The code of the hostile bureau with a number: some stand before all others, some after."""
    return f"{'a' if number % 2 else 'z'}-hostile-{number:02d}"


def plant(root: Path, number: int) -> str:
    """Put the hostile bureau with a number into a project; its code."""
    folder = Folder(root, code_of(number), number)
    _healthy(folder)
    list(KINDS.values())[number].spoil(folder)
    return folder.code

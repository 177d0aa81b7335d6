"""How a healthy bureau's folder is spoilt: a function for each way; `neighbours` has the kinds."""

from __future__ import annotations

import io
import os
import struct
import zipfile
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.hostile.samples import empty_workbook

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


def write_bureau(folder: Folder) -> None:
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


def put(path: Path, data: bytes | str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data if isinstance(data, bytes) else data.encode())


def gone(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)


def pipe(path: Path) -> None:
    gone(path)
    os.mkfifo(path)


def link(path: Path, target: str | Path) -> None:
    gone(path)
    path.symlink_to(target)


def sparse(path: Path) -> None:
    """A file that says it has 30 GB and takes no room."""
    gone(path)
    with path.open("wb") as file:
        file.truncate(GIGABYTES)


def directory(path: Path) -> None:
    gone(path)
    path.mkdir()


def locked(path: Path) -> None:
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
    return lambda folder: put(folder.params, text.replace("CODE", folder.code))


def data(name: str, content: bytes | str) -> Spoil:
    """A file in the year's folder."""
    return lambda folder: put(folder.data / name, content)


def book(content: Callable[[], bytes]) -> Spoil:
    """A workbook in the place of the tables."""
    return lambda folder: put(folder.data / "workbook.xlsx", content())


def at(how: Callable[[Path], object], place: str, name: str = "") -> Spoil:
    """Do something to one of the bureau's files."""
    return lambda folder: how(getattr(folder, place) / name if name else getattr(folder, place))


def beside(folder: Folder, *parts: str) -> Path:
    return folder.root.joinpath(*parts)


# --- files that are bombs -------------------------------------------------------------------------


def zipped(parts: Mapping[str, bytes]) -> bytes:
    """An archive of these parts."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return stream.getvalue()


def workbook(**parts: bytes) -> bytes:
    """A small workbook with parts replaced: ``strings``, ``sheet``, ``book``."""
    names = {
        "strings": "xl/sharedStrings.xml", "sheet": "xl/worksheets/sheet1.xml",
        "book": "xl/workbook.xml",
    }  # fmt: skip
    return zipped({**empty_workbook(), **{names[key]: part for key, part in parts.items()}})


MAIN = b'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'


def sheet_cells(cells: bytes) -> bytes:
    return workbook(
        sheet=b"<worksheet " + MAIN + b"><sheetData><row r='1'>" + cells + b"</row></sheetData>"
        b"</worksheet>"
    )


def countless_strings() -> bytes:
    count = b"4294967295"
    return workbook(
        strings=b"<sst " + MAIN + b' count="' + count + b'" uniqueCount="' + count + b'"></sst>'
    )


def same_sheets() -> bytes:
    part = empty_workbook()["xl/workbook.xml"]
    start, end = part.index(b"<sheet "), part.index(b"/>", part.index(b"<sheet ")) + 2
    twice = part[start:end] + part[start:end].replace(b'sheetId="1"', b'sheetId="2"')
    return workbook(book=part[:start] + twice + part[end:])


def laughs() -> bytes:
    kinds = b"".join(b'<!ENTITY a%d "%s">' % (n, b"&a%d;" % (n - 1) * 10) for n in range(1, 12))
    head = b'<!DOCTYPE x [<!ENTITY a0 "haha">' + kinds + b"]>"
    return workbook(strings=head + b"<sst " + MAIN + b"><si><t>&a11;</t></si></sst>")


def bomb() -> bytes:
    return zipped({**empty_workbook(), "xl/media/image1.bin": bytes(310_000_000)})


def picture_header(width: int, height: int) -> bytes:
    """A PNG that says it is as large as this."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        checksum = struct.pack(">I", zlib.crc32(kind + body))
        return struct.pack(">I", len(body)) + kind + body + checksum

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = zlib.compress(bytes(1000))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


def yaml_bomb() -> str:
    lines = ["a0: &a0 [哈, 哈, 哈, 哈, 哈, 哈, 哈, 哈, 哈]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 12)]
    return "\n".join(lines)


def deep(folder: Folder) -> None:
    """1,500 folders, one in another; a path that long has to be made step by step."""
    handle = os.open(folder.data, os.O_RDONLY)
    for _ in range(1500):
        os.mkdir("d", dir_fd=handle)  # a Path knows no handle
        inner = os.open("d", os.O_RDONLY, dir_fd=handle)
        os.close(handle)
        handle = inner
    os.close(handle)


def with_picture(name: str, make: Callable[[Path], object]) -> Spoil:
    def spoil(folder: Folder) -> None:
        make(folder.data / name)
        put(folder.data / "narrative.md", f"## overview\n\n公开情况见图。\n\n![图]({name})\n")

    return spoil


def cycle(folder: Folder) -> None:
    """Two bureaus, each of which names the other as the one above it."""
    other = Folder(folder.root, f"{folder.code}b", folder.number + 500)
    write_bureau(other)
    card(f"name: NAME\nkind: government\nparent: {other.code}\n")(folder)
    card(f"name: NAME\nkind: government\nparent: {folder.code}\n")(other)


def swap(folder: Folder) -> None:
    """The year's folder is a link to the neighbour's."""
    for file in folder.data.iterdir():
        file.unlink()
    folder.data.rmdir()
    folder.data.symlink_to(beside(folder, "data", BESIDE, str(YEAR)))


def output_elsewhere(folder: Folder) -> None:
    """The folder of its finished reports is a link to the neighbour's."""
    (folder.root / "output").mkdir(exist_ok=True)
    folder.output.symlink_to(beside(folder, "output", BESIDE))


def year_elsewhere(folder: Folder) -> None:
    folder.output.mkdir(parents=True)
    (folder.output / str(YEAR)).symlink_to(beside(folder, "output", BESIDE, str(YEAR)))


def in_finished_set(name: str, make: Callable[[Path], object]) -> Spoil:
    """Something in the place of a finished file."""

    def spoil(folder: Folder) -> None:
        (folder.output / str(YEAR)).mkdir(parents=True)
        make(folder.output / str(YEAR) / name)

    return spoil


def modules(folder: Folder) -> None:
    """Modules that would be loaded in the place of others, each of which ends its process."""
    for name in ("yaml", "csv", "json", "pandas", "nianbao", "typing", "sitecustomize", "socket"):
        put(folder.data / f"{name}.py", "import os; os._exit(77)\n")

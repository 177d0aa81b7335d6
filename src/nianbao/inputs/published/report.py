"""A published report understood: who, which year, the statutory values, the sections of prose.

A file of any of the three kinds is read by what it is; hostile ones are refused.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from nianbao.errors import InputError, Place, Problem
from nianbao.files.html import read_page
from nianbao.files.pages import Pages, PageTable, Paragraph
from nianbao.files.reading_process import read_apart
from nianbao.files.sources import Source
from nianbao.files.word import MAX_UNPACKED
from nianbao.inputs.bundle import ReportCellKey
from nianbao.inputs.published.identity import Identity, read_identity
from nianbao.inputs.published.prose import Prose, in_brackets, read_prose
from nianbao.inputs.published.sections import STATUTORY, Remarks, place_blocks, section_of
from nianbao.inputs.published.tables import (
    Placed,
    kind_of,
    read_cells,
    read_value,
    superseded_by,
)
from nianbao.inputs.values import without_note_sign
from nianbao.statutory import TABLE_NUMBERS, Format

MAX_PARTS = 5_000
"""Most files in a .docx."""

_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"BM")
_SUFFIXES = "网页（.html、.htm）、Word（.docx）或PDF文件"


@dataclass(frozen=True)
class Published:
    """A published report."""

    identity: Identity
    """Who published it, of which year."""
    cells: Mapping[ReportCellKey, str | None]
    """The statutory values as they are to be written: a number's text, notes included; given totals
    as given. None for what is printed there but is no number.
    """
    prose: Prose
    """The sections of prose."""
    superseded: str | None
    """The old format that its table 2 keeps, or None."""
    remarks: Remarks
    """What was assumed, taken for zero, left out, not found."""


def _first_heading(pages: Pages, format_: Format) -> int:
    for place, block in enumerate(pages.blocks):
        if isinstance(block, Paragraph):
            hit = section_of(block.text, block.level, format_)
            if hit and hit[0].key == format_.sections[0].key:
                return place
    return len(pages.blocks)


def cell_label(key: ReportCellKey, format_: Format) -> str:
    """Return a cell in words: ``“1.属于国家秘密”的“自然人”``."""
    table, row, column = key
    label = format_.request_row(row).label if table == "requests" else row
    return f"“{label}”的“{column}”"


def _values(
    printed: Mapping[ReportCellKey, str], format_: Format, remarks: Remarks
) -> dict[ReportCellKey, str | None]:
    values: dict[ReportCellKey, str | None] = {}
    blank: dict[str, list[ReportCellKey]] = {}
    for key, text in printed.items():
        values[key], was_blank = read_value(text)
        if values[key] and (bare := without_note_sign(text)):
            where = f"{TABLE_NUMBERS[key[0]]}{cell_label(key, format_)}"
            remarks.assumed.append(f"{where}的“{text}”按“{bare}”计，注号没有导入")
        if was_blank:
            how = f"{TABLE_NUMBERS[key[0]]}{f'写作“{text}”' if text else '空白'}"
            blank.setdefault(how, []).append(key)
        elif values[key] is None:
            remarks.missing.append(
                f"{TABLE_NUMBERS[key[0]]}{cell_label(key, format_)}不是数字，留空：“{text}”"
            )
    for how, keys in blank.items():
        named = "、".join(_group_cells(keys, printed, format_))
        remarks.zeros.append(f"{how}的{len(keys)}格按0计：{named}")
    return values


def _group_cells(
    keys: Sequence[ReportCellKey], printed: Iterable[ReportCellKey], format_: Format
) -> Iterator[str]:
    """Name cells, a whole column or row of table 3 by one name."""
    left = set(keys)
    matrix = [key for key in printed if key[0] == "requests"]
    for place, kind in ((2, "列"), (1, "行")):
        for name in dict.fromkeys(key[place] for key in matrix):
            line = [key for key in matrix if key[place] == name]
            if len(line) > 1 and left.issuperset(line):
                label = format_.request_row(name).label if place == 1 else name
                yield f"“{label}”整{kind}"
                left.difference_update(line)
    yield from (cell_label(key, format_) for key in keys if key in left)


_UNREADABLE, _MOST_SHOWN = re.compile(".{0,6}�+.{0,6}"), 10
_HOW = {
    "删除线": "，文字照常导入了，不要的请在正文中删去",
    "链接": "只留下了文字，要保留网址的，写成“文字（网址）”",
    "脚注": "没有导入，要保留的，写进正文的括号里",
    "尾注": "没有导入，要保留的，写进正文的括号里",
}
"""What became of a thing that is not words, and what to do where it matters."""
_KEPT = {
    "链接": "写成“文字（网址）”",
    "脚注": "写进了那一段末尾的括号里",
    "尾注": "写进了那一段末尾的括号里",
}


def _remark_what_is_beside(
    pages: Pages, blocks: Sequence[Paragraph | PageTable], prose: Prose, remarks: Remarks
) -> None:
    """Tell, kind by kind, what the report's paragraphs have besides their words: what was put into
    brackets and what was left out.

    A heading has no brackets, and not every paragraph becomes text.
    """
    text = "\n".join(prose.sections.values())
    kept: dict[str, list[str]] = {}
    left: dict[str, list[str]] = {}
    for block in blocks:
        if isinstance(block, Paragraph):
            for kind, said in block.beside:
                bracketed = in_brackets(kind, said)
                found = kept if bracketed and bracketed in text else left
                found.setdefault(kind, []).append(said)
    words = "".join(block.text for block in blocks if isinstance(block, Paragraph))
    for address in pages.links:
        bare = re.sub(r"^(?:mailto:|https?://)", "", address).rstrip("/")
        if bare and bare not in words:
            left.setdefault("链接", []).append(address)
    remarks.assumed += (_counted(kind, texts, _KEPT[kind]) for kind, texts in kept.items())
    for kind, texts in left.items():
        remarks.dropped.append(_counted(kind, texts, _HOW.get(kind, "没有导入")))


def _unreadable_words(prose: Prose) -> Iterator[str]:
    """Tell where a file does not say which letters it shows."""
    found = [match[0] for text in prose.sections.values() for match in _UNREADABLE.finditer(text)]
    if found:
        listed = "、".join(f"“{words}”" for words in found[:_MOST_SHOWN])
        more = "等" if len(found) > _MOST_SHOWN else ""
        yield f"有{len(found)}处字读不出来，写作“�”，请对照原文改正：{listed}{more}"


def _counted(kind: str, texts: list[str], how: str) -> str:
    listed = "、".join(f"“{text}”" for text in dict.fromkeys(texts) if text)
    return f"{kind}{len(texts)}处{how}{listed and f'：{listed}'}"


def read_published(source: Source, format_: Format) -> Published:
    """Understand a published report.

    It is a web page, a .docx or a PDF.

    Raises
    ------
    InputError
        The file cannot be read, or shows neither a statutory heading nor a statutory table.
    """
    pages = read_pages(source)
    remarks = Remarks()
    identity = read_identity(pages, _first_heading(pages, format_))
    placings = list(place_blocks(pages.blocks[identity.end :], format_, remarks))
    tables = [
        (p.block, Placed(p.block.rows, p.section))
        for p in placings
        if isinstance(p.block, PageTable)
    ]
    known = frozenset(id(block) for block, placed in tables if kind_of(placed, format_))
    if not known and not any(p.section != "preface" for p in placings):
        remedy = "请核对是否选错了文件；正文或表格是图片（扫描件）的，无法导入"
        raise InputError(
            Problem("文件里没有年度报告的标题和表格", Place(source.file), remedy=remedy)
        )
    matrices = [placed for _, placed in tables]
    printed = read_cells(matrices, format_, remarks)
    values = _values(printed, format_, remarks)
    if pages.pictures:
        remarks.dropped.append(f"图片{pages.pictures}张")
    prose = read_prose(placings, known, identity.name, format_, remarks)
    _remark_what_is_beside(pages, [p.block for p in placings], prose, remarks)
    remarks.missing += _unreadable_words(prose)
    return Published(identity, values, prose, superseded_by(matrices, format_), remarks)


def _refuse(source: Source, message: str, remedy: str) -> InputError:
    return InputError(Problem(message, Place(source.file), expected=_SUFFIXES, remedy=remedy))


@read_apart
def read_pages(source: Source) -> Pages:
    """Read a file by what it is, whatever its name says.

    Raises
    ------
    InputError
        With one problem: it is no such file, has a password, is damaged, or unpacks without end.
    """
    data = source.data
    if not data.strip():
        raise _refuse(source, "文件是空的", "请重新下载或保存")
    if data.startswith(_OLD_OFFICE):
        remedy = "请用Word或WPS打开，取消密码，另存为.docx"
        raise _refuse(source, "是旧格式的Office文件，或有密码的文件", remedy)
    if b"%PDF-" in data[:1024]:
        from nianbao.files.pdf import read_pdf_pages

        return read_pdf_pages(source)
    if data.startswith(b"PK"):
        return _read_word(source)
    if data.startswith(_PICTURES):
        raise _refuse(source, "是图片，读不出文字", "请找网页、Word或文字版PDF")
    if b"multipart/related" in data[:4096]:
        raise _refuse(source, "是单个文件网页（.mht）", "请在浏览器中另存为“仅HTML”")
    if b"<" not in data[:100_000] or PurePosixPath(source.file).suffix.lower() in (".csv", ".txt"):
        raise _refuse(source, "不是年度报告文件", "请在浏览器中把网页另存为“仅HTML”")
    return read_page(source, STATUTORY)


_ARCHIVES = {
    "OFD.xml": ("是OFD文件，不能读取", "请用OFD阅读软件另存为文字版PDF，或找网页、Word"),
    "content.xml": ("不是Word文件，是LibreOffice的文件", "请用LibreOffice或WPS打开，另存为.docx"),
    "xl/workbook.xml": ("不是Word文件，是工作簿", "工作簿请放进数据文件夹，不用导入"),
    "": ("不是Word文件，是压缩包", "请先解压，再导入里面的网页、Word或PDF"),
}
"""What an archive is by one of its parts, and what to do."""


def _read_word(source: Source) -> Pages:
    from nianbao.files.word.text import read_word_pages

    try:
        with zipfile.ZipFile(io.BytesIO(source.data)) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, zlib.error) as error:
        raise _refuse(source, "文件已损坏或不完整", "请重新下载或保存") from error
    names = {part.filename for part in parts}
    if not any(name.startswith("word/") for name in names):  # its main part has any name
        message, remedy = next(said for name, said in _ARCHIVES.items() if name in {*names, ""})
        raise _refuse(source, message, remedy)
    if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED:
        raise _refuse(source, "文件展开后太大", "请用Word打开，删去图片后另存")
    if any(part.flag_bits & 1 for part in parts):
        raise _refuse(source, "文件有密码", "请用Word打开，取消密码后另存")
    return read_word_pages(source)

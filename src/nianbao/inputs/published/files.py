"""A file of any of the three kinds as paragraphs and tables, hostile ones refused."""

from __future__ import annotations

import io
import zipfile
import zlib
from pathlib import PurePosixPath

from nianbao.errors import InputError, Place, Problem
from nianbao.files.html import read_page
from nianbao.files.pages import Pages
from nianbao.files.sources import Source
from nianbao.files.word import MAX_UNPACKED
from nianbao.inputs.published.sections import STATUTORY

MAX_PARTS = 5_000
"""Most files in a .docx."""

_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"BM")
_SUFFIXES = "网页（.html、.htm）、Word（.docx）或PDF文件"


def _refuse(source: Source, message: str, remedy: str) -> InputError:
    return InputError(Problem(message, Place(source.file), expected=_SUFFIXES, remedy=remedy))


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
    if b"<" not in data[:100_000] or PurePosixPath(source.file).suffix.lower() in (".csv", ".txt"):
        raise _refuse(source, "不是年度报告文件", "请在浏览器中把网页另存为“仅HTML”")
    if b"multipart/related" in data[:4096]:
        raise _refuse(source, "是单个文件网页（.mht）", "请在浏览器中另存为“仅HTML”")
    return read_page(source, STATUTORY)


def _read_word(source: Source) -> Pages:
    from nianbao.files.word.pages import read_word_pages

    try:
        with zipfile.ZipFile(io.BytesIO(source.data)) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, zlib.error) as error:
        raise _refuse(source, "文件已损坏或不完整", "请重新下载或保存") from error
    if "word/document.xml" not in {part.filename for part in parts}:
        raise _refuse(source, "不是Word文件", "工作簿请放进数据文件夹，不用导入")
    if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED:
        raise _refuse(source, "文件展开后太大", "请用Word打开，删去图片后另存")
    if any(part.flag_bits & 1 for part in parts):
        raise _refuse(source, "文件有密码", "请用Word打开，取消密码后另存")
    return read_word_pages(source)

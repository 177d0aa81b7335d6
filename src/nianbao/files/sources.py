"""A file of the project, read once: its bytes, its checksum, its text."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from nianbao.errors import InputError, Place, Problem, system_problem

MAX_BYTES = 20_000_000
"""Largest file taken; a year's ledger of a whole county is a tenth of it."""

_ENCODING_HINT = "请用“另存为”存成UTF-8或GB18030（ANSI）文本"
_MARKS = {
    b"\xef\xbb\xbf": "utf-8-sig",
    b"\xff\xfe": "utf-16",
    b"\xfe\xff": "utf-16",
    b"\x84\x31\x95\x33": "gb18030",
}
_MARK = "\ufeff"


@dataclass(frozen=True, slots=True)
class TextForm:
    """How a text stands on the disk: its encoding, and the end of its lines."""

    encoding: str = "utf-8"
    newline: str = "\n"

    def encode(self, text: str) -> bytes:
        """Write a text in this form; UTF-8 where the encoding lacks a character.

        Examples
        --------
        >>> TextForm("gb18030", "\\r\\n").encode("年报\\n")
        b'\\xc4\\xea\\xb1\\xa8\\r\\n'
        """
        lines = text.replace("\r\n", "\n").replace("\n", self.newline)
        try:
            return lines.encode(self.encoding)
        except UnicodeEncodeError:
            return lines.encode()


@dataclass(frozen=True, slots=True)
class Source:
    """What stands in a file of the project: its path with forward slashes, and its bytes.

    Whatever is computed from the file comes from these bytes, so that the checksum is of what
    was read even if the file changes meanwhile.
    """

    file: str
    data: bytes

    @property
    def sha256(self) -> str:
        """Checksum of the bytes."""
        return hashlib.sha256(self.data).hexdigest()

    def text(self) -> str:
        """Decode the bytes: UTF-8 with or without byte order mark, UTF-16, or GB18030.

        Raises
        ------
        InputError
            The bytes are in none of these.
        """
        return decode(self.data, self.file)

    def form(self) -> TextForm:
        """Tell how the text stands there, so that it is written again as its author left it.

        Raises
        ------
        InputError
            See `text`.
        """
        encoding, text = _decoded(self.data, self.file)
        return TextForm(encoding, "\r\n" if "\r\n" in text else "\n")


def decode(data: bytes, file: str) -> str:
    """Read a clerk's text, whichever of the usual encodings it is in.

    Raises
    ------
    InputError
        The bytes are in none of these.

    Examples
    --------
    >>> decode("年报".encode("gb18030"), "a.csv")
    '年报'
    """
    return _decoded(data, file)[1]


def _decoded(data: bytes, file: str) -> tuple[str, str]:
    """The encoding of the bytes, and their text without byte order mark."""
    for encoding in _encodings(data):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        guessed = encoding.startswith("utf-16-") and not any(c in text for c in "\n,，。 ")
        if "\0" not in text and not guessed:
            return encoding, text.removeprefix(_MARK)
    raise InputError(
        Problem(
            "不是可以识别的文本", Place(file), expected="UTF-8或GB18030编码", remedy=_ENCODING_HINT
        )
    )


def _encodings(data: bytes) -> tuple[str, ...]:
    """The encodings to try: by the mark, else by where the zeros of UTF-16 stand."""
    marked = next((name for mark, name in _MARKS.items() if data.startswith(mark)), None)
    if marked:
        return (marked,)
    if b"\0" in data:
        return ("utf-16-le",) if data.index(b"\0") % 2 else ("utf-16-be",)
    return ("utf-8", "gb18030")


def refuse_link(root: Path, file: str) -> None:
    """Refuse a path below params/ or data/ that leads out of its folder.

    A folder that came by e-mail may hold links; followed, they would put another bureau's
    data, or any file of this machine, into a report. params/ and data/ themselves may be links.

    Raises
    ------
    InputError
        A folder or the file itself is a link.
    """
    path = root
    for depth, part in enumerate(PurePosixPath(file).parts):
        path = path / part
        if depth and path.is_symlink():
            place = Place(path.relative_to(root).as_posix())
            remedy = "请换成文件本身；本单位的资料都放在本单位的文件夹里"
            raise InputError(Problem("是指向别处的链接，不读取", place, remedy=remedy))


def read_source(root: Path, file: str, limit: int = MAX_BYTES) -> Source:
    """Read a file once.

    Parameters
    ----------
    root, file
        The project folder and the path in it.
    limit
        Largest size in bytes.

    Raises
    ------
    InputError
        The file is larger, is a link to somewhere else, or the system does not let us read it.
    """
    refuse_link(root, file)
    megabytes = f"不超过{limit // 1_000_000} MB的文件"
    try:
        with (root / file).open("rb") as stream:
            data = stream.read(limit + 1)
    except OSError as error:
        told = system_problem(error)
        reason = told.message if told else f"系统报告：{error.strerror}"
        remedy = told.remedy if told else "请关闭正在使用它的程序，检查文件权限"
        problem = Problem(f"读不了这个文件：{reason}", Place(file), remedy=remedy)
        raise InputError(problem) from error
    if len(data) > limit:
        raise InputError(Problem("文件太大", Place(file), expected=megabytes))
    return Source(file, data)

"""A file of the project, read once: its bytes, its checksum, its text."""

from __future__ import annotations

import errno
import hashlib
import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from nianbao.errors import InputError, Place, Problem, system_problem

MAX_BYTES = 20_000_000
"""Largest file taken; a year's ledger of a whole county is a tenth of it."""

MAX_DEPTH = 20
"""So deep may folders lie in each other; pictures lie in one."""

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
    """The form of a text on the disk: its encoding, and the end of its lines."""

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
    """Return the encoding of the bytes, and their text without byte order mark."""
    for encoding in _encodings(data):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if encoding == "gb18030" and _line_of_other_encoding(data):
            break  # lines in UTF-8 would be read as other characters
        guessed = encoding.startswith("utf-16-") and not any(c in text for c in "\n,，。 ")
        if "\0" not in text and not guessed:
            return encoding, text.removeprefix(_MARK)
    if line := _line_of_other_encoding(data):
        message = "这一行的编码与其他行不同（多半是从别的文件粘贴、合并来的）"
        raise InputError(Problem(message, Place(file, line=line), remedy="请重新输入这一行再保存"))
    raise InputError(
        Problem(
            "不是可以识别的文本", Place(file), expected="UTF-8或GB18030编码", remedy=_ENCODING_HINT
        )
    )


def _line_of_other_encoding(data: bytes) -> int:
    """Return the first line that is in another encoding than most: UTF-8 among GB18030, or the
    other way round; 0 where there is none.
    """
    lines = data.split(b"\n")
    kinds = [_kind_of_line(line) for line in lines]
    by_kind = {
        kind: [n for n, k in enumerate(kinds, 1) if k == kind] for kind in ("utf-8", "gb18030")
    }
    mixed = all(by_kind.values()) and all(
        _is_gb18030(lines[number - 1]) for number in by_kind["gb18030"]
    )
    return min(by_kind.values(), key=len)[0] if mixed else 0


def _kind_of_line(line: bytes) -> str:
    """Return which encoding a line is surely in; empty where it may be in either."""
    try:
        wide = sum(ord(c) >= 0x800 for c in line.decode())
    except UnicodeDecodeError:
        return "gb18030"
    return "utf-8" if wide > 1 else ""


def _is_gb18030(line: bytes) -> bool:
    """Return whether a line that is not in UTF-8 is words in GB18030, or no text at all."""
    try:
        words = line.decode("gb18030").replace("\t", "").strip()
    except UnicodeDecodeError:
        return False
    return words.isprintable()


def _encodings(data: bytes) -> tuple[str, ...]:
    """Return the encodings to try: by the mark, else by where the zeros of UTF-16 stand."""
    marked = next((name for mark, name in _MARKS.items() if data.startswith(mark)), None)
    if marked:
        return (marked,)
    if b"\0" in data:
        return ("utf-16-le",) if data.index(b"\0") % 2 else ("utf-16-be",)
    return ("utf-8", "gb18030")


def refuse_link(root: Path, file: str, effect: str = "不读取") -> None:
    """Refuse a path below params/, data/ or output/ that leads out of its folder.

    A folder that came by e-mail may hold links; followed, they would put another bureau's
    data, or any file of this machine, into a report, or this bureau's words into another's
    folder. params/, data/ and output/ themselves may be links.

    ``effect`` says in Chinese what is not done then.

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
            raise InputError(Problem(f"是指向别处的链接，{effect}", place, remedy=remedy))


def read_source(root: Path, file: str, limit: int = MAX_BYTES) -> Source:
    """Read a file once.

    ``limit`` is the largest size in bytes.

    Raises
    ------
    InputError
        It is larger, no file but a folder, pipe or device, a link to somewhere else, or the system
        does not let us read it.
    """
    if not _BY_STEPS:
        refuse_link(root, file)
    try:
        data = _regular_bytes(root, file, limit + 1)
    except OSError as error:
        refuse_link(root, file)
        reported = system_problem(error)
        reason = reported.message if reported else f"系统报告：{error.strerror}"
        remedy = reported.remedy if reported else "请关闭正在使用它的程序，检查文件权限"
        problem = Problem(f"读不了这个文件：{reason}", Place(file), remedy=remedy)
        raise InputError(problem) from error
    if data is None:
        refuse_link(root, file)
        remedy = "请移出这个文件夹，换成文件本身"
        raise InputError(
            Problem("不是普通文件（文件夹、管道或设备），不读取", Place(file), remedy=remedy)
        )
    if len(data) > limit:
        expected = f"不超过{limit // 1_000_000} MB的文件"
        raise InputError(Problem("文件太大", Place(file), expected=expected))
    return Source(file, data)


def is_there(root: Path, file: str) -> bool:
    """Return whether anything is called so; `read_source` says why what is no file is not read."""
    return os.path.lexists(root / file)


def content(root: Path, file: str) -> bytes:
    """Read another bureau's file for comparison; empty where it cannot be read.

    What is wrong with it is that bureau's finding.
    """
    try:
        return read_source(root, file).data
    except InputError:
        return b""


_BY_STEPS = os.open in os.supports_dir_fd
"""Whether opening a file refuses links, so that a look beforehand, at every folder, is spared."""


def _open(root: Path, file: str, flags: int) -> int:
    """Open a file step by step, so that none of its folders is a link or becomes one meanwhile.

    As `refuse_link` has it the first folder may be one. Windows opens by the whole path alone.
    """
    first, *rest = PurePosixPath(file).parts
    if not rest or not _BY_STEPS:
        return os.open(root / file, flags)
    folder = os.open(root / first, os.O_RDONLY | os.O_DIRECTORY)
    try:
        for part in rest[:-1]:
            inner = os.open(part, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=folder)
            os.close(folder)
            folder = inner
        return os.open(rest[-1], flags | os.O_NOFOLLOW, dir_fd=folder)
    finally:
        os.close(folder)


def _regular_bytes(root: Path, file: str, most: int) -> bytes | None:
    """Return the first bytes of a file; None of what is none, for which nobody waits.

    Opening a pipe waits for a writer, and a device may give bytes without end.
    """
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    try:
        handle = _open(root, file, flags)
    except OSError as error:
        # A socket; a folder, of which Windows would say that access is denied.
        if error.errno == errno.ENXIO or (root / file).is_dir():
            return None
        raise
    about = os.fstat(handle)
    if not stat.S_ISREG(about.st_mode):
        os.close(handle)
        return None
    with os.fdopen(handle, "rb") as stream:
        # Of a file that is too large nothing is read, were it only holes.
        if about.st_size >= most:
            return bytes(most)
        data = stream.read(about.st_size + 1)  # room for ``most`` would be made, and given back
        return data if len(data) <= about.st_size else data + stream.read(most - len(data))


def files_below(folder: Path) -> Iterator[Path]:
    """Yield the paths of `entries_below`."""
    return (Path(entry.path) for entry in entries_below(folder))


def entries_below(folder: Path) -> Iterator[os.DirEntry[str]]:
    """Yield all that lies in a folder and in the folders in it: files, links, pipes.

    Raises
    ------
    InputError
        Folders lie in each other more than `MAX_DEPTH` deep.
    """
    waiting = [(folder, 0)] if folder.is_dir() else []
    while waiting:
        current, depth = waiting.pop()
        if depth > MAX_DEPTH:
            remedy = "请只留台账、正文和要用的图片"
            raise InputError(
                Problem(f"文件夹套了{MAX_DEPTH}层以上", Place(folder.name), remedy=remedy)
            )
        with os.scandir(current) as entries:
            found = sorted(entries, key=lambda entry: os.path.normcase(entry.name), reverse=True)
        for entry in found:
            if entry.is_dir(follow_symlinks=False):
                waiting.append((current / entry.name, depth + 1))
            else:
                yield entry

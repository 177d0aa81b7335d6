"""Find the typefaces of an official document on this machine, and what may stand in for them.

GB/T 9704-2012 names 小标宋, 仿宋, 黑体, 楷体 and 宋体 and no file. The usual files are not free
to hand on, so each role has a list of families: first those an office has, then the free
Fandol, last the Noto faces of the package ``mplfonts``, which is always there. Letters and
digits come from STIX, which is there with matplotlib, unless 仿宋 is the real one.
"""

from __future__ import annotations

import hashlib
import os
import re
import struct
import sys
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from nianbao.errors import ExportError, Problem


@dataclass(frozen=True, slots=True)
class Role:
    """A use of type: its Chinese name, the faces that are meant, and free ones like them."""

    name: str
    official: tuple[str, ...]
    substitutes: tuple[str, ...]


# The last resort, for a whole role or for one rare character of a name.
_SERIF, _SANS = "Noto Serif CJK SC", "Noto Sans CJK SC"

# FandolSong Bold for 小标宋, which Fandol has not. 小标宋 is a display face, heavier than 宋体,
# whose regular weight looks faint at 22 pt above the body. It is a face drawn so, not an
# emboldened one, so that "not bold" of the standard is kept.
ROLES: Mapping[str, Role] = {
    "title": Role(
        "小标宋",
        ("方正小标宋简体", "FZXiaoBiaoSong-B05S", "方正小标宋_GBK", "FZXiaoBiaoSong-B05"),
        ("FandolSong Bold", "FandolSong", _SERIF),
    ),
    "body": Role(
        "仿宋",
        ("仿宋_GB2312", "FangSong_GB2312", "仿宋", "FangSong", "华文仿宋", "STFangsong"),
        ("FandolFang", _SERIF),
    ),
    "heading1": Role("黑体", ("黑体", "SimHei", "华文黑体", "STHeiti"), ("FandolHei", _SANS)),
    "heading2": Role(
        "楷体",
        ("楷体_GB2312", "KaiTi_GB2312", "楷体", "KaiTi", "华文楷体", "STKaiti"),
        ("FandolKai", _SERIF),
    ),
    "song": Role("宋体", ("宋体", "SimSun", "华文宋体", "STSong"), ("FandolSong", _SERIF)),
    # Letters and digits of the Times kind, where a stand-in for 仿宋 has others on every line.
    "latin": Role("西文", ("STIXGeneral", "STIXGeneral-Bold"), ("Times New Roman",)),
    # For charts, where thin strokes of a Song face break up.
    "sans": Role("图表字体", (_SANS,), ("黑体", "SimHei", "FandolHei")),
}


@dataclass(frozen=True, slots=True)
class Font:
    """A face that was found."""

    family: str
    """The name by which it was looked for."""
    path: Path
    index: int = 0
    """File, and number of the face in it (0 but for collections)."""

    @property
    def sha256(self) -> str:
        """Checksum of the file, for the manifest."""
        return _checksum(self.path, _state(self.path))

    @property
    def characters(self) -> frozenset[int]:
        """The code points it has a glyph for."""
        return _characters(self.path, self.index, _state(self.path))


_State = tuple[int, int]
"""Size and time of a file: what was read of it in this state is kept, and is read once by a process
that builds much."""


def _state(path: Path) -> _State:
    about = path.stat()
    return about.st_size, about.st_mtime_ns


@cache
def _checksum(path: Path, state: _State) -> str:
    with path.open("rb") as file:  # in pieces: it may have 20 MB
        return hashlib.file_digest(file, "sha256").hexdigest()


@cache
def _characters(path: Path, index: int, state: _State) -> frozenset[int]:
    from fontTools.ttLib import TTFont  # type: ignore[import-untyped]  # has no types

    with TTFont(path, lazy=True, fontNumber=index) as font:
        return frozenset(font.getBestCmap())


@dataclass(frozen=True)
class Fonts:
    """The faces of each role in order of preference; a letter is taken from the first that has it.

    Examples
    --------
    >>> fonts = Fonts({"body": (Font("FandolFang", Path("fonts/FandolFang-Regular.otf")),)})
    >>> fonts.first("body").family
    'FandolFang'
    """

    chains: Mapping[str, tuple[Font, ...]]

    def first(self, role: str) -> Font:
        """Return the face that sets (nearly) all of the text of a role."""
        return self.chains[role][0]

    def files(self, role: str) -> tuple[Path, ...]:
        """Return the files of a role in order of preference."""
        return tuple(font.path for font in self.chains[role])

    @property
    def all(self) -> tuple[Font, ...]:
        """Every face, each once."""
        return tuple(dict.fromkeys(font for chain in self.chains.values() for font in chain))

    def is_official(self, role: str) -> bool:
        """Return whether the face of a role is one that the standard means."""
        return self.first(role).family in ROLES[role].official

    def substituted(self) -> dict[str, Font]:
        """Return the roles set in a stand-in, for `nianbao doctor` and the manifest."""
        return {role: self.first(role) for role in self.chains if not self.is_official(role)}


def find_fonts(folders: tuple[Path, ...] = (), *, system: bool = True) -> Fonts:
    """Return the faces for every role.

    Parameters
    ----------
    folders
        Searched first, with their sub-folders; a project's ``fonts/``. One that is not there
        is passed over.
    system
        Whether to look at the machine's own folders and at TeX Live's as well. What comes
        with ``mplfonts`` is always looked at, last.

    Raises
    ------
    ExportError
        For a role there is no face at all.

    Notes
    -----
    Nothing is remembered between calls: a font that is added is found at the next.
    Source: GB/T 9704-2012, 5.2.2 and 7; specification 4.2.
    """
    machine = system_folders(sys.platform, os.environ, Path.home()) if system else ()
    wanted = {_plain(n) for r in ROLES.values() for n in (*r.official, *r.substitutes)}
    found: dict[str, list[Font]] = {}
    for file in (*_files((*folders, *machine)), *_packaged()):
        for index, names in enumerate(face_names(file)):
            for name in sorted(wanted & names):
                found.setdefault(name, []).append(Font(name, file, index))
    chains = {key: _chain(key, found) for key in ROLES}
    lacking = "、".join(ROLES[key].name for key, chain in chains.items() if not chain)
    if lacking:
        remedy = "请在项目目录下运行 make fonts，或运行 pip install mplfonts"
        raise ExportError(Problem(f"找不到可用的字体：{lacking}", remedy=remedy))
    return Fonts(chains)


def register_fonts(fonts: Fonts | None = None) -> None:
    """Make the faces of charts known to matplotlib under their own names.

    The style ``nianbao.report`` asks for them by name. Doing it twice changes nothing.

    Examples
    --------
    >>> import matplotlib.pyplot as plt  # doctest: +SKIP
    >>> register_fonts()  # doctest: +SKIP
    >>> plt.style.use("nianbao.report")  # doctest: +SKIP
    """
    from matplotlib.font_manager import fontManager

    known = {entry.fname for entry in fontManager.ttflist}
    for file in map(str, (fonts or find_fonts()).files("sans")):
        if file not in known:
            fontManager.addfont(file)


_INVISIBLE = frozenset({"Cc", "Cf", "Zs", "Zl", "Zp"})


_CHINESE_ROLES = tuple(role for role in ROLES if role != "latin")


def missing_glyphs(
    text: str, fonts: Fonts, roles: Iterable[str] = _CHINESE_ROLES
) -> dict[str, set[str]]:
    """Return the characters of a text that none of a role's faces can show; {} when all is well.

    Examples
    --------
    >>> missing_glyphs("政府信息公开\\n", find_fonts())
    {}
    """
    printed = {c for c in text if unicodedata.category(c) not in _INVISIBLE}
    missing: dict[str, set[str]] = {}
    for role in roles:
        left = printed
        for font in fonts.chains[role]:
            if not left:  # one by one: the last fonts are big, and seldom needed
                break
            known = font.characters
            left = {c for c in left if ord(c) not in known}
        if left:
            missing[role] = left
    return missing


_COMMON = re.compile(r"[\s!-~·—‘’“”…、-〿一-鿿！-～]+")
"""What every chain of typefaces has; only the rest is looked up, for that reads big files."""


def rare_letters(text: str, fonts: Fonts) -> frozenset[str]:
    """Find the letters of a text that some role of the report cannot print.

    Examples
    --------
    >>> rare_letters("政府信息公开。", find_fonts())
    frozenset()
    """
    rare = _COMMON.sub("", text)
    return frozenset().union(*missing_glyphs(rare, fonts).values()) if rare else frozenset()


def system_folders(platform: str, environ: Mapping[str, str], home: Path) -> tuple[Path, ...]:
    """Return where a machine keeps fonts; folders that are not there are among them."""
    if platform == "win32":
        windows = Path(environ.get("WINDIR", "C:/Windows"))
        local = Path(environ.get("LOCALAPPDATA", str(home / "AppData" / "Local")))
        return (windows / "Fonts", local / "Microsoft" / "Windows" / "Fonts")
    fandol = Path("fonts/opentype/public/fandol")
    tex = [Path("/usr/share/texlive/texmf-dist"), Path("/usr/share/texmf"), home / "texmf"]
    tex += sorted(Path("/usr/local/texlive").glob("*/texmf-dist"), reverse=True)
    if platform == "darwin":
        own = [home / "Library/Fonts", Path("/Library/Fonts"), Path("/System/Library/Fonts")]
    else:
        data = Path(environ.get("XDG_DATA_HOME", str(home / ".local" / "share")))
        shared = [Path("/usr/local/share/fonts"), Path("/usr/share/fonts")]
        own = [data / "fonts", home / ".fonts", *shared]
    return (*own, *(folder / fandol for folder in tex))


def face_names(file: Path) -> tuple[frozenset[str], ...]:
    """Return the names of each face of a font file, lower case and without blanks.

    A family name counts for its regular face only: FandolSong Bold is a FandolSong too. Only
    the tables of contents and names are read, since there may be thousands of files; a file
    that is no font has no faces.
    """
    try:
        state = _state(file)
    except OSError:
        return ()
    return _read_names(file, state)


@cache
def _read_names(file: Path, state: _State) -> tuple[frozenset[str], ...]:
    try:
        with file.open("rb") as stream:
            data = stream.read(12)
            offsets: tuple[int, ...] = (0,)
            if data[:4] == b"ttcf":
                (count,) = struct.unpack(">I", data[8:12])
                offsets = struct.unpack(f">{count}I", stream.read(4 * count))
            faces = []
            for offset in offsets:
                stream.seek(offset)
                tables = struct.unpack(">4xH6x", stream.read(12))[0]
                entries = stream.read(16 * tables)
                at, size = next(
                    struct.unpack(">II", entries[i + 8 : i + 16])
                    for i in range(0, len(entries), 16)
                    if entries[i : i + 4] == b"name"
                )
                stream.seek(at)
                faces.append(_names(stream.read(size)))
            return tuple(faces)
    except (OSError, struct.error, StopIteration):
        return ()


_FAMILY, _STYLE, _FULL, _POSTSCRIPT, _TYPOGRAPHIC = 1, 2, 4, 6, 16
_REGULAR = {"regular", "常规", "標準", "normal"}


def _names(table: bytes) -> frozenset[str]:
    count, start = struct.unpack(">2xHH", table[:6])
    by_id: dict[int, set[str]] = {}
    for i in range(count):
        record = struct.unpack(">6H", table[6 + 12 * i : 18 + 12 * i])
        platform, encoding, _, name_id, length, offset = record
        raw = table[start + offset : start + offset + length]
        # Platform 3 and 0 write UTF-16; on platform 1 encoding 25 is simplified Chinese.
        coding = "utf-16-be" if platform != 1 else "gb18030" if encoding == 25 else "latin-1"
        by_id.setdefault(name_id, set()).add(_plain(raw.decode(coding, "ignore")))
    full = by_id.get(_FULL, set()) | by_id.get(_POSTSCRIPT, set())
    if by_id.get(_STYLE, set()) & _REGULAR:
        full |= by_id.get(_FAMILY, set()) | by_id.get(_TYPOGRAPHIC, set())
    return frozenset(full)


def _plain(name: str) -> str:
    return name.replace(" ", "").casefold()


def _chain(key: str, found: Mapping[str, list[Font]]) -> tuple[Font, ...]:
    """Return the first file of each family that is there, in the order of the role's families."""
    role, chain = ROLES[key], dict[tuple[Path, int], Font]()
    for name in (*role.official, *role.substitutes):
        # matplotlib reads the first face of a collection only.
        usable = (f for f in found.get(_plain(name), ()) if not (key == "sans" and f.index))
        if font := next(usable, None):
            # The same file under its Chinese and its English name is one face.
            chain.setdefault((font.path, font.index), Font(name, font.path, font.index))
    return tuple(chain.values())


def _files(folders: Iterable[Path]) -> Iterator[Path]:
    for folder in folders:
        if folder.is_dir():
            files = (f for f in folder.rglob("*") if f.suffix.lower() in {".otf", ".ttf", ".ttc"})
            yield from sorted(files)


def _packaged() -> Iterator[Path]:
    """Yield the free faces in ``mplfonts`` and ``matplotlib``.

    The proprietary SimHei is left alone.
    """
    for package, faces in (
        ("mplfonts", "fonts/NotoS*CJKsc*"),
        ("matplotlib", "mpl-data/fonts/ttf/STIXGeneral*"),
    ):
        spec = find_spec(package)
        for folder in (spec.submodule_search_locations or ()) if spec else ():
            yield from sorted(Path(folder).glob(faces))

"""The report's faces as Typst finds them, and pictures drawn in them.

Typst takes folders only and picks by name whatever is there: so a folder is made that holds the
report's faces and no others.
"""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from nianbao.fonts import Fonts

if TYPE_CHECKING:
    import typst

# The pictures come in as files of data, not as source: their text is never read as Typst.
_PICTURES = """#set page(width: auto, height: auto, margin: 0pt)
#for name in ({names}) {{ page(image(name, width: {width})) }}"""


Faces = tuple["typst.Fonts", dict[str, object]]
"""The faces as Typst finds them; the names and the weight that it knows each role by."""

_kept: list[tuple[Fonts, Faces]] = []
"""At most one: what a process keeps for its copies, so that none of them reads the files."""


def keep_fonts(fonts: Fonts, folder: Path) -> None:
    """Let all that is drawn in these fonts from now on share what Typst has read of them.

    ``folder`` has to stay as long as this process and its copies.
    """
    _kept[:] = [(fonts, place_fonts(fonts, folder))]


def place_fonts(fonts: Fonts, folder: Path) -> Faces:
    """Give Typst just these fonts.

    ``folder`` is made, and has to stay as long as Typst works.
    """
    import typst

    for of_fonts, kept in _kept:
        if of_fonts == fonts:
            return kept
    folder.mkdir()
    placed: dict[Path, Path] = {}
    for number, path in enumerate(dict.fromkeys(font.path for font in fonts.all)):
        file = folder / f"{number}{path.suffix}"
        try:
            file.symlink_to(path.resolve())
        except OSError:  # Windows without the right to make links
            shutil.copyfile(path, file)
        placed[path] = file.resolve()
    found = typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[folder]
    )
    known = {(Path(face.path).resolve(), face.index): face for face in found.fonts() if face.path}
    families: dict[str, object] = {
        role: {
            "families": list(dict.fromkeys(face.family for face in faces)),
            "weight": faces[0].weight,
            "official": fonts.is_official(role),
        }
        for role, chain in fonts.chains.items()
        if (faces := [known[placed[font.path], font.index] for font in chain])
    }
    return found, families


def draw_pngs(
    pictures: Sequence[tuple[bytes, str]], fonts: Fonts, *, width: str = "156mm", dots: int = 200
) -> list[bytes]:
    """Draw pictures, each with its form (``svg``, ``webp``), as PNG, so many dots an inch.

    PNG because Word shows SVG only from 2016 on, and WPS and LibreOffice not reliably. All in one
    run, which finds the fonts once. The same picture gives the same bytes.
    """
    import typst

    if not pictures:
        return []
    names = [f"picture-{number}.{form}" for number, (_, form) in enumerate(pictures)]
    source = _PICTURES.format(width=width, names="".join(f'"{name}", ' for name in names))
    data = (data for data, _ in pictures)
    files: Any = {"main.typ": source.encode(), **dict(zip(names, data, strict=True))}
    with TemporaryDirectory(prefix="nianbao-") as name:
        found, _ = place_fonts(fonts, Path(name) / "fonts")
        drawn = typst.compile(
            files, format="png", ppi=dots, font_paths=found, ignore_system_fonts=True
        )
    return [drawn] if isinstance(drawn, bytes) else list(drawn)


def draw_png(data: bytes, form: str, fonts: Fonts, *, width: str, dots: int) -> bytes:
    """Draw one picture; see `draw_pngs`."""
    return draw_pngs([(data, form)], fonts, width=width, dots=dots)[0]

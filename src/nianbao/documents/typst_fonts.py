"""The report's faces as Typst finds them: a folder that holds these and no others.

Typst takes folders only and picks by name whatever is there. Used for the PDF, and for the
pictures of charts.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from nianbao.fonts import Fonts

if TYPE_CHECKING:
    import typst


def place_fonts(fonts: Fonts, folder: Path) -> tuple[typst.Fonts, dict[str, object]]:
    """Just these fonts for Typst, and for each role the names and the weight it knows them by.

    ``folder`` is made, and has to stay as long as Typst works.
    """
    import typst

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

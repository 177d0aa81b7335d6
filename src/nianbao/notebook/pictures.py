"""The bureau's own pictures, named in its narrative as ``![说明](图片.png)``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from nianbao.errors import NarrativeError, Place, Problem, raise_problems
from nianbao.inputs.bundle import Inputs
from nianbao.prose.markdown import IMAGE

_KINDS = {b"\x89PNG\r\n\x1a\n": "image/png", b"\xff\xd8\xff": "image/jpeg"}
MOST_BYTES = 5 * 1024 * 1024


def _media(data: bytes) -> str | None:
    """The media type by the file's first bytes; a suffix proves nothing."""
    return next((media for mark, media in _KINDS.items() if data.startswith(mark)), None)


def _read(folder: Path, file: str, alt: str, place: Place) -> tuple[str, bytes] | Problem:
    if not alt.strip():
        return Problem(
            "图片没有文字说明", place, file, remedy="请在方括号中写明图的内容，供读屏软件朗读"
        )
    path = (folder / file).resolve()
    if not path.is_relative_to(folder.resolve()):
        return Problem(
            "图片不在本单位的数据文件夹内", place, file, remedy="请把图片放进数据文件夹再引用"
        )
    if not path.is_file():
        return Problem("没有找到图片", place, file, remedy="请核对文件名，或把图片放进数据文件夹")
    if path.stat().st_size > MOST_BYTES:
        return Problem("图片过大", place, file, f"不超过{MOST_BYTES // 1024 // 1024}MB")
    data = path.read_bytes()
    media = _media(data)
    if media is None:
        return Problem("不是可用的图片", place, file, "PNG 或 JPEG 格式的图片")
    return media, data


def _named(inputs: Inputs) -> Iterator[tuple[str, str, Place]]:
    for section in inputs.narrative.values():
        for match in IMAGE.finditer(section.text):
            line = (section.place.line or 1) + section.text.count("\n", 0, match.start())
            yield match["file"].strip(), match["alt"], Place(section.place.file, line=line)


def load_pictures(root: Path, inputs: Inputs) -> Mapping[str, tuple[str, bytes]]:
    """The pictures that the narrative names: media type and bytes by name.

    Raises
    ------
    NarrativeError
        All pictures that are missing, outside the bureau's folder, too large, of another
        format or without a text alternative.
    """
    folder = root / "data" / inputs.agency.code / str(inputs.params.year)
    found = {f: _read(folder, f, alt, place) for f, alt, place in _named(inputs)}
    raise_problems(NarrativeError, (p for p in found.values() if isinstance(p, Problem)))
    return {f: p for f, p in found.items() if not isinstance(p, Problem)}

"""The bureau's own pictures, named in its narrative as ``![说明](图片.png)``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from io import BytesIO
from pathlib import Path, PurePosixPath

from nianbao.errors import NarrativeError, Place, Problem, raise_problems
from nianbao.inputs.bundle import Inputs
from nianbao.inputs.project import file_name_fault
from nianbao.notebook.record import Picture
from nianbao.prose.markdown import IMAGE

MOST_BYTES = 5 * 1024 * 1024
MOST_PIXELS = 50_000_000
"""A small file can be made to unpack into a picture that fills the memory."""

_KINDS = {"PNG": "image/png", "JPEG": "image/jpeg"}


def picture_media(data: bytes) -> str | None:
    """Return the media type of a PNG or JPEG, which is decoded whole; None if it is neither."""
    from PIL import Image

    try:
        with Image.open(BytesIO(data), formats=tuple(_KINDS)) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                return None
            picture.load()
            return _KINDS[picture.format or ""]
    except Exception:  # a decoder of foreign bytes fails in many ways; each means the same
        return None


def _read(folder: Path, file: str, alt: str, place: Place) -> Picture | Problem:
    if not alt.strip():
        return Problem(
            "图片没有文字说明", place, file, remedy="请在方括号中写明图的内容，供读屏软件朗读"
        )
    if file.startswith("attachment:"):
        remedy = "请把图片另存到数据文件夹，写成 ![说明](文件名)"
        return Problem("图片只贴在笔记本里", place, file, remedy=remedy)
    parts = PurePosixPath(file).parts
    path = folder.joinpath(*parts)
    inside = parts and ".." not in parts and not file.startswith("/")
    if inside and (fault := next(filter(None, map(file_name_fault, parts)), None)):
        return Problem(f"图片的文件名{fault}", place, file, remedy="请给文件改名")
    if not inside or not path.resolve().is_relative_to(folder.resolve()):
        return Problem(
            "图片不在本单位的数据文件夹内", place, file, remedy="请把图片放进数据文件夹再引用"
        )
    if not path.is_file():
        return Problem("没有找到图片", place, file, remedy="请核对文件名，或把图片放进数据文件夹")
    if path.stat().st_size > MOST_BYTES:
        return Problem("图片过大", place, file, f"不超过{MOST_BYTES // 1024 // 1024}MB")
    data = path.read_bytes()
    media = picture_media(data)
    if media is None:
        expected = f"完好的 PNG 或 JPEG 图片，不超过{MOST_PIXELS // 10_000}万像素"
        return Problem("不是可用的图片", place, file, expected)
    return Picture(media, data)


def _named(inputs: Inputs) -> Iterator[tuple[str, str, Place]]:
    for section in inputs.narrative.values():
        for match in IMAGE.finditer(section.text):
            line = (section.place.line or 1) + section.text.count("\n", 0, match.start())
            yield match["file"].strip(), match["alt"], Place(section.place.file, line=line)


def load_pictures(root: Path, inputs: Inputs) -> Mapping[str, Picture]:
    """Return the pictures that the narrative names: media type and bytes by name.

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

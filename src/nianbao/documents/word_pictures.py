"""Pictures of the Word report: charts drawn as PNG, images that a bureau put into its prose."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from io import BytesIO
from typing import Any

from docx.parts.story import StoryPart
from docx.shared import Emu, Mm

from nianbao.documents.word_xml import Element, clean, w

_DOTS_PER_INCH = 200
_WIDEST = Mm(156)
_TALLEST = Mm(200)
_WORD_READS = ("image/png", "image/jpeg", "image/gif")
# The picture comes in as a file of data, not as source: its text is never read as Typst.
_PAGE = """#set page(width: auto, height: auto, margin: 0pt)
#image("picture.{form}", width: 156mm)"""
_DRAWN = {"image/svg+xml": "svg", "image/webp": "webp"}


def to_png(data: bytes, media: str) -> bytes:
    """Draw a picture as wide as the type area, 200 dots an inch.

    PNG because Word shows SVG only from 2016 on, and WPS and LibreOffice not reliably.
    The same picture gives the same bytes.
    """
    import typst

    form = _DRAWN[media]
    source = _PAGE.format(form=form).encode()
    files: Any = {"main.typ": source, f"picture.{form}": data}
    png = typst.compile(files, format="png", ppi=_DOTS_PER_INCH, ignore_system_fonts=True)
    return bytes(png if isinstance(png, bytes) else png[0])


def picture(part: StoryPart, png: bytes, name: str, alt: str, *, widest: bool = False) -> Element:
    """A run with the picture, within the type area, with its name and alternative text.

    Parameters
    ----------
    widest
        Fill the type area's width (a chart); else at most the picture's own size.
    """
    inline = part.new_pic_inline(BytesIO(png))
    width, height = inline.extent.cx, inline.extent.cy
    scale = min(_WIDEST / width, _TALLEST / height, float("inf") if widest else 1.0)
    inline.extent.cx, inline.extent.cy = Emu(round(width * scale)), Emu(round(height * scale))
    size = inline.graphic.graphicData.pic.spPr
    size.cx, size.cy = inline.extent.cx, inline.extent.cy
    inline.docPr.set("name", clean(name))
    inline.docPr.set("descr", clean(alt))
    return w("r", w("drawing", inline))


def image_png(block: Mapping[str, Any]) -> bytes:
    """The bytes of an image block in a form that Word reads."""
    data = base64.b64decode(block["base64"])
    return data if block["media"] in _WORD_READS else to_png(data, block["media"])

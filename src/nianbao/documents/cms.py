"""The report as a fragment for any content system: it needs no style sheet, class or drawing.

Content systems strip style elements, classes and SVG, and lay sheets of their own over what is
left. So each element bears its look itself (templates/nianbao/cms.yaml), charts are PNG files
to be uploaded, with a list of their names and alternative texts, and what the system's own page
shows above the text, title and date, is not in it.
"""

from __future__ import annotations

import csv
import io
import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from lxml import html

from nianbao.documents.html import CMS, TEMPLATES, render_template
from nianbao.documents.typst_fonts import draw_pngs
from nianbao.files.writing import spreadsheet_text
from nianbao.fonts import Fonts
from nianbao.libyaml import read_shipped
from nianbao.prose.blocks import Document, FigureBlock, pictured

FOLDER = "cms"
WIDTH = 720
"""Pixels of a chart on the page; its file has twice as many."""
_KEPT = frozenset(
    {
        *("href", "src", "alt", "width", "height", "colspan", "rowspan", "scope", "start"),
        *("style", "lang", "border", "cellspacing", "cellpadding"),
    }
)
_TABLE = {"width": "100%", "border": "1", "cellspacing": "0", "cellpadding": "4"}
_LABELS = {"nianbao-label-1": "26%", "nianbao-label-2": "10%", "nianbao-label-3": "7%"}
"""Widths of the columns of labels in table 3, from the right."""

_NARROW_HEADS = (
    "//table[contains(@class, 'nianbao-labels-0') or contains(@class, 'nianbao-labels-3')]"
    "//th[not(@colspan)]//wbr"
)
"""Where the heads of the many columns of tables 3 and 4 break: none of them takes more words."""


@dataclass(frozen=True, slots=True)
class Upload:
    """A picture to upload: its file, its bytes, what it is called, what it says."""

    name: str
    data: bytes
    title: str
    alt: str


def render_cms(document: Document, fonts: Fonts) -> dict[str, bytes]:
    """Make the fragment, its pictures and their list, by path.

    ``report.cms.html`` names the pictures as they lie beside it, so that it can be looked at
    before they are uploaded.

    Raises
    ------
    ExportError
        A drawing or a picture holds what a page must not hold.
    """
    uploads = list(_uploads(document, fonts))
    page = html.fragment_fromstring(render_template(CMS, document))
    _replace_pictures(page, uploads)
    _simplify(page)
    for element in page.iter(html.etree.Element):
        _look(element)
    text = html.tostring(page, encoding="unicode", method="html")
    files = {f"{FOLDER}/{upload.name}": upload.data for upload in uploads}
    listed = {f"{FOLDER}/pictures.csv": _list_of(uploads)} if uploads else {}
    return {"report.cms.html": f"{text}\n".encode(), **files, **listed}


def _uploads(document: Document, fonts: Fonts) -> Iterator[Upload]:
    """Yield the charts and the bureau's own pictures, in the order of the report."""
    blocks = list(pictured(document.blocks))
    charts = [(block.svg.encode(), "svg") for block in blocks if isinstance(block, FigureBlock)]
    drawn = iter(draw_pngs(charts, fonts, width=f"{WIDTH}pt", dots=144))
    for number, block in enumerate(blocks, 1):
        if isinstance(block, FigureBlock):
            name = f"{number:02}-{block.key.replace('_', '-')}.png"
            yield Upload(name, next(drawn), block.caption, block.alt)
        else:
            kind = block.media.removeprefix("image/").replace("jpeg", "jpg")
            yield Upload(f"{number:02}-picture.{kind}", block.data, "", block.alt)


def _replace_pictures(page: html.HtmlElement, uploads: list[Upload]) -> None:
    """Put an image in the place of each drawing and of each picture's bytes."""
    places = page.xpath("//figure")
    for place, upload in zip(places, uploads, strict=True):
        image = html.Element("img", src=f"{FOLDER}/{upload.name}", alt=upload.alt)
        if size := _pixels(upload.data):
            width = min(WIDTH, size[0])
            image.set("width", str(width))
            image.set("height", str(round(size[1] * width / size[0])))
        (old,) = place.xpath("./div[@class='nianbao-chart'] | ./img")
        place.replace(old, image)
        for caption in place.xpath("./figcaption"):
            caption.tag = "p"
            caption.set("class", "nb-caption")
        place.tag = "div"


def _pixels(data: bytes) -> tuple[int, int] | None:
    """Return the size of a PNG; None for another kind, which the page then sizes itself."""
    if data[:8] != b"\x89PNG\r\n\x1a\n":
        return None
    width, height = struct.unpack(">II", data[16:24])
    return width, height


def _simplify(page: html.HtmlElement) -> None:
    """Take out what content systems do not know, and what is only for a page of our own."""
    for element in page.xpath("//details | //a[@class='nb-scroll']"):
        element.drop_tree()
    for place in page.xpath(_NARROW_HEADS):
        place.addprevious(html.Element("br"))
    for element in page.xpath("//wbr | //data | //span[not(@class='nb-source')]"):
        element.drop_tag()
    for link in page.xpath("//a[starts-with(@href, '#')]"):
        link.drop_tag()
    for section in page.xpath("//section"):
        section.tag = "div"
    for caption in page.xpath("//caption[@class='nianbao-hidden']"):
        caption.drop_tree()
    for item in page.xpath("//li/p"):
        item.set("class", "nb-item")
    for signed in page.xpath("//div[@class='nianbao-signature']/p"):
        signed.set("class", "nb-signed")
    for column in page.xpath("//table[contains(@class, 'nianbao-labels-3')]//col[@class]"):
        column.set("width", _LABELS[column.get("class", "")])
    for table in page.iter("table"):
        table.attrib.update(_TABLE)


@cache
def _looks() -> Mapping[str, str]:
    looks: Mapping[str, str] = read_shipped(TEMPLATES / "nianbao" / "cms.yaml")
    return looks


def _look(element: html.HtmlElement) -> None:
    """Give an element its look, and take away what nobody would read any more."""
    names = {str(element.tag), *(f".{name}" for name in element.get("class", "").split())}
    found = [look for name, look in _looks().items() if name in names]
    if found:
        element.set("style", _merged(found))
    if element.tag == "img" and element.get("width"):
        size = f" width:{element.get('width')}px; height:{element.get('height')}px;"
        element.set("style", element.get("style", "") + size)
    for name in set(element.attrib) - _KEPT:
        del element.attrib[name]


def _merged(looks: list[str]) -> str:
    """Return one style of several; of two values of a property the later counts."""
    pairs = (part.split(":", 1) for look in looks for part in look.split(";") if part.strip())
    values: dict[str, str] = {}
    for name, value in pairs:
        values.pop(name.strip(), None)
        values[name.strip()] = value.strip()
    return " ".join(f"{name}:{value};" for name, value in values.items())


def _list_of(uploads: list[Upload]) -> bytes:
    """Return the list of the pictures, as a spreadsheet opens it."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["文件", "图题", "替代文字"])
    writer.writerows(
        map(spreadsheet_text, (upload.name, upload.title, upload.alt)) for upload in uploads
    )
    return text.getvalue().encode("utf-8-sig")

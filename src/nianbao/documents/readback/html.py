"""Read a finished HTML report back: what a visitor sees, not what attributes say."""

from __future__ import annotations

import re

from lxml import html

from nianbao.documents.readback.model import Readback, Reader
from nianbao.documents.readback.tables import read_cells
from nianbao.files.pages import fill_spans

# Not running text: contents list, drawings, what is never shown.
_SKIPPED = {"head", "style", "script", "svg", "nav", "template", "noscript"}
_WIDEST = 1000  # what HTML allows for a span
_HEADING = re.compile(r"h([1-6])")


def _span(cell: html.HtmlElement, name: str) -> int:
    return min(int(cell.get(name, "1")), _WIDEST)


def _table(reader: Reader, table: html.HtmlElement) -> None:
    for caption in table.iterchildren("caption"):
        reader.text(caption.text_content())
    rows = [
        [
            (cell.text_content(), _span(cell, "colspan"), _span(cell, "rowspan"))
            for cell in row.iterchildren("td", "th")
        ]
        for row in table.iter("tr")
    ]
    if rows:
        reader.table(fill_spans(rows))


def _walk(reader: Reader, element: html.HtmlElement) -> None:
    if not isinstance(element.tag, str) or element.tag in _SKIPPED:
        return
    heading = _HEADING.fullmatch(element.tag)
    if element.tag == "table":
        _table(reader, element)
    elif heading and heading[1] == "1":
        reader.title = reader.title or element.text_content()
    elif heading:
        reader.heading(int(heading[1]) - 1, element.text_content())
    else:
        reader.text(element.text or "")
        for child in element:
            _walk(reader, child)
            reader.text(child.tail or "")


def read_html(data: bytes) -> Readback:
    """Read an HTML report.

    Parameters
    ----------
    data
        The file's bytes, UTF-8; a whole page, or a fragment to paste into one.
    """
    reader = Reader()
    # The parser takes a fragment that begins with its styles for a page's head.
    page = data if b"<body" in data else b"<body>" + data
    _walk(reader, html.document_fromstring(page, parser=html.HTMLParser(encoding="utf-8")))
    return reader.finish("HTML", read_cells(reader.tables, reader.format))

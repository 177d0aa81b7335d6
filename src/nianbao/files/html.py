"""A published web page as paragraphs and tables: what a visitor reads of the article."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree, html

from nianbao.errors import InputError, Place, Problem
from nianbao.files.pages import (
    MAX_PLACES,
    PICTURE_ALONE,
    PageBlock,
    Pages,
    PageTable,
    Paragraph,
    Piece,
    fill_spans,
    marked_line,
    page_table,
    same_address,
    struck_words,
)
from nianbao.files.sources import Source
from nianbao.files.word.symbols import raised

# Not the article's text: what is never shown, menus, forms, drawings and their captions.
_SKIPPED = frozenset(
    {
        *("head", "style", "script", "noscript", "template", "nav", "svg", "math", "form"),
        *("button", "select", "textarea", "object", "iframe", "audio", "video", "details"),
        *("figcaption", "footer"),
    }
)
_INLINE = frozenset(
    {
        *("a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "dfn", "em"),
        *("del", "font", "i", "ins", "kbd", "label", "mark", "o:p", "q", "s", "samp", "small"),
        *("span", "strike", "strong", "sub", "sup", "time", "tt", "u", "var", "wbr"),
        "st1:chsdate",
    }
)
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_LINE_THROUGH = re.compile(r"text-decoration[\w-]*\s*:[^;]*line-through", re.IGNORECASE)
_STRUCK, _SHIFTED = frozenset({"del", "s", "strike"}), frozenset({"sub", "sup"})
_HEADING = re.compile(r"h([1-6])")
_STRONG, _EMPH = frozenset({"strong", "b"}), frozenset({"em", "i"})
_WIDEST = 100  # columns that a cell of a report's table may span
_DEEPEST = 200  # nesting beyond this is an attack or a broken page


def _is_shown(element: html.HtmlElement) -> bool:
    if not isinstance(element.tag, str) or element.tag.lower() in _SKIPPED:
        return False
    return element.get("hidden") is None and not _HIDDEN.search(element.get("style", ""))


def _span(cell: html.HtmlElement, name: str) -> int:
    text = cell.get(name, "1").strip()
    return min(max(int(text), 1), _WIDEST) if text.isascii() and text.isdigit() else 1


def _is_struck(element: html.HtmlElement) -> bool:
    return element.tag in _STRUCK or bool(_LINE_THROUGH.search(element.get("style", "")))


def _own_words(element: html.HtmlElement) -> str:
    """Return the words with which an element begins; raised and lowered ones in signs of their own,
    so that m² does not become m2, nor a number another by the sign of a note.
    """
    text = element.text or ""
    if element.tag not in _SHIFTED:
        return text
    return raised(text.strip(), lowered=element.tag == "sub") or text


def _cell_text(cell: html.HtmlElement) -> str:
    """Return the text of a cell: hidden parts are left out, what is struck through says so."""
    if cell.tag == "input":  # of a page that shows its form
        return str(cell.get("value", "")) if cell.get("type", "text") == "text" else ""
    parts = [_own_words(cell)]
    for child in cell:
        if _is_shown(child):
            words = _cell_text(child)
            parts.append(struck_words(words) if _is_struck(child) and words.strip() else words)
        parts.append(child.tail or "")
    return "".join(parts)


def _value(cell: html.HtmlElement) -> str:
    """Return the text of a cell; what is a picture alone is not blank."""
    text = _cell_text(cell)
    return text if text.strip() or cell.find(".//img") is None else PICTURE_ALONE


def _grid(table: html.HtmlElement) -> PageTable | None:
    rows = [
        [
            (_value(cell), _span(cell, "colspan"), _span(cell, "rowspan"))
            for cell in row.iterchildren("td", "th")
        ]
        for row in table.iter("tr")
    ]
    area = sum(c * r for row in rows for _, c, r in row)
    return page_table(fill_spans(rows)) if 0 < area <= MAX_PLACES else None


class _Walker:
    """Collects the blocks of a page in the order in which they are shown."""

    def __init__(self) -> None:
        self.blocks: list[tuple[PageBlock, html.HtmlElement]] = []
        self.pictures = 0
        self._pieces: list[Piece] = []
        self._links: list[tuple[str, str]] = []
        self._level: int | None = None
        self._mark = ""

    def flush(self, at: html.HtmlElement) -> None:
        """End the paragraph that was being read."""
        text = "".join(piece[0] for piece in self._pieces)
        shown = " ".join(text.split())
        if shown:
            pieces = [(re.sub(r"\s+", " ", t), s, e, p) for t, s, e, p in self._pieces]
            line = marked_line(pieces)
            links = tuple(self._links)
            block = Paragraph(shown, self._mark + line, self._level, bool(self._mark), links)
            self.blocks.append((block, at))
            self._mark = ""
        self._pieces, self._links = [], []

    def walk(self, element: html.HtmlElement, strong: bool, emph: bool, depth: int) -> None:
        """Read an element and what is in it."""
        if not _is_shown(element) or depth > _DEEPEST:
            return
        tag = element.tag.lower()
        if tag == "img":
            self.pictures += 1
        if tag == "br":
            self.flush(element)
        elif tag == "table" and element.find(".//table") is None:
            self.flush(element)
            if (grid := _grid(element)) is not None:
                self.blocks.append((grid, element))
        elif tag in _INLINE:
            if tag == "a" and (link := _link(element)):
                self._links.append(("链接", link))
            if _is_struck(element) and (words := " ".join(_cell_text(element).split())):
                self._links.append(("删除线", words))
            self._inside(element, strong or tag in _STRONG, emph or tag in _EMPH, depth)
        else:
            self.flush(element)
            self._block(element, tag, strong, emph, depth)

    def _block(
        self, element: html.HtmlElement, tag: str, strong: bool, emph: bool, depth: int
    ) -> None:
        heading = _HEADING.fullmatch(tag)
        above, self._level = self._level, int(heading[1]) - 1 if heading else self._level
        if tag == "li":
            self._mark = _item_mark(element)
        self._inside(element, strong, emph, depth)
        self.flush(element)
        self._level, self._mark = above, ""

    def _inside(self, element: html.HtmlElement, strong: bool, emph: bool, depth: int) -> None:
        if words := _own_words(element):
            self._pieces.append((words, strong, emph, False))
        for child in element:
            self.walk(child, strong, emph, depth + 1)
            if child.tail:
                self._pieces.append((child.tail, strong, emph, False))


def _link(anchor: html.HtmlElement) -> str:
    """Return what a link says besides its words: the address; nothing of one within the page."""
    address = " ".join(anchor.get("href", "").split())
    words = " ".join(_cell_text(anchor).split())
    if not words or address.startswith(("#", "javascript:")) or same_address(address, words):
        return ""
    return f"{words}：{address}"


def _item_mark(item: html.HtmlElement) -> str:
    parent = item.getparent()
    if parent is None or parent.tag != "ol":
        return "- "
    start = parent.get("start", "1")
    first = int(start) if start.isascii() and start.isdigit() else 1
    return f"{first + len(list(item.itersiblings('li', preceding=True)))}. "


def _above(element: html.HtmlElement) -> Iterator[html.HtmlElement]:
    yield element
    yield from element.iterancestors()


def _article(walker: _Walker, is_heading: re.Pattern[str]) -> list[PageBlock]:
    """Return the blocks of the smallest part of the page that holds all statutory headings.

    What stands before it is kept (the title may stand outside); what follows it is menus.
    """
    blocks = walker.blocks
    marked = [e for b, e in blocks if isinstance(b, Paragraph) and is_heading.match(b.text)]
    if len(marked) < 2:
        return [block for block, _ in blocks]
    others = [set(_above(element)) for element in marked[1:]]
    common = next(e for e in _above(marked[0]) if all(e in found for found in others))
    inside = [common in set(_above(element)) for _, element in blocks]
    last = len(inside) - 1 - inside[::-1].index(True)
    return [block for block, _ in blocks[: last + 1]]


def read_page(source: Source, is_heading: re.Pattern[str]) -> Pages:
    """Read a web page that was saved as one file.

    It may be UTF-8, UTF-16 or GB18030, whatever the page says of itself. ``is_heading`` matches how
    statutory headings begin, to tell the article from its surroundings.

    Raises
    ------
    InputError
        There is no text in it.
    """
    parser = html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    try:
        tree = html.document_fromstring(source.text().encode(), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, AssertionError) as error:
        problem = Problem("网页里没有内容", Place(source.file), remedy="请用浏览器重新保存网页")
        raise InputError(problem) from error
    walker = _Walker()
    body = tree.find("body")
    root = tree if body is None else body
    walker.walk(root, False, False, 0)
    walker.flush(root)
    title = tree.findtext(".//title") or ""
    return Pages("HTML", tuple(_article(walker, is_heading)), title, walker.pictures)

"""Which section each paragraph and table of an edited Word file belongs to.

Bookmarks tell (word_bookmarks); where an editor lost them, the statutory headings do. What the
software made is known by its bookmark and its form together, so that a paragraph put between a
figure and its caption is not lost.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from nianbao.documents.readback.tables import statutory_kind
from nianbao.documents.readback.word import is_title
from nianbao.documents.word_bookmarks import BLOCK_PREFIX, bookmark_section
from nianbao.files.pages import squash
from nianbao.files.word import Element, WordFile, paragraph_text, table_matrix, tag, value
from nianbao.statutory import Format, format_of_title

PREFACE = "preface"
_CAPTIONS = frozenset({"caption", "题注", "年报表注"})
_CHART = "年报图表"
# Each of these is the one paragraph at which its bookmark begins.
_OWN_PARAGRAPH = tuple(BLOCK_PREFIX + kind for kind in ("figure", "text", "signature", "date"))
_SIGNING = frozenset({"signature", "date", "签名", "日期"})


@dataclass(frozen=True, slots=True)
class Located:
    """A paragraph or table of the body, its section, and whether it is the section's text."""

    element: Element
    section: str
    is_text: bool


@dataclass(frozen=True, slots=True)
class _Marked:
    """A paragraph or table with the bookmarks that begin at it, and those that lie on it."""

    element: Element
    begun: tuple[str, ...]
    within: tuple[str, ...]

    def made(self, kind: str = "") -> bool:
        """Whether a bookmark of something made by the software lies on it."""
        return any(name.startswith(BLOCK_PREFIX + kind) for name in self.within)


def _marked(word: WordFile) -> Iterator[_Marked]:
    lying: dict[str, str] = {}
    waiting: list[str] = []  # begun between two paragraphs, as LibreOffice writes some
    for element in word.body:
        starts = list(element.iter(tag("bookmarkStart")))
        waiting += [value(start, "name") or "" for start in starts]
        lying |= {value(start, "id") or "": value(start, "name") or "" for start in starts}
        if element.tag in (tag("p"), tag("tbl")):
            yield _Marked(element, tuple(waiting), tuple(lying.values()))
            waiting = []
        for end in element.iter(tag("bookmarkEnd")):
            name = lying.get(value(end, "id") or "")
            # LibreOffice may begin a bookmark twice and end it once.
            lying = {number: other for number, other in lying.items() if other != name}


def _statutory_section(text: str, level: int | None, format_: Format) -> str | None:
    """The section that a paragraph begins by its words, or as first-level heading by its number."""
    for section in format_.headings():
        if squash(text) == squash(section.heading):
            return section.key
    for section in format_.sections:
        if level == 1 and squash(text)[:2] == section.heading[:2]:
            return section.key
    return None


def _is_made_paragraph(word: WordFile, marked: _Marked, level: int | None, bare: bool) -> bool:
    """``bare``: the file has lost all marks of what was made; then its form alone tells."""
    if level is not None and marked.made("heading"):
        return True
    if any(name.startswith(_OWN_PARAGRAPH) for name in marked.begun):
        return True
    style = next(iter(word.style_names(marked.element)), "").lower()
    drawn = next(marked.element.iter(tag("drawing")), None) is not None
    if style in _SIGNING or style.startswith("toc ") or (style == _CHART and drawn):
        return True
    return style in _CAPTIONS and (bare or marked.made())


def _is_made_table(marked: _Marked, format_: Format) -> bool:
    matrix = tuple(tuple(map(squash, row)) for row in table_matrix(marked.element))
    captioned = marked.element.find(f"{tag('tblPr')}/{tag('tblCaption')}") is not None
    return marked.made() or captioned or statutory_kind(matrix, format_) is not None


def locate(word: WordFile) -> Iterator[Located]:
    """Every paragraph and table of the body in order, with its section."""
    section, titled = PREFACE, False
    titles = (e for e in word.body if e.tag == tag("p") and is_title(word, e))
    format_ = format_of_title(squash("".join(paragraph_text(e) for e in titles)))
    everything = list(_marked(word))
    bare = not any(marked.made() for marked in everything)
    for marked in everything:
        element = marked.element
        named = [found for name in marked.begun if (found := bookmark_section(name))]
        section = named[-1] if named else section
        if element.tag == tag("tbl"):
            yield Located(element, section, not _is_made_table(marked, format_))
            continue
        level = word.heading_level(element)
        statutory = _statutory_section(paragraph_text(element), level, format_)
        is_title_line = not titled and is_title(word, element)
        section, titled = statutory or section, titled or is_title_line
        made = statutory or is_title_line or _is_made_paragraph(word, marked, level, bare)
        yield Located(element, section, not made)

"""The text of each section of an edited Word file as Markdown, and the reviewers' comments."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from nianbao.documents.readback.locate import Located, locate
from nianbao.files.markdown import heading_line, table_lines
from nianbao.files.word import (
    Element,
    WordFile,
    open_word,
    paragraph_text,
    run_text,
    table_matrix,
    tag,
    value,
)
from nianbao.files.word_text import PICTURE, ListNumbers, paragraph_lines

_INDENT = "   "
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_VML, _OFFICE = "{urn:schemas-microsoft-com:vml}", "{urn:schemas-microsoft-com:office:office}"


@dataclass(frozen=True, slots=True)
class Comment:
    """A reviewer's comment: the section it belongs to, the words that it is about, its text."""

    section: str
    author: str
    date: str
    quote: str
    text: str


class _Writer:
    """Joins a section's pieces: items of one list line by line, all else with an empty line."""

    def __init__(self) -> None:
        self.text = ""
        self._item_depth: int | None = None

    def item(self, depth: int, line: str) -> None:
        gap = "" if not self.text else "\n\n" if self._item_depth is None else "\n"
        self.text += f"{gap}{_INDENT * depth}{line}"
        self._item_depth = depth

    def block(self, lines: str, *, in_item: bool = False) -> None:
        depth = self._item_depth
        indent = _INDENT * (depth + 1) if in_item and depth is not None else ""
        self.text += ("\n\n" if self.text else "") + indent + lines
        self._item_depth = depth if indent else None


def _write(word: WordFile, found: Located, writer: _Writer, numbers: ListNumbers) -> None:
    if found.element.tag == tag("tbl"):
        numbers.interrupt()
        writer.block(table_lines(table_matrix(found.element)))
        return
    level, place = word.heading_level(found.element), word.list_place(found.element)
    lines = paragraph_lines(word, found.element)
    if level is not None and lines:
        numbers.interrupt()
        writer.block(heading_line("".join(lines), level))
    elif place is not None and lines:
        writer.item(place[1], numbers.marker(*place) + lines[0])
        for line in lines[1:]:
            writer.block(line, in_item=True)
    else:
        continued = "List Continue" in word.style_names(found.element)
        if lines and not continued:
            numbers.interrupt()
        for line in lines:
            writer.block(line, in_item=continued)


def read_docx_sections(data: bytes) -> dict[str, str]:
    """The text of each section as Markdown, tracked changes accepted.

    Parameters
    ----------
    data
        A report written by `nianbao.documents.word`, maybe edited and saved by Word, WPS or
        LibreOffice.

    Returns
    -------
    dict
        Section id to Markdown, in the order of the file; empty for a section without text.
        Tables and figures that the software made, headings of the form, title and signature
        are left out.

    Raises
    ------
    InputError
        It is not a .docx.
    """
    word = open_word(data)
    numbers, writers = ListNumbers(word), dict[str, _Writer]()
    for found in locate(word):
        writer = writers.setdefault(found.section, _Writer())
        if found.is_text:
            _write(word, found, writer, numbers)
    return {section: writer.text for section, writer in writers.items()}


def read_docx_pictures(data: bytes) -> tuple[tuple[str, str], ...]:
    """Section and name of every picture, in the order of the file; charts are pictures too.

    Raises
    ------
    InputError
        It is not a .docx.
    """
    return tuple(
        (found.section, name)
        for found in locate(open_word(data))
        for name in _picture_names(found.element)
    )


def _picture_names(element: Element) -> Iterator[str]:
    """Names of the drawings in a paragraph or table, and of the pictures of older files.

    A drawing may bring along, for older programs, the same thing as they know it.
    """
    for drawing in element.iter(tag("drawing")):
        yield next((about.get("name", "") for about in drawing.iter(PICTURE)), "")
    for old in element.iter(tag("pict")):
        if next(old.iterancestors(_FALLBACK), None) is None:
            titles = (data.get(f"{_OFFICE}title", "") for data in old.iter(f"{_VML}imagedata"))
            yield next(titles, "")


def _quotes(word: WordFile) -> dict[str, tuple[str, str]]:
    """For each comment's number its section and the words that it is about."""
    quotes: dict[str, tuple[str, str]] = {}
    open_quotes: set[str] = set()
    for found in locate(word):
        for element in found.element.iter():
            number = value(element, "id") or "" if isinstance(element.tag, str) else ""
            if element.tag == tag("commentRangeStart"):
                open_quotes.add(number)
                quotes[number] = (found.section, "")
            elif element.tag == tag("commentRangeEnd"):
                open_quotes.discard(number)
            elif element.tag == tag("commentReference"):
                quotes.setdefault(number, (found.section, ""))
            elif element.tag == tag("r"):
                for quoted in open_quotes:
                    section, text = quotes[quoted]
                    quotes[quoted] = (section, text + run_text(element))
    return quotes


def _comment(comment: Element, section: str, quote: str) -> Comment:
    lines = [paragraph_text(paragraph) for paragraph in comment.iter(tag("p"))]
    author, date = value(comment, "author") or "", value(comment, "date") or ""
    return Comment(section, author, date, quote.strip(), "\n".join(lines).strip())


def read_docx_comments(data: bytes) -> tuple[Comment, ...]:
    """The reviewers' comments in an edited report, in the order of the file.

    Raises
    ------
    InputError
        It is not a .docx.
    """
    word = open_word(data)
    comments = word.parts.get("word/comments.xml")
    if comments is None:
        return ()
    by_number = {value(c, "id") or "": c for c in comments.iter(tag("comment"))}
    quotes = _quotes(word).items()
    return tuple(_comment(by_number[n], *about) for n, about in quotes if n in by_number)

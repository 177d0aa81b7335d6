"""A Word report that somebody edited, opened once: its text by section, and all that stands beside.

Tracked changes count as accepted.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from nianbao.documents.readback.locate import Located, locate
from nianbao.documents.readback.model import Readback
from nianbao.documents.readback.tables import statutory_kind
from nianbao.documents.readback.word import read_word
from nianbao.files.markdown import heading_line, table_lines
from nianbao.files.pages import squash
from nianbao.files.word import (
    PICTURE,
    VML,
    Element,
    Untaken,
    WordFile,
    find_untaken,
    open_word,
    paragraph_text,
    run_text,
    table_matrix,
    tag,
    value,
)
from nianbao.files.word.text import ListNumbers, paragraph_lines
from nianbao.files.word.xml import OFFICE
from nianbao.statutory import Format

_INDENT = "   "
_NEAR = 15

Line = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Comment:
    """A reviewer's comment: the section it belongs to, the words that it is about, its text."""

    section: str
    author: str
    date: str
    quote: str
    text: str


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture: its section, its name, and the checksum of its bytes if they are in the file."""

    section: str
    name: str
    checksum: int | None = None


@dataclass(frozen=True, slots=True)
class Beside:
    """What the file shows and no text of it holds: a note, a box, a formula; and where.

    ``near`` are the words of its paragraph.
    """

    section: str
    found: Untaken
    near: str = ""


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


@dataclass(frozen=True)
class EditedWord:
    """A report written by `nianbao.documents.word`, maybe edited and saved by Word, WPS or
    LibreOffice since."""

    word: WordFile

    @cached_property
    def located(self) -> tuple[Located, ...]:
        """Every paragraph and table with its section."""
        return tuple(locate(self.word))

    @cached_property
    def readback(self) -> Readback:
        """Title, headings, statutory values and text, as those of any finished file."""
        return read_word(self.word)

    @cached_property
    def sections(self) -> dict[str, str]:
        """Section id to Markdown, in the order of the file; empty for a section without text.

        Tables and figures that the software made, headings of the form, title and signature
        are left out.
        """
        numbers, writers = ListNumbers(self.word), dict[str, _Writer]()
        for found in self.located:
            writer = writers.setdefault(found.section, _Writer())
            if found.is_text:
                _write(self.word, found, writer, numbers)
        return {section: writer.text for section, writer in writers.items()}

    @cached_property
    def pictures(self) -> tuple[Picture, ...]:
        """Every picture, in the order of the file; charts are pictures too."""
        return tuple(
            Picture(found.section, _picture_name(drawing), self.word.picture_checksum(drawing))
            for found in self.located
            for drawing in found.element.iter(tag("drawing"), tag("pict"))
        )

    def made(self, format_: Format) -> tuple[tuple[str, Line], ...]:
        """Headings, captions, title, signature, date, and the rows of tables that are not
        statutory: what the software put there.

        Parameters
        ----------
        format_
            By which a statutory table is known.

        Returns
        -------
        tuple of pairs
            Section, and the texts that stand side by side: one for a paragraph, several for a
            row, in the order of the file.
        """
        lines: list[tuple[str, Line]] = []
        for found in self.located:
            if found.is_text:
                continue
            if found.element.tag == tag("tbl"):
                matrix = tuple(tuple(map(squash, row)) for row in table_matrix(found.element))
                if statutory_kind(matrix, format_) is None:
                    lines += [(found.section, row) for row in matrix]
            elif text := squash(paragraph_text(found.element)):
                lines.append((found.section, (text,)))
        return tuple(lines)

    @cached_property
    def beside(self) -> tuple[Beside, ...]:
        """What the file shows and no text of it holds, page heads and feet included."""
        inside = tuple(
            Beside(found.section, untaken, _near(found.element))
            for found in self.located
            for untaken in find_untaken(found.element)
        )
        outside = (e for e in self.word.body if e.tag not in (tag("p"), tag("tbl")))
        last = self.located[-1].section if self.located else ""
        between = (Beside(last, untaken) for e in outside for untaken in find_untaken(e))
        return (*inside, *between, *(Beside("", margin) for margin in self.word.margins))

    @cached_property
    def comments(self) -> tuple[Comment, ...]:
        """The reviewers' comments, in the order of the file."""
        part = self.word.part("comments")
        if part is None:
            return ()
        by_number = {value(c, "id") or "": c for c in part.iter(tag("comment"))}
        quotes = _quotes(self.located).items()
        return tuple(_comment(by_number[n], *about) for n, about in quotes if n in by_number)


def open_edited(data: bytes) -> EditedWord:
    """Open a Word report that may have been edited.

    Raises
    ------
    InputError
        It is not a .docx.
    """
    return EditedWord(open_word(data))


def _near(element: Element) -> str:
    paragraph = next(element.iter(tag("p")), element)
    return squash(paragraph_text(paragraph))[:_NEAR]


def _picture_name(drawing: Element) -> str:
    """The name of a drawing, or of the picture of an older file."""
    named = next((about.get("name", "") for about in drawing.iter(PICTURE)), None)
    if named is not None:
        return named
    return next((data.get(f"{OFFICE}title", "") for data in drawing.iter(f"{VML}imagedata")), "")


def _quotes(located: tuple[Located, ...]) -> dict[str, tuple[str, str]]:
    """For each comment's number its section and the words that it is about."""
    quotes: dict[str, tuple[str, str]] = {}
    open_quotes: set[str] = set()
    for found in located:
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

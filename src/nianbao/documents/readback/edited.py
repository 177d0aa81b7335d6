"""A Word report that somebody edited, opened once: its text by section, and all that stands beside.

Tracked changes count as accepted.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from nianbao.documents.bookmarks import BLOCK_PREFIX, EDITION_PREFIX, bookmark_section
from nianbao.documents.readback.model import Readback, statutory_kind
from nianbao.documents.readback.readers import is_title, read_word
from nianbao.errors import InputError, Place
from nianbao.files.pages import Matrix, heading_line, normalise_text, table_lines
from nianbao.files.reading_process import read_apart
from nianbao.files.sources import Source
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
from nianbao.files.word.text import ListNumbers, cut_paragraph, make_plain, paragraph_lines
from nianbao.files.word.xml import OFFICE
from nianbao.statutory import Format, format_of_title, notes_of

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
    """A picture: its section, its name, and the checksum of its bytes if they are in the file.

    ``is_chart`` says that it stands where the software puts charts.
    """

    section: str
    name: str
    checksum: int | None = None
    is_chart: bool = False


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


@dataclass(frozen=True, slots=True)
class EditedWord:
    """A report by `nianbao.documents.word` that somebody may have edited since.

    Word, WPS and LibreOffice may have saved it.
    """

    readback: Readback
    """Title, headings, statutory values and text, as those of any finished file."""
    sections: Mapping[str, str]
    """Section id to Markdown, in the order of the file; empty for a section without text. Tables
    and figures that the software made, headings of the form, title and signature are left out.
    """
    pictures: tuple[Picture, ...]
    """Every picture, in the order of the file; charts are pictures too."""
    captions: frozenset[str]
    """The captions that the software put below its figures and above its tables."""
    beside: tuple[Beside, ...]
    """What the file shows and no text of it holds, page heads and feet included."""
    comments: tuple[Comment, ...]
    """The reviewers' comments, in the order of the file."""
    own: tuple[tuple[str, str | Matrix], ...]
    """What the software put there, a paragraph or a table, and its section."""
    edition: str = ""
    """Which words it was made with, see `Document.edition`; empty where an editor lost it."""

    def made(self, format_: Format) -> tuple[tuple[str, Line], ...]:
        """Return what the software put there: headings, captions, title, signature and date.

        The rows of tables that are not statutory are among it.

        Returns
        -------
        tuple of pairs
            Section, and the texts that stand side by side: one for a paragraph, several for a
            row, in the order of the file.
        """
        lines: list[tuple[str, Line]] = []
        for section, each in self.own:
            if isinstance(each, str):
                lines.append((section, (each,)))
            elif statutory_kind(each, format_) is None:
                lines += [(section, row) for row in each]
        return tuple(lines)


@dataclass(frozen=True)
class _Opened:
    """The file while it is read."""

    word: WordFile

    @cached_property
    def located(self) -> tuple[Located, ...]:
        """Every paragraph and table with its section."""
        return tuple(locate(self.word))

    @cached_property
    def readback(self) -> Readback:
        return read_word(self.word)

    @cached_property
    def sections(self) -> dict[str, str]:
        numbers, writers = ListNumbers(self.word), dict[str, _Writer]()
        for found in self.located:
            writer = writers.setdefault(found.section, _Writer())
            if found.is_text:
                _write(self.word, found, writer, numbers)
        return {section: writer.text for section, writer in writers.items()}

    @cached_property
    def pictures(self) -> tuple[Picture, ...]:
        return tuple(
            Picture(
                found.section,
                _picture_name(drawing),
                self.word.picture_checksum(drawing),
                not found.is_text and _style(self.word, found.element) == _CHART,
            )
            for found in self.located
            for drawing in found.element.iter(tag("drawing"), tag("pict"))
        )

    @cached_property
    def captions(self) -> frozenset[str]:
        return frozenset(
            normalise_text(paragraph_text(found.element))
            for found in self.located
            if not found.is_text
            and found.element.tag == tag("p")
            and _style(self.word, found.element) in _CAPTIONS
        )

    @cached_property
    def own(self) -> tuple[tuple[str, str | Matrix], ...]:
        own: list[tuple[str, str | Matrix]] = []
        for found in self.located:
            if found.is_text:
                continue
            if found.element.tag == tag("tbl"):
                own.append((found.section, _texts(found.element)))
            elif text := normalise_text(paragraph_text(found.element)):
                own.append((found.section, text))
        return tuple(own)

    @cached_property
    def beside(self) -> tuple[Beside, ...]:
        inside = tuple(
            Beside(found.section, untaken, _near(found.element))
            for found in self.located
            for untaken in find_untaken(found.element)
        )
        margins = (Beside("", margin) for margin in self.word.margins)
        return (*inside, *self._between(), *self._above_title(), *margins)

    def _between(self) -> Iterator[Beside]:
        """Yield what stands between paragraphs, such as an inserted file."""
        sections = {id(found.element): found.section for found in self.located}
        section = PREFACE
        for element in self.word.body:
            section = sections.get(id(element), section)
            if element.tag not in (tag("p"), tag("tbl")):
                yield from (Beside(section, untaken) for untaken in find_untaken(element))

    def _above_title(self) -> Iterator[Beside]:
        """Yield the words above the title, as the red head of an office's letters."""
        for found in self.located:
            if found.above_title and (text := paragraph_text(found.element).strip()):
                yield Beside(found.section, Untaken("题上文字", text))

    @cached_property
    def edition(self) -> str:
        names = (value(s, "name") or "" for s in self.word.body.iter(tag("bookmarkStart")))
        told = (name for name in names if name.startswith(EDITION_PREFIX))
        return next(told, "").removeprefix(EDITION_PREFIX)

    @cached_property
    def comments(self) -> tuple[Comment, ...]:
        part = self.word.part("comments")
        if part is None:
            return ()
        by_number = {value(c, "id") or "": c for c in part.iter(tag("comment"))}
        quotes = _quotes(self.located).items()
        return tuple(_comment(by_number[n], *about) for n, about in quotes if n in by_number)


def open_edited(data: bytes, file: str = "report.docx") -> EditedWord:
    """Open a Word report that may have been edited, in the reading process.

    Raises
    ------
    InputError
        It is not a .docx, or cannot be read.
    """
    try:
        return _read(Source(file, data))
    except InputError as error:
        placed = (replace(p, place=p.place or Place(file)) for p in error.problems)
        raise InputError(*placed) from error


@read_apart
def _read(source: Source) -> EditedWord:
    word = open_word(source.data)
    _part_headings(word)
    opened = _Opened(word)
    return EditedWord(
        opened.readback, opened.sections, opened.pictures, opened.captions, opened.beside,
        opened.comments, opened.own, opened.edition,
    )  # fmt: skip


def _near(element: Element) -> str:
    paragraph = next(element.iter(tag("p")), element)
    return normalise_text(paragraph_text(paragraph))[:_NEAR]


def _picture_name(drawing: Element) -> str:
    """Return the name of a drawing, or of the picture of an older file."""
    named = next((about.get("name", "") for about in drawing.iter(PICTURE)), None)
    if named is not None:
        return named
    return next((data.get(f"{OFFICE}title", "") for data in drawing.iter(f"{VML}imagedata")), "")


def _quotes(located: tuple[Located, ...]) -> dict[str, tuple[str, str]]:
    """Return for each comment's number its section and the words that it is about."""
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


# Which section a paragraph or table belongs to. Bookmarks tell; where an editor lost them, the
# statutory headings do. What the software made is known by its bookmark and its form together,
# so that a paragraph put between a figure and its caption is not lost.


PREFACE = "preface"
_TITLE = "政府信息公开工作年度报告"
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
    above_title: bool = False


@dataclass(frozen=True, slots=True)
class _Marked:
    """A paragraph or table with the bookmarks that begin at it, and those that lie on it."""

    element: Element
    begun: tuple[str, ...]
    within: tuple[str, ...]

    def made(self, kind: str = "") -> bool:
        """Return whether a bookmark of something made by the software lies on it."""
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
    """Return the section that a paragraph begins.

    It is known by the words, or by the number of a first-level heading.
    """
    for section in format_.headings():
        if normalise_text(text) == normalise_text(section.heading):
            return section.key
    for section in format_.sections:
        if level == 1 and normalise_text(text)[:2] == section.heading[:2]:
            return section.key
    return None


def _texts(table: Element) -> Matrix:
    return tuple(tuple(map(normalise_text, row)) for row in table_matrix(table))


def _format(word: WordFile) -> Format:
    titles = (e for e in word.body if e.tag == tag("p") and is_title(word, e))
    return format_of_title(normalise_text("".join(paragraph_text(e) for e in titles)))


def _part_headings(word: WordFile) -> None:
    """Part the headings of the form from text that lost the paragraph's end between them.

    Only where the heading has no paragraph of its own: one key joins two paragraphs in Word, and
    the text would be lost in the heading, or the heading in the text.
    """
    paragraphs = [e for e in word.body if e.tag == tag("p")]
    alone = {paragraph_text(e).strip() for e in paragraphs}
    headings = [h.heading for h in _format(word).headings() if h.heading not in alone]
    for paragraph in paragraphs:
        text = paragraph_text(paragraph)
        for heading in headings:
            if text.lstrip().startswith(heading) and "。" in text:
                if cut_paragraph(paragraph, text.index(heading) + len(heading)) is not None:
                    make_plain(paragraph)
            elif text.rstrip().endswith(f"。{heading}"):
                make_plain(cut_paragraph(paragraph, text.rindex(heading)))


def _style(word: WordFile, paragraph: Element) -> str:
    return next(iter(word.style_names(paragraph)), "").lower()


def _is_made_paragraph(word: WordFile, marked: _Marked, level: int | None, bare: bool) -> bool:
    """Return whether a paragraph is one that the software made.

    ``bare`` says that the file has lost all marks of what was made; then the form alone counts.
    """
    if level is not None and marked.made("heading"):
        return True
    if any(name.startswith(_OWN_PARAGRAPH) for name in marked.begun):
        return True
    style = _style(word, marked.element)
    drawn = next(marked.element.iter(tag("drawing")), None) is not None
    if style in _SIGNING or style.startswith("toc ") or (style == _CHART and drawn):
        return True
    return style in _CAPTIONS and (bare or marked.made())


def _is_made_table(marked: _Marked, format_: Format) -> bool:
    captioned = marked.element.find(f"{tag('tblPr')}/{tag('tblCaption')}") is not None
    return marked.made() or captioned or statutory_kind(_texts(marked.element), format_) is not None


def _above_title(word: WordFile, everything: list[_Marked], format_: Format) -> int:
    """Return how many paragraphs and tables stand above the title; 0 where it is not on top.

    A title below a section of the report is none of ours: somebody gave its style to a text.
    """
    for number, marked in enumerate(everything):
        if marked.element.tag != tag("p"):
            continue
        text = paragraph_text(marked.element)
        if is_title(word, marked.element):
            return number if _TITLE in normalise_text(text) else 0
        if any(map(bookmark_section, marked.begun)) or _statutory_section(text, None, format_):
            return 0
    return 0


def locate(word: WordFile) -> Iterator[Located]:
    """Yield every paragraph and table of the body in order, with its section."""
    section, titled = PREFACE, False
    below = ""  # the section whose statutory table stands above
    format_ = _format(word)
    everything = list(_marked(word))
    bare = not any(marked.made() for marked in everything)
    above = _above_title(word, everything, format_)
    for number, marked in enumerate(everything):
        element = marked.element
        if number < above and element.tag == tag("p"):
            yield Located(element, section, is_text=False, above_title=True)
            continue
        named = [found for name in marked.begun if (found := bookmark_section(name))]
        section = named[-1] if named else section
        if element.tag == tag("tbl"):
            yield Located(element, section, not _is_made_table(marked, format_))
            below = section if statutory_kind(_texts(element), format_) == section else below
            continue
        level = word.heading_level(element)
        statutory = _statutory_section(paragraph_text(element), level, format_)
        is_title_line = not titled and is_title(word, element)
        section, titled = statutory or section, titled or is_title_line
        made = statutory or is_title_line or _is_made_paragraph(word, marked, level, bare)
        if section == below and not made and paragraph_text(element).strip():
            section = notes_of(section)
        yield Located(element, section, not made)

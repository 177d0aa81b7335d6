"""A published Word file as paragraphs and tables, tracked changes accepted."""

from __future__ import annotations

from collections.abc import Iterator

from lxml.etree import LxmlError

from nianbao.errors import InputError, Place, Problem
from nianbao.files.pages import MAX_PLACES, Block, Pages, Paragraph, make_grid
from nianbao.files.sources import Source
from nianbao.files.word.package import WordFile, open_word, paragraph_text, table_matrix
from nianbao.files.word.text import ListNumbers, paragraph_lines
from nianbao.files.word.xml import Element, tag

# Captions of pictures, by the names of the style.
_AROUND = frozenset({"caption", "题注"})
_INDENT = "   "


def _paragraph(word: WordFile, element: Element, numbers: ListNumbers) -> Iterator[Paragraph]:
    style = next(iter(word.style_names(element)), "").lower()
    if style in _AROUND or style.startswith("toc "):
        return
    lines = [line for line in paragraph_lines(word, element) if not line.startswith("![")]
    shown = [line.strip() for line in paragraph_text(element).split("\n") if line.strip()]
    if not lines or not shown:
        return
    level, place = word.heading_level(element), word.list_place(element)
    if place is None or level is not None:
        if style not in ("list continue",):
            numbers.interrupt()
        # A manual line break begins a new paragraph, as editors mean it.
        for text, line in zip(shown, lines, strict=False):
            yield Paragraph(text, line, level)
        return
    mark = numbers.marker(*place)
    yield Paragraph(shown[0], _INDENT * place[1] + mark + lines[0], None, True)


def read_word_pages(source: Source) -> Pages:
    """Read a .docx.

    Raises
    ------
    InputError
        It is no .docx, or damaged.
    """
    try:
        word = open_word(source.data)
        numbers, blocks, pictures = ListNumbers(word), list[Block](), 0
        for element in word.body:
            if element.tag == tag("tbl"):
                numbers.interrupt()
                matrix = table_matrix(element)
                if 0 < sum(map(len, matrix)) <= MAX_PLACES:
                    blocks.append(make_grid(matrix))
            elif element.tag == tag("p"):
                pictures += sum(1 for _ in element.iter(tag("drawing"), tag("pict")))
                blocks.extend(_paragraph(word, element, numbers))
    except InputError as error:
        places = (Problem(p.message, Place(source.file)) for p in error.problems)
        raise InputError(*places) from error
    except (LxmlError, OSError, RuntimeError, ValueError) as error:
        remedy = "请用Word打开后另存为.docx"
        raise InputError(Problem("Word文件已损坏", Place(source.file), remedy=remedy)) from error
    return Pages("Word", tuple(blocks), "", pictures)

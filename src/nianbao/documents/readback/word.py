"""Read a finished Word report back: title, headings, text and the statutory values."""

from __future__ import annotations

from nianbao.documents.readback.model import Readback, Reader
from nianbao.documents.readback.tables import read_cells
from nianbao.files.word import Element, WordFile, open_word, paragraph_text, table_matrix, tag


def is_title(word: WordFile, paragraph: Element) -> bool:
    """Whether a paragraph has the title's style."""
    return any(name in ("Title", "标题") for name in word.style_names(paragraph))


def read_docx(data: bytes) -> Readback:
    """Read a Word report, tracked changes accepted.

    Parameters
    ----------
    data
        The file's bytes; it may have been edited and saved by Word, WPS or LibreOffice.

    Raises
    ------
    InputError
        It is not a .docx.
    """
    return read_word(open_word(data))


def read_word(word: WordFile) -> Readback:
    """Read a Word report that is open already."""
    reader = Reader()
    for block in word.body:
        if block.tag == tag("tbl"):
            reader.table(table_matrix(block))
        elif block.tag == tag("p"):
            text, level = paragraph_text(block), word.heading_level(block)
            if not reader.title and (is_title(word, block) or (text.strip() and not level)):
                reader.title = text
            elif level and text.strip():
                reader.heading(level, text)
            else:
                reader.text(text)
    return reader.finish("Word", read_cells(reader.tables, reader.format))

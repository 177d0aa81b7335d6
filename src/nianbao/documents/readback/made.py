"""What the software itself put into a Word file, as it stands after somebody edited it."""

from __future__ import annotations

from nianbao.documents.readback.locate import locate
from nianbao.documents.readback.tables import statutory_kind
from nianbao.files.pages import squash
from nianbao.files.word import open_word, paragraph_text, table_matrix, tag
from nianbao.statutory import Format

Line = tuple[str, ...]


def read_docx_made(data: bytes, format_: Format) -> tuple[tuple[str, Line], ...]:
    """Headings, captions, title, signature, date, and the rows of tables that are not statutory.

    Parameters
    ----------
    data
        A report written by `nianbao.documents.word`, maybe edited since; tracked changes count
        as accepted.
    format_
        By which a statutory table is known.

    Returns
    -------
    tuple of pairs
        Section, and the texts that stand side by side: one for a paragraph, several for a row,
        in the order of the file. The statutory values are those of
        `nianbao.documents.readback.read_docx`.

    Raises
    ------
    InputError
        It is not a .docx.
    """
    lines: list[tuple[str, Line]] = []
    for found in locate(open_word(data)):
        if found.is_text:
            continue
        if found.element.tag == tag("tbl"):
            matrix = tuple(tuple(map(squash, row)) for row in table_matrix(found.element))
            if statutory_kind(matrix, format_) is None:
                lines += [(found.section, row) for row in matrix]
        elif text := squash(paragraph_text(found.element)):
            lines.append((found.section, (text,)))
    return tuple(lines)

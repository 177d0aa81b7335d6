"""Read finished reports back, independently of what wrote them.

    read_html, read_pdf, read_docx    a file's bytes -> Readback: title, headings, values, text
    read_poster, compare_poster       a poster's text, and what in it differs from the data
    compare                           Readback and Document -> what differs
    open_edited                       an edited Word file -> its text by section, comments, the rest

Values are found through the labels and spans that a reader of the file sees, so that a file is
proved by what it shows and not by what our writer meant.
"""

from nianbao.documents.readback.compare import compare, compare_poster, expected_cells
from nianbao.documents.readback.edited import Comment, EditedWord, open_edited
from nianbao.documents.readback.model import Passage, Readback
from nianbao.documents.readback.readers import (
    read_docx,
    read_html,
    read_pdf,
    read_poster,
)

__all__ = [
    "Comment",
    "EditedWord",
    "Passage",
    "Readback",
    "compare",
    "compare_poster",
    "expected_cells",
    "open_edited",
    "read_docx",
    "read_html",
    "read_pdf",
    "read_poster",
]

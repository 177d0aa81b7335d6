"""Word files: one reader for reports that are imported and for edits that come back."""

from nianbao.files.word.package import (
    MAX_UNPACKED,
    WordFile,
    open_word,
    paragraph_text,
    run_text,
    table_matrix,
)
from nianbao.files.word.xml import DRAWING, PICTURE, VML, Element, Untaken, find_untaken, tag, value

__all__ = [
    "DRAWING",
    "MAX_UNPACKED",
    "PICTURE",
    "VML",
    "Element",
    "Untaken",
    "WordFile",
    "find_untaken",
    "open_word",
    "paragraph_text",
    "run_text",
    "table_matrix",
    "tag",
    "value",
]

"""The statutory format as data: sections, rows, columns, labels, spans, keys."""

from nianbao.statutory.layout import Layout, LayoutCell
from nianbao.statutory.model import (
    ATTACHMENTS,
    TABLE_NUMBERS,
    Format,
    RequestRow,
    ReviewGroup,
    Section,
    cell_name,
    format_for,
    format_of_title,
    load_format,
    notes_of,
    row_name,
)

__all__ = [
    "ATTACHMENTS",
    "TABLE_NUMBERS",
    "Format",
    "Layout",
    "LayoutCell",
    "RequestRow",
    "ReviewGroup",
    "Section",
    "cell_name",
    "format_for",
    "format_of_title",
    "load_format",
    "notes_of",
    "row_name",
]

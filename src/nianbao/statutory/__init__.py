"""The statutory format as data: sections, rows, columns, labels, spans, keys."""

from nianbao.statutory.layout import Layout, LayoutCell
from nianbao.statutory.model import (
    TABLE_NUMBERS,
    Format,
    RequestRow,
    ReviewGroup,
    Section,
    format_for,
    format_of_title,
    load_format,
)

__all__ = [
    "TABLE_NUMBERS",
    "Format",
    "Layout",
    "LayoutCell",
    "RequestRow",
    "ReviewGroup",
    "Section",
    "format_for",
    "format_of_title",
    "load_format",
]

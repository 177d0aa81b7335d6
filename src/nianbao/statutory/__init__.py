"""The statutory format as data: sections, rows, columns, labels, spans, keys."""

from nianbao.statutory.layout import Layout, LayoutCell
from nianbao.statutory.model import (
    Format,
    RequestRow,
    ReviewGroup,
    Section,
    format_for,
    format_of_title,
    load_format,
)

__all__ = [
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

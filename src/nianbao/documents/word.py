"""The Word report: a Document as .docx, and the nbconvert exporter for it.

The look (page, styles, numbering, page numbers) is data: templates/word. What is computed
here is only what the content decides.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from nianbao.documents.exporter import FileExporter


def render_docx(document: Mapping[str, Any]) -> bytes:
    """Write a Document as a Word file.

    Parameters
    ----------
    document
        The Document of `nianbao.documents.document`.

    Returns
    -------
    bytes
        The .docx; the same Document always gives the same bytes.

    Examples
    --------
    >>> Path("report.docx").write_bytes(render_docx(document))  # doctest: +SKIP
    """
    from nianbao.documents import word_blocks, word_package
    from nianbao.documents.word_sections import place_headings
    from nianbao.statutory import format_for

    format_ = format_for(document["year"])
    word = word_package.open_template()
    word_package.set_properties(word, document)
    if not document["draft"]:
        word_package.drop_draft_mark(word)
    sheet = word_blocks.Sheet(word)
    word_blocks.add_title(sheet, document)
    for block in place_headings(document["blocks"], format_):
        word_blocks.add_block(sheet, block)
    word_blocks.add_signature(sheet, document)
    for block in place_headings(document["appendix"], format_):
        word_blocks.add_block(sheet, block)
    return word_package.to_bytes(word)


class ReportDocxExporter(FileExporter):
    """``jupyter nbconvert --to nianbao_docx``: an executed report notebook as .docx."""

    export_from_notebook = "年报 Word"
    output_mimetype = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    suffix = ".docx"

    def draw(self, document: Mapping[str, Any], folder: str | None) -> bytes:
        return render_docx(document)

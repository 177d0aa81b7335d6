"""What the tests of reading back share: the three formats, and documents with a false value."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable
from dataclasses import replace

from tests.documents.pdf_files import pdf_of
from tests.documents.sample_blocks import with_cells
from tests.documents.sample_document import sample_document
from tests.documents.sample_tables import cell_texts

from nianbao.documents.html import render_html
from nianbao.documents.readback import Readback, read_docx, read_html, read_pdf
from nianbao.documents.word import render_docx
from nianbao.inputs.bundle import ReportCellKey
from nianbao.prose.blocks import Document, GridCell

WRITERS: dict[str, Callable[[Document], bytes]] = {
    "HTML": lambda document: render_html(document).encode(),
    "PDF": pdf_of,
    "Word": render_docx,
}
READERS: dict[str, Callable[[bytes], Readback]] = {
    "HTML": read_html,
    "PDF": read_pdf,
    "Word": read_docx,
}
MEDIA = tuple(WRITERS)

CELLS: dict[ReportCellKey, str] = {
    (table, *key): text for table, cells in cell_texts().items() for key, text in cells.items()
}
# A hundred cells, always the same ones.
SOME_CELLS = sorted(random.Random(711).sample(sorted(CELLS), 100))


def read_back(medium: str, document: Document) -> Readback:
    """The document written in that format and read back."""
    return READERS[medium](WRITERS[medium](document))


def falsified(keys: Iterable[ReportCellKey]) -> Document:
    """The sample with other numbers in these cells."""
    document, wanted = sample_document(), set(keys)
    for key in sorted({table for table, _, _ in wanted}):

        def change(cell: GridCell, key: str = key) -> GridCell:
            false = (key, cell.row, cell.column) in wanted
            return replace(cell, text=f"{cell.text}7") if false else cell

        document = with_cells(document, key, change)
    return document

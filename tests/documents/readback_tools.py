"""What the tests of reading back share: the three formats, and documents with a false value."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from tests.documents.sample_document import sample_document
from tests.documents.sample_tables import cell_texts

from nianbao.documents.html import render_html
from nianbao.documents.pdf import render_pdf
from nianbao.documents.readback import CellKey, Readback, read_docx, read_html, read_pdf
from nianbao.documents.word import render_docx
from nianbao.fonts import find_fonts

FONTS = Path(__file__).resolve().parents[2] / "fonts"

Document = dict[str, Any]


def _pdf(document: Document) -> bytes:
    return render_pdf(document, find_fonts((FONTS,)))


WRITERS: dict[str, Callable[[Document], bytes]] = {
    "HTML": lambda document: render_html(document).encode(),
    "PDF": _pdf,
    "Word": render_docx,
}
READERS: dict[str, Callable[[bytes], Readback]] = {
    "HTML": read_html,
    "PDF": read_pdf,
    "Word": read_docx,
}
MEDIA = tuple(WRITERS)

CELLS: dict[CellKey, str] = {
    (table, *key): text for table, cells in cell_texts().items() for key, text in cells.items()
}
# A hundred cells, always the same ones.
SOME_CELLS = sorted(random.Random(711).sample(sorted(CELLS), 100))


def read_back(medium: str, document: Document) -> Readback:
    """The document written in that format and read back."""
    return READERS[medium](WRITERS[medium](document))


def falsified(keys: Iterable[CellKey]) -> Document:
    """The sample with other numbers in these cells."""
    document, wanted = sample_document(), set(keys)
    for block in document["blocks"]:
        for row in block["rows"] if block["type"] == "grid" else ():
            for cell in row:
                if (block["key"], cell["row"], cell["column"]) in wanted:
                    cell["text"] = f"{cell['text']}7"
    return document

"""The tags of the tables, read with pikepdf: every number is headed by its row and its column."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import pikepdf
import pytest
from tests.documents.pdf_files import pdf_of
from tests.documents.sample_document import sample_document

from nianbao.prose.blocks import GridBlock


@pytest.fixture(scope="module")
def pdf() -> bytes:
    return pdf_of(sample_document())


def elements(kids: Any, kind: str) -> Iterator[Any]:
    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
            if str(kid.S) == kind:
                yield kid
            yield from elements(kid.get("/K"), kind)


def attribute(cell: Any, name: str) -> Any:
    return next((a[name] for a in cell.A if name in a), None)


def cells(row: Any) -> list[Any]:
    kids = row.K if isinstance(row.K, pikepdf.Array) else [row.K]
    return [kid for kid in kids if isinstance(kid, pikepdf.Dictionary)]


def test_labels_of_the_statutory_tables_head_their_rows(pdf: bytes) -> None:
    grids = [block for block in sample_document().blocks if isinstance(block, GridBlock)]
    with pikepdf.open(io.BytesIO(pdf)) as file:
        tables = list(elements(file.Root.StructTreeRoot.K, "/Table"))[1:]
        assert len(tables) == len(grids) == 3
        for table, grid in zip(tables, grids, strict=True):
            rows = list(elements(table.K, "/TR"))
            for tagged, row in zip(rows, grid.rows, strict=True):
                for element, cell in zip(cells(tagged), row, strict=True):
                    assert (str(element.S) == "/TD") is (cell.kind == "value")
                    if cell.kind == "label":
                        assert str(attribute(element, "/Scope")) == "/Row"


def test_every_value_names_its_row_and_its_columns(pdf: bytes) -> None:
    with pikepdf.open(io.BytesIO(pdf)) as file:
        root = file.Root.StructTreeRoot
        names = pikepdf.NameTree(root.IDTree)
        table = list(elements(root.K, "/Table"))[2]
        row = list(elements(table.K, "/TR"))[7]  # 三、（三）1.属于国家秘密
        value = cells(row)[-1]
        heads = [names[str(name)] for name in attribute(value, "/Headers")]
        scopes = [str(attribute(head, "/Scope")) for head in heads]
        assert scopes == ["/Column", "/Column", "/Row", "/Row", "/Row"]


def test_the_file_stays_what_it_declares_and_the_same_each_time(pdf: bytes) -> None:
    assert pdf_of(sample_document()) == pdf
    with pikepdf.open(io.BytesIO(pdf)) as file:
        assert not file.check_pdf_syntax()
        with file.open_metadata() as meta:
            assert meta["{http://www.aiim.org/pdfa/ns/id/}part"] == "2"
            assert meta["{http://www.aiim.org/pdfua/ns/id/}part"] == "1"
        assert file.trailer.ID[0] is not None

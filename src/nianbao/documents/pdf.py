"""The report as PDF: a Document set by Typst in this process."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from datetime import UTC, datetime, time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Literal, assert_never

from nianbao.documents.pagination import Measured, Plan, arrange
from nianbao.documents.typesetting import heads_rows
from nianbao.errors import ExportError, Problem, raise_problems
from nianbao.fonts import Fonts, missing_glyphs
from nianbao.prose.blocks import (
    Block,
    Document,
    FigureBlock,
    GridBlock,
    HeadingBlock,
    ImageBlock,
    ListBlock,
    ParagraphBlock,
    TableBlock,
)

if TYPE_CHECKING:
    import pikepdf
    import typst


TEMPLATES = Path(__file__).resolve().parent / "templates"
SOURCES = ("report.typ", "page.typ", "blocks.typ", "tables.typ", "measures.typ")
STANDARDS: tuple[Literal["a-2a"], Literal["ua-1"]] = ("a-2a", "ua-1")
_TEXT_ROLES = ("title", "body", "heading1", "heading2", "song", "sans")


def render_pdf(document: Document, fonts: Fonts) -> bytes:
    """Set a Document as PDF/A-2a and PDF/UA-1 on the page of GB/T 9704.

    No font but ``fonts`` is used. The bytes are the same for the same document, fonts and
    version of Typst, on any day and machine.

    Raises
    ------
    ExportError
        Typst reports an error, or a warning: a published report has neither.
    """
    import typst

    # A folder, not source in memory: typst-py takes no binary files that way.
    with TemporaryDirectory(prefix="nianbao-") as name:
        folder = Path(name)
        found = _place(document, fonts, folder)
        compiler = typst.Compiler(
            folder / SOURCES[0], root=folder, font_paths=found, ignore_system_fonts=True
        )
        plan, pdf = folder / "plan.json", folder / "report.pdf"
        try:
            _write_json(plan, None)
            _write_json(plan, asdict(_plan(compiler)))
            _, warnings = compiler.compile_with_warnings(
                output=pdf,
                format="pdf",
                pdf_standards=list(STANDARDS),
                timestamp=datetime.combine(document.day, time(), UTC),
            )
        except RuntimeError as error:  # TypstError is one
            raise ExportError(*_problems(str(error), document, fonts)) from error
        raise_problems(ExportError, [Problem(f"排版时出现警告：{w.message}") for w in warnings])
        marked = folder / "marked.pdf"
        mark_row_heads(pdf, document, marked)
        return marked.read_bytes()


def _place(document: Document, fonts: Fonts, folder: Path) -> typst.Fonts:
    """Place what the templates read in a folder; return the faces."""
    from nianbao.documents.typst_data import template_data
    from nianbao.documents.typst_fonts import place_fonts

    data, images = template_data(document)
    found, families = place_fonts(fonts, folder / "fonts")
    for source in SOURCES:
        shutil.copyfile(TEMPLATES / source, folder / source)
    _write_json(folder / "document.json", data)
    _write_json(folder / "fonts.json", families)
    for file, image in images.items():
        (folder / file).write_bytes(image)
    return found


def prepare_copies(document: Document, fonts: Fonts, folder: Path) -> None:
    """Have Typst read the fonts and the templates once, for all copies of this process.

    The document is measured as a page of the web, for which Typst starts no threads: the copy of
    a process with threads would wait for ever for those that it does not have.

    It has all that reports may have. ``folder`` is made, and has to stay as long as the copies.
    """
    import typst

    from nianbao.documents.typst_fonts import keep_fonts

    folder.mkdir()
    keep_fonts(fonts, folder / "fonts")
    with TemporaryDirectory(prefix="nianbao-") as name:
        found = _place(document, fonts, Path(name))
        main = shutil.copy(TEMPLATES / "prepare.typ", name)
        typst.compile(main, format="html", font_paths=found, ignore_system_fonts=True)


def _plan(measuring: typst.Compiler) -> Plan:
    """Return where each block is placed, by what Typst measures."""
    blocks = json.loads(measuring.query("<measured>", field="value"))
    (ends,) = json.loads(measuring.query("<ends>", field="value"))
    return arrange([Measured(**block) for block in blocks], **ends)


def _problems(message: str, document: Document, fonts: Fonts) -> tuple[Problem, ...]:
    """Return why Typst gave up, in the clerk's words where it is a letter that no font has."""
    from nianbao.documents.typst_data import printed_texts

    letters = tuple(
        Problem(
            f"“{part}”部分有字体中没有的字“{letter}”（U+{ord(letter):04X}）",
            value=text[max(0, text.index(letter) - 12) :][:24],
            remedy="请改用字体中有的字；表情符号和自造字不能用于公文",
        )
        for part, text in printed_texts(document)
        for letter in sorted(set().union(*missing_glyphs(text, fonts, _TEXT_ROLES).values()))
    )
    return letters or (Problem(f"PDF 排版失败，排版程序报告：{message}"),)


def _write_json(file: Path, data: object) -> None:
    file.write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")


# The heads of rows. A screen reader says the heads of the cell it is at. Typst marks the heads of
# columns; those of rows it cannot mark (its pdf.header-cell is of an experimental build). So the
# finished tags are completed: a label becomes TH with the scope Row, and the cells that it heads
# name it among their headers. Source: ISO 32000-1, 14.8.5.7; ISO 14289-1, 7.5.


def mark_row_heads(pdf: Path, document: Document, to: Path) -> None:
    """Complete the tags of a document's tables; the same bytes for the same file.

    From file to file: of a stream of Python's, each little piece would be a call.
    """
    import pikepdf

    tables = list(_labels((*document.blocks, *document.appendix)))
    with pikepdf.open(pdf) as file:
        root = file.Root.StructTreeRoot
        elements = list(_find(root.get("/K"), "/Table"))
        if len(elements) != len(tables):
            raise AssertionError(f"{len(elements)} tables tagged, {len(tables)} in the document")
        names = pikepdf.NameTree(root.IDTree) if "/IDTree" in root else None
        for number, (element, rows) in enumerate(zip(elements, tables, strict=True)):
            for name, head in _mark(element, rows, f"row.{number}"):
                if names is not None:
                    names[name] = head
        # The file's own metadata stay as they are: they declare the standards.
        file.save(to, deterministic_id=True, fix_metadata_version=False)


def _labels(blocks: Iterable[Block]) -> Iterator[tuple[tuple[bool, ...], ...]]:
    """Yield the rows of each table in order: whether each cell that begins there heads the row."""
    for block in blocks:
        match block:
            case GridBlock():
                yield tuple(tuple(cell.kind == "label" for cell in row) for row in block.rows)
            case TableBlock():
                first, width = heads_rows(block.texts), len(block.head)
                row = (first, *(False for _ in range(width - 1)))
                yield ((False,) * width, *(row for _ in block.rows))
            case ListBlock():
                for item in block.items:
                    yield from _labels(item)
            case HeadingBlock() | ParagraphBlock() | FigureBlock() | ImageBlock():
                pass
            case _:
                assert_never(block)


def _find(kids: pikepdf.Object | None, *kinds: str) -> Iterator[pikepdf.Dictionary]:
    """Yield the structure elements of these kinds, in the order of reading, not within others."""
    import pikepdf

    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        if isinstance(kid, pikepdf.Dictionary) and (kind := kid.get("/S")) is not None:
            if kind in kinds:
                yield kid
            else:
                yield from _find(kid.get("/K"), *kinds)


def _mark(
    table: pikepdf.Dictionary, rows: Sequence[Sequence[bool]], prefix: str
) -> Iterator[tuple[str, pikepdf.Dictionary]]:
    """Mark the labels of one table; yield each with its name."""
    import pikepdf

    row_head, by_row = pikepdf.Name.TH, pikepdf.Name.Row
    covering: list[tuple[int, pikepdf.String]] = []  # where a label's heading ends, its name
    for number, (row, labels) in enumerate(zip(_find(table.get("/K"), "/TR"), rows, strict=True)):
        covering = [(end, name) for end, name in covering if end > number]
        cells = _find(row.get("/K"), "/TH", "/TD")
        for place, (cell, is_label) in enumerate(zip(cells, labels, strict=True)):
            about = _table_attributes(cell)
            if is_label:
                name = pikepdf.String(f"{prefix}.{number}.{place}")
                cell["/S"], cell["/ID"], about["/Scope"] = row_head, name, by_row
                covering.append((number + int(about.get("/RowSpan", 1)), name))
                yield str(name), cell
            elif covering and cell.get("/S") == "/TD":
                about["/Headers"] = [*about.get("/Headers", ()), *(name for _, name in covering)]


def _table_attributes(cell: pikepdf.Dictionary) -> pikepdf.Dictionary:
    """Return the attributes of a cell that concern its table, made where there are none."""
    import pikepdf

    attributes = cell.get("/A", pikepdf.Array())
    listed = list(attributes) if isinstance(attributes, pikepdf.Array) else [attributes]
    for found in listed:
        if found.get("/O") == "/Table":
            return found
    cell.A = pikepdf.Array([*listed, pikepdf.Dictionary(O=pikepdf.Name.Table)])
    return cell.A[len(listed)]

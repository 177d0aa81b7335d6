"""The same drifting report as a Word file and as a PDF, made with other people's tools."""

from __future__ import annotations

import io
import json
from pathlib import Path

import docx
import typst
from docx.document import Document
from tests.inputs.published.drift import (
    FORMAT,
    LAYOUTS,
    NAME,
    PROSE,
    YEAR,
    Drift,
    Figures,
)

from nianbao.fonts import find_fonts
from nianbao.statutory import LayoutCell

FONTS = Path(__file__).resolve().parents[3] / "fonts"


def _text(table: str, cell: LayoutCell, values: Figures, drift: Drift) -> str:
    if cell.kind != "value":
        return drift.words.get(cell.text, cell.text)
    value = values[table, cell.row or "", cell.column or ""]
    return drift.zero if value == "0" else value


def _lines(values: Figures) -> list[tuple[str, str]]:
    """The report's lines: heading or text, or the key of a table."""
    lines = [("title", NAME), ("title", f"{YEAR}年政府信息公开工作年度报告")]
    lines.append(("text", PROSE["preface"]))
    for section in FORMAT.sections:
        lines.append(("heading", section.heading))
        if section.table:
            lines.append(("table", section.table))
        elif section.key in PROSE:
            lines.append(("text", PROSE[section.key]))
        for aspect in section.aspects:
            # The heading runs on into its text, as many offices set it.
            lines.append(("text", f"{aspect.heading}情况。{PROSE[aspect.key]}"))
    return lines


def _add_table(document: Document, table: str, values: Figures, drift: Drift) -> None:
    layout = LAYOUTS[table]
    # Each cell is looked up once: python-docx walks through the whole table for it.
    grid = [row.cells for row in document.add_table(len(layout.rows), layout.columns).rows]
    taken: set[tuple[int, int]] = set()
    for down, row in enumerate(layout.rows):
        across = 0
        for cell in row:
            while (down, across) in taken:
                across += 1
            place = grid[down][across]
            if cell.colspan * cell.rowspan > 1:
                last = grid[down + cell.rowspan - 1][across + cell.colspan - 1]
                place = place.merge(last)
            taken |= {
                (down + i, across + j) for i in range(cell.rowspan) for j in range(cell.colspan)
            }
            paragraph = place.paragraphs[0]
            # A run for every letter, as an input method or a conversion leaves them.
            for letter in _text(table, cell, values, drift):
                paragraph.add_run(letter)


def docx_bytes(values: Figures, drift: Drift) -> bytes:
    """The report as an office types it: no heading styles, everything Normal."""
    document = docx.Document()
    for kind, text in _lines(values):
        if kind == "table":
            _add_table(document, text, values, drift)
        else:
            document.add_paragraph(text if kind == "title" else f"　　{text}")
    data = io.BytesIO()
    document.save(data)
    return data.getvalue()


_TYPST = """
#let report = json(bytes(sys.inputs.report))
#set page(paper: "a4", margin: (x: 28mm, y: 35mm))
#set page(footer: align(center)[— #context counter(page).display() —])
#set page(header: align(center, text(10pt, sys.inputs.head)))
#set text(size: 16pt, lang: "zh", font: sys.inputs.font)
#set par(first-line-indent: (amount: 2em, all: true), justify: true)
#for block in report {
  if block.kind == "title" { align(center, text(22pt, block.text)) }
  else if block.kind == "table" {
    set text(10.5pt)
    set par(first-line-indent: 0em)
    table(columns: block.columns, stroke: 0.5pt, ..block.cells.map(c =>
      table.cell(colspan: c.colspan, rowspan: c.rowspan, breakable: true, c.text)))
  } else { par(block.text) }
}
"""


def pdf_bytes(values: Figures, drift: Drift, head: str = "") -> bytes:
    """The report as a PDF without tags; table 3 breaks across pages without a repeated head.

    ``head`` stands at the top of every page.
    """
    blocks = []
    for kind, text in _lines(values):
        if kind == "table":
            layout = LAYOUTS[text]
            cells = [
                {
                    "text": _text(text, cell, values, drift),
                    "colspan": cell.colspan,
                    "rowspan": cell.rowspan,
                }
                for row in layout.rows
                for cell in row
            ]
            blocks.append({"kind": "table", "columns": layout.columns, "cells": cells})
        else:
            blocks.append({"kind": kind, "text": text})
    font = find_fonts((FONTS,)).first("body")
    found = typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[font.path.parent]
    )
    family = next(face.family for face in found.fonts() if face.path == str(font.path))
    inputs = {"report": json.dumps(blocks, ensure_ascii=False), "font": family, "head": head}
    made: bytes = typst.compile(_TYPST.encode(), sys_inputs=inputs, font_paths=found)
    return made

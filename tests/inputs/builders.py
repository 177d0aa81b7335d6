"""What a clerk hands in, made in a few words."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import openpyxl

from nianbao.files.grids import Grid
from nianbao.statutory import load_format

FORMAT = load_format()
CODE = "shili-ju"
YEAR = 2024
FOLDER = f"data/{CODE}/{YEAR}"

Rows = Sequence[Sequence[object]]
Content = str | bytes | Mapping[str, Rows]

DESCRIBED: dict[str, Content] = {
    f"params/{CODE}/agency.yaml": "name: 示例县示例局\nkind: department\n",
    f"params/{CODE}/{YEAR}.yaml": f"agency: {CODE}\nyear: {YEAR}\n",
    f"{FOLDER}/README.md": "",
}
"""The least that a report needs: an agency, a year and an empty folder."""


def grid(*lines: str, file: str = "a.csv") -> Grid:
    """Make a grid from lines of cells between commas."""
    return Grid(file, None, [line.split(",") for line in lines])


def csv_bytes(rows: Rows, encoding: str = "utf-8", delimiter: str = ",") -> bytes:
    """Write rows as Excel writes a CSV file."""
    stream = io.StringIO(newline="")
    csv.writer(stream, delimiter=delimiter).writerows(rows)
    return stream.getvalue().encode(encoding)


def xlsx_bytes(sheets: Mapping[str, Rows], hidden: Iterable[str] = ()) -> bytes:
    """Write a workbook; None leaves a cell out."""
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for r, row in enumerate(rows, 1):
            for c, value in enumerate(row, 1):
                sheet.cell(r, c, value)
        sheet.sheet_state = "hidden" if name in hidden else "visible"
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def write_project(root: Path, files: Mapping[str, Content]) -> Path:
    """Write a project folder: `DESCRIBED` and these files.

    A path that begins with neither params/ nor data/ lies in the bureau's folder of the year.
    """
    for name, content in {**DESCRIBED, **files}.items():
        path = root / (name if name.startswith(("params/", "data/")) else f"{FOLDER}/{name}")
        path.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(content, str):
            content = content.encode()
        path.write_bytes(content if isinstance(content, bytes) else xlsx_bytes(content))
    return root

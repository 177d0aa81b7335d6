"""A copy of a bureau's workbook with what was found at its cells: coloured, with a note.

Whoever filled it in sees where to look; the workbook itself is not touched. What has no cell is
listed on a sheet of its own in front, with everything else.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, cast

from nianbao.errors import Place, Problem, UsageError
from nianbao.files.sources import read_source
from nianbao.files.words import normalise_word
from nianbao.files.writing import write_bytes_safely
from nianbao.inputs.project import find_workbook
from nianbao.statistics.model import SEVERITIES, Finding, Severity

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.cell import Cell
    from openpyxl.worksheet.worksheet import Worksheet

LIST = "核对结果"
_FILLS: Mapping[Severity, str] = {"error": "FFFFC7CE", "warning": "FFFFEB9C", "info": "FFDDEBF7"}
_WRITABLE = (".xlsx", ".xlsm")
_HEADS = (("级别", 8), ("规则", 8), ("位置", 34), ("内容", 90), ("标识", 16))
_HEAD_ROWS = 15


@dataclass(frozen=True, slots=True)
class Mark:
    """Something to be shown at cells: how grave it is, its rule, its words, and where.

    ``key`` is what the sheet 核对说明 names it by, empty where no reason is asked for.
    """

    severity: Severity
    rule: str
    text: str
    places: tuple[Place, ...] = ()
    key: str = ""


def marks_of(findings: Iterable[Finding], problems: Iterable[Problem] = ()) -> tuple[Mark, ...]:
    """What is to be marked: problems of reading first, then the findings in their order."""
    read = (Mark("error", "读取", str(p), (p.place,) if p.place else ()) for p in problems)
    found = (Mark(f.severity, f.id, f.message, f.places, f.key) for f in findings)
    return (*read, *found)


def write_marked(root: Path, agency: str, year: int, marks: Sequence[Mark]) -> Path:
    """Write the copy with the marks to output/<agency>/checked/<year>/.

    Returns
    -------
    Path
        The file; one of an earlier check is replaced.

    Raises
    ------
    UsageError
        The bureau has no workbook, or one that cannot be written.
    """
    file = find_workbook(root, agency, year)
    if file is None:
        raise UsageError(
            f"{agency} {year} 没有填报表，不能标注；可先用 nianbao workbook {agency} {year} 做一份"
        )
    path = PurePosixPath(file)
    if path.suffix.lower() not in _WRITABLE:
        remedy = "请用 Excel 或 WPS 另存为 .xlsx"
        raise UsageError(Problem("这种工作簿不能标注", Place(file), remedy=remedy))
    target = root / "output" / agency / "checked" / str(year) / f"{path.stem}-核对{path.suffix}"
    write_bytes_safely(target, mark_workbook(read_source(root, file).data, marks, file))
    return target


def mark_workbook(data: bytes, marks: Sequence[Mark], file: str) -> bytes:
    """Draw marks into a workbook.

    Parameters
    ----------
    data
        The workbook.
    marks
        Those whose places lie in other files are only listed.
    file
        The workbook's path, as the places name it.
    """
    from openpyxl import load_workbook

    workbook = load_workbook(BytesIO(data), keep_vba=file.lower().endswith(".xlsm"))
    gravity = list(SEVERITIES)
    for mark in sorted(marks, key=lambda m: gravity.index(m.severity), reverse=True):
        for place in mark.places:
            if place.file == file and place.sheet in workbook.sheetnames and place.row:
                _mark(_cell(workbook[place.sheet], place), mark)
    _list(workbook, marks)
    out = BytesIO()
    workbook.save(out)
    return out.getvalue()


def _cell(sheet: Worksheet, place: Place) -> Cell:
    """The cell of a place: its column by the head above it, else the row's first cell."""
    row = place.row or 1
    wanted = normalise_word(place.column or "")
    column = next(
        (
            cell.column
            for heads in sheet.iter_rows(max_row=min(row, _HEAD_ROWS))
            for cell in heads
            if wanted and normalise_word(str(cell.value or "")) == wanted
        ),
        None,
    )
    if column is None:
        letters = place.column or ""
        is_letter = letters.isascii() and letters.isalpha() and len(letters) < 3
        column = sheet[f"{letters}1"].column if is_letter else 1
    for merged in sheet.merged_cells.ranges:
        if sheet.cell(row, column).coordinate in merged:
            row, column = merged.min_row, merged.min_col
    return cast("Cell", sheet.cell(row, column))


def _mark(cell: Cell, mark: Mark) -> None:
    """Colour a cell and add to its note; the gravest comes last and gives the colour."""
    from openpyxl.comments import Comment
    from openpyxl.styles import PatternFill

    cell.fill = PatternFill("solid", start_color=_FILLS[mark.severity])
    line = f"〔{mark.rule}·{SEVERITIES[mark.severity]}〕{mark.text}"
    before = f"\n\n{cell.comment.text}" if cell.comment else ""
    cell.comment = Comment(line + before, "nianbao", height=160, width=360)


def _list(workbook: Workbook, marks: Sequence[Mark]) -> None:
    """Put a sheet with everything that was found in front."""
    from openpyxl.styles import Alignment, Font, PatternFill
    from openpyxl.utils import get_column_letter

    name = next(n for n in (LIST, f"{LIST}（nianbao）") if n not in workbook.sheetnames)
    sheet = workbook.create_sheet(name, 0)
    sheet.append([head for head, _ in _HEADS])
    for number, (_, width) in enumerate(_HEADS, 1):
        sheet.cell(1, number).font = Font(bold=True)
        sheet.column_dimensions[get_column_letter(number)].width = width
    for mark in marks:
        where = "；".join(str(place) for place in mark.places)
        sheet.append([SEVERITIES[mark.severity], mark.rule, where, mark.text, mark.key])
        row = sheet.max_row
        sheet.cell(row, 1).fill = PatternFill("solid", start_color=_FILLS[mark.severity])
        for number in range(1, len(_HEADS) + 1):
            sheet.cell(row, number).alignment = Alignment(vertical="top", wrap_text=True)
            sheet.cell(row, number).data_type = "s"  # never a formula
    sheet.freeze_panes = "A2"
    workbook.active = 0

"""A copy of a bureau's workbook with what was found at its cells: coloured, with a note.

Whoever filled it in sees where to look; the workbook itself is not touched. What has no cell is
listed on a sheet of its own in front, with everything else.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from nianbao.errors import Place, Problem, UsageError
from nianbao.files.excel import read_workbook
from nianbao.files.excel_cells import NewCell, merged_top, open_package
from nianbao.files.reading_process import read_apart
from nianbao.files.sources import Source, read_source, refuse_link
from nianbao.files.words import column_letter, normalise_word
from nianbao.files.writing import write_bytes_safely
from nianbao.inputs.project import find_workbook, is_writable
from nianbao.statistics.model import SEVERITIES, Finding, Severity

LIST = "核对结果"
_FILLS: Mapping[Severity, str] = {"error": "FFFFC7CE", "warning": "FFFFEB9C", "info": "FFDDEBF7"}
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
    """Return what is to be marked: problems of reading first, then the findings in their order."""
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
    if not is_writable(file):
        remedy = "请用 Excel 或 WPS 另存为 .xlsx"
        raise UsageError(Problem("这种工作簿不能标注", Place(file), remedy=remedy))
    target = root / "output" / agency / "checked" / str(year) / f"{path.stem}-核对{path.suffix}"
    refuse_link(root, target.relative_to(root).as_posix(), "不写到那里")
    write_bytes_safely(target, mark_workbook(read_source(root, file), marks))
    return target


@read_apart
def mark_workbook(source: Source, marks: Sequence[Mark]) -> bytes:
    """Give a workbook with marks drawn into it, in the reading process.

    Marks whose places lie in other files are only listed.

    Raises
    ------
    InputError
        It is no workbook, or damaged.
    """
    workbook = open_package(source.data)
    heads = {grid.sheet: grid.rows for grid in read_workbook(source)}
    gravity = list(SEVERITIES)
    for mark in sorted(marks, key=lambda m: gravity.index(m.severity), reverse=True):
        line = f"〔{mark.rule}·{SEVERITIES[mark.severity]}〕{mark.text}"
        for place in mark.places:
            if place.file == source.file and place.sheet in workbook.sheets and place.row:
                reference = _reference(heads.get(place.sheet, ()), place)
                cell = merged_top(workbook, place.sheet, reference)
                # The gravest comes last and gives the colour.
                workbook.colour(place.sheet, cell, _FILLS[mark.severity])
                workbook.note(place.sheet, cell, line)
    name = next(n for n in (LIST, f"{LIST}（nianbao）") if n not in workbook.sheets)
    workbook.add_in_front(name, _list(marks), [width for _, width in _HEADS])
    return workbook.packed()


def _reference(rows: Sequence[Sequence[str]], place: Place) -> str:
    """Return the cell of a place: its column by the head above it, else the row's first cell."""
    row, wanted = place.row or 1, normalise_word(place.column or "")
    for heads in rows[: min(row, _HEAD_ROWS)]:
        for column, head in enumerate(heads):
            if wanted and normalise_word(head) == wanted:
                return f"{column_letter(column)}{row}"
    letters = place.column or ""
    is_letter = letters.isascii() and letters.isalpha() and len(letters) < 3
    return f"{letters.upper() if is_letter else 'A'}{row}"


def _list(marks: Sequence[Mark]) -> Iterator[tuple[NewCell, ...]]:
    """Yield the rows of the sheet with everything that was found."""
    yield tuple(NewCell(head, is_head=True) for head, _ in _HEADS)
    for mark in marks:
        where = "；".join(str(place) for place in mark.places)
        yield (
            NewCell(SEVERITIES[mark.severity], colour=_FILLS[mark.severity]),
            *map(NewCell, (mark.rule, where, mark.text, mark.key)),
        )

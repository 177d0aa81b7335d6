"""The folder a bureau hands in: which file holds which table, and what does not belong.

A file that nobody reads is told with the nearest name that has a meaning: a misspelt
``request.csv`` would otherwise make a report of no requests.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path, PurePosixPath

from nianbao.errors import InputError, Place, Problem
from nianbao.files.excel import read_workbook
from nianbao.files.grids import Grid, read_csv
from nianbao.files.sources import Source, read_source
from nianbao.files.words import ask_for, fold, listing
from nianbao.inputs.ledgers import nothing_acknowledged
from nianbao.inputs.project import (
    IMAGE_SUFFIXES,
    INPUT_FILES,
    INPUT_TABLES,
    NARRATIVE,
    NOTES,
    TABLE_SUFFIXES,
    WORKBOOK,
    WORKBOOK_NOTES,
    WORKBOOK_SHEETS,
    data_folder,
    file_name_fault,
    sheet_table,
)

MAX_FILES = 500
"""Most files taken from the folder of a year."""

NOTED = "acknowledged"
_OTHER_SHEETS = frozenset({".xls", ".xlsm", ".xlsb", ".et", ".ods", ".numbers", ".txt", ".tsv"})
_SYSTEM_FILES = frozenset({"thumbs.db", "desktop.ini"})


@dataclass(frozen=True)
class Folder:
    """What was found in the folder of a year.

    Parameters
    ----------
    sources
        Every file read, images among them.
    grids
        By table name.
    narrative
        The bureau's own wording, or None.
    problems
        What is wrong with the files as such.
    """

    sources: tuple[Source, ...]
    grids: Mapping[str, Grid]
    narrative: Source | None
    problems: tuple[Problem, ...]


def open_folder(root: Path, agency: str, year: int, only: Collection[str] | None = None) -> Folder:
    """Read the files of data/<agency>/<year>/.

    Parameters
    ----------
    root, agency, year
        Which folder.
    only
        The tables that are wanted; no other file or sheet is read. All by default.

    Problems are not raised but kept in the result, so that those of the tables can be told
    along with them.
    """
    folder = data_folder(agency, year)
    if not (root / folder).is_dir():
        remedy = "请建立这个文件夹，放入台账；确实没有数据的，留空文件夹"
        return Folder((), {}, None, (Problem("没有数据文件夹", Place(folder), remedy=remedy),))
    sources: list[Source] = []
    problems: list[Problem] = []
    tables: dict[str, list[Grid]] = {}
    narrative = None
    for file in _files(root, folder, problems):
        path = PurePosixPath(file)
        if problem := _stranger(path, folder):
            problems.append(problem)
            continue
        if path.name.lower() in {note.lower() for note in NOTES} or _unwanted(path, only):
            continue
        try:
            source = read_source(root, file)
            sources.append(source)
            if path.name.lower() == NARRATIVE:
                narrative = source
            elif path.suffix.lower() in TABLE_SUFFIXES:
                for name, grid in _tables(source, path, only):
                    tables.setdefault(name, []).append(grid)
        except InputError as error:
            problems.extend(error.problems)
    if len(told := tables.get(NOTED, [])) > 1:
        # Every workbook has the sheet; while it is blank the reasons may stand in the file.
        tables[NOTED] = [g for g in told if not nothing_acknowledged(g)] or [told[0]]
    problems.extend(_handed_in_twice(tables))
    grids = {name: found[0] for name, found in tables.items()}
    return Folder(tuple(sources), grids, narrative, tuple(problems))


def _files(root: Path, folder: str, problems: list[Problem]) -> list[str]:
    """Project-relative paths of the files in a folder, without hidden and lock files.

    Too many are told and none is read: somebody put a whole disk there.
    """
    found = list(islice(_all_files(root, folder), MAX_FILES + 1))
    if len(found) > MAX_FILES:
        remedy = "请只留台账、正文和要用的图片"
        expected = f"不超过{MAX_FILES}个"
        problems.append(Problem("文件太多", Place(folder), None, expected, remedy))
        return []
    return sorted(found)


def _all_files(root: Path, folder: str) -> Iterator[str]:
    for path in (root / folder).rglob("*"):
        inside = path.relative_to(root / folder)
        hidden = any(part.startswith((".", "~$")) for part in inside.parts)
        if not hidden and path.name.lower() not in _SYSTEM_FILES and path.is_file():
            yield f"{folder}/{inside.as_posix()}"


def _stranger(path: PurePosixPath, folder: str) -> Problem | None:
    """The problem with a file that has no meaning here, or None."""
    name, suffix = path.name.lower(), path.suffix.lower()
    place = Place(path.as_posix())
    if suffix in IMAGE_SUFFIXES:
        faults = (file_name_fault(part) for part in path.relative_to(folder).parts)
        if fault := next(filter(None, faults), None):
            return Problem(f"图片的文件名{fault}", place, path.name, remedy="请改名")
        return None
    if path.parent != PurePosixPath(folder):
        up = "数据文件请放到上一层，不用的文件请移出"
        return Problem("子文件夹里只能放图片", place, path.name, "图片文件", up)
    if name in {known.lower() for known in INPUT_FILES}:
        return None
    expected = f"{listing(INPUT_TABLES)}（.csv或.xlsx）、{WORKBOOK}、{NARRATIVE}，或图片"
    if path.stem.lower() in (*INPUT_TABLES, "workbook") and suffix in _OTHER_SHEETS:
        remedy = "请另存为.xlsx或.csv"
    else:
        remedy = ask_for(path.name, INPUT_FILES) or "不用的文件请移出这个文件夹"
    return Problem("没有这个数据文件", place, path.name, expected, remedy)


def _unwanted(path: PurePosixPath, only: Collection[str] | None) -> bool:
    """Whether a file holds none of the tables that are wanted."""
    if only is None or path.name.lower() == WORKBOOK:
        return False
    return path.suffix.lower() not in TABLE_SUFFIXES or path.stem.lower() not in only


def _tables(
    source: Source, path: PurePosixPath, only: Collection[str] | None
) -> Iterator[tuple[str, Grid]]:
    """Each table that a file holds, by name."""
    if path.suffix.lower() == ".csv":
        yield path.stem.lower(), read_csv(source)
        return
    # A table's own file may name its sheet as it likes.
    tables = only if path.name.lower() == WORKBOOK else None
    sheets = read_workbook(source, lambda name: tables is None or sheet_table(name) in tables)
    filled = [s for s in sheets if not s.is_empty and fold(s.sheet or "") not in WORKBOOK_NOTES]
    if path.name.lower() != WORKBOOK:
        yield path.stem.lower(), _only_sheet(path.stem.lower(), sheets, filled, source.file)
        return
    strangers = [s for s in filled if sheet_table(s.sheet or "") is None]
    known = (*INPUT_TABLES.values(), *WORKBOOK_SHEETS.values())
    titles = [table.title for table in known]
    if strangers:
        expected = f"{listing(titles)}，或{listing(INPUT_TABLES)}"
        raise InputError(
            *(
                Problem(
                    "没有这张工作表", s.place(), s.sheet, expected, _sheet_remedy(s.sheet or "")
                )
                for s in strangers
            )
        )
    for sheet in filled:
        yield sheet_table(sheet.sheet or "") or "", sheet


def _sheet_remedy(sheet: str) -> str:
    tables = (*INPUT_TABLES.values(), *WORKBOOK_SHEETS.values())
    known = [word for table in tables for word in (table.name, table.title)]
    return ask_for(sheet, known) or "不用的工作表请删去或隐藏，给人看的写在“说明”表"


def _only_sheet(name: str, sheets: tuple[Grid, ...], filled: list[Grid], file: str) -> Grid:
    """The sheet that a table's own file means: the one of its name, or the only one filled."""
    named = [sheet for sheet in filled if sheet_table(sheet.sheet or "") == name]
    chosen = named or filled or list(sheets)
    if len(chosen) == 1 or not filled:
        return chosen[0] if chosen else Grid(file, None, ())
    found = listing(sheet.sheet or "" for sheet in chosen)
    remedy = f"请只留一张，或把要用的一张命名为“{INPUT_TABLES[name].title}”"
    raise InputError(Problem("不知道用哪张工作表", Place(file), found, "一张工作表", remedy))


def _handed_in_twice(tables: Mapping[str, list[Grid]]) -> Iterator[Problem]:
    for found in tables.values():
        for again in found[1:]:
            message = f"与{found[0].place()}是同一张表"
            yield Problem(message, again.place(), remedy="同一张表只报一份，请删去一份")

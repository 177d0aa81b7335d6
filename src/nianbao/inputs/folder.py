"""The folder a bureau hands in: which file holds which table, and what does not belong.

A file that nobody reads is reported with the nearest name that has a meaning: a misspelt
``request.csv`` would otherwise make a report of no requests.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path, PurePosixPath

from nianbao.errors import InputError, Place, Problem, attempt
from nianbao.files.excel import read_workbook, sheet_names
from nianbao.files.grids import Grid, read_csv
from nianbao.files.sources import Source, files_below, read_source
from nianbao.files.words import ask_for, listing, normalise_word
from nianbao.inputs.ledgers import nothing_acknowledged
from nianbao.inputs.project import (
    EDITED_NUMBERS,
    IMAGE_SUFFIXES,
    INPUT_FILES,
    INPUT_TABLES,
    NARRATIVE,
    NOTES,
    SPREADSHEETS,
    WORKBOOK_NOTES,
    WORKBOOK_SHEETS,
    SheetsOf,
    data_folder,
    file_name_fault,
    find_workbooks,
    is_left_behind,
    may_be_workbook,
    sheet_table,
)
from nianbao.inputs.values import Reading

MAX_FILES = 500
"""Most files taken from the folder of a year."""

NOTED = "acknowledged"
_OF_PROGRAMS = re.compile(r"(?:读数|选项)$|_|wps|\$", re.IGNORECASE)
"""Hidden sheets of our own workbook, and those that WPS and others keep for themselves."""
_OTHER_SHEETS = frozenset({
    ".xlsb", ".xltx", ".numbers", ".txt", ".tsv", ".xml", ".html", ".htm", ".mht", ".fods", ".ots",
    ".slk", ".dif", ".dbf", ".wk4",
})  # fmt: skip


@dataclass(frozen=True)
class Folder:
    """What was found in the folder of a year."""

    sources: tuple[Source, ...]
    """Every file read, images among them."""
    grids: Mapping[str, Grid]
    """By table name."""
    narrative: Source | None
    """The bureau's own wording, or None."""
    problems: tuple[Problem, ...]
    """What is wrong with the files as such."""
    readings: tuple[Reading, ...] = ()
    """What is there and is not read."""
    older_reasons: Grid | None = None
    """The workbook's own sheet 核对说明 where a file of reasons stands beside it."""
    unclear: frozenset[str] = frozenset()
    """Tables that are there more than once: it is not known which is meant."""

    def unread(self) -> frozenset[str]:
        """Return the tables of which it is not known what they say.

        They are there twice; or they are not there, which means nothing while a file or a sheet
        cannot be read or is none of ours. Table 3 has two forms, of which one is enough.
        """
        if not self.problems:
            return frozenset()
        named = {self._named_table(problem) for problem in self.problems}
        every = named if "" not in named else {*INPUT_TABLES, *WORKBOOK_SHEETS}
        missing = every - self.grids.keys()
        if {"requests", "requests_table"} & self.grids.keys():
            missing -= {"requests", "requests_table"}
        return self.unclear | missing

    @staticmethod
    def _named_table(problem: Problem) -> str:
        """Return the one table that a file with a problem can hold by its name; empty of others."""
        stem = PurePosixPath(problem.place.file).stem.lower() if problem.place else ""
        return stem if stem in INPUT_TABLES else ""


def open_folder(root: Path, agency: str, year: int, only: Collection[str] | None = None) -> Folder:
    """Read the files of data/<agency>/<year>/.

    ``only`` are the tables that are wanted: no other file or sheet is read. Problems are not raised
    but kept in the result, so that those of the tables can be reported along with them.
    """
    folder = data_folder(agency, year)
    if not (root / folder).is_dir():
        remedy = "请建立这个文件夹，放入台账；确实没有数据的，留空文件夹"
        return Folder((), {}, None, (Problem("没有数据文件夹", Place(folder), remedy=remedy),))
    sources: list[Source] = []
    problems: list[Problem] = []
    readings: list[Reading] = []
    tables: dict[str, list[Grid]] = {}
    narrative = None
    workbooks = find_workbooks(root, agency, year)
    for file in _files(root, folder, problems):
        path = PurePosixPath(file)
        if not (root / file).is_file():  # a pipe, a device, a folder called like a file
            attempt(problems, read_source, root, file)
            continue
        if problem := _stranger(path, folder, workbooks):
            beside = path.parent == PurePosixPath(folder)
            problems.append(_named_by_heads(root, file, problem) if beside else problem)
            continue
        if path.name.lower() in {note.lower() for note in NOTES} or _unwanted(path, only):
            continue
        if (source := attempt(problems, read_source, root, file)) is None:
            continue
        sources.append(source)
        if path.name.lower() == NARRATIVE:
            narrative = source
        elif path.suffix.lower() == ".csv":
            if (grid := attempt(problems, read_csv, source)) is not None:
                tables.setdefault(path.stem.lower(), []).append(grid)
        elif path.suffix.lower() in SPREADSHEETS:
            read = _read_workbook if file in workbooks else _read_table_file
            for name, grid in attempt(problems, read, source, only, problems) or ():
                tables.setdefault(name, []).append(grid)
            readings += attempt(problems, _hidden_tables, source) or ()
    older_reasons = _older_reasons(tables)
    problems += _two_workbooks(workbooks) if len(workbooks) > 1 else _handed_in_twice(tables)
    return Folder(
        tuple(sources),
        {name: found[0] for name, found in tables.items()},
        narrative,
        tuple(problems),
        tuple(readings),
        older_reasons,
        frozenset(name for name, found in tables.items() if len(found) > 1),
    )


def _older_reasons(tables: dict[str, list[Grid]]) -> Grid | None:
    """Take the workbook's reasons out of the tables where a file of reasons goes before them.

    Every workbook has the sheet; while it is blank the reasons may stand in the file. Where both
    are filled the file is the newer, as narrative.md is beside the sheet of texts.
    """
    if len(found := tables.get(NOTED, [])) < 2:
        return None
    filled = [grid for grid in found if not nothing_acknowledged(grid)]
    own = [grid for grid in filled if PurePosixPath(grid.file).stem.lower() == NOTED]
    beside = [grid for grid in filled if grid not in own]
    tables[NOTED] = own or beside or found[:1]
    return beside[0] if own and beside else None


def _files(root: Path, folder: str, problems: list[Problem]) -> list[str]:
    """Return the paths of the files in a folder, without what programs leave behind.

    They are relative to the project.

    Too many are reported and none is read: somebody put a whole disk there.
    """
    found = list(islice(_all_files(root, folder, problems), MAX_FILES + 1))
    if len(found) > MAX_FILES:
        remedy = "请只留台账、正文和要用的图片"
        expected = f"不超过{MAX_FILES}个"
        problems.append(Problem("文件太多", Place(folder), None, expected, remedy))
        return []
    return sorted(found)


def _all_files(root: Path, folder: str, problems: list[Problem]) -> Iterator[str]:
    try:
        for path in files_below(root / folder):
            inside = path.relative_to(root / folder)
            if not is_left_behind(inside):
                yield f"{folder}/{inside.as_posix()}"
    except InputError as error:
        problems += (replace(problem, place=Place(folder)) for problem in error.problems)
    for path in (root / folder).glob("*.*"):
        if path.is_dir() and path.suffix.lower() in (".csv", ".md", *SPREADSHEETS):
            yield f"{folder}/{path.name}"  # reported as what cannot be read


def _stranger(path: PurePosixPath, folder: str, workbooks: Collection[str]) -> Problem | None:
    """Return the problem of a file that has no meaning here, or None."""
    name, suffix, stem = path.name.lower(), path.suffix.lower(), path.stem.lower()
    place = Place(path.as_posix())
    if suffix in IMAGE_SUFFIXES:
        faults = (file_name_fault(part) for part in path.relative_to(folder).parts)
        if fault := next(filter(None, faults), None):
            return Problem(f"图片的文件名{fault}", place, path.name, remedy="请改名")
        return None
    if path.parent != PurePosixPath(folder):
        up = "数据文件请放到上一层，不用的文件请移出"
        return Problem("子文件夹里只能放图片，这个文件没有读取", place, remedy=up)
    readable = suffix in (".csv", *SPREADSHEETS)
    ours = stem in INPUT_TABLES or name == f"{EDITED_NUMBERS}.csv"
    if path.as_posix() in workbooks or (ours and readable):
        return None
    if name in {NARRATIVE, f"{EDITED_NUMBERS}.csv", *map(str.lower, NOTES)}:
        return None
    if (stem in INPUT_TABLES or stem == "workbook") and suffix in _OTHER_SHEETS:
        return Problem(f"{suffix}文件不能读取", place, remedy="请另存为.xlsx或.csv")
    if near := ask_for(path.name, INPUT_FILES):
        return Problem("不认识这个文件，没有读取", place, remedy=near)
    if suffix in SPREADSHEETS:
        message = "这个工作簿里没有填报表的工作表，没有读取"
        remedy = "要报的请填到填报表里；不用的请移出这个文件夹"
        return Problem(message, place, remedy=remedy)
    return Problem("不认识这个文件，没有读取", place, remedy="不用的请移出这个文件夹")


def _named_by_heads(root: Path, file: str, problem: Problem) -> Problem:
    """Say how to name a table that stands in a file of another name."""
    from nianbao.inputs.recognise import recognise_file

    path = PurePosixPath(file)
    if path.suffix.lower() not in (".csv", *SPREADSHEETS) or path.suffix.lower() in _OTHER_SHEETS:
        return problem
    found = recognise_file(root / file)
    if found.kind != "table" or found.table is None:
        return problem
    name = f"{found.table}{path.suffix.lower()}"
    if (root / file).with_name(name).exists():
        remedy = f"内容像“{INPUT_TABLES[found.table].title}”，而文件夹里已有“{name}”，请只留一份"
    elif ask_for(path.name, INPUT_FILES):
        return problem  # its name says already which it is
    else:
        remedy = f"内容像“{INPUT_TABLES[found.table].title}”，请把文件改名为“{name}”；不用的请移出"
    return replace(problem, remedy=remedy)


def _unwanted(path: PurePosixPath, only: Collection[str] | None) -> bool:
    """Return whether a file holds none of the tables that are wanted."""
    if only is None or may_be_workbook(path.as_posix()):
        return False
    suffixes = (".csv", *SPREADSHEETS)
    return path.suffix.lower() not in suffixes or path.stem.lower() not in only


def _read_table_file(
    source: Source, only: Collection[str] | None, problems: list[Problem]
) -> list[tuple[str, Grid]]:
    """Return the table in a file of its name; its sheet may be named as one likes."""
    del only, problems
    name = PurePosixPath(source.file).stem.lower()
    sheets = read_workbook(source)
    return [(name, _only_sheet(name, sheets, _filled(sheets), source.file))]


def _read_workbook(
    source: Source, only: Collection[str] | None, problems: list[Problem]
) -> list[tuple[str, Grid]]:
    """Return each table of a workbook by its name; a sheet that is none of ours is a problem."""
    sheets = read_workbook(source) if only is None else read_workbook(source, SheetsOf(only))
    found = []
    for sheet in _filled(sheets):
        if (table := sheet_table(sheet.sheet or "")) is not None:
            found.append((table, sheet))
        else:
            problems.append(_extra_sheet(sheet))
    return found


def _filled(sheets: Iterable[Grid]) -> list[Grid]:
    return [
        s for s in sheets if not s.is_empty and normalise_word(s.sheet or "") not in WORKBOOK_NOTES
    ]


def _extra_sheet(sheet: Grid) -> Problem:
    tables = (*INPUT_TABLES.values(), *WORKBOOK_SHEETS.values())
    near = ask_for(sheet.sheet or "", [word for t in tables for word in (t.name, t.title)])
    remedy = f"{near}；不用的" if near else ""
    message = f"多出一张工作表“{sheet.sheet}”，没有读取"
    return Problem(message, sheet.place(), remedy=f"{remedy}请删去或隐藏")


def _hidden_tables(source: Source) -> tuple[Reading, ...]:
    """Report the hidden sheets: those that are called as one of ours, and those of a person."""
    return tuple(
        Reading("sheet" if sheet_table(name) else "aside", Place(source.file, name), name)
        for name, shown in sheet_names(source)
        if not shown
        and (sheet_table(name) or not (name in WORKBOOK_NOTES or _OF_PROGRAMS.match(name)))
    )


def _only_sheet(name: str, sheets: tuple[Grid, ...], filled: list[Grid], file: str) -> Grid:
    """Return the sheet that a table's own file means: that of its name, or the only one filled."""
    named = [sheet for sheet in filled if sheet_table(sheet.sheet or "") == name]
    chosen = named or filled or list(sheets)
    if len(chosen) == 1 or not filled:
        return chosen[0] if chosen else Grid(file, None, ())
    found = listing(f"“{sheet.sheet}”" for sheet in chosen)
    message = f"有{len(chosen)}张工作表有内容（{found}），不知道用哪张"
    remedy = f"请只留一张，或把要用的一张命名为“{INPUT_TABLES[name].title}”"
    raise InputError(Problem(message, Place(file), remedy=remedy))


def _two_workbooks(workbooks: Sequence[str]) -> list[Problem]:
    names = listing(f"“{PurePosixPath(file).name}”" for file in workbooks)
    message = f"文件夹里有{len(workbooks)}份填报表：{names}，不知道用哪一份"
    return [Problem(message, Place(workbooks[0]), remedy="请只留一份，其余移出这个文件夹")]


def _handed_in_twice(tables: Mapping[str, list[Grid]]) -> Iterator[Problem]:
    for found in tables.values():
        for again in found[1:]:
            message = f"与{found[0].place()}是同一张表"
            yield Problem(message, again.place(), remedy="同一张表只报一份，请删去一份")

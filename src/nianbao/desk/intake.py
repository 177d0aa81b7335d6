"""What a clerk hands in: each file recognised and put where it is read from, none lost.

A file that another one takes the place of is kept as a version first.
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path, PurePath

from nianbao.desk.versions import REPLACED, UPLOAD, Versions
from nianbao.errors import InputError, NianbaoError, printable
from nianbao.files.excel import read_workbook
from nianbao.files.sources import MAX_BYTES, Source
from nianbao.files.words import normalise_word
from nianbao.files.writing import write_bytes_safely
from nianbao.inputs.project import (
    IMAGE_SUFFIXES,
    INPUT_TABLES,
    NARRATIVE,
    NOTES,
    SPREADSHEETS,
    TABLE_SUFFIXES,
    WORKBOOK,
    WORKBOOK_NOTES,
    data_folder,
    file_name_fault,
    may_be_workbook,
    sheet_table,
)
from nianbao.inputs.published.report import read_published
from nianbao.statutory import format_for
from nianbao.workbook.importing import import_report

PUBLISHED = frozenset({".pdf", ".docx", ".html", ".htm"})
WHOLE = "填报表"


@dataclass(frozen=True, slots=True)
class Recognised:
    """What a file is: its name in the data folder, and how clerks call it.

    ``tables`` are those it holds. ``target`` is empty for a published report, which becomes
    last year's data, and for a file that is not taken; ``refused`` then says why.
    """

    target: str = ""
    what: str = ""
    tables: tuple[str, ...] = ()
    published: bool = False
    refused: str = ""


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a file that was handed in."""

    name: str
    what: str = ""
    refused: str = ""
    lines: tuple[str, ...] = ()


def recognise(name: str, data: bytes, year: int) -> Recognised:
    """Say what a file is, by its name and what it holds.

    Parameters
    ----------
    name
        As its sender called it; no path of it is used.
    year
        Of the report that it is handed in for.
    """
    path = PurePath(name.replace("\\", "/")).name
    stem, suffix = PurePath(path).stem, PurePath(path).suffix.lower()
    if len(data) > MAX_BYTES:
        return Recognised(refused=f"文件太大，每个不超过{MAX_BYTES // 1_000_000} MB")
    if not data:
        return Recognised(refused="是空文件，请重新保存后再交")
    if path.lower() in NOTES or path.startswith((".", "~$")):
        return Recognised(refused="不是数据文件；以“~$”开头的是Excel的临时文件")
    try:
        if suffix in SPREADSHEETS:
            return _workbook(stem, Source(path, data))
        if suffix == ".csv":
            return _ledger(stem, suffix)
        if suffix in PUBLISHED:
            return _published(Source(path, data), year)
    except NianbaoError as error:
        return Recognised(refused="；".join(map(str, error.problems)))
    return _other(path, suffix)


def _workbook(stem: str, source: Source) -> Recognised:
    suffix = PurePath(source.file).suffix.lower()
    sheets = [s for s in read_workbook(source) if not s.is_empty]
    named = [sheet_table(s.sheet or "") for s in sheets]
    tables = tuple(dict.fromkeys(filter(None, named)))
    strangers = [
        s.sheet
        for s in sheets
        if sheet_table(s.sheet or "") is None
        and normalise_word(s.sheet or "") not in WORKBOOK_NOTES
    ]
    if len(tables) > 1 or stem == PurePath(WORKBOOK).stem:
        return Recognised(PurePath(WORKBOOK).stem + suffix, WHOLE, tables)
    table = tables[0] if tables and not strangers else sheet_table(stem)
    if table and table in INPUT_TABLES:
        return Recognised(table + suffix, INPUT_TABLES[table].title, (table,))
    seen = "、".join(f"“{sheet}”" for sheet in strangers[:5])
    return Recognised(refused=f"没有认出是哪张表（工作表：{printable(seen)}）；{_how()}")


def _ledger(stem: str, suffix: str) -> Recognised:
    table = sheet_table(stem)
    if table is None or table not in INPUT_TABLES:
        return Recognised(refused=f"没有认出是哪张表；{_how()}")
    return Recognised(table + suffix, INPUT_TABLES[table].title, (table,))


def _how() -> str:
    titles = "、".join(table.title for table in INPUT_TABLES.values())
    return f"请把文件或工作表命名为：{titles}"


def _published(source: Source, year: int) -> Recognised:
    card = read_published(source, format_for(year - 1)).card
    if card.year == year - 1:
        return Recognised(what=f"{year - 1}年的年报", published=True)
    if card.year == year:
        return Recognised(refused="是本年的报告；领导改过的Word文件请在“改 Word”一步交")
    other = f"{card.year}年的年报" if card.year else "不是年报"
    return Recognised(refused=f"{other}；这里收本年的台账和{year - 1}年的年报")


def _other(path: str, suffix: str) -> Recognised:
    if path.lower() == NARRATIVE:
        return Recognised(NARRATIVE, "正文")
    if suffix in IMAGE_SUFFIXES:
        fault = file_name_fault(path)
        return Recognised(path, "图片") if fault is None else Recognised(refused=f"文件名{fault}")
    if suffix == ".ipynb":
        return Recognised(refused="不接收笔记本；正文请在“写正文”一步修改")
    if suffix in {".doc", ".wps"}:
        return Recognised(refused="请另存为.docx后再交")
    if suffix in {".zip", ".rar", ".7z"}:
        return Recognised(refused="请解压后，把里面的文件一起交")
    return Recognised(refused="不认识这种文件；可交Excel、CSV、PDF、Word、网页和图片")


def take_in(
    root: Path, agency: str, year: int, sent: list[tuple[str, bytes]], versions: Versions, who: str
) -> list[Taken]:
    """Take in what a clerk handed in.

    Returns
    -------
    list of Taken
        What became of each file, in their order. Those that were taken are on the disk.
    """
    return [_take(root, agency, year, name, data, versions, who) for name, data in sent]


def plain_name(name: str) -> str:
    """The name of a file without any path, fit for a page and for every system."""
    last = printable(PurePath(name.replace("\\", "/")).name)
    return last[-100:] if file_name_fault(last[-100:]) is None else "file" + PurePath(last).suffix


def _take(
    root: Path, agency: str, year: int, name: str, data: bytes, versions: Versions, who: str
) -> Taken:
    shown = printable(PurePath(name.replace("\\", "/")).name)
    found = recognise(name, data, year)
    versions.keep(agency, year, UPLOAD, shown, data, who, found.what or "没有收下")
    if found.published:
        return _import(root, agency, year, shown, data)
    if not found.target:
        return Taken(shown, refused=found.refused)
    folder = root / data_folder(agency, year)
    lines = []
    for file in _replaced(folder, found):
        versions.keep(agency, year, REPLACED, file.name, file.read_bytes(), who)
        if file.name.lower() != found.target:
            file.unlink()
        lines.append(f"换下了原来的 {file.name}，可在“定稿”一步的“以前的文件”里取回")
    write_bytes_safely(folder / found.target, data)
    return Taken(shown, found.what, lines=tuple(lines))


def _replaced(folder: Path, found: Recognised) -> list[Path]:
    """The files that hold the same tables: the same table in two files is reported twice."""
    if not folder.is_dir():
        return []
    names = {found.target} | {t + suffix for t in found.tables for suffix in TABLE_SUFFIXES}
    whole = found.what == WHOLE
    return sorted(
        file
        for file in folder.iterdir()
        if file.is_file() and (file.name.lower() in names or (whole and may_be_workbook(file.name)))
    )


def _import(root: Path, agency: str, year: int, name: str, data: bytes) -> Taken:
    what = f"{year - 1}年的年报"
    with tempfile.TemporaryDirectory(prefix="nianbao-desk-") as folder:
        file = Path(folder) / f"published{PurePath(name).suffix.lower()}"
        file.write_bytes(data)
        try:
            imported = import_report(root, file, agency, year - 1)
        except InputError as error:
            return Taken(name, refused="；".join(map(str, error.problems)))
        except NianbaoError:
            return Taken(name, refused=f"已经有{year - 1}年的数据，没有重复导入")
    return Taken(name, what, lines=tuple(imported.lines()))

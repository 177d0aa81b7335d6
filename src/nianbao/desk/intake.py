"""Take what a clerk hands in: recognise each file, put it where it is read from, lose none.

A file that another one takes the place of is kept as a version first. What a file is, is found
out in the report's process: who knows what is in it.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from pathlib import Path, PurePath
from typing import Any

from nianbao.desk.storage import Version
from nianbao.desk.versions import REPLACED, UPLOAD, Versions
from nianbao.desk.writing import LOCK_SECONDS, KeptTexts, forget_reasons, keep_texts
from nianbao.errors import InputError, NianbaoError, UsageError, group_problems, printable
from nianbao.files.sources import MAX_BYTES, Source
from nianbao.files.writing import write_bytes_safely
from nianbao.finished.folder import report_folder, texts_lock
from nianbao.inputs.project import (
    INPUT_TABLES,
    NARRATIVE,
    SPREADSHEETS,
    WORKBOOK,
    data_folder,
    file_name_fault,
    may_be_workbook,
)
from nianbao.inputs.recognise import Recognised, recognise_file
from nianbao.statutory import format_for
from nianbao.workbook.importing import import_report

WHOLE = "填报表"
_NOT_JOINED = (
    "正文：没有能和原来的文字合并，现在是填报表里的；原来的可在“定稿”一步的“以前的文件”里取回"
)
Read = Callable[..., Any]
"""Does something in a report's process and waits for it, see `service.Desk.read`."""


@dataclass(frozen=True, slots=True)
class Upload:
    """What becomes of a file: its name in the data folder, and how clerks call it.

    ``tables`` are those it holds. ``target`` is empty for a published report, which becomes
    last year's data, and for a file that is not taken; ``refused`` then says why. ``remark``
    is what is odd about one that is taken.
    """

    target: str = ""
    what: str = ""
    tables: tuple[str, ...] = ()
    published: bool = False
    refused: str = ""
    remark: str = ""


@dataclass(frozen=True, slots=True)
class Taken:
    """The outcome of a file that was handed in."""

    name: str
    what: str = ""
    refused: str = ""
    lines: tuple[str, ...] = ()


def recognise(name: str, data: bytes, agency: str, year: int) -> Upload:
    """Say what a file is by what it holds, and whether it belongs to this report.

    ``name`` is what its sender called it; no path of it is used.
    """
    path = PurePath(PurePath(name.replace("\\", "/")).name)
    if len(data) > MAX_BYTES:
        return Upload(refused=f"文件太大，每个不超过{MAX_BYTES // 1_000_000} MB")
    if path.suffix.lower() == ".ipynb":
        return Upload(refused="不接收笔记本；正文请在“写正文”一步修改")
    found = recognise_file(data, path.name, format_for(year))
    remark = ""
    if found.kind in {"table", "narrative"} and found.year not in {None, year}:
        remark = f"里面写的是{found.year}年，请核对是不是{year}年的"
    match found.kind:
        case "workbook":
            return _workbook(found, path.suffix.lower(), agency, year)
        case "table" if found.table and found.table in INPUT_TABLES:
            suffix = path.suffix.lower() if path.suffix.lower() in SPREADSHEETS else ".csv"
            title = INPUT_TABLES[found.table].title
            return Upload(found.table + suffix, title, (found.table,), remark=remark)
        case "report":
            return _published(found, year)
        case "narrative":
            return Upload(NARRATIVE, "正文", remark=remark)
        case "picture":
            fault = file_name_fault(path.name)
            return Upload(path.name, "图片") if fault is None else Upload(refused=f"文件名{fault}")
    return Upload(refused=printable(found.reason))


def _workbook(found: Recognised, suffix: str, agency: str, year: int) -> Upload:
    if found.code and found.code.casefold() != agency.casefold():
        whose = f"{found.agency}（{found.code}）" if found.agency else found.code
        return Upload(refused=f"是别的单位的填报表：{printable(whose)}")
    if found.year not in {None, year}:
        return Upload(refused=f"是{found.year}年的填报表，这里收{year}年的")
    if found.misnamed:
        return Upload(refused=found.reason)
    return Upload(PurePath(WORKBOOK).stem + suffix, WHOLE, found.tables)


def _published(found: Recognised, year: int) -> Upload:
    if found.year == year - 1:
        return Upload(what=f"{year - 1}年的年报", published=True)
    if found.year == year:
        return Upload(refused="是本年的报告；领导改过的Word文件请在“改 Word”一步交")
    other = f"是{found.year}年的年报" if found.year else "看不出是哪一年的年报"
    return Upload(refused=f"{other}；这里收本年的台账和{year - 1}年的年报")


class Intake:
    """Takes in files for one report.

    Parameters
    ----------
    versions
        Keeps what came and what was replaced.
    who
        Who hands in.
    read
        Does something in the report's process and waits for it.
    """

    def __init__(
        self, root: Path, agency: str, year: int, versions: Versions, who: str, read: Read
    ) -> None:
        self._root, self._agency, self._year = root, agency, year
        self._versions, self._who, self._read = versions, who, read

    def take(self, name: str, data: bytes) -> Taken:
        """Take in a file; when this returns, what was taken is on the disk."""
        shown = printable(PurePath(name.replace("\\", "/")).name)
        agency, year = self._agency, self._year
        try:
            found: Upload = self._read(recognise, name, data, agency, year)
        except NianbaoError as error:  # its process died of it, or took too long
            found = Upload(refused="；".join(group_problems(error.problems)))
        before = self._versions.listed(agency, year)
        self._keep(UPLOAD, Source(shown, data), found.what or "没有收下")
        if found.published:
            imported: Taken = self._read(_import, self._root, agency, year, shown, data)
            return imported
        if not found.target:
            return Taken(shown, refused=found.refused)
        lines = [found.remark] if found.remark else []
        try:
            replaced = self._put(shown, found, data)
        except UsageError as error:  # somebody holds the lock for too long
            return Taken(shown, refused="；".join(group_problems(error.problems)))
        for source in replaced:
            called = sent_names((source.file,), before).get(source.file, "")
            older = f"以前交的“{called}”" if called else f"原来的{found.what}"
            lines.append(f"换下了{older}，可在“定稿”一步的“以前的文件”里取回")
        if found.what == WHOLE:
            lines += self._settle(replaced, before)
        return Taken(shown, found.what, lines=tuple(lines))

    def _put(self, shown: str, found: Upload, data: bytes) -> list[Source]:
        """Put a file in its place; return those that stood there, each kept as a version first.

        Nobody saves a text in the meantime: it would be in none of them.
        """
        folder = self._root / data_folder(self._agency, self._year)
        replaced = []
        with texts_lock(report_folder(self._root, self._agency, self._year), LOCK_SECONDS):
            for file in _replaced(folder, found):
                source = Source(file.name, file.read_bytes())
                self._keep(REPLACED, source, f"换成了{shown}")
                if file.name.lower() != found.target:
                    file.unlink()
                replaced.append(source)
            write_bytes_safely(folder / found.target, data)
        return replaced

    def _settle(self, replaced: Sequence[Source], versions: Sequence[Version]) -> Iterable[str]:
        """Join the new workbook with what was written since its clerk fetched it."""
        handed_in = (v for v in versions if v.kind == UPLOAD and v.note == WHOLE)
        last = [Source(v.name, self._versions.read(v)) for v in islice(handed_in, 1)]
        books = [source for source in replaced if may_be_workbook(source.file)]
        report = self._root, self._agency, self._year
        with suppress(NianbaoError):  # what is wrong with it is found by the checks
            self._read(forget_reasons, *report)
        try:
            kept: KeptTexts = self._read(keep_texts, *report, books, last)
        except NianbaoError:  # why, the checks find as well
            return (_NOT_JOINED,) if books else ()
        return kept.lines()

    def _keep(self, kind: str, source: Source, note: str = "") -> None:
        self._versions.keep(self._agency, self._year, kind, source, self._who, note)


def sent_names(files: Iterable[str], versions: Sequence[Version]) -> dict[str, str]:
    """Return what files of a data folder were called by who handed them in, where otherwise.

    ``versions`` are newest first; what a restored set put in a file's place has no note.
    """
    names = {}
    for file in files:
        stem = PurePath(file).stem
        title = INPUT_TABLES[stem].title if stem in INPUT_TABLES else ""
        what = WHOLE if may_be_workbook(file) else title
        came = (
            v for v in versions
            if (v.kind == UPLOAD and v.note == what)
            or (v.kind == REPLACED and v.name == file and not v.note)
        )  # fmt: skip
        last = next(came, None) if what else None
        if last is not None and last.kind == UPLOAD and last.name != file:
            names[file] = last.name
    return names


def plain_name(name: str) -> str:
    """Return the name of a file without any path, fit for a page and for every system."""
    last = printable(PurePath(name.replace("\\", "/")).name)
    return last[-100:] if file_name_fault(last[-100:]) is None else "file" + PurePath(last).suffix


def _replaced(folder: Path, found: Upload) -> list[Path]:
    """Return the files that hold the same tables: the same table in two files is reported twice."""
    if not folder.is_dir():
        return []
    names = {found.target} | {
        t + suffix for t in found.tables for suffix in (".csv", *SPREADSHEETS)
    }
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
            return Taken(name, refused="；".join(group_problems(error.problems)))
        except NianbaoError:
            return Taken(name, refused=f"已经有{year - 1}年的数据，没有重复导入")
    return Taken(name, what, lines=tuple(imported.lines()))

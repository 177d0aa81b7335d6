"""Find where a section's text lives, and write an edit there: one place for each section.

A text of the workbook's sheet 正文 goes back to its cell, and so does one that the master gave,
where the bureau has such a sheet; all others are in narrative.md. A text that stands in both is
written to both.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path, PurePosixPath

from nianbao.errors import InputError, Place, Problem, UsageError
from nianbao.files.excel import read_workbook
from nianbao.files.excel_cells import MAX_TEXT, write_cells
from nianbao.files.grids import Grid
from nianbao.files.sources import TextForm, read_source
from nianbao.files.writing import write_bytes_safely
from nianbao.finished.folder import report_folder
from nianbao.finished.kept_edits import keep_edited
from nianbao.inputs.bundle import EditedNumber, Inputs, SectionText
from nianbao.inputs.ledgers import EDITED_NUMBERS_HEAD, REFUSED
from nianbao.inputs.narrative import cell_text, find_text_cells, read_texts
from nianbao.inputs.project import (
    EDITED_NUMBERS,
    NARRATIVE,
    SPREADSHEETS,
    TEXTS,
    SheetsOf,
    data_folder,
    find_workbooks,
    is_writable,
    narrative_file,
)
from nianbao.prose.template import remove_section, replace_section
from nianbao.statutory import format_for


@dataclass(frozen=True, slots=True)
class TextSheet:
    """The sheet 正文 of a bureau's workbook: the file, its name, each section's cell and text."""

    file: str
    sheet: str
    cells: Mapping[str, str]
    texts: Mapping[str, SectionText]


@dataclass(frozen=True)
class Homes:
    """The homes of the texts of a report."""

    root: Path
    agency: str
    year: int
    own: Mapping[str, SectionText]
    """The bureau's own wording by section, each with its place."""
    sheet: TextSheet | None
    """The workbook's sheet of texts, if it can be written."""
    edited_numbers: tuple[EditedNumber, ...] = ()
    """What is known of numbers that edits changed."""
    both: frozenset[str] = frozenset()
    """Sections that are kept alike in narrative.md and on the sheet."""

    @property
    def narrative(self) -> Path:
        """The bureau's narrative.md, there or not."""
        return self.root / narrative_file(self.agency, self.year)

    @property
    def numbers_place(self) -> Place:
        """The list of numbers that edits changed."""
        folder = data_folder(self.agency, self.year)
        return Place(f"{folder}/{EDITED_NUMBERS}.csv")

    def of(self, section: str) -> str:
        """Return the name of the file in which a section's text is kept, or will be."""
        if self.sheet is not None and self._in_sheet(section):
            return PurePosixPath(self.sheet.file).name
        return NARRATIVE

    def _in_sheet(self, section: str) -> bool:
        own = self.own.get(section)
        return (
            self.sheet is not None
            and section in self.sheet.cells
            and (own is None or own.place.file == self.sheet.file)
        )

    def takes(self, section: str, text: str) -> bool:
        """Return whether the sheet can be written now, and its cell can take the text."""
        return (
            self.sheet is not None
            and section in self.sheet.cells
            and len(text) <= MAX_TEXT
            and open_lock(self.root / self.sheet.file) is None
        )

    def moved(self, texts: Iterable[str]) -> Iterator[str]:
        """Report which sections leave a workbook of a form that is not written, and what wins."""
        files: dict[str, list[str]] = {}
        for key in texts:
            own = self.own.get(key)
            suffix = PurePosixPath(own.place.file).suffix.lower() if own else ""
            if own and suffix in SPREADSHEETS and not is_writable(own.place.file):
                files.setdefault(own.place.file, []).append(key)
        titles = format_for(self.year).texts()
        for file, keys in files.items():
            named = "、".join(f"“{titles.get(key, key)}”" for key in keys)
            name = PurePosixPath(file).name
            yield (
                f"{named}原来写在 {name} 的“正文”表里，这种工作簿程序不改写；"
                f"改后的文字已写入 {NARRATIVE}，今后以它为准。想仍在工作簿里改的，"
                f"请另存为 .xlsx，并把 {NARRATIVE} 里的这几节贴回“正文”表"
            )

    def write(self, texts: Mapping[str, str], *, keep: bool = True) -> tuple[Path, ...]:
        """Write sections' texts where they live; an empty one takes the section out.

        ``keep`` leaves a copy of the workbook as it was.

        Returns
        -------
        tuple of Path
            The files that were changed.

        Raises
        ------
        UsageError
            The workbook is open in a spreadsheet program, which would write over the edit.
        InputError
            A cell cannot take the text.
        """
        in_sheet = {
            key: cell_text(text)
            for key, text in texts.items()
            if (self._in_sheet(key) or key in self.both) and len(text) <= MAX_TEXT
        }
        written = self._write_sheet(in_sheet, keep) if in_sheet else ()
        rest = {key: text for key, text in texts.items() if key not in in_sheet or key in self.both}
        return (*written, *(self._write_narrative(rest) if rest else ()))

    def _write_sheet(self, texts: Mapping[str, str], keep: bool) -> tuple[Path, ...]:
        assert self.sheet is not None
        path = self.root / self.sheet.file
        refuse_open(path, self.sheet.file)
        if keep:
            keep_edited(report_folder(self.root, self.agency, self.year), path)
        cells = {self.sheet.cells[key]: text for key, text in texts.items()}
        source = read_source(self.root, self.sheet.file)
        write_bytes_safely(path, write_cells(source, self.sheet.sheet, cells))
        return (path,)

    def _write_narrative(self, texts: Mapping[str, str]) -> tuple[Path, ...]:
        text, form = _read(self.narrative)
        now = text
        for section, own in texts.items():
            now = replace_section(now, section, own) if own else remove_section(now, section)
        if now == text:
            return ()
        write_bytes_safely(self.narrative, form.encode(now))
        return (self.narrative,)

    def write_numbers(
        self, numbers: Iterable[EditedNumber], settled: Collection[EditedNumber] = ()
    ) -> None:
        """Keep the list of numbers that edits changed, each place once, the newest last.

        What is settled goes.
        """
        listed = [number for number in self.edited_numbers if number not in settled]
        kept = {(n.section, n.near): n for n in (*listed, *numbers)}
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(EDITED_NUMBERS_HEAD)
        writer.writerows(
            (n.section, n.before, n.after, n.near, n.file, n.known, REFUSED if n.refused else "")
            for n in kept.values()
        )
        file = self.root / self.numbers_place.file
        write_bytes_safely(file, TextForm("utf-8-sig").encode(text.getvalue()))


def find_homes(root: Path, inputs: Inputs) -> Homes:
    """Find where the texts of a report live."""
    agency, year = inputs.agency.code, inputs.params.year
    return homes_of(root, agency, year, inputs.narrative, inputs.edited_numbers)


def homes_of(
    root: Path, agency: str, year: int, own: Mapping[str, SectionText],
    edited_numbers: tuple[EditedNumber, ...] = (),
) -> Homes:  # fmt: skip
    """Find where texts live by themselves: a report whose tables are wrong has texts, too."""
    sheet = _text_sheet(root, agency, year)
    homes = Homes(root, agency, year, own, sheet, edited_numbers)
    alike = (
        key
        for key, text in (sheet.texts if sheet else {}).items()
        if key in own
        and own[key].place.file != text.place.file
        and own[key].text.split() == text.text.split()
        and homes.takes(key, text.text)
    )
    return replace(homes, both=frozenset(alike))


def _text_sheet(root: Path, agency: str, year: int) -> TextSheet | None:
    for file in find_workbooks(root, agency, year):
        if not is_writable(file):
            continue
        for grid in read_workbook(read_source(root, file), SheetsOf((TEXTS,))):
            if grid.sheet and not grid.is_empty:
                cells = find_text_cells(grid, format_for(year))
                return TextSheet(file, grid.sheet, cells, _texts_of(grid, year))
    return None


def _texts_of(grid: Grid, year: int) -> dict[str, SectionText]:
    """Return the texts of the sheet; none where one is wrong, which reading the inputs reports."""
    try:
        return read_texts(grid, format_for(year))
    except InputError:
        return {}


def differing_places(root: Path, inputs: Inputs, sections: Iterable[str]) -> Iterator[str]:
    """Say of sections that are written in two places differently which file is the newer one.

    A file's time is that of its last saving, whatever was changed in it.
    """
    names = format_for(inputs.params.year).texts()
    for key in sections:
        files = inputs.narrative[key].place.file, inputs.overruled[key].place.file
        saved = [(root / file).stat().st_mtime for file in files]
        newer = ("（较新）", "") if saved[0] > saved[1] else ("", "（较新）")
        own, other = (
            f"{PurePosixPath(file).name} 保存于{datetime.fromtimestamp(at):%Y-%m-%d %H:%M}{mark}"
            for file, at, mark in zip(files, saved, newer, strict=True)
        )
        yield f"“{names.get(key, key)}”的文字两处不同：{own}，{other}；报告用前一处"


def open_lock(path: Path) -> Path | None:
    """Return the file that says that a spreadsheet program holds a workbook open."""
    locks = (f"~${path.name}", f".~lock.{path.name}#")
    return next((path.with_name(n) for n in locks if path.with_name(n).exists()), None)


def refuse_open(path: Path, file: str) -> None:
    """Refuse to write a workbook that a spreadsheet program holds open: it would write over it.

    Raises
    ------
    UsageError
        Its lock file is there.
    """
    if lock := open_lock(path):
        remedy = f"请先保存并关闭工作簿；确已关闭的，删去 {lock.name} 再运行"
        raise UsageError(Problem("工作簿正开着，修改写不进“正文”表", Place(file), remedy=remedy))


def _read(file: Path) -> tuple[str, TextForm]:
    """Return the text of narrative.md, and how it is to be written again."""
    if not file.is_file():
        return "", TextForm()
    source = read_source(file.parent, file.name)
    return source.text().replace("\r\n", "\n"), source.form()

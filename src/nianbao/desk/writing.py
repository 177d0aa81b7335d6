"""Put what people write on the desk's pages where the report reads it; nobody's words are lost.

Each save says which text it began from. What changed meanwhile is merged with it; where both
changed the same words nothing is written, and the writer's text is kept until they decide.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from nianbao.edits.homes import homes_of, refuse_open
from nianbao.errors import InputError, NarrativeError, UsageError
from nianbao.files.excel import read_workbook
from nianbao.files.excel_cells import write_cells
from nianbao.files.grids import Grid, read_csv
from nianbao.files.sources import Source, read_source
from nianbao.files.words import column_letter, unfit_lines
from nianbao.files.writing import write_bytes_safely
from nianbao.finished.folder import report_folder, texts_lock
from nianbao.inputs.bundle import SectionText
from nianbao.inputs.folder import NOTED, open_folder
from nianbao.inputs.ledgers import ACKNOWLEDGED_FORM, read_acknowledged
from nianbao.inputs.narrative import read_narrative, read_texts
from nianbao.inputs.project import (
    NARRATIVE,
    TEXTS,
    SheetsOf,
    data_folder,
    is_writable,
    narrative_file,
)
from nianbao.inputs.records import read_records
from nianbao.notebook.master import read_master
from nianbao.prose.merge import merge_texts
from nianbao.statutory import format_for

LONGEST = 60_000
"""Characters of a section; the longest that we know has a tenth."""
LOCK_SECONDS = 30.0
"""A build that is held up by others may read the texts so long."""


@dataclass(frozen=True, slots=True)
class Saved:
    """The outcome of a save."""

    text: str
    """The section as it stands now."""
    merged: bool = False
    """Somebody else's words are in it that the writer has not seen."""
    conflict: bool = False
    """It was not written: both changed the same words."""


def normal(text: str) -> str:
    """Return a text as it is stored, however the browser ended its lines."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return "\n".join(line.rstrip() for line in lines).strip("\n")


def current_text(root: Path, agency: str, year: int, section: str) -> str:
    """Return the text of a section as it stands: the bureau's own, else the master's.

    Raises
    ------
    UsageError
        The master has no such section.
    """
    texts = current_texts(root, agency, year)
    if section not in texts:
        raise UsageError(f"没有“{section}”这一节")
    return texts[section]


def current_texts(root: Path, agency: str, year: int) -> dict[str, str]:
    """Return the texts of all sections of the master as they stand."""
    own = own_texts(root, agency, year)
    sections = read_master(root).sections
    return {key: own[key].text if key in own else text for key, text in sections.items()}


def own_texts(root: Path, agency: str, year: int) -> dict[str, SectionText]:
    """Return the bureau's own wording, read without its tables.

    So writing can go on while the tables are wrong.

    Raises
    ------
    InputError
        narrative.md or the sheet of texts cannot be read.
    """
    sheet = open_folder(root, agency, year, {TEXTS}).grids.get(TEXTS)
    texts = read_texts(sheet, format_for(year)) if sheet else {}
    file = narrative_file(agency, year)
    narrative = read_narrative(read_source(root, file)) if (root / file).is_file() else {}
    return {**texts, **narrative}


def save_section(root: Path, agency: str, year: int, section: str, base: str, text: str) -> Saved:
    """Save a section that was begun from ``base``.

    Raises
    ------
    UsageError
        There is no such section, or the text is empty or too long.
    NarrativeError
        The text holds lines that would end the section, or what cannot be printed.
    """
    base, text = normal(base), normal(text)
    optional = not read_master(root).sections.get(section, "").strip()
    _refuse(text, optional)
    with texts_lock(report_folder(root, agency, year), LOCK_SECONDS):
        now = normal(current_text(root, agency, year, section))
        if text in (now, base):
            return Saved(now, merged=now != base)
        merged = merge_texts(base + "\n", now + "\n", text + "\n")
        if merged.conflicts:
            return Saved(now, conflict=True)
        wanted = normal(merged.text)
        homes_of(root, agency, year, own_texts(root, agency, year)).write(
            {section: wanted}, keep=False
        )
        # A cell of the workbook makes a paragraph of each line.
        done = normal(current_text(root, agency, year, section))
    return Saved(done, merged=wanted != text)


@dataclass(frozen=True, slots=True)
class KeptTexts:
    """What became of the texts that a workbook just handed in says otherwise, by heading."""

    kept: tuple[str, ...] = ()
    """It knew nothing of them: they stand as they did."""
    merged: tuple[str, ...] = ()
    """Both sides were changed, at different places."""
    replaced: tuple[str, ...] = ()
    """Both sides changed the same words: the workbook's are there now."""

    def lines(self) -> Iterator[str]:
        """Say it, a line for each kind."""
        reported = (
            (self.kept, "交来的填报表里没有改，仍用原来的文字"),
            (self.merged, "网页上和填报表里都改过，已经合并，请看一遍"),
            (self.replaced, "与原来的不同，用了填报表里的；原来的可在“以前的文件”里取回"),
        )
        for headings, what in reported:
            if headings:
                yield f"正文{'、'.join(f'“{h}”' for h in headings)}：{what}"


def keep_texts(
    root: Path, agency: str, year: int, replaced: Iterable[Source], handed_in: Iterable[Source]
) -> KeptTexts:
    """Put back the texts that a workbook just handed in does not know.

    A clerk hands in her own copy again and again. What was written on the pages since, or came
    from a leader's Word file, is in the copy that it takes the place of. Texts of narrative.md
    go before those of any workbook and stay what they are. What `edits.two_places.join_places`
    merges are two homes of one text, into both; here two copies of one home are merged into the
    newer, which wins where both changed the same words.

    Parameters
    ----------
    replaced
        The workbooks whose place it took.
    handed_in
        The one that was handed in before: what differs from it was changed by hand in the new one.
    """
    before, base = (_texts_of(workbooks, year) for workbooks in (replaced, handed_in))
    if not before:
        return KeptTexts()
    titles, wanted = format_for(year).texts(), {}
    kept, merged, replaced_by_new = [], [], []
    with texts_lock(report_folder(root, agency, year), LOCK_SECONDS):
        own = own_texts(root, agency, year)
        for key, text in before.items():
            if key in own and PurePosixPath(own[key].place.file).name == NARRATIVE:
                continue
            now, old = normal(text), normal(base.get(key, ""))
            new = normal(own[key].text) if key in own else ""
            if new == now:
                continue
            both = merge_texts(f"{old}\n", f"{now}\n", f"{new}\n")
            if new in ("", old):
                kept.append(titles.get(key, key))
                wanted[key] = now
            elif old and not both.conflicts:
                if normal(both.text) != new:
                    merged.append(titles.get(key, key))
                    wanted[key] = normal(both.text)
            else:
                replaced_by_new.append(titles.get(key, key))
        homes_of(root, agency, year, own).write(wanted, keep=False)
    return KeptTexts(tuple(kept), tuple(merged), tuple(replaced_by_new))


def _texts_of(workbooks: Iterable[Source], year: int) -> dict[str, str]:
    """Return the texts that workbooks hold; none of one that cannot be read."""
    texts: dict[str, str] = {}
    for source in workbooks:
        with suppress(InputError):
            for grid in read_workbook(source, SheetsOf((TEXTS,)))[:1]:
                found = read_texts(grid, format_for(year))
                texts |= {key: text.text for key, text in found.items()}
    return texts


def _refuse(text: str, optional: bool) -> None:
    if not text.strip() and not optional:
        raise UsageError("每一节都要有文字；没有情况的，请写“无”")
    if len(text) > LONGEST:
        raise UsageError(f"这一节太长，请写在{LONGEST}字以内")
    lines = text.split("\n")
    wrong = [f"第{number}行{why}" for number, why in unfit_lines(lines)]
    wrong += [
        f"第{i}行不能以“##”开头" for i, line in enumerate(lines, 1)
        if line.startswith("##") and not line.startswith("###")
    ]  # fmt: skip
    if wrong:
        raise NarrativeError(*wrong)


LONGEST_REASON = 500


def write_reason(root: Path, agency: str, year: int, key: str, reason: str) -> None:
    """Record why a finding stands; an empty reason takes the record back.

    A reason of the workbook's sheet 核对说明 is changed there, any other in acknowledged.csv.

    Raises
    ------
    UsageError
        The reason is too long, or the workbook is open in a spreadsheet program.
    InputError
        The reasons that are there cannot be read.
    """
    words = " ".join(reason.split())
    if len(words) > LONGEST_REASON:
        raise UsageError(f"理由太长，请写在{LONGEST_REASON}字以内")
    with texts_lock(report_folder(root, agency, year), LOCK_SECONDS):
        folder = open_folder(root, agency, year, {NOTED})
        file = f"{data_folder(agency, year)}/{NOTED}.csv"
        sheets = [g for g in (folder.grids.get(NOTED), folder.older_reasons) if g and g.sheet]
        written = [_write_in_sheet(root, grid, key, words) for grid in sheets]
        source = read_source(root, file) if (root / file).is_file() else None
        known = read_acknowledged(read_csv(source)) if source else {}
        reasons = {k: found.reason for k, found in known.items() if k != key}
        if words and not any(written):
            reasons[key] = words
        if source or reasons:
            _write_reasons(root / file, reasons)


def _write_in_sheet(root: Path, grid: Grid, key: str, reason: str) -> bool:
    """Write a reason into the row of its finding; return whether there is one."""
    records = read_records(grid, ACKNOWLEDGED_FORM)
    if key not in records.columns["标识"] or not is_writable(grid.file):
        return False
    assert grid.sheet is not None
    row = records.rows[list(records.columns["标识"]).index(key)]
    letters = {name: column_letter(place) for name, place in records.header.columns.items()}
    texts = {f"{letters['理由']}{row}": reason}
    if not reason:
        texts[f"{letters['标识']}{row}"] = ""
    refuse_open(root / grid.file, grid.file)
    source = read_source(root, grid.file)
    write_bytes_safely(root / grid.file, write_cells(source, grid.sheet, texts))
    return True


def forget_reasons(root: Path, agency: str, year: int) -> None:
    """Drop the reasons that a workbook just handed in gives itself: it is the newer."""
    folder = open_folder(root, agency, year, {NOTED})
    file = f"{data_folder(agency, year)}/{NOTED}.csv"
    if folder.older_reasons is None or not (root / file).is_file():
        return
    newer = read_acknowledged(folder.older_reasons)
    with texts_lock(report_folder(root, agency, year), LOCK_SECONDS):
        known = read_acknowledged(read_csv(read_source(root, file)))
        _write_reasons(root / file, {k: r.reason for k, r in known.items() if k not in newer})


def _write_reasons(path: Path, reasons: Mapping[str, str]) -> None:
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow([column.name for column in ACKNOWLEDGED_FORM.columns])
    writer.writerows(reasons.items())
    write_bytes_safely(path, stream.getvalue().encode("utf-8-sig"))

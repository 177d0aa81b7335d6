"""The other agencies of a project: their names, and their own wording of a year.

A report is checked for the name of another body and for prose copied from one. What is wrong
in another agency's files is told with that agency's report, never with this one.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from nianbao.errors import InputError
from nianbao.files.excel import read_workbook
from nianbao.files.sources import Source, read_source
from nianbao.inputs.bundle import SectionText
from nianbao.inputs.narrative import read_narrative, read_texts
from nianbao.inputs.params import Agency, read_agency
from nianbao.inputs.project import (
    NARRATIVE,
    PROFILE,
    TEXTS,
    SheetsOf,
    data_folder,
    find_workbook,
    list_agencies,
)
from nianbao.statutory import format_for


@dataclass(frozen=True, slots=True)
class Peer:
    """Another agency, and its own wording by section id (empty when it has none).

    ``before`` is its wording of the year before, out of narrative.md alone.
    """

    agency: Agency
    narrative: Mapping[str, str]
    before: Mapping[str, str] = field(default_factory=dict)


def read_peers(root: Path, agency: str, year: int) -> tuple[Peer, ...]:
    """All agencies that the project describes but one; those that cannot be read are left out.

    Parameters
    ----------
    root
        The project folder.
    agency
        The one that is left out.
    year
        Of the wording.
    """
    return tuple(
        Peer(profile, own_wording(root, code, year), _published(root, code, year - 1))
        for code in list_agencies(root)
        if code != agency and (profile := _profile(root, code)) is not None
    )


def _profile(root: Path, code: str) -> Agency | None:
    try:
        return read_agency(root, code)
    except InputError:
        return None


def own_wording(root: Path, code: str, year: int) -> dict[str, str]:
    """What a bureau wrote: narrative.md, which is the newer, before the sheet of its workbook."""
    narrative = f"{data_folder(code, year)}/{NARRATIVE}"
    read = {find_workbook(root, code, year): _texts, narrative: _narrative}
    found: dict[str, str] = {}
    for file, sections in read.items():
        if file and (root / file).is_file():
            with suppress(InputError):
                source = read_source(root, file)
                found |= {key: section.text for key, section in sections(source, year).items()}
    return found


def _published(root: Path, code: str, year: int) -> dict[str, str]:
    file = f"{data_folder(code, year)}/{NARRATIVE}"
    if (root / file).is_file():
        with suppress(InputError):
            return {k: s.text for k, s in read_narrative(read_source(root, file)).items()}
    return {}


def _narrative(source: Source, _: int) -> dict[str, SectionText]:
    return read_narrative(source)


def _texts(source: Source, year: int) -> dict[str, SectionText]:
    """The sheet 正文 alone: a ledger beside it may be a hundred times as long."""
    sheets = read_workbook(source, SheetsOf((TEXTS,)))
    filled = [sheet for sheet in sheets if not sheet.is_empty]
    return read_texts(filled[0], format_for(year)) if filled else {}


def words_in_workbook(source: Source) -> str:
    """What other bureaus' reports look at in a workbook: its sheets 基本信息 and 正文.

    A number that changes in one of its tables is no concern of theirs.

    Raises
    ------
    InputError
        It cannot be opened.
    """
    sheets = read_workbook(source, SheetsOf((PROFILE, TEXTS)))
    return repr([(sheet.sheet, sheet.rows) for sheet in sheets])

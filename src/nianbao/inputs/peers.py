"""The other agencies of a project: their names, and their own wording of a year.

A report is checked for the name of another body and for prose copied from one. What is wrong
in another agency's files is reported with that agency's report, never with this one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from nianbao.errors import InputError, Place, Problem
from nianbao.files.excel import read_workbook
from nianbao.files.sources import Source, read_source
from nianbao.inputs.bundle import SectionText
from nianbao.inputs.children import Profiles, read_profiles
from nianbao.inputs.narrative import read_narrative, read_texts
from nianbao.inputs.params import Agency
from nianbao.inputs.project import (
    FIRST_YEAR,
    LAST_YEAR,
    PROFILE,
    TEXTS,
    SheetsOf,
    agency_file,
    data_folder,
    find_workbook,
    narrative_file,
)
from nianbao.statutory import format_for


@dataclass(frozen=True, slots=True)
class Peer:
    """Another agency, and its own wording by section id (empty when it has none), numbers left out.

    ``before`` is its wording of the year before, out of narrative.md alone.
    """

    agency: Agency
    narrative: Mapping[str, str]
    before: Mapping[str, str] = field(default_factory=dict)


def read_peers(
    root: Path, agency: str, year: int, profiles: Profiles | None = None
) -> tuple[Peer, ...]:
    """Return all other agencies of the project.

    Those that cannot be read are left out.

    ``profiles`` are those of the project, where they were read already.
    """
    return tuple(
        Peer(profile, own_wording(root, code, year), _published(root, code, year - 1))
        for code, profile in (profiles or read_profiles(root)).read.items()
        if code != agency
    )


_PLACEHOLDER = re.compile(r"\{\{[^{}\n]*\}\}")


def without_placeholders(text: str) -> str:
    """Return wording without its placeholders: what a report says with the numbers left out.

    Examples
    --------
    >>> without_placeholders("全年新收申请{{ 新收申请 }}件。")
    '全年新收申请件。'
    """
    return _PLACEHOLDER.sub("", text)


def own_wording(root: Path, code: str, year: int) -> dict[str, str]:
    """Return what a bureau wrote, without its placeholders.

    narrative.md, which is the newer, goes before the sheet of its workbook.
    """
    narrative = narrative_file(code, year)
    read = {find_workbook(root, code, year): _texts, narrative: _narrative}
    found: dict[str, str] = {}
    for file, sections in read.items():
        if file and (root / file).is_file():
            with suppress(InputError):
                source = read_source(root, file)
                found |= {
                    k: without_placeholders(section.text)
                    for k, section in sections(source, year).items()
                }
    return found


def _published(root: Path, code: str, year: int) -> dict[str, str]:
    file = narrative_file(code, year)
    if (root / file).is_file():
        with suppress(InputError):
            return {
                k: without_placeholders(s.text)
                for k, s in read_narrative(read_source(root, file)).items()
            }
    return {}


def _narrative(source: Source, _: int) -> dict[str, SectionText]:
    return read_narrative(source)


def _texts(source: Source, year: int) -> dict[str, SectionText]:
    """Return the sheet 正文 alone: a ledger beside it may be a hundred times as long."""
    sheets = read_workbook(source, SheetsOf((TEXTS,)))
    filled = [sheet for sheet in sheets if not sheet.is_empty]
    return read_texts(filled[0], format_for(year)) if filled else {}


def taken_names(root: Path, agency: Agency, peers: Iterable[Peer]) -> Iterator[Problem]:
    """Yield the names of an agency's profile that another agency already has, as problems.

    Of two agencies with one full name the problem is of the one that came later: with data of
    fewer years, else with less in agency.yaml, else with the later code. An agency that reports no
    more (``until``) may live on as another's alias.
    """
    bearers: dict[str, list[Agency]] = {}
    for peer in peers:
        if peer.agency.code != agency.code and peer.agency.until is None:
            bearers.setdefault(peer.agency.name, []).append(peer.agency)
    own = {"name": (agency.name,), "aliases": agency.aliases}
    own |= {"short_name": (agency.short_name,)} if agency.short_name else {}
    for key, names in own.items():
        for name in names:
            others = [
                other
                for other in bearers.get(name, ())
                if key != "name" or _standing(root, other) < _standing(root, agency)
            ]
            if not others:
                continue
            title = Agency.model_fields[key].title
            yield Problem(
                f"“{key}”（{title}）是另一个机关的全称", Place(agency_file(agency.code)), name,
                "本机关自己的名称", f"另一个机关的代码是 {others[0].code}，请核对是哪一个写错了",
            )  # fmt: skip


def parents_in_a_ring(agency: Agency, peers: Iterable[Peer]) -> Iterator[Problem]:
    """Yield the ring that an agency's parent, that one's parent and so on make, as its problem."""
    parents = {p.agency.code: p.agency.parent for p in peers} | {agency.code: agency.parent}
    above = [agency.code]
    while (code := parents.get(above[-1])) and code not in above:
        above.append(code)
    if code == agency.code:
        ring = "→".join([*above, agency.code])
        yield Problem(
            "上级机关绕成一圈", Place(agency_file(agency.code)), ring,
            remedy="请改正“parent”（上级机关代码）；没有上级的不写",
        )  # fmt: skip


def _standing(root: Path, agency: Agency) -> tuple[int, int, str]:
    """Return a rank that is the lower, the longer an agency is known here."""
    folder = root / data_folder(agency.code, FIRST_YEAR)
    years = sum((folder.parent / str(year)).is_dir() for year in range(FIRST_YEAR, LAST_YEAR + 1))
    return -years, -len(agency.model_fields_set), agency.code


def words_in_workbook(source: Source) -> str:
    """Return what other bureaus' reports look at in a workbook: its sheets 基本信息 and 正文.

    A number that changes in one of its tables is no concern of theirs.

    Raises
    ------
    InputError
        It cannot be opened.
    """
    sheets = read_workbook(source, SheetsOf((PROFILE, TEXTS)))
    return repr([(sheet.sheet, sheet.rows) for sheet in sheets])

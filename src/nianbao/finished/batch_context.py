"""Read what all reports of a project and year share: once, for one report or a thousand."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from nianbao.errors import InputError
from nianbao.files.sources import content, read_source
from nianbao.finished.manifest import Basis, make_basis
from nianbao.inputs.children import Profiles, read_profiles
from nianbao.inputs.peers import Peer, read_peers, words_in_workbook
from nianbao.inputs.project import (
    CONFUSABLES,
    SENSITIVE,
    agency_file,
    find_workbook,
    list_agencies,
    may_be_workbook,
    narrative_file,
    workbook_file,
)

_CODES = re.compile(rb"[a-z0-9][a-z0-9_-]*")


@dataclass(frozen=True)
class BatchContext:
    """What a report is made with and compared with."""

    root: Path
    year: int
    """Of which project and year."""
    basis: Basis
    """Package, versions, fonts, master."""
    checksum: str
    """Of the files behind `peers` and of the project's lists of words."""

    @cached_property
    def profiles(self) -> Profiles:
        """Who reports in the project; read when first asked for."""
        return read_profiles(self.root)

    @cached_property
    def peers(self) -> tuple[Peer, ...]:
        """All agencies of the project with their own wording; read when first asked for.

        A profile that cannot be read is reported with its own report.
        """
        return read_peers(self.root, "", self.year, self.profiles)

    def read_ahead(self) -> None:
        """Read now what is read when first asked for: a process that is copied reads it once."""
        _ = self.peers, self._named_by

    def below(self, agency: str) -> tuple[str, ...]:
        """Return the codes of the units below an agency, of every level.

        Rather too many are returned than too few.
        """
        found = [agency]
        for above in found:  # grows while it is walked
            found += (code for code in self._named_by.get(above, ()) if code not in found)
        return tuple(found[1:])

    @cached_property
    def _named_by(self) -> dict[str, list[str]]:
        """For each agency those whose profile names it, as ``parent`` or otherwise.

        Looking for the code takes a hundredth of the time of reading a profile. Where a workbook
        is all there is, its words are looked through.
        """
        agencies = list_agencies(self.root)
        known = set(agencies)
        named: dict[str, list[str]] = {}
        for agency in agencies:
            text = content(self.root, agency_file(agency)) or self._workbook(agency)
            words = {word.decode() for word in _CODES.findall(text)}
            for other in sorted(known & words - {agency}):
                named.setdefault(other, []).append(agency)
        return named

    def _workbook(self, agency: str) -> bytes:
        file = find_workbook(self.root, agency, self.year)
        return _words(self.root, file) if file else b""


def read_batch_context(root: Path, year: int) -> BatchContext:
    """Return what reports of this year are made with and compared with, here and now."""
    # Before the files are read: one that changes meanwhile is a change the next run sees.
    return BatchContext(root, year, make_basis(root), batch_context_checksum(root, year))


def batch_context_checksum(root: Path, year: int) -> str:
    """Return a value that changes with any file that other reports' checks look at."""
    whole = hashlib.sha256()
    for file in _files(root, year):
        reported = _words(root, file) if may_be_workbook(file) else content(root, file)
        whole.update(f"{file} ".encode() + hashlib.sha256(reported).digest())
    return whole.hexdigest()


def _words(root: Path, workbook: str) -> bytes:
    """Return what a workbook says in words; one that cannot be opened is known by its bytes."""
    if not (root / workbook).is_file():
        return b""
    try:
        return words_in_workbook(read_source(root, workbook)).encode()
    except InputError:
        return content(root, workbook)


def _files(root: Path, year: int) -> Iterator[str]:
    for agency in list_agencies(root):
        yield agency_file(agency)
        yield from (narrative_file(agency, each) for each in (year - 1, year))
        yield find_workbook(root, agency, year) or workbook_file(agency, year)
    yield from list_word_lists(root)


def list_word_lists(root: Path) -> tuple[str, ...]:
    """Return the project's own lists of words that prose is checked against."""
    return tuple(file for file in (CONFUSABLES, SENSITIVE) if (root / file).is_file())

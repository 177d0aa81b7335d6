"""What all reports of a project and year share: read once, for one report or a thousand."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from nianbao.inputs.peers import Peer, read_peers
from nianbao.inputs.project import NARRATIVE, agency_file, data_folder, list_agencies
from nianbao.inputs.word_lists import CONFUSABLES, SENSITIVE
from nianbao.runs.manifest import Basis, make_basis, sha256


@dataclass(frozen=True)
class Surroundings:
    """What a report is made with and compared with.

    Parameters
    ----------
    basis
        Package, versions, fonts, master.
    peers
        All agencies of the project with their own wording.
    checksum
        Of the files behind ``peers`` and of the project's lists of words.
    """

    basis: Basis
    peers: tuple[Peer, ...]
    checksum: str

    def below(self, agency: str) -> tuple[str, ...]:
        """Codes of the units below an agency, of every level."""
        found = [agency]
        for above in found:  # grows while it is walked
            codes = self._units.get(above, ())
            found += (code for code in codes if code not in found)
        return tuple(found[1:])

    @cached_property
    def _units(self) -> dict[str, list[str]]:
        units: dict[str, list[str]] = {}
        for peer in self.peers:
            if peer.agency.parent:
                units.setdefault(peer.agency.parent, []).append(peer.agency.code)
        return units


def read_surroundings(root: Path, year: int) -> Surroundings:
    """Read them; a card that cannot be read is told with its own report."""
    # Before the files are read: one that changes meanwhile is a change the next run sees.
    checksum = surroundings_checksum(root, year)
    return Surroundings(make_basis(root), read_peers(root, "", year), checksum)


def surroundings_checksum(root: Path, year: int) -> str:
    """Changes with any file that other reports' checks look at."""
    files = (file for file in _files(root, year) if (root / file).is_file())
    lines = "\n".join(f"{file} {sha256(root / file)}" for file in files)
    return hashlib.sha256(lines.encode()).hexdigest()


def _files(root: Path, year: int) -> Iterator[str]:
    for agency in list_agencies(root):
        yield from (agency_file(agency), f"{data_folder(agency, year)}/{NARRATIVE}")
    yield from list_word_lists(root)


def list_word_lists(root: Path) -> tuple[str, ...]:
    """The project's own lists of words that prose is checked against."""
    return tuple(file for file in (CONFUSABLES, SENSITIVE) if (root / file).is_file())

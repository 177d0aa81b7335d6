"""The other agencies of a project: their names, and their own wording of a year.

A report is checked for the name of another body and for prose copied from one. What is wrong
in another agency's files is told with that agency's report, never with this one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from nianbao.errors import InputError
from nianbao.inputs.narrative import read_narrative
from nianbao.inputs.params import Agency, read_agency
from nianbao.inputs.project import NARRATIVE, data_folder, list_agencies
from nianbao.inputs.sources import read_source


@dataclass(frozen=True, slots=True)
class Peer:
    """Another agency, and its own wording by section id (empty when it has none)."""

    agency: Agency
    narrative: Mapping[str, str]


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
        Peer(card, _wording(root, code, year))
        for code in list_agencies(root)
        if code != agency and (card := _card(root, code)) is not None
    )


def _card(root: Path, code: str) -> Agency | None:
    try:
        return read_agency(root, code)
    except InputError:
        return None


def _wording(root: Path, code: str, year: int) -> dict[str, str]:
    file = f"{data_folder(code, year)}/{NARRATIVE}"
    if not (root / file).is_file():
        return {}
    try:
        return {key: s.text for key, s in read_narrative(read_source(root, file)).items()}
    except InputError:
        return {}

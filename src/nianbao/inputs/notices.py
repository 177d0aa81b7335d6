"""The notice that binds a bureau: its own choice, else that of its parent."""

from __future__ import annotations

from pathlib import Path

from nianbao.errors import InputError, Place, Problem
from nianbao.files.sources import is_there, read_source
from nianbao.files.words import ask_for
from nianbao.inputs.agency_profile import read_agency
from nianbao.inputs.params import Agency
from nianbao.inputs.project import agency_file, is_agency
from nianbao.statutory.notices import Notice, parse_notice, shipped_notices

FOLDER = "notices"
"""The project's own notices; one of the same name goes before the package's."""


def list_notices(root: Path) -> tuple[str, ...]:
    """List the names of all notices: the project's own and the package's."""
    own = (file.stem for file in (root / FOLDER).glob("*.yaml"))
    return tuple(sorted({*own, *shipped_notices()}))


def notice_label(root: Path, name: str) -> str:
    """Return what a notice is called: its number, or who issued it, and its title."""
    try:
        notice = _named(root, name, "")
    except InputError:
        return name  # what is wrong with it is reported where it is used
    return f"{notice.number or notice.issuer}　{notice.title}"


def read_notice(root: Path, agency: Agency) -> Notice | None:
    """Read the notice of a bureau; None when neither it nor its parent names one.

    Raises
    ------
    InputError
        The named notice is not there, or its file is faulty.
    """
    for chosen in (agency, _parent(root, agency)):
        if chosen is not None and chosen.notice is not None:
            return _named(root, chosen.notice, chosen.code)
    return None


def _parent(root: Path, agency: Agency) -> Agency | None:
    if agency.parent is None or not is_agency(root, agency.parent):
        return None
    return read_agency(root, agency.parent)


def _named(root: Path, name: str, code: str) -> Notice:
    file = f"{FOLDER}/{name}.yaml"
    if is_there(root, file):
        return parse_notice(read_source(root, file).text(), file)
    if (notice := shipped_notices().get(name)) is not None:
        return notice
    known = list_notices(root)
    raise InputError(
        Problem(
            "没有这份通知",
            Place(agency_file(code)),
            name,
            f"其中之一：{'、'.join(known)}",
            ask_for(name, known) or f"也可以自己写 {file}",
        )
    )

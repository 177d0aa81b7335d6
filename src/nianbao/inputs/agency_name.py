"""The name of an agency whose files may be faulty: for lists, where a code says nothing."""

from __future__ import annotations

from pathlib import Path

from nianbao.errors import InputError, printable
from nianbao.files.sources import read_source
from nianbao.files.yaml_file import MAX_YAML_BYTES, read_mapping
from nianbao.inputs.agency_sheet import newest_card
from nianbao.inputs.project import agency_file


def agency_name(root: Path, code: str) -> str | None:
    """The name in agency.yaml, else in the newest workbook, whatever else is wrong there.

    Parameters
    ----------
    root, code
        The project folder and the agency.

    Returns
    -------
    str or None
        None when no name can be read.

    Examples
    --------
    >>> agency_name(Path("."), "yiyuan-sfj")  # doctest: +SKIP
    '沂源县司法局'
    """
    try:
        return printable(_written(root, code) or "").strip() or None
    except InputError:
        return None


def _written(root: Path, code: str) -> str | None:
    file = agency_file(code)
    if not (root / file).is_file():
        card = newest_card(root, code)
        return card.values.get("name") if card else None
    entries, _ = read_mapping(read_source(root, file, MAX_YAML_BYTES).text(), file)
    value = next((entry.value for key, entry in entries if key == "name"), None)
    return value if isinstance(value, str) else None

"""A published cell as the bureau would have filled it in.

In a published report blank and ``/`` mean 0 (product contract, section 3): they come in as 0,
and the import says which. Everything else stays as published, faults included.
"""

from __future__ import annotations

import re

from nianbao.inputs.values import State, normalise, parse_cell

_WITH_UNIT = re.compile(r"(?P<number>[\d,.]+)(?P<unit>[件条宗起份个项次例]|万元)(?P<note>（.*）)?")


def read_value(text: str) -> tuple[str | None, bool]:
    """What to write for a printed value, and whether it was blank or a dash.

    Returns
    -------
    str or None, bool
        None for what is no number: it is told, not guessed at.

    Examples
    --------
    >>> read_value("22（其中修订16件）"), read_value("/"), read_value("减4")
    (('22（其中修订16件）', False), ('0', True), (None, False))
    """
    cell = parse_cell(text)
    if cell.state in (State.EMPTY, State.NA):
        return "0", True
    if cell.is_number:
        return cell.raw, False
    match = _WITH_UNIT.fullmatch(normalise(text))
    if match and parse_cell(match["number"]).is_number:
        return match["number"] + (match["note"] or ""), False
    return None, False


def is_value(text: str) -> bool:
    """Whether a text can be a printed value."""
    return read_value(text)[0] is not None

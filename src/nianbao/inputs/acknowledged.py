"""Findings that the bureau has looked into, each with its reason."""

from __future__ import annotations

from nianbao.errors import InputError
from nianbao.files.grids import Grid
from nianbao.inputs.bundle import Acknowledgement
from nianbao.inputs.records import Column, Form, find_header, read_records, refuse

FORM = Form((Column("标识", aliases=("发现标识",)), Column("理由")))


def nothing_acknowledged(grid: Grid) -> bool:
    """Whether there is a head and nothing below it, as on the sheet of a new workbook."""
    try:
        return find_header(grid, FORM).row >= len(grid.rows)
    except InputError:
        return False


def read_acknowledged(grid: Grid) -> dict[str, Acknowledgement]:
    """Read which findings were acknowledged and why.

    Parameters
    ----------
    grid
        标识 (as ``nianbao check`` prints it) and 理由.

    Returns
    -------
    dict
        By key, in the order of the file.

    Raises
    ------
    InputError
        With a problem for each row without a key or a reason, and each key that is repeated.
    """
    records = read_records(grid, FORM)
    found: dict[str, Acknowledgement] = {}
    problems = []
    rows = zip(records.columns["标识"], records.columns["理由"], strict=True)
    for i, (key, reason) in enumerate(rows):
        if not key:
            expected = "nianbao check 列出的标识，如“Y2-59c8849a”"
            problems.append(records.problem(i, "标识", "缺少标识", expected))
        elif not reason:
            remedy = "没有理由的发现应当改正，不能只作说明"
            problems.append(records.problem(i, "理由", "缺少理由", remedy=remedy))
        elif key in found:
            problems.append(records.problem(i, "标识", "标识重复", "每条发现一行"))
        else:
            found[key] = Acknowledgement(key, reason, records.place(i, "标识"))
    refuse(records, problems)
    return found

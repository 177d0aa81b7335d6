"""Begin a report: the workbook to fill in, a new year, a new agency.

The workbook comes back with its faults marked, too.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from nianbao.desk.profile import missing_titles
from nianbao.errors import NianbaoError, Problem, UsageError
from nianbao.files.sources import Source
from nianbao.files.yaml_file import replace_values
from nianbao.inputs.agency_profile import read_agency
from nianbao.inputs.params import Agency, parse_agency
from nianbao.inputs.peers import Peer, taken_names
from nianbao.inputs.project import (
    agency_file,
    data_folder,
    find_workbook,
    list_agencies,
    params_file,
)
from nianbao.notebook.readable import check_as_read
from nianbao.workbook.content import workbook_content
from nianbao.workbook.draw import check_report, draw_workbook, refuse_existing, write_new
from nianbao.workbook.marking import marks_of, write_marked
from nianbao.workbook.new_year import begin_year


def blank_workbook(root: Path, agency: str, year: int, sums: bool = False) -> bytes:
    """Return the workbook to fill in: what was handed in, last year's numbers beside.

    One that does not say yet whose it is comes back as it lies there.
    """
    file = find_workbook(root, agency, year)
    if file and missing_titles(root, agency, year):
        if sums:
            raise UsageError(_SAY_WHO)
        return (root / file).read_bytes()
    return draw_workbook(workbook_content(root, agency, year, sums=sums))


_SAY_WHO = "这种填报表要先在“单位信息”里填好机关全称、类别，才能下载"


def marked_workbook(root: Path, agency: str, year: int) -> bytes:
    """Return the workbook that was handed in, with the findings marked in its cells.

    Raises
    ------
    UsageError
        There is none, or it is of a form that cannot be written.
    """
    checked = check_as_read(root, agency, year)
    marks = marks_of(checked.findings, checked.problems)
    return write_marked(root, agency, year, marks).read_bytes()


def begin_years(root: Path, agencies: Sequence[str], year: int) -> dict[str, str]:
    """Begin a year for many bureaus; return of each why it was not begun, empty where it was."""
    reported = {}
    for agency in agencies:
        if not (root / data_folder(agency, year - 1)).is_dir():
            reported[agency] = "没有上年的数据可以带过去；请在“取填报表”一步下载空表填写"
            continue
        try:
            begin_year(root, agency, year)
            reported[agency] = ""
        except NianbaoError as error:
            reported[agency] = str(error.problems[0].for_others())
    return reported


def add_agency(root: Path, code: str, year: int, name: str, kind: str) -> None:
    """Add an agency to the project and begin a year for it.

    Raises
    ------
    UsageError
        The code is none or is taken, or the name is another agency's; nothing is written then.
    InputError
        The name or the kind is not as it must be.
    """
    check_report(code, year)
    who, params = agency_file(code), params_file(code, year)
    refuse_existing(root, [(root / who).parent, (root / data_folder(code, year)).parent])
    if not name:
        raise UsageError("请写机关全称")
    text = replace_values("", who, {"name": name, "kind": kind})
    agency = parse_agency(Source(who, text.encode()), code)
    for other in _agencies(root):
        if _share_a_name(root, agency, other):
            remedy = f"“{other.name}”已经在用，代码是{other.code}；同名的请写明所属的县、市"
            raise UsageError(Problem("另一个单位已经用了这个名称", value=name, remedy=remedy))
    write_new(root / who, text.encode())
    write_new(root / params, f"agency: {code}\nyear: {year}\n".encode())


def _agencies(root: Path) -> Iterator[Agency]:
    """Yield all agencies of the project that say who they are."""
    for code in list_agencies(root):
        with suppress(NianbaoError):
            yield read_agency(root, code)


def _share_a_name(root: Path, one: Agency, other: Agency) -> bool:
    """Return whether one of two agencies could not report beside the other."""
    pairs = ((one, other), (other, one))
    return any(any(taken_names(root, own, (Peer(peer, {}),))) for own, peer in pairs)

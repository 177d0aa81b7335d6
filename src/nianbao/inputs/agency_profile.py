"""Who reports, and the parameters of the report: from params/, from the workbook, or both."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from nianbao.errors import InputError, Problem, attempt, raise_problems
from nianbao.files.grids import Grid
from nianbao.files.sources import Source, read_source
from nianbao.files.yaml_file import MAX_YAML_BYTES
from nianbao.inputs.agency_sheet import (
    card_agency,
    card_params,
    missing_card,
    newest_card,
    read_card,
)
from nianbao.inputs.params import Agency, ReportParams, parse_agency, parse_params
from nianbao.inputs.project import agency_file, params_file

T = TypeVar("T")


@dataclass(frozen=True)
class Described:
    """An agency, the parameters of its report, and the files of params/ that say so."""

    agency: Agency
    params: ReportParams
    sources: tuple[Source, ...]


def describe(root: Path, agency: str, year: int, sheet: Grid | None) -> Described:
    """Read who reports.

    Parameters
    ----------
    root
        The project folder.
    agency, year
        Which report.
    sheet
        The sheet 基本信息 of the year's workbook, or None.

    Raises
    ------
    InputError
        With every problem of the two files and of the sheet, contradictions among them.
    """
    problems: list[Problem] = []
    sources: list[Source] = []

    def parsed(file: str, parse: Callable[..., T], *args: object) -> T | None:
        if not (root / file).is_file():
            return None
        source = attempt(problems, read_source, root, file, MAX_YAML_BYTES)
        if source is None:
            return None
        sources.append(source)
        return attempt(problems, parse, source, *args)

    who = parsed(agency_file(agency), parse_agency, agency)
    params = parsed(params_file(agency, year), parse_params, agency, year)
    # What a faulty file would have said is not asked of the workbook.
    raise_problems(InputError, problems)
    card = None if sheet is None else attempt(problems, read_card, sheet)
    if card is not None:
        who = attempt(problems, card_agency, card, agency, who)
        params = attempt(problems, card_params, card, agency, year, params)
    elif who is None and not problems:
        who = attempt(problems, agency_of_workbook, root, agency)
    raise_problems(InputError, problems)
    assert who is not None
    return Described(who, params or ReportParams(agency=agency, year=year), tuple(sources))


def agency_of_workbook(root: Path, code: str) -> Agency:
    """The agency as the newest of its workbooks describes it.

    Raises
    ------
    InputError
        No workbook of it does, or it cannot be read.
    """
    card = newest_card(root, code)
    if card is None:
        raise InputError(missing_card(root, code))
    return card_agency(card, code, None)

"""The years before last year: of each only what figures are counted from.

Last year is held against this year by the checks, so what is wrong in its files stops a report.
Older years are only drawn: one that cannot be read is told and left out, and stops nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import TypeVar

from nianbao.errors import InputError, Problem, raise_problems
from nianbao.inputs.bundle import Inputs
from nianbao.inputs.children import Tree, attach
from nianbao.inputs.folder import open_folder
from nianbao.inputs.ledgers import read_disclosures, read_figures
from nianbao.inputs.matrices import (
    empty_decisions,
    read_decisions,
    read_requests_table,
    read_reviews,
)
from nianbao.inputs.params import Agency, ReportParams
from nianbao.inputs.project import FIRST_YEAR, data_folder
from nianbao.inputs.request_ledger import read_ledger
from nianbao.statutory import format_for

T = TypeVar("T")
TABLES = frozenset({"disclosures", "decisions", "requests", "requests_table", "reviews", "figures"})
"""What figures are counted from."""


def earlier_years(root: Path, codes: tuple[str, ...], year: int) -> tuple[int, ...]:
    """The years before last year for which one of these agencies has a data folder, oldest first.

    Examples
    --------
    >>> earlier_years(Path("."), ("yiyuan-sfj",), 2025)  # doctest: +SKIP
    (2023,)
    """
    return tuple(
        each
        for each in range(FIRST_YEAR, year - 1)
        if any((root / data_folder(code, each)).is_dir() for code in codes)
    )


def with_history(root: Path, inputs: Inputs, tree: Tree | None) -> Inputs:
    """The inputs of a report with the figures of the years before last year.

    Parameters
    ----------
    root
        The project folder.
    inputs
        Of the report.
    tree
        The units below its agency, or None.

    Returns
    -------
    Inputs
        ``earlier`` has every older year that can be read, ``unread`` the others.
    """
    code = inputs.agency.code
    codes = (code, *tree.codes(code)) if tree else (code,)
    earlier: list[Inputs] = []
    unread: dict[int, tuple[Problem, ...]] = {}
    for each in earlier_years(root, codes, inputs.params.year):
        try:
            found = _area(root, inputs.agency, each, tree)
        except InputError as error:
            unread[each] = error.problems
        else:
            earlier += [found] if found else []
    return replace(inputs, earlier=tuple(earlier), unread=MappingProxyType(unread))


def _area(root: Path, card: Agency, year: int, tree: Tree | None) -> Inputs | None:
    """A year of an agency and of all the units below it."""
    own = _figures(root, card, year)
    if tree is None:
        return own
    below = [tree.cards[code] for code in tree.below.get(card.code, ())]
    return attach(card, year, own, [(unit, _area(root, unit, year, tree)) for unit in below])


def _figures(root: Path, card: Agency, year: int) -> Inputs | None:
    """What one agency's figures of a year are counted from; None where it handed in none."""
    if not (root / data_folder(card.code, year)).is_dir():
        return None
    folder, format_ = open_folder(root, card.code, year, TABLES), format_for(year)
    problems = list(folder.problems)
    if not folder.grids and not problems:
        return None

    def table(name: str, read: Callable[..., T], *args: object) -> T | None:
        try:
            return read(folder.grids[name], *args) if name in folder.grids else None
        except InputError as error:
            problems.extend(error.problems)
            return None

    ledger = table("requests", read_ledger, year, format_)
    found = Inputs(
        agency=card,
        params=ReportParams(agency=card.code, year=year),
        disclosures=table("disclosures", read_disclosures, year),
        decisions=table("decisions", read_decisions, format_) or empty_decisions(format_),
        requests=ledger.counts if ledger else None,
        requests_table=table("requests_table", read_requests_table, format_),
        reviews=table("reviews", read_reviews, format_),
        figures=table("figures", read_figures) or {},
        narrative={},
        files={source.file: source.sha256 for source in folder.sources},
    )
    raise_problems(InputError, problems)
    return found

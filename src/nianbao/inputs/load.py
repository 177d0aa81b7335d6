"""Read everything that a report is made from, and report every problem at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import TypeVar

from nianbao.errors import InputError, Problem, attempt, raise_problems
from nianbao.inputs.agency_profile import load_profile
from nianbao.inputs.bundle import Acknowledgement, Inputs, SectionText
from nianbao.inputs.children import Tree, attach, read_tree, with_children
from nianbao.inputs.folder import open_folder
from nianbao.inputs.ledgers import (
    read_acknowledged,
    read_disclosures,
    read_edited_numbers,
    read_figures,
)
from nianbao.inputs.matrices import (
    empty_decisions,
    read_decisions,
    read_requests_table,
    read_reviews,
)
from nianbao.inputs.narrative import read_narrative, read_texts
from nianbao.inputs.params import Agency, ReportParams
from nianbao.inputs.project import (
    EDITED_NUMBERS,
    FIRST_YEAR,
    PROFILE,
    TEXTS,
    data_folder,
    list_agencies,
    list_reports,
    require_report,
)
from nianbao.inputs.request_ledger import read_ledger
from nianbao.inputs.values import Reading
from nianbao.statutory import Format, format_for

__all__ = ["list_agencies", "list_reports", "load_inputs", "load_this_year", "load_year"]

K = TypeVar("K")
T = TypeVar("T")
TABLES = frozenset({"disclosures", "decisions", "requests", "requests_table", "reviews", "figures"})
"""What figures are counted from."""


def load_inputs(root: Path, agency: str, year: int) -> Inputs:
    """Read what a bureau handed in for a year, and for the year before.

    Returns
    -------
    Inputs
        ``previous`` is last year's, without its own ``previous``, when data/<agency>/<year-1>
        exists; last year's parameter file may be missing. A government's has ``children``.
        ``earlier`` has the figures of older years.

    Raises
    ------
    UsageError
        There is no such agency or year; those that exist are named.
    InputError
        With every problem of every file, of both years; those of older years stop nothing.

    Examples
    --------
    >>> inputs = load_inputs(Path("."), "yiyuan-sfj", 2024)  # doctest: +SKIP
    >>> sorted(inputs.files)[0]  # doctest: +SKIP
    'data/yiyuan-sfj/2024/decisions.csv'
    """
    require_report(root, agency, year)
    own = _read_years(root, agency, year)
    tree = read_tree(root, own.agency)
    inputs = with_children(own, tree, partial(load_year, root)) if tree else own
    return with_history(root, inputs, tree)


def load_this_year(root: Path, agency: str, year: int) -> Inputs:
    """Read this year's data alone, a government's with its units': what the tables are made of.

    Raises
    ------
    UsageError, InputError
        See `load_inputs`.
    """
    require_report(root, agency, year)

    def read(code: str, of: int) -> Inputs | None:
        has = _has_data(root, code, of)
        return _read_year(root, code, of, format_for(of), None) if has else None

    own = _read_year(root, agency, year, format_for(year), None)
    tree = read_tree(root, own.agency)
    return with_children(own, tree, read) if tree else own


def load_year(root: Path, agency: str, year: int) -> Inputs | None:
    """Return a year of one agency; None without a data folder.

    Its parameter file may be missing.

    Raises
    ------
    InputError
        See `load_inputs`.
    """
    return _read_years(root, agency, year) if _has_data(root, agency, year) else None


def _has_data(root: Path, agency: str, year: int) -> bool:
    return year >= FIRST_YEAR and (root / data_folder(agency, year)).is_dir()


def _read_years(root: Path, agency: str, year: int) -> Inputs:
    """Return a year and the year before it, of one agency alone."""
    years = [year]
    if _has_data(root, agency, year - 1):
        years.insert(0, year - 1)
    problems: list[Problem] = []
    inputs: Inputs | None = None
    for each in years:
        try:
            inputs = _read_year(root, agency, each, format_for(each), inputs)
        except InputError as error:
            problems.extend(error.problems)
    # The agency's own file is read for both years and its problems are reported once.
    raise_problems(InputError, dict.fromkeys(problems))
    assert inputs is not None
    return inputs


def _read_year(
    root: Path, agency: str, year: int, format_: Format, previous: Inputs | None
) -> Inputs:
    """Return one year's inputs; raises every problem of the year."""
    folder = open_folder(root, agency, year)
    problems = list(folder.problems)
    sources = {source.file: source for source in folder.sources}

    readings = list(folder.readings)

    def table(name: str, read: Callable[..., T], *args: object, **reported: object) -> T | None:
        grid = folder.grids.get(name)
        return None if grid is None else attempt(problems, read, grid, *args, **reported)

    profile = attempt(problems, load_profile, root, agency, year, folder.grids.get(PROFILE))
    sources |= {source.file: source for source in (profile.sources if profile else ())}
    readings += profile.readings if profile else ()
    disclosures = table("disclosures", read_disclosures, year, readings=readings)
    decisions = table("decisions", read_decisions, format_, readings=readings)
    ledger = table("requests", read_ledger, year, format_, readings=readings)
    requests_table = table("requests_table", read_requests_table, format_, readings=readings)
    reviews = table("reviews", read_reviews, format_, readings=readings)
    figures = table("figures", read_figures, readings=readings)
    acknowledged = table("acknowledged", read_acknowledged) or {}
    if folder.older_reasons is not None:
        older = attempt(problems, read_acknowledged, folder.older_reasons) or {}
        readings += _outdated(older, acknowledged)
        acknowledged = {**older, **acknowledged}
    edited_numbers = table(EDITED_NUMBERS, read_edited_numbers)
    texts = table(TEXTS, read_texts, format_)
    narrative = attempt(problems, read_narrative, folder.narrative) if folder.narrative else {}
    raise_problems(InputError, problems)
    assert profile is not None
    return Inputs(
        agency=profile.agency,
        params=profile.params,
        disclosures=disclosures,
        decisions=_frozen(decisions or empty_decisions(format_)),
        requests=ledger.counts if ledger else None,
        cases=ledger.cases if ledger else None,
        case_columns=ledger.columns if ledger else frozenset(),
        requests_table=None if requests_table is None else _frozen(requests_table),
        reviews=None if reviews is None else _frozen(reviews),
        figures=_frozen(figures or {}),
        # What was pulled back into narrative.md is newer than the workbook's text.
        narrative=_frozen({**(texts or {}), **(narrative or {})}),
        edited_numbers=edited_numbers or (),
        overruled=_frozen(_overruled(texts or {}, narrative or {})),
        files=_frozen({file: sources[file].sha256 for file in sorted(sources)}),
        previous=previous,
        acknowledged=_frozen(acknowledged),
        readings=tuple(readings),
    )


def _outdated(
    older: Mapping[str, Acknowledgement], newer: Mapping[str, Acknowledgement]
) -> Iterator[Reading]:
    """Yield the workbook's reasons that acknowledged.csv gives in other words."""
    for key, reason in older.items():
        if key in newer and newer[key].reason.split() != reason.reason.split():
            yield Reading("reason", reason.place, reason.reason, newer[key].reason)


def _overruled(
    texts: Mapping[str, SectionText], narrative: Mapping[str, SectionText]
) -> dict[str, SectionText]:
    """Return the workbook's texts that narrative.md has in other words, not only in other lines."""
    return {
        key: sheet
        for key, sheet in texts.items()
        if key in narrative and sheet.text.split() != narrative[key].text.split()
    }


def _frozen(mapping: Mapping[K, T]) -> Mapping[K, T]:
    return MappingProxyType(dict(mapping))


def earlier_years(root: Path, codes: tuple[str, ...], year: int) -> tuple[int, ...]:
    """Return the years before last year with data of these agencies, the oldest first.

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
    """Return the inputs of a report with the figures of the years before last year.

    Parameters
    ----------
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


def _area(root: Path, profile: Agency, year: int, tree: Tree | None) -> Inputs | None:
    """Return a year of an agency and of all the units below it."""
    own = _figures(root, profile, year)
    if tree is None:
        return own
    below = [tree.profiles[code] for code in tree.below.get(profile.code, ())]
    return attach(profile, year, own, [(unit, _area(root, unit, year, tree)) for unit in below])


def _figures(root: Path, profile: Agency, year: int) -> Inputs | None:
    """Return what one agency's figures of a year are counted from; None where it handed in none."""
    if not (root / data_folder(profile.code, year)).is_dir():
        return None
    folder, format_ = open_folder(root, profile.code, year, TABLES), format_for(year)
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
        agency=profile,
        params=ReportParams(agency=profile.code, year=year),
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

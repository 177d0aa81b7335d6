"""Read everything that a report is made from, and report every problem at once."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import product
from pathlib import Path
from types import MappingProxyType
from typing import TypeVar

from nianbao.errors import InputError, Problem, attempt, raise_problems
from nianbao.inputs.agency_profile import load_profile
from nianbao.inputs.bundle import Acknowledgement, CellKey, Inputs, SectionText
from nianbao.inputs.children import Profiles, Tree, attach, read_tree, with_children
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
    unread_cell,
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
from nianbao.inputs.request_ledger import Ledger, read_ledger
from nianbao.inputs.values import Cell, Reading
from nianbao.statutory import Format, format_for

__all__ = ["list_agencies", "list_reports", "load_inputs", "load_this_year", "load_year"]

K = TypeVar("K")
T = TypeVar("T")
TABLES = frozenset({"disclosures", "decisions", "requests", "requests_table", "reviews", "figures"})
"""What figures are counted from."""


def load_inputs(root: Path, agency: str, year: int, profiles: Profiles | None = None) -> Inputs:
    """Read what a bureau handed in for a year, and for the year before.

    ``profiles`` are those of the project, where they were read already: many reports share them.

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
    inputs, problems = load_readable(root, agency, year, profiles)
    raise_problems(InputError, problems)
    return inputs


def load_readable(
    root: Path, agency: str, year: int, profiles: Profiles | None = None
) -> tuple[Inputs, tuple[Problem, ...]]:
    """Read what can be read, so that it can be checked while the rest is put right.

    Returns
    -------
    inputs, problems
        What cannot be read is UNREAD in the tables, see `Inputs.waiting`; nothing else is put in
        its place. No report is made from inputs with problems.

    Raises
    ------
    UsageError
        See `load_inputs`.
    InputError
        Nothing can be checked: it is not known who reports; or it is a government, whose sums
        wait until everything of every unit can be read.

    Examples
    --------
    >>> inputs, problems = load_readable(Path("."), "yiyuan-sfj", 2024)  # doctest: +SKIP
    >>> problems, inputs.waiting  # doctest: +SKIP
    ((), mappingproxy({}))
    """
    require_report(root, agency, year)
    problems: list[Problem] = []
    own = _read_years(root, agency, year, problems)

    def read(code: str, of: int) -> Inputs | None:
        return _read_years(root, code, of, problems) if _has_data(root, code, of) else None

    alone = len(problems)
    tree = attempt(problems, read_tree, root, own.agency, profiles)
    inputs = attempt(problems, with_children, own, tree, read) if tree else own
    if inputs is None or (problems and (tree or len(problems) > alone)):
        raise InputError(*dict.fromkeys(problems))
    # The agency's own file is read for both years and its problems are reported once.
    return with_history(root, inputs, tree), tuple(dict.fromkeys(problems))


def load_this_year(root: Path, agency: str, year: int, profiles: Profiles | None = None) -> Inputs:
    """Read this year's data alone, a government's with its units': what the tables are made of.

    Raises
    ------
    UsageError, InputError
        See `load_inputs`.
    """
    require_report(root, agency, year)

    def read(code: str, of: int) -> Inputs | None:
        return _alone(root, code, of) if _has_data(root, code, of) else None

    own = _alone(root, agency, year)
    tree = read_tree(root, own.agency, profiles)
    return with_children(own, tree, read) if tree else own


def _alone(root: Path, agency: str, year: int) -> Inputs:
    """Return a year of one agency without the year before; raises what cannot be read of it."""
    problems: list[Problem] = []
    inputs = _read_year(root, agency, year, format_for(year), None, problems)
    if inputs is None or problems:
        raise InputError(*problems)
    return inputs


def load_year(root: Path, agency: str, year: int) -> Inputs | None:
    """Return a year of one agency; None without a data folder.

    Its parameter file may be missing.

    Raises
    ------
    InputError
        See `load_inputs`.
    """
    if not _has_data(root, agency, year):
        return None
    problems: list[Problem] = []
    inputs = _read_years(root, agency, year, problems)
    raise_problems(InputError, dict.fromkeys(problems))
    return inputs


def _has_data(root: Path, agency: str, year: int) -> bool:
    return year >= FIRST_YEAR and (root / data_folder(agency, year)).is_dir()


def _read_years(root: Path, agency: str, year: int, problems: list[Problem]) -> Inputs:
    """Return a year and the year before it, of one agency alone.

    Raises
    ------
    InputError
        It is not known who reports in one of them; with all that ``problems`` would take.
    """
    years = [year]
    if _has_data(root, agency, year - 1):
        years.insert(0, year - 1)
    inputs: Inputs | None = None
    found: list[Problem] = []
    read = []
    for each in years:
        inputs = _read_year(root, agency, each, format_for(each), inputs, found)
        read.append(inputs)
    if inputs is None or None in read:
        raise InputError(*dict.fromkeys(found))
    problems += found
    return inputs


def _read_year(
    root: Path,
    agency: str,
    year: int,
    format_: Format,
    previous: Inputs | None,
    problems: list[Problem],
) -> Inputs | None:
    """Return one year's inputs, None where it is not known who reports.

    ``problems`` takes what cannot be read.
    """
    folder = open_folder(root, agency, year)
    problems += folder.problems
    waiting: dict[str, tuple[Problem, ...]] = dict.fromkeys(sorted(folder.unread()), ())
    sources = {source.file: source for source in folder.sources}

    readings = list(folder.readings)

    def table(name: str, read: Callable[..., T], *args: object, **reported: object) -> T | None:
        grid, before = folder.grids.get(name), len(problems)
        found = None if grid is None else attempt(problems, read, grid, *args, **reported)
        if len(problems) > before:
            waiting[name] = tuple(problems[before:])
        return found

    before = len(problems)
    card = folder.grids.get(PROFILE)
    profile = attempt(problems, load_profile, root, agency, year, card, problems)
    waiting |= {PROFILE: tuple(problems[before:])} if len(problems) > before else {}
    sources |= {source.file: source for source in (profile.sources if profile else ())}
    readings += profile.readings if profile else ()
    told: dict[str, object] = {"readings": readings, "unread": problems}
    disclosures = table("disclosures", read_disclosures, year, **told)
    decisions = table("decisions", read_decisions, format_, **told)
    ledger = table("requests", read_ledger, year, format_, readings=readings)
    requests_table = table("requests_table", read_requests_table, format_, **told)
    reviews = table("reviews", read_reviews, format_, **told)
    figures = table("figures", read_figures, readings=readings)
    acknowledged = table("acknowledged", read_acknowledged) or {}
    if folder.older_reasons is not None:
        older = attempt(problems, read_acknowledged, folder.older_reasons) or {}
        readings += _outdated(older, acknowledged)
        acknowledged = {**older, **acknowledged}
    edited_numbers = table(EDITED_NUMBERS, read_edited_numbers)
    texts = table(TEXTS, read_texts, format_)
    narrative = attempt(problems, read_narrative, folder.narrative) if folder.narrative else {}
    waiting |= {TEXTS: ()} if narrative is None else {}
    if profile is None:
        return None
    decisions, requests_table, reviews = _with_unread(
        decisions, ledger, requests_table, reviews, waiting.keys(), format_
    )
    return Inputs(
        agency=profile.agency,
        params=profile.params,
        disclosures=disclosures,
        decisions=_frozen(decisions),
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
        waiting=_frozen(waiting),
    )


def _with_unread(
    decisions: dict[CellKey, Cell] | None,
    ledger: Ledger | None,
    requests_table: dict[CellKey, Cell] | None,
    reviews: dict[CellKey, Cell] | None,
    waiting: Collection[str],
    format_: Format,
) -> tuple[dict[CellKey, Cell], dict[CellKey, Cell] | None, dict[CellKey, Cell] | None]:
    """Return tables 2 to 4; where a file cannot be read, nothing of its table is known."""
    if decisions is None:
        unread = "decisions" in waiting
        places = format_.decision_cells
        decisions = _nothing_known(places) if unread else empty_decisions(format_)
    if ledger is None and ("requests" in waiting or requests_table is None):
        # Table 3 is counted from the ledger, if there is one, whatever the matrix says.
        unread = not {"requests", "requests_table"}.isdisjoint(waiting)
        rows = (row.key for row in format_.request_rows if row.key != "total")
        requests_table = _nothing_known(product(rows, format_.applicants)) if unread else None
    if reviews is None and "reviews" in waiting:
        results = format_.review_columns[:-1]
        reviews = _nothing_known(product((g.key for g in format_.review_groups), results))
    return decisions, requests_table, reviews


def _nothing_known(keys: Iterable[CellKey]) -> dict[CellKey, Cell]:
    """Return the cells of a table of which it is not known what it says."""
    return {key: unread_cell() for key in keys}


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

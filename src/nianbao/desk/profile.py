"""The form of who reports and by which day: each value is written where it lives.

What the workbook's sheet 基本信息 says is changed in its cell, what params/ says in its line, and
what both say in both, for they may not differ. Apart because it is one form and its two homes.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from types import MappingProxyType

from nianbao.edits.homes import refuse_open
from nianbao.errors import NianbaoError
from nianbao.files.excel_cells import write_cells
from nianbao.files.grids import Grid
from nianbao.files.sources import Source, read_source
from nianbao.files.words import column_letter, day_words
from nianbao.files.writing import write_bytes_safely
from nianbao.files.yaml_file import MAX_YAML_BYTES, Value, read_mapping, replace_values
from nianbao.finished.folder import report_folder, texts_lock
from nianbao.inputs.agency_profile import (
    agency_of_workbook,
    find_card_cells,
    load_profile,
    profile_agency,
    profile_params,
    profile_text,
    read_agency,
    read_profile,
)
from nianbao.inputs.folder import open_folder
from nianbao.inputs.notices import list_notices, notice_label, read_notice
from nianbao.inputs.params import KINDS, Agency, Model, ReportParams, parse_agency, parse_params
from nianbao.inputs.project import PROFILE, agency_file, is_writable, list_agencies, params_file
from nianbao.inputs.values import parse_date

LOCK_SECONDS = 10.0
CLERK = (
    *("report_date", "signature", "address", "postcode", "phone", "email", "website"),
    *("short_name", "sources"),
)
"""Fields that a clerk fills in, in the order of the form."""
OF_THE_OFFICE = (
    *("name", "kind", "parent", "deadline", "notice", "enforcement", "can_make_rules"),
    *("allow_missing", "until"),
)
"""Fields that the county's office fills in: what a bureau is, and what is asked of it."""
_SWITCHES = frozenset({"signature", "sources", "enforcement", "can_make_rules", "allow_missing"})
_OF_THREE = frozenset({"enforcement"})
"""Switches that may be left open; the others are off until somebody turns them on."""
_IF_LEFT_OPEN = re.compile("；不写(?:为否|则不核对)$")
"""What a file may leave out; the form has a choice for it."""
_STAND_INS: Mapping[str, str] = MappingProxyType({"name": "还没有填的机关", "kind": "department"})
_REQUIRED = frozenset(_STAND_INS)


@dataclass(frozen=True, slots=True)
class FormField:
    """A field of the form."""

    key: str
    title: str
    hint: str
    """Its name in params/, and how clerks call it."""
    value: str
    """As it stands: text, `true`, `false` or empty."""
    choices: tuple[tuple[str, str], ...] = ()
    """Value and word of each, where one is chosen; none where it is typed."""
    is_office: bool = False
    """Only the office may change it."""


def read_fields(root: Path, agency: str, year: int) -> tuple[FormField, ...]:
    """Read the form as it stands.

    Raises
    ------
    InputError
        The files that say who reports cannot be read.
    """
    sheet = _sheet(root, agency, year)
    missing = _missing(root, agency, sheet)
    profile = load_profile(root, agency, year, _complete(sheet, missing))
    values = profile.agency.model_dump() | profile.params.model_dump()
    values |= dict.fromkeys(missing)
    return tuple(
        FormField(
            key,
            *_words(key),
            _value(values[key], key),
            _choices(root, agency, key),
            key in OF_THE_OFFICE,
        )
        for key in (*CLERK, *OF_THE_OFFICE)
    )


def missing_titles(root: Path, agency: str, year: int) -> tuple[str, ...]:
    """Return what a workbook as it was begun does not say yet of the agency, by title.

    Raises
    ------
    InputError
        The sheet 基本信息 cannot be read.
    """
    missing = _missing(root, agency, _sheet(root, agency, year))
    return tuple(_words(key)[0] for key in OF_THE_OFFICE if key in missing)


def _missing(root: Path, agency: str, sheet: Grid | None) -> frozenset[str]:
    """Return what is needed and blank, where the sheet alone says who the agency is."""
    if sheet is None or (root / agency_file(agency)).is_file():
        return frozenset()
    return _REQUIRED - read_profile(sheet).values.keys()


def _complete(sheet: Grid | None, missing: frozenset[str]) -> Grid | None:
    """Return the sheet with stand-ins for what is missing, so that the rest of it can be read."""
    if sheet is None or not missing:
        return sheet
    cells = find_card_cells(sheet)
    for key in missing & cells.keys():
        sheet = _with_cell(sheet, cells[key], _STAND_INS[key])
    return sheet


def _with_cell(grid: Grid, cell: tuple[int, int], text: str) -> Grid:
    column, row = cell
    rows = [list(each) for each in grid.rows]
    rows[row - 1] += [""] * (column + 1 - len(rows[row - 1]))
    rows[row - 1][column] = text
    return replace(grid, rows=rows)


def _sheet(root: Path, agency: str, year: int) -> Grid | None:
    return open_folder(root, agency, year, {PROFILE}).grids.get(PROFILE)


def _words(key: str) -> tuple[str, str]:
    field = Agency.model_fields.get(key) or ReportParams.model_fields[key]
    return field.title or key, _IF_LEFT_OPEN.sub("", field.description or "")


def _value(value: object, key: str) -> str:
    if value is None and key in _SWITCHES - _OF_THREE:
        value = False
    if isinstance(value, bool):
        return str(value).lower()
    return "" if value is None else str(value)


def _choices(root: Path, agency: str, key: str) -> tuple[tuple[str, str], ...]:
    if key in _SWITCHES:
        open_ = (("", "不核对"),) if key in _OF_THREE else ()
        return (*open_, ("true", "是"), ("false", "否"))
    match key:
        case "kind":
            return tuple(KINDS.items())
        case "parent":
            return (("", "没有"), *((code, code) for code in list_agencies(root) if code != agency))
        case "notice":
            return (
                ("", "按上级机关的"),
                *((name, notice_label(root, name)) for name in list_notices(root)),
            )
    return ()


def write_fields(
    root: Path, agency: str, year: int, given: Mapping[str, str], keys: Sequence[str]
) -> tuple[str, ...]:
    """Write what was changed in the form; return the titles of what was changed.

    ``keys`` are the fields that the visitor may change.

    Raises
    ------
    InputError
        A value is not as it must be; nothing is written then.
    UsageError
        The workbook is open in a spreadsheet program.
    """
    with texts_lock(report_folder(root, agency, year), LOCK_SECONDS):
        known = {field.key: field for field in read_fields(root, agency, year)}
        changed = {
            key: given[key].strip() for key in keys
            if key in given and given[key].strip() != known[key].value
            and (given[key].strip() or key not in _REQUIRED)
        }  # fmt: skip
        if changed:
            _write(root, agency, year, changed)
    return tuple(known[key].title for key in changed)


def _write(root: Path, agency: str, year: int, changed: Mapping[str, str]) -> None:
    grid = _sheet(root, agency, year)
    missing = _missing(root, agency, grid)
    known = load_profile(root, agency, year, _complete(grid, missing))
    profile = _Written(grid, missing)
    who = profile.take(Agency, _source(root, agency_file(agency)), changed, known.agency)
    params = profile.take(
        ReportParams, _source(root, params_file(agency, year)), changed, known.params
    )
    # Everything is read as it will be before anything is written.
    agency_there = parse_agency(who, agency) if who.data else None
    params_there = parse_params(params, agency, year) if params.data else None
    if profile.grid is not None:
        read = read_profile(profile.grid)
        profile_agency(read, agency, agency_there)
        profile_params(read, agency, year, params_there)
    if grid is not None and profile.texts:
        assert grid.sheet is not None
        refuse_open(root / grid.file, grid.file)
        source = read_source(root, grid.file)
        write_bytes_safely(root / grid.file, write_cells(source, grid.sheet, profile.texts))
    for source in (who, params):
        if source.data != _source(root, source.file).data:
            write_bytes_safely(root / source.file, source.data)


class _Written:
    """The sheet 基本信息 as it will be, and the cells to write."""

    def __init__(self, grid: Grid | None, missing: frozenset[str]) -> None:
        writable = grid is not None and is_writable(grid.file)
        self.grid, self.texts = grid, dict[str, str]()
        self._unknown = {"code", *missing}
        self._cells = find_card_cells(grid) if grid and writable else {}
        self._said = read_profile(grid).values if grid else {}

    def take(
        self, model: type[Model], source: Source, changed: Mapping[str, str], known: Model
    ) -> Source:
        """Put a model's values where they live; return the file of params/ as it will be."""
        in_file = {key for key, _ in read_mapping(source.text(), source.file)[0]}
        values: dict[str, Value] = {}
        for key, value in changed.items():
            if key not in model.model_fields:
                continue
            new = key not in in_file and not source.data
            in_sheet = key in self._cells and (key in self._said or new)
            if in_sheet:
                self._put(key, _for_cell(key, value))
            if key in in_file or not in_sheet:
                values[key] = _for_file(key, value)
        if values and not source.data:  # a new file says all that is known
            values = {**known.model_dump(exclude_none=True, exclude=self._unknown), **values}
        if not values:
            return source
        text = replace_values(source.text(), source.file, values)
        return Source(source.file, source.form().encode(text))

    def _put(self, key: str, text: str) -> None:
        assert self.grid is not None
        column, row = self._cells[key]
        self.grid = _with_cell(self.grid, (column, row), text)
        self.texts[f"{column_letter(column)}{row}"] = text


def _source(root: Path, file: str) -> Source:
    return read_source(root, file, MAX_YAML_BYTES) if (root / file).is_file() else Source(file, b"")


def _for_file(key: str, value: str) -> Value:
    if not value:
        return None
    if key in _SWITCHES:
        return value == "true"
    return int(value) if key == "until" and value.isdecimal() else value


def _for_cell(key: str, value: str) -> str:
    if key in _SWITCHES and value:
        return profile_text(value == "true")
    if key == "report_date" and (day := parse_date(value)):
        return day_words(day)
    return KINDS.get(value, value)


@dataclass(frozen=True, slots=True)
class Contact:
    """Who reports, as its profile says."""

    name: str
    kind: str
    parent: str
    deadline: date


def legal_deadline(kind: str, year: int, given: str | None) -> date:
    """Return the day by which a report of a year is to be published.

    31 January, for a government's own 31 March (条例第四十九条); earlier where its profile says so.

    Examples
    --------
    >>> legal_deadline("department", 2024, None)
    datetime.date(2025, 1, 31)
    """
    if given:
        month, day = (int(part) for part in given.split("-"))
        return date(year + 1, month, day)
    return date(year + 1, 3, 31) if kind == "government" else date(year + 1, 1, 31)


def read_contact(root: Path, agency: str, year: int) -> Contact:
    """Return who reports; where the agency cannot be read, the code."""
    try:
        found = read_agency(root, agency)
    except NianbaoError:
        try:
            found = agency_of_workbook(root, agency)
        except NianbaoError:
            return Contact(agency, "", "", legal_deadline("", year, None))
    return _contact(root, found, year)


def _contact(root: Path, agency: Agency, year: int) -> Contact:
    """Return who reports, and by when: the earlier of its own day and that of its notice."""
    try:
        notice = read_notice(root, agency)
    except NianbaoError:
        notice = None  # what is wrong with it is reported with the report
    days = [day for day in (agency.deadline, notice and notice.publish) if day]
    deadline = legal_deadline(agency.kind, year, min(days, default=None))
    return Contact(agency.name, agency.kind, agency.parent or "", deadline)

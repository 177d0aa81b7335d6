"""Read who reports and with which parameters: from params/, the workbook's sheet 基本信息, or both.

With the sheet a workbook is all that a bureau hands in. Where params/ describes the agency too,
both must say the same; a workbook of another bureau or another year is refused by name.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from nianbao.errors import InputError, Place, Problem, attempt, printable, raise_problems
from nianbao.files.excel import read_workbook
from nianbao.files.grids import Grid
from nianbao.files.sources import Source, is_there, read_source
from nianbao.files.words import ask_for, normalise_word
from nianbao.files.yaml_file import MAX_YAML_BYTES, read_mapping
from nianbao.inputs.heads import Column, Form
from nianbao.inputs.params import (
    CONTACTS,
    KINDS,
    Agency,
    Model,
    ReportParams,
    field_kinds,
    half_width,
    kind_of,
    parse_agency,
    parse_params,
    wide_contacts,
)
from nianbao.inputs.project import (
    PROFILE,
    WORKBOOK_SHEETS,
    SheetsOf,
    agency_file,
    find_workbook,
    params_file,
    require_agency,
    workbook_file,
    workbook_years,
)
from nianbao.inputs.records import read_records, refuse
from nianbao.inputs.values import Reading, parse_date

ITEM, CONTENT = "项目", "内容"
AGENCY_CODE, REPORT_YEAR = "机关代码", "报告年度"
YES_NO: Mapping[str, bool] = MappingProxyType({"是": True, "否": False, "有": True, "无": False})
_FORM = Form(
    (Column(ITEM), Column(CONTENT), Column("填写说明", required=False, use="private")),
    counts=False,
)
_LIST = "、,，;；\n"


@dataclass(frozen=True)
class ProfileSheet:
    """The sheet as read."""

    values: Mapping[str, str]
    """Text by field of `Agency` or `ReportParams`; blank ones left out. The code is `agency` and
    the year `year`.
    """
    places: Mapping[str, Place]
    """Where each of them stands."""
    sheet: Place
    """The sheet."""


def profile_fields() -> dict[str, str]:
    """Return the title of each item of the sheet, in its order, and the field that it fills."""
    agency = {f.title or key: key for key, f in Agency.model_fields.items() if key != "code"}
    params = {f.title or key: key for key, f in ReportParams.model_fields.items()}
    return {AGENCY_CODE: "agency", REPORT_YEAR: "year", **agency, **params}


def read_profile(grid: Grid) -> ProfileSheet:
    """Read the sheet 基本信息: 项目, 内容.

    Raises
    ------
    InputError
        With a problem for each item that is unknown or repeated.
    """
    records = read_records(grid, _FORM)
    fields = {normalise_word(title): key for title, key in profile_fields().items()}
    values: dict[str, str] = {}
    places: dict[str, Place] = {}
    problems = []
    for i, (item, text) in enumerate(
        zip(records.columns[ITEM], records.columns[CONTENT], strict=True)
    ):
        key = fields.get(normalise_word(item))
        if key is None:
            remedy = ask_for(item, profile_fields())
            problems.append(records.problem(i, ITEM, "没有这个项目", remedy=remedy))
        elif key in places:
            problems.append(records.problem(i, ITEM, "项目重复", "每个项目一行"))
        else:
            places[key] = records.place(i, CONTENT)
            if text:
                values[key] = text
    refuse(records, problems)
    return ProfileSheet(MappingProxyType(values), MappingProxyType(places), grid.place())


def find_card_cells(grid: Grid) -> dict[str, tuple[int, int]]:
    """Find the cell of each field of the sheet 基本信息: its column from 0, its row from 1."""
    records = read_records(grid, _FORM)
    fields = {normalise_word(title): key for title, key in profile_fields().items()}
    column = records.header.columns[CONTENT]
    items = zip(records.columns[ITEM], records.rows, strict=True)
    found = {fields.get(normalise_word(item)): (column, row) for item, row in items}
    return {key: cell for key, cell in found.items() if key is not None}


def profile_text(value: object) -> str:
    """Write a value as the sheet has it.

    Examples
    --------
    >>> profile_text(True), profile_text("department"), profile_text(None)
    ('是', '部门', '')
    """
    return "" if value is None else _word(value)


def profile_agency(
    profile: ProfileSheet, code: str, known: Agency | None, unread: list[Problem] | None = None
) -> Agency:
    """Return the agency that a sheet describes.

    ``known`` is the agency as params/ describes it, which the sheet may complete and not deny. For
    ``unread`` see `load_profile`.

    Raises
    ------
    InputError
        The workbook is another agency's, it contradicts ``known``, or a value is wrong.
    """
    name = profile.values.get("name")
    _refuse_other(profile, "agency", code, f"机关{f'（{name}）' if name else ''}")
    given = _values(profile, Agency)
    if known is None:
        return _made(Agency, {"code": code, **given}, profile, unread)
    problems = {}
    for key, value in given.items():
        said = getattr(known, key)
        # A switch that the file does not mention has its default.
        value = half_width(value) if key in CONTACTS and isinstance(value, str) else value
        left_open = said is None or said == () or key not in known.model_fields_set
        if not left_open and said != value:
            message = f"“{Agency.model_fields[key].title}”与params/{code}/agency.yaml不一致"
            problems[key] = Problem(
                message, profile.places[key], _word(value), _word(said), "请改成一致"
            )
    given = _uncontradicted(given, problems, unread)
    unset = {k: v for k, v in given.items() if getattr(known, k) in (None, ())}
    unset |= {k: v for k, v in given.items() if k not in known.model_fields_set}
    reported = {key: getattr(known, key) for key in known.model_fields_set}
    return _made(Agency, reported | unset, profile, unread)


def profile_params(
    profile: ProfileSheet,
    code: str,
    year: int,
    known: ReportParams | None,
    unread: list[Problem] | None = None,
) -> ReportParams:
    """Return the parameters of a report of a sheet; see `profile_agency`.

    Raises
    ------
    InputError
        The workbook is of another year, it contradicts ``known``, or a value is wrong.
    """
    _refuse_other(profile, "year", str(year), "年度")
    given = {k: v for k, v in _values(profile, ReportParams).items() if k not in ("agency", "year")}
    reported = {} if known is None else known.model_dump(exclude_none=True)
    problems = {
        key: Problem(
            f"“{ReportParams.model_fields[key].title}”与params/{code}/{year}.yaml不一致",
            profile.places[key], _word(value), _word(reported[key]), "请改成一致",
        )
        for key, value in given.items()
        if key in reported and reported[key] != value
    }  # fmt: skip
    given = _uncontradicted(given, problems, unread)
    values = {"agency": code, "year": year, **reported, **given}
    return _made(ReportParams, values, profile, unread)


def _uncontradicted(
    given: Mapping[str, object], problems: Mapping[str, Problem], unread: list[Problem] | None
) -> dict[str, object]:
    """Return what a sheet says without what params/ says otherwise; see `load_profile`."""
    if unread is None or not problems.keys() <= _BY_THEMSELVES:
        raise_problems(InputError, problems.values())
    elif problems:
        unread += problems.values()
    return {key: value for key, value in given.items() if key not in problems}


def newest_profile(root: Path, code: str) -> ProfileSheet | None:
    """Return the profile in the newest of an agency's workbooks that has one."""
    for year in reversed(workbook_years(root, code)):
        source = read_source(root, find_workbook(root, code, year) or "")
        for sheet in read_workbook(source, SheetsOf((PROFILE,))):
            if not sheet.is_empty:
                return read_profile(sheet)
    return None


def missing_profile(root: Path, code: str) -> Problem:
    """Return what to report when neither params/ nor a workbook says who the agency is."""
    year = max(workbook_years(root, code), default=0)
    file = find_workbook(root, code, year) or workbook_file(code, year)
    title = WORKBOOK_SHEETS[PROFILE].title
    remedy = f"请建立params/{code}/agency.yaml，或在工作簿里加上“{title}”表"
    return Problem("不知道这是哪个机关", Place(file), remedy=remedy)


def _refuse_other(profile: ProfileSheet, key: str, expected: str, what: str) -> None:
    """Refuse a workbook that belongs in another folder."""
    value = profile.values.get(key, expected)
    if normalise_word(value).casefold() != normalise_word(expected).casefold():
        place = profile.places[key]
        remedy = "请核对是否放错了文件夹"
        raise InputError(Problem(f"这是另一{what}的工作簿", place, value, expected, remedy))


def _values(profile: ProfileSheet, model: type[BaseModel]) -> dict[str, object]:
    """Return the profile's texts as the fields of a model want them.

    What does not fit stays text.
    """
    return {
        key: _plain(key, text, model)
        for key, text in profile.values.items()
        if key in model.model_fields
    }


def _plain(key: str, text: str, model: type[BaseModel]) -> object:
    kinds = field_kinds(model, key)
    if key == "kind":
        return kind_of(text)
    if tuple in kinds:
        for mark in _LIST:
            text = text.replace(mark, "\n")
        return tuple(part.strip() for part in text.split("\n") if part.strip())
    if bool in kinds:
        return YES_NO.get(text, text)
    if int in kinds:
        return int(text) if text.isascii() and text.isdigit() else text
    day = parse_date(text)
    if key == "report_date" and day:
        return day.isoformat()
    if key == "deadline":
        day = day or parse_date(f"2024年{text}") or parse_date(f"2024-{text}")
        return day.strftime("%m-%d") if day else text
    return text


def _word(value: object) -> str:
    """Return a value as the sheet has it."""
    if isinstance(value, bool):
        return "是" if value else "否"
    return "、".join(value) if isinstance(value, tuple) else KINDS.get(str(value), str(value))


_BY_THEMSELVES = frozenset({*CONTACTS, "deadline", "report_date"})
"""Items that no table is checked against."""


def _made(
    model: type[Model],
    values: Mapping[str, object],
    profile: ProfileSheet,
    unread: list[Problem] | None,
) -> Model:
    try:
        return model.model_validate(dict(values))
    except ValidationError as error:
        problems, wrong = [], {str(detail["loc"][0]) for detail in error.errors()}
        for detail in error.errors():
            key = str(detail["loc"][0])
            field = model.model_fields[key]
            place = profile.places.get(key, profile.sheet)
            if profile.values.get(key) is None:
                remedy = _choices(key) or field.description
                problems.append(Problem(f"缺少“{field.title}”", place, remedy=remedy))
            else:
                cause = detail.get("ctx", {}).get("error")
                expected = str(cause) if cause else _choices(key) or field.description
                message = f"“{field.title}”不合要求"
                problems.append(Problem(message, place, profile.values[key], expected))
        if unread is None or not wrong <= _BY_THEMSELVES:
            raise InputError(*problems) from None
        unread += problems
        return model.model_validate({k: v for k, v in values.items() if k not in wrong})


def _choices(key: str) -> str | None:
    return "、".join(KINDS.values()) + "之一" if key == "kind" else None


T = TypeVar("T")


@dataclass(frozen=True)
class Profile:
    """An agency with the parameters of its report.

    With them come the files of params/ that say so, and the readings that depart from the writing.
    """

    agency: Agency
    params: ReportParams
    sources: tuple[Source, ...]
    readings: tuple[Reading, ...] = ()


def load_profile(
    root: Path, agency: str, year: int, sheet: Grid | None, unread: list[Problem] | None = None
) -> Profile:
    """Read who reports.

    Parameters
    ----------
    sheet
        The sheet 基本信息 of the year's workbook, or None.
    unread
        Takes the items of the sheet that cannot be read, in place of an error, where nothing is
        checked against them but themselves; they are left out then.

    Raises
    ------
    InputError
        With every problem of the two files and of the sheet, contradictions among them.
    """
    problems: list[Problem] = []
    sources: list[Source] = []

    def parsed(file: str, parse: Callable[..., T], *args: object) -> T | None:
        if not is_there(root, file):
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
    profile = None if sheet is None else attempt(problems, read_profile, sheet)
    if profile is not None:
        who = attempt(problems, profile_agency, profile, agency, who, unread)
        params = attempt(problems, profile_params, profile, agency, year, params, unread)
    elif who is None and not problems:
        who = attempt(problems, agency_of_workbook, root, agency)
    raise_problems(InputError, problems)
    assert who is not None
    own = [source for source in sources if source.file == agency_file(agency)]
    readings = [*_wide_in_profile(profile), *(r for source in own for r in wide_contacts(source))]
    given = params or ReportParams(agency=agency, year=year)
    return Profile(who, given, tuple(sources), tuple(readings))


def _wide_in_profile(profile: ProfileSheet | None) -> Iterator[Reading]:
    """Yield the contacts of a sheet that are written full-width and printed half-width."""
    for key in CONTACTS if profile else ():
        if profile and (text := profile.values.get(key)) and half_width(text) != text:
            yield Reading("width", profile.places[key], text, half_width(text))


def read_agency(root: Path, code: str) -> Agency:
    """Read params/<code>/agency.yaml; without it, the newest of the agency's workbooks.

    Raises
    ------
    UsageError
        There is no such agency; those that exist are named.
    InputError
        With every problem of the file and its line.
    """
    require_agency(root, code)
    if not is_there(root, agency_file(code)):
        return agency_of_workbook(root, code)
    return parse_agency(read_source(root, agency_file(code), MAX_YAML_BYTES), code)


def agency_of_workbook(root: Path, code: str) -> Agency:
    """Return the agency as the newest of its workbooks describes it.

    Raises
    ------
    InputError
        No workbook of it does, or it cannot be read.
    """
    profile = newest_profile(root, code)
    if profile is None:
        raise InputError(missing_profile(root, code))
    return profile_agency(profile, code, None)


def agency_name(root: Path, code: str) -> str | None:
    """Return the name in agency.yaml, else in the newest workbook, whatever else is wrong there.

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
    if not is_there(root, file):
        profile = newest_profile(root, code)
        return profile.values.get("name") if profile else None
    entries, _ = read_mapping(read_source(root, file, MAX_YAML_BYTES).text(), file)
    value = next((entry.value for key, entry in entries if key == "name"), None)
    return value if isinstance(value, str) else None

"""The project folder: agencies, reports, and the files a bureau may hand in."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePath
from types import MappingProxyType

from nianbao.errors import InputError, Place, Problem, UsageError, printable
from nianbao.files.sources import Source, is_there, read_source
from nianbao.files.words import listing, nearest, normalise_word, unfit
from nianbao.files.yaml_file import MAX_YAML_BYTES
from nianbao.statutory.model import all_formats

FIRST_YEAR, LAST_YEAR = 2019, 2100
"""Years of reports: the regulation as revised in 2019 begins them."""

CODE_RULE = "小写字母、数字、“-”“_”，以字母或数字开头，不超过64个字符"
_CODE = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")
# Windows cannot make a folder of these names.
_RESERVED = frozenset({"con", "prn", "aux", "nul"}) | {
    f"{port}{number}" for port in ("com", "lpt") for number in range(10)
}
_NO_FILE_NAME = re.compile(r'[<>:"/\\|?*{}\x00-\x1f]')
"""What Windows does not take, and what cannot stand in ``![说明](文件名)``."""


@dataclass(frozen=True, slots=True)
class InputTable:
    """A table that a bureau may hand in."""

    name: str
    """File name without its extension, or a sheet of workbook.xlsx."""
    title: str
    """The sheet's Chinese name, which serves as well."""
    other_titles: tuple[str, ...] = ()
    """Further names of the sheet."""

    @property
    def titles(self) -> tuple[str, ...]:
        """Every name of the sheet."""
        return (self.name, self.title, *self.other_titles)


INPUT_TABLES: Mapping[str, InputTable] = MappingProxyType(
    {
        table.name: table
        for table in (
            InputTable("disclosures", "主动公开"),
            InputTable("decisions", "表二", ("法定公开（表二）",)),
            InputTable("requests", "申请台账"),
            InputTable("requests_table", "表三", ("申请汇总（表三）",)),
            InputTable("reviews", "复议诉讼", ("复议诉讼（表四）",)),
            InputTable("figures", "其他数据", ("其他数字",)),
            InputTable("acknowledged", "核对说明"),
        )
    }
)
"""The tables, in the order of the report."""

PROFILE, TEXTS = "card", "texts"
WORKBOOK_SHEETS: Mapping[str, InputTable] = MappingProxyType(
    {
        table.name: table
        for table in (
            InputTable(PROFILE, "基本信息"),
            InputTable(TEXTS, "正文"),
        )
    }
)
"""Sheets that only workbook.xlsx has: with them it is all that a bureau has to hand in."""

TABLE_SUFFIXES = (".csv", ".xlsx")
"""The forms in which a table is written; any of `SPREADSHEETS` is read besides."""
SPREADSHEETS = frozenset({".xlsx", ".xlsm", ".xls", ".ods", ".et", ".ett"})
_WRITABLE = (".xlsx", ".xlsm")
WORKBOOK = "workbook.xlsx"
"""What a new workbook is called; one is known by its sheets, whatever its name."""
NARRATIVE = "narrative.md"
EDITED_NUMBERS = "edited_numbers"
"""The list of numbers that edits of finished files changed, which ``nianbao pull`` keeps."""
NOTES = frozenset({"README.md"})
"""Files for people, which nothing is read from."""
IMAGE_SUFFIXES = frozenset({".png", ".jpg", ".jpeg", ".gif", ".svg", ".webp"})
INPUT_FILES: tuple[str, ...] = (
    *(name + suffix for name in INPUT_TABLES for suffix in TABLE_SUFFIXES),
    WORKBOOK,
    NARRATIVE,
    f"{EDITED_NUMBERS}.csv",
    *sorted(NOTES),
)
"""Every file name that has a meaning in data/<agency>/<year>/; images may have any name."""

WORKBOOK_NOTES = frozenset({"说明", "填写说明", "填表说明", "勾稽", "核对结果"})
"""Sheets for people, which nothing is read from."""


_LEFT_BEHIND = re.compile(
    r"[~.].*|.*~|thumbs\.db|desktop\.ini|icon\r?|(?=.*[a-f])[0-9a-f]{8}"
    r"|.*\.(?:tmp|temp|bak|xlk|wbk|asd|lock|swp|part|crdownload|lnk|url)",
    re.IGNORECASE,
)
"""Eight signs without a suffix are what Excel calls a file while it saves; links lead elsewhere."""


def is_left_behind(path: PurePath) -> bool:
    """Return whether a file was left behind by a system or an office program.

    Examples
    --------
    >>> [is_left_behind(PurePath(name)) for name in ("~$a.xlsx", "__MACOSX/a.csv", "a.csv")]
    [True, True, False]
    """
    return any(_LEFT_BEHIND.fullmatch(part) or part == "__MACOSX" for part in path.parts)


def is_writable(file: str) -> bool:
    """Return whether cells of a workbook of this name can be changed: other forms are only read."""
    return file.lower().endswith(_WRITABLE)


def may_be_workbook(file: str) -> bool:
    """Return whether a file may, by its name, be a workbook.

    That is any spreadsheet but a table's own file.
    """
    if not file.lower().endswith(tuple(SPREADSHEETS)):  # nearly all files
        return False
    path = PurePath(file)
    named = path.stem.lower() in INPUT_TABLES
    return (
        path.suffix.lower() in SPREADSHEETS
        and not named
        and not is_left_behind(PurePath(path.name))
    )


def find_workbooks(root: Path, agency: str, year: int) -> tuple[str, ...]:
    """Return the paths of the workbooks in a bureau's folder of a year, found by their sheets.

    They are relative to the project.

    A workbook has at least one sheet that is called as one of ours.
    """
    folder = root / data_folder(agency, year)
    lying = (f for f in folder.iterdir() if may_be_workbook(f.name)) if folder.is_dir() else ()
    files = sorted(lying, key=lambda f: (f.name.lower() != WORKBOOK, f.name))
    found = (f for f in files if f.is_file() and _is_workbook(root, f))
    return tuple(f.relative_to(root).as_posix() for f in found)


def find_workbook(root: Path, agency: str, year: int) -> str | None:
    """Return the project-relative path of the workbook of a bureau and year, whatever its name."""
    return next(iter(find_workbooks(root, agency, year)), None)


def workbook_among(files: Iterable[str], agency: str, year: int) -> str | None:
    """Return the workbook of a bureau and year among the files that were read."""
    folder = PurePath(data_folder(agency, year))
    return next((f for f in files if PurePath(f).parent == folder and may_be_workbook(f)), None)


def _is_workbook(root: Path, file: Path) -> bool:
    if file.name.lower() == WORKBOOK:
        return True
    from nianbao.files.excel import sheet_names

    try:
        source = read_source(root, file.relative_to(root).as_posix())
        return has_our_sheets(name for name, _ in sheet_names(source))
    except InputError:
        return False


def has_our_sheets(names: Iterable[str]) -> bool:
    """Return whether any of the sheets is called as one of ours."""
    return any(sheet_table(name) for name in names)


def is_agency_code(code: str) -> bool:
    """Return whether a folder may be named by this code on every system.

    Examples
    --------
    >>> is_agency_code("yiyuan-sfj"), is_agency_code("../etc"), is_agency_code("con")
    (True, False, False)
    """
    return bool(_CODE.fullmatch(code)) and code not in _RESERVED


def file_name_fault(name: str) -> str | None:
    """Return why a file of this name cannot be used on every system, or None.

    Examples
    --------
    >>> file_name_fault("图1.png"), file_name_fault("con.png")
    (None, '是Windows保留的名称')
    """
    if name.split(".")[0].strip().lower() in _RESERVED:
        return "是Windows保留的名称"
    if found := _NO_FILE_NAME.search(name):
        return f"有不能用的字符（{printable(found[0])}）"
    if name != name.strip(". ") or len(name) > 100:
        return "以空格或点开头、结尾" if len(name) <= 100 else "太长（最多100个字符）"
    return unfit(name)


def agency_file(agency: str) -> str:
    """Return the project-relative path of an agency's description."""
    return f"params/{agency}/agency.yaml"


def own_cells_file(agency: str, year: int) -> str:
    """Return the notebook with a report's own cells of code, relative to the project."""
    return f"notebooks/{agency}/{year}.ipynb"


def params_file(agency: str, year: int) -> str:
    """Return the project-relative path of a report's parameters."""
    return f"params/{agency}/{year}.yaml"


def data_folder(agency: str, year: int) -> str:
    """Return the project-relative path of what a bureau handed in for a year."""
    return f"data/{agency}/{year}"


def narrative_file(agency: str, year: int) -> str:
    """Return the project-relative path of a bureau's own wording, there or not."""
    return f"{data_folder(agency, year)}/{NARRATIVE}"


def workbook_file(agency: str, year: int) -> str:
    """Return the project-relative path of a new workbook; see `find_workbook` for an old one."""
    return f"{data_folder(agency, year)}/{WORKBOOK}"


_LEAST_NAME, _LEAST_SHORT = 3, 2
"""Letters of the shortest name (审计署) and of the shortest other name (县府)."""


def own_name(text: str, least: int = _LEAST_NAME) -> str:
    """Return a full name, unless the report of any other body is sure to have it in its text.

    Raises
    ------
    ValueError
        What a name must be.
    """
    if len(text) < least:
        raise ValueError(f"机关自己的名称，至少{least}个字")
    if any(text in form.wording for form in all_formats()):
        raise ValueError("机关自己的名称；年报格式的固定文字里就有这几个字")
    return text


def own_short_name(text: str) -> str:
    """Return a short or other name; see `own_name`."""
    return own_name(text, _LEAST_SHORT)


def list_agencies(root: Path) -> tuple[str, ...]:
    """Return the codes of the agencies that the project describes or has a workbook of, sorted."""
    codes = filter(is_agency_code, _names(root / "params"))
    known = {code for code in codes if _describes(_names(root / "params" / code))}
    others = set(filter(is_agency_code, _names(root / "data"))) - known
    known |= {agency for agency in others if workbook_years(root, agency)}
    return tuple(sorted(known))


def _names(folder: Path) -> list[str]:
    """Return what lies in a folder; nothing where there is none. A pattern would take longer."""
    try:
        return [path.name for path in folder.iterdir()]
    except OSError:
        return []


def _describes(names: Collection[str]) -> bool:
    """Return whether a folder of params/ with these files is an agency's.

    One whose agency.yaml is lost is reported with its report, never passed over.
    """
    stems = (name.removesuffix(".yaml") for name in names if name.endswith(".yaml"))
    return "agency.yaml" in names or bool(_years(stem for stem in stems if len(stem) == 4))


def list_reports(root: Path) -> tuple[tuple[str, int], ...]:
    """Return the agency and year of every report with a parameter file or a workbook, sorted."""
    return tuple((a, y) for a in list_agencies(root) for y in list_years(root, a))


def list_years(root: Path, agency: str) -> tuple[int, ...]:
    """Return the years for which the agency has a parameter file or a workbook, sorted."""
    stems = {f.stem for f in (root / "params" / agency).glob("????.yaml")}
    stems |= {str(year) for year in workbook_years(root, agency)}
    return tuple(sorted(_years(stems)))


def workbook_years(root: Path, agency: str) -> tuple[int, ...]:
    """Return the years for which the agency has a workbook, sorted."""
    years = _years(f.name for f in (root / "data" / agency).glob("????"))
    return tuple(sorted(year for year in years if find_workbook(root, agency, year)))


def _years(words: Iterable[str]) -> set[int]:
    years = {int(word) for word in words if word.isascii() and word.isdigit()}
    return {year for year in years if FIRST_YEAR <= year <= LAST_YEAR}


def is_agency(root: Path, agency: str) -> bool:
    """Tell whether `list_agencies` has it, without listing the others."""
    return is_agency_code(agency) and (
        is_there(root, agency_file(agency)) or bool(list_years(root, agency))
    )


def require_agency(root: Path, agency: str) -> None:
    """Refuse an agency that the project does not describe, naming those it does.

    Raises
    ------
    UsageError
        The code breaks the rule, or there is neither a parameter file nor a workbook of the
        agency.
    """
    if not is_agency_code(agency):
        raise UsageError(Problem("机关代码不合规则", value=agency, expected=CODE_RULE))
    if not is_agency(root, agency):
        known = list_agencies(root)
        near = nearest(agency, known)
        remedy = f"最接近的是“{near}”" if near else "请先建好这个文件"
        expected = f"{listing(known)}之一" if known else None
        place = Place(agency_file(agency))
        raise UsageError(Problem("没有这个机关", place, agency, expected, remedy))


def require_report(root: Path, agency: str, year: int) -> None:
    """Refuse a report that has no parameter file, naming the years that have one.

    Raises
    ------
    UsageError
        See `require_agency`; or there is neither params/<agency>/<year>.yaml nor the year's
        workbook.
    """
    require_agency(root, agency)
    if not is_there(root, params_file(agency, year)) and not find_workbook(root, agency, year):
        known = list_years(root, agency)
        expected = f"{listing(map(str, known))}之一" if known else None
        remedy = f"最接近的是{min(known, key=lambda y: abs(y - year))}年" if known else None
        place = Place(params_file(agency, year))
        raise UsageError(Problem("没有这个年度的参数文件", place, str(year), expected, remedy))


def sheet_table(sheet: str) -> str | None:
    """Return the table that a sheet of the workbook holds, by its English or Chinese name.

    Examples
    --------
    >>> sheet_table("表 三"), sheet_table("Sheet1")
    ('requests_table', None)
    """
    tables = (*INPUT_TABLES.values(), *WORKBOOK_SHEETS.values())
    names = {
        normalise_word(title).casefold(): table.name for table in tables for title in table.titles
    }
    return names.get(normalise_word(sheet).casefold())


@dataclass(frozen=True, slots=True)
class SheetsOf:
    """Say by a sheet's name whether it holds one of these tables; survives pickling."""

    tables: Collection[str]

    def __call__(self, sheet: str) -> bool:
        """Return whether the sheet is one of them."""
        return sheet_table(sheet) in self.tables


CONFUSABLES = "params/confusables.yaml"
"""Words that are often written wrongly, and how they are right."""
SENSITIVE = "params/sensitive.yaml"
"""错敏词 of the place; none are shipped."""


def read_word_list(root: Path, file: str) -> Source | None:
    """Return a list of the project, or None when it has none.

    Raises
    ------
    InputError
        The file is too large or cannot be read.
    """
    return read_source(root, file, MAX_YAML_BYTES) if is_there(root, file) else None

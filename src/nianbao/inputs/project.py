"""What a project folder holds: agencies, reports, and the files a bureau may hand in."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from nianbao.errors import Place, Problem, UsageError
from nianbao.inputs.words import fold, listing, nearest

FIRST_YEAR, LAST_YEAR = 2019, 2100
"""Years of reports: the regulation as revised in 2019 begins them."""

CODE_RULE = "小写字母、数字、“-”“_”，以字母或数字开头，不超过64个字符"
_CODE = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")
# Windows cannot make a folder of these names.
_RESERVED = frozenset({"con", "prn", "aux", "nul"}) | {
    f"{port}{number}" for port in ("com", "lpt") for number in range(10)
}


@dataclass(frozen=True, slots=True)
class InputTable:
    """A table that a bureau may hand in.

    Parameters
    ----------
    name
        File name without its extension, or a sheet of workbook.xlsx.
    title
        The sheet's Chinese name, which serves as well.
    gives
        What is made from it.
    """

    name: str
    title: str
    gives: str


INPUT_TABLES: Mapping[str, InputTable] = MappingProxyType(
    {
        table.name: table
        for table in (
            InputTable("disclosures", "主动公开", "按渠道和类别统计的主动公开条数"),
            InputTable("decisions", "表二", "表二：主动公开政府信息情况"),
            InputTable("requests", "申请台账", "表三：由依申请公开台账逐件统计"),
            InputTable("requests_table", "表三", "表三：只有汇总数时直接填报"),
            InputTable("reviews", "复议诉讼", "表四：行政复议、行政诉讼情况"),
            InputTable("figures", "其他数字", "正文需要的其他数字"),
            InputTable("acknowledged", "核对说明", "已核实、不必改正的核对发现和理由"),
        )
    }
)
"""The tables, in the order of the report."""

TABLE_SUFFIXES = (".csv", ".xlsx")
WORKBOOK = "workbook.xlsx"
NARRATIVE = "narrative.md"
NOTES = frozenset({"README.md"})
"""Files for people, which nothing is read from."""
IMAGE_SUFFIXES = frozenset({".png", ".jpg", ".jpeg", ".gif", ".svg", ".webp"})
INPUT_FILES: tuple[str, ...] = (
    *(name + suffix for name in INPUT_TABLES for suffix in TABLE_SUFFIXES),
    WORKBOOK,
    NARRATIVE,
    *sorted(NOTES),
)
"""Every file name that has a meaning in data/<agency>/<year>/; images may have any name."""

WORKBOOK_NOTES = frozenset({"说明", "填写说明", "填表说明"})
"""Sheets for people, which nothing is read from."""


def is_agency_code(code: str) -> bool:
    """Whether a folder may be named by this code on every system.

    Examples
    --------
    >>> is_agency_code("yiyuan-sfj"), is_agency_code("../etc"), is_agency_code("con")
    (True, False, False)
    """
    return bool(_CODE.fullmatch(code)) and code not in _RESERVED


def agency_file(agency: str) -> str:
    """Project-relative path of an agency's description."""
    return f"params/{agency}/agency.yaml"


def params_file(agency: str, year: int) -> str:
    """Project-relative path of a report's parameters."""
    return f"params/{agency}/{year}.yaml"


def data_folder(agency: str, year: int) -> str:
    """Project-relative path of what a bureau handed in for a year."""
    return f"data/{agency}/{year}"


def list_agencies(root: Path) -> tuple[str, ...]:
    """Codes of the agencies that the project describes, sorted.

    Parameters
    ----------
    root
        The project folder, with params/ in it.
    """
    files = (root / "params").glob("*/agency.yaml")
    return tuple(sorted(f.parent.name for f in files if is_agency_code(f.parent.name)))


def list_reports(root: Path) -> tuple[tuple[str, int], ...]:
    """Agency and year of every report that has a parameter file, sorted."""
    return tuple((a, y) for a in list_agencies(root) for y in list_years(root, a))


def list_years(root: Path, agency: str) -> tuple[int, ...]:
    """Years for which the agency has a parameter file, sorted."""
    stems = (f.stem for f in (root / "params" / agency).glob("????.yaml"))
    years = (int(s) for s in stems if s.isascii() and s.isdigit())
    return tuple(sorted(y for y in years if FIRST_YEAR <= y <= LAST_YEAR))


def require_agency(root: Path, agency: str) -> None:
    """Refuse an agency that the project does not describe, naming those it does.

    Raises
    ------
    UsageError
        The code breaks the rule, or params/<agency>/agency.yaml does not exist.
    """
    if not is_agency_code(agency):
        raise UsageError(Problem("机关代码不合规则", value=agency, expected=CODE_RULE))
    if not (root / agency_file(agency)).is_file():
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
        See `require_agency`; or params/<agency>/<year>.yaml does not exist.
    """
    require_agency(root, agency)
    if not (root / params_file(agency, year)).is_file():
        known = list_years(root, agency)
        expected = f"{listing(map(str, known))}之一" if known else None
        remedy = f"最接近的是{min(known, key=lambda y: abs(y - year))}年" if known else None
        place = Place(params_file(agency, year))
        raise UsageError(Problem("没有这个年度的参数文件", place, str(year), expected, remedy))


def sheet_table(sheet: str) -> str | None:
    """The table that a sheet of the workbook holds, by its English or Chinese name.

    Examples
    --------
    >>> sheet_table("表 三"), sheet_table("Sheet1")
    ('requests_table', None)
    """
    names = {fold(t.title): t.name for t in INPUT_TABLES.values()}
    names |= {fold(name): name for name in INPUT_TABLES}
    return names.get(fold(sheet).casefold())

"""Write a bureau's workbook where it belongs, never over a file that is there."""

from __future__ import annotations

from pathlib import Path

from nianbao.errors import Place, Problem, UsageError
from nianbao.inputs.project import (
    CODE_RULE,
    FIRST_YEAR,
    INPUT_FILES,
    LAST_YEAR,
    NOTES,
    data_folder,
    is_agency_code,
    workbook_file,
)
from nianbao.workbook.content import workbook_content
from nianbao.workbook.draw import draw_workbook


def write_workbook(
    root: Path, agency: str, year: int, to: Path | None = None, *, sums: bool = False
) -> Path:
    """Write the workbook of a bureau and year.

    Parameters
    ----------
    root
        The project folder.
    agency, year
        Which bureau and year.
    to
        Where to; data/<agency>/<year>/workbook.xlsx when not said.
    sums
        Table 3 as sums instead of a ledger, where neither was handed in.

    Returns
    -------
    Path
        The file.

    Raises
    ------
    UsageError
        The file is there already, or the folder has data files that would be reported twice.
    InputError
        The data that go into it cannot be read.

    Examples
    --------
    >>> write_workbook(Path("."), "shili-scjgj", 2025)  # doctest: +SKIP
    PosixPath('data/shili-scjgj/2025/workbook.xlsx')
    """
    check_report(agency, year)
    target = to or root / workbook_file(agency, year)
    refuse_existing(root, [target])
    if to is None:
        _refuse_beside(root, agency, year)
    data = draw_workbook(workbook_content(root, agency, year, sums=sums))
    write_new(target, data)
    return target


def check_report(agency: str, year: int) -> None:
    """Refuse a code or a year that no report can have.

    Raises
    ------
    UsageError
        One of them breaks its rule.
    """
    if not is_agency_code(agency):
        raise UsageError(Problem("机关代码不合规则", value=agency, expected=CODE_RULE))
    if not FIRST_YEAR <= year <= LAST_YEAR:
        expected = f"{FIRST_YEAR}至{LAST_YEAR}之间的四位年份"
        raise UsageError(Problem("年度不合要求", value=str(year), expected=expected))


def refuse_existing(root: Path, files: list[Path]) -> None:
    """Refuse to write over what is there; every such file is reported.

    Raises
    ------
    UsageError
        Any of them exists.
    """
    there = [file for file in files if file.exists()]
    if there:
        remedy = "不会覆盖已有的文件；确需重做的，请先移走它"
        raise UsageError(*(Problem("已经有这个文件", Place(shown(root, f)), remedy=remedy)
                           for f in there))  # fmt: skip


def shown(root: Path, file: Path) -> str:
    """Return a path as messages show it: relative to the project where it lies in it."""
    inside = file.is_relative_to(root)
    return file.relative_to(root).as_posix() if inside else file.as_posix()


def write_new(file: Path, data: bytes) -> None:
    """Write a file that must not exist."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("xb") as stream:
        stream.write(data)


def _refuse_beside(root: Path, agency: str, year: int) -> None:
    """Refuse a workbook beside the files that it would repeat."""
    folder = data_folder(agency, year)
    names = (name for name in INPUT_FILES if name not in NOTES)
    there = [name for name in names if (root / folder / name).is_file()]
    if there:
        remedy = "要把这些数据写进工作簿，请用 --to 写明另一个文件"
        raise UsageError(Problem("文件夹里已有数据，再放工作簿就报了两份", Place(folder),
                                 "、".join(there), remedy=remedy))  # fmt: skip

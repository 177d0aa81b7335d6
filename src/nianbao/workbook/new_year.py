"""Begin a year: the files of the new one from those of the last, nothing written over."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from nianbao.errors import Place, Problem, UsageError
from nianbao.inputs.bundle import Inputs
from nianbao.inputs.folder import Folder, open_folder
from nianbao.inputs.heads import NUMBER
from nianbao.inputs.ledgers import TableRows, table_rows
from nianbao.inputs.load import load_year
from nianbao.inputs.project import (
    IMAGE_SUFFIXES,
    INPUT_TABLES,
    data_folder,
    find_workbook,
    narrative_file,
    params_file,
    require_agency,
    workbook_file,
)
from nianbao.statutory import Format, format_for
from nianbao.workbook.content import TITLES, workbook_content
from nianbao.workbook.draw import (
    check_report,
    draw_table,
    draw_workbook,
    refuse_existing,
    shown,
    write_new,
)
from nianbao.workbook.roll_forward import COUNT, SWITCHES, roll_params, roll_table, roll_text


@dataclass(frozen=True)
class Begun:
    """A year that was begun."""

    files: tuple[str, ...]
    """The files written, as messages show them."""
    left: tuple[str, ...]
    """What is left to be done, one line each."""


def begin_year(root: Path, agency: str, year: int) -> Begun:
    """Make the folders of a year from last year's.

    The form is last year's: a workbook after a workbook, a CSV file after a CSV file.

    Raises
    ------
    UsageError
        There is no such agency or no last year, or any of the files is there already; nothing
        is written then.
    InputError
        Last year's files cannot be read.

    Examples
    --------
    >>> begin_year(Path("."), "shili-zrzyj", 2025).files  # doctest: +SKIP
    ('params/shili-zrzyj/2025.yaml', 'data/shili-zrzyj/2025/disclosures.xlsx', …)
    """
    check_report(agency, year)
    require_agency(root, agency)
    last = load_year(root, agency, year - 1)
    if last is None:
        remedy = f"没有上年可以沿用，请用 nianbao workbook {agency} {year} 生成填报表"
        raise UsageError(Problem("没有上年的数据", Place(data_folder(agency, year - 1)),
                                 remedy=remedy))  # fmt: skip
    _refuse_begun(root, agency, year)
    files, left = _files(root, agency, year, last)
    targets = [root / file for file in files]
    for target, data in zip(targets, files.values(), strict=True):
        write_new(target, data)
    return Begun(tuple(shown(root, target) for target in targets), tuple(left))


def _refuse_begun(root: Path, agency: str, year: int) -> None:
    """Refuse a year that has its parameter file or anything at all in its folder."""
    folder = root / data_folder(agency, year)
    there = sorted(path for path in folder.rglob("*") if path.is_file())
    refuse_existing(root, [root / params_file(agency, year), *there])


def _files(root: Path, agency: str, year: int, last: Inputs) -> tuple[dict[str, bytes], list[str]]:
    """Return the content of each file of the new year, and what is left to do."""
    files: dict[str, bytes] = {}
    left: list[str] = []
    folder = open_folder(root, agency, year - 1)
    whole = find_workbook(root, agency, year - 1) is not None
    # Where the workbook alone said how the report is to be, the next one does so too.
    if (root / params_file(agency, year - 1)).is_file() or not whole:
        files[params_file(agency, year)] = _params(agency, year, last).encode()
        left.append(f"{params_file(agency, year)}：{_sign(last, '（report_date）')}")
    else:
        left.append(f"{workbook_file(agency, year)}“基本信息”：{_sign(last)}")
    if whole:
        files[workbook_file(agency, year)] = draw_workbook(workbook_content(root, agency, year))
        left.extend(_left_in_workbook(agency, year, last))
    else:
        files |= _tables(root, agency, year, folder, last, left)
        if folder.narrative is not None:
            file = narrative_file(agency, year)
            files[file] = _narrative(last).encode()
            left.append(f"{file}：{_revise(last)}")
    for source in folder.sources:
        if PurePosixPath(source.file).suffix.lower() in IMAGE_SUFFIXES:
            inside = PurePosixPath(source.file).relative_to(data_folder(agency, year - 1))
            files[f"{data_folder(agency, year)}/{inside}"] = source.data
            left.append(f"{data_folder(agency, year)}/{inside}：上年的图片，请核对是否仍然适用")
    return files, left


def _params(agency: str, year: int, last: Inputs) -> str:
    lines = [f"agency: {agency}", f"year: {year}", "# 成文日期，定稿后填写并去掉行首的“# ”"]
    lines.append(f"# report_date: {year + 1}-01-20")
    kept = roll_params(last.params, year)
    lines += [f"{k}: {str(v).lower()}" for k in SWITCHES if (v := getattr(kept, k)) is not None]
    return "\n".join(lines) + "\n"


def _sign(last: Inputs, key: str = "") -> str:
    """Return the two lines below the report: its date is always new, the name is a habit."""
    habit = {True: "落款沿用上年，印在文末", False: "上年没有印落款", None: "上年没有填落款"}
    return f"定稿后填写成文日期{key}；{habit[last.params.signature]}，请核对"


def _narrative(last: Inputs) -> str:
    parts = (f"## {key}\n\n{roll_text(s.text)}" for key, s in last.narrative.items())
    return "\n\n".join(parts) + "\n"


def _revise(last: Inputs) -> str:
    return f"{len(last.narrative)}个章节是上年的文字，逐一改写，改好后删去“〔待修订…〕”一行"


def _tables(
    root: Path, agency: str, year: int, folder: Folder, last: Inputs, left: list[str]
) -> Mapping[str, bytes]:
    format_ = format_for(last.params.year)
    files: dict[str, bytes] = {}
    content = None
    for name, table in INPUT_TABLES.items():
        grid = folder.grids.get(name)
        if grid is None or name == "acknowledged":
            continue
        rows = roll_table(name, table_rows(name, grid, format_), last, format_)
        file = f"{data_folder(agency, year)}/{PurePosixPath(grid.file).name.lower()}"
        if file.endswith(".csv"):
            files[file] = _csv(rows)
        else:
            content = content or workbook_content(root, agency, year)
            files[file] = draw_table(content, name)
        left.append(f"{file}：{_left_in(name, rows, table.title, format_)}")
    return files


def _csv(table: TableRows) -> bytes:
    """Return a text as UTF-8 with a mark, which Excel needs to read Chinese."""
    stream = io.StringIO(newline="")
    writer = csv.DictWriter(stream, table.heads, lineterminator="\n")
    writer.writeheader()
    writer.writerows(table.rows)
    return stream.getvalue().encode("utf-8-sig")


def _left_in(name: str, rows: TableRows, title: str, format_: Format) -> str:
    """Return what a clerk has still to do in a table."""
    count = len(rows.rows)
    match name:
        case "requests" if rows.has(NUMBER):
            carried = f"上年结转{count}件，补填办理结果和答复日期；" if count else ""
            return f"{carried}登记本年收到的申请"
        case "requests":
            return f"上年结转{count}行，补填办理结果；填写本年新收的件数"
        case "requests_table":
            return "填写本年各行；上年结转已填，请核对"
        case "decisions":
            return f"填写{len(format_.decision_cells)}格，没有的填0"
        case "reviews" if rows.has(COUNT):
            return f"填写{count}行件数，没有的填0；上年尚未审结的看有没有结果"
        case "reviews":
            pending = f"上年尚未审结{count}件，补填结果；" if count else ""
            return f"{pending}登记本年的案件"
        case "disclosures" if not rows.has("条数"):
            return "登记本年公开的信息"
    return f"{title}{count}行，填写本年的数，没有的填0，用不着的删去"


def _left_in_workbook(agency: str, year: int, last: Inputs) -> Iterator[str]:
    file = workbook_file(agency, year)
    yield f"{file}：填写{'、'.join(f'“{t}”' for t in list(TITLES.values())[:2])}等各表，没有的填0"
    if last.narrative:
        yield f"{file}“正文”：{_revise(last)}"
    yield f"{file}“勾稽”：没有红色和黄色以后再报"

"""Say what a file is by what stands in it, whatever its name: for those who take in files.

A table is known by its heads, a workbook by its sheets, a report by the statutory headings,
the bureau's own wording by its section ids. The name only decides where the content does not.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Literal

from nianbao.errors import InputError
from nianbao.files.excel import read_workbook
from nianbao.files.grids import Grid, read_csv
from nianbao.files.sources import Source, read_source
from nianbao.files.words import listing, normalise_word
from nianbao.inputs.agency_profile import profile_fields
from nianbao.inputs.heads import find_heads
from nianbao.inputs.ledgers import table_forms
from nianbao.inputs.narrative import read_narrative
from nianbao.inputs.project import (
    EDITED_NUMBERS,
    IMAGE_SUFFIXES,
    INPUT_TABLES,
    LAST_YEAR,
    NARRATIVE,
    NOTES,
    PROFILE,
    SPREADSHEETS,
    TEXTS,
    WORKBOOK_NOTES,
    is_left_behind,
    sheet_table,
)
from nianbao.inputs.published.identity import kind_of_agency, parse_title
from nianbao.inputs.published.report import read_published
from nianbao.inputs.values import parse_date
from nianbao.statutory import Format, format_for

FileKind = Literal["workbook", "table", "report", "narrative", "picture", "left behind", "unknown"]

REPORTS = frozenset({".pdf", ".docx", ".html", ".htm"})
_TEXTS = frozenset({".md", ".txt"})
_YEAR = re.compile(r"(?<!\d)(20[1-9]\d)(?!\d)")
_SECTION = re.compile(r"^## [a-z][\w.]*[ \t]*$", re.MULTILINE)
_NAME = re.compile(
    r"[一-鿿]{2,25}?(?:人民政府|街道办事处|委员会|管理局|局|厅|办公室|委办|镇|乡|街道|中心)"
)
_NOTHING = Grid("", None, ())
_OTHER_KINDS = {
    ".ipynb": "是笔记本，要运行程序，不接收；正文写在 narrative.md 或填报表的“正文”里",
    ".doc": "是旧格式的Word文件，请另存为.docx",
    ".wps": "是WPS文字文件，请另存为.docx",
    **dict.fromkeys((".zip", ".rar", ".7z"), "是压缩包，请解压后把里面的文件一起交"),
}


@dataclass(frozen=True, slots=True)
class Recognised:
    """The kind of a file."""

    kind: FileKind
    """`table`: one of the tables of a year; `workbook`: the fill-in workbook; `report`: a published
    report or one of our own; `left behind`: a program's temporary file.
    """
    table: str | None = None
    """The table, of a file that holds one; else None."""
    year: int | None = None
    """The year that it says it is of, None where it does not."""
    agency: str | None = None
    """The agency's name as the file has it, a guess from a title or the file's name where no sheet
    基本信息 says so.
    """
    reason: str = ""
    """By what it was recognised, or why not and what to do, as a sentence for a clerk."""
    tables: tuple[str, ...] = ()
    """All tables that it holds."""
    code: str | None = None
    """The 机关代码 of a workbook."""
    misnamed: bool = False
    """The tables are there, but their sheets are called otherwise: nothing would read them."""


def recognise_file(file: Path | bytes, name: str = "", format_: Format | None = None) -> Recognised:
    """Say what a file is, by its content first.

    ``name`` is what its sender called it, by default the path's own; ``format_`` is the latest by
    default.

    Returns
    -------
    Recognised
        Never an error: what cannot be read is ``unknown``, with the reason.

    Examples
    --------
    >>> found = recognise_file("名称,数值\\n培训次数,2\\n".encode("gb18030"), "新建文本.csv")
    >>> found.kind, found.table, found.reason
    ('table', 'figures', '表头“名称、数值”是“其他数据”的表头')
    """
    path = PurePath((name or (file.name if isinstance(file, Path) else "")).replace("\\", "/"))
    if is_left_behind(PurePath(path.name)) or path.name in NOTES:
        return Recognised("left behind", reason="是程序留下的临时文件，或给人看的说明，不读取")
    try:
        source = (
            Source(path.name, file)
            if isinstance(file, bytes)
            else Source(path.name, read_source(file.parent, file.name).data)
        )
        return _recognise(source, path, format_ or format_for(LAST_YEAR))
    except InputError as error:
        reported = dict.fromkeys(
            "，".join(filter(None, (p.message, p.remedy))) for p in error.problems[:3]
        )
        return Recognised("unknown", reason="；".join(reported))


def _recognise(source: Source, path: PurePath, format_: Format) -> Recognised:
    suffix = path.suffix.lower()
    if not source.data.strip():
        return Recognised("unknown", reason="是空文件，请重新保存后再交")
    if suffix in IMAGE_SUFFIXES:
        return Recognised("picture", reason="是图片")
    if suffix in _OTHER_KINDS:
        return Recognised("unknown", reason=_OTHER_KINDS[suffix])
    if suffix in SPREADSHEETS:
        return _spreadsheet(source, path, format_)
    if suffix in REPORTS:
        return _report(source, format_)
    if suffix == ".csv" or (suffix == ".txt" and not _SECTION.search(source.text())):
        return _csv(source, path, format_)
    if suffix in _TEXTS:
        return _narrative(source, path)
    return Recognised("unknown", reason="不认识这种文件；可交Excel、CSV、PDF、Word、网页和图片")


def _narrative(source: Source, path: PurePath) -> Recognised:
    sections = tuple(dict.fromkeys(_SECTION.findall(source.text())))
    if not sections and path.name.lower() != NARRATIVE:
        return Recognised("unknown", reason="是文字，没有“## 章节编号”的标题，不知道放在哪一节")
    texts = read_narrative(source)
    years = _years(text.text for text in texts.values())
    return Recognised("narrative", year=years, reason=f"有{len(texts)}节正文（“## 章节编号”）")


def _report(source: Source, format_: Format) -> Recognised:
    identity = read_published(source, format_).identity
    said = f"标题是“{identity.title}”" if identity.title else "有年度报告的标题和表格"
    return Recognised("report", year=identity.year, agency=identity.name, reason=said)


def _csv(source: Source, path: PurePath, format_: Format) -> Recognised:
    if path.stem.lower() == EDITED_NUMBERS:
        return Recognised(
            "table", EDITED_NUMBERS, reason="是修改过的数字的清单", tables=(EDITED_NUMBERS,)
        )
    return _one_table(read_csv(source), path, format_)


def _spreadsheet(source: Source, path: PurePath, format_: Format) -> Recognised:
    sheets = [s for s in read_workbook(source) if not s.is_empty]
    own = {sheet_table(s.sheet or ""): s for s in sheets}
    tables = tuple(filter(None, own))
    if PROFILE in own or TEXTS in own or len(tables) > 1:
        return _workbook(own, tables, path)
    others = [
        s
        for s in sheets
        if sheet_table(s.sheet or "") or normalise_word(s.sheet or "") not in WORKBOOK_NOTES
    ]
    found = [_one_table(sheet, path, format_) for sheet in others]
    known = [each for each in found if each.kind == "table"]
    named = tuple(dict.fromkeys(each.table for each in known if each.table))
    if len(known) == 1:
        return known[0]
    if len(named) > 1:
        titles = listing(f"“{INPUT_TABLES[t].title}”" for t in named)
        reason = f"有{titles}等几张表的表头，请把各工作表按表名命名"
        first = known[0]
        return Recognised("workbook", None, first.year, first.agency, reason, named, misnamed=True)
    sheets_ = listing(f"“{s.sheet}”" for s in others[:5]) or "没有内容"
    reason = f"没有认出是哪张表（工作表：{sheets_}）；{_how()}"
    if len(known) > 1:
        reason = f"有{len(known)}张工作表都是“{INPUT_TABLES[named[0]].title}”，不知道用哪张"
    return Recognised("unknown", reason=reason)


def _workbook(own: dict[str | None, Grid], tables: tuple[str, ...], path: PurePath) -> Recognised:
    # What is wrong with a sheet is for those who read it: here a fault hides nothing else.
    rows = own[PROFILE].rows if PROFILE in own else ()
    said = {normalise_word(r[0]): r[1].strip() for r in rows if len(r) > 1}
    fields = {field: said.get(normalise_word(title)) for title, field in profile_fields().items()}
    texts = (" ".join(row) for row in own.get(TEXTS, _NOTHING).rows)
    year = _years([fields["year"] or ""]) or _years(texts) or _years([path.stem])
    sheets = listing(f"“{grid.sheet}”" for table, grid in own.items() if table)
    reason = f"是填报表，有工作表{sheets}"
    name = fields["name"] or _agency(path.stem)
    return Recognised("workbook", None, year, name, reason, tables, fields["agency"])


def _one_table(grid: Grid, path: PurePath, format_: Format) -> Recognised:
    """Return a table by its heads; by its name where heads are missing or fit several."""
    by_name = next(filter(None, map(sheet_table, (grid.sheet or "", path.stem))), None)
    by_heads = _fitting(grid, format_)
    titles = [text for row in grid.rows[:3] for text in row if len(text) > 4]
    year = _years([path.stem, *titles]) or _years_of_days(grid)
    agency = next(filter(None, map(_agency, (*titles, path.stem))), None)
    table = by_name if by_name in by_heads or not by_heads else next(iter(by_heads))
    if table is None or table not in INPUT_TABLES:
        heads = listing(f"“{cell}”" for cell in next(iter(grid.rows), ())[:6] if cell.strip())
        return Recognised("unknown", reason=f"没有认出是哪张表（第一行：{heads}）；{_how()}")
    title = INPUT_TABLES[table].title
    if table in by_heads:
        reason = f"表头“{by_heads[table]}”是“{title}”的表头"
        if by_name and by_name != table and by_name in INPUT_TABLES:
            reason += f"，不是名称所说的“{INPUT_TABLES[by_name].title}”"
    else:
        reason = f"名称是“{title}”，表头认不出，请核对"
    return Recognised("table", table, year, agency, reason, (table,))


def _fitting(grid: Grid, format_: Format) -> dict[str, str]:
    """Return the tables whose heads a grid has, best first, with the heads that say so."""
    found: dict[str, tuple[int, int, str]] = {}
    for table in INPUT_TABLES:
        for form in table_forms(table, format_):
            index = find_heads(grid, form)
            heads = () if index is None else grid.rows[index]
            row = [form.known.get(normalise_word(cell)) for cell in heads]
            named = [head for head in form.required if head in row]
            missing = len(form.required) - len(named)
            # Without one of many heads a table is still plainly that table.
            if len(named) > 1 and missing <= len(form.required) // 4:
                fit = missing, -len(set(row) - {None}), "、".join(named)
                found[table] = min(found.get(table, fit), fit)
    return {table: found[table][2] for table in sorted(found, key=lambda t: found[t])}


def _years(texts: Iterable[str]) -> int | None:
    """Return the year that texts name most often."""
    named = Counter(int(year) for text in texts for year in _YEAR.findall(text))
    return named.most_common(1)[0][0] if named else None


def _years_of_days(grid: Grid) -> int | None:
    """Return the year of most of a ledger's days."""
    cells = (cell for row in grid.rows[1:200] for cell in row if cell.startswith("20"))
    years = Counter(day.year for cell in cells if (day := parse_date(cell)))
    return years.most_common(1)[0][0] if years else None


def _agency(text: str) -> str | None:
    """Return the name of an agency at the beginning of a title or a file's name."""
    plain = re.sub(r"[\s_\-—（(]+", " ", re.sub(r"20\d\d年?度?", " ", text)).strip()
    if (parsed := parse_title(text)) and parsed[0]:
        return parsed[0]
    match = _NAME.match(plain)
    return match[0] if match and kind_of_agency(match[0]) != "other" else None


def _how() -> str:
    titles = "、".join(table.title for table in INPUT_TABLES.values())
    return f"请把文件或工作表命名为：{titles}"

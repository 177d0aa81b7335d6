"""The ledger of what was published, the list of other figures, the findings looked into; and the
rows of any table as the clerk wrote them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import pandas as pd

from nianbao.errors import InputError, Problem
from nianbao.files.grids import Grid
from nianbao.files.words import normalise_word
from nianbao.inputs.bundle import Acknowledgement, EditedNumber, NamedFigure
from nianbao.inputs.counted import one_name, report_omitted, take_sums
from nianbao.inputs.heads import Column, Form, find_header
from nianbao.inputs.matrices import REVIEW_CASES, REVIEW_SUMS, decisions_form, requests_table_form
from nianbao.inputs.records import Records, read_records, refuse
from nianbao.inputs.request_ledger import CASE_FORM, GROUP_FORM
from nianbao.inputs.values import (
    COUNT_UNITS,
    DATE_EXPECTED,
    NA_MARKS,
    Cell,
    Reading,
    State,
    cell_readings,
    computed,
    misread,
    parse_count,
    read_cell,
    read_day,
)
from nianbao.statutory import Format

FIGURE_UNITS = COUNT_UNITS | {"元", "万元", "天", "个工作日", "小时", "分"}
"""Units that may be typed behind a figure instead of beside it."""
UNSORTED = "未分类"
"""Category of what was handed in without one."""

_UNREAD = ("链接", "网址", "文号", "发布人", "发布单位", "来源")
_WORDS = ("标题", "单位", "说明")
_BOTH = (Column("渠道", use="words", fills=True), Column("类别", use="words", fills=True))
COUNT_FORM = Form(
    (
        *_BOTH,
        Column("条数"),
        *(Column(name, required=False, use="words") for name in ("单位", "说明")),
        Column("上年条数", required=False, use="private"),
    )
)
ITEM_FORM = Form(
    (
        *_BOTH,
        Column("日期", aliases=("发布日期", "公开日期"), fills=True),
        *(Column(name, required=False, use="words") for name in _WORDS),
        *(Column(name, required=False, use="private") for name in _UNREAD),
    )
)
FIGURE_FORM = Form(
    (
        Column("名称", use="words"),
        Column("数值"),
        *(Column(name, required=False, use="words") for name in ("单位", "说明")),
        Column("上年数值", required=False, use="private"),
    )
)


MONTHS = "各月"
"""Column of the disclosures, there only where each item has its date."""


def read_disclosures(
    grid: Grid,
    year: int,
    readings: list[Reading] | None = None,
    unread: list[Problem] | None = None,
) -> pd.DataFrame:
    """Read what was published, as counts or one row an item.

    Parameters
    ----------
    grid
        渠道, 类别, 条数; or 渠道, 类别, 日期 and 标题, one row an item, of which those of the
        year are counted.
    year
        Year of the report.
    readings
        Takes what was read otherwise than it stands there or was not counted.
    unread
        Takes the counts that cannot be read, in place of an error, where nothing else is wrong;
        they are UNREAD then.

    Returns
    -------
    DataFrame
        渠道, 类别, 条数 (object column of `Cell`), as handed in, or one row for each channel
        and category in the order of their first item. A category that is blank is 未分类; of
        several writings of one name the commonest stands for all. Where each item has its date,
        `MONTHS` too: the counts of the twelve months.

    Raises
    ------
    InputError
        With a problem for each row without a channel, each number or date that cannot be read.
    """
    records = read_records(grid, ITEM_FORM, COUNT_FORM)
    items = records.header.form is ITEM_FORM
    records, sums = take_sums(records, ("渠道", "类别"), () if items else ("条数",))
    reported: list[Reading] = [*records.readings, *sums]
    if items:
        frame = _read_items(records, year, reported)
    else:
        frame = _read_counts(records, reported, unread)
    if readings is not None:
        readings += reported
    return frame


def _read_counts(
    records: Records, reported: list[Reading], unread: list[Problem] | None
) -> pd.DataFrame:
    texts = records.columns["条数"]
    cells = [read_cell(text, records.place(i, "条数")) for i, text in enumerate(texts)]
    wrong = {
        i: records.problem(i, "条数", "条数不能识别", "不小于0的整数")
        for i, cell in enumerate(cells)
        if cell.state is State.TEXT or (cell.is_number and parse_count(str(cell.number)) is None)
    }
    nameless = list(_nameless(records))
    others = (p for p in (*records.problems, *nameless) if not p.place or p.place.column != "条数")
    refuse(records, [*nameless, *wrong.values()], None if any(others) else unread)
    for i in wrong:
        cells[i] = Cell(State.UNREAD, place=cells[i].place)
    reported += cell_readings(cells)
    return _frame(*_names(records, reported), cells)


def _read_items(records: Records, year: int, reported: list[Reading]) -> pd.DataFrame:
    read = partial(read_day, year=year, since_1904=records.grid.since_1904)
    days = [found[0] if found else None for found in records.parsed("日期", read)]
    wrong = (
        records.problem(i, "日期", misread(text) if text else "缺少日期", DATE_EXPECTED)
        for i, (day, text) in enumerate(zip(days, records.columns["日期"], strict=True))
        if day is None
    )
    refuse(records, [*_nameless(records), *wrong])
    reported += records.reported("日期", read)
    within = [day is not None and day.year == year for day in days]
    reported += report_omitted(records, within, lambda i: ("日期", f"日期是{days[i]}"), ())
    months: dict[tuple[str, str], list[int]] = {}
    for channel, category, day in zip(*_names(records, reported), days, strict=True):
        if day is not None and day.year == year:
            months.setdefault((channel, category), [0] * 12)[day.month - 1] += 1
    cells = [computed(sum(counts)) for counts in months.values()]
    frame = _frame([name for name, _ in months], [name for _, name in months], cells)
    by_month = pd.Series([tuple(counts) for counts in months.values()], dtype=object)
    return frame.assign(**{MONTHS: by_month})


def _names(records: Records, reported: list[Reading]) -> tuple[list[str], list[str]]:
    """Return channel and category of each row."""
    channels, categories = (one_name(records, head, reported) for head in ("渠道", "类别"))
    return channels, [UNSORTED if not t or t in NA_MARKS else t for t in categories]


def _frame(channels: list[str], categories: list[str], cells: list[Cell]) -> pd.DataFrame:
    """Return the frame at once: a county reads hundreds, and each further step copies it."""
    return pd.DataFrame(
        {
            "渠道": pd.array(channels, dtype="str"),
            "类别": pd.array(categories, dtype="str"),
            "条数": pd.Series(cells, dtype=object),
        }
    )


def _nameless(records: Records) -> Iterator[Problem]:
    for i, channel in enumerate(records.columns["渠道"]):
        if not channel:
            remedy = "合并过的单元格请取消合并，逐行填写"
            yield records.problem(i, "渠道", "缺少渠道", "渠道名称，如“政府网站”", remedy)


def read_figures(grid: Grid, readings: list[Reading] | None = None) -> dict[str, NamedFigure]:
    """Read the other numbers that the prose needs.

    Its columns are 名称, 数值, 单位, 说明; a value may be text, such as ``66万余``, for use as it
    stands. ``readings`` takes what was read otherwise than it stands there.

    Returns
    -------
    dict
        By name, in the order of the file.

    Raises
    ------
    InputError
        With a problem for each row without a name and each name that is repeated.
    """
    records = read_records(grid, FIGURE_FORM)
    blank = [""] * len(records)
    units, notes = (records.columns.get(name, blank) for name in ("单位", "说明"))
    problems = []
    figures: dict[str, NamedFigure] = {}
    rows: dict[str, int] = {}
    for i, (name, text) in enumerate(
        zip(records.columns["名称"], records.columns["数值"], strict=True)
    ):
        if not name:
            problems.append(records.problem(i, "名称", "缺少名称", "数字的名称，如“培训次数”"))
        elif rows.setdefault(normalise_word(name), i) != i:
            first = rows[normalise_word(name)]
            earlier = records.columns["名称"][first]
            remedy = f"第{records.rows[first]}行已有“{earlier}”，请只留一行"
            problems.append(records.problem(i, "名称", "名称重复", "不重复的名称", remedy))
        else:
            cell = read_cell(text, records.place(i, "数值"), _units(units[i]))
            figures[name] = NamedFigure(name, cell, units[i] or _unit_of(cell), notes[i])
    refuse(records, problems)
    if readings is not None:
        readings += [*records.readings, *cell_readings(f.cell for f in figures.values())]
    return figures


def _units(unit: str) -> Collection[str]:
    """Return the words that may stand behind a number: its unit, or any where the column is
    blank. In a row of 万元, 12.3万 is meant so.
    """
    if unit.startswith("万"):
        return {unit, "万"}
    return {unit} if unit else FIGURE_UNITS


def _unit_of(cell: Cell) -> str:
    """Return the unit that was typed with the number."""
    if cell.how not in ("unit", "numeral"):
        return ""
    return max((u for u in FIGURE_UNITS if cell.raw.endswith(u)), key=len, default="")


ACKNOWLEDGED_FORM = Form((Column("标识", aliases=("发现标识",)), Column("理由")), counts=False)


def nothing_acknowledged(grid: Grid) -> bool:
    """Return whether there is a head and nothing below it, as on the sheet of a new workbook."""
    try:
        return find_header(grid, ACKNOWLEDGED_FORM).row >= len(grid.rows)
    except InputError:
        return False


def read_acknowledged(grid: Grid) -> dict[str, Acknowledgement]:
    """Read which findings were acknowledged and why.

    Its columns are 标识 (as ``nianbao check`` prints it) and 理由.

    Returns
    -------
    dict
        By key, in the order of the file.

    Raises
    ------
    InputError
        With a problem for each row without a key or a reason, and each key that is repeated.
    """
    records = read_records(grid, ACKNOWLEDGED_FORM)
    found: dict[str, Acknowledgement] = {}
    problems = []
    rows = zip(records.columns["标识"], records.columns["理由"], strict=True)
    for i, (key, reason) in enumerate(rows):
        if not key:
            expected = "nianbao check 列出的标识，如“Y2-59c8849a”"
            problems.append(records.problem(i, "标识", "缺少标识", expected))
        elif not reason:
            remedy = "没有理由的发现应当改正，不能只作说明"
            problems.append(records.problem(i, "理由", "缺少理由", remedy=remedy))
        elif key in found:
            problems.append(records.problem(i, "标识", "标识重复", "每条发现一行"))
        else:
            found[key] = Acknowledgement(key, reason, records.place(i, "标识"))
    refuse(records, problems)
    return found


_EDITED_NUMBERS_FORM = Form(
    (
        Column("章节编号"),
        Column("改前"),
        Column("改后"),
        Column("所在处", use="prose"),
        Column("来源", required=False),
        Column("数据", required=False, use="prose"),
        Column("处理", required=False),
    ),
    counts=False,
)
REFUSED = "没有采用"
"""What stands in 处理 of a number that is printed as the data have it."""
EDITED_NUMBERS_HEAD = tuple(column.name for column in _EDITED_NUMBERS_FORM.columns)


def read_edited_numbers(grid: Grid) -> tuple[EditedNumber, ...]:
    """Read which numbers of the texts were changed in finished files.

    Its columns are 章节编号, 改前, 改后, 所在处, 来源, 数据, 处理, as ``nianbao pull`` writes them.

    Raises
    ------
    InputError
        The head is another one.
    """
    records = read_records(grid, _EDITED_NUMBERS_FORM)
    blank = [""] * len(records)
    columns = (records.columns.get(name, blank) for name in EDITED_NUMBERS_HEAD)
    return tuple(
        EditedNumber(
            section, before, after, near, file, known, records.place(i, "改后"), done == REFUSED
        )
        for i, (section, before, after, near, file, known, done) in enumerate(
            zip(*columns, strict=True)
        )
        if after
    )


Row = Mapping[str, str]


@dataclass(frozen=True)
class TableRows:
    """A table as texts."""

    heads: tuple[str, ...]
    """Official heads in the order of the file; private columns are left out."""
    rows: Sequence[Row]
    """Text by head."""

    def has(self, head: str) -> bool:
        """Return whether there is such a column."""
        return head in self.heads


def table_forms(table: str, format_: Format) -> tuple[Form, ...]:
    """Return the forms in which a table may be handed in, the one asked for first."""
    return {
        "disclosures": (COUNT_FORM, ITEM_FORM),
        "decisions": (decisions_form(format_),),
        "requests": (CASE_FORM, GROUP_FORM),
        "requests_table": (requests_table_form(format_),),
        "reviews": (REVIEW_SUMS, REVIEW_CASES),
        "figures": (FIGURE_FORM,),
        "acknowledged": (ACKNOWLEDGED_FORM,),
    }[table]


def table_rows(table: str, grid: Grid, format_: Format) -> TableRows:
    """Return the rows of a table.

    Raises
    ------
    InputError
        The table has no header; see `find_header`.
    """
    records = read_records(grid, *table_forms(table, format_))
    order = sorted(records.columns, key=records.header.columns.__getitem__)
    texts = (records.columns[head] for head in order)
    rows = [dict(zip(order, row, strict=True)) for row in zip(*texts, strict=True)]
    return TableRows(tuple(order), rows)

"""The ledger of what was published, the list of other figures, and the findings looked into."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from nianbao.errors import InputError, Problem
from nianbao.files.grids import Grid
from nianbao.files.words import fold
from nianbao.inputs.bundle import Acknowledgement, EditedNumber, NamedFigure
from nianbao.inputs.records import Column, Form, Records, find_header, read_records, refuse
from nianbao.inputs.values import (
    DATE_EXPECTED,
    NA_MARKS,
    State,
    computed,
    misread,
    parse_cell,
    parse_count,
    parse_date,
)

UNSORTED = "未分类"
"""Category of what was handed in without one."""

_SUMS = frozenset({"合计", "总计", "小计", "共计"})
_UNREAD = ("链接", "网址", "文号", "发布人", "发布单位", "来源")
_WORDS = ("标题", "单位", "说明")
_BOTH = (Column("渠道", use="words"), Column("类别", use="words"))
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
        Column("日期", aliases=("发布日期", "公开日期")),
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


def read_disclosures(grid: Grid, year: int) -> pd.DataFrame:
    """Read what was published, as counts or one row an item.

    Parameters
    ----------
    grid
        渠道, 类别, 条数; or 渠道, 类别, 日期 and 标题, one row an item, of which those of the
        year are counted.
    year
        Year of the report.

    Returns
    -------
    DataFrame
        渠道, 类别, 条数 (object column of `Cell`), as handed in, or one row for each channel
        and category in the order of their first item. A category that is blank is 未分类. Where
        each item has its date, `MONTHS` too: the counts of the twelve months.

    Raises
    ------
    InputError
        With a problem for each row without a channel, each row of sums (it would be counted
        twice), each number or date that cannot be read.
    """
    records = read_records(grid, ITEM_FORM, COUNT_FORM)
    read = _read_items if records.header.form is ITEM_FORM else _read_counts
    return read(records, year)


def _read_counts(records: Records, year: int) -> pd.DataFrame:
    del year  # the numbers are of the year already
    texts = records.columns["条数"]
    cells = [parse_cell(text, records.place(i, "条数")) for i, text in enumerate(texts)]
    wrong = (
        records.problem(i, "条数", "条数不能识别", "不小于0的整数")
        for i, cell in enumerate(cells)
        if cell.state is State.TEXT or (cell.is_number and parse_count(str(cell.number)) is None)
    )
    refuse(records, [*_name_problems(records), *wrong])
    return _named(records).assign(条数=pd.Series(cells, dtype=object))


def _read_items(records: Records, year: int) -> pd.DataFrame:
    days = records.parsed("日期", parse_date)
    wrong = (
        records.problem(i, "日期", misread(text) if text else "缺少日期", DATE_EXPECTED)
        for i, (day, text) in enumerate(zip(days, records.columns["日期"], strict=True))
        if day is None
    )
    refuse(records, [*_name_problems(records), *wrong])
    named = _named(records)
    months: dict[tuple[str, str], list[int]] = {}
    for *name, day in zip(named["渠道"], named["类别"], days, strict=True):
        if day is not None and day.year == year:
            months.setdefault((name[0], name[1]), [0] * 12)[day.month - 1] += 1
    frame = pd.DataFrame(list(months), columns=["渠道", "类别"], dtype="str")
    cells = [computed(sum(counts)) for counts in months.values()]
    by_month = pd.Series([tuple(counts) for counts in months.values()], dtype=object)
    return frame.assign(条数=pd.Series(cells, dtype=object), **{MONTHS: by_month})


def _named(records: Records) -> pd.DataFrame:
    categories = records.parsed("类别", lambda t: UNSORTED if not t or t in NA_MARKS else t)
    return pd.DataFrame({"渠道": records.columns["渠道"], "类别": categories}, dtype="str")


def _name_problems(records: Records) -> Iterator[Problem]:
    for name in ("渠道", "类别"):
        for i, is_sum in enumerate(records.parsed(name, lambda text: fold(text) in _SUMS)):
            if is_sum:
                remedy = "请删去这一行，合计由程序计算"
                yield records.problem(i, name, "不能有合计行", remedy=remedy)
    for i, channel in enumerate(records.columns["渠道"]):
        if not channel:
            remedy = "合并过的单元格请取消合并，逐行填写"
            yield records.problem(i, "渠道", "缺少渠道", "渠道名称，如“政府网站”", remedy)


def read_figures(grid: Grid) -> dict[str, NamedFigure]:
    """Read the other numbers that the prose needs.

    Parameters
    ----------
    grid
        名称, 数值, 单位, 说明. A value may be text, such as ``66万余``, for use as it stands.

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
        elif rows.setdefault(fold(name), i) != i:
            first = rows[fold(name)]
            earlier = records.columns["名称"][first]
            remedy = f"第{records.rows[first]}行已有“{earlier}”，请只留一行"
            problems.append(records.problem(i, "名称", "名称重复", "不重复的名称", remedy))
        else:
            cell = parse_cell(text, records.place(i, "数值"))
            figures[name] = NamedFigure(name, cell, units[i], notes[i])
    refuse(records, problems)
    return figures


ACKNOWLEDGED_FORM = Form((Column("标识", aliases=("发现标识",)), Column("理由")))


def nothing_acknowledged(grid: Grid) -> bool:
    """Whether there is a head and nothing below it, as on the sheet of a new workbook."""
    try:
        return find_header(grid, ACKNOWLEDGED_FORM).row >= len(grid.rows)
    except InputError:
        return False


def read_acknowledged(grid: Grid) -> dict[str, Acknowledgement]:
    """Read which findings were acknowledged and why.

    Parameters
    ----------
    grid
        标识 (as ``nianbao check`` prints it) and 理由.

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
    )
)
EDITED_NUMBERS_HEAD = tuple(column.name for column in _EDITED_NUMBERS_FORM.columns)


def read_edited_numbers(grid: Grid) -> tuple[EditedNumber, ...]:
    """Read which numbers of the texts were changed in finished files.

    Parameters
    ----------
    grid
        章节编号, 改前, 改后, 所在处, 来源, 数据, as ``nianbao pull`` writes them.

    Raises
    ------
    InputError
        The head is another one.
    """
    records = read_records(grid, _EDITED_NUMBERS_FORM)
    blank = [""] * len(records)
    columns = (records.columns.get(name, blank) for name in EDITED_NUMBERS_HEAD)
    return tuple(
        EditedNumber(section, before, after, near, file, known, records.place(i, "改后"))
        for i, (section, before, after, near, file, known) in enumerate(zip(*columns, strict=True))
        if after
    )

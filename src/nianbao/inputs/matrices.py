"""Statutory cells as the bureau fills them in: tables 2 and 3, and table 4 in either form.

A cell keeps its state: blank, ``/`` and 0 stay different things. Whether a number makes sense
(whole, not negative, adding up) is for the checks; here it must only be readable.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cache
from itertools import product

from nianbao.errors import Place, Problem
from nianbao.files.grids import Grid
from nianbao.files.words import normalise_word
from nianbao.inputs.bundle import CellKey
from nianbao.inputs.counted import take_sums
from nianbao.inputs.heads import Column, Form
from nianbao.inputs.labels import (
    DISPUTES,
    EVERY_WORD,
    ROWS,
    VERDICTS,
    Labels,
    bare,
    plain_labels,
    request_labels,
    spoken,
    unknown_cells,
)
from nianbao.inputs.printed import with_one_head, with_row_names
from nianbao.inputs.records import Records, read_records, refuse
from nianbao.inputs.values import (
    COUNT_UNITS,
    Cell,
    Reading,
    State,
    cell_readings,
    computed,
    read_cell,
    read_number,
    sum_of,
)
from nianbao.statutory import Format

ITEM = "项目"
NOTE = Column("说明", required=False, use="words")
_NAMING = (ITEM, "类型", "结果")
"""Columns that say what the numbers of a row are."""
_REVIEW = (Column("类型", fills=True), Column("结果", fills=True))
_REVIEW_UNREAD = ("案号", "登记号", "立案日期", "结案日期", "日期", "申请人", "原告", "上年件数")
_REVIEW_REST = (
    NOTE,
    *(Column(name, required=False, use="private") for name in _REVIEW_UNREAD),
)
REVIEW_CASES = Form((*_REVIEW, *_REVIEW_REST))
REVIEW_SUMS = Form((*_REVIEW, Column("件数"), *_REVIEW_REST))


def decision_columns(format_: Format) -> tuple[str, ...]:
    """Return the columns of table 2 that hold values."""
    return tuple(dict.fromkeys(column for _, column in format_.decision_cells))


def last_year_head(column: str) -> str:
    """Return the head of the column that shows last year's value beside a column.

    Examples
    --------
    >>> last_year_head("本年制发件数"), last_year_head("现行有效件数")
    ('上年制发件数', '上年现行有效件数')
    """
    return f"上年{column.removeprefix('本年')}"


@cache
def decisions_form(format_: Format) -> Form:
    """Return the form of table 2."""
    names, aliases = decision_columns(format_), format_.decision_aliases
    columns = (Column(n, aliases=tuple(a for a, to in aliases.items() if to == n)) for n in names)
    last = (Column(last_year_head(n), required=False, use="private") for n in names)
    return Form((Column(ITEM), *columns, NOTE, *last))


@cache
def requests_table_form(format_: Format) -> Form:
    """Return the form of the matrix of table 3."""
    total = Column(format_.total, required=False)
    last = Column(last_year_head(format_.total), required=False, use="private")
    return Form((Column(ITEM), *map(Column, format_.applicants), total, last))


def empty_decisions(format_: Format) -> dict[CellKey, Cell]:
    """Return table 2 when nothing was handed in: every cell EMPTY."""
    return {key: Cell(State.EMPTY) for key in format_.decision_cells}


def read_decisions(
    grid: Grid,
    format_: Format,
    readings: list[Reading] | None = None,
    unread: list[Problem] | None = None,
) -> dict[CellKey, Cell]:
    """Read the cells of table 2.

    Parameters
    ----------
    grid
        Columns 项目, 本年制发件数 … 本年收费金额（万元）, and 说明, which is for people only.
    format_
        Rows, columns and their other names.
    readings
        Takes what was read otherwise than it stands there.
    unread
        Takes what cannot be read, in place of an error; the cells concerned are UNREAD then.

    Returns
    -------
    dict
        Each cell of the table by (row, column); a row that is missing is EMPTY.

    Raises
    ------
    InputError
        With a problem for each row that is unknown or repeated, each cell that is not a
        number, and each number in a cell that the table does not have.
    """
    names = decision_columns(format_)
    aliases = format_.decision_aliases
    form = decisions_form(format_)
    grid = with_one_head(grid, ITEM, format_.decision_item, form.known, names)
    records, sums = take_sums(read_records(grid, form), (ITEM,), names)
    rows = dict.fromkeys(row for row, _ in format_.decision_cells)
    labels = plain_labels(rows, {a: row for a, row in aliases.items() if row in rows})
    cells = {key: Cell(State.EMPTY, place=grid.place()) for key in format_.decision_cells}
    keys = records.parsed(ITEM, labels.find)
    problems = [*unknown_cells(records, ITEM, labels), *_repeated(records, keys, ITEM)]
    for i, row in enumerate(keys):
        if row is None:
            continue
        for name in names:
            units = ("万元", "万") if name in format_.money_columns else COUNT_UNITS
            cell = read_cell(records.columns[name][i], records.place(i, name), units)
            if (row, name) in cells:
                cells[row, name] = cell
                problems.extend(_unreadable(records, i, name, cell))
            elif cell.state in (State.NUMBER, State.TEXT):
                remedy = "请把数字填到它所在的列，这一格留空"
                problems.append(records.problem(i, name, f"“{row}”没有这一格", "空", remedy))
    cells = _without_unread(cells, refuse(records, problems, unread))
    _tell(readings, records, sums, cells.values())
    return cells


def _without_unread(
    cells: dict[CellKey, Cell], problems: Collection[Problem]
) -> dict[CellKey, Cell]:
    """Return the cells as far as they are known: nothing is made of what cannot be read.

    A row whose name is none, or another's, may be any: then no missing row is known to be blank.
    """
    places = [problem.place for problem in problems if problem.place]
    at = {(place.row, place.column) for place in places}
    misnamed = {place.row for place in places if place.column in _NAMING}

    def is_unread(place: Place | None) -> bool:
        if place is None or place.row is None:
            return bool(misnamed)
        return place.row in misnamed or (place.row, place.column) in at

    return {k: unread_cell(c.place) if is_unread(c.place) else c for k, c in cells.items()}


def unread_cell(place: Place | None = None) -> Cell:
    """Return the cell of which it is not known what it says."""
    return Cell(State.UNREAD, place=place)


def _tell(
    readings: list[Reading] | None,
    records: Records,
    sums: Iterable[Reading],
    cells: Iterable[Cell],
) -> None:
    """Add what was read otherwise than it stands in a table."""
    if readings is not None:
        readings += [*records.readings, *sums, *cell_readings(cells)]


def read_requests_table(
    grid: Grid,
    format_: Format,
    readings: list[Reading] | None = None,
    unread: list[Problem] | None = None,
) -> dict[CellKey, Cell]:
    """Read the official matrix of table 3.

    Its columns are 项目, the six applicants and, if the bureau likes, 总计. For ``readings`` and
    ``unread`` see `read_decisions`.

    Returns
    -------
    dict
        By (row key, column). A row that is missing is EMPTY; the row （七）总计 and the
        column 总计 are in it when they were handed in. The one row （六）其他处理 of an older
        form counts as its 3.其他.

    Raises
    ------
    InputError
        With a problem for each row that is unknown or repeated, each cell that is not a
        number, and each number beside the name of a group, which has no cells.
    """
    labels, groups = row_words(format_), _headings(format_)
    grid = with_row_names(
        grid, ITEM, format_.request_columns, groups, lambda name: labels.find(name) is not None
    )
    records = read_records(grid, requests_table_form(format_))
    columns = [c for c in format_.request_columns if c in records]
    keys, problems = _request_keys(records, columns, labels, format_)
    rows = [row.key for row in format_.request_rows if row.key != "total" or "total" in keys]
    cells = {key: Cell(State.EMPTY, place=grid.place()) for key in product(rows, columns)}
    for i, key in enumerate(keys):
        if key is None:
            continue
        for name in columns:
            cell = read_cell(records.columns[name][i], records.place(i, name))
            cells[key, name] = cell
            problems.extend(_unreadable(records, i, name, cell))
    cells = _without_unread(cells, refuse(records, problems, unread))
    _tell(readings, records, (), cells.values())
    return cells


def read_reviews(
    grid: Grid,
    format_: Format,
    readings: list[Reading] | None = None,
    unread: list[Problem] | None = None,
) -> dict[CellKey, Cell]:
    """Read table 4: 类型, 结果, 件数; or one row a case, without 件数.

    Returns
    -------
    dict
        By (group, result), a given 总计 included. In the first form a combination that is
        missing is EMPTY; counted from cases it is 0.

    Raises
    ------
    InputError
        With a problem for each cell that is unknown, not a number, or handed in twice.
    """
    records = read_records(grid, REVIEW_CASES, REVIEW_SUMS)
    summed = records.header.form is REVIEW_SUMS
    groups = review_groups(format_)
    columns = [c for c in format_.review_columns if summed or c != format_.total]
    results = review_results(format_, columns)
    records, sums = _take_review_sums(records, results, format_.total)
    pairs = zip(
        records.parsed("类型", groups.find), records.parsed("结果", results.find), strict=True
    )
    keys = [(group, result) if group and result else None for group, result in pairs]
    problems = [*unknown_cells(records, "类型", groups), *unknown_cells(records, "结果", results)]
    every = list(product(groups.official, (c for c in columns if c != format_.total)))
    if not summed:
        faults, counts = refuse(records, problems, unread), Counter(keys)
        _tell(readings, records, sums, ())
        return {key: unread_cell() if faults else computed(counts[key]) for key in every}
    cells = {key: Cell(State.EMPTY, place=grid.place()) for key in every}
    problems.extend(_repeated(records, keys, "结果"))
    for i, key in enumerate(keys):
        cell = read_cell(records.columns["件数"][i], records.place(i, "件数"))
        problems.extend(_unreadable(records, i, "件数", cell))
        if key:
            cells[key] = cell
    cells = _without_unread(cells, refuse(records, problems, unread))
    _tell(readings, records, sums, cells.values())
    return cells


def _take_review_sums(
    records: Records, results: Labels, total: str
) -> tuple[Records, list[Reading]]:
    """Take the rows of sums out; one of a result is the sum of its rows, one of all of the rest."""
    kept, sums = take_sums(records, ("类型",), ())
    if "件数" not in records:
        return kept, sums
    found, readings = records.parsed("结果", results.find), list[Reading]()
    is_sum = records.parsed("类型", lambda text: sum_of(normalise_word(text)) is not None)
    for result in {found[i] for i, summed in enumerate(is_sum) if summed}:
        parts = {result} if result not in (None, total) else {*results.official} - {total}
        rows = [
            i for i, each in enumerate(found) if (each == result if is_sum[i] else each in parts)
        ]
        readings += take_sums(records.select(rows), ("类型",), ("件数",))[1]
    return kept, readings


@cache
def row_words(format_: Format) -> Labels:
    """Return what may stand in the column 项目 of the matrix of table 3."""
    labels = request_labels(format_, [row.key for row in format_.request_rows])
    return labels.also(spoken(ROWS))


def review_results(format_: Format, columns: Collection[str]) -> Labels:
    """Return the results of table 4, as far as they may be named."""
    names = {**format_.review_names, "total": format_.total}
    short = {word: names[key] for word, key in spoken(VERDICTS).items() if key in names}
    return plain_labels(columns).also(short)


@cache
def review_groups(format_: Format) -> Labels:
    """Return the groups of table 4; a head over several of them names none."""
    labels = plain_labels(group.key for group in format_.review_groups).also(spoken(DISPUTES))
    unclear: dict[str, str] = {}
    for head in {group.head for group in format_.review_groups} - set(labels.official):
        members = (f"“{g.key}”" for g in format_.review_groups if g.head == head)
        remedy = f"“{head}”要写明是{'还是'.join(members)}"
        unclear |= {normalise_word(head): remedy, normalise_word(head.removeprefix("行政")): remedy}
    return replace(labels, unclear=unclear)


def _request_keys(
    records: Records, columns: Sequence[str], labels: Labels, format_: Format
) -> tuple[list[str | None], list[Problem]]:
    """Return the row key of each record.

    It is None for the name of a group or part, which has no cells.
    """
    keys = records.parsed(ITEM, labels.find)
    headings = _headings(format_)
    detailed = {format_.request_row(key).group for key in keys if key}
    problems = []
    for i, text in enumerate(records.columns[ITEM]):
        heading = headings.get(normalise_word(text))
        filled = [c for c in columns if read_cell(records.columns[c][i]).is_number]
        if keys[i] is None and heading is None:
            message = "项目不能识别" if text else "缺少项目"
            expected = f"表三的行名称（{EVERY_WORD}）"
            problems.append(records.problem(i, ITEM, message, expected, labels.remedy(text)))
        elif heading and filled and heading in format_.group_as_row and heading not in detailed:
            keys[i] = format_.group_as_row[heading]
        elif heading and filled:
            message = f"“{heading}”是分组名称，没有合计"
            remedy = "请填到它下面的各行，这一格留空"
            problems.append(records.problem(i, filled[0], message, "空", remedy))
    return keys, [*problems, *_repeated(records, keys, ITEM)]


@cache
def _headings(format_: Format) -> dict[str, str]:
    """Return the groups and parts of table 3 by normalised word, with or without number."""
    headings: dict[str, str] = {}
    for row in format_.request_rows:
        for name in (row.part, row.group):
            if name:
                number = row.part.split("、")[0] if row.part else ""
                headings |= {normalise_word(w): name for w in (name, bare(name), number + name)}
    return headings


def _repeated(records: Records, keys: Sequence[object | None], column: str) -> Iterator[Problem]:
    """Yield a problem for each record that fills in again what an earlier one did."""
    first: dict[object, int] = {}
    for i, key in enumerate(keys):
        if key is not None and first.setdefault(key, i) != i:
            remedy = f"第{records.rows[first[key]]}行已经填过，请只留一行"
            yield records.problem(i, column, "重复填报", "每项一行", remedy)


def _unreadable(records: Records, record: int, column: str, cell: Cell) -> Iterator[Problem]:
    if cell.state is not State.TEXT:
        return
    if "万元" in column and (yuan := read_number(cell.raw, ("元",))):
        remedy = f"请填{(yuan[0] / 10_000).normalize():f}"
        yield records.problem(record, column, "单位不对", "以万元为单位的数字", remedy)
        return
    remedy = "需要说明的写成“22（其中修订16件）”"
    yield records.problem(record, column, "不是数字", "不带单位的数字，没有就填0", remedy)

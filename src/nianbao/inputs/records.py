"""Grids with a recognised header: rows of named text cells, in one of the forms of a table.

A clerk's table may have a title line and blank lines above its header, numbered but unused
rows at its end, and heads with blanks and brackets of either width. All of that is accepted.
A head that is unknown, repeated or missing is a problem: a column that nobody reads is
work of the clerk's that silently goes nowhere.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property
from itertools import compress, count, zip_longest
from typing import Literal, TypeVar

from nianbao.errors import InputError, Place, Problem, raise_problems
from nianbao.files.excel import ERROR_CELLS
from nianbao.files.excel_looks import UNCOMPUTED
from nianbao.files.grids import Grid
from nianbao.files.words import (
    MAX_CELL,
    MAX_PROBLEMS,
    ask_for,
    column_letter,
    listing,
    normalise_word,
    unfit,
    unfit_lines,
)
from nianbao.inputs.personal import masked, personal_numbers, suspicious
from nianbao.inputs.values import Reading, ReadingKind, sum_of

SERIAL = "序号"
REMARK = "备注"
NUMBER = "登记号"
PERSON = "申请人姓名"
_UNREAD = (SERIAL, REMARK)

Use = Literal["data", "words", "prose", "private"]


@dataclass(frozen=True, slots=True)
class Column:
    """A column that a table may have.

    Parameters
    ----------
    name
        The official head.
    required
        Whether the table is unreadable without it.
    aliases
        Other heads seen for it.
    use
        ``data``: its cells are read as something. ``words``: its words may be published, so no
        number of a person may stand in it. ``prose``: words in which placeholders may stand.
        ``private``: it may be there and is never read.
    fills
        Whether a cell that is merged over several rows means all of them.
    """

    name: str
    required: bool = True
    aliases: tuple[str, ...] = ()
    use: Use = "data"
    fills: bool = False


@dataclass(frozen=True, slots=True)
class Form:
    """One of the forms in which a table may be handed in.

    Columns 序号 and 备注 may stand in every form, mean nothing and are not read.
    """

    columns: tuple[Column, ...]
    personal: bool = False
    """Whether its words may be a person's: then they are quoted to the bureau alone."""
    counts: bool = True
    """Whether its rows are counted: lines below them say who filled it in and are no rows."""

    @property
    def every(self) -> tuple[Column, ...]:
        """The columns, with those that every form may have."""
        return (*self.columns, *(Column(n, required=False, use="private") for n in _UNREAD))

    @property
    def known(self) -> Mapping[str, str]:
        """Official head by normalised head."""
        return _known_heads(self)

    def named(self, use: Use) -> frozenset[str]:
        """Return the heads of the columns of one use."""
        return frozenset(c.name for c in self.every if c.use == use)

    @property
    def required(self) -> tuple[str, ...]:
        """Heads that must be there."""
        return tuple(c.name for c in self.columns if c.required)


@cache
def _known_heads(form: Form) -> Mapping[str, str]:
    return {normalise_word(head): c.name for c in form.every for head in (c.name, *c.aliases)}


__all__ = [
    "NUMBER",
    "PERSON",
    "Column",
    "Form",
    "Header",
    "Records",
    "find_header",
    "read_records",
    "refuse",
]

_ANY = 10**12
_HEADER_WITHIN = 30
"""Rows in which the header must stand."""

T = TypeVar("T")
ReadAs = tuple[object, ReadingKind | None]
"""A value, and how it was read where it is not written as one."""
NO_HEAD = "这一列有内容，没有表头"


@dataclass(frozen=True, slots=True)
class Header:
    """A recognised header.

    Parameters
    ----------
    row
        1-based row, as Excel shows it.
    form
        Which of the forms the table is in.
    columns
        0-based column of each head.
    problems
        Heads that are unknown or repeated; the rest of the table can be read none the less.
    """

    row: int
    form: Form
    columns: Mapping[str, int]
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True)
class Records:
    """The rows under a header, blank ones left out.

    Parameters
    ----------
    grid, header
        Where they come from.
    rows
        Row number of each record, as Excel shows it.
    columns
        Text of each record, trimmed, by head; without the columns that are private.
    problems
        What is wrong whatever the columns mean; see `refuse`.
    readings
        What was read otherwise than it stands there, whatever the columns mean.
    sums
        Records whose 序号 says that they are sums.
    """

    grid: Grid
    header: Header
    rows: Sequence[int]
    columns: Mapping[str, Sequence[str]]
    problems: tuple[Problem, ...] = ()
    readings: tuple[Reading, ...] = ()
    sums: frozenset[int] = frozenset()

    def __len__(self) -> int:
        return len(self.rows)

    def __contains__(self, column: str) -> bool:
        return column in self.columns

    def place(self, record: int, column: str | None = None) -> Place:
        """Return the place of a record (0-based among the records) and head."""
        return self.grid.place(self.rows[record], column)

    def problem(
        self,
        record: int,
        column: str,
        message: str,
        expected: str | None = None,
        remedy: str | None = None,
    ) -> Problem:
        """Return a problem with a record's cell, which is quoted unless it is blank."""
        value = masked(self.columns[column][record]) or None
        private = self.header.form.personal
        if kept := self._kept.get((self.rows[record], self.header.columns[column])):
            remedy = f"{remedy}。" if remedy else ""
            remedy += f"这一格存的是{kept}，只是显示成这样；请把单元格格式改为“常规”"
        return Problem(message, self.place(record, column), value, expected, remedy, private)

    @cached_property
    def _kept(self) -> Mapping[tuple[int, int | None], str]:
        """Number that a cell keeps and does not show as it is, by its row and column."""
        return {
            (mark.row, mark.column): mark.kept
            for mark in self.grid.marks
            if mark.kind in ("rounded", "scaled")
        }

    def parsed(self, column: str, parse: Callable[[str], T]) -> list[T]:
        """Read the column by a pure function, which is called once for each distinct text."""
        texts = self.columns[column]
        known = {text: parse(text) for text in set(texts)}
        return [known[text] for text in texts]

    def reported(self, column: str, read: Callable[[str], ReadAs | None]) -> Iterator[Reading]:
        """Report which cells of a column are read otherwise than they are written.

        Parameters
        ----------
        column
            Its head; one that the table does not have tells nothing.
        read
            Gives a text's value and how it was read, as `read_number` does.
        """
        texts = self.columns.get(column, ())
        known = {text: found for text in set(texts) if (found := read(text)) and found[1]}
        for i, text in enumerate(texts) if known else ():
            if (found := known.get(text)) and found[1]:
                yield Reading(found[1], self.place(i, column), text, str(found[0]))

    def select(self, kept: Sequence[int]) -> Records:
        """Take some of the records, by their index."""
        columns = {name: [texts[i] for i in kept] for name, texts in self.columns.items()}
        rows = [self.rows[i] for i in kept]
        return replace(self, rows=rows, columns=columns, sums=frozenset())


def find_header(grid: Grid, *forms: Form) -> Header:
    """Return the header of a table, wherever in the first rows it stands.

    Parameters
    ----------
    grid
        The table as read.
    forms
        The forms it may be in; the one that wants fewest columns, and of these the one that
        uses most, is meant.

    Raises
    ------
    InputError
        There is no header, or it lacks a column; with every problem of its heads.

    Examples
    --------
    >>> grid = Grid("f.csv", None, [["示例县 2024年"], ["名 称", "数值"], ["培训", "2"]])
    >>> find_header(grid, Form((Column("名称"), Column("数值")))).row
    2
    """
    index = find_heads(grid, *forms)
    wanted = " 或 ".join(listing(form.required) for form in forms)
    if index is None:
        place = grid.place(row=1)
        remedy = "请在数据上方写好一行表头，用官方名称"
        raise InputError(
            Problem("没有找到表头", place, expected=f"含{wanted}的一行", remedy=remedy)
        )
    index, heads = _in_two_rows(grid, index, forms)
    form = _form(heads, forms)
    columns, problems = _columns(grid, index, heads, form)
    place, expected = grid.place(index + 1), f"{listing(form.required)}都有的表头"
    missing = [name for name in form.required if name not in columns]
    if missing:
        # A head that was merged away leaves its column without one: one fault, reported once.
        others = [problem for problem in problems if problem.message != NO_HEAD]
        merged = "表头不要合并单元格，每列写一个" if len(others) < len(problems) else None
        names = "".join(f"“{name}”" for name in missing)
        raise InputError(*others, Problem(f"缺少{names}列", place, None, expected, merged))
    return Header(index + 1, form, columns, tuple(problems))


def find_heads(grid: Grid, *forms: Form) -> int | None:
    """Find the 0-based row that has most heads of these forms, None without two of them."""
    known = {head for form in forms for head in form.known}
    hits = [len({normalise_word(c) for c in cells} & known) for cells in grid.rows[:_HEADER_WITHIN]]
    return hits.index(max(hits)) if hits and max(hits) > 1 else None


def _in_two_rows(grid: Grid, index: int, forms: Sequence[Form]) -> tuple[int, list[str]]:
    """Return the heads, and the row in which they end: a head may be merged over those below it.

    The row that was found may be the upper or the lower one; the second only counts where it
    completes what is wanted.
    """
    width = max(map(len, grid.rows[max(index - 1, 0) :]))

    def heads(at: int) -> list[str]:
        row = [cell.strip() for cell in grid.rows[at]] if 0 <= at < len(grid.rows) else []
        return row + [""] * (width - len(row))

    def wanting(row: Sequence[str]) -> int:
        form = _form(row, forms)
        return len(set(form.required) - {form.known.get(normalise_word(head)) for head in row})

    known = {head for form in forms for head in form.known}
    best = index, heads(index)
    for upper in (index, index - 1):
        below = heads(upper + 1)
        both = [
            low if normalise_word(low) in known or not up else up
            for up, low in zip(heads(upper), below, strict=True)
        ]
        is_head = any(normalise_word(low) in known for low in below)
        if is_head and wanting(both) < wanting(best[1]):
            best = upper + 1, both
    return best


def _form(heads: Sequence[str], forms: Sequence[Form]) -> Form:
    def fit(form: Form) -> tuple[int, int]:
        found = {form.known.get(normalise_word(head)) for head in heads}
        have = sum(name in found for name in form.required)
        return have - len(form.required), have

    return max(forms, key=fit)


def _columns(
    grid: Grid, index: int, heads: Sequence[str], form: Form
) -> tuple[dict[str, int], list[Problem]]:
    columns: dict[str, int] = {}
    problems = []
    names = tuple(dict.fromkeys(form.known.values()))
    expected = f"{listing(form.required)}等列"
    for position, head in enumerate(heads):
        name, letter = form.known.get(normalise_word(head)), column_letter(position)
        place = grid.place(index + 1, head or letter)
        if not head:
            if filled := _first_filled(grid, index + 1, position):
                value = masked(grid.rows[filled - 1][position].strip())
                where = grid.place(filled, letter)
                problems.append(Problem(NO_HEAD, where, value, "空列", private=form.personal))
        elif name is None:
            near = ask_for(head, (n for n in names if n not in columns))
            remedy = near or f"不用的列请删去，说明文字放在“{REMARK}”列"
            problems.append(Problem("没有这一列", place, head, expected, remedy, form.personal))
        elif name in columns:
            remedy = f"{column_letter(columns[name])}列和{letter}列表头相同，请只留一列"
            problems.append(Problem("表头重复", place, head, remedy=remedy, private=form.personal))
        else:
            columns[name] = position
    return columns, problems


def _first_filled(grid: Grid, start: int, position: int) -> int | None:
    """Return the row (1-based) of the first cell below the header in that column with a text."""
    for number, cells in enumerate(grid.rows[start:], start + 1):
        if position < len(cells) and cells[position].strip():
            return number
    return None


def read_records(grid: Grid, *forms: Form) -> Records:
    """Return the rows of a table, by head.

    Rows in which nothing but 序号 is written are left out. What stands in a private column is
    not kept.

    Raises
    ------
    InputError
        See `find_header`.
    """
    footers: list[Reading] = []
    if any(form.counts for form in forms):
        grid, footers = _without_footers(grid)
    header = find_header(grid, *forms)
    used = {name: at for name, at in header.columns.items() if name != SERIAL}
    # Column by column: a ledger has few columns and may have many rows.
    body = grid.rows[header.row :]
    every = list(zip_longest(*body, fillvalue=""))
    every += [("",) * len(body)] * (len(grid.rows[header.row - 1]) - len(every))
    trimmed = {name: [text.strip() for text in every[at]] for name, at in used.items()}
    filled = list(map(any, zip(*trimmed.values(), strict=True)))
    _leave_out_repeated_heads(trimmed, header, grid, filled)
    fills, problems = _fill_merged(grid, header, trimmed, filled)
    rows = list(compress(count(header.row + 1), filled))
    private = header.form.named("private")
    kept = {name: texts for name, texts in trimmed.items() if name not in private}
    columns = {name: list(compress(texts, filled)) for name, texts in kept.items()}
    serials = compress(every[header.columns[SERIAL]], filled) if SERIAL in header.columns else ()
    sums = frozenset(
        i for i, text in enumerate(serials) if sum_of(normalise_word(text)) is not None
    )
    records = Records(grid, header, rows, columns, sums=sums)
    found = (*_unfit_cells(records), *_error_cells(records), *_personal_cells(records))
    readings = (*footers, *fills, *_marked(records))
    return replace(records, problems=(*header.problems, *problems, *found), readings=readings)


_FOOTER = re.compile(
    r"\s*(填表人?|填报人?|填报单位|制表人?|制表单位|审核人?|审批人?|复核人?|校对人?|经办人|负责人"
    r"|单位负责人|部门负责人|分管领导|签发人?|联系人|联系电话|填表日期|填报日期|填报时间|制表日期"
    r"|制表时间|统计日期|报送日期|报送时间|备注|附注|说明|注)\s*[:：]"
)


def _without_footers(grid: Grid) -> tuple[Grid, list[Reading]]:
    """Take the lines below a table for no records: who filled it in, who checked it, notes.

    They are reported by their first word alone, for what follows may be a person's name.
    """
    rows, found = list(grid.rows), list[Reading]()
    for i in reversed(range(len(rows))):
        texts = [text for text in rows[i] if text.strip()]
        if not texts:
            continue
        if (match := _FOOTER.match(texts[0])) is None:
            break
        rows[i] = ()
        found.insert(0, Reading("footer", grid.place(i + 1), match[1]))
    return (replace(grid, rows=rows), found) if found else (grid, found)


def _leave_out_repeated_heads(
    trimmed: Mapping[str, list[str]], header: Header, grid: Grid, filled: list[bool]
) -> None:
    """Take a row that says the heads again, as on the next printed page, for no record."""
    heads = grid.rows[header.row - 1]
    words = {name: heads[header.columns[name]].strip() for name in trimmed}
    first = next(iter(trimmed), "")
    for i, text in enumerate(trimmed.get(first, ())):
        if text and text == words[first]:
            filled[i] = any(texts[i] not in ("", words[name]) for name, texts in trimmed.items())


def _fill_merged(
    grid: Grid, header: Header, trimmed: Mapping[str, list[str]], filled: Sequence[bool]
) -> tuple[list[Reading], list[Problem]]:
    """Fill merged cells down where the meaning is plain; a number merged over rows has none."""
    columns = {column.name: column for column in header.form.every}
    names = {at: name for name, at in header.columns.items() if name in trimmed}
    readings, problems = [], []
    for mark in grid.marks:
        name = names.get(mark.column if mark.column is not None else -1)
        top = mark.row - header.row - 1
        if mark.kind != "merged" or name is None or top < 0 or columns[name].use == "private":
            continue
        text = trimmed[name][top] if top < len(filled) else ""
        for i in range(top + 1, min(mark.last - header.row, len(filled))):
            place = grid.place(header.row + 1 + i, name)
            if not filled[i] or not text:
                continue
            if columns[name].fills:
                trimmed[name][i] = text
                readings.append(Reading("merged", place, "", text))
            elif columns[name].use == "data" or name == NUMBER:
                remedy = "请取消合并单元格，逐行填写"
                message = f"“{name}”与第{mark.row}行合并成一格，不知道这一行是多少"
                problems.append(Problem(message, place, remedy=remedy))
    return readings, problems


def _marked(records: Records) -> Iterator[Reading]:
    """Report the rows and cells whose looks say something else than their texts."""
    marks, at = records.grid.marks, {row: i for i, row in enumerate(records.rows)}
    names = {column: name for name, column in records.header.columns.items()}
    once = set()
    for mark in marks:
        record, name = at.get(mark.row), names.get(-1 if mark.column is None else mark.column)
        known = name is not None and name in records
        if mark.kind == "column" and name is not None and any(records.columns.get(name, ())):
            yield Reading("column", records.grid.place(records.header.row, name), "")
        if record is None or mark.kind == "merged" or (mark.column is not None and not known):
            continue
        place, first = records.place(record, name), next(iter(records.columns.values()))[record]
        if mark.kind in ("rounded", "scaled", "unshown", "crossed", "clock") and name:
            yield Reading(mark.kind, place, mark.kept, records.columns[name][record])
        elif mark.kind in ("hidden", "struck") and (mark.kind, mark.row) not in once:
            once.add((mark.kind, mark.row))
            yield Reading(mark.kind, records.place(record), masked(first))


def _unfit_prose(text: str) -> str | None:
    """Return what is wrong with a text of several lines, in which placeholders may stand."""
    return next((why for _, why in unfit_lines(text.splitlines())), None)


def _unfit_cells(records: Records) -> Iterator[Problem]:
    """Yield the cells that no document can print; see `nianbao.files.words`."""
    prose = records.header.form.named("prose")
    for name, texts in records.columns.items():
        check = _unfit_prose if name in prose else unfit
        distinct = set(texts)
        # All at once, so that a long ledger is read quickly; joining makes nothing fit.
        short = len(max(distinct, key=len, default="")) <= MAX_CELL
        if short and not unfit("\n".join(distinct), _ANY):
            continue
        wrong = {text: why for text in distinct if (why := check(text))}
        for record, text in enumerate(texts) if wrong else ():
            if text in wrong:
                remedy = "请删去或改用规范的文字"
                yield records.problem(record, name, f"这一格{wrong[text]}", remedy=remedy)


def _personal_cells(records: Records) -> Iterator[Problem]:
    """Yield the numbers of persons in columns whose words are published."""
    apart = PERSON in records.header.form.named("private")
    remedy = f"请删去{f'，个人信息放在“{PERSON}”等列' if apart else ''}"
    for name in sorted(records.header.form.named("words") & records.columns.keys()):
        texts = records.columns[name]
        for record, text in enumerate(texts) if suspicious(set(texts)) else ():
            # A registry number may look like a telephone number.
            for kind, number in personal_numbers(text, mobile=name != NUMBER):
                message = f"这一列的内容会公开，不能写{kind}（{number}）"
                yield Problem(message, records.place(record, name), remedy=remedy)


def _error_cells(records: Records) -> Iterator[Problem]:
    for name, texts in records.columns.items():
        if not ERROR_CELLS.isdisjoint(texts):
            for record, text in enumerate(texts):
                if text == UNCOMPUTED:
                    message = "这一格的公式没有算过，不知道结果"
                    remedy = "请用Excel或WPS打开，保存一次再报；或直接填写结果"
                    yield Problem(message, records.place(record, name), remedy=remedy)
                elif text in ERROR_CELLS:
                    message = f"这一格的公式出错，显示{text}"
                    remedy = "请改好公式，或直接填写结果，保存后再报"
                    yield Problem(message, records.place(record, name), remedy=remedy)


def refuse(
    records: Records, problems: Iterable[Problem], unread: list[Problem] | None = None
) -> list[Problem]:
    """Raise the problems of a table, those of its header and Excel errors among them.

    One cell is reported once, in the order of the rows; after `MAX_PROBLEMS` the number of those
    left out. ``unread`` takes them instead, and all are returned: the reader goes on.
    """
    once: dict[object, Problem] = {}
    for problem in (*records.problems, *problems):
        at = problem.place
        once.setdefault((at.row, at.column) if at and at.column else problem, problem)
    every = sorted(once.values(), key=lambda p: (p.place.row if p.place else None) or 0)
    told = every[:MAX_PROBLEMS]
    if more := len(every) - len(told):
        told += [Problem(f"还有{more}个问题没有列出，改好以上各处后再查", records.grid.place())]
    if unread is None:
        raise_problems(InputError, told)
    else:
        unread += told
    return every

"""Rows of named text cells below the heads of a table, in one of the forms that it may have.

Numbered but unused rows at the end, heads repeated on a later page, a row of units below the heads
and merged cells whose meaning is plain are accepted.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import compress, count, zip_longest
from typing import TypeVar

from nianbao.errors import InputError, Place, Problem, raise_problems
from nianbao.files.excel import ERROR_CELLS
from nianbao.files.excel_looks import UNCOMPUTED
from nianbao.files.grids import Grid
from nianbao.files.words import (
    MAX_CELL,
    MAX_PROBLEMS,
    normalise_word,
    unfit,
    unfit_lines,
)
from nianbao.inputs.heads import NUMBER, PERSON, SERIAL, Form, Header, find_header, without_footers
from nianbao.inputs.personal import masked, personal_numbers, suspicious
from nianbao.inputs.values import Reading, ReadingKind, sum_of

_ANY = 10**12
_NEXT_PAGE = re.compile(r"\s*[（(]续表?[)）]$|\s*续表?$")
_MONEY = re.compile("[千百万亿]*元$")
_UNIT = re.compile(
    r"[（(]?(?:单位[:：]?)?(?:(?P<money>[千百万亿]*元)|[件人]次?|[条次个宗份篇项家场期]|[%％]"
    r"|(?:年|[yY]{4})[-—/.]?(?:月|[mM]{2})[-—/.]?(?:日|[dD]{2}))[)）]?"
)
"""A cell of a row of units, as clerks write it below the heads."""

T = TypeVar("T")
ReadAs = tuple[object, ReadingKind | None]
"""A value, and how it was read where it is not written as one."""


@dataclass(frozen=True)
class Records:
    """The rows under a header, blank ones left out."""

    grid: Grid
    header: Header
    """Where they come from."""
    rows: Sequence[int]
    """Row number of each record, as Excel shows it."""
    columns: Mapping[str, Sequence[str]]
    """Text of each record, trimmed, by head; without the columns that are private."""
    problems: tuple[Problem, ...] = ()
    """What is wrong whatever the columns mean; see `refuse`."""
    readings: tuple[Reading, ...] = ()
    """What was read otherwise than it stands there, whatever the columns mean."""
    sums: frozenset[int] = frozenset()
    """Records whose 序号 says that they are sums."""

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

        ``read`` gives a text's value and how it was read, as `read_number` does. A column that the
        table does not have tells nothing.
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
        grid, footers = without_footers(grid)
    header = find_header(grid, *forms)
    used = {name: at for name, at in header.columns.items() if name != SERIAL}
    # Column by column: a ledger has few columns and may have many rows.
    body = grid.rows[header.row :]
    every = list(zip_longest(*body, fillvalue=""))
    every += [("",) * len(body)] * (len(grid.rows[header.row - 1]) - len(every))
    trimmed = {name: [text.strip() for text in every[at]] for name, at in used.items()}
    filled = list(map(any, zip(*trimmed.values(), strict=True)))
    other = tuple(_leave_out_repeated_heads(trimmed, header, grid, filled))
    units = tuple(_leave_out_units(trimmed, header, grid, filled))
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
    return replace(
        records, problems=(*header.problems, *other, *units, *problems, *found), readings=readings
    )


def _leave_out_repeated_heads(
    trimmed: Mapping[str, list[str]], header: Header, grid: Grid, filled: list[bool]
) -> Iterator[Problem]:
    """Take a row that says the heads again, as on the next printed page, for no record.

    Below another title than the table's, they are those of another table.
    """
    titles = {_title(row) for row in grid.rows[: header.row - 1]}
    words = {name: _head(grid, header, name) for name in trimmed}
    first = next(iter(trimmed), "")
    for i, text in enumerate(trimmed.get(first, ())):
        if text and text == words[first]:
            filled[i] = any(texts[i] not in ("", words[name]) for name, texts in trimmed.items())
            if filled[i] or not i or not (title := _title(grid.rows[header.row + i - 1])):
                continue
            filled[i - 1] = False
            if title not in titles:
                place, value = grid.place(header.row + i), masked(title)
                remedy = "一张工作表只放一张表：是本表续页的，请删去这一行；是别的表的，请移到别处"
                private = header.form.personal
                yield Problem("这里起是另一张表", place, value, None, remedy, private)


def _head(grid: Grid, header: Header, name: str) -> str:
    """Return the head as written; blank where it is merged over the row above."""
    row, at = grid.rows[header.row - 1], header.columns[name]
    return row[at].strip() if at < len(row) else ""


def _title(row: Sequence[str]) -> str:
    """Return the text of a row that has one alone, as a title has; of the next page as of this."""
    texts = [text.strip() for text in row if text.strip()]
    return _NEXT_PAGE.sub("", texts[0]) if len(texts) == 1 else ""


def _leave_out_units(
    trimmed: Mapping[str, list[str]], header: Header, grid: Grid, filled: list[bool]
) -> Iterator[Problem]:
    """Take a row of units right below the heads for a part of them.

    One that says another unit of money than its head is a problem: the sums would be wrong.
    """
    if not filled or not filled[0]:
        return
    units = {name: match for name, texts in trimmed.items() if (match := _UNIT.fullmatch(texts[0]))}
    if len(units) < sum(texts[0] != "" for texts in trimmed.values()):
        return
    filled[0] = False
    for name, unit in units.items():
        head = _head(grid, header, name)
        own = _MONEY.search(normalise_word(head))
        if (said := unit["money"]) and said != (own[0] if own else ""):
            place, message = grid.place(header.row + 1, name), "表头下面写的单位与表头不同"
            remedy = "请按表头的单位换算，并删去这一行"
            yield Problem(message, place, said, own[0] if own else None, remedy)


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
        if mark.kind in ("rounded", "scaled", "unshown", "crossed", "raised", "clock") and name:
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

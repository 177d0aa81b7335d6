"""The heads of a table, wherever in its first rows they stand, and the forms that tell them.

A clerk's table may have a title and blank lines above its heads, heads in two rows, and lines below
it that are no rows. A head that is unknown, repeated or missing is a problem: a column that nobody
reads is work of the clerk's that silently goes nowhere.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal

from nianbao.errors import InputError, Problem
from nianbao.files.grids import Grid
from nianbao.files.words import ask_for, column_letter, listing, normalise_word
from nianbao.inputs.personal import masked
from nianbao.inputs.values import Reading

SERIAL = "序号"
REMARK = "备注"
NUMBER = "登记号"
PERSON = "申请人姓名"
_UNREAD = (SERIAL, REMARK)

Use = Literal["data", "words", "prose", "private"]


@dataclass(frozen=True, slots=True)
class Column:
    """A column that a table may have."""

    name: str
    """The official head."""
    required: bool = True
    """Whether the table is unreadable without it."""
    aliases: tuple[str, ...] = ()
    """Other heads seen for it."""
    use: Use = "data"
    """`data`: its cells are read as something. `words`: its words may be published, so no number of
    a person may stand in it. `prose`: words in which placeholders may stand. `private`: it may be
    there and is never read.
    """
    fills: bool = False
    """Whether a cell that is merged over several rows means all of them."""


@dataclass(frozen=True)
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

    @cached_property
    def known(self) -> Mapping[str, str]:
        """Official head by normalised head."""
        return {normalise_word(head): c.name for c in self.every for head in (c.name, *c.aliases)}

    def named(self, use: Use) -> frozenset[str]:
        """Return the heads of the columns of one use."""
        return frozenset(c.name for c in self.every if c.use == use)

    @property
    def required(self) -> tuple[str, ...]:
        """Heads that must be there."""
        return tuple(c.name for c in self.columns if c.required)


_HEADER_WITHIN = 30
"""Rows in which the header must stand."""
NO_HEAD = "这一列有内容，没有表头"


@dataclass(frozen=True, slots=True)
class Header:
    """A recognised header."""

    row: int
    """1-based row, as Excel shows it."""
    form: Form
    """Which of the forms the table is in."""
    columns: Mapping[str, int]
    """0-based column of each head."""
    problems: tuple[Problem, ...] = ()
    """Heads that are unknown or repeated; the rest of the table can be read none the less."""


def find_header(grid: Grid, *forms: Form) -> Header:
    """Return the header of a table, wherever in the first rows it stands.

    Of the ``forms`` it may be in, the one is meant that wants fewest columns, and of these the one
    that uses most.

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
    hits = [len({_word(c) for c in cells} & known) for cells in grid.rows[:_HEADER_WITHIN]]
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
        return len(set(form.required) - {form.known.get(_word(head)) for head in row})

    known = {head for form in forms for head in form.known}
    best = index, heads(index)
    for upper in (index, index - 1):
        below = heads(upper + 1)
        both = [
            low if _word(low) in known or not up else up
            for up, low in zip(heads(upper), below, strict=True)
        ]
        is_head = any(_word(low) in known for low in below)
        if is_head and wanting(both) < wanting(best[1]):
            best = upper + 1, both
    return best


def _form(heads: Sequence[str], forms: Sequence[Form]) -> Form:
    def fit(form: Form) -> tuple[int, int]:
        found = {form.known.get(_word(head)) for head in heads}
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
        name, letter = form.known.get(_word(head)), column_letter(position)
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


_COUNTED_IN = re.compile(r"[（(](?:单位[:：]?)?[件人条次个宗份篇项家]次?[)）]\s*$")


def _word(head: str) -> str:
    """Reduce a head to its word, without the unit in which it is counted: 现行有效件数（件）."""
    return normalise_word(_COUNTED_IN.sub("", head))


def _first_filled(grid: Grid, start: int, position: int) -> int | None:
    """Return the row (1-based) of the first cell below the header in that column with a text."""
    for number, cells in enumerate(grid.rows[start:], start + 1):
        if position < len(cells) and cells[position].strip():
            return number
    return None


# What stands below a table.


_FOOTER = re.compile(
    r"\s*(填表人?|填报人?|填报单位|制表人?|制表单位|审核人?|审批人?|复核人?|校对人?|经办人|负责人"
    r"|单位负责人|部门负责人|分管领导|签发人?|联系人|联系电话|填表日期|填报日期|填报时间|制表日期"
    r"|制表时间|统计日期|报送日期|报送时间|备注|附注|说明|注)\s*[:：]"
)


def without_footers(grid: Grid) -> tuple[Grid, list[Reading]]:
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

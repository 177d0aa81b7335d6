"""The identities of table 3 in numbers: by how much each is off, and the one cell that explains it.

They are computed on the cells as handed in, so a typed total is held against its parts. Where no
total was typed the computed one makes its identity hold, and it is left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from nianbao.inputs.bundle import CellKey
from nianbao.inputs.values import Cell
from nianbao.statistics.arithmetic import plain, total
from nianbao.statistics.checks.running import Statistics
from nianbao.statutory import Format, cell_name

RECEIVED_ROWS = ("new", "carried_in")
HANDLED_ROWS = ("total", "carried_out")

Excess = Mapping[str, Decimal | None]
"""Left side less right side; None where a cell is not a number."""


@dataclass(frozen=True)
class Balance:
    """Excesses of B1, B2 and B3."""

    format: Format
    cells: Mapping[CellKey, Cell]
    """As handed in; a typed total stands in the place of the computed one."""
    typed: frozenset[CellKey]
    """The totals that were typed as numbers."""
    flow: Excess
    """B1 by column: 一 + 二 less （七）总计 + 四."""
    details: Excess
    """B2 by column: details less a typed （七）总计."""
    rows: Excess
    """B3 by row: applicants less a typed 总计."""

    def number(self, row: str, column: str) -> Decimal | None:
        """Return the value of a cell."""
        return self.cells[row, column].number

    def sum_of(self, keys: Iterable[CellKey]) -> Decimal | None:
        """Return the sum of some cells; None where one of them is not a number."""
        return total(self.cells[key] for key in keys)

    @property
    def detail_keys(self) -> tuple[str, ...]:
        """Rows that add up to （七）总计."""
        return tuple(row.key for row in self.format.outcome_rows)


def balance_of(s: Statistics) -> Balance:
    """Compute by how much each identity of this year's table 3 is off."""
    format_, cells = s.format, s.entered("requests")
    typed = frozenset(k for k, c in s.given_totals("requests").items() if c.is_number)
    details = tuple(row.key for row in format_.outcome_rows)

    def excess(left: list[CellKey], right: list[CellKey]) -> Decimal | None:
        first, second = total(cells[k] for k in left), total(cells[k] for k in right)
        return None if first is None or second is None else first - second

    flow = {
        c: excess([(r, c) for r in RECEIVED_ROWS], [(r, c) for r in HANDLED_ROWS])
        for c in format_.request_columns
        # The 总计 column follows from the six others unless somebody typed it.
        if c != format_.total or any((r, c) in typed for r in (*RECEIVED_ROWS, *HANDLED_ROWS))
    }
    columns = {
        c: excess([(r, c) for r in details], [("total", c)])
        for c in format_.request_columns
        if ("total", c) in typed
    }
    rows = {
        row.key: excess([(row.key, a) for a in format_.applicants], [(row.key, format_.total)])
        for row in format_.request_rows
        if (row.key, format_.total) in typed
    }
    return Balance(format_, cells, typed, flow, columns, rows)


@dataclass(frozen=True, slots=True)
class Cause:
    """The likely cause."""

    cells: tuple[CellKey, ...]
    """The cell to look at first."""
    rows: frozenset[str]
    columns: frozenset[str]
    """The broken identities that it explains."""
    words: str
    """A Chinese sentence."""


def find_causes(b: Balance) -> tuple[Cause, ...]:
    """Return the causes that explain broken rows and columns without another being as likely."""
    single = tuple(_wrong_cells(b))
    rows = {row for cause in single for row in cause.rows}
    columns = {column for cause in single for column in cause.columns}
    moved = (*_moved_rows(b, rows), *_moved_columns(b, columns))
    return (*single, *moved)


def _name(b: Balance, key: CellKey) -> str:
    return cell_name("requests", *key, b.format)


def _shift(b: Balance, key: CellKey, error: Decimal) -> tuple[Decimal, Decimal]:
    """Return what a cell that is too large by ``error`` does to B1 and B2 of its column."""
    row, column = key
    zero = Decimal(0)
    if row in RECEIVED_ROWS:
        return error, zero
    if row == "carried_out":
        return -error, zero
    if row == "total":
        return -error, -error
    # A detail: seen by B2 where （七）总计 was typed, else it runs through to B1.
    return (zero, error) if ("total", column) in b.typed else (-error, zero)


def _wrong_cells(b: Balance) -> Iterator[Cause]:
    """Yield the single cells that explain a broken row and a broken column at once."""
    found: list[tuple[CellKey, Decimal]] = []
    broken = {row: excess for row, excess in b.rows.items() if excess}
    for row, excess in broken.items():
        for column in b.format.request_columns:
            error = -excess if column == b.format.total else excess
            seen = (b.flow.get(column, Decimal(0)), b.details.get(column, Decimal(0)))
            number = b.number(row, column)
            explains = seen == _shift(b, (row, column), error)
            if explains and number is not None and number >= error:
                found.append(((row, column), number - error))
    for (row, column), expected in found:
        alike = [key for key, _ in found if row == key[0] or column == key[1]]
        if len(alike) == 1:
            words = _wrong_cell_words(b, (row, column), expected)
            yield Cause(((row, column),), frozenset({row}), frozenset({column}), words)


def _wrong_cell_words(b: Balance, key: CellKey, expected: Decimal) -> str:
    number = b.number(*key) or Decimal(0)
    words = (
        f"最可能是{_name(b, key)}有误：填的是{plain(number)}，改为{plain(expected)}则行、列都能合上"
    )
    if sorted(plain(number)) == sorted(plain(expected)):
        return f"{words}（疑数字顺序写颠倒）"
    if number == expected * 10:
        return f"{words}（疑多写了一个0）"
    if expected == number * 10:
        return f"{words}（疑少写了一个0）"
    neighbour = _neighbour(b, key, abs(number - expected))
    if neighbour:
        return f"{words}（差额与相邻的{_name(b, neighbour)}相同，疑填错行或重复计入）"
    return words


def _neighbour(b: Balance, key: CellKey, difference: Decimal) -> CellKey | None:
    """Return the cell above or below that holds just the difference."""
    keys = [row.key for row in b.format.request_rows]
    place = keys.index(key[0])
    for row in (*keys[max(place - 1, 0) : place], *keys[place + 1 : place + 2]):
        if b.number(row, key[1]) == difference:
            return row, key[1]
    return None


def _opposite(excesses: Excess, explained: set[str]) -> Iterator[tuple[str, str, Decimal]]:
    """Yield two that are off by opposite amounts, as (too little, too much, by how much).

    No third may be off.
    """
    off = {k: v for k, v in excesses.items() if v and k not in explained}
    if len(off) == 2:
        less, more = sorted(off, key=lambda each: off[each])
        if off[less] == -off[more]:
            yield less, more, off[more]


def _best(b: Balance, keys: list[CellKey], amount: Decimal) -> CellKey | None:
    """Return the only cell that holds the amount, else the only one that is large enough."""
    numbers = {key: b.number(*key) for key in keys}
    exact = [key for key, number in numbers.items() if number == amount]
    enough = [key for key, number in numbers.items() if number is not None and number >= amount]
    for candidates in (exact, enough):
        if len(candidates) == 1:
            return candidates[0]
    return None


def _moved_rows(b: Balance, explained: set[str]) -> Iterator[Cause]:
    """Yield a number that stands in the wrong row: two rows off, every column right."""
    for less, more, amount in _opposite(b.rows, explained):
        sides = [{less, more} <= set(group) for group in (RECEIVED_ROWS, b.detail_keys)]
        if any(b.flow.values()) or any(b.details.values()) or not any(sides):
            continue
        key = _best(b, [(more, applicant) for applicant in b.format.applicants], amount)
        if key:
            right = (less, key[1])
            words = f"最可能是{_name(b, key)}中的{plain(amount)}件填错了行，应填在{_name(b, right)}"
            yield Cause((key, right), frozenset({less, more}), frozenset(), words)


def _moved_columns(b: Balance, explained: set[str]) -> Iterator[Cause]:
    """Yield a number that stands under the wrong applicant: two columns off, every row right."""
    if any(b.rows.values()):
        return
    for less, more, amount in _opposite(b.details, explained):
        keys = [(row, more) for row in b.detail_keys]
        yield from _moved_column(b, keys, amount, {less, more})
    for less, more, amount in _opposite(b.flow, explained):
        # Too much received shows as too much; too much handled shows as too little.
        handled = ("carried_out",) if b.details else ("carried_out", *b.detail_keys)
        keys = [(row, more) for row in RECEIVED_ROWS] + [(row, less) for row in handled]
        yield from _moved_column(b, keys, amount, {less, more})


def _moved_column(
    b: Balance, keys: list[CellKey], amount: Decimal, columns: set[str]
) -> Iterator[Cause]:
    key = _best(b, keys, amount)
    if key and b.format.total not in columns:
        (other,) = columns - {key[1]}
        right = (key[0], other)
        words = f"最可能是{_name(b, key)}中的{plain(amount)}件填错了列，应填在{_name(b, right)}"
        yield Cause((key, right), frozenset(), frozenset(columns), words)


def column_hint(b: Balance, column: str, surplus: Decimal, rows: tuple[str, ...]) -> str:
    """Return what a broken column without a sure cause looks like; may be empty.

    ``surplus`` is by how much too many cases are shown as handled, negative for too few, and
    ``rows`` are those of the identity.
    """
    partial = b.number("partial", column) or Decimal(0)
    denied = ((row, column) for row in b.detail_keys if row.startswith("deny"))
    deny = b.sum_of(denied) or Decimal(0)
    if surplus > 0 and partial and (surplus == deny or surplus == partial <= deny):
        return (
            f"多出的{plain(surplus)}件与“（三）不予公开”各行有关：区分处理的申请只计入“（二）部分公开”，"
            "其中不公开部分的理由不再计入（三）"
        )
    return difference_hint(b, [(row, column) for row in rows], surplus)


def difference_hint(b: Balance, keys: list[CellKey], difference: Decimal) -> str:
    """Return what the difference alone tells; may be empty."""
    same = [key for key in keys if b.number(*key) == abs(difference)]
    if len(same) == 1:
        return f"差额恰为{_name(b, same[0])}的数，请核对它是否多计、漏计或填错了行"
    if difference % 9 == 0:
        return "差额是9的倍数，可能有数字顺序写颠倒"
    return ""

"""Say which cells of tables 3 and 4 are parts of which, by their names in a sentence.

The one statement of it: facts are named and shared out by it, a number is traced to its rows by
it, and the rules on prose ask it what a list must hold to be whole and what a share is of.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from types import MappingProxyType

from nianbao.statutory.model import Format

NEW, CARRIED_IN, RECEIVED = "新收申请", "上年结转申请", "收办申请"
FINISHED, CARRIED_OUT = "办结申请", "结转下年申请"
ORGANISATIONS = "法人"
LAWSUITS = "行政诉讼"


@dataclass(frozen=True, slots=True)
class Whole:
    """A number as a sentence names it: the cells it is the sum of, and what it is divided into."""

    name: str
    key: str
    """As the format names it: a row, a group of rows (`（三）不予公开`), a column."""
    table: str
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    """Their cells add up to the number."""
    parts: tuple[Whole, ...] = ()
    """A closed list: they add up to the number."""
    others: tuple[Whole, ...] = ()
    """Sums of some parts, and what divides the number in another way."""

    @property
    def cells(self) -> tuple[tuple[str, str], ...]:
        """The cells by row and column."""
        return tuple((row, column) for row in self.rows for column in self.columns)

    @property
    def below(self) -> tuple[Whole, ...]:
        """All numbers of which it is the whole."""
        return (*self.parts, *self.others)


def _of_requests(
    format_: Format, name: str, key: str, rows: tuple[str, ...], parts: Sequence[Whole] = ()
) -> Whole:
    """Return the rows of table 3 in total; divided by applicant, unless it has parts of its own."""

    def part(name: str, key: str, columns: tuple[str, ...]) -> Whole:
        return Whole(name, key, "requests", rows, columns)

    applicants = tuple(part(column, column, (column,)) for column in format_.applicants)
    organisations = part(ORGANISATIONS, "organisation", format_.organisations)
    others = (*applicants, organisations) if parts else (organisations,)
    total = (format_.total,)
    return Whole(name, key, "requests", rows, total, tuple(parts) or applicants, others)


def _outcomes(format_: Format) -> Iterator[Whole]:
    """Yield （一） to （六） of block 三; those given in detail have rows as parts."""
    total = (format_.total,)
    for key, group in groupby(format_.outcome_rows, lambda row: row.group or row.key):
        rows = tuple(group)
        name = (rows[0].group or rows[0].label).split("）", 1)[1].split("（")[0]
        details = [
            Whole(row.label.split(".", 1)[1], row.key, "requests", (row.key,), total)
            for row in rows
            if row.group
        ]
        yield _of_requests(format_, name, key, tuple(row.key for row in rows), details)


def _disputes(format_: Format) -> Iterator[Whole]:
    *results, total = format_.review_columns
    groups: dict[str, tuple[str, ...]] = {
        group.key: (group.key,) for group in format_.review_groups
    }
    groups[LAWSUITS] = tuple(g.key for g in format_.review_groups if g.head != g.key)
    for name, rows in groups.items():
        parts = tuple(Whole(r, r, "reviews", rows, (r,)) for r in results)
        yield Whole(name, name, "reviews", rows, (total,), parts)


def wholes(format_: Format) -> Mapping[str, Whole]:
    """Return the numbers of tables 3 and 4 by name, each with what it is divided into.

    Examples
    --------
    >>> from nianbao.statutory import load_format
    >>> finished = wholes(load_format())["办结申请"]
    >>> [part.name for part in finished.parts][:3]
    ['予以公开', '部分公开', '不予公开']
    """
    rows = {
        NEW: ("new",),
        CARRIED_IN: ("carried_in",),
        RECEIVED: ("new", "carried_in"),
        CARRIED_OUT: ("carried_out",),
    }
    outcomes = tuple(_outcomes(format_))
    found = [_of_requests(format_, name, "+".join(keys), keys) for name, keys in rows.items()]
    found.append(_of_requests(format_, FINISHED, "total", ("total",), outcomes))
    found += [*outcomes, *_disputes(format_)]
    return MappingProxyType({whole.name: whole for whole in found})


def whole_at(format_: Format, path: Sequence[str]) -> Whole | None:
    """Return the number that steps lead to (办结申请, 不予公开, 自然人); None where there is none.

    A step that is no part, such as 同比, is passed over.
    """
    first, *steps = path
    found = wholes(format_).get(first)
    for step in steps:
        if found is not None:
            found = next((part for part in found.below if part.name == step), found)
    return found

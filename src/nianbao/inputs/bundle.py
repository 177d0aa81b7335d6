"""Everything one report is made from, as frozen values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from nianbao.errors import Place, Problem
from nianbao.inputs.params import Agency, ReportParams
from nianbao.inputs.values import Cell, Reading

if TYPE_CHECKING:  # pandas takes longer to load than all the rest, and only names it here
    import pandas as pd

CellKey = tuple[str, str]
"""Row key and column label of a statutory cell."""
ReportCellKey = tuple[str, str, str]
"""The same with the key of its table before it."""


@dataclass(frozen=True, slots=True)
class NamedFigure:
    """A row of figures: any other number that the prose needs.

    ``cell`` keeps the state; a text value (``state`` TEXT) may be used in prose as it stands.
    """

    name: str
    cell: Cell
    unit: str
    note: str


@dataclass(frozen=True, slots=True)
class SectionText:
    """The bureau's own wording for a section, with placeholders, and where it stands."""

    key: str
    text: str
    place: Place


@dataclass(frozen=True, slots=True)
class Acknowledgement:
    """A finding that the bureau looked into: its key, the reason, and where it says so."""

    key: str
    reason: str
    place: Place


@dataclass(frozen=True, slots=True)
class EditedNumber:
    """A number that an edit of a finished file changed.

    ``before`` and ``after`` are as printed, ``near`` the words on both sides of it with the
    number, ``file`` the edited file, ``known`` what the data said of it then, if anything.

    One that is printed from the data is ``refused``: ``near`` is the name by which a text prints
    it, or that of its cell.
    """

    section: str
    before: str
    after: str
    near: str
    file: str
    known: str
    place: Place
    refused: bool = False


@dataclass(frozen=True)
class Inputs:
    """What a bureau handed in for one year."""

    agency: Agency
    params: ReportParams
    """Who reports, and the parameters of this report."""
    disclosures: pd.DataFrame | None
    """渠道, 类别, 条数 (object column of `Cell`), or None when nothing was handed in."""
    decisions: Mapping[CellKey, Cell]
    """Cells of table 2 by (row label, column label); a row that is missing is EMPTY."""
    requests: pd.DataFrame | None
    """One row a request or a group of requests, in one form for both kinds of ledger: `source`
    (`new` or `carried_in`), `applicant` (column label), `outcome` (row key of block 三, or
    `carried_out`), `count` (int). None when no ledger was handed in; no rows when the ledger holds
    its header alone: no request. Counted relative to `params.year` (in by 收到日期, out by
    答复日期).
    """
    requests_table: Mapping[CellKey, Cell] | None
    """Cells of the official matrix by (row key, column label), 总计 included when given; None when
    no matrix was handed in.
    """
    reviews: Mapping[CellKey, Cell] | None
    """Cells of table 4 by (group key, column label), a given 总计 included; None if no file."""
    figures: Mapping[str, NamedFigure]
    """By name, in the order of the file."""
    narrative: Mapping[str, SectionText]
    """The bureau's wording by section id, in the order of the file."""
    files: Mapping[str, str]
    """Project-relative path of each file read and its SHA-256, sorted by path."""
    previous: Inputs | None = None
    """Last year's inputs, or None when there is no folder for it."""
    earlier: tuple[Inputs, ...] = ()
    """The years before `previous` that can be read, oldest first: tables and `figures` alone,
    without wording, cases and parameters of their own.
    """
    unread: Mapping[int, tuple[Problem, ...]] = field(default_factory=dict)
    """Those that cannot, and what is wrong with their files."""
    acknowledged: Mapping[str, Acknowledgement] = field(default_factory=dict)
    """Findings that were looked into, by key, in the order of the file."""
    cases: pd.DataFrame | None = None
    """The requests of this report one by one, where the ledger tells them so; no applicant is named
    in it. The columns of `inputs.request_timeline.read_life`, `answered` (0: not yet), `source`,
    `applicant`, `outcome` and `channel` as in `requests`.
    """
    case_columns: frozenset[str] = frozenset()
    """Heads that the ledger of cases has: a column that is not there tells nothing, not zero."""
    children: tuple[Inputs, ...] = ()
    """Of a government: the units below it that handed in data for this year, each with its own
    children and its own `previous`.
    """
    missing: tuple[str, ...] = ()
    """Of a government: names of the units right below it without data for this year."""
    units: tuple[Inputs, ...] = ()
    claimed: Inputs | None = None
    """Set by `nianbao.statistics.rollup.consolidate`: what is summed, and the sums that the
    government handed in itself, to be compared.
    """
    overruled: Mapping[str, SectionText] = field(default_factory=dict)
    """Texts of the workbook for sections that narrative.md has in other words."""
    edited_numbers: tuple[EditedNumber, ...] = ()
    """Numbers that edits of finished files changed in the texts; each is reported until it is
    acknowledged.
    """
    readings: tuple[Reading, ...] = ()
    """What was read otherwise than it stands there, and what was not counted."""
    # Only where reading goes on after a problem: the tables of which something cannot be read,
    # each with the problems of its cells; none where the table could not be opened. A cell of
    # tables 2 to 4 is UNREAD then; of any other table nothing is known.
    waiting: Mapping[str, tuple[Problem, ...]] = field(default_factory=dict)

"""The rows of a table as the clerk wrote them, by official head: to be written out again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from nianbao.files.grids import Grid
from nianbao.inputs.ledgers import ACKNOWLEDGED_FORM, COUNT_FORM, FIGURE_FORM, ITEM_FORM
from nianbao.inputs.matrices import REVIEW_CASES, REVIEW_SUMS, decisions_form, requests_table_form
from nianbao.inputs.records import Form, read_records
from nianbao.inputs.request_ledger import CASE_FORM, GROUP_FORM
from nianbao.statutory import Format

Row = Mapping[str, str]


@dataclass(frozen=True)
class TableRows:
    """A table as texts.

    Parameters
    ----------
    heads
        Official heads in the order of the file; private columns are left out.
    rows
        Text by head.
    """

    heads: tuple[str, ...]
    rows: Sequence[Row]

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

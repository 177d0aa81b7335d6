"""The tree of wholes and parts: what its parts add up to, in any table that is right."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st
from tests.prose.review.cases import make_tables

from nianbao.prose.review.cells import Cells
from nianbao.statutory import load_format
from nianbao.statutory.wholes import FINISHED, RECEIVED, Whole, whole_at, wholes

FORMAT = load_format()
TREE = wholes(FORMAT)
APPLICANTS = st.lists(st.integers(0, 99), min_size=6, max_size=6)


def every(whole: Whole) -> list[Whole]:
    """A whole and all that is below it."""
    return [whole, *(found for part in whole.below for found in every(part))]


@given(st.lists(APPLICANTS, min_size=len(FORMAT.outcome_rows), max_size=len(FORMAT.outcome_rows)),
       APPLICANTS, st.lists(st.integers(0, 9), min_size=4, max_size=4))  # fmt: skip
def test_parts_add_up_to_their_whole(
    outcomes: list[list[int]], carried: list[int], results: list[int]
) -> None:
    keys = [row.key for row in FORMAT.outcome_rows]
    finished = [sum(column) for column in zip(*outcomes, strict=True)]
    rows = {**dict(zip(keys, outcomes, strict=True)), "new": finished, "carried_in": carried}
    rows |= {"carried_out": carried}
    given = {
        "requests": {key: [*row, sum(row)] for key, row in rows.items()},
        "reviews": {group.key: results for group in FORMAT.review_groups},
    }
    cells = Cells(FORMAT, make_tables(given, FORMAT))
    for whole in (found for top in TREE.values() for found in every(top) if found.parts):
        parts = [cells.of(part).value or Decimal(0) for part in whole.parts]
        assert cells.of(whole).value == sum(parts), whole.name


def test_every_outcome_is_a_part_of_what_was_finished() -> None:
    rows = [row for part in TREE[FINISHED].parts for row in part.rows]
    assert rows == [row.key for row in FORMAT.outcome_rows]


def test_a_path_leads_to_its_cells_and_passes_over_forms() -> None:
    found = whole_at(FORMAT, ("办结申请", "不予公开", "属于国家秘密", "同比"))
    assert found is not None
    assert found.cells == (("deny_1", "总计"),)
    both = whole_at(FORMAT, (RECEIVED, "法人"))
    assert both is not None
    assert both.rows == ("new", "carried_in")
    assert whole_at(FORMAT, ("主动公开",)) is None

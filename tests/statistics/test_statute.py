"""What the notebook's cells count is what the report counts, whoever hands it in."""

from __future__ import annotations

import pandas as pd
from hypothesis import given, settings
from tests.statistics.factory import FORMAT, decisions, ledger, make_inputs, matrix
from tests.statistics.strategies import inputs_of_every_kind

from nianbao.inputs.bundle import Inputs
from nianbao.notebook.frames import (
    cases_frame,
    decisions_frame,
    requests_table_frame,
    reviews_frame,
    table_frame,
)
from nianbao.statistics.rollup import consolidate
from nianbao.statistics.statute import count_requests, sum_decisions, sum_reviews
from nianbao.statistics.tables import build_tables


def same(inputs: Inputs) -> None:
    """The three frames hold the numbers of the three tables, NA where a table has None."""
    inputs = consolidate(inputs)
    tables = build_tables(inputs, FORMAT)
    counted = {
        "requests": count_requests(
            cases_frame(inputs, FORMAT), requests_table_frame(inputs, FORMAT)
        ),
        "decisions": sum_decisions(decisions_frame(inputs, FORMAT)),
        "reviews": sum_reviews(reviews_frame(inputs, FORMAT)),
    }
    for key, frame in counted.items():
        right = table_frame(tables[key], FORMAT)
        for row, column in tables[key].cells:
            label = FORMAT.request_row(row).path if key == "requests" else row
            found, wanted = frame.at[label, column], right.at[label, column]
            assert (pd.isna(found) and pd.isna(wanted)) or found == wanted, (key, row, column)


@settings(max_examples=12)
@given(inputs_of_every_kind())
def test_cells_of_every_kind_of_report(every: tuple[Inputs, ...]) -> None:
    for inputs in every:
        same(inputs)


def test_totals_stand_where_nothing_else_was_handed_in() -> None:
    alone = matrix({"total": ["3", None, None, None, None, None, "9"]})
    same(make_inputs(requests_table=alone))


def test_counts_are_whole_and_money_is_exact() -> None:
    inputs = make_inputs(decisions_=decisions(行政事业性收费=["46.2870"]), requests=ledger())
    frame = sum_decisions(decisions_frame(inputs, FORMAT))
    assert str(frame.iloc[-1, -1]) == "46.2870"
    assert {str(frame[c].dtype) for c in frame.columns[:-1]} == {"Int64"}
    table = count_requests(cases_frame(inputs, FORMAT), requests_table_frame(inputs, FORMAT))
    assert set(map(str, table.dtypes)) == {"Int64"}

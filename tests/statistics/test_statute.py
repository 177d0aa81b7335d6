"""What the notebook's cells count is what the report counts, whoever hands it in."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
from hypothesis import given, settings
from tests.statistics.factory import FORMAT, decisions, ledger, make_inputs, matrix, reviews
from tests.statistics.test_recount import ledgers, matrices, results, values

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
@given(ledgers, matrices, results, values)
def test_cells_of_every_kind_of_report(
    cases: list[tuple[str, str, str, int]], given_: dict[str, list[str | None]],
    outcomes: dict[str, list[str | None]], permits: str,
) -> None:  # fmt: skip
    own = {"reviews_": reviews(**outcomes), "decisions_": decisions(行政许可=[permits])}
    by_ledger = make_inputs(requests=ledger(cases), **own)
    by_matrix = make_inputs(requests_table=matrix(given_), **own)
    same(by_ledger)
    same(by_matrix)
    unit = by_matrix.agency.model_copy(update={"code": "shili-er", "name": "示例县乙局"})
    town = by_ledger.agency.model_copy(update={"kind": "township", "name": "示例县甲镇"})
    same(replace(by_ledger, agency=town, children=(replace(by_matrix, agency=unit),)))


def test_counts_are_whole_and_money_is_exact() -> None:
    inputs = make_inputs(decisions_=decisions(行政事业性收费=["46.2870"]), requests=ledger())
    frame = sum_decisions(decisions_frame(inputs, FORMAT))
    assert str(frame.iloc[-1, -1]) == "46.2870"
    assert {str(frame[c].dtype) for c in frame.columns[:-1]} == {"Int64"}
    table = count_requests(cases_frame(inputs, FORMAT), requests_table_frame(inputs, FORMAT))
    assert set(map(str, table.dtypes)) == {"Int64"}

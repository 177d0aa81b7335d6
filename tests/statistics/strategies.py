"""Random ledgers and matrices for property tests."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import strategies as st
from tests.statistics.factory import (
    FORMAT,
    Case,
    decisions,
    ledger,
    make_inputs,
    matrix,
    reviews,
)

from nianbao.inputs.bundle import Inputs

OUTCOMES = (*(row.key for row in FORMAT.outcome_rows), "carried_out")


def _ledgers(counts: st.SearchStrategy[int], most: int) -> st.SearchStrategy[list[Case]]:
    source = st.sampled_from(["new", "carried_in"])
    case = st.tuples(source, st.sampled_from(FORMAT.applicants), st.sampled_from(OUTCOMES), counts)
    return st.lists(case, max_size=most)


ledgers = _ledgers(st.integers(0, 300), 40)


def slow_count(ledger: list[Case]) -> dict[str, list[int]]:
    """Table 3 counted one case at a time, as a clerk would with tally marks: rows of seven."""
    rows = {row.key: [0] * 7 for row in FORMAT.request_rows}
    for source, applicant, outcome, count in ledger:
        column = FORMAT.applicants.index(applicant)
        marked = [source, outcome] + (["total"] if outcome != "carried_out" else [])
        for row in marked:
            rows[row][column] += count
            rows[row][6] += count
    return rows


def as_texts(rows: dict[str, list[int]]) -> dict[str, list[str | None]]:
    """A complete matrix with typed totals."""
    return {row: [str(number) for number in numbers] for row, numbers in rows.items()}


values = st.sampled_from(["0", "3", "12", "", "/"])
_matrices = st.dictionaries(
    st.sampled_from([row.key for row in FORMAT.request_rows]),
    st.lists(values, min_size=6, max_size=7),
)
_results = st.dictionaries(
    st.sampled_from([group.key for group in FORMAT.review_groups]),
    st.lists(values, min_size=4, max_size=5),
)
_large = _ledgers(st.integers(1, 10**9), 8)


@st.composite
def inputs_of_every_kind(draw: st.DrawFn) -> tuple[Inputs, Inputs, Inputs]:
    """A bureau with a ledger, one with a matrix, and a town that sums both."""
    own = {
        "reviews_": reviews(**draw(_results)),
        "decisions_": decisions(行政许可=[draw(values)]),
    }
    by_ledger = make_inputs(requests=ledger(draw(_large)), **own)
    by_matrix = make_inputs(requests_table=matrix(draw(_matrices)), **own)
    unit = by_matrix.agency.model_copy(update={"code": "shili-er", "name": "示例县乙局"})
    town = by_ledger.agency.model_copy(update={"kind": "township", "name": "示例县甲镇"})
    below = replace(by_matrix, agency=unit)
    return by_ledger, by_matrix, replace(by_ledger, agency=town, children=(below,))

"""Random ledgers and matrices for property tests."""

from __future__ import annotations

from hypothesis import strategies as st
from tests.statistics.factory import FORMAT, Case

OUTCOMES = (*(row.key for row in FORMAT.outcome_rows), "carried_out")

cases = st.tuples(
    st.sampled_from(["new", "carried_in"]),
    st.sampled_from(FORMAT.applicants),
    st.sampled_from(OUTCOMES),
    st.integers(0, 300),
)
ledgers: st.SearchStrategy[list[Case]] = st.lists(cases, max_size=40)


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

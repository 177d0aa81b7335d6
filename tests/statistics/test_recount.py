"""The second count gives what the first gives, whatever was handed in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.counties import write_county
from tests.statistics.factory import CODE, FORMAT, decisions, ledger, make_inputs, matrix, reviews

from nianbao.files.grids import Grid
from nianbao.inputs.bundle import Inputs
from nianbao.inputs.load import list_reports, load_this_year
from nianbao.inputs.request_ledger import read_ledger
from nianbao.statistics.recount import recount
from nianbao.statistics.rollup import consolidate
from nianbao.statistics.tables import build_tables
from nianbao.statutory import TABLE_NUMBERS

OUTCOMES = [*(row.key for row in FORMAT.outcome_rows), "carried_out"]
ROWS = [row.key for row in FORMAT.request_rows]
values = st.sampled_from(["0", "3", "12", "", "/"])
ledgers = st.lists(
    st.tuples(
        st.sampled_from(["new", "carried_in"]),
        st.sampled_from(FORMAT.applicants),
        st.sampled_from(OUTCOMES),
        st.integers(1, 10**9),
    ),
    max_size=8,
)
matrices = st.dictionaries(st.sampled_from(ROWS), st.lists(values, min_size=6, max_size=7))
groups = [group.key for group in FORMAT.review_groups]
results = st.dictionaries(st.sampled_from(groups), st.lists(values, min_size=4, max_size=5))
days = st.dates(min_value=date(2022, 6, 1), max_value=date(2025, 6, 1))


def same(inputs: Inputs) -> None:
    """Both counts know the same numbers of the same 200 cells."""
    inputs = consolidate(inputs)
    tables = build_tables(inputs, FORMAT)
    first = {(t, key): c.number for t in TABLE_NUMBERS for key, c in tables[t].cells.items()}
    second = recount(inputs, FORMAT)
    assert len(second) == FORMAT.cell_count
    assert second == first


@settings(max_examples=30)
@given(ledgers, matrices, results, values)
def test_ledgers_and_matrices(
    cases: Iterable[tuple[str, str, str, int]], given_: dict[str, list[str | None]],
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


@given(st.lists(st.tuples(days, st.none() | days, st.sampled_from(FORMAT.applicants)), max_size=6))
def test_cases_by_their_days(cases: list[tuple[object, object, str]]) -> None:
    rows = [["登记号", "收到日期", "申请人类型", "办理结果", "答复日期"]]
    for number, (received, answered, applicant) in enumerate(cases):
        late = answered is not None and answered >= received
        outcome, day = ("予以公开", f"{answered}") if late else ("", "")
        rows.append([f"{number}", f"{received}", applicant, outcome, day])
    found = read_ledger(Grid("requests.csv", None, rows), 2024, FORMAT)
    same(replace(make_inputs(requests=found.counts), cases=found.cases))


def test_a_county_from_its_files(tmp_path: Path) -> None:
    root = write_county(tmp_path)
    for agency, year in list_reports(root):
        inputs = load_this_year(root, agency, year)
        assert inputs.previous is None
        same(inputs)
    assert CODE not in {agency for agency, _ in list_reports(root)}

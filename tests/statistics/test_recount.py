"""The second count gives what the first gives, whatever was handed in."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.counties import write_county
from tests.statistics.factory import CODE, FORMAT, make_inputs
from tests.statistics.strategies import inputs_of_every_kind

from nianbao.files.grids import Grid
from nianbao.inputs.bundle import Inputs
from nianbao.inputs.load import list_reports, load_this_year
from nianbao.inputs.request_ledger import read_ledger
from nianbao.statistics.recount import recount
from nianbao.statistics.rollup import consolidate
from nianbao.statistics.tables import build_tables
from nianbao.statutory import TABLE_NUMBERS

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
@given(inputs_of_every_kind())
def test_ledgers_and_matrices(every: tuple[Inputs, ...]) -> None:
    for inputs in every:
        same(inputs)


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

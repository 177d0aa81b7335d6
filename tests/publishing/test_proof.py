"""Nothing is published that does not say what the data say."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import nbformat
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.counties import write_county
from tests.projects import WORKED, copy_project
from tests.statistics.factory import CODE, FORMAT, make_inputs
from tests.statistics.strategies import inputs_of_every_kind

from nianbao.errors import ExportError, FindingsError
from nianbao.files.grids import Grid
from nianbao.inputs.bundle import Inputs
from nianbao.inputs.children import read_profiles
from nianbao.inputs.load import list_reports, load_this_year
from nianbao.inputs.request_ledger import read_ledger
from nianbao.inputs.values import Cell, State
from nianbao.notebook.blocks import BLOCK_MIME
from nianbao.notebook.record import RECORD_MIME, find_record, record_to_json
from nianbao.notebook.report import Report
from nianbao.publishing.build import BuildResult, build_report
from nianbao.publishing.proof import Expected, prove, recount
from nianbao.statistics.rollup import consolidate
from nianbao.statistics.tables import build_tables
from nianbao.statutory import TABLE_NUMBERS


def open_set(root: Path, result: BuildResult) -> tuple[object, Report]:
    notebook = nbformat.read(result.folder / "report.ipynb", as_version=4)
    return notebook, Report.open(*WORKED, root=root)


def test_a_finished_set_is_proved(worked_project: Path, worked: BuildResult) -> None:
    notebook, report = open_set(worked_project, worked)
    prove(notebook, Expected.of(report), worked.folder, ("示例县司法局",))


def test_a_page_that_says_another_number_is_not_published(
    worked_project: Path, worked: BuildResult, tmp_path: Path
) -> None:
    notebook, report = open_set(worked_project, worked)
    page = (worked.folder / "report.html").read_text(encoding="utf-8")
    (tmp_path / "report.html").write_text(page.replace("2017", "2018"), encoding="utf-8")
    with pytest.raises(ExportError):
        prove(notebook, Expected.of(report), tmp_path, ())


def test_another_agencys_notebook_is_refused(worked_project: Path, worked: BuildResult) -> None:
    notebook, report = open_set(worked_project, worked)
    other = report.inputs.agency.model_copy(update={"code": "shili-sfj", "name": "示例县司法局"})
    mixed = replace(report, inputs=replace(report.inputs, agency=other))
    with pytest.raises(ExportError, match="别的报告"):
        prove(notebook, Expected.of(mixed), worked.folder, ())


def test_data_that_changed_while_the_notebook_ran_are_noticed(
    worked_project: Path, worked: BuildResult
) -> None:
    notebook, report = open_set(worked_project, worked)
    figures = dict(report.inputs.figures)
    trained = figures["培训次数"]
    figures["培训次数"] = replace(trained, cell=replace(trained.cell, number=Decimal(3)))
    changed = replace(report, inputs=replace(report.inputs, figures=figures))
    with pytest.raises(ExportError, match="重新生成"):
        prove(notebook, Expected.of(changed), worked.folder, ())


def grids(notebook: Any) -> Iterator[dict[str, Any]]:
    for cell in notebook.cells:
        for output in cell.get("outputs", ()):
            block = output.get("data", {}).get(BLOCK_MIME, {})
            if block.get("type") == "grid":
                yield block


def test_a_cell_that_shows_another_number_is_named(
    worked_project: Path, worked: BuildResult
) -> None:
    notebook, report = open_set(worked_project, worked)
    block = next(grid for grid in grids(notebook) if grid["key"] == "requests")
    value = next(c for row in block["rows"] for c in row if c["kind"] == "value")
    value["text"] = "12"
    with pytest.raises(ExportError, match=r"第\d+格.*表三.*与台账不一致.*“12”.*“0”"):
        prove(notebook, Expected.of(report), worked.folder, ())


def test_what_a_cell_does_to_the_numbers_that_were_read_is_not_published(tmp_path: Path) -> None:
    """In this process the notebook holds the very objects that the build counted."""
    root = copy_project(tmp_path, WORKED[0])
    file = root / "notebooks/report.ipynb"
    notebook = nbformat.read(file, as_version=4)
    at = next(i for i, c in enumerate(notebook.cells) if "report.table(" in c.source)
    source = 'report.tables["decisions"].frame.loc["行政许可", :] = 7'
    notebook.cells.insert(at, nbformat.v4.new_code_cell(source))
    nbformat.write(notebook, file)
    with pytest.raises(ExportError, match="行政许可"):
        build_report(root, *WORKED)


def test_a_fact_that_the_data_do_not_give_is_not_published(
    worked_project: Path, worked: BuildResult
) -> None:
    notebook, report = open_set(worked_project, worked)
    record = find_record(notebook)
    false = {**record.facts, "新收申请": replace(record.facts["新收申请"], text="9")}
    for cell in notebook.cells:
        for output in cell.get("outputs", ()):
            if RECORD_MIME in output.get("data", {}):
                output.data[RECORD_MIME] = record_to_json(replace(record, facts=false))
    with pytest.raises(ExportError, match="“新收申请”与数据不一致"):
        prove(notebook, Expected.of(report), worked.folder, ())


def test_names_of_the_other_agencies(repository: Path) -> None:
    names = read_profiles(repository).names_beside("yiyuan-sfj")
    assert "沂源县司法局" not in names
    assert "示例县自然资源和规划局" in names


def test_errors_stop_a_report_whose_notebook_no_longer_checks(tmp_path: Path) -> None:
    root = copy_project(tmp_path, WORKED[0])
    file = root / "notebooks/report.ipynb"
    notebook = nbformat.read(file, as_version=4)
    notebook.cells = [c for c in notebook.cells if c.source != "report.check()"]
    nbformat.write(notebook, file)
    with (root / "data/yiyuan-sfj/2024/reviews.csv").open("a", encoding="utf-8") as reviews:
        reviews.write("行政复议,总计,9\n")
    with pytest.raises(FindingsError):
        build_report(root, *WORKED)


days = st.dates(min_value=date(2022, 6, 1), max_value=date(2025, 6, 1))


def same(inputs: Inputs) -> None:
    """Both counts know the same numbers of the same 200 cells."""
    inputs = consolidate(inputs)
    tables = build_tables(inputs, FORMAT)
    first = {(t, key): c.number for t in TABLE_NUMBERS for key, c in tables[t].cells.items()}
    second = recount(inputs, FORMAT)
    assert len(second) == FORMAT.cell_count
    assert second == first


def test_a_fraction_is_no_count_and_money_keeps_it() -> None:
    cell = Cell(State.NUMBER, Decimal("1.5"))
    fee = next(key for key in FORMAT.decision_cells if key[1] in FORMAT.money_columns)
    inputs = replace(make_inputs(), decisions={("行政处罚", "本年处理决定数量"): cell, fee: cell})
    counted = recount(inputs, FORMAT)
    assert counted["decisions", ("行政处罚", "本年处理决定数量")] is None
    assert counted["decisions", fee] == Decimal("1.5")


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

"""The samples in params/ and data/ load, say what they should, and agree from year to year."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest

from nianbao.inputs.bundle import Inputs
from nianbao.inputs.load import load_inputs
from nianbao.statistics.checks import Statistics, run_checks
from nianbao.statistics.model import Finding
from nianbao.statistics.tables import build_tables
from nianbao.statutory import load_format

ROOT = Path(__file__).parents[1]
FORMAT = load_format()
WORKED = "yiyuan-sfj"
INVENTED = ("shili-zrzyj", "shili-qinghe-zhen", "shili-scjgj")
EXPLAINED = {("shili-zrzyj", 2024): {"V5", "Y2"}}
"""Warnings that a sample shows on purpose; its 说明 column and its prose give the reason."""


@cache
def sample(agency: str, year: int) -> Inputs:
    return load_inputs(ROOT, agency, year)


def findings(agency: str, year: int) -> tuple[Finding, ...]:
    inputs = sample(agency, year)
    before = build_tables(inputs.previous, FORMAT) if inputs.previous else None
    return run_checks(Statistics(inputs, build_tables(inputs, FORMAT), before, FORMAT))


def disclosed(agency: str, year: int) -> Counter[str]:
    """Items by channel."""
    ledger = sample(agency, year).disclosures
    assert ledger is not None
    counts: Counter[str] = Counter()
    for channel, cell in zip(ledger["渠道"], ledger["条数"], strict=True):
        counts[channel] += int(cell.number)
    return counts


def test_every_folder_of_data_is_a_sample_and_has_its_parameters() -> None:
    years = {(f.parent.name, f.name) for f in (ROOT / "data").glob("*/*") if f.is_dir()}
    assert years == {(a, y) for a in (WORKED, *INVENTED) for y in ("2023", "2024")}
    assert all((ROOT / f"params/{agency}/{year}.yaml").is_file() for agency, year in years)


def test_the_worked_example_adds_up_to_the_published_sums() -> None:
    counts = disclosed(WORKED, 2024)
    assert counts["政府网站"] == 571
    assert counts["“沂源司法”微信公众号"] == 1120
    assert counts["“沂源融媒”政务号"] == 326
    assert counts.total() == 2017


def test_the_worked_example_names_nineteen_categories_on_the_website() -> None:
    ledger = sample(WORKED, 2024).disclosures
    assert ledger is not None
    assert ledger.loc[ledger["渠道"] == "政府网站", "类别"].nunique() == 19


def test_the_worked_example_had_two_requests_last_year_and_none_this_year() -> None:
    inputs = sample(WORKED, 2024)
    assert inputs.requests is not None
    assert inputs.requests.empty
    assert inputs.previous is not None
    now = build_tables(inputs, FORMAT)["requests"].frame
    last = build_tables(inputs.previous, FORMAT)["requests"].frame
    assert (now == 0).all(axis=None)
    assert last.at["new", "总计"] == 2


def test_nothing_else_is_known_of_the_worked_example_in_the_year_before() -> None:
    inputs = sample(WORKED, 2023)
    given = inputs.requests_table or {}
    assert {key for key, cell in given.items() if cell.is_number} == {("new", "总计")}
    assert inputs.disclosures is None
    assert inputs.reviews is None


@pytest.mark.parametrize("agency", INVENTED)
@pytest.mark.parametrize("year", [2023, 2024])
def test_an_invented_bureau_is_free_of_errors_and_of_unexplained_warnings(
    agency: str, year: int
) -> None:
    found = findings(agency, year)
    assert [f.message for f in found if f.severity == "error"] == []
    warnings = {f.id for f in found if f.severity == "warning"}
    assert warnings == EXPLAINED.get((agency, year), set())


@pytest.mark.parametrize("agency", INVENTED)
def test_what_was_carried_out_is_carried_in_by_kind_of_applicant(agency: str) -> None:
    now = build_tables(sample(agency, 2024), FORMAT)["requests"].frame
    last = build_tables(sample(agency, 2023), FORMAT)["requests"].frame
    assert list(now.loc["carried_in"]) == list(last.loc["carried_out"])
    assert now.at["carried_in", "总计"] != 0


def test_the_large_ledger_shows_every_kind_of_applicant_and_of_outcome() -> None:
    frame = build_tables(sample("shili-zrzyj", 2024), FORMAT)["requests"].frame
    assert frame.at["new", "总计"] == 40
    assert (frame.loc["new"] > 0).all()
    groups = {row.group or row.label for row in FORMAT.outcome_rows}
    seen = {r.group or r.label for r in FORMAT.outcome_rows if frame.at[r.key, "总计"]}
    assert seen == groups
    assert frame.at["carried_out", "总计"] == 4


def test_awkward_writing_is_read_as_it_was_meant() -> None:
    surveyors = build_tables(sample("shili-zrzyj", 2024), FORMAT)["decisions"].cells
    assert surveyors["行政许可", "本年处理决定数量"].number == 523
    assert surveyors["行政规范性文件", "本年制发件数"].note == "其中修订1件"
    market = build_tables(sample("shili-scjgj", 2024), FORMAT)["decisions"].frame
    assert market.at["行政许可", "本年处理决定数量"] == 9102
    assert market.at["行政处罚", "本年处理决定数量"] == 1263
    assert market.at["行政事业性收费", "本年收费金额（单位：万元）"] == Decimal("46.2875")
    assert disclosed("shili-zrzyj", 2024)["政府网站"] == 703
    assert disclosed("shili-qinghe-zhen", 2024).total() == 87


def test_nobody_can_take_an_invented_bureau_for_a_real_one() -> None:
    for agency in INVENTED:
        card = sample(agency, 2024).agency
        assert card.name.startswith("示例县")
        assert card.postcode == "000000"
        assert card.phone == "0000-0000000"
        assert (card.email or "").endswith("@example.invalid")
        assert "example.invalid" in (card.website or "")

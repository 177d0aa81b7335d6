"""The invented county: plausible, without a fault, and what happens when one is put in."""

from __future__ import annotations

import csv
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest
from tests.counties import COUNTY, make_county_module, write_county

from nianbao.inputs.load import list_agencies, load_inputs
from nianbao.statistics.checks import build_statistics, run_checks
from nianbao.statistics.model import Finding
from nianbao.statistics.tables import build_tables
from nianbao.statutory import load_format

pytestmark = pytest.mark.slow

FORMAT = load_format()
YEARS = (2022, 2023, 2024)
PEOPLE = {"王", "李", "张", "刘", "陈"}
loaded = cache(load_inputs)
"""No test changes files that it has loaded."""


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The whole county, only read."""
    return write_county(tmp_path_factory.mktemp("county"))


def findings(root: Path, agency: str, year: int) -> tuple[Finding, ...]:
    """What the checks of the tables find."""
    return run_checks(build_statistics(loaded(root, agency, year), FORMAT))


def files(root: Path) -> dict[str, bytes]:
    """What was written, by path."""
    folders = (root / "params", root / "data")
    found = (p for folder in folders for p in folder.rglob("*") if p.is_file())
    return {p.relative_to(root).as_posix(): p.read_bytes() for p in found}


def test_one_seed_writes_the_same_bytes_and_another_does_not(tmp_path: Path) -> None:
    make = make_county_module().write_county
    for name, seed in (("a", 1), ("b", 1), ("c", 2)):
        make(tmp_path / name, seed, 3)
    assert files(tmp_path / "a") == files(tmp_path / "b")
    assert files(tmp_path / "a") != files(tmp_path / "c")


def test_one_more_unit_changes_no_other(tmp_path: Path) -> None:
    make = make_county_module().write_county
    make(tmp_path / "a", 1, 3)
    make(tmp_path / "b", 1, 4)
    assert files(tmp_path / "a").items() < files(tmp_path / "b").items()


def test_what_is_there_is_not_overwritten(tmp_path: Path) -> None:
    make = make_county_module().write_county
    make(tmp_path, 1, 1)
    before = files(tmp_path)
    with pytest.raises(SystemExit):
        make(tmp_path, 2, 1)
    assert files(tmp_path) == before


def test_it_has_a_dozen_bureaus_and_townships_and_nobody_takes_them_for_real(county: Path) -> None:
    agencies = list_agencies(county)
    assert len(agencies) == 18
    for agency in agencies:
        card = loaded(county, agency, 2024).agency
        assert card.name.startswith("示例县")
        assert card.postcode == "000000"
        assert (card.email or "").endswith("@example.invalid")
    text = b"".join(files(county).values()).decode()
    assert not any(f"申请人{name}" in text for name in PEOPLE)


@pytest.mark.parametrize("year", YEARS)
def test_no_unit_gives_an_error_or_a_warning_in_any_year(county: Path, year: int) -> None:
    reported = [
        f"{agency} {f.id} {f.message}"
        for agency in list_agencies(county)
        for f in findings(county, agency, year)
        if f.severity != "info"
    ]
    assert reported == []


def test_the_ledgers_are_kept_in_three_ways(county: Path) -> None:
    heads = {f.read_text("utf-8").split(",")[0] for f in county.glob("data/*/2024/requests*.csv")}
    assert heads == {"登记号", "来源", "项目"}


def test_the_governments_table_2_is_what_the_files_add_up_to(county: Path) -> None:
    """Read with nothing of ours but the csv module."""
    slow: dict[tuple[str, str], Decimal] = {}
    for file in county.glob("data/*/2024/decisions.csv"):
        with file.open(encoding="utf-8") as stream:
            for row in csv.DictReader(stream):
                for column, text in row.items():
                    if text and column not in ("项目", "说明"):
                        key = (row["项目"], column.replace("（万元）", "（单位：万元）"))
                        slow[key] = slow.get(key, Decimal(0)) + Decimal(text)
    cells = build_tables(loaded(county, *COUNTY), FORMAT)["decisions"].cells
    assert {key: cell.number for key, cell in cells.items()} == slow
    assert slow["行政许可", "本年处理决定数量"] > 1000


def test_the_governments_tables_are_what_the_units_tables_add_up_to(county: Path) -> None:
    area = loaded(county, *COUNTY)
    tables = build_tables(area, FORMAT)
    below = [code for code in list_agencies(county) if code != COUNTY[0]]
    units = [build_tables(loaded(county, code, 2024), FORMAT) for code in below]
    own = dict(tables["requests"].units)["本级"]
    for key in ("requests", "reviews"):
        mine = dict(tables[key].units)["本级"]
        for cell, summed in tables[key].cells.items():
            slow = mine.cells[cell].number
            for unit in units:
                slow += unit[key].cells[cell].number
            assert summed.number == slow
    assert own.frame.at["new", "总计"] > 0
    assert len(units) == 17


def test_one_tampered_unit_is_found_and_named(tmp_path: Path) -> None:
    root = write_county(tmp_path)
    file = root / "data/shili-mzj/2024/requests_table.csv"
    lines = file.read_text(encoding="utf-8").splitlines()
    new = next(i for i, line in enumerate(lines) if line.startswith("一、"))
    label, person, *rest = lines[new].split(",")
    lines[new] = ",".join([label, str(int(person) + 1), *rest])
    file.write_text("\n".join(lines), encoding="utf-8")
    wrong = [f for f in findings(root, *COUNTY) if f.id == "R2"]
    assert len(wrong) == 1
    assert wrong[0].severity == "error"
    assert "示例县民政局" in wrong[0].message
    assert "〔B3〕" in wrong[0].message


def test_a_unit_that_is_counted_twice_is_refused(tmp_path: Path) -> None:
    root = write_county(tmp_path, 3)
    for folder in ("params", "data"):
        (root / folder / "shili-gaj").rename(root / folder / "gongan")
    make_county_module().write_county(tmp_path / "again", count=3)
    for folder in ("params", "data"):
        (tmp_path / "again" / folder / "shili-gaj").rename(root / folder / "shili-gaj")
    for file in (root / "params/gongan").glob("2*.yaml"):
        file.write_text(file.read_text("utf-8").replace("shili-gaj", "gongan"), encoding="utf-8")
    (wrong,) = [f for f in findings(root, *COUNTY) if f.id == "R3"]
    assert wrong.severity == "error"
    assert "示例县公安局" in wrong.message
    assert "gongan" in wrong.message


def test_counties_stack_to_a_city(tmp_path: Path) -> None:
    root = write_county(tmp_path, 2, parent="shi")
    write_county(tmp_path, 3, county="另例县", code="ling-xzf", prefix="ling", parent="shi")
    (root / "params/shi").mkdir()
    card = "name: 示例市人民政府\nkind: government\n"
    (root / "params/shi/agency.yaml").write_text(card, encoding="utf-8")
    (root / "params/shi/2024.yaml").write_text("agency: shi\nyear: 2024\n", encoding="utf-8")
    (root / "data/shi/2024").mkdir(parents=True)
    city = build_tables(load_inputs(root, "shi", 2024), FORMAT)
    counties = [build_tables(load_inputs(root, c, 2024), FORMAT) for c in ("shili-xzf", "ling-xzf")]
    for key in ("decisions", "requests", "reviews"):
        for cell, summed in city[key].cells.items():
            assert summed.number == sum(c[key].cells[cell].number for c in counties)
    assert [f.id for f in findings(root, "shi", 2024) if f.severity == "error"] == []

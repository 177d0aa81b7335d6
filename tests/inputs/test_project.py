"""What a project folder holds."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.inputs.builders import write_project

from nianbao.errors import InputError, UsageError
from nianbao.inputs.agency_profile import read_agency
from nianbao.inputs.project import (
    INPUT_TABLES,
    InputTable,
    list_agencies,
    list_reports,
    list_years,
    require_report,
    sheet_table,
)


def test_reports_are_those_with_a_parameter_file(tmp_path: Path) -> None:
    files = {
        "params/shili-yi/agency.yaml": "",
        "params/shili-yi/2023.yaml": "",
        "params/shili-yi/2024.yaml": "",
        "params/shili-yi/20x4.yaml": "",
        "params/shili-yi/1999.yaml": "",
        "params/shili-er/2024.yaml": "no agency.yaml beside it: reported, not passed over",
        "params/CON/agency.yaml": "no code",
    }
    root = write_project(tmp_path, files)
    assert list_agencies(root) == ("shili-er", "shili-ju", "shili-yi")
    assert list_years(root, "shili-yi") == (2023, 2024)
    assert list_reports(root) == (
        ("shili-er", 2024), ("shili-ju", 2024), ("shili-yi", 2023), ("shili-yi", 2024),
    )  # fmt: skip
    with pytest.raises(InputError, match="shili-er"):
        read_agency(root, "shili-er")


def test_an_empty_project_has_none(tmp_path: Path) -> None:
    assert list_reports(tmp_path) == ()
    with pytest.raises(UsageError) as raised:
        require_report(tmp_path, "shili-ju", 2024)
    assert str(raised.value) == (
        "params/shili-ju/agency.yaml：没有这个机关：“shili-ju”。请先建好这个文件"
    )


def test_an_agency_without_a_year_is_reported(tmp_path: Path) -> None:
    root = write_project(tmp_path, {"params/shili-yi/agency.yaml": ""})
    with pytest.raises(UsageError) as raised:
        require_report(root, "shili-yi", 2024)
    assert str(raised.value) == "params/shili-yi/2024.yaml：没有这个年度的参数文件：“2024”"


@pytest.mark.parametrize("table", INPUT_TABLES.values(), ids=lambda table: table.name)
def test_a_sheet_is_known_by_both_its_names(table: InputTable) -> None:
    writings = (table.name, table.title, table.name.upper(), f" {table.title} ")
    assert {sheet_table(writing) for writing in writings} == {table.name}


def test_other_sheets_are_not_known() -> None:
    assert sheet_table("Sheet1") is None

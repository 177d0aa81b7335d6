from __future__ import annotations

from pathlib import Path

import pytest

from nianbao.errors import UsageError
from nianbao.inputs.load import list_reports, load_inputs
from nianbao.notebook.master import find_root
from nianbao.publishing.new_project import MASTER_ONLY, SAMPLES, start_project


def test_every_report_of_a_new_project_can_be_read(tmp_path: Path) -> None:
    start_project(tmp_path / "new")
    reports = list_reports(tmp_path / "new")
    assert {agency for agency, _ in reports} == set(SAMPLES)
    assert all(load_inputs(tmp_path / "new", *report).files for report in reports)


def test_what_is_reported_is_what_was_written(tmp_path: Path) -> None:
    reported = start_project(tmp_path)
    written = {f.relative_to(tmp_path).as_posix() for f in tmp_path.rglob("*") if f.is_file()}
    assert written == set(reported)


def test_a_project_without_samples_waits_for_the_first_bureau(tmp_path: Path) -> None:
    assert start_project(tmp_path, samples=False) == MASTER_ONLY
    assert list_reports(tmp_path) == ()
    assert find_root(tmp_path / "data") == tmp_path


def test_nothing_is_written_over(tmp_path: Path) -> None:
    (tmp_path / "Makefile").write_text("mine")
    with pytest.raises(UsageError, match="Makefile"):
        start_project(tmp_path)
    assert [file.name for file in tmp_path.iterdir()] == ["Makefile"]


def test_other_files_of_the_folder_stay(tmp_path: Path) -> None:
    (tmp_path / "台账.xlsx").write_bytes(b"mine")
    start_project(tmp_path)
    assert (tmp_path / "台账.xlsx").read_bytes() == b"mine"


def test_a_file_in_the_place_of_a_folder_is_reported(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("mine")
    with pytest.raises(UsageError, match="不能写入"):
        start_project(tmp_path)

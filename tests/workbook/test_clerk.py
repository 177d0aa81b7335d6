"""The whole way of a clerk: what she writes is right in every document, or she was reported."""

from __future__ import annotations

import json
from pathlib import Path

import openpyxl
import pytest
from tests.projects import copy_project
from tests.workbook.test_workbook import as_clerks_write

from nianbao.errors import InputError
from nianbao.inputs.load import load_inputs
from nianbao.inputs.project import data_folder
from nianbao.publishing.build import build_report
from nianbao.publishing.verify import verify_report
from nianbao.statistics.checks import build_statistics, run_checks
from nianbao.statistics.tables import build_tables
from nianbao.statutory import format_for
from nianbao.workbook.write import write_workbook

WHO = "shili-scjgj", 2024
FORMAT = format_for(2024)


@pytest.mark.slow
def test_text_days_short_words_and_a_wrong_year_are_right_in_the_end_or_reported(
    tmp_path: Path,
) -> None:
    root = copy_project(tmp_path, WHO[0])
    meant = build_tables(load_inputs(root, *WHO), FORMAT)["requests"].frame
    folder = root / data_folder(*WHO)
    file = write_workbook(root, *WHO, folder / "2024年填报表（定稿）.xlsx")
    (folder / "workbook.xlsx").unlink()
    as_clerks_write(file)
    book = openpyxl.load_workbook(file)
    book.create_sheet("草稿勿看")["A1"] = "待核"
    ledger = book["申请台账"]
    ledger.insert_rows(6)
    for column, text in zip("ABDEF", ("误-1", "2025.5.6", "公民", "公开", "2025.5.9"), strict=True):
        ledger[f"{column}6"] = text
    book.save(file)
    with pytest.raises(InputError, match="多出一张工作表“草稿勿看”"):
        load_inputs(root, *WHO)
    del book["草稿勿看"]
    book.save(file)

    inputs = load_inputs(root, *WHO)
    reported = {
        f.id: f.message for f in run_checks(build_statistics(inputs, FORMAT)) if f.id[0] == "D"
    }
    assert "第6行（误-1，2025-05-06收到）" in reported["D2"]
    assert "没有写年份" in reported["D1"] or "带了单位" in reported["D1"]
    build_report(root, *WHO)
    assert all(verdict.fine for verdict in verify_report(root, *WHO))
    report = json.loads((root / "output/shili-scjgj/2024/report.json").read_text("utf-8"))
    for key, numbers in report["tables"]["requests"]["rows"].items():
        assert numbers == list(meant.loc[key]), key

"""A government's report: built from its units, and read back."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import nbformat
import pdfplumber
import pytest
from lxml import html
from tests.counties import COUNTY, write_county
from tests.projects import copy_project

from nianbao.errors import FindingsError
from nianbao.notebook.report import Report
from nianbao.publishing.build import BuildOptions, BuildResult, build_report

UNITS = ("本级", "县公安局", "县发展改革局", "县教育体育局", "县民政局", "合计")


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> BuildResult:
    """The government's report of a county of four bureaus, in three formats."""
    return build_report(write_county(tmp_path_factory.mktemp("county"), 4), *COUNTY)


def squeezed(text: str) -> str:
    return re.sub(r"\s", "", text)


def unit_rows(folder: Path) -> list[list[str]]:
    """The table by unit of the page."""
    page = html.fromstring((folder / "report.html").read_bytes())
    tables = [t for t in page.iter("table") if "各单位主要数据" in t.text_content()]
    assert len(tables) == 1
    return [[squeezed(c.text_content()) for c in row] for row in tables[0].iter("tr")]


def test_the_page_has_a_table_by_unit_that_adds_up(built: BuildResult) -> None:
    head, *rows = unit_rows(built.folder)
    assert head[0] == "单位"
    assert {row[0] for row in rows} == set(UNITS)
    for column in range(1, len(head)):
        numbers = [int(row[column]) for row in rows]
        assert sum(numbers[:-1]) == numbers[-1]
    written = json.loads((built.folder / "report.json").read_text(encoding="utf-8"))
    assert int(rows[-1][1]) == written["tables"]["requests"]["rows"]["new"][-1]


def test_the_pdf_has_the_same_table(built: BuildResult) -> None:
    with pdfplumber.open(built.folder / "report.pdf") as pdf:
        tables = [table for page in pdf.pages for table in page.extract_tables()]
    rows = {squeezed(r[0] or ""): r[1:] for t in tables for r in t if len(r) == 11}
    for name, *numbers in unit_rows(built.folder)[1:]:
        assert rows[name] == numbers


def test_it_tells_what_only_governments_have_to(built: BuildResult) -> None:
    text = squeezed(html.fromstring((built.folder / "report.html").read_bytes()).text_content())
    for words in ("工作考核方面，", "社会评议方面，", "责任追究方面，"):
        assert words in text
    assert [f for f in built.findings if f.id == "S4"] == []
    assert "。。" not in text


def test_the_manifest_names_the_files_of_the_units(built: BuildResult) -> None:
    manifest = json.loads((built.folder / "manifest.json").read_text(encoding="utf-8"))
    for unit in ("gaj", "fgj", "jyj", "mzj", "xzf"):
        for year in (2023, 2024):
            assert f"data/shili-{unit}/{year}/decisions.csv" in manifest["inputs"]


def test_it_can_name_its_units_and_their_numbers(built: BuildResult) -> None:
    written = json.loads((built.folder / "report.json").read_text(encoding="utf-8"))
    facts = written["facts"]
    assert facts["统计单位数"]["value"] == 5
    assert facts["未报送单位"]["text"] == "无"
    by_unit = [facts[f"新收申请.分单位明细.{name}"]["value"] for name in UNITS[:-1]]
    assert sum(by_unit) == facts["新收申请"]["value"]
    assert facts["信息处理费"]["value"] > 0


def test_a_missing_unit_blocks_until_it_is_allowed_and_then_the_report_names_it(
    tmp_path: Path,
) -> None:
    root = write_county(tmp_path, 3)
    shutil.rmtree(root / "data/shili-gaj/2024")
    with pytest.raises(FindingsError, match="示例县公安局"):
        build_report(root, *COUNTY, BuildOptions(("html",)))
    params = root / "params/shili-xzf/2024.yaml"
    text = params.read_text(encoding="utf-8")
    params.write_text(f"{text}allow_missing: true\n", encoding="utf-8")
    result = build_report(root, *COUNTY, BuildOptions(("html", "pdf")))
    page = squeezed((result.folder / "report.html").read_text(encoding="utf-8"))
    assert page.count("未包括没有报送数据的单位：示例县公安局。") == 4


def test_a_government_that_does_not_tell_them_is_reminded(tmp_path: Path) -> None:
    root = write_county(tmp_path, 1)
    figures = root / "data/shili-xzf/2024/figures.csv"
    lines = figures.read_text(encoding="utf-8").splitlines()
    kept = [line for line in lines if not line.startswith(("社会评议", "责任追究"))]
    figures.write_text("\n".join(kept), encoding="utf-8")
    report = Report.open(*COUNTY, root=root)
    (finding,) = [f for f in report.findings if f.id == "S4"]
    assert finding.severity == "warning"
    assert "社会评议、责任追究" in finding.message
    assert "工作考核" not in finding.message


def test_a_bureaus_report_shows_nothing_of_all_this(tmp_path: Path) -> None:
    root = copy_project(tmp_path, "yiyuan-sfj")
    result = build_report(root, "yiyuan-sfj", 2024, BuildOptions(("html",)))
    notebook = nbformat.read(result.folder / "report.ipynb", as_version=4)
    (cell,) = [c for c in notebook.cells if c.get("id") == "table-units"]
    assert cell.outputs == []
    assert not any(f.id in ("S4", "R1") for f in result.findings)
    page = (result.folder / "report.html").read_text(encoding="utf-8")
    assert "各单位" not in page

"""Three years of a bureau, from its folders to the finished files and the 审校单."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from lxml import html
from tests.counties import write_county

from nianbao.finished.batch_context import read_batch_context
from nianbao.finished.freshness import compare_with_now
from nianbao.notebook.report import Report
from nianbao.publishing.build import BuildOptions, build_report
from nianbao.publishing.compare import compare_report, render_json, render_page

BUREAU, YEAR = "shili-fgj", 2024
OPTIONS = BuildOptions()
TITLES = ("历年主动公开政府信息数量", "历年新收和办结政府信息公开申请数量")


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A bureau with three years, its reports of the last two built."""
    root = write_county(tmp_path_factory.mktemp("years"), count=2)
    build_report(root, BUREAU, YEAR, OPTIONS)
    build_report(root, BUREAU, YEAR - 1, BuildOptions(("html",)))
    return root


def finished(root: Path, year: int, name: str) -> str:
    return (root / f"output/{BUREAU}/{year}" / name).read_text(encoding="utf-8-sig")


def test_the_report_of_the_third_year_has_the_charts(root: Path) -> None:
    page = html.fromstring(finished(root, YEAR, "report.html"))
    captions = " ".join(page.xpath("//figure//text()"))
    assert all(title in captions for title in TITLES)
    report = Report.open(BUREAU, YEAR, root=root)
    figures = [report.figure(key) for key in ("disclosures_by_year", "requests_by_year")]
    for figure in figures:
        assert figure is not None
        assert figure.alt in finished(root, YEAR, "report.html")


def test_the_second_year_shows_nothing(root: Path) -> None:
    assert "历年" not in finished(root, YEAR - 1, "report.html")
    report = Report.open(BUREAU, YEAR - 1, root=root)
    assert report.chart("requests_by_year") is None
    assert "series" not in json.loads(finished(root, YEAR - 1, "report.json"))
    assert not (root / f"output/{BUREAU}/{YEAR - 1}/tables/series.csv").exists()


def test_other_programs_get_the_series(root: Path) -> None:
    series = json.loads(finished(root, YEAR, "report.json"))["series"]
    assert series["years"] == [2022, 2023, 2024]
    for place, year in enumerate(series["years"]):
        table = Report.open(BUREAU, year, root=root).tables["requests"]
        reported = series["items"]["新收申请"]
        assert (reported["unit"], reported["values"][place]) == (
            "件",
            table.frame.at["new", "总计"],
        )
    head = finished(root, YEAR, "tables/series.csv").splitlines()[0]
    assert head == "项目,单位,2022年,2023年,2024年"


def append(file: Path) -> None:
    with file.open("a", encoding="utf-8") as stream:
        stream.write("\n")


@pytest.mark.parametrize(
    "change",
    [
        append,
        Path.unlink,
        lambda file: file.with_name("figures.csv").write_text("名称,数值\n次数,1\n", "utf-8"),
    ],
    ids=["changed", "gone", "new"],
)
def test_a_batch_makes_the_report_anew_when_an_older_year_changes(
    root: Path, change: Callable[[Path], object]
) -> None:
    file = root / f"data/{BUREAU}/2022/reviews.csv"
    before = {path: path.read_bytes() for path in file.parent.iterdir() if path.is_file()}
    context = read_batch_context(root, YEAR)
    assert compare_with_now(root, BUREAU, YEAR, OPTIONS, context).current
    try:
        change(file)
        found = compare_with_now(root, BUREAU, YEAR, OPTIONS, context)
    finally:
        for path in {*file.parent.iterdir()} - {*before}:
            path.unlink()
        for path, data in before.items():
            path.write_bytes(data)
    assert not found.current
    assert f"data/{BUREAU}/2022/" in found.why
    assert not found.only_context


def test_the_manifest_names_what_was_read_of_older_years(root: Path) -> None:
    inputs = json.loads(finished(root, YEAR, "manifest.json"))["inputs"]
    (old,) = Report.open(BUREAU, YEAR, root=root).inputs.earlier
    assert old.files.items() <= inputs.items()


def test_the_review_sheet_shows_the_years(root: Path) -> None:
    found = compare_report(root, BUREAU, YEAR)
    page = html.fromstring(render_page(found))
    (section,) = page.xpath("//section[@aria-labelledby='years']")
    assert section.xpath("string(h2)") == "五、历年数据"
    assert len(section.xpath(".//figure//*[local-name()='svg']")) == 2
    labels = section.xpath(".//figure/div/@aria-label")
    assert all("2022年" in label for label in labels)
    heads = section.xpath(".//thead//th/text()")
    assert heads == ["项目", "单位", "2022年", "2023年", "2024年"]
    series = json.loads(render_json(found))["series"]
    (row,) = section.xpath(".//tbody/tr[th='新收申请']")
    assert row.xpath("td/text()")[1:] == [str(n) for n in series["items"]["新收申请"]["values"]]


def test_the_review_sheet_of_two_years_has_no_such_section(root: Path) -> None:
    found = compare_report(root, BUREAU, YEAR - 1)
    assert "历年" not in render_page(found)
    assert "series" not in json.loads(render_json(found))

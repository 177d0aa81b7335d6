"""The page of the county: every report of the year, each finding, and nothing that acts."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

import pytest
import simplejson
from benchmarks.bureaus import YEAR, write_project
from hypothesis import given
from hypothesis import strategies as st
from lxml import html
from playwright.sync_api import Page

from nianbao.batch import index
from nianbao.batch.index import write_index
from nianbao.batch.worker import Outcome
from nianbao.finished.summary import KEY_FIGURES, ShownFinding, Summary
from nianbao.inputs.agency_profile import agency_name
from nianbao.prose.review import CHECKS

HOSTILE = "=示例县<script>alert(1)</script>局"


def summary(name: str, **figures: int | None) -> Summary:
    finding = ShownFinding("A1", "warning", f"{name}<b>请核对</b>")
    return Summary(name, name, 0, figures, (finding,))


@pytest.fixture
def county(tmp_path: Path) -> Path:
    bureaus = write_project(tmp_path, 5)
    for bureau in bureaus[:3]:
        folder = tmp_path / f"output/{bureau.code}/{YEAR}"
        folder.mkdir(parents=True)
        (folder / "report.html").write_text("x", encoding="utf-8")
    one, two, three, four, _ = (b.code for b in bureaus)
    two_points = {"asked": 6, "open_points": ("政策解读的数量", "专区的数量")}
    asked = replace(summary("示例县乙局", 主动公开=12), **two_points)
    outcomes = (
        Outcome(one, YEAR, "built", summary=summary(HOSTILE, 主动公开=30, 新收申请=None)),
        Outcome(two, YEAR, "skipped", "没有变化", summary=asked),
        Outcome(three, YEAR, "failed", problems=("表三第3行：写错了",), exit_code=2,
                summary=summary("示例县丙局", 主动公开=1)),
        Outcome(four, YEAR, "failed", problems=("没有数据文件夹",), exit_code=2),
    )  # fmt: skip
    assert write_index(tmp_path, YEAR, outcomes) == tmp_path / f"output/{YEAR}/index.html"
    return tmp_path


def page(root: Path) -> html.HtmlElement:
    return html.fromstring((root / f"output/{YEAR}/index.html").read_bytes())


def test_every_report_of_the_year_is_on_the_page(county: Path) -> None:
    rows = page(county).xpath("//table[thead]/tbody/tr")
    assert [row.get("id") for row in rows] == [f"shili-{n:05d}" for n in range(5)]
    statuses = [row.xpath("string(td[1]/span[contains(@class,'status')])") for row in rows]
    assert statuses == ["已生成", "没有变化", "未成功", "未成功", "还没有生成"]
    assert "文件和数字是以前的" in rows[2].text_content()
    text = page(county).text_content()
    assert "共5份，已生成1份，没有变化1份，未成功2份，还没有生成1份。" in text
    assert "表三第3行：写错了" in text


def test_a_report_that_failed_or_is_not_made_is_called_by_its_name(county: Path) -> None:
    data = simplejson.loads((county / f"output/{YEAR}/summary.json").read_text("utf-8"))
    named = {r["agency"]: r["name"] for r in data["reports"]}
    bureaus = [f"shili-{n:05d}" for n in (3, 4)]
    assert [named[code] for code in bureaus] == [agency_name(county, code) for code in bureaus]
    assert all(named[code] != code for code in bureaus)


def test_links_lead_to_files_that_are_there(county: Path) -> None:
    names, links = page(county).xpath("//tbody/tr/th/a/@href"), page(county).xpath("//td//a/@href")
    assert names == links
    assert len(links) == 3
    assert all((county / f"output/{YEAR}" / link).resolve().is_file() for link in links)


def test_a_report_that_failed_tells_its_own_problems_and_no_older_findings(county: Path) -> None:
    tree = page(county)
    stale, never = (
        tree.xpath("//tr[@id='shili-00002']")[0],
        tree.xpath("//tr[@id='shili-00003']")[0],
    )
    for row in (stale, never):
        assert [cell.text_content() for cell in row.xpath("td[position()>2]")][:3] == ["—"] * 3
    assert "示例县丙局<b>" not in tree.text_content()
    assert "未成功的报告见页首" in tree.text_content()
    data = simplejson.loads((county / f"output/{YEAR}/summary.json").read_text("utf-8"))
    assert data["reports"][2]["findings"] == {"error": None, "warning": None, "info": None}
    text = (county / f"output/{YEAR}/summary.csv").read_text(encoding="utf-8-sig")
    rows = list(csv.reader(text.splitlines()))
    assert rows[3][3:6] == ["", "", ""]


def test_a_government_stands_last_and_its_sum_is_explained(county: Path) -> None:
    code, other = "shili-00000", "shili-00001"
    whole = replace(summary("示例县人民政府", 主动公开=50), covers=4)
    outcomes = (
        Outcome(code, YEAR, "built", summary=whole),
        Outcome(other, YEAR, "built", summary=summary("示例县乙局", 主动公开=12)),
    )
    write_index(county, YEAR, outcomes)
    rows = page(county).xpath("//table[thead]/tbody/tr/@id")
    assert rows[-1] == code
    assert rows[0] == other
    assert "比合计多出本级的数" in page(county).text_content()


def test_without_a_government_nothing_is_explained(county: Path) -> None:
    assert "本级" not in page(county).text_content()


def test_the_same_finding_of_many_is_reported_once_with_their_names(county: Path) -> None:
    finding = ShownFinding("L12", "info", "有3节用的是通用文字")
    codes = ("shili-00000", "shili-00001")
    outcomes = [
        Outcome(c, YEAR, "built", summary=replace(summary(c), findings=(finding,))) for c in codes
    ]
    write_index(county, YEAR, outcomes)
    (rule,) = page(county).xpath("//details")
    assert "2个机关" in rule.xpath("string(summary)")
    assert rule.text_content().count(finding.message) == 1
    assert rule.xpath(".//dt/a/@href") == [f"#{code}" for code in codes]


def test_a_rule_has_its_title_from_the_worker_or_from_the_rules(county: Path) -> None:
    title = CHECKS["A1"].title
    assert title in page(county).text_content()  # the workers told none
    made = Outcome("shili-00000", YEAR, "built", summary=summary("甲"), titles={"A1": "示例题目"})
    write_index(county, YEAR, (made,))
    text = page(county).text_content()
    assert "示例题目" in text
    assert title not in text


def test_sums_say_how_much_is_not_known(county: Path) -> None:
    foot = page(county).xpath("//tfoot//td")
    assert foot[1].text_content() == "43"
    assert foot[2].text_content() == "03份未填"


def test_names_and_messages_are_text(county: Path) -> None:
    tree = page(county)
    assert tree.xpath("//script | //b | //link | //img | //iframe") == []
    assert HOSTILE in tree.text_content()
    assert "请核对</b>" in tree.text_content()


def test_each_bureau_is_reported_how_much_of_the_notice_is_open(county: Path) -> None:
    page = html.fromstring((county / f"output/{YEAR}/index.html").read_text(encoding="utf-8"))
    (section,) = page.xpath("//section[@aria-labelledby='notice']")
    (summary_,) = section.xpath("./details/summary")
    assert summary_.text_content() == "示例县乙局：6项中有2项没有写到"
    assert [item.text for item in section.xpath(".//li")] == ["政策解读的数量", "专区的数量"]


def test_the_page_needs_nothing_from_outside(county: Path) -> None:
    text = (county / f"output/{YEAR}/index.html").read_text(encoding="utf-8")
    assert "http" not in text
    assert "url(" not in text


def test_the_table_opens_in_excel_and_computes_nothing(county: Path) -> None:
    data = (county / f"output/{YEAR}/summary.csv").read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(data.decode("utf-8-sig").splitlines()))
    assert len(rows) == 6
    assert rows[1][1] == f"'{HOSTILE}"
    assert rows[4][-1] == "没有数据文件夹"


def test_the_json_has_what_the_page_has(county: Path) -> None:
    text = (county / f"output/{YEAR}/summary.json").read_text(encoding="utf-8")
    data = simplejson.loads(text)
    assert data["totals"] == {"built": 1, "skipped": 1, "failed": 2, "missing": 1}
    assert [r["status"] for r in data["reports"]][:2] == ["built", "skipped"]
    assert data["reports"][0]["findings"] == {"error": 0, "warning": 1, "info": 0}
    assert data["reports"][0]["figures"]["新收申请"] is None


@pytest.mark.slow
def test_on_any_screen_the_names_stay_in_view_and_only_the_table_scrolls(
    county: Path, page: Page
) -> None:
    for width in (390, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        page.goto((county / f"output/{YEAR}/index.html").as_uri())
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        page.evaluate("document.querySelector('.wide').scrollLeft = 400")
        left = page.evaluate("document.querySelector('tbody th').getBoundingClientRect().left")
        assert left >= 0
        assert page.get_by_text("可以左右滑动").is_visible() == (width == 390)


def below(code: str, parent: str | None, status: str = "built", **figures: int) -> Outcome:
    name = f"示例{code}"
    whole = replace(summary(name, **figures), parent=parent)
    problems = ("表三第3行：写错了",) if status == "failed" else ()
    return Outcome(code, YEAR, status, problems=problems, summary=whole)


@pytest.fixture
def province(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Write the index of eight reports below three bodies and none, three on a page at the most."""
    monkeypatch.setattr(index, "MOST_ROWS", 3)
    outcomes = [
        below("yi", None), below("yi-1", "yi", 新收申请=4), below("yi-2", "yi", "failed"),
        below("yi-3", "yi", 新收申请=5), below("er", None), below("er-1", "er", 新收申请=7),
        below("alone", "elsewhere"), below("last", None),
    ]  # fmt: skip
    for outcome in outcomes:
        params = tmp_path / f"params/{outcome.agency}"
        params.mkdir(parents=True)
        (params / "agency.yaml").write_text("name: 示例\n", encoding="utf-8")
        (params / f"{YEAR}.yaml").write_text(f"agency: {outcome.agency}\nyear: {YEAR}\n")
        folder = tmp_path / f"output/{outcome.agency}/{YEAR}"
        folder.mkdir(parents=True)
        (folder / "report.html").write_text("x", encoding="utf-8")
    write_index(tmp_path, YEAR, outcomes)
    return tmp_path / f"output/{YEAR}"


def test_many_reports_are_divided_by_the_body_above_them(province: Path) -> None:
    pages = sorted(path.name for path in province.glob("index*.html"))
    assert pages == [
        "index.-.html", "index.elsewhere.html", "index.er.html", "index.html",
        "index.yi.2.html", "index.yi.html",
    ]  # fmt: skip
    shown = {
        name: html.fromstring((province / name).read_bytes()).xpath("//tbody/tr/@id")
        for name in pages
    }
    assert shown["index.yi.html"] == ["yi", "yi-1", "yi-2"]
    assert shown["index.yi.2.html"] == ["yi-3"]
    assert shown["index.er.html"] == ["er", "er-1"]
    assert shown["index.elsewhere.html"] == ["alone"]
    assert shown["index.-.html"] == ["last"]


def test_the_first_page_of_many_gives_sums_failures_and_findings(province: Path) -> None:
    page = html.fromstring((province / "index.html").read_bytes())
    assert "共8份，已生成7份，未成功1份。" in page.text_content()
    assert page.xpath("//dt/a/@href") == ["index.yi.html#yi-2"]
    assert page.xpath("string(//dd)") == "表三第3行：写错了"
    rows = {row.xpath("string(th)"): row for row in page.xpath("//tbody/tr")}
    assert list(rows) == ["elsewhere", "示例", "示例（1）", "示例（2）", "其他单位"]
    place = int(page.xpath("count(//thead/tr/th[.='新收申请（件）']/preceding-sibling::th)"))
    assert [row[place].text for row in rows.values()] == ["0", "7", "4", "5", "0"]
    assert "：7个机关" in page.text_content()
    for link in page.xpath("//a/@href"):
        assert (province / link.partition("#")[0]).is_file()


def test_pages_of_a_former_division_are_taken_away(
    province: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(index, "MOST_ROWS", 300)
    write_index(province.parent.parent, YEAR, [])
    assert [path.name for path in province.glob("index*.html")] == ["index.html"]


def row(code: str, parent: str | None) -> index.Row:
    figures = dict.fromkeys(KEY_FIGURES)
    return index.Row(code, code, "built", "", (), None, figures, {}, False, 0, parent)


@given(st.lists(st.sampled_from(["a", "b", "-", None]), max_size=12), st.integers(1, 5))
def test_each_report_stands_on_one_page(parents: list[str | None], most: int) -> None:
    rows = [row(code, parent) for code, parent in zip("abcdefghijkl", parents, strict=False)]
    parts = index.divide(rows, most, str.upper)
    assert sorted(r.agency for part in parts for r in part.rows) == sorted(r.agency for r in rows)
    assert all(len(part.rows) <= most for part in parts)
    assert len({part.file for part in parts}) == len(parts)

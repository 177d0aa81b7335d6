"""``nianbao compare``: the 审校单 against last year and against the last published run."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from lxml import html
from tests.projects import copy_project
from typer.testing import CliRunner

from nianbao.cli.main import app
from nianbao.errors import InputError, UsageError
from nianbao.notebook.report import Report
from nianbao.publishing.build import BuildOptions, build_report
from nianbao.publishing.compare import (
    LAST,
    Comparison,
    compare_report,
    render_json,
    render_page,
    write_comparison,
)

AGENCY, YEAR = "shili-zrzyj", 2024


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project whose report was built."""
    root = copy_project(tmp_path_factory.mktemp("compare"), AGENCY, "yiyuan-sfj")
    build_report(root, AGENCY, YEAR, BuildOptions(("html",)))
    return root


@pytest.fixture
def edited(published: Path, tmp_path: Path) -> Path:
    """The project after a number and a sentence were changed."""
    import shutil

    root = tmp_path / "project"
    shutil.copytree(published, root, symlinks=True)
    folder = root / "data" / AGENCY / str(YEAR)
    for name, old, new in (
        ("reviews.csv", "行政复议,结果维持,2", "行政复议,结果维持,4"),
        ("narrative.md", "三是政策解读数量偏少。", "三是政策解读的数量和<形式>都偏少。"),
    ):
        text = (folder / name).read_text("utf-8-sig")
        assert old in text
        (folder / name).write_text(text.replace(old, new), "utf-8")
    return root


def changed(found: Comparison) -> dict[tuple[str, str, str], tuple[object, object]]:
    return {(v.table, v.row, v.column): (v.before, v.after) for v in found.values}


def test_every_number_that_differs_from_last_year_is_there(published: Path) -> None:
    found = compare_report(published, AGENCY, YEAR)
    now, before = (Report.open(AGENCY, year, root=published) for year in (YEAR, YEAR - 1))
    wanted = 0
    for table, number in {"decisions": "表二", "requests": "表三", "reviews": "表四"}.items():
        for key, cell in now.tables[table].cells.items():
            last = before.tables[table].cells[key].number
            wanted += cell.number != last
        reported = [v for v in found.values if v.table == number]
        assert all(v.before != v.after for v in reported)
    statutory = [v for v in found.values if v.table.startswith("表")]
    assert len(statutory) == wanted > 20
    assert changed(found)["表二", "行政许可", "本年处理决定数量"] == (486, 523)
    (permits,) = (v for v in found.values if v.row == "行政许可")
    assert (permits.difference, permits.rate) == (37, "7.6%")


def test_last_year_is_known_by_its_data_alone(published: Path, tmp_path: Path) -> None:
    import shutil

    root = tmp_path / "project"
    shutil.copytree(published, root, symlinks=True)
    (root / "params" / AGENCY / f"{YEAR - 1}.yaml").unlink()
    with_file = compare_report(published, AGENCY, YEAR)
    assert changed(compare_report(root, AGENCY, YEAR)) == changed(with_file)


def test_what_last_year_does_not_know_is_counted_and_not_listed(published: Path) -> None:
    found = compare_report(published, "yiyuan-sfj", YEAR)
    assert all(v.before is not None for v in found.values)
    assert any(re.fullmatch(r"2023年没有填的\d+项数据没有列出。", note) for note in found.notes)


def test_against_the_last_run_just_what_was_edited(edited: Path) -> None:
    found = compare_report(edited, AGENCY, YEAR, LAST)
    assert changed(found) == {
        ("表四", "行政复议", "结果维持"): (2, 4),
        ("表四", "行政复议", "总计"): (5, 7),
    }
    kinds = [(c.section, c.kind) for c in found.changes]
    assert kinds == [("overview.requests", "changed"), ("problems.issues", "changed")]
    assert found.repetition < 1


def test_a_run_compared_with_itself_is_the_same(published: Path) -> None:
    found = compare_report(published, AGENCY, YEAR, LAST)
    assert (found.values, found.changes, found.new, found.repetition) == ((), (), frozenset(), 1)
    assert found.same[0] == found.same[1] > 30


def test_new_findings_are_reported(edited: Path) -> None:
    file = edited / "data" / AGENCY / str(YEAR) / "decisions.csv"
    text = file.read_text("gb18030")
    assert "行政强制,,,,2," in text
    file.write_text(text.replace("行政强制,,,,2,", "行政强制,,,,5.5,"), "utf-8")
    found = compare_report(edited, AGENCY, YEAR, LAST)
    assert any("5.5" in message for message in found.new)
    assert "新出现" in render_page(found)


def test_the_page_is_whole_and_safe(edited: Path) -> None:
    found, path = write_comparison(edited, AGENCY, YEAR, LAST)
    assert path == edited / "output" / AGENCY / f"compare-{YEAR}-last.html"
    text = path.read_text("utf-8")
    page = html.document_fromstring(text.encode())
    assert page.get("lang") == "zh-CN"
    assert page.xpath("//script | //link | //img | //@src | //@href") == []
    assert "<形式>" not in text
    assert "&lt;形式&gt;" in text
    shown = page.xpath("string((//li[@class='changed'])[last()])")
    assert "形式" in shown
    assert [e.text for e in page.xpath("//tbody/tr[2]/td[@class='number']")][:3] == ["2", "4", "+2"]
    names = [e.text for e in page.xpath("//th[@scope='rowgroup']")]
    assert names == ["行政复议"]
    assert [e.text for e in page.xpath("//tbody[tr[@class='group']]/tr/th[@scope='row']")] == [
        "结果维持",
        "总计",
    ]
    heads = page.xpath("//table[1]/thead//th")
    assert all(head.get("scope") == "col" for head in heads)
    assert page.xpath("//main//h1") != []
    assert render_page(found) == text


def test_the_published_set_stays_as_it_was(published: Path) -> None:
    folder = published / "output" / AGENCY / str(YEAR)
    before = {p: p.read_bytes() for p in folder.rglob("*") if p.is_file()}
    write_comparison(published, AGENCY, YEAR)
    assert {p: p.read_bytes() for p in folder.rglob("*") if p.is_file()} == before


def test_json_says_the_same(edited: Path) -> None:
    found = compare_report(edited, AGENCY, YEAR, LAST)
    reported = json.loads(render_json(found))
    assert (reported["agency"], reported["year"], reported["with"]) == (AGENCY, YEAR, "上次生成")
    assert reported["values"][0] == {
        "table": "表四",
        "row": "行政复议",
        "column": "结果维持",
        "before": 2,
        "after": 4,
        "difference": 2,
        "rate": "上次不足10",
    }
    assert [s["kind"] for s in reported["sentences"]] == ["changed", "changed"]
    assert {f["id"] for f in reported["findings"]} == {f.id for f in found.report.findings}


@pytest.mark.parametrize(
    ("against", "words"),
    [("2024", "不知道与什么比较"), ("去年", "不知道与什么比较"), ("2020", "请先导入2020年")],
)
def test_what_cannot_be_compared_is_refused(published: Path, against: str, words: str) -> None:
    with pytest.raises(UsageError, match=words):
        compare_report(published, AGENCY, YEAR, against)


def test_without_a_published_run_there_is_nothing_to_compare(published: Path) -> None:
    with pytest.raises(UsageError, match="还没有生成过"):
        compare_report(published, "yiyuan-sfj", YEAR, LAST)


@pytest.mark.parametrize("text", ["{", "[]", '{"tables": {}}', '{"year": 2024, "tables": 3}'])
def test_a_damaged_run_is_reported(edited: Path, text: str) -> None:
    (edited / "output" / AGENCY / str(YEAR) / "report.json").write_text(text, "utf-8")
    with pytest.raises(InputError, match="读不出来"):
        compare_report(edited, AGENCY, YEAR, LAST)


def test_the_command(published: Path) -> None:
    root = ["--root", str(published)]
    done = CliRunner().invoke(app, ["compare", AGENCY, str(YEAR), *root])
    assert done.exit_code == 0, done.output
    assert "与2023年比较" in done.output
    assert done.output.rstrip().endswith(f"compare-{YEAR}-2023.html")
    assert "没有改动" not in done.output
    done = CliRunner().invoke(app, ["compare", AGENCY, str(YEAR), "--with", LAST, *root])
    assert "上次生成以来数据和正文没有改动" in done.output
    done = CliRunner().invoke(app, ["compare", AGENCY, str(YEAR), "--json", *root])
    assert json.loads(done.stdout)["compared"] > 200


def test_a_lifted_error_is_marked_with_its_reason_wherever_it_is_reported(tmp_path: Path) -> None:
    agency = "shili-scjgj"
    root = copy_project(tmp_path, agency)
    ledger = root / f"data/{agency}/2023/requests.csv"
    ledger.write_text(ledger.read_text("utf-8-sig") + "新收,自然人,结转下年度继续办理,1\n", "utf-8")
    (error,) = (n for n in Report.open(agency, YEAR, root=root).findings if n.id == "Y1")
    reason = "上年年报已更正"
    file = root / f"data/{agency}/{YEAR}/acknowledged.csv"
    file.write_text(f"标识,理由\n{error.key},{reason}\n", "utf-8")
    folder = build_report(root, agency, YEAR, BuildOptions(("html",))).folder
    written = json.loads((folder / "report.json").read_text("utf-8"))
    reported = [f["message"] for f in written["findings"] if f["id"] == "Y1"]
    assert len(reported) == 1
    assert reason in reported[0]
    page = html.fromstring(render_page(compare_report(root, agency, YEAR)))
    (item,) = page.xpath("//li[span[@class='code']='Y1']")
    assert item.xpath("strong/text()") == ["已放行的错误"]
    assert reason in item.text_content()
    shown = CliRunner().invoke(app, ["check", agency, str(YEAR), "--root", str(root)])
    assert shown.exit_code == 0
    assert reason in shown.stdout
    assert reason not in (folder / "report.html").read_text("utf-8"), "of no concern to the public"

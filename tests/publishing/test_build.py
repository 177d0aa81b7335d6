"""The main job: data in, one command, a published set out."""

from __future__ import annotations

import hashlib
import json
import re
from decimal import Decimal
from pathlib import Path

import nbformat
import pdfplumber
import pytest
import simplejson
from lxml import html
from tests.projects import WORKED, copy_project

from nianbao.errors import ExecutionError, FindingsError, InputError, NarrativeError, UsageError
from nianbao.publishing.build import BuildOptions, BuildResult, build_report, parse_formats

CATEGORIES = {
    "机构职能": 1,
    "权责清单": 1,
    "政策法规": 8,
    "重大决策预公开": 1,
    "规划计划": 2,
    "建议提案": 3,
    "财政信息": 4,
    "“双随机、一公开”": 5,
    "管理和服务": 13,
    "政务公开组织领导": 3,
    "信息公开指南": 1,
    "信息公开年度报告": 1,
    "政务公开培训": 3,
    "政务公开工作推进": 2,
    "主动公开基本目录": 1,
    "基层政务公开事项标准目录": 1,
    "法治建设专栏": 505,
    "政府开放日活动": 1,
    "“政务公开在行动”": 15,
}
FACTS = (
    "571条",
    "2017条",
    "1120条",
    "326条",
    "未收到政府信息公开申请，比上年减少2件",
    "专题培训会2次",
    "工作推进会1次",
    "人大代表建议1件",
    "未承办政协委员提案",
    "42个",
    "2024年1月1日至2024年12月31日",
    "沂源县安民路11号",
    "256100",
    "0533—3242568",
    "yyxfzb@zb.shandong.cn",
    "国办公开办函〔2021〕30号",
)
HEADINGS = (
    "一、总体情况",
    "二、主动公开政府信息情况",
    "三、收到和处理政府信息公开申请情况",
    "四、政府信息公开行政复议、行政诉讼情况",
    "五、存在的主要问题及改进情况",
    "六、其他需要报告的事项",
)


def squeezed(text: str) -> str:
    return re.sub(r"\s", "", text)


def html_text(folder: Path) -> str:
    return squeezed(html.fromstring((folder / "report.html").read_bytes()).text_content())


def pdf_text(folder: Path) -> str:
    with pdfplumber.open(folder / "report.pdf") as pdf:
        pages = [page.filter(lambda o: o.get("top", 0) < 745).extract_text() for page in pdf.pages]
    return squeezed("".join(pages))


@pytest.mark.parametrize("read", [html_text, pdf_text])
def test_every_fact_of_the_worked_example_is_in_the_report(
    worked: BuildResult, read: object
) -> None:
    assert callable(read)
    text = read(worked.folder)
    counts = [f"{name}{'类' if f'{name}类' in text else ''}{n}条" for name, n in CATEGORIES.items()]
    assert [c for c in counts if squeezed(c) not in text] == []
    assert [f for f in FACTS if squeezed(f) not in text] == []
    places = [text.find(h) for h in HEADINGS]
    assert -1 not in places
    assert places == sorted(places)


def test_the_sums_are_computed_from_the_ledger(tmp_path: Path) -> None:
    project = copy_project(tmp_path, "yiyuan-sfj")
    ledger = project / "data/yiyuan-sfj/2024/disclosures.csv"
    text = ledger.read_text(encoding="utf-8-sig")
    assert ",505" in text
    ledger.write_text(text.replace(",505", ",506"), encoding="utf-8")
    result = build_report(project, *WORKED, BuildOptions(("html",)))
    shown = html_text(result.folder)
    assert "572条" in shown
    assert "2018条" in shown
    assert "571条" not in shown
    assert "2017条" not in shown


def test_the_set_is_complete_and_the_manifest_holds(worked: BuildResult) -> None:
    assert {
        "report.ipynb", "report.html", "report.pdf", "report.docx", "report.json", "manifest.json",
        "tables/decisions.csv", "tables/requests.csv", "tables/reviews.csv",
    } <= set(worked.files)  # fmt: skip
    manifest = json.loads((worked.folder / "manifest.json").read_text(encoding="utf-8"))
    sums = {
        name: hashlib.sha256((worked.folder / name).read_bytes()).hexdigest()
        for name in worked.files
        if name != "manifest.json"
    }
    assert manifest["outputs"] == sums
    root = worked.folder.parents[2]
    for name, digest in manifest["inputs"].items():
        assert hashlib.sha256((root / name).read_bytes()).hexdigest() == digest
    assert "data/yiyuan-sfj/2024/disclosures.csv" in manifest["inputs"]
    assert str(root) not in (worked.folder / "manifest.json").read_text(encoding="utf-8")


def test_report_json_has_the_form_others_rely_on(worked: BuildResult) -> None:
    written = simplejson.loads(
        (worked.folder / "report.json").read_text(encoding="utf-8"), use_decimal=True
    )
    assert set(written) == {"agency", "year", "title", "tables", "facts", "findings"}
    assert written["agency"]["code"] == "yiyuan-sfj"
    assert written["agency"]["name"] == "沂源县司法局"
    assert written["title"] == "沂源县司法局2024年政府信息公开工作年度报告"
    tables = written["tables"]
    assert set(tables) == {"decisions", "requests", "reviews"}
    assert tables["decisions"]["规章"] == {"本年制发件数": 0, "本年废止件数": 0, "现行有效件数": 0}
    assert tables["decisions"]["行政事业性收费"] == {"本年收费金额（单位：万元）": 0}
    assert tables["requests"]["columns"][-1] == "总计"
    assert len(tables["requests"]["rows"]) == 25
    assert all(row == [0] * 7 for row in tables["requests"]["rows"].values())
    assert tables["reviews"] == {
        "行政复议": [0] * 5, "未经复议直接起诉": [0] * 5, "复议后起诉": [0] * 5
    }  # fmt: skip
    assert written["facts"]["主动公开"]["value"] == 2017
    assert set(written["facts"]["主动公开"]) == {"value", "text", "unit", "source"}
    for finding in written["findings"]:
        assert set(finding) == {"id", "severity", "message", "formula", "left", "right", "cells"}


def test_money_is_written_exactly_as_handed_in(tmp_path: Path) -> None:
    project = copy_project(tmp_path, "yiyuan-sfj")
    file = project / "data/yiyuan-sfj/2024/decisions.csv"
    lines = file.read_text(encoding="utf-8-sig").splitlines()
    lines = [_charge(line) if line.startswith("行政事业性收费") else line for line in lines]
    file.write_text("\n".join(lines), encoding="utf-8")
    result = build_report(project, *WORKED, BuildOptions(("html",)))
    raw = (result.folder / "report.json").read_text(encoding="utf-8")
    assert '"本年收费金额（单位：万元）": 59237.24490' in raw
    assert "59237.24490" in html_text(result.folder)
    fees = simplejson.loads(raw, use_decimal=True)["tables"]["decisions"]["行政事业性收费"]
    assert fees == {"本年收费金额（单位：万元）": Decimal("59237.24490")}


def _charge(line: str) -> str:
    cells = line.split(",")
    cells[5] = "59237.24490"
    return ",".join(cells)


def test_the_executed_notebook_shows_the_final_words(worked: BuildResult) -> None:
    notebook = nbformat.read(worked.folder / "report.ipynb", as_version=4)
    prose = "".join(
        c.source
        for c in notebook.cells
        if c.cell_type == "markdown" and "internal" not in c.metadata.get("tags", ())
    )
    assert "{{" not in prose
    assert "571" in prose
    assert "papermill" not in notebook.metadata


def test_a_second_run_makes_the_same_bytes(worked_project: Path, worked: BuildResult) -> None:
    before = {f: (worked.folder / f).read_bytes() for f in worked.files}
    again = build_report(worked_project, *WORKED)
    assert again.files == worked.files
    assert [f for f in again.files if (again.folder / f).read_bytes() != before[f]] == []


def test_errors_stop_publication_and_a_draft_says_so_on_every_page(tmp_path: Path) -> None:
    project = copy_project(tmp_path, "yiyuan-sfj")
    file = project / "data/yiyuan-sfj/2024/reviews.csv"
    file.write_text(file.read_text(encoding="utf-8-sig") + "行政复议,总计,2\n", encoding="utf-8")
    with pytest.raises(FindingsError) as caught:
        build_report(project, *WORKED)
    assert "C1" in str(caught.value)
    assert not (project / "output/yiyuan-sfj/2024/report.html").exists()
    assert (project / "output/yiyuan-sfj/2024/failed/report.ipynb").is_file()
    draft = build_report(project, *WORKED, BuildOptions(("html", "pdf"), draft=True))
    assert "草稿" in html_text(draft.folder)
    with pdfplumber.open(draft.folder / "report.pdf") as pdf:
        assert all("草稿" in squeezed(page.extract_text()) for page in pdf.pages)
    assert not (draft.folder / "failed").exists()


def test_a_failed_run_leaves_the_last_good_set(tmp_path: Path) -> None:
    project = copy_project(tmp_path, "yiyuan-sfj")
    good = build_report(project, *WORKED, BuildOptions(("html",)))
    page = (good.folder / "report.html").read_bytes()
    narrative = project / "data/yiyuan-sfj/2024/narrative.md"
    narrative.write_text("## overview\n\n{{ 没有的数据 }}\n", encoding="utf-8")
    with pytest.raises(NarrativeError) as caught:
        build_report(project, *WORKED, BuildOptions(("html",)))
    assert "narrative.md 第3行" in str(caught.value)
    assert (good.folder / "report.html").read_bytes() == page
    assert not list(good.folder.parent.glob(".2024.making-*"))


@pytest.mark.parametrize(
    ("agency", "year", "kind", "words"),
    [
        ("yiyuan-sfi", 2024, UsageError, "yiyuan-sfj"),
        ("yiyuan-sfj", 2031, UsageError, "2024"),
        ("../etc", 2024, UsageError, "../etc"),
    ],
)
def test_an_unknown_report_names_those_there_are(
    worked_project: Path, agency: str, year: int, kind: type[Exception], words: str
) -> None:
    with pytest.raises(kind, match=re.escape(words)):
        build_report(worked_project, agency, year)


def test_unreadable_data_are_reported_before_anything_runs(tmp_path: Path) -> None:
    project = copy_project(tmp_path, "yiyuan-sfj")
    folder = project / "data/yiyuan-sfj/2024"
    (folder / "reviews.csv").write_text("类型,结果,件数\n行政复议,维持,若干\n", encoding="utf-8")
    (folder / "figures.csv").write_text("名称,数量\n", encoding="utf-8")
    with pytest.raises(InputError) as caught:
        build_report(project, *WORKED)
    files = {p.place.file for p in caught.value.problems if p.place}
    assert {f"data/yiyuan-sfj/2024/{n}.csv" for n in ("reviews", "figures")} <= files


def test_a_cell_that_fails_is_reported_in_one_line(tmp_path: Path) -> None:
    project = copy_project(tmp_path, "yiyuan-sfj")
    path = project / "notebooks/report.ipynb"
    notebook = nbformat.read(path, as_version=4)
    notebook.cells.append(nbformat.v4.new_code_cell("1 / 0"))
    nbformat.write(notebook, path)
    with pytest.raises(ExecutionError) as caught:
        build_report(project, *WORKED)
    assert "ZeroDivisionError" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_formats_are_named_in_any_order() -> None:
    assert parse_formats("pdf, HTML") == ("html", "pdf")
    with pytest.raises(UsageError, match="odt"):
        parse_formats("odt")
    with pytest.raises(UsageError):
        parse_formats("")

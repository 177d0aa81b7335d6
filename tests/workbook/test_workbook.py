"""The fill-in workbook: what goes in comes out, before and after another program saved it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import openpyxl
import pytest
from python_calamine import CalamineWorkbook
from tests.inputs.builders import xlsx_bytes
from tests.programs import office
from tests.projects import WORKED, copy_project
from tests.statistics.published import COMPLETE, entered, figures_of

from nianbao.errors import UsageError
from nianbao.inputs.bundle import Inputs
from nianbao.inputs.load import load_inputs
from nianbao.inputs.values import Cell
from nianbao.prose.facts import walk
from nianbao.prose.vocabulary import build_vocabulary
from nianbao.statistics.tables import build_tables
from nianbao.statutory import load_format
from nianbao.workbook.draw import write_workbook

FORMAT = load_format()
SAMPLES = [(a, y) for a in (WORKED[0], "shili-zrzyj", "shili-qinghe-zhen", "shili-scjgj")
           for y in (2023, 2024)]  # fmt: skip
OPENED = [*SAMPLES[2:], WORKED]
"""Those whose workbook is opened in LibreOffice."""


def said(inputs: Inputs) -> dict[str, object]:
    """All that a report is made from, without the places where it stands."""
    tables = build_tables(inputs, FORMAT)
    before = build_tables(inputs.previous, FORMAT) if inputs.previous else None
    facts = walk(build_vocabulary(inputs, tables, before, FORMAT))
    return {
        "agency": inputs.agency,
        "params": inputs.params,
        "tables": {name: table.frame.to_dict() for name, table in tables.items()},
        "cells": {name: states(table.cells) for name, table in tables.items()},
        "facts": {fact.name: (fact.value, fact.text, fact.unit) for fact in facts},
        "narrative": {key: section.text for key, section in inputs.narrative.items()},
        "cases": None if inputs.cases is None else inputs.cases.drop(columns="row").to_dict(),
    }


def states(cells: Mapping[tuple[str, str], Cell]) -> dict[tuple[str, str], tuple[object, ...]]:
    return {key: (cell.state, cell.number, cell.note) for key, cell in cells.items()}


def handed_in(root: Path, agency: str, year: int, file: Path) -> Inputs:
    """The year read from a workbook alone: no other file of the year, nothing in params/."""
    folder = root / "data" / agency / str(year)
    shutil.rmtree(folder)
    shutil.rmtree(root / "params" / agency)
    folder.mkdir()
    shutil.copy(file, folder / "workbook.xlsx")
    return load_inputs(root, agency, year)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return copy_project(tmp_path / "project")


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, int], Path]:
    """The workbook of every sample, which no test changes."""
    folder = tmp_path_factory.mktemp("written")
    root = copy_project(folder / "project")
    return {
        (agency, year): write_workbook(root, agency, year, folder / f"{agency} {year}.xlsx")
        for agency, year in SAMPLES
    }


@pytest.mark.parametrize(("agency", "year"), SAMPLES)
def test_every_sample_says_the_same_from_its_workbook_alone(
    agency: str, year: int, project: Path, written: dict[tuple[str, int], Path]
) -> None:
    before = said(load_inputs(project, agency, year))
    after = said(handed_in(project, agency, year, written[agency, year]))
    assert after["narrative"] == before["narrative"]
    # A ledger that had no optional columns has them now, and so more can be counted.
    assert before.pop("facts").items() <= after.pop("facts").items()
    assert after == before


def published_workbook(name: str, folder: Path) -> tuple[Path, str, int, Path]:
    """A project with the published tables as CSV files, and the workbook made of it."""
    root, agency, year = folder / "p", "shili-fabu", figures_of(name)["year"]
    folder = root / "data" / agency / str(year)
    folder.mkdir(parents=True)
    write_published(folder, entered(name))
    card = [["项目", "内容"], ["机关全称", "示例县某局"], ["机关类别", "政府部门"]]
    (folder / "workbook.xlsx").write_bytes(xlsx_bytes({"基本信息": card}))
    file = write_workbook(root, agency, year, root / "out.xlsx")
    for path in folder.iterdir():
        path.unlink()
    shutil.copy(file, folder / "workbook.xlsx")
    return root, agency, year, file


@pytest.mark.parametrize("name", COMPLETE)
def test_published_figures_come_out_as_they_went_in(name: str, tmp_path: Path) -> None:
    root, agency, year, _ = published_workbook(name, tmp_path)
    again = build_tables(load_inputs(root, agency, year), FORMAT)
    for key, table in build_tables(entered(name), FORMAT).items():
        if table.layout is not None:
            assert again[key].frame.to_dict() == table.frame.to_dict(), key


@pytest.mark.slow
def test_published_sums_hold_in_libreoffice_and_a_spoilt_one_does_not(
    saved: Mapping[str, Path],
) -> None:
    first, second = checks_of(saved["published"]), checks_of(saved["published, spoilt"])
    assert "不相符" not in {str(cell) for row in first for cell in row}
    frame = build_tables(entered("suqian_2023"), FORMAT)["requests"].frame
    lines = {str(row[0]): row[1:8] for row in first}
    assert all(lines[r.path] == list(frame.loc[r.key]) for r in FORMAT.request_rows)
    broken = {str(row[0]) for row in second if "不相符" in row}
    assert {"纵向核对（B1）：一＋二＝三（七）＋四", FORMAT.request_rows[0].path} <= broken


def write_published(folder: Path, inputs: Inputs) -> None:
    """The tables as CSV files of the official form."""
    rows = {row.key: row.path for row in FORMAT.request_rows}
    matrix = inputs.requests_table or {}
    lines = [",".join(["项目", *FORMAT.request_columns])]
    for key, path in rows.items():
        texts = [matrix[key, c].raw if (key, c) in matrix else "" for c in FORMAT.request_columns]
        lines.append(",".join([path, *texts]))
    (folder / "requests_table.csv").write_text("\n".join(lines), encoding="utf-8")
    columns = list(dict.fromkeys(c for _, c in FORMAT.decision_cells))
    lines = [",".join(["项目", *columns])]
    for row in dict.fromkeys(r for r, _ in FORMAT.decision_cells):
        texts = [inputs.decisions[row, c].raw if (row, c) in inputs.decisions else ""
                 for c in columns]  # fmt: skip
        lines.append(",".join([row, *texts]))
    (folder / "decisions.csv").write_text("\n".join(lines), encoding="utf-8")
    lines = [
        "类型,结果,件数",
        *(f"{g},{r},{c.raw}" for (g, r), c in (inputs.reviews or {}).items()),
    ]
    (folder / "reviews.csv").write_text("\n".join(lines), encoding="utf-8")


def test_equal_content_is_equal_bytes(
    project: Path, written: dict[tuple[str, int], Path], tmp_path: Path
) -> None:
    """In this process twice, and in another, whose sets come in another order."""
    arguments = ["shili-zrzyj", "2024", "--root", str(project), "--to", str(tmp_path / "c.xlsx")]
    command = [sys.executable, "-m", "nianbao", "workbook", *arguments]
    seed = {"PYTHONHASHSEED": "1"}
    subprocess.run(command, check=True, capture_output=True, env=os.environ | seed)
    again = write_workbook(project, "shili-zrzyj", 2024, tmp_path / "b.xlsx")
    for file in (written["shili-zrzyj", 2024], again):
        assert file.read_bytes() == (tmp_path / "c.xlsx").read_bytes()


def test_nothing_is_written_over(project: Path, tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_bytes(b"")
    with pytest.raises(UsageError, match="已经有这个文件"):
        write_workbook(project, "shili-zrzyj", 2024, tmp_path / "a.xlsx")
    with pytest.raises(UsageError, match=r"报了两份：“.*requests\.xlsx.*”.*--to"):
        write_workbook(project, "shili-zrzyj", 2024)
    assert (tmp_path / "a.xlsx").read_bytes() == b""
    assert not (project / "data/shili-zrzyj/2024/workbook.xlsx").exists()


def test_a_new_year_begins_with_what_last_year_leaves(project: Path) -> None:
    file = write_workbook(project, "shili-zrzyj", 2025)
    assert file == project / "data/shili-zrzyj/2025/workbook.xlsx"
    inputs = load_inputs(project, "shili-zrzyj", 2025)
    tables = build_tables(inputs, FORMAT)
    carried = build_tables(load_inputs(project, "shili-zrzyj", 2024), FORMAT)["requests"].frame
    assert list(tables["requests"].frame.loc["carried_in"]) == list(carried.loc["carried_out"])
    # Nothing is filled in for the clerk, nothing blank is zero.
    assert not any(cell.is_number for cell in tables["decisions"].cells.values())
    assert not any(cell.is_number for cell in tables["reviews"].cells.values())
    assert all(f.cell.number is None for f in inputs.figures.values())
    sheet = openpyxl.load_workbook(file)["法定公开（表二）"]
    heads = [cell.value for cell in sheet[3]]
    row = next(row for row in sheet.iter_rows(values_only=True) if row[0] == "行政规范性文件")
    assert row[heads.index("上年现行有效件数")] == 12


def test_a_bureau_that_is_not_known_gets_an_empty_workbook(tmp_path: Path) -> None:
    file = write_workbook(tmp_path, "shili-xin", 2025)
    book = openpyxl.load_workbook(file)
    assert book.sheetnames == [
        "说明", "基本信息", "主动公开", "法定公开（表二）", "申请台账", "复议诉讼", "其他数据",
        "核对说明", "正文", "勾稽", "读数", "选项",
    ]  # fmt: skip
    assert book["选项"].sheet_state == "hidden"
    sums = openpyxl.load_workbook(write_workbook(tmp_path / "other", "shili-xin", 2025, sums=True))
    assert "申请汇总（表三）" in sums.sheetnames
    assert "申请台账" not in sums.sheetnames
    with pytest.raises(UsageError, match="机关代码不合规则"):
        write_workbook(tmp_path, "../x", 2025)


@pytest.fixture(scope="module")
def book(written: dict[tuple[str, int], Path]) -> openpyxl.Workbook:
    """One of them, as it is read."""
    return openpyxl.load_workbook(written["shili-zrzyj", 2024])


def test_drop_downs_offer_the_official_words(book: openpyxl.Workbook) -> None:
    ledger, lists = book["申请台账"], book["选项"]
    heads = {cell.value: cell.column_letter for cell in ledger[3]}
    offered = {}
    for rule in ledger.data_validations.dataValidation:
        if rule.type == "list":
            column = str(rule.sqref)[0]
            area = rule.formula1.split("!")[1].replace("$", "")
            offered[column] = [cell[0].value for cell in lists[area]]
    assert offered[heads["申请人类型"]] == list(FORMAT.applicants)
    outcomes = offered[heads["办理结果"]]
    assert len(outcomes) == len(FORMAT.outcome_rows) == 21
    assert outcomes[2] == "（三）不予公开/1.属于国家秘密"
    assert ledger.freeze_panes == "B4"
    hints = {rule.promptTitle for rule in ledger.data_validations.dataValidation if rule.prompt}
    assert {"收到日期", "办理结果", "补正通知日期"} <= hints
    assert all(len(rule.prompt or "") < 256 for rule in ledger.data_validations.dataValidation)


def test_reasons_have_a_sheet_of_their_own_and_are_read_back(project: Path) -> None:
    file = write_workbook(project, "shili-zrzyj", 2025)
    sheet = openpyxl.load_workbook(file)["核对说明"]
    assert [cell.value for cell in sheet[3]] == ["标识", "理由"]
    assert "照抄标识" in str(sheet["A2"].value)
    assert load_inputs(project, "shili-zrzyj", 2025).acknowledged == {}
    # While the sheet is blank, a file beside the workbook is not the same table twice.
    csv = file.with_name("acknowledged.csv")
    csv.write_text("标识,理由\nY2-59c8849a,机构合并\n", encoding="utf-8")
    assert list(load_inputs(project, "shili-zrzyj", 2025).acknowledged) == ["Y2-59c8849a"]
    spoil(file, ("核对说明", "A4", "Y6-0a1b2c3d"), ("核对说明", "B4", "两年确实相同"))
    both = load_inputs(project, "shili-zrzyj", 2025).acknowledged
    assert sorted(both) == ["Y2-59c8849a", "Y6-0a1b2c3d"]
    csv.unlink()
    reported = load_inputs(project, "shili-zrzyj", 2025).acknowledged
    assert reported["Y6-0a1b2c3d"].reason == "两年确实相同"
    assert str(reported["Y6-0a1b2c3d"].place).endswith("工作表“核对说明” 第4行“标识”列")


def test_a_bureau_without_a_name_is_reported_by_its_code(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(write_workbook(tmp_path, "shili-xin", 2025))
    title = "2025年政府信息公开工作年度报告填报表（shili-xin）"
    assert (book.properties.title, book["说明"]["A1"].value) == (title, title)
    # Printed, no line runs over the edge.
    assert all(
        ws.sheet_properties.pageSetUpPr.fitToPage for ws in book if ws.sheet_state == "visible"
    )


def test_what_excel_asks_about_can_be_kept(book: openpyxl.Workbook) -> None:
    rules = [r for ws in book for r in ws.data_validations.dataValidation
             if r.type in ("date", "whole", "decimal")]  # fmt: skip
    assert {r.type for r in rules} == {"date", "whole", "decimal"}
    # A stop would refuse 2024.3.5 and 22（其中修订16件）, which the readers take.
    assert {r.errorStyle for r in rules} == {"warning"}
    kept = {r.type: r.error for r in rules if "点“是”" in r.error}
    assert kept.keys() == {"date", "whole"}
    assert all(len(r.error) < 225 for r in rules)


NASTY = ("=1+1", "+86", "-无", "@SUM(A1)", "'x", '=HYPERLINK("http://x")', "a\tb")


def add_nasty(project: Path) -> None:
    """Texts that a spreadsheet might take for formulas, in words of the samples."""
    file = project / "data/shili-qinghe-zhen/2023/disclosures.csv"
    lines = ["渠道,类别,条数", *(f'"{t.replace(chr(34), chr(34) * 2)}",类{i},{i}'
                                for i, t in enumerate(NASTY))]  # fmt: skip
    file.write_text("\n".join(lines), encoding="utf-8")


def test_texts_that_look_like_formulas_stay_texts(project: Path, tmp_path: Path) -> None:
    add_nasty(project)
    file = write_workbook(project, "shili-qinghe-zhen", 2023, tmp_path / "a.xlsx")
    sheet = openpyxl.load_workbook(file)["主动公开"]
    cells = {cell.value: cell.data_type for cell in sheet["A"][3:] if cell.value}
    assert dict.fromkeys(NASTY, "s") == cells
    frame = handed_in(project, "shili-qinghe-zhen", 2023, file).disclosures
    assert frame is not None
    assert list(frame["渠道"]) == list(NASTY)


def test_who_applied_is_not_copied(project: Path, tmp_path: Path) -> None:
    file = project / "data/shili-qinghe-zhen/2023/requests.csv"
    text = file.read_text(encoding="utf-8-sig")
    head, *rows = [line for line in text.splitlines() if "," in line and line.strip(",")][-3:]
    case = "2023-9,2023-05-06,自然人,予以公开,2023-05-20,示例人甲,11010519491231002X,某事"
    heads = "登记号,收到日期,申请人类型,办理结果,答复日期,申请人姓名,身份证号,申请内容"
    file.write_text(f"{heads}\n{case}\n", encoding="utf-8")
    out = write_workbook(project, "shili-qinghe-zhen", 2023, tmp_path / "a.xlsx")
    book = openpyxl.load_workbook(out)
    texts = "".join(str(c.value) for ws in book for row in ws.iter_rows() for c in row if c.value)
    assert "2023-9" in texts
    assert not any(word in texts for word in ("示例人甲", "19491231", "某事"))
    assert head
    assert rows


@dataclass(frozen=True)
class Office:
    """Workbooks before and after LibreOffice opened, calculated and saved them."""

    project: Path
    """They are made of it."""
    written: Mapping[str, Path]
    saved: Mapping[str, Path]


@pytest.fixture(scope="module")
def through_office(
    written: dict[tuple[str, int], Path], tmp_path_factory: pytest.TempPathFactory
) -> Office:
    """Write all workbooks that LibreOffice is to open, and let it open them in one call."""
    folder = tmp_path_factory.mktemp("office")
    root = copy_project(folder / "project")
    add_nasty(root)
    made = {f"{agency} {year}": written[agency, year] for agency, year in OPENED}
    made["shili-qinghe-zhen 2023"] = write_workbook(
        root, "shili-qinghe-zhen", 2023, folder / "shili-qinghe-zhen 2023.xlsx"
    )

    def copy(of: str, name: str) -> Path:
        return Path(shutil.copy(made[of], folder / f"{name}.xlsx"))

    *_, made["published"] = published_workbook("suqian_2023", folder)
    made["published"] = made["published"].rename(folder / "published.xlsx")
    made |= {
        "published, spoilt": spoil(
            copy("published", "published, spoilt"), ("申请汇总（表三）", "B4", 1)
        ),
        "as clerks write": as_clerks_write(copy("shili-scjgj 2024", "as clerks write")),
    }
    for name, (spoils, _) in SPOILT.items():
        made[name] = spoil(copy("shili-scjgj 2024", name), *spoils)
    command = [
        office(), f"-env:UserInstallation=file://{folder}/profile", "--headless",
        "--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", str(folder / "saved"),
    ]  # fmt: skip
    subprocess.run([*command, *map(str, made.values())], check=True, capture_output=True)
    return Office(root, made, {name: folder / "saved" / file.name for name, file in made.items()})


@pytest.fixture
def saved(through_office: Office) -> Mapping[str, Path]:
    return through_office.saved


def checks_of(file: Path) -> list[list[object]]:
    return CalamineWorkbook.from_path(file).get_sheet_by_name("勾稽").to_python()


ASKED = {("shili-zrzyj", 2024): "有1处请核对"}
"""What a sample really has to be asked about; every other one is green throughout."""


@pytest.mark.slow
@pytest.mark.parametrize(("agency", "year"), OPENED)
def test_after_a_save_in_libreoffice_it_says_the_same_and_the_identities_hold(
    agency: str, year: int, through_office: Office, tmp_path: Path
) -> None:
    name = f"{agency} {year}"
    own, inputs = (
        load_workbook_only(through_office.project, agency, year, files[name], tmp_path / place)
        for place, files in (("a", through_office.written), ("b", through_office.saved))
    )
    assert said(inputs) == said(own)
    asked = ASKED.get((agency, year), "全部相符")
    check_identities(inputs, through_office.saved[name], asked)


def check_identities(inputs: Inputs, saved: Path, asked: str) -> None:
    """The sheet of checks agrees with the tables, and says in its first line what is asked."""
    lines = {str(row[0]): row for row in checks_of(saved)}
    table = build_tables(inputs, FORMAT)["requests"].frame
    for row in FORMAT.request_rows:
        assert [*lines[row.path][1:8]] == list(table.loc[row.key]), row.path
        assert lines[row.path][8] == "相符"
    words = [str(cell) for row in checks_of(saved) for cell in row]
    assert not {"不相符", "未填全"} & set(words)
    assert checks_of(saved)[1][9:11] == ["认不出的格数", 0]
    assert not [word for word in words if word.startswith("#") or word == "Err:"]
    assert checks_of(saved)[1][0] == asked, saved.name


def load_workbook_only(project: Path, agency: str, year: int, file: Path, root: Path) -> Inputs:
    shutil.copytree(project, root, ignore=shutil.ignore_patterns("notebooks", "fonts"))
    return handed_in(root, agency, year, file)


def spoil(file: Path, *cells: tuple[str, str, object]) -> Path:
    book = openpyxl.load_workbook(file)
    for sheet, cell, value in cells:
        book[sheet][cell] = value
    book.save(file)
    return file


SHORT = {
    "予以公开": "公开",
    "自然人": "公民",
    "商业企业": "企业",
    "结果维持": "维持",
    "行政复议": "复议",
}


def as_clerks_write(file: Path) -> Path:
    """Rewrite what a workbook holds in the ways in which clerks do, none of the values changed."""
    book = openpyxl.load_workbook(file)
    days = (
        lambda day: f"{day.year}.{day.month}.{day.day}",
        lambda day: f"{day.year}年{day.month}月{day.day}日",
        lambda day: f"{day:%Y%m%d}",
        lambda day: f"{day.month}月{day.day}日" if day.year == 2024 else f"{day:%Y/%m/%d}",
    )
    for at, row in enumerate(book["申请台账"].iter_rows(min_row=4)):
        for cell in row:
            if isinstance(cell.value, datetime):
                cell.value = days[at % 4](cell.value)
            elif isinstance(cell.value, str):
                word = cell.value.rpartition("/")[2]
                cell.value = SHORT.get(word.partition(".")[2] or word, cell.value)
            cell.number_format = "@"
    for row in book["复议诉讼"].iter_rows(min_row=4, max_col=3):
        for cell in row:
            cell.value = SHORT.get(cell.value, cell.value)
        if isinstance(row[2].value, int):
            row[2].value = f"{row[2].value}件"
    for row in book["法定公开（表二）"].iter_rows(min_row=4, min_col=2, max_col=5):
        for cell in row:
            if isinstance(cell.value, int) and cell.value > 1:
                cell.value = f"{cell.value}件（其中修订1件）"
    book.save(file)
    return file


@pytest.mark.slow
def test_the_sheet_and_the_check_agree_on_what_clerks_write(
    through_office: Office, tmp_path: Path
) -> None:
    project, who = through_office.project, ("shili-scjgj", 2024)
    made = through_office.written["shili-scjgj 2024"]
    plain = load_workbook_only(project, *who, made, tmp_path / "a")
    saved = through_office.saved["as clerks write"]
    inputs = load_workbook_only(project, *who, saved, tmp_path / "b")
    lines = {str(row[0]): row for row in checks_of(saved)}
    table = build_tables(inputs, FORMAT)["requests"].frame
    assert table.to_dict() == build_tables(plain, FORMAT)["requests"].frame.to_dict()
    for row in FORMAT.request_rows:
        assert [*lines[row.path][1:9]] == [*table.loc[row.key], "相符"], row.path
    assert checks_of(saved)[1][0] == "全部相符"
    assert {reading.kind for reading in inputs.readings} == {"day", "unit"}


SPOILT: Mapping[str, tuple[tuple[tuple[str, str, object], ...], set[str]]] = {
    "an outcome that is none": ((("申请台账", "E4", "公开了"),), {"B1", "B2"}),
    "an applicant that is none": ((("申请台账", "D4", "单位"),), {"二、上年结转"}),
    "a date that is none": ((("申请台账", "B4", "三月上旬"),), {"Y1"}),
    "a document more, a blank in tables 2 and 4": (
        (
            ("法定公开（表二）", "D5", 99),
            ("法定公开（表二）", "D4", None),
            ("复议诉讼", "C4", None),
        ),
        {"Y2", "V3", "C1"},
    ),
}
"""Cells that are changed in a workbook in order, and what its sheet of checks then asks about."""


@pytest.mark.slow
@pytest.mark.parametrize("name", SPOILT)
def test_what_does_not_fit_is_reported_before_it_is_sent(
    name: str, saved: Mapping[str, Path]
) -> None:
    lines = checks_of(saved[name])
    broken = {
        str(row[0])
        for row in lines[2:]
        if {"不相符", "未填全", "请核对"} & {str(c) for c in row[1:]}
    }
    for mark in SPOILT[name][-1]:
        assert any(mark in line for line in broken), broken
    assert str(lines[1][0]) != "全部相符"

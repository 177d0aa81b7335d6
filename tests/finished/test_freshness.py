"""A report is skipped when, and only when, nothing that can change a byte of it has changed."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from benchmarks.bureaus import write_project
from tests.calls import calls
from tests.inputs.builders import xlsx_bytes
from tests.projects import WORKED, copy_project

from nianbao.finished.batch_context import BatchContext, batch_context_checksum, read_batch_context
from nianbao.finished.folder import report_folder
from nianbao.finished.freshness import Freshness, compare_with_now
from nianbao.finished.options import BuildOptions
from nianbao.publishing.build import build_report

OPTIONS = BuildOptions(("html",))
DATA = "data/yiyuan-sfj/2024"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with one published report and another agency."""
    root = copy_project(tmp_path_factory.mktemp("cache"), WORKED[0], "shili-qinghe-zhen")
    build_report(root, *WORKED, OPTIONS)
    return root


@pytest.fixture
def root(made: Path, tmp_path: Path) -> Path:
    """The same project, to be changed."""
    return shutil.copytree(made, tmp_path / "project", symlinks=True)


def verdict(
    root: Path, options: BuildOptions = OPTIONS, context: BatchContext | None = None
) -> Freshness:
    return compare_with_now(root, *WORKED, options, context or read_batch_context(root, WORKED[1]))


def append(file: str, text: str = "\n") -> Callable[[Path], object]:
    def change(root: Path) -> None:
        with (root / file).open("a", encoding="utf-8") as stream:
            stream.write(text)

    return change


def test_the_same_is_skipped(root: Path) -> None:
    assert verdict(root).current
    assert verdict(root).why == "与上次相比没有变化"


CHANGES = {
    "a cell": (append(f"{DATA}/reviews.csv"), "数据：data/yiyuan-sfj/2024/reviews.csv（有变动）"),
    "a new file": (append(f"{DATA}/图.png", "x"), "数据：data/yiyuan-sfj/2024/图.png（新增）"),
    "a file less": (
        lambda root: (root / DATA / "figures.csv").unlink(),
        "数据：data/yiyuan-sfj/2024/figures.csv（没有了）",
    ),
    "last year": (
        append("data/yiyuan-sfj/2023/requests_table.csv"),
        "数据：data/yiyuan-sfj/2023/requests_table.csv（有变动）",
    ),
    "an older year": (
        lambda root: shutil.copytree(root / DATA, root / "data/yiyuan-sfj/2022"),
        "数据：data/yiyuan-sfj/2022/",
    ),
    "parameters": (append("params/yiyuan-sfj/2024.yaml"), "params/yiyuan-sfj/2024.yaml（有变动）"),
    "the agency": (append("params/yiyuan-sfj/agency.yaml"), "agency.yaml（有变动）"),
    "the master": (append("notebooks/report.ipynb"), "主笔记本有改动"),
    "a damaged page": (
        append("output/yiyuan-sfj/2024/report.html"), "已生成的文件：report.html（有变动）"
    ),
    "a page that is gone": (
        lambda root: (root / "output/yiyuan-sfj/2024/report.html").unlink(),
        "已生成的文件：report.html（没有了）",
    ),
    "a damaged manifest": (
        append("output/yiyuan-sfj/2024/manifest.json", "}"),
        "清单 manifest.json 损坏或被改动",
    ),
    "a failure": (
        lambda root: (root / "output/yiyuan-sfj/2024/failed").mkdir(), "上次没有成功"
    ),
    "a font": (
        lambda root: ((root / "fonts").unlink(), (root / "fonts").mkdir()), "字体不同"
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CHANGES)
def test_a_change_is_found_and_named(root: Path, name: str) -> None:
    change, why = CHANGES[name]
    if name == "a font" and not (root / "fonts").exists():
        (root / "fonts").mkdir()
        pytest.fail("make fonts has not been run")
    change(root)
    found = verdict(root)
    assert not found.current
    assert why in found.why
    assert not found.only_context


@pytest.mark.parametrize(
    ("options", "why"),
    [(BuildOptions(("html", "pdf")), "选项"), (BuildOptions(("html",), draft=True), "选项")],
)
def test_other_options_are_a_change(root: Path, options: BuildOptions, why: str) -> None:
    assert why in verdict(root, options).why


def test_other_programs_are_a_change(root: Path) -> None:
    context = read_batch_context(root, 2024)
    newer = {**context.basis.versions, "pandas": "99"}
    for basis, why in (
        (replace(context.basis, versions=newer), "软件包：pandas（有变动）"),
        (replace(context.basis, source="0"), "nianbao 程序有改动"),
        (replace(context.basis, faces="0"), "字体不同"),
    ):
        found = verdict(root, context=replace(context, basis=basis))
        assert (found.current, found.why) == (False, why)


def test_what_changes_no_byte_is_no_change(root: Path) -> None:
    (root / DATA / "README.md").write_text("给人看的", encoding="utf-8")
    for name in ("~$台账.xlsx", "desktop.ini", "台账.xlsx.bak"):
        (root / DATA / name).write_text("锁", encoding="utf-8")
    (root / DATA / ".DS_Store").write_text("x", encoding="utf-8")
    for path in (root / DATA).iterdir():
        os.utime(path, (0, 0))
    assert verdict(root).current


def test_another_agencys_wording_is_told_apart(root: Path) -> None:
    append("data/shili-qinghe-zhen/2024/narrative.md")(root)
    found = verdict(root)
    assert (found.current, found.only_context) == (False, True)


def test_of_another_agencys_workbook_the_words_count_and_no_number(root: Path) -> None:
    book = root / "data/shili-qinghe-zhen/2024/workbook.xlsx"

    def checksum(text: str, permits: int) -> str:
        texts = [["章节编号", "正文"], ["overview", text]]
        table = [["项目", "本年处理决定数量"], ["行政许可", permits]]
        book.write_bytes(xlsx_bytes({"正文": texts, "表二": table}))
        return batch_context_checksum(root, 2024)

    first = checksum("公开用水信息。", 3)
    assert checksum("公开用水信息。", 4) == first
    assert checksum("公开用电信息。", 3) != first
    assert verdict(root).only_context
    book.write_bytes(b"no workbook")
    damaged = batch_context_checksum(root, 2024)
    book.write_bytes(b"no workbook either")
    assert batch_context_checksum(root, 2024) != damaged


def test_the_units_below_a_government_are_its_inputs(tmp_path: Path) -> None:
    above, below = write_project(tmp_path, 2)
    card = tmp_path / f"params/{above.code}/agency.yaml"
    text = card.read_text(encoding="utf-8").replace("kind: department", "kind: government")
    card.write_text(text, encoding="utf-8")
    append(f"params/{below.code}/agency.yaml", f"parent: {above.code}\n")(tmp_path)
    context = read_batch_context(tmp_path, 2024)
    assert context.below(above.code) == (below.code,)
    assert context.below(below.code) == ()
    options = replace(OPTIONS, draft=True)
    build_report(tmp_path, above.code, 2024, options)
    assert compare_with_now(tmp_path, above.code, 2024, options, context).current
    append(f"data/{below.code}/2024/requests.csv")(tmp_path)
    found = compare_with_now(tmp_path, above.code, 2024, options, context)
    assert f"data/{below.code}/2024/requests.csv（有变动）" in found.why


def test_a_look_is_little_work(root: Path) -> None:
    context = read_batch_context(root, 2024)
    found: list[Freshness] = []

    def look() -> None:
        found.append(compare_with_now(root, *WORKED, OPTIONS, context))

    look()  # what is done once in a process is done now
    assert calls(look) < 10_000, "half of it is usual; reading the inputs takes 70,000"
    assert [verdict.current for verdict in found] == [True, True]
    assert (report_folder(root, *WORKED) / "manifest.json").is_file()


def test_a_unit_that_is_a_workbook_alone_is_below_its_government(tmp_path: Path) -> None:
    card, sheet = tmp_path / "params/xian/agency.yaml", tmp_path / "data/ju/2024/workbook.xlsx"
    for file in (card, sheet):
        file.parent.mkdir(parents=True)
    card.write_text("name: 示例县人民政府\nkind: government\n", encoding="utf-8")
    rows = [["项目", "内容"], ["机关代码", "ju"], ["上级机关代码", "xian"]]
    sheet.write_bytes(xlsx_bytes({"基本信息": rows}))
    assert read_batch_context(tmp_path, 2024).below("xian") == ("ju",)

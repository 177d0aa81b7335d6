"""An analyst's own table, figure and text: in every format, or reported."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any

import nbformat
import pandas as pd
import pytest
from matplotlib.figure import Figure
from tests.projects import WORKED, copy_project

from nianbao import ExecutionError, UsageError, build_report, open_report, sum_reviews
from nianbao.documents.readback import read_docx, read_html, read_pdf
from nianbao.notebook.blocks import BLOCK_MIME
from nianbao.notebook.report import Report

MINE = """mine = report.frame("figures")[["名称", "数值"]]
report.show(mine, title="自拟附表", unit="见各行", source="自拟台账")"""
DRAWN = """from matplotlib.figure import Figure
axes = Figure(figsize=(6, 3)).add_subplot()
axes.bar(["一季度", "二季度"], [3, 5])
said = "二季度5件，多于一季度的3件。"
report.show(axes, title="自拟附图", unit="件", source="自拟月报", alt=said)"""


@pytest.fixture(scope="module")
def report(repository: Path) -> Report:
    return open_report("shili-scjgj", 2024, root=repository)


def bars() -> Any:
    axes = Figure().add_subplot()
    axes.bar(["甲", "乙"], [1, 2.5])
    return axes


def refused(report: Report, thing: object, **more: Any) -> str:
    with pytest.raises(UsageError) as caught:
        report.show(thing, **more)
    return str(caught.value)


def test_a_frame_is_printed_as_it_is(report: Report) -> None:
    frame = pd.DataFrame({"月": [1, 2], "件": [3.0, None], "占比": [0.25, 1.5]})
    block = report.show(frame, title="各月", unit="件", source="台账").bundle[BLOCK_MIME]
    assert block["head"] == ["月", "件", "占比"]
    assert block["rows"] == [["1", "3", "0.25"], ["2", "", "1.5"]]
    assert (block["title"], block["unit"], block["source"]) == ("各月", "件", "台账")


def test_an_index_with_names_is_a_column(report: Report) -> None:
    series = report.frame("cases").groupby("申请人类型", observed=True)["件数"].sum()
    block = report.show(series, title="按申请人").bundle[BLOCK_MIME]
    assert block["head"] == ["申请人类型", "件数"]
    assert block["rows"][0][0] == "自然人"


def test_heads_of_two_rows_days_and_lists_are_printed_as_a_person_writes_them(
    report: Report,
) -> None:
    frame = pd.DataFrame(
        {("收到", "日"): [pd.Timestamp(2024, 3, 5)], ("收到", "件"): [[1, 2]], ("", "数"): [7.0]}
    )
    block = report.show(frame, title="各日").bundle[BLOCK_MIME]
    assert block["head"] == ["收到／日", "收到／件", "／数"]
    assert block["rows"] == [["2024年3月5日", "[1, 2]", "7"]]
    long = pd.DataFrame({"数": range(501)})
    assert "表有501行1列，不能印入报告" in refused(report, long, title="太长")
    assert report.show(long.head(500), title="不太长").bundle[BLOCK_MIME]["rows"][-1] == ["499"]
    assert "表有0行0列" in refused(report, pd.DataFrame(index=range(2)), title="没有列")


def test_lines_are_read_and_what_does_not_fit_together_is_asked_for(report: Report) -> None:
    axes = Figure().add_subplot()
    axes.plot([1, 2], [3, 5], label="件数")
    shown = report.show(axes, title="线图", alt="二月5件。").bundle[BLOCK_MIME]
    assert (shown["data"]["head"], shown["data"]["rows"]) == (
        ["项目", "件数"], [["1", "3"], ["2", "5"]],
    )  # fmt: skip
    axes.plot([1], [3])
    assert "图上的数读不出来" in refused(report, axes, title="线图", alt="二月5件。")


def test_a_figure_has_its_numbers_and_its_words(report: Report) -> None:
    block = report.show(bars(), title="图", alt="乙多于甲。").bundle[BLOCK_MIME]
    assert block["data"] == {"head": ["项目", "数值"], "rows": [["甲", "1"], ["乙", "2.5"]]}
    assert block["alt"] == "乙多于甲。"


def test_what_is_missing_is_reported_in_chinese_all_at_once(report: Report) -> None:
    reported = refused(report, bars(), title="")
    assert "没有标题" in reported
    assert "图没有文字说明" in reported
    assert "alt=" in reported
    assert "data=" in refused(report, Figure(), title="图", alt="空图。")
    assert "DataFrame" in refused(report, 3, title="数")
    assert "f-string" in refused(report, pd.DataFrame({"a": [1]}), title="{{ 年份 }}")


def test_what_has_no_numbers_is_refused_by_its_title(report: Report) -> None:
    frame = pd.DataFrame({"月": [1], "件": [3]})
    bare, lines = Figure().add_subplot(), Figure().add_subplot()
    lines.plot([], [])
    for thing, more in (
        (frame[:0], {}),
        (frame.set_index("月")["件"][:0], {}),
        (bare, {"data": frame}),
        (lines, {}),
        (bars(), {"data": frame[:0]}),
    ):
        reported = refused(report, thing, title="各月", alt="无。", **more)
        assert "“各月”没有数据" in reported
        assert "if len(数据)" in reported


def test_a_statutory_table_takes_rows_and_columns_of_the_statute_alone(report: Report) -> None:
    with pytest.raises(UsageError, match="缺少行"):
        report.table("reviews", report.frame("reviews"))
    twice = sum_reviews(report.frame("reviews"))
    with pytest.raises(UsageError, match=r"有同名的行.*行政复议"):
        report.table("reviews", pd.concat([twice, twice]))
    with pytest.raises(UsageError, match=r"report\.show"):
        report.table("comparison", pd.DataFrame())


def with_cells(root: Path, after: str, *sources: str) -> None:
    """Put cells into the project's master behind a cell."""
    file = root / "notebooks/report.ipynb"
    notebook = nbformat.read(file, as_version=4)
    at = next(i for i, c in enumerate(notebook.cells) if c.id == after)
    made = [
        nbformat.v4.new_markdown_cell(s[1:]) if s.startswith("#") else nbformat.v4.new_code_cell(s)
        for s in sources
    ]
    notebook.cells[at + 1 : at + 1] = made
    nbformat.write(notebook, file)


def test_a_statutory_table_that_was_counted_otherwise_prints_what_was_counted(
    report: Report,
) -> None:
    counted = sum_reviews(report.frame("reviews")).astype(object)
    before = report.table("reviews", counted).bundle[BLOCK_MIME]  # type: ignore[union-attr]
    counted.loc["行政复议", "结果维持"] = 77
    after = report.table("reviews", counted).bundle[BLOCK_MIME]  # type: ignore[union-attr]
    assert "77" in str(after)
    assert "77" not in str(before)
    counted.loc["行政复议", "结果维持"] = "很多"
    with pytest.raises(UsageError, match="表四“行政复议”×“结果维持”不是数"):
        report.table("reviews", counted)


def test_a_cell_that_fails_is_counted_as_jupyter_shows_it(tmp_path: Path) -> None:
    root = copy_project(tmp_path, WORKED[0])
    with_cells(root, "title", "#一段文字。", "plot = 1\nplt.show()\nplot = 2")
    with pytest.raises(ExecutionError) as caught:
        build_report(*WORKED, root=root)
    # Eight stand before it, the injected parameters among them.
    assert "笔记本第9格“plt.show()”运行出错：NameError" in str(caught.value)


def test_own_parts_are_in_every_format_and_read_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = copy_project(tmp_path, WORKED[0])
    with_cells(root, "overview-platform", MINE, DRAWN, "#自拟的一段文字。", 'report.frame("cases")')
    built = build_report(*WORKED, root=root)
    read = {"html": read_html, "pdf": read_pdf, "docx": read_docx}
    for ending, reader in read.items():
        found = reader((built.folder / f"report.{ending}").read_bytes())
        assert found.cells
        shown = "".join(("".join(passage.text for passage in found.passages), found.asides))
        for words in (
            "（单位：见各行）",
            "注：数据来自自拟台账。",
            "（单位：件；数据来自自拟月报）",
        ):
            assert words in shown, ending
    page = (built.folder / "report.html").read_text("utf-8")
    with zipfile.ZipFile(built.folder / "report.docx") as archive:
        word = archive.read("word/document.xml").decode()
    for shown in (page, word):
        assert "自拟附表" in shown
        assert "自拟附图" in shown
        assert "自拟的一段文字。" in shown
    table = (built.folder / "tables/自拟附表.csv").read_text("utf-8-sig")
    assert table.startswith("名称,数值\n")
    numbers = (built.folder / "tables/自拟附图.csv").read_text("utf-8-sig")
    assert numbers == "项目,数值\n一季度,3\n二季度,5\n"
    (line,) = built.unpublished
    assert 'report.frame("cases")' in line
    assert "没有印入报告" in line
    notebook = nbformat.read(built.folder / "report.ipynb", as_version=4)
    cell = next(c for c in notebook.cells if c.source == 'report.frame("cases")')
    assert sum("不印入报告" in str(output) for output in cell.outputs) == 1

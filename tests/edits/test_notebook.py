"""Forty ways to change a notebook: each is taken, or reported where it stands. None is silent."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.projects import WORKED, copy_built, copy_project

from nianbao.edits.pull import pull_edits
from nianbao.edits.pulled import untold
from nianbao.errors import ExecutionError
from nianbao.finished.batch_context import read_batch_context
from nianbao.finished.freshness import compare_with_now
from nianbao.inputs.project import own_cells_file
from nianbao.notebook.master import OwnCell, read_own_cells, write_own_cells
from nianbao.publishing.build import BuildOptions, build_report

Cells = list[dict[str, Any]]
Way = Callable[[dict[str, Any]], None]
PLATFORM, OVERSIGHT = "overview-platform", "overview-oversight"
SENTENCE = "另设政府信息查阅点一处。"
MADE = "report.ipynb"


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copy_built(tmp_path_factory.mktemp("edits"), "html")


def at(notebook: dict[str, Any], id_: str) -> int:
    return next(i for i, c in enumerate(notebook["cells"]) if c.get("id") == id_)


def cell(notebook: dict[str, Any], id_: str) -> dict[str, Any]:
    return notebook["cells"][at(notebook, id_)]


def text(of: dict[str, Any]) -> str:
    return "".join(of["source"])


def say(notebook: dict[str, Any], id_: str = PLATFORM, more: str = SENTENCE) -> None:
    """Write a sentence at the end of a cell."""
    found = cell(notebook, id_)
    found["source"] = text(found) + more


def new(kind: str, source: str, **metadata: Any) -> dict[str, Any]:
    made = {"cell_type": kind, "id": "added", "metadata": metadata, "source": source}
    return made | ({"outputs": [], "execution_count": None} if kind == "code" else {})


def put(notebook: dict[str, Any], after: str, *cells: dict[str, Any]) -> None:
    notebook["cells"][at(notebook, after) + 1 : at(notebook, after) + 1] = cells


def split(notebook: dict[str, Any], id_: str = OVERSIGHT) -> None:
    """As JupyterLab's Split Cell: both halves keep the metadata."""
    found = cell(notebook, id_)
    half = copy.deepcopy(found)
    front, stop, rest = text(found).partition("。")
    found["source"], half["source"], half["id"] = front + stop, rest, "half"
    put(notebook, id_, half)


def split_and_say(notebook: dict[str, Any]) -> None:
    split(notebook)
    cell(notebook, "half")["source"] += SENTENCE


def split_in_three(notebook: dict[str, Any]) -> None:
    split_and_say(notebook)
    third = copy.deepcopy(cell(notebook, "half"))
    third["source"], third["id"] = "第三段。", "third"
    put(notebook, "half", third)


def merge_with_next(notebook: dict[str, Any]) -> None:
    """As Merge Cells: the heading below and the next section join this cell."""
    start = at(notebook, PLATFORM)
    cells = notebook["cells"][start : at(notebook, OVERSIGHT) + 1]
    cells[0]["source"] = "\n\n".join(text(c) for c in cells) + SENTENCE
    del notebook["cells"][start + 1 : start + len(cells)]


def merge_into_heading(notebook: dict[str, Any]) -> None:
    say(notebook)
    heading = cell(notebook, "heading-platform")
    heading["source"] = f"{text(heading)}\n\n{text(cell(notebook, PLATFORM))}"
    del notebook["cells"][at(notebook, PLATFORM)]


def merge_two_texts(notebook: dict[str, Any]) -> None:
    """Two texts in one cell without the heading between them."""
    say(notebook)
    found = cell(notebook, PLATFORM)
    found["source"] = f"{text(found)}\n\n{text(cell(notebook, OVERSIGHT))}"
    del notebook["cells"][at(notebook, OVERSIGHT)]


def merge_two_texts_and_edit(notebook: dict[str, Any]) -> None:
    """The same, with an edit in the second and a sentence behind it."""
    oversight = cell(notebook, OVERSIGHT)
    oversight["source"] = text(oversight).replace("。", "，", 1) + SENTENCE
    merge_two_texts(notebook)


def move(notebook: dict[str, Any]) -> None:
    found = notebook["cells"].pop(at(notebook, PLATFORM))
    put(notebook, OVERSIGHT, found)


def move_and_say(notebook: dict[str, Any]) -> None:
    say(notebook)
    move(notebook)


def copy_cell(notebook: dict[str, Any]) -> None:
    again = copy.deepcopy(cell(notebook, PLATFORM))
    put(notebook, PLATFORM, again | {"id": "again"})


def copy_and_say(notebook: dict[str, Any]) -> None:
    copy_cell(notebook)
    cell(notebook, "again")["source"] = SENTENCE


def each_cell(notebook: dict[str, Any], change: Callable[[dict[str, Any]], object]) -> None:
    for each in notebook["cells"]:
        change(each)


def cleared(notebook: dict[str, Any]) -> None:
    say(notebook)
    for each in notebook["cells"]:
        if each["cell_type"] == "code":
            each["outputs"], each["execution_count"] = [], None


def stripped(notebook: dict[str, Any]) -> None:
    say(notebook)
    each_cell(notebook, lambda c: c["metadata"].clear())
    notebook["metadata"] = {}


def stripped_and_cleared(notebook: dict[str, Any]) -> None:
    stripped(notebook)
    cleared(notebook)


def classic(notebook: dict[str, Any]) -> None:
    """Classic Notebook: nbformat 4.4 without ids, sources as lists of lines."""
    say(notebook)
    notebook["nbformat_minor"] = 4
    each_cell(notebook, lambda c: c.pop("id", None))
    each_cell(notebook, lambda c: c.update(source=text(c).splitlines(keepends=True)))


def classic_stripped(notebook: dict[str, Any]) -> None:
    classic(notebook)
    each_cell(notebook, lambda c: c["metadata"].clear())


def colab(notebook: dict[str, Any]) -> None:
    say(notebook)
    notebook["metadata"]["colab"] = {"provenance": []}
    each_cell(notebook, lambda c: c["metadata"].update(id=c["id"], colab={"base_uri": "x"}))
    each_cell(notebook, lambda c: c.pop("id"))


def vscode(notebook: dict[str, Any]) -> None:
    say(notebook)
    each_cell(notebook, lambda c: c["metadata"].update(vscode={"languageId": "markdown"}))
    each_cell(notebook, lambda c: c.update(id="v" + c["id"][:20]))


def retag(notebook: dict[str, Any]) -> None:
    say(notebook)
    each_cell(notebook, lambda c: c["metadata"].update(tags=["mine"]))


def wrong_section(notebook: dict[str, Any]) -> None:
    cell(notebook, PLATFORM)["metadata"]["nianbao"] = {"section": "nosuch"}
    say(notebook)


def replace_all(notebook: dict[str, Any]) -> None:
    cell(notebook, PLATFORM)["source"] = SENTENCE


def retyped(kind: str) -> Way:
    """As the keys R and Y of JupyterLab do."""

    def way(notebook: dict[str, Any]) -> None:
        say(notebook)
        cell(notebook, PLATFORM).update(cell_type=kind)
        if kind == "code":
            cell(notebook, PLATFORM).update(outputs=[], execution_count=None)

    return way


def empty(notebook: dict[str, Any]) -> None:
    cell(notebook, PLATFORM)["source"] = ""


def delete(id_: str) -> Way:
    return lambda notebook: notebook["cells"].pop(at(notebook, id_))


def change(id_: str, source: str) -> Way:
    return lambda notebook: cell(notebook, id_).update(source=source)


def add(after: str, *cells: dict[str, Any]) -> Way:
    return lambda notebook: put(notebook, after, *cells)


def rename_heading(notebook: dict[str, Any]) -> None:
    cell(notebook, "heading-other")["source"] = "## 六、其他事项"


def swap_tables(notebook: dict[str, Any]) -> None:
    cells, a, b = notebook["cells"], at(notebook, "table-decisions"), at(notebook, "table-requests")
    cells[a], cells[b] = cells[b], cells[a]


OWN = 'report.show(report.frame("figures"), title="其他数据")'
TAKEN: dict[str, tuple[Way, str]] = {
    "a sentence added": (say, SENTENCE),
    "a whole cell written anew": (replace_all, f"## overview.platform\n\n{SENTENCE}"),
    "split": (split, "。\n\n"),
    "split, the second half edited": (split_and_say, SENTENCE),
    "split in three": (split_in_three, "第三段。"),
    "merged over a heading": (merge_with_next, SENTENCE),
    "merged into its heading": (merge_into_heading, SENTENCE),
    "two texts merged": (merge_two_texts, SENTENCE),
    "two texts merged, the second edited": (merge_two_texts_and_edit, SENTENCE),
    "moved and edited": (move_and_say, SENTENCE),
    "copied, the copy edited": (copy_and_say, SENTENCE),
    "outputs cleared": (cleared, SENTENCE),
    "metadata stripped": (stripped, SENTENCE),
    "metadata stripped, outputs cleared": (stripped_and_cleared, SENTENCE),
    "classic Notebook": (classic, SENTENCE),
    "classic Notebook, metadata stripped": (classic_stripped, SENTENCE),
    "Colab": (colab, SENTENCE),
    "VS Code": (vscode, SENTENCE),
    "tags changed": (retag, SENTENCE),
    "made code": (retyped("code"), SENTENCE),
    "made raw": (retyped("raw"), SENTENCE),
    "section id damaged": (wrong_section, SENTENCE),
    "Markdown added in a section": (add(PLATFORM, new("markdown", SENTENCE)), SENTENCE),
    "Markdown added below a heading": (
        add("heading-platform", new("markdown", SENTENCE)), SENTENCE),
    "Markdown added below a chart": (
        add("chart-comparison", new("markdown", SENTENCE)), f"{SENTENCE}"),
    "text above a table": (add("heading-requests", new("markdown", SENTENCE)), "## requests\n"),
    "text below a table": (add("table-requests", new("markdown", SENTENCE)), "## requests.notes\n"),
    "two Markdown cells added": (
        add(PLATFORM, new("markdown", "甲。"), new("markdown", "乙。")), "甲。\n\n乙。"),
    "Markdown at the very top": (
        lambda n: n["cells"].insert(0, new("markdown", SENTENCE)), SENTENCE),
    "a list written": (lambda n: say(n, more="\n\n- 一项\n- 二项"), "- 一项\n- 二项"),
    "emphasis written": (lambda n: say(n, more="**要点**。"), "**要点**。"),
    "Windows line ends": (lambda n: say(n, more=f"\r\n\r\n{SENTENCE}"), SENTENCE),
    "saved as a list of lines": (
        lambda n: (say(n), each_cell(n, lambda c: c.update(source=text(c).splitlines(True)))),
        SENTENCE),
}  # fmt: skip
REPORTED: dict[str, tuple[Way, str]] = {
    "moved": (move, "移到了"),
    "copied": (copy_cell, "两格相同的文字"),
    "emptied": (empty, "全部删去"),
    "a section's cell deleted": (delete(PLATFORM), "overview.platform）：report.ipynb 中全部删去"),
    "a heading deleted": (delete("heading-platform"), "（四）政府信息公开平台建设"),
    "a heading changed": (rename_heading, "六、其他需要报告的事项"),
    "a table's cell deleted": (delete("table-requests"), "删去了单元格"),
    "a chart's cell deleted": (delete("chart-comparison"), "删去了单元格"),
    "a table's code changed": (
        change("table-decisions", "report.table('decisions')"), "改了模板的代码格"),
    "a count changed": (change("count-reviews", "table_4 = 1"), "改了模板的代码格"),
    "a raw cell added": (add(PLATFORM, new("raw", "原始内容")), "原始格"),
    "tables swapped": (swap_tables, "移动了单元格"),
}  # fmt: skip
OWN_CELLS: dict[str, tuple[Way, str]] = {
    "code added": (add("chart-comparison", new("code", OWN)), OWN),
    "code added, ids lost": (
        lambda n: (put(n, PLATFORM, new("code", OWN)), each_cell(n, lambda c: c.pop("id", None))),
        OWN),
    "two cells of code added": (
        add(PLATFORM, new("code", "mine = 1"), new("code", OWN)), "mine = 1"),
}  # fmt: skip


@pytest.fixture
def edited(project: Path) -> Iterator[Callable[[Way], tuple[str, str]]]:
    """Change the notebook in a way, pull; give what narrative.md holds and what was reported."""
    notebook = project / "output/yiyuan-sfj/2024/report.ipynb"
    narrative = project / "data/yiyuan-sfj/2024/narrative.md"
    before = {file: file.read_bytes() for file in (notebook, narrative)}
    own = project / own_cells_file(*WORKED)
    memory = project / "output/yiyuan-sfj/edited/2024/pulled.json"

    def reset() -> None:
        for file, data in before.items():
            file.write_bytes(data)
        own.unlink(missing_ok=True)
        memory.unlink(missing_ok=True)

    def run(way: Way, encoding: str = "utf-8") -> tuple[str, str]:
        reset()
        made = json.loads(before[notebook])
        way(made)
        notebook.write_text(json.dumps(made, ensure_ascii=False), encoding)
        reported = "\n".join(pull_edits(project, *WORKED).lines())
        return narrative.read_text("utf-8"), reported

    yield run
    reset()


def test_they_are_forty_and_more() -> None:
    assert len(TAKEN) + len(REPORTED) + len(OWN_CELLS) >= 40


def test_words_are_taken_whatever_became_of_their_cell(
    edited: Callable[[Way], tuple[str, str]],
) -> None:
    missed = {}
    for name, (way, words) in TAKEN.items():
        narrative, reported = edited(way)
        if words not in narrative or "已并入" not in reported or "{{ 主动公开" not in narrative:
            missed[name] = (narrative, reported)
    assert missed == {}


def test_words_are_taken_in_whatever_encoding_the_notebook_was_saved(
    edited: Callable[..., tuple[str, str]],
) -> None:
    for encoding in ("utf-8-sig", "utf-16", "gb18030"):
        narrative, reported = edited(say, encoding)
        assert SENTENCE in narrative, encoding
        assert "已并入" in reported, encoding


def test_a_split_or_merged_cell_loses_nothing(
    edited: Callable[[Way], tuple[str, str]], project: Path
) -> None:
    before = (project / "data/yiyuan-sfj/2024/narrative.md").read_text("utf-8")
    plain = "".join(before.split())
    for way in (split, split_and_say, split_in_three, merge_with_next, merge_two_texts):
        narrative, _ = edited(way)
        kept = "".join(narrative.replace(SENTENCE, "").replace("第三段。", "").split())
        assert kept == plain, way


def test_what_was_edited_in_a_merged_cell_goes_to_its_own_section(
    edited: Callable[[Way], tuple[str, str]],
) -> None:
    narrative, reported = edited(merge_two_texts_and_edit)
    section = narrative.partition("## overview.oversight\n")[2].partition("\n## ")[0]
    assert SENTENCE in section
    assert "全部删去" not in reported


def test_cells_that_lost_ids_or_metadata_are_known_again(
    edited: Callable[[Way], tuple[str, str]],
) -> None:
    def without_ids(notebook: dict[str, Any]) -> None:
        each_cell(notebook, lambda c: c.pop("id", None))

    def line_ends(notebook: dict[str, Any]) -> None:
        each_cell(notebook, lambda c: c.update(source=text(c).replace("\n", "\r\n") + "  "))

    for program in (without_ids, classic_stripped, colab, vscode, stripped, line_ends):
        _, reported = edited(program)
        assert "没有并入" not in reported, (program.__name__, reported)
        assert "自加的代码格" not in reported, (program.__name__, reported)


def test_what_is_not_taken_is_reported(edited: Callable[[Way], tuple[str, str]]) -> None:
    silent = {}
    for name, (way, words) in REPORTED.items():
        _, reported = edited(way)
        if words not in reported:
            silent[name] = reported
    assert silent == {}


def test_of_hundreds_that_are_not_taken_the_first_are_named_and_how_many_more(
    edited: Callable[[Way], tuple[str, str]],
) -> None:
    raw = [new("raw", f"第{n}格") for n in range(400)]
    _, reported = edited(add(PLATFORM, *raw))
    assert reported.count("原始格") == 300
    assert "还有100处没有并入，没有列出" in reported


def test_added_code_is_kept_beside_the_master(
    edited: Callable[[Way], tuple[str, str]], project: Path
) -> None:
    missed = {}
    for name, (way, source) in OWN_CELLS.items():
        _, reported = edited(way)
        kept = project / own_cells_file(*WORKED)
        sources = [text(c) for c in json.loads(kept.read_text("utf-8"))["cells"]]
        if source not in sources or "已存入" not in reported:
            missed[name] = (sources, reported)
    assert missed == {}


def test_an_own_cell_that_was_changed_again_is_reported_once(
    tmp_path: Path,
) -> None:
    root = copy_project(tmp_path, WORKED[0])
    write_own_cells(root, *WORKED, (OwnCell(PLATFORM, "mine = 1"), OwnCell(PLATFORM, "rest = 1")))
    build_report(root, *WORKED, BuildOptions(("html",)))
    notebook = root / "output/yiyuan-sfj/2024/report.ipynb"
    made = notebook.read_text("utf-8")
    for lost in (False, True):
        edited = json.loads(made)
        found = cell(edited, "own-1")
        found["source"] = f"mine = {2 + lost}"
        if lost:
            found["metadata"] = {}
        notebook.write_text(json.dumps(edited, ensure_ascii=False), "utf-8")
        lines = list(pull_edits(root, *WORKED).lines())
        assert len(lines) == 1, lines
        assert f"“mine = {2 + lost}”已更新" in lines[0]
        sources = [each.source for each in read_own_cells(root, *WORKED)]
        assert sources == [f"mine = {2 + lost}", "rest = 1"]


def test_what_was_pulled_is_reported_though_the_build_then_fails(tmp_path: Path) -> None:
    root = copy_built(tmp_path, "html")
    notebook = root / "output/yiyuan-sfj/2024/report.ipynb"
    edited = json.loads(notebook.read_text("utf-8"))
    put(edited, PLATFORM, new("code", "1 / 0"))
    notebook.write_text(json.dumps(edited, ensure_ascii=False), "utf-8")
    with pytest.raises(ExecutionError, match="“1 / 0”运行出错"):
        build_report(root, *WORKED, BuildOptions(("html",)))
    assert any("“1 / 0”已存入" in line for line in untold(root, *WORKED))


def test_a_build_that_took_an_own_cell_is_up_to_date(tmp_path: Path) -> None:
    root, options = copy_built(tmp_path, "html"), BuildOptions(("html",))
    notebook = root / "output/yiyuan-sfj/2024/report.ipynb"
    edited = json.loads(notebook.read_text("utf-8"))
    put(edited, PLATFORM, new("code", "mine = 1"))
    notebook.write_text(json.dumps(edited, ensure_ascii=False), "utf-8")
    build_report(root, *WORKED, options)
    context = read_batch_context(root, WORKED[1])
    assert compare_with_now(root, *WORKED, options, context).current

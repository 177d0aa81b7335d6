"""What other bureaus wrote: in narrative.md, in the sheet 正文 of a workbook, or in both."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.inputs.builders import Rows, xlsx_bytes

from nianbao.files.sources import Source
from nianbao.inputs.params import Agency
from nianbao.inputs.peers import Peer, read_peers, taken_names, words_in_workbook

CODE, YEAR = "shili-swj", 2024
PROFILE: Rows = [
    ["项目", "内容"],
    ["机关代码", CODE],
    ["报告年度", YEAR],
    ["机关全称", "示例县水务局"],
    ["机关类别", "政府部门"],
]
TEXTS: Rows = [
    ["章节编号", "章节", "正文"],
    ["overview", "一、总体情况", "全年公开用水信息。"],
    ["other", "六、其他需要报告的事项", "没有其他事项。"],
    ["problems.issues", "（一）存在的主要问题", None],
]


def hand_in(root: Path, texts: Rows = TEXTS, **sheets: Rows) -> Path:
    """A workbook that is all there is of the bureau."""
    folder = root / "data" / CODE / str(YEAR)
    folder.mkdir(parents=True, exist_ok=True)
    book = {"基本信息": PROFILE, "正文": texts, **sheets}
    (folder / "workbook.xlsx").write_bytes(xlsx_bytes(book))
    return folder


def wording(root: Path) -> dict[str, str]:
    (peer,) = read_peers(root, "shili-other", YEAR)
    assert peer.agency.name == "示例县水务局"
    return dict(peer.narrative)


def test_the_wording_of_a_workbook_is_read(tmp_path: Path) -> None:
    hand_in(tmp_path)
    assert wording(tmp_path) == {"overview": "全年公开用水信息。", "other": "没有其他事项。"}


def test_narrative_md_is_newer_than_the_workbook(tmp_path: Path) -> None:
    folder = hand_in(tmp_path)
    (folder / "narrative.md").write_text("## overview\n\n改过的文字。\n", "utf-8")
    assert wording(tmp_path) == {"overview": "改过的文字。", "other": "没有其他事项。"}


def test_a_sheet_with_faults_is_reported_with_its_own_report_alone(tmp_path: Path) -> None:
    hand_in(tmp_path, [*TEXTS, ["overview", "", "写了两次。"]])
    assert wording(tmp_path) == {}
    assert read_peers(tmp_path, CODE, YEAR) == ()


def test_faults_elsewhere_in_the_workbook_do_not_hide_the_wording(tmp_path: Path) -> None:
    hand_in(tmp_path, 表二=[["没有", "这样", "的表"]], 申请台账=[["乱写"]])
    assert wording(tmp_path)["overview"] == "全年公开用水信息。"


def words(root: Path) -> str:
    file = f"data/{CODE}/{YEAR}/workbook.xlsx"
    return words_in_workbook(Source(file, (root / file).read_bytes()))


def test_only_card_and_wording_concern_others(tmp_path: Path) -> None:
    hand_in(tmp_path)
    before = words(tmp_path)
    hand_in(tmp_path, 表二=[["项目", "本年处理决定数量"], ["行政许可", 12]])
    assert words(tmp_path) == before
    hand_in(tmp_path, [*TEXTS, ["preface", "前言", "加了一段。"]])
    assert words(tmp_path) != before


def card(code: str, name: str, **more: Any) -> Agency:
    return Agency(code=code, name=name, kind="department", **more)


def reported(root: Path, agency: Agency, *others: Agency) -> list[str]:
    return [str(p) for p in taken_names(root, agency, [Peer(other, {}) for other in others])]


def test_another_agencys_full_name_is_the_error_of_one_of_them(tmp_path: Path) -> None:
    known = card("z-sfj", "示例县司法局", phone="1234567")
    later = card("a-sfj", "示例县司法局", phone="1234567")
    (problem,) = reported(tmp_path, known, later)
    assert reported(tmp_path, later, known) == [], (
        "alike in all else, the later code is the wrong one"
    )
    (tmp_path / "data/z-sfj/2023").mkdir(parents=True)
    assert reported(tmp_path, known, later) == []
    (problem,) = reported(tmp_path, later, known)
    assert problem.startswith("params/a-sfj/agency.yaml：“name”（机关全称）是另一个机关的全称")
    assert "z-sfj" in problem
    last = card("zz-sfj", "示例县司法局")
    for others in ((known, last), (last, known)):
        assert "z-sfj" in reported(tmp_path, later, *others)[0], "of three all are looked at"
    alias = card("b-ju", "示例县民政局", aliases=("示例县司法局",), short_name="示例县司法局")
    assert len(reported(tmp_path, alias, known)) == 2
    assert reported(tmp_path, known, alias) == []
    merged = card("z-sfj", "示例县司法局", until=2022)
    assert reported(tmp_path, alias, merged) == [], "an agency that is no more lives on as an alias"

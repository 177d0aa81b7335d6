"""A workbook that is all a bureau hands in: its sheets 基本信息 and 正文."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.inputs.builders import CODE, YEAR, Rows, write_project, xlsx_bytes

from nianbao.errors import InputError, UsageError
from nianbao.inputs.agency_profile import read_agency
from nianbao.inputs.bundle import Inputs
from nianbao.inputs.load import load_inputs
from nianbao.inputs.project import list_agencies, list_reports

PROFILE: Rows = [
    ["机关信息", ""],
    ["项目", "内容", "填写说明"],
    ["机关代码", CODE, "不要改"],
    ["报告年度", YEAR],
    ["机关全称", "示例县示例局"],
    ["机关类别", "政府部门"],
    ["邮政编码", "000007"],
    ["有规章制定权", "否"],
    ["其他名称", "县示例局、示例局"],
    ["成文日期", "2025年1月20日"],
    ["落款", "是"],
    ["公布期限", "1月28日"],
    ["电话", None],
]


def changed(**values: object) -> list[list[object]]:
    """The card with other contents."""
    rows = [[*row] for row in PROFILE]
    for item, value in values.items():
        for row in rows:
            if row[0] == item:
                row[1] = value
    return rows


def alone(root: Path, card: Rows = PROFILE, **sheets: Rows) -> Path:
    """A project of one workbook and nothing else."""
    folder = root / "data" / CODE / str(YEAR)
    folder.mkdir(parents=True)
    (folder / "workbook.xlsx").write_bytes(xlsx_bytes({"基本信息": card, **sheets}))
    return root


def reported(root: Path) -> list[str]:
    with pytest.raises(InputError) as caught:
        load_inputs(root, CODE, YEAR)
    return [str(problem) for problem in caught.value.problems]


def test_a_workbook_alone_says_who_reports(tmp_path: Path) -> None:
    root = alone(tmp_path)
    inputs = load_inputs(root, CODE, YEAR)
    assert (inputs.agency.code, inputs.agency.name) == (CODE, "示例县示例局")
    assert inputs.agency.kind == "department"
    assert inputs.agency.postcode == "000007"
    assert inputs.agency.can_make_rules is False
    assert inputs.agency.aliases == ("县示例局", "示例局")
    assert inputs.agency.deadline == "01-28"
    assert inputs.agency.phone is None
    assert (inputs.params.report_date, inputs.params.signature) == ("2025-01-20", True)
    assert list(inputs.files) == [f"data/{CODE}/{YEAR}/workbook.xlsx"]
    assert list_agencies(root) == (CODE,)
    assert list_reports(root) == ((CODE, YEAR),)
    assert read_agency(root, CODE) == inputs.agency


def test_the_year_before_may_be_files_without_a_profile(tmp_path: Path) -> None:
    root = alone(tmp_path)
    before = root / "data" / CODE / str(YEAR - 1)
    before.mkdir()
    (before / "figures.csv").write_text("名称,数值\n培训,2\n", encoding="utf-8")
    inputs = load_inputs(root, CODE, YEAR)
    assert inputs.previous is not None
    assert inputs.previous.agency == inputs.agency
    assert "培训" in inputs.previous.figures


def profile(root: Path, card: Rows, agency: str = "") -> Path:
    """A project that describes the agency in params/ as well."""
    text = f"name: 示例县示例局\nkind: department\n{agency}"
    files = {
        f"params/{CODE}/agency.yaml": text,
        "workbook.xlsx": {"基本信息": card},
    }
    return write_project(root, files)


def test_the_card_fills_in_what_params_leave_open(tmp_path: Path) -> None:
    inputs = load_inputs(profile(tmp_path, PROFILE, "phone: 0000-1\n"), CODE, YEAR)
    assert (inputs.agency.phone, inputs.agency.postcode) == ("0000-1", "000007")
    assert inputs.params.report_date == "2025-01-20"


@pytest.mark.parametrize(
    ("card", "words"),
    [
        (
            changed(机关代码="shili-er"),
            "这是另一机关（示例县示例局）的工作簿：“shili-er”，应为shili-ju。请核对是否放错了文件夹",
        ),
        (
            changed(报告年度=2023),
            "这是另一年度的工作簿：“2023”，应为2024。请核对是否放错了文件夹",
        ),
    ],
)
@pytest.mark.parametrize("with_params", [True, False])
def test_another_bureaus_or_years_workbook_is_refused_by_name(
    card: Rows, words: str, with_params: bool, tmp_path: Path
) -> None:
    root = profile(tmp_path, card) if with_params else alone(tmp_path, card)
    (problem,) = reported(root)
    assert problem.startswith(f"data/{CODE}/{YEAR}/workbook.xlsx 工作表“基本信息” 第")
    assert problem.endswith(words)


def test_card_and_params_must_agree(tmp_path: Path) -> None:
    root = profile(tmp_path, changed(机关全称="示例县另一局"), 'postcode: "000001"\n')
    name, postcode = reported(root)
    assert "“机关全称”与params/shili-ju/agency.yaml不一致：“示例县另一局”" in name
    assert "：“000007”，应为000001。请改成一致" in postcode


@pytest.mark.parametrize(
    ("card", "words"),
    [
        (changed(机关类别="局"), "“机关类别”不合要求：“局”，应为政府部门、乡镇政府"),
        (changed(机关全称=None), "缺少“机关全称”"),
        (changed(成文日期="2025-02-30"), "“成文日期”不合要求：“2025-02-30”"),
        (changed(落款="随便"), "“落款”不合要求：“随便”"),
        ([*PROFILE, ["机关名字", "x"]], "没有这个项目：“机关名字”"),
        ([*PROFILE, ["电话", "1"]], "项目重复：“电话”"),
    ],
)
def test_what_is_wrong_with_the_card_is_reported(card: Rows, words: str, tmp_path: Path) -> None:
    (problem,) = reported(alone(tmp_path, card))
    assert words in problem


def test_without_card_and_params_nobody_knows_who_it_is(tmp_path: Path) -> None:
    folder = tmp_path / "data" / CODE / str(YEAR)
    folder.mkdir(parents=True)
    (folder / "workbook.xlsx").write_bytes(xlsx_bytes({"申请台账": []}))
    assert reported(tmp_path) == [
        f"data/{CODE}/{YEAR}/workbook.xlsx：不知道这是哪个机关。"
        f"请建立params/{CODE}/agency.yaml，或在工作簿里加上“基本信息”表"
    ]
    with pytest.raises(UsageError, match="没有这个机关"):
        load_inputs(tmp_path, "shili-er", YEAR)


TEXTS: Rows = [
    ["章节编号", "章节", "正文", "上年正文"],
    ["preface", "前言", None, "上年的前言"],
    ["overview.requests", "（二）依申请公开", "全年{{ 新收申请 }}。 \n\n第二段。", None],
    [None, "六、其他需要报告的事项", "没有。", None],
]


def with_texts(root: Path, texts: Rows, narrative: str = "") -> Inputs:
    alone(root, 正文=texts)
    if narrative:
        (root / f"data/{CODE}/{YEAR}/narrative.md").write_text(narrative, encoding="utf-8")
    return load_inputs(root, CODE, YEAR)


def test_texts_are_read_section_by_section(tmp_path: Path) -> None:
    narrative = with_texts(tmp_path, TEXTS).narrative
    assert {key: s.text for key, s in narrative.items()} == {
        "overview.requests": "全年{{ 新收申请 }}。\n\n第二段。",
        "other": "没有。",
    }
    place = str(narrative["overview.requests"].place)
    assert place == f"data/{CODE}/{YEAR}/workbook.xlsx 工作表“正文” 第3行“正文”列"


def test_what_was_pulled_back_is_newer_than_the_workbook(tmp_path: Path) -> None:
    inputs = with_texts(tmp_path, TEXTS, "## other\n\n改过的。\n")
    assert inputs.narrative["other"].text == "改过的。"
    assert "overview.requests" in inputs.narrative
    # What is not printed is kept, to be reported.
    (sheet,) = inputs.overruled.values()
    assert (sheet.key, sheet.text, sheet.place.sheet) == ("other", "没有。", "正文")


def test_the_same_text_in_both_places_is_no_matter(tmp_path: Path) -> None:
    inputs = with_texts(tmp_path, TEXTS, "## overview.requests\n\n全年{{ 新收申请 }}。\n第二段。\n")
    assert inputs.overruled == {}


@pytest.mark.parametrize(
    ("row", "words"),
    [([None, "自拟的标题", "有文字"], "没有章节编号"), (["other", None, "再写"], "章节重复")],
)
def test_a_text_without_a_place_is_refused(row: list[object], words: str, tmp_path: Path) -> None:
    alone(tmp_path, 正文=[*TEXTS, row])
    (problem,) = reported(tmp_path)
    assert words in problem

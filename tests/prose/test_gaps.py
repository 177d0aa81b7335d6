"""A number that is missing is named, with the place where it is to be filled in."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.projects import WORKED, copy_project

from nianbao.errors import FindingsError
from nianbao.notebook.report import Report
from nianbao.prose.facts import NOT_FILLED, Fact
from nianbao.prose.gaps import describe_gap, is_gap
from nianbao.prose.measures import Measure, measure_fact

AGENCY, YEAR = WORKED


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return copy_project(tmp_path, AGENCY)


def data(root: Path, name: str) -> Path:
    return root / f"data/{AGENCY}/{YEAR}/{name}"


def change(file: Path, old: str, new: str) -> None:
    text = file.read_text("utf-8")
    assert text.count(old) == 1
    file.write_text(text.replace(old, new), "utf-8")


def errors(root: Path) -> list[tuple[str, str, str]]:
    """Id, message and place of the errors, as they are told."""
    noted = Report.open(AGENCY, YEAR, root=root).findings
    return [
        (n.id, n.message, str(n.line or next(iter(n.places), "")))
        for n in noted
        if n.severity == "error"
    ]


def test_a_blank_cell_is_told_first_and_its_clause_names_the_cell(root: Path) -> None:
    data(root, "narrative.md").unlink()
    change(data(root, "decisions.csv"), "行政规范性文件,0,", "行政规范性文件,,")
    (cause, effect) = errors(root)
    place = "decisions.csv 第3行“本年制发件数”列"
    assert cause[0] == "V3"
    assert place in cause[1]
    assert effect[0] == "L3"
    assert "“规范性文件.制发”填在表二" in effect[1]
    assert place in effect[1]
    assert effect[2] == "", "the master's cell is not where the number is filled in"


def test_a_blank_figure_is_named_with_its_row(root: Path) -> None:
    change(data(root, "figures.csv"), "培训次数,2,", "培训次数,,")
    ((id_, message, _),) = errors(root)
    assert id_ == "L3"
    assert "“培训次数”填在figures.csv 第2行“数值”列" in message


def test_a_figure_without_a_row_is_asked_for(root: Path) -> None:
    data(root, "narrative.md").unlink()
    data(root, "figures.csv").unlink()
    ((_, message, _),) = errors(root)
    assert "“信息处理费”没有报送（请在figures.csv或填报表“其他数据”中加上这一行）" in message


def test_several_gaps_of_one_section_each_name_their_own(root: Path) -> None:
    text = "## overview\n\n办{{ 培训次数.带单位 }}，开{{ 工作推进会次数 }}次，补**待补**。\n"
    data(root, "narrative.md").write_text(text, "utf-8")
    change(data(root, "figures.csv"), "培训次数,2,", "培训次数,,")
    change(data(root, "figures.csv"), "工作推进会次数,1,", "工作推进会次数,,")
    messages = [message for _, message, _ in errors(root)]
    assert [("培训" in m, "推进会次数”填在" in m) for m in messages] == [
        (False, False),
        (True, False),
        (False, True),
    ], "what was typed keeps its own words and comes first"
    assert "“待补”是没有填好的" in messages[0]


def test_the_file_that_was_not_handed_in_is_named(root: Path) -> None:
    data(root, "reviews.csv").unlink()
    data(root, "narrative.md").unlink()
    (cause, effect) = errors(root)
    folder = f"data/{AGENCY}/{YEAR}/"
    assert f"{folder} 中没有reviews.csv，填报表的相应工作表也没有填" in cause[1]
    assert "“行政复议”没有报送、“行政诉讼”没有报送" in effect[1]


def test_the_row_of_the_ledger_of_disclosures_is_told(root: Path) -> None:
    change(data(root, "disclosures.csv"), "权责清单,1", "权责清单,")
    causes = [message for id_, message, _ in errors(root) if id_ == "V3"]
    assert len(causes) == 1
    assert f"data/{AGENCY}/{YEAR}/disclosures.csv 第3行“条数”列" in causes[0]


def test_a_release_is_refused_with_the_cause_before_the_effect(root: Path) -> None:
    data(root, "narrative.md").unlink()
    change(data(root, "decisions.csv"), "行政规范性文件,0,", "行政规范性文件,,")
    with pytest.raises(FindingsError) as caught:
        Report.open(AGENCY, YEAR, root=root).check()
    assert [str(p)[:4] for p in caught.value.problems] == ["〔V3〕", "〔L3〕"]


def test_a_share_of_nothing_asks_for_other_words() -> None:
    share = measure_fact(Measure("自然人", 0, "件", "", None, 0)).below["占比"]
    assert is_gap(share)
    assert describe_gap(share, {}) == (
        "“自然人.占比”的总数为0，没有占比可写；请改写这句话，不用占比"
    )


@pytest.mark.parametrize(
    "fact",
    [
        Fact("培训次数", 0, "0", "次"),
        Fact("新收申请.同比", None, "上年无可比数据"),
        Fact("某名称", "待填", "待填"),
    ],
)
def test_what_is_known_is_no_gap(fact: Fact) -> None:
    assert not is_gap(fact)


def test_a_clause_lacks_each_number_once() -> None:
    lost = measure_fact(Measure("人大建议", None, "件", "figures.csv 第2行"))
    found = Fact("政协提案", 0, "0", "件")
    clause = Fact("建议提案情况", None, NOT_FILLED)
    words = describe_gap(clause, {f.name: f for f in (lost, found, clause)})
    assert words.count("人大建议") == 1
    assert "政协提案" not in words

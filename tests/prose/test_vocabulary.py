"""Names of numbers, and clauses that follow them."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.statistics.factory import (
    CODE,
    FORMAT,
    Case,
    decisions,
    disclosures,
    figures,
    ledger,
    make_inputs,
    matrix,
    reviews,
)
from tests.statistics.test_rollup import government, unit

from nianbao.inputs.bundle import Inputs
from nianbao.libyaml import parse_yaml
from nianbao.prose.facts import NOT_FILLED, Fact, Vocabulary, find
from nianbao.prose.vocabulary import (
    BY_UNIT,
    CONTACTS,
    agency_facts,
    build_vocabulary,
    with_units,
)
from nianbao.statistics.model import Table
from nianbao.statistics.rollup import UNITS, consolidate
from nianbao.statistics.tables import build_tables
from nianbao.statutory import Format, load_format
from nianbao.statutory.model import parse_format


def vocabulary(inputs: Inputs) -> Vocabulary:
    previous = inputs.previous and build_tables(inputs.previous, FORMAT)
    return build_vocabulary(inputs, build_tables(inputs, FORMAT), previous, FORMAT)


def text(inputs: Inputs, name: str) -> str:
    fact = find(vocabulary(inputs), tuple(name.split(".")))
    assert fact is not None, name
    return fact.text


CASES: tuple[Case, ...] = (
    ("new", "自然人", "open", 12),
    ("new", "自然人", "deny_1", 1),
    ("new", "商业企业", "unavail_1", 3),
    ("carried_in", "自然人", "partial", 2),
    ("new", "其他", "carried_out", 1),
)
BUSY = make_inputs(
    requests=ledger(CASES),
    reviews_=reviews(行政复议=["1", "0", "0", "1"], 复议后起诉=["0", "1", "0", "0"]),
    decisions_=decisions(行政规范性文件=["3", "1", "12"], 行政事业性收费=["59237.2449"]),
    disclosures_=disclosures(
        [("网站", "机构职能", "5"), ("网站", "财政", "6"), ("公众号", "动态", "9")]
    ),
    figures_=figures(信息处理费=("230", "元"), 人大建议=("2", "件"), 政协提案=("0", "件")),
    previous=make_inputs(year=2023, requests=ledger([("new", "自然人", "open", 20)])),
)
QUIET = make_inputs(requests=ledger(), figures_=figures(信息处理费=("0", "元")))


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("新收申请", "17"),
        ("新收申请.法人", "4"),
        ("新收申请.同比", "比上年减少3件，下降15%"),
        ("上年结转申请", "2"),
        ("收办申请.带单位", "19件"),
        ("办结申请", "18"),
        ("办结申请.明细", "予以公开12件，部分公开2件，不予公开1件，无法提供3件"),
        ("无法提供.占比", "16.67%"),
        ("无法提供.本机关不掌握相关政府信息", "3"),
        ("结转下年申请", "1"),
        ("规范性文件.现行有效", "12"),
        ("规范性文件.废止.带单位", "1件"),
        ("行政事业性收费.带单位", "59237.2449万元"),
        ("行政复议", "2"),
        ("行政复议.尚未审结", "1"),
        ("行政诉讼", "1"),
        ("主动公开", "20"),
        ("主动公开.网站.明细", "机构职能5条，财政6条"),
        ("主动公开.网站.财政.占比", "54.55%"),
        ("主动公开.渠道数", "2"),
        ("信息处理费.带单位", "230元"),
        ("机关名称", "示例县某局"),
        ("统计期限", "2024年1月1日至2024年12月31日"),
    ],
)
def test_every_number_has_a_name(name: str, words: str) -> None:
    assert text(BUSY, name) == words


@pytest.mark.parametrize(
    ("inputs", "name", "words"),
    [
        (BUSY, "规范性文件", "12"),
        (BUSY, "主动公开情况", "主动公开政府信息20条，其中网站11条、公众号9条"),
        (BUSY, "申请收到情况", "收到政府信息公开申请17件，比上年减少3件，下降15%，另有上年结转2件"),
        (QUIET, "申请收到情况", "未收到政府信息公开申请"),
        (BUSY, "申请人情况", "按申请人分，自然人13件、商业企业3件、其他1件"),
        (QUIET, "申请人情况", "没有新收申请"),
        (
            BUSY,
            "申请办理情况",
            "办结政府信息公开申请18件，其中予以公开12件、部分公开2件、不予公开1件、无法提供3件",
        ),
        (QUIET, "申请办理情况", "没有需要办理的政府信息公开申请"),
        (BUSY, "申请结转情况", "结转下年度继续办理1件"),
        (QUIET, "申请结转情况", "没有结转下年度办理的申请"),
        (
            BUSY,
            "复议诉讼情况",
            "因政府信息公开工作被申请行政复议2件，其中结果维持1件、尚未审结1件；"
            "被提起行政诉讼1件，为结果纠正",
        ),
        (QUIET, "复议诉讼情况", "未发生因政府信息公开工作被申请行政复议、提起行政诉讼的情况"),
        (BUSY, "规范性文件情况", "制发行政规范性文件3件，废止1件，现行有效12件"),
        (
            QUIET,
            "规范性文件情况",
            "未制发、废止行政规范性文件，没有现行有效的行政规范性文件",
        ),
        (BUSY, "信息处理费情况", "收取政府信息公开信息处理费230元"),
        (QUIET, "信息处理费情况", "未收取政府信息公开信息处理费"),
        (BUSY, "建议提案情况", "承办人大代表建议2件，未承办政协委员提案"),
        (QUIET, "建议提案情况", NOT_FILLED),
    ],
)
def test_a_clause_follows_its_numbers(inputs: Inputs, name: str, words: str) -> None:
    assert text(inputs, name) == words


def test_one_kind_of_outcome_reads_as_all() -> None:
    inputs = make_inputs(requests=ledger([("new", "自然人", "open", 4)]))
    assert text(inputs, "申请办理情况") == "办结政府信息公开申请4件，均为予以公开"
    assert text(inputs, "申请人情况") == "申请人均为自然人"
    assert text(inputs, "申请结转情况") == "全部申请均已办结"


def test_what_was_not_handed_in_has_no_number() -> None:
    bare = make_inputs(requests_table=None)
    for name in ("新收申请", "申请收到情况", "主动公开", "主动公开情况", "信息处理费情况"):
        fact = find(vocabulary(bare), (name,))
        assert fact is not None
        assert (fact.value, fact.text) == (None, NOT_FILLED)


def test_a_total_whose_parts_are_blank_is_reported_without_them() -> None:
    known = make_inputs(requests_table=matrix({"new": ["", "", "", "", "", "", "2"]}))
    assert text(known, "新收申请") == "2"
    assert text(known, "申请人情况") == NOT_FILLED


def test_a_figure_never_replaces_a_statutory_name() -> None:
    inputs = make_inputs(requests=ledger(), figures_=figures(新收申请=("99", "件")))
    assert text(inputs, "新收申请") == "0"


@given(st.lists(st.tuples(st.sampled_from(FORMAT.applicants), st.integers(0, 50)), max_size=8))
def test_parts_add_up_to_their_whole(counts: list[tuple[str, int]]) -> None:
    rows: list[Case] = [("new", a, "open", n) for a, n in counts if n]
    fact = vocabulary(make_inputs(requests=ledger(rows)))["新收申请"]
    parts = [fact.below[a].value for a in FORMAT.applicants]
    assert sum(p for p in parts if isinstance(p, int)) == fact.value == sum(n for _, n in counts)


def test_money_stays_exact() -> None:
    assert vocabulary(BUSY)["行政事业性收费"].value == Decimal("59237.2449")


LATER = Path(__file__).parent.parent / "data" / "format_2028.yaml"


def later() -> Format:
    return parse_format(parse_yaml(LATER.read_text(encoding="utf-8")))


def by_unit(*columns: str) -> dict[str, Table]:
    """The table of two units: nothing known and 3, in every column."""
    rows = [["示例镇", *(None for _ in columns)], ["示例局", *(3 for _ in columns)]]
    rows.append(["合计", *(3 for _ in columns)])
    frame = pd.DataFrame(rows, columns=["单位", *columns], dtype=object)
    return {UNITS: Table(UNITS, "各单位主要数据", "件", "填报数据", frame)}


@pytest.mark.parametrize(
    ("name", "column", "format_"),
    [
        ("上年结转申请", "上年结转", load_format()),
        ("行政许可", "行政许可", load_format()),
        ("行政强制", "行政强制", load_format()),
        ("行政复议", "行政复议", load_format()),
        ("行政检查", "行政检查", later()),
    ],
)
def test_a_fact_is_reported_unit_by_unit(name: str, column: str, format_: Format) -> None:
    facts = {name: Fact(name, 3, "3", "件")}
    below = with_units(facts, by_unit(column), format_)[name].below[BY_UNIT]
    assert below.text == "示例局3件"
    assert {unit: fact.value for unit, fact in below.below.items()} == {"示例局": 3}


def test_other_facts_and_other_bodies_have_none() -> None:
    facts = {"行政检查": Fact("行政检查", 3, "3", "件")}
    assert with_units(facts, by_unit("行政检查"), load_format()) == facts
    assert with_units(facts, {}, later()) == facts


def test_how_many_units_there_are_and_which_are_missing() -> None:
    area = government(government(unit("gaj"), unit("mzj"), code="xzx"), unit("czj"))
    facts = vocabulary(consolidate(area))
    assert (facts["统计单位数"].value, facts["统计单位数"].text) == (3, "3")
    assert facts["未报送单位"].text == "无"
    without = vocabulary(consolidate(replace(area, missing=("示例县林业局",))))
    assert without["未报送单位"].text == "示例县林业局"
    assert not {"统计单位数", "未报送单位"} & vocabulary(QUIET).keys()


def test_a_contact_that_is_missing_has_no_name() -> None:
    facts = vocabulary(QUIET)
    given = {"地址": "示例路1号", "邮政编码": "000000", "电话": "0000-0000000", "网址": "示例"}
    assert {name: facts[name].text for name in CONTACTS.values() if name in facts} == given
    line = "（地址：示例路1号；邮政编码：000000；电话：0000-0000000；网址：示例）"
    assert facts["联系方式"].text == line


def test_the_years_are_those_beside_the_reports() -> None:
    facts = vocabulary(QUIET)
    years = {name: (facts[name].value, facts[name].text) for name in ("上年", "年份", "下年")}
    assert years == {"上年": (2023, "2023"), "年份": (2024, "2024"), "下年": (2025, "2025")}


WORKBOOK = f"data/{CODE}/2024/workbook.xlsx"


@pytest.mark.parametrize(
    ("files", "profile", "given"),
    [
        ((), f"params/{CODE}/agency.yaml", f"params/{CODE}/2024.yaml"),
        ((WORKBOOK,), f"{WORKBOOK} 工作表“基本信息”", f"{WORKBOOK} 工作表“基本信息”"),
        ((WORKBOOK, f"params/{CODE}/agency.yaml"),
         f"params/{CODE}/agency.yaml", f"{WORKBOOK} 工作表“基本信息”"),
        ((f"params/{CODE}/2024.yaml",), f"params/{CODE}/agency.yaml", f"params/{CODE}/2024.yaml"),
    ],
)  # fmt: skip
def test_who_reports_is_told_from_where_it_was_read(
    files: tuple[str, ...], profile: str, given: str
) -> None:
    facts = {f.name: f for f in agency_facts(QUIET.agency, QUIET.params, FORMAT, files)}
    assert (facts["机关名称"].source, facts["年份"].source) == (profile, given)

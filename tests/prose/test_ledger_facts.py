"""What the prose can say of a ledger of cases."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest
from tests.inputs.builders import FORMAT
from tests.statistics.factory import figures, make_inputs

from nianbao.files.grids import Grid
from nianbao.inputs.bundle import Inputs
from nianbao.inputs.request_ledger import read_ledger
from nianbao.prose.facts import Vocabulary, walk
from nianbao.prose.vocabulary import build_vocabulary
from nianbao.statistics.tables import build_tables

HEADS = ("登记号", "收到日期", "申请人类型", "办理结果", "答复日期")


def inputs_of(*rows: str, heads: tuple[str, ...] = (), year: int = 2024) -> Inputs:
    lines = [[*HEADS, *heads], *(row.split(",") for row in rows)]
    ledger = read_ledger(Grid("requests.csv", None, lines), year, FORMAT)
    made = make_inputs(requests=ledger.counts, year=year)
    return replace(made, cases=ledger.cases, case_columns=ledger.columns)


def facts_of(inputs: Inputs) -> Vocabulary:
    return build_vocabulary(inputs, build_tables(inputs, FORMAT), None, FORMAT)


def texts(facts: Vocabulary) -> Mapping[str, str]:
    return {fact.name: fact.text for fact in walk(facts)}


LEDGER = (
    "1,2024-03-05,自然人,予以公开,2024-03-12,网络,是,2024-03-07",
    "2,2024-03-05,自然人,予以公开,2024-03-13,信函,,",
    "3,2024-03-05,商业企业,部分公开,2024-03-14,网络,否,",
)


def test_channels_times_and_steps() -> None:
    facts = texts(facts_of(inputs_of(*LEDGER, heads=("来源渠道", "延期", "征求第三方日期"))))
    assert facts["申请渠道.明细"] == "网络2件，信函1件"
    assert facts["申请渠道.网络.占比"] == "66.67%"
    # 5, 6 and 7 working days, less the three in which a third party was asked.
    assert facts["平均办理天数"] == "5"
    assert facts["按时办结率"] == "100%"
    assert facts["延期件数"] == "1"
    assert facts["征求意见件数"] == "1"
    assert facts["办理时效情况"] == "平均用时5个工作日，均在法定期限内答复，其中延期1件"


def test_a_column_that_is_not_there_is_not_zero() -> None:
    facts = texts(facts_of(inputs_of("1,2024-03-05,自然人,予以公开,2024-03-12")))
    assert not {"延期件数", "补正件数", "申请渠道", "信息处理费"} & facts.keys()
    facts = texts(facts_of(inputs_of("1,2024-03-05,自然人,予以公开,2024-03-12,", heads=("延期",))))
    assert facts["延期件数"] == "0"


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (
            "1,2024-03-05,自然人,予以公开,2024-04-08,",
            "平均用时23个工作日，按时答复0件，超过法定期限1件",
        ),
        ("1,2024-12-20,自然人,,,", "年内没有作出答复"),
        ("1,2024-03-05,自然人,予以公开,2024-03-12,2024-03-06", "（待填）"),
    ],
)
def test_the_clause_says_what_happened(row: str, words: str) -> None:
    facts = texts(facts_of(inputs_of(row, heads=("补正通知日期",))))
    assert facts["办理时效情况"] == words


def test_fees_come_from_the_ledger_unless_the_bureau_gives_its_figure() -> None:
    row = "1,2024-03-05,自然人,予以公开,2024-04-08,2024-03-10,2024-03-20,150"
    inputs = inputs_of(row, heads=("收费通知日期", "缴费日期", "收费金额（元）"))
    facts = texts(facts_of(inputs))
    assert facts["信息处理费情况"] == "收取政府信息公开信息处理费150元"
    assert facts["收费通知件数"] == "1"
    given = replace(inputs, figures=figures(信息处理费=("160", "元")))
    assert texts(facts_of(given))["信息处理费"] == "160"


def test_a_ledger_of_numbers_has_no_times() -> None:
    facts = texts(facts_of(make_inputs()))
    assert "平均办理天数" not in facts
    assert facts["办理时效情况"] == "（待填）"

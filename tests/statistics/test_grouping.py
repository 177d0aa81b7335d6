"""Findings that say the same of several places are one line; none and no key is lost."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from nianbao.statistics.grouping import group_findings
from nianbao.statistics.model import Finding, Severity

SEVERITY = st.sampled_from(("error", "warning", "info"))
MESSAGES = st.sampled_from(
    ("“甲”没有填", "“乙”没有填", "第3行没有填", "第12行没有填", "改成3，应为5", "全文没有日期")
)


def finding(rule: str, severity: Severity, message: str, key: str = "") -> Finding:
    return Finding(rule, severity, message, key=key)


def test_what_they_differ_in_stands_at_the_end() -> None:
    same = [
        finding("V3", "warning", f"表三“{row}”第{n}行没有填。", f"V3-{n}")
        for n, row in enumerate(("甲", "乙", "丙"), 2)
    ]
    other = finding("L12", "warning", "用的是通用文字")
    grave = finding("B1", "error", "“甲”不平")
    groups = group_findings([other, *same, grave])
    assert [group.message for group in groups] == [
        "“甲”不平",
        "表三“…”第…行没有填（共3处：“甲”／2、“乙”／3、“丙”／4）",
        "用的是通用文字",
    ]
    assert [f.key for f in groups[1].findings] == ["V3-2", "V3-3", "V3-4"]


def test_a_finding_with_a_reason_and_one_of_another_gravity_stay_apart() -> None:
    reasoned = Finding("V3", "info", "“甲”没有填", reason="核实过")
    others = [finding("V3", "info", "“乙”没有填"), finding("V3", "error", "“丙”没有填")]
    assert len(group_findings([reasoned, *others])) == 3


@given(st.lists(st.tuples(st.sampled_from(("V3", "S11", "L12")), SEVERITY, MESSAGES), max_size=12))
def test_every_finding_is_in_one_group_and_the_gravest_come_first(
    rows: list[tuple[str, Severity, str]],
) -> None:
    found = [finding(*row, key=str(n)) for n, row in enumerate(rows)]
    groups = group_findings(found)
    kept = sorted((f.key for group in groups for f in group.findings), key=int)
    assert kept == [f.key for f in found]
    order = [("error", "warning", "info").index(group.first.severity) for group in groups]
    assert order == sorted(order)

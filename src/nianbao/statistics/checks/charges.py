"""X3 and X4: the information processing fee, by the bureau's own figures and by its ledger."""

from __future__ import annotations

from collections.abc import Iterator

from nianbao.statistics.arithmetic import plain
from nianbao.statistics.checks.across_tables import count_of, fee_of, received_of
from nianbao.statistics.checks.context import Statistics
from nianbao.statistics.checks.registry import Check, check
from nianbao.statistics.fees import Misfit, collected, misfits
from nianbao.statistics.model import Finding
from nianbao.statistics.naming import listed

CHARGED = ("收费件数",)
FEE_STEP = 10
"""The tariff knows 10, 20, 40 and 100 yuan: every sum is a multiple of ten. Source: 109号."""


@check(
    "X3",
    severity="error",
    title="收费件数、金额与台账相符",
    source="国办函〔2020〕109号",
    explanation="收取信息处理费的申请应在本年新收和上年结转之中，收费件数不会更多；"
    "填报的金额应等于台账各件之和。请核对收费件数、金额和台账。",
)
def charged_were_received(s: Statistics, rule: Check) -> Iterator[Finding]:
    """Only requests that were there can be charged for, and a sum is that of its parts."""
    charged, received = count_of(s.inputs.figures, CHARGED), received_of(s)
    if charged is not None and received is not None and charged > received:
        message = (
            f"收费件数{plain(charged)}件，多于本年新收与上年结转之和{plain(received)}件。"
            "请核对“收费件数”和表三。"
        )
        rows = ("new", "carried_in")
        names = (s.name("requests", row, s.format.total) for row in rows)
        yield rule.finding(
            message,
            formula="收费件数≤一＋二",
            left=charged,
            right=received,
            cells=("数据“收费件数”", *names),
        )
    fee = fee_of(s)
    if fee is None or s.inputs.cases is None or not s.inputs.cases["fee"].notna().any():
        return
    told = collected(s.inputs.cases, s.inputs.params.year)
    if fee != told:
        message = (
            f"填报的信息处理费是{plain(fee)}元，申请台账中本年发出收费通知、已缴纳的合计"
            f"{plain(told)}元。请核对台账的收费通知日期、收费金额和“信息处理费”。"
        )
        yield rule.finding(
            message,
            formula="信息处理费＝台账各件收费金额之和",
            left=fee,
            right=told,
            cells=("数据“信息处理费”",),
        )


@check(
    "X4",
    severity="warning",
    title="信息处理费符合收费标准",
    source="国办函〔2020〕109号",
    explanation="按国办函〔2020〕109号的标准，信息处理费总是10元的整数倍；台账写明件数或页数的，"
    "金额应与标准算出的相同。出现零头多为单位或录入有误。请核对件数、页数和金额。",
)
def fee_fits_tariff(s: Statistics, rule: Check) -> Iterator[Finding]:
    """Every sum by the tariff is a multiple of ten yuan, and each request has its own."""
    fee = fee_of(s)
    if fee is not None and fee % FEE_STEP:
        message = (
            f"信息处理费{plain(fee)}元不是{FEE_STEP}元的整数倍，按收费标准（国办函〔2020〕109号）"
            "收不出这个数。请核对金额和单位（应为元）。"
        )
        yield rule.finding(
            message, formula=f"金额为{FEE_STEP}元的整数倍", left=fee, cells=("数据“信息处理费”",)
        )
    wrong = [] if s.inputs.cases is None else list(misfits(s.inputs.cases))
    if wrong:
        message = (
            f"申请台账有{len(wrong)}件的收费金额与收费标准（国办函〔2020〕109号）不符："
            f"{listed([_told(case) for case in wrong], measure='件')}。请核对件数、页数和金额。"
        )
        cells = (f"申请台账 登记号{case.number}" for case in wrong)
        yield rule.finding(message, formula="收费金额＝按件或按量计算的金额", cells=cells)


def _told(case: Misfit) -> str:
    due = "两种标准都收不出" if case.expected is None else f"按标准为{case.expected}元"
    return f"{case.number}（第{case.row}行）收{plain(case.fee)}元，{due}"

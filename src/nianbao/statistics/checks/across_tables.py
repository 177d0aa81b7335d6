"""X1–X6: what the tables, the ledger and the bureau's own figures say about each other."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from nianbao.files.words import short_listing
from nianbao.inputs.bundle import Inputs
from nianbao.statistics.arithmetic import plain, total
from nianbao.statistics.checks.registry import Check, check
from nianbao.statistics.checks.running import Statistics
from nianbao.statistics.fees import (
    CHARGED,
    NOTICES,
    Misfit,
    collected,
    misfits,
    reported_count,
    reported_fee,
)
from nianbao.statistics.model import Finding

FEE_STEP = 10
"""The tariff knows 10, 20, 40 and 100 yuan: every sum is a multiple of ten. Source: 109号."""
FINISHED_PER_DISPUTE = 2


def _disputes(s: Statistics) -> Decimal | None:
    last = s.format.review_columns[-1]
    return total(s.cell("reviews", group.key, last) for group in s.format.review_groups)


def _received(s: Statistics, *, last_year: bool = False) -> Decimal | None:
    cell = s.last if last_year else s.cell
    return total(cell("requests", row, s.format.total) for row in ("new", "carried_in"))


def _noticed(inputs: Inputs) -> bool:
    """Return whether the ledger has a notice of fees."""
    return inputs.cases is not None and bool((inputs.cases["noticed"] > 0).any())


@check(
    "X1",
    severity="warning",
    title="逾期未缴费须先有收费通知",
    source="国办公开办函〔2021〕30号，表三（六）2",
    explanation="“逾期未按收费通知要求缴纳费用”的前提是发出过收费通知。"
    "请在其他数据（figures.csv）中登记收费通知件数，并在第六部分说明；没有发过通知的，"
    "核对表三该行。",
)
def unpaid_needs_notice(s: Statistics, rule: Check) -> Iterator[Finding]:
    """Check that an unpaid fee was preceded by a notice, this year or last."""
    if "figures" in s.inputs.waiting:
        return
    unpaid = s.cell("requests", "other_2", s.format.total).number
    years = [s.inputs, *([s.inputs.previous] if s.inputs.previous else [])]
    noticed = any(reported_count(year.figures, *NOTICES) or _noticed(year) for year in years)
    if unpaid and not noticed:
        message = (
            f"表三有{plain(unpaid)}件因逾期未缴费不再处理，但没有登记发出过收费通知。"
            "请在台账填写“收费通知日期”，或在其他数据（figures.csv）填写“收费通知件数”，并在第六部分说明；"
            "或核对该行。"
        )
        cells = (s.name("requests", "other_2", s.format.total),)
        yield rule.finding(
            message, formula="逾期未缴费＞0时，收费通知件数＞0", left=unpaid, cells=cells
        )


@check(
    "X2",
    severity="info",
    title="信息处理费包含在行政事业性收费内",
    source="国办函〔2020〕109号",
    explanation="信息处理费属于行政事业性收费，金额不应多于表二的收费金额。前者以元计，后者以万元计，"
    "请先核对单位；由上级统一核算的可不理会本提示。",
)
def fee_is_part_of_fees(s: Statistics, rule: Check) -> Iterator[Finding]:
    """Check that the processing fee is one of the 行政事业性收费 of table 2."""
    fee = reported_fee(s.inputs.figures)
    for row, column in s.format.decision_cells:
        fees = s.cell("decisions", row, column).number
        if column not in s.format.money_columns or fee is None or fees is None:
            continue
        if fee / 10_000 > fees:
            message = (
                f"信息处理费{plain(fee)}元，多于表二“{row}”{plain(fees)}万元。"
                "信息处理费属于行政事业性收费，请核对单位和统计口径。"
            )
            yield rule.finding(
                message,
                formula=f"信息处理费（元）÷10000≤{row}（万元）",
                left=fee / 10_000,
                right=fees,
                cells=(s.name("decisions", row, column), "数据“信息处理费”"),
            )


@check(
    "X5",
    severity="warning",
    title="没有申请而有复议、诉讼",
    source="本模板的约定",
    explanation="本年和上年都没有申请，却有因政府信息公开引起的复议、诉讼，较为少见。请核对；"
    "因主动公开或更早的申请引起的，写明理由。",
)
def disputes_have_requests(s: Statistics, rule: Check) -> Iterator[Finding]:
    """Report a dispute without a request this year or last: possible, but rare."""
    disputes, now = _disputes(s), _received(s)
    before = _received(s, last_year=True) if s.previous_tables else None
    if not disputes or now is None or now > 0 or before:
        return
    years = "本年没有，上年情况不详" if before is None else "本年和上年都没有"
    message = (
        f"表四有行政复议、诉讼{plain(disputes)}件，而表三的申请{years}。"
        "请核对；因主动公开或更早的申请引起的，写明理由。"
    )
    yield rule.finding(
        message,
        formula="复议、诉讼＞0时，一＋二＞0",
        left=disputes,
        right=now,
        cells=[s.name("requests", row, s.format.total) for row in ("new", "carried_in")],
        # Unknown is not zero: without last year's figure this is a hint only.
        severity="info" if before is None else None,
    )


@check(
    "X6",
    severity="info",
    title="复议、诉讼与办结件数的比例",
    source="本模板的约定",
    explanation="复议、诉讼件数超过办结件数的一半，较为少见，仅作提示。"
    "请核对表四是否只计政府信息公开案件，以及是否含上年结转。",
)
def disputes_are_few(s: Statistics, rule: Check) -> Iterator[Finding]:
    """Report more than one dispute for two finished requests, which is rare."""
    disputes, finished = _disputes(s), s.cell("requests", "total", s.format.total).number
    if disputes and finished and disputes > finished / FINISHED_PER_DISPUTE:
        message = (
            f"行政复议、诉讼共{plain(disputes)}件，超过办结申请{plain(finished)}件的一半。"
            "请核对表四的统计口径（是否含上年结转、是否只计政府信息公开案件）。"
        )
        yield rule.finding(
            message,
            formula="复议、诉讼总计≤办结件数的一半",
            left=disputes,
            right=finished / FINISHED_PER_DISPUTE,
        )


@check(
    "X3",
    severity="error",
    title="收费件数、金额与台账相符",
    source="国办函〔2020〕109号",
    explanation="收取信息处理费的申请应在本年新收和上年结转之中，收费件数不会更多；"
    "填报的金额应等于台账各件之和。请核对收费件数、金额和台账。",
)
def charged_were_received(s: Statistics, rule: Check) -> Iterator[Finding]:
    """Check that no more requests were charged for than there were, and the sum is right."""
    charged, received = reported_count(s.inputs.figures, CHARGED), _received(s)
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
    fee = reported_fee(s.inputs.figures)
    if fee is None or s.inputs.cases is None or not s.inputs.cases["fee"].notna().any():
        return
    charged_sum = collected(s.inputs.cases, s.inputs.params.year)
    if fee != charged_sum:
        message = (
            f"填报的信息处理费是{plain(fee)}元，申请台账中本年发出收费通知、已缴纳的合计"
            f"{plain(charged_sum)}元。请核对台账的收费通知日期、收费金额和“信息处理费”。"
        )
        yield rule.finding(
            message,
            formula="信息处理费＝台账各件收费金额之和",
            left=fee,
            right=charged_sum,
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
    """Check that the fee is a multiple of ten yuan, as every sum by the tariff is.

    Each request in the ledger has to keep to the tariff, too.
    """
    fee = reported_fee(s.inputs.figures)
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
            f"{short_listing([_words(case) for case in wrong], measure='件')}。"
            "请核对件数、页数和金额。"
        )
        cells = (f"申请台账 登记号{case.number}" for case in wrong)
        yield rule.finding(message, formula="收费金额＝按件或按量计算的金额", cells=cells)


def _words(case: Misfit) -> str:
    due = "两种标准都收不出" if case.expected is None else f"按标准为{case.expected}元"
    return f"{case.number}（第{case.row}行）收{plain(case.fee)}元，{due}"

"""X1, X2, X5, X6: what the tables and the bureau's own figures say about each other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal

from nianbao.inputs.bundle import Inputs, NamedFigure
from nianbao.statistics.arithmetic import plain, total
from nianbao.statistics.checks.context import Statistics
from nianbao.statistics.checks.registry import Check, check
from nianbao.statistics.model import Finding

FEE = ("信息处理费",)
NOTICES = ("收费通知件数", "收费通知")
YUAN = {"": Decimal(1), "元": Decimal(1), "万元": Decimal(10_000)}
MANY_DISPUTES = Decimal("0.5")


def _figure(figures: Mapping[str, NamedFigure], names: tuple[str, ...]) -> NamedFigure | None:
    return next((figures[name] for name in names if name in figures), None)


def count_of(figures: Mapping[str, NamedFigure], names: tuple[str, ...]) -> Decimal | None:
    figure = _figure(figures, names)
    return None if figure is None else figure.cell.number


def fee_of(s: Statistics) -> Decimal | None:
    """The 信息处理费 in yuan; None when it is not a number or its unit is not known."""
    figure = _figure(s.inputs.figures, FEE)
    if figure is None or figure.cell.number is None or figure.unit not in YUAN:
        return None
    return figure.cell.number * YUAN[figure.unit]


def _disputes(s: Statistics) -> Decimal | None:
    last = s.format.review_columns[-1]
    return total(s.cell("reviews", group.key, last) for group in s.format.review_groups)


def received_of(s: Statistics, *, last_year: bool = False) -> Decimal | None:
    cell = s.last if last_year else s.cell
    return total(cell("requests", row, s.format.total) for row in ("new", "carried_in"))


def _noticed(inputs: Inputs) -> bool:
    """Whether the ledger tells of a notice of fees."""
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
    """The row about an unpaid fee presupposes a notice, this year or last."""
    unpaid = s.cell("requests", "other_2", s.format.total).number
    years = [s.inputs, *([s.inputs.previous] if s.inputs.previous else [])]
    told = any(count_of(year.figures, NOTICES) or _noticed(year) for year in years)
    if unpaid and not told:
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
    """The processing fee is one of the 行政事业性收费 of table 2."""
    fee = fee_of(s)
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
    "因主动公开或更早的申请引起的，在核对说明（acknowledged.csv）中写明理由。",
)
def disputes_have_requests(s: Statistics, rule: Check) -> Iterator[Finding]:
    """A dispute without a request this year or last is possible, but rare."""
    disputes, now = _disputes(s), received_of(s)
    before = received_of(s, last_year=True) if s.previous_tables else None
    if not disputes or now is None or now > 0 or before:
        return
    years = "本年没有，上年情况不详" if before is None else "本年和上年都没有"
    message = (
        f"表四有行政复议、诉讼{plain(disputes)}件，而表三的申请{years}。"
        "请核对；因主动公开或更早的申请引起的，在核对说明（acknowledged.csv）中写明理由。"
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
    """More than one dispute for two finished requests is seldom."""
    disputes, finished = _disputes(s), s.cell("requests", "total", s.format.total).number
    if disputes and finished and disputes > MANY_DISPUTES * finished:
        message = (
            f"行政复议、诉讼共{plain(disputes)}件，超过办结申请{plain(finished)}件的一半。"
            "请核对表四的统计口径（是否含上年结转、是否只计政府信息公开案件）。"
        )
        yield rule.finding(
            message, formula="复议、诉讼总计≤办结件数的一半", left=disputes, right=finished
        )

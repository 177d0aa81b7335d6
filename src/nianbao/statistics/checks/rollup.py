"""R1–R6: a government's figures against those of the units below it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from nianbao.files.words import normalise_word, short_listing
from nianbao.inputs.bundle import Inputs
from nianbao.statistics.arithmetic import plain, total
from nianbao.statistics.checks.registry import Check, check
from nianbao.statistics.checks.running import Statistics, finding_key, run_checks
from nianbao.statistics.fees import FEE
from nianbao.statistics.model import Finding, Severity, Table
from nianbao.statistics.rollup import (
    SCOPE,
    WHOLE_AREA,
    changed_units,
    fee_of_unit,
    missing_units,
    trace,
    unit_name,
)
from nianbao.statistics.tables import build_tables, last_year_tables
from nianbao.statutory import TABLE_NUMBERS

SUM = "政府＝本级＋各单位"
MOST_REPORTED = 3
TELLING_CELLS, TELLING_SUM = 3, 10
"""From how many cells, and how large a sum, own figures that cover all units' look like sums."""


@check(
    "R1",
    severity="error",
    title="政府的数等于本级与各单位之和",
    source="《政府信息公开条例》第四十九条",
    explanation="政府的每一格等于本级和各单位之和，共200格；缺一个单位就不是全区域的数，"
    "政府自己填报的合计也要与之相符。请催齐缺报的单位，核对不一致的格；确需先出报告的，"
    "可允许缺报，报告会写明未包括的单位。",
)
def sums_are_sums(s: Statistics, rule: Check) -> Iterator[Finding]:
    """Check that no unit is missing and every cell is the sum of the units' cells.

    So with totals that were typed.
    """
    yield from _missing(s, rule)
    yield from _printed(s, rule)
    yield from _claimed(s, rule)
    yield from _own_looks_like_sum(s, rule)


def _missing(s: Statistics, rule: Check) -> Iterator[Finding]:
    names = missing_units(s.inputs)
    if not names:
        return
    allowed = bool(s.inputs.params.allow_missing or s.inputs.params.draft)
    remedy = (
        "汇总数和报告中已写明未包括这些单位，请核实"
        if allowed
        else "请催报；机构已撤并的，在其 agency.yaml 中写明“最后报告年度”（until）；"
        "确需先出报告的，把“允许缺报”写为是"
        "（参数文件中写 allow_missing: true，或用 --allow-missing），报告会写明未包括的单位"
    )
    severity: Severity = "warning" if allowed else "error"
    message = (
        f"有{len(names)}个单位没有{s.inputs.params.year}年的数据：{'、'.join(names)}。{remedy}。"
    )
    yield rule.finding(message, formula=SUM, cells=names, severity=severity)


def _printed(s: Statistics, rule: Check) -> Iterator[Finding]:
    """Check that the tables hold what the units' own tables add up to.

    Otherwise they were tampered with.
    """
    for key in TABLE_NUMBERS:
        table = s.tables[key]
        if not table.units:
            continue
        for cell, shown in table.cells.items():
            reported = total(part.cell for part in trace(table, cell))
            if reported != shown.number:
                name = s.name(key, *cell)
                message = f"{name}不等于本级与各单位之和。请重新汇总，不要手工改动汇总数。"
                yield rule.finding(
                    message, formula=SUM, left=shown.number, right=reported, cells=(name,)
                )


def _claimed(s: Statistics, rule: Check) -> Iterator[Finding]:
    """Check the sums that the government handed in itself, cell by cell."""
    if s.inputs.claimed is None:
        return
    claimed = build_tables(replace(s.inputs.claimed, previous=None), s.format)
    for key, number in TABLE_NUMBERS.items():
        unequal = {
            cell: (given.number, s.cell(key, *cell).number)
            for cell, given in claimed[key].cells.items()
            if given.is_number and given.number != s.cell(key, *cell).number
        }
        if unequal:
            words = [
                f"{s.name(key, *cell)}填报{_plain(left)}、各单位之和{_plain(right)}"
                for cell, (left, right) in unequal.items()
            ]
            message = (
                f"{number}有{len(unequal)}格与各单位之和不一致："
                f"{short_listing(words, MOST_REPORTED)}。"
                "表中印出的是各单位之和，请核对填报的合计和各单位的表。"
            )
            names = [s.name(key, *cell) for cell in unequal]
            yield rule.finding(message, formula=SUM, cells=names, severity="warning")


def _own_looks_like_sum(s: Statistics, rule: Check) -> Iterator[Finding]:
    """Report own figures that cover those of the units in every cell.

    They are sums already and would count twice.
    """
    for key, number in TABLE_NUMBERS.items():
        own = _own_table(s.inputs, s.tables[key])
        if own is None:
            continue
        pairs = [
            (mine, others)
            for cell in s.parts(key)
            if (mine := own.cells[cell].number) is not None
            and (others := _others(s.tables[key], own, cell)) is not None
        ]
        reported = [other for _, other in pairs if other]
        if (
            len(reported) >= TELLING_CELLS
            and sum(reported) >= TELLING_SUM
            and all(mine >= other for mine, other in pairs)
        ):
            message = (
                f"本级{number}的每一格都不少于其他单位之和，疑为全部单位的合计，会重复计算。"
                f"确是合计的，请在其他数据（figures.csv）中加一行“{SCOPE}”，数值写“{WHOLE_AREA}”；"
                "确是本级数的，写明理由。"
            )
            yield rule.finding(message, formula=SUM, cells=(number,), severity="warning")


def _own_table(inputs: Inputs, table: Table) -> Table | None:
    for unit, (_, below) in zip(inputs.units, table.units, strict=False):
        if unit.agency.code == inputs.agency.code:
            return below
    return None


def _others(table: Table, own: Table, cell: tuple[str, str]) -> Decimal | None:
    return total(below.cells[cell] for _, below in table.units if below is not own)


@check(
    "R2",
    severity="error",
    title="每个单位的表各自成立",
    source="国办公开办函〔2021〕30号",
    explanation="各单位的表各自勾稽成立，汇总数才成立；一个单位有错，汇总随之出错。"
    "请按所列单位和规则通知该单位改正，不要在汇总数上调整。单位的数据还有提醒没有说明的，"
    "用一条提示列出单位和规则编号，请这些单位核对或写明理由。",
)
def every_unit_holds(s: Statistics, rule: Check) -> Iterator[Finding]:
    """Name the units that break a rule: a sum keeps the identities of its parts.

    What else should be looked at in the units, and nobody has given a reason for, is one hint.
    """
    open_: dict[str, list[Finding]] = {}
    draft = s.inputs.params.draft
    for place, unit in enumerate(s.inputs.units):
        own = replace(unit, params=unit.params.model_copy(update={"draft": draft}))
        # Counted once already, for the sum.
        tables = {key: s.tables[key].units[place][1] for key in TABLE_NUMBERS}
        before = last_year_tables(own.previous, s.format) if own.previous else None
        context = Statistics(own, tables, before, s.format)
        findings, name = run_checks(context), unit_name(unit, s.inputs)
        wrong = [f for f in findings if f.severity == "error"]
        if warned := [
            f
            for f in findings
            if f.severity == "warning" and finding_key(f) not in unit.acknowledged
        ]:
            open_[name] = warned
        if wrong:
            reported = "；".join(
                f"〔{f.id}〕{f.message.rstrip('。')}" for f in wrong[:MOST_REPORTED]
            )
            more = f"；另有{len(wrong) - MOST_REPORTED}处" if len(wrong) > MOST_REPORTED else ""
            message = f"{name}的数据有{len(wrong)}处错误：{reported}{more}。请该单位改正后再汇总。"
            cells = [f"{name}：{cell}" for f in wrong for cell in f.cells]
            yield rule.finding(message, formula="各单位的勾稽关系各自成立", cells=cells or (name,))
    if open_:
        reported = "；".join(
            f"{name}有{len(found)}项提醒未说明（{'、'.join(dict.fromkeys(f.id for f in found))}）"
            for name, found in open_.items()
        )
        message = f"{reported}。请这些单位核对，或写明理由（nianbao check 单位代码 年度）。"
        yield rule.finding(message, cells=tuple(open_), severity="info")


@check(
    "R3",
    severity="error",
    title="每个单位只统计一次",
    source="国办公开办函〔2021〕30号",
    explanation="每个单位只能统计一次：同一单位用了两个代码，或既直接汇总又通过所属县市汇总，"
    "数字都会重复。请只保留一个代码和一个上级（agency.yaml 的 parent）。",
)
def units_count_once(s: Statistics, rule: Check) -> Iterator[Finding]:
    """Check that no unit counts under two codes, or both directly and through its county."""
    top = s.inputs.agency
    ways: dict[str, list[str]] = defaultdict(list, {normalise_word(top.name): [top.code]})
    names: dict[str, str] = {}
    for way, unit in _ways(s.inputs, ()):
        key = normalise_word(unit.agency.name)
        ways[key].append("—".join((*way, unit.agency.code)))
        names[key] = unit.agency.name
    for key, found in ways.items():
        if len(found) > 1:
            name = names[key]
            message = (
                f"“{name}”统计了{len(found)}次：{'、'.join(found)}。同一单位只能有一个代码、"
                "一个上级，请删去重复的机关，或改正其中一个的名称。"
            )
            yield rule.finding(message, formula="每个单位只统计一次", cells=(name,))


def _ways(inputs: Inputs, way: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Inputs]]:
    """Yield every unit with the codes above it; a government's own data are no further unit."""
    for unit in inputs.units:
        if unit.agency.code != inputs.agency.code:
            yield way, unit
            yield from _ways(unit, (*way, unit.agency.code))


@check(
    "R4",
    severity="warning",
    title="统计单位与上年的差别",
    source="本模板的约定",
    explanation="列出上年有本年没有、本年有上年没有的单位，解释结转、现行有效和增减为何与上年不衔接。"
    "请核对是漏报还是机构调整；属于机构调整的写明理由。",
)
def units_stay(s: Statistics, rule: Check) -> Iterator[Finding]:
    """Report units that came or went: they explain what does not follow from last year."""
    gone, come = changed_units(s.inputs)
    if not gone and not come:
        return
    reported = [
        f"{what}{len(names)}个：{'、'.join(names)}"
        for what, names in (("上年有而本年没有的", gone), ("本年有而上年没有的", come))
        if names
    ]
    message = (
        f"统计单位与上年不同，{'；'.join(reported)}。与上年的结转、现行有效和增减因此可能不衔接，"
        "请核对；属于机构调整的写明理由。"
    )
    yield rule.finding(message, formula="本年统计单位＝上年统计单位", cells=(*gone, *come))


@check(
    "R5",
    severity="error",
    title="信息处理费等于各单位之和",
    source="国办函〔2020〕109号",
    explanation="第六部分的信息处理费等于本级和各单位收取之和，没有收取的单位也要填0。"
    "请补齐没有填报的单位，核对填报的合计。",
)
def fees_add_up(s: Statistics, rule: Check) -> Iterator[Finding]:
    """Check that every unit says what it collected, and a typed sum agrees."""
    if not s.inputs.units:
        return
    fees = [(unit_name(unit, s.inputs), fee_of_unit(unit)) for unit in s.inputs.units]
    unknown = [name for name, fee in fees if fee is None]
    if unknown:
        message = (
            f"有{len(unknown)}个单位没有填报信息处理费：{short_listing(unknown, measure='个')}，"
            "合计无法计算。请补填，没有收取的填0。"
        )
        yield rule.finding(message, cells=unknown, severity="warning")
        return
    summed = sum((fee for _, fee in fees if fee is not None), Decimal(0))
    typed = fee_of_unit(s.inputs.claimed) if s.inputs.claimed else None
    if typed is not None and typed != summed:
        message = (
            f"填报的信息处理费是{plain(typed)}元，各单位之和是{plain(summed)}元。"
            "请核对各单位的收费。"
        )
        yield rule.finding(
            message,
            formula="信息处理费＝各单位之和",
            left=typed,
            right=summed,
            cells=(f"数据“{FEE}”",),
            severity="warning",
        )


@check(
    "R6",
    severity="info",
    title="向几个单位提出的相同申请",
    source="本模板的约定",
    explanation="同一申请人向几个单位提出的相同申请，由各单位分别答复，是几件申请。汇总时不合并，"
    "仅作提示。",
)
def letters_count_where_they_arrive(s: Statistics, rule: Check) -> Iterator[Finding]:
    """Say that the same letter to two bodies is two requests: each answers its own."""
    parts = trace(s.tables["requests"], ("new", s.format.total))
    asked = [part for part in parts if part.cell.number]
    if len(asked) > 1:
        message = (
            f"本年有{len(asked)}个单位收到申请。同一申请人向几个单位提出的相同申请，"
            "各单位分别答复、分别计数，汇总不合并。"
        )
        yield rule.finding(message)


def _plain(number: Decimal | None) -> str:
    return "未知" if number is None else plain(number)

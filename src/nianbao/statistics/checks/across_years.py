"""Y0–Y6: this year's tables held against last year's; Y12: older years that are not shown."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from nianbao.files.words import short_listing
from nianbao.inputs.bundle import CellKey
from nianbao.statistics.arithmetic import SMALL_BASE, plain
from nianbao.statistics.checks.identities import document_rows, stock_columns
from nianbao.statistics.checks.registry import Check, check
from nianbao.statistics.checks.running import Statistics
from nianbao.statistics.comparison import omitted_years, year_label
from nianbao.statistics.model import Finding, Severity
from nianbao.statistics.rollup import missing_units, same_units
from nianbao.statutory import TABLE_NUMBERS

LEAP = 5
CARRY = "二、上年结转＝上年的四、结转下年度"


@check(
    "Y0",
    severity="info",
    title="有无上年数据",
    source="本模板的约定",
    explanation="没有上年的数据，凡与上年比较的核对都无法进行，不等于已经通过。"
    "请导入上年报告（网页、Word或PDF都可以）：在网上交数据时一并上传，"
    "或用命令 nianbao import。上年没有年报的，"
    "不影响发布；上年结转的申请仍要登记在本年台账，或填在表三“二、上年结转”一行。",
)
def last_year_is_there(s: Statistics, rule: Check) -> Iterator[Finding]:
    """Say that there is no last year, without which the rules below say nothing."""
    if s.previous_tables is None:
        last, code = s.inputs.params.year - 1, s.inputs.agency.code
        message = (
            f"没有{last}年的数据，结转、现行有效件数和增减情况未与上年核对。"
            f"有{last}年年报（网页、Word或PDF）的，请导入上年报告：在网上交数据时一并上传，"
            f"或用命令 nianbao import <年报文件> {code} {last}；"
            "没有的不影响发布，上年结转的申请照样登记在本年台账（收到日期写上年的），"
            "或填在表三“二、上年结转”一行。"
        )
        yield rule.finding(message)


@check(
    "Y1",
    severity="error",
    title="上年结转等于上年的结转下年度",
    source="国办公开办函〔2021〕30号，表三第二、四行",
    explanation="本年的“上年结转”和上年的“结转下年度”是同一批申请，总计应当相等。"
    "不等说明至少有一年的表有误，请核对两年的台账。确因上年年报更正、"
    "机构合并分设或统计范围调整的，把标识和理由写进 acknowledged.csv 后放行，"
    "理由一并留存。",
    lifts=True,
)
def carry_over_agrees(s: Statistics, rule: Check) -> Iterator[Finding]:
    """Check that what was carried out last year comes in this year.

    Only a correction explains otherwise.
    """
    if s.previous_tables is None:
        return
    column = s.format.total
    now = s.cell("requests", "carried_in", column).number
    before = s.last("requests", "carried_out", column).number
    cells = (s.name("requests", "carried_in", column),)
    if now is None or before is None:
        which = "本年的上年结转" if now is None else "上年的结转下年度"
        lost = s.unread_rows("requests") if now is None else s.last_is_unread("requests")
        why, when = ("读不出来", "改好") if lost else ("没有填", "填全")
        message = f"{which}件数{why}，无法核对“{CARRY}”。{when}后再核对。"
        yield rule.finding(
            message, formula=CARRY, left=now, right=before, cells=cells, severity="info"
        )
    elif now != before:
        message = (
            f"本年表三上年结转{plain(now)}件，上年表三结转下年度{plain(before)}件，"
            f"相差{plain(abs(now - before))}件。请核对两年的表三；"
            "确因上年年报更正、机构合并分设或统计范围调整的，记录理由后可以放行。"
        )
        # Two sums over other units need not follow from each other; each unit is held to it (R2).
        severity: Severity | None = None if same_units(s.inputs) else "warning"
        yield rule.finding(
            message, formula=CARRY, left=now, right=before, cells=cells, severity=severity
        )


@check(
    "Y1c",
    severity="warning",
    title="各类申请人的结转与上年一致",
    source="国办公开办函〔2021〕30号，表三第二、四行",
    explanation="结转总数与上年一致，但各类申请人的数不同，说明有申请换了申请人类型。请核对；"
    "确属上年归类有误的，写明理由。",
)
def carry_over_keeps_applicants(s: Statistics, rule: Check) -> Iterator[Finding]:
    """Report cases carried over under another kind of applicant while the total agrees."""
    keys = [(s.last("requests", "carried_out", a), a) for a in s.format.applicants]
    pairs = [(s.cell("requests", "carried_in", a).number, cell.number, a) for cell, a in keys]
    if any(now is None or before is None for now, before, _ in pairs):
        return
    moved = [(now, before, a) for now, before, a in pairs if now != before]
    if not moved or sum(p[0] or 0 for p in pairs) != sum(p[1] or 0 for p in pairs):
        return
    words = "、".join(
        f"“{a}”本年{plain(now or Decimal(0))}件、上年{plain(before or Decimal(0))}件"
        for now, before, a in moved
    )
    message = f"上年结转的总数与上年一致，但申请人类型不同：{words}。请核对同一申请是否改了类型。"
    cells = (s.name("requests", "carried_in", a) for _, _, a in moved)
    yield rule.finding(message, formula=f"{CARRY}（各类申请人）", cells=cells)


def _declared(s: Statistics, word: str, row: str) -> Decimal:
    """Return a number that the bureau declared among its figures; 0 when it did not."""
    figure = s.inputs.figures.get(f"{word}{row}")
    return Decimal(0) if figure is None else figure.cell.number or Decimal(0)


@check(
    "Y2",
    severity="warning",
    title="现行有效件数的增减与上年衔接",
    source="本模板的约定",
    explanation="上年现行有效加本年制发减本年废止，一般等于本年现行有效。修订计入制发、自然失效、"
    "集中清理、机构调整都会打破这一关系。修订和失效的件数可填入其他数据，"
    "名称写作“修订行政规范性文件”“失效行政规范性文件”，核对时一并计算；"
    "其余情形请核对，写明理由。",
)
def stock_balances(s: Statistics, rule: Check) -> Iterator[Finding]:
    """Check that this year's stock is last year's, plus what was made, less what was repealed.

    Lapse, clean-up or another way of counting break it.
    """
    making, repealing, force = stock_columns(s)
    formula = f"上年{force}＋{making}－{repealing}＝{force}"
    for row in () if "figures" in s.inputs.waiting else document_rows(s):
        made, repealed, standing = (
            s.cell("decisions", row, c).number for c in (making, repealing, force)
        )
        before = s.last("decisions", row, force).number
        if made is None or repealed is None or standing is None or before is None:
            continue
        expected = before + made - repealed
        # A revision that is counted as made adds nothing; what lapsed was not repealed.
        declared = sum((_declared(s, word, row) for word in ("修订", "失效")), Decimal(0))
        if standing not in (expected, expected - declared):
            message = (
                f"“{row}”上年现行有效{plain(before)}件＋本年制发{plain(made)}件－本年废止"
                f"{plain(repealed)}件＝{plain(expected)}件，填报的现行有效是{plain(standing)}件，"
                f"相差{plain(abs(standing - expected))}件。请核对；修订计入制发、自然失效的，"
                f"在其他数据里填“修订{row}”“失效{row}”件数；清理或机构调整的，"
                "写明理由。"
            )
            cells = (s.name("decisions", row, c) for c in (force, making, repealing))
            yield rule.finding(message, formula=formula, left=expected, right=standing, cells=cells)


@check(
    "Y3",
    severity="warning",
    title="上年尚未审结的案件应转入本年",
    source="本模板的约定",
    explanation="上年尚未审结的案件本年仍应计入，件数不应多于本年总计。统计口径不含上年结转的除外。"
    "请核对，并在表下注明口径。",
)
def pending_cases_return(s: Statistics, rule: Check) -> Iterator[Finding]:
    """Check that cases pending last year are counted again where the caliber includes them."""
    last, waiting = s.format.review_columns[-1], s.format.review_names["pending"]
    for group in (g.key for g in s.format.review_groups):
        pending = s.last("reviews", group, waiting).number
        now = s.cell("reviews", group, last).number
        if pending is not None and now is not None and pending > now:
            message = (
                f"“{group}”上年尚未审结{plain(pending)}件，多于本年总计{plain(now)}件。"
                "请核对上年未结案件是否计入本年；统计口径不含上年结转的，写明理由。"
            )
            yield rule.finding(
                message,
                formula=f"上年{waiting}≤本年{last}",
                left=pending,
                right=now,
                cells=(s.name("reviews", group, last),),
            )


def _pairs(s: Statistics) -> Iterator[tuple[str, CellKey, Decimal, Decimal]]:
    """Yield the cells whose two years are reported beside each other.

    These are table 2, and the totals of tables 3 and 4.
    """
    for table in TABLE_NUMBERS:
        for row, column in s.tables[table].cells:
            if table == "decisions" or column == s.format.total:
                now, before = (f(table, row, column).number for f in (s.cell, s.last))
                if now is not None and before is not None:
                    yield table, (row, column), now, before


@check(
    "Y4",
    severity="warning",
    title="与上年相差五倍以上",
    source="本模板的约定",
    explanation="与上年相差五倍以上，常见原因是单位错、填错行或列。请核对；"
    "数字无误的写明理由。上年不足10的不作比较。",
)
def nothing_leaps(s: Statistics, rule: Check) -> Iterator[Finding]:
    """Report five times as much or a fifth: often a slip of unit, row or column."""
    for table, key, now, before in _pairs(s):
        if before < SMALL_BASE or not now or before / LEAP < now < before * LEAP:
            continue
        name = s.name(table, *key)
        how = f"是上年的{LEAP}倍以上" if now > before else "不到上年的五分之一"
        message = (
            f"{name}本年为{plain(now)}，上年为{plain(before)}，{how}。"
            "请核对单位和填写位置；数字无误的，写明理由。"
        )
        yield rule.finding(
            message, formula=f"与上年相差不到{LEAP}倍", left=now, right=before, cells=(name,)
        )


@check(
    "Y5",
    severity="warning",
    title="一年为0而另一年明显不为0",
    source="本模板的约定",
    explanation="一年为0而另一年明显不为0，可能漏了一个数据来源，也可能填错了位置。请核对；"
    "数字无误的写明理由。",
)
def nothing_vanishes(s: Statistics, rule: Check) -> Iterator[Finding]:
    """Report zero beside a clearly larger number: a source may have been left out."""
    for table, key, now, before in _pairs(s):
        if (now and before) or max(now, before) < SMALL_BASE:
            continue
        name = s.name(table, *key)
        message = (
            f"{name}本年为{plain(now)}，上年为{plain(before)}。"
            "请核对有无漏统计或填错位置；数字无误的，写明理由。"
        )
        yield rule.finding(message, left=now, right=before, cells=(name,))


@check(
    "Y6",
    severity="warning",
    title="整张表与上年完全相同",
    source="已公布年报中的常见差错",
    explanation="整张表与上年完全相同，多半是沿用了上年的文件。请确认数据文件已换成本年的；"
    "确实相同的，写明理由。",
)
def tables_are_new(s: Statistics, rule: Check) -> Iterator[Finding]:
    """Report a table copied from last year; a table of zeros may truly repeat."""
    for table, number in TABLE_NUMBERS.items() if s.previous_tables else ():
        cells = s.tables[table].cells
        values = [(cell.number, s.last(table, *key).number) for key, cell in cells.items()]
        if any(now for now, _ in values) and all(now == before for now, before in values):
            message = (
                f"{number}的每一个数都与上年相同，疑为沿用上年的表。请核对是否已换成本年数据。"
            )
            yield rule.finding(message, cells=(number,))


@check(
    "Y12",
    severity="info",
    title="历年数据是否齐全",
    source="本模板的约定",
    explanation="连续三年以上有数据的，报告附历年图表。某一年的文件读不出来，或有单位没有数据的，"
    "这一年不列入，也不当作0。请改正那一年的数据文件，或补齐单位；确实没有的，"
    "不影响本年报告。",
)
def older_years_are_whole(s: Statistics, rule: Check) -> Iterator[Finding]:
    """Name the years that no chart over years shows: not readable, or with units missing."""
    if not s.inputs.earlier and not s.inputs.unread:
        return
    parts = {year.params.year: missing_units(year) for year in s.inputs.earlier}
    for year, why in omitted_years(s.inputs).items():
        problems = s.inputs.unread.get(year, ())
        missing = parts.get(year, ())
        if problems:
            more = f"；等共{len(problems)}处" if len(problems) > 1 else ""
            details = f"（{problems[0]}{more}）。请改正，或把这一年的数据移出"
        elif missing:
            details = f"（{short_listing(missing, measure='个')}）。请补齐这一年的数据"
        else:
            continue
        message = f"{year_label(year)}{why}，没有列入历年图表{details}。"
        yield rule.finding(message, cells=(year_label(year),))

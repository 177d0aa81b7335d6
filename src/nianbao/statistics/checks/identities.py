"""A1–A2, B1–B4, B6–B7, X0 and C1–C4: what the cells of one table must keep among each other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from nianbao.files.words import short_listing
from nianbao.inputs.bundle import CellKey
from nianbao.inputs.values import State
from nianbao.statistics.arithmetic import plain, total
from nianbao.statistics.checks.balance import (
    HANDLED_ROWS,
    RECEIVED_ROWS,
    Balance,
    Cause,
    balance_of,
    column_hint,
    difference_hint,
    find_causes,
)
from nianbao.statistics.checks.registry import Check, check
from nianbao.statistics.checks.running import Statistics
from nianbao.statistics.model import Finding
from nianbao.statutory import row_name


def stock_columns(s: Statistics) -> tuple[str, str, str]:
    """Return the labels of what was made, what was repealed and what is in force."""
    made, repealed, standing = (
        s.format.decision_names[k] for k in ("made", "repealed", "standing")
    )
    return made, repealed, standing


def document_rows(s: Statistics) -> tuple[str, ...]:
    """Return the rows of table 2 that hold a stock."""
    standing = s.format.decision_names["standing"]
    return tuple(row for row, column in s.format.decision_cells if column == standing)


@check(
    "A1",
    severity="warning",
    title="现行有效不少于本年制发",
    source="本模板的约定",
    explanation="当年制发的文件一般到年底仍然有效，现行有效件数不应少于本年制发件数。"
    "当年制发当年废止，或把修订计入制发时可能例外。请核对，"
    "属于例外的写明理由。",
)
def standing_covers_made(s: Statistics, rule: Check) -> Iterator[Finding]:
    """Check that what was made this year is normally still in force at its end."""
    making, _, force = stock_columns(s)
    for row in document_rows(s):
        made, standing = (s.cell("decisions", row, c).number for c in (making, force))
        if made is not None and standing is not None and standing < made:
            message = (
                f"“{row}”现行有效{plain(standing)}件，少于本年制发{plain(made)}件。"
                "请核对；如有当年制发当年废止或修订计入制发的情形，"
                "写明理由。"
            )
            cells = (s.name("decisions", row, c) for c in (force, making))
            yield rule.finding(
                message, formula=f"{force}≥{making}", left=standing, right=made, cells=cells
            )


@check(
    "A2",
    severity="warning",
    title="废止不多于上年有效加本年制发",
    source="本模板的约定",
    explanation="本年废止的文件应当原来就有，废止件数不应多于上年现行有效件数加本年制发件数。"
    "统计范围调整时可能例外。请核对两年的数，"
    "属于例外的写明理由。",
)
def repealed_existed(s: Statistics, rule: Check) -> Iterator[Finding]:
    """Check that no more was repealed than existed; without last year's stock say nothing."""
    making, repealing, force = stock_columns(s)
    for row in document_rows(s):
        made, repealed = (s.cell("decisions", row, c).number for c in (making, repealing))
        before = s.last("decisions", row, force).number
        if made is None or repealed is None or before is None:
            continue
        if repealed > before + made:
            message = (
                f"“{row}”本年废止{plain(repealed)}件，多于上年现行有效{plain(before)}件"
                f"加本年制发{plain(made)}件。请核对；如统计口径有变化，"
                "写明理由。"
            )
            yield rule.finding(
                message,
                formula=f"{repealing}≤上年{force}＋{making}",
                left=repealed,
                right=before + made,
                cells=(s.name("decisions", row, c) for c in (repealing, making)),
            )


DISPUTE_RULES = {"C1": "行政复议", "C2": "未经复议直接起诉", "C3": "复议后起诉"}
FLOW = "一、本年新收＋二、上年结转＝三（七）总计＋四、结转下年度"


def _number(value: Decimal | None) -> Decimal:
    """Return a value that the identity has shown to be a number."""
    assert value is not None
    return value


def _names(s: Statistics, keys: Iterable[CellKey]) -> tuple[str, ...]:
    return tuple(s.name("requests", *key) for key in keys)


def _nonzero(b: Balance, keys: Iterable[CellKey]) -> list[CellKey]:
    return [key for key in keys if b.number(*key)]


def _reported(causes: Sequence[Cause], look: str, hint: str) -> str:
    """Return the sentence that says what to do.

    It names the cause; else it says where to look and what it looks like.
    """
    if causes:
        return f"{causes[0].words}。"
    return f"{look}；{hint}。" if hint else f"{look}。"


def _cannot_assess(
    s: Statistics, rule: Check, formula: str, names: Sequence[str], measure: str
) -> Iterator[Finding]:
    if "requests" in s.wholly_unread:  # D9 says it once, and of what it waits for
        return
    why, then = s.why_unknown("requests")
    where = short_listing([f"“{name}”" for name in names], measure=measure)
    message = f"表三有{len(names)}{measure}{why}，无法核对“{formula}”：{where}。{then}。"
    if names:
        yield rule.finding(message, formula=formula, severity="info")


@check(
    "B1",
    severity="error",
    title="一加二等于三（七）加四",
    source="国办公开办函〔2021〕30号，表三表头",
    explanation="表头印明的勾稽关系：第一项加第二项之和，等于第三项（七）总计加第四项之和，"
    "七列都要成立。收到的申请年底前不是办结就是结转，不会多也不会少。"
    "请按提示的格核对台账。",
)
def flow_balances(s: Statistics, rule: Check) -> Iterator[Finding]:
    """Check that what came in was finished or carried on, for each applicant."""
    b = balance_of(s)
    # Units that hold add up to a sum that holds: the unit is at fault, and R2 names it.
    summed = bool(s.inputs.units)
    causes = () if summed else find_causes(b)
    look = "请先看R2，改正所指单位的表" if summed else "请核对这四项"
    for column, excess in b.flow.items():
        if not excess:
            continue
        received = [_number(b.number(row, column)) for row in RECEIVED_ROWS]
        handled = [_number(b.number(row, column)) for row in HANDLED_ROWS]
        own = [c for c in causes if column in c.columns]
        keys = [(row, column) for row in (*RECEIVED_ROWS, *HANDLED_ROWS)]
        rows = (
            (*RECEIVED_ROWS, *HANDLED_ROWS)
            if ("total", column) in b.typed
            else (*RECEIVED_ROWS, *b.detail_keys, "carried_out")
        )
        hint = "" if summed else column_hint(b, column, -excess, rows)
        left, right = sum(received, Decimal(0)), sum(handled, Decimal(0))
        message = (
            f"表三“{column}”列不平衡：一（{plain(received[0])}）＋二（{plain(received[1])}）＝{plain(left)}，"
            f"三（七）总计（{plain(handled[0])}）＋四（{plain(handled[1])}）＝{plain(right)}，"
            f"相差{plain(abs(excess))}。{_reported(own, look, hint)}"
        )
        cells = _names(s, own[0].cells if own else keys)
        yield rule.finding(message, formula=FLOW, left=left, right=right, cells=cells)
    unknown = [c for c, excess in b.flow.items() if excess is None]
    yield from _cannot_assess(s, rule, FLOW, unknown, "列")


@check(
    "B2",
    severity="error",
    title="（七）总计等于各办理结果之和",
    source="国办公开办函〔2021〕30号，表三",
    explanation="填报的（七）总计应等于（一）至（六）各办理结果之和。一件申请只有一个办理结果，"
    "部分公开的不再按不公开理由重复计数。表中印出计算值，请核对后改正。",
)
def details_add_up(s: Statistics, rule: Check) -> Iterator[Finding]:
    """Check that a typed （七）总计 is the sum of the details, in each column."""
    b = balance_of(s)
    causes = find_causes(b)
    formula = "（一）至（六）各行之和＝（七）总计"
    for column, excess in b.details.items():
        if excess:
            typed = _TypedTotal(
                f"“{column}”列各办理结果",
                "（七）总计",
                ("total", column),
                [(row, column) for row in b.detail_keys],
                [c for c in causes if column in c.columns],
                _suspect(b, column),
                column_hint(b, column, excess, b.detail_keys),
            )
            yield _wrong_total(s, rule, b, formula, typed)
    unknown = [c for c, excess in b.details.items() if excess is None]
    yield from _cannot_assess(s, rule, formula, unknown, "列")


@dataclass(frozen=True, slots=True)
class _TypedTotal:
    """A typed total of table 3 that is not the sum of its parts, and what to say of it."""

    parts: str
    name: str
    """What its parts and it are called in a sentence."""
    key: CellKey
    keys: Sequence[CellKey]
    """Its cell, and those of its parts."""
    causes: Sequence[Cause]
    """Those that explain it, the likeliest first; without any, `look` and `hint` say where to look
    and what it looks like.
    """
    look: str
    hint: str


def _wrong_total(
    s: Statistics, rule: Check, b: Balance, formula: str, typed: _TypedTotal
) -> Finding:
    left, right = _number(b.sum_of(typed.keys)), _number(b.number(*typed.key))
    message = (
        f"表三{typed.parts}之和为{plain(left)}，填报的{typed.name}是{plain(right)}，"
        f"相差{plain(abs(left - right))}。表中印出的是计算值。"
        f"{_reported(typed.causes, typed.look, typed.hint)}"
    )
    shown = typed.causes[0].cells if typed.causes else (typed.key, *_nonzero(b, typed.keys))
    return rule.finding(message, formula=formula, left=left, right=right, cells=_names(s, shown))


def _suspect(b: Balance, column: str) -> str:
    """Return which side of B2 agrees with B1."""
    if b.flow.get(column) == 0:
        return "填报的（七）总计与一、二、四相符，请核对各办理结果"
    if b.flow.get(column) == b.details[column]:
        return "各办理结果之和与一、二、四相符，请核对填报的（七）总计"
    return "请核对各办理结果和（七）总计"


@check(
    "B3",
    severity="error",
    title="各类申请人之和等于总计",
    source="国办公开办函〔2021〕30号，表三",
    explanation="每一行的总计应等于自然人和五类法人或其他组织之和。表中印出计算值；"
    "填报的总计与之不同，说明有一格填错或漏填。请按提示核对。",
)
def applicants_add_up(s: Statistics, rule: Check) -> Iterator[Finding]:
    """Check that a typed 总计 is the sum of the six applicants, in each row."""
    b = balance_of(s)
    causes = find_causes(b)
    formula = f"{'＋'.join(s.format.applicants)}＝{s.format.total}"
    for row, excess in b.rows.items():
        if excess:
            keys = [(row, applicant) for applicant in s.format.applicants]
            typed = _TypedTotal(
                f"“{row_name('requests', row, s.format)}”行各类申请人",
                "总计",
                (row, s.format.total),
                keys,
                [c for c in causes if row in c.rows],
                "请核对各类申请人和总计",
                difference_hint(b, keys, excess),
            )
            yield _wrong_total(s, rule, b, formula, typed)
    # A row of blanks beside a total is reported by B6; here only rows that are filled in part.
    unknown = [
        row_name("requests", row, s.format)
        for row, excess in b.rows.items()
        if excess is None and any(b.number(row, a) is not None for a in s.format.applicants)
    ]
    yield from _cannot_assess(s, rule, formula, unknown, "行")


@check(
    "B4",
    severity="error",
    title="结转下年度不多于一加二",
    source="国办公开办函〔2021〕30号，表三",
    explanation="结转下年度的件数不会多于本年新收与上年结转之和。请核对这三格，"
    "年底前未办结的申请才计入结转。",
)
def carried_out_was_received(s: Statistics, rule: Check) -> Iterator[Finding]:
    """Check that no more can be carried on than there was."""
    b = balance_of(s)
    formula = "四、结转下年度≤一、本年新收＋二、上年结转"
    broken = {}
    for column in b.flow:
        carried = b.number("carried_out", column)
        received = b.sum_of((r, column) for r in RECEIVED_ROWS)
        if received is not None and carried is not None and carried > received:
            broken[column] = (carried, received)
    if len(broken) > 1:
        # The 总计 column only repeats what an applicant's column says.
        broken.pop(s.format.total, None)
    for column, (carried, received) in broken.items():
        message = (
            f"表三“{column}”列结转下年度{plain(carried)}件，多于本年新收与上年结转之和"
            f"{plain(received)}件。请核对这三格，年底未办结的才计入结转。"
        )
        cells = _names(s, [(row, column) for row in ("carried_out", *RECEIVED_ROWS)])
        yield rule.finding(message, formula=formula, left=carried, right=received, cells=cells)


FEW_CARRIED = 5
"""So many carried in, and more than came, are reported: fewer happen in any year."""


@check(
    "B7",
    severity="info",
    title="上年结转多于本年新收",
    source="本模板的约定",
    explanation="申请一般在20个工作日内答复，上年结转很少多于本年新收，多半是两行填反了。"
    "有上年数据的由Y1核对，没有的在这里提示。请核对这两行。",
)
def more_came_than_was_carried_in(s: Statistics, rule: Check) -> Iterator[Finding]:
    """Report more carried over than received where no last year tells: two rows exchanged."""
    total = s.format.total
    new, carried = (s.cell("requests", row, total).number for row in RECEIVED_ROWS)
    if s.previous_tables is not None or new is None or carried is None:
        return
    if carried > new and carried >= FEW_CARRIED:
        message = (
            f"表三“二、上年结转”{plain(carried)}件，多于“一、本年新收”{plain(new)}件，较为少见，"
            "两行的数可能填反了。请核对。"
        )
        cells = _names(s, [(row, total) for row in RECEIVED_ROWS])
        yield rule.finding(message, formula="二≤一", left=carried, right=new, cells=cells)


@check(
    "B6",
    severity="error",
    title="申请人各列与总计只填了一边",
    source="已公布年报中的常见差错",
    explanation="只填总计不分申请人，或只填申请人不填总计，都是没有填完的表。请按申请人逐列填写，"
    "没有的填0；总计一列可以整列不填，由程序计算。",
)
def both_sides_are_filled(s: Statistics, rule: Check) -> Iterator[Finding]:
    """Report applicants blank beside a 总计, and a blank 总计 where others are filled."""
    given, last = s.given_totals("requests"), s.format.total
    unread = s.unread_rows("requests")
    column = {r: cell for (r, c), cell in given.items() if c == last and r not in unread}
    parts = {
        row: [
            given.get((row, a), s.cell("requests", row, a)).is_number for a in s.format.applicants
        ]
        for row in column
    }
    alone = [r for r, cell in column.items() if cell.is_number and not any(parts[r])]
    if alone:
        names = [f"“{row_name('requests', r, s.format)}”" for r in alone]
        message = (
            f"表三只填了总计、没有分申请人填写：{short_listing(names, measure='行')}。"
            "请按申请人分别填写，没有的填0。"
        )
        cells = _names(s, ((r, a) for r in alone for a in s.format.applicants))
        yield rule.finding(message, cells=cells)
    missing = [r for r, cell in column.items() if not cell.is_number and all(parts[r])]
    if missing and any(cell.is_number for cell in column.values()):
        names = [f"“{row_name('requests', r, s.format)}”" for r in missing]
        message = (
            f"表三填了各类申请人、没有填总计：{short_listing(names, measure='行')}。"
            "请补填总计，或整列不填由程序计算。"
        )
        yield rule.finding(message, cells=_names(s, ((r, last) for r in missing)))


@check(
    "X0",
    severity="error",
    title="台账与申请情况表应一致",
    source="本模板的约定",
    explanation="同时报送申请台账和申请情况表时，两者每一格都应相同。表三以台账计数。"
    "请找出不一致的格，核对后改正其中一份，或只保留一份。",
)
def ledger_and_matrix_agree(s: Statistics, rule: Check) -> Iterator[Finding]:
    """Check that the ledger and the matrix say the same where both were handed in."""
    matrix = s.inputs.requests_table
    if s.inputs.requests is None or matrix is None:
        return
    counted, parts = s.tables["requests"].cells, s.parts("requests")
    given = {
        key: matrix.get(key)
        for key in counted
        # Totals may be left out of the matrix; every other cell has to be there.
        if key in parts or ((cell := matrix.get(key)) and cell.is_number)
    }
    unequal = {
        key: cell
        for key, cell in given.items()
        if cell is None or (cell.number != counted[key].number and cell.state is not State.UNREAD)
    }
    if unequal:
        words = [
            f"{s.name('requests', *key)}台账为{plain(_number(counted[key].number))}、"
            f"表中{'填的是“' + cell.raw + '”' if cell and cell.raw else '未填'}"
            for key, cell in unequal.items()
        ]
        message = (
            f"申请台账与申请情况表有{len(unequal)}格不一致：{short_listing(words)}。"
            "表三以台账计数，请核对后改正其中一份。"
        )
        yield rule.finding(message, formula="台账计数＝申请情况表", cells=_names(s, unequal))


@check(
    "C1",
    severity="error",
    title="行政复议总计",
    source="国办公开办函〔2021〕30号，表四",
    explanation="行政复议的总计等于结果维持、结果纠正、其他结果、尚未审结之和。表中印出计算值；"
    "填报的总计不同时请核对四项结果。",
)
@check(
    "C2",
    severity="error",
    title="未经复议直接起诉总计",
    source="国办公开办函〔2021〕30号，表四",
    explanation="未经复议直接起诉的总计等于结果维持、结果纠正、其他结果、尚未审结之和。"
    "表中印出计算值；填报的总计不同时请核对四项结果。",
)
@check(
    "C3",
    severity="error",
    title="复议后起诉总计",
    source="国办公开办函〔2021〕30号，表四",
    explanation="复议后起诉的总计等于结果维持、结果纠正、其他结果、尚未审结之和。表中印出计算值；"
    "填报的总计不同时请核对四项结果。",
)
def disputes_add_up(s: Statistics, rule: Check) -> Iterator[Finding]:
    """Check that the four results of a kind of dispute add up to its typed 总计."""
    group = DISPUTE_RULES[rule.id]
    *results, last = s.format.review_columns
    given = s.given_totals("reviews").get((group, last))
    if given is None or given.number is None:
        return
    formula = f"{'＋'.join(results)}＝{last}"
    names = [s.name("reviews", group, column) for column in (last, *results)]
    parts = [s.cell("reviews", group, result) for result in results]
    computed = total(parts)
    if computed is None:
        why = s.why_unknown("reviews")[0]
        message = f"表四“{group}”各项结果{why}，填报的总计{plain(given.number)}无法核对。"
        yield rule.finding(
            message, formula=formula, right=given.number, cells=names, severity="info"
        )
    elif computed != given.number:
        sum_ = "＋".join(plain(cell.number) for cell in parts if cell.number is not None)
        message = (
            f"表四“{group}”各项结果之和为{sum_}＝{plain(computed)}，填报的总计是"
            f"{plain(given.number)}，相差{plain(abs(computed - given.number))}。"
            "表中印出的是计算值，请核对各项结果和总计。"
        )
        yield rule.finding(message, formula=formula, left=computed, right=given.number, cells=names)


@check(
    "C4",
    severity="info",
    title="复议后起诉与已结复议",
    source="本模板的约定",
    explanation="复议后起诉的案件应先经过复议，件数一般不多于本年和上年审结的行政复议。"
    "统计期间有交叉，仅作提示。请核对是否把直接起诉计入了复议后起诉。",
)
def suits_follow_reviews(s: Statistics, rule: Check) -> Iterator[Finding]:
    """Check that suits after a review are no more than the reviews decided this year or last."""
    *results, last = s.format.review_columns
    decided = [result for result in results if result != s.format.review_names["pending"]]
    suits = s.cell("reviews", "复议后起诉", last).number
    now = total(s.cell("reviews", "行政复议", result) for result in decided)
    before = total(s.last("reviews", "行政复议", result) for result in decided)
    # Without last year the bound is not known, so nothing can be said beyond this year's own.
    if suits is None or now is None or before is None or suits <= now + before:
        return
    message = (
        f"复议后起诉{plain(suits)}件，多于本年和上年审结的行政复议{plain(now + before)}件。"
        "两者统计期间有交叉，请核对是否有直接起诉计入了复议后起诉。"
    )
    yield rule.finding(
        message,
        formula="复议后起诉总计≤本年审结复议＋上年审结复议",
        left=suits,
        right=now + before,
        cells=(s.name("reviews", "复议后起诉", last),),
    )

"""C1–C4: table 4, reviews and lawsuits."""

from __future__ import annotations

from collections.abc import Iterator

from nianbao.statistics.arithmetic import plain, total
from nianbao.statistics.checks.context import Statistics
from nianbao.statistics.checks.registry import Check, check
from nianbao.statistics.model import Finding


def _group_total(s: Statistics, rule: Check, group: str) -> Iterator[Finding]:
    *results, last = s.format.review_columns
    given = s.given_totals("reviews").get((group, last))
    if given is None or given.number is None:
        return
    formula = f"{'＋'.join(results)}＝{last}"
    names = [s.name("reviews", group, column) for column in (last, *results)]
    parts = [s.cell("reviews", group, result) for result in results]
    computed = total(parts)
    if computed is None:
        message = f"表四“{group}”各项结果没有填全，填报的总计{plain(given.number)}无法核对。"
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
    "C1",
    severity="error",
    title="行政复议总计",
    source="国办公开办函〔2021〕30号，表四",
    explanation="行政复议的总计等于结果维持、结果纠正、其他结果、尚未审结之和。表中印出计算值；"
    "填报的总计不同时请核对四项结果。",
)
def reviews_add_up(s: Statistics, rule: Check) -> Iterator[Finding]:
    """The four results of 行政复议 add up to its 总计."""
    yield from _group_total(s, rule, "行政复议")


@check(
    "C2",
    severity="error",
    title="未经复议直接起诉总计",
    source="国办公开办函〔2021〕30号，表四",
    explanation="未经复议直接起诉的总计等于结果维持、结果纠正、其他结果、尚未审结之和。"
    "表中印出计算值；填报的总计不同时请核对四项结果。",
)
def direct_suits_add_up(s: Statistics, rule: Check) -> Iterator[Finding]:
    """The four results of 未经复议直接起诉 add up to its 总计."""
    yield from _group_total(s, rule, "未经复议直接起诉")


@check(
    "C3",
    severity="error",
    title="复议后起诉总计",
    source="国办公开办函〔2021〕30号，表四",
    explanation="复议后起诉的总计等于结果维持、结果纠正、其他结果、尚未审结之和。表中印出计算值；"
    "填报的总计不同时请核对四项结果。",
)
def later_suits_add_up(s: Statistics, rule: Check) -> Iterator[Finding]:
    """The four results of 复议后起诉 add up to its 总计."""
    yield from _group_total(s, rule, "复议后起诉")


@check(
    "C4",
    severity="info",
    title="复议后起诉与已结复议",
    source="本模板的约定",
    explanation="复议后起诉的案件应先经过复议，件数一般不多于本年和上年审结的行政复议。"
    "统计期间有交叉，仅作提示。请核对是否把直接起诉计入了复议后起诉。",
)
def suits_follow_reviews(s: Statistics, rule: Check) -> Iterator[Finding]:
    """A suit after a review needs a review that was decided, this year or last."""
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

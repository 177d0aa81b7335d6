"""S1–S3, S10, S11, S14, S15: the skeleton of the report, its date, and where its texts stand."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from nianbao.files.words import day_words, short_listing
from nianbao.inputs.bundle import EditedNumber
from nianbao.inputs.project import PROFILE
from nianbao.statistics.checks.registry import Check, check, checks_on
from nianbao.statistics.checks.running import Statistics
from nianbao.statistics.model import Finding
from nianbao.statutory import TABLE_NUMBERS, Format

_FIRST_LEVEL = re.compile(r"[一二三四五六七八九十]+、")
_NUMBER = re.compile(r"^（[一二三四五六七八九十]+）")


@check(
    "S2",
    severity="error",
    title="三张表的行、列和格数",
    source="国办公开办函〔2021〕30号",
    explanation="表二、表三、表四的行、列须与统一格式相同，分别为10格、175格、15格。"
    "沿用旧格式的表会多出或缺少格子。请按统一格式的数据文件重新填报。",
)
def tables_are_whole(s: Statistics, rule: Check) -> Iterator[Finding]:
    """Check that tables 2, 3 and 4 have their 10, 175 and 15 cells.

    They stand under the labels of the format.
    """
    f = s.format
    expected = {
        "decisions": set(f.decision_cells),
        "requests": {(r.key, c) for r in f.request_rows for c in f.request_columns},
        "reviews": {(g.key, c) for g in f.review_groups for c in f.review_columns},
    }
    for key, number in TABLE_NUMBERS.items():
        table = s.tables.get(key)
        found = set(table.cells) if table else set()
        if found != expected[key]:
            off = len(found ^ expected[key])
            what = f"有{off}格与统一格式不符" if table else "缺失"
            yield rule.finding(
                f"{number}{what}，应有{len(expected[key])}格。"
                "请用 nianbao workbook 生成的填报表重新填报。",
                cells=(number,),
            )


@check(
    "S10",
    severity="info",
    title="落款和成文日期",
    source="GB/T 9704—2012",
    explanation="落款由机关名称和成文日期组成，印在文末；要不要落款由参数 signature（落款）决定，"
    "成文日期由report_date（成文日期）决定。只写一样的在这里提示。"
    "统一格式没有规定必须落款，仅作提示。",
)
def signature_is_whole(s: Statistics, rule: Check) -> Iterator[Finding]:
    """Report a date without a signature, or a signature without its date. Source: GB/T 9704."""
    params = s.inputs.params
    if PROFILE in s.inputs.waiting:
        return
    file = f"params/{params.agency}/{params.year}.yaml"
    where = f"{file}（或填报表的“基本信息”表）"
    if params.report_date and not params.signature:
        yield rule.finding(
            f"填了成文日期，没有要落款，成文日期不会印出。要印的，请在{where}中加上"
            " signature: true（落款：是）；不落款的，可以不管。"
        )
    elif params.signature and not params.report_date:
        yield rule.finding(
            f"有落款，没有成文日期，落款只印机关名称。请定稿后在{where}中填写"
            f" report_date（成文日期），如 {params.year + 1}-01-20。"
        )


LEGAL_LIMITS = {"government": (3, 31)}
OTHERS_LIMIT = (1, 31)


@check(
    "S15",
    severity="warning",
    title="成文日期与公布期限",
    source="《政府信息公开条例》第四十九条",
    explanation="年度报告在统计期限届满以后形成，政府部门每年1月31日前、县级以上人民政府每年3月31日前"
    "公布上一年度的报告。成文日期早于年底或晚于期限的，请核对；当地规定更早的，"
    "写在 agency.yaml 的 deadline（公布期限）。",
)
def date_is_within_the_limit(s: Statistics, rule: Check) -> Iterator[Finding]:
    """Check that the report is dated after the year it is about and within its limit."""
    params, agency = s.inputs.params, s.inputs.agency
    if not params.report_date:
        return
    day = date.fromisoformat(str(params.report_date))
    month, last = LEGAL_LIMITS.get(agency.kind, OTHERS_LIMIT)
    legal = date(params.year + 1, month, last)
    own = date.fromisoformat(f"{params.year + 1}-{agency.deadline}") if agency.deadline else legal
    written = f"成文日期（report_date）写作{day_words(day)}"
    if day <= date(params.year, 12, 31):
        yield rule.finding(
            f"{written}，{params.year}年的统计期限还没有结束；请核对年份和日期。",
            formula="成文日期≥统计期限截止日",
        )
    elif day > min(own, legal):
        why = "条例第四十九条的期限" if own >= legal else "agency.yaml 的公布期限（deadline）"
        yield rule.finding(
            f"{written}，晚于{why}{day_words(min(own, legal))}；请核对日期，确已逾期的写明情况。",
            formula="成文日期≤公布期限",
        )


@check(
    "S11",
    severity="info",
    title="同一章节的文字写在两处",
    source="本模板的约定",
    explanation="同一章节在 narrative.md 和填报表的“正文”表里都有，而且文字不同。"
    "报告用 narrative.md 的文字。上次生成以后才改得不同的，不用动手：下次 nianbao pull 或生成时"
    "先按句合并，两处写成一样。上次生成时就不同的，或没有生成过的，要定下用哪一处："
    "用 narrative.md 的，清空“正文”表里的这一格；用“正文”表的，删去 narrative.md 里的这一节。",
)
def wording_is_in_one_place(s: Statistics, rule: Check) -> Iterator[Finding]:
    """Report sections on the sheet 正文 that are not printed, since narrative.md has them too."""
    names = s.format.texts()
    reported = [
        f"“{names.get(key, key)}”（{s.inputs.narrative[key].place}，{sheet.place}）"
        for key, sheet in s.inputs.overruled.items()
    ]
    if reported:
        keys = "、".join(f"“## {key}”" for key in s.inputs.overruled)
        message = (
            f"有{len(reported)}节的文字在两处都有而且不同，报告用的是前一处：{'、'.join(reported)}。"
            "要用前一处的，清空“正文”表里的这一格；要用“正文”表的，"
            f"删去 narrative.md 里的这一节（{keys}一行到下一个“## ”之前）。"
            "上次生成以后才改得不同的，也可以不动手：下次 nianbao pull 或生成时按句合并，"
            "两处写成一样（工作簿要关闭，并且是 .xlsx）。"
        )
        yield rule.finding(message, cells=tuple(s.inputs.overruled))


@dataclass(frozen=True, slots=True)
class Headings:
    """The headings of a report in order, with their numbers; the title is not one of them."""

    texts: tuple[str, ...]
    format: Format


def check_headings(headings: Sequence[str], format_: Format) -> tuple[Finding, ...]:
    """Run the rules on the headings of a report (S1, S3).

    Examples
    --------
    >>> from nianbao.statutory import load_format
    >>> format_ = load_format()
    >>> check_headings([s.heading for s in format_.headings()], format_)
    ()
    """
    subject = Headings(tuple(heading.strip() for heading in headings), format_)
    return tuple(found for rule in checks_on(Headings) for found in rule.run(subject, rule))


@check(
    "S1",
    severity="error",
    title="六个部分的标题和顺序",
    source="国办公开办函〔2021〕30号",
    explanation="报告须有统一格式规定的六个部分，标题文字一字不差，按一至六排列，各出现一次。"
    "自拟的同级标题会使后面的编号全部错位。请删去或改为“（一）”一级的标题。",
)
def sections_are_whole(h: Headings, rule: Check) -> Iterator[Finding]:
    """Check that the six headings stand there, each once, in order, and no other of their level."""
    exact = [section.heading for section in h.format.sections]
    level = [text for text in h.texts if _FIRST_LEVEL.match(text)]
    found = [text for text in level if text in exact]
    formula = "一至六各部分标题各出现一次、顺序不变"
    if missing := [heading for heading in exact if heading not in found]:
        message = f"缺少标题：{_quoted(missing)}。请补上，文字须与统一格式一致。"
        yield rule.finding(message, formula=formula, cells=missing)
    if repeated := [heading for heading in exact if found.count(heading) > 1]:
        message = f"标题重复出现：{_quoted(repeated)}。每个标题只能出现一次。"
        yield rule.finding(message, formula=formula, cells=repeated)
    if other := [text for text in level if text not in exact]:
        message = (
            f"有不属于统一格式的同级标题：{_quoted(other)}。"
            "“一、”至“六、”只用于六个部分，下一级请用“（一）”。"
        )
        yield rule.finding(message, formula=formula, cells=other)
    once = list(dict.fromkeys(found))
    if once != [heading for heading in exact if heading in once]:
        message = f"六个部分的顺序不对，现为：{'、'.join(once)}。请按统一格式的顺序排列。"
        yield rule.finding(message, formula=formula, cells=once)


def _quoted(texts: Iterable[str]) -> str:
    return short_listing([f"“{text}”" for text in texts])


@check(
    "S3",
    severity="error",
    title="总体情况的五个方面",
    source="国办公开办函〔2021〕30号",
    explanation="总体情况应写明主动公开、依申请公开、政府信息管理、政府信息公开平台建设、监督保障五个方面。"
    "缺一个方面即为内容不全。请补上相应小标题和内容。",
)
def aspects_are_reported(h: Headings, rule: Check) -> Iterator[Finding]:
    """Check that part 一 has the five aspects, whatever else their headings say."""
    section = h.format.sections[0]
    first = _part(h.texts, section.heading)
    missing = [
        aspect.heading
        for aspect in section.aspects
        if not any(_topic(aspect.heading) in text for text in first)
    ]
    if missing:
        message = (
            f"“{section.heading}”缺少：{_quoted(missing)}。五个方面都要写；没有内容的也请如实说明。"
        )
        yield rule.finding(message, cells=missing)


def _part(texts: Sequence[str], heading: str) -> Sequence[str]:
    """Return the headings between this one and the next of the first level."""
    if heading not in texts:
        return ()
    rest = texts[texts.index(heading) + 1 :]
    ends = [i for i, text in enumerate(rest) if _FIRST_LEVEL.match(text)]
    return rest[: ends[0]] if ends else rest


def _topic(heading: str) -> str:
    """Return the words an aspect's heading must hold: （四）政府信息公开平台建设 -> 平台建设."""
    return _NUMBER.sub("", heading).removeprefix("政府信息公开")


@check(
    "S14",
    severity="warning",
    title="改稿中改过的数",
    source="本模板的约定",
    explanation="在 Word、笔记本里，或在正文写在两处的一处，把直接写的数改成了别的数，"
    "数据里没有这个新数，并入后每次都会提醒，直到有人确认。请对照台账核对：应改数据的，改台账后把正文中的数写成"
    "“{{ 名称 }}”；改错了的，把正文改回去；确属无误的，写明理由。",
)
def edited_numbers_are_confirmed(s: Statistics, rule: Check) -> Iterator[Finding]:
    """Report numbers in the text that were changed by hand and that nobody has confirmed."""
    headings = {section.key: section.heading for section in s.format.headings()}
    for number in s.inputs.edited_numbers:
        if number.refused or not _still_stands(s, number):
            continue
        name = headings.get(number.section, number.section)
        change = f"由“{number.before}”改成" if number.before else "加了"
        known = f"，而数据中{number.known}" if number.known else "，数据中没有这个数"
        message = (
            f"“{name}”中“…{number.near}…”一处，{number.file} {change}“{number.after}”{known}，"
            "还没有确认。请核对；确属无误的，写明理由。"
        )
        found = rule.finding(message, cells=(number.section,), places=[number.place])
        yield replace(found, left=number.before, right=number.after)


def _still_stands(s: Statistics, number: EditedNumber) -> bool:
    text = s.inputs.narrative.get(number.section)
    return text is not None and number.near in text.text.replace("\\", "")

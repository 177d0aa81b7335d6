"""Days that no calendar has, and the period that a report's numbers cover (L17).

Apart because it reads a calendar where the other rules on references read words.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator

from nianbao.prose.review.manuscript import Manuscript
from nianbao.prose.review.text import Sentence
from nianbao.statistics.checks.registry import Check, check
from nianbao.statistics.model import Finding

_DATE = re.compile(
    r"(?P<to>(?<=月[至到])|(?<=月[—–-]))?(?<![\d.])(?:(?P<year>(?:19|20)\d\d)\s*年\s*)?(?P<month>\d{1,2})\s*月(?:份|\s*(?P<day>\d{1,2})\s*[日号]|(?P<on>(?=[至到—–-]\d{1,2}月)))?"
)
_LEAP = 2024
_PERIOD = re.compile(
    r"(?:20\d\d\s*年\s*)?(?P<m1>\d{1,2})\s*月\s*(?P<d1>\d{1,2})\s*日\s*起?\s*[，]?(?:至|到|[-—–－~～])+\s*"
    r"(?:20\d\d\s*年\s*)?(?P<m2>\d{1,2})\s*月\s*(?P<d2>\d{1,2})\s*日"
)
_SCHOOL_YEAR = (9, 1, 8, 31)
_NUMBERS_OF = re.compile("统计|数据|期限|时限")


def _impossible(match: re.Match[str]) -> bool:
    month, day = int(match["month"]), int(match["day"] or 1)
    if not 1 <= month <= 12:
        in_range = match["to"] is not None or match["on"] is not None  # 7月至13月
        return bool(match["year"] or match["day"] or in_range or match[0].endswith("份"))
    days = calendar.monthrange(int(match["year"] or _LEAP), month)[1]
    return not 1 <= day <= days


def _period(sentence: Sentence, rule: Check) -> Iterator[Finding]:
    """Yield a period of statistics that is not the whole year, where the preface gives one."""
    match = _PERIOD.search(sentence.text)
    if match is None or not _NUMBERS_OF.search(sentence.text):
        return
    given = tuple(int(match[key]) for key in ("m1", "d1", "m2", "d2"))
    if given not in {(1, 1, 12, 31), _SCHOOL_YEAR}:
        message = f"统计期限写作“{match[0]}”，应为1月1日至12月31日；请核对"
        yield sentence.finding(rule, rule.severity, message, [match.span()], match[0])


@check(
    "L17",
    severity="warning",
    title="日期和统计期限",
    source="政府信息公开工作年度报告格式（统计期限）",
    explanation="“2月30日”“15月”这样的日期不存在；前言写明的统计期限应为1月1日至12月31日。请核对后改正。",
)
def days_exist(manuscript: Manuscript, rule: Check) -> Iterator[Finding]:
    """Find dates that no calendar has, and in the preface a period that is not the year."""
    for sentence in manuscript.prose.sentences:
        if "月" not in sentence.text:
            continue
        for match in _DATE.finditer(sentence.text):
            if _impossible(match):
                message = f"“{match[0]}”这个日期不存在；请核对"
                yield sentence.finding(rule, rule.severity, message, [match.span()], match[0])
        if sentence.section == "preface":
            yield from _period(sentence, rule)
